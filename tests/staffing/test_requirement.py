"""The requirement by formula, and who it is allotted to."""

import numpy as np
import pytest

from scenarios import Scenario
from sim.erlang import Goals, required_agents
from sim.staffing.allotment import Terms, allot
from sim.staffing.answer import costs_of
from sim.staffing.cells import Ints, grid_of
from sim.staffing.moves import ADD, GIVE_BACK, MOVE, steps_between
from sim.staffing.requirement import METHODS, needs_of
from tests.staffing.conftest import Build


def _allotted(scenario: Scenario, most_busy: float | None = None, minimum: int = 0) -> Ints:
    grid = grid_of(scenario)
    cost = costs_of(scenario, grid, False)
    return allot(scenario, grid, needs_of(scenario, "sipp", most_busy), cost, Terms(most_busy, minimum))


def test_a_queue_alone_gets_what_the_formula_says(phone_team: Build) -> None:
    scenario = phone_team()
    need = needs_of(scenario, "sipp", None)["phone"]
    assert need.contacts[0, 9:12].tolist() == pytest.approx([12, 25, 18])
    assert need.load[0, 9:12].tolist() == pytest.approx([0.8, 25 / 15, 1.2])
    wanted = required_agents([12, 25, 18], 240.0, Goals(service_level=0.8, within_s=20.0), 180.0)
    assert need.seats[0, 9:12].tolist() == wanted.tolist()
    assert need.seats.sum() == 5 * wanted.sum()
    assert (_allotted(scenario)[0, :5, 9:12] == wanted).all()


def test_the_largest_occupancy_and_the_minimum(phone_team: Build) -> None:
    scenario = phone_team()
    need = needs_of(scenario, "sipp", 0.3)["phone"]
    seats = need.seats[0, 9:12]
    served = required_agents([12, 25, 18], 240.0, Goals(occupancy=0.3), 180.0)
    assert (seats >= served).all()
    assert _allotted(scenario, minimum=7)[0, 0, 9:12].tolist() == [7, 7, 7]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_people_where_contacts_come(phone_team: Build, method: str) -> None:
    scenario = phone_team()
    seats = needs_of(scenario, method, None)["phone"].seats
    steady = needs_of(scenario, "sipp", None)["phone"].seats
    assert ((seats > 0) == (steady > 0)).all()
    assert np.abs(seats - steady).max() <= 2  # an hour is long beside a call of 4 min
    assert (seats[0] == seats[4]).all()


def test_deferred_work_falls_on_the_next_opening(phone_team: Build) -> None:
    mails = {"queue": "mail", "arrivals": {"rate": "6 per 60 min"}, "handle_time": {"exponential": "5 min"}}
    scenario = phone_team(
        {
            "streams": {"mails": mails},
            "queues": {
                "mail": {"channel": "email", "hours": "desk", "at_closing": "hold", "target": "90% in 24 h"}
            },
            "groups": {"team": {"skills": ["mail"], "agents": {"mon-fri": {"09:00-12:00": 3}}}},
        }
    )
    need = needs_of(scenario, "sipp", None)["mail"]
    assert need.deferred
    assert need.seats.sum() == 0
    # Half an hour's work an hour: a day brings 12 hours of it, and a Monday that of the weekend too.
    assert need.work_h[1:5].tolist() == pytest.approx([12.0] * 4)
    assert need.work_h[0] == pytest.approx((6.0 + 36.0) / 2)  # the horizon begins on a Monday at midnight
    plan = _allotted(scenario)
    assert (plan[0, 1:5].sum(axis=1) * 0.95 >= 12.0).all()
    assert plan[0, 1, 9:12].max() == 5  # the lowest peak with which 13 agents fit into three hours


def test_mail_is_written_between_calls(phone_team: Build) -> None:
    calls = {"queue": "phone", "arrivals": {"rate": "12 per 60 min"}, "handle_time": {"exponential": "4 min"}}
    mails = {"queue": "mail", "arrivals": {"rate": "1 per 60 min"}, "handle_time": {"exponential": "2 min"}}
    queues = {
        "phone": {"hours": "desk", "target": "80% in 20 s", "patience": {"exponential": "3 min"}},
        "mail": {
            "channel": "email",
            "hours": "desk",
            "at_closing": "hold",
            "priority": "low",
            "interruptible": True,
        },
    }
    groups = {"team": {"skills": ["phone", "mail"], "agents": {"mon-fri": {"09:00-12:00": 3}}}}
    alone = _allotted(phone_team({"streams": {"calls": calls}, "queues": queues, "groups": groups}))
    both = _allotted(
        phone_team({"streams": {"calls": calls, "mails": mails}, "queues": queues, "groups": groups})
    )
    assert (both >= alone).all()
    assert both[0, 1].sum() == alone[0, 1].sum()  # little mail fits between the calls


def test_the_cheaper_group_does_what_both_can(phone_team: Build) -> None:
    agents = {"mon-fri": {"09:00-12:00": 2}}
    groups = {
        "dear": {"skills": ["phone"], "agents": agents, "pay": "40 EUR/h"},
        "cheap": {"skills": ["phone"], "agents": {"mon-fri": {"09:00-11:00": 2}}, "pay": "20 EUR/h"},
    }
    scenario = phone_team({"groups": groups})
    grid = grid_of(scenario)
    cost = costs_of(scenario, grid, True)
    plan = allot(scenario, grid, needs_of(scenario, "sipp", None), cost, Terms(None, 0))
    cheap, dear = plan
    assert dear[0, 9:11].sum() == 0
    assert cheap[0, 9:11].min() > 0
    assert (cheap[0, 11], dear[0, 11] > 0) == (0, True)  # each in its own hours


def test_steps_from_a_roster_to_the_requirement(phone_team: Build) -> None:
    scenario = phone_team()
    grid = grid_of(scenario)
    cost = costs_of(scenario, grid, True)
    required = np.zeros(grid.works.shape)
    required[0, :5, 9:12] = [2, 3, 2]
    planned = required.copy()
    planned[0, 0, 9:12] = [3, 2, 2]  # Monday: one too many at nine, one missing at ten
    planned[0, 1, 11] -= 1
    planned[0, 2, 9] += 2
    steps = steps_between(grid, planned, required, cost, None)
    assert [step.what for step in steps] == [MOVE, ADD, GIVE_BACK]
    move, add, back = steps
    assert (move.kind, move.source, move.target, move.agents, move.hours, move.cost) == (
        0,
        9,
        10,
        1.0,
        2.0,
        0.0,
    )
    assert (add.kind, add.source, add.target, add.hours) == (1, None, 11, 2.0)
    assert add.cost == pytest.approx(2 * 20 / 0.7)
    assert (back.kind, back.source, back.target, back.agents) == (2, 9, None, 2.0)
    assert back.cost == pytest.approx(-4 * 20 / 0.7)
    assert steps_between(grid, required, required, cost, None) == []


def test_a_target_that_no_formula_reaches_is_named(phone_team: Build) -> None:
    queues = {
        "phone": {
            "hours": "desk",
            "target": "80% in 20 s",
            "patience": {"exponential": "3 min", "balk": "5%"},
        }
    }
    scenario = phone_team({"queues": queues, "targets": ["phone abandonment <= 0%", "phone ASA <= 30 s"]})
    with pytest.raises(
        ValueError, match="queue phone: by formula no number of agents reaches 'queue phone aban"
    ):
        needs_of(scenario, "sipp", None)
