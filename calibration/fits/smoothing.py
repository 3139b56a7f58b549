"""Smooth log rates of counts: differences of neighbours are penalised, the data say how much.

Whittaker's graduation for Poisson counts with further scatter (Whittaker 1923; Eilers and Marx 1996,
"Flexible smoothing with B-splines and penalties", Statistical Science 11, with one basis function an
interval). A penalty is a normal law of the differences, so its weight is that of the greatest restricted
likelihood, with the scatter known (Wood 2011, Journal of the Royal Statistical Society B 73), and errors are
those of the posterior law, which cover across the curve as 95 % intervals should (Nychka 1988, Journal of the
American Statistical Association 83).
"""

from typing import Final, NamedTuple

import numpy as np
from scipy import linalg

from calibration.fits.count_grid import Floats

_ROUNDS: Final = 30
_CHOOSING: Final = 5  # rounds in which the weight of the penalty may change, lest it swing between two
_CLOSE: Final = 1e-6
_LONGEST_STEP: Final = 2.0  # of a log rate, in one round
_WEIGHTS: Final = np.concatenate([np.logspace(-8, 12, 161), [np.inf]])  # relative to the mean curvature
_LEAST_EIGENVALUE: Final = 1e-11


class Smooth(NamedTuple):
    """A smooth curve of log rates with the covariance of its errors."""

    log_rate: Floats
    cov: Floats
    freedom: float  # parameters that it is worth
    gain: float  # 2 log likelihood ratio against the smoothest curve, whose penalty is 0


class _Round(NamedTuple):
    curve: Floats
    cov: Floats
    freedom: float
    gain: float
    chosen: int  # which of the weights


def smooth_counts(counts: Floats, exposure: Floats, scatter: Floats, differences: Floats) -> Smooth:
    """Fit log rates to counts; `scatter` is their relative variance beside chance, all [interval].

    The penalty is the sum of squares of `differences` [row, interval] @ log rates. Exposures are above 0.
    """
    log_rate = np.log((counts + 0.5) / exposure)
    found = _Round(log_rate, np.zeros((len(counts),) * 2), float(len(counts)), 0.0, 0)
    for turn in range(_ROUNDS):
        mean = exposure * np.exp(log_rate)
        working = log_rate + counts / mean - 1.0
        held = None if turn < _CHOOSING else found.chosen
        found = _penalised(working, 1.0 / (1.0 / mean + scatter), differences, held)
        step = np.clip(found.curve - log_rate, -_LONGEST_STEP, _LONGEST_STEP)
        log_rate = log_rate + step
        if np.max(np.abs(step)) < _CLOSE:
            break
    return Smooth(log_rate, found.cov, found.freedom, found.gain)


def _penalised(z: Floats, precision: Floats, differences: Floats, held: int | None) -> _Round:
    """The curve of the greatest restricted likelihood over the weights, or with the one that is held."""
    root = np.sqrt(precision)
    if not len(differences):
        return _Round(z, np.diag(1.0 / precision), float(len(z)), 0.0, 0)
    scaled = differences / root
    values, vectors = linalg.eigh(scaled.T @ scaled)
    values = np.where(values > _LEAST_EIGENVALUE * values[-1], values, 0.0)
    bent = values > 0
    parts = vectors.T @ (root * z)
    relative = _WEIGHTS[:, None] * (values[bent] / values[bent].mean())
    with np.errstate(invalid="ignore"):
        kept = np.where(np.isinf(relative), 0.0, 1.0 / (1.0 + relative))  # share of each part that stays
        shrunk = np.where(np.isinf(relative), 1.0, relative / (1.0 + relative))
        deviances = (parts[bent] ** 2 * shrunk - np.log(shrunk)).sum(axis=1)
    best = int(np.argmin(deviances)) if held is None else held
    stays = np.ones(len(z))
    stays[bent] = kept[best]
    cov = (vectors * stays) @ vectors.T / np.outer(root, root)
    curve = vectors @ (stays * parts) / root
    return _Round(curve, cov, float(stays.sum()), float(deviances[-1] - deviances[best]), best)


def differences_of(runs: list[int], order: int) -> Floats:
    """Rows of differences within runs of neighbours of these lengths."""
    blocks = [np.diff(np.eye(n), order, axis=0) for n in runs]
    return np.asarray(linalg.block_diag(*blocks)) if blocks else np.empty((0, 0))
