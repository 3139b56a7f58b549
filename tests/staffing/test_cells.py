"""Cells of the week: where a queue is open."""

import numpy as np
import pytest

from scenarios import Scenario
from scenarios.week import HOLIDAY
from sim.experiment import run_scenario
from sim.explain.causes import _closed
from sim.staffing.answer import costs_of
from sim.staffing.cells import grid_of, opened, with_plan
from sim.staffing.requirement import needs_of
from tests.staffing.conftest import Build

DESK = {"desk": {"mon-fri": "09:00-12:00", "holidays": "closed"}}
CALENDAR = {"start": "2026-04-02", "days": 2, "interval": "60 min", "holidays": "NL", "hours": DESK}


def test_closed_holidays_are_closed(phone_team: Build) -> None:
    calls = {
        "queue": "phone",
        "arrivals": {"rate": "15 per hour", "hours": "desk"},
        "handle_time": {"exponential": "4 min"},
    }
    team = {"skills": ["phone"], "agents": 4, "hours": "desk"}
    scenario = phone_team({"calendar": CALENDAR, "streams": {"calls": calls}, "groups": {"team": team}})
    assert opened(scenario, "phone", 3600).sum(axis=1).tolist() == [3.0] * 5 + [0.0] * 3
    grid = grid_of(scenario)
    assert grid.days[HOLIDAY] == 1
    assert not grid.works[0, HOLIDAY].any()


def test_a_closed_holiday_is_one_closed_time(phone_team: Build) -> None:
    hours = phone_team({"calendar": CALENDAR}).queues["phone"].hours
    assert hours is not None
    assert _closed([step for step in hours if step.weekday == HOLIDAY]) == [(0, 86400)]
    assert _closed([step for step in hours if step.weekday == 0]) == [(0, 9 * 3600), (12 * 3600, 86400)]


def _spring_and_autumn(phone_team: Build, start: str, interval: str = "60 min") -> Scenario:
    """A Sunday on which the clocks change, and nobody else's day; twelve calls an hour, thirty at two."""
    calendar = {"start": start, "days": 1, "time_zone": "Europe/Amsterdam", "interval": interval}
    counts = [12, 12, 30, *[12] * 21]
    calls = {
        "queue": "phone",
        "arrivals": {"by_interval": {"from": "00:00", "step": "60 min", "sun": counts}},
        "handle_time": {"exponential": "4 min"},
    }
    queues = {"phone": {"target": "80% in 20 s each day", "patience": {"exponential": "3 min"}}}
    team = {"skills": ["phone"], "agents": 2, "pay": "20 EUR/h"}
    return phone_team(
        {"calendar": calendar, "streams": {"calls": calls}, "queues": queues, "groups": {"team": team}}
    )


@pytest.mark.parametrize(("start", "interval"), [("2026-03-29", "60 min"), ("2026-10-25", "30 min")])
def test_cells_have_the_hours_that_people_are_paid_for(phone_team: Build, start: str, interval: str) -> None:
    scenario = _spring_and_autumn(phone_team, start, interval)
    grid = grid_of(scenario)
    assert grid.hours[6].sum() == (23 if "03" in start else 25)
    assert grid.works[0, 6].sum() == (grid.hours[6] > 0).sum()
    plan = np.where(grid.works, 3, 0)
    cost = costs_of(scenario, grid, True)
    found = run_scenario(with_plan(scenario, grid, plan), replications=2).measures
    paid = found[(found["scope"] == "all") & (found["measure"] == "people_cost")]["mean"].iloc[0]
    assert (cost * plan).sum() == pytest.approx(paid)


def test_a_day_of_changing_clocks_is_planned_where_it_is_the_only_one_of_its_kind(phone_team: Build) -> None:
    skipped = needs_of(_spring_and_autumn(phone_team, "2026-03-29"), "sipp", None)["phone"]
    assert skipped.contacts[6].tolist() == pytest.approx([12, 12, 0, *[12] * 21])
    twice = needs_of(_spring_and_autumn(phone_team, "2026-10-25"), "sipp", None)["phone"]
    assert twice.contacts[6].tolist() == pytest.approx([12, 12, 30, *[12] * 21])
    assert twice.seats[6, 2] > twice.seats[6, 3] > 1
