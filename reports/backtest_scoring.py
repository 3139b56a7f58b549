"""What was simulated against what happened: by day and by interval, beside the errors of simpler ways.

A real day is one draw of chance; it is held against the prediction interval, from the 5 % to the 95 %
quantile of single replications. With n replications the k-th smallest is the quantile k / (n + 1), so that a
day that is like the replications lies in its interval with exactly that chance (E. Gumbel, 1958, "Statistics
of extremes", section 1.2.7). The forecast of a day is the mean of the replications within its interval (of
volumes, of all): waits have a long tail where the volume is unsure, which says nothing of the day that is to
be expected.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.backtest_shown import MEASURES, Measure, Mode, Profile, Series, SeriesScore
from reports.ratios import Floats, Ratio

LOW: Final = 0.05
HIGH: Final = 0.95
LEAST_CONTACTS: Final = 10
"""A day of a stream with fewer is not compared: its figures are those of single contacts."""


class Compared(NamedTuple):
    """A measure of a stream: [day, interval], simulated [replication, day, interval], baselines by name."""

    stream: str
    measure: Measure
    actual: Ratio
    simulated: Ratio
    baselines: Mapping[str, Ratio]
    counted: NDArray[np.bool_]  # [day]: those that are compared


def mode(name: str, all_of: Sequence[Compared], days: Sequence[str], times: Sequence[str]) -> Mode:
    """Scores and series of one way of simulating; coverage is pooled over all series and days."""
    scored = [_by_day(each, days) for each in all_of]
    held = sum(round(score.coverage * score.days) for score, _ in scored if score.days)
    seen = sum(score.days for score, _ in scored)
    cells = [_by_interval(each, times) for each in all_of if each.measure != "occupancy"]
    return Mode(
        name,
        held / seen if seen else math.nan,
        tuple(score for score, _ in scored),
        tuple(series for _, series in scored),
        tuple(score for score, _ in cells),
        tuple(profile for _, profile in cells),
    )


def band(replications: Floats, adds_up: bool = False) -> tuple[Floats, Floats, Floats]:
    """The forecast, and both ends of the prediction interval, over the first axis; NaNs do not count.

    What adds up over streams is forecast by the mean of all, so that forecasts add up too.
    """
    known = np.isfinite(replications).sum(axis=0) >= 2
    usable = np.where(known, replications, 0.0)
    low, high = _quantiles(usable)
    within = np.isfinite(usable) if adds_up else (usable >= low) & (usable <= high)
    mean = np.where(within, usable, 0.0).sum(axis=0) / np.maximum(within.sum(axis=0), 1)
    return tuple(np.where(known, each, np.nan) for each in (mean, low, high))  # type: ignore[return-value]


def _band(each: Compared, replications: Floats) -> tuple[Floats, Floats, Floats]:
    return band(replications, each.measure == "offered")


def _quantiles(values: Floats) -> Floats:
    found: Floats = np.nanquantile(values, [LOW, HIGH], axis=0, method="weibull")
    return found


def _by_day(each: Compared, days: Sequence[str]) -> tuple[SeriesScore, Series]:
    actual = np.where(each.counted, each.actual.by_day(), np.nan)
    mean, low, high = (np.where(each.counted, ends, np.nan) for ends in _band(each, each.simulated.by_day()))
    compared = np.isfinite(actual) & np.isfinite(mean)
    others = {name: ratio.by_day() for name, ratio in each.baselines.items()}
    score = _score(each, compared, compared, (actual, mean, low, high), others)
    return score, Series(
        each.stream, each.measure, MEASURES[each.measure][1], tuple(days), actual, mean, low, high
    )


def _by_interval(each: Compared, times: Sequence[str]) -> tuple[SeriesScore, Profile]:
    """Scores over single intervals of all days; the profile is over the days together."""
    actual = np.where(each.counted[:, None], each.actual.by_cell(), np.nan)
    mean, low, high = _band(each, each.simulated.by_cell())
    some = np.isfinite(actual) & np.isfinite(mean)
    if each.measure == "offered":  # a closed interval is no forecast of nobody
        some &= (actual > 0) | (mean > 0)
    others = {name: ratio.by_cell() for name, ratio in each.baselines.items()}
    score = _score(each, some, each.counted, (actual, mean, low, high), others)
    middle, bottom, top = _band(each, each.simulated.by_time(each.counted))
    profile = Profile(
        each.stream,
        each.measure,
        MEASURES[each.measure][1],
        tuple(times),
        each.actual.by_time(each.counted),
        middle,
        bottom,
        top,
    )
    return score, profile


def _score(
    each: Compared,
    some: NDArray[np.bool_],
    days: NDArray[np.bool_],
    values: tuple[Floats, Floats, Floats, Floats],
    others: Mapping[str, Floats],
) -> SeriesScore:
    """A score over the places `some`, whose whole is over `days`; `values` are actual, mean, low and high."""
    actual, mean, low, high = values
    fair = _common(some, others)
    return SeriesScore(
        each.stream,
        each.measure,
        MEASURES[each.measure][1],
        int(some.sum()),
        float(each.actual.over(days)),
        float(_band(each, each.simulated.over(days))[0]) if days.any() else math.nan,
        _coverage(actual, low, high, some),
        _error(mean, actual, fair),
        {name: _error(forecast, actual, fair) for name, forecast in others.items()},
        float((mean - actual)[some].mean()) if some.any() else math.nan,
    )


def _common(compared: NDArray[np.bool_], others: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Where every way has a value, so that errors are over the same days; who has none at all is left out."""
    fair = compared.copy()
    for forecast in others.values():
        known = np.isfinite(forecast) & compared
        if known.any():
            fair &= known
    return fair if fair.any() else compared


def _coverage(actual: Floats, low: Floats, high: Floats, some: NDArray[np.bool_]) -> float:
    inside = (actual >= low - 1e-9) & (actual <= high + 1e-9)
    return float(inside[some].mean()) if some.any() else math.nan


def _error(forecast: Floats, actual: Floats, some: NDArray[np.bool_] | None = None) -> float:
    """Mean absolute error where both are known."""
    known = np.isfinite(forecast) & np.isfinite(actual)
    if some is not None:
        known &= some
    return float(np.abs(forecast - actual)[known].mean()) if known.any() else math.nan
