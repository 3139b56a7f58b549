"""Holidays, special days and breaks in the engine: whom, when and for how much, worked out by hand."""

from typing import Any

import numpy as np
import pytest

import scenarios
from sim.compile import compile_scenario
from sim.experiment import run_scenario
from sim.rates import rates
from tests.sim.hand import Call, Day
from tests.sim.hand import scenario as by_hand

ENGINES = ("fast", "reference")


def raw(**group: Any) -> dict[str, Any]:
    """Five days, Tuesday a holiday and Thursday a special day."""
    return {
        "careloop": 1,
        "name": "A week with a holiday",
        "calendar": {
            "start": "2026-03-02",
            "days": 5,
            "holidays": ["2026-03-03"],
            "hours": {"desk": {"mon-fri": "08:00-18:00", "holidays": "10:00-12:00"}},
        },
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {
                    "by_interval": {"mon-fri": {"08:00-18:00": 200}, "holidays": {"08:00-18:00": 50}},
                    "special_days": {"2026-03-05": "150%"},
                },
                "handle_time": {"exponential": "3 min"},
            }
        },
        "queues": {"phone": {"hours": "desk", "patience": {"exponential": "3 min"}}},
        "groups": {"team": {"skills": ["phone"], **group}},
        "run": {"replications": 1},
    }


def test_contacts_expected_by_day() -> None:
    model = compile_scenario(scenarios.from_dict(raw(agents=5, hours="desk")))
    found = rates(model.almanac, model.scenario.streams["calls"].arrivals).expected
    assert found.reshape(5, 48).sum(axis=1) == pytest.approx([200, 50, 200, 300, 200])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_holiday_has_its_own_hours_and_people(engine: str) -> None:
    group = {"agents": {"mon-fri": {"08:00-18:00": 5}, "holidays": {"10:00-12:00": 2}}}
    result = run_scenario(scenarios.from_dict(raw(**group)), engine=engine)
    rows = result.intervals[
        (result.intervals["measure"] == "on_duty") & (result.intervals["scope"] == "group")
    ]
    by_day = np.zeros(5)
    for label, mean in zip(rows["interval"], rows["mean"], strict=True):
        by_day[int(str(label)[8:10]) - 2] += mean / 2
    assert by_day[[0, 2, 3, 4]] == pytest.approx([50, 50, 50, 50], abs=1)
    assert by_day[1] == pytest.approx(4, abs=1)
    closed = result.counts[(result.counts["scope"] == "queue")]["closed"].iloc[0]
    assert closed > 20  # 40 of the holiday's 50 calls come outside its two hours


@pytest.mark.parametrize("engine", ENGINES)
def test_holidays_do_not_depend_on_the_engine(engine: str) -> None:
    group: dict[str, Any] = {"shifts": [{"agents": 4, "days": "mon-fri", "hours": "08:00-16:00"}]}
    scenario = scenarios.from_dict(raw(**group))
    one, other = (run_scenario(scenario, engine=name).counts for name in ENGINES)
    assert one.equals(other)
    assert engine in ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_a_break_is_taken_after_the_call_in_hand(engine: str) -> None:
    """Calls of 10 minutes at 08:55 and 09:03; the break is 09:00-09:15, the agent alone.

    The first call ends at 09:05, the break lasts until 09:15, the second call waits from 09:03 until
    then. On duty 08:00-09:05 and 09:15-12:00, that is 230 minutes, paid 230 + 15.
    """
    shift = {"agents": 1, "hours": "08:00-12:00", "breaks": ["09:00-09:15"]}
    group = {"skills": ["phone"], "shifts": [shift], "shrinkage": "20%"}
    calls = [Call("phone", 8 * 60 + 55, 10), Call("phone", 9 * 60 + 3, 10)]
    day = Day(by_hand(calls, {"phone": {}}, {"team": group}), engine)
    assert day.times("phone", "started") == [8 * 60 + 55, 9 * 60 + 15]
    assert day.measure("on_duty", "group", "team") * 24 * 60 == pytest.approx(230)
    assert day.measure("paid_hours", "group", "team") * 60 == pytest.approx((230 + 15) / 0.8)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unpaid_break_costs_nothing(engine: str) -> None:
    shift = {"agents": 2, "hours": "08:00-12:00", "breaks": [{"at": "10:00", "for": "30 min", "paid": "no"}]}
    group = {"skills": ["phone"], "shifts": [shift]}
    day = Day(by_hand([Call("phone", 9 * 60, 1)], {"phone": {}}, {"team": group}), engine)
    assert day.measure("on_duty", "group", "team") * 24 == pytest.approx(7)
    assert day.measure("paid_hours", "group", "team") == pytest.approx(7)


@pytest.mark.parametrize("engine", ENGINES)
def test_paid_breaks_are_counted_where_the_clock_is(engine: str) -> None:
    """A night of two, paid breaks 23:45-00:15: a quarter of an hour each on either side of midnight."""
    shift = {"agents": 2, "days": "daily", "hours": "22:00-06:00", "breaks": ["23:45-00:15"]}
    group = {"skills": ["phone"], "shifts": [shift]}
    day = Day(night(group), engine)
    by_interval = day.by_interval("paid_hours", "group", "team")
    assert sum(by_interval) == pytest.approx(32)
    assert by_interval[0] == pytest.approx(1.0)
    assert by_interval[47] == pytest.approx(1.0)
    assert day.measure("paid_hours", "group", "team") == pytest.approx(32)


def night(group: dict[str, Any]) -> scenarios.Scenario:
    return by_hand([Call("phone", 5, 1)], {"phone": {}}, {"team": group}, days=2)
