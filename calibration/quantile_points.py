"""Observed times -> a few quantiles for a scenario's ``empirical``, with the mean of the observations."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHARES: Final = (*(i / 20 for i in range(20)), 0.97, 0.98, 0.99, 0.995, 1.0)

Points = tuple[tuple[float, float], ...]


def quantile_points(times: NDArray[np.float64]) -> Points:
    """(share, seconds) at fixed shares, to a tenth of a second; the scenario joins them by straight lines.

    A straight line to the longest time of all would weigh it far too much, so the last point is not the
    longest but what keeps the mean. Where it would fall below the one before it, it is that one, and all
    points are scaled down by what is still too much (less than a percent as a rule).
    """
    seconds = np.quantile(times, SHARES)
    seconds[-1] = seconds[-2]
    lacking = float(times.mean()) - mean_of(_points(seconds))
    seconds[-1] += max(0.0, 2.0 * lacking / (SHARES[-1] - SHARES[-2]))
    seconds *= float(times.mean()) / mean_of(_points(seconds))
    return _points(np.round(seconds, 1))


def _points(seconds: NDArray[np.float64]) -> Points:
    return tuple((p, float(x)) for p, x in zip(SHARES, seconds, strict=True))


def mean_of(points: Points) -> float:
    """The mean of the distribution that the points, joined by straight lines, describe."""
    return sum((q - p) * (x + y) / 2.0 for (p, x), (q, y) in pairwise(points))
