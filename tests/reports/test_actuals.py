"""Comparing with what happened, on figures worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from reports.actuals import Grid, day_totals, fit, judge, judge_intervals, simulated

GRID = Grid(100, 100, ("first", "second"))


def contacts() -> pd.DataFrame:
    """Two replications: the first has three contacts in the first interval and one before it."""
    rows = [
        (0, 90.0, 95.0, 130.0, "handled"),  # came before; in hand for 30 s of the first interval
        (0, 100.0, 110.0, 150.0, "handled"),
        (0, 120.0, 160.0, 260.0, "handled"),  # 40 s in the first interval, 60 s in the second
        (0, 150.0, math.nan, 180.0, "abandoned"),
        (1, 250.0, 250.0, 290.0, "handled"),
    ]
    names = ["replication", "queued_s", "started_s", "ended_s", "outcome"]
    return pd.DataFrame(rows, columns=names)


def test_measures_by_replication_and_interval() -> None:
    found = simulated(contacts(), GRID, after_call_s=5.0)
    assert found["offered"].tolist() == [[3, 0], [0, 1]]
    assert found["answered"].tolist() == [[2, 0], [0, 1]]
    assert found["abandoned"].tolist() == [[1, 0], [0, 0]]
    assert found["mean_wait_answered_s"][0, 0] == pytest.approx(25.0)
    assert found["mean_wait_s"][0, 0] == pytest.approx((10 + 40 + 30) / 3)
    assert found["answered_within_20_s"][0, 0] == pytest.approx(1 / 3)
    assert found["mean_service_s"][0, 0] == pytest.approx((40 + 100) / 2 - 5)
    assert found["busy_hours"] * 3600 == pytest.approx(np.array([[30 + 40 + 40, 60], [0, 40]]))
    assert np.isnan(found["mean_wait_s"][0, 1])


def test_replications_without_contacts_count_where_asked() -> None:
    """The last replications of a quiet scenario may have none: the number of them has to be told."""
    found = simulated(contacts(), GRID, replications=4)
    assert found["offered"].sum(axis=1).tolist() == [3, 1, 0, 0]


def test_totals_weigh_waits_by_their_calls() -> None:
    by_interval = {
        "offered": np.array([4.0, 1.0, 0.0]),
        "answered": np.array([3.0, 1.0, 0.0]),
        "abandoned": np.array([1.0, 0.0, 0.0]),
        "mean_wait_answered_s": np.array([10.0, 30.0, np.nan]),
        "mean_wait_s": np.array([20.0, 30.0, np.nan]),
        "answered_within_20_s": np.array([0.5, 0.0, np.nan]),
        "mean_service_s": np.array([100.0, 200.0, np.nan]),
        "busy_hours": np.array([1.0, 0.5, 0.0]),
    }
    found = {name: float(value) for name, value in day_totals(by_interval, 3.0).items()}
    assert found["abandonment"] == pytest.approx(0.2)
    assert found["mean_wait_answered_s"] == pytest.approx((3 * 10 + 30) / 4)
    assert found["mean_wait_s"] == pytest.approx((4 * 20 + 30) / 5)
    assert found["answered_within_20_s"] == pytest.approx(0.4)
    assert found["occupancy"] == pytest.approx(0.5)


def test_judged_against_replications_not_their_mean() -> None:
    """Of 0 to 100, the 95 % of replications are 2.5 to 97.5; their mean is known far better."""
    values = np.arange(101.0)
    found = judge(90.0, values)
    assert (found.low, found.high, found.mean) == pytest.approx((2.5, 97.5, 50.0))
    assert found.inside
    assert not judge(98.0, values).inside
    assert found.z == pytest.approx(40 / np.std(values, ddof=1))
    assert found.rank == pytest.approx(90.5 / 101)


def test_nothing_is_said_without_an_observation() -> None:
    found = judge(math.nan, np.arange(9.0))
    assert math.isnan(found.mean)
    assert not found.inside


def test_bands_hold_days_of_the_model_itself() -> None:
    """300 days judged by 400 others: 95 % inside; of the errors, five in a hundred above the limit."""
    random = np.random.default_rng(4)
    replications = random.poisson(9.0, (400, 30)).astype(float)
    days = random.poisson(9.0, (300, 30)).astype(float)
    offered = np.full(30, 9.0)
    judged = [judge_intervals(day, replications) for day in days]
    # A Poisson band of whole numbers holds at least 95 %: P(4 <= N <= 15) is 0.957; 9,000 cases have an
    # error of 0.2 points, and the band's ends may be off by one count (which is worth 3 points).
    assert 0.92 <= np.mean([each.inside for day in judged for each in day]) <= 0.99
    fits = [fit(day, replications, offered) for day in days]
    assert np.mean([each.inside < each.fewest for each in fits]) <= 0.09
    assert np.mean([each.error > each.error_limit for each in fits]) == pytest.approx(0.05, abs=0.05)
    assert np.mean([each.error for each in fits]) == pytest.approx(fits[0].expected_error, rel=0.03)


def test_a_wrong_model_is_found_out() -> None:
    random = np.random.default_rng(5)
    replications = random.poisson(9.0, (400, 30)).astype(float)
    found = fit(random.poisson(18.0, 30).astype(float), replications, np.full(30, 9.0))
    assert found.inside < found.fewest
    assert found.error > found.error_limit
