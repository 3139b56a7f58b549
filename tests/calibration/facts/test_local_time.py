"""Clocks of zones against zoneinfo itself, above all where they change."""

import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest

from calibration.facts.local_time import clocks_of, left_out, shown_twice, to_local, to_utc
from calibration.facts.sql import DAY_US, HOUR_US, SECOND_US

ZONES: Final = (
    "UTC", "Europe/Amsterdam", "Asia/Jerusalem", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
    "Africa/Casablanca", "Pacific/Apia",
)  # fmt: skip
EPOCH: Final = datetime.datetime(1970, 1, 1)


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect(threads=1)


def computed(con: Any, times: list[int], **expressions: Any) -> dict[str, list[Any]]:
    """What expressions of a column `t` come to."""
    table = ibis.memtable(pa.table({"i": range(len(times)), "t": pa.array(times, pa.int64())}))
    made = table.select("i", **{name: make(table["t"]) for name, make in expressions.items()})
    return dict(con.to_pyarrow(made.order_by("i")).to_pydict())


def wall_us(utc_us: int, zone: ZoneInfo) -> int:
    shown = datetime.datetime.fromtimestamp(utc_us // SECOND_US, zone).replace(tzinfo=None)
    return (shown - EPOCH) // datetime.timedelta(microseconds=1) + utc_us % SECOND_US


def us(*when: int) -> int:
    return (datetime.datetime(*when) - EPOCH) // datetime.timedelta(microseconds=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ZONES)
def test_from_utc_and_back(con: Any, zone: str) -> None:
    clocks = clocks_of(zone)
    spread = list(range(us(1995, 1, 1), us(2030, 1, 1), 17 * DAY_US + 1234567))
    near = [c.at_us + step for c in clocks.changes[:40] for step in (-HOUR_US, -1, 0, 1, HOUR_US)]
    times = spread + near
    found = computed(con, times, local=lambda t: to_local(t, clocks))["local"]
    assert found == [wall_us(t, ZoneInfo(zone)) for t in times]
    back = computed(con, found[: len(spread)], utc=lambda t: to_utc(t, clocks))["utc"]
    same = [t for t, again in zip(spread, back, strict=True) if t != again]
    assert len(same) <= 1  # but in an hour that is shown twice


@pytest.mark.parametrize("zone", ZONES)
def test_fewer_changes_say_the_same(con: Any, zone: str) -> None:
    clocks = clocks_of(zone)
    first, last = us(2011, 11, 1), us(2012, 4, 10)
    times = list(range(first, last, 3 * HOUR_US + 7))
    found = computed(
        con, times, all=lambda t: to_utc(t, clocks), few=lambda t: to_utc(t, clocks.within(first, last))
    )
    assert found["all"] == found["few"]


def test_days_of_23_and_25_hours(con: Any) -> None:
    clocks = clocks_of("Europe/Amsterdam")
    days = [us(2014, 3, 30), us(2014, 3, 31), us(2014, 10, 26), us(2014, 10, 27)]
    found = computed(con, days, utc=lambda t: to_utc(t, clocks))["utc"]
    assert (found[1] - found[0], found[3] - found[2]) == (23 * HOUR_US, 25 * HOUR_US)


def test_hours_left_out_and_shown_twice(con: Any) -> None:
    clocks = clocks_of("Europe/Amsterdam")
    times = [
        us(2014, 3, 30, 1, 59),
        us(2014, 3, 30, 2),
        us(2014, 3, 30, 2, 59),
        us(2014, 3, 30, 3),
        us(2014, 10, 26, 1, 59),
        us(2014, 10, 26, 2),
        us(2014, 10, 26, 2, 59),
        us(2014, 10, 26, 3),
    ]
    found = computed(con, times, out=lambda t: left_out(t, clocks), twice=lambda t: shown_twice(t, clocks))
    assert found["out"] == [False, True, True, False, False, False, False, False]
    assert found["twice"] == [False, False, False, False, False, True, True, False]


def test_a_later_time_of_the_hour_shown_twice_is_not_before_the_earlier(con: Any) -> None:
    clocks = clocks_of("Europe/Amsterdam")
    came = us(2014, 10, 26, 0, 59, 50)  # in UTC: the clocks show 2:59:50 for the first time
    table = ibis.memtable(pa.table({"t": [us(2014, 10, 26, 2, 0, 10)]}))
    found = con.to_pyarrow(table.select(u=to_utc(table["t"], clocks, ibis.literal(came)))).to_pydict()
    assert found["u"] == [came + 20 * SECOND_US]


def test_a_zone_that_nobody_knows() -> None:
    with pytest.raises(KeyError):
        clocks_of("Europe/Atlantis")
