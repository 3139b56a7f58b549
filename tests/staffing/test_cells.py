"""Cells of the week: where a queue is open."""

from scenarios.week import HOLIDAY
from sim.explain.causes import _closed
from sim.staffing.cells import grid_of, opened
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
