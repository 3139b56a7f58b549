"""Warnings from arithmetic on means: work offered against people at work, and contacts outside hours.

These are not the simulation: they look only at totals over the horizon, so that what they report is
sure to hurt. Interval by interval a scenario may still be short of people without a warning here.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from scenarios.model import Calendar, Group, Stream
from scenarios.parts import Parts, skills_of
from scenarios.problems import Finding
from scenarios.week import Step, WeekSteps, placed
from scenarios.week import Window as TimeWindow

_HOUR_S = 3600.0
MOST_PER_HOUR: Final = 1e7  # contacts of a stream
MOST_CONTACTS: Final = 1e9


def load_findings(parts: Parts) -> list[Finding]:
    """Return the warnings for a scenario whose parts could all be read."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    counts = weekday_counts(parts.calendar)
    return [
        *_silent_streams(parts, counts),
        *_floods(parts, counts),
        *_outside_hours(parts, counts),
        *_backlog_at_a_closed_queue(parts),
        *_unknown_queues_apart(parts, counts),
    ]


def weekday_counts(calendar: Calendar) -> list[int]:
    """Return how many Mondays, Tuesdays, ... the horizon has."""
    weeks, rest = divmod(calendar.days, 7)
    first = datetime.date.weekday(calendar.start)
    return [weeks + (1 if (day - first) % 7 < rest else 0) for day in range(7)]


def total(steps: Iterable[Step], counts: list[int]) -> float:
    """Return the sum of value x hours over the horizon."""
    return sum(s.value * (s.end_s - s.start_s) * counts[s.weekday] for s in steps) / _HOUR_S


def contacts(stream: Stream, counts: list[int]) -> float:
    """Return the contacts that a stream brings over the horizon, by the mean."""
    sine = stream.arrivals.sinusoid
    if sine is not None:
        return sine.mean_per_hour * 24 * sum(counts)
    return total(stream.arrivals.steps, counts)


def people_hours(group: Group, counts: list[int]) -> float:
    """Return the hours at work of a group over the horizon."""
    return total(group.agents or _shift_steps(group), counts)


def _shift_steps(group: Group) -> Iterator[Step]:
    for shift in group.shifts or ():
        for day in shift.days:
            yield from placed(day, TimeWindow(shift.start_s, shift.end_s), float(shift.agents))


def handling_power(group: Group) -> float:
    """Return the hours of single handling that an hour at work can do at best: speed and chats at once."""
    at_once = group.concurrency
    best = max((n / slow for n, slow in enumerate(at_once.slowdown, 1)), default=1.0) if at_once else 1.0
    return group.speed * best


def _silent_streams(parts: Parts, counts: list[int]) -> Iterator[Finding]:
    for name, stream in parts.streams.items():
        if contacts(stream, counts) <= 0 and stream.backlog == 0:
            message = "brings no contact on any day of the horizon; check the days and calendar.start"
            yield Finding(("streams", name, "arrivals"), message, "warning")


def _floods(parts: Parts, counts: list[int]) -> Iterator[Finding]:
    """Refuse streams beyond what any centre has: a slip of the unit would run out of memory, not finish."""
    for name, stream in parts.streams.items():
        sine = stream.arrivals.sinusoid
        fastest = max((step.value for step in stream.arrivals.steps), default=0.0)
        if sine is not None:
            fastest = sine.mean_per_hour + sine.amplitude_per_hour
        if fastest > MOST_PER_HOUR or contacts(stream, counts) > MOST_CONTACTS:
            message = (
                f"brings up to {fastest:,.0f} an hour, {contacts(stream, counts):,.0f} over all days; "
                f"allowed are {MOST_PER_HOUR:,.0f} and {MOST_CONTACTS:,.0f}: check the unit of the rate"
            )
            yield Finding(("streams", name, "arrivals"), message)


def _outside_hours(parts: Parts, counts: list[int]) -> Iterator[Finding]:
    """Warn of contacts that come while their queue is closed and does not hold them."""
    for name, stream in parts.streams.items():
        queue = parts.queues.get(stream.queue)
        if queue is None or queue.hours is None or queue.at_closing == "hold" or not stream.arrivals.steps:
            continue
        offered = contacts(stream, counts)
        outside = offered - inside(stream.arrivals.steps, queue.hours, counts)
        if outside > 1e-9 * offered:
            message = (
                f"{outside / offered:.1%} of the contacts come while queue {stream.queue!r} is closed; "
                "if they should wait for its opening, give the queue 'at_closing: hold'"
            )
            yield Finding(("streams", name, "arrivals"), message, "warning")


def _backlog_at_a_closed_queue(parts: Parts) -> Iterator[Finding]:
    """Warn of contacts that wait at the start at a queue that is closed then and does not hold them."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    weekday = parts.calendar.start.weekday()
    for name, stream in parts.streams.items():
        queue = parts.queues.get(stream.queue)
        if queue is None or queue.hours is None or queue.at_closing == "hold" or not stream.backlog:
            continue
        if not any(hour.weekday == weekday and hour.start_s == 0 for hour in queue.hours):
            message = (
                f"is lost at once: queue {stream.queue!r} is closed when the horizon starts, at midnight; "
                "if it should wait for the opening, give the queue 'at_closing: hold'"
            )
            yield Finding(("streams", name, "backlog"), message, "warning")


def inside(steps: WeekSteps, hours: WeekSteps, counts: list[int]) -> float:
    """Return the sum of value x hours of steps within opening hours."""
    shared = (
        step._replace(start_s=max(step.start_s, hour.start_s), end_s=min(step.end_s, hour.end_s))
        for step in steps
        for hour in hours
        if step.weekday == hour.weekday and step.start_s < hour.end_s and hour.start_s < step.end_s
    )
    return total(shared, counts)


def _unknown_queues_apart(parts: Parts, counts: list[int]) -> Iterator[Finding]:
    """Warn of work above capacity, unless a reference is broken: then the sums would mislead."""
    known = all(stream.queue in parts.queues for stream in parts.streams.values())
    if known and all(skill in parts.queues for g in parts.groups.values() for skill in skills_of(g)):
        yield from _overloads(parts, counts)


def _overloads(parts: Parts, counts: list[int]) -> Iterator[Finding]:
    """Warn where queues bring more hours of work than all groups that may do it have.

    Each queue is looked at alone, and then all queues that share people.
    """
    told: set[str] = set()
    for queues in [*((name,) for name in parts.queues), *_sharing(parts)]:
        offered, staffed = _work(parts, queues, counts), _capacity(parts, queues, counts)
        if offered > staffed * (1 + 1e-9) and not told & set(queues) and _staffable(parts, queues):
            told.update(queues)
            yield Finding(("queues", queues[0]), _overload_message(queues, offered, staffed), "warning")


def _staffable(parts: Parts, queues: tuple[str, ...]) -> bool:
    """Tell whether every one of the queues has a group at all; where not, that is an error already."""
    return all(parts.groups_of(name) for name in queues)


def _overload_message(queues: tuple[str, ...], offered: float, staffed: float) -> str:
    those = queues[0] if len(queues) == 1 else f"{', '.join(queues)} together"
    return (
        f"{those}: {offered:,.1f} hours of work are offered over the horizon, and the people who may "
        f"do it can handle {staffed:,.1f} hours at most; contacts will give up or pile up"
    )


def _work(parts: Parts, queues: tuple[str, ...], counts: list[int]) -> float:
    """Return the hours of single handling that streams bring to queues, backlog included."""
    seconds = sum(
        (contacts(stream, counts) + stream.backlog) * stream.handle_time.mean_s
        for stream in parts.streams.values()
        if stream.queue in queues
    )
    return seconds / _HOUR_S


def _capacity(parts: Parts, queues: tuple[str, ...], counts: list[int]) -> float:
    """Return the hours of handling that all groups can do who serve any of the queues or their overflow."""
    reached = {name for queue in queues for name in parts.reachable(queue)}
    helping = {name for queue in reached for name in parts.groups_of(queue)}
    return sum(people_hours(g, counts) * handling_power(g) for n, g in parts.groups.items() if n in helping)


def _sharing(parts: Parts) -> Iterator[tuple[str, ...]]:
    """Yield the sets of two or more queues that share groups or overflow, directly or through others."""
    sets = [{name} for name in parts.queues]
    links = [set(skills_of(group)) for group in parts.groups.values()]
    for link in [*links, *(set(parts.reachable(name)) for name in parts.queues)]:
        touched = [each for each in sets if each & link]
        sets = [each for each in sets if not each & link] + [set().union(*touched)]
    yield from (tuple(q for q in parts.queues if q in each) for each in sets if len(each) > 1)
