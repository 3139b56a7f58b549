"""M/D/c as a chain on a lattice: how many are there, one handle time after another.

Whoever is in service now has left a handle time D later, and none of those who have come since:
N(t + D) = (N(t) - c)+ + Poisson(λD) (Crommelin 1932). Its steady state is found by elimination from above,
with sums of positive terms only (Grassmann, Taksar and Heyman 1985, Operations Research 33, p. 1107).
"""

import math
from typing import Final

import numpy as np
from scipy import special

from sim.erlang.arguments import Floats
from sim.erlang.log_erlang_b import log_poisson
from sim.jit import U64, compiled

_CELLS: Final = 20_000_000  # numbers kept
_WORK: Final = 6e9  # multiplications


class Lattice:
    """The steady state for a load (Erlangs) below the number of agents."""

    def __init__(self, load: float, agents: int) -> None:
        self.load, self.agents = load, agents
        self.log_decay = _log_decay(load, agents)
        kept = agents + math.ceil(60.0 * (1.0 + math.sqrt(load)))
        states = kept + math.ceil(40.0 / self.log_decay)
        reach = math.ceil(load + 15.0 * math.sqrt(load) + 60.0)
        cells = states * (reach + agents + 1)
        if cells > _CELLS or cells * agents > _WORK:
            raise ValueError(
                f"agents: {agents} agents with a load of {load:g} Erlangs are too many, or too busy, for the "
                "exact law of waits of M/D/c; take fewer or less load, or the mean wait, which has no limit"
            )
        steps = np.exp(log_poisson(np.arange(reach + 1.0), np.full(reach + 1, load)))
        found = np.empty(states)
        _eliminate(steps, agents, np.zeros((states, reach + agents + 1)), found)
        found /= found.sum()
        # P(more than m wait), m = 0, 1, ...
        self._tails = np.cumsum(found[::-1])[::-1][agents + 1 : kept + 1]

    def waiting_more(self, m: Floats) -> Floats:
        """P(more than m wait): geometric where all but the slowest decay is over."""
        last = self._tails.size - 1
        beyond = np.exp(-self.log_decay * np.maximum(m - last, 0.0))
        return np.asarray(self._tails[np.minimum(m, last).astype(np.int64)] * beyond)

    def longer(self, handle_times: float) -> float:
        """P(wait > so many handle times): of those k handle times later, who was ahead is still there."""
        k = math.floor(handle_times) + 1.0
        mean, places = self.load * (k - handle_times), k * self.agents
        if not math.isfinite(places):
            return 0.0
        j = np.arange(min(places, math.ceil(mean + 15.0 * math.sqrt(mean) + 60.0)))
        chance = np.exp(log_poisson(j, np.full(j.size, mean)))
        late = float(chance @ self.waiting_more(places - 1.0 - j))
        return late + float(special.gammainc(places, mean))


def _log_decay(load: float, agents: int) -> float:
    """The logarithm y > 0 of the factor by which ever longer queues are rarer: c y = a (exp(y) - 1)."""
    y = 2.0 * math.log(agents / load) + 1e-300
    for _ in range(100):
        step = (load * math.expm1(y) - agents * y) / (load * math.exp(y) - agents)
        y -= step
        if abs(step) <= 1e-15 * y:
            break
    return y


@compiled
def _eliminate(steps: Floats, agents: int, rows: Floats, found: Floats) -> None:
    """Fill `found` with the steady state, not normed; row i of `rows` holds states i - agents and above."""
    states, width, c = rows.shape[0], rows.shape[1], agents
    for i in range(states):
        low = max(i - c, 0)
        for k in range(min(steps.size, states - low)):
            rows[U64(i), U64(low + k - i + c)] = steps[U64(k)]
    for n in range(states - 1, 0, -1):
        down = 0.0
        for j in range(max(n - c, 0), n):
            down += rows[U64(n), U64(j - n + c)]
        for i in range(n - 1, -1, -1):
            at = n - i + c
            if at >= width:
                break
            share = rows[U64(i), U64(at)] / down
            rows[U64(i), U64(at)] = share
            if share > 0.0:
                for j in range(max(n - c, 0), n):
                    rows[U64(i), U64(j - i + c)] += share * rows[U64(n), U64(j - n + c)]
    found[0] = 1.0
    for n in range(1, states):
        total = 0.0
        for i in range(n - 1, -1, -1):
            at = n - i + c
            if at >= width:
                break
            total += found[U64(i)] * rows[U64(i), U64(at)]
        found[U64(n)] = total
