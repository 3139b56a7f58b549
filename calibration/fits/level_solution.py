"""A series smoothed in all ways in which its level may wander, and where that leaves the level."""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.count_grid import Floats
from calibration.fits.level_ahead import Level, Way
from calibration.fits.level_filter import Series, Smoothed, smooth
from calibration.fits.level_variances import STANDING, Estimate, Noise, Variances, Wandering

_STILL: Final = Estimate(0.0, 0.0, 0.0)
_DRIFT_DAYS: Final = 14  # beside the columns
_DRIFT_SPAN: Final = 20.0  # days


class Solution(NamedTuple):
    """The smoothed series, the likeliest way of wandering first; None for `variances` that nothing tells."""

    ways: tuple[tuple[Wandering, Smoothed], ...]
    variances: Variances | None
    series: Series

    @property
    def smoothed(self) -> Smoothed:
        return self.ways[0][1]


def may_drift(times: Floats, columns: int) -> bool:
    """Whether days at these times, beside the means of so many columns, can show that a level drifts."""
    return len(times) - columns >= _DRIFT_DAYS and float(np.ptp(times)) >= _DRIFT_SPAN


def solution(series: Series, noise: Noise, variances: Variances | None) -> Solution:
    """Smooth a series in each way.

    Errors are those with the drift to reckon with, averaged over what is likely, not the most likely one.
    """
    ways = variances.ways if variances else (STANDING,)
    return Solution(tuple((way, _with_errors(series, noise, way)) for way in ways), variances, series)


def smoothed_by(series: Series, noise: Noise, way: Wandering) -> Smoothed:
    """The series smoothed with what is most likely in one way."""
    return smooth(series, noise.of(way.day_sd**2)[0], way.drift_sd**2, way.persistence)


def _with_errors(series: Series, noise: Noise, way: Wandering) -> Smoothed:
    wider = smooth(series, noise.of(way.day_sd**2)[0], way.drift_mean_square, way.persistence)
    return smoothed_by(series, noise, way)._replace(cov=wider.cov)


def path(series: Series, smoothed: Smoothed, first: int, weights: Floats) -> Floats:
    """The level on the days of a series, of weighted mean 1; its line, if any, is column `first` of x."""
    log_path = series.x[:, first:] @ smoothed.b[first:] + smoothed.level
    found = np.exp(log_path)
    return np.asarray(found / np.average(found, weights=weights))


def to_path(series: Series, first: int) -> Floats:
    """What makes the logarithm of the path of (b, l), [day, column + day]."""
    n = len(series.z)
    return np.hstack([np.zeros((n, first)), series.x[:, first:], np.eye(n)])


def level_at_end(found: Solution, first: int, weights: Floats) -> Level:
    """Where the level stands on the last day; a line along which it wanders is column `first` of x."""
    size, trending = len(found.smoothed.cov), found.series.x.shape[1] > first
    making = to_path(found.series, first)
    slope = np.eye(size)[first] if trending else np.zeros(size)
    last = np.eye(size)[-1]
    rows = np.array([last, making[-1] - last - np.average(making, axis=0, weights=weights), slope])
    drift = found.variances.drift if found.variances else _STILL
    return Level(
        ways=tuple(_way(found.series, way, each, rows, first, weights) for way, each in found.ways),
        trend_per_day=float(found.smoothed.b[first]) if trending else 0.0,
        drift_sd_per_day=drift.sd,
        drift_low=drift.low,
        drift_high=drift.high,
    )


def _way(
    series: Series, way: Wandering, smoothed: Smoothed, rows: Floats, first: int, weights: Floats
) -> Way:
    return Way(
        weight=way.weight,
        base=math.log(path(series, smoothed, first, weights)[-1]) - float(smoothed.level[-1]),
        wandered=float(smoothed.level[-1]),
        errors=tuple(tuple(float(v) for v in row) for row in rows @ smoothed.cov @ rows.T),
        persistence=way.persistence,
        drift_per_day=math.sqrt(way.drift_mean_square),
    )
