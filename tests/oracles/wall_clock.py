"""Opening hours minute by minute, as somebody would tell who watches the wall clock: slow and plain.

All times are whole minutes. Nothing is shared with `sim/`: what clocks show comes from zoneinfo alone.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOLIDAY = 7
Hours = Mapping[int, Sequence[tuple[int, int]]]  # kind of day -> its windows, minutes after midnight


class Minutes(NamedTuple):
    """Minute by minute: the local date, minutes after midnight as clocks show them, whether it is open."""

    dates: tuple[date, ...]
    walls: tuple[int, ...]
    opened: tuple[bool, ...]
    open_on: Mapping[date, list[int]]  # the open minutes of each date that has any


@lru_cache(maxsize=64)
def shown(zone: str, first: date, days: int) -> tuple[tuple[date, int], ...]:
    """What clocks show in each minute of some local days."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    times = [start + timedelta(minutes=m) for m in range((days + 2) * 1440)]
    local = [time.astimezone(ZoneInfo(zone)) for time in times]
    last = first + timedelta(days=days - 1)
    return tuple((t.date(), t.hour * 60 + t.minute) for t in local if first <= t.date() <= last)


class _Days(NamedTuple):
    """The minutes of some local days: their dates, what clocks show, and that of each day by itself."""

    dates: tuple[date, ...]
    walls: tuple[int, ...]
    of: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=64)
def _days(zone: str, first: date, days: int) -> _Days:
    on_clocks = shown(zone, first, days)
    each = [first + timedelta(days=n) for n in range(days)]
    of = tuple(tuple(wall for seen, wall in on_clocks if seen == day) for day in each)
    return _Days(tuple(d for d, _ in on_clocks), tuple(w for _, w in on_clocks), of)


def watch(zone: str, first: date, days: int, hours: Hours, holidays: Sequence[date]) -> Minutes:
    """Watch some days of opening hours; a holiday of which hours say nothing is as a Sunday."""
    seen, opened = _days(zone, first, days), list[bool]()
    for n, walls in enumerate(seen.of):
        day = first + timedelta(days=n)
        kind = day.weekday() if day not in holidays else HOLIDAY if HOLIDAY in hours else 6
        opened += _opened(walls, hours.get(kind, ()))
    open_on: dict[date, list[int]] = {}
    for m, (day, is_open) in enumerate(zip(seen.dates, opened, strict=True)):
        if is_open:
            open_on.setdefault(day, []).append(m)
    return Minutes(seen.dates, seen.walls, tuple(opened), open_on)


def _opened(walls: Sequence[int], windows: Sequence[tuple[int, int]]) -> list[bool]:
    """The minutes of a day: doors open when clocks first show the start or more, and close alike."""
    found = [False] * len(walls)
    for start, end in windows:
        first = next((m for m, wall in enumerate(walls) if wall >= start), len(walls))
        last = next((m for m, wall in enumerate(walls) if wall >= end), len(walls))
        for m in range(first, last):
            found[m] = True
    return found


def open_minutes(seen: Minutes, a: int, b: int) -> int:
    """How many minutes from a up to b are open."""
    return sum(seen.opened[a:b])


def after_open(seen: Minutes, start: int, amount: int) -> int | None:
    """When so many open minutes have gone by; None if that is not seen."""
    m, left = start, amount
    while left:
        if m >= len(seen.opened):
            return None
        left -= seen.opened[m]
        m += 1
    return m


def _next_open(seen: Minutes, start: int) -> int | None:
    return next((m for m in range(start, len(seen.opened)) if seen.opened[m]), None)


def end_of_day(seen: Minutes, start: int) -> int | None:
    """When the day of the next open minute closes for the last time."""
    found = _next_open(seen, start)
    if found is None:
        return None
    return 1 + max(seen.open_on[seen.dates[found]])


def business_days(seen: Minutes, start: int, n: int) -> int | None:
    """The same wall-clock time on the n-th opening day after that of the next open minute."""
    found = _next_open(seen, start)
    if found is None:
        return None
    later = [day for day in sorted(seen.open_on) if day >= seen.dates[found]]
    if n >= len(later):
        return None
    minutes = seen.open_on[later[n]]
    same = [m for m in minutes if seen.walls[m] == seen.walls[found]]
    if same:
        return same[0]
    before = [m for m in minutes if seen.walls[m] < seen.walls[found]]
    return before[-1] + 1 if before else minutes[0]
