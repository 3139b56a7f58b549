"""Scores of a back-test: intervals of replications, errors, coverage, and what is not compared."""

import math

import numpy as np
import pytest

from reports.backtest_scoring import Compared, band, mode
from reports.ratios import Floats, Ratio

DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
TIMES = ("00:00", "12:00")


def test_the_interval_is_from_the_5_to_the_95_percent_quantile() -> None:
    """Of 1 to 99 the k-th is the quantile k %: 5 and 95; the forecast is the mean of what lies within."""
    values = np.random.default_rng(1).permutation(np.arange(1.0, 100.0))[:, None]
    mean, low, high = (float(each[0]) for each in band(values))
    assert (mean, low, high) == pytest.approx((50.0, 5.0, 95.0))
    far = np.where(values > 96.0, 1e9, values)
    assert [float(each[0]) for each in band(far)] == pytest.approx([50.0, 5.0, 95.0])
    assert float(band(far, adds_up=True)[0][0]) == pytest.approx(far.mean())


def test_a_day_like_the_replications_is_held_as_often_as_promised() -> None:
    draw = np.random.default_rng(2)
    held = 0
    for _ in range(4000):
        values = draw.exponential(1.0, 40)
        _, low, high = band(values[:39, None])
        held += float(low[0]) <= values[39] <= float(high[0])
    assert held / 4000 == pytest.approx(0.9, abs=0.015)


def test_replications_without_a_value_do_not_count() -> None:
    values = np.array([[1.0, np.nan, np.nan], [3.0, np.nan, 5.0], [np.nan, np.nan, np.nan]])
    mean, low, high = band(values)
    assert mean == pytest.approx([2.0, np.nan, np.nan], nan_ok=True)
    assert (low[0], high[0]) == (1.0, 3.0)
    assert np.isnan([low[1:], high[1:]]).all()


def compared(actual: Floats, simulated: Floats, counted: tuple[bool, ...] = (True, True, True)) -> Compared:
    """Volumes of three days of two intervals, against a baseline that says 10 in each interval."""
    tens = Ratio(np.full(actual.shape, 10.0))
    return Compared("all", "offered", Ratio(actual), Ratio(simulated), {"tens": tens}, np.array(counted))


def test_errors_bias_and_coverage_by_hand() -> None:
    """Simulated days are 20 ± 2; they were 20, 25 and 18."""
    simulated = np.full((5, 3, 2), 10.0) + np.array([-1.0, -0.5, 0.0, 0.5, 1.0])[:, None, None]
    found = mode("m", [compared(np.array([[10.0, 10], [12, 13], [9, 9]]), simulated)], DAYS, TIMES)
    (score,), (series,) = found.scores, found.series
    assert (score.days, score.actual, score.simulated) == (3, 21.0, 20.0)
    assert score.error == score.errors_of["tens"] == pytest.approx((0 + 5 + 2) / 3)
    assert score.bias == pytest.approx((0 - 5 + 2) / 3)
    assert score.coverage == pytest.approx(2 / 3)
    assert found.coverage == pytest.approx(2 / 3)
    assert (series.low.tolist(), series.high.tolist()) == ([18.0] * 3, [22.0] * 3)
    (cell,), (profile,) = found.interval_scores, found.profiles
    assert cell.days == 6
    assert cell.error == pytest.approx((0 + 0 + 2 + 3 + 1 + 1) / 6)
    assert cell.coverage == pytest.approx(4 / 6)
    assert profile.actual.tolist() == pytest.approx([31 / 3, 32 / 3])


def test_days_that_are_not_counted_say_nothing() -> None:
    simulated = np.full((5, 3, 2), 10.0)
    actual = np.array([[10.0, 10], [99, 99], [10, 10]])
    (score,) = mode("m", [compared(actual, simulated, (True, False, True))], DAYS, TIMES).scores
    assert (score.days, score.error, score.coverage, score.actual) == (2, 0.0, 1.0, 20.0)


def test_closed_intervals_are_no_forecast() -> None:
    simulated = np.zeros((5, 3, 2))
    simulated[..., 0] = 10.0
    actual = np.array([[10.0, 0], [10, 0], [10, 0]])
    (cell,) = mode("m", [compared(actual, simulated)], DAYS, TIMES).interval_scores
    assert cell.days == 3


@pytest.mark.filterwarnings("error")
def test_nothing_to_compare_is_told_as_such() -> None:
    """No day that counts, or a stream that nobody could take in the simulation: dashes, not warnings."""
    nothing = compared(np.zeros((3, 2)), np.zeros((5, 3, 2)), (False, False, False))
    shares = nothing._replace(
        measure="asa", actual=Ratio(*np.zeros((2, 3, 2))), simulated=Ratio(*np.zeros((2, 5, 3, 2)))
    )
    unserved = shares._replace(actual=Ratio(*np.ones((2, 3, 2))), counted=np.ones(3, bool))
    found = mode("m", [nothing, shares, unserved], DAYS, TIMES)
    assert [score.days for score in found.scores] == [0, 0, 0]
    assert all(math.isnan(score.error) and math.isnan(score.coverage) for score in found.scores)
    assert math.isnan(found.coverage)


def test_coverage_is_pooled_over_days_not_series() -> None:
    good = compared(np.full((3, 2), 10.0), np.full((5, 3, 2), 10.0))
    bad = compared(np.full((3, 2), 99.0), np.full((5, 3, 2), 10.0), (True, False, False))
    assert mode("m", [good, bad], DAYS, TIMES).coverage == pytest.approx(3 / 4)
    assert mode("m", [], DAYS, TIMES).scores == ()
