"""Warnings of targets that arithmetic on means already rules out.

Only what is sure is told. Whoever is answered takes people's time, so no more can be answered than the
people at work have time for: that bounds a service level from above where nobody can leave the count.
Work is bounded by what is offered: that bounds an occupancy. A mean m of something that is never negative
bounds how often it reaches t: at most m / t of the time (Markov's inequality).
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from scenarios.day_factors import DayFactors
from scenarios.load_check import (
    Horizon,
    contacts,
    handling_power,
    inside,
    people_hours,
    weighed_contacts,
    work_hours,
)
from scenarios.model import Distribution, Group, Queue, Stream
from scenarios.parts import Parts, skills_of
from scenarios.problems import Finding, Place
from scenarios.targets import AT_LEAST, SUBJECTS, Goal
from scenarios.units import share_text

_HOUR_S: Final = 3600.0
_SURE: Final = 0.8  # what is asked must be this far above what can be: the rest is left to chance
_MOST_CV: Final = 0.25  # of days and intervals: with more, quiet days may do what the mean day cannot
_LEAST_CONTACTS: Final = 50  # a day: with fewer, chance decides
_LONGEST_S: Final = 600.0  # of a target's time: with more, the next day's people help
_STRICT: Final = "offered"  # the one formula that counts nobody who gives up as served
_UNKNOWN_CV: Final = 3.0


def reach_findings(parts: Parts, goals: Iterable[tuple[Place, Goal]]) -> list[Finding]:
    """Return the warnings for the targets (each with its place in the file) of a scenario without errors."""
    return [finding for place, goal in goals for finding in _finding(parts, place, goal)]


def _finding(parts: Parts, place: Place, goal: Goal) -> Iterator[Finding]:
    if goal.comparison != AT_LEAST or (goal.scope, goal.measure) not in _BEST:
        return
    best = _BEST[goal.scope, goal.measure](parts, goal)
    if best is None or best / goal.value >= _SURE * goal.probability:
        return
    over = "runs" if goal.period == "horizon" else f"{goal.period}s"
    message = (
        f"is out of reach: the {SUBJECTS[goal.measure].words[0]} of {goal.name} is {best:.0%} on average at "
        f"best, by contacts offered and people at work, so {share_text(goal.value)} holds in at most "
        f"{best / goal.value:.0%} of {over}; {share_text(goal.probability)} is asked"
    )
    yield Finding(place, message, "warning")


def _best_level(parts: Parts, goal: Goal) -> float | None:
    """Return the best mean service level of a queue on its best weekday; None where that is not sure."""
    queue = parts.queues[goal.name]
    streams = [stream for stream in parts.streams.values() if stream.queue == goal.name]
    groups = [group for group in parts.groups.values() if goal.name in skills_of(group)]
    days = _days(parts)
    if not _all_count(parts, goal.name) or not all(_steady(each, queue, days) for each in streams):
        return None
    shares = [_best_day(queue, streams, groups, day) for day in days]
    return max(shares, default=None)


def _days(parts: Parts) -> list[Horizon]:
    """Return each kind of day of the horizon alone."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    whole = Horizon.of(parts.calendar)
    kinds = range(len(whole.counts))
    return [whole._replace(counts=[float(n == kind) for n in kinds]) for kind in kinds if whole.counts[kind]]


def _all_count(parts: Parts, name: str) -> bool:
    """Tell whether all who come count below the line of the service level, and none who leaves above it."""
    queue = parts.queues[name]
    streams = [stream for stream in parts.streams.values() if stream.queue == name]
    stays = queue.patience is None and all(stream.patience is None for stream in streams)
    stays = stays and queue.at_closing != "clear"
    joins = queue.capacity is None and queue.overflow is None
    brief = queue.target is not None and queue.target.within_s <= _LONGEST_S and not queue.interruptible
    passed_on = any(each.overflow and each.overflow.to == name for each in parts.queues.values())
    drained = parts.run is not None and parts.run.end == "drain"
    return joins and brief and drained and not passed_on and (stays or queue.service_level == _STRICT)


def _steady(stream: Stream, queue: Queue, days: list[Horizon]) -> bool:
    """Tell whether a stream's days are alike and busy, and come while the queue is open."""
    busyness = stream.arrivals.busyness
    alike = max(busyness.day.cv, busyness.interval.cv) <= _MOST_CV and stream.arrivals.sinusoid is None
    alike = alike and stream.arrivals.day_factors == DayFactors()
    each = [contacts(stream, day) for day in days]
    steps, hours = stream.arrivals.steps, queue.hours
    is_open = hours is None or all(
        inside(steps, hours, day.counts) >= number * (1 - 1e-9)
        for day, number in zip(days, each, strict=True)
    )
    return alike and is_open and not stream.backlog and all(n == 0 or n >= _LEAST_CONTACTS for n in each)


def _best_day(queue: Queue, streams: list[Stream], groups: list[Group], day: Horizon) -> float:
    """Return the share of a day's contacts that its people have time to begin, the quickest ones first.

    Whoever leaves may have one more contact in hand (all chats at once) and finish it in overtime; whoever
    is there after midnight may still answer in time.
    """
    assert queue.target is not None  # else it had no such goal
    offered = sorted((_hours_each(stream, day), contacts(stream, day)) for stream in streams)
    total = sum(number for _, number in offered)
    in_hand = (_in_hand(s.handle_time) * max(s.handle_time_by_weekday) for s in streams)
    extra = max(in_hand, default=0.0) + queue.target.within_s
    room = sum(
        (people_hours(group, day) + _heads(group) * extra / _HOUR_S) * handling_power(group)
        for group in groups
    )
    done = 0.0
    for mean, number in offered:
        some = min(number, room / mean) if mean > 0 else number
        done, room = done + some, room - some * mean
    return done / total if total else 0.0


def _hours_each(stream: Stream, day: Horizon) -> float:
    """Return the mean hours of a stream's contacts on a kind of day; the quickest of a holiday."""
    number = contacts(stream, day)
    factor = weighed_contacts(stream, day, min) / number if number else 1.0
    return factor * stream.handle_time.mean_s / _HOUR_S


def _in_hand(time: Distribution) -> float:
    """Return the mean length (s) of the contact that somebody has in hand: long ones are met more often."""
    known = {"exponential": 1.0, "deterministic": 0.0, "erlang": 1.0}
    cv = time.cv if time.cv is not None else known.get(time.kind, _UNKNOWN_CV)
    return time.mean_s * (1.0 + cv * cv)


def _heads(group: Group) -> float:
    """Return how many contacts a group's people may have in hand when they leave, over a day."""
    chats = group.concurrency.chats if group.concurrency else 1
    if group.shifts is not None:
        return 2.0 * chats * sum(shift.agents * (1 + len(shift.breaks)) for shift in group.shifts)
    steps = group.agents or ()
    most = max((step.value for step in steps), default=0.0)
    falls = (max(a.value - b.value, 0.0) for a, b in pairwise(steps))
    return chats * (2.0 * most + sum(falls))


def _best_occupancy(parts: Parts, goal: Goal) -> float | None:
    """Return the mean occupancy of a group that gets all the work there is; None where that is not sure."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    horizon, group = Horizon.of(parts.calendar), parts.groups[goal.name]
    queues = {name for name in parts.queues if set(parts.reachable(name)) & set(skills_of(group))}
    streams = [stream for stream in parts.streams.values() if stream.queue in queues]
    hours = people_hours(group, horizon)
    if hours <= 0 or goal.period == "day" or parts.calendar.days < 7:
        return None
    slowest = max(group.concurrency.slowdown) if group.concurrency else 1.0
    work = sum(work_hours(stream, horizon, max) for stream in streams)
    return work * slowest / group.speed / hours


_BEST: Final[dict[tuple[str, str], Callable[[Parts, Goal], float | None]]] = {
    ("queue", "service_level"): _best_level,
    ("group", "occupancy"): _best_occupancy,
}
