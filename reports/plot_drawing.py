"""Plots as pictures: lines, steps and points with their bands, on axes of numbers or times."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from reports.charts import Picture
from reports.number_axis import place
from reports.plot_axes import axis_title, x_axis, y_axis
from reports.plots import Plot, PlotTrace
from reports.series import Point, Points
from reports.svg_chart import Axis, Chart, Trace, height_of, svg
from reports.wording import plain

STYLES: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
)  # colours, by the order of traces

_BUCKETS: Final = 240  # across a picture: what is finer cannot be told apart
_CELLS: Final = (480, 240)  # the same for dots, across and up
_ALIKE: Final = 1e-6  # relative: steps of one width are a histogram


def picture(plot: Plot, key: str, over: str = "") -> Picture:
    """The plot drawn; `key` is unique in its page, `over` is written after the title. Text is escaped."""
    shown = [each._replace(x=_placed(plot, each)) for each in plot.traces if _has_points(each)]
    x, y = x_axis(plot, (at for each in shown for at in (*each.x, *_end(each)))), y_axis(plot)
    styles = _styles(shown)
    drawn = tuple(_trace(each, style, x, y) for each, style in zip(shown, styles, strict=True))
    titles = axis_title(plot.x_label), axis_title(plot.y_label)
    chart = Chart(key, plot.title, _description(plot), drawn, x, y, None, *titles)
    return Picture("plot", plot.title, over, _legend(drawn), svg(chart), height_of(chart))


def _owner(label: str, labels: Iterable[str]) -> str | None:
    """The trace that another one belongs to: of "Mon, counted" that is "Mon"."""
    return next((each for each in labels if label.startswith(f"{each}, ")), None)


def _styles(traces: Sequence[PlotTrace]) -> list[str]:
    """A colour for each trace, the same for those that belong together."""
    found: dict[str, str] = {}
    for trace in traces:
        owner = _owner(trace.label, found)
        free = STYLES[len(set(found.values())) % len(STYLES)]
        found[trace.label] = found[owner] if owner is not None else free
    return [found[trace.label] for trace in traces]


def _legend(drawn: Sequence[Trace]) -> tuple[tuple[str, str], ...]:
    """Keys and labels; traces that belong to others share one key for what they are."""
    found: dict[tuple[str, str], None] = {}
    labels = [trace.label for trace in drawn]
    for trace in drawn:
        owner = _owner(trace.label, labels)
        if owner is None:
            found[_key(trace), trace.label] = None
    for trace in drawn:
        if (owner := _owner(trace.label, labels)) is not None:
            found[_key(trace._replace(style="actual")), trace.label.removeprefix(f"{owner}, ")] = None
    return tuple(found)


def _has_points(trace: PlotTrace) -> bool:
    return any(map(math.isfinite, trace.y))


def _placed(plot: Plot, trace: PlotTrace) -> tuple[float, ...]:
    """Places along the axis; on a logarithmic one, a first step from 0 is as wide as the one after it."""
    places = tuple(place(x, plot.log_x) for x in trace.x)
    if plot.log_x and trace.style == "step" and len(places) > 2 and trace.x[0] == 0:
        return (2 * places[1] - places[2], *places[1:])
    return places


def _is_histogram(trace: PlotTrace) -> bool:
    """Steps of the same width, without a band."""
    if trace.style != "step" or trace.low or len(trace.x) < 3:
        return False
    widths = [b - a for a, b in pairwise(trace.x)]
    return max(widths) - min(widths) <= _ALIKE * max(map(abs, widths))


def _end(trace: PlotTrace) -> tuple[float, ...]:
    """Where the last step of a histogram ends; nothing of other traces."""
    return (2 * trace.x[-1] - trace.x[-2],) if _is_histogram(trace) else ()


def _trace(given: PlotTrace, style: str, x: Axis, y: Axis) -> Trace:
    """A trace as the chart has it: not more points than can be seen, steps as corners."""
    points = [point for point in _points(given) if math.isfinite(point.at_s)]
    if given.style == "points":
        return Trace(given.label, style, _distinct(points, x, y), math.inf, bool(given.low), "only")
    points = _thinned(points, x)
    if given.style == "step":
        points = list(_corners(points, _end(given)))
    return Trace(given.label, style, tuple(points), math.inf, bool(given.low) or _is_histogram(given), "none")


def _points(given: PlotTrace) -> Iterator[Point]:
    nothing = (math.nan,) * len(given.y)
    low, high = given.low or nothing, given.high or nothing
    if _is_histogram(given):  # filled down to the axis
        low, high = (0.0,) * len(given.y), given.y
    for at, *values in zip(given.x, given.y, low, high, strict=True):
        yield Point(at, *(value if math.isfinite(value) else math.nan for value in values))


def _corners(points: Sequence[Point], end: tuple[float, ...]) -> Iterator[Point]:
    """Each value from its place to the next one."""
    for here, then in pairwise(points):
        yield here
        yield here._replace(at_s=then.at_s)
    if points:
        yield points[-1]
        yield from (points[-1]._replace(at_s=at) for at in end)


def _thinned(points: list[Point], axis: Axis) -> list[Point]:
    """Of each narrow strip of the picture: the first, least, greatest and last point."""
    if len(points) <= 2 * _BUCKETS:
        return points
    wide = (axis.high - axis.low) / _BUCKETS
    strips: dict[int, list[int]] = {}
    for n, point in enumerate(points):
        strips.setdefault(int((point.at_s - axis.low) / wide), []).append(n)
    kept = {n for strip in strips.values() for n in _corner_points(strip, points)}
    return [points[n] for n in sorted(kept)]


def _corner_points(strip: list[int], points: list[Point]) -> Iterable[int]:
    known = [n for n in strip if not math.isnan(points[n].mean)]
    if not known:
        return strip[:1]
    return (
        known[0],
        min(known, key=lambda n: points[n].mean),
        max(known, key=lambda n: points[n].mean),
        known[-1],
    )


def _distinct(points: list[Point], x: Axis, y: Axis) -> Points:
    """One dot of those that would lie on each other."""
    across, up = _CELLS
    wide, high = (x.high - x.low) / across or 1.0, (y.high - y.low) / up or 1.0
    cells = {
        (round((p.at_s - x.low) / wide), round((p.mean - y.low) / high)): p
        for p in reversed(points)
        if not math.isnan(p.mean)
    }
    return tuple(sorted(cells.values()))


def _key(trace: Trace) -> str:
    """The class of its piece of the legend."""
    if trace.marks == "only":
        return f"{trace.style} dotted"
    return f"{trace.style} with-band" if trace.has_band else trace.style


def _description(plot: Plot) -> str:
    """From where to where each trace goes."""
    found = [
        f"{each.label}: from {_short(min(y))} to {_short(max(y))}"
        for each in plot.traces
        if (y := [value for value in each.y if math.isfinite(value)])
    ]
    about = f"{plot.y_label}, by {plot.x_label}. " if plot.x_label else f"{plot.y_label}. "
    return about + ("; ".join(found) or "Nothing to draw.")


def _short(value: float) -> str:
    return plain(float(f"{value:.3g}"))
