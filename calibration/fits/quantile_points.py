"""Observed times -> a few quantiles for a scenario's ``empirical``, with the mean of the observations."""

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from calibration.fits.cells import Cells, Floats, mean_s, quantiles_s
from scenarios.units import plain_number

SHARES: Final = (*(i / 20 for i in range(20)), 0.97, 0.98, 0.99, 0.995, 1.0)
_FIRST: Final = (*(i / 20 for i in range(20)), 0.99, 1.0)
_MOST: Final = 45  # points that a person may still read
_TRIED: Final = (np.arange(16) + 0.5) / 16.0
_NARROWEST: Final = 2e-5  # a slice that cannot be halved at a share of six decimals

Points = tuple[tuple[float, float], ...]


def quantile_points(cells: Cells, shares: tuple[float, ...] = SHARES, decimals: int = 1) -> Points:
    """(share, seconds) at fixed shares, to so many decimals; the scenario joins them by straight lines.

    A straight line to the longest time of all would weigh it far too much, so the last point is not the
    longest but what keeps the mean. Where it would fall below the one before it, it is that one, and all
    points are scaled down by what is still too much (less than a percent as a rule).
    """
    seconds, mean = quantiles_s(cells, shares), mean_s(cells)
    seconds[-1] = seconds[-2]
    lacking = mean - mean_of(_points(shares, seconds))
    seconds[-1] += max(0.0, 2.0 * lacking / (shares[-1] - shares[-2]))
    seconds *= mean / mean_of(_points(shares, seconds))
    return _points(shares, np.round(seconds, decimals))


def near_points(cells: Cells) -> Points:
    """(share, seconds) of up to 45 quantiles, from the shortest to the longest time, with their mean.

    From every 5 % on, the slice in which the straight line is furthest from the times (by area) is halved,
    again and again: steep tails and gaps between humps get points, straight stretches do without. What is
    still lacking of the mean, a few thousandths at most as a rule, is put on all points alike.
    """
    shares = list(_FIRST)
    while len(shares) < _MOST:
        places = np.array(shares)
        areas = np.where(np.diff(places) > _NARROWEST, _areas(cells, places), 0.0)
        worst = int(np.argmax(areas))
        if areas[worst] <= 0.0:
            break
        shares.insert(worst + 1, _between(shares[worst], shares[worst + 1]))
    seconds, mean = quantiles_s(cells, shares), mean_s(cells)
    decimals = max(0, 4 - math.floor(math.log10(mean)))
    scaled = seconds * (mean / mean_of(_points(tuple(shares), seconds)))
    return _points(tuple(shares), np.round(scaled, decimals))


def _between(low: float, high: float) -> float:
    """The middle of two shares, to four decimals where there is room and to six elsewhere."""
    middle = 0.5 * (low + high)
    return round(middle, 4 if high - low > 1e-3 else 6)


def _areas(cells: Cells, shares: Floats) -> Floats:
    """The area between times and straight line in each slice, seconds, [slice]."""
    low, width = shares[:-1, None], np.diff(shares)[:, None]
    ends = quantiles_s(cells, shares)
    line = ends[:-1, None] + np.diff(ends)[:, None] * _TRIED
    areas: Floats = np.abs(quantiles_s(cells, low + width * _TRIED) - line).mean(axis=1) * width[:, 0]
    return areas


def _points(shares: tuple[float, ...], seconds: Floats) -> Points:
    return tuple((p, float(x)) for p, x in zip(shares, seconds, strict=True))


def mean_of(points: Points) -> float:
    """The mean of the distribution that the points, joined by straight lines, describe."""
    return sum((q - p) * (x + y) / 2.0 for (p, x), (q, y) in pairwise(points))


def survival_of(points: Points, times_s: ArrayLike) -> Floats:
    """The share of the points' distribution that lasts longer, [time]."""
    shares, seconds = np.array(points).T
    upto: Floats = np.interp(np.asarray(times_s, float), seconds, shares, left=0.0)
    return 1.0 - upto


def quantile_of(points: Points, share: float) -> float:
    """The time in seconds that a share of the points' distribution does not exceed."""
    shares, seconds = np.array(points).T
    return float(np.interp(share, shares, seconds))


def empirical(points: Points) -> dict[str, Any]:
    """The points as a scenario has them."""
    texts = {f"{plain_number(round(100 * p, 4))}%": f"{plain_number(seconds)} s" for p, seconds in points}
    return {"empirical": texts}
