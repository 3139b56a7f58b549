"""Dates of the roadmap that do not fit each other, and targets by day that cannot all be reached."""

import datetime
from collections.abc import Iterator, Mapping

from scenarios.calendars import Calendar
from scenarios.changes import Lever
from scenarios.day_targets import asked_text
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.roadmap import DayGoal
from scenarios.spans import simulated_text
from scenarios.targets import AT_LEAST
from scenarios.week import DAY_S


def roadmap_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with the dates of phases and levers."""
    yield from _overlaps(parts)
    calendar = parts.calendar
    for name, phase in parts.plan.phases.items():
        if calendar is not None and not meets(calendar, phase.start, phase.end):
            message = f"is not within {simulated(calendar)}; nothing of it is simulated"
            yield Finding(("roadmap", "phases", name), message, "warning")
    for name, lever in parts.plan.levers.items():
        place: Place = ("roadmap", "levers", name, "due")
        if lever.due is None:
            continue
        yield from _outside_phase(parts, place, lever)
        if calendar is not None and not meets(calendar, lever.due, lever.due):
            late = lever.due > calendar.start
            then = "it never comes into force" if late else "it is in force from the first day on"
            message = f"is {lever.due}, not within {simulated(calendar)}; {then}"
            yield Finding(place, message, "warning")


def meets(calendar: Calendar, start: datetime.date, end: datetime.date) -> bool:
    """Tell whether any of the days from start to end is simulated."""
    return start <= _last(calendar) and end >= calendar.start


def _last(calendar: Calendar) -> datetime.date:
    return calendar.start + datetime.timedelta(days=calendar.days - 1)


def simulated(calendar: Calendar) -> str:
    """Write which days are simulated."""
    return f"the days {calendar.start} to {_last(calendar)}"


def _overlaps(parts: Parts) -> Iterator[Finding]:
    """Find phases that begin before an earlier one has ended."""
    before = None
    for name, phase in sorted(parts.plan.phases.items(), key=lambda each: each[1].start):
        if before is not None and phase.start <= before[1].end:
            message = (
                f"begins on {phase.start}, and {before[0]!r} ends on {before[1].end}; phases do not overlap: "
                f"let one end before the other begins"
            )
            yield Finding(("roadmap", "phases", name, "from"), message)
        before = (name, phase) if before is None or phase.end > before[1].end else before


def _outside_phase(parts: Parts, place: Place, lever: Lever) -> Iterator[Finding]:
    phase = parts.plan.phases.get(lever.phase or "")
    if phase is not None and lever.due is not None and not phase.start <= lever.due <= phase.end:
        message = (
            f"is {lever.due}, outside its phase {lever.phase!r} ({phase.start} to {phase.end}); "
            "write a day within it, or another phase"
        )
        yield Finding(place, message)


def goal_findings(parts: Parts, goals: Mapping[int, DayGoal]) -> Iterator[Finding]:
    """Yield targets by day, by their place in the list, that cannot be measured or contradict each other."""
    for i, goal in goals.items():
        place: Place = ("roadmap", "targets", i)
        yield from _beyond_the_end(parts, place, goal)
        if _is_within_warm_up(parts, goal):
            message = f"is by day {goal.day}, within the warm-up, which is not counted; write a later day"
            yield Finding(place, message)
            continue
        before = {n: each for n, each in goals.items() if n < i and _same(each, goal)}
        yield from _contradictions(place, goal, before)
        yield from _easier(place, goal, {n: each for n, each in goals.items() if _same(each, goal)})


def _same(one: DayGoal, other: DayGoal) -> bool:
    """Tell whether two goals are of the same figure, written in the same way."""
    return (*one[:3], one.relative) == (*other[:3], other.relative)


def _beyond_the_end(parts: Parts, place: Place, goal: DayGoal) -> Iterator[Finding]:
    """Warn of a day that is not simulated: nothing can be said of it yet."""
    calendar = parts.calendar
    if calendar is not None and goal.day > calendar.days:
        message = (
            f"is by day {goal.day}, beyond {simulated_text(calendar.days)}, so it is not "
            f"measurable yet; write an earlier day, or 'days: {goal.day}' in calendar"
        )
        yield Finding(place, message, "warning")


def _is_within_warm_up(parts: Parts, goal: DayGoal) -> bool:
    return parts.run is not None and goal.day * DAY_S <= parts.run.warm_up_s


def _contradictions(place: Place, goal: DayGoal, before: Mapping[int, DayGoal]) -> Iterator[Finding]:
    """Find two values for one figure, or two between which there is none."""
    for n, other in before.items():
        if other.day != goal.day or other.value == goal.value:
            continue
        twice = other.comparison == goal.comparison
        least, most = (goal, other) if goal.comparison == AT_LEAST else (other, goal)
        if twice or least.value > most.value:
            ask = "only one of them can be meant" if twice else "no figure is both"
            message = f"asks for {asked_text(goal)}, and roadmap.targets[{n}] for {asked_text(other)}; {ask}"
            yield Finding(place, message)
            return


def _easier(place: Place, goal: DayGoal, others: Mapping[int, DayGoal]) -> Iterator[Finding]:
    """Warn of a target that asks for less than one by an earlier day."""
    sign = 1.0 if goal.comparison == AT_LEAST else -1.0
    stricter = [
        (sign * each.value, -n)
        for n, each in others.items()
        if each.day < goal.day
        and each.comparison == goal.comparison
        and sign * each.value > sign * goal.value
    ]
    if stricter:
        n = -max(stricter)[1]
        message = (
            f"asks for {asked_text(goal)} by day {goal.day}, which is easier than {asked_text(others[n])} "
            f"by day {others[n].day} (roadmap.targets[{n}]); is it meant to become worse?"
        )
        yield Finding(place, message, "warning")
