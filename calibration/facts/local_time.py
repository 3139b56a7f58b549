"""UTC <-> what the clocks of a zone showed, as expressions that any database can compute.

The changes of a zone's clocks are found with ``zoneinfo`` and written into the expression as a tree of
comparisons: no time-zone data of the database are used, so that all of them give the same answers.
"""

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import ibis

from calibration.facts.sql import DAY_US, SECOND_US

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
_DAY_S: Final = 86_400
_EPOCH: Final = datetime.date(1970, 1, 1)


class Change(NamedTuple):
    """A moment at which the clocks of a zone change: offsets from UTC before and after it."""

    at_us: int
    before_us: int
    after_us: int


class Clocks(NamedTuple):
    """The clocks of a zone over some years: the first offset, and every change of it."""

    zone: str
    first_us: int
    changes: tuple[Change, ...]

    def within(self, first_us: int, last_us: int) -> "Clocks":
        """The same clocks with the changes alone that matter to times between two moments (either clock)."""
        low, high = first_us - 2 * DAY_US, last_us + 2 * DAY_US
        earlier = [each for each in self.changes if each.at_us < low]
        first_offset = earlier[-1].after_us if earlier else self.first_us
        kept = tuple(each for each in self.changes if low <= each.at_us <= high)
        return Clocks(self.zone, first_offset, kept)


@lru_cache(maxsize=64)
def clocks_of(zone: str) -> Clocks:
    """The clocks of a zone from 1990 to 2100. Raises ``KeyError`` for a zone that nobody knows."""
    local = ZoneInfo(zone)
    days = range(year_us(FIRST_YEAR) // SECOND_US, year_us(LAST_YEAR + 1) // SECOND_US, 7 * _DAY_S)
    offsets = [_offset_s(local, at) for at in days]
    changes = []
    for i in range(1, len(days)):
        low = days[i - 1]
        while _offset_s(local, low) != offsets[i]:  # rarely two in a week (Ramadan in Morocco)
            changes.append(_first_change(local, low, days[i]))
            low = changes[-1].at_us // SECOND_US
    return Clocks(zone, offsets[0] * SECOND_US, tuple(changes))


def _first_change(local: ZoneInfo, low: int, high: int) -> Change:
    """The change after a moment with an offset that lasts until it."""
    before = _offset_s(local, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_s(local, middle) == before else (low, middle)
    return Change(high * SECOND_US, before * SECOND_US, _offset_s(local, high) * SECOND_US)


def day_number(day: datetime.date) -> int:
    """Days since 1970, as clocks count them: what `local_us // DAY_US` is on that day."""
    return (day - _EPOCH).days


def day_of(number: int) -> datetime.date:
    """The day of that number."""
    return _EPOCH + datetime.timedelta(days=number)


def year_us(year: int) -> int:
    """The beginning of a year in UTC, in microseconds since 1970."""
    return int(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp()) * SECOND_US


def _offset_s(local: ZoneInfo, at_s: int) -> int:
    offset = datetime.datetime.fromtimestamp(at_s, local).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def to_local(utc_us: Any, clocks: Clocks) -> Any:
    """What the clocks showed at moments in UTC, both int64 microseconds."""
    return utc_us + _offset(utc_us, clocks, lambda change: change.at_us)


def to_utc(wall_us: Any, clocks: Clocks, not_before: Any = None) -> Any:
    """The moments in UTC at which the clocks showed something.

    A time that they show twice is the first; the second if that is what it takes not to lie before
    `not_before`, another moment in UTC. A time that they leave out counts as if they had not changed yet.
    """
    first = wall_us - _first_offset(wall_us, clocks)
    if not_before is None or not _overlaps(clocks):
        return first
    second = wall_us - _second_offset(wall_us, clocks)
    return ibis.ifelse((first < not_before).fill_null(False) & (second > first), second, first)


def left_out(wall_us: Any, clocks: Clocks) -> Any:
    """Whether the clocks never showed this: they went forward."""
    if not any(each.after_us > each.before_us for each in clocks.changes):
        return ibis.literal(False)
    return _second_offset(wall_us, clocks) > _first_offset(wall_us, clocks)


def shown_twice(wall_us: Any, clocks: Clocks) -> Any:
    """Whether the clocks showed this twice: they went back."""
    if not _overlaps(clocks):
        return ibis.literal(False)
    return _second_offset(wall_us, clocks) < _first_offset(wall_us, clocks)


def _overlaps(clocks: Clocks) -> bool:
    return any(each.after_us < each.before_us for each in clocks.changes)


def _first_offset(wall_us: Any, clocks: Clocks) -> Any:
    return _offset(wall_us, clocks, lambda each: each.at_us + max(each.before_us, each.after_us))


def _second_offset(wall_us: Any, clocks: Clocks) -> Any:
    return _offset(wall_us, clocks, lambda each: each.at_us + min(each.before_us, each.after_us))


def _offset(at_us: Any, clocks: Clocks, since: Callable[[Change], int]) -> Any:
    """The offset that holds at a time, by a balanced tree of comparisons with the changes."""
    steps = [(since(each), each.after_us) for each in clocks.changes]
    return _tree(at_us, clocks.first_us, steps)


def _tree(at_us: Any, before: int, steps: Sequence[tuple[int, int]]) -> Any:
    if not steps:
        return ibis.literal(before, type="int64")
    middle = len(steps) // 2
    since, after = steps[middle]
    return ibis.ifelse(
        at_us < since, _tree(at_us, before, steps[:middle]), _tree(at_us, after, steps[middle + 1 :])
    )
