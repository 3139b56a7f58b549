"""Markov chains from their rules, one state at a time, by the plain solution of all balance equations."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

S = TypeVar("S")


def solved(start: S, moves: Callable[[S], Iterable[tuple[S, float]]]) -> dict[S, float]:
    """Probabilities of all states that can be reached; `moves` gives where a state goes to, and the rate."""
    states, flows = [start], list[tuple[int, int, float]]()
    number = {start: 0}
    for i, state in enumerate(states):  # grows while it is read
        for target, rate in moves(state):
            if rate > 0.0 and target not in number:
                number[target] = len(states)
                states.append(target)
            if rate > 0.0:
                flows.append((i, number[target], rate))
    balance = np.zeros((len(states), len(states)))
    for source, to, rate in flows:
        balance[to, source] += rate
        balance[source, source] -= rate
    balance[0] = 1.0  # the sum of all is 1, instead of an equation that follows from the others
    right = np.zeros(len(states))
    right[0] = 1.0
    return dict(zip(states, np.linalg.solve(balance, right).tolist(), strict=True))


def mean(found: dict[S, float], of: Callable[[S], float]) -> float:
    """The mean of a number that belongs to each state (of a condition: its share of time)."""
    return sum(share * of(state) for state, share in found.items())
