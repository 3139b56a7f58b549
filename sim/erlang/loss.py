"""Erlang B, where nobody waits: who finds all agents busy is lost (M/M/n/n, and M/G/n/n alike)."""

import math

from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, Floats, checked
from sim.erlang.goals import Goals
from sim.erlang.line import Line
from sim.erlang.required import possible_load, required_agents
from sim.erlang.steady import steady


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
    """The load in Erlangs of which so many agents lose at most a share `blocked`."""
    return possible_load(agents, 3600.0, Goals(blocked=blocked), places=0.0)


def _line(load: ArrayLike, agents: ArrayLike) -> Line:
    return Line(checked("load", load, NOT_NEGATIVE), 3600.0, agents, math.inf, 0.0)
