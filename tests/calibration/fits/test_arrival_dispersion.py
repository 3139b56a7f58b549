"""The scatter of intervals by residuals whose mean is exact, and what is left when all is taken away."""

import math

import numpy as np
import pytest

from calibration.fits.count_grid import CountGrid
from calibration.fits.dispersion import Table, fit_intervals, moments, tables
from calibration.fits.dispersion_index import dispersion_index
from calibration.fits.stream_fit import fit_stream
from tests.calibration.fits.arrival_worlds import Stream, curve, world


def table_of(counts: np.ndarray) -> list[Table]:
    return tables(
        counts, np.ones(counts.shape, bool), np.zeros(len(counts), np.int64), np.ones(len(counts), bool)
    )


def test_residuals_have_the_mean_that_is_reckoned_with() -> None:
    """Mean squares over many draws of one table, against what the projections say."""
    random = np.random.default_rng(1)
    mean = 200.0 * np.outer([1.0, 1.3, 0.8, 1.1], curve(6))
    variance, draws = 0.01, 3000
    busy = random.gamma(1.0 / variance, variance, (draws, *mean.shape))
    excess, scale = np.zeros(4), np.zeros(4)
    for drawn in random.poisson(mean * busy).astype(float):
        found = moments(table_of(drawn)[0], 4, variance)
        excess += found.excess
        scale += found.scale
    assert excess.sum() / scale.sum() == pytest.approx(variance, rel=0.03)
    assert excess / scale == pytest.approx(variance, rel=0.08)


def test_days_that_do_not_count_change_nothing() -> None:
    random = np.random.default_rng(2)
    counts = random.poisson(30.0 * np.tile(curve(12), (20, 1))).astype(float)
    plain = fit_intervals(table_of(counts), 20)
    more = np.vstack([counts, 1000.0 * np.ones((2, 12))])
    used = np.append(np.ones(20, bool), [False, False])
    found = fit_intervals(tables(more, np.ones(more.shape, bool), np.zeros(22, np.int64), used), 22)
    assert found.squared == pytest.approx(plain.squared)
    assert tuple(found.spread) == pytest.approx(tuple(plain.spread), nan_ok=True)


def test_pure_chance_has_an_interval_from_zero() -> None:
    lows = []
    for seed in range(40):
        counts = np.random.default_rng(seed).poisson(20.0 * np.tile(curve(16), (40, 1))).astype(float)
        lows.append(fit_intervals(table_of(counts), 40).spread.low)
    assert np.mean(np.array(lows) == 0.0) >= 0.9


def test_quiet_hours_do_not_speak_for_busy_ones() -> None:
    random = np.random.default_rng(3)
    mean = np.tile(np.append(np.full(10, 500.0), np.full(10, 5.0)), (60, 1))
    cv = np.where(mean > 100, 0.05, 0.5)
    counts = random.poisson(mean * random.gamma(cv**-2.0, cv**2)).astype(float)
    assert fit_intervals(table_of(counts), 60).spread.cv == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("shape", [(1, 10), (5, 1), (4, 4)])
def test_what_cannot_be_compared_is_unknown(shape: tuple[int, int]) -> None:
    counts = np.full(shape, 9.0) if shape != (4, 4) else np.zeros(shape)
    found = fit_intervals(table_of(counts), shape[0])
    assert found.spread.cv == 0.0
    assert math.isnan(found.spread.low)


def test_variance_over_mean_is_near_one_when_all_is_taken_away() -> None:
    made = world(4, (Stream(60.0, day_cv=0.15, interval_cv=0.1, drift=0.02),), weeks=16)
    fit = fit_stream(made.grid, "s0")
    for grid in (made.grid, made.grid.joined(3600)):
        own = fit if grid is made.grid else fit_stream(grid, "s0")
        found = dispersion_index(grid, own)
        assert found.before > found.profile > found.days > found.days_and_intervals
        assert found.profile > 2.0
        assert found.days_and_intervals == pytest.approx(1.0, abs=0.1)


def test_variance_over_mean_of_pure_chance_is_one_throughout() -> None:
    made = world(5, (Stream(20.0),), weeks=12, weekdays=1)
    found = dispersion_index(made.grid, fit_stream(made.grid, "s0"))
    assert tuple(found) == pytest.approx((1.0,) * 4, abs=0.15)


def test_joined_intervals_keep_every_contact() -> None:
    grid = world(6, (Stream(20.0), Stream(3.0)), weeks=2).grid
    hours = grid.joined(3600)
    assert hours.counts.shape == (2, 14, 24)
    assert hours.counts.sum() == np.where(grid.open, grid.counts, 0).sum()
    assert hours.open.sum() * 2 == grid.open.sum()
    for wrong in (2700, 900, 3600 * 5):
        with pytest.raises(ValueError, match="cannot be made of 1800 s"):
            grid.joined(wrong)
    with pytest.raises(KeyError, match="'x' is none of s0, s1"):
        grid.of("x")


def test_a_zero_that_was_not_counted_is_no_zero() -> None:
    grid = world(7, (Stream(20.0),), weeks=2).grid
    assert isinstance(grid, CountGrid)
    marked = grid._replace(counts=np.where(grid.open, grid.counts, 99))
    assert np.array_equal(marked.of("s0"), grid.of("s0"))
