"""The level at the end of a period, and what may become of it in the days ahead."""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Floats
from calibration.fits.level_filter import wandered

_KNOWN_NOTHING: Final = 50.0  # a variance of a logarithm beyond which numbers mean nothing


class Ahead(NamedTuple):
    """The level over some days ahead, relative to the period's mean."""

    factor: float  # of their mean, the median
    cv: float  # of the error of that mean
    within: float  # standard deviation by which the level wanders around it, day by day


class Level(NamedTuple):
    """Where the level stands on the last usual day; logarithms, relative to the mean over the usual days.

    `wandered` is how far it is away from where it comes back to, if it does (persistence below 1), `base` the
    rest; `errors` are the covariances of both and of the trend.
    """

    base: float
    wandered: float
    trend_per_day: float  # 0 where there is none to be seen
    errors: tuple[tuple[float, ...], ...]
    persistence: float  # share of `wandered` that is left a day later
    drift_sd_per_day: float  # most likely
    drift_low: float
    drift_high: float
    drift_ahead_per_day: float  # to reckon with, averaged over what is likely

    @property
    def level(self) -> float:
        """The level on the last usual day; 1 is the period's mean."""
        return math.exp(self.base + self.wandered)

    @property
    def se(self) -> float:
        """The standard error of `level`."""
        return self.level * math.sqrt(float(np.array(self.errors)[:2, :2].sum()))

    @property
    def trend_se(self) -> float:
        return math.sqrt(self.errors[2][2])

    @property
    def half_life_days(self) -> float:
        """After how many days the level has come half way back to its mean; infinite for a random walk."""
        return math.inf if self.persistence >= 1.0 else math.log(0.5) / math.log(self.persistence)

    def at(self, days_ahead: float) -> tuple[float, float]:
        """The level some days after the last: its median, and the coefficient of variation of its error."""
        found = self._over(np.array([float(days_ahead)]))
        return found.factor, found.cv

    def over(self, first: int, last: int) -> Ahead:
        """The mean level from the first to the last of some days ahead; 1 is the day after the last."""
        return self._over(np.arange(first, last + 1, dtype=float))

    def _over(self, ahead: Floats) -> Ahead:
        left = self.persistence**ahead
        middle = self.base + self.wandered * left + self.trend_per_day * ahead
        parts = np.column_stack([left, np.ones_like(left), ahead])
        apart = np.abs(np.subtract.outer(ahead, ahead))
        drift, kept = np.array(self.drift_ahead_per_day**2), np.array(self.persistence)
        gathered = self.persistence**apart * wandered(drift, kept, np.minimum.outer(ahead, ahead))
        covariance = parts @ np.array(self.errors) @ parts.T + gathered
        of_mean = max(float(covariance.mean()), 0.0)
        within = max(float(np.trace(covariance)) / len(ahead) - of_mean, 0.0)
        return Ahead(
            float(np.exp(middle).mean()),
            math.sqrt(math.expm1(min(of_mean, _KNOWN_NOTHING))),
            math.sqrt(within),
        )


def widened(cv: float, days: int) -> float:
    """The error of a level that was followed for so many days: it may wander further than it has.

    Errors are widened as Student's 90 % interval is wider than the normal law's, with a degree of freedom a
    week but one.
    """
    weeks = max(days / 7.0, 2.0)
    return cv * float(special.stdtrit(weeks - 1.0, 0.95) / special.ndtri(0.95))
