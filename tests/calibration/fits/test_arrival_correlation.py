"""What streams have in common comes back, at both levels."""

import numpy as np
import pytest
from scipy import special

from calibration.fits.loadings import (
    PairSums,
    factor_covariance,
    fit_loadings,
    hermite_coefficients,
    one_factor,
    score_correlation,
)
from calibration.fits.shared_busyness import fit_shared
from calibration.fits.stream_fit import fit_stream
from tests.calibration.fits.arrival_worlds import Stream, within, world

LIMIT = 4.0
STREAMS = (
    Stream(100.0, 0.1, 0.1, 0.8, 0.5),
    Stream(40.0, 0.15, 0.1, 0.5, 0.5),
    Stream(60.0, 0.12, 0.15, 0.2, 0.8),
)


def test_loadings_are_recovered() -> None:
    days, intervals, inside = [], [], []
    for seed in range(10):
        grid = world(seed, STREAMS, weeks=16, intervals=12).grid
        shared = fit_shared(grid, tuple(fit_stream(grid, name) for name in grid.streams))
        days.append([each.correlation for each in shared.day])
        intervals.append([each.correlation for each in shared.interval])
        inside += [within(f.low, s.day_correlation, f.high) for f, s in zip(shared.day, STREAMS, strict=True)]
        inside += [
            within(f.low, s.interval_correlation, f.high)
            for f, s in zip(shared.interval, STREAMS, strict=True)
        ]
    for found, truth in (
        (np.array(days), [s.day_correlation for s in STREAMS]),
        (np.array(intervals), [s.interval_correlation for s in STREAMS]),
    ):
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        assert np.all(np.abs(found.mean(axis=0) - truth) <= LIMIT * error + 0.05)
    assert np.mean(inside) >= 0.88


def test_independent_streams_have_nothing_in_common() -> None:
    found = []
    for seed in range(6):
        grid = world(seed, (Stream(50.0, 0.1, 0.1),) * 3, weeks=12, intervals=12).grid
        shared = fit_shared(grid, tuple(fit_stream(grid, name) for name in grid.streams))
        found += [*shared.day, *shared.interval]
    assert np.mean([each.low for each in found]) < 0.05
    assert np.median([each.correlation for each in found]) < 0.15


@pytest.mark.parametrize(("one", "other"), [(0.1, 0.1), (0.3, 0.6), (1.0, 0.2)])
def test_covariance_of_gamma_factors_is_that_of_the_double_integral(one: float, other: float) -> None:
    a, b = hermite_coefficients(one), hermite_coefficients(other)
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    common, own = np.meshgrid(nodes, nodes, indexing="ij")

    def quantile(cv: float, z: np.ndarray) -> np.ndarray:
        upper = special.gammainccinv(cv**-2, special.ndtr(-z))
        return np.asarray(np.where(z < 0, special.gammaincinv(cv**-2, special.ndtr(z)), upper) * cv**2)

    for r in (0.2, 0.7):
        second = r * common + np.sqrt(1.0 - r * r) * own
        product = (quantile(one, common) - 1.0) * (quantile(other, second) - 1.0)
        expected = weights @ product @ weights
        found = factor_covariance(np.array([r]), a, b)
        assert found[0] == pytest.approx(expected, rel=2e-3)
        assert score_correlation(found, a, b)[0] == pytest.approx(r, abs=1e-6)
    assert factor_covariance(np.array([1.0]), a, a)[0] == pytest.approx(one**2, rel=0.01)


def test_impossible_covariances_lie_beyond_one() -> None:
    a = hermite_coefficients(0.1)
    found = score_correlation(np.array([0.02, -0.02]), a, a)
    assert found[0] == pytest.approx(2.0, rel=0.01)
    assert found[1] < -1.0


def test_one_factor_of_exact_correlations_is_exact() -> None:
    truth, sure = np.array([0.9, 0.6, 0.3, 0.0]), 1e6
    correlations = np.outer(truth, truth)[None]
    assert one_factor(correlations, sure * np.ones((4, 4)))[0] == pytest.approx(truth, abs=1e-2)
    pair = one_factor(np.full((1, 2, 2), 0.36), sure * np.ones((2, 2)))[0]
    assert pair == pytest.approx([0.6, 0.6])
    against = one_factor(np.full((1, 3, 3), -0.5), np.ones((3, 3)))[0]
    assert (against == 0).all()


def test_a_stream_without_scatter_has_no_loading() -> None:
    sums = PairSums(np.full((3, 3, 5), 0.01), np.ones((3, 3, 5)))
    found = fit_loadings(sums, np.array([0.1, 0.0, 0.1]))
    assert found[1].correlation == 0.0
    assert np.isnan(found[1].low)
    assert found[0].correlation == pytest.approx(1.0, abs=0.02)
    assert np.isnan(fit_loadings(sums, np.array([0.1, 0.0, 0.0]))[0].low)
