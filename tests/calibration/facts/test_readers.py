"""Cells of text and of typed files, read or refused."""

import datetime
from typing import Any, Final

import ibis
import pyarrow as pa
import pytest

from calibration.facts.local_time import clocks_of
from calibration.facts.readers import (
    Reader,
    clock,
    day_first_time,
    duration,
    flag,
    is_missing,
    iso_time,
    number,
    seconds,
    text,
    value_of,
    wall_time,
    whole,
    word,
    words,
    yymmdd,
)

S: Final = 1_000_000


def us(*when: int) -> int:
    return int(datetime.datetime(*when, tzinfo=datetime.UTC).timestamp()) * S  # type: ignore[misc,arg-type]


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect(threads=1)


def read(con: Any, reader: Reader, cells: Any, zone: str | None = None) -> list[Any]:
    """What a reader makes of cells."""
    table = ibis.memtable(pa.table({"i": range(len(cells)), "c": cells}))
    value = value_of(reader, table["c"], clocks_of(zone) if zone else None)
    return list(con.to_pyarrow(table.select("i", v=value).order_by("i"))["v"].to_pylist())


CASES: Final[list[tuple[Reader, dict[str, Any]]]] = [
    (
        text,
        {"sales": "sales", "x" * 200: "x" * 200, "x" * 201: None, "": None, "=HYPERLINK(1)": "=HYPERLINK(1)"},
    ),
    (text.but("0"), {"0": None, "00": "00", "": None}),
    (word("phone", "chat"), {"phone": "phone", "Chat": "chat", "fax": None, "": None}),
    (words({"Phone": "phone"}, otherwise="other"), {"phone": "phone", "IVR": "other", "": None}),
    (flag, {"true": True, "False": False, "1": True, "0": False, "no": False, "maybe": None, "": None}),
    (whole, {"12": 12, "-3": -3, "7.0": 7, "7.5": None, "1e3": None, "": None, "9" * 10: None}),
    (
        number,
        {
            "1.5": 1.5,
            "-2": -2.0,
            "1e3": 1000.0,
            ".5": 0.5,
            "1,5": None,
            "nan": None,
            "inf": None,
            "0x1": None,
            "1e999": None,
        },
    ),
    (seconds, {"1.5": 1_500_000, "-2": None, "0.000001": 1, "2e9": None, "3:10": None}),
    (duration("ms"), {"250": 250_000}),
    (duration("min"), {"2": 120 * S}),
    (duration("h"), {"1.5": 5400 * S, "-2": -7200 * S}),
    (
        clock,
        {
            "0:00:00": 0,
            "9:05:07": (9 * 3600 + 5 * 60 + 7) * S,
            "24:00:01": 86_401 * S,
            "25:00:00": None,
            "9:60:00": None,
            "9:05": None,
        },
    ),
    (yymmdd, {"990131": us(1999, 1, 31), "990231": None, "19990131": None, "": None}),
    (
        day_first_time,
        {
            "29/2/2016 01:16": us(2016, 2, 29, 1, 16),
            "2/29/2016 01:16": None,
            "29/2/2016": None,
            "31/12/2016 23:59": us(2016, 12, 31, 23, 59),
        },
    ),
    (
        wall_time,
        {
            "2014-01-02 08:00:05": us(2014, 1, 2, 8, 0, 5),
            "2014-01-02": None,
            "2014-02-30 08:00:00": None,
            "02/01/2014 08:00": None,
        },
    ),
    (
        iso_time,
        {
            "2026-03-02T08:30:00Z": us(2026, 3, 2, 8, 30),
            "2026-03-02T08:30:00+01:00": us(2026, 3, 2, 7, 30),
            "2026-03-02 08:30-0330": us(2026, 3, 2, 12),
            "2026-03-02T08:30:00.5+01": us(2026, 3, 2, 7, 30) + S // 2,
            "2026-03-02T08:30:00,25Z": us(2026, 3, 2, 8, 30) + S // 4,
            "2026-03-02T08:30:00": None,
            "2026-03-02": None,
            "2026-13-02T08:30:00Z": None,
            "1772440200": None,
            "infinity": None,
        },
    ),
]


@pytest.mark.parametrize(("reader", "cells"), CASES, ids=[each.what[:30] for each, _ in CASES])
def test_text(con: Any, reader: Reader, cells: dict[str, Any]) -> None:
    assert read(con, reader, list(cells)) == list(cells.values())


def test_local_times_need_a_zone(con: Any) -> None:
    cells = ["2026-03-02T08:30:00", "2026-07-02T08:30:00", "2026-03-29T02:30:00", "2026-03-02T08:30:00Z"]
    assert read(con, iso_time, cells) == [None, None, None, us(2026, 3, 2, 8, 30)]
    assert read(con, iso_time, cells, "Europe/Amsterdam") == [
        us(2026, 3, 2, 7, 30),
        us(2026, 7, 2, 6, 30),
        None,
        us(2026, 3, 2, 8, 30),
    ]


def stamps(unit: str, zone: str | None) -> Any:
    return (
        pa.array([us(2026, 3, 2, 8, 30), None], pa.int64())
        .cast(pa.timestamp("us", zone))
        .cast(pa.timestamp(unit, zone))
    )


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_time_stamps_of_a_typed_file(con: Any, unit: str) -> None:
    assert read(con, iso_time, stamps(unit, "UTC")) == [us(2026, 3, 2, 8, 30), None]
    assert read(con, iso_time, stamps(unit, "Europe/Amsterdam")) == [us(2026, 3, 2, 8, 30), None]
    assert read(con, iso_time, stamps(unit, None)) == [None, None]
    assert read(con, iso_time, stamps(unit, None), "Europe/Amsterdam") == [us(2026, 3, 2, 7, 30), None]
    assert read(con, wall_time, stamps(unit, None)) == [us(2026, 3, 2, 8, 30), None]


@pytest.mark.parametrize(
    ("reader", "cells", "expected"),
    [
        (text, pa.array([6935.0, None]), ["6935", None]),
        (text, pa.array([6935, None]), ["6935", None]),
        (text, pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (flag, pa.array([True, None]), [True, None]),
        (flag, pa.array([1, 0]), [True, False]),
        (whole, pa.array([3, None], pa.uint8()), [3, None]),
        (whole, pa.array([3.0, 3.5]), [3, None]),
        (number, pa.array([1.5, float("nan"), float("inf")]), [1.5, None, None]),
        (number, pa.array([1, None]), [1.0, None]),
        (seconds, pa.array([1.5, None]), [1_500_000, None]),
        (seconds, pa.array([90], pa.int32()), [90 * S]),
        (seconds, pa.array([90], pa.duration("s")), [None]),
        (iso_time, pa.array([5]), [None]),
    ],
)
def test_typed_cells(con: Any, reader: Reader, cells: Any, expected: list[Any]) -> None:
    assert read(con, reader, cells) == expected


def test_missing_marks_are_no_errors(con: Any) -> None:
    table = ibis.memtable(pa.table({"c": ["?", "", None, "x"]}))
    found = con.to_pyarrow(table.select(m=is_missing(text.but("?"), table["c"])))
    assert sorted(found["m"].to_pylist()) == [False, True, True, True]
