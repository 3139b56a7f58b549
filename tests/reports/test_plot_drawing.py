import math
import re
from xml.etree import ElementTree

import pytest

from reports.plot_drawing import picture
from reports.plots import Plot, PlotTrace
from reports.png import page_styles, png_of, standing
from tests.reports.shown import handle_plot, patience_plots, profile_plot, spoilt_plot
from tests.reports.test_harmless import NAMES

HOLD = PlotTrace("held", (0.0, 10.0, 20.0, 40.0), (1.0, 0.5, 0.25, 0.0), style="step")


def plot(*traces: PlotTrace, log_x: bool = False, y: str = "how many") -> Plot:
    return Plot("A plot", "seconds", y, traces, log_x)


def paths(given: Plot) -> dict[str, str]:
    """The data of the paths by their class."""
    root = ElementTree.fromstring(picture(given, "key").svg)
    return {path.attrib["class"]: path.attrib["d"] for path in root.iter("path")}


def corners(data: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", data)]


def test_a_step_holds_until_the_next_one() -> None:
    places = corners(paths(plot(HOLD))["line first"])
    across = [x for x, _ in places]
    assert across == [46.0, 152.5, 152.5, 259.0, 259.0, 472.0, 472.0]
    up = [y for _, y in places]
    assert up[0] == up[1] < up[2] == up[3] < up[4] == up[5] < up[6]


def test_steps_of_one_width_are_a_histogram_filled_to_the_axis_and_wide_to_its_end() -> None:
    found = paths(plot(PlotTrace("seen", (0.0, 10.0, 20.0), (3.0, 5.0, 2.0), style="step")))
    places = corners(found["line first"])
    assert places[-1] == (472.0, places[-2][1])
    assert max(y for _, y in corners(found["band first"])) == 184.0, "the floor of a chart with a title"
    assert "band first" not in paths(plot(HOLD))


def test_a_band_of_steps_has_corners_too() -> None:
    given = HOLD._replace(low=(0.9, 0.4, 0.2, 0.0), high=(1.0, 0.6, 0.3, 0.1))
    assert len(corners(paths(plot(given))["band first"])) == 2 * 7


def test_points_are_dots_with_whiskers_and_no_line() -> None:
    found = paths(plot(PlotTrace("seen", (1.0, 2.0), (3.0, 4.0), (2.0, math.nan), (5.0, math.nan), "points")))
    assert found["dots first"].count("h0") == 2
    assert found["whisker first"].count("V") == 1
    assert not {"line first", "band first"} & set(found)


def test_a_missing_value_breaks_a_line() -> None:
    found = paths(plot(PlotTrace("seen", (0.0, 1.0, 2.0, 3.0, 4.0), (1.0, 2.0, math.nan, 2.0, math.inf))))
    assert found["line first"].count("M") == 2


def test_a_logarithmic_axis_begins_with_the_bin_that_begins_at_nothing() -> None:
    found = paths(
        plot(PlotTrace("seen", (0.0, 1.0, 10.0, 100.0), (1.0, 2.0, 4.0, 1.0), style="step"), log_x=True)
    )
    assert [x for x, _ in corners(found["line first"])[::2]] == [46.0, 152.5, 259.0, 365.5]
    dots = paths(plot(PlotTrace("seen", (0.0, 1.0, 10.0), (1.0, 1.0, 1.0), style="points"), log_x=True))
    assert dots["dots first"].count("h0") == 2, "a point at nothing has no place there"


def test_axes_say_what_they_count() -> None:
    text = picture(patience_plots()[0], "key").svg
    for words in ("time waited", "share still waiting", ">4 min<", ">75%<"):
        assert words in text
    assert 'class="tick middle" x="46" y=' in picture(profile_plot(), "key").svg
    assert ">08:00<" in picture(profile_plot(), "key").svg


def test_many_points_are_thinned_without_losing_the_extremes() -> None:
    n = 5000
    x = tuple(float(i) for i in range(n))
    y = tuple(50.0 if i == 1234 else -20.0 if i == 4321 else math.sin(i / 300) for i in range(n))
    line = corners(paths(plot(PlotTrace("seen", x, y)))["line first"])
    assert 240 <= len(line) <= 4 * 241
    heights = [up for _, up in line]
    assert sum(up < 60 for up in heights) == 1
    assert sum(up > 180 for up in heights) == 1
    assert line[0][0] == 46.0
    assert line[-1][0] == 472.0
    dots = paths(plot(PlotTrace("seen", x, (1.0,) * n, style="points")))
    assert 400 <= dots["dots small first"].count("h0") <= 481


def test_an_interval_without_end_does_not_flatten_the_plot() -> None:
    wild = PlotTrace("seen", (0.0, 1.0, 2.0), (1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (2.0, 3.0, 1e9))
    assert corners(paths(plot(wild))["line first"])[-1][1] < 100


@pytest.mark.parametrize(
    "traces",
    [
        (),
        (PlotTrace("none", (), ()),),
        (PlotTrace("nothing", (1.0,), (math.nan,)),),
        (PlotTrace("one", (5.0,), (0.0,)),),
        (PlotTrace("one step", (5.0,), (2.0,), style="step"),),
        (PlotTrace("same", (5.0, 5.0, 5.0), (1.0, 1.0, 1.0), style="step"),),
        (PlotTrace("below", (-2.0, -1.0), (-1.0, -2.0), style="points"),),
    ],
)
@pytest.mark.parametrize("log_x", [False, True])
def test_little_to_draw_is_drawn_all_the_same(traces: tuple[PlotTrace, ...], log_x: bool) -> None:
    drawn = picture(plot(*traces, log_x=log_x), "key")
    assert "nan" not in drawn.svg
    assert ElementTree.fromstring(drawn.svg).tag == "svg"


def test_the_legend_has_a_key_for_every_trace_in_its_style() -> None:
    legends = [picture(each, "key").legend for each in (handle_plot(), *patience_plots())]
    assert [style for style, _ in legends[0]] == ["first with-band", "second"]
    assert [style for style, _ in legends[2]] == ["first dotted", "second"]
    assert len({style for style, _ in picture(profile_plot(), "key").legend}) == 6


def test_what_belongs_to_a_trace_has_its_colour_and_one_key_for_all() -> None:
    line = PlotTrace("Mon", (8.0, 20.0), (1.0, 2.0))
    dots = PlotTrace("Mon, counted", (8.0, 20.0), (1.5, 1.8), style="points")
    traces = (line, dots, line._replace(label="Tue"), dots._replace(label="Tue, counted"))
    drawn = picture(Plot("A week", "hour of the day", "contacts", traces), "key")
    assert drawn.legend == (("first", "Mon"), ("second", "Tue"), ("actual dotted", "counted"))
    classes = {path.attrib["class"] for path in ElementTree.fromstring(drawn.svg).iter("path")}
    assert classes == {"grid", "line first", "dots first", "line second", "dots second"}
    assert ">08:00<" in drawn.svg
    assert ">14:00<" in drawn.svg


def test_days_since_a_date_stand_under_their_dates() -> None:
    line = PlotTrace("level", (0.5, 45.5), (1.0, 2.0))
    text = picture(Plot("Days", "days since 2026-01-05", "level", (line,)), "key").svg
    assert ">19 Jan<" in text
    assert "days since" not in text.partition("</desc>")[2]
    odd = picture(Plot("Days", "days since 2026-99-05", "level", (line,)), "key").svg
    assert ">20<" in odd, "no such day: plain numbers"


@pytest.mark.parametrize("name", NAMES)
def test_text_of_data_is_harmless_in_a_picture(name: str) -> None:
    for each in (handle_plot(), *patience_plots(), profile_plot()):
        drawing = standing(name, name, picture(spoilt_plot(each, name), "key", name), page_styles())
        tags = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(drawing).iter()}
        assert tags <= {"svg", "style", "rect", "text", "g", "path", "title", "desc"}


def test_a_picture_is_the_same_bytes_again() -> None:
    drawing = standing("Title", "over", picture(handle_plot(), "key"), page_styles())
    first, again = png_of(drawing), png_of(drawing)
    assert first == again
    assert first.startswith(b"\x89PNG")
