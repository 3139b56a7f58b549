"""Service clocks: how long a promise has run, and when it is due, where time counts in opening hours only.

A clock is one calendar of opening hours, `spans[first:last]` in order (`sim/service_hours.py`); a
`first` of -1 is the clock that never stops. What is open is half-open, [start, end): at
the very moment of closing, a clock stands. All times are ticks; what lies beyond the hours that are
known is NEVER.
"""

from typing import Final

import numpy as np

from sim.clock import NEVER, TICKS_PER_SECOND
from sim.jit import U64, code, compiled, routine

TIME: Final = code(0)  # so many ticks that the clock runs
SAME_DAY: Final = code(1)  # until the opening day ends
DAYS: Final = code(2)  # so many opening days later

_DAY: Final = 86_400 * TICKS_PER_SECOND


@compiled
def _ending_after(spans: np.ndarray, first: int, last: int, tick: int) -> int:
    """The span that lasts at a tick, or else the next one; `last` if there is none."""
    while first < last:
        middle = (first + last) >> 1
        if spans[U64(middle)]["end"] > tick:
            last = middle
        else:
            first = middle + 1
    return first


@compiled
def _reaching(spans: np.ndarray, first: int, last: int, amount: int) -> int:
    """The last span at whose start the clock has run less than `amount` (above 0) in all."""
    while last - first > 1:
        middle = (first + last) >> 1
        if spans[U64(middle)]["before"] >= amount:
            last = middle
        else:
            first = middle
    return first


@compiled
def _run_by(spans: np.ndarray, first: int, last: int, tick: int) -> int:
    """How long the clock has run by a tick, since the horizon's start."""
    if first == last:
        return 0
    i = _ending_after(spans, first, last - 1, tick)  # after the last span, that one
    span = spans[U64(i)]
    return int(span["before"] + max(min(tick, span["end"]) - span["start"], 0))


@compiled
def open_ticks(spans: np.ndarray, first: int, last: int, a: int, b: int) -> int:
    """How long the clock runs between ticks a <= b."""
    return _run_by(spans, first, last, b) - _run_by(spans, first, last, a)


@compiled
def after_open(spans: np.ndarray, first: int, last: int, start: int, amount: int) -> int:
    """The first tick by which the clock has run `amount` since `start`.

    Where that is just at closing, it is the moment of closing, not the next opening.
    """
    if amount <= 0:
        return start
    if first == last:
        return NEVER
    total = _run_by(spans, first, last, start) + amount
    span = spans[U64(_reaching(spans, first, last, total))]
    tick = span["start"] + (total - span["before"])
    return NEVER if tick > span["end"] else int(tick)


@compiled
def when_open(spans: np.ndarray, first: int, last: int, tick: int) -> int:
    """The moment itself if it is open, or else one in the next opening: as far into that as into the gap.

    So what falls into a night is spread over the day after it, in order. `first` of -1: always open.
    """
    if first < 0:
        return tick
    i = _ending_after(spans, first, last, tick)
    if i == last or spans[U64(i)]["start"] <= tick:
        return tick  # after the last opening that is known there is none to move it to
    span = spans[U64(i)]
    closed = 0 if i == first else spans[U64(i - 1)]["end"]
    part = (tick - closed) / (span["start"] - closed)
    return int(span["start"] + part * (span["end"] - span["start"]))


@compiled
def end_of_day(spans: np.ndarray, first: int, last: int, start: int) -> int:
    """The last closing of the opening day of `start`.

    From midnight to its last closing that is the local day itself, and after it (or where there is none)
    the next day with any opening: in other words, the day of the open moment that is next.
    """
    i = _ending_after(spans, first, last, start)
    if i == last:
        return NEVER
    day = spans[U64(i)]["day"]
    while i + 1 < last and spans[U64(i + 1)]["day"] == day:
        i += 1
    return int(spans[U64(i)]["end"])


@compiled
def business_days(spans: np.ndarray, first: int, last: int, start: int, n: int) -> int:
    """The same wall-clock time on the n-th opening day after that of `start`, or of the next opening.

    A time that clocks show twice is meant the first time that it is open. Where the day is not open at
    that time, it is the last closing before it, or the day's first opening if there is none. Days are
    walked through: promises are of a few.
    """
    i = _ending_after(spans, first, last, start)
    if i == last:
        return NEVER
    wall = spans[U64(i)]["wall"] + max(start - spans[U64(i)]["start"], 0)
    day = spans[U64(i)]["day"] + n
    while i < last and spans[U64(i)]["day"] < day:
        i += 1
    if i == last:
        return NEVER
    tick = spans[U64(i)]["start"]
    while i < last and spans[U64(i)]["day"] == day:
        span = spans[U64(i)]
        since = wall - span["wall"]
        if 0 <= since < span["end"] - span["start"]:
            return int(span["start"] + since)
        if since > 0:
            tick = span["end"]
        i += 1
    return int(tick)


@routine
def due_after(spans: np.ndarray, first: int, last: int, kind: int, start: int, amount: int) -> int:
    """The tick at which a promise that starts at `start` is due, by its kind; -1 where none is made.

    `amount` is ticks of a TIME and opening days of DAYS; a promise of the SAME_DAY needs none. Round the
    clock (`first` is -1) there are no opening days: a day is 24 hours there, also when clocks change, and
    the same day is over after one.
    """
    if kind < 0:
        return -1
    if first < 0:
        if kind == TIME:
            return start + amount
        return start + (amount if kind == DAYS else 1) * _DAY
    if kind == TIME:
        return after_open(spans, first, last, start, amount)
    if kind == SAME_DAY:
        return end_of_day(spans, first, last, start)
    return business_days(spans, first, last, start, amount)
