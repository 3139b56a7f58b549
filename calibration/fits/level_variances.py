"""How much days scatter, how fast their level wanders, and how long it stays away: from one likelihood.

The restricted likelihood is laid out on a grid of standard deviations, for a few half-lives of the level,
coarse first and then where it is not negligible. The interval of the day's variance is that of the profile
likelihood (Venzon and Moolgavkar 1988, Applied Statistics 37), widened for two things: the excess kurtosis k
of gamma-Poisson totals, which makes the variance of a variance 1 + k / 2 times that of a normal law's, and
small samples (Bartlett 1937: of a normal law's variance with f degrees of freedom the mean of the statistic
is f (log(f / 2) - digamma(f / 2))).

The total is what scatters days around the profile of the whole period: the day's factor and the level's
wandering within it. Data tell it better than its parts, and nearly without bias; where the level stands
still, what wandering is seen by chance is missing in the day's variance (some 8 % of it with 60 days). So
its interval has the quantile of Student's law; that of the total is a profile's too.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from scipy import interpolate, special

from calibration.fits.count_grid import Bools, Floats, some
from calibration.fits.level_filter import Series, deviance, level_covariance

CHI_SQUARED: Final = 3.841458820694124  # 95 %, one degree of freedom
HALF_LIVES_DAYS: Final = {5.0: 4.0, 20.0: 2.0, math.inf: 1.0}
"""Half-lives of a level away from its mean (inf: a random walk), and how likely each is beside the others
before any data are seen: levels that come back forecast the next four weeks better, on three centres."""
RANDOM_WALK: Final = {math.inf: 1.0}
_NEGLIGIBLE: Final = 14.0  # deviance
_UNLIKELY: Final = 8.0  # deviance of a half-life that is left out
_FINE: Final = 80
_FIRST_STEPS: Final = (14, 8)  # of day and drift
_STEPS: Final = (20, 10)
_COARSE_DRIFT: Final = (0.0, 0.003, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.0)
_COARSE_DAY: Final = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25, 1.45, 1.7, 2.2)


class Noise(NamedTuple):
    """What scatters the days' totals beside their factor: relative variances, [day]."""

    intervals: Floats  # by the factors of the intervals
    chance: Floats  # by the Poisson law

    def of(self, day_variance: Floats | float) -> Floats:
        """The variance of each day for given variances of the day's factor, [case, day]."""
        day = np.reshape(np.asarray(day_variance, float), (-1, 1))
        return np.asarray(day * (1.0 + self.intervals) + self.intervals + self.chance)


class Estimate(NamedTuple):
    """A standard deviation with its 95 % interval."""

    sd: float
    low: float
    high: float


class Axes(NamedTuple):
    """The standard deviations and persistences over which the likelihood is laid out."""

    day: Floats
    drift: Floats
    persistence: Floats
    prior: Floats  # of each persistence, beside the likelihood


class Wandering(NamedTuple):
    """A way in which the level may wander, and what is likeliest then; the weights of all are 1 together."""

    weight: float
    persistence: float  # the level's share that is left a day later; 1: a random walk
    day_sd: float
    drift_sd: float
    drift_mean_square: float  # the drift's variance a day, averaged over what is likely


STANDING: Final = Wandering(1.0, 1.0, 0.0, 0.0, 0.0)
"""A level that does not move, and days that do not differ but by chance."""


class Variances(NamedTuple):
    """Of the day's factor, of the level's steps in a day, and of both together around the period's mean."""

    day: Estimate
    drift: Estimate
    total: Estimate
    ways: tuple[Wandering, ...]  # the likeliest first, whatever their prior
    no_drift: float  # deviance of no drift at all
    axes: Axes  # where the likelihood is not negligible


class _Layout(NamedTuple):
    axes: Axes
    deviance: Floats  # [persistence, day, drift], least 0


def search(
    series: Series, noise: Noise, half_lives: Mapping[float, float], near: Variances | None = None
) -> Variances:
    """The most likely variances, with the half-lives of the level to choose from; none: it does not move.

    There must be more days than columns. `near` are those of nearly the same series, to spare the search.
    """
    freedom = len(series.z) - series.x.shape[1]
    if near is None:
        layout = _laid_out(series, noise, _coarse(_scale(series, freedom), freedom, half_lives))
        for steps in (_FIRST_STEPS, _STEPS) if half_lives else (_STEPS,):
            layout = _laid_out(series, noise, _closer(layout, *steps))
    else:
        layout = _laid_out(series, noise, near.axes)
    return _read_off(layout, _cut(series, noise, layout, freedom), freedom, series.times)


def _coarse(scale: float, freedom: int, half_lives: Mapping[float, float]) -> Axes:
    """Axes from 0 to far beyond what a spread of the days allows."""
    widest = 1.3 * math.sqrt(freedom / (2.0 * float(special.gammaincinv(freedom / 2, 0.02))))
    far = [] if widest <= _COARSE_DAY[-1] else [(widest + _COARSE_DAY[-1]) / 2, widest]
    drift = _COARSE_DRIFT if half_lives else (0.0,)
    ways = half_lives or RANDOM_WALK
    persistence = 0.5 ** (1.0 / np.array(list(ways)))
    prior = np.array(list(ways.values()))
    return Axes(scale * np.append(_COARSE_DAY, far), scale * np.array(drift), persistence, prior)


def _scale(series: Series, freedom: int) -> float:
    """The standard deviation around the columns alone."""
    b = np.linalg.lstsq(series.x, series.z, rcond=None)[0]
    left = float(np.sum((series.z - series.x @ b) ** 2))
    return max(math.sqrt(left / freedom), 1e-6)


def _laid_out(series: Series, noise: Noise, axes: Axes) -> _Layout:
    grid = np.meshgrid(axes.persistence, axes.day**2, axes.drift**2, indexing="ij")
    persistence, day, drift = (each.ravel() for each in grid)
    found = deviance(series, noise.of(day), drift, persistence)
    return _Layout(axes, (found - found.min()).reshape(grid[0].shape))


def _closer(layout: _Layout, day_steps: int, drift_steps: int) -> Axes:
    """Even steps where the deviance is not negligible."""
    axes, near = layout.axes, layout.deviance < _NEGLIGIBLE
    likely = layout.deviance.min(axis=(1, 2)) < _UNLIKELY
    return Axes(
        _even(axes.day, some(near, (0, 2)), day_steps),
        _even(axes.drift, some(near, (0, 1)), drift_steps),
        axes.persistence[likely],
        axes.prior[likely],
    )


def _even(values: Floats, near: Bools, steps: int) -> Floats:
    """Even steps over the values that are near, and one more to each side."""
    if len(values) == 1:
        return values
    at = np.flatnonzero(near)
    return np.linspace(values[max(at[0] - 1, 0)], values[min(at[-1] + 1, len(values) - 1)], steps)


def _cut(series: Series, noise: Noise, layout: _Layout, freedom: int) -> float:
    """The deviance at the ends of the day's interval."""
    best = layout.axes.day[np.argmin(layout.deviance.min(axis=(0, 2)))] ** 2
    negative_binomial = best + noise.chance  # relative variance without the intervals' part
    fourth = negative_binomial**2 * (6.0 * best + noise.chance**2 / negative_binomial)
    kurtosis = float(np.mean(fourth / noise.of(best)[0] ** 2))
    bartlett = freedom * (math.log(freedom / 2) - float(special.digamma(freedom / 2)))
    return CHI_SQUARED * (1.0 + 0.5 * kurtosis) * bartlett


def _read_off(layout: _Layout, cut: float, freedom: int, times: Floats) -> Variances:
    axes = layout.axes
    beside_drift = float(special.stdtrit(freedom, 0.975)) ** 2 / CHI_SQUARED
    day = _profile(axes.day, layout.deviance.min(axis=(0, 2)), cut * beside_drift)
    if len(axes.drift) == 1:
        return Variances(day, Estimate(0.0, 0.0, 0.0), day, (STANDING._replace(day_sd=day.sd),), 0.0, axes)
    drift = _profile(axes.drift, layout.deviance.min(axis=(0, 1)), CHI_SQUARED)
    ways = _ways(layout)
    k = int(np.flatnonzero(axes.persistence == ways[0].persistence)[0])
    return Variances(
        day=day._replace(sd=ways[0].day_sd),
        drift=drift._replace(sd=ways[0].drift_sd),
        total=_total(layout, times, (ways[0].day_sd, ways[0].drift_sd), k, cut),
        ways=ways,
        no_drift=float(layout.deviance[:, :, 0].min()) if axes.drift[0] == 0 else _NEGLIGIBLE,
        axes=axes,
    )


def _ways(layout: _Layout) -> tuple[Wandering, ...]:
    """Each half-life with its share of prior and likelihood; that with the largest likelihood first."""
    axes, found = layout.axes, list[Wandering]()
    weights = np.exp(-0.5 * layout.deviance)
    shares = axes.prior * weights.sum(axis=(1, 2))
    for k, persistence in enumerate(axes.persistence.tolist()):
        of_drift, own = weights[k].sum(axis=0), layout.deviance[k]
        found.append(
            Wandering(
                weight=float(shares[k] / shares.sum()),
                persistence=persistence,
                day_sd=_vertex(axes.day, own.min(axis=1)),
                drift_sd=_vertex(axes.drift, own.min(axis=0)),
                drift_mean_square=float(of_drift @ axes.drift**2 / of_drift.sum()),
            )
        )
    order = np.argsort(-weights.sum(axis=(1, 2)), kind="stable")
    return tuple(found[k] for k in order.tolist())


def _total(layout: _Layout, times: Floats, likely: tuple[float, float], k: int, cut: float) -> Estimate:
    """What scatters days around the mean of the period: the profile over all ways to make it up."""
    within = [_within(level_covariance(times, 1.0, float(each))) for each in layout.axes.persistence]
    day, drift = (np.linspace(each[0], each[-1], _FINE) for each in layout.axes[:2])
    totals = [np.sqrt(day[:, None] ** 2 + each * drift**2) for each in within]
    finer = [interpolate.RectBivariateSpline(*layout.axes[:2], each)(day, drift) for each in layout.deviance]
    inside = np.array(totals)[np.array(finer) <= cut]
    sd = math.sqrt(likely[0] ** 2 + within[k] * likely[1] ** 2)
    return Estimate(sd, min(float(inside.min()), sd), max(float(inside.max()), sd))


def _within(covariance: Floats) -> float:
    """The mean square of a level's distance from its mean over some days, n - 1 for n."""
    n = len(covariance)
    return float(np.trace(covariance) / n - covariance.mean()) * n / max(n - 1, 1)


def _profile(at: Floats, deviances: Floats, cut: float) -> Estimate:
    """Where a profile is least, and where it crosses `cut` to both sides (or ends)."""
    fine = np.linspace(at[0], at[-1], 40 * len(at))
    curve = interpolate.PchipInterpolator(at, deviances)(fine)
    inside = np.flatnonzero(curve - curve.min() <= cut)
    return Estimate(_vertex(at, deviances), float(fine[inside[0]]), float(fine[inside[-1]]))


def _vertex(at: Floats, deviances: Floats) -> float:
    """The minimum, by the parabola through the three points around the least."""
    k = int(np.argmin(deviances))
    if k in (0, len(at) - 1):
        return float(at[k])
    curve = np.polyfit(at[k - 1 : k + 2] - at[k], deviances[k - 1 : k + 2], 2)
    return float(at[k] - curve[1] / (2.0 * curve[0])) if curve[0] > 0 else float(at[k])
