import math
from datetime import date
from xml.etree import ElementTree

import pytest

from reports.series import DAY_S, Point
from reports.svg_chart import Axis, Chart, Trace, nice_axis, percent_axis, svg
from reports.time_axis import horizon_axis, week_axis

X = Axis(0.0, 100.0, (0.0, 50.0), ((50.0, "noon"),))


def drawn(*points: Point, title: str = "a chart", level: float | None = None) -> dict[str, str]:
    """Draw points; returns the data of the paths by their class."""
    chart = Chart(
        "key", title, "what it says", (Trace("mean", "first", points, 10.0),), X, percent_axis(), level
    )
    root = ElementTree.fromstring(svg(chart))
    return {path.attrib["class"]: path.attrib["d"] for path in root.iter("path")}


def test_a_line_breaks_where_there_is_nothing() -> None:
    paths = drawn(Point(0, 0.0), Point(10, 1.0), Point(40, 0.5))
    assert paths["line first"].count("M") == 2
    assert paths["line first"].endswith("h0"), "a single point is a dot"
    assert "band first" not in paths


def test_a_line_goes_from_corner_to_corner() -> None:
    assert drawn(Point(0, 0.0), Point(10, 1.0))["line first"] == "M46 166 88.6 8"


def test_a_band_runs_along_the_interval_and_back() -> None:
    paths = drawn(Point(0, 0.5, 0.4, 0.6), Point(10, 0.5, 0.3, 0.7), Point(20, 0.5, math.nan, math.nan))
    assert paths["band first"] == "M46 71.2 88.6 55.4 88.6 118.6 46 102.8z"


def test_a_target_is_a_line_across() -> None:
    assert drawn(Point(0, 0.5), level=0.8)["level"] == "M46 39.6H472"


def test_what_leaves_the_frame_is_cut() -> None:
    assert drawn(Point(0, 1.5), Point(10, -1.0))["line first"] == "M46 8 88.6 166"


def test_text_is_escaped_and_told_to_screen_readers() -> None:
    chart = Chart("k", "<script>alert(1)</script>", "a & b", (), X, percent_axis())
    text = svg(chart)
    assert "<script" not in text
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "k-t k-d"
    assert [root.findtext(tag) for tag in ("title", "desc")] == ["<script>alert(1)</script>", "a & b"]


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0.0, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (math.nan, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (0.07, ["0.00", "0.02", "0.04", "0.06", "0.08"]),
        (3.0, ["0", "1", "2", "3"]),
        (10.0, ["0.0", "2.5", "5.0", "7.5", "10.0"]),
        (101.0, ["0", "50", "100", "150"]),
        (4800.0, ["0", "2,000", "4,000", "6,000"]),
    ],
)
def test_axes_end_at_round_numbers(highest: float, labels: list[str]) -> None:
    axis = nice_axis(highest)
    assert [label for _, label in axis.labels] == labels
    assert math.isnan(highest) or axis.high >= highest


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (0.25, ["01:00", "02:00", "03:00", "04:00", "05:00"]),
        (1, ["03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]),
        (3, ["Mon 2", "Tue 3", "Wed 4"]),
        (28, ["2 Mar", "9 Mar", "16 Mar", "23 Mar"]),
        (120, ["Mar", "Apr", "May", "Jun"]),
        (365 * 3, ["2026", "2027", "2028"]),
    ],
)
def test_the_axis_of_time_fits_the_horizon(days: float, labels: list[str]) -> None:
    axis = horizon_axis(date(2026, 3, 2), 0.0, days * DAY_S)
    assert [label for _, label in axis.labels] == labels
    assert all(axis.low <= at <= axis.high for at in (*axis.grid, *(at for at, _ in axis.labels)))


def test_a_century_has_few_labels() -> None:
    axis = horizon_axis(date(2026, 3, 2), 0.0, 36_600.0 * DAY_S)
    assert len(axis.labels) <= 9


def test_a_week_has_seven_days() -> None:
    assert [label for _, label in week_axis().labels] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
