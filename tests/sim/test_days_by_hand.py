"""Days worked out by hand: what should happen, minute by minute, on both engines.

Parity cannot see a wrong rule that both engines share. The expected values stand beside their reasons.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sim.hand import Call, Day, Raw, scenario

PlayDay = Callable[..., Day]
MINUTE = 60_000_000  # ticks


@pytest.fixture(params=["fast", "reference"])
def play(request: pytest.FixtureRequest) -> PlayDay:
    """Play a little day on either engine."""

    def play(calls: list[Call], queues: Raw, groups: Raw, **more: Any) -> Day:
        return Day(scenario(calls, queues, groups, **more), request.param)

    return play


def test_first_come_first_served(play: PlayDay) -> None:
    """Three calls of 5 min at 0, 1 and 2; one agent.

    Answered at 0, 5, 10: waits of 0, 4, 8 min. Two wait from 2 to 5, one from 1 to 2 and 5 to 10.
    """
    day = play(
        [Call("phone", 0, 5), Call("phone", 1, 5), Call("phone", 2, 5)],
        {"phone": {"target": "80% in 4 min"}},
        {"team": {"skills": ["phone"], "agents": 1}},
    )
    assert day.times("phone", "started") == [0, 5, 10]
    assert day.times("phone", "ended") == [5, 10, 15]
    assert day.measure("asa", "queue", "phone") == pytest.approx(240)
    assert day.measure("service_level", "queue", "phone") == pytest.approx(2 / 3)  # 4 min is within 4 min
    assert day.measure("delayed", "queue", "phone") == pytest.approx(2 / 3)
    assert day.measure("aht", "queue", "phone") == pytest.approx(300)
    assert day.measure("max_queue", "queue", "phone") == 2
    assert day.measure("mean_queue", "queue", "phone") == pytest.approx(12 / 1440)
    assert day.measure("occupancy", "group", "team") == pytest.approx(15 / 1440)
    assert day.measure("on_duty", "group", "team") == pytest.approx(1.0)
    assert day.measure("time_working", "group", "team") == pytest.approx(0.25)


def test_priority_goes_before_waiting_time(play: PlayDay) -> None:
    """An urgent call at 3 min is taken at 5, before the one that has waited since 1."""
    day = play(
        [Call("normal", 0, 5), Call("normal", 1, 5), Call("urgent", 3, 5)],
        {"normal": {}, "urgent": {"priority": "high"}},
        {"team": {"skills": ["normal", "urgent"], "agents": 1}},
    )
    assert day.times("urgent", "started") == [5]
    assert day.times("normal", "started") == [0, 10]


def test_own_order_of_skills_goes_before_waiting_time(play: PlayDay) -> None:
    """Of equal priority: the agent's first skill; of tied skills: who has waited longest."""
    calls = [Call("b", 0, 5), Call("b", 1, 5), Call("a", 2, 5)]
    ranked = play(calls, {"a": {}, "b": {}}, {"team": {"skills": ["a", "b"], "agents": 1}})
    tied = play(calls, {"a": {}, "b": {}}, {"team": {"skills": [["a", "b"]], "agents": 1}})
    assert ranked.times("a", "started") == [5]
    assert ranked.times("b", "started") == [0, 10]
    assert tied.times("b", "started") == [0, 5]
    assert tied.times("a", "started") == [10]


def test_group_may_take_who_has_waited_longest(play: PlayDay) -> None:
    """... whatever the priority."""
    day = play(
        [Call("normal", 0, 5), Call("normal", 1, 5), Call("urgent", 3, 5)],
        {"normal": {}, "urgent": {"priority": "high"}},
        {"team": {"skills": ["urgent", "normal"], "agents": 1, "takes": "longest_wait"}},
    )
    assert day.times("normal", "started") == [0, 5]
    assert day.times("urgent", "started") == [10]


def test_overflow_after_a_delay(play: PlayDay) -> None:
    """The second call waits 3 min for the busy first line, then goes to the free second line."""
    day = play(
        [Call("first", 0, 10), Call("first", 1, 5)],
        {"first": {"overflow": {"to": "second", "after": "3 min"}}, "second": {}},
        {"ones": {"skills": ["first"], "agents": 1}, "twos": {"skills": ["second"], "agents": 1}},
    )
    assert day.outcomes("first") == ["overflowed", "handled"]
    assert day.times("first", "ended") == [4, 10]
    assert (day.times("second", "queued"), day.times("second", "started")) == ([4], [4])
    assert day.measure("overflowed", "queue", "first") == 1
    assert day.measure("asa", "queue", "second") == 0  # the wait of a queue begins in that queue
    assert day.count("offered", "queue", "second") == 1


def test_refused_overflow_waits_on_where_it_is(play: PlayDay) -> None:
    """No place in the second line at 4 min: it stays in the first, and gives up at 8."""
    day = play(
        [Call("first", 0, 10), Call("second", 0, 10), Call("first", 1, 5, patience=7)],
        {"first": {"overflow": {"to": "second", "after": "3 min"}}, "second": {"capacity": 0}},
        {"ones": {"skills": ["first"], "agents": 1}, "twos": {"skills": ["second"], "agents": 1}},
    )
    assert day.outcomes("first") == ["abandoned", "handled"]
    assert day.times("first", "ended") == [8, 10]
    assert day.count("overflowed", "queue", "first") == 0


def test_chats_slow_each_other_down(play: PlayDay) -> None:
    """Two chats of 10 min of work each, at 0 and 4 min; two at once take 1.2 times as long.

    By 4 min, the first has 6 min of work left, which takes 7.2: it ends at 11.2. By then 6 min of
    the second are done; the 4 that are left take 4 min alone: it ends at 15.2.
    """
    day = play(
        [Call("chat", 0, 10), Call("chat", 4, 10)],
        {"chat": {"channel": "chat"}},
        {"team": {"skills": ["chat"], "agents": 1, "concurrency": {"chats": 3, "slowdown": [1.0, 1.2, 1.5]}}},
    )
    assert day.times("chat", "started") == [0, 4]
    assert day.times("chat", "ended") == [11.2, 15.2]
    assert day.times("chat", "handled") == [11.2, 11.2]
    assert day.times("chat", "agent") == [7.6, 7.6]  # 7.2 min were shared
    assert day.count("sharing", "group", "team") == pytest.approx(15.2 * MINUTE)
    assert day.count("chats", "group", "team") == pytest.approx(22.4 * MINUTE)
    assert day.measure("chats_at_once", "group", "team") == pytest.approx(22.4 / 15.2)


@pytest.mark.parametrize(("route", "ends"), [("least_loaded", [7, 8, 10]), ("most_loaded", [8, 8.5, 9.5])])
def test_chats_go_to_the_least_or_the_most_loaded(play: PlayDay, route: str, ends: list[float]) -> None:
    """Chats of 6 min at 0, 1 and 2; two agents with two slots, 1.5 times as long together.

    Least loaded: the first two go to different agents. At 2 both have one; the one at it for longer,
    since 0, takes the third. Its first chat has 4 min left, which take until 8; by then the third has
    4 min done and 2 left: 10. The other agent ends at 7.
    Most loaded: the first two go to one agent. The first has 5 min left at 1, which take until 8.5; by
    then the second has 5 min done and 1 left: 9.5. The third goes to the other agent: 2 to 8.
    """
    day = play(
        [Call("chat", 0, 6), Call("chat", 1, 6), Call("chat", 2, 6)],
        {"chat": {"channel": "chat"}},
        {
            "team": {
                "skills": ["chat"],
                "agents": 2,
                "concurrency": {"chats": 2, "slowdown": [1.0, 1.5], "route": route},
            }
        },
    )
    assert day.times("chat", "ended") == ends


def test_agent_with_chats_takes_no_call(play: PlayDay) -> None:
    """A call at 1 min waits until the chat ends at 6; a chat that comes meanwhile is taken at once."""
    day = play(
        [Call("chat", 0, 6), Call("phone", 1, 5), Call("chat", 2, 1)],
        {"chat": {"channel": "chat"}, "phone": {"priority": "high"}},
        {
            "team": {
                "skills": ["phone", "chat"],
                "agents": 1,
                "concurrency": {"chats": 2, "slowdown": [1.0, 1.0]},
            }
        },
    )
    assert day.times("chat", "started") == [2, 0]
    assert day.times("phone", "started") == [6]


def test_interrupted_work_is_resumed(play: PlayDay) -> None:
    """A mail of 10 min at 0; a call of 3 min at 4 takes its agent. The mail waits 4-7 and ends at 13."""
    day = play(
        [Call("mail", 0, 10), Call("phone", 4, 3)],
        {"mail": {"channel": "email", "interruptible": True}, "phone": {"priority": "high"}},
        {"team": {"skills": ["phone", "mail"], "agents": 1}},
    )
    assert day.times("phone", "started") == [4]
    assert (day.times("mail", "started"), day.times("mail", "ended")) == ([0], [13])
    assert day.times("mail", "handled") == [10]
    assert day.measure("asa", "queue", "mail") == 0
    assert day.measure("mean_queue", "queue", "mail") == pytest.approx(3 / 1440)
    assert day.measure("max_queue", "queue", "mail") == 1
    assert day.measure("occupancy", "group", "team") == pytest.approx(13 / 1440)


def test_interrupted_work_goes_on_with_whoever_is_free(play: PlayDay) -> None:
    """The second agent, twice as fast, is done with another mail at 5, and takes the 6 min left: until 8.

    Its mail of 10 min takes 5. The call, from 4 to 14, is not for the fast one.
    """
    day = play(
        [Call("mail", 0, 10), Call("other", 0, 10), Call("phone", 4, 10)],
        {
            "mail": {"channel": "email", "interruptible": True, "prefers": ["slow", "fast"]},
            "other": {"channel": "email"},
            "phone": {"priority": "high"},
        },
        {
            "slow": {"skills": ["phone", "mail"], "agents": 1},
            "fast": {"skills": ["other", "mail"], "agents": 1, "speed": 2.0},
        },
    )
    assert day.times("other", "ended") == [5]
    assert day.times("mail", "ended") == [8]
    assert day.times("mail", "handled") == [7]  # 4 min with the slow one, 3 with the fast one
    assert day.legs("mail")["group"].iloc[0] == "fast"


def test_work_of_equal_priority_is_not_interrupted(play: PlayDay) -> None:
    day = play(
        [Call("mail", 0, 10), Call("phone", 4, 3)],
        {"mail": {"channel": "email", "interruptible": True}, "phone": {}},
        {"team": {"skills": ["phone", "mail"], "agents": 1}},
    )
    assert day.times("mail", "ended") == [10]
    assert day.times("phone", "started") == [10]


def test_interrupted_and_then_cleared(play: PlayDay) -> None:
    """Two mails of 10 h; a call takes one agent for an hour, who then goes home, there being too many.

    The mail that waits is cleared at 02:00. The other agent stays with the other mail until it is
    done, so that at 03:00, when two are wanted, one more comes on: never three.
    """
    day = play(
        [Call("mail", 0, 600, contacts=2), Call("phone", 10, 60)],
        {
            "phone": {"priority": "high"},
            "mail": {"interruptible": True, "hours": "00:00-02:00", "at_closing": "clear"},
        },
        {
            "team": {
                "skills": ["phone", "mail"],
                "agents": {"00:00-00:30": 2, "00:30-03:00": 0, "03:00-05:00": 2, "05:00-06:00": 3},
            }
        },
    )
    assert day.outcomes("mail") == ["cleared", "handled"]
    assert day.times("mail", "ended") == [120, 600]
    # On duty: 2 until the call ends at 01:10, then 1; 2 from 03:00 and 3 from 05:00 to 06:00; then the
    # one who holds the mail, until 10:00.
    on_duty = day.by_interval("on_duty", "group", "team")[:21]
    assert on_duty == pytest.approx([2, 2, 4 / 3, 1, 1, 1, 2, 2, 2, 2, 3, 3, *[1] * 8, *on_duty[20:]])
    assert day.measure("abandoned", "queue", "mail") == 1
    # It had been answered at once: its wait was 0, and its second one, 00:10-02:00, is in the line's.
    assert day.measure("mean_wait", "queue", "mail") == 0
    assert day.measure("mean_queue", "queue", "mail") == pytest.approx(110 / 1440)


CLOSING = [Call("phone", 0, 6, contacts=3)]
TEAM: Raw = {"team": {"skills": ["phone"], "agents": 1}}


def test_closing_queue_serves_what_waits(play: PlayDay) -> None:
    """Three calls of 6 min; it closes at 10. Who waits is served: 0-6, 6-12, 12-18."""
    day = play(CLOSING, {"phone": {"hours": "00:00-00:10"}}, TEAM)
    assert day.times("phone", "ended") == [6, 12, 18]
    assert day.outcomes("phone") == ["handled"] * 3


def test_closing_queue_clears_the_line(play: PlayDay) -> None:
    """The third is sent away at 10; the second, in hand, is finished."""
    queue = {"hours": "00:00-00:10", "at_closing": "clear", "target": "80% in 20 s"}
    day = play(CLOSING, {"phone": queue}, TEAM)
    assert day.outcomes("phone") == ["handled", "cleared", "handled"]
    assert day.times("phone", "ended") == [6, 10, 12]
    assert day.measure("abandoned", "queue", "phone") == 1
    assert day.measure("cleared", "queue", "phone") == 1
    assert day.measure("service_level", "queue", "phone") == pytest.approx(1 / 3)
    assert day.measure("mean_wait", "queue", "phone") == pytest.approx((0 + 6 + 10) / 3 * 60)


def test_closing_queue_holds_the_line(play: PlayDay) -> None:
    """The third waits until the queue opens at midnight."""
    day = play(CLOSING, {"phone": {"hours": "00:00-00:10", "at_closing": "hold"}}, TEAM, days=2)
    assert day.outcomes("phone") == ["handled"] * 3
    assert day.times("phone", "started") == [0, 6, 1440]
    assert day.measure("mean_queue", "queue", "phone") == pytest.approx((6 + 1440) / 2880)
    assert day.by_interval("max_queue", "queue", "phone")[:3] == [2, 1, 1]


def test_who_comes_to_a_closed_queue(play: PlayDay) -> None:
    """Closed until 00:10: turned away, unless the queue holds its contacts: then answered at opening."""
    hours = {"hours": "00:10-00:20"}
    day = play(CLOSING, {"phone": {**hours}}, TEAM)
    assert day.outcomes("phone") == ["closed"] * 3
    assert day.measure("closed", "queue", "phone") == 3
    day = play(CLOSING, {"phone": {**hours, "at_closing": "hold"}}, TEAM)
    assert day.times("phone", "started")[:2] == [10, 16]


def test_held_call_interrupts_at_opening(play: PlayDay) -> None:
    """The queue opens at 10: the held call takes the agent from a mail of 20 min, which ends at 23."""
    day = play(
        [Call("mail", 0, 20), Call("phone", 0, 3)],
        {
            "mail": {"channel": "email", "interruptible": True},
            "phone": {"priority": "high", "hours": "00:10-00:20", "at_closing": "hold"},
        },
        {"team": {"skills": ["phone", "mail"], "agents": 1}},
    )
    assert (day.times("phone", "started"), day.times("phone", "ended")) == ([10], [13])
    assert day.times("mail", "ended") == [23]


def test_contact_in_hand_is_finished_at_the_end_of_a_shift(play: PlayDay) -> None:
    """Calls of 6 min, a shift until 00:10: the second is finished at 12, and then the agent leaves."""
    shift = {"agents": 1, "hours": "00:00-00:10"}
    day = play(CLOSING, {"phone": {}}, {"team": {"skills": ["phone"], "shifts": [shift]}})
    assert day.outcomes("phone") == ["handled", "handled", "open"]
    assert day.times("phone", "ended")[:2] == [6, 12]
    assert day.measure("on_duty", "group", "team") == pytest.approx(12 / 1440)
    assert day.measure("open_at_end", "queue", "phone") == 1


def test_last_shift_ends_a_closed_line(play: PlayDay) -> None:
    """Queue and shift both end at 00:10: who is due to leave still serves who waits, until 18."""
    shift = {"agents": 1, "hours": "00:00-00:10"}
    day = play(
        CLOSING, {"phone": {"hours": "00:00-00:10"}}, {"team": {"skills": ["phone"], "shifts": [shift]}}
    )
    assert day.times("phone", "ended") == [6, 12, 18]
    assert day.measure("on_duty", "group", "team") == pytest.approx(18 / 1440)


def test_staffing_below_the_number_busy_cuts_nobody_off(play: PlayDay) -> None:
    """Three calls of 20 min; from 00:10 on one agent is wanted. A call comes at 15.

    All three finish at 20; the first two freed leave and the third takes the call: 20-40. On duty
    are 3 until 20, then 1.
    """
    day = play(
        [Call("phone", 0, 20, contacts=3), Call("phone", 15, 20)],
        {"phone": {}},
        {"team": {"skills": ["phone"], "agents": {"00:00-00:10": 3, "00:10-24:00": 1}}},
    )
    assert day.times("phone", "ended") == [20, 20, 20, 40]
    assert day.times("phone", "started")[-1] == 20
    assert day.by_interval("on_duty", "group", "team")[:2] == pytest.approx([70 / 30, 1])
    assert day.by_interval("occupancy", "group", "team")[:2] == pytest.approx([1, 10 / 30])


def test_idle_agents_leave_before_busy_ones(play: PlayDay) -> None:
    """Of two, one is busy until 20. At 10 one is wanted: the idle one leaves; the busy one stays."""
    day = play(
        [Call("phone", 0, 20), Call("phone", 30, 5)],
        {"phone": {}},
        {"team": {"skills": ["phone"], "agents": {"00:00-00:10": 2, "00:10-24:00": 1}}},
    )
    assert day.times("phone", "started") == [0, 30]
    assert day.by_interval("on_duty", "group", "team")[:2] == pytest.approx([40 / 30, 1])


@pytest.mark.parametrize(("idle", "agent"), [("longest_idle", 1), ("fixed_order", 0)])
def test_which_agent_gets_the_next_call(play: PlayDay, idle: str, agent: int) -> None:
    """Agent 0 works 0-5 and agent 1 1-3: at 10 agent 1 has been idle for longer."""
    day = play(
        [Call("phone", 0, 5), Call("phone", 1, 2), Call("phone", 10, 5)],
        {"phone": {}},
        {"team": {"skills": ["phone"], "agents": 2, "idle": idle}},
    )
    assert list(day.legs("phone")["agent"]) == [1, 0, agent]


def test_preferred_group_goes_first(play: PlayDay) -> None:
    """Without a preference: the group that ranks the queue best; with one: the group named first."""
    calls = [Call("phone", 0, 5)]
    groups: Raw = {
        "ones": {"skills": ["phone", "other"], "agents": 1},
        "twos": {"skills": ["other", "phone"], "agents": 1},
    }
    assert play(calls, {"phone": {}, "other": {}}, groups).legs("phone")["group"].iloc[0] == "ones"
    queues: Raw = {"phone": {"prefers": ["twos", "ones"]}, "other": {}}
    assert play(calls, queues, groups).legs("phone")["group"].iloc[0] == "twos"


def test_tied_groups_share_by_idle_time(play: PlayDay) -> None:
    """`ones` has worked until 3, `twos` not at all: a call at 10 goes to `twos`, and one at 20 to `ones`."""
    day = play(
        [Call("own", 0, 3), Call("phone", 10, 1), Call("phone", 20, 1)],
        {"phone": {"prefers": [["ones", "twos"]]}, "own": {}},
        {
            "ones": {"skills": ["phone", "own"], "agents": 1},
            "twos": {"skills": ["phone"], "agents": 1},
        },
    )
    assert list(day.legs("phone")["group"]) == ["twos", "ones"]


def test_retries(play: PlayDay) -> None:
    """Nobody is there until 00:30. One caller with a patience of 5 min tries again after 10, twice.

    Waits 0-5, 15-20, and comes a third time at 30, at the very moment at which the agent does.
    """
    day = play(
        [Call("phone", 0, 3, patience=5)],
        {"phone": {"retry": {"share": "100%", "after": {"deterministic": "10 min"}, "attempts": 2}}},
        {"team": {"skills": ["phone"], "agents": {"00:30-24:00": 1}}},
    )
    assert day.outcomes("phone") == ["abandoned", "abandoned", "handled"]
    assert day.times("phone", "queued") == [0, 15, 30]
    assert day.times("phone", "started")[2] == 30
    assert list(day.legs("phone")["attempt"]) == [0, 1, 2]
    for column, expected in {"backlog": 1, "offered": 2, "retried": 2, "abandoned": 2, "answered": 1}.items():
        assert day.count(column) == expected, column
    assert day.count("orbit") == 20 * MINUTE
    assert day.measure("abandonment", "all", "all") == pytest.approx(2 / 3)


def test_blocked_callers_try_again(play: PlayDay) -> None:
    """No waiting place. Busy until 10; the second call is blocked at 0, 4 and 8, and answered at 12."""
    day = play(
        [Call("phone", 0, 10, contacts=2)],
        {"phone": {"capacity": 0, "retry": {"share": "100%", "after": {"deterministic": "4 min"}}}},
        TEAM,
    )
    assert day.outcomes("phone") == ["blocked"] * 3 + ["handled"] * 2
    assert day.times("phone", "started")[3:] == [0, 12]
    assert day.measure("blocked", "queue", "phone") == 3


def test_one_waiting_place(play: PlayDay) -> None:
    """Of three at once, one is answered, one waits, one is blocked; another at 11 finds a place."""
    day = play([Call("phone", 0, 10, contacts=3), Call("phone", 11, 10)], {"phone": {"capacity": 1}}, TEAM)
    assert day.outcomes("phone") == ["blocked", "handled", "handled", "handled"]
    assert day.times("phone", "started")[1:] == [0, 10, 20]


def test_answer_comes_before_giving_up(play: PlayDay) -> None:
    """The agent becomes free at 5, the very moment at which the patience of the second call ends."""
    day = play([Call("phone", 0, 5), Call("phone", 2, 5, patience=3)], {"phone": {}}, TEAM)
    assert day.outcomes("phone") == ["handled", "handled"]
    assert day.times("phone", "started") == [0, 5]


def test_lines_by_interval(play: PlayDay) -> None:
    """Three calls of 20 min at 0, one agent: two wait until 20, one until 40.

    00:00: 2 x 20 + 1 x 10 = 50 min of waiting in 30 min; 00:30: 10 in 30. Counts stay with the
    interval of arrival, time goes by the clock.
    """
    day = play([Call("phone", 0, 20, contacts=3)], {"phone": {}}, TEAM)
    assert day.by_interval("mean_queue", "queue", "phone")[:3] == pytest.approx([50 / 30, 10 / 30, 0])
    assert day.by_interval("max_queue", "queue", "phone")[:3] == [2, 1, 0]
    assert day.by_interval("handled", "queue", "phone")[:3] == [3, 0, 0]
    assert day.by_interval("occupancy", "group", "team")[:3] == pytest.approx([1, 1, 0])
    assert day.measure("max_queue", "queue", "phone") == 2
    assert day.measure("mean_queue", "queue", "phone") == pytest.approx(60 / 1440)


def test_warm_up_is_not_measured(play: PlayDay) -> None:
    """The same after 30 min: nobody came since, but one waits 30-40, and the agent works until 60.

    A fourth call at 50 min waits 10.
    """
    calls = [Call("phone", 0, 20, contacts=3), Call("phone", 50, 20)]
    day = play(calls, {"phone": {"target": "80% in 20 s"}}, TEAM, warm_up="30 min")
    assert day.measure("offered", "queue", "phone") == 1
    assert day.measure("handled", "queue", "phone") == 1
    assert day.measure("asa", "queue", "phone") == pytest.approx(600)
    assert day.measure("wait_p50", "queue", "phone") == pytest.approx(600, rel=0.01)
    assert day.measure("mean_queue", "queue", "phone") == pytest.approx((10 + 10) / 1410)
    assert day.measure("occupancy", "group", "team") == pytest.approx(50 / 1410)
    assert day.by_interval("mean_queue", "queue", "phone")[:2] == pytest.approx([20 / 30, 0])


def test_quantiles_of_waits(play: PlayDay) -> None:
    """100 calls of 1 min at once, one agent: waits of 0, 1, ..., 99 min; buckets are 1/128 of an octave."""
    day = play([Call("phone", 0, 1, contacts=100)], {"phone": {}}, TEAM)
    for name, minutes in {"wait_p50": 49, "wait_p80": 79, "wait_p95": 94}.items():
        assert day.measure(name, "queue", "phone") == pytest.approx(minutes * 60, rel=1 / 128), name
        assert day.measure(name, "group", "team") == pytest.approx(minutes * 60, rel=1 / 128), name
        assert day.measure(name, "all", "all") == pytest.approx(minutes * 60, rel=1 / 128), name


DEFINITIONS = {
    "answered_plus_abandoned_within": 4 / 8,
    "answered_only": 2 / 4,
    "offered": 2 / 8,
    "exclude_abandoned_within": 2 / 6,
    "short_abandon_credit": 3 / 8,
    "exclude_short_abandons": 2 / 7,
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_definitions_of_service_level(play: PlayDay, name: str) -> None:
    """Target 20 s, short abandonment 5 s, two agents.

    Of eight calls, four are answered: two at once, and two when those are done, after 29.5 s. Four
    leave: after 3, 12, 25 and 28 s.
    """
    second = 1 / 60
    stay = [Call("phone", 0, 30 * second, contacts=2), Call("phone", 0.5 * second, 10 * second, contacts=2)]
    leave = [Call("phone", 1 * second, 10 * second, patience=s * second) for s in (3, 12, 25, 28)]
    day = play(
        [*stay, *leave],
        {"phone": {"target": "80% in 20 s", "short_abandon": "5 s", "service_level": name}},
        {"team": {"skills": ["phone"], "agents": 2}},
    )
    assert day.outcomes("phone") == ["abandoned"] * 4 + ["handled"] * 4
    assert day.measure("service_level", "queue", "phone") == pytest.approx(DEFINITIONS[name])


def test_cost_of_people(play: PlayDay) -> None:
    """Two agents for 8 h at $30, a quarter of their paid time away: 16 h / 0.75 x $30 = $640."""
    day = play(
        [Call("phone", 0, 1)],
        {"phone": {"at_closing": "hold"}},
        {
            "team": {
                "skills": ["phone"],
                "agents": {"08:00-16:00": 2},
                "pay": "$30/h",
                "shrinkage": "25%",
            }
        },
    )
    assert day.measure("people_cost", "group", "team") == pytest.approx(640)
    assert day.measure("people_cost", "all", "all") == pytest.approx(640)
    assert day.measure("on_duty", "group", "team") == pytest.approx(16 / 24)


@pytest.mark.parametrize("end", ["drain", "cut"])
def test_end_of_the_horizon(play: PlayDay, end: str) -> None:
    """At 23:50 two calls of 20 min come. Drained, the second is answered at 00:10 and ends at 00:30.

    Cut, one is in hand and one in line: both are open.
    """
    day = play([Call("phone", 1430, 20, contacts=2)], {"phone": {}}, TEAM, end=end)
    drained = end == "drain"
    assert day.outcomes("phone") == (["handled"] * 2 if drained else ["open"] * 2)
    assert day.measure("handled", "queue", "phone") == (2 if drained else 0)
    assert day.measure("open_at_end", "queue", "phone") == (0 if drained else 2)
    assert day.measure("mean_queue", "queue", "phone") == pytest.approx(10 / 1440)
    assert day.measure("occupancy", "group", "team") == pytest.approx(10 / 1440)
    assert day.after("working", "group", "team") == (30 * MINUTE if drained else 0)
    assert day.after("waiting", "queue", "phone") == (10 * MINUTE if drained else 0)


def test_speed(play: PlayDay) -> None:
    """An agent of speed 2.5 handles a contact of 10 min in 4."""
    team = {"skills": ["phone"], "agents": 1, "speed": 2.5}
    day = play([Call("phone", 0, 10)], {"phone": {}}, {"team": team})
    assert day.times("phone", "ended") == [4]
    assert day.measure("aht", "queue", "phone") == pytest.approx(240)


def test_every_contact_is_accounted_for(play: PlayDay) -> None:
    """Offered and backlog = answered + abandoned + blocked + closed + open, whatever happens."""
    calls = [Call("phone", 0, 20, contacts=3, patience=10), Call("phone", 5, 30, contacts=2)]
    day = play(calls, {"phone": {"capacity": 2, "hours": "00:00-12:00", "at_closing": "clear"}}, TEAM)
    came = day.count("offered") + day.count("backlog")
    went = sum(day.count(c) for c in ("answered", "abandoned", "blocked", "closed", "open"))
    assert came == went == 5
