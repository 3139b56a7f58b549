"""Handle times over weeks: their level wanders as that of arrivals does, and days differ around it.

The logarithm of a day's mean handle time has the variance of its contacts' mean beside the day's own factor.
"""

from typing import NamedTuple

import numpy as np

from calibration.fits.cells import Floats, Ints
from calibration.fits.level_ahead import Level
from calibration.fits.level_filter import Series
from calibration.fits.level_solution import level_at_end, may_drift, solution
from calibration.fits.level_variances import HALF_LIVES_DAYS, Estimate, Noise, search


class LengthLevel(NamedTuple):
    """The level of handle times after the last day, and how days differ around it, as a relative sd."""

    level: Level
    day: Estimate


def fit_length_level(days: Ints, n: Floats, mean_s: Floats, within: float) -> LengthLevel | None:
    """The level from days with so many contacts and such means; `within` is the variance of contacts.

    It is relative to the mean of all contacts. None where there are too few days, or too few weeks.
    """
    times = (days - days[0]).astype(float) if len(days) else np.zeros(0)
    if not may_drift(times, 1):
        return None
    usual = float(n @ mean_s) / float(n.sum())
    series = Series(np.log(mean_s / usual), np.ones((len(times), 1)), times)
    noise = Noise(np.zeros(len(times)), within / usual**2 / n)
    variances = search(series, noise, HALF_LIVES_DAYS)
    level = level_at_end(solution(series, noise, variances), 1, n)
    return LengthLevel(level, variances.day)
