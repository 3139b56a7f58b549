"""Days worked out by hand of agents who hand over warm, and so stay with a contact, on both engines.

Customers come at given moments (`placed.py`), named by number in their order.
"""

from typing import Any, Final

import pytest

from sim.log import HELD
from tests.sim.logs import first_difference
from tests.sim.placed import SECOND, Day
from tests.sim.placed_words import Raw, came, legs, scenario, spans, stream

NOBODY: Final = "–"


@pytest.fixture(params=["fast", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def text_of(
    handover: Any,
    busy: str = "15 min",
    step: Raw | None = None,
    calls: Raw | None = None,
    team: Raw | None = None,
    experts: Raw | None = None,
    queue: Raw | None = None,
) -> str:
    """Calls of ten minutes, handed to an expert, and others that keep the expert `busy`; and what differs.

    Both agents talk to a customer for two minutes.
    """
    expert = {"queue": "expert", "handle_time": {"deterministic": "5 min"}, **(step or {})}
    warm = {**expert, "handover": handover, "conference": "2 min"}
    paths = {"hard": {"first": {"then": "second"}, "second": {**warm, "then": "solved"}}}
    streams = {
        "calls": stream(path="hard", **(calls or {})),
        "easy": stream(),
        "others": stream("expert", handle_time={"deterministic": busy}),
    }
    groups = {
        "team": team or {"skills": ["phone"], "agents": 1},
        "experts": {"skills": ["expert"], "agents": 1, **(experts or {})},
    }
    return scenario({"phone": {}, "expert": queue or {}}, groups, streams, paths=paths)


def day_of(engine: str, text: str) -> Day:
    """A call is taken at nine, when the expert gets another customer; at 09:12 an easy call comes."""
    return Day(text, [*came("09:00"), *came("09:00", stream="others"), *came("09:12", stream="easy")], engine)


@pytest.mark.parametrize("handover", ["warm", {"warm": "6 min"}])
def test_warm_handover_keeps_two_agents(handover: Any, engine: str) -> None:
    """The expert has another customer until 09:15, and then both talk to the first for two minutes.

    So who handed over is free at 09:17, for the second call; the expert works for 2 + 5 minutes. A limit
    ends the wait, not the conversation.
    """
    day = day_of(engine, text_of(handover))
    assert legs(day) == [
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "expert", "handled", "09:00:00", "09:15:00"),
        (1, "expert", "handled", "09:15:00", "09:22:00"),
        (3, "phone", "handled", "09:17:00", "09:27:00"),
    ]
    assert legs(day, HELD) == [(1, "phone", "handled", "09:10:00", "09:17:00")]
    assert spans(day, "team") == [("09:00:00", "09:27:00")]
    assert spans(day, "experts") == [("09:00:00", "09:22:00")]
    (case,) = (case for case in day.log.cases if case["legs"] == 2)
    assert case["touched"] == (10 + 7 + 7) * 60 * SECOND  # of all three


def test_who_hands_over_waits_no_longer_than_the_limit(engine: str) -> None:
    """Until 09:13; the easy call is next, and from 09:15 on the expert works for five minutes, alone."""
    day = day_of(engine, text_of({"warm": "3 min"}))
    assert legs(day) == [
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "expert", "handled", "09:00:00", "09:15:00"),
        (1, "expert", "handled", "09:15:00", "09:20:00"),
        (3, "phone", "handled", "09:13:00", "09:23:00"),
    ]
    assert legs(day, HELD) == [(1, "phone", "handled", "09:10:00", "09:13:00")]
    assert spans(day, "team") == [("09:00:00", "09:23:00")]
    assert spans(day, "experts") == [("09:00:00", "09:20:00")]
    (case,) = (case for case in day.log.cases if case["legs"] == 2)
    assert case["touched"] == (10 + 3 + 5) * 60 * SECOND  # of all three
    assert case["transfers"] == 1


@pytest.mark.parametrize(
    ("limit", "lets_go", "is_done"), [("3 min", "09:13:00", "09:19:00"), ("4 min", "09:16:00", "09:21:00")]
)
def test_who_is_called_must_come_within_the_limit(
    limit: str, lets_go: str, is_done: str, engine: str
) -> None:
    """The expert is called at 09:10 and begins at 09:14: too late for a conference with who waits 3 min."""
    on_call = {"answers": {"deterministic": "4 min"}}
    day = day_of(engine, text_of({"warm": limit}, "1 min", experts={"on_call": on_call}))
    assert legs(day, HELD) == [(1, "phone", "handled", "09:10:00", lets_go)]
    assert (1, "expert", "handled", "09:14:00", is_done) in legs(day)
    (third,) = (leg for leg in legs(day) if leg[0] == 3)
    assert third[3] == lets_go


@pytest.mark.parametrize(("handover", "solved"), [("warm", 0), ({"warm": "3 min"}, 2)])
def test_agents_who_wait_for_each_other_wait_for_ever(handover: Any, solved: int, engine: str) -> None:
    """Two agents hand over to each other at 09:10: nobody is left to answer, unless they let go at 09:13."""
    second = {"queue": "second", "handle_time": {"deterministic": "5 min"}, "handover": handover}
    paths = {"hard": {"first": {"then": "second"}, "second": {**second, "then": "solved"}}}
    team = {"team": {"skills": ["phone", "second"], "agents": 2}}
    text = scenario({"phone": {}, "second": {}}, team, {"calls": stream(path="hard")}, paths=paths)
    day = Day(text, came("09:00", "09:00"), engine)
    assert sum(int(case["solved"]) >= 0 for case in day.log.cases) == solved
    if solved:
        assert [leg[3:] for leg in legs(day, HELD)] == [("09:10:00", "09:13:00")] * 2
        assert [leg[3:] for leg in legs(day)[2:]] == [("09:13:00", "09:18:00")] * 2


@pytest.mark.parametrize(
    ("limit", "lets_go"), [("1 min", "09:11:00"), ("2 min", "09:12:00"), ("3 min", "09:12:00")]
)
def test_who_hangs_up_sets_free_who_stays(limit: str, lets_go: str, engine: str) -> None:
    """At 09:12, two minutes after the handover: before the limit, in the same moment, or after it."""
    calls = {"patience": {"deterministic": "2 min"}}
    day = day_of(engine, text_of({"warm": limit}, step={"patient": False}, calls=calls))
    assert (1, "expert", "abandoned", NOBODY, "09:12:00") in legs(day)
    assert legs(day, HELD) == [(1, "phone", "handled", "09:10:00", lets_go)]
    assert legs(day)[-1] == (3, "phone", "handled", "09:12:00", "09:22:00")
    assert spans(day, "experts") == [("09:00:00", "09:15:00")]


@pytest.mark.parametrize(("limit", "leaves"), [("3 min", "09:13:00"), ("6 min", "09:17:00")])
def test_who_stays_leaves_after_the_shift(limit: str, leaves: str, engine: str) -> None:
    """It ends at 09:11: like other work, that is finished, and the easy call at 09:12 is left to nobody."""
    shift = {"agents": 1, "hours": "08:00-09:11"}
    day = day_of(engine, text_of({"warm": limit}, team={"skills": ["phone"], "shifts": [shift]}))
    assert legs(day, HELD) == [(1, "phone", "handled", "09:10:00", leaves)]
    assert spans(day, "team") == [("09:00:00", leaves)]
    assert [leg[:3] for leg in legs(day)][-1] == (3, "phone", "open")


def test_the_limit_ends_as_the_expert_is_free() -> None:
    """At 09:15 both: there is no telling who is first, but both engines say the same, and mean it.

    Either there is a conference of two minutes or there is none, for both agents.
    """
    seen = set()
    text = text_of({"warm": "5 min"})
    for before in range(8):  # by the keys of the customers, which go by their number
        coming = [*came(*(f"0{n}:00" for n in range(before)), stream="easy"), *came("09:00")]
        coming += [*came("09:00", stream="others"), *came("09:12", stream="easy")]
        days = [Day(text, coming, engine) for engine in ("fast", "reference")]
        assert not first_difference(days[0].log, days[1].log)
        ((_, _, _, _, lets_go),) = legs(days[0], HELD)
        (done,) = (leg[4] for leg in legs(days[0]) if leg[:2] == (before + 1, "expert"))
        seen.add((lets_go, done))
    assert seen == {("09:15:00", "09:20:00"), ("09:17:00", "09:22:00")}
