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


class Way(NamedTuple):
    """Where the level stands if it wanders in one of several ways; logarithms, relative to the period's mean.

    `wandered` is how far it is away from where it comes back to, if it does (persistence below 1), `base` the
    rest; `errors` are the covariances of both and of the trend.
    """

    weight: float
    base: float
    wandered: float
    errors: tuple[tuple[float, ...], ...]
    persistence: float  # share of `wandered` that is left a day later
    drift_per_day: float  # to reckon with, averaged over what is likely

    def ahead(self, days: Floats, trend_per_day: float) -> tuple[Floats, Floats]:
        """The mean and the covariance of the logarithm on days after the last one."""
        left = self.persistence**days
        middle = self.base + self.wandered * left + trend_per_day * days
        parts = np.column_stack([left, np.ones_like(left), days])
        apart = np.abs(np.subtract.outer(days, days))
        drift, kept = np.array(self.drift_per_day**2), np.array(self.persistence)
        gathered = self.persistence**apart * wandered(drift, kept, np.minimum.outer(days, days))
        return middle, parts @ np.array(self.errors) @ parts.T + gathered


class Level(NamedTuple):
    """Where the level stands on the last usual day, in all ways in which it may wander, the likeliest first.

    What comes is averaged over them by their weights: a few weeks can hardly tell a level that comes back
    from one that does not, and the mean of forecasts is nearer than most (J. M. Bates and C. W. J. Granger,
    1969, "The combination of forecasts", Operational Research Quarterly 20; by their likelihood: J. A.
    Hoeting and others, 1999, "Bayesian model averaging: a tutorial", Statistical Science 14).
    """

    ways: tuple[Way, ...]
    trend_per_day: float  # 0 where there is none to be seen
    drift_sd_per_day: float  # most likely
    drift_low: float
    drift_high: float

    @property
    def level(self) -> float:
        """The likeliest level on the last usual day; 1 is the period's mean."""
        return math.exp(self.ways[0].base + self.ways[0].wandered)

    @property
    def se(self) -> float:
        """The standard error of `level`."""
        return self.level * math.sqrt(float(np.array(self.ways[0].errors)[:2, :2].sum()))

    @property
    def trend_se(self) -> float:
        return math.sqrt(self.ways[0].errors[2][2])

    @property
    def half_life_days(self) -> float:
        """After how many days the level has likeliest come half way back; infinite for a random walk."""
        kept = self.ways[0].persistence
        return math.inf if kept >= 1.0 else math.log(0.5) / math.log(kept)

    def at(self, days_ahead: float) -> tuple[float, float]:
        """The level some days after the last: its median, and the coefficient of variation of its error."""
        found = self._over(np.array([float(days_ahead)]))
        return found.factor, found.cv

    def over(self, first: int, last: int) -> Ahead:
        """The mean level from the first to the last of some days ahead; 1 is the day after the last."""
        return self._over(np.arange(first, last + 1, dtype=float))

    def _over(self, days: Floats) -> Ahead:
        weights = np.array([way.weight for way in self.ways])
        moments = [way.ahead(days, self.trend_per_day) for way in self.ways]
        log_means = np.array([math.log(np.exp(middle).mean()) for middle, _ in moments])
        log_factor = float(weights @ log_means)
        of_mean = np.array([max(float(covariance.mean()), 0.0) for _, covariance in moments])
        daily = np.array([float(np.trace(covariance)) / len(days) for _, covariance in moments])
        between = float(weights @ (log_means - log_factor) ** 2)
        error = float(weights @ of_mean) + between
        within = float(weights @ np.maximum(daily - of_mean, 0.0))
        return Ahead(
            math.exp(log_factor),
            math.sqrt(math.expm1(min(error, _KNOWN_NOTHING))),
            math.sqrt(within),
        )


def widened(cv: float, days: int) -> float:
    """The error of a level that was followed for so many days: it may wander further than it has.

    Errors are widened as Student's 90 % interval is wider than the normal law's, with a degree of freedom a
    week but two: one for the level, one for how far it wanders.
    """
    freedom = max(days / 7.0 - 2.0, 1.0)
    return cv * float(special.stdtrit(freedom, 0.95) / special.ndtri(0.95))
