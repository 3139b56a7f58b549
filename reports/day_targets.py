"""Targets by day in words: what is asked, what it comes to, and how sure it is to be met."""

import math
from typing import Final

from reports.comparison import PAIRED, Change
from reports.difference_wording import say_difference
from reports.figures import Figure
from reports.quantile_wording import say_measure
from reports.targets import Verdict, goal_words, limit_of, subject
from reports.wording import MINUS, MISSING, Words, number_text
from scenarios.day_targets import change_text
from scenarios.model import Scenario
from scenarios.targets import AT_LEAST, Goal
from sim.experiment import student
from sim.roadmap.plan import DayTarget
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Effect, Spread, Standing, Status

VERDICTS: Final[dict[Status, Verdict | None]] = {
    GREEN: Verdict.MET,
    AMBER: Verdict.OPEN,
    RED: Verdict.MISSED,
    NOT_YET: None,
}


def asked_words(each: DayTarget, scenario: Scenario) -> str:
    """What a target asks, without its day: avoidable share ≤ 20.4 % (−15 %), with the change asked for."""
    goal = each.goal
    as_usual = Goal(goal.measure, goal.scope, goal.name, goal.comparison, each.target, each.unit)
    if not goal.relative:
        return goal_words(as_usual, scenario)
    change = change_text(goal).replace("-", MINUS).replace("%", " %")
    if math.isnan(each.target):
        return f"{subject(as_usual, scenario)} {change} against the baseline"
    sign = "≥" if goal.comparison == AT_LEAST else "≤"
    limit = limit_of(as_usual, scenario)
    return f"{subject(as_usual, scenario)} {sign} {value_text(each, each.target)}{limit} ({change})"


def value_text(each: DayTarget, value: float) -> str:
    """A value of a target's measure."""
    return say_measure(each.goal.measure, Figure(value, math.nan, math.nan, each.unit), False).value


def range_text(each: DayTarget, found: Spread) -> str:
    """P10 to P90: 71.0–84.2 %, 35 min – 2 h 2 min; a unit that both have is written once."""
    low, high = (value_text(each, value) for value in (found.p10, found.p90))
    if MISSING in (low, high):
        return MISSING
    if each.unit == "s":
        return f"{low} – {high}"
    unit = " %" if each.unit == "share" else " h" if each.unit == "h" else ""
    return f"{low.removesuffix(unit)}–{high}"


def probability_text(found: Standing, brief: bool = False) -> str:
    """82 % (76–87), or 82 %: in brief, and where it is certain."""
    if math.isnan(found.probability):
        return MISSING
    value, low, high = (percent_text(each) for each in (found.probability, found.low, found.high))
    return f"{value} %" if brief or found.low == found.high else f"{value} % ({low}–{high})"


def percent_text(share: float) -> str:
    """A share in whole percent: 100 only where it is all of them, and 0 only where it is none."""
    percent = share * 100.0
    if 0.0 < percent < 0.5 or 99.5 <= percent < 100.0:
        return number_text(min(max(percent, 0.1), 99.9), 1)
    return number_text(percent, 0)


def effect_words(measure: str, unit: str, each: Effect) -> Words:
    """A paired difference with its margin: −1.3 points ± 0.2."""
    se = each.half / student(each.n)
    change = Change(
        (measure, "", ""), *(math.nan, math.nan, each.mean, se, each.low, each.high, math.nan), PAIRED, unit
    )
    return say_difference(change, tell_missing=False)
