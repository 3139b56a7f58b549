"""The model of daily counts against a plain one with a level for every day, and against counts by hand."""

from typing import Final

import numpy as np
import pytest
from scipy import stats

from sim.loop.log_linear import Days, Floats, expected_root, fitted, interval, root
from tests.oracles import rate_ratio

WEEKDAYS: Final = 7


def drawn(seed: int, *, before: int = 28, after: int = 14, cv: float = 0.0, volume: float = 20.0) -> Days:
    """Days with a season of the cause's own and a trend."""
    rng = np.random.default_rng(seed)
    t = np.arange(before + after)
    own = rng.gamma(cv**-2, cv**2, len(t)) if cv else np.ones(len(t))
    mean = volume * np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4])[t % 7] * np.exp(-0.05 * t / 7) * own
    dose = (t >= before).astype(float)
    levels = (t[:, None] % WEEKDAYS == np.arange(WEEKDAYS)).astype(float)
    columns = np.column_stack((levels, (t - t.mean()) / 7, dose))
    counts = rng.poisson(mean * (1 - 0.3 * dose)).astype(float)
    control = rng.poisson(60.0, len(t)).astype(float)
    return Days(counts, control, np.zeros(len(t)), columns, WEEKDAYS, t)


@pytest.mark.parametrize(("cv", "volume"), [(0.0, 3.0), (0.0, 40.0), (0.3, 40.0), (0.4, 300.0)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_fit_is_that_of_a_level_for_every_day(cv: float, volume: float, seed: int) -> None:
    days = drawn(seed, cv=cv, volume=volume)
    assert days.control is not None
    fit = fitted(days)
    plain = rate_ratio.tested(days.events, days.control, days.columns)
    assert fit.effect == pytest.approx(plain.effect, abs=1e-4)
    assert fit.own == pytest.approx(plain.variance, rel=1e-4, abs=1e-9)
    assert fit.scale == pytest.approx(plain.scale, rel=1e-4)
    assert fit.left == plain.freedom
    assert root(fit, 0.0, skew=False)[0] == pytest.approx(plain.root, abs=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_interval_ends_where_the_root_is_the_quantile(seed: int) -> None:
    days = drawn(seed, cv=0.2, volume=5.0)
    assert days.control is not None
    fit = fitted(days)
    low, high = interval(fit, 1.7)
    assert root(fit, low)[0] == pytest.approx(1.7, abs=1e-3)
    assert root(fit, high)[0] == pytest.approx(-1.7, abs=1e-3)
    # the correction for skewness moves an end by a small part of the standard error
    plain = rate_ratio.ends(days.events, days.control, days.columns, 1.7)
    assert (low, high) == pytest.approx(plain, abs=0.1 * fit.error)


def two_levels(before: Floats, after: Floats, control: Floats | None = None) -> Days:
    """No season, no trend: one level, and the dose."""
    n, m = len(before), len(after)
    columns = np.column_stack((np.ones(n + m), np.repeat([0.0, 1.0], [n, m])))
    return Days(np.concatenate((before, after)), control, np.zeros(n + m), columns, 1, np.arange(n + m))


def test_without_season_and_trend_it_is_a_ratio_of_ratios() -> None:
    before, after = np.array([8.0, 12, 10, 9, 11, 10, 10]), np.array([6.0, 8, 7, 7, 6])
    control = np.array([100.0] * 7 + [140.0] * 5)
    assert np.exp(fitted(two_levels(before, after)).effect) == pytest.approx(6.8 / 10.0, rel=1e-5)
    fit = fitted(two_levels(before, after, control))
    assert np.exp(fit.effect) == pytest.approx((34 / 700) / (70 / 700), rel=1e-5)


def test_the_root_is_as_exact_as_the_binomial() -> None:
    """Two Poisson counts given their sum are binomial: the root without its scale is the mid-p value."""
    for first, second in ((30, 15), (12, 6), (60, 45), (20, 9)):
        before, after = np.full(10, first / 10), np.full(10, second / 10)
        fit = fitted(two_levels(before, after))._replace(scale=1.0)
        exact = stats.binom.cdf(second - 1, first + second, 0.5) + 0.5 * stats.binom.pmf(
            second, first + second, 0.5
        )
        found, plain = (stats.norm.cdf(root(fit, 0.0, skew=each)[0]) for each in (True, False))
        assert found == pytest.approx(exact, rel=0.06)
        assert abs(found - exact) < 0.75 * abs(plain - exact)


def test_weights_follow_the_variance_of_days() -> None:
    """Days that differ by a known factor: T is the squared cv, on average."""
    found = [fitted(drawn(seed, before=200, after=200, cv=0.3, volume=100.0)).own for seed in range(40)]
    # within 4 standard errors of the mean
    assert np.mean(found) == pytest.approx(0.09, abs=4 * np.std(found) / np.sqrt(len(found)))


def test_the_expected_root_is_that_of_exact_days() -> None:
    """Days exactly as expected, of a known scale: the fall in Poisson deviance, by hand."""
    fit = fitted(two_levels(np.full(10, 20.0), np.full(10, 20.0) + np.tile([1.0, -1.0], 5)))
    known = fit._replace(scale=2.0, own=0.0)
    mean_before, mean_after = 20.0, 10.0
    pooled = 15.0
    deviance = 20.0 * (mean_before * np.log(mean_before / pooled) + mean_after * np.log(mean_after / pooled))
    assert expected_root(known, np.log(0.5)) == pytest.approx(-np.sqrt(deviance / 2.0), rel=1e-4)


def test_nothing_after_the_change_is_an_effect_without_end() -> None:
    fit = fitted(two_levels(np.array([4.0, 6, 5, 5, 7, 3, 5]), np.zeros(7)))
    assert fit.effect < -5
    low, high = interval(fit, 1.7)
    assert np.isfinite([low, high]).all()
    assert root(fit, 0.0)[0] < -3
