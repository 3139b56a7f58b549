"""Erlang B, where nobody waits: who finds all agents busy is lost (M/M/n/n, and M/G/n/n alike)."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, SHARE, Floats, checked
from sim.erlang.gamma import rest_below
from sim.erlang.goals import Goals
from sim.erlang.line import Line, scaled
from sim.erlang.required import required_agents
from sim.erlang.steady import steady
from sim.jit import compiled

_DOUBLINGS: Final = 2200  # through all floats
_HALVINGS: Final = 60


def blocking(load: ArrayLike, agents: ArrayLike) -> Floats:
    """The share that finds all of `agents` busy; `load` in Erlangs.

    Erlang 1917; for agents in fractions a^x exp(-a) / Γ(x + 1, a) (Jagerman 1974, Bell System Technical
    Journal 53, p. 525).
    """
    return steady(_line(load, agents)).blocked


def agents_for_blocking(load: ArrayLike, blocked: ArrayLike, whole: bool = True) -> Floats:
    """The fewest agents of which at most a share `blocked` finds all busy; see `required_agents`."""
    per_hour = checked("load", load, NOT_NEGATIVE)
    return required_agents(per_hour, 3600.0, Goals(blocked=blocked), places=0.0, whole=whole)


def load_for_blocking(agents: ArrayLike, blocked: ArrayLike) -> Floats:
    """The load in Erlangs of which so many agents lose a share `blocked`, from 0 to 1; to a relative 1e-12.

    inf for a share of 1, and where a load is beyond all floats; 0 for a share of 0, and for no agents.
    """
    shape, lines, (shares,) = scaled(Line(0.0, 3600.0, agents), checked("blocked", blocked, SHARE))
    out = np.empty(shares.size)
    _fill_load(lines.agents, shares, out)
    return out.reshape(shape)


@compiled
def _fill_load(agents: Floats, shares: Floats, out: Floats) -> None:
    """By doubling and halving 1 / B = 1 + `rest_below`, so that shares near 1 are as exact as small ones."""
    for k in range(len(out)):
        n, share = agents[k], shares[k]
        if n == 0.0 or not 0.0 < share < 1.0:
            out[k] = math.inf if share == 1.0 else 0.0
            continue
        ahead = (1.0 - share) / share  # by the share: free states against those with all busy
        low = high = max(n, 1.0)
        for _ in range(_DOUBLINGS):
            if rest_below(n, low) >= ahead or low == 0.0:
                break
            low, high = 0.5 * low, low
        for _ in range(_DOUBLINGS):
            if rest_below(n, high) <= ahead or high == math.inf:
                break
            low, high = high, 2.0 * high
        for _ in range(_HALVINGS):
            middle = low + 0.5 * (high - low)
            if rest_below(n, middle) >= ahead:
                low = middle
            else:
                high = middle
        out[k] = low


def _line(load: ArrayLike, agents: ArrayLike) -> Line:
    return Line(checked("load", load, NOT_NEGATIVE), 3600.0, agents, math.inf, 0.0)
