"""Quantiles in words: no finer than the buckets that they are read from.

The simulation counts waits and times in log-linear buckets (`sim/tally.py`) and takes the middle of one for a
quantile, so that 12 min sharp become 11 min 59.1 s. Rounded to a step that people use, at least as wide as a
bucket, they are 12 min again.
"""

import math
from typing import Final

from reports.figures import Figure
from reports.wording import Words, say
from scenarios.case_definitions import CASE_QUANTILES
from scenarios.definitions import QUANTILES

_MEASURES: Final = frozenset((*QUANTILES, *CASE_QUANTILES))
_AN_OCTAVE: Final = 128  # buckets, as `FINE` in sim/tally.py
_UNIT_S: Final = 512e-6  # the width of the narrowest bucket, as `UNIT` there
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
_STEPS: Final = (
    *(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
)


def say_measure(measure: str, figure: Figure, tell_missing: bool = True) -> Words:
    """Write a figure of a measure; a quantile as sharp as it is known."""
    return say(to_buckets(figure) if measure in _MEASURES else figure, tell_missing)


def to_buckets(figure: Figure) -> Figure:
    """A quantile (s) rounded to a step that is no finer than its bucket, with as wide an interval."""
    if not figure.exists:
        return figure
    step = next((each for each in _STEPS if each >= bucket_s(figure.mean)), _DAY)
    mean = round(figure.mean / step) * step
    moved = mean - figure.mean
    return Figure(mean, figure.low + moved, figure.high + moved, figure.unit)


def bucket_s(seconds: float) -> float:
    """How wide the bucket is into which a time falls, s."""
    octave = seconds / _UNIT_S / _AN_OCTAVE
    return _UNIT_S * 2.0 ** max(math.floor(math.log2(octave)) if octave >= 1 else 0, 0)
