"""Promises round the clock that people do not keep: times in which nobody is there who could.

A first response promised within a quarter of an hour, day and night, cannot be given while nobody is at
work for longer than that. Looked at: whether contacts of the severity may come meanwhile, and to which
queues routing sends them; an update that is due while nobody writes any.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from scenarios.attributes import possible_attributes, queue_joined
from scenarios.model import Calendar, Queue
from scenarios.parts import Parts
from scenarios.problems import Finding
from scenarios.shifts import duty_steps
from scenarios.units import duration_text
from scenarios.week import DAY_S, KINDS_OF_DAY, WeekSteps, steps_on
from scenarios.work_places import work_places

Span = tuple[int, int]  # seconds since the first midnight, by clocks that never change
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Gap(NamedTuple):
    """A time (s since the first midnight, by the clocks) in which nobody serves a queue."""

    start_s: int
    end_s: int
    queue: str


def gap_findings(parts: Parts) -> Iterator[Finding]:
    """Yield an error for each promise round the clock with a gap, naming the first one."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    for name, severity in parts.life.severities.items():
        if severity.clock is not None:
            continue
        limit = severity.first_response
        if limit is not None and limit.kind == "time":
            gap = _first(parts, sorted(_queues_of(parts, name)), limit.amount_s, _arrivals(parts, name))
            if gap is not None:
                promise = f"{duration_text(limit.amount_s)} is promised round the clock"
                yield Finding(("severities", name, "first_response"), _told(parts.calendar, gap, promise))
        if severity.update is not None:
            every = severity.update.every_s
            gap = _first(parts, [severity.update.queue], every, None)
            if gap is not None:
                promise = f"an update is owed every {duration_text(every)}, round the clock"
                yield Finding(("severities", name, "update"), _told(parts.calendar, gap, promise))


def undone_work(parts: Parts) -> Iterator[Finding]:
    """Yield an error for each place that sends work to a queue while nobody is ever there to do it.

    Not for those who wait in person, and give up; updates round the clock are in `gap_findings`.
    """
    told = {
        ("severities", name, "update", "queue")
        for name, each in parts.life.severities.items()
        if not each.clock
    }
    for work in work_places(parts):
        if work.live or work.place in told:
            continue
        queues = parts.reachable(work.queue)
        groups = sorted({group for queue in queues for group in parts.groups_of(queue)})
        if groups and not any(_covered(parts, work.queue, kind) for kind in range(KINDS_OF_DAY)):
            message = (
                f"{work.what} would never be done: nobody of {' and '.join(groups)} is at work while queue "
                f"{work.queue!r} is open; give them 'agents' or 'shifts' then"
            )
            yield Finding(work.place, message)


def _told(calendar: Calendar, gap: Gap, promise: str) -> str:
    first, last = (_moment(calendar, second) for second in (gap.start_s, gap.end_s))
    return (
        f"{promise}, and nobody who serves queue {gap.queue!r} is there from {first} to {last}; put somebody "
        "on call or on a shift then, or name a clock, as in clock: desk"
    )


def _moment(calendar: Calendar, second: int) -> str:
    day = calendar.start + datetime.timedelta(days=second // DAY_S)
    within = second % DAY_S
    return f"{_NAMES[day.weekday()]} {day} {within // 3600:02d}:{within // 60 % 60:02d}"


def _queues_of(parts: Parts, severity: str) -> set[str]:
    """Return the queues that contacts of a severity are sent to."""
    contacts = possible_attributes(parts, (severity,))
    return {queue_joined(parts, contact) for contact in contacts if contact.severity == severity}


def _arrivals(parts: Parts, severity: str) -> list[WeekSteps] | None:
    """Return when contacts of a severity come, as profiles; None where they may come at any time."""
    streams = {each.stream for each in possible_attributes(parts, (severity,)) if each.severity == severity}
    surges = {name for each in parts.life.incidents.values() for name, more in each.surge.items() if more}
    if any(parts.streams[name].arrivals.sinusoid is not None for name in streams) or streams & surges:
        return None
    return [parts.streams[name].arrivals.steps for name in sorted(streams)]


def _first(
    parts: Parts, queues: Iterable[str], longer_s: float, arrivals: list[WeekSteps] | None
) -> Gap | None:
    """Return the first gap that is longer than so many seconds and in which contacts come."""
    gaps = (gap for queue in queues for gap in _first_of(parts, queue, longer_s, arrivals))
    return min(gaps, default=None)


def _first_of(parts: Parts, queue: str, longer_s: float, arrivals: list[WeekSteps] | None) -> Iterator[Gap]:
    """Yield the first such gap of a queue."""
    assert parts.calendar is not None  # the caller has checked that everything could be read
    if not any(parts.groups_of(each) for each in parts.reachable(queue)):
        return  # told already
    calendar = parts.calendar
    covered = [_covered(parts, queue, kind) for kind in range(KINDS_OF_DAY)]
    coming = None if arrivals is None else [_spans(arrivals, kind) for kind in range(KINDS_OF_DAY)]
    start = 0
    for n in range(calendar.days + 1):
        kind = calendar.kind_of(calendar.start + datetime.timedelta(days=n))
        spans = covered[kind] if n < calendar.days else [(0, 0)]
        for begin, end in spans:
            gap = Gap(start, n * DAY_S + begin, queue)
            if gap.end_s - gap.start_s > longer_s and _come(calendar, gap, longer_s, coming):
                yield gap
                return
            start = n * DAY_S + end


def _come(calendar: Calendar, gap: Gap, longer_s: float, coming: list[list[Span]] | None) -> bool:
    """Tell whether contacts come in a gap, so early that they wait longer than they may."""
    if coming is None:
        return True
    latest = gap.end_s - longer_s
    for n in range(gap.start_s // DAY_S, min(gap.end_s // DAY_S + 1, calendar.days)):
        kind = calendar.kind_of(calendar.start + datetime.timedelta(days=n))
        if any(n * DAY_S + a < latest and n * DAY_S + b > gap.start_s for a, b in coming[kind]):
            return True
    return False


def _covered(parts: Parts, queue: str, kind: int) -> list[Span]:
    """Return when on a kind of day somebody serves a queue, or one that it overflows to, while it is open."""
    open_ = _open(parts.queues[queue], kind)
    found = list[Span]()
    for each in parts.reachable(queue):
        for group in (parts.groups[name] for name in parts.groups_of(each)):
            steps = group.agents if group.agents is not None else tuple(duty_steps(group.shifts or ()))
            found += _both(_spans([steps], kind), _both(open_, _open(parts.queues[each], kind)))
    return _joined(found)


def _open(queue: Queue, kind: int) -> list[Span]:
    return [(0, DAY_S)] if queue.hours is None else _spans([queue.hours], kind)


def _spans(profiles: Iterable[WeekSteps], kind: int) -> list[Span]:
    steps = (step for each in profiles for step in steps_on(each, kind))
    return _joined([(step.start_s, step.end_s) for step in steps if step.value > 0])


def _joined(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    joined = list[Span]()
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _both(one: list[Span], other: list[Span]) -> list[Span]:
    cut = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(start, end) for start, end in cut if start < end]
