"""How sure a case is: quantiles of ranges, one input at a time, all at once, and where it breaks even."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.case import CaseModel, Chance, at_the_first, by_search, flows, full_effect
from reports.finance.unsure import (
    breaks_of,
    distribution_of,
    expected_of,
    quantile,
    tornado_of,
    worth,
)
from scenarios.business_case import BusinessCase, Range
from sim.headcount.surface import value_at
from tests.finance.cases import model

UNSURE_TERMS = BusinessCase(
    ranges={
        "effect": Range(0.5, 1.0, 1.2),
        "volume": Range(0.9, 1.0, 1.1),
        "running": Range(1.5, 1.0, 0.8),
        "delay_months": Range(4.0, 0.0, 0.0),
    }
)


@settings(derandomize=True, max_examples=200)
@given(
    low=st.integers(-50, 50), rise=st.integers(0, 40), rest=st.integers(0, 40),
    share=st.fractions(0, 1), falls=st.booleans(),
)  # fmt: skip
def test_quantiles_are_those_of_a_triangle(
    low: int, rise: int, rest: int, share: Fraction, falls: bool
) -> None:
    """The part of the triangle below the quantile has the area asked for; low may be above high."""
    mode, high = low + rise, low + rise + rest
    ends = (-low, -mode, -high) if falls else (low, mode, high)
    found = quantile(Range(*map(float, ends)), float(share))
    x = -found if falls else found
    if low == high:
        assert x == mode
        return
    width = high - low
    area = (x - low) ** 2 / (width * rise) if x <= mode and rise else 1 - (high - x) ** 2 / (width * rest)
    assert area == pytest.approx(float(share), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_tornado_is_the_case_at_both_ends_sorted_by_swing(seed: int) -> None:
    case = model(seed)
    rows = tornado_of(case, UNSURE_TERMS)
    assert {each.name for each in rows} == set(UNSURE_TERMS.ranges)
    assert [each.swing for each in rows] == sorted((each.swing for each in rows), reverse=True)
    for each in rows:
        for value, amount in ((each.low, each.at_low), (each.high, each.at_high)):
            assert amount == pytest.approx(float(worth(case, {each.name: value})[0]))
        low, high = (quantile(UNSURE_TERMS.ranges[each.name], share) for share in (0.1, 0.9))
        assert (each.low, each.high) == (low, high)


def test_at_a_break_even_the_case_changes_its_sign() -> None:
    cases = [model(seed) for seed in range(14)]
    found = [(case, each) for case in cases for each in breaks_of(case, UNSURE_TERMS)]
    assert sum(len(each.at) for _, each in found) >= 5
    for case, each in found:
        for place in each.at:
            beside = [place - 1e-6, place + 1e-6]
            values = [float(worth(case, {each.name: x})[0]) for x in beside]
            assert (values[0] < 0) != (values[1] < 0), each
        assert all(each.looked[0] <= place <= each.looked[1] for place in each.at)


def test_a_distribution_is_the_same_for_the_same_seed_and_has_its_quantiles() -> None:
    case = model(2)
    found = distribution_of(case, UNSURE_TERMS, 7, 2000)
    assert found == distribution_of(case, UNSURE_TERMS, 7, 2000)
    assert found != distribution_of(case, UNSURE_TERMS, 8, 2000)
    assert found.p10 < found.p50 < found.p90
    assert sum(share for _, share in found.shares) == pytest.approx(1.0)
    assert found.se == pytest.approx(math.sqrt(found.pays_back * (1 - found.pays_back) / 2000))


def test_the_mean_of_a_case_that_is_a_straight_line_is_known() -> None:
    """With heads held and nothing but a cost that runs, the mean is that of the triangle: |z| <= 4 of it."""
    case = _straight(model(3, holds="heads"))
    found = distribution_of(case, BusinessCase(ranges={"running": Range(1.5, 1.0, 0.8)}), 5, 20_000)
    one = float(worth(case, {"running": 1.0})[0])
    mean, variance = 3.3 / 3.0, (1.5**2 + 1 + 0.64 - 1.5 - 0.8 - 1.2) / 18.0
    se = abs(one) * math.sqrt(variance / 20_000)
    assert abs(found.mean - mean * one) <= 4.0 * se  # false alarm once in 16,000
    assert found.shares == (("running", 1.0),)


def _straight(case: CaseModel) -> CaseModel:
    return case._replace(
        varying=(), differing=(), by_person=(), spent=tuple(e for e in case.spent if e.on is None)
    )


def test_pays_back_is_the_share_of_draws_that_end_above_nothing() -> None:
    case = _straight(model(3, holds="heads"))
    assert distribution_of(case, UNSURE_TERMS, 1, 100).pays_back == 0.0
    gains = case._replace(spent=tuple(each._replace(amount=-each.amount) for each in case.spent))
    assert distribution_of(gains, UNSURE_TERMS, 1, 100).pays_back == 1.0


def test_chance_is_that_of_replications() -> None:
    """Without ranges all that differs is the replication that variable lines are taken from."""
    case = model(4, holds="heads")
    found = distribution_of(case, BusinessCase(), 1, 3000)
    by_replication = [float(worth(case, {}, _one(n, 0))[0]) for n in range(3)]
    assert found.p10 == pytest.approx(min(by_replication))
    assert found.p90 == pytest.approx(max(by_replication))


def test_chance_is_that_of_searches_too() -> None:
    """A search that frees two people more in the first group: all of them, as they leave, are worth more."""
    case = model(4)._replace(varying=(), differing=())
    freed = value_at(case.response, (0.0, 1.0, 1.0)) - case.response.centre
    hours = np.array([2.0 * case.people[0].yearly_h, 0.0])
    luckier = case._replace(response=case.response._replace(again=(freed + hours)[None, :]))
    assert by_search(luckier, {})[1] - by_search(luckier, {})[0] == pytest.approx([2.0, 0.0])
    half = {"effect": 0.5}
    assert by_search(luckier, half)[1] - full_effect(luckier, half) == pytest.approx([1.0, 0.0])
    by_hand = flows(luckier, {}).freed[0] + np.array([[2.0], [0.0]]) * at_the_first(luckier, np.zeros(1))
    assert flows(luckier, {}, _one(0, 1)).freed[0] == pytest.approx(by_hand)
    assert flows(luckier, {}, _one(0, 0)).freed[0] == pytest.approx(flows(luckier, {}).freed[0])
    both = [float(worth(luckier, {}, _one(0, n))[0]) for n in range(2)]
    found = distribution_of(luckier, BusinessCase(), 1, 4000)
    assert (found.p10, found.p90) == pytest.approx((min(both), max(both)))
    assert found.mean == pytest.approx(sum(both) / 2, abs=4.5 * abs(both[1] - both[0]) / 2 / 4000**0.5)


def _one(replication: int, search: int) -> Chance:
    return Chance(np.array([replication]), np.array([search]))


def test_what_is_expected_is_what_ranges_say() -> None:
    terms = BusinessCase(ranges={"effect": Range(0.4, 0.8, 1.0)})
    assert expected_of(terms)["effect"] == 0.8
    assert expected_of(terms)["volume"] == 1.0
    assert expected_of(terms)["delay_months"] == 0.0
