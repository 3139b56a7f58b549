"""Calls and e-mail shared by the same agents: an agent starts an e-mail while enough others are free.

There is always an e-mail to answer; an agent who becomes free starts one as long as fewer than
`agents - kept_free` are busy, and finishes it though calls wait (Bhulai and Koole 2003, IEEE Transactions
on Automatic Control 48, p. 1434; equal handle times). So never fewer than that many are busy, and above,
the line is that of calls alone given that it is not below. Its law of waits, given that one waits, is
therefore unchanged.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, Floats, checked
from sim.erlang.gamma import rest_below
from sim.erlang.line import Line, Scaled, scaled
from sim.erlang.solve import solve
from sim.jit import compiled

_EXACT: Final = 1e-18
_LARGE: Final = 1e200
_FOR_EVER: Final = 1e100  # products with what is large must not overflow


class Blend(NamedTuple):
    """Arrays; shares are of the calls offered."""

    delayed: Floats
    abandoned: Floats
    mean_wait_s: Floats  # of calls, whatever becomes of them; inf where more comes than can be answered
    queue: Floats  # calls that wait
    emails_per_hour: Floats  # e-mails answered
    occupancy: Floats


def blend(calls: Line, kept_free: ArrayLike) -> Blend:
    """Calls (without a limit of places) with an endless supply of e-mail; whole agents.

    `kept_free` agents (0 to all) are kept for calls; everything broadcasts. ValueError outside the domain.
    """
    if np.any(np.asarray(calls.places, float) != math.inf):
        raise ValueError("places: a limit is not allowed here; leave it at inf")
    shape, lines, (kept,) = scaled(calls, checked("kept_free", kept_free, NOT_NEGATIVE))
    for name, values in (("agents", lines.agents), ("kept_free", kept)):
        if (values != np.floor(values)).any():
            raise ValueError(f"{name}: fractions are not allowed here; give whole numbers")
    if (kept > lines.agents).any():
        raise ValueError("kept_free: more than there are agents is not allowed; give 0 to all of them")
    out = np.empty((6, kept.size))
    _fill(lines, kept, out)
    return Blend(*(row.reshape(shape) for row in out))


@compiled
def _fill(lines: Scaled, kept: Floats, out: Floats) -> None:
    for k in range(len(kept)):
        one = _solved(lines.load[k], lines.agents[k], lines.impatience[k], kept[k])
        scale = lines.handle_s[k]
        out[0, k], out[1, k], out[2, k] = one.delayed, one.abandoned, one.waited * scale
        out[3, k], out[4, k], out[5, k] = one.queue, one.emails * 3600.0 / scale, one.occupancy


class _Solved(NamedTuple):
    """As `Blend`, with time counted in handle times."""

    delayed: float
    abandoned: float
    waited: float
    queue: float
    emails: float
    occupancy: float


@compiled
def _solved(a: float, n: float, r: float, kept: float) -> _Solved:
    least = n - kept
    if a == 0.0:
        return _Solved(0.0, 0.0, 0.0, 0.0, least, least / n if n > 0.0 else 0.0)
    longer, queue = behind(a, n, r)
    if longer == math.inf:
        return _Solved(1.0, r * queue / a if r > 0.0 else 0.0, queue / a, queue, 0.0, 1.0)
    weight = lowest = 1.0  # of being exactly so many busy, and of as few as ever; rescaled as it grows
    free = working = 0.0
    busy = least
    while busy < n:
        free += weight
        working += weight * busy
        busy += 1.0
        weight *= a / busy
        if weight > _LARGE:
            weight, lowest, free, working = weight / _LARGE, lowest / _LARGE, free / _LARGE, working / _LARGE
    waiting = weight * longer
    whole = free + waiting
    delayed = waiting / whole
    queue *= delayed
    occupancy = (working + n * waiting) / (n * whole) if n > 0.0 else 1.0
    return _Solved(delayed, r * queue / a, queue / a, queue, least * lowest / whole, occupancy)


@compiled
def behind(a: float, n: float, r: float) -> tuple[float, float]:
    """While all agents are busy: 1 / (the share of time that nobody waits), and the mean number waiting."""
    if r == 0.0:
        return (n / (n - a), a / (n - a)) if a < n else (math.inf, math.inf)
    if a > n:  # all busy is likely enough
        alone = solve(a, n, r, math.inf)
        longer = alone.delayed / alone.at_once * rest_below(n, a) if alone.at_once > 0.0 else math.inf
        return (longer if longer < _FOR_EVER else math.inf), alone.queue / alone.delayed
    total = waiting = length = 0.0
    weight = 1.0
    while weight * (length + 1.0) > _EXACT * total:
        total += weight
        waiting += weight * length
        length += 1.0
        weight *= a / (n + length * r)
    return total, waiting / total
