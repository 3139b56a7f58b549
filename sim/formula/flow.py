"""What is on its way, in continuous time: offered load, and those who will try again.

Both are numbers that decay: who is in service leaves at a rate, and so does who waits at home.
"""

import math
from typing import Final

import numpy as np

from sim.formula.grid import Floats

_NOTHING: Final = 1e-18  # a share of what was on its way that is as good as none


def modified_rate(per_hour: Floats, handle_s: Floats, piece_s: float) -> Floats:
    """The rate that in steady state offers the load of each piece: modified offered load.

    The load m(t) of M(t)/M/infinity follows m' = rate - m / handle time (Jagerman 1975; Green, Kolesar and
    Whitt 2007, Production and Operations Management 16, section 4); it is averaged over the piece.
    """
    handle_s = np.maximum(handle_s, 1e-9)
    kept = np.exp(-piece_s / handle_s)
    before = _before(kept, per_hour * handle_s * (1.0 - kept))
    rate: Floats = per_hour + (before - per_hour * handle_s) * (1.0 - kept) / piece_s
    return rate


def returns(lost: Floats, after_s: float, piece_s: float) -> Floats:
    """How many come back in each piece, where `lost` [piece] go away to come back after `after_s` on average.

    They leave evenly over a piece, and the time until they are back is exponential.
    """
    pieces = piece_s / after_s
    kept, late = math.exp(-pieces), lost * (-math.expm1(-pieces) / pieces)
    before = _before(np.full(1, kept), late)
    back: Floats = np.maximum(lost + (1.0 - kept) * before - late, 0.0)
    return back


def _before(kept: Floats, more: Floats) -> Floats:
    """What is on its way as each piece begins: by its end, a share `kept` of that is left, and `more` comes.

    The recursion s[i + 1] = kept[i] s[i] + more[i] from 0, in steps that double (Hillis and Steele 1986,
    Communications of the ACM 29, p. 1170), until nothing is kept over so many pieces. `kept` of one number
    holds for all pieces.
    """
    total, share, step = more.copy(), kept, 1
    while step < len(total) and share.max() > _NOTHING:
        one = len(share) == 1
        total[step:] += (share if one else share[step:]) * total[:-step]
        share = share * share if one else np.concatenate([share[:step], share[step:] * share[:-step]])
        step *= 2
    return np.concatenate([[0.0], total[:-1]])
