"""A waiting line as the formulas see it, and what they answer."""

from typing import NamedTuple


class Line(NamedTuple):
    """Poisson arrivals, exponential handle times, equal agents, first come first served."""

    per_hour: float  # contacts, above 0
    handle_s: float  # mean handle time, above 0
    agents: int

    @property
    def load(self) -> float:
        """Offered load in Erlangs: agents that would be busy if nobody had to wait or gave up."""
        return self.per_hour * self.handle_s / 3600.0


class Steady(NamedTuple):
    """A line in steady state, per arriving contact; where it has none (overload), what it tends to."""

    delayed: float  # share that does not get an agent at once
    answered: float  # share
    asa_s: float  # mean wait of the answered; inf where it grows without end, NaN where nobody is answered

    @property
    def abandoned(self) -> float:
        return 1.0 - self.answered


class Within(NamedTuple):
    """Shares of all contacts, by what has become of them within some time of their arrival."""

    answered: float
    abandoned: float


def inverse_erlang_b(load: float, agents: int) -> float:
    """1 / B(agents, load) of the Erlang B formula; `load` in Erlangs, above 0.

    The recursion 1/B(n) = 1 + n/a · 1/B(n-1) of positive terms (Jagerman 1984, Bell System Technical
    Journal 63, p. 1283) is exact for any size; the infinite, where nobody is ever blocked, included.
    """
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1.0 + n / load * inverse
    return inverse
