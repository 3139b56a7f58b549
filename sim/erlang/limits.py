"""What large lines tend to: the square-root rule, its delay functions, and the fluid.

With load a (Erlangs) and a + β √a agents, the share that is delayed tends to a number between 0 and 1 as a
grows: to Halfin and Whitt's (1981, Operations Research 29, p. 567) where nobody gives up, to Garnett's
(Garnett, Mandelbaum and Reiman 2002, M&SOM 4, p. 208) where contacts do. In overload it tends to a fluid.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scenarios.distributions import Distribution
from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, POSITIVE_OR_INF, Domain, Floats, checked, flat
from sim.erlang.line import erlangs
from sim.erlang.patience import patience_until, table

_ANY: Final = Domain(least=None)
_BETWEEN: Final = Domain(above=0.0, below=1.0)
_UP_TO_1: Final = Domain(above=0.0, most=1.0)
_ROOT_HALF: Final = math.sqrt(0.5)
_FAR: Final = 5.0  # from here on the continued fraction of Mills' ratio has all digits
_TERMS: Final = 80
_HALVINGS: Final = 200
_FURTHEST: Final = 40.0  # no float is so near to 0 or 1 that its β were further from 0


class Garnett(NamedTuple):
    """The limits of Erlang A; arrays of the arguments' common shape."""

    delayed: Floats
    abandoned_root_n: Floats  # √n times the share that abandons


class Fluid(NamedTuple):
    """A line without chance; arrays of the arguments' common shape."""

    abandoned: Floats  # share of all who come
    offered_wait_s: Floats  # what all who are served have waited
    queue: Floats  # number who wait


def halfin_whitt(beta: ArrayLike) -> Floats:
    """The share delayed, 1 / (1 + β Φ(β) / φ(β)) (Halfin and Whitt 1981, eq. 2.3); 1 for β up to 0."""
    b = np.maximum(checked("beta", beta, _ANY), 0.0)
    density = _density(b)
    share: Floats = density / (density + b * special.ndtr(b))
    return np.where(b > _FURTHEST, 0.0, share)


def halfin_whitt_beta(delayed: ArrayLike) -> Floats:
    """The β at which so large a share is delayed, above 0 and up to 1; 0 for 1."""
    share = checked("delayed", delayed, _UP_TO_1)
    with np.errstate(divide="ignore"):
        wanted = np.log1p(-share) - np.log(share)

    def found(b: Floats) -> Floats:
        log_ratio: Floats = np.log(b) + special.log_ndtr(b) + b * b / 2.0 + 0.5 * math.log(2.0 * math.pi)
        return log_ratio

    low, high = np.full(share.shape, -700.0), np.full(share.shape, math.log(_FURTHEST))
    return np.where(share < 1.0, np.exp(_rising(lambda u: found(np.exp(u)), wanted, low, high)), 0.0)


def garnett(beta: ArrayLike, patience_ratio: ArrayLike) -> Garnett:
    """The limits with β and a mean patience of `patience_ratio` mean handle times (above 0).

    P(delayed) = 1 / (1 + h(δ) / (√r h(-β))), √n P(abandoned) = (h(δ) - δ) / √r · P(delayed), with δ = β √r,
    r the ratio and h the hazard of the normal distribution (Garnett et al. 2002, theorems 4 and 4*).
    """
    b, ratio = checked("beta", beta, _ANY), checked("patience_ratio", patience_ratio, POSITIVE)
    shape, (b, ratio) = flat(b, ratio)
    root = np.sqrt(ratio)
    delayed = special.expit(np.log(root) + _log_hazard(-b) - _log_hazard(b * root))
    abandoned = _hazard_excess(b * root) / root * delayed
    return Garnett(delayed.reshape(shape), abandoned.reshape(shape))


def garnett_beta(delayed: ArrayLike, patience_ratio: ArrayLike) -> Floats:
    """The β, of either sign, at which a share above 0 and below 1 is delayed."""
    share = checked("delayed", delayed, _BETWEEN)
    ratio = checked("patience_ratio", patience_ratio, POSITIVE)
    shape, (share, ratio) = flat(share, ratio)
    root = np.sqrt(ratio)

    def found(b: Floats) -> Floats:
        return _log_hazard(b * root) - np.log(root) - _log_hazard(-b)

    reach = _FURTHEST * (1.0 + 1.0 / root)
    wanted = np.log1p(-share) - np.log(share)
    return _rising(found, wanted, -reach, reach).reshape(shape)


def square_root_agents(
    per_hour: ArrayLike, handle_s: ArrayLike, delayed: ArrayLike, patience_s: ArrayLike = math.inf
) -> Floats:
    """Agents by the square-root rule, a + β √a, not rounded, so that a share (between 0 and 1) is delayed.

    β is Halfin and Whitt's where patience is endless, and else Garnett's; 0 agents where nothing comes.
    """
    rate, handle = checked("per_hour", per_hour, NOT_NEGATIVE), checked("handle_s", handle_s, POSITIVE)
    share = checked("delayed", delayed, _BETWEEN)
    patience = checked("patience_s", patience_s, POSITIVE_OR_INF)
    shape, (rate, handle, share, patience) = flat(rate, handle, share, patience)
    endless = np.isinf(patience)
    ratio = np.where(endless, 1.0, patience) / handle
    beta = np.where(endless, halfin_whitt_beta(share), garnett_beta(share, ratio))
    load = erlangs(rate, handle)
    agents: Floats = np.maximum(load + beta * np.sqrt(load), 0.0)
    return agents.reshape(shape)


def fluid(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, patience: Distribution) -> Fluid:
    """The fluid limit of G/GI/n+GI in steady state (Whitt 2006, Operations Research 54, p. 37, section 3).

    All wait for w, at which as many have given up as are too many: G(w) = 1 - n / a. Those who balk are lost
    first; where they are too many already, nobody waits.
    """
    rate, handle = checked("per_hour", per_hour, NOT_NEGATIVE), checked("handle_s", handle_s, POSITIVE)
    shape, (rate, handle, n) = flat(rate, handle, checked("agents", agents, NOT_NEGATIVE))
    load = erlangs(rate, handle)
    busy = np.where(load > n, load, 1.0)
    lost = np.where(load > n, 1.0 - n / busy, 0.0)
    ready = 1.0 - patience.balk
    more = np.maximum(lost - patience.balk, 0.0) / (ready if ready > 0.0 else 1.0)
    law = table(patience, 1e-12 * patience.mean_s)
    waits, spent = np.zeros(n.size), np.zeros(n.size)
    patience_until(law, np.minimum(more, 1.0), waits, spent)
    waits = np.where((n == 0.0) & (rate > 0.0), np.inf, waits)
    return Fluid(*(v.reshape(shape) for v in (lost, waits, rate / 3600.0 * ready * spent)))


def _rising(found: Callable[[Floats], Floats], wanted: Floats, low: Floats, high: Floats) -> Floats:
    """Where a rising function takes the values wanted, between two bounds, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        above = found(middle) >= wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2.0


def _density(x: Floats) -> Floats:
    """φ, the density of the standard normal distribution."""
    return np.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)


def _log_hazard(x: Floats) -> Floats:
    """log h(x), h = φ / (1 - Φ)."""
    up = 0.5 * math.log(2.0 / math.pi) - np.log(special.erfcx(np.maximum(x, 0.0) * _ROOT_HALF))
    down = -x * x / 2.0 - 0.5 * math.log(2.0 * math.pi) - special.log_ndtr(-np.minimum(x, 0.0))
    hazard: Floats = np.where(x > 0.0, up, down)
    return hazard


def _hazard_excess(x: Floats) -> Floats:
    """h(x) - x; far out 1 / (x + 2 / (x + 3 / ...)) (Abramowitz and Stegun 1964, 26.2.14)."""
    far = np.maximum(x, _FAR)
    fraction = far
    for k in range(_TERMS, 1, -1):
        fraction = far + k / fraction
    near = np.minimum(x, _FAR)
    return np.where(x > _FAR, 1.0 / fraction, np.exp(_log_hazard(near)) - near)
