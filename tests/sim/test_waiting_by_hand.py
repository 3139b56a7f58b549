"""Days worked out by hand of those who wait and of how people work, to the second, on both engines.

Each scenario is a few lines; customers come at given moments (`placed.py`), named by number in their order.
"""

import json
from typing import Any, Final

import pytest

import scenarios
from sim.compile import begin, compile_scenario
from sim.incidents import brings
from sim.log import INCIDENT
from tests.sim.placed import SECOND, Comes, Day, ticks, told
from tests.sim.placed_words import Raw, came, legs, one, scenario, spans, stream

FIVE: Final = {"deterministic": "5 min"}
EXPERT: Final = {"experts": {"skills": ["second"], "agents": 1}}
NOBODY: Final = "–"


@pytest.fixture(params=["fast", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_lines_are_of_those_who_wait_and_those_in_hand(engine: str) -> None:
    """Two lines, one agent: who comes third is blocked, until the first has hung up."""
    text = scenario({"phone": {"lines": 2}}, one(["phone"]))
    assert legs(Day(text, came("09:00", "09:01", "09:02", "09:11"), engine)) == [
        (3, "phone", "blocked", NOBODY, "09:02:00"),
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "phone", "handled", "09:10:00", "09:20:00"),
        (4, "phone", "handled", "09:20:00", "09:30:00"),
    ]


def called_back(answers: str) -> str:
    """Customers of three minutes' patience, and one agent; three lines."""
    call_back = {"over": "1 min", "accepts": "100%", "answers": answers, "attempt": {"deterministic": "30 s"}}
    queue = {"lines": 3, "call_back": call_back}
    patient = stream(patience={"deterministic": "20 min"})
    hasty = stream(patience={"deterministic": "3 min"})
    return scenario({"phone": queue}, one(["phone"]), {"calls": hasty, "patient": patient})


# The second waits for nine minutes and is answered at 09:10: that is what those hear who then find
# somebody waiting. The fourth and the fifth do; they hang up, and leave the third line to each other.
CALLED: Final = [
    *came("09:00"),
    *came("09:01", "09:11", stream="patient"),
    *came("09:12", "09:13"),
]


def test_who_is_called_back_keeps_the_place(engine: str) -> None:
    assert legs(Day(called_back("100%"), CALLED, engine)) == [
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "phone", "handled", "09:10:00", "09:20:00"),
        (3, "phone", "handled", "09:20:00", "09:30:00"),
        (4, "phone", "handled", "09:30:00", "09:40:00"),
        (5, "phone", "handled", "09:40:00", "09:50:00"),
    ]


def test_who_does_not_answer_costs_an_attempt(engine: str) -> None:
    """Half a minute each; who comes meanwhile, and finds nobody waiting, is answered at 09:31."""
    day = Day(called_back("0%"), [*CALLED, *came("09:30:45")], engine)
    assert legs(day)[3:] == [
        (4, "phone", "unreached", "09:30:00", "09:30:30"),
        (5, "phone", "unreached", "09:30:30", "09:31:00"),
        (6, "phone", "handled", "09:31:00", "09:41:00"),
    ]
    assert spans(day, "team") == [("09:00:00", "09:41:00")]


def handed_on(answers: str) -> str:
    """The same; whoever is answered needs five minutes more of somebody else, who calls nobody back."""
    raw = json.loads(called_back(answers))
    del raw["queues"]["phone"]["lines"]
    path = {"first": {"then": "expert"}, "expert": {"queue": "second", "handle_time": FIVE, "then": "solved"}}
    streams = {name: {**each, "path": "two"} for name, each in raw["streams"].items()}
    queues, groups = {**raw["queues"], "second": {}}, {**raw["groups"], **EXPERT}
    return json.dumps({**raw, "streams": streams, "queues": queues, "groups": groups, "paths": {"two": path}})


def test_who_has_been_reached_is_handed_on_like_everybody(engine: str) -> None:
    """Two of five are called back; all five are on the line when the second team answers."""
    day = Day(handed_on("100%"), CALLED, engine)
    assert [leg[:3] for leg in legs(day) if leg[1] == "second"] == [
        (n, "second", "handled") for n in (1, 2, 3, 4, 5)
    ]
    asked = day.log.legs()[["queue", "called"]].tolist()
    names = day.model.names.queues
    assert sorted((names[q], called) for q, called in asked) == [
        *[("phone", 0)] * 3, *[("phone", 1)] * 2, *[("second", 0)] * 5,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "fourth", "fifth"),
    [
        ("100%", ("handled", "09:24:00", "09:34:00"), ("handled", "09:34:00", "09:44:00")),
        ("0%", ("unreached", "09:24:00", "09:24:00"), ("unreached", "09:25:00", "09:25:00")),
    ],
)
def test_who_hung_up_and_is_passed_on_answers_as_agreed(
    engine: str, answers: str, fourth: tuple[str, str, str], fifth: tuple[str, str, str]
) -> None:
    """After 12 minutes the two go to a queue that has no call-backs itself, and so no time for an attempt."""
    raw = json.loads(called_back(answers))
    raw["queues"]["phone"]["overflow"] = {"to": "second", "after": "12 min"}
    raw["queues"]["second"] = {}
    day = Day(json.dumps({**raw, "groups": {**raw["groups"], **EXPERT}}), CALLED, engine)
    passed = [leg for leg in legs(day) if leg[1] == "second"]
    assert passed == [(4, "second", *fourth), (5, "second", *fifth)]


def test_who_leaves_a_chat_unseen_costs_a_while(engine: str) -> None:
    """The second has left at 09:03; the agent finds out from 09:10 to 09:11, and the third waits for it."""
    queue = {"channel": "chat", "silent": {"share": "100%", "handle_time": {"deterministic": "1 min"}}}
    chats = stream("chat", patience={"deterministic": "2 min"})
    queue |= {"patience": {"deterministic": "2 min"}}
    day = Day(
        scenario({"chat": queue}, one(["chat"]), {"calls": chats}), came("09:00", "09:01", "09:09:30"), engine
    )
    assert legs(day) == [
        (1, "chat", "handled", "09:00:00", "09:10:00"),
        (2, "chat", "silent", "09:10:00", "09:11:00"),
        (3, "chat", "handled", "09:11:00", "09:21:00"),
    ]
    assert [told(int(row["left"])) for row in day.log.legs()] == [NOBODY, "09:03:00", NOBODY]


def test_who_leaves_a_message_hangs_up(engine: str) -> None:
    """After two minutes; then the line is free, and nobody's patience matters.

    The third finds two lines taken, the fourth one free since 09:03. Each message is heard in its turn.
    """
    phone = {"lines": 2, "overflow": {"to": "messages", "after": "2 min", "leaves_message": True}}
    queues = {"phone": phone, "messages": {"channel": "email"}}
    calls = stream(patience={"deterministic": "5 min"})
    text = scenario(queues, one(["phone", "messages"]), {"calls": calls})
    assert legs(Day(text, came("09:00", "09:01", "09:02", "09:04"), engine)) == [
        (3, "phone", "blocked", NOBODY, "09:02:00"),
        (2, "phone", "overflowed", NOBODY, "09:03:00"),
        (4, "phone", "overflowed", NOBODY, "09:06:00"),
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "messages", "handled", "09:10:00", "09:20:00"),
        (4, "messages", "handled", "09:20:00", "09:30:00"),
    ]


def test_who_comes_back_finds_the_line_open(engine: str) -> None:
    """An hour after each answer: at 13:00, half through lunch, and so half through the afternoon instead.

    Then at 17:10, while it is open. At 18:20 it has closed: that would be tomorrow.
    """
    hours = {"mon": ["08:00-12:00", "14:00-18:00"]}
    back = {"reopens": {"share": "99.9%", "after": {"deterministic": "1 h"}}}
    day = Day(scenario({"phone": {"hours": hours}}, one(["phone"]), closing=back), came("11:50"), engine)
    assert [(told(leg["queued"]), told(leg["ended"])) for leg in day.log.legs()] == [
        ("11:50:00", "12:00:00"),
        ("16:00:00", "16:10:00"),
        ("17:10:00", "17:20:00"),
    ]


def test_who_is_on_call_begins_after_a_while(engine: str) -> None:
    """The customer is answered when they begin, five minutes after the call; their time is theirs."""
    text = scenario(
        {"phone": {}}, one(["phone"], on_call={"answers": {"deterministic": "5 min"}}), {"calls": stream()}
    )
    day = Day(text, came("09:00", "09:01"), engine)
    assert legs(day) == [
        (1, "phone", "handled", "09:05:00", "09:15:00"),
        (2, "phone", "handled", "09:20:00", "09:30:00"),
    ]
    assert [int(leg["touched"]) for leg in day.log.legs()] == [600 * SECOND, 600 * SECOND]
    assert spans(day, "team") == [("09:00:00", "09:30:00")]


TWO: Final = {
    "calls": stream("low"),
    "urgent": stream("high"),
    "long": stream("low", handle_time={"deterministic": "20 min"}),
}


@pytest.mark.parametrize(("low_comes", "order"), [("09:05", ["low", "high"]), ("09:11", ["high", "low"])])
def test_priority_grows_while_they_wait(low_comes: str, order: list[str], engine: str) -> None:
    """By 1 in 10 min: after 15 min of waiting, 1.5 is above the 1 of the urgent; 0.9 after 9 is not."""
    queues = {"low": {"priority": 0, "gains": "1 per 10 min"}, "high": {"priority": 1}}
    text = scenario(queues, one(["low", "high"], takes="ageing"), TWO)
    coming = [*came("09:00", stream="long"), *came(low_comes), *came("09:12", stream="urgent")]
    assert [leg[1] for leg in legs(Day(text, coming, engine))] == ["low", *order]


@pytest.mark.parametrize(("high_comes", "order"), [("09:14", ["high", "low"]), ("09:16", ["low", "high"])])
def test_waits_are_weighed(high_comes: str, order: list[str], engine: str) -> None:
    """At 09:20 one has waited for 15 min; the other for 6 or for 4, of which each counts three times."""
    queues = {"low": {}, "high": {"weight": 3}}
    text = scenario(queues, one(["low", "high"], takes="weighted_wait"), TWO)
    coming = [*came("09:00", stream="long"), *came("09:05"), *came(high_comes, stream="urgent")]
    assert [leg[1] for leg in legs(Day(text, coming, engine))] == ["low", *order]


def test_hurry_while_others_wait(engine: str) -> None:
    """A quarter faster where two still wait as work begins: 8 min for the second, 10 for those after it."""
    text = scenario({"phone": {}}, one(["phone"], hurry={"from_waiting": 2, "speeds_up": "25%"}))
    assert [leg[4] for leg in legs(Day(text, came("09:00", "09:01", "09:02", "09:03"), engine))] == [
        "09:10:00",
        "09:18:00",
        "09:28:00",
        "09:38:00",
    ]


def test_new_agents_are_slow_for_a_week(engine: str) -> None:
    """Who has started on Thursday works at half the speed until the next one, by when work begins."""
    ramp = {
        "hires": {"2026-02-26": 1},
        "weeks": [{"week": 1, "speed": "50%", "reopens": 1}, {"week": 2, "speed": "100%", "reopens": 1}],
    }
    text = scenario({"phone": {}}, one(["phone"], ramp=ramp))
    text = text.replace('"days": 1', '"days": 4')
    coming = came("71:30", "71:55", "72:30")
    assert legs(Day(text, coming, engine)) == [
        (1, "phone", "handled", "Wed 23:30:00", "Wed 23:50:00"),
        (2, "phone", "handled", "Wed 23:55:00", "Thu 00:15:00"),
        (3, "phone", "handled", "Thu 00:30:00", "Thu 00:40:00"),
    ]


def test_others_are_not_slow_because_somebody_is_new(engine: str) -> None:
    """The first call is the other agent's. Who is new works as the last row of the ramp says, for good."""
    ramp = {"hires": {"2026-01-01": 1}, "weeks": [{"week": 1, "speed": "50%"}]}
    text = scenario({"phone": {}}, one(["phone"], ramp=ramp, idle="fixed_order", agents=2))
    assert legs(Day(text, came("09:00", "09:01"), engine)) == [
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "phone", "handled", "09:01:00", "09:21:00"),
    ]


def test_before_the_first_day_nobody_is_slow(engine: str) -> None:
    ramp = {"hires": {"2026-03-03": 1}, "weeks": [{"week": 1, "speed": "50%"}, {"week": 2}]}
    text = scenario({"phone": {}}, one(["phone"], ramp=ramp)).replace('"days": 1', '"days": 2')
    assert legs(Day(text, came("09:00", "33:00"), engine)) == [
        (1, "phone", "handled", "09:00:00", "09:10:00"),
        (2, "phone", "handled", "Tue 09:00:00", "Tue 09:20:00"),
    ]


@pytest.mark.parametrize(("first", "leaves"), [("9 min", True), ("10 min", False)])
def test_below_the_first_wait_nobody_balks(first: str, leaves: bool, engine: str) -> None:
    """The second waits for nine minutes; that is what the fourth hears, since the third waits before it."""
    text = scenario({"phone": {"announces": {"balk": {first: "100%"}}}}, one(["phone"]))
    found = legs(Day(text, came("09:00", "09:01", "09:12", "09:13"), engine))
    assert ((4, "phone", "abandoned", NOBODY, "09:13:00") in found) == leaves


@pytest.mark.parametrize(
    ("queue", "answered"), [({}, "Tue 10:30:00"), ({"at_closing": "hold"}, "Tue 08:00:00")]
)
def test_a_reply_comes_while_the_line_is_open(queue: Raw, answered: str, engine: str) -> None:
    """It would come at 21:30, a quarter into the night: it comes a quarter into the next day; or is held."""
    steps = {
        "first": {"then": "reply"},
        "reply": {"after": {"deterministic": "740 min"}, "then": "solved"},
    }
    calls = stream(path="asks")
    hours = {"hours": {"daily": "08:00-18:00"}}
    text = scenario({"phone": hours | queue}, one(["phone"]), {"calls": calls}, paths={"asks": steps})
    found = legs(Day(text.replace('"days": 1', '"days": 2'), came("09:00"), engine))
    assert [leg[3] for leg in found] == ["09:00:00", answered]


# An incident at nine. It is noticed by three contacts about its cause within ten minutes, five minutes later;
# mended an hour after that, it fades for half an hour; the page is up a quarter of an hour after the alarm.
DOWN: Final[Raw] = {
    "cause": "outage",
    "severity": "S1",
    "starts": {"at": ["2026-03-02 09:00"]},
    "lasts": {"deterministic": "10 h"},
    "surge": {"calls": "0.001 per h"},  # nobody, but for those who are placed
    "detection": {"contacts": 3, "within": "10 min", "delay": "5 min"},
    "mitigation": {"deterministic": "1 h"},
    "fades": "30 min",
    "status_page": {"after": "15 min", "cuts": "60%"},
}


def incident_text() -> str:
    """Contacts about an outage; a manager is told once when it touches $50,000, and a summary is due."""
    late = {"rate": "60 per h", "hours": "late"}  # so that there are contacts enough to notice it
    calls = stream(causes={"outage": 1}, tiers={"big": 1}) | {"arrivals": late}
    side_work = {
        "manager": {
            "queue": "desk",
            "handle_time": {"deterministic": "1 min"},
            "on": "opened",
            "once": "incident",
            "when": {"arr": "$50,000"},
        },
        "summary": {
            "queue": "desk",
            "handle_time": {"deterministic": "20 min"},
            "on": "incident",
            "due": "2 h",
        },
    }
    text = scenario(
        {"phone": {}, "desk": {"channel": "email"}},
        {"team": {"skills": ["phone"], "agents": 9}, "managers": {"skills": ["desk"], "agents": 1}},
        {"calls": calls},
        causes={"outage": {}},
        severities={"S1": {"resolution": "4 h"}},
        tiers={"big": {"accounts": 1000, "arr": "$20,000"}},
        incidents={"down": DOWN},
        side_work=side_work,
    )
    return text.replace('"interval"', '"hours": {"late": {"daily": "23:00-23:30"}}, "interval"')


class Outage(Day):
    """A day whose customers come because of the first incident."""

    def _place(self, state: Any, n: int, coming: Comes) -> tuple[int, int]:
        c, tick = super()._place(state, n, coming)
        state.contacts[c]["incident"] = 0
        return c, tick


# At 09:12 three have come within eleven minutes, at 09:13 within nine. Who comes at 08:55 is before it.
ABOUT_IT: Final = came("09:01", "09:04", "09:12", "09:13")
OTHERS: Final = came("08:55", "09:01", "09:04", "09:12", "09:13")


@pytest.mark.parametrize(("day", "coming", "brought"), [(Outage, ABOUT_IT, 4), (Day, OTHERS, 0)])
def test_an_incident_from_start_to_end(
    day: type[Day], coming: list[Comes], brought: int, engine: str
) -> None:
    """It is noticed by the tags of whoever comes about its cause."""
    log = day(incident_text(), coming, engine).log
    (row,) = log.contacts[log.contacts["row"] == INCIDENT]
    moments = {name: told(int(row[name])) for name in ("born", "orbit", "queued", "started", "ended")}
    assert moments == {
        "born": "09:00:00",
        "orbit": "09:18:00",  # the alarm
        "queued": "09:33:00",  # the page
        "started": "10:18:00",  # mended
        "ended": "10:18:00",
    }
    assert row["found"] == brought
    assert row["touched"] == brought * 20_000


def test_the_third_account_of_an_incident_is_escalated_once(engine: str) -> None:
    """$60,000 are touched at 09:12; the fourth account brings no second message."""
    day = Outage(incident_text(), ABOUT_IT, engine)
    rows = day.log.legs()
    rows = rows[(rows["queue"] == day.model.names.queues.index("desk")) & (rows["ended"] < ticks("23:00:00"))]
    told_of = [(told(int(row["queued"])), told(int(row["ended"]))) for row in rows]
    # The summary is owed when the surge has faded, at 10:48, as the next half hour starts.
    assert told_of == [("09:12:00", "09:13:00"), ("11:00:00", "11:20:00")]
    assert told(int(rows[1]["due"])) == "13:00:00"
    assert [int(case["severity"]) for case in day.log.cases][:4] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("moment", "share"),
    [
        ("08:59:59", 0.0),
        ("09:00:00", 1.0),
        ("09:32:59", 1.0),
        ("09:33:00", 0.4),
        ("10:18:00", 0.4),
        ("10:33:00", 0.2),
        ("10:42:00", 0.08),
        ("10:48:00", 0.0),
    ],
)
def test_what_an_incident_brings_over_time(moment: str, share: float) -> None:
    """All of its surge, less those who read the page; less and less when it has been mended."""
    state = begin(compile_scenario(scenarios.loads(incident_text())), 1, 0)
    incident = state.incidents[0]
    for field, time in (("started", "09:00:00"), ("posted", "09:33:00"), ("mended", "10:18:00")):
        incident[field] = ticks(time)
    incident["ends"] = ticks("19:00:00")
    assert brings(state, 0, ticks(moment)) == pytest.approx(share)
