"""Handle times and waits of the streams, joined into cells of half a percent in the database."""

from typing import Any, Final

import numpy as np

from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.cells import Cells, Waits
from calibration.fits.length_by_day import Days
from calibration.observe.streams import Rows

_CELLS_A_FACTOR: Final = 200  # in a factor of e: a cell is 0.5 % wide
_SECOND: Final = float(SECOND_US)


def cell_of(us: Any) -> Any:
    """The number of the cell of a duration; -1 for none at all."""
    import ibis

    return ibis.ifelse(us > 0, (us.cast("float64").ln() * _CELLS_A_FACTOR).floor().cast("int64"), -1)


def handle_cells(rows: Rows) -> dict[str, Cells]:
    """Handle times of each stream; empty where the export has none."""
    table = rows.table.filter((rows.table["outcome"] == "handled") & rows.table["handle_us"].notnull())
    table = table.select(stream=table["stream"], us=table["handle_us"], cell=cell_of(table["handle_us"]))
    found = table.group_by("stream", "cell").agg(n=table.count(), us=table["us"].sum().cast("int64"))
    parts = _by_stream(found.order_by("stream", "cell"), rows)
    return {name: Cells(part["us"] / part["n"] / _SECOND, part["n"]) for name, part in parts.items()}


def waits_of(rows: Rows) -> dict[str, Waits]:
    """Waits of each stream: of those who waited in line; who was put through at once told nothing."""
    table = rows.table.filter(rows.table["queued"] & rows.table["wait_us"].notnull())
    table = table.select(
        stream=table["stream"],
        us=table["wait_us"],
        cell=cell_of(table["wait_us"]),
        left=(table["outcome"] == "abandoned").cast("int64"),
    )
    sums = {
        "n": table.count(),
        "us": table["us"].sum().cast("int64"),
        "left": table["left"].sum().cast("int64"),
    }
    found = table.group_by("stream", "cell").agg(**sums).order_by("stream", "cell")
    return {
        name: Waits(part["us"] / part["n"] / _SECOND, part["left"], part["n"] - part["left"])
        for name, part in _by_stream(found, rows).items()
    }


def _by_stream(found: Any, rows: Rows) -> dict[str, dict[str, Any]]:
    """The columns of a grouped table, stream by stream; empty ones too."""
    table = found.to_pyarrow()
    names = np.array(table["stream"].to_pylist(), object)
    columns = {name: table[name].to_numpy() for name in table.column_names if name not in ("stream", "cell")}
    return {each: {name: column[names == each] for name, column in columns.items()} for each in rows.names}


def daily_handle_times(rows: Rows) -> dict[str, Days]:
    """Handle times of each stream by the day on which the work began."""
    table = rows.table.filter((rows.table["outcome"] == "handled") & rows.table["handle_us"].notnull())
    ms = (table["handle_us"] // 1000).cast("int64")
    waited = table["answered_us"].coalesce(table["arrived_us"]) - table["arrived_us"]
    day = ((table["local_us"] + waited) // DAY_US).cast("int64")
    table = table.select(stream=table["stream"], cell=day, ms=ms)
    sums = {
        "day": table["cell"].min(),
        "n": table.count(),
        "ms": table["ms"].sum().cast("int64"),
        "squares": (table["ms"] * table["ms"]).sum().cast("decimal(38,0)").cast("float64"),
    }
    found = table.group_by("stream", "cell").agg(**sums).order_by("stream", "cell")
    return {name: _days(part) for name, part in _by_stream(found, rows).items()}


def _days(part: dict[str, Any]) -> Days:
    n, mean = part["n"].astype(float), part["ms"] / part["n"] / 1000.0
    spread = np.maximum(part["squares"] / 1e6 - n * mean**2, 0.0)
    return Days(part["day"], n, mean, spread / np.maximum(n - 1.0, 1.0))
