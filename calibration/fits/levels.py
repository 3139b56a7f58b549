"""The level of a stream over its period: volumes of weekdays, a wandering level, a trend if there is one.

Each usual day's total has the mean V(weekday) x L(day). log L wanders (`level_filter.py`), along a line if
its slope differs from 0 at 1 %, and a factor of the day's own scatters it. The means are found by penalised
quasi-likelihood: the linear model for log mean + (N - mean) / mean, again and again (Breslow and Clayton
1993, "Approximate inference in generalized linear mixed models", Journal of the American Statistical
Association 88). So the variance of the day's factor is that around a moving level, with the degrees of
freedom that weekdays and level have taken.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Floats, Ints
from calibration.fits.level_ahead import Level
from calibration.fits.level_filter import Series
from calibration.fits.level_solution import (
    Solution,
    level_at_end,
    may_drift,
    path,
    smoothed_by,
    solution,
    to_path,
)
from calibration.fits.level_variances import (
    HALF_LIVES_DAYS,
    RANDOM_WALK,
    STANDING,
    Noise,
    Variances,
    search,
)

_ROUNDS: Final = 8
_CLOSE: Final = 1e-5
_NEAR: Final = 1e-3  # a change of log means that variances do not notice
_TREND_SPAN: Final = 41.0
_TREND_ERROR: Final = 0.01
_MOVES: Final = 1.0  # deviance of no drift, without which no trend is looked for


class Totals(NamedTuple):
    """Usual days: what came, when, and what is known of the scatter; all [day]."""

    counts: Floats
    weekdays: Ints
    times: Floats  # days since the period's first
    share: Floats  # of the weekday's contacts in the intervals that were open on the day
    intervals: Floats  # relative variance of the total by the intervals' factors

    def on(self, weekdays: list[int]) -> "Totals":
        """The days of some weekdays."""
        rows = np.isin(self.weekdays, weekdays)
        return Totals(
            self.counts[rows],
            self.weekdays[rows],
            self.times[rows],
            self.share[rows],
            self.intervals[rows],
        )


class Volume(NamedTuple):
    """Contacts of a weekday at the mean level, all its intervals open; `log_se` of its logarithm."""

    weekday: int
    contacts: float
    log_se: float
    days: int


class LevelFit(NamedTuple):
    """Everything about totals of days. `variances` is None where there are no more days than weekdays."""

    volumes: tuple[Volume, ...]
    level: Level
    path: Floats  # [day] level of the usual days, of mean 1
    path_log_se: Floats
    times: Floats
    variances: Variances | None
    residuals: Floats  # [day] relative, around the means of weekdays and the trend: level and day's factor
    residual_maker: Floats  # [day, day]

    def level_on(self, times: Floats) -> Floats:
        """The level on any days; between two usual ones on a line of the logarithm."""
        return np.asarray(np.exp(np.interp(times, self.times, np.log(self.path))))


def fit_levels(days: Totals) -> LevelFit:
    """Fit totals of usual days. Raises ``ValueError`` where no contact came on any of them."""
    weekdays = [w for w in range(7) if days.counts[days.weekdays == w].sum() > 0]
    if not weekdays:
        raise ValueError("has no contacts on usual days")
    kept = days.on(weekdays)
    columns = (kept.weekdays[:, None] == np.array(weekdays)).astype(float)
    found = _solved(kept, columns)
    line = _trend(kept, columns, found)
    return _told(kept, weekdays, line or found)


def _trend(days: Totals, columns: Floats, plain: Solution) -> Solution | None:
    """The solution with a trend, if that is significant beside a random walk.

    (Beside a level that comes back to the line, most walks would have one.)
    """
    span = float(np.ptp(days.times))
    if plain.variances is None or span < _TREND_SPAN or plain.variances.no_drift < _MOVES:
        return None
    line = _solved(days, np.column_stack([columns, days.times - days.times.mean()]), RANDOM_WALK)
    freedom = len(days.counts) - columns.shape[1] - 1
    k = columns.shape[1]
    slope, se = line.smoothed.b[k], math.sqrt(line.smoothed.cov[k, k])
    return line if abs(slope) > se * special.stdtrit(freedom, 1.0 - _TREND_ERROR / 2) else None


def _solved(days: Totals, x: Floats, half_lives: Mapping[float, float] = HALF_LIVES_DAYS) -> Solution:
    """Iterate means and variances until they agree."""
    drifts = may_drift(days.times, x.shape[1])
    identified = len(days.counts) > x.shape[1]
    log_share, log_mean = np.log(days.share), _first_means(days)
    variances, change = None, math.inf
    for _ in range(_ROUNDS):
        mean = np.exp(log_mean)
        noise = Noise(days.intervals, 1.0 / mean)
        series = Series(log_mean - log_share + days.counts / mean - 1.0, x, days.times)
        if identified and change > _NEAR:
            variances = search(series, noise, half_lives if drifts else {}, variances)
        smoothed = smoothed_by(series, noise, variances.ways[0] if variances else STANDING)
        change = float(np.max(np.abs(smoothed.fitted + log_share - log_mean)))
        log_mean = smoothed.fitted + log_share
        if change < _CLOSE:
            break
    return solution(series, noise, variances)


def _first_means(days: Totals) -> Floats:
    mean = np.zeros(len(days.counts))
    for w in set(days.weekdays.tolist()):
        of_day = days.weekdays == w
        mean[of_day] = days.counts[of_day].sum() / days.share[of_day].sum() * days.share[of_day]
    return np.log(mean)


def _told(days: Totals, weekdays: list[int], found: Solution) -> LevelFit:
    smoothed, k, weights = found.smoothed, len(weekdays), np.ones(len(days.counts))
    level_path, making = path(found.series, smoothed, k, weights), to_path(found.series, k)
    relative = making - making.mean(axis=0)
    log_se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", relative, smoothed.cov, relative), 0.0))
    volumes = []
    for j, w in enumerate(weekdays):
        of_day = days.weekdays == w
        contacts = float(days.counts[of_day].sum() / (days.share[of_day] @ level_path[of_day]))
        combined = making.mean(axis=0) + np.eye(len(smoothed.cov))[j]
        se = math.sqrt(float(combined @ smoothed.cov @ combined))
        volumes.append(Volume(w, contacts, se, int(of_day.sum())))
    around = _around_weekdays(found.series.x)
    return LevelFit(
        tuple(volumes),
        level_at_end(found, k, weights),
        level_path,
        log_se,
        days.times,
        found.variances,
        around @ found.series.z,
        around,
    )


def _around_weekdays(x: Floats) -> Floats:
    """What takes the means by columns away, [day, day]."""
    return np.asarray(np.eye(len(x)) - x @ np.linalg.pinv(x))
