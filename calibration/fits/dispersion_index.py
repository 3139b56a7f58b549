"""Variance over mean of counts, before and after what has been fitted is taken away: near 1 if that is all.

Each index is the mean of (N - m)^2 / (m f) over cells, weighted by m, so that of contacts rather than of
quiet hours; f is the share of a degree of freedom that the cell has left. m is in turn

* the mean of the interval over all days;
* the weekday's profile;
* that times the factor of the day: 1 + z (N / M - 1) for a day with N contacts of M expected by the
  profile, with z = T / (T + u), T the variance of days around the profile and u that of N / M by intervals
  and chance. That is the posterior mean of a gamma factor (exactly so for u = 1 / M), and z is its degree
  of freedom (Bühlmann and Straub 1970, "Glaubwürdigkeit für Schadensätze"; level and day are taken as one);
* that times the factor of the interval, the posterior mean (1 / V + N) / (1 / V + m) with V its squared cv,
  which leaves the cell f = 1 / (1 + V m).

What was fitted to all cells together is taken off the number of cells.
"""

from typing import NamedTuple

import numpy as np

from calibration.fits.count_grid import CountGrid, Floats, some
from calibration.fits.stream_fit import StreamFit


class DispersionIndex(NamedTuple):
    """Variance over mean around the interval's mean, the profile, with the days' factors, and with both."""

    before: float
    profile: float
    days: float
    days_and_intervals: float


def dispersion_index(
    grid: CountGrid, fit: StreamFit, weekdays: tuple[int, ...] = tuple(range(7))
) -> DispersionIndex:
    """The indices of a stream over its usual days of some weekdays; NaN where nothing is left to tell.

    The hour of a count matters: ask for hours by ``grid.joined(3600)``.
    """
    rows = fit.usual & np.isin(grid.weekdays, weekdays)
    if fit.levels is None or not rows.any():
        return DispersionIndex(*[float("nan")] * 4)
    counts, opened = grid.of(fit.stream)[rows], grid.open[rows]
    profile = fit.profile()[grid.weekdays[rows]] * opened
    served = some(profile > 0, 1)
    counts, opened, profile = counts[served], opened[served], profile[served]
    hours = opened.sum(axis=0)
    mean = np.divide(counts.sum(axis=0), hours, out=np.zeros(len(hours)), where=hours > 0) * opened
    day, left = _with_days(fit, counts, profile)
    variance = max(fit.intervals.squared, 0.0)
    both = day * (1.0 + variance * counts) / (1.0 + variance * day)
    shapes = sum(each.freedom for each in fit.shapes if each.weekday in weekdays)
    taken = shapes + len(set(grid.weekdays[rows].tolist())) - 1.0
    return DispersionIndex(
        _index(counts, mean, 1.0, float((hours > 0).sum())),
        _index(counts, profile, 1.0, taken),
        _index(counts, day, 1.0, taken + left),
        _index(counts, both, 1.0 / (1.0 + variance * day), taken + left),
    )


def _with_days(fit: StreamFit, counts: Floats, profile: Floats) -> tuple[Floats, float]:
    """The profile times the days' factors, and the degrees of freedom of these."""
    total = profile.sum(axis=1)
    own = max(fit.intervals.squared, 0.0) * (profile**2).sum(axis=1) / total**2 + 1.0 / total
    credibility = fit.scatter.cv**2 / (fit.scatter.cv**2 + own)
    within = np.where(profile > 0, counts, 0.0).sum(axis=1)
    factor = 1.0 + credibility * (within / total - 1.0)
    return profile * factor[:, None], float(credibility.sum())


def _index(counts: Floats, mean: Floats, left: Floats | float, taken: float) -> float:
    """The index; `left` is f, `taken` the parameters of what was fitted to all cells."""
    n = int((mean > 0).sum())
    if n <= taken:
        return float("nan")
    return float(np.sum((counts - mean)[mean > 0] ** 2 / np.broadcast_to(left, mean.shape)[mean > 0])) / (
        float(mean.sum()) * (1.0 - taken / n)
    )
