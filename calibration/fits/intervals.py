"""95 % intervals of shares and of rates."""

import math
from typing import Final

Z95: Final = 1.959963984540054
"""The normal distribution's quantile at 97.5 %."""


def share_interval(hits: int, of: int) -> tuple[float, float, float]:
    """A share with Wilson's interval, (share, low, high); NaN, 0, 1 of nothing.

    E. B. Wilson, 1927, Journal of the American Statistical Association 22; recommended for all but tiny
    samples by L. D. Brown, T. T. Cai and A. DasGupta, 2001, Statistical Science 16.
    """
    if of == 0:
        return math.nan, 0.0, 1.0
    share, weight = hits / of, Z95**2 / of
    middle = (share + weight / 2.0) / (1.0 + weight)
    half = Z95 / (1.0 + weight) * math.sqrt(share * (1.0 - share) / of + weight / (4.0 * of))
    low = 0.0 if hits == 0 else max(middle - half, 0.0)
    high = 1.0 if hits == of else min(middle + half, 1.0)
    return share, low, high


def rate_interval(events: int, time: float) -> tuple[float, float, float]:
    """Events by unit of time with the exact interval of a Poisson count, (rate, low, high).

    F. Garwood, 1936, "Fiducial limits for the Poisson distribution", Biometrika 28: quantiles of
    chi-square with 2 n and 2 n + 2 degrees of freedom.
    """
    from scipy.special import gammaincinv

    if time <= 0.0:
        return math.nan, 0.0, math.inf
    low = float(gammaincinv(events, 0.025)) if events else 0.0
    return events / time, low / time, float(gammaincinv(events + 1, 0.975)) / time
