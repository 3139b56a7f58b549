"""M/G/c by chains that are cut off and solved as linear equations."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg
from scipy.stats import poisson

Floats = NDArray[np.float64]


def constant(load: float, agents: int, states: int) -> tuple[float, float]:
    """M/D/c: P(delayed) and the mean wait in handle times, from the chain of one handle time to the next."""
    steps = poisson.pmf(np.arange(states), load)
    moves = np.zeros((states, states))
    for n in range(states):
        left = max(n - agents, 0)
        moves[n, left:] = steps[: states - left]
        moves[n, -1] += 1.0 - moves[n].sum()
    equations = moves.T - np.eye(states)
    equations[-1] = 1.0
    found = np.linalg.solve(equations, np.eye(states)[-1])
    queue = float(found[agents:] @ np.arange(states - agents))
    return _delayed(load, found, agents), queue / load


def _delayed(load: float, found: Floats, agents: int) -> float:
    """Contacts see the line as it is at any time; all agents busy is n of them or more."""
    return float(found[agents:].sum())


def two_stages(rate: float, mean: float, agents: int, most: int) -> tuple[float, float]:
    """M/E2/c: P(delayed) and the mean wait; states are (there, of those in service in their second stage)."""
    stage = 2.0 / mean
    index = {
        (n, j): i
        for i, (n, j) in enumerate((n, j) for n in range(most + 1) for j in range(min(n, agents) + 1))
    }
    moves = []
    for (n, j), i in index.items():
        busy = min(n, agents)
        if n < most:
            moves.append((i, index[n + 1, j], rate))
        if busy > j:
            moves.append((i, index[n, j + 1], stage * (busy - j)))
        if j:
            moves.append((i, index[n - 1, j - 1], stage * j))
    found = steady(len(index), moves)
    busy_all = sum(found[i] for (n, _), i in index.items() if n >= agents)
    queue = sum(found[i] * (n - agents) for (n, _), i in index.items() if n > agents)
    return float(busy_all), float(queue) / rate


def two_kinds(
    rate: float, phases: tuple[tuple[float, float], ...], agents: int, most: int
) -> tuple[float, float]:
    """M/H2/c: P(delayed) and the mean wait; states are (there, of those in service of the first kind)."""
    (first, mean_1), (_, mean_2) = phases
    index = {
        (n, j): i
        for i, (n, j) in enumerate((n, j) for n in range(most + 1) for j in range(min(n, agents) + 1))
    }
    moves = []
    for (n, j), i in index.items():
        busy = min(n, agents)
        if n < most and n < agents:
            moves += [(i, index[n + 1, j + 1], rate * first), (i, index[n + 1, j], rate * (1.0 - first))]
        elif n < most:
            moves.append((i, index[n + 1, j], rate))
        for left, out in ((j - 1, j / mean_1), (j, (busy - j) / mean_2)):
            if not out:
                continue
            if n > agents:
                moves.append((i, index[n - 1, left + 1], out * first))
                moves.append((i, index[n - 1, left], out * (1.0 - first)))
            else:
                moves.append((i, index[n - 1, left], out))
    found = steady(len(index), moves)
    busy_all = sum(found[i] for (n, _), i in index.items() if n >= agents)
    queue = sum(found[i] * (n - agents) for (n, _), i in index.items() if n > agents)
    return float(busy_all), float(queue) / rate


def steady(size: int, moves: list[tuple[int, int, float]]) -> Floats:
    """The steady state of a chain from (state, state, rate)."""
    start, end, rates = (np.array(column) for column in zip(*moves, strict=True))
    rows = np.concatenate([end, start])
    equations = sparse.lil_array(
        sparse.coo_array(
            (np.concatenate([rates, -rates]), (rows, np.concatenate([start, start]))), (size, size)
        )
    )
    equations[0] = np.ones(size)
    return np.asarray(linalg.spsolve(equations.tocsc(), np.eye(size, 1).ravel()))
