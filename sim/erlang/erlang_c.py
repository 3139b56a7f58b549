"""Erlang C, M/M/n: everybody waits until answered (Erlang 1917; Kleinrock 1975, vol. 1, section 3.5)."""

import math
from typing import NamedTuple

from sim.erlang.line import Line, Steady, Within, inverse_erlang_b


class ErlangC(NamedTuple):
    """A solved line. With as much work as agents or more (overload), it grows for ever."""

    line: Line
    steady: Steady

    def within(self, seconds: float) -> Within:
        """Shares answered within `seconds` (nobody abandons): 1 - C exp(-(n - a) t / handle time)."""
        spare = self.line.agents - self.line.load
        if spare <= 0:
            return Within(0.0, 0.0)
        later = self.steady.delayed * math.exp(-spare * seconds / self.line.handle_s)
        return Within(1.0 - later, 0.0)


def erlang_c(line: Line) -> ErlangC:
    """The probability of waiting C = 1 / (u + (1 - u) / B) with u = a / n, and the mean wait."""
    spare = line.agents - line.load
    if spare <= 0:
        return ErlangC(line, Steady(1.0, 1.0, math.inf))
    used = line.load / line.agents
    delayed = 1.0 / (used + (1.0 - used) * inverse_erlang_b(line.load, line.agents))
    return ErlangC(line, Steady(delayed, 1.0, delayed * line.handle_s / spare))
