"""Contacts that find their own agents busy go on to a shared pool, and are lost where that is busy too.

What one pool sends on is burstier than Poisson traffic: its variance is above its mean (Riordan's
formula, in Wilkinson 1956, "Theories for toll traffic engineering in the U.S.A.", Bell System Technical
Journal 35, appendix I). Approximations of what happens to such a stream: Hayward's (Fredericks 1980, Bell
System Technical Journal 59, p. 807) and Wilkinson's equivalent random method; and, exactly, the chain of
several dedicated pools and a shared one. Handle times are exponential in the chain, and of any
distribution in Erlang's formula.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    POSITIVE,
    Domain,
    Floats,
    checked,
    checked_number,
    checked_whole,
    flat,
)
from sim.erlang.chain import affordable, grid_sizes, on_grid
from sim.erlang.line import MOST_AGENTS
from sim.erlang.loss import blocking
from sim.jit import compiled

_AGENTS: Final = Domain(most=MOST_AGENTS)
_FEWER: Final = Domain(most=MOST_AGENTS / 2.0)
_PEAKED: Final = Domain(least=1.0)
_HALVINGS: Final = 100
_MOST_LOAD: Final = 1e7


class Overflow(NamedTuple):
    """What a pool sends on: moments of the number busy in an endless pool that takes it; arrays, Erlangs."""

    mean: Floats
    variance: Floats
    peakedness: Floats  # variance / mean; 1 for Poisson traffic, and where nothing is sent on


class Equivalent(NamedTuple):
    """The pool whose overflow has a given mean and variance."""

    load: Floats  # Erlangs
    agents: Floats  # in fractions


class SharedOverflow(NamedTuple):
    """Means in steady state; arrays [dedicated pools]."""

    lost: Floats  # share of the contacts of each pool
    busy: Floats  # agents at work, in each pool
    busy_shared: float  # agents at work in the shared pool


def overflow(load: ArrayLike, agents: ArrayLike) -> Overflow:
    """The overflow of `agents` (also in fractions) that are offered `load` Erlangs of Poisson traffic.

    With B of Erlang's formula and m = load B, the variance is m (1 - m + load / (agents + 1 + m - load)).
    """
    shape, (a, n) = flat(checked("load", load, NOT_NEGATIVE), checked("agents", agents, _AGENTS))
    part = n - np.floor(n)
    mean = a * blocking(a, part)
    idle = part - (a - mean)
    out = np.empty((2, a.size))
    _add_agents(
        a, n, part, mean, idle, np.where(part > 0.0, np.maximum(a / (1.0 + idle) - mean, 0.0), 0.0), out
    )
    mean, excess = out
    return Overflow(
        mean.reshape(shape), (mean * (1.0 + excess)).reshape(shape), (1.0 + excess).reshape(shape)
    )


def hayward(mean: ArrayLike, peakedness: ArrayLike, agents: ArrayLike) -> Floats:
    """The share of peaked traffic that finds all agents busy: Erlang's formula of mean / z and agents / z."""
    z = checked("peakedness", peakedness, POSITIVE)
    return blocking(checked("mean", mean, NOT_NEGATIVE) / z, checked("agents", agents, NOT_NEGATIVE) / z)


def equivalent_random(mean: ArrayLike, peakedness: ArrayLike) -> Equivalent:
    """The pool and load whose overflow has this mean (Erlangs) and peakedness (1 or more), exactly.

    Wilkinson 1956; the search starts around Rapp's approximation (1964, Ericsson Technics 20, p. 183).
    """
    shape, (mean, peakedness) = flat(
        checked("mean", mean, NOT_NEGATIVE), checked("peakedness", peakedness, _PEAKED)
    )
    plain = (mean == 0.0) | (peakedness == 1.0)
    m, z = np.where(plain, 1.0, mean), np.where(plain, 2.0, peakedness)
    low = (m + 1.0) * (m + z - 1.0) / (m + z)  # no agents
    high = m * z + 3.0 * z * (z - 1.0) + low
    while (_sent_on(high, m, z) > m).any():  # falls, for agents grow faster than the load does
        high = 2.0 * high
        if high.max() > _MOST_LOAD:
            raise ValueError(
                f"mean, peakedness: {mean.max():g} Erlangs as peaked as {peakedness.max():g} are not "
                "allowed, for no million agents send them on; give less"
            )
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        more = _sent_on(middle, m, z) > m
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    load, agents = np.where(plain, mean, high), np.where(plain, 0.0, _agents_of(high, m, z))
    return Equivalent(load.reshape(shape), agents.reshape(shape))


def lost_of_peaked(mean: ArrayLike, peakedness: ArrayLike, agents: ArrayLike) -> Floats:
    """The share of peaked traffic that finds all agents busy, by the equivalent random method."""
    found = equivalent_random(mean, peakedness)
    m = checked("mean", mean, NOT_NEGATIVE)
    sent_on = found.load * blocking(
        found.load, np.minimum(found.agents, MOST_AGENTS / 2.0) + checked("agents", agents, _FEWER)
    )
    return np.minimum(np.where(m > 0.0, sent_on / np.where(m > 0.0, m, 1.0), 0.0), 1.0)


def shared_overflow(
    per_hour: Sequence[float], handle_s: float, agents: Sequence[int], shared: int
) -> SharedOverflow:
    """Solve the chain of dedicated pools [pools] whose overflow goes to `shared` agents; nobody waits.

    Handle times are exponential with one mean. ValueError outside the domain, and where there are too
    many states: the sizes of all pools but the largest, plus 1 each, may multiply to some 600.
    """
    arrive = checked("per_hour", per_hour, NOT_NEGATIVE)
    sizes = [checked_whole(f"agents[{i}]", size) for i, size in enumerate(agents)]
    if arrive.shape != (len(sizes),) or not sizes:
        raise ValueError(
            f"per_hour: {arrive.size} rates for {len(sizes)} pools; give as many as agents, at least 1"
        )
    handle_s, shared = checked_number("handle_s", handle_s, POSITIVE), checked_whole("shared", shared)
    shape = (*(size + 1 for size in sizes), shared + 1)
    if not affordable(grid_sizes(shape)):
        raise ValueError(
            f"agents: the exact chain of pools of {', '.join(map(str, sizes))} and {shared} has too many "
            "states: the sizes of all but the largest, plus 1 each, may multiply to some 600. "
            "Use hayward or equivalent_random instead"
        )
    found = on_grid(_steps(arrive * handle_s / 3600.0, shape))
    return _measured(found)


def _steps(loads: Floats, shape: tuple[int, ...]) -> dict[tuple[int, ...], Floats]:
    """A step up and down of every pool, in units of the handle time; axes are pools, the shared one last."""
    busy = [axis.astype(float) for axis in np.indices(shape)]
    full = [b == side - 1 for b, side in zip(busy, shape, strict=True)]
    unit = np.eye(len(shape), dtype=int)
    steps = {tuple(-x for x in row): b for row, b in zip(unit.tolist(), busy, strict=True)}
    steps |= {
        tuple(row): np.where(f, 0.0, load) for row, f, load in zip(unit.tolist(), full, loads, strict=False)
    }
    steps[tuple(unit[-1].tolist())] = sum(
        (np.where(f, load, 0.0) for f, load in zip(full, loads, strict=False)), np.zeros(shape)
    )
    return steps


def _measured(found: Floats) -> SharedOverflow:
    axes = range(found.ndim)
    busy = [
        found.sum(axis=tuple(a for a in axes if a != axis)) @ np.arange(found.shape[axis]) for axis in axes
    ]
    lost = [found[..., -1].take(-1, axis=axis).sum() for axis in axes[:-1]]
    return SharedOverflow(np.array(lost), np.array(busy[:-1]), float(busy[-1]))


@compiled
def _add_agents(
    load: Floats, agents: Floats, part: Floats, mean: Floats, idle: Floats, excess: Floats, out: Floats
) -> None:
    """Moments with one agent more at a time, from `part` of one; Riordan's formula by positive terms only.

    With m the mean overflow, i the mean of idle agents and v = load / (1 + i) - m the peakedness beyond 1.
    """
    for k in range(len(load)):
        a, n, m, i, v = load[k], part[k], mean[k], idle[k], excess[k]
        while n < agents[k]:
            n += 1.0
            v = a * n * (1.0 + i) * (1.0 + v) / ((m + n * (2.0 + i)) * (n + m))
            m, i = a * m / (n + m), n * (1.0 + i) / (n + m)
        out[0, k], out[1, k] = m, v


def _agents_of(load: Floats, mean: Floats, peakedness: Floats) -> Floats:
    """The agents with whom Riordan's formula gives this peakedness (above 1) to this mean."""
    return np.maximum(load * (mean + peakedness) / (mean + peakedness - 1.0) - mean - 1.0, 0.0)


def _sent_on(load: Floats, mean: Floats, peakedness: Floats) -> Floats:
    return load * blocking(load, np.minimum(_agents_of(load, mean, peakedness), MOST_AGENTS))
