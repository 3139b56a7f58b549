"""Staffing of varying days: what the rules say, what they miss, and what exact staffing holds."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.erlang import Goals, Line, required_agents, service_level
from sim.erlang.day import Day
from sim.erlang.exact_staffing import met, staff_exactly
from sim.erlang.standing_rates import RULES, standing_rates
from sim.erlang.transient import transient
from sim.erlang.varying import day_level, exact_level, staff_day
from tests.seeds import every_other

RATES = np.array([60.0, 96.0, 144.0, 180.0, 192.0, 180.0, 168.0, 144.0, 132.0, 108.0, 72.0, 48.0])
GOALS = Goals(service_level=0.8, within_s=20.0)


def rates(method: str, per_hour: Any, handle_s: Any = 240.0) -> list[float]:
    return [float(rate) for rate in standing_rates(method, per_hour, handle_s, 1800.0)[0]]


def test_rules_by_hand() -> None:
    """Rates 10, 20, 40, 30, 30: the curve goes from middle to middle."""
    day = [10.0, 20.0, 40.0, 30.0, 30.0]
    assert rates("sipp", day) == day
    assert rates("sipp_max", day) == [15.0, 30.0, 40.0, 35.0, 30.0]
    assert rates("sipp_mix", day) == [15.0, 20.0, 40.0, 35.0, 30.0]
    assert rates("lagged_sipp", day, 450.0) == [7.5, 17.5, 35.0, 32.5, 30.0]
    assert rates("lagged_sipp", day, 4500.0) == [0.0, 0.0, 5.0, 15.0, 30.0]
    assert rates("lagged_sipp", day, [450.0, 450.0, 1800.0, 900.0, 1e9]) == [7.5, 17.5, 20.0, 35.0, 0.0]


@pytest.mark.parametrize("method", RULES)
def test_a_level_day_is_a_line_in_steady_state(method: str) -> None:
    """In its later intervals, whatever the rule."""
    level = np.full((2, 5), 200.0)
    agents = staff_day(method, level, 240.0, GOALS, patience_s=180.0)
    expected = required_agents(200.0, 240.0, GOALS, 180.0)
    assert (agents[:, 2:] == expected).all()
    found = day_level(method, Day(level, expected, 240.0, 1800.0, 180.0), 20.0)
    np.testing.assert_allclose(
        found[:, 3:], service_level(Line(200.0, 240.0, expected, 180.0), 20.0), rtol=1e-3
    )


def test_minimum_and_empty_intervals() -> None:
    """Nobody comes: nobody is needed, but for a minimum."""
    day = [0.0, 0.0, 90.0, 0.0]
    assert staff_day("sipp", day, 240.0, GOALS).tolist()[:2] == [0.0, 0.0]
    assert staff_day("sipp", day, 240.0, GOALS, minimum=[1, 0, 2, 30]).tolist() == [1.0, 0.0, 9.0, 30.0]
    assert day_level("sipp", Day(day, 3, 240.0))[0] == 1.0, "nobody comes, and nobody waits"
    assert staff_exactly(day, 240.0, GOALS, minimum=2).tolist() == [2.0, 2.0, 8.0, 2.0]


def test_offered_load_is_nearer_than_each_by_itself() -> None:
    """On a day of some hundred agents, but for the first half hours: an empty start, and a steep rise."""
    day = 12.0 * RATES
    errors = {}
    for method in ("sipp", "offered_load"):
        agents = staff_day(method, day, 240.0, GOALS, patience_s=180.0)
        errors[method] = np.abs(exact_level(Day(day, agents, 240.0, 1800.0, 180.0)) - 0.8)[3:]
    assert errors["sipp"].max() > 0.08
    assert errors["offered_load"].max() < 0.03


@pytest.mark.parametrize(
    "goals",
    every_other(
        [
            GOALS,
            Goals(service_level=0.9, within_s=60.0, definition="exclude_short_abandons", short_s=10.0),
            Goals(delayed=0.3),
            Goals(abandonment=0.02, occupancy=0.85),
            Goals(mean_wait_s=10.0, queue=2.0),
        ]
    ),
)
def test_exact_staffing_holds_and_wastes_nobody(goals: Goals) -> None:
    """Every interval meets its goals; with one agent fewer from there on, or there alone, it does not."""
    agents = staff_exactly(RATES, 240.0, goals, patience_s=180.0)

    def holds(staff: NDArray[np.float64]) -> NDArray[np.bool_]:
        day = Day(RATES, staff, 240.0, 1800.0, 180.0)
        short = transient(day, float(np.asarray(goals.short_s)))
        return met(transient(day, float(np.asarray(goals.within_s))), short, staff, goals)

    assert holds(agents).all()
    for i in range(len(agents)):
        later = np.arange(len(agents))
        alone = holds(agents - (later == i))[i]
        assert not (alone and holds(np.where(later < i, agents, agents[i] - 1.0))[i])


def test_exact_staffing_of_several_days_and_of_few_places() -> None:
    days = np.stack([RATES[:5], RATES[5:10]])
    both = staff_exactly(days, [[200.0], [300.0]], Goals(blocked=0.02), places=3, balk=0.1)
    assert both.shape == (2, 5)
    for k in range(2):
        one = staff_exactly(days[k], [200.0, 300.0][k], Goals(blocked=0.02), places=3, balk=0.1)
        np.testing.assert_array_equal(both[k], one)
        course = transient(Day(days[k], one, [200.0, 300.0][k], places=3, balk=0.1))
        assert (course.blocked <= 0.02 * course.offered).all()


def test_closing_time_is_felt_by_the_last_interval() -> None:
    """Who comes 20 s before everybody goes home waits for ever: more agents, so that none need wait."""
    agents = staff_exactly([600.0, 0.0], 240.0, Goals(service_level=0.995))
    day = Day([600.0, 0.0], agents, 240.0)
    assert agents[1] == 0.0
    assert exact_level(day)[0] >= 0.995 * (1.0 - 1e-9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: staff_day("best", RATES, 240.0, GOALS), "method: 'best' is not known; give one of sipp"),
        (lambda: staff_day("sipp", 5.0, 240.0, GOALS), "at least one interval"),
        (lambda: staff_day("sipp", RATES, 0.0, GOALS), "handle_s: 0 is not allowed"),
        (lambda: staff_day("sipp", RATES, 240.0, GOALS, minimum=-1), "minimum: -1 is not allowed"),
        (lambda: day_level("sipp", Day(RATES, 9, 240.0, balk=0.1)), "the rules know no balking"),
        (lambda: staff_exactly(RATES, 240.0, Goals(asa_s=9.0)), "neither asa_s nor virtual_wait"),
        (lambda: staff_exactly(RATES, 240.0, Goals()), "nothing is asked for"),
    ],
)
def test_bad_arguments(call: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()
