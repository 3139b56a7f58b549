"""How days and intervals differ by more than chance: gamma factors of mean 1, by keyed normal scores.

A factor belongs to a stream, a moment and a level. At each level streams may share a part of it: the normal
score behind a factor is sqrt(loading) x a score common to all streams + sqrt(1 - loading) x one of its own.
"""

import math
from typing import Final

import numpy as np

from sim.draws import BUSYNESS, child_key, counter, name_key, uniform
from sim.jit import code, compiled
from sim.quantiles import gamma_at, normal

COMMON: Final = name_key("busyness", "common to all streams")
BY_DAY: Final = code(0)  # levels: contacts by day,
BY_INTERVAL: Final = code(1)  # contacts by interval,
LENGTH_BY_DAY: Final = code(2)  # handle times by day


@compiled
def _score(run: np.uint64, key: np.uint64, moment: int, level: int, loading: float) -> float:
    """A normal score for a stream at a moment: a factor common to all, and one of its own."""
    own = normal(uniform(run, child_key(key, moment), counter(0, BUSYNESS) + level))
    if loading <= 0.0:
        return own
    common = normal(uniform(run, child_key(COMMON, moment), counter(0, BUSYNESS) + level))
    return math.sqrt(loading) * common + math.sqrt(1.0 - loading) * own


@compiled
def weekday(day: int) -> int:
    """The weekday of a day since year 1, whose first day is a Monday: 0 = Monday."""
    return (day - 1) % 7


@compiled
def factor(
    curves: np.ndarray, shape: int, run: np.uint64, key: np.uint64, moment: int, level: int, loading: float
) -> float:
    """The factor of the stream with this key; `shape` is its gamma table in `curves`, or -1: it is 1."""
    if shape < 0:
        return 1.0
    return gamma_at(curves, shape, _score(run, key, moment, level, loading))
