"""Waits in priority lines by uniformised chains, and priority with patience by linear equations."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.oracles.many_agents import steady

Floats = NDArray[np.float64]


def longer(better: float, up_to: float, away: float, seconds: float, most: int) -> float:
    """P(a delayed contact waits longer than `seconds`).

    It needs one agent more than there are ahead, a geometric number by `up_to`; rates by the second, `better`
    that of contacts that go before it, `away` that of agents becoming free.
    """
    ahead = (1.0 - up_to / away) * (up_to / away) ** np.arange(most)
    total, fastest = 0.0, better + away
    weight = math.exp(-fastest * seconds)
    for k in range(int(fastest * seconds + 20.0 * math.sqrt(fastest * seconds) + 40.0)):
        total += weight * float(ahead.sum())
        weight *= fastest * seconds / (k + 1)
        later = np.zeros(most)
        later[:-1] = ahead[1:] * (away / fastest)
        later[1:] += ahead[:-1] * (better / fastest)
        ahead = later
    return total


class Told(NamedTuple):
    """Two classes, first the one that goes first."""

    delayed: float
    queues: tuple[float, float]


def impatient(rates: tuple[float, float], leave: tuple[float, float], agents: int, most: int) -> Told:
    """Mean handle time 1; states are agents busy while some are free, then (class 1, class 2) waiting."""
    index: dict[tuple[int, int, int], int] = {}
    for busy in range(agents):
        index[busy, 0, 0] = len(index)
    for i in range(most):
        for j in range(most):
            index[agents, i, j] = len(index)
    moves = []
    for (busy, i, j), at in index.items():
        if busy < agents:
            moves.append((at, index[busy + 1, 0, 0], sum(rates)))
            if busy:
                moves.append((at, index[busy - 1, 0, 0], float(busy)))
            continue
        after = (agents, i - 1, j) if i else (agents, i, j - 1) if j else (agents - 1, 0, 0)
        moves.append((at, index[after], float(agents)))
        if i + 1 < most:
            moves.append((at, index[agents, i + 1, j], rates[0]))
        if j + 1 < most:
            moves.append((at, index[agents, i, j + 1], rates[1]))
        if i:
            moves.append((at, index[agents, i - 1, j], i * leave[0]))
        if j:
            moves.append((at, index[agents, i, j - 1], j * leave[1]))
    found = steady(len(index), moves)
    waiting = {state: found[at] for state, at in index.items() if state[0] == agents}
    return Told(
        float(sum(waiting.values())),
        (
            float(sum(p * i for (_, i, _), p in waiting.items())),
            float(sum(p * j for (_, _, j), p in waiting.items())),
        ),
    )
