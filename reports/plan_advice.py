"""One recommendation among low, expected and high, and its reason."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from reports.as_of_advice import NOTE, as_of_advice
from reports.day_targets import effect_words
from reports.plan_brief import Brief
from reports.plan_card import SHARP
from reports.plan_scorecard import label_of, listed_targets
from reports.plan_words import counted
from reports.targets import Verdict
from reports.wording import share_text
from scenarios.targets import AT_LEAST
from sim.roadmap.hopes import Advice, Hoped, advice
from sim.roadmap.plan import DayTarget
from sim.roadmap.standing import AMBER, GREEN, NOT_YET
from sim.roadmap.versions import End

_BRING: Final[dict[End, str]] = {
    "low": "even if every change brings the least that is hoped for",
    "expected": "if changes bring what is expected of them",
    "high": "only if every change brings the most that is hoped for",
}
_GO: Final = "Go ahead"
CASES: Final = "Targets likely to be met if changes bring the least, what is expected, the most:"
MEANS: Final = (
    "Low, expected, high = every change as large as at that end of its range; whether it works at all is "
    "left to chance. Recommended is the most careful at which all targets are green; where there is none, "
    "the more careful of low and expected at which most are. Too close to promise = green in that case or on "
    "the scorecard, where sizes are drawn from all of their ranges, and not in both."
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
    """What to do, by how the plan stands at the ends of its hopes; without these, by how it stands."""
    if brief.found.as_of is not None:
        now = as_of_advice(brief.found)
        return Recommendation(now.headline, now.reasons, (), now.verdict, NOTE)
    targets = brief.found.targets
    measured = sum(each.standing.status != NOT_YET for each in targets)
    if not measured:
        return Recommendation("Measure longer: no target can be judged yet.", (), (), None, "")
    found = advice(brief.hopes) if brief.hopes else _as_it_stands(brief)
    headline, verdict = _headline(brief, found, measured)
    goes = headline.startswith(_GO)  # a case is recommended only where it is said to go ahead
    cases = tuple(_case(each, goes and found.hoped is each, measured) for each in brief.hopes)
    note = _note(brief) if brief.hopes else ""
    return Recommendation(headline, tuple(_reasons(brief, found)), cases, verdict, note)


def _as_it_stands(brief: Brief) -> Advice:
    """The plan as it is, its sizes drawn, in place of the three."""
    standings = tuple(each.standing for each in brief.found.targets)
    return advice((Hoped("expected", brief.found.replications, standings),))


def _headline(brief: Brief, found: Advice, measured: int) -> tuple[str, Verdict]:
    promised = _promised(brief, found)
    if found.hoped is None or not promised:
        most = ", even if every change brings the most that is hoped for" if brief.hopes else ""
        how = f"none is likely to be met{most}" if found.hoped is None else "none is likely enough"
        return f"Do not promise these targets: {how}.", Verdict.MISSED
    end, every = found.hoped.end, len(promised) == measured
    if not promised - _green_without(brief):
        return _without_gain(every, measured)
    if end == "high":
        which = _of_all(measured) if every else f"{len(promised)} of {measured} targets"
        verb = "is" if len(promised) == 1 else "are"
        return f"Do not promise yet: {which} {verb} likely to be met {_BRING[end]}.", Verdict.MISSED
    if every:
        verb = "is" if measured == 1 else "are"
        likely = f"{_of_all(measured)} {verb} likely to be met {_BRING[end]}"
        return f"{_GO}, and plan with the {end} case: {likely}.", Verdict.MET
    return (
        f"{_GO}, plan with the {end} case, and promise {len(promised)} of {measured} targets.",
        Verdict.OPEN,
    )


def _promised(brief: Brief, found: Advice) -> set[int]:
    """What can be promised: the targets that are green at the chosen end and on the scorecard too."""
    return set(found.hoped.reached) & _green(brief) if found.hoped else set()


def _green(brief: Brief) -> set[int]:
    """The targets that are green on the scorecard, where sizes are drawn from all of their ranges."""
    return {n for n, each in enumerate(brief.found.targets) if each.standing.status == GREEN}


def _unsure(brief: Brief) -> set[int]:
    """The targets whose probability may be on either side of green, where more replications would tell."""
    assert brief.found.scenario.roadmap is not None
    green = brief.found.scenario.roadmap.status.green
    if brief.found.replications >= SHARP:
        return set()
    return {n for n, of in enumerate(brief.found.targets) if of.standing.low < green <= of.standing.high}


def _green_without(brief: Brief) -> set[int]:
    """The targets that are green without the plan."""
    return {n for n, each in enumerate(brief.found.targets) if each.without.status == GREEN}


def _without_gain(every: bool, measured: int) -> tuple[str, Verdict]:
    """Where all that can be promised would be met without the plan."""
    if every:
        return f"These targets need no plan: {_of_all(measured)} would be met without it.", Verdict.MET
    return "Not yet: the plan reaches no target that would be missed without it.", Verdict.OPEN


def _of_all(measured: int) -> str:
    return {1: "the target", 2: "both targets"}.get(measured, f"all {measured} targets")


def _reasons(brief: Brief, found: Advice) -> Iterator[str]:
    if found.hoped is not None and found.hoped in brief.hopes:
        lower = brief.hopes[: brief.hopes.index(found.hoped)]
        lost = _promised(brief, found) - set(lower[-1].reached) if lower else set()
        if lost:
            yield f"In the {lower[-1].end} case it would miss {listed_targets(brief.found, lost)}."
        close = (_green(brief) ^ set(found.hoped.reached)) - set(found.out_of_reach)
        if close:
            yield f"Too close to promise: {listed_targets(brief.found, close)}."
        later = set(found.only_later) - close
        if later:
            yield f"Only if changes bring more: {listed_targets(brief.found, later)}."
    yield from _not_reached(brief, found)
    moved = _said_moved(brief, sorted({*found.only_later, *found.out_of_reach}))
    if moved:
        yield f"What it brings towards them: {moved}."
    unsure = _unsure(brief)
    if unsure:
        n = counted(brief.found.replications, "replication")
        yield f"{n} are too few to say whether green or not: {listed_targets(brief.found, unsure)}."
    both = _green_without(brief) & _green(brief)
    if both:
        yield f"Met without the plan too: {listed_targets(brief.found, both)}."


def _not_reached(brief: Brief, found: Advice) -> Iterator[str]:
    """What is green nowhere: where the most that is hoped for makes it amber, it is not out of reach."""
    if not brief.hopes:
        if found.out_of_reach:
            yield f"Not likely to be met: {listed_targets(brief.found, found.out_of_reach)}."
        return
    high = brief.hopes[-1].standings
    amber = [n for n in found.out_of_reach if high[n].status == AMBER]
    red = [n for n in found.out_of_reach if n not in amber]
    told = [f"At risk even in the high case: {listed_targets(brief.found, amber)}."] if amber else []
    where = "Out of reach even there" if amber else "Out of reach even in the high case"
    told += [f"{where}: {listed_targets(brief.found, red)}; ask less, or add levers."] if red else []
    if told:
        yield " ".join(told)


def _said_moved(brief: Brief, places: Sequence[int]) -> str:
    """By how much the plan moves measures towards what is asked by the last day; beyond chance only."""
    last = {label_of(brief.found.targets[n], brief.found.scenario): brief.found.targets[n] for n in places}
    return ", ".join(
        f"{label} {effect_words(each.goal.measure, each.unit, each.effect).value} by day {each.goal.day:,}"
        for label, each in last.items()
        if _moves_well(each)
    )


def _moves_well(each: DayTarget) -> bool:
    up = each.goal.comparison == AT_LEAST
    return each.effect.low > 0 if up else each.effect.high < 0


def _case(each: Hoped, chosen: bool, measured: int) -> Case:
    return Case(each.end, f"{len(each.reached)} of {measured}", chosen)


def _note(brief: Brief) -> str:
    """How the three came about."""
    assert brief.found.scenario.roadmap is not None
    green = share_text(brief.found.scenario.roadmap.status.green)
    n = brief.hopes[0].replications
    alike = len({each.standings for each in brief.hopes}) == 1
    same = " Here the three are alike: no change has a range, or none matters." if alike else ""
    return f"{MEANS} Likely = in at least {green} of {counted(n, 'simulated course')} of each.{same}"
