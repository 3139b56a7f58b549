"""Bursts: who overflows from a line comes when it is busy, one soon after the other.

How uneven such a stream is says its peakedness: the variance over the mean of the number in service, if
all of it were served at once. Overflow from a line whose places are taken comes at intervals that are
alike and independent, with transform phi(s) at rate s, and so the peakedness for a handle time 1 / s is
1 / (1 - phi(s)) - m, m being the mean number in service (Palm 1943; Wilkinson 1956, Bell System Technical
Journal 35, appendix I).
"""

from collections.abc import Iterable

import numpy as np

from sim.formula.grid import Floats


def peakedness(join_per_s: Iterable[Floats], leave_per_s: Iterable[float], served_per_s: float) -> Floats:
    """The peakedness of what overflows from a line, for several rates: [rate].

    `join_per_s` and `leave_per_s` are those with 0, 1, ... contacts in the line; when it is full, who comes
    overflows. With f(k) the transform of the time until one more comes than there have been in the line
    since k were, f(k) = join(k) / (join(k) + s + leave(k) (1 - f(k - 1))); phi is that of the full line.
    """
    found, mean_s = np.zeros(1), np.zeros(1)
    with np.errstate(over="ignore", divide="ignore"):
        for join, leave in zip(join_per_s, leave_per_s, strict=True):
            found = join / (join + served_per_s + leave * (1.0 - found))
            mean_s = (1.0 + leave * mean_s) / join
        peaked: Floats = 1.0 / (1.0 - found) - 1.0 / (mean_s * served_per_s)
    return np.maximum(peaked, 1.0)
