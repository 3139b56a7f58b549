"""The quantile function of the Poisson distribution: how many come in an interval."""

import math
from typing import Final

from sim.jit import compiled

_STIRLING_FROM: Final = 16
_HALF_LOG_2PI: Final = 0.9189385332046727


@compiled
def log_factorial(n: int) -> float:
    """log n!: a product for small n, Stirling's series beyond (relative error below 1e-15)."""
    if n < _STIRLING_FROM:
        product = 1.0
        for i in range(2, n + 1):
            product *= i
        return math.log(product)
    x = n + 1.0
    r = 1.0 / (x * x)
    series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / x
    return (x - 0.5) * math.log(x) - x + _HALF_LOG_2PI + series


@compiled
def poisson(mean: float, u: float) -> int:
    """The smallest n with P(Poisson(mean) <= n) >= u: summed outwards from the mode, then walked."""
    if mean <= 0.0:
        return 0
    mode = int(mean)
    at_mode = math.exp(mode * math.log(mean) - mean - log_factorial(mode))
    below = 0.0  # P(N < mode)
    term = at_mode
    n = mode
    while n > 0 and term > 1e-18:
        term *= n / mean
        n -= 1
        below += term
    if u > below:
        n = mode
        term = at_mode
        total = below + term
        while total < u and term > 1e-18:
            n += 1
            term *= mean / n
            total += term
        return n
    n = mode
    term = at_mode
    while n > 0 and below >= u:
        term *= n / mean
        n -= 1
        below -= term
    return n if below < u else 0
