"""Axes of time: where grid lines and labels go for a day, a few weeks, a year or many."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from reports.series import DAY_S, WEEK_S, WEEKDAYS, Points
from reports.svg_chart import Axis

_LABELS_AT_MOST: Final = 8
_HOUR_S: Final = 3600.0
# Not from strftime: that speaks the language of the machine.
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def week_axis() -> Axis:
    """From Monday to Sunday."""
    grid = tuple(float(day * DAY_S) for day in range(8))
    return Axis(
        0.0,
        float(WEEK_S),
        grid,
        tuple((g + DAY_S / 2, day) for g, day in zip(grid[:7], WEEKDAYS, strict=True)),
    )


def horizon_axis(first: date, low_s: float, high_s: float, by_day: bool = False) -> Axis:
    """From one moment to another, in seconds since `first` 00:00 on the local clock."""
    days = (high_s - low_s) / DAY_S
    if days <= 2 and not by_day:
        return _hours(low_s, high_s)
    if days <= 16:
        return _days(first, low_s, high_s)
    if days <= 100:
        return _weeks(first, low_s, high_s)
    return _months(first, low_s, high_s)


def span_of(all_points: list[Points], step_s: float) -> tuple[float, float]:
    """The moments between which all points lie, each in the middle of its step."""
    found = [p.at_s for points in all_points for p in points]
    return min(found) - step_s / 2, max(found) + step_s / 2


def _hours(low_s: float, high_s: float) -> Axis:
    step = next((h for h in (1, 3, 6) if (high_s - low_s) / _HOUR_S / h <= _LABELS_AT_MOST), 12)
    first = -int(-low_s // (step * _HOUR_S))
    last = int(high_s // (step * _HOUR_S))
    marks = [n * step * _HOUR_S for n in range(first, last + 1)]
    inside = [m for m in marks if low_s + _HOUR_S / 2 <= m <= high_s - _HOUR_S / 2]
    return Axis(low_s, high_s, tuple(marks), tuple((m, f"{int(m // _HOUR_S) % 24:02d}:00") for m in inside))


def _days(first: date, low_s: float, high_s: float) -> Axis:
    """A grid line at every midnight, and the day's name in its middle."""
    count = int(high_s // DAY_S) - int(low_s // DAY_S) + 1
    every = -(-count // _LABELS_AT_MOST)
    grid, labels = [], []
    for n in range(int(low_s // DAY_S), int(high_s // DAY_S) + 1):
        day = first + timedelta(days=n)
        grid.append(min(max(float(n * DAY_S), low_s), high_s))
        middle = (n + 0.5) * DAY_S
        if n % every == 0 and low_s <= middle <= high_s:
            labels.append((middle, f"{WEEKDAYS[day.weekday()]} {day.day}"))
    return Axis(low_s, high_s, tuple(grid), tuple(labels))


def _weeks(first: date, low_s: float, high_s: float) -> Axis:
    """A grid line at every Monday, with the date of some."""
    monday = (7 - first.weekday()) % 7
    marks = [float(n * DAY_S) for n in range(monday, int(high_s // DAY_S) + 1, 7) if n * DAY_S >= low_s]
    fits = [m for m in marks if m <= high_s - 0.04 * (high_s - low_s)]  # a label needs room on its right
    some = fits[:: -(-len(fits) // 6) or 1]
    dates = [(m, first + timedelta(seconds=m)) for m in some]
    return Axis(low_s, high_s, tuple(marks), tuple((m, f"{d.day} {MONTHS[d.month - 1]}") for m, d in dates))


def _months(first: date, low_s: float, high_s: float) -> Axis:
    """A grid line at every start of a month (or year), labelled in the middle of it."""
    months = (high_s - low_s) / DAY_S / 30.5
    yearly = months > 30
    starts = list(_starts(first, math.ceil(high_s / DAY_S), yearly))
    every = -(-len(starts) // (_LABELS_AT_MOST if yearly else 12))
    grid = tuple(float(n * DAY_S) for n, _ in starts if low_s <= n * DAY_S <= high_s)
    half = (182 if yearly else 15) * DAY_S
    labels = tuple(
        (n * DAY_S + half, f"{day.year}" if yearly else MONTHS[day.month - 1])
        for n, day in starts[::every]
        if low_s <= n * DAY_S + half <= high_s
    )
    return Axis(low_s, high_s, grid, labels)


def _starts(first: date, days: int, yearly: bool) -> Iterator[tuple[int, date]]:
    """Starts of months or years as days since `first`: from the one that `first` is in."""
    day = first.replace(day=1, month=1 if yearly else first.month)
    while (day - first).days < days and day.year < date.max.year:
        yield (day - first).days, day
        day = (day + timedelta(days=370 if yearly else 31)).replace(day=1)
        day = day.replace(month=1) if yearly else day
