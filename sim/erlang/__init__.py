"""Formulas of queueing theory: what a waiting line does in steady state, without simulating it."""

from sim.erlang.erlang_a import erlang_a
from sim.erlang.erlang_c import erlang_c
from sim.erlang.line import Line, Steady, Within

__all__ = ["Line", "Steady", "Within", "erlang_a", "erlang_c"]
