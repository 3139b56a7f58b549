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
from calibration.fits.level_ahead import Level, Way
from calibration.fits.level_filter import Series, Smoothed, smooth
from calibration.fits.level_variances import (
    HALF_LIVES_DAYS,
    RANDOM_WALK,
    STANDING,
    Estimate,
    Noise,
    Variances,
    Wandering,
    search,
)

_ROUNDS: Final = 8
_CLOSE: Final = 1e-5
_NEAR: Final = 1e-3  # a change of log means that variances do not notice
_DRIFT_DAYS: Final = 14  # usual days beside the weekdays' means that can show a drift
_DRIFT_SPAN: Final = 20.0  # days
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


class _Solution(NamedTuple):
    ways: tuple[tuple[Wandering, Smoothed], ...]  # the likeliest first
    variances: Variances | None
    series: Series

    @property
    def smoothed(self) -> Smoothed:
        return self.ways[0][1]


def fit_levels(days: Totals) -> LevelFit:
    """Fit totals of usual days. Raises ``ValueError`` where no contact came on any of them."""
    weekdays = [w for w in range(7) if days.counts[days.weekdays == w].sum() > 0]
    if not weekdays:
        raise ValueError("has no contacts on usual days")
    kept = days.on(weekdays)
    columns = (kept.weekdays[:, None] == np.array(weekdays)).astype(float)
    found = _solved(kept, columns)
    line = _trend(kept, columns, found)
    return _told(kept, weekdays, line or found, trending=line is not None)


def _trend(days: Totals, columns: Floats, plain: _Solution) -> _Solution | None:
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


def _solved(days: Totals, x: Floats, half_lives: Mapping[float, float] = HALF_LIVES_DAYS) -> _Solution:
    """Iterate means and variances until they agree.

    Errors are those with the drift to reckon with, averaged over what is likely, not the most likely one.
    """
    drifts = len(days.counts) - x.shape[1] >= _DRIFT_DAYS and float(np.ptp(days.times)) >= _DRIFT_SPAN
    identified = len(days.counts) > x.shape[1]
    log_share, log_mean = np.log(days.share), _first_means(days)
    variances, change = None, math.inf
    for _ in range(_ROUNDS):
        mean = np.exp(log_mean)
        noise = Noise(days.intervals, 1.0 / mean)
        series = Series(log_mean - log_share + days.counts / mean - 1.0, x, days.times)
        if identified and change > _NEAR:
            variances = search(series, noise, half_lives if drifts else {}, variances)
        smoothed = _smoothed(series, noise, variances.ways[0] if variances else STANDING)
        change = float(np.max(np.abs(smoothed.fitted + log_share - log_mean)))
        log_mean = smoothed.fitted + log_share
        if change < _CLOSE:
            break
    ways = variances.ways if variances else (STANDING,)
    return _Solution(tuple((way, _with_errors(series, noise, way)) for way in ways), variances, series)


def _smoothed(series: Series, noise: Noise, way: Wandering) -> Smoothed:
    return smooth(series, noise.of(way.day_sd**2)[0], way.drift_sd**2, way.persistence)


def _with_errors(series: Series, noise: Noise, way: Wandering) -> Smoothed:
    """The most likely solution, with errors as the drift may be larger."""
    wider = smooth(series, noise.of(way.day_sd**2)[0], way.drift_mean_square, way.persistence)
    return _smoothed(series, noise, way)._replace(cov=wider.cov)


def _first_means(days: Totals) -> Floats:
    mean = np.zeros(len(days.counts))
    for w in set(days.weekdays.tolist()):
        of_day = days.weekdays == w
        mean[of_day] = days.counts[of_day].sum() / days.share[of_day].sum() * days.share[of_day]
    return np.log(mean)


def _told(days: Totals, weekdays: list[int], found: _Solution, trending: bool) -> LevelFit:
    smoothed, k, n = found.smoothed, len(weekdays), len(days.counts)
    path = _path(found.series, smoothed, k)
    to_path = np.hstack([np.zeros((n, k)), found.series.x[:, k:], np.eye(n)])
    relative = to_path - to_path.mean(axis=0)
    log_se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", relative, smoothed.cov, relative), 0.0))
    volumes = []
    for j, w in enumerate(weekdays):
        of_day = days.weekdays == w
        contacts = float(days.counts[of_day].sum() / (days.share[of_day] @ path[of_day]))
        combined = to_path.mean(axis=0) + np.eye(len(smoothed.cov))[j]
        se = math.sqrt(float(combined @ smoothed.cov @ combined))
        volumes.append(Volume(w, contacts, se, int(of_day.sum())))
    slope = np.eye(len(smoothed.cov))[k] if trending else np.zeros(len(smoothed.cov))
    last = np.eye(len(smoothed.cov))[-1]
    rows = np.array([last, to_path[-1] - last - to_path.mean(axis=0), slope])
    level = _level(found, rows, k, trending)
    around = _around_weekdays(found.series.x)
    return LevelFit(
        tuple(volumes),
        level,
        path,
        log_se,
        days.times,
        found.variances,
        around @ found.series.z,
        around,
    )


def _around_weekdays(x: Floats) -> Floats:
    """What takes the means by columns away, [day, day]."""
    return np.asarray(np.eye(len(x)) - x @ np.linalg.pinv(x))


def _path(series: Series, smoothed: Smoothed, weekdays: int) -> Floats:
    """The level on the usual days, of mean 1; after the columns of so many weekdays come others."""
    log_path = series.x[:, weekdays:] @ smoothed.b[weekdays:] + smoothed.level
    return np.asarray(np.exp(log_path) / np.exp(log_path).mean())


def _level(found: _Solution, rows: Floats, weekdays: int, trending: bool) -> Level:
    """The level at the end; `rows` tell its parts by (b, l): the wandering, the rest, the slope."""
    variances, smoothed = found.variances, found.smoothed
    none = Estimate(0.0, 0.0, 0.0)
    drift = variances.drift if variances else none
    return Level(
        ways=tuple(
            Way(
                weight=way.weight,
                base=math.log(_path(found.series, each, weekdays)[-1]) - float(each.level[-1]),
                wandered=float(each.level[-1]),
                errors=tuple(tuple(float(v) for v in row) for row in rows @ each.cov @ rows.T),
                persistence=way.persistence,
                drift_per_day=math.sqrt(way.drift_mean_square),
            )
            for way, each in found.ways
        ),
        trend_per_day=float(smoothed.b[weekdays]) if trending else 0.0,
        drift_sd_per_day=drift.sd,
        drift_low=drift.low,
        drift_high=drift.high,
    )
