"""Levels: they are followed, their errors are honest, and a trend is seen only where there is one."""

import math

import numpy as np
import pytest

from calibration.fits.level_filter import Series, deviance, level_covariance, smooth, wandered
from calibration.fits.level_variances import Noise
from calibration.fits.levels import LevelFit, Totals, fit_levels
from calibration.fits.stream_fit import fit_stream
from tests.calibration.fits.arrival_worlds import Stream, World, world


def fitted(made: World) -> LevelFit:
    levels = fit_stream(made.grid, "s0").levels
    assert levels is not None
    return levels


def true_path(made: World, found: LevelFit) -> np.ndarray:
    level = made.level[0][found.times.astype(int)]
    return np.asarray(level / level.mean())


def test_a_level_that_moves_is_followed() -> None:
    off, still_off, score = [], [], []
    for seed in range(16):
        made = world(seed, (Stream(100.0, day_cv=0.05, drift=0.03),), weeks=16, intervals=12)
        found = fitted(made)
        truth = np.log(true_path(made, found))
        off.append(np.mean((np.log(found.path) - truth) ** 2))
        still_off.append(np.mean((truth - truth.mean()) ** 2))
        score.append((math.log(found.level.level) - truth[-1]) / (found.level.se / found.level.level))
    assert np.mean(off) < 0.25 * np.mean(still_off)
    assert np.mean(np.abs(score) < 1.96) >= 0.8
    assert np.mean(np.square(score)) < 2.5


def test_forecasts_hold_what_comes() -> None:
    """The level of the next four weeks lies in the 90 % interval about as often as that says."""
    inside = []
    for seed in range(24):
        made = world(seed, (Stream(100.0, day_cv=0.05, drift=0.02),), weeks=20, intervals=12)
        past = made.grid._replace(
            days=made.grid.days[:112], open=made.grid.open[:112], counts=made.grid.counts[:, :112]
        )
        found = fitted(World(past, made.means, made.level))
        ahead = found.level.over(1, 28)
        base = made.level[0][found.times.astype(int)].mean()
        truth = made.level[0][112:140].mean() / base
        inside.append(abs(math.log(truth / ahead.factor)) <= 1.645 * math.sqrt(math.log1p(ahead.cv**2)))
    assert 0.75 <= np.mean(inside) <= 1.0


def test_no_drift_gives_a_level_of_one() -> None:
    found = [fitted(world(seed, (Stream(50.0, day_cv=0.1),), intervals=12)) for seed in range(12)]
    assert np.median([each.level.drift_sd_per_day for each in found]) < 0.01
    assert sum(each.level.drift_low > 0.0 for each in found) <= 2
    assert all(each.level.trend_per_day == 0.0 for each in found)
    assert np.mean([abs(each.level.level - 1.0) for each in found]) < 0.03


def test_a_trend_is_seen_and_carried_on() -> None:
    made = world(3, (Stream(100.0, day_cv=0.05, trend=0.004),), weeks=16, intervals=12)
    found = fitted(made)
    assert found.level.trend_per_day == pytest.approx(0.004, abs=4 * found.level.trend_se)
    assert found.level.trend_per_day > 0.002
    now, soon = found.level.at(0)[0], found.level.at(30)[0]
    assert soon / now == pytest.approx(math.exp(30 * found.level.trend_per_day), rel=0.02)


def test_trends_are_not_seen_in_walks() -> None:
    walks = [fitted(world(s, (Stream(100.0, day_cv=0.05, drift=0.02),), 16, intervals=8)) for s in range(10)]
    assert sum(each.level.trend_per_day != 0.0 for each in walks) <= 2


def test_errors_grow_with_the_days_ahead() -> None:
    level = fitted(world(4, (Stream(100.0, day_cv=0.05, drift=0.03),), weeks=16, intervals=12)).level
    cvs = [level.at(days)[1] for days in (0, 1, 7, 30)]
    assert cvs == sorted(cvs)
    assert cvs[0] == pytest.approx(level.se / level.level, rel=0.05)
    month = level.over(1, 30)
    assert month.within > 0
    assert month.cv < level.at(30)[1]


def totals(days: int, weekdays: int = 1, count: float = 100.0) -> Totals:
    n = np.arange(days)
    return Totals(np.full(days, count), n % weekdays, n.astype(float), np.ones(days), np.zeros(days))


def test_too_few_days_tell_no_scatter() -> None:
    found = fit_levels(totals(5, weekdays=5))
    assert found.variances is None
    assert [each.contacts for each in found.volumes] == pytest.approx([100.0] * 5)
    assert found.level.level == pytest.approx(1.0)
    assert found.volumes[0].log_se == pytest.approx(0.1)  # by chance alone
    with pytest.raises(ValueError, match="no contacts"):
        fit_levels(totals(5, count=0.0))


@pytest.mark.parametrize("persistence", [1.0, 0.9])
def test_the_filter_is_the_likelihood_written_out(persistence: float) -> None:
    """Against the density of contrasts, by dense matrices; only differences between cases are defined."""
    random = np.random.default_rng(1)
    times = np.cumsum(random.integers(1, 4, 15)).astype(float)
    weekday = np.arange(15) % 3
    x = (weekday[:, None] == np.arange(3)).astype(float)
    series = Series(random.normal(size=15), x, times)
    noise = Noise(np.full(15, 0.1), random.uniform(0.1, 0.3, 15))
    cases = [(0.0, 0.0), (0.5, 0.2), (1.0, 0.01)]
    day, drift = (np.array(each) for each in zip(*cases, strict=True))
    found = deviance(series, noise.of(day), drift, np.full(3, persistence))
    contrast = np.linalg.svd(x)[0][:, 3:]
    dense = []
    for k in range(3):
        cov = np.diag(noise.of(day)[k]) + level_covariance(times, drift[k], persistence)
        part = contrast.T @ cov @ contrast
        left = contrast.T @ series.z
        dense.append(np.linalg.slogdet(part)[1] + left @ np.linalg.solve(part, left))
    assert np.diff(found) == pytest.approx(np.diff(dense))


def test_smoothing_is_the_conditional_mean() -> None:
    random = np.random.default_rng(2)
    times = np.arange(12.0)
    x = np.ones((12, 1))
    z, noise = random.normal(size=12), np.full(12, 0.5)
    found = smooth(Series(z, x, times), noise, 0.3, 0.8)
    walk = level_covariance(times, 0.3, 0.8)
    cov = walk + np.diag(noise)
    b = np.linalg.solve(x.T @ np.linalg.solve(cov, x), x.T @ np.linalg.solve(cov, z))
    assert found.b == pytest.approx(b)
    assert found.level == pytest.approx(walk @ np.linalg.solve(cov, z - x @ b))
    assert found.residual_maker @ z == pytest.approx(z - found.fitted)
    assert found.cov[0, 0] == pytest.approx(1.0 / float((x.T @ np.linalg.solve(cov, x))[0, 0]))


def test_a_walk_gathers_variance_day_by_day() -> None:
    one = np.ones(3)
    assert wandered(0.1 * one, one, np.array([0.0, 1.0, 4.0])) == pytest.approx([0.0, 0.1, 0.4])
    back = wandered(0.1 * one, 0.5 * one, np.array([0.0, 1.0, 100.0]))
    assert back == pytest.approx([0.0, 0.1, 0.1 / 0.75])
