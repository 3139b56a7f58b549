"""The laws that times may follow. A new one is an entry of ``FAMILIES``: starts, two functions, names.

Times are in units of their mean, `x` [cell]; parameters stand on the whole line: `theta` [parameter, point],
read as columns, so that every function answers [point, cell]. The parameters that people and scenarios use
are functions of these.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from calibration.fits.cells import Floats
from calibration.fits.wording import rounded, seconds_text
from scenarios.units import share_text

Link = Literal["log", "logit", "log_above_1"]
_LEAST: Final = -690.0  # logarithm of the smallest number that is one


class Natural(NamedTuple):
    """A parameter as a scenario has it: `of` takes theta to it; `link` is the scale of its interval."""

    name: str
    unit: str
    of: Callable[[Floats], Floats]
    link: Link = "log"


class Family(NamedTuple):
    """A law: where to start looking, log-density and log-survival, parameters, and how it is written."""

    name: str
    starts: Floats  # [parameter, start]
    log_density: Callable[[Floats, Floats], Floats]
    log_survival: Callable[[Floats, Floats], Floats]
    naturals: tuple[Natural, ...]
    written: Callable[[dict[str, float]], dict[str, Any]]
    tidy: Callable[[Floats], Floats] = lambda theta: theta  # of several names for one law, the usual one


def _columns(theta: Floats) -> Floats:
    """Each parameter as a column, [parameter, point, 1]."""
    columns: Floats = np.asarray(theta, float)[:, :, None]
    return columns


def _time(name: str, of: Callable[[Floats], Floats]) -> Natural:
    return Natural(name, "s", of)


# Exponential: theta is (log mean).


def _exponential_density(theta: Floats, x: Floats) -> Floats:
    (mean,) = _columns(theta)
    density: Floats = -mean - x * np.exp(-mean)
    return density


def _exponential_survival(theta: Floats, x: Floats) -> Floats:
    (mean,) = _columns(theta)
    survival: Floats = -x * np.exp(-mean)
    return survival


EXPONENTIAL: Final = Family(
    "exponential",
    np.zeros((1, 1)),
    _exponential_density,
    _exponential_survival,
    (_time("mean", lambda theta: np.exp(theta[0])),),
    lambda value: {"exponential": seconds_text(value["mean"])},
)


# Lognormal: theta is (mean of logarithms, log of their standard deviation).


def _lognormal_density(theta: Floats, x: Floats) -> Floats:
    centre, spread = _columns(theta)
    z = (np.log(x) - centre) * np.exp(-spread)
    density: Floats = -0.5 * z * z - spread - np.log(x) - 0.5 * np.log(2.0 * np.pi)
    return density


def _lognormal_survival(theta: Floats, x: Floats) -> Floats:
    from scipy.special import log_ndtr

    centre, spread = _columns(theta)
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
        _time("mean", lambda theta: np.exp(theta[0] + 0.5 * np.exp(2.0 * theta[1]))),
        Natural("cv", "", lambda theta: np.sqrt(np.expm1(np.exp(2.0 * theta[1])))),
        Natural("log_sd", "", lambda theta: np.exp(theta[1])),
    ),
    lambda value: {"lognormal": {"mean": seconds_text(value["mean"]), "cv": rounded(value["cv"])}},
)


# Gamma: theta is (log mean, log shape), of which the estimates are nearly independent.


def _gamma_density(theta: Floats, x: Floats) -> Floats:
    from scipy.special import gammaln

    mean, log_shape = _columns(theta)
    shape = np.exp(log_shape)
    scaled = shape * np.exp(-mean)
    density: Floats = shape * (log_shape - mean) + (shape - 1.0) * np.log(x) - scaled * x - gammaln(shape)
    return density


def _gamma_survival(theta: Floats, x: Floats) -> Floats:
    from scipy.special import gammaincc

    mean, log_shape = _columns(theta)
    shape = np.exp(log_shape)
    left = gammaincc(shape, shape * np.exp(-mean) * x)
    survival: Floats = np.log(np.maximum(left, np.exp(_LEAST)))
    return survival


_SHAPES: Final = np.arange(-2.0, 8.1, 2.0)

GAMMA: Final = Family(
    "gamma",
    np.array([np.zeros_like(_SHAPES), _SHAPES]),
    _gamma_density,
    _gamma_survival,
    (
        _time("mean", lambda theta: np.exp(theta[0])),
        Natural("cv", "", lambda theta: np.exp(-0.5 * theta[1])),
    ),
    lambda value: {"gamma": {"mean": seconds_text(value["mean"]), "cv": rounded(value["cv"])}},
)


# Weibull: theta is (log scale, log shape).


def _weibull_density(theta: Floats, x: Floats) -> Floats:
    scale, log_shape = _columns(theta)
    shape = np.exp(log_shape)
    far = shape * (np.log(x) - scale)
    density: Floats = log_shape + far - np.log(x) - np.exp(np.minimum(far, -_LEAST))
    return density


def _weibull_survival(theta: Floats, x: Floats) -> Floats:
    scale, log_shape = _columns(theta)
    with np.errstate(divide="ignore"):
        far = np.exp(log_shape) * (np.log(x) - scale)
    survival: Floats = -np.exp(np.minimum(far, -_LEAST))
    return survival


def _weibull_mean(theta: Floats) -> Floats:
    from scipy.special import gammaln

    mean: Floats = np.exp(np.minimum(theta[0] + gammaln(1.0 + np.exp(-theta[1])), -_LEAST))
    return mean


def _weibull_cv(theta: Floats) -> Floats:
    from scipy.special import gammaln

    less = np.exp(-theta[1])
    cv: Floats = np.sqrt(np.expm1(np.minimum(gammaln(1.0 + 2.0 * less) - 2.0 * gammaln(1.0 + less), -_LEAST)))
    return cv


WEIBULL: Final = Family(
    "weibull",
    np.array([np.zeros(7), np.arange(-1.0, 2.1, 0.5)]),
    _weibull_density,
    _weibull_survival,
    (
        _time("mean", _weibull_mean),
        Natural("shape", "", lambda theta: np.exp(theta[1])),
        Natural("cv", "", _weibull_cv),
    ),
    lambda value: {"weibull": {"mean": seconds_text(value["mean"]), "shape": rounded(value["shape"])}},
)


# Hyperexponential of two phases: theta is (logit of the first one's share, log means of both).


def _phases(theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Logarithms of both shares and of both rates."""
    logit, first, second = _columns(theta)
    return -np.logaddexp(0.0, -logit), -np.logaddexp(0.0, logit), -first, -second


def _hyperexponential_density(theta: Floats, x: Floats) -> Floats:
    p, q, fast, slow = _phases(theta)
    density: Floats = np.logaddexp(p + fast - np.exp(fast) * x, q + slow - np.exp(slow) * x)
    return density


def _hyperexponential_survival(theta: Floats, x: Floats) -> Floats:
    p, q, fast, slow = _phases(theta)
    survival: Floats = np.logaddexp(p - np.exp(fast) * x, q - np.exp(slow) * x)
    return survival


def _first_share(theta: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-theta[0]))
    return share


def _mixed_mean(theta: Floats) -> Floats:
    p = _first_share(theta)
    mean: Floats = p * np.exp(theta[1]) + (1.0 - p) * np.exp(theta[2])
    return mean


def _mixed_cv(theta: Floats) -> Floats:
    p, short, long = _first_share(theta), np.exp(theta[1]), np.exp(theta[2])
    cv: Floats = np.sqrt(2.0 * (p * short**2 + (1.0 - p) * long**2) / _mixed_mean(theta) ** 2 - 1.0)
    return cv


def _short_first(theta: Floats) -> Floats:
    return theta if theta[1] <= theta[2] else np.array([-theta[0], theta[2], theta[1]])


def _two_phases(value: dict[str, float]) -> dict[str, Any]:
    share = rounded(value["short_share"], 5)
    return {
        "hyperexponential": [
            {"share": share_text(share), "mean": seconds_text(value["short_mean"])},
            {"share": share_text(round(1.0 - share, 9)), "mean": seconds_text(value["long_mean"])},
        ]
    }


HYPEREXPONENTIAL: Final = Family(
    "hyperexponential",
    np.array(
        [
            (logit, np.log(short), np.log(long))
            for logit in (-3.0, -1.5, 0.0, 1.5, 3.0)
            for short in (0.01, 0.05, 0.2, 0.5)
            for long in (1.2, 2.5, 8.0)
        ]
    ).T,
    _hyperexponential_density,
    _hyperexponential_survival,
    (
        _time("mean", _mixed_mean),
        Natural("short_share", "share", _first_share, "logit"),
        _time("short_mean", lambda theta: np.exp(theta[1])),
        _time("long_mean", lambda theta: np.exp(theta[2])),
        Natural("cv", "", _mixed_cv, "log_above_1"),
    ),
    _two_phases,
    _short_first,
)

FAMILIES: Final[dict[str, Family]] = {
    each.name: each for each in (EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, HYPEREXPONENTIAL)
}
