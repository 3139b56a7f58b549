"""The almanac: a scenario's calendar on the clock of the simulation.

Weekly steps are wall-clock times of a time zone; the horizon is real time. A day on which the
clocks change has 23 or 25 hours. A step in the missing hour is skipped, one over the repeated hour
lasts through both. Where people or opening hours begin or end within the repeated hour, they do so
the first time; a profile of arrivals is gone through twice there, as the clock is.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from scenarios.model import Calendar
from scenarios.week import KINDS_OF_DAY, Step, steps_on

DAY_S: Final = 86_400
FloatArray = NDArray[np.float64]


class Almanac(NamedTuple):
    """A horizon of whole local days. Times are whole seconds since its start."""

    zone: ZoneInfo
    origin: int  # seconds since 1970 of the horizon's start
    dates: tuple[date, ...]
    kinds: tuple[int, ...]  # of each day: its weekday, or 7 for a holiday
    midnights: tuple[int, ...]  # start of each day, and the end of the last
    interval_s: int

    @property
    def end(self) -> int:
        return self.midnights[-1]

    @property
    def intervals(self) -> int:
        return self.end // self.interval_s


class Stretch(NamedTuple):
    """A value in force over real time [start_s, end_s)."""

    start_s: int
    end_s: int
    value: float


def _epoch(day: date, seconds: int, zone: ZoneInfo) -> int:
    """Seconds since 1970 of a wall-clock time; `seconds` may reach into the days after."""
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
    late = wall.replace(tzinfo=zone, fold=0)
    early = wall.replace(tzinfo=zone, fold=1)
    if late.timestamp() <= early.timestamp():
        return int(late.timestamp())
    return _jump(int(early.timestamp()), int(late.timestamp()), zone)


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """The moment between two (seconds since 1970) at which the clocks go forward.

    A wall-clock time that the clocks leave out stands for that moment.
    """
    offset = datetime.fromtimestamp(after, tz=zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, tz=zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def almanac(calendar: Calendar, beyond: int = 0) -> Almanac:
    """The horizon that a calendar describes, or one that is so many days longer.

    Days beyond are holidays where the calendar lists them.
    """
    zone = ZoneInfo(calendar.time_zone)
    dates, midnights = _days(calendar.start, calendar.days + beyond, zone)
    kinds = tuple(calendar.kind_of(d) for d in dates)
    seconds = tuple(each - midnights[0] for each in midnights)
    return Almanac(zone, midnights[0], dates, kinds, seconds, int(calendar.interval))


@lru_cache(maxsize=4)  # asked for several times a run, and slow over years
def _days(first: date, count: int, zone: ZoneInfo) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """So many days, and their midnights with the one after (seconds since 1970)."""
    days = [first + timedelta(days=n) for n in range(count + 1)]
    return tuple(days[:-1]), tuple(_epoch(day, 0, zone) for day in days)


def stretches(almanac: Almanac, steps: tuple[Step, ...]) -> Iterator[Stretch]:
    """The stretches of real time over which weekly steps hold with a value above zero, in order."""
    by_kind = [steps_on(steps, kind) for kind in range(KINDS_OF_DAY)]
    for n, kind in enumerate(almanac.kinds):
        for step in by_kind[kind]:
            start, end = moment(almanac, n, step.start_s), moment(almanac, n, step.end_s)
            if start < end and step.value:
                yield Stretch(start, end, step.value)


def moment(almanac: Almanac, day: int, seconds: int) -> int:
    """The moment of a wall-clock time (seconds after midnight, 86,400 and more too) of day number `day`."""
    start, end = almanac.midnights[day], almanac.midnights[day + 1]
    if end - start == DAY_S and seconds <= DAY_S:
        return start + seconds
    return _epoch(almanac.dates[day], seconds, almanac.zone) - almanac.origin


def means(almanac: Almanac, steps: tuple[Step, ...]) -> FloatArray:
    """The mean value of weekly steps over each interval of the horizon; 0 where no step holds."""
    mean = np.zeros(almanac.intervals)
    by_kind = [steps_on(steps, kind) for kind in range(KINDS_OF_DAY)]
    usual = np.array([_usual_day(almanac, of_day) for of_day in by_kind])
    at = np.array(almanac.midnights) // almanac.interval_s
    changing = np.flatnonzero(np.diff(almanac.midnights) != DAY_S)
    for first, last in pairwise([-1, *changing.tolist(), len(almanac.kinds)]):  # the clocks change on both
        mean[at[first + 1] : at[last]] = usual[list(almanac.kinds[first + 1 : last])].reshape(-1)
    for n in changing.tolist():
        for passing in passes(almanac, n):
            for step in by_kind[almanac.kinds[n]]:
                _spread(mean, almanac.interval_s, _within(passing, step))
    return mean


def passes(almanac: Almanac, n: int) -> tuple[Stretch, ...]:
    """The parts of a day through which clocks run evenly: the whole of it, unless they change on it.

    The value is the moment at which clocks that always ran as in this part would have shown midnight.
    """
    start, end = almanac.midnights[n], almanac.midnights[n + 1]
    after = float(end - DAY_S)
    if end - start == DAY_S:
        return (Stretch(start, end, after),)
    if _offset(almanac, start) == _offset(almanac, end - 1):  # they change at midnight: the day begins later
        return (Stretch(start, end, after),)
    jump = _jump(almanac.origin + start, almanac.origin + end - 1, almanac.zone) - almanac.origin
    return Stretch(start, jump, float(start)), Stretch(jump, end, after)


def _offset(almanac: Almanac, second: int) -> timedelta | None:
    return local_start(almanac, second).utcoffset()


def _within(passing: Stretch, step: Step) -> Stretch:
    """The real time of a step within a part of a day; without any length where there is none."""
    midnight = int(passing.value)
    start = max(passing.start_s, midnight + step.start_s)
    return Stretch(start, max(start, min(passing.end_s, midnight + step.end_s)), step.value)


def _usual_day(almanac: Almanac, steps: list[Step]) -> FloatArray:
    mean = np.zeros(DAY_S // almanac.interval_s)
    for step in steps:
        _spread(mean, almanac.interval_s, Stretch(step.start_s, step.end_s, step.value))
    return mean


def _spread(mean: FloatArray, interval_s: int, stretch: Stretch) -> None:
    """Add a stretch to the means of the intervals that it overlaps."""
    for i in range(stretch.start_s // interval_s, -(-stretch.end_s // interval_s)):
        overlap = min(stretch.end_s, (i + 1) * interval_s) - max(stretch.start_s, i * interval_s)
        mean[i] += stretch.value * overlap / interval_s


def local_start(almanac: Almanac, second: int) -> datetime:
    """The local date and time at a moment of the horizon, with its offset from UTC."""
    return datetime.fromtimestamp(almanac.origin + second, tz=UTC).astimezone(almanac.zone)
