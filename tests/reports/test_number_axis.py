import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.number_axis import Kind, along, logarithmic, place, upright, with_ticks
from reports.svg_chart import Axis


def words(axis: Axis) -> list[str]:
    return [label for _, label in axis.labels]


@pytest.mark.parametrize(
    ("low", "high", "kind", "labels"),
    [
        (0.0, 0.083, "share", ["0%", "2%", "4%", "6%", "8%", "10%"]),
        (0.0, 0.004, "share", ["0.0%", "0.1%", "0.2%", "0.3%", "0.4%"]),
        (0.2, 0.9, "share", ["0%", "25%", "50%", "75%", "100%"]),
        (0.0, 1.4, "share", ["0%", "50%", "100%", "150%"]),
        (3.0, 9.0, "number", ["0", "2", "4", "6", "8", "10"]),
        (-0.3, 0.4, "number", ["−0.4", "−0.2", "0.0", "0.2", "0.4"]),
        (-3.0, -1.0, "number", ["−3", "−2", "−1", "0"]),
        (0.0, 320_000.0, "number", ["0", "100k", "200k", "300k", "400k"]),
        (0.0, 9.3e6, "number", ["0", "2M", "4M", "6M", "8M", "10M"]),
        (0.0, 2.3e6, "number", ["0", "500k", "1,000k", "1,500k", "2,000k", "2,500k"]),
        (0.0, 42.0, "time", ["0", "10 s", "20 s", "30 s", "40 s", "50 s"]),
        (0.0, 250.0, "time", ["0", "1 min", "2 min", "3 min", "4 min", "5 min"]),
        (0.0, 7000.0, "time", ["0", "30 min", "60 min", "90 min", "120 min"]),
        (0.0, 20 * 3600.0, "time", ["0", "6 h", "12 h", "18 h", "24 h"]),
        (0.0, 9 * 86_400.0, "time", ["0", "2 d", "4 d", "6 d", "8 d", "10 d"]),
        (0.0, 0.0, "number", ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_an_upright_axis_holds_zero_and_ends_at_round_numbers(
    low: float, high: float, kind: Kind, labels: list[str]
) -> None:
    axis = upright(low, high, kind)
    assert words(axis) == labels
    assert axis.low <= min(low, 0.0)
    assert axis.high >= high


def test_an_axis_along_keeps_the_ends_of_the_values() -> None:
    axis = along(0.0, 615.0, "time")
    assert (axis.low, axis.high) == (0.0, 615.0)
    assert words(axis) == ["0", "2 min", "4 min", "6 min", "8 min"], "a label at the edge would be cut"
    assert axis.grid[-1] == 600.0
    assert along(5.0, 100.0, "number").low == 0.0
    assert along(80.0, 100.0, "number").low == 80.0


@pytest.mark.parametrize(
    ("low", "high", "kind", "labels"),
    [
        (0.5, 9000.0, "time", ["1 s", "10 s", "1 min", "10 min", "1 h"]),
        (8.0, 500.0, "time", ["10 s", "20 s", "30 s", "1 min", "2 min", "5 min"]),
        (60.0, 40 * 86_400.0, "time", ["1 min", "10 min", "1 h", "1 d", "10 d"]),
        (1.0, 40_000.0, "number", ["1", "10", "100", "1,000", "10,000"]),
        (0.02, 0.6, "number", ["0.02", "0.05", "0.1", "0.2", "0.5"]),
        (101.0, 104.5, "number", ["101.0", "101.5", "102.0", "102.5", "103.0", "103.5", "104.0"]),
    ],
)
def test_a_logarithmic_axis_has_the_units_that_people_count_in(
    low: float, high: float, kind: Kind, labels: list[str]
) -> None:
    axis = logarithmic(low, high, kind)
    assert words(axis) == labels
    assert axis.low == pytest.approx(math.log10(low))
    assert axis.high == pytest.approx(math.log10(high))


def test_ticks_of_a_plot_stand_instead() -> None:
    axis = with_ticks(along(8.0, 20.0, "number"), [(6.0, "06:00"), (8.0, "08:00"), (12.0, "12:00")])
    assert axis.labels == ((8.0, "08:00"), (12.0, "12:00"))
    assert axis.grid == (8.0, 12.0)


def test_what_is_nowhere_on_an_axis_has_no_place() -> None:
    assert place(100.0, log=True) == 2.0
    assert place(-3.0, log=False) == -3.0
    assert all(math.isnan(place(x, log=True)) for x in (0.0, -1.0, math.inf, math.nan))


@given(
    st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.sampled_from(["number", "share", "time"])
)  # fmt: skip
def test_every_range_has_a_few_marks_that_differ(low: float, span: float, kind: Kind) -> None:
    assume(span > 1e-3 * abs(low))
    for axis in (upright(min(low, 0.0), max(low + span, 0.0), kind), along(low, low + span, kind)):
        assert 1 <= len(axis.grid) <= 9
        assert len(set(words(axis))) == len(words(axis))
        assert all(axis.low <= at <= axis.high for at in axis.grid)


@given(st.floats(1e-4, 1e7), st.floats(1.01, 1e9), st.sampled_from(["number", "time"]))
def test_every_logarithmic_range_has_marks(low: float, factor: float, kind: Kind) -> None:
    axis = logarithmic(low, low * factor, kind)
    assert 1 <= len(axis.grid) <= 12
    assert list(axis.grid) == sorted(set(axis.grid))
    assert len(set(words(axis))) == len(words(axis))
