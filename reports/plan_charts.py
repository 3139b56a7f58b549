"""Trends by week: with the plan and without it, with marks where levers come into force and targets stand."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from reports.charts import Picture
from reports.number_axis import Kind, between
from reports.plan_ask import running
from reports.plan_words import day_text, last_day, listed, spoken
from reports.series import DAY_S, Point, Points
from reports.svg_chart import Axis, Chart, Goal, Trace, svg
from reports.targets import subject
from reports.time_axis import horizon_axis
from reports.wording import SYMBOLS
from scenarios.case_definitions import CASE_MEASURES
from scenarios.definitions import MEASURES
from scenarios.model import Scenario
from scenarios.targets import Goal as Asked
from sim.checkpoints import WEEK
from sim.measure import currency
from sim.roadmap.plan import DayTarget, PlanResult, Trend, key_of
from sim.roadmap.standing import Spread

WIDE: Final = 320.0
HIGH: Final = 136.0
_GAP_S: Final = 1.5 * WEEK * DAY_S
_FAR: Final = 0.5  # of the range of medians and targets: so far beyond it bands are shown
_SUMS: Final = ("people_cost",)  # which has no formula
_LARGEST: Final = ("max_queue",)  # of its days, not their sum
LEGEND: Final = (
    ("first with-band", "with the plan, median and P10–P90"),
    ("third with-band", "without it"),
    ("level", "target, over the days that it is judged by"),
    ("mark", "a lever comes into force"),
)


def trend_pictures(found: PlanResult) -> tuple[Picture, ...]:
    """A chart for each measure that a target names and that has a course."""
    return tuple(
        _picture(found, trend, f"trend-{n}") for n, trend in enumerate(found.trends) if _has_course(trend)
    )


def not_drawn(found: PlanResult) -> tuple[str, ...]:
    """The measures without a chart, which would have dots or nothing on it."""
    return tuple(title_of(found, trend) for trend in found.trends if not _has_course(trend))


def not_drawn_told(found: PlanResult) -> str:
    """Which measures have no chart, and why."""
    names = not_drawn(found)
    why = "no two weeks in a row have a value in enough courses"
    return f"Nothing to draw of {', '.join(names)}: {why}." if names else ""


def legend(found: PlanResult) -> tuple[tuple[str, str], ...]:
    """What lines and marks mean, of those that are drawn."""
    return LEGEND if in_force(found.scenario) else LEGEND[:-1]


def _has_course(trend: Trend) -> bool:
    """Whether two weeks in a row have a value in either version: dots alone are no line."""
    return any(
        not math.isnan(first.median) and not math.isnan(second.median)
        for spreads in (trend.plan, trend.without)
        for first, second in pairwise(spreads)
    )


def title_of(found: PlanResult, trend: Trend) -> str:
    """Whose measure it is."""
    return subject(Asked(*trend.key, "", math.nan, trend.unit), found.scenario)


class _Drawn(NamedTuple):
    """What is drawn of a measure, and over which axis."""

    traces: tuple[Trace, ...]
    targets: tuple[DayTarget, ...]
    goals: tuple[Goal, ...]  # these, as they are drawn
    axis: Axis


def _drawn(found: PlanResult, trend: Trend) -> _Drawn:
    targets = [each for each in found.targets if key_of(each.goal) == trend.key]
    traces = (
        _trace("without the plan", "third", trend.without),
        _trace("with the plan", "first", trend.plan),
    )
    shown = tuple(each for each in targets if not math.isnan(each.target) and _inside(each, found.scenario))
    goals = tuple(_goal(each) for each in shown)
    return _Drawn(traces, shown, goals, _axis(traces, goals, trend.unit))


def cut_off_told(found: PlanResult) -> str:
    """Of which measures a band goes beyond the chart: it is drawn to its edge alone."""
    names = [title_of(found, trend) for trend in found.trends if _has_course(trend) and _is_cut(found, trend)]
    return f"Bands go beyond the chart of {listed(names)}." if names else ""


def _is_cut(found: PlanResult, trend: Trend) -> bool:
    drawn = _drawn(found, trend)
    ends = [value for trace in drawn.traces for each in trace.points for value in (each.low, each.high)]
    slack = 1e-9 * (drawn.axis.high - drawn.axis.low)
    return any(value < drawn.axis.low - slack or value > drawn.axis.high + slack for value in ends)


def _picture(found: PlanResult, trend: Trend, key: str) -> Picture:
    scenario = found.scenario
    traces, shown, goals, whole = _drawn(found, trend)
    title = f"{title_of(found, trend)}{' a week' if adds_up(trend.key[0]) else ''}"
    axis, unit = _short_labels(whole)
    if trend.unit == currency(scenario):
        unit = SYMBOLS.get(trend.unit, trend.unit)
    chart = Chart(
        key,
        f"{title}, by week",
        _description(traces, goals, shown),
        traces,
        horizon_axis(scenario.calendar.start, 0.0, float(scenario.calendar.days * DAY_S), True),
        axis,
        wide=WIDE,
        high=HIGH,
        marks=tuple(float((due - scenario.calendar.start).days * DAY_S) for due in in_force(scenario)),
        goals=goals,
    )
    return Picture("trend", title, unit, LEGEND, svg(chart), HIGH)


def _short_labels(axis: Axis) -> tuple[Axis, str]:
    """The axis with numbers alone, and the unit of time that all its labels have, to be told in the title."""
    units = {label.rpartition(" ")[2] for _, label in axis.labels if " " in label}
    if len(units) != 1:
        return axis, ""
    unit = units.pop()
    return axis._replace(
        labels=tuple((at, label.removesuffix(f" {unit}")) for at, label in axis.labels)
    ), unit


def _inside(each: DayTarget, scenario: Scenario) -> bool:
    return each.window.last <= scenario.calendar.days


def _trace(label: str, style: str, spreads: Sequence[Spread]) -> Trace:
    """A line; with dots where a week has no value, for what stands alone would not be seen."""
    has_gaps = any(math.isnan(each.median) for each in spreads)
    return Trace(label, style, _points(spreads), _GAP_S, marks="few" if has_gaps else "none")


def _points(spreads: Sequence[Spread]) -> Points:
    """Medians in the middle of their weeks, with P10 to P90."""
    return tuple(
        Point((n + 0.5) * WEEK * DAY_S, each.median, each.p10, each.p90) for n, each in enumerate(spreads)
    )


def _goal(each: DayTarget) -> Goal:
    """A target over the days that it is judged by; of what adds up, a week's part of it."""
    first, last = each.window
    part = WEEK / (last - first + 1) if adds_up(each.goal.measure) else 1.0
    return Goal(float((first - 1) * DAY_S), float(last * DAY_S), each.target * part)


def adds_up(measure: str) -> bool:
    """Whether a measure is a count, so that more days have more of it."""
    found = {**MEASURES, **CASE_MEASURES}.get(measure)
    return measure in _SUMS or (found is not None and found.below is None and measure not in _LARGEST)


def in_force(scenario: Scenario) -> dict[date, list[str]]:
    """The names of levers by the day from which they are in force, as far as that lies within the horizon."""
    found: dict[date, list[str]] = {}
    for name, lever in running(scenario).items():
        if lever.due is not None and 0 <= (lever.due - scenario.calendar.start).days < scenario.calendar.days:
            found.setdefault(lever.due, []).append(spoken(name))
    return found


def weeks_told(found: PlanResult) -> str:
    """How to read the charts; which of their days have passed, and which bands are not seen whole."""
    as_of = found.as_of
    passed = f" Before {day_text(as_of.date)}: what happened." if as_of and as_of.days else ""
    told = f"By week; axes do not begin at 0.{passed}"
    return " ".join(filter(None, (told, cut_off_told(found))))


def marks_told(scenario: Scenario) -> str:
    """When which lever comes into force."""
    found = in_force(scenario)
    if not found:
        return "No lever comes into force within these days."
    years = scenario.calendar.start.year != last_day(scenario).year
    told = (f"{day_text(day, years)}: {listed(names)}" for day, names in found.items())
    return f"In force from {'; '.join(told)}."


def _axis(traces: Sequence[Trace], goals: Sequence[Goal], unit: str) -> Axis:
    """An axis around medians and targets, and around bands as far as these do not squeeze them."""
    medians = [p.mean for t in traces for p in t.points if not math.isnan(p.mean)]
    middle = [*medians, *(goal.value for goal in goals)]
    ends = [value for t in traces for p in t.points for value in (p.low, p.high) if not math.isnan(value)]
    low, high = min(middle), max(middle)
    room = max(_FAR * (high - low), 0.02 * abs(high))
    kind: Kind = "share" if unit == "share" else "time" if unit == "s" else "number"
    return between(
        max(min([*ends, low]), low - room), min(max([*ends, high]), high + room), kind, steps_at_most=4
    )


def _description(traces: Sequence[Trace], goals: Sequence[Goal], targets: Sequence[DayTarget]) -> str:
    """What the eye would see first: where each line begins and ends, and the targets as they are drawn."""
    drawn = zip(goals, targets, strict=True)
    told = (f"target by day {each.goal.day}: {goal.value:.4g}" for goal, each in drawn)
    return "; ".join([*_courses(traces), *told])


def _courses(traces: Sequence[Trace]) -> Iterator[str]:
    for trace in traces:
        known = [p.mean for p in trace.points if not math.isnan(p.mean)]
        if known:
            yield f"{trace.label}: from {known[0]:.4g} in the first week to {known[-1]:.4g} in the last"
