"""Formulas of queueing theory: what a waiting line does in steady state, without simulating it.

All take numbers or arrays, which broadcast; time is in seconds, rates are per hour.
"""

from sim.erlang.goals import Goals
from sim.erlang.levels import DEFINITIONS, service_level
from sim.erlang.line import Line
from sim.erlang.loss import agents_for_blocking, blocking, load_for_blocking
from sim.erlang.required import patience_of, possible_load, required_agents
from sim.erlang.steady import Steady, steady
from sim.erlang.waits import Within, wait_quantile, wait_tail, within

__all__ = [
    "DEFINITIONS",
    "Goals",
    "Line",
    "Steady",
    "Within",
    "agents_for_blocking",
    "blocking",
    "load_for_blocking",
    "patience_of",
    "possible_load",
    "required_agents",
    "service_level",
    "steady",
    "wait_quantile",
    "wait_tail",
    "within",
]
