"""Days worked out by hand of agents who wrap up after the customer has gone, on both engines.

Customers come at given moments (`placed.py`), named by number in their order.
"""

from typing import Any

import pytest

import careloop
from scenarios import from_dict
from sim.log import HELD
from tests.sim.case_team import TEAM
from tests.sim.logs import first_difference
from tests.sim.placed import SECOND, Day
from tests.sim.placed_words import TEN, came, legs, one, scenario, spans, stream


@pytest.fixture(params=["fast", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_customer_goes_and_the_agent_writes_on(engine: str) -> None:
    """Of ten minutes the last two: the second customer is answered at 09:10."""
    text = scenario({"phone": {}}, one(["phone"]), {"calls": stream(wrap_up="20%")})
    day = Day(text, came("09:00", "09:01"), engine)
    assert legs(day) == [
        (1, "phone", "handled", "09:00:00", "09:08:00"),
        (2, "phone", "handled", "09:10:00", "09:18:00"),
    ]
    assert [leg[3:] for leg in legs(day, HELD)] == [("09:08:00", "09:10:00"), ("09:18:00", "09:20:00")]
    assert spans(day, "team") == [("09:00:00", "09:20:00")]


def test_a_line_is_free_when_the_customer_has_gone(engine: str) -> None:
    """With one line: who comes at 09:07 finds it taken, who comes at 09:09 waits for the agent."""
    text = scenario({"phone": {"lines": 1}}, one(["phone"]), {"calls": stream(wrap_up="20%")})
    day = Day(text, came("09:00", "09:07", "09:09"), engine)
    assert [leg[:3] for leg in legs(day)] == [
        (2, "phone", "blocked"),
        (1, "phone", "handled"),
        (3, "phone", "handled"),
    ]
    assert legs(day)[-1][3:] == ("09:10:00", "09:18:00")


def test_wrap_up_of_a_chat_keeps_its_place(engine: str) -> None:
    """Two at a time: the third chat waits for the end of wrap-up, at 09:10, not of the talk."""
    chats = {"channel": "chat"}
    team = one(["chat"], concurrency={"chats": 2, "slowdown": [1, 1]})
    text = scenario({"chat": chats}, team, {"chats": stream("chat", wrap_up="50%")})
    day = Day(text, came("09:00", "09:00", "09:06", stream="chats"), engine)
    assert [leg[3:] for leg in legs(day)] == [
        ("09:00:00", "09:05:00"),
        ("09:00:00", "09:05:00"),
        ("09:10:00", "09:15:00"),
    ]
    wrapped = [row for row in day.log.contacts if row["row"] == HELD]
    assert [int(row["touched"]) for row in wrapped] == [300 * SECOND] * 3
    assert sum(int(row["agent_time"]) for row in wrapped) == (300 + 300) * SECOND  # the first two together


def test_who_hands_over_warm_wraps_up_thereafter(engine: str) -> None:
    """Both talk from 09:08 to 09:10; who handed over then writes for two minutes, the expert for one."""
    warm = {"queue": "expert", "handle_time": TEN, "handover": "warm", "conference": "2 min", "wrap_up": 0.1}
    paths = {"hard": {"first": {"then": "second"}, "second": warm}}
    groups = {"team": {"skills": ["phone"], "agents": 1}, "experts": {"skills": ["expert"], "agents": 1}}
    streams = {"calls": stream(path="hard", wrap_up="20%")}
    day = Day(scenario({"phone": {}, "expert": {}}, groups, streams, paths=paths), came("09:00"), engine)
    assert [leg[3:] for leg in legs(day)] == [("09:00:00", "09:08:00"), ("09:08:00", "09:19:00")]
    assert spans(day, "team") == [("09:00:00", "09:12:00")]
    assert spans(day, "experts") == [("09:08:00", "09:20:00")]
    (case,) = day.log.cases
    assert case["touched"] == 24 * 60 * SECOND
    assert case["solved"] == (9 * 60 + 19) * 60 * SECOND


def test_wrap_up_cannot_be_interrupted(engine: str) -> None:
    """A letter is laid aside for a call, but not the notes about it: the call at 09:09 waits a minute."""
    queues: dict[str, Any] = {
        "phone": {"priority": "high"},
        "mail": {"channel": "email", "interruptible": True},
    }
    streams = {"calls": stream(), "mails": stream("mail", wrap_up="20%")}
    text = scenario(queues, one(["phone", "mail"]), streams)
    for moment, answered in (("09:05", "09:05:00"), ("09:09", "09:10:00")):
        day = Day(text, [*came("09:00", stream="mails"), *came(moment)], engine)
        assert next(leg[3] for leg in legs(day) if leg[1] == "phone") == answered


def test_figures_of_people_are_as_without() -> None:
    """The same draws: where nobody is lost for want of a line, all waits and times of agents stay."""
    streams = {
        name: {key: value for key, value in each.items() if key in ("queue", "arrivals", "handle_time")}
        for name, each in TEAM["streams"].items()
    }
    plain = {key: TEAM[key] for key in ("careloop", "name", "service_level", "calendar", "queues", "groups")}
    found = []
    for share in (0, "30%"):
        mapping = {**plain, "streams": {name: {**each, "wrap_up": share} for name, each in streams.items()}}
        result = careloop.simulate(from_dict(mapping), replications=1, seed=3)
        found.append(result.measures.drop(columns="scenario", errors="ignore"))
    assert found[0].equals(found[1])


def test_engines_agree() -> None:
    text = scenario({"phone": {"lines": 2}}, one(["phone"]), {"calls": stream(wrap_up="35%")})
    moments = [f"09:{minute:02d}" for minute in range(0, 60, 7)]
    assert not first_difference(*(Day(text, came(*moments), each).log for each in ("fast", "reference")))
