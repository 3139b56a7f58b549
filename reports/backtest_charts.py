"""Charts of a back-test: what was simulated as a line in its band, what happened as dots."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from reports.backtest_shown import MEASURES, Floats, Mode, Profile, Series
from reports.charts import JOINED_DAYS, MOST_CHARTED, Picture
from reports.number_axis import Kind, upright
from reports.series import DAY_S, Point, Points
from reports.svg_chart import Axis, Chart, Trace, height_of, svg
from reports.time_axis import horizon_axis
from reports.wording import plain

SIMULATED: Final = "simulated, 90 % interval"
MEAN_ALONE: Final = "simulated"
ACTUAL: Final = "actual"
OUTSIDE: Final = "actual, outside"

_KINDS: Final[dict[str, Kind]] = {"share": "share", "s": "time"}
_OVER_MEANS: Final = 1.5  # an interval counts for at most so many times the highest value

_Each = TypeVar("_Each", Series, Profile)


class Panel(NamedTuple):
    """The charts of one stream."""

    stream: str
    pictures: tuple[Picture, ...]


def day_panels(mode: Mode, key: str) -> tuple[Panel, ...]:
    """Each drawn stream's measures by day; `key` is unique to the mode."""
    return _panels(charted(mode), mode.series, key, _by_day)


def time_panels(mode: Mode, key: str) -> tuple[Panel, ...]:
    """Each drawn stream's measures by interval of the day."""
    return _panels(charted(mode), mode.profiles, key, _by_time)


def charted(mode: Mode) -> tuple[str, ...]:
    """The streams that are drawn: those with most contacts, in the order given."""
    named = [*(s.stream for s in mode.series), *(p.stream for p in mode.profiles)]
    streams = tuple(dict.fromkeys(named))
    if len(streams) <= MOST_CHARTED:
        return streams
    offered = {s.stream: s.actual * s.days for s in mode.scores if s.measure == "offered"}
    chosen = sorted(streams, key=lambda name: _known(offered.get(name, 0.0)), reverse=True)[:MOST_CHARTED]
    return tuple(name for name in streams if name in chosen)


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _panels(
    streams: Sequence[str], given: Sequence[_Each], key: str, draw: Callable[[_Each, str], Picture | None]
) -> tuple[Panel, ...]:
    """The pictures of each stream, its measures in the order of `MEASURES`."""
    order = list(MEASURES)
    found = []
    for n, stream in enumerate(streams):
        own = sorted((s for s in given if s.stream == stream), key=lambda s: order.index(s.measure))
        pictures = (draw(each, f"{key}-{n}-{each.measure}") for each in own)
        found.append(Panel(stream, tuple(each for each in pictures if each is not None)))
    return tuple(panel for panel in found if panel.pictures)


def _by_day(series: Series, key: str) -> Picture | None:
    if not series.days:
        return None
    days = [date.fromisoformat(day) for day in series.days]
    places = [((day - days[0]).days + 0.5) * DAY_S for day in days]
    axis = horizon_axis(days[0], 0.0, places[-1] + DAY_S / 2, by_day=True)
    return _picture(series, places, axis, JOINED_DAYS * DAY_S, key, "by day")


def _by_time(profile: Profile, key: str) -> Picture | None:
    if not profile.times:
        return None
    starts = [_seconds(time) for time in profile.times]
    step_s = min((b - a for a, b in pairwise(starts)), default=3600.0)
    places = [start + step_s / 2 for start in starts]
    axis = horizon_axis(date(2001, 1, 1), starts[0], starts[-1] + step_s)
    return _picture(profile, places, axis, 1.5 * step_s, key, "by interval of the day")


def _seconds(clock: str) -> float:
    hour, minute = clock.split(":")
    return int(hour) * 3600.0 + int(minute) * 60.0


def _picture(
    shown: Series | Profile, places: list[float], x: Axis, gap_s: float, key: str, over: str
) -> Picture | None:
    """A chart, unless there is nothing to draw."""
    title = MEASURES[shown.measure][0]
    traces = tuple(trace for trace in _traces(shown, places, gap_s) if _some(trace.points))
    if not traces:
        return None
    y = upright(0.0, _highest(shown), _KINDS.get(shown.unit, "number"))
    chart = Chart(key, f"{shown.stream}: {title}, {over}", _description(shown), traces, x, y)
    legend = tuple((_key(trace), trace.label) for trace in traces)
    return Picture(shown.measure.replace("_", "-"), title, over, legend, svg(chart), height_of(chart))


def _traces(shown: Series | Profile, places: list[float], gap_s: float) -> tuple[Trace, Trace, Trace]:
    values = (column.tolist() for column in (shown.mean, shown.low, shown.high))
    simulated = tuple(Point(*row) for row in zip(places, *values, strict=True))
    actual = tuple(Point(at, value) for at, value in zip(places, shown.actual.tolist(), strict=True))
    out = [a.mean < s.low or a.mean > s.high for a, s in zip(actual, simulated, strict=True)]
    banded = any(not math.isnan(p.low + p.high) for p in simulated)
    return (
        Trace(SIMULATED if banded else MEAN_ALONE, "first", simulated, gap_s, banded, "none"),
        Trace(ACTUAL, "actual", _where(actual, [not each for each in out]), gap_s, False, "only"),
        Trace(OUTSIDE, "outside", _where(actual, out), gap_s, False, "only"),
    )


def _where(points: Points, chosen: list[bool]) -> Points:
    return tuple(point for point, is_chosen in zip(points, chosen, strict=True) if is_chosen)


def _some(points: Points) -> bool:
    return any(not math.isnan(point.mean) for point in points)


def _key(trace: Trace) -> str:
    if trace.marks == "only":
        return f"{trace.style} dotted"
    return f"{trace.style} with-band" if trace.has_band else trace.style


def _finite(values: Floats) -> list[float]:
    return [value for value in values.tolist() if math.isfinite(value)]


def _highest(shown: Series | Profile) -> float:
    """The top of what is drawn; a wide interval must not flatten all else."""
    top = max((*_finite(shown.actual), *_finite(shown.mean)), default=0.0)
    return max(top, min(max(_finite(shown.high), default=0.0), _OVER_MEANS * top))


def _description(shown: Series | Profile) -> str:
    """From where to where what was and what was simulated go."""
    factor, unit = (100.0, " %") if shown.unit == "share" else (1.0, "")
    return "; ".join(
        f"{name}: from {plain(round(min(values) * factor, 1))}{unit} "
        f"to {plain(round(max(values) * factor, 1))}{unit}"
        for name, column in ((ACTUAL, shown.actual), ("simulated", shown.mean))
        if (values := _finite(column))
    )
