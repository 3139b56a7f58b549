"""What a waiting line does in steady state: shares, mean waits, occupancy, queue."""

from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import Floats
from sim.erlang.line import Line, scaled
from sim.erlang.solve import admitted_of, answered_of, solve
from sim.jit import compiled


class Steady(NamedTuple):
    """Arrays of the line's shape. Where a line only grows (overload) they are what it tends to."""

    blocked: Floats  # share of the offered that finds all agents and places taken
    delayed: Floats  # share of the offered that waits
    answered: Floats  # share of the offered
    abandoned: Floats  # share of the offered
    asa_s: Floats  # mean wait of the answered; inf where nobody is, or where it grows without end
    mean_wait_s: Floats  # mean wait of all that are not blocked
    wait_abandoned_s: Floats  # mean wait of those who give up; 0 where nobody does
    occupancy: Floats  # share of the agents' time; of no agents 1, where anybody comes
    queue: Floats  # mean number waiting
    busy: Floats  # mean number of agents busy


_OUT: Final = len(Steady._fields)


def steady(line: Line) -> Steady:
    """Solve lines exactly: Erlang A, B and C, and limited lines; see `sim.erlang.solve`."""
    shape, lines, _ = scaled(line)
    out = np.empty((_OUT, lines.load.size))
    _fill(*lines, out)
    return Steady(*(row.reshape(shape) for row in out))


@compiled
def _fill(
    load: Floats, agents: Floats, impatience: Floats, places: Floats, handle_s: Floats, out: Floats
) -> None:
    for k in range(len(load)):
        a, n, scale = load[k], agents[k], handle_s[k]
        one = solve(a, n, impatience[k], places[k])
        admitted = admitted_of(one)
        answered = answered_of(one)
        busy = min(a * answered, n)
        out[0, k] = one.blocked
        out[1, k] = one.delayed
        out[2, k] = answered
        out[3, k] = one.abandoned
        out[4, k] = one.waited_answered / answered * scale if answered > 0.0 else np.inf
        waited = one.waited_answered + one.waited_abandoned
        if admitted > 0.0:
            out[5, k] = waited / admitted * scale if answered + one.abandoned > 0.0 else np.inf
        else:
            out[5, k] = 0.0
        out[6, k] = one.waited_abandoned / one.abandoned * scale if one.abandoned > 0.0 else 0.0
        out[7, k] = busy / n if n > 0.0 else (1.0 if a > 0.0 else 0.0)
        out[8, k] = one.queue
        out[9, k] = busy
