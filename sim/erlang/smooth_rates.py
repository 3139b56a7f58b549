"""The exact course under a smooth rate of arrival, such as a wave."""

import itertools
import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import Floats
from sim.erlang.day import Day
from sim.erlang.transient import transient

_GAUSS: Final = math.sqrt(3.0) / 6.0
_ORDERS: Final = (16.0, 64.0)  # what is left of the error's first terms, of orders 4 and 6, at half the step


class Seen(NamedTuple):
    """The state at some moments."""

    queue: Floats  # mean number waiting
    busy: Floats  # mean number of busy agents
    delayed: Floats  # probability of no free agent


def standing_for(rate: Callable[[Floats], Floats], starts_s: Floats, step_s: float) -> Floats:
    """Rates of the two halves of each step that stand for a smooth rate, [2 * steps].

    The Markov chain with these constant rates is, at the end of a step, where the one with the smooth rate
    is, but for an error of the fourth order (commutator-free Magnus method of order 4 with two
    exponentials: Blanes and Moan 2006, Applied Numerical Mathematics 56, p. 1519).
    """
    early = rate(starts_s + (0.5 - _GAUSS) * step_s)
    late = rate(starts_s + (0.5 + _GAUSS) * step_s)
    more, less = 0.5 + 2.0 * _GAUSS, 0.5 - 2.0 * _GAUSS
    halves = np.stack([more * early + less * late, less * early + more * late], axis=-1)
    if (halves < 0.0).any():
        raise ValueError(
            "rate: it changes too fast for these steps; give more steps, and rates of at least 0"
        )
    return halves.reshape(-1)


def smooth_course(
    rate: Callable[[Floats], Floats], day: Day, moments: int, every_s: float, steps: int = 16
) -> Seen:
    """The state every so many seconds, from an empty start.

    `rate` gives contacts an hour at times in s. Staff and all else is constant, as `day` says; what it says
    of rates and intervals is not looked at. There are `steps` steps to a moment, and twice and four times
    as many; from the three results the errors of orders 4 and 6 are taken away (Richardson 1911).
    """
    rows = [_at_moments(rate, day, moments, every_s, steps * finer) for finer in (1, 2, 4)]
    for order in _ORDERS:
        rows = [(order * fine - coarse) / (order - 1.0) for coarse, fine in itertools.pairwise(rows)]
    return Seen(*rows[0])


def _at_moments(
    rate: Callable[[Floats], Floats], day: Day, moments: int, every_s: float, steps: int
) -> Floats:
    """Queue, busy agents and probability of delay at each moment."""
    step_s = every_s / steps
    per_hour = standing_for(rate, np.arange(moments * steps, dtype=float) * step_s, step_s)
    course = transient(day._replace(per_hour=per_hour, interval_s=step_s / 2.0), 0.0)
    ends = slice(2 * steps - 1, None, 2 * steps)
    return np.stack([course.queue_end[ends], course.busy_end[ends], course.delay_end[ends]])
