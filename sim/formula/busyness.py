"""Busyness: days and intervals that differ, as a gamma factor of mean 1 on the rate of a line."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Level, Stream
from sim.formula.grid import Floats

NODES: Final = 5


class Factors(NamedTuple):
    """A rule of quadrature: the mean of f over the factor is the sum of weights x f(factors)."""

    factors: Floats
    weights: Floats


CERTAIN: Final = Factors(np.ones(1), np.ones(1))


def factors_of(cv: float) -> Factors:
    """Gauss-Laguerre for a gamma factor of mean 1 and coefficient of variation `cv` (0: none).

    From the recurrence of the generalised Laguerre polynomials (Golub and Welsch 1969, Mathematics of
    Computation 23, p. 221), which unlike tables holds for any shape.
    """
    if cv <= 0.0:
        return CERTAIN
    shape = cv**-2
    k = np.arange(NODES)
    side = np.sqrt(k[1:] * (k[1:] + shape - 1.0))
    values, vectors = np.linalg.eigh(np.diag(2.0 * k + shape) + np.diag(side, 1) + np.diag(side, -1))
    return Factors(values / shape, vectors[0] ** 2)


def variation(streams: Sequence[Stream], contacts: Sequence[float]) -> float:
    """Coefficient of variation of the factor on the rate of several streams that bring so many contacts.

    A stream's two factors multiply. Factors of two streams correlate by the product of their loadings on
    the score that is common to all (taken as the correlation of the factors themselves).
    """
    total = math.fsum(contacts)
    if total <= 0.0:
        return 0.0
    shares = [each / total for each in contacts]
    return math.sqrt(
        sum(
            a * b * _covariance(one, other, one is other)
            for one, a in zip(streams, shares, strict=True)
            for other, b in zip(streams, shares, strict=True)
        )
    )


def _covariance(one: Stream, other: Stream, is_same: bool) -> float:
    """Covariance of the factors of two streams: (1 + day) x (1 + interval) - 1."""
    day, interval = (
        _level(getattr(one.arrivals.busyness, level), getattr(other.arrivals.busyness, level), is_same)
        for level in ("day", "interval")
    )
    return (1.0 + day) * (1.0 + interval) - 1.0


def _level(one: Level, other: Level, is_same: bool) -> float:
    together = 1.0 if is_same else one.correlation * other.correlation
    return one.cv * other.cv * together
