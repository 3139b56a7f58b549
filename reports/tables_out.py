"""Result tables as files: Parquet, CSV and JSON, the same bytes for the same tables."""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports.figures import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Result

ROWS_A_GROUP: Final = 131_072
_LABELS: Final = ("measure", "scope", "name", "interval", "unit")
_RISKY: Final = ("=", "+", "-", "@", "\t")  # what makes a spreadsheet run a cell
_ONE_LINE: Final = {ord("\r"): " ", ord("\n"): " "}


def write_parquet(frame: "pd.DataFrame", path: Path) -> None:
    """Write a frame with fixed row groups and without the metadata of whoever wrote it.

    Bytes depend on the rows and on the version of pyarrow alone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for i, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_null(field.type):
            table = table.set_column(i, field.name, table.column(i).cast(pa.string()))
    pq.write_table(
        table, path, compression="zstd", row_group_size=ROWS_A_GROUP, version="2.6", store_schema=False
    )


def write_csv(
    frame: "pd.DataFrame",
    path: Path,
    columns: Sequence[str] = COLUMNS,
    labels: Sequence[str] = _LABELS,
) -> None:
    """Write a table of measures as CSV: UTF-8, comma, decimal point, full precision; `labels` made safe."""
    cells = [
        map(safe_cell, _without_nan(frame[name].tolist())) if name in labels else frame[name].tolist()
        for name in columns
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*map(_without_nan, cells), strict=True))


def safe_cell(text: str | None) -> str | None:
    """A label on one line that no spreadsheet takes for a formula: one that might be gets an apostrophe."""
    if text is None:
        return None
    line = text.translate(_ONE_LINE)
    return f"'{line}" if line.lstrip(" ").startswith(_RISKY) else line


def _without_nan(values: Any) -> list[Any]:
    """Values with None for NaN."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def json_text(result: "Result") -> str:
    """The result as one JSON object; `interval` is null for the whole horizon, and NaN is null.

    Rows over the horizon come first, then those by interval.
    """
    rows = [row for frame in (result.measures, result.intervals) for row in rows_of(frame)]
    whole = {
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "engine": result.engine,
        "version": result.version,
        "measures": rows,
    }
    return json.dumps(whole, allow_nan=False)


def rows_of(frame: "pd.DataFrame", columns: Sequence[str] = COLUMNS) -> list[dict[str, Any]]:
    """A table as JSON has it: NaN is null."""
    cells = [_without_nan(frame[name].tolist()) for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]
