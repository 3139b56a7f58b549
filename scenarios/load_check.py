"""Warnings from arithmetic on means: work offered against people at work, and contacts outside hours.

These are not the simulation: they look only at totals over the horizon, so that what they report is
sure to hurt. Interval by interval a scenario may still be short of people without a warning here.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scenarios.day_factors import DayFactors
from scenarios.model import Calendar, Group, Stream
from scenarios.parts import Parts, skills_of
from scenarios.problems import Finding
from scenarios.shifts import duty_steps
from scenarios.week import KINDS_OF_DAY, Step, WeekSteps, steps_on

Doubtful = Callable[[Iterable[float]], float]
_HOUR_S = 3600.0
MOST_PER_HOUR: Final = 1e7  # contacts of a stream
MOST_CONTACTS: Final = 1e9
_LEAST_OF_USE: Final = 0.5  # of people's time: with less while a queue is open, it is most likely a slip


class Horizon(NamedTuple):
    """The days of a horizon: how many there are of each kind (7 = holidays), and which."""

    calendar: Calendar
    counts: list[float]

    @classmethod
    def of(cls, calendar: Calendar) -> "Horizon":
        """Return the days of a calendar, all alike."""
        return cls(calendar, _counts(calendar, DayFactors()))

    def weighted(self, factors: DayFactors) -> list[float]:
        """Return the same with each day counted by its factor."""
        if factors == DayFactors():
            return self.counts
        all_of = _counts(self.calendar, factors)
        return [n if some else 0.0 for n, some in zip(all_of, self.counts, strict=True)]

    def only(self, kind: int) -> "Horizon":
        """Return the days of one kind alone."""
        return self._replace(counts=[n if each == kind else 0.0 for each, n in enumerate(self.counts)])


def _counts(calendar: Calendar, factors: DayFactors) -> list[float]:
    days = (calendar.start + datetime.timedelta(days=n) for n in range(calendar.days))
    counts = [0.0] * KINDS_OF_DAY
    for day in days:
        counts[calendar.kind_of(day)] += factors.on(day, calendar.start)
    return counts


def load_findings(parts: Parts) -> list[Finding]:
    """Return the warnings for a scenario whose parts could all be read."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    horizon = Horizon.of(parts.calendar)
    found = [
        *_silent_streams(parts, horizon),
        *_floods(parts, horizon),
        *_special_days_elsewhere(parts),
        *_people_while_closed(parts, horizon),
    ]
    if not parts.life.rules:  # else contacts may come to other queues
        found += [*_outside_hours(parts, horizon), *_backlog_at_a_closed_queue(parts)]
    if parts.all_work_is_of_streams():
        found += _unknown_queues_apart(parts, horizon)
    return found


def total(steps: Sequence[Step], counts: list[float]) -> float:
    """Return the sum of value x hours over so many days of each kind."""
    return (
        sum(
            step.value * (step.end_s - step.start_s) * count
            for kind, count in enumerate(counts)
            if count
            for step in steps_on(steps, kind)
        )
        / _HOUR_S
    )


def contacts(stream: Stream, horizon: Horizon) -> float:
    """Return the contacts that a stream brings over the horizon, by the mean."""
    sine, counts = stream.arrivals.sinusoid, horizon.weighted(stream.arrivals.day_factors)
    return sine.mean_per_hour * 24 * sum(counts) if sine is not None else total(stream.arrivals.steps, counts)


def people_hours(group: Group, horizon: Horizon) -> float:
    """Return the hours at work of a group over the horizon."""
    return total(group.agents or duty_steps(group.shifts or ()), horizon.counts)


def handling_power(group: Group) -> float:
    """Return the hours of single handling that an hour at work can do at best: speed and chats at once."""
    at_once = group.concurrency
    best = max((n / slow for n, slow in enumerate(at_once.slowdown, 1)), default=1.0) if at_once else 1.0
    return group.speed * best


def _silent_streams(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    for name, stream in parts.streams.items():
        if contacts(stream, horizon) <= 0 and stream.backlog == 0:
            message = "brings no contact on any day of the horizon; check the days and calendar.start"
            yield Finding(("streams", name, "arrivals"), message, "warning")


def _floods(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    """Refuse streams beyond what any centre has: a slip of the unit would run out of memory, not finish."""
    for name, stream in parts.streams.items():
        sine = stream.arrivals.sinusoid
        fastest = max((step.value for step in stream.arrivals.steps), default=0.0)
        if sine is not None:
            fastest = sine.mean_per_hour + sine.amplitude_per_hour
        if fastest > MOST_PER_HOUR or contacts(stream, horizon) > MOST_CONTACTS:
            message = (
                f"brings up to {fastest:,.0f} an hour, {contacts(stream, horizon):,.0f} over all days; "
                f"allowed are {MOST_PER_HOUR:,.0f} and {MOST_CONTACTS:,.0f}: check the unit of the rate"
            )
            yield Finding(("streams", name, "arrivals"), message)


def _outside_hours(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    """Warn of contacts that come while their queue is closed and does not hold them."""
    for name, stream in parts.streams.items():
        queue = parts.queues.get(stream.queue)
        if queue is None or queue.hours is None or queue.at_closing == "hold" or not stream.arrivals.steps:
            continue
        offered = contacts(stream, horizon)
        counts = horizon.weighted(stream.arrivals.day_factors)
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
    kind = parts.calendar.kind_of(parts.calendar.start)
    for name, stream in parts.streams.items():
        queue = parts.queues.get(stream.queue)
        if queue is None or queue.hours is None or queue.at_closing == "hold" or not stream.backlog:
            continue
        if not any(hour.start_s == 0 and hour.value for hour in steps_on(queue.hours, kind)):
            message = (
                f"is lost at once: queue {stream.queue!r} is closed when the horizon starts, at midnight; "
                "if it should wait for the opening, give the queue 'at_closing: hold'"
            )
            yield Finding(("streams", name, "backlog"), message, "warning")


def inside(steps: WeekSteps, hours: WeekSteps, counts: list[float]) -> float:
    """Return the sum of value x hours of steps within opening hours, over so many days of each kind."""
    return (
        sum(
            step.value * max(min(step.end_s, hour.end_s) - max(step.start_s, hour.start_s), 0) * count
            for kind, count in enumerate(counts)
            if count
            for step in steps_on(steps, kind)
            for hour in steps_on(hours, kind)
            if hour.value
        )
        / _HOUR_S
    )


def _people_while_closed(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    """Warn of people at work while all of their queues are closed: a bare number is round the clock."""
    for name, group in parts.groups.items():
        hours = [parts.queues[queue].hours for queue in skills_of(group) if queue in parts.queues]
        if group.agents is None or not hours or any(each is None for each in hours):
            continue
        total_hours = people_hours(group, horizon)
        of_use = max(inside(group.agents, each or (), horizon.counts) for each in hours)
        if total_hours and of_use < _LEAST_OF_USE * total_hours:
            message = (
                f"are at work {total_hours:,.0f} hours, of which {total_hours - of_use:,.0f} while their "
                "queues are closed; a number alone is round the clock: add 'hours', or write when they work"
            )
            yield Finding(("groups", name, "agents"), message, "warning")


def _special_days_elsewhere(parts: Parts) -> Iterator[Finding]:
    """Warn of special days that the horizon does not have: most likely of another year."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    first = parts.calendar.start
    last = first + datetime.timedelta(days=parts.calendar.days - 1)
    for name, stream in parts.streams.items():
        for special in stream.arrivals.day_factors.special_days:
            if special.last < first or special.first > last:
                message = f"{special.first} is not among the days {first} to {last}; it changes nothing"
                yield Finding(("streams", name, "arrivals", "special_days"), message, "warning")


def _unknown_queues_apart(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    """Warn of work above capacity, unless a reference is broken: then the sums would mislead."""
    known = all(stream.queue in parts.queues for stream in parts.streams.values())
    if known and all(skill in parts.queues for g in parts.groups.values() for skill in skills_of(g)):
        yield from _overloads(parts, horizon)


def _overloads(parts: Parts, horizon: Horizon) -> Iterator[Finding]:
    """Warn where queues bring more hours of work than all groups that may do it have.

    Each queue is looked at alone, and then all queues that share people.
    """
    told: set[str] = set()
    for queues in [*((name,) for name in parts.queues), *_sharing(parts)]:
        offered, staffed = _work(parts, queues, horizon), _capacity(parts, queues, horizon)
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


def _work(parts: Parts, queues: tuple[str, ...], horizon: Horizon) -> float:
    """Return the hours of single handling that streams bring to queues, backlog included."""
    streams = (stream for stream in parts.streams.values() if stream.queue in queues)
    return sum(work_hours(stream, horizon, min) for stream in streams)


def work_hours(stream: Stream, horizon: Horizon, doubtful: Doubtful) -> float:
    """Return the hours of handling that a stream brings over the horizon, its backlog included.

    Which weekday a holiday is, or the day on which a backlog is done, is open: `doubtful` (min or max) says
    which end of the weekdays' factors is meant.
    """
    backlog = stream.backlog * doubtful(stream.handle_time_by_weekday)
    return (backlog + weighed_contacts(stream, horizon, doubtful)) * stream.handle_time.mean_s / _HOUR_S


def weighed_contacts(stream: Stream, horizon: Horizon, doubtful: Doubtful) -> float:
    """Return a stream's contacts over the horizon, each counted by its weekday's factor of handle time."""
    factors = stream.handle_time_by_weekday
    unsure = doubtful(factors)
    if min(factors) == max(factors):
        return contacts(stream, horizon) * unsure
    return sum(
        contacts(stream, horizon.only(kind)) * (factors[kind] if kind < len(factors) else unsure)
        for kind in range(KINDS_OF_DAY)
    )


def _capacity(parts: Parts, queues: tuple[str, ...], horizon: Horizon) -> float:
    """Return the hours of handling that all groups can do who serve any of the queues or their overflow."""
    reached = {name for queue in queues for name in parts.reachable(queue)}
    helping = {name for queue in reached for name in parts.groups_of(queue)}
    return sum(people_hours(g, horizon) * handling_power(g) for n, g in parts.groups.items() if n in helping)


def _sharing(parts: Parts) -> Iterator[tuple[str, ...]]:
    """Yield the sets of two or more queues that share groups or overflow, directly or through others."""
    sets = [{name} for name in parts.queues]
    links = [set(skills_of(group)) for group in parts.groups.values()]
    for link in [*links, *(set(parts.reachable(name)) for name in parts.queues)]:
        touched = [each for each in sets if each & link]
        sets = [each for each in sets if not each & link] + [set().union(*touched)]
    yield from (tuple(q for q in parts.queues if q in each) for each in sets if len(each) > 1)
