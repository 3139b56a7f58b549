"""Products of the residuals of two streams, by day and by interval: what their factors have in common."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.dispersion import Table, by_day, tables
from calibration.fits.loadings import GROUPS, Loading, PairSums, fit_loadings
from calibration.fits.stream_fit import StreamFit


class Shared(NamedTuple):
    """The loadings of the streams, in the order in which they were given."""

    day: list[Loading]
    interval: list[Loading]


class _Residuals(NamedTuple):
    """A stream's days, zeros where they do not count: residuals [day], and their maker [day, day]."""

    of_day: Floats
    maker: Floats
    spread: Floats  # [day, interval] shares of the day's contacts


def fit_shared(grid: CountGrid, fits: tuple[StreamFit, ...]) -> Shared:
    """Loadings of streams on the factor common to all, at both levels."""
    by_interval = _interval_sums(grid, fits)
    by_days = _day_sums(grid, fits, by_interval)
    return Shared(
        fit_loadings(_grouped(by_days), np.array([each.scatter.cv for each in fits])),
        fit_loadings(_grouped(by_interval), np.array([each.interval.cv for each in fits])),
    )


def _grouped(sums: PairSums) -> PairSums:
    """Groups of days in a row, of those that have contacts to compare."""
    streams, days = sums.products.shape[0], sums.products.shape[2]
    counted = np.flatnonzero(np.abs(sums.scale).sum(axis=(0, 1)) > 0)
    groups = min(GROUPS, max(len(counted), 1))
    member = np.zeros((days, groups))
    member[counted, np.arange(len(counted)) * groups // max(len(counted), 1)] = 1.0
    return PairSums(*(each.reshape(-1, days).dot(member).reshape(streams, streams, groups) for each in sums))


def _day_sums(grid: CountGrid, fits: tuple[StreamFit, ...], by_interval: PairSums) -> PairSums:
    """What the days' relative residuals have in common, less the part of the intervals' factors."""
    residuals = [_residuals(grid, each) for each in fits]
    products, scale = np.zeros((2, len(fits), len(fits), len(grid.days)))
    for s, t in combinations(range(len(fits)), 2):
        one, other = residuals[s], residuals[t]
        weight = (one.maker * other.maker).sum(axis=1)
        common = by_interval.scale[s, t].sum()
        shared = by_interval.products[s, t].sum() / common if common > 0 else 0.0
        of_intervals = shared * (one.spread * other.spread).sum(axis=1) * np.diag(one.maker * other.maker)
        products[s, t] = products[t, s] = one.of_day * other.of_day - of_intervals
        scale[s, t] = scale[t, s] = weight
    return PairSums(products, scale)


def _residuals(grid: CountGrid, fit: StreamFit) -> _Residuals:
    days = len(grid.days)
    of_day, maker = np.zeros(days), np.zeros((days, days))
    mean = fit.expected(grid)
    total = mean.sum(axis=1, keepdims=True)
    spread = np.divide(mean, total, out=np.zeros_like(mean), where=total > 0)
    if fit.levels is not None:
        rows = np.searchsorted(grid.times, fit.levels.times)
        of_day[rows] = fit.levels.residuals
        maker[np.ix_(rows, rows)] = fit.levels.residual_maker
    return _Residuals(of_day, maker, spread)


def _interval_sums(grid: CountGrid, fits: tuple[StreamFit, ...]) -> PairSums:
    """What the residuals around the margins of days and intervals have in common (`dispersion.py`)."""
    days = len(grid.days)
    found = [
        {int(each.rows[0]): each for each in tables(grid.of(fit.stream), grid.open, grid.weekdays, fit.usual)}
        for fit in fits
    ]
    variances = [max(each.intervals.squared, 0.0) for each in fits]
    products, scale = np.zeros((2, len(fits), len(fits), days))
    for s, t in combinations(range(len(fits)), 2):
        for key in sorted(found[s].keys() & found[t].keys()):
            own = _pair(found[s][key], found[t][key], variances[s], variances[t], days)
            products[s, t] += own[0]
            scale[s, t] += own[1]
        products[t, s], scale[t, s] = products[s, t], scale[s, t]
    return PairSums(products, scale)


def _pair(
    one: Table, other: Table, variance: float, other_variance: float, days: int
) -> tuple[Floats, Floats]:
    """Sums of weighted products and their scale, by day, over the intervals that both streams have."""
    shared, i, j = np.intersect1d(one.columns, other.columns, return_indices=True)
    if len(shared) < 2:
        return np.zeros(days), np.zeros(days)
    m, n = one.mean[:, i], other.mean[:, j]
    weight = 1.0 / ((1.0 + variance * m) * (1.0 + other_variance * n))
    along = one.along[np.ix_(i, i)] * other.along[np.ix_(j, j)]
    spread = (one.across * other.across) @ (m * n) @ along
    product = one.residuals[:, i] * other.residuals[:, j]
    return by_day(one, weight * product, days), by_day(one, weight * spread, days)
