"""The legs of one replication, handed on as they are logged: a horizon of any length in little memory."""

from collections.abc import Callable

import numpy as np

from sim import drive
from sim.clock import to_ticks
from sim.compile import Model, begin
from sim.log import LEG
from sim.uncertain import drawn

_CHUNK = to_ticks(7 * 86_400)


def rows_of_cases(model: Model, seed: int, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """Run a replication on the fast engine: its cases, and the legs after the first of their contact."""
    cases, later = list[np.ndarray](), list[np.ndarray]()

    def sink(contacts: np.ndarray, _agents: np.ndarray, closed: np.ndarray) -> None:
        cases.append(closed.copy())
        legs = contacts[(contacts["row"] == LEG) & (contacts["leg"] > 0)]
        later.append(legs[["key", "leg", "queue"]].copy())

    one = drawn(model, seed, replication)
    drive.run(one, begin(one, seed, replication), sink, _CHUNK)
    return np.concatenate(cases), np.concatenate(later)


def each_leg(model: Model, seed: int, replication: int, take: Callable[[np.ndarray], None]) -> None:
    """Run a replication on the fast engine and hand over copies of its leg rows, in the order they closed."""

    def sink(contacts: np.ndarray, _agents: np.ndarray, _cases: np.ndarray) -> None:
        take(contacts[contacts["row"] == LEG])

    one = drawn(model, seed, replication)
    drive.run(one, begin(one, seed, replication), sink, _CHUNK)
