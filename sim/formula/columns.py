"""What formulas say of a queue, piece by piece: expected counts, in the columns of a simulation's tally.

A column without an answer is NaN, and so is every measure that is made of it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clock import to_ticks
from sim.tally import COLUMNS

Floats = NDArray[np.float64]
SECOND: Final = float(to_ticks(1))
PER_CONTACT: Final = (
    "blocked", "delayed", "answered", "answered_within", "abandoned", "abandoned_within", "abandoned_short",
    "overflowed", "wait_answered", "wait_abandoned", "handled", "active",
)  # fmt: skip
"""What a line says per contact that is offered; the last four are seconds: waits, time in hand by the clock,
and time of agents who have at least one in hand."""
SECONDS: Final = PER_CONTACT[-4:]
OF_PEOPLE: Final = ("idle", "working", "sharing", "chats")
OF_WAITS: Final = (
    "answered_within", "abandoned_within", "abandoned_short", "delayed", "wait_answered", "wait_abandoned",
)  # fmt: skip
ELSEWHERE: Final = (*OF_WAITS, "answered", "abandoned", "handled")
AT: Final = {name: n for n, name in enumerate(COLUMNS)}
ROW: Final = {name: n for n, name in enumerate(PER_CONTACT)}


Law = Callable[[Floats, Floats], Floats]
"""How many are answered within each of several times (s), of those who come in pieces of these weights."""


class Answered(NamedTuple):
    """Of one queue: expected counts, who works on it, and how many are answered within other limits."""

    counts: Floats  # [column of the tally, piece]; times in ticks
    busy: Floats  # [piece] agents at work on its contacts, on average
    moved: Floats  # [piece] contacts that go on to another queue
    limits: Floats  # [limit, piece] contacts answered within each of the limits that targets ask about
    law: Law


def no_counts(pieces: int) -> Floats:
    """Counts of a queue to which nothing happens; how long its line ever gets no formula says."""
    counts = np.zeros((len(COLUMNS), pieces))
    counts[AT["max_queue"]] = np.nan
    return counts


def times(values: Floats, weights: Floats) -> Floats:
    """Values by weights; 0 of nothing, also where a value is unknown or without end."""
    found: Floats = np.multiply(
        values, weights, out=np.zeros(np.broadcast_shapes(values.shape, weights.shape)), where=weights > 0.0
    )
    return found
