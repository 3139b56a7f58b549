"""Observed times -> a few quantiles for a scenario's ``empirical``, with the mean of the observations."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from calibration.fits.cells import Cells, Floats, mean_s, quantiles_s
from scenarios.units import plain_number

SHARES: Final = (*(i / 20 for i in range(20)), 0.97, 0.98, 0.99, 0.995, 1.0)
FINE_SHARES: Final = (
    *(0.0, 0.01, 0.02, 0.03, 0.05, 0.07),
    *(i / 20 for i in range(2, 19)),
    *(0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999, 1.0),
)

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
