"""What happened, in the count columns of ``scenarios/definitions.py``: by stream, day and interval.

Contacts count in the interval in which they came, all their counts and times with them.
"""

import datetime
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.facts.local_time import day_number
from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.count_grid import Ints
from calibration.observe.streams import Rows

COLUMNS: Final = (
    "offered", "answered", "answered_within", "abandoned", "abandoned_within", "abandoned_short",
    "wait_answered", "handled",
)  # fmt: skip


class Actual(NamedTuple):
    """Counts, and times in microseconds, [stream, day, interval, column]."""

    first: datetime.date
    interval_s: int
    streams: tuple[str, ...]
    counts: Ints

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        return tuple(self.first + datetime.timedelta(i) for i in range(self.counts.shape[1]))


def actual(
    rows: Rows, first: datetime.date, last: datetime.date, interval_s: int, within_s: float, short_s: float
) -> Actual:
    """Count what happened from `first` to `last`; `within_s` is the service level's threshold."""
    days, width = (last - first).days + 1, 86_400 // interval_s
    start = day_number(first)
    t = rows.table
    t = t.filter((t["local_us"] >= start * DAY_US) & (t["local_us"] < (start + days) * DAY_US))
    answered, lost = t["outcome"] == "handled", t["outcome"] == "abandoned"
    wait = t["wait_us"].coalesce(0)
    flags = {
        "answered": answered,
        "answered_within": answered & (wait <= int(within_s * SECOND_US)),
        "abandoned": lost,
        "abandoned_within": lost & (wait <= int(within_s * SECOND_US)),
        "abandoned_short": lost & (wait <= int(short_s * SECOND_US)),
    }
    cells = t.select(
        stream=t["stream"],
        day=(t["local_us"] // DAY_US).cast("int64") - start,
        slot=((t["local_us"] % DAY_US) // (interval_s * SECOND_US)).cast("int64"),
        offered=1,
        wait_answered=answered.cast("int64") * wait,
        handled=answered.cast("int64") * t["handle_us"].coalesce(0),
        **{name: flag.cast("int64") for name, flag in flags.items()},
    )
    sums: dict[str, Any] = {name: cells[name].sum().cast("int64") for name in COLUMNS}
    found = cells.group_by("stream", "day", "slot").agg(**sums).to_pyarrow()
    counts = np.zeros((len(rows.streams), days, width, len(COLUMNS)), np.int64)
    place = {name: i for i, name in enumerate(rows.names)}
    at = np.array([place[name] for name in found["stream"].to_pylist()], np.int64)
    values = np.column_stack([found[name].to_numpy() for name in COLUMNS]) if len(found) else 0
    counts[at, found["day"].to_numpy(), found["slot"].to_numpy()] = values
    return Actual(first, interval_s, rows.names, counts)
