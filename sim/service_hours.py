"""Opening hours by name as the arrays that the clocks of promises run on: `SPAN` and `CLOCKWORK`.

Deadlines of cases that come late lie after the horizon, so the hours of some days beyond it are known
too. Hours begin and end on days when clocks change as they do everywhere (`sim/almanac.py`).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Calendar
from scenarios.week import WeekSteps
from sim.almanac import Almanac, almanac, passes, stretches
from sim.clock import TICKS_PER_SECOND
from sim.layout import CLOCKWORK, SPAN

BEYOND_DAYS: Final = 60  # local days after the horizon whose hours are known


class ServiceHours(NamedTuple):
    """Several calendars of opening hours in one array; the number of a clock is its row in `clockworks`."""

    spans: np.ndarray  # SPAN
    clockworks: np.ndarray  # CLOCKWORK, one row a calendar

    def clock(self, number: int) -> tuple[int, int]:
        """First and last of the spans of a clock."""
        return int(self.clockworks[number]["first"]), int(self.clockworks[number]["last"])


def service_hours(calendar: Calendar, hours: Sequence[WeekSteps]) -> ServiceHours:
    """The clocks of so many weeks of opening hours, through the horizon and `BEYOND_DAYS` days more."""
    days = almanac(calendar, BEYOND_DAYS)
    parts = [spans_of(days, week) for week in hours]
    ends = list(accumulate((len(part) for part in parts), initial=0))
    clockworks = np.array(list(pairwise(ends)), CLOCKWORK)
    return ServiceHours(np.concatenate([np.zeros(0, SPAN), *parts]), clockworks)


def spans_of(days: Almanac, hours: WeekSteps) -> np.ndarray:
    """The open stretches of weekly hours over all days of an almanac, as SPAN."""
    found = np.array(list(_pieces(days, hours)), np.int64).reshape(-1, 4)
    start, end, day, wall = found.T
    spans = np.zeros(len(found), SPAN)
    spans["start"] = start * TICKS_PER_SECOND
    spans["end"] = end * TICKS_PER_SECOND
    length = spans["end"] - spans["start"]
    spans["before"] = np.cumsum(length) - length
    spans["day"] = np.unique(day, return_inverse=True)[1]
    spans["wall"] = wall * TICKS_PER_SECOND
    return spans


def _pieces(days: Almanac, hours: WeekSteps) -> Iterator[tuple[int, int, int, int]]:
    """Start, end, local day and wall-clock time at the start of each open piece, in s; in order.

    Weekly steps end at midnight, so that a piece lies within a day; it is cut where clocks change.
    """
    for stretch in stretches(days, hours):
        n = bisect_right(days.midnights, stretch.start_s) - 1
        for part in passes(days, n):
            start, end = max(stretch.start_s, part.start_s), min(stretch.end_s, part.end_s)
            if start < end:
                yield start, end, n, start - int(part.value)
