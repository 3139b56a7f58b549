"""Maximum likelihood for laws of one to three parameters: the top of the hill, and how sharp it is.

A law is asked for many points at once, so that slope and curvature come from one call by central
differences (J. Nocedal and S. J. Wright, 2006, Numerical Optimization, section 8.1). Likelihoods are
per observation and parameters logarithms or logits, so that one step length suits all.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Floats

LogLikelihood = Callable[[Floats], Floats]
"""Points [parameter, point] -> mean log-likelihood of each, [point]."""

_STEP: Final = 1e-3  # of differences: errors of 1e-7 in slopes and of 1e-6 in curvatures
_LONGEST_STEP: Final = 1.0
_MOST_STEPS: Final = 100
_STILL: Final = 1e-8
_FLAT: Final = 1e-7
_HALVINGS: Final = 2.0 ** -np.arange(12)


class Top(NamedTuple):
    """The most likely point [parameter], its mean log-likelihood, and the inverse of its curvature."""

    theta: Floats
    value: float
    inverse: Floats  # [parameter, parameter]; over the number of observations it is the covariance


def maximum(log_likelihood: LogLikelihood, starts: Floats) -> Top | None:
    """Climb from the best of the starts [parameter, start]; None where there is no proper top.

    Newton's method, with curvatures of the wrong sign turned round (Nocedal and Wright, section 3.4) and
    steps halved until they lead upwards. A hill without a top, or flat on it, has no answer: the data
    cannot tell the parameters apart.
    """
    found = log_likelihood(starts)
    if not np.isfinite(found).any():
        return None
    theta = starts[:, int(np.nanargmax(found))]
    for _ in range(_MOST_STEPS):
        value, slope, curve = derivatives(log_likelihood, theta)
        if not (np.isfinite(slope).all() and np.isfinite(curve).all()):
            return None
        step = _step(slope, curve)
        if np.abs(step).max() < _STILL:
            return _top(theta, value, curve)
        further = _upwards(log_likelihood, theta, value, step)
        if further is None:  # rounding is all that is left
            return _top(theta, value, curve) if np.abs(step).max() < 1e-5 else None
        theta = further
    return None


def _upwards(log_likelihood: LogLikelihood, theta: Floats, value: float, step: Floats) -> Floats | None:
    """Where the step leads, or the best of its halvings if that is not upwards; None if none is."""
    for parts in (_HALVINGS[:1], _HALVINGS[1:]):
        tried = log_likelihood(theta[:, None] + step[:, None] * parts)
        tried = np.where(np.isfinite(tried), tried, -np.inf)
        best = int(np.argmax(tried))
        if tried[best] > value:
            further: Floats = theta + step * parts[best]
            return further
    return None


def _step(slope: Floats, curve: Floats) -> Floats:
    """Where to go: uphill whatever the curvature, not too far."""
    sizes, ways = np.linalg.eigh(curve)
    step: Floats = ways @ ((ways.T @ slope) / np.maximum(np.abs(sizes), 1e-8))
    return step / max(1.0, float(np.abs(step).max()) / _LONGEST_STEP)


def _top(theta: Floats, value: float, curve: Floats) -> Top | None:
    sizes, ways = np.linalg.eigh(-curve)
    if sizes[0] < _FLAT:
        return None
    return Top(theta, value, (ways / sizes) @ ways.T)


def derivatives(log_likelihood: LogLikelihood, theta: Floats) -> tuple[float, Floats, Floats]:
    """Value, slope [parameter] and curvature [parameter, parameter] at a point."""
    p = len(theta)
    unit, pairs = np.eye(p), list(combinations(range(p), 2))
    corners = [a * unit[:, i] + b * unit[:, j] for i, j in pairs for a, b in _CORNERS]
    points = np.column_stack([np.zeros(p), unit, -unit, *corners])
    found = log_likelihood(theta[:, None] + _STEP * points)
    value = float(found[0])
    up, down, corner = np.split(found[1:], [p, 2 * p])
    curve = np.diag((up - 2.0 * value + down) / _STEP**2)
    for n, (i, j) in enumerate(pairs):
        a, b, c, d = corner[4 * n : 4 * n + 4]
        curve[i, j] = curve[j, i] = (a - b - c + d) / (4.0 * _STEP**2)
    return value, (up - down) / (2.0 * _STEP), curve


_CORNERS: Final = ((1, 1), (1, -1), (-1, 1), (-1, -1))


def slope_of(function: Callable[[Floats], Floats], theta: Floats) -> Floats:
    """The slope [parameter] of a function of points [parameter, point] -> [point]."""
    near = _STEP * np.eye(len(theta))
    up, down = (function(theta[:, None] + sign * near) for sign in (1.0, -1.0))
    slope: Floats = (up - down) / (2.0 * _STEP)
    return slope
