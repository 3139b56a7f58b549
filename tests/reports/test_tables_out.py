import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from reports.figures import COLUMNS
from reports.tables_out import json_text, write_csv, write_parquet
from scenarios.safe_text import safe_cell
from sim.experiment import Result


def test_parquet_has_plain_columns_and_reads_back(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "measures.parquet"
    write_parquet(result.measures, path)
    kept = pq.ParquetFile(path)
    assert kept.schema_arrow.names == list(COLUMNS)
    assert {str(f.type) for f in kept.schema_arrow} == {"string", "double"}
    assert kept.metadata.metadata is None
    back = pd.read_parquet(path)
    assert back["mean"].tolist() == result.measures["mean"].tolist()
    assert back["interval"].isna().all()


def test_parquet_bytes_depend_on_the_rows_alone(result: Result, tmp_path: Path) -> None:
    shifted = result.intervals.copy()
    shifted.index = shifted.index + 7
    shifted.attrs["made"] = "elsewhere"
    for name, table in (("a", result.intervals), ("b", shifted), ("c", result.intervals.astype(object))):
        write_parquet(table, tmp_path / name)
    written = {(tmp_path / name).read_bytes() for name in "ab"}
    assert len(written) == 1


def test_missing_intervals_are_null_in_parquet(without_interval: Result, tmp_path: Path) -> None:
    write_parquet(without_interval.measures, tmp_path / "m")
    assert pq.read_table(tmp_path / "m").column("low").null_count == len(without_interval.measures)


@pytest.mark.parametrize("risky", ["=cmd()", "+1", "-1", "@sum", "\tx", " =1"])
def test_labels_are_no_formulas_in_a_spreadsheet(
    renamed: Callable[[str], Result], tmp_path: Path, risky: str
) -> None:
    write_csv(renamed(risky).measures, tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert f"'{risky}" in names
    write_csv(renamed(risky).attainment, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {f"'{risky}", "mail"}
    assert risky not in names


def test_csv_keeps_every_digit_and_leaves_empty_what_is_missing(
    without_interval: Result, tmp_path: Path
) -> None:
    write_csv(without_interval.measures, tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert [float(row["mean"]) for row in rows] == without_interval.measures["mean"].tolist()
    assert {row["low"] for row in rows} == {row["interval"] for row in rows} == {""}


def test_plain_labels_stay_as_they_are() -> None:
    assert [safe_cell(text) for text in ("phone", "", "a=b", None)] == ["phone", "", "a=b", None]


def test_labels_stay_on_one_line() -> None:
    assert [safe_cell("a\r\nb"), safe_cell("\n=1")] == ["a  b", "' =1"]


def test_json_is_one_object_of_the_documented_shape(result: Result) -> None:
    whole = json.loads(json_text(result))
    assert list(whole) == ["scenario", "seed", "replications", "engine", "version", "measures", "targets"]
    assert whole["scenario"] == "A team"
    assert (whole["seed"], whole["replications"], whole["engine"]) == (1, 30, "fast")
    first = whole["measures"][0]
    assert list(first) == list(COLUMNS)
    assert first["interval"] is None
    assert (first["mean"], first["low"], first["high"]) == (1728.0, 1708.0, 1748.0)
    assert len(whole["measures"]) == len(result.measures) + len(result.intervals)
    assert [(row["name"], row["attained"]) for row in whole["targets"]] == [("phone", 0.97), ("mail", 0.4)]
    assert any(row["interval"] == "2026-03-02T08:00:00+01:00" for row in whole["measures"])


def test_json_knows_no_nan(without_interval: Result) -> None:
    def refuse(constant: str) -> float:
        raise AssertionError(f"{constant} is not JSON")

    whole = json.loads(json_text(without_interval), parse_constant=refuse)
    horizon = [row for row in whole["measures"] if row["interval"] is None]
    assert all(row["low"] is None and math.isfinite(row["mean"]) for row in horizon)
