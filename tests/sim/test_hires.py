"""People whom the roadmap adds: from the start of their day on, beside all others, and new at first."""

from typing import Any, Final

import numpy as np
import pytest

import scenarios
from scenarios import Scenario
from sim.compile import compile_scenario
from sim.hires import hires
from sim.log import HANDLED
from sim.reference import Reference
from tests.sim.logs import first_difference, run
from tests.sim.placed import DAY_S, SECOND

HOUR: Final = 3_600 * SECOND
DAY: Final = DAY_S * SECOND
LEVER: Final = {"owner": "care", "moves": {"groups.team.agents": "+2"}}


def team(levers: dict[str, Any], **more: Any) -> Scenario:
    """Three people by day and one by night, for six days from Monday 2 March 2026 on."""
    group = {"skills": ["phone"], "agents": {"08:00-18:00": 3, "18:00-24:00": 1}, **more.pop("group", {})}
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "a team that grows",
        "calendar": {"start": "2026-03-02", "days": 6, **more},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "40 per hour"},
                "handle_time": {"deterministic": "10 min"},
            }
        },
        "queues": {"phone": {}},
        "groups": {"team": group, "others": {"skills": ["phone"], "agents": 0}},
        "owners": {"care": {"capacity": "40 h/week"}},
        "roadmap": {"levers": levers},
    }
    return scenarios.from_dict(raw)


def heads(scenario: Scenario) -> dict[int, int]:
    """How many are wanted in the team from which tick on."""
    model = compile_scenario(scenario)
    g = model.names.groups.index("team")
    plan = model.tables.plan
    mine = plan[(plan["ref"] == g) & (plan["order"] >> np.uint64(60) == 5)]
    return {int(event["tick"]): int(event["value"]) for event in mine}


def test_levers_with_an_owner_and_a_day_add_people() -> None:
    levers = {
        "more": {**LEVER, "due": "2026-03-04"},
        "again": {**LEVER, "due": "2026-03-06", "moves": {"groups.team.agents": "+1"}},
        "before": {**LEVER, "due": "2026-02-27", "moves": {"groups.others.agents": "+5"}},
        "no day": LEVER,
        "nobody": {"due": "2026-03-04", "moves": {"groups.team.agents": "+9"}},
        "after": {**LEVER, "due": "2026-03-08"},
        "another": {"owner": "care", "due": "2026-03-04", "moves": {"handle_time": "-5%"}},
    }
    assert hires(team(levers)) == {"team": ((2, 2), (4, 1)), "others": ((-3, 5),)}
    assert hires(team({"no day": LEVER})) == {}


def test_they_are_at_work_whenever_anybody_is() -> None:
    """Two more from Wednesday on, and one more from Friday on, by day and by night."""
    more = {"more": {**LEVER, "due": "2026-03-04"}}
    more["again"] = {**LEVER, "due": "2026-03-06", "moves": {"groups.team.agents": "+1"}}
    wanted = {}
    for day, extra in enumerate((0, 0, 2, 2, 3, 3)):
        wanted[day * DAY + 8 * HOUR] = 3 + extra
        wanted[day * DAY + 18 * HOUR] = 1 + extra
        if day:
            wanted[day * DAY] = 0
    assert heads(team(more)) == wanted


def test_whoever_works_round_the_clock_is_joined_at_midnight() -> None:
    """On the day on which clocks go forward, too: it begins at its own midnight."""
    scenario = team(
        {"more": {**LEVER, "due": "2026-03-30"}},
        start="2026-03-28",
        days=3,
        time_zone="Europe/Amsterdam",
        group={"agents": 2},
    )
    assert heads(scenario) == {0: 2, 2 * DAY - HOUR: 4}


def test_hired_before_the_horizon_they_are_there_from_its_start_on() -> None:
    assert heads(team({"more": {**LEVER, "due": "2026-02-01"}}, group={"agents": 2})) == {0: 4}


def test_they_are_new_at_first() -> None:
    """At half speed in their first week a contact of ten minutes takes twenty; all others work as ever."""
    ramp = {"hires": {"2020-01-06": 1}, "weeks": [{"week": 1, "speed": "50%"}, {"week": 2, "speed": "100%"}]}
    scenario = team({"more": {**LEVER, "due": "2026-03-04"}}, days=12, group={"ramp": ramp})
    model = compile_scenario(scenario)
    g = model.names.groups.index("team")
    first, last = (int(model.start.groups[g][field]) for field in ("from_agent", "to_agent"))
    assert last - first == 5
    hired = model.start.agents["hired"][first:last].tolist()
    assert hired[:2] == [-(2**62)] * 2
    assert hired[2] < -6 * 365 * DAY
    assert hired[3:] == [2 * DAY, 2 * DAY]
    legs = run(model).legs()
    legs = legs[legs["outcome"] == HANDLED]
    took = legs["ended"] - legs["started"]
    new = legs["agent"] >= first + 3
    assert legs["started"][new].min() >= 2 * DAY
    in_first_week = new & (legs["started"] < 9 * DAY)
    assert in_first_week.sum() > 100
    assert set(took[in_first_week].tolist()) == {1_200 * SECOND}
    assert set(took[~in_first_week].tolist()) == {600 * SECOND}
    assert (new & ~in_first_week).sum() > 50


@pytest.mark.parametrize("grain", [1, 60_000_000])
def test_both_engines_have_them(grain: int) -> None:
    model = compile_scenario(team({"more": {**LEVER, "due": "2026-03-04"}}), grain)
    assert not first_difference(run(model), run(model, Reference()))
