"""Contacts by stream, local day and interval, counted in the database."""

import datetime
from typing import Any

import numpy as np

from calibration.facts.local_time import day_number
from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.count_grid import CountGrid
from calibration.observe.streams import Rows


def count_grid(rows: Rows, first: datetime.date, last: datetime.date, interval_s: int) -> CountGrid:
    """Counts of all days from `first` to `last`.

    A day without any contact was not counted: closed, or missing from the export. On the others an interval
    is open if any day of the same weekday has a contact in it, or in an earlier and a later one.
    """
    days, width = (last - first).days + 1, 86_400 // interval_s
    table = rows.table
    day = (table["local_us"] // DAY_US).cast("int64") - day_number(first)
    slot = ((table["local_us"] % DAY_US) // (interval_s * SECOND_US)).cast("int64")
    cells = table.select(stream=table["stream"], day=day, slot=slot)
    found = cells.group_by("stream", "day", "slot").agg(n=cells.count()).to_pyarrow()
    counts = np.zeros((len(rows.streams), days, width), np.int64)
    which = {name: i for i, name in enumerate(rows.names)}
    at = np.array([which[name] for name in found["stream"].to_pylist()], np.int64)
    d, s, n = (found[name].to_numpy() for name in ("day", "slot", "n"))
    inside = (d >= 0) & (d < days)
    counts[at[inside], d[inside], s[inside]] = n[inside]
    dates = tuple(first + datetime.timedelta(i) for i in range(days))
    return CountGrid(interval_s, dates, opened(counts.sum(axis=0), dates), rows.names, counts)


def opened(totals: Any, dates: tuple[datetime.date, ...]) -> Any:
    """[day, interval]: from the first to the last interval in which a day of the weekday has contacts."""
    weekdays = np.array([date.weekday() for date in dates])
    found = np.zeros(totals.shape, bool)
    for weekday in range(7):
        own = weekdays == weekday
        used = np.flatnonzero(totals[own].any(axis=0))
        if len(used):
            found[np.ix_(own & totals.any(axis=1), np.arange(used[0], used[-1] + 1))] = True
    return found
