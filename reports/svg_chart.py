"""Charts of lines and dots as SVG text: small, printable, readable by a screen reader. Pure functions.

Colours and fonts come from the page (`page.css`), by class.
"""

import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final, Literal, NamedTuple

from reports.series import Point, Points
from reports.wording import isolated

WIDTH: Final = 480.0
HEIGHT: Final = 190.0
LEFT: Final = 46.0
RIGHT: Final = 8.0
TOP: Final = 8.0
BOTTOM: Final = 24.0
TITLE: Final = 18.0  # height of the title of an axis
_DOTTED: Final = 16  # points: so few are marked, so that nobody reads a course between them
_CROWDED: Final = 60  # dots of a chart: so many are drawn small

# A line with dots where there are few points, a line alone, or dots alone, with whiskers for intervals.
Marks = Literal["few", "none", "only"]


class Trace(NamedTuple):
    """A line; `style` is the class that colours it.

    Points further apart than `gap_s` are not joined, nor those beside a point whose mean is NaN.
    """

    label: str
    style: str
    points: Points
    gap_s: float
    has_band: bool = True
    marks: Marks = "few"


class Axis(NamedTuple):
    """The range of an axis, its grid lines, and its labels at their places."""

    low: float
    high: float
    grid: tuple[float, ...]
    labels: tuple[tuple[float, str], ...]


class Goal(NamedTuple):
    """A level that holds for a while, such as a target over the days that it is judged by."""

    from_s: float
    to_s: float
    value: float


class Chart(NamedTuple):
    """What to draw; `level` is a horizontal line, such as a target. Titles of axes make it higher.

    `marks` are moments, drawn as upright lines; `goals` are levels that end at a dot.
    """

    key: str  # unique in a page
    title: str
    description: str
    traces: tuple[Trace, ...]
    x: Axis
    y: Axis
    level: float | None = None
    x_title: str = ""
    y_title: str = ""
    wide: float = WIDTH
    high: float = HEIGHT  # without titles of axes
    marks: tuple[float, ...] = ()
    goals: tuple[Goal, ...] = ()


def height_of(chart: Chart) -> float:
    """Its height, of its width."""
    return chart.high + TITLE * (bool(chart.x_title) + bool(chart.y_title))


def svg(chart: Chart) -> str:
    """The chart as an SVG element. All text is escaped."""
    key = escape(chart.key)
    return "".join(
        [
            f'<svg class="chart" viewBox="0 0 {chart.wide:g} {height_of(chart):g}" role="img" ',
            f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{_text(chart.title)}</title>',
            f'<desc id="{key}-d">{_text(chart.description)}</desc>',
            *_grid(chart),
            *_titles(chart),
            *_marks(chart),
            *(_path("band", trace, _band(chart, trace)) for trace in chart.traces if trace.has_band),
            *_level(chart),
            *_goals(chart),
            *(_path("line", trace, _line(chart, trace)) for trace in chart.traces),
            *(_path("whisker", trace, _whiskers(chart, trace)) for trace in chart.traces if trace.has_band),
            *(_path(_dot(chart), trace, _dots(chart, trace)) for trace in chart.traces),
            "</svg>",
        ]
    )


def _text(text: str) -> str:
    return escape(isolated(text))


def nice_axis(highest: float) -> Axis:
    """An axis from 0 to a round number, with a grid line at 1, 2 or 5 times a power of ten."""
    top = highest if math.isfinite(highest) and highest > 0 else 1.0
    rough = top / 4.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= rough * (1 - 1e-9))
    steps = max(1, math.ceil(top / step - 1e-9))
    places = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if step / power == 2.5 and step < 10 else 0)
    values = tuple(step * i for i in range(steps + 1))
    return Axis(0.0, step * steps, values, tuple((v, f"{v:,.{places}f}") for v in values))


def percent_axis() -> Axis:
    """An axis for shares, always all of it: a cut axis makes much of little."""
    values = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Axis(0.0, 1.0, values, tuple((v, f"{v:.0%}") for v in values))


def _across(chart: Chart, value: float) -> float:
    axis = chart.x
    return LEFT + (value - axis.low) / ((axis.high - axis.low) or 1.0) * (chart.wide - LEFT - RIGHT)


def _up(chart: Chart, value: float) -> float:
    share = (value - chart.y.low) / ((chart.y.high - chart.y.low) or 1.0)
    return _floor(chart) - min(max(share, 0.0), 1.0) * (chart.high - TOP - BOTTOM)


def _top(chart: Chart) -> float:
    """Where the frame begins, below the title of the axis."""
    return TOP + TITLE * bool(chart.y_title)


def _floor(chart: Chart) -> float:
    """Where the frame ends, above the labels."""
    return _top(chart) + chart.high - TOP - BOTTOM


def _short(value: float) -> str:
    """A coordinate to a tenth, in as few characters as it takes."""
    return f"{value:.1f}".removesuffix(".0")


def _grid(chart: Chart) -> Iterator[str]:
    top, floor, right = _short(_top(chart)), _short(_floor(chart)), chart.wide - RIGHT
    across = "".join(f"M{_short(LEFT)} {_short(_up(chart, v))}H{_short(right)}" for v in chart.y.grid)
    down = "".join(f"M{_short(_across(chart, v))} {top}V{floor}" for v in chart.x.grid)
    yield f'<path class="grid" d="{across}{down}"/>'
    for value, label in chart.y.labels:
        y = _short(_up(chart, value) + 4)
        yield f'<text class="tick end" x="{_short(LEFT - 6)}" y="{y}">{escape(label)}</text>'
    for value, label in chart.x.labels:
        x = _short(_across(chart, value))
        yield f'<text class="tick middle" x="{x}" y="{_short(_floor(chart) + 17)}">{_text(label)}</text>'


def _titles(chart: Chart) -> Iterator[str]:
    """What the axes count: above the upper left corner, and below the lower right one."""
    if chart.y_title:
        yield f'<text class="tick" x="2" y="{_short(TOP + 5)}">{_text(chart.y_title)}</text>'
    if chart.x_title:
        at = f'x="{_short(chart.wide - RIGHT)}" y="{_short(height_of(chart) - 6)}"'
        yield f'<text class="tick end" {at}>{_text(chart.x_title)}</text>'


def _level(chart: Chart) -> Iterator[str]:
    if chart.level is not None:
        y = _short(_up(chart, chart.level))
        yield f'<path class="level" d="M{_short(LEFT)} {y}H{_short(chart.wide - RIGHT)}"/>'


def _marks(chart: Chart) -> Iterator[str]:
    """Moments, as upright lines from the floor to the top."""
    places = "".join(
        f"M{_short(_across(chart, at))} {_short(_top(chart))}V{_short(_floor(chart))}"
        for at in chart.marks
        if chart.x.low <= at <= chart.x.high
    )
    if places:
        yield f'<path class="mark" d="{places}"/>'


def _goals(chart: Chart) -> Iterator[str]:
    """Levels as lines, each with a dot where it ends."""
    for goal in chart.goals:
        from_s, to_s = (min(max(at, chart.x.low), chart.x.high) for at in goal[:2])
        start, end = _place(chart, from_s, goal.value), _place(chart, to_s, goal.value)
        yield f'<path class="level" d="M{start} {end}"/><path class="dots outside" d="M{end}h0"/>'


def _path(kind: str, trace: Trace, data: str) -> str:
    return f'<path class="{kind} {escape(trace.style)}" d="{data}"/>' if data else ""


def _pieces(points: Iterable[Point], gap_s: float) -> Iterator[list[Point]]:
    """Runs of neighbouring points; a mean of NaN ends one."""
    piece: list[Point] = []
    for point in points:
        missing = math.isnan(point.mean)
        if piece and (missing or point.at_s - piece[-1].at_s > gap_s):
            yield piece
            piece = []
        if not missing:
            piece.append(point)
    if piece:
        yield piece


def _place(chart: Chart, at: float, value: float) -> str:
    return f"{_short(_across(chart, at))} {_short(_up(chart, value))}"


def _line(chart: Chart, trace: Trace) -> str:
    """One sub-path a run; a single point is a line of no length, drawn as a dot."""
    found = []
    for piece in _pieces(trace.points, trace.gap_s) if trace.marks != "only" else ():
        places = [_place(chart, p.at_s, p.mean) for p in piece]
        found.append("M" + " ".join(places) + ("h0" if len(places) == 1 else ""))
    return "".join(found)


def _dot(chart: Chart) -> str:
    """The class of its dots."""
    dots = sum(len(trace.points) for trace in chart.traces if trace.marks == "only")
    return "dots small" if dots > _CROWDED else "dots"


def _dots(chart: Chart, trace: Trace) -> str:
    """Lines of no length, each at a point; round ends make dots of them."""
    if trace.marks == "none" or (trace.marks == "few" and len(trace.points) > _DOTTED):
        return ""
    shown = (p for p in trace.points if not math.isnan(p.mean))
    return "".join(f"M{_place(chart, p.at_s, p.mean)}h0" for p in shown)


def _whiskers(chart: Chart, trace: Trace) -> str:
    """Of dots alone: their intervals, upright."""
    if trace.marks != "only":
        return ""
    shown = (p for p in trace.points if not math.isnan(p.low + p.high + p.mean))
    return "".join(f"M{_place(chart, p.at_s, p.low)}V{_short(_up(chart, p.high))}" for p in shown)


def _band(chart: Chart, trace: Trace) -> str:
    """Along the upper ends of the intervals, and back along the lower ones."""
    found = []
    bounded = (p if not math.isnan(p.low + p.high) else p._replace(mean=math.nan) for p in trace.points)
    for piece in _pieces(bounded, trace.gap_s) if trace.marks != "only" else ():
        upper = [_place(chart, p.at_s, p.high) for p in piece]
        lower = [_place(chart, p.at_s, p.low) for p in piece]
        found.append("M" + " ".join(upper + lower[::-1]) + "z")
    return "".join(found)
