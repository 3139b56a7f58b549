"""Result tables as files: Parquet, CSV and JSON, the same bytes for the same tables."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports.formula import BY_FORMULA, remarks_on
from scenarios.safe_text import safe_cell
from scenarios.uncertain_numbers import drawn_errors

if TYPE_CHECKING:
    import pandas as pd

    from reports.ranges import Tried
    from scenarios import Scenario
    from sim.experiment import Result

ROWS_A_GROUP: Final = 131_072
_LABELS: Final = ("target", "measure", "scope", "name", "interval", "period", "comparison", "unit")


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


def write_csv(frame: "pd.DataFrame", path: Path, labels: Sequence[str] = _LABELS) -> None:
    """Write a table as CSV: UTF-8, comma, decimal point, full precision; `labels` are made safe."""
    names = list(frame.columns)
    columns = [
        map(safe_cell, _without_nan(frame[name].tolist())) if name in labels else frame[name].tolist()
        for name in names
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*map(_without_nan, columns), strict=True))


def _without_nan(values: Any) -> list[Any]:
    """Values with None for NaN."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def json_text(result: "Result", beside: Mapping[str, Any] | None = None) -> str:
    """The result as one JSON object; `interval` is null for the whole horizon, and NaN is null.

    Rows over the horizon come first, then those by interval; last whatever else there is `beside`.
    """
    return json.dumps({**_whole(result), **(beside or {})}, allow_nan=False)


def json_of_runs(tried: "Sequence[Tried]") -> str:
    """Several results as one JSON object, each with what was set for it."""
    runs = [{"with": each.label, **_whole(each.result)} for each in tried]
    return json.dumps({"runs": runs}, allow_nan=False)


def _whole(result: "Result") -> dict[str, Any]:
    rows = [row for frame in (result.measures, result.intervals) for row in rows_of(frame)]
    return {
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "engine": result.engine,
        "version": result.version,
        "measures": rows,
        "targets": rows_of(result.attainment),
        **({"formulas": _formulas(result)} if result.engine == BY_FORMULA else {}),
        **uncertain(result.scenario),
    }


def uncertain(scenario: "Scenario") -> dict[str, Any]:
    """The relative standard errors of what each replication drew anew; nothing where that was off."""
    errors = drawn_errors(scenario)
    return {"uncertainty": errors} if errors else {}


def _formulas(result: "Result") -> list[dict[str, Any]]:
    """Of each queue: by which formula, and what it approximates, leaves out and cannot say."""
    return [each._asdict() for each in remarks_on(result)]


def rows_of(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """A table as JSON has it: NaN is null."""
    names = list(frame.columns)
    cells = [_without_nan(frame[name].tolist()) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
