"""The legs of one replication, handed on as they are logged: a horizon of any length in little memory."""

from collections.abc import Callable

import numpy as np

from sim import drive
from sim.clock import to_ticks
from sim.compile import Model, begin
from sim.log import LEG
from sim.uncertain import drawn

_CHUNK = to_ticks(7 * 86_400)


def each_leg(model: Model, seed: int, replication: int, take: Callable[[np.ndarray], None]) -> None:
    """Run a replication on the fast engine and hand over copies of its leg rows, in the order they closed."""

    def sink(contacts: np.ndarray, _agents: np.ndarray, _cases: np.ndarray) -> None:
        take(contacts[contacts["row"] == LEG])

    one = drawn(model, seed, replication)
    drive.run(one, begin(one, seed, replication), sink, _CHUNK)
