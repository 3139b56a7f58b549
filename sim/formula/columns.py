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
COUNTED: Final = (
    "blocked", "delayed", "answered", "answered_within", "abandoned", "abandoned_within", "abandoned_short",
    "overflowed", "wait_answered", "wait_abandoned", "handled",
)  # fmt: skip
SECONDS: Final = COUNTED[-3:]  # waits, and time in hand by the clock
PER_CONTACT: Final = (*COUNTED, "active", "bursts", "overflowed_squared")
"""What a line says per contact that is offered: counts of the tally; seconds of agents who have at least one
in hand; and of what overflows, how much more it varies than by chance (`sim.formula.bursts`), and the mean
square over busyness."""
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
    uneven: Floats  # [piece] variance of their expected number: they come in bursts, and when it is busy
    limits: Floats  # [limit, piece] contacts answered within each of the limits that targets ask about
    law: Law


def no_counts(pieces: int) -> Floats:
    """Counts of a queue to which nothing happens; how long its line ever gets no formula says."""
    counts = np.zeros((len(COLUMNS), pieces))
    counts[AT["max_queue"]] = np.nan
    return counts


def share(part: Floats, whole: Floats) -> Floats:
    """A part of a whole; 0 of nothing."""
    found: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
    return found


def times(values: Floats, weights: Floats) -> Floats:
    """Values by weights; 0 of nothing, also where a value is unknown or without end."""
    found: Floats = np.multiply(
        values, weights, out=np.zeros(np.broadcast_shapes(values.shape, weights.shape)), where=weights > 0.0
    )
    return found
