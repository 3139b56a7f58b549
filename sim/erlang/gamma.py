"""Incomplete gamma functions beside the term that they grow from: what all waiting lines are made of.

With D(c, y) = y^c exp(-y) / Γ(c + 1), which for a whole c is a Poisson probability, the regularised
functions are P(c, y) = D · `rest_above` and Q(c, y) = D · `rest_below`:

    rest_above = 1 + y/(c+1) + y²/((c+1)(c+2)) + ...      (the states of a line from c agents busy on)
    rest_below = c/y + c(c-1)/y² + ...                    (the states below; whole c)

(Abramowitz and Stegun 1964, 6.5.29 and 6.5.32.) Each is computed where it is a sum of positive terms
or a continued fraction, and the other by P + Q = 1, which never takes a small difference of large
numbers. A rest that is too large for a float is inf.
"""

import math
from typing import Final

from sim.jit import compiled, routine

_EXACT: Final = 1e-17
_TINY: Final = 1e-300
_LARGEST_LOG: Final = 709.0
_STIRLING_FROM: Final = 10.0
_DIGAMMA_FROM: Final = 20.0
_HALF_LOG_2PI: Final = 0.5 * math.log(2.0 * math.pi)


@compiled
def exp(power: float) -> float:
    """exp, with inf where it is too large for a float."""
    return math.exp(power) if power < _LARGEST_LOG else math.inf


@routine
def log_term(c: float, y: float) -> float:
    """log D(c, y) for c >= 0 and y >= 0; -inf where D is 0.

    Stirling's series (Abramowitz and Stegun 1964, 6.1.41) leaves nothing that cancels: the error is
    that of a few operations, not that of large logarithms.
    """
    if c == 0.0:
        return -y
    if y == 0.0:
        return -math.inf
    if c < _STIRLING_FROM:
        return c * math.log(y) - y - math.lgamma(c + 1.0)
    away = (y - c) / c
    if away <= -1.0:  # y is lost beside c
        return c * (math.log(y) - math.log(c)) + c - y - 0.5 * math.log(c) - _HALF_LOG_2PI
    square = 1.0 / (c * c)
    series = (
        1.0 / 12.0
        - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0)))
    ) / c
    return -c * (away - math.log1p(away)) - 0.5 * math.log(c) - _HALF_LOG_2PI - series


@routine
def rest_above(c: float, y: float) -> float:
    """P(c, y) / D(c, y), for c >= 0 and y >= 0."""
    if y > c + 1.0:
        return exp(-log_term(c, y)) - _fraction(c, y)
    return _series(c, y)


@routine
def rest_below(c: float, y: float) -> float:
    """Q(c, y) / D(c, y), for c >= 0 and y >= 0; inf where y is 0 and c is not."""
    if c == 0.0:
        return 0.0
    if y > c + 1.0:
        return _fraction(c, y)
    return max(exp(-log_term(c, y)) - _series(c, y), 0.0)


@routine
def lower(c: float, y: float) -> float:
    """The regularised P(c, y), for c >= 0 and y >= 0."""
    if y > c + 1.0:
        return 1.0 - math.exp(log_term(c, y)) * _fraction(c, y)
    return math.exp(log_term(c, y)) * _series(c, y)


@routine
def _series(c: float, y: float) -> float:
    """`rest_above` by its terms, which fall where y <= c + 1."""
    total = term = 1.0
    while term > _EXACT * total:
        c += 1.0
        term *= y / c
        total += term
    return total


@routine
def _fraction(c: float, y: float) -> float:
    """`rest_below` for y > c + 1, by the continued fraction of Γ(c, y) (Lentz's way, modified)."""
    b = y + 1.0 - c
    front = 1.0 / _TINY
    back = 1.0 / b
    value = back
    i = 0.0
    change = 2.0
    while abs(change - 1.0) > 4e-16:
        i += 1.0
        step = -i * (i - c)
        b += 2.0
        back = 1.0 / _not_zero(step * back + b)
        front = _not_zero(b + step / front)
        change = back * front
        value *= change
    return c * value


@routine
def upper(c: float, y: float) -> float:
    """The regularised Q(c, y), for c >= 0 and y >= 0."""
    if c == 0.0:
        return 0.0
    if y > c + 1.0:
        return math.exp(log_term(c, y)) * _fraction(c, y)
    return 1.0 - math.exp(log_term(c, y)) * _series(c, y)


@compiled
def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


@compiled
def digamma_difference(c: float, steps: float) -> float:
    """1/(c+1) + ... + 1/(c+steps), for many steps: ψ(c + steps + 1) - ψ(c + 1).

    By the asymptotic series of ψ (Abramowitz and Stegun 1964, 6.3.18), after the first steps one by one.
    """
    total = 0.0
    while steps >= 1.0 and c < _DIGAMMA_FROM:
        c += 1.0
        steps -= 1.0
        total += 1.0 / c
    low, high = c + 1.0, c + steps + 1.0
    return total + math.log1p(steps / low) + _tail(high) - _tail(low)


@compiled
def digamma(x: float) -> float:
    """ψ(x) for x of at least 20."""
    return math.log(x) + _tail(x)


@compiled
def _tail(x: float) -> float:
    """ψ(x) - log x for large x."""
    square = 1.0 / (x * x)
    return -0.5 / x - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square / 240.0)))
