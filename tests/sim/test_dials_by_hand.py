"""Dials on days worked by hand: they hold from their moment on, for what begins then."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from sim import drive
from sim.case_measure import case_sums, count_cases, new_case_tally, plan_cases
from sim.compile import Model, compile_scenario
from sim.fast import advance
from sim.layout import State
from sim.log import GATE, HANDLED, PREVENTED
from sim.reference import Reference
from tests.sim.case_team import team
from tests.sim.turned import Followed, Once, turn

MINUTE: Final = 60_000_000  # ticks
SECOND: Final = 1_000_000
ENGINES: Final[dict[str, Any]] = {"fast": lambda: advance, "reference": Reference}


def crowd(**group: Any) -> Model:
    """Six contacts wait at midnight for one agent, ten minutes each; nothing else ever comes."""
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "a crowd",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "0 per hour"},
                "handle_time": {"deterministic": "10 min"},
                "backlog": 6,
            }
        },
        "queues": {"phone": {}},
        "groups": {"team": {"skills": ["phone"], "agents": 1, **group}},
    }
    return compile_scenario(scenarios.from_dict(raw))


def ends(model: Model, course: drive.Course, engine: str) -> list[float]:
    """When the contacts were done, in minutes."""
    legs = Followed(model, course, ENGINES[engine]()).log.legs()
    assert (legs["outcome"] == HANDLED).all()
    return [end / MINUTE for end in legs["ended"].tolist()]


@pytest.mark.parametrize("engine", ENGINES)
def test_work_that_begins_later_takes_longer_and_what_is_in_hand_does_not(engine: str) -> None:
    """From 00:25 on twice as long: the third contact, begun at 00:20, is done at 00:30 all the same."""
    model = crowd()
    course = Once(model, {"all": {"longer": 2.0}}, 25 * MINUTE)
    assert ends(model, course, engine) == [10, 20, 30, 50, 70, 90]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_decision_comes_before_what_happens_at_its_moment(engine: str) -> None:
    """At 00:30 the third contact is done, and the fourth begins when the dial has been turned."""
    model = crowd()
    course = Once(model, {"streams.calls": {"longer": 0.5}}, 30 * MINUTE)
    assert ends(model, course, engine) == [10, 20, 30, 35, 40, 45]


@pytest.mark.parametrize("engine", ENGINES)
def test_dials_of_a_group_and_of_fields_add_up(engine: str) -> None:
    """10 min x 0.8 x 1.5 and 30 s more are 12.5 min."""
    model = crowd()
    dials = {"all": {"longer": 0.8}, "groups.team": {"longer": 1.5}}
    course = Once(model, dials, tag_ticks=30 * SECOND)
    assert ends(model, course, engine) == [12.5 * n for n in range(1, 7)]


@pytest.mark.parametrize("engine", ENGINES)
def test_as_many_hurry_but_with_less_haste(engine: str) -> None:
    """While two and more wait an agent takes 8 min (a quarter faster); half of that haste is 9 min.

    Behind the first nobody waits yet; behind the second to the fourth 4, 3 and 2 do.
    """
    model = crowd(hurry={"from_waiting": 2, "speeds_up": "25%"})
    hasty = Once(model, {})
    assert ends(model, hasty, engine) == [10, 18, 26, 34, 44, 54]
    half = Once(model, {"groups.team": {"hurry": 0.5}})
    assert ends(model, half, engine) == [10, 19, 28, 37, 47, 57]


class _InTurn(Once):
    """Sets one dial to other values, one after the other, and remembers when it was asked."""

    def __init__(self, model: Model, ticks: Sequence[int], values: Sequence[float]) -> None:
        super().__init__(model, {})
        self.ticks, self.values = ticks, values
        self.asked: list[tuple[int, int]] = []

    def decide(self, n: int, state: State) -> None:
        self.asked.append((n, int(state.clock[0]["now"])))
        turn(self.turned[0], state, {"all": {"longer": self.values[n]}})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("chunk", [None, 7 * MINUTE, 30 * MINUTE])
def test_decisions_are_taken_once_and_in_turn(engine: str, chunk: int | None) -> None:
    """At midnight, at 00:15 and at the end of the day, which is the last moment for one."""
    model = crowd()
    course = _InTurn(model, (0, 15 * MINUTE, 1440 * MINUTE, 2000 * MINUTE), (3.0, 1.0, 5.0, 7.0))
    legs = Followed(model, course, ENGINES[engine](), chunk).log.legs()
    assert [end / MINUTE for end in legs["ended"].tolist()] == [30, 40, 50, 60, 70, 80]
    assert [n for n, _ in course.asked] == [0, 1, 2]
    assert course.asked[1][1] < 15 * MINUTE  # all before that moment has happened, and nothing of it


# Contacts that never come, where there are cases and where there are none.


@pytest.mark.parametrize("engine", ENGINES)
def test_contacts_without_cases_stay_away_too(engine: str) -> None:
    """By an exact share of those drawn, but for chance: four standard errors."""
    model = crowd()
    raw = model.scenario.model_copy(deep=True)
    calls = raw.streams["calls"].model_copy(
        update={"arrivals": scenarios.from_dict(_busy()).streams["calls"].arrivals}
    )
    busy = compile_scenario(raw.model_copy(update={"streams": {"calls": calls}}))
    before = Followed(busy, None, ENGINES[engine]())
    dials = {"all": {"contacts": 0.9}, "streams.calls": {"contacts": 0.8, "deflects": 0.25}}
    after = Followed(busy, Once(busy, dials), ENGINES[engine]())
    came = [_keys(found) for found in (before, after)]
    gate = after.contacts[after.contacts["row"] == GATE]
    spared = int((gate["outcome"] == PREVENTED).sum())
    drawn = len(came[0]) - 6  # the six that wait at midnight come in any case
    assert came[1] | set(gate["key"].tolist()) == came[0]
    for count, of, share in ((spared, drawn, 0.28), (len(gate) - spared, drawn - spared, 0.25)):
        assert abs(count - of * share) < 4 * math.sqrt(of * share * (1 - share))
    assert drawn > 400


def _busy() -> dict[str, Any]:
    return {
        "careloop": 1,
        "name": "busy",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "20 per hour"},
                "handle_time": {"deterministic": "10 min"},
            }
        },
        "queues": {"phone": {}},
        "groups": {"team": {"skills": ["phone"], "agents": 1}},
    }


def _keys(found: Followed) -> set[int]:
    return set(found.log.legs()["key"].tolist())


def test_prevented_contacts_are_counted_by_stream_and_day() -> None:
    """Only where something changes on the way: without a plan the tables are as ever."""
    assert "prevented" not in {name for name, *_ in _plan(team()).keys()}  # noqa: SIM118
    lever = {"owner": "care", "due": "2026-03-28", "moves": {"contacts": "-20%"}}
    planned = {"owners": {"care": {"capacity": "40 h/week"}}, "roadmap": {"levers": {"fewer": lever}}}
    scenario = team(**planned)
    model, plan = compile_scenario(scenario), _plan(scenario)
    found = Followed(model, Once(model, {"streams.calls": {"contacts": 0.7}, "all": {"contacts": 0.9}}))
    tally = new_case_tally(plan)
    count_cases(plan, tally, found.contacts, found.cases)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    gate = found.contacts[(found.contacts["row"] == GATE) & (found.contacts["outcome"] == PREVENTED)]
    days = np.searchsorted(plan.frame.edges, gate["born"], side="right") - 1
    keys = plan.keys()
    for scope, name, streams in (
        ("all", "all", (0, 1)),
        ("stream", "mails", (1,)),
        ("channel", "phone", (0,)),
    ):
        row = keys.index(("prevented", scope, name))
        mine = np.isin(gate["stream"], streams)
        by_day = np.bincount(days[mine], minlength=len(plan.days))
        assert sums.above[row].tolist() == [*by_day.tolist(), int(mine.sum())]
        assert (by_day > 3).all() or scope == "stream"


def _plan(scenario: scenarios.Scenario) -> Any:
    plan = plan_cases(compile_scenario(scenario))
    assert plan is not None
    return plan
