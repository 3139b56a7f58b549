"""Waits that a share of the answered does not exceed, over the horizon."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.formula.columns import AT, Answered
from sim.formula.grid import Floats

TIMES: Final = np.concatenate([[0.0], np.geomspace(0.5, 2e6, 100)])  # s; a step is a sixth


class WaitLaw:
    """How many of a queue are answered within each of `TIMES`, of those who come in pieces that count."""

    def __init__(self, answered: Answered, counted: Floats) -> None:
        self.total = float(answered.counts[AT["answered"]] @ counted)
        self.within = answered.law(TIMES, counted) if self.total > 0.0 else np.zeros(len(TIMES))


def wait_quantiles(queues: Sequence[WaitLaw], shares: Sequence[float]) -> Floats:
    """Waits (s) that these shares of the answered of some queues together do not exceed.

    Between `TIMES` on straight lines, which is right to some thousandths; NaN where nobody is answered, or
    the wait is beyond all of them.
    """
    total = sum(each.total for each in queues)
    if not total > 0.0:
        return np.full(len(shares), np.nan)
    reached = np.maximum.accumulate(np.sum([each.within for each in queues], axis=0) / total)
    found: Floats = np.interp(shares, reached, TIMES)
    return np.where(np.array(shares) > reached[-1], np.nan, np.where(shares <= reached[0], 0.0, found))
