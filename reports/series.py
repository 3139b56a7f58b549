"""Rows by interval and by day -> lines over time that a chart can draw.

Short horizons are drawn interval by interval and by day; long ones by day, beside the average week.
Days always come from the result, with intervals of their own: the errors of a day's intervals cannot be
added up. The average week does so beyond 13 weeks; before, it is made from the interval rows, each
weighted by what its measure is divided by, and has no bands.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MEASURES: Final = (
    "offered", "handled", "abandoned", "aht", "service_level", "mean_queue", "occupancy", "on_duty",
)  # fmt: skip
_DIVISORS: Final = {"occupancy": ("on_duty",), "service_level": ("handled", "abandoned"), "aht": ("handled",)}
SUMS: Final = ("offered", "handled", "abandoned")  # contacts in an interval; the others are averages of it
INTERVALS_AT_MOST: Final = 1400  # beyond that single intervals can no longer be told apart
DAYS_AT_MOST: Final = 420


class Point(NamedTuple):
    """A value at a moment, with its 95 % interval (NaN where there is none).

    `at_s` counts seconds: on the local clock from the first day of a horizon, or from Monday 00:00.
    """

    at_s: float
    mean: float
    low: float = math.nan
    high: float = math.nan


Points = tuple[Point, ...]
Key = tuple[str, str, str]  # measure, scope, name
View = Mapping[Key, Points]
_Rows = dict[Key, list[Any]]  # label, mean, low, high


class Views(NamedTuple):
    """How a horizon is shown: by interval, by day, and as an average week; what is not shown is empty."""

    first: date
    interval_s: float
    intervals: View
    days: View
    week: View
    days_a_point: int = 1
    averaged: bool = False  # the week: by us, from the intervals, and so without bands


def views_of(intervals: "pd.DataFrame", interval_s: float, days: "pd.DataFrame | None" = None) -> Views:
    """Choose how to show the rows by interval and by day of a result (see `sim.experiment.Result`)."""
    by_time, of_week = _rows(intervals)
    if not by_time:
        return Views(date.min, interval_s, {}, {}, {})
    first = datetime.fromisoformat(min(each[0][0] for each in by_time.values()))
    since = _since(first.replace(hour=0, minute=0, second=0, tzinfo=None))
    placed = _placed(by_time, since)
    if of_week:
        week = _per_week(_placed(of_week, _moment_of_week), placed, first.date())
        return _thinned(Views(first.date(), interval_s, {}, placed, week))
    by_day = _open_days(_placed(_rows(days)[0], since)) if days is not None and len(days) else {}
    if max(map(len, placed.values())) <= INTERVALS_AT_MOST:
        return Views(first.date(), interval_s, placed, by_day, {})
    monday = first.weekday() * DAY_S
    averages = _averages(placed, lambda p: (monday + p.at_s) % WEEK_S)
    return Views(first.date(), interval_s, {}, by_day, averages, averaged=True)


def _rows(table: "pd.DataFrame") -> tuple[_Rows, _Rows]:
    """The rows of queues and groups: those at a time or day of the horizon, those of an average week."""
    rows = table[table["measure"].isin(MEASURES) & table["scope"].isin(("queue", "group"))]
    by_time: _Rows = defaultdict(list)
    of_week: _Rows = defaultdict(list)
    columns = [rows[c].tolist() for c in ("measure", "scope", "name", "interval", "mean", "low", "high")]
    for measure, scope, name, *row in zip(*columns, strict=True):
        kind = of_week if row[0][:3] in WEEKDAYS else by_time
        kind[measure, scope, name].append(row)
    return by_time, of_week


def _open_days(days: View) -> View:
    """Leave out the days with nothing at all: closed Sundays would hide all else behind their dips."""
    return {key: tuple(p for p in points if p.mean > 0) or points for key, points in days.items()}


def _thinned(views: Views) -> Views:
    """Average the days of very long horizons over whole weeks."""
    days = max((points[-1].at_s for points in views.days.values() if points), default=0.0) // DAY_S + 1
    if days <= DAYS_AT_MOST:
        return views._replace(days=_open_days(views.days))
    each = 7 * math.ceil(days / DAYS_AT_MOST / 7)
    averages = _averages(views.days, lambda p: p.at_s // (each * DAY_S) * each * DAY_S)
    return views._replace(days=averages, days_a_point=each)


def _placed(rows: _Rows, moment: Callable[[str], float]) -> View:
    """Put rows at their moments; many rows share a label, which is read once."""
    moments = {label: moment(label) for label in {row[0] for each in rows.values() for row in each}}
    return {key: tuple(Point(moments[label], *value) for label, *value in each) for key, each in rows.items()}


def _moment_of_week(label: str) -> float:
    """Seconds from Monday 00:00 of "Mon 08:00"."""
    day, clock = label.split(" ")
    hour, minute = clock.split(":")
    return WEEKDAYS.index(day) * DAY_S + int(hour) * 3600.0 + int(minute) * 60.0


def _per_week(week: View, days: View, first: date) -> View:
    """Scale sums so that a weekday of the average week adds up to the average of such days."""
    return {
        key: _scaled(points, days.get(key, ()), first) if key[0] in SUMS else points
        for key, points in week.items()
    }


def _scaled(points: Points, days: Points, first: date) -> Points:
    totals = _mean_by(days, lambda p: (first.weekday() + p.at_s // DAY_S) % 7)
    of_day = {d: sum(p.mean for p in each) for d, each in _grouped(points, lambda p: p.at_s // DAY_S).items()}
    factors = {d: totals.get(d, 0.0) / total if total else 1.0 for d, total in of_day.items()}
    return tuple(_times(point, factors[point.at_s // DAY_S]) for point in points)


def _times(point: Point, factor: float) -> Point:
    return Point(point.at_s, point.mean * factor, point.low * factor, point.high * factor)


def _grouped(points: Iterable[Point], key: Callable[[Point], float]) -> dict[float, list[Point]]:
    found: dict[float, list[Point]] = defaultdict(list)
    for point in points:
        found[key(point)].append(point)
    return found


def _mean_by(points: Iterable[Point], key: Callable[[Point], float]) -> dict[float, float]:
    return {k: sum(p.mean for p in each) / len(each) for k, each in _grouped(points, key).items()}


def _since(midnight: datetime) -> Callable[[str], float]:
    """Return a function from a local time (or a day) to seconds on the local clock since a midnight."""
    return lambda label: (datetime.fromisoformat(label).replace(tzinfo=None) - midnight).total_seconds()


def _averages(view: View, key: Callable[[Point], float]) -> View:
    """Averages of the points that share a key."""
    return {each: tuple(_average(each, points, view, key)) for each, points in view.items()}


def _average(which: Key, points: Points, view: View, key: Callable[[Point], float]) -> Iterator[Point]:
    weights = _weights(which, view)
    for at_s, each in sorted(_grouped(points, key).items()):
        weight = [1.0 if weights is None else weights[p.at_s] for p in each]
        if sum(weight) > 0:
            yield Point(at_s, sum(p.mean * w for p, w in zip(each, weight, strict=True)) / sum(weight))


def _weights(which: Key, view: View) -> dict[float, float] | None:
    """What a measure of an interval is divided by there: people, or contacts; None: time alone."""
    measure, scope, name = which
    divisors = _DIVISORS.get(measure)
    if divisors is None:
        return None
    total: dict[float, float] = defaultdict(float)
    for divisor in divisors:
        for point in view.get((divisor, scope, name), ()):
            total[point.at_s] += point.mean
    return total
