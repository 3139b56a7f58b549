"""The one model that every peer runs: M/M/n+M, first come first served, as plain numbers."""

from typing import NamedTuple, Protocol


class Model(NamedTuple):
    """A queue with Poisson arrivals, exponential service and exponential patience (Erlang A)."""

    agents: int = 100
    load: float = 0.95
    """Offered work per agent: 95 contacts arrive in a mean service time of 100 agents."""
    service_s: float = 300.0
    patience_s: float = 300.0
    threshold_s: float = 20.0

    @property
    def gap_s(self) -> float:
        """Mean time between two arrivals, seconds."""
        return self.service_s / (self.load * self.agents)


MODEL = Model()


class PeerResult(NamedTuple):
    """One run: what it cost, and the three figures by which it is held against theory."""

    contacts: int
    cpu_s: float
    sl20: float
    """Answered within the threshold, of all offered."""
    abandon_share: float
    mean_wait_s: float
    """Mean time in line over all contacts, answered or not."""


class Peer(Protocol):
    """A simulator of MODEL. The clock runs over the simulation: neither imports, nor compiling."""

    def __call__(self, contacts: int, seed: int) -> PeerResult: ...


class MissingPeerError(RuntimeError):
    """This machine lacks what the peer needs (a package, a C compiler)."""
