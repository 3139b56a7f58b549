"""The laws that times may follow. A new one is an entry of ``FAMILIES``: starts, two functions, names."""

from typing import Final

import numpy as np

from calibration.fits.cells import Floats
from calibration.fits.family import LEAST, Family, Natural, columns, time_named
from calibration.fits.hyperexponential import HYPEREXPONENTIAL
from calibration.fits.wording import rounded, seconds_text

# Exponential: theta is (log mean).


def _exponential_density(theta: Floats, x: Floats) -> Floats:
    (mean,) = columns(theta)
    density: Floats = -mean - x * np.exp(-mean)
    return density


def _exponential_survival(theta: Floats, x: Floats) -> Floats:
    (mean,) = columns(theta)
    survival: Floats = -x * np.exp(-mean)
    return survival


EXPONENTIAL: Final = Family(
    "exponential",
    np.zeros((1, 1)),
    _exponential_density,
    _exponential_survival,
    (time_named("mean", lambda theta: np.exp(theta[0])),),
    lambda value: {"exponential": seconds_text(value["mean"])},
)


# Lognormal: theta is (mean of logarithms, log of their standard deviation).


def _lognormal_density(theta: Floats, x: Floats) -> Floats:
    centre, spread = columns(theta)
    z = (np.log(x) - centre) * np.exp(-spread)
    density: Floats = -0.5 * z * z - spread - np.log(x) - 0.5 * np.log(2.0 * np.pi)
    return density


def _lognormal_survival(theta: Floats, x: Floats) -> Floats:
    from scipy.special import log_ndtr

    centre, spread = columns(theta)
    with np.errstate(divide="ignore"):
        survival: Floats = log_ndtr((centre - np.log(x)) * np.exp(-spread))
    return survival


_SPREADS: Final = np.arange(-3.0, 1.1, 0.5)

LOGNORMAL: Final = Family(
    "lognormal",
    np.array([-0.5 * np.exp(2.0 * np.minimum(_SPREADS, 0.5)), _SPREADS]),
    _lognormal_density,
    _lognormal_survival,
    (
        time_named("mean", lambda theta: np.exp(theta[0] + 0.5 * np.exp(2.0 * theta[1]))),
        Natural("cv", "", lambda theta: np.sqrt(np.expm1(np.exp(2.0 * theta[1])))),
        Natural("log_sd", "", lambda theta: np.exp(theta[1])),
    ),
    lambda value: {"lognormal": {"mean": seconds_text(value["mean"]), "cv": rounded(value["cv"])}},
)


# Gamma: theta is (log mean, log shape), of which the estimates are nearly independent.


def _gamma_density(theta: Floats, x: Floats) -> Floats:
    from scipy.special import gammaln

    mean, log_shape = columns(theta)
    shape = np.exp(log_shape)
    scaled = shape * np.exp(-mean)
    density: Floats = shape * (log_shape - mean) + (shape - 1.0) * np.log(x) - scaled * x - gammaln(shape)
    return density


def _gamma_survival(theta: Floats, x: Floats) -> Floats:
    from scipy.special import gammaincc

    mean, log_shape = columns(theta)
    shape = np.exp(log_shape)
    left = gammaincc(shape, shape * np.exp(-mean) * x)
    survival: Floats = np.log(np.maximum(left, np.exp(LEAST)))
    return survival


_SHAPES: Final = np.arange(-2.0, 8.1, 2.0)

GAMMA: Final = Family(
    "gamma",
    np.array([np.zeros_like(_SHAPES), _SHAPES]),
    _gamma_density,
    _gamma_survival,
    (
        time_named("mean", lambda theta: np.exp(theta[0])),
        Natural("cv", "", lambda theta: np.exp(-0.5 * theta[1])),
    ),
    lambda value: {"gamma": {"mean": seconds_text(value["mean"]), "cv": rounded(value["cv"])}},
)


# Weibull: theta is (log scale, log shape).


def _weibull_density(theta: Floats, x: Floats) -> Floats:
    scale, log_shape = columns(theta)
    shape = np.exp(log_shape)
    far = shape * (np.log(x) - scale)
    density: Floats = log_shape + far - np.log(x) - np.exp(np.minimum(far, -LEAST))
    return density


def _weibull_survival(theta: Floats, x: Floats) -> Floats:
    scale, log_shape = columns(theta)
    with np.errstate(divide="ignore"):
        far = np.exp(log_shape) * (np.log(x) - scale)
    survival: Floats = -np.exp(np.minimum(far, -LEAST))
    return survival


def _weibull_mean(theta: Floats) -> Floats:
    from scipy.special import gammaln

    mean: Floats = np.exp(np.minimum(theta[0] + gammaln(1.0 + np.exp(-theta[1])), -LEAST))
    return mean


def _weibull_cv(theta: Floats) -> Floats:
    from scipy.special import gammaln

    less = np.exp(-theta[1])
    cv: Floats = np.sqrt(np.expm1(np.minimum(gammaln(1.0 + 2.0 * less) - 2.0 * gammaln(1.0 + less), -LEAST)))
    return cv


WEIBULL: Final = Family(
    "weibull",
    np.array([np.zeros(7), np.arange(-1.0, 2.1, 0.5)]),
    _weibull_density,
    _weibull_survival,
    (
        time_named("mean", _weibull_mean),
        Natural("shape", "", lambda theta: np.exp(theta[1])),
        Natural("cv", "", _weibull_cv),
    ),
    lambda value: {"weibull": {"mean": seconds_text(value["mean"]), "shape": rounded(value["shape"])}},
)


FAMILIES: Final[dict[str, Family]] = {
    each.name: each for each in (EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, HYPEREXPONENTIAL)
}
