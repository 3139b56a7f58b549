"""What is on its way, in continuous time: offered load, and those who will try again.

Both are numbers that decay: who is in service leaves at a rate, and so does who waits at home.
"""

import math

import numpy as np

from sim.formula.grid import Floats
from sim.jit import compiled


def modified_rate(per_hour: Floats, handle_s: Floats, piece_s: float) -> Floats:
    """The rate that in steady state offers the load of each piece: modified offered load.

    The load m(t) of M(t)/M/infinity follows m' = rate - m / handle time (Jagerman 1975; Green, Kolesar and
    Whitt 2007, Production and Operations Management 16, section 4); it is averaged over the piece.
    """
    found = np.empty(len(per_hour))
    _follow(np.ascontiguousarray(per_hour), np.ascontiguousarray(handle_s), float(piece_s), found)
    return found


def returns(lost: Floats, after_s: float, piece_s: float) -> Floats:
    """How many come back in each piece, where `lost` [piece] go away to come back after `after_s` on average.

    They leave evenly over a piece, and the time until they are back is exponential.
    """
    found = np.empty(len(lost))
    _return(np.ascontiguousarray(lost), piece_s / after_s, found)
    return found


@compiled
def _follow(per_hour: Floats, handle_s: Floats, piece_s: float, out: Floats) -> None:
    load, before_s, keep = 0.0, 0.0, 0.0  # load as contacts in service times an hour over a handle time
    for i in range(per_hour.size):
        handle = max(handle_s[i], 1e-9)
        if handle != before_s:
            load *= before_s / handle
            keep, before_s = math.exp(-piece_s / handle), handle
        gap = (load - per_hour[i]) * (1.0 - keep)
        out[i] = per_hour[i] + gap * handle / piece_s
        load -= gap


@compiled
def _return(lost: Floats, pieces: float, out: Floats) -> None:
    keep, away = math.exp(-pieces), 0.0
    for i in range(lost.size):
        later = keep * away + lost[i] * (1.0 - keep) / pieces
        out[i] = max(lost[i] + away - later, 0.0)
        away = later
