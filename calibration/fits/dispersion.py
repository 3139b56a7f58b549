"""How much intervals differ from their profile by more than chance, the day as a whole taken away.

Among the days of one weekday that are open alike, the counts are a table of days x intervals. Its margins
give the Poisson fit m = row sum x column sum / sum, and to first order the residuals are those of the true
means, r = (I - a 1') e (I - 1 p'), with a the shares of the days and p those of the intervals. So the mean of
r^2 is linear in the variance of a count, m + V m^2, and hence in V, the squared coefficient of variation of
the interval's factor: degrees of freedom of days and intervals are accounted for exactly, and no smoothing of
the profile matters. V is where the weighted sum of r^2 is at its mean (Breslow 1984, "Extra-Poisson variation
in log-linear models", Applied Statistics 33, by moments). Weights are the best ones for gamma-Poisson counts
times m: evenings and Saturdays of real centres vary far more in proportion than busy hours, a scenario has
one cv for all, and this is the one that contacts meet.

The interval is that of a chi-squared law for V + c, c the variance by chance alone, with Satterthwaite's
degrees of freedom (1946, Biometrics Bulletin 2). The variance of V in it is the larger of that of the model,
with the fourth moment of gamma-Poisson counts, and that between days, as surges of real days last for several
intervals.
"""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Bools, Floats, Ints, alike

_ROUNDS: Final = 8
_FIRST: Final = 0.02  # squared cv from which the weights start
_LEAST_MEAN: Final = 1e-12


class Spread(NamedTuple):
    """A coefficient of variation, its standard error (NaN at 0), its 95 % interval (NaN: unknown)."""

    cv: float
    se: float
    low: float
    high: float


UNKNOWN: Final = Spread(0.0, math.nan, math.nan, math.nan)


class Table(NamedTuple):
    """Days of one weekday that are open alike, all [day, interval]; days that do not count are zeros."""

    rows: Ints  # of the grid
    columns: Ints
    counts: Floats
    mean: Floats  # row sum x column sum / sum
    residuals: Floats
    across: Floats  # K [day, day] of r = K e L
    along: Floats  # L [interval, interval]


class Moments(NamedTuple):
    """Sums by day of the grid: `excess` / `scale` is a squared cv; `variance` is that of the excess."""

    excess: Floats
    scale: Floats
    variance: Floats
    chance: Floats  # excess / scale that chance alone would give, before it is taken off


def tables(counts: Floats, opened: Bools, weekdays: Ints, used: Bools) -> list[Table]:
    """The tables of a stream; `used` [day] are the days that count."""
    found = (_table(counts, opened, rows, used) for rows in alike(weekdays, opened))
    return [each for each in found if each is not None]


def _table(counts: Floats, opened: Bools, rows: Ints, used: Bools) -> Table | None:
    """None where two days and two intervals with contacts are not to be had."""
    own = counts[rows] * used[rows][:, None]
    columns = np.flatnonzero(opened[rows[0]] & (own.sum(axis=0) > 0))
    own = own[:, columns]
    total = own.sum()
    if (own.sum(axis=1) > 0).sum() < 2 or len(columns) < 2:
        return None
    a, p = own.sum(axis=1) / total, own.sum(axis=0) / total
    counted = (a > 0).astype(float)
    mean = total * np.outer(a, p)
    across = np.diag(counted) - np.outer(a, counted)
    along = np.eye(len(columns)) - np.outer(np.ones(len(columns)), p)
    return Table(rows, columns, own, mean, own - mean, across, along)


def moments(table: Table, days: int, variance: float) -> Moments:
    """The sums by which V is found, with weights for a V near `variance`, [day of the grid]."""
    weight = table.mean / (1.0 + variance * table.mean) ** 2
    poisson = _spread_out(table, table.mean)
    scale = _spread_out(table, mean_squared(table, variance))
    of_residual = np.maximum(poisson + variance * scale, _LEAST_MEAN)
    kurtosis = 6.0 * variance + 1.0 / np.maximum(table.mean * (1.0 + variance * table.mean), _LEAST_MEAN)
    kurtosis[table.mean <= 0] = 0.0
    sums = (
        weight * (table.residuals**2 - poisson),
        weight * scale,
        weight**2 * of_residual**2 * (2.0 + kurtosis),
        weight * poisson,
    )
    return Moments(*(by_day(table, each, days) for each in sums))


def mean_squared(table: Table, variance: float) -> Floats:
    """The squares of the true means: those of the fitted ones less the variance of these."""
    of_count = table.mean + variance * table.mean**2
    of_mean = np.maximum(of_count - _spread_out(table, of_count), 0.0)
    squares: Floats = np.maximum(table.mean**2 - of_mean, 0.0)
    return squares


def _spread_out(table: Table, of_error: Floats) -> Floats:
    """The mean of r^2 where the errors have these variances."""
    spread: Floats = table.across**2 @ of_error @ table.along**2
    return spread


def by_day(table: Table, cells: Floats, days: int) -> Floats:
    """Sums over the intervals of a table, at the days of the grid."""
    found = np.zeros(days)
    found[table.rows] = cells.sum(axis=1)
    return found


class IntervalSpread(NamedTuple):
    """The interval's coefficient of variation; `squared` may be below 0 by chance."""

    spread: Spread
    squared: float
    cells: int


def fit_intervals(of_stream: list[Table], days: int) -> IntervalSpread:
    """The interval's factor; unknown where no two days of a weekday, nor two intervals, can be compared."""
    if not of_stream:
        return IntervalSpread(UNKNOWN, 0.0, 0)
    squared = _FIRST
    for _ in range(_ROUNDS):
        sums = list(_all(of_stream, days, max(squared, 0.0)))
        scale = sum(float(each.scale.sum()) for each in sums)
        if scale <= 0:
            return IntervalSpread(UNKNOWN, 0.0, 0)
        squared = sum(float(each.excess.sum()) for each in sums) / scale
    found = list(_all(of_stream, days, max(squared, 0.0)))
    variance = max(_by_model(found), _between_days(found, squared)) / scale**2
    chance = sum(float(each.chance.sum()) for each in found) / scale
    cells = sum(each.counts.size for each in of_stream)
    return IntervalSpread(_interval(squared, chance, variance), squared, cells)


def _all(of_stream: list[Table], days: int, variance: float) -> Iterator[Moments]:
    return (moments(each, days, variance) for each in of_stream)


def _by_model(found: list[Moments]) -> float:
    return sum(float(each.variance.sum()) for each in found)


def _between_days(found: list[Moments], squared: float) -> float:
    """The variance of the excess as its scatter between the days of each table tells it."""
    total = 0.0
    for each in found:
        counted = each.scale > 0
        n = int(counted.sum())
        off = (each.excess - squared * each.scale)[counted]
        total += float(np.sum(off**2)) * n / max(n - 1, 1)
    return total


def _interval(squared: float, chance: float, variance: float) -> Spread:
    """The 95 % interval of a squared cv whose sum with chance is about chi-squared."""
    total = max(squared + chance, 1e-300)
    freedom = 2.0 * total**2 / max(variance, 1e-300)
    low, high = (_chi_squared_end(total, freedom, p) - chance for p in (0.975, 0.025))
    cv = math.sqrt(max(squared, 0.0))
    se = math.sqrt(variance) / (2.0 * cv) if cv > 0 else math.nan
    return Spread(cv, se, math.sqrt(max(low, 0.0)), math.sqrt(max(high, 0.0)))


def _chi_squared_end(total: float, freedom: float, p: float) -> float:
    """`total` over the p-quantile of a chi-squared law's share of its mean; infinite where that is 0."""
    quantile = 2.0 * float(special.gammaincinv(freedom / 2.0, p))
    return total * freedom / quantile if quantile > 0 else math.inf
