"""Two kinds of times in one: theta is (logit of the share of the short ones, log means of both)."""

from typing import Any, Final

import numpy as np

from calibration.fits.cells import Floats
from calibration.fits.family import Family, Natural, columns, time_named
from calibration.fits.wording import rounded, seconds_text
from scenarios.units import share_text


def _phases(theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Logarithms of both shares and of both rates."""
    logit, first, second = columns(theta)
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
        time_named("mean", _mixed_mean),
        Natural("short_share", "share", _first_share, "logit"),
        time_named("short_mean", lambda theta: np.exp(theta[1])),
        time_named("long_mean", lambda theta: np.exp(theta[2])),
        Natural("cv", "", _mixed_cv, "log_above_1"),
    ),
    _two_phases,
    _short_first,
)
