"""Where time is counted: the intervals of a horizon, its days, and the intervals of a week, as bins."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.week import clock_seconds
from sim import tally as tallies
from sim.almanac import Almanac, local_start
from sim.compile import Model
from sim.tally import SPOT

Ints = NDArray[np.integer[Any]]

INTERVAL_ROWS_UP_TO_S: Final = 13 * 7 * 86_400
_CELLS_AT_MOST: Final = 24_000_000  # of waits by interval: 96 MB a worker, and a tenth of a second to sum up
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _by_interval(almanac: Almanac, queues: int) -> bool:
    cells = queues * almanac.intervals * tallies.COARSE_BUCKETS
    return almanac.end <= INTERVAL_ROWS_UP_TO_S and cells <= _CELLS_AT_MOST


class Bins(NamedTuple):
    """Where each interval is counted; the labels of the bins, and what they are (see `Plan`)."""

    spots: np.ndarray  # SPOT, one row an interval
    labels: list[str]
    rows: int
    days_from: int
    days: Ints


def bins_of(model: Model) -> Bins:
    """Bins of a model: intervals and beside them days, or days and beside them the intervals of a week."""
    almanac = model.almanac
    spots = np.full(almanac.intervals, -1, SPOT)
    spots["bin"] = spots["profile"] = -1
    seconds = np.arange(almanac.intervals) * almanac.interval_s
    counted = seconds >= model.scenario.run.warm_up_s
    day = np.searchsorted(almanac.midnights, seconds, side="right") - 1
    first = int(day[counted][0])
    dates = [d.isoformat() for d in almanac.dates[first:]]
    if _by_interval(almanac, len(model.names.queues)):
        labels = [local_start(almanac, int(s)).isoformat() for s in seconds[counted]]
        rows = len(labels)
        spots["bin"][counted] = np.arange(rows)
        if len(dates) > 1:
            spots["profile"][counted] = rows + day[counted] - first
            labels += dates
        return Bins(spots, labels, rows, rows, day[counted])
    spots["bin"][counted] = day[counted] - first
    of_week = _interval_of_week(almanac, seconds, day)
    spots["profile"][counted] = len(dates) + of_week[counted]
    labels = dates + _week_labels(almanac.interval_s)
    return Bins(spots, labels, len(dates), len(labels), np.arange(len(dates)))


def day_bins(model: Model) -> Bins:
    """The days that count as the only bins: all that is wanted where nobody looks into a day."""
    almanac = model.almanac
    spots = np.full(almanac.intervals, -1, SPOT)
    spots["bin"] = spots["profile"] = -1
    seconds = np.arange(almanac.intervals) * almanac.interval_s
    counted = seconds >= model.scenario.run.warm_up_s
    day = np.searchsorted(almanac.midnights, seconds, side="right") - 1
    first = int(day[counted][0])
    spots["bin"][counted] = day[counted] - first
    labels = [d.isoformat() for d in almanac.dates[first:]]
    return Bins(spots, labels, len(labels), len(labels), np.arange(len(labels)))


def _interval_of_week(almanac: Almanac, seconds: Ints, day: Ints) -> Ints:
    """The interval of the standard week at each moment; the hours of a day on which clocks change shift."""
    weekday = np.array([d.weekday() for d in almanac.dates])[day]
    wall = seconds - np.array(almanac.midnights)[day]
    for n, (start, end) in enumerate(zip(almanac.midnights[:-1], almanac.midnights[1:], strict=True)):
        if end - start != 86_400:
            on_day = day == n
            starts = [local_start(almanac, int(s)) for s in seconds[on_day]]
            wall[on_day] = [clock_seconds(each) for each in starts]
    found: np.ndarray = weekday * (86_400 // almanac.interval_s) + wall // almanac.interval_s
    return found


def _week_labels(interval_s: int) -> list[str]:
    a_day = [f"{s // 3600:02d}:{s // 60 % 60:02d}" for s in range(0, 86_400, interval_s)]
    return [f"{d} {time}" for d in _DAYS for time in a_day]
