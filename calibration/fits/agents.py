"""Differences between agents: how far their handle times lie apart beyond chance, and who is how fast.

The model is the one-way layout with random effects: log time = mean + agent + rest (S. R. Searle, G. Casella
and C. E. McCulloch, 1992, Variance Components, chapter 3). Agents take very unequal numbers of contacts, so
the variance between them is found by the moment equation of weighted means: that variance at which the
weighted squares of the agents' means are what chance makes them, Q = agents - 1 (A. Wald, 1940, "A note on
the analysis of variance with unequal class frequencies", Annals of Mathematical Statistics 11; R. C. Paule
and J. Mandel, 1982, Journal of Research of the National Bureau of Standards 87). For its interval quantiles
of chi-square stand in place of agents - 1 (Wald). With equal numbers it is the analysis of variance.

What agents do must be alike: hand in logarithms less the mean of their stream, or one stream alone.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Floats, Ints
from calibration.fits.fit import Caution, Fit, Parameter, Plot, Trace
from calibration.fits.intervals import Z95
from scenarios.problems import refuse

FEW: Final = 10
_BISECTIONS: Final = 200


class Agents(NamedTuple):
    """By agent: how many times, the sum of their natural logarithms, and the sum of the squares of these."""

    n: Ints
    log_sum: Floats
    log_square_sum: Floats


class Effects(NamedTuple):
    """By agent: the log of the handle time over the usual one, shrunk towards zero; its standard error."""

    log_effect: Floats
    se: Floats


class _Parts(NamedTuple):
    """Means by agent, and the variances within and between."""

    n: Floats
    means: Floats
    within: float
    between: float
    low: float
    high: float


def fit_agents(what: str, agents: Agents) -> Fit:
    """How different agents are: `cv` of their mean times (all else alike), and the log-sd behind it.

    `within_log_sd` is that of one agent's times. Goodness: agents, and the share of the variance of log times
    that lies between them. A scenario has one speed a group, so there is no distribution. Raises
    ``ReadingError`` with fewer than two agents or nobody with two times.
    """
    parts = _parts(what, agents)
    between = [math.sqrt(each) for each in (parts.between, parts.low, parts.high)]
    cvs = [math.sqrt(math.expm1(each**2)) for each in between]
    rest = math.sqrt(parts.within)
    free = float(parts.n.sum()) - len(parts.n)
    error = rest / math.sqrt(2.0 * free)
    within = Parameter("within_log_sd", rest, rest - Z95 * error, rest + Z95 * error, error, "")
    return Fit(
        what,
        "lognormal speeds",
        int(parts.n.sum()),
        (_parameter("cv", cvs), _parameter("between_log_sd", between), within),
        (
            ("agents", float(len(parts.n))),
            ("between_share", parts.between / (parts.between + parts.within) if parts.within > 0 else 1.0),
        ),
        _cautions(parts),
        {},
        _plot(what, parts),
    )


def agent_effects(agents: Agents) -> Effects:
    """Best linear predictions of the agents' effects, [agent]: exp of one is how many times as long it takes.

    The mean of an agent's logs, less that of all, times the share of its variance that is no chance
    (C. R. Henderson, 1975, Biometrics 31). Agents without times have none. Errors as those of `fit_agents`.
    """
    parts = _parts("agents", agents)
    log_effect, se = np.zeros(len(agents.n)), np.full(len(agents.n), math.sqrt(parts.between))
    log_effect[agents.n > 0], se[agents.n > 0] = _shrunk(parts)
    return Effects(log_effect, se)


def _parts(what: str, agents: Agents) -> _Parts:
    counted = agents.n > 0
    n = agents.n[counted].astype(float)
    if len(n) < 2 or n.max() < 2:
        refuse(f"{what}: {len(n)} agents with {int(n.sum())} times say nothing of differences between agents")
    means = agents.log_sum[counted] / n
    squares = agents.log_square_sum[counted] - n * means**2
    within = max(float(squares.sum()), 0.0) / (float(n.sum()) - len(n))
    found = (_variance(n, means, within, each) for each in _targets(len(n) - 1))
    return _Parts(n, means, within, *found)


def _targets(free: int) -> tuple[float, float, float]:
    """What Q is set to: its mean, and its quantiles for the lower and the upper end."""
    from scipy.special import chdtri

    return float(free), float(chdtri(free, 0.025)), float(chdtri(free, 0.975))


def _variance(n: Floats, means: Floats, within: float, target: float) -> float:
    """The variance between agents at which Q is the target; 0 where it is below that even without any."""
    if _q(n, means, within, 0.0) <= target:
        return 0.0
    low, high = 0.0, 1.0
    while _q(n, means, within, high) > target:
        high *= 2.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _q(n, means, within, middle) > target else (low, middle)
    return 0.5 * (low + high)


def _q(n: Floats, means: Floats, within: float, between: float) -> float:
    """The weighted squares of the agents' means around their weighted mean."""
    with np.errstate(divide="ignore"):
        weights = 1.0 / (between + within / n)
    if not np.isfinite(weights).all():
        return math.inf if np.ptp(means) > 0 else 0.0
    centre = (weights @ means) / weights.sum()
    return float(weights @ (means - centre) ** 2)


def _shrunk(parts: _Parts) -> tuple[Floats, Floats]:
    chance = parts.within / parts.n
    if parts.between == 0.0:
        return np.zeros(len(parts.n)), np.zeros(len(parts.n))
    weights = 1.0 / (parts.between + chance)
    centre = (weights @ parts.means) / weights.sum()
    kept = parts.between * weights
    return kept * (parts.means - centre), np.sqrt(parts.between * (1.0 - kept))


def _parameter(name: str, value_low_high: list[float]) -> Parameter:
    """The interval is not symmetric; its length over that of a normal one stands for the standard error."""
    value, low, high = value_low_high
    return Parameter(name, value, low, high, (high - low) / (2.0 * Z95), "")


def _cautions(parts: _Parts) -> tuple[Caution, ...]:
    found = list[Caution]()
    if len(parts.n) < FEW:
        found.append(Caution("small_sample", f"only {len(parts.n)} agents: the interval is wide"))
    largest = float(parts.n.max() / parts.n.sum())
    if largest > 0.5:
        found.append(Caution("uneven", f"one agent has {largest:.0%} of all times"))
    return tuple(found)


def _plot(what: str, parts: _Parts) -> Plot:
    """Time relative to the usual one by agent, shrunk, from the fastest on, with 95 % intervals."""
    effect, se = _shrunk(parts)
    order = np.argsort(effect, kind="stable")
    middle, spread = effect[order], Z95 * se[order]
    x = tuple(float(k + 1) for k in range(len(order)))
    y, low, high = (tuple(np.exp(each).tolist()) for each in (middle, middle - spread, middle + spread))
    seen = Trace("agents, shrunk", x, y, low, high, "points")
    return Plot(what, "agents, from the fastest on", "handle time over the usual one", (seen,))
