"""The law of patience: the share of contacts that has given up by a time, of those ready to wait at all."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scenarios.distributions import Distribution

Floats = NDArray[np.float64]
Law = Callable[[Floats], Floats]


def share_within(patience: Distribution) -> Law:
    """The distribution function of a smooth kind, accurate also where it is small."""
    mean, kind = patience.mean_s, patience.kind
    if kind == "exponential":
        return lambda t: -np.expm1(-t / mean)
    if kind == "hyperexponential":
        return lambda t: sum((-p * np.expm1(-t / m) for p, m in patience.phases), np.zeros(np.shape(t)))
    if kind == "lognormal":
        variance = math.log1p((patience.cv or 0.0) ** 2)
        median = mean * math.exp(-variance / 2.0)
        return lambda t: special.ndtr(_log_ratio(t, median) / math.sqrt(variance))
    shape = float(patience.k or patience.shape or 1.0)
    if kind == "weibull":
        scale = mean / math.gamma(1.0 + 1.0 / shape)
        return lambda t: -np.expm1(-np.exp(np.minimum(shape * _log_ratio(t, scale), 700.0)))
    if kind in ("gamma", "erlang"):
        return lambda t: special.gammainc(shape, t * (shape / mean))
    raise ValueError(f"patience: {kind!r} is no distribution that the formulas know")


def _log_ratio(t: Floats, scale: float) -> Floats:
    """log(t / scale), with all digits also where it is next to nothing."""
    near = np.abs(t - scale) < 0.5 * scale
    further = np.log(np.maximum(t, 1e-300) / scale)
    return np.where(near, np.log1p(np.where(near, t - scale, 0.0) / scale), further)
