"""How much days, and intervals within them, differ by more than chance, from products of pairs of counts.

The count of an interval is Poisson with the mean of its weekday and time of day, times a gamma factor of the
day, times a gamma factor of the interval, both of mean 1 (`arrivals.py` has the sources). Moments tell the
two factors and chance apart. For intervals i and j of day d, means m and factors of squared coefficients of
variation D (day) and V (interval),

* one day, two intervals:  E[N(d,i) N(d,j)]       = m(i) m(j) (1 + D)
* one day, one interval:   E[N(d,i) (N(d,i) - 1)] = m(i)^2 (1 + D) (1 + V)
* two days, any intervals: E[N(d,i) N(e,j)]       = m(i) m(j)

so that ratios of sums of the first and second to sums of the third are 1 + D and (1 + D) (1 + V). The Poisson
noise is gone because no count is multiplied by itself, and the means need no estimate. All days of a weekday
are taken to have one mean: a level that moves counts as the day's factor (`level_variances.py` tells them
apart).
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Floats, Ints
from calibration.fits.dispersion import Spread

SEED: Final = 1
RESAMPLES: Final = 2000
CONFIDENCE: Final = 0.95
_FEWEST_DAYS: Final = 3  # of a weekday


class Grid(NamedTuple):
    """Counts as a table: one row a day, one column an interval of the day."""

    interval_s: int
    days: tuple[str, ...]  # dates
    weekdays: Ints  # of each day, 0 = Monday
    counts: Floats  # [day, interval]


class Busyness(NamedTuple):
    """How much days, and intervals within them, differ by more than chance."""

    day: Spread
    interval: Spread


class _Weekday(NamedTuple):
    """The products of counts on the days of one weekday, [day, day]; sums over intervals."""

    across: Floats  # of two different intervals
    along: Floats  # of the same interval; the diagonal N (N - 1)


class _Ratios(NamedTuple):
    """(1 + D) and (1 + D) (1 + V), for each set of weights of the days."""

    day: Floats
    both: Floats


def estimate(table: Grid, resamples: int = RESAMPLES, seed: int = SEED) -> Busyness:
    """Busyness by day and by interval; standard errors by drawing days again, weekday by weekday.

    Weekdays with fewer than three days tell too little and are left out. Raises ``ValueError`` where
    that leaves none, or where there are fewer than two intervals a day, or no contacts.
    """
    parts = [_products(table.counts[table.weekdays == w]) for w in repeated(table.weekdays)]
    if not parts or table.counts.shape[1] < 2:
        raise ValueError(
            f"{len(table.days)} days of {table.counts.shape[1]} intervals are too few: "
            f"{_FEWEST_DAYS} days of one weekday, and two intervals a day, are the least"
        )
    sizes = [len(part.along) for part in parts]
    found = _ratios(parts, [np.ones((1, n)) for n in sizes])
    drawn = _ratios(parts, _bootstrap_weights(sizes, resamples, seed))
    freedom = sum(sizes) - len(sizes)
    return Busyness(
        _spread(found.day, drawn.day, freedom, sum(sizes)),
        _spread(found.both / found.day, drawn.both / drawn.day, freedom, sum(sizes)),
    )


def repeated(weekdays: Ints) -> list[int]:
    """The weekdays that have enough days."""
    return [w for w, n in sorted(Counter(weekdays.tolist()).items()) if n >= _FEWEST_DAYS]


def _products(counts: Floats) -> _Weekday:
    """Sums over intervals of the products of the counts of any two days of a weekday."""
    totals = counts.sum(axis=1)
    along = counts @ counts.T
    across = np.outer(totals, totals) - along
    return _Weekday(across, along - np.diag(totals))


def _ratios(parts: Sequence[_Weekday], weights: Sequence[Floats]) -> _Ratios:
    """The ratios of moments over all weekdays; `weights` [set, day] say how often each day counts.

    A day that counts twice is two days that happen to be alike. (Were such pairs left out, what stays
    would be of another level than the day itself, and the error of a small cv several times too large.)
    """
    same_day, two_days = np.zeros((2, 2, len(weights[0])))
    for part, w in zip(parts, weights, strict=True):
        others = w.shape[1] - 1
        for k, products in enumerate(part):
            own = w @ np.diag(products)
            same_day[k] += own
            two_days[k] += (np.einsum("sd,de,se->s", w, products, w) - own) / others
    with np.errstate(invalid="ignore", divide="ignore"):
        return _Ratios(*(same_day / two_days))


def _bootstrap_weights(sizes: Sequence[int], resamples: int, seed: int) -> list[Floats]:
    """How often each day of a weekday comes in each resample, [resample, day]."""
    random = np.random.default_rng(seed)
    return [random.multinomial(n, np.full(n, 1.0 / n), size=resamples).astype(float) for n in sizes]


def _spread(ratio: Floats, drawn: Floats, freedom: int, days: int) -> Spread:
    """The cv whose square is `ratio` - 1; its standard error by the delta method.

    Drawing again from n days of a weekday varies as if there were n - 1: the error is scaled up.
    """
    squared = float(ratio[0]) - 1.0
    usable = drawn[np.isfinite(drawn)]
    error = float(np.std(usable, ddof=1)) * math.sqrt(days / freedom)
    low, high = _ends(squared, error * float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)))
    cv = math.sqrt(max(squared, 0.0))
    return Spread(cv, error / (2.0 * cv) if cv > 0 else math.nan, math.sqrt(low), math.sqrt(high))


def _ends(squared: float, half: float) -> tuple[float, float]:
    """The interval of a variance: by its logarithm where it is surely above 0, as variances are skewed."""
    if squared > half:
        factor = math.exp(half / squared)
        return squared / factor, squared * factor
    return 0.0, max(squared + half, 0.0)
