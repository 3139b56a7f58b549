"""The shape of a day: which share of a weekday's contacts comes in each interval, smoothed.

One curve is fitted to all weekdays together (second differences of its logarithm penalised). A weekday has a
shape of its own if its departure from that curve (first differences penalised, so that none is the smoothest)
gains more than 2.71 in twice the restricted log likelihood: a test at 5 %, as the least variance is 0 (Self
and Liang 1987, Journal of the American Statistical Association 82, case 5). The one that gains most leaves
the common curve, which is fitted again, and so on. The others borrow the common shape; those with few data
mostly do. Smoothing never moves contacts between days: shares sum to 1.

Intervals in which nobody ever came, before the first contact of the day and after the last, are taken as
closed. For a weekday alone they are where the common shape would have let more than 5 contacts expect.
"""

from typing import Final, NamedTuple

import numpy as np

from calibration.fits.count_grid import Bools, Floats, Ints
from calibration.fits.smoothing import Smooth, differences_of, smooth_counts

OWN_SHAPE: Final = 2.705543454095404  # chi-squared, one degree of freedom, 10 %
_SURELY_CLOSED: Final = 5.0  # contacts expected where none came


class Shape(NamedTuple):
    """The shares of a weekday's contacts by interval, 0 where it is closed; sum 1."""

    weekday: int
    shares: Floats  # [interval]
    log_se: Floats  # [interval] of the logarithm; 0 where closed
    own: bool  # a shape of its own, not that of all weekdays
    gain: float  # twice the log likelihood of its own shape against the common one
    freedom: float


class _Sums(NamedTuple):
    """What is known of the weekdays' intervals, [weekday, interval]."""

    counts: Floats
    exposure: Floats  # day factors, summed over the days on which it was open
    squares: Floats  # their squares


def fit_shapes(counts: Floats, opened: Bools, weekdays: Ints, variance: float) -> tuple[Shape, ...]:
    """Shapes of the weekdays that have contacts; `counts` [day, interval] of usual days.

    `variance` is the squared coefficient of variation of the interval's factor.
    """
    present = np.array([w for w in range(7) if counts[weekdays == w].sum() > 0])
    shares = _first_shares(counts, opened, weekdays, present)
    shapes: tuple[Shape, ...] = ()
    partly = any(
        (opened[weekdays == w].any(axis=0) & ~opened[weekdays == w].all(axis=0)).any() for w in present
    )
    for _ in range(3 if partly else 1):
        sums = _sums(counts, opened, weekdays, present, shares)
        shapes = _shapes(present, sums, variance)
        shares = np.array([each.shares for each in shapes])
    return shapes


def _first_shares(counts: Floats, opened: Bools, weekdays: Ints, present: Ints) -> Floats:
    rates = []
    for w in present:
        of_day = weekdays == w
        rate = counts[of_day].sum(axis=0) / np.maximum(opened[of_day].sum(axis=0), 1)
        rates.append(rate / rate.sum())
    return np.array(rates)


def _sums(counts: Floats, opened: Bools, weekdays: Ints, present: Ints, shares: Floats) -> _Sums:
    rows: list[tuple[Floats, Floats, Floats]] = []
    for w, share in zip(present, shares, strict=True):
        of_day = weekdays == w
        own, was_open = counts[of_day], opened[of_day].astype(float)
        seen = was_open @ share
        factor = np.divide(own.sum(axis=1), seen, out=np.zeros(len(own)), where=seen > 0)
        rows.append((own.sum(axis=0), factor @ was_open, factor**2 @ was_open))
    return _Sums(*(np.array(each) for each in zip(*rows, strict=True)))


def _shapes(present: Ints, sums: _Sums, variance: float) -> tuple[Shape, ...]:
    """Shapes of the weekdays; whoever departs most leaves the common curve, until nobody does."""
    used, common = _used(sums), np.ones(len(present), bool)
    while True:
        shapes = _around(present, sums, used, common, variance)
        departing = [each.gain if stays else 0.0 for each, stays in zip(shapes, common, strict=True)]
        most = int(np.argmax(departing))
        if departing[most] <= OWN_SHAPE or common.sum() == 1:
            return shapes
        common[most] = False


def _around(present: Ints, sums: _Sums, used: Bools, common: Bools, variance: float) -> tuple[Shape, ...]:
    """Shapes of all weekdays, around a curve that some have in common."""
    total = _Sums(*(np.where(used, each, 0.0).sum(axis=0) for each in sums))
    shared = _Sums(*(np.where(used[common], each[common], 0.0).sum(axis=0) for each in sums))
    if ((total.exposure > 0) & (shared.exposure == 0)).any():
        shared = total  # where those in common are closed, only all together tell a curve
    seen = np.flatnonzero(shared.exposure > 0)
    curve = _smooth(shared, seen, variance, differences_of(_runs(seen), 2))
    log_rate, cov = np.full(len(shared.counts), -np.inf), np.zeros((len(shared.counts),) * 2)
    log_rate[seen], cov[np.ix_(seen, seen)] = curve.log_rate, curve.cov
    rows = (_Sums(*(each[k] for each in sums)) for k in range(len(present)))
    return tuple(
        _shape(int(w), row, np.flatnonzero(use), log_rate, cov, variance, curve.freedom, len(present) > 1)
        for w, row, use in zip(present, rows, used, strict=True)
    )


def _smooth(sums: _Sums, at: Ints, variance: float, penalty: Floats, given: Floats | None = None) -> Smooth:
    """Smooth what is at some intervals; `given` are log rates from which departures are told."""
    exposure = sums.exposure[at]
    scatter = variance * sums.squares[at] / exposure**2
    weighted = exposure if given is None else exposure * np.exp(given[at])
    return smooth_counts(sums.counts[at], weighted, scatter, penalty)


def _shape(
    weekday: int,
    sums: _Sums,
    at: Ints,
    curve: Floats,
    cov: Floats,
    variance: float,
    freedom: float,
    several: bool,
) -> Shape:
    """The shape of a weekday: the common curve, or that and its own departure from it."""
    own = _smooth(sums, at, variance, differences_of([len(at)], 1), curve) if several else None
    gain = own.gain if own else 0.0
    log_share, error = curve[at].copy(), cov[np.ix_(at, at)]
    if own and gain > OWN_SHAPE:
        log_share, error, freedom = log_share + own.log_rate, error + own.cov, freedom + own.freedom - 1.0
    share = np.exp(log_share - log_share.max())
    share /= share.sum()
    centre = np.eye(len(at)) - share  # shares sum to 1: what is common to all intervals is the volume's
    shares, log_se = np.zeros((2, len(sums.counts)))
    shares[at] = share
    log_se[at] = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", centre, error, centre), 0.0))
    return Shape(weekday, shares, log_se, bool(own) and gain > OWN_SHAPE, gain, freedom)


def _used(sums: _Sums) -> Bools:
    """Which intervals are open for a weekday, [weekday, interval]."""
    counted = sums.exposure > 0
    total = np.where(counted, sums.counts, 0.0).sum(axis=0)
    used = counted & ~_outside(total > 0)
    rate = np.divide(total, sums.exposure.sum(axis=0), out=np.zeros(len(total)), where=total > 0)
    for k, row in enumerate(sums.counts):
        expected = np.where(used[k], sums.exposure[k] * rate, 0.0)
        first, last = np.flatnonzero(row > 0)[[0, -1]]
        if expected[:first].sum() > _SURELY_CLOSED:
            used[k, :first] = False
        if expected[last + 1 :].sum() > _SURELY_CLOSED:
            used[k, last + 1 :] = False
    return used


def _outside(some: Bools) -> Bools:
    """What lies before the first and after the last of some."""
    at = np.flatnonzero(some)
    places = np.arange(len(some))
    outside: Bools = (places < at[0]) | (places > at[-1])
    return outside


def _runs(at: Ints) -> list[int]:
    """The lengths of runs of neighbours."""
    cuts = np.flatnonzero(np.diff(at) > 1) + 1
    return [len(part) for part in np.split(at, cuts)]
