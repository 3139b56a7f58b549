"""Profiles: smoothing takes noise away and no contacts."""

import numpy as np
import pytest

from calibration.fits.count_grid import CountGrid
from calibration.fits.profiles import OWN_SHAPE, fit_shapes
from calibration.fits.smoothing import differences_of, smooth_counts
from calibration.fits.stream_fit import StreamFit, fit_stream
from tests.calibration.fits.arrival_worlds import Stream, curve, world


def raw(grid: CountGrid, fit: StreamFit) -> np.ndarray:
    """The mean of each weekday and interval, as counted on usual days."""
    found = np.zeros((7, grid.open.shape[1]))
    for w in range(7):
        rows = fit.usual & (grid.weekdays == w)
        found[w] = grid.of(fit.stream)[rows].sum(axis=0) / np.maximum(grid.open[rows].sum(axis=0), 1)
    return found


def test_smoothing_keeps_totals_and_beats_the_means() -> None:
    errors, raw_errors, inside = [], [], []
    for seed in range(12):
        made = world(seed, (Stream(8.0, day_cv=0.1, interval_cv=0.05),), weeks=8)
        fit = fit_stream(made.grid, "s0")
        truth, found = made.means[0], fit.profile()
        counts = made.grid.of("s0")
        for w in range(5):
            rows = fit.usual & (made.grid.weekdays == w)
            assert fit.expected(made.grid)[rows].sum() == pytest.approx(counts[rows].sum(), rel=1e-9)
        assert not found[5:].any()
        assert not found[:5, :16].any()
        assert not found[:5, 40:].any()
        assert (found[:5, 16:40] > 0).all()
        errors.append(np.sum((found - truth) ** 2))
        raw_errors.append(np.sum((raw(made.grid, fit) - truth) ** 2))
        low, high = fit.profile_interval()
        inside.append(np.mean(((low <= truth) & (truth <= high))[truth > 0]))
    assert np.mean(errors) < 0.5 * np.mean(raw_errors)
    assert 0.90 <= np.mean(inside) <= 0.99


def shapes_of(tilt: float, seed: int) -> list[bool]:
    """Which of five weekdays are given a shape of their own, where Monday's is tilted."""
    random = np.random.default_rng(seed)
    weekdays = np.tile(np.arange(5), 12)
    share = np.tile(curve(24), (5, 1))
    share[0] *= np.exp(tilt * (np.arange(24) - 12))
    counts = random.poisson(20.0 * (share / share.sum(axis=1, keepdims=True) * 24)[weekdays]).astype(float)
    return [each.own for each in fit_shapes(counts, np.ones_like(counts, bool), weekdays, 0.0)]


def test_only_a_weekday_that_is_different_has_its_own_shape() -> None:
    alike = np.mean([shapes_of(0.0, seed) for seed in range(20)])
    assert alike <= 0.1
    different = np.array([shapes_of(0.03, seed) for seed in range(20)])
    assert different[:, 0].mean() >= 0.9
    assert different[:, 1:].mean() <= 0.15


def test_few_saturdays_borrow_the_shape_and_keep_their_volume() -> None:
    random = np.random.default_rng(4)
    weekdays = np.append(np.tile(np.arange(5), 10), [5, 5])
    means = np.where(weekdays[:, None] == 5, 0.5, 30.0) * curve(24)
    counts = random.poisson(means).astype(float)
    shapes = {each.weekday: each for each in fit_shapes(counts, np.ones_like(counts, bool), weekdays, 0.0)}
    assert not shapes[5].own
    assert shapes[5].gain <= OWN_SHAPE
    assert shapes[5].shares == pytest.approx(shapes[1].shares)
    assert shapes[5].shares.sum() == pytest.approx(1.0)


def test_a_weekday_that_closes_early_is_zero_afterwards() -> None:
    random = np.random.default_rng(5)
    weekdays = np.tile(np.arange(6), 8)
    means = np.tile(10.0 * curve(24), (48, 1))
    means[weekdays == 5, 10:] = 0.0
    counts = random.poisson(means).astype(float)
    saturday = fit_shapes(counts, np.ones_like(counts, bool), weekdays, 0.0)[5]
    assert not saturday.shares[10:].any()
    assert (saturday.shares[:10] > 0).all()


def test_a_day_that_opened_late_does_not_lower_the_morning() -> None:
    made = world(6, (Stream(50.0),), weeks=8)
    opened = made.grid.open.copy()
    opened[::7, 16:24] = False  # Mondays from noon on, but for the first two
    opened[:14] = made.grid.open[:14]
    fit = fit_stream(made.grid._replace(open=opened), "s0")
    assert fit.profile()[0, 16:24].sum() == pytest.approx(made.means[0][0, 16:24].sum(), rel=0.1)
    assert fit.profile()[0].sum() == pytest.approx(made.means[0][0].sum(), rel=0.05)


def test_a_smooth_curve_is_that_of_the_definition() -> None:
    """At the weight that was chosen the fit is where the penalised likelihood is level."""
    random = np.random.default_rng(7)
    exposure = np.full(30, 5.0)
    counts = random.poisson(exposure * 4.0 * curve(30)).astype(float)
    differences = differences_of([30], 2)
    found = smooth_counts(counts, exposure, np.zeros(30), differences)
    score = counts - exposure * np.exp(found.log_rate)
    pull = differences.T @ differences @ found.log_rate
    weight = score @ pull / (pull @ pull)
    assert weight > 0
    assert score == pytest.approx(weight * pull, abs=1e-4 * np.abs(score).max())
    assert np.exp(found.log_rate) @ exposure == pytest.approx(counts.sum())
    assert 2.0 < found.freedom < 30.0


def test_differences_stay_within_runs() -> None:
    rows = differences_of([3, 1, 4], 2)
    assert rows.shape == (3, 8)
    assert rows[0].tolist() == [1, -2, 1, 0, 0, 0, 0, 0]
    assert not rows[:, 3].any()
