"""When service is no worse: margins, directions, chance, and what is no service."""

import math

import numpy as np
import pytest

import scenarios
from scenarios.targets import Goal
from sim.headcount.service import (
    in_both,
    is_plain,
    is_steered,
    measured,
    miss,
    reached,
    rows,
    steered,
)
from sim.headcount.trials import Trial
from tests.headcount.examples import erlang

LEVEL = Goal("service_level", "queue", "phone", ">=", 0.8, "share", "week", 0.75)
WAIT = Goal("asa", "queue", "phone", "<=", 20.0, "s", "week", 0.75)


def no_worse(before: Trial, after: Trial, goal: Goal = LEVEL) -> bool:
    """Whether the one measure holds."""
    return rows([goal], before, after)[0].holds


def trial(*values: float, below: float = 1.0) -> Trial:
    """One measure with these values, in as many replications."""
    above = np.array(values)[:, None]
    return Trial(above, np.full(above.shape, below), np.zeros((0, 0, 2), int), np.zeros((0, 0)))


@pytest.mark.parametrize(
    ("goal", "before", "after", "holds"),
    [
        (LEVEL, 0.9, 0.8951, True),  # half a point less
        (LEVEL, 0.9, 0.8949, False),
        (LEVEL, 0.9, 0.99, True),
        (WAIT, 20.0, 20.39, True),  # 2 % longer
        (WAIT, 20.0, 20.41, False),
        (WAIT, 20.0, 10.0, True),
    ],
)
def test_margins_are_half_a_point_or_two_percent(
    goal: Goal, before: float, after: float, holds: bool
) -> None:
    first, second = (trial(each, each) for each in (before, after))
    assert no_worse(first, second, goal) is holds
    assert (rows([goal], first, second)[0].excess > 1.0) is not holds


def test_what_chance_alone_makes_is_not_worse() -> None:
    """Three points worse on average; t with 3 degrees of freedom allows 5.4 standard errors."""
    before = trial(0.9, 0.9, 0.9, 0.9)
    unsure, sure = trial(0.84, 0.9, 0.84, 0.9), trial(0.865, 0.875, 0.865, 0.875)
    row = rows([LEVEL], before, unsure)[0]
    assert row.se == pytest.approx(0.03 / math.sqrt(3))
    assert row.allowed == pytest.approx(5.4 * row.se, rel=0.01)
    assert no_worse(before, unsure)
    assert not no_worse(before, sure)


@pytest.mark.parametrize(
    ("after", "plain"), [((0.7, 0.71), True), ((0.89, 0.88), False), ((0.5, 0.9), False)]
)
def test_what_is_plainly_worse_shows_at_a_glance(after: tuple[float, float], plain: bool) -> None:
    assert is_plain(rows([LEVEL], trial(0.9, 0.9), trial(*after))[0]) is plain


def test_a_measure_that_is_not_there_any_more_is_worse() -> None:
    none = Trial(np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((0, 0, 2), int), np.zeros((0, 0)))
    assert not no_worse(trial(0.9, 0.9), none)
    assert no_worse(none, trial(0.9, 0.9))
    assert rows([LEVEL], trial(0.9, 0.9), none)[0].excess == math.inf
    assert is_plain(rows([LEVEL], trial(0.9, 0.9), none)[0])


def test_targets_are_reached_as_verdicts_of_runs_say() -> None:
    held = np.array([[[3, 4], [2, 4], [0, 0]], [[3, 4], [3, 4], [0, 0]]])
    found = trial(1.0)._replace(held=held, short=np.array([[0.1, 0.2, 0.0], [0.1, 0.4, 0.0]]))
    assert reached([LEVEL, WAIT, LEVEL], found) == (True, False, True)
    before = found._replace(held=np.array([[[3, 4], [2, 4], [0, 1]], [[3, 5], [3, 4], [0, 0]]]))
    assert reached([LEVEL, WAIT, LEVEL], found, before) == (False, False, False)  # 6 of 9; 5 of 8; 0 of 1
    assert [miss(found, n) for n in range(3)] == pytest.approx([0.025, 0.075, 0.0])


def test_service_is_what_people_steer() -> None:
    scenario = scenarios.load("scenarios/library/care_loop_baseline.yaml")
    found = {goal[:3] for goal in steered(scenario)}
    assert ("service_level", "queue", "phone") in found
    assert ("resolution_attainment", "severity", "S2") in found
    assert ("update_attainment", "severity", "S1") in found
    assert {measure for measure, _, _ in found}.isdisjoint({"csat", "deflection", "cost_per_contact"})
    assert not is_steered(Goal("occupancy", "all", "all", "<=", 0.8, "share"))
    assert not is_steered(Goal("asa", "all", "all", ">=", 20.0, "s"))


def test_each_measure_counts_once() -> None:
    scenario = erlang(targets=["phone service level >= 70% each day", "phone ASA <= 30 s"])
    assert len(steered(scenario)) == 3
    assert [goal[:2] for goal in measured(scenario)] == [("service_level", "queue"), ("asa", "queue")]
    assert in_both(measured(scenario), scenario) == measured(scenario)


def test_a_queue_that_is_gone_has_no_service() -> None:
    other = erlang(
        queues={"line": {}},
        streams={
            "calls": {
                "queue": "line",
                "arrivals": {"rate": "60 per h"},
                "handle_time": {"exponential": "300 s"},
            }
        },
        groups={"team": {"skills": ["line"], "agents": 9}},
    )
    assert in_both(measured(erlang()), other) == ()
