"""Targets against what was found: the verdict on each, and all of them in one sentence."""

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.figures import Figure, Figures
from reports.promises import within_text
from reports.quantile_wording import say_measure
from reports.wording import SYMBOLS, duration_text, money_text, plain, say, share_text, signed_text
from scenarios.case_definitions import POINTS
from scenarios.limits import Limit
from scenarios.model import Scenario, Target
from scenarios.targets import AT_LEAST, SUBJECTS, Goal, goals_of, own_goals

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Result

_LEFT_OUT: Final = {
    "overflowed": "passed on",
    "blocked": "refused",
    "closed": "came while closed",
    "unreached": "called in vain",
}
_HINT: Final = "; more replications would tell"
_EXPECTED: Final = " By formulas: judged by what is to be expected, not by how probable it is."
_ONE_RUN: Final = " From one replication: another seed may differ."
_PROMISES: Final = {"first_response_attainment": "first_response", "resolution_attainment": "resolution"}
_SIGNS: Final = {AT_LEAST: "≥"}
_PLURAL: Final = {"day": "days", "week": "weeks", "month": "months", "horizon": "runs"}


class Verdict(Enum):
    """Whether a target is met, by the interval of its attainment where it has one."""

    MET = "met"
    MISSED = "missed"
    OPEN = "too close to call"


class Attainment(NamedTuple):
    """A target, its measure over the horizon, and the share of its periods in which it holds."""

    goal: Goal
    words: str  # phone service level ≥ 80 % in 20 s
    figure: Figure  # over the horizon
    share: Figure  # of the pairs of replication and period
    verdict: Verdict
    left_out: tuple[str, ...]  # of its contacts that no definition of service level counts: 67 % passed on


def target_text(target: Target) -> str:
    """80 % in 20 s; up to two minutes in seconds, as the field speaks of 90 % in 60 s."""
    return f"{share_text(target.share)} in {_within(target)}"


def _within(target: Target) -> str:
    return f"{plain(target.within_s)} s" if target.within_s <= 120 else duration_text(target.within_s)


def goal_words(goal: Goal, scenario: Scenario) -> str:
    """What a target asks, without its period: phone service level ≥ 80 % in 20 s."""
    sign = _SIGNS.get(goal.comparison, "≤")
    return f"{subject(goal, scenario)} {sign} {_value(goal)}{limit_of(goal, scenario)}"


def subject(goal: Goal, scenario: Scenario) -> str:
    """Whose measure it is: phone service level, S1 first response."""
    whose = "" if goal.scope == "all" else f"{goal.name} "
    words = SUBJECTS[goal.measure].words[0]
    return f"{whose}{words.removesuffix(' attainment') if _promise(goal, scenario) else words}"


def _promise(goal: Goal, scenario: Scenario) -> Limit | None:
    """What the severity promises that a target is about."""
    key = _PROMISES.get(goal.measure)
    severity = scenario.severities.get(goal.name) if key and goal.scope == "severity" else None
    found: Limit | None = getattr(severity, key) if severity and key else None
    return found


def _value(goal: Goal) -> str:
    if goal.unit == "share":
        return share_text(goal.value)
    if goal.unit == "s":
        return f"{plain(goal.value)} s" if goal.value <= 120 else duration_text(goal.value)
    if goal.unit == "h":
        return f"{plain(goal.value)} h"
    if goal.unit == POINTS:
        return signed_text(goal.value, 0 if goal.value == round(goal.value) else 1)
    is_money = goal.unit in SYMBOLS or SUBJECTS[goal.measure].unit == "money"
    return money_text(goal.value, goal.unit) if is_money else plain(goal.value)


def limit_of(goal: Goal, scenario: Scenario) -> str:
    """The time within which something counts: as promised; of a service level, if its queues agree."""
    promise = _promise(goal, scenario)
    if promise is not None:
        return f" {within_text(promise)}"
    if goal.measure != "service_level":
        return ""
    streams = {"stream": [goal.name], "all": list(scenario.streams)}.get(goal.scope, [])
    queues = [scenario.streams[name].queue for name in streams] or [goal.name]
    targets = [scenario.queues[queue].target for queue in queues if queue in scenario.queues]
    limits = {_within(target) for target in targets if target is not None}
    return f" in {limits.pop()}" if len(limits) == 1 else ""


def over_text(goal: Goal) -> str:
    """The periods in which a target is to hold: each week, over the horizon."""
    return "over the horizon" if goal.period == "horizon" else f"each {goal.period}"


def wanted_text(goal: Goal) -> str:
    """80 % of weeks."""
    return f"{share_text(goal.probability)} of {_PLURAL[goal.period]}"


def held_text(attainment: Attainment) -> str:
    """93.3 % of weeks."""
    return f"{say(attainment.share, False).value} of {_PLURAL[attainment.goal.period]}"


def verdict(share: Figure, wanted: float) -> Verdict:
    """Met if all of the interval is at what is wanted or above, missed if all of it is below."""
    if not share.has_interval:
        return Verdict.MET if share.mean >= wanted else Verdict.MISSED
    if share.low >= wanted:
        return Verdict.MET
    return Verdict.MISSED if share.high < wanted else Verdict.OPEN


def attainments(scenario: Scenario, table: "pd.DataFrame", figures: Figures) -> list[Attainment]:
    """All targets of a table of attainment with periods to judge them by, those of the queues first."""
    columns = [table[name].tolist() for name in (*Goal._fields, "attained", "low", "high")]
    found = []
    for *fields, mean, low, high in zip(*columns, strict=True):
        goal, share = Goal(*fields), Figure(mean, low, high, "share")
        if share.exists:
            left_out = _left_out(figures, goal.name) if _counts_a_queue(goal) else ()
            figure = figures.get(goal.measure, goal.scope, goal.name)
            judged = verdict(share, goal.probability)
            found.append(Attainment(goal, goal_words(goal, scenario), figure, share, judged, left_out))
    return found


def missed(result: "Result") -> bool:
    """Whether a target of a result is missed for sure, or by a single replication."""
    found = attainments(result.scenario, result.attainment, Figures({}))
    return any(each.verdict is Verdict.MISSED for each in found)


def of_queues(scenario: Scenario, found: list[Attainment]) -> dict[str, Attainment]:
    """The attainment of each queue's own target, where there is one."""
    own = {goal: queue for queue, goal in own_goals(scenario).items()}
    return {own[each.goal]: each for each in found if each.goal in own}


def _counts_a_queue(goal: Goal) -> bool:
    return goal.measure == "service_level" and goal.scope == "queue"


def _left_out(figures: Figures, queue: str) -> tuple[str, ...]:
    """What a service level is silent about, where that is a hundredth of the contacts or more."""
    offered = figures.get("offered", "queue", queue)
    counted = ((figures.get(measure, "queue", queue), words) for measure, words in _LEFT_OUT.items())
    shares = ((each.mean / offered.mean, words) for each, words in counted if each.exists and offered.mean)
    return tuple(f"{share_text(round(share, 2))} {words}" for share, words in shares if share >= 0.01)


def standing(found: list[Attainment]) -> Verdict | None:
    """The verdict on all targets together: the worst of them."""
    worst_first = (Verdict.MISSED, Verdict.OPEN, Verdict.MET)
    return next((v for v in worst_first if any(each.verdict is v for each in found)), None)


def answer(found: list[Attainment], expected: bool = False) -> str:
    """The one sentence that a reader who reads no further should have read.

    `expected`: by formulas, which know what is to be expected in a period, but not how probable it is.
    """
    if not found:
        return "There is no target, or nothing to judge one by."
    if expected:
        return _answer(found).replace("(held in ", "(expected in ") + _EXPECTED
    hint = "" if any(each.share.has_interval for each in found) else _ONE_RUN
    return _answer(found) + hint


def not_judged(scenario: Scenario, found: list[Attainment]) -> str:
    """The targets of a scenario without a figure that could judge them, and why, in sentences; or nothing."""
    from sim.formula.remarks import is_rough

    judged = {each.goal for each in found}
    rest = [goal for goal in goals_of(scenario) if goal not in judged]
    rough = is_rough(scenario, rest)
    told = {
        "Not judged, for want of a figure": [g for g, is_so in zip(rest, rough, strict=True) if not is_so],
        "Not judged, since its formula may be many points off": [
            g for g, is_so in zip(rest, rough, strict=True) if is_so
        ],
    }
    return " ".join(
        f"{why}: {'; '.join(goal_words(goal, scenario) for goal in goals)}."
        for why, goals in told.items()
        if goals
    )


def together(found: list[Attainment], scenario: Scenario) -> str:
    """Whether all targets are met together, and which are not: for a reader who is to decide.

    Each that fails is told by its measure over the horizon, or by how seldom it holds where that is fine.
    """
    missed = [_plainly(each, scenario) for each in found if each.verdict is Verdict.MISSED]
    close = [goal_words(each.goal, scenario) for each in found if each.verdict is Verdict.OPEN]
    how_many = (
        "its target" if len(found) == 1 else _all(len(found)).replace("All", "all").replace("Both", "both")
    )
    hint = "" if any(each.share.has_interval for each in found) else _ONE_RUN
    if not found:
        return answer(found)
    if not missed and not close:
        return f"The team meets {how_many}{' together' if len(found) > 1 else ''}.{hint}"
    unsure = f"Too close to call: {'; '.join(close)}{_HINT}." if close else ""
    if not missed:
        return (
            f"Whether the team meets {how_many} together is not sure yet, none fails for sure. {unsure}{hint}"
        )
    fail = f"{len(missed)} fail" if len(missed) > 1 else "1 fails"
    parts = f"The team does not meet {how_many} together, {fail}: {'; '.join(missed)}.", unsure
    return " ".join(filter(None, parts)) + hint


def _plainly(each: Attainment, scenario: Scenario) -> str:
    """S1 first response in 15 min is 33 % instead of at least 90 %; or how seldom it is enough."""
    goal, figure = each.goal, each.figure
    at_least = goal.comparison == AT_LEAST
    asked = f"{'at least' if at_least else 'at most'} {_value(goal)}"
    what = f"{subject(goal, scenario)}{limit_of(goal, scenario)}"
    value = say_measure(goal.measure, figure, False).value
    fails = figure.exists and (figure.mean < goal.value if at_least else figure.mean > goal.value)
    if fails and value != _value(goal):  # as sharp as it is known, it may be the very limit
        return f"{what} is {value} instead of {asked}"
    of_all = f" (over the whole run {value})" if figure.exists else ""
    return f"{what} is {asked} in {held_text(each)}, {share_text(goal.probability)} wanted{of_all}"


def _answer(found: list[Attainment]) -> str:
    missed, close, met = (
        [each for each in found if each.verdict is verdict]
        for verdict in (Verdict.MISSED, Verdict.OPEN, Verdict.MET)
    )
    if len(found) == 1:
        hint = _HINT if close else ""
        return f"The target is {found[0].verdict.value}: {_listed(found)}{hint}."
    if len(met) == len(found):
        return f"{_all(len(found))} are met: {_listed(met)}."
    parts = [f"{_how_many(len(missed), len(found))} missed: {_listed(missed)}."] if missed else []
    parts += [] if missed else ["No target is missed for sure."]
    parts += [f"Too close to call: {_listed(close)}{_HINT}."] if close else []
    parts += [f"Met: {'; '.join(map(_briefly, met))}."] if met else []
    return " ".join(parts)


def _how_many(some: int, total: int) -> str:
    """All 3 targets are, 1 of 3 targets is, 2 of 3 targets are."""
    if some == total:
        return f"{_all(total)} are"
    return f"{some} of {total} targets {'is' if some == 1 else 'are'}"


def _all(total: int) -> str:
    return "Both targets" if total == 2 else f"All {total} targets"


def _listed(each: list[Attainment]) -> str:
    return "; ".join(map(_said, each))


def _briefly(each: Attainment) -> str:
    """A target that is met, beside others that are not: without its figures, which the table has."""
    left_out = f" (not counted: {', '.join(each.left_out)})" if each.left_out else ""
    return f"{each.words} {over_text(each.goal)}{left_out}"


def _said(each: Attainment) -> str:
    """The target, in how many of its periods it holds, and its measure over the horizon."""
    goal = each.goal
    held = f"held in {held_text(each)}, {share_text(goal.probability)} wanted"
    over = f"; over the horizon {say_measure(goal.measure, each.figure, False)}" if each.figure.exists else ""
    left_out = f"; not counted: {', '.join(each.left_out)}" if each.left_out else ""
    return f"{each.words} {over_text(goal)} ({held}{over}{left_out})"
