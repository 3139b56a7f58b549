"""Replications against a target: published intervals, values by hand, and when nothing can be said."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.attainment import clopper_pearson
from sim.roadmap.standing import (
    AMBER,
    GREEN,
    NOT_YET,
    RED,
    Effect,
    Spread,
    Standing,
    effect,
    interval,
    spread,
    standing,
    wilson,
)

# Newcombe 1998, Statistics in Medicine 17, table I: successes, of n, the score interval, the exact one
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("successes", "n", "score", "exact"), NEWCOMBE)
def test_intervals_are_those_that_were_published(
    successes: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    assert wilson(successes, n) == pytest.approx(score, abs=5e-5)
    assert clopper_pearson(successes, n) == pytest.approx(exact, abs=5e-5)
    assert interval(successes, n) == pytest.approx(exact if successes < 5 else score, abs=5e-5)


@pytest.mark.parametrize("n", [1, 4, 9, 10, 200])
def test_failures_are_as_successes(n: int) -> None:
    for successes in range(n + 1):
        low, high = interval(successes, n)
        assert 0.0 <= low <= successes / n <= high <= 1.0
        assert interval(n - successes, n) == pytest.approx((1.0 - high, 1.0 - low), abs=1e-12)


@pytest.mark.parametrize("n", [30, 200])
def test_intervals_cover_what_they_say(n: int) -> None:
    """Over all probabilities, exactly: on average 95 %, and never far below it."""
    at = np.linspace(0.005, 0.995, 199)
    ends = np.array([interval(k, n) for k in range(n + 1)])
    inside = (ends[:, :1] <= at) & (at <= ends[:, 1:])
    covered = (stats.binom.pmf(np.arange(n + 1)[:, None], n, at) * inside).sum(axis=0)
    assert 0.95 <= covered.mean() < 0.97
    assert covered.min() > 0.92


def stand(values: list[float], sign: str = ">=", target: float = 0.8) -> Standing:
    return standing(np.array(values), sign, target, 0.8, 0.5)


def test_median_and_tenths_are_interpolated() -> None:
    """The k-th of n stands at k / (n + 1): of 9 values P10 is the first, and of 19 the second; a tenth of 12
    is a fifth of the way from the first of 11 to the second; fewer than 9 do not reach it."""
    assert spread(np.arange(9.0)[::-1]) == pytest.approx(Spread(0.0, 4.0, 8.0))
    assert spread(np.arange(19.0)) == pytest.approx(Spread(1.0, 9.0, 17.0))
    assert spread(np.arange(11.0)[::-1]) == pytest.approx(Spread(0.2, 5.0, 9.8))
    assert spread(np.array([1.0, 0.0])) == pytest.approx(Spread(0.0, 0.5, 1.0))
    assert spread(np.array([3.0])) == Spread(3.0, 3.0, 3.0)


@pytest.mark.parametrize(
    ("met", "status"), [(10, GREEN), (8, GREEN), (7, AMBER), (5, AMBER), (4, RED), (0, RED)]
)
def test_the_status_is_by_the_thresholds(met: int, status: str) -> None:
    found = stand([0.9] * met + [0.7] * (10 - met))
    assert (found.met, found.known, found.replications) == (met, 10, 10)
    assert (found.probability, found.status) == (met / 10, status)
    assert (found.low, found.high) == interval(met, 10)


def test_thresholds_may_be_others() -> None:
    values = np.array([0.9] * 9 + [0.7])
    assert standing(values, ">=", 0.8, 0.95, 0.9).status == AMBER
    assert standing(values, ">=", 0.8, 0.9, 0.1).status == GREEN


def test_who_stands_on_the_target_has_met_it() -> None:
    """A tenth thrice is a rounding error away from three tenths."""
    assert stand([0.1 + 0.2], "<=", 0.3).met == 1
    assert stand([1.0 - 0.9], ">=", 0.1).met == 1
    assert stand([0.3 + 1e-9], "<=", 0.3).met == 0
    assert stand([0.1 - 1e-9], ">=", 0.1).met == 0


def test_at_most_is_not_at_least() -> None:
    values = [100.0, 200.0, 300.0, 400.0]
    assert stand(values, "<=", 200.0).met == 2
    assert stand(values, ">=", 200.0).met == 3


def test_replications_without_a_value_do_not_count_unless_they_are_most() -> None:
    none = math.nan
    half = stand([0.9, 0.9, 0.7, none, none, none])
    assert (half.known, half.met, half.probability, half.status) == (3, 2, 2 / 3, AMBER)
    assert half.spread.median == 0.9
    assert (half.low, half.high) == interval(2, 3)
    for values in ([0.9, 0.9, none, none, none], [none, none], [none]):
        few = stand(values)
        assert few.status == NOT_YET
        assert all(map(math.isnan, (*few.spread, few.probability, few.low, few.high)))
        assert (few.replications, few.known, few.met) == (len(values), values.count(0.9), 0)


def test_nothing_can_be_held_against_a_baseline_that_is_not_known() -> None:
    found = stand([0.9, 0.9], target=math.nan)
    assert (found.status, found.spread.median) == (NOT_YET, 0.9)
    assert math.isnan(found.probability)


def test_differences_are_paired() -> None:
    """1, 2 and 3 more: 2 on average, with a standard deviation of 1; Student's t of 2 degrees is 4.303."""
    found = effect(np.array([10.0, 200.0, 3000.0]), np.array([11.0, 202.0, 3003.0]))
    assert (found.mean, found.n) == (2.0, 3)
    assert found.half == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)
    assert (found.low, found.high) == (found.mean - found.half, found.mean + found.half)


def test_a_pair_needs_both_values() -> None:
    none = math.nan
    found = effect(np.array([1.0, none, 3.0, 4.0]), np.array([2.0, 9.0, none, 7.0]))
    assert (found.mean, found.n) == (2.0, 2)
    one = effect(np.array([1.0, none]), np.array([2.0, 9.0]))
    assert (one.mean, one.n) == (1.0, 1)
    assert math.isnan(one.half)
    assert math.isnan(effect(np.array([none]), np.array([1.0])).mean)


def test_what_does_not_differ_is_exactly_0() -> None:
    values = np.array([0.1, 0.7, 0.3])
    assert effect(values, values.copy()) == Effect(0.0, 0.0, 3)
