"""One recommendation among low, expected and high, and its reason."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reports.day_targets import asked_words
from reports.plan_brief import Brief
from reports.plan_words import counted, listed
from reports.targets import Verdict
from reports.wording import share_text
from sim.roadmap.hopes import Advice, Hoped, advice
from sim.roadmap.standing import GREEN, NOT_YET
from sim.roadmap.versions import End

_BRING: Final[dict[End, str]] = {
    "low": "even if every change brings the least that is hoped for",
    "expected": "if changes bring what is expected of them",
    "high": "only if every change brings the most that is hoped for",
}
MEANS: Final = (
    "Low, expected, high = every change as large as at that end of its range; whether it works at all is left "
    "to chance. The recommendation is the most careful at which as many targets are green as at any."
)


class Case(NamedTuple):
    """One of the three, and how many targets are likely to be met there."""

    end: str
    words: str
    chosen: bool


class Recommendation(NamedTuple):
    """What we recommend, why, and the three that it was chosen among; none where they were not tried."""

    headline: str
    reasons: tuple[str, ...]
    cases: tuple[Case, ...]
    verdict: Verdict | None
    note: str


def recommendation(brief: Brief) -> Recommendation:
    """What to do, by how the plan stands at the ends of its hopes."""
    targets = brief.found.targets
    measured = [n for n, each in enumerate(targets) if each.standing.status != NOT_YET]
    if not measured:
        return Recommendation("Measure longer: no target can be judged yet.", (), (), None, "")
    if not brief.hopes:
        return Recommendation(*_untried(brief, measured), (), None, "")
    found = advice(brief.hopes)
    cases = tuple(_case(each, found.hoped is each, len(measured)) for each in brief.hopes)
    headline, verdict = _headline(found, len(measured))
    reasons = tuple(filter(None, (_missed_lower(brief, found), _out_of_reach(brief, found), _anyway(brief))))
    return Recommendation(headline, reasons, cases, verdict, _note(brief))


def _untried(brief: Brief, measured: Sequence[int]) -> tuple[str, tuple[str, ...]]:
    """Without the three: what the plan's own probabilities say."""
    green = [n for n in measured if brief.found.targets[n].standing.status == GREEN]
    if len(green) == len(measured):
        return "Go ahead: every target that can be measured is likely to be met.", ()
    rest = [n for n in measured if n not in green]
    return (
        f"Go ahead for {len(green)} of {len(measured)} targets."
        if green
        else "Do not promise these targets.",
        (f"Not likely to be met: {_said(brief, rest)}.",),
    )


def _headline(found: Advice, measured: int) -> tuple[str, Verdict]:
    if found.hoped is None:
        return (
            "Do not promise these targets: none is likely to be met, even if every change brings the most.",
            Verdict.MISSED,
        )
    end, reached = found.hoped.end, len(found.hoped.reached)
    every = reached == measured
    which = _all_of(measured) if every else f"{reached} of {measured} targets"
    are = "are" if reached != 1 or not every else "is"
    likely = f"{which} {are} likely to be met {_BRING[end]}."
    if end == "high":
        return f"Do not promise yet: {likely}", Verdict.MISSED
    go = (
        "Go ahead"
        if every
        else f"Go ahead, and promise {reached} targets, not {measured}"
        if reached != 1
        else (f"Go ahead, and promise one target, not {measured}")
    )
    return f"{go}. Plan with the {end} case: {likely}", Verdict.MET if every else Verdict.OPEN


def _all_of(measured: int) -> str:
    return {1: "the target", 2: "both targets"}.get(measured, f"all {measured} targets")


def _missed_lower(brief: Brief, found: Advice) -> str:
    """What is lost where changes bring less than is planned with."""
    if found.hoped is None:
        return ""
    lower = brief.hopes[: brief.hopes.index(found.hoped)]
    lost = sorted(set(found.hoped.reached) - set(lower[-1].reached)) if lower else []
    return f"In the {lower[-1].end} case it would miss {_said(brief, lost)}." if lost else ""


def _out_of_reach(brief: Brief, found: Advice) -> str:
    if not found.out_of_reach:
        return ""
    more = "" if found.hoped is None else "; ask less, or add levers"
    return f"Out of reach even in the high case: {_said(brief, found.out_of_reach)}{more}."


def _anyway(brief: Brief) -> str:
    """Targets that need no plan."""
    both = [
        n
        for n, each in enumerate(brief.found.targets)
        if each.standing.status == GREEN and each.without.status == GREEN
    ]
    return f"Met without the plan too: {_said(brief, both)}." if both else ""


def _said(brief: Brief, places: Sequence[int]) -> str:
    """Targets, those of one measure and value together: phone service level ≥ 80 % by day 30 and 60."""
    by_words: dict[str, list[str]] = {}
    for n in places:
        each = brief.found.targets[n]
        by_words.setdefault(asked_words(each, brief.found.scenario), []).append(f"{each.goal.day:,}")
    return "; ".join(f"{words} by day {listed(days)}" for words, days in by_words.items())


def _case(each: Hoped, chosen: bool, measured: int) -> Case:
    return Case(each.end, f"{len(each.reached)} of {measured} likely", chosen)


def _note(brief: Brief) -> str:
    """How the three came about."""
    assert brief.found.scenario.roadmap is not None
    green = share_text(brief.found.scenario.roadmap.status.green)
    n = brief.hopes[0].replications
    alike = len({each.standings for each in brief.hopes}) == 1
    same = " No change has a range, or none matters: the three are alike." if alike else ""
    return f"{MEANS} Likely = in at least {green} of {counted(n, 'replication')} of each, on the plan's chances.{same}"
