"""Contacts by stream, day and interval: the table from which arrivals are fitted."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class CountGrid(NamedTuple):
    """Counts of the streams; `days` are all days of the period in order, those without contacts too.

    `open` [day, interval] is True where contacts were counted: a zero there is nobody who came, elsewhere it
    says nothing. Interval i begins i x `interval_s` seconds after midnight.
    """

    interval_s: int
    days: tuple[datetime.date, ...]
    open: Bools
    streams: tuple[str, ...]
    counts: Ints  # [stream, day, interval]

    @property
    def weekdays(self) -> Ints:
        """The weekday of each day, 0 = Monday."""
        return np.array([day.weekday() for day in self.days], np.int64)

    @property
    def times(self) -> Floats:
        """Each day as a number of days since the first."""
        first = self.days[0]
        return np.array([(day - first).days for day in self.days], float)

    def of(self, stream: str) -> Floats:
        """Counts of a stream [day, interval], 0 where nothing was counted. Raises ``KeyError``."""
        if stream not in self.streams:
            raise KeyError(f"{stream!r} is none of {', '.join(self.streams)}")
        return np.where(self.open, self.counts[self.streams.index(stream)], 0).astype(float)

    def joined(self, interval_s: int) -> "CountGrid":
        """The same counts in longer intervals, open where any part is.

        Raises ``ValueError`` for a length that is no multiple, or does not divide the day.
        """
        parts, left = divmod(interval_s, self.interval_s)
        if left or parts < 1 or self.open.shape[1] % parts:
            raise ValueError(
                f"intervals of {interval_s} s cannot be made of {self.interval_s} s; "
                "give a multiple that divides a day"
            )
        shape = (len(self.days), -1, parts)
        counts = np.where(self.open, self.counts, 0).reshape(len(self.streams), *shape).sum(axis=3)
        return self._replace(interval_s=interval_s, open=some(self.open.reshape(shape), 2), counts=counts)


def some(flags: Bools, axis: int | tuple[int, ...]) -> Bools:
    """Where any flag along an axis, or along several, is set."""
    found: Bools = np.any(flags, axis=axis)
    return found


def alike(weekdays: Ints, opened: Bools) -> Iterator[Ints]:
    """Yield the rows of days of one weekday with the same open intervals, weekday by weekday."""
    for weekday in range(7):
        rows = np.flatnonzero(weekdays == weekday)
        patterns: dict[bytes, list[int]] = {}
        for row in rows:
            patterns.setdefault(opened[row].tobytes(), []).append(int(row))
        yield from (np.array(each) for each in patterns.values() if opened[each[0]].any())
