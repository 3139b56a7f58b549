"""A level that wanders under noisy days: likelihoods by a Kalman filter, for many variances at once.

    z(d) = x(d)' b + l(d) + e(d),   e(d) ~ N(0, r(d))

The level is a random walk, with steps of variance q a day (persistence 1), or comes back to its mean: l(d) =
k l(d - 1) + N(0, q), begun in its steady state. The columns of x hold the constant, so that the walk may
start at 0. The filter runs over z and over the columns of x with the same gains, which gives the likelihood
with b taken out (restricted: Harvey 1989, "Forecasting, structural time series models and the Kalman filter",
sections 3.2 and 3.4; de Jong 1991, "The diffuse Kalman filter", Annals of Statistics 19).
"""

from typing import NamedTuple

import numpy as np
from scipy import linalg

from calibration.fits.count_grid import Floats


class Series(NamedTuple):
    """What is filtered: observations [day], columns [day, column], and when the days are (in days)."""

    z: Floats
    x: Floats
    times: Floats


class Smoothed(NamedTuple):
    """The solution for given variances."""

    b: Floats  # [column]
    level: Floats  # [day] l(d)
    cov: Floats  # of the errors of (b, l), [column + day, column + day]
    fitted: Floats  # [day]
    residual_maker: Floats  # A [day, day], with z - fitted = A z


def wandered(drift: Floats, persistence: Floats, days: Floats) -> Floats:
    """The variance that a level gathers in some days; `drift` a day."""
    with np.errstate(divide="ignore", invalid="ignore"):
        back = drift * (1.0 - persistence ** (2.0 * days)) / (1.0 - persistence**2)
    return np.asarray(np.where(persistence < 1.0, back, drift * days))


def level_covariance(times: Floats, drift: float, persistence: float) -> Floats:
    """The covariance of the level on some days, [day, day]; a random walk is 0 on the first."""
    if persistence < 1.0:
        apart = np.abs(np.subtract.outer(times, times))
        return np.asarray(drift / (1.0 - persistence**2) * persistence**apart)
    return np.asarray(drift * (np.minimum.outer(times, times) - times[0]))


def deviance(series: Series, noise: Floats, drift: Floats, persistence: Floats) -> Floats:
    """-2 log of the restricted likelihood up to a constant, [case]; `noise` is [case, day]."""
    cases, columns, days = len(drift), series.x.shape[1], len(series.z)
    both = np.column_stack([series.x, series.z])  # [day, column + 1]
    mean, variance = np.zeros((cases, columns + 1)), level_start(drift, persistence)
    innovations, totals = np.empty((days, cases, columns + 1)), np.empty((days, cases))
    steps = np.diff(series.times, prepend=series.times[0])
    moves = {step: (persistence**step, wandered(drift, persistence, step)) for step in set(steps.tolist())}
    for day, step in enumerate(steps.tolist()):
        kept, more = moves[step]
        mean = kept[:, None] * mean
        variance = kept**2 * variance + more
        totals[day] = variance + noise[:, day]
        np.subtract(both[day], mean, out=innovations[day])
        gain = variance / totals[day]
        mean = mean + gain[:, None] * innovations[day]
        variance = variance * (1.0 - gain)
    log_sum = np.log(totals).sum(axis=0)
    innovations /= np.sqrt(totals)[:, :, None]
    squares = innovations.transpose(1, 2, 0) @ innovations.transpose(1, 0, 2)
    information, with_z = squares[:, :-1, :-1], squares[:, :-1, -1]
    b = np.linalg.solve(information, with_z[:, :, None])[:, :, 0]
    left = squares[:, -1, -1] - np.einsum("ck,ck->c", b, with_z)
    return np.asarray(log_sum + np.linalg.slogdet(information)[1] + left)


def level_start(drift: Floats, persistence: Floats) -> Floats:
    """The variance of the level on the first day."""
    steady = np.divide(drift, 1.0 - persistence**2, out=np.zeros_like(drift), where=persistence < 1.0)
    return np.asarray(steady)


def smooth(series: Series, noise: Floats, drift: float, persistence: float) -> Smoothed:
    """Best linear unbiased estimates for given variances (Robinson 1991, Statistical Science 6)."""
    walk = level_covariance(series.times, drift, persistence)
    root = linalg.cho_factor(walk + np.diag(noise), lower=True)
    inverse = linalg.cho_solve(root, np.eye(len(noise)))
    weighted = inverse @ series.x
    of_b = np.linalg.inv(series.x.T @ weighted)
    to_b = of_b @ weighted.T
    projection = inverse - weighted @ to_b  # z -> inverse covariance x (z - x b)
    across = -to_b @ walk
    of_level = walk - walk @ projection @ walk
    residual_maker = noise[:, None] * projection
    return Smoothed(
        to_b @ series.z,
        walk @ (projection @ series.z),
        np.block([[of_b, across], [across.T, of_level]]),
        series.z - residual_maker @ series.z,
        residual_maker,
    )
