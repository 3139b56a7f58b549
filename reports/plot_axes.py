"""Axes of plots: what their titles say that they count, and how far they reach."""

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from reports.number_axis import Kind, along, logarithmic, place, upright, with_ticks
from reports.plots import Plot
from reports.series import DAY_S
from reports.svg_chart import Axis
from reports.time_axis import horizon_axis
from reports.wording import shortened

_TITLE_AT_MOST: Final = 64  # characters of an axis's title, and of a tick: what there is room for
_TICK_AT_MOST: Final = 10
_OVER_MEANS: Final = 1.5  # an interval counts for at most so many times the greatest value
_HOURS_AT_MOST: Final = 7  # labels of an axis of hours of the day
_SINCE: Final = re.compile(r"days since (\d{4}-\d\d-\d\d)")


def kind_of(label: str) -> Kind:
    """What an axis counts, by the first word of its title."""
    first = label.lower().split(" ", 1)[0]
    return "time" if first in ("second", "seconds") else "share" if first == "share" else "number"


def axis_title(label: str) -> str:
    """A title beside marks that have units: "seconds waited" is "time waited"; none where dates stand."""
    if _SINCE.match(label):
        return ""
    return shortened(re.sub(r"^seconds?\b", "time", label, flags=re.IGNORECASE), _TITLE_AT_MOST)


def x_axis(plot: Plot, places: Iterable[float]) -> Axis:
    """From the first to the last place (of a logarithmic axis: logarithms) that anything is drawn at."""
    known = [x for x in places if math.isfinite(x)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if plot.log_x:
        axis = logarithmic(10.0**low, 10.0**high, kind_of(plot.x_label))
    else:
        axis = _dates(plot.x_label, low, high) or along(low, high, kind_of(plot.x_label))
    ticks = [(place(x, plot.log_x), shortened(label, _TICK_AT_MOST)) for x, label in plot.ticks]
    return with_ticks(axis, ticks or _hours(plot.x_label, axis)) if ticks or _is_clock(plot.x_label) else axis


def _is_clock(label: str) -> bool:
    return label.lower().startswith("hour of the day")


def _hours(label: str, axis: Axis) -> list[tuple[float, str]]:
    """Clock times of an axis of hours of the day."""
    every = next(
        n for n in (1, 2, 3, 4, 6, 12, 24) if (axis.high - axis.low) / n <= _HOURS_AT_MOST or n == 24
    )
    first, last = math.ceil(axis.low / every), math.floor(axis.high / every)
    return [(float(n * every), f"{n * every:02d}:00") for n in range(first, last + 1)]


def _dates(label: str, low: float, high: float) -> Axis | None:
    """An axis of days since a date, as a calendar; None where the title names no date."""
    found = _SINCE.match(label)
    if not found or high - low < 1:
        return None
    try:
        first = date.fromisoformat(found[1])
        axis = horizon_axis(first, low * DAY_S, high * DAY_S, by_day=True)
    except (ValueError, OverflowError):  # no such day
        return None
    return Axis(
        low,
        high,
        tuple(g / DAY_S for g in axis.grid),
        tuple((at / DAY_S, words) for at, words in axis.labels),
    )


def y_axis(plot: Plot) -> Axis:
    """From 0 to the greatest value; wide intervals count for little."""
    values = [y for each in plot.traces for y in each.y if math.isfinite(y)] or [0.0]
    ends = [y for each in plot.traces for y in (*each.low, *each.high) if math.isfinite(y)]
    low, high = min(values), max(values)
    reach = _OVER_MEANS * max(abs(low), abs(high))
    if ends:
        high = max(high, min(max(ends), reach))
        low = low if low >= 0 else min(low, max(min(ends), -reach))
    return upright(low, high, kind_of(plot.y_label))
