"""Markov chains in steady state, exactly: states in levels, and moves of one level at most.

A waiting line grows and shrinks by one, so its states fall into levels (contacts in the system, or
those who will try again) and no move skips one. Levels are taken away from the top, one by one: who
goes up from level k - 1 is sent on to where it comes down again. What is left of a state's outflow is
always the sum of its rates, never a difference (Grassmann, Taksar and Heyman 1985, Operations Research
33, p. 1107; by blocks: Latouche and Ramaswami 1999, "Introduction to Matrix Analytic Methods in
Stochastic Modeling", chapter 12). So the probabilities are right to nearly all digits of a float.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.erlang.arguments import Floats

Ints = NDArray[np.int64]
Offset = tuple[int, ...]

_WORK: Final = 4e9  # sum of the cubes of the levels' sizes: some seconds
_LEVELS: Final = 20_000
_NUMBERS: Final = 3e7  # sum of their squares: some 250 MB
_EDGE: Final = 1e-14  # probability of the last row of a grid, below which its end is not felt
_GROWTH: Final = 1.3


class Moves(NamedTuple):
    """Transitions between numbered states, arrays [moves] each; several of one pair add up."""

    source: Ints
    target: Ints
    rate: Floats


def joined(parts: Sequence[Moves]) -> Moves:
    """All moves of several kinds."""
    return Moves(
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.rate for part in parts]),
    )


def affordable(sizes: ArrayLike) -> bool:
    """Whether a chain whose levels have so many states is solved in seconds."""
    each = np.asarray(sizes, float)
    return bool(len(each) <= _LEVELS and (each**3).sum() <= _WORK and (each**2).sum() <= _NUMBERS)


def largest(fits: Callable[[int], bool]) -> int:
    """The largest whole number that fits, where all smaller ones do: for messages."""
    low, high = 0, 1
    while fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def stationary(levels: Ints, moves: Moves) -> Floats:
    """Probabilities [states] of a chain; `levels` [states] rise from 0, without gaps.

    Every state must be able to come down to level 0, whose states must reach each other.
    """
    blocks = _Blocks(levels, moves)
    ratios: list[Floats] = []
    back = np.zeros((blocks.size(0), blocks.size(0)))
    for level in range(blocks.top, 0, -1):
        here = blocks.within(level) + (back if level < blocks.top else 0.0)
        down = blocks.between(level, level - 1)
        ratio = _visits(here, down, blocks.between(level - 1, level))
        ratios.append(ratio)
        back = ratio @ down
    first = _irreducible(blocks.within(0) + back)
    return _unrolled(first, ratios[::-1])


class _Blocks:
    """Rates by pairs of levels, as dense matrices when they are asked for."""

    def __init__(self, levels: Ints, moves: Moves) -> None:
        order = np.argsort(levels[moves.source], kind="stable")
        self.moves = Moves(moves.source[order], moves.target[order], moves.rate[order])
        self.top = int(levels[-1])
        self._starts = np.searchsorted(levels, np.arange(self.top + 2))
        self._rows = np.searchsorted(levels[self.moves.source], np.arange(self.top + 2))
        self._to = levels[self.moves.target]

    def size(self, level: int) -> int:
        return int(self._starts[level + 1] - self._starts[level])

    def between(self, source: int, target: int) -> Floats:
        """Rates from the states of one level to those of another."""
        rows = slice(self._rows[source], self._rows[source + 1])
        wanted = self._to[rows] == target
        width = self.size(target)
        row = self.moves.source[rows][wanted] - self._starts[source]
        column = self.moves.target[rows][wanted] - self._starts[target]
        shape = (self.size(source), width)
        cells = np.zeros(shape)
        np.add.at(cells, (row, column), self.moves.rate[rows][wanted])
        return cells

    def within(self, level: int) -> Floats:
        return self.between(level, level)


def _visits(here: Floats, down: Floats, up: Floats) -> Floats:
    """Mean time in each state of a level for a unit of time below: up (outflow - here)^-1."""
    np.fill_diagonal(here, 0.0)
    outflow = here.sum(axis=1) + down.sum(axis=1)
    times = np.linalg.solve((np.diag(outflow) - here).T, up.T).T
    positive: Floats = np.maximum(times, 0.0)  # what is not, is 0 but for rounding
    return positive


def _irreducible(rates: Floats) -> Floats:
    """Stationary probabilities of a small chain: states are taken away one by one, the last first."""
    left = rates.copy()
    np.fill_diagonal(left, 0.0)
    for last in range(len(left) - 1, 0, -1):
        left[:last, last] /= left[last, :last].sum()
        left[:last, :last] += np.outer(left[:last, last], left[last, :last])
    found = np.ones(len(left))
    for state in range(1, len(left)):
        found[state] = found[:state] @ left[:state, state]
        found[: state + 1] /= found[: state + 1].max()
    return normalised(found)


def normalised(weights: Floats) -> Floats:
    """Weights as probabilities."""
    shares: Floats = weights / weights.sum()
    return shares


def _unrolled(first: Floats, ratios: list[Floats]) -> Floats:
    """All levels from the first one; each is kept near 1, so that none overflows."""
    parts, logs = [first], [0.0]
    for ratio in ratios:
        part = parts[-1] @ ratio
        total = part.sum()
        parts.append(part / total if total > 0.0 else part)
        logs.append(logs[-1] + math.log(total) if total > 0.0 else -math.inf)
    weights = np.exp(np.array(logs) - max(logs))
    return normalised(np.concatenate([part * weight for part, weight in zip(parts, weights, strict=True)]))


def on_grid(rates: Mapping[Offset, Floats]) -> Floats:
    """Probabilities of a chain whose states are the cells of a grid, in the grid's shape.

    `rates` has, for every step such as (+1, 0), the rate of taking it in each cell; steps that would
    leave the grid are not taken. Along the longest side steps are of -1, 0 or +1.
    """
    shape = next(iter(rates.values())).shape
    longest = int(np.argmax(shape))
    turned = {_turned(step, longest): np.moveaxis(rate, longest, 0) for step, rate in rates.items()}
    sides = _turned(shape, longest)
    levels = np.repeat(np.arange(sides[0]), math.prod(sides[1:]))
    moves = joined([_step_moves(step, rate) for step, rate in turned.items()])
    return np.moveaxis(stationary(levels, moves).reshape(sides), 0, longest)


def grid_sizes(shape: tuple[int, ...]) -> list[int]:
    """The sizes of the levels of such a chain, for `affordable`."""
    longest = max(shape)
    return [math.prod(shape) // longest] * longest


def on_growing_grid(
    rates: Callable[[tuple[int, int]], Mapping[Offset, Floats]],
    shape: tuple[int, int],
    growing: tuple[bool, bool],
    instead: str,
) -> Floats:
    """A chain without end in some directions, cut where it is not felt: the grid grows until then.

    ValueError where it would be too large, saying what to use `instead`.
    """
    while True:
        if not affordable(grid_sizes(shape)):
            raise ValueError(
                f"the exact chain has too many states: it needs {_against(max(shape), min(shape))}; {instead}"
            )
        found = on_grid(rates(shape))
        edges = (found[-1, :].sum(), found[:, -1].sum())
        wider = tuple(
            math.ceil(side * _GROWTH) if grows and edge > _EDGE else side
            for side, grows, edge in zip(shape, growing, edges, strict=True)
        )
        if wider == shape:
            return found
        shape = (wider[0], wider[1])


def _against(longer: int, shorter: int) -> str:
    possible = largest(lambda n: affordable([n] * longer))
    return f"more than {longer} times {shorter}, where {longer} times {possible} are possible"


def _turned(values: tuple[int, ...], first: int) -> tuple[int, ...]:
    return (values[first], *values[:first], *values[first + 1 :])


def _step_moves(step: Offset, rate: Floats) -> Moves:
    """The moves of one step, from all cells where it is taken and stays on the grid."""
    taken = rate > 0.0
    for axis, by in enumerate(step):
        places = np.arange(rate.shape[axis]) + by
        stays = (places >= 0) & (places < rate.shape[axis])
        taken &= stays.reshape([-1 if a == axis else 1 for a in range(rate.ndim)])
    source = np.flatnonzero(taken)
    strides = [math.prod(rate.shape[axis + 1 :]) for axis in range(rate.ndim)]
    by = sum(a * b for a, b in zip(step, strides, strict=True))
    return Moves(source, source + by, rate.reshape(-1)[source])
