"""Curves: the numbers behind the rules (rates, gamma tables, quantiles), end to end in one array."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scenarios.model import Distribution
from sim import quantiles
from sim.quantiles import GAMMA_LIMIT, GAMMA_STEPS

FloatArray = NDArray[np.float64]
T = TypeVar("T")

_KINDS: Final = {
    "deterministic": quantiles.DETERMINISTIC,
    "exponential": quantiles.EXPONENTIAL,
    "lognormal": quantiles.LOGNORMAL,
    "gamma": quantiles.GAMMA,
    "weibull": quantiles.WEIBULL,
    "erlang": quantiles.ERLANG,
    "hyperexponential": quantiles.HYPEREXPONENTIAL,
    "empirical": quantiles.EMPIRICAL,
}


class Curves:
    """Collects numbers into one array; equal ones are kept once."""

    def __init__(self) -> None:
        self._parts: list[FloatArray] = []
        self._known: dict[bytes, int] = {}
        self._size = 0

    def add(self, values: FloatArray) -> int:
        """Append `values`, or find them; returns where they start."""
        name = values.tobytes()
        if name not in self._known:
            self._known[name] = self._size
            self._parts.append(values)
            self._size += values.size
        return self._known[name]

    def array(self) -> FloatArray:
        return np.concatenate([*self._parts, np.zeros(1)])


def gamma_table(shape: float) -> FloatArray:
    """(log x, d log x / dz) of the gamma quantile of unit mean at equal steps of the normal score z.

    log x is smooth in z down to the far tails, so a cubic between steps is good to 1e-8 (tested
    against SciPy's `gammaincinv`). Each tail is inverted from its own side, so that neither loses
    digits to 1 - u.
    """
    z = np.linspace(-GAMMA_LIMIT, GAMMA_LIMIT, GAMMA_STEPS + 1)
    tail = special.ndtr(-np.abs(z))
    with np.errstate(divide="ignore"):
        x = np.where(z < 0, special.gammaincinv(shape, tail), special.gammainccinv(shape, tail))
        # Where x underflows, the series of the incomplete gamma is its first term.
        log_x = np.where(x > 1e-280, np.log(x), (np.log(tail) + special.gammaln(shape + 1.0)) / shape)
    log_density = (shape - 1.0) * log_x - np.exp(log_x) - special.gammaln(shape)
    slope = np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - log_density - log_x)
    return np.column_stack([log_x - np.log(shape), slope]).ravel()


def dist_row(dist: Distribution, curves: Curves, grain: int) -> tuple[int, int, float, float, int, int]:
    """The row of `dists` for a distribution: (kind, n, scale, shape, at, grain)."""
    kind = _KINDS[dist.kind]
    n, scale, shape, at = 0, dist.mean_s, 0.0, 0
    if dist.kind == "lognormal":
        shape = float(np.sqrt(np.log1p(_given(dist.cv) ** 2)))
        scale = float(np.log(dist.mean_s) - 0.5 * shape * shape)
    elif dist.kind == "gamma":
        at = curves.add(gamma_table(_given(dist.shape)))
    elif dist.kind == "weibull":
        shape = _given(dist.shape)
        scale = dist.mean_s / float(special.gamma(1.0 + 1.0 / shape))
    elif dist.kind == "erlang":
        n = int(_given(dist.k))
    elif dist.kind == "hyperexponential":
        shares, phase_means = np.array(dist.phases).T
        n, at = len(shares), curves.add(np.column_stack([np.cumsum(shares), phase_means]).ravel())
    elif dist.kind == "empirical":
        n, at = len(_given(dist.quantiles)), curves.add(np.array(dist.quantiles, float).ravel())
    return kind, n, scale, shape, at, grain


def _given(value: T | None) -> T:
    """A parameter that the scenario's checks have made sure of."""
    assert value is not None
    return value
