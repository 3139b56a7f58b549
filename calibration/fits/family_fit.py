"""A family fitted to times, whole, censored or cut off below: estimates, intervals, and the law itself."""

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from calibration.fits.cells import Cells, Floats, Waits, usable, usable_waits
from calibration.fits.families import FAMILIES, GAMMA
from calibration.fits.family import Family, Natural
from calibration.fits.fit import Parameter
from calibration.fits.intervals import Z95
from calibration.fits.likelihood import Top, maximum, slope_of
from calibration.fits.seen import Seen, durations_seen, mean_log_likelihood, waits_seen
from calibration.fits.wording import seconds_text

KINDS: Final = (*FAMILIES, "erlang")
_MOST_STAGES: Final = 1000
_BISECTIONS: Final = 100


class FamilyFit(NamedTuple):
    """A fitted family: `theta` [parameter] is in units of `scale_s`, `covariance` that of theta."""

    name: str
    n: int
    events: int
    parameters: tuple[Parameter, ...]
    log_likelihood: float  # of times in seconds
    free: int  # parameters that are paid for in a comparison
    distribution: dict[str, Any]
    theta: Floats
    covariance: Floats
    scale_s: float
    family: Family

    def parameter(self, name: str) -> Parameter:
        """A parameter by its name."""
        return next(each for each in self.parameters if each.name == name)

    @property
    def mean_s(self) -> float:
        """The mean of the law in seconds."""
        return self.parameter("mean").value

    @property
    def variance(self) -> float:
        """The variance of the law in seconds squared."""
        known = {each.name: each.value for each in self.parameters}
        cv = known["cv"] if "cv" in known else known.get("k", 1.0) ** -0.5
        return (cv * self.mean_s) ** 2

    def bic(self, observations: int) -> float:
        """Schwarz's criterion, smaller is better (G. Schwarz, 1978, Annals of Statistics 6)."""
        return self.free * math.log(observations) - 2.0 * self.log_likelihood

    def survival(self, times_s: ArrayLike) -> Floats:
        """The share that lasts longer, [time]."""
        x = np.atleast_1d(np.asarray(times_s, float)) / self.scale_s
        left: Floats = np.exp(self.family.log_survival(self.theta[:, None], x)[0])
        return left

    def density(self, times_s: ArrayLike) -> Floats:
        """The density per second, [time], of times above zero."""
        x = np.atleast_1d(np.asarray(times_s, float)) / self.scale_s
        found: Floats = np.exp(self.family.log_density(self.theta[:, None], x)[0]) / self.scale_s
        return found

    def quantile_s(self, share: float) -> float:
        """The time that a share (0-1, inside) does not exceed, in seconds; by bisection of its logarithm."""
        low, high = math.log(self.scale_s) - 40.0, math.log(self.scale_s) + 40.0
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            above = float(self.survival(math.exp(middle))[0]) > 1.0 - share
            low, high = (middle, high) if above else (low, middle)
        return math.exp(0.5 * (low + high))


def fit_family(name: str, cells: Cells) -> FamilyFit:
    """A family fitted to durations above zero by maximum likelihood (zeros: see `seen.py`).

    Raises ``ValueError`` for an unknown family, for cells that are none, and where the family has no most
    likely member: two phases that cannot be told apart, all durations alike, none above zero.
    """
    return _needed(name, durations_seen(usable(cells)))


def fit_censored(name: str, waits: Waits) -> FamilyFit:
    """A family fitted to patience by maximum likelihood: who was answered would have waited longer.

    Errors as those of `fit_family`.
    """
    return _needed(name, waits_seen(usable_waits(waits)))


def _needed(name: str, seen: Seen) -> FamilyFit:
    if name not in KINDS:
        raise ValueError(f"{name!r} is not a family that can be fitted; take one of {', '.join(KINDS)}")
    found = fit_seen(name, seen)
    if found is None:
        raise ValueError(f"{name} has no most likely member for these {seen.events:,} times; try another")
    return found


def fit_seen(name: str, seen: Seen) -> FamilyFit | None:
    """A family fitted to what was seen; None where there is no most likely member."""
    if seen.events == 0 or (len(seen.ended_s) == 1 and name != "exponential"):  # one value has no spread
        return None
    if name == "erlang":
        return _erlang(seen)
    family = FAMILIES[name]
    top = maximum(lambda theta: mean_log_likelihood(family, seen, theta), family.starts)
    if top is None:
        return None
    tidy = family.tidy(top.theta)
    if tidy is not top.theta:  # other names of the same law: other curvature
        top = maximum(lambda theta: mean_log_likelihood(family, seen, theta), tidy[:, None])
    return None if top is None else _fitted(family, seen, top)


def _fitted(family: Family, seen: Seen, top: Top) -> FamilyFit:
    covariance, scale_s = top.inverse / seen.n, seen.scale_s
    with np.errstate(over="ignore"):
        parameters = tuple(_natural(each, top.theta, covariance, scale_s) for each in family.naturals)
    return FamilyFit(
        family.name,
        seen.n,
        seen.events,
        parameters,
        top.value * seen.n - seen.events * math.log(scale_s),
        len(top.theta),
        family.written({each.name: each.value for each in parameters}),
        top.theta,
        covariance,
        scale_s,
        family,
    )


def _natural(natural: Natural, theta: Floats, covariance: Floats, scale_s: float) -> Parameter:
    """A parameter with Wald's interval on the scale of its link, by the delta method."""
    link = _LINKS[natural.link]
    slope = slope_of(lambda points: link.to(natural.of(points)), theta)
    value = float(natural.of(theta[:, None])[0])
    spread = math.sqrt(max(float(slope @ covariance @ slope), 0.0))
    at = link.to(np.array([value])) + np.array([-1.0, 1.0]) * Z95 * spread
    size = scale_s if natural.unit == "s" else 1.0
    low, high = (size * float(each) for each in link.back(at))
    return Parameter(natural.name, size * value, low, high, size * spread * link.rate(value), natural.unit)


class _Link(NamedTuple):
    """A scale, the way back from it, and how fast the parameter changes along it."""

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    rate: Callable[[float], float]


def _logit(share: Floats) -> Floats:
    found: Floats = np.log(share) - np.log1p(-share)
    return found


def _expit(logit: Floats) -> Floats:
    found: Floats = 1.0 / (1.0 + np.exp(-logit))
    return found


_LINKS: Final = {
    "log": _Link(np.log, np.exp, lambda value: value),
    "log_above_1": _Link(
        lambda value: np.log(value - 1.0), lambda log: 1.0 + np.exp(log), lambda value: value - 1.0
    ),
    "logit": _Link(_logit, _expit, lambda value: value * (1.0 - value)),
}


def _erlang(seen: Seen) -> FamilyFit | None:
    """Gamma with a whole shape k: the likelier of the two beside the free shape; k's interval is the shape's.

    The mean is fitted with k fixed. A whole number is not paid for in a comparison: of finitely many values
    the likelihood alone decides (it gains no more than a constant from them, however many observations).
    """
    free = fit_seen("gamma", seen)
    if free is None:
        return None
    shape = math.exp(float(free.theta[1]))
    stages = {min(max(round(each), 1), _MOST_STAGES) for each in (math.floor(shape), math.ceil(shape))}
    found = [each for k in sorted(stages) if (each := _with_stages(k, seen, free)) is not None]
    return max(found, key=lambda each: each.log_likelihood, default=None)


def _with_stages(k: int, seen: Seen, free: FamilyFit) -> FamilyFit | None:
    fixed = GAMMA._replace(
        name="erlang",
        starts=free.theta[:1, None],
        log_density=lambda theta, x: GAMMA.log_density(_beside(theta, k), x),
        log_survival=lambda theta, x: GAMMA.log_survival(_beside(theta, k), x),
        naturals=GAMMA.naturals[:1],
        written=lambda value: {"erlang": {"mean": seconds_text(value["mean"]), "k": k}},
    )
    top = maximum(lambda theta: mean_log_likelihood(fixed, seen, theta), fixed.starts)
    if top is None:
        return None
    found = _fitted(fixed, seen, top)
    cv = free.parameter("cv")
    low, high = cv.high**-2, cv.low**-2
    stages = Parameter("k", float(k), min(low, k), max(high, k), 2.0 * cv.se * cv.value**-3, "")
    return found._replace(parameters=(*found.parameters, stages))


def _beside(theta: Floats, k: int) -> Floats:
    return np.vstack([theta, np.full(theta.shape[1], math.log(k))])
