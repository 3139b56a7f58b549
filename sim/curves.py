"""Curves: the numbers behind the rules (rates, gamma tables, quantiles), end to end in one array."""

from functools import lru_cache
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


_COARSER: Final = 8  # times as far apart are the points that a quick table inverts at
_QUICK: Final = (0.01, 1e5)  # shapes of which a quick table is good to 1e-9


class Curves:
    """Collects numbers into one array; equal ones are kept once.

    After the numbers of another array, where one replication's are added to those of all: then gamma tables
    are made the quick way.
    """

    def __init__(self, after: FloatArray | None = None) -> None:
        self._parts: list[FloatArray] = [] if after is None else [after]
        self._known: dict[bytes, int] = {}
        self._size = 0 if after is None else after.size
        self._gamma_table = gamma_table if after is None else quick_gamma_table

    def add(self, values: FloatArray) -> int:
        """Append `values`, or find them; returns where they start."""
        name = values.tobytes()
        if name not in self._known:
            self._known[name] = self._size
            self._parts.append(values)
            self._size += values.size
        return self._known[name]

    def add_gamma(self, shape: float) -> int:
        """Append the table of a gamma distribution; returns where it starts."""
        return self.add(self._gamma_table(shape))

    def array(self) -> FloatArray:
        return np.concatenate([*self._parts, np.zeros(1)])


@lru_cache(maxsize=64)  # versions of a scenario ask for the same again
def gamma_table(shape: float) -> FloatArray:
    """(log x, d log x / dz) of the gamma quantile of unit mean at equal steps of the normal score z.

    log x is smooth in z down to the far tails, so a cubic between steps is good to 1e-8 (tested
    against SciPy's `gammaincinv`). Each tail is inverted from its own side, so that neither loses
    digits to 1 - u.
    """
    log_x, slope = _gamma_points(shape, np.linspace(-GAMMA_LIMIT, GAMMA_LIMIT, GAMMA_STEPS + 1))
    table = np.column_stack([log_x - np.log(shape), slope]).ravel()
    table.flags.writeable = False
    return table


def _gamma_points(shape: float, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """log x and d log x / dz of the gamma quantile x (scale 1) at normal scores z."""
    tail = special.ndtr(-np.abs(z))
    with np.errstate(divide="ignore"):
        x = np.where(z < 0, special.gammaincinv(shape, tail), special.gammainccinv(shape, tail))
        # Where x underflows, the series of the incomplete gamma is its first term.
        log_x = np.where(x > 1e-280, np.log(x), (np.log(tail) + special.gammaln(shape + 1.0)) / shape)
    log_density = (shape - 1.0) * log_x - np.exp(log_x) - special.gammaln(shape)
    slope = np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - log_density - log_x)
    return log_x, slope


@lru_cache(maxsize=64)  # what is not uncertain is asked for again in every replication
def quick_gamma_table(shape: float) -> FloatArray:
    """The table of `gamma_table` to 1e-9, in a fifth of the time.

    It is inverted at every eighth step, with a polynomial of degree 5 between. The second derivative is had
    from the first: with s = d log x / dz, ds / dz = -s (z + s (shape - x)), since log(x f(x)) has the
    derivative shape - x by log x.
    """
    if not _QUICK[0] <= shape <= _QUICK[1]:
        return gamma_table(shape)
    z = np.linspace(-GAMMA_LIMIT, GAMMA_LIMIT, GAMMA_STEPS // _COARSER + 1)
    step = z[1] - z[0]
    log_x, slope = _gamma_points(shape, z)
    bend = -slope * (z + slope * (shape - np.exp(log_x)))
    known = np.column_stack([log_x, step * slope, step * step * bend])
    ends = np.concatenate([known[:-1], known[1:]], axis=1)
    log_between = ends @ _QUINTIC[0]
    slope_between = ends @ _QUINTIC[1] / step
    table = np.column_stack(
        [
            np.append(log_between.ravel(), log_x[-1]) - np.log(shape),
            np.append(slope_between.ravel(), slope[-1]),
        ]
    ).ravel()
    table.flags.writeable = False
    return table


def _quintic() -> FloatArray:
    """Weights [value or slope, of what, where] of value, slope and bend at both ends of a step of length 1.

    Where are the beginnings of `_COARSER` equal parts of the step: the polynomial of degree 5 that has them.
    """
    powers = np.arange(6)
    at_0 = np.diag([1.0, 1.0, 2.0])
    at_1 = np.array([np.ones(6), powers, powers * (powers - 1.0)])
    coefficients = np.linalg.inv(np.concatenate([np.pad(at_0, ((0, 0), (0, 3))), at_1]))
    t = np.arange(_COARSER)[:, None] / _COARSER
    values = t**powers
    slopes = powers * t ** np.maximum(powers - 1, 0)
    return np.array([(values @ coefficients).T, (slopes @ coefficients).T])


_QUINTIC: Final = _quintic()


def dist_row(dist: Distribution, curves: Curves, grain: int) -> tuple[int, int, float, float, int, int]:
    """The row of `dists` for a distribution: (kind, n, scale, shape, at, grain)."""
    kind = _KINDS[dist.kind]
    n, scale, shape, at = 0, dist.mean_s, 0.0, 0
    if dist.kind == "lognormal":
        shape = float(np.sqrt(np.log1p(_given(dist.cv) ** 2)))
        scale = float(np.log(dist.mean_s) - 0.5 * shape * shape)
    elif dist.kind == "gamma":
        at = curves.add_gamma(_given(dist.shape))
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
