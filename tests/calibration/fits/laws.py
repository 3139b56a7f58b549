"""Laws with known parameters, to draw from and to hold estimates against."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Floats, Waits, waits_of

Random = np.random.Generator


class Known(NamedTuple):
    """A law: draws, and the values of its parameters."""

    family: str
    draw: Callable[[Random, int], Floats]
    truth: dict[str, float]


def _mixed(share: float, short_s: float, long_s: float) -> Known:
    def draw(random: Random, n: int) -> Floats:
        means = np.where(random.random(n) < share, short_s, long_s)
        return random.exponential(means)

    mean = share * short_s + (1 - share) * long_s
    square = 2 * (share * short_s**2 + (1 - share) * long_s**2)
    truth = {"short_share": share, "short_mean": short_s, "long_mean": long_s, "mean": mean}
    return Known("hyperexponential", draw, {**truth, "cv": math.sqrt(square / mean**2 - 1)})


def _lognormal(centre: float, log_sd: float) -> Known:
    mean, cv = math.exp(centre + log_sd**2 / 2), math.sqrt(math.expm1(log_sd**2))
    truth = {"mean": mean, "cv": cv, "log_sd": log_sd}
    return Known("lognormal", lambda random, n: random.lognormal(centre, log_sd, n), truth)


def _gamma(mean: float, shape: float) -> Known:
    truth = {"mean": mean, "cv": shape**-0.5}
    return Known("gamma", lambda random, n: random.gamma(shape, mean / shape, n), truth)


def _erlang(mean: float, k: int) -> Known:
    return Known("erlang", lambda random, n: random.gamma(k, mean / k, n), {"mean": mean, "k": float(k)})


def _weibull(scale: float, shape: float) -> Known:
    first, second = math.gamma(1 + 1 / shape), math.gamma(1 + 2 / shape)
    truth = {"mean": scale * first, "shape": shape, "cv": math.sqrt(second / first**2 - 1)}
    return Known("weibull", lambda random, n: scale * random.weibull(shape, n), truth)


def _exponential(mean: float) -> Known:
    return Known("exponential", lambda random, n: random.exponential(mean, n), {"mean": mean})


DURATIONS: Final = (
    _exponential(250.0),
    _lognormal(5.0, 0.9),
    _gamma(180.0, 1.7),
    _weibull(200.0, 1.3),
    _erlang(300.0, 12),
    _mixed(0.4, 20.0, 300.0),
)
PATIENCE: Final = (
    _exponential(480.0),
    _lognormal(5.5, 1.1),
    _gamma(600.0, 0.8),
    _weibull(700.0, 0.85),
    _mixed(0.05, 12.0, 600.0),
)


def censored(law: Known, random: Random, n: int, mean_wait_s: float) -> Waits:
    """Waits of `n` contacts that would be answered after an exponential time, if they had not given up.

    They are joined into cells 0.5 % wide.
    """
    patience, answered = law.draw(random, n), random.exponential(mean_wait_s, n)
    waits = np.exp(np.round(np.log(np.minimum(patience, answered)) * 200.0) / 200.0)
    return waits_of(waits, patience < answered)
