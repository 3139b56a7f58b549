"""What the loop is to do and has no days for: within the horizon, by what is known of it by then."""

import datetime
import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from scenarios.calendars import Calendar
from scenarios.changes import Lever, Remedy
from scenarios.learning import Loop
from scenarios.moves import whose
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.roadmap_check import meets, simulated
from scenarios.spans import days_text, hours_text
from scenarios.together_check import lever_hours
from scenarios.units import duration_text
from scenarios.week import DAY_S

_DELAY: Final = "loop.information_delay"
_QUARTERS: Final = (1, 4, 7, 10)
_WORKDAYS: Final = 5  # a week
_FEWEST_BEFORE: Final = 7  # days before a change without which no test says anything


class _Meeting(NamedTuple):
    """A part of the loop: how many days must be known to it, and on which days it decides."""

    needs: int
    when: str
    is_on: Callable[[Loop, datetime.date], bool] = lambda *_: True


def _is_weekday(loop: Loop, day: datetime.date) -> bool:
    return loop.weekly_review is not None and day.weekday() == loop.weekly_review.on


_MEETINGS: Final[dict[str, _Meeting]] = {
    "weekly_review": _Meeting(7, "on its weekday, once 7 days are known", _is_weekday),
    "monthly_review": _Meeting(
        28, "on the 1st of a month, once 28 days are known", lambda _, day: day.day == 1
    ),
    "quarterly": _Meeting(
        28,
        "on the 1st of January, April, July and October, once 28 days are known",
        lambda _, day: day.day == 1 and day.month in _QUARTERS,
    ),
    "articles": _Meeting(7, "once 7 days are known"),
}
"""What decides on some days only, or once enough is known."""


class _Days(NamedTuple):
    """The days of a loop: those of the horizon, the first on which it is on, and how late it knows them."""

    calendar: Calendar
    first: int
    late: int

    @property
    def last(self) -> int:
        """Return the last midnight at which anything is decided: that before the last day."""
        return self.calendar.days - 1

    def date(self, day: int) -> datetime.date:
        return self.calendar.start + datetime.timedelta(days=day)


def loop_days_findings(parts: Parts) -> Iterator[Finding]:
    """Warn of a loop that begins too late, and of what in it comes too late for the horizon."""
    loop, calendar = parts.plan.loop, parts.calendar
    if loop is None or calendar is None:
        return
    if loop.start is not None and not meets(calendar, loop.start, loop.start):
        is_late = loop.start > calendar.start
        then = "nothing is ever decided" if is_late else "it decides from the first on"
        message = f"is {loop.start}, not within {simulated(calendar)}: {then}; write one of these"
        yield Finding(("loop", "from"), message, "warning")
        if is_late:
            return
    if loop.owner is None or not parts.plan.whole:
        return
    begins = max((loop.start - calendar.start).days, 0) if loop.start is not None else 0
    days = _Days(calendar, begins, _days_late(parts, loop))
    if days.last <= days.late:
        message = (
            f"is {duration_text(loop.information_delay_s)}, and {days_text(calendar.days)} are simulated: no "
            "day is known in time, so nothing is decided; shorten it, or simulate more days"
        )
        yield Finding(("loop", "information_delay"), message, "warning")
        return
    yield from _meetings(loop, days)
    yield from _detection(loop, days)
    yield from _remedies(parts, loop, days)
    yield from _validation(parts, loop, days)
    yield from _chosen_too_early(parts, loop, days)


def _days_late(parts: Parts, loop: Loop) -> int:
    """Return how many days late the loop knows of a day, at best: where a change may shorten that, none."""
    moved = any(move.parameter == _DELAY for _, change in parts.plan.changes() for move in change.moves)
    return 0 if moved else math.ceil(loop.information_delay_s / DAY_S)


def _meetings(loop: Loop, days: _Days) -> Iterator[Finding]:
    for key, meeting in _MEETINGS.items():
        first = max(days.first, meeting.needs + days.late)
        if getattr(loop, key) is None or any(
            meeting.is_on(loop, days.date(day)) for day in range(first, days.last + 1)
        ):
            continue
        message = (
            f"never decides anything: it does so {meeting.when} ({days_text(days.late)} late), and no such "
            f"day is within {simulated(days.calendar)}; simulate more days, or remove it"
        )
        yield Finding(("loop", key), message, "warning")


def _detection(loop: Loop, days: _Days) -> Iterator[Finding]:
    """Warn of a detection that needs more days than there are."""
    if loop.detection is None:
        return
    known = days.last - days.late
    cusum, threshold = loop.detection.cusum, loop.detection.threshold
    if cusum is not None and cusum.reference_days >= known:
        message = (
            f"is {days_text(cusum.reference_days)}, and of the {days.calendar.days} that are simulated "
            f"{days_text(known)} are known in time, so nothing is noticed; shorten it"
        )
        yield Finding(("loop", "detection", "cusum", "reference"), message, "warning")
    if threshold is not None and threshold.within_days > days.calendar.days:
        message = (
            f"is {days_text(threshold.within_days)}, more than the {days.calendar.days} that are simulated, "
            "so all contacts count, however old; shorten it"
        )
        yield Finding(("loop", "detection", "threshold", "within"), message, "warning")


def _remedies(parts: Parts, loop: Loop, days: _Days) -> Iterator[Finding]:
    """Warn of remedies that are in force after the last day, even if they are the first to be chosen."""
    for name, day in _remedies_in_force(parts, loop, days).items():
        if day > days.last:
            remedy = parts.plan.remedies[name]
            message = (
                f"comes too late: with {hours_text(remedy.effort_h)} of work and a lead time of "
                f"{duration_text(remedy.lead_s)} it is not in force within {simulated(days.calendar)}; "
                "shorten them, or simulate more days"
            )
            yield Finding(("remedies", name), message, "warning")


def _validation(parts: Parts, loop: Loop, days: _Days) -> Iterator[Finding]:
    """Warn of the first test that comes too late even for the first change that is to be judged."""
    found = [*_levers_in_force(parts, days), *_remedies_in_force(parts, loop, days).values()]
    in_force = min((max(day, 0) for day in found if day <= days.last), default=None)
    if loop.validation is None or in_force is None:
        return
    for i, after in enumerate(loop.validation.after_days):
        if in_force + after + days.late > days.last:
            place: Place = ("loop", "validation", "after", i)
            what = "no change is ever judged" if i == 0 else "no change has a last verdict"
            message = (
                f"is {days_text(after)}: nothing that is to be judged is in force before "
                f"{days.date(in_force)}, and {simulated(days.calendar)} are simulated, so {what}; "
                "shorten it, or simulate more days"
            )
            yield Finding(place, message, "warning")
            return


def _chosen_too_early(parts: Parts, loop: Loop, days: _Days) -> Iterator[Finding]:
    """Warn where the first weekly review chooses by all days that a change would be compared with."""
    review, late = loop.weekly_review, math.ceil(loop.information_delay_s / DAY_S)
    if review is None or review.opens == 0 or loop.validation is None:
        return
    meets_on = (
        day for day in range(max(days.first, 7 + late), days.last + 1) if _is_weekday(loop, days.date(day))
    )
    first = next(meets_on, None)
    if first is None:
        return
    known = first - late
    others = {
        name: late + done + round(parts.plan.remedies[name].lead_s / DAY_S)
        for name, done in _days_until_done(parts, loop, days, first).items()
    }
    name = min(others, key=lambda each: others[each], default=None)
    if name is None or max(known - 7 * review.weeks, 0) + others[name] >= _FEWEST_BEFORE:
        return
    enough = 7 * review.weeks + _FEWEST_BEFORE - others[name] + late
    fewer = (known + others[name] - _FEWEST_BEFORE) // 7
    ways = {
        f"let the loop begin later ('from: {days.date(enough)}', or after that)": enough < days.last,
        f"look at fewer weeks ('weeks: {fewer}')": fewer > 0,
    }
    message = (
        f"is {review.weeks}, and the first review, on {days.date(first)}, knows {days_text(known)}. A change "
        f"is not compared with days that its cause was chosen on, so what remedy {name!r} does can never be "
        f"shown if it is chosen then: it may be in force {days_text(others[name])} after them, and "
        f"{_FEWEST_BEFORE} are the least; "
    ) + (", or ".join(way for way in ways if ways[way]) or "simulate more days")
    yield Finding(("loop", "weekly_review", "weeks"), message, "warning")


def _days_until_done(parts: Parts, loop: Loop, days: _Days, first: int) -> dict[str, int]:
    """Return how many days each remedy takes whose work begins on a day, where that is certain.

    That is where nothing else changes its owner's hours, or goes before it.
    """
    moved = {move.parameter for _, change in parts.plan.changes() for move in change.moves}
    found = {}
    for name, remedy in parts.plan.remedies.items():
        cause = parts.life.causes[remedy.cause]
        owner = remedy.owner or cause.owner
        if owner is None or not remedy.moves or cause.since is not None:
            continue
        has_articles = loop.articles is not None and loop.articles.owner == owner
        if has_articles or {f"owners.{owner}.capacity", f"owners.{owner}.prevention"} & moved:
            continue
        told = parts.plan.owners[owner]
        hours = told.capacity_h_per_week * told.prevention - lever_hours(parts, owner)
        done = _worked(days, first, remedy.effort_h / (hours / _WORKDAYS)) if hours > 0 else None
        if done is not None:
            found[name] = done
    return found


def _worked(days: _Days, first: int, workdays: float) -> int | None:
    """Return after how many days from the first on so many days of work are done; None if never."""
    left = math.ceil(workdays - 1e-9)
    for day in range(first, days.last + 1):
        date = days.date(day)
        left -= date.weekday() < _WORKDAYS and date not in days.calendar.holidays
        if left == 0:
            return day + 1 - first
    return None


def _levers_in_force(parts: Parts, days: _Days) -> Iterator[int]:
    """Yield the days from which levers of one cause are in force."""
    for lever in parts.plan.levers.values():
        if lever.due is not None and lever.owner is not None and _is_of_a_cause(lever):
            yield (lever.due - days.calendar.start).days


def _remedies_in_force(parts: Parts, loop: Loop, days: _Days) -> dict[str, int]:
    """Return the first day on which each remedy may be in force, by all hours of its owner."""
    needs = [_MEETINGS[key].needs for key in ("weekly_review", "quarterly") if getattr(loop, key)]
    if loop.detection is not None:
        needs.append(loop.detection.reference_days + 1 if loop.detection.cusum else 1)
    found = {}
    for name, remedy in parts.plan.remedies.items() if needs else ():
        owner = remedy.owner or parts.life.causes[remedy.cause].owner
        if owner is not None:
            begun = max(days.first, min(needs) + days.late)
            found[name] = begun + _days_of_work(parts, owner, remedy) + round(remedy.lead_s / DAY_S)
    return found


def _days_of_work(parts: Parts, owner: str, remedy: Remedy) -> int:
    """Return how many days the work on a remedy takes at least; one where its owner may get more hours."""
    moved = {move.parameter for _, change in parts.plan.changes() for move in change.moves}
    if f"owners.{owner}.capacity" in moved:
        return 1
    days = math.ceil(remedy.effort_h / (parts.plan.owners[owner].capacity_h_per_week / _WORKDAYS) - 1e-9)
    return days + (days - 1) // _WORKDAYS * 2  # and the weekends between them


def _is_of_a_cause(lever: Lever) -> bool:
    """Tell whether a lever moves something of just one cause; others have no verdict of their own."""
    moved = [whose(move.parameter) for move in lever.moves]
    return len({each.name for each in moved if each.section == "causes"}) == 1
