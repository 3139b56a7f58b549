"""Waiting behind a busy line when patience has any distribution: M/M/n+G.

While all are busy, somebody who never gives up would wait for a time with density proportional to

    v(x) = exp(λ ∫ S(u) du - nμ x),  the integral from 0 to x,

S(u) being the share of contacts that are still there after u (Baccelli and Hebuterne 1981; Zeltyn and
Mandelbaum 2005, Queueing Systems 51, section 5). Integrals are by Gauss's rule on panels that the limits
asked for are edges of.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Distribution
from sim.formula.grid import Floats
from sim.patience import share_within

_AT, _WEIGHT = np.polynomial.legendre.leggauss(8)  # of Gauss's rule on a panel
_PANELS: Final = 24
_MOST_PANELS: Final = 512
_TINY: Final = 1e-7
_FAR: Final = 40.0  # exponents below the largest by this weigh nothing
Stay = Callable[[Floats], Floats]


class Behind(NamedTuple):
    """Of those who come while all are busy and who do not balk: arrays [rate], or [limit, rate]."""

    log_span: Floats  # the logarithm of ∫ v, in seconds
    answered: Floats
    moved: Floats  # who go on to another queue
    answered_within: Floats
    abandoned_within: Floats  # within the first two limits
    waited_answered_s: Floats  # per contact
    waited_abandoned_s: Floats


def stays(patience: Distribution | None) -> Stay:
    """The share of contacts that have not given up after a time (s), of those who do not balk."""
    if patience is None:
        return lambda t: np.ones(np.shape(t))
    if patience.kind == "deterministic":
        return lambda t: np.where(t < patience.mean_s, 1.0, 0.0)
    if patience.kind == "empirical":
        shares, values = np.array(sorted(patience.quantiles)).T
        return lambda t: 1.0 - np.interp(t, values, shares, left=0.0)
    gone = share_within(patience)
    return lambda t: 1.0 - gone(t)


def behind(
    patience: Distribution | None, moves_after_s: float, per_s: Floats, away_per_s: float, limits: Floats
) -> Behind:
    """Solve the busy line for several rates of contacts that join it; `limits` in s (inf allowed).

    Who has waited for `moves_after_s` goes away to another queue; there must be an end to waiting, by that
    or by patience.
    """
    ready = stays(patience)

    def here(t: Floats) -> Floats:
        return ready(t) * (t < moves_after_s)

    most_per_s = float(per_s.max())
    narrow_s = 3.0 * math.sqrt(patience.mean_s / away_per_s) if patience else math.inf
    narrow_s = min(narrow_s, 8.0 / most_per_s) if math.isfinite(moves_after_s) else narrow_s
    edges = _edges(here, _times(patience, moves_after_s), (most_per_s, away_per_s, narrow_s), limits)
    x, weight = _rule(edges)
    staying, been = here(x), _integral(here, edges)
    exponent = np.outer(per_s, been) - away_per_s * x
    top = exponent.max(axis=1)
    density = np.exp(exponent - top[:, None]) * weight
    total = density.sum(axis=1)
    v = density / total[:, None]
    latest = np.minimum(x, moves_after_s)
    moving = np.where(x < moves_after_s, 0.0, ready(latest))
    wanted = [
        staying,
        moving,
        x * staying,
        been - latest * ready(latest),
        *(1.0 - ready(np.minimum(latest, limits[:2, None]))),
    ]
    found = np.einsum("rx,wx->wr", v, wanted)  # not by `@`, which starts threads that cost more than they do
    up_to = np.concatenate([np.zeros((len(v), 1)), np.cumsum(v * staying, axis=1)], axis=1)
    in_time = up_to[:, np.searchsorted(x, limits)].T
    return Behind(np.log(total) + top, found[0], found[1], in_time, found[4:], found[2], found[3])


def _times(patience: Distribution | None, moves_after_s: float) -> Floats:
    """Times at which anything jumps or bends, and one by which hardly anybody is left, the largest."""
    found = [moves_after_s] if math.isfinite(moves_after_s) else []
    if patience is not None:
        found += [q.value_s for q in patience.quantiles]
        found += [patience.mean_s] if patience.kind == "deterministic" else []
        found += [] if math.isfinite(moves_after_s) else [64.0 * patience.mean_s]
    return np.array(found)


def _edges(here: Stay, times: Floats, line: tuple[float, float, float], limits: Floats) -> Floats:
    """Panels: fine at the start, where a light load has all its weight, and to where none is left.

    `line`: the largest rate at which contacts come, that at which they are served, and what is to fit on a
    panel: in overload v is a bell around a long wait, or steep just before all move on.
    """
    most_per_s, away_per_s, narrow_s = line
    least, last = 1.0 / (away_per_s + most_per_s), _FAR / away_per_s
    spread = np.concatenate([[0.0], np.geomspace(least, times.max() + last, 400)])
    been = np.concatenate([[0.0], np.cumsum(np.diff(spread) * here(0.5 * (spread[1:] + spread[:-1])))])
    exponent = most_per_s * been - away_per_s * spread
    last = float(spread[min(np.flatnonzero(exponent > exponent.max() - _FAR)[-1] + 1, len(spread) - 1)])
    early = np.geomspace(_TINY * min(least, last), last, 2 * _PANELS)  # where S may be steep
    even = np.linspace(0.0, last, int(np.clip(last / narrow_s, _PANELS, _MOST_PANELS)))
    found = np.unique(np.concatenate([early, even, limits, times]))
    return found[found <= last]


def _rule(edges: Floats) -> tuple[Floats, Floats]:
    """Gauss-Legendre points and weights on all panels."""
    half = np.diff(edges)[:, None] / 2.0
    return (edges[:-1, None] + half * (1.0 + _AT)).reshape(-1), (half * _WEIGHT).reshape(-1)


def _integral(still: Stay, edges: Floats) -> Floats:
    """The integral of S from 0 to each point of the rule."""
    half = np.diff(edges)[:, None] / 2.0
    of_panel = (half * _WEIGHT * still(edges[:-1, None] + half * (1.0 + _AT))).sum(axis=1)
    start = np.concatenate([[0.0], np.cumsum(of_panel)[:-1]])[:, None]
    part = half * (1.0 + _AT)  # from the start of the panel to each point
    inner = still(edges[:-1, None, None] + part[:, :, None] * (1.0 + _AT) / 2.0) @ _WEIGHT * part / 2.0
    total: Floats = (start + inner).reshape(-1)
    return total
