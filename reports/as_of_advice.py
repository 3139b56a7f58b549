"""What to do as of a day: what has become of targets whose days are passed, and how the others stand now.

Nothing of it is from the ends of what is hoped for: these are of the plan as it was made, and know nothing
of what has happened.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.plan_scorecard import listed_targets
from reports.plan_words import counted, day_text
from reports.targets import Verdict
from sim.roadmap.plan import PlanResult
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Standing, Status

NOTE: Final = (
    "As of a day the recommendation is by the scorecard alone, which knows what has happened: low, expected "
    "and high are told of a plan as it is made."
)
_SO: Final[dict[Status, str]] = {
    GREEN: "Likely to be met",
    AMBER: "At risk",
    RED: "Unlikely to be met; ask less, or add levers",
    NOT_YET: "Not measurable yet",
}


class Advised(NamedTuple):
    """What to do, how that is coloured, and why."""

    headline: str
    verdict: Verdict | None
    reasons: tuple[str, ...]


def is_over(found: PlanResult, stands: Standing, last: int) -> bool:
    """Whether a target is met or missed for good: its days are passed, and nothing can move it any more."""
    passed = found.as_of is not None and last <= found.as_of.days
    return passed and stands.low == stands.high


def as_of_advice(found: PlanResult) -> Advised:
    """By how the targets stand that are not over."""
    over = [n for n, each in enumerate(found.targets) if is_over(found, each.standing, each.window.last)]
    ahead = [n for n in range(len(found.targets)) if n not in over]
    by_status = {status: [n for n in ahead if found.targets[n].standing.status == status] for status in _SO}
    judged = len(ahead) - len(by_status[NOT_YET])
    headline, verdict = _headline(found, over, len(by_status[GREEN]), judged)
    reasons = [*_passed(found, over)]
    reasons += [f"{_SO[status]}: {listed_targets(found, of)}." for status, of in by_status.items() if of]
    return Advised(headline, verdict, tuple(reasons))


def _headline(found: PlanResult, over: list[int], green: int, judged: int) -> tuple[str, Verdict | None]:
    if not judged:
        if len(over) < len(found.targets) or not over:
            return "Measure longer: no target that is still open can be judged yet.", None
        met = sum(found.targets[n].standing.probability == 1.0 for n in over)
        how = Verdict.MET if met == len(over) else Verdict.MISSED
        return f"All targets are over: {met} of {len(over)} met.", how
    open_ = f"{counted(judged, 'target')} still open"
    if green == judged:
        which = f"the {open_} is" if judged == 1 else f"all {open_} are"
        return f"Go on as planned: {which} likely to be met.", Verdict.MET
    if green:
        return f"Go on, and promise {green} of {open_}.", Verdict.OPEN
    none = "it is not likely enough" if judged == 1 else "none is likely enough"
    return f"Do not promise the {open_}: {none}.", Verdict.MISSED


def _passed(found: PlanResult, over: list[int]) -> Iterator[str]:
    """What is met and missed for good."""
    assert found.as_of is not None
    before = day_text(found.as_of.date)
    for word, value in (("met", 1.0), ("missed", 0.0)):
        of = [n for n in over if found.targets[n].standing.probability == value]
        if of:
            yield f"Passed before {before} and {word}: {listed_targets(found, of)}."
