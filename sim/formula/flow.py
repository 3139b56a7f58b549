"""What is on its way, in continuous time: offered load, and those who will try again.

Both are numbers that decay: who is in service leaves at a rate, and so does who waits at home.
"""

import math
from typing import Final

import numpy as np

from sim.formula.grid import Floats
from sim.jit import routine

_SEEN: Final = 1e-9  # a smaller share of the contacts comes after the last attempt that is allowed


def modified_rate(per_hour: Floats, handle_s: Floats, piece_s: float) -> Floats:
    """The rate that in steady state offers the load of each piece: modified offered load.

    The load m(t) of M(t)/M/infinity follows m' = rate - m / handle time (Jagerman 1975; Green, Kolesar and
    Whitt 2007, Production and Operations Management 16, section 4); it is averaged over the piece.
    """
    rate = np.empty(len(per_hour))
    _offer(per_hour, np.maximum(handle_s, 1e-9), piece_s, rate)
    return rate


@routine
def _offer(per_hour: Floats, handle_s: Floats, piece_s: float, rate: Floats) -> None:
    load = 0.0  # as a piece begins
    for i in range(len(per_hour)):
        settled, kept = per_hour[i] * handle_s[i], math.exp(-piece_s / handle_s[i])
        rate[i] = per_hour[i] + (load - settled) * (1.0 - kept) / piece_s
        load = kept * load + (1.0 - kept) * settled


def with_returns(fresh: Floats, lost: Floats, after_s: float, piece_s: float, attempts: int | None) -> Floats:
    """Contacts [piece] with those who try again, where of each `lost` [piece] go away to come back.

    They leave evenly over a piece, and the time until they are back is exponential with mean `after_s`; each
    may try again so many times (None: without end).
    """
    total = np.empty(len(fresh))
    if attempts is None or float(lost.max(initial=0.0)) ** attempts < _SEEN:
        _come_back(fresh, lost, piece_s / after_s, total)
    else:
        _come_back_at_most(fresh, lost, piece_s / after_s, np.zeros(attempts), total)
    return total


@routine
def _come_back(fresh: Floats, lost: Floats, pieces: float, total: Floats) -> None:
    """All attempts at once: who is lost in a piece may be back, and lost again, before it ends."""
    kept, away = math.exp(-pieces), 0.0
    late = (1.0 - kept) / pieces  # the share of those lost in a piece who are away when it ends
    for i in range(len(fresh)):
        total[i] = (fresh[i] + (1.0 - kept) * away) / (1.0 - lost[i] * (1.0 - late))
        away = kept * away + late * lost[i] * total[i]


@routine
def _come_back_at_most(fresh: Floats, lost: Floats, pieces: float, away: Floats, total: Floats) -> None:
    """One attempt after the other; `away` [attempt] are those who will make it."""
    kept = math.exp(-pieces)
    late = (1.0 - kept) / pieces
    for i in range(len(fresh)):
        total[i] = again = fresh[i]
        for k in range(len(away)):
            gone = again * lost[i]
            again = gone * (1.0 - late) + (1.0 - kept) * away[k]
            away[k] = kept * away[k] + late * gone
            total[i] += again
