"""Line charts as SVG text: small, printable, readable by a screen reader. Pure functions.

Colours and fonts come from the page (`page.css`), by class.
"""

import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final, NamedTuple

from reports.series import Point, Points
from reports.wording import isolated

WIDTH: Final = 480.0
HEIGHT: Final = 190.0
LEFT: Final = 46.0
RIGHT: Final = 8.0
TOP: Final = 8.0
BOTTOM: Final = 24.0
_DOTTED: Final = 16  # points: so few are marked, so that nobody reads a course between them


class Trace(NamedTuple):
    """A line; `style` is the class that colours it. Points further apart than `gap_s` are not joined."""

    label: str
    style: str
    points: Points
    gap_s: float
    has_band: bool = True


class Axis(NamedTuple):
    """The range of an axis, its grid lines, and its labels at their places."""

    low: float
    high: float
    grid: tuple[float, ...]
    labels: tuple[tuple[float, str], ...]


class Chart(NamedTuple):
    """What to draw; `level` is a horizontal line, such as a target."""

    key: str  # unique in a page
    title: str
    description: str
    traces: tuple[Trace, ...]
    x: Axis
    y: Axis
    level: float | None = None


def svg(chart: Chart) -> str:
    """The chart as an SVG element. All text is escaped."""
    key = escape(chart.key)
    return "".join(
        [
            f'<svg class="chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" ',
            f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{_text(chart.title)}</title>',
            f'<desc id="{key}-d">{_text(chart.description)}</desc>',
            *_grid(chart),
            *(_path("band", trace, _band(chart, trace)) for trace in chart.traces if trace.has_band),
            *_level(chart),
            *(_path("line", trace, _line(chart, trace)) for trace in chart.traces),
            *(_path("dots", trace, _dots(chart, trace)) for trace in chart.traces),
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


def _across(axis: Axis, value: float) -> float:
    return LEFT + (value - axis.low) / ((axis.high - axis.low) or 1.0) * (WIDTH - LEFT - RIGHT)


def _up(axis: Axis, value: float) -> float:
    share = (value - axis.low) / ((axis.high - axis.low) or 1.0)
    return HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM)


def _short(value: float) -> str:
    """A coordinate to a tenth, in as few characters as it takes."""
    return f"{value:.1f}".removesuffix(".0")


def _grid(chart: Chart) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    across = "".join(f"M{_short(LEFT)} {_short(_up(chart.y, v))}H{_short(right)}" for v in chart.y.grid)
    down = "".join(f"M{_short(_across(chart.x, v))} {_short(TOP)}V{_short(bottom)}" for v in chart.x.grid)
    yield f'<path class="grid" d="{across}{down}"/>'
    for value, label in chart.y.labels:
        y = _short(_up(chart.y, value) + 4)
        yield f'<text class="tick end" x="{_short(LEFT - 6)}" y="{y}">{escape(label)}</text>'
    for value, label in chart.x.labels:
        x = _short(_across(chart.x, value))
        yield f'<text class="tick middle" x="{x}" y="{_short(HEIGHT - 7)}">{escape(label)}</text>'


def _level(chart: Chart) -> Iterator[str]:
    if chart.level is not None:
        y = _short(_up(chart.y, chart.level))
        yield f'<path class="level" d="M{_short(LEFT)} {y}H{_short(WIDTH - RIGHT)}"/>'


def _path(kind: str, trace: Trace, data: str) -> str:
    return f'<path class="{kind} {escape(trace.style)}" d="{data}"/>' if data else ""


def _pieces(points: Iterable[Point], gap_s: float) -> Iterator[list[Point]]:
    """Runs of neighbouring points."""
    piece: list[Point] = []
    for point in points:
        if piece and point.at_s - piece[-1].at_s > gap_s:
            yield piece
            piece = []
        piece.append(point)
    if piece:
        yield piece


def _line(chart: Chart, trace: Trace) -> str:
    """One sub-path a run; a single point is a line of no length, drawn as a dot."""
    found = []
    for piece in _pieces(trace.points, trace.gap_s):
        places = [f"{_short(_across(chart.x, p.at_s))} {_short(_up(chart.y, p.mean))}" for p in piece]
        found.append("M" + " ".join(places) + ("h0" if len(places) == 1 else ""))
    return "".join(found)


def _dots(chart: Chart, trace: Trace) -> str:
    """Lines of no length at a few points; round ends make dots of them."""
    if len(trace.points) > _DOTTED:
        return ""
    places = [f"{_short(_across(chart.x, p.at_s))} {_short(_up(chart.y, p.mean))}" for p in trace.points]
    return "".join(f"M{place}h0" for place in places)


def _band(chart: Chart, trace: Trace) -> str:
    """Along the upper ends of the intervals, and back along the lower ones."""
    found = []
    for piece in _pieces((p for p in trace.points if not math.isnan(p.low + p.high)), trace.gap_s):
        x = [_short(_across(chart.x, p.at_s)) for p in piece]
        upper = [f"{a} {_short(_up(chart.y, p.high))}" for a, p in zip(x, piece, strict=True)]
        lower = [f"{a} {_short(_up(chart.y, p.low))}" for a, p in zip(x, piece, strict=True)]
        found.append("M" + " ".join(upper + lower[::-1]) + "z")
    return "".join(found)
