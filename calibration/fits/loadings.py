"""How much the streams' factors have in common: the ``correlation`` of a scenario's busyness.

The factor of stream s is the gamma quantile of the score sqrt(rho_s) c + sqrt(1 - rho_s) o, with c common to
all streams and o its own. Scores of two streams have the correlation R = sqrt(rho_s rho_t), and their factors
the covariance

    C(R) = sum over n >= 1 of R^n a_n(s) a_n(t),   a_n = E[quantile(Z) He_n(Z)] / sqrt(n!)

(Mehler's expansion: Kendall and Stuart, "The advanced theory of statistics", vol. 1, 26.66; the a_n by Gauss
and Hermite's quadrature). So R follows from a covariance of factors, which follows from products of residuals
of two streams: their chance is independent. Loadings are those of one factor by weighted least squares on the
R of all pairs, drawn a little to their mean, as small correlations leave single ones open; two streams tell
only their product and are given equal ones. Errors are those of the jackknife over groups of days (Efron and
Tibshirani 1993, "An introduction to the bootstrap", chapter 11).
"""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Bools, Floats

TERMS: Final = 24
_NODES: Final = 96
GROUPS: Final = 20
_SWEEPS: Final = 200
_PULL: Final = 1.0  # precision with which loadings are drawn to their mean, where correlations tell little
_TINY: Final = 0.01
_LEAST_ERROR: Final = 0.1  # of a correlation, so that no single pair decides: one factor is a simplification
_BISECTIONS: Final = 50


class Loading(NamedTuple):
    """The share of a stream's normal score that all streams have in common; its 95 % interval."""

    correlation: float
    se: float
    low: float
    high: float


class PairSums(NamedTuple):
    """Sums whose ratio is the covariance of two factors, by group of days, [stream, stream, group]."""

    products: Floats
    scale: Floats


def hermite_coefficients(cv: float) -> Floats:
    """a_1, a_2, ... of the gamma quantile of mean 1 and this coefficient of variation."""
    z, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    shape = cv**-2
    tail = special.ndtr(-np.abs(z))
    factor = np.where(z < 0, special.gammaincinv(shape, tail), special.gammainccinv(shape, tail)) / shape
    polynomials = [np.ones_like(z), z]
    for n in range(1, TERMS):  # normalised: sqrt(n + 1) h(n + 1) = z h(n) - sqrt(n) h(n - 1)
        polynomials.append((z * polynomials[n] - math.sqrt(n) * polynomials[n - 1]) / math.sqrt(n + 1))
    return np.asarray(np.array(polynomials[1:]) @ (weights * factor) / math.sqrt(2.0 * math.pi))


def factor_covariance(score_correlation: Floats, one: Floats, other: Floats) -> Floats:
    """The covariance of two factors for correlations of their scores."""
    powers = np.power.outer(score_correlation, np.arange(1, TERMS + 1))
    return np.asarray(powers @ (one * other))


def score_correlation(covariance: Floats, one: Floats, other: Floats) -> Floats:
    """The correlation of scores that gives a covariance of factors.

    Chance may take a covariance beyond what is possible: it is continued as a line there, beyond -1 or 1, so
    that errors can be told from how it varies.
    """
    low, high = np.full_like(covariance, -1.0), np.ones_like(covariance)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        less = factor_covariance(middle, one, other) < covariance
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    least, most = factor_covariance(np.array([-1.0, 1.0]), one, other)
    within = np.clip(covariance, least, most)
    return np.asarray(0.5 * (low + high) + (covariance - within) / most)


def fit_loadings(sums: PairSums, cvs: Floats) -> list[Loading]:
    """One loading a stream; 0 without interval where its cv is 0 or nothing can be compared."""
    able = np.flatnonzero((cvs > 0) & (np.abs(sums.scale).sum(axis=(1, 2)) > 0))
    unknown = Loading(0.0, math.nan, math.nan, math.nan)
    if len(able) < 2:
        return [unknown] * len(cvs)
    found = [unknown] * len(cvs)
    for s, each in zip(able, _loadings(sums, able, cvs), strict=True):
        found[s] = each
    return found


def _loadings(sums: PairSums, able: np.ndarray, cvs: Floats) -> list[Loading]:
    coefficients = [hermite_coefficients(cvs[s]) for s in able]
    n, groups = len(able), sums.products.shape[2]
    correlations, known = np.zeros((groups + 1, n, n)), np.zeros((n, n), bool)
    for i in range(n):
        for j in range(i):
            products, scale = sums.products[able[i], able[j]], sums.scale[able[i], able[j]]
            known[i, j] = known[j, i] = scale.sum() > 0 and (scale.sum() - scale > 0).all()
            if not known[i, j]:
                continue
            without = (products.sum() - products) / (scale.sum() - scale)
            covariance = np.append(products.sum() / scale.sum(), without)
            pair = score_correlation(covariance, coefficients[i], coefficients[j])
            correlations[:, i, j] = correlations[:, j, i] = pair
    error = _jackknife_se(correlations[1:])
    weights = np.where(known, np.maximum(error, _LEAST_ERROR) ** -2.0, 0.0)
    loadings = one_factor(correlations, weights)
    signed = freed(loadings, correlations, weights)
    shares = signed * np.abs(signed)
    errors = np.maximum(
        _jackknife_se(shares[1:]), 2.0 * loadings[0] * _beside_others(loadings[0], error, known)
    )
    width = float(special.stdtrit(max(groups - 1, 1), 0.975))
    return [
        Loading(
            *(float(each) for each in (value, se, *np.clip([share - width * se, share + width * se], 0, 1)))
        )
        for value, share, se in zip(np.clip(shares[0], 0, 1), shares[0], errors, strict=True)
    ]


def _beside_others(loadings: Floats, error: Floats, known: Bools) -> Floats:
    """The standard error of each loading, were those of the others sure: large where these are small."""
    precision = np.where(known, np.maximum(error, _TINY) ** -2.0, 0.0) @ loadings**2
    return np.asarray((precision + _PULL) ** -0.5)


def _jackknife_se(without: Floats) -> Floats:
    """Standard errors from estimates without each group, [group, ...]."""
    groups = len(without)
    off = without - without.mean(axis=0)
    return np.asarray(np.sqrt((off**2).sum(axis=0) * (groups - 1) / groups))


def one_factor(correlations: Floats, weights: Floats) -> Floats:
    """Loadings between 0 and 1 whose products are nearest to correlations, [case, stream].

    `correlations` [case, stream, stream] and `weights` [stream, stream]; diagonals do not count. One loading
    after the other is set to its best value, until all stand.
    """
    streams = correlations.shape[1]
    off = weights * (1.0 - np.eye(streams))
    mean = (correlations * off).sum(axis=(1, 2)) / off.sum()
    found = np.repeat(np.sqrt(np.clip(mean, 0.0, 1.0))[:, None], streams, axis=1)
    for _ in range(_SWEEPS):
        before = found.copy()
        for s in range(streams):
            found[:, s] = np.clip(_best(found, correlations, off, s), 0.0, 1.0)
        if np.max(np.abs(found - before)) < 1e-9:
            break
    return found


def freed(loadings: Floats, correlations: Floats, weights: Floats) -> Floats:
    """Each loading's best value beside the others, were it free to leave 0 to 1: for errors at the edges."""
    streams = loadings.shape[1]
    off = weights * (1.0 - np.eye(streams))
    return np.column_stack([_best(loadings, correlations, off, s) for s in range(streams)])


def _best(loadings: Floats, correlations: Floats, off: Floats, s: int) -> Floats:
    """The least squares loading of one stream, drawn to the mean of the others, [case]."""
    own, others = off[s] * loadings, np.delete(loadings, s, axis=1).mean(axis=1)
    weight, product = (own * loadings).sum(axis=1), (own * correlations[:, s]).sum(axis=1)
    return np.asarray((product + _PULL * others) / (weight + _PULL))
