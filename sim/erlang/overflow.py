"""Contacts that find their own agents busy go on to a shared pool, and are lost where that is busy too.

What one pool sends on is burstier than Poisson traffic: its variance is above its mean (Riordan's
formula, in Wilkinson 1956, "Theories for toll traffic engineering in the U.S.A.", Bell System Technical
Journal 35, appendix I). Approximations of what happens to such a stream: Hayward's (Fredericks 1980, Bell
System Technical Journal 59, p. 807) and Wilkinson's equivalent random method; and, exactly, the chain of
several dedicated pools and a shared one. Handle times are exponential in the chain, and of any
distribution in Erlang's formula.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Floats, checked, checked_number, checked_whole
from sim.erlang.chain import affordable, grid_sizes, on_grid


class SharedOverflow(NamedTuple):
    """Means in steady state; arrays [dedicated pools]."""

    lost: Floats  # share of the contacts of each pool
    busy: Floats  # agents at work, in each pool
    busy_shared: float  # agents at work in the shared pool


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
