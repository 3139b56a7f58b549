"""Laws that hold exactly, in whole contacts and ticks, whatever the draws.

A rich scenario (overflow, retries, closing hours of all three kinds, shifts, chats, interruptible
mail, a backlog) is run and its counts are added up in two ways. None of this asks what a figure
should be: only that nothing gets lost, and that time is counted once.
"""

from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import scenarios
from sim.experiment import Result, run_scenario

REPLICATIONS: Final = 4
SEED: Final = 20_260_105
ENDS: Final = {
    "answered": 1, "abandoned": 1, "blocked": 1, "closed": 1, "open": 1, "overflowed": 1,
    "offered": -1, "backlog": -1,
}  # fmt: skip

RICH: Final = """\
careloop: 1
name: A bit of everything
service_level: answered_plus_abandoned_within
calendar:
  start: 2026-03-27
  days: 4
  time_zone: Europe/Amsterdam
  hours:
    desk: {daily: "07:30-20:00"}
    late: {mon-fri: "09:00-22:15", sat: "10:00-16:00"}
streams:
  calls:
    queue: phone
    arrivals: {rate: 70 per hour, hours: desk, busyness: {day: {cv: 20%, correlation: 60%}}}
    handle_time: {lognormal: {mean: 5 min, cv: 0.9}}
  questions:
    queue: phone
    arrivals: {sinusoid: {mean: 12 per hour, amplitude: 9 per hour, period: 11 h}}
    handle_time: {gamma: {mean: 3 min, cv: 0.7}}
    patience: {weibull: {mean: 3 min, shape: 0.8}}
  partners:
    queue: desk line
    arrivals: {rate: 9 per hour}
    handle_time: {erlang: {mean: 7 min, k: 3}}
    backlog: 3
  talks:
    queue: chat
    arrivals: {rate: 35 per hour, hours: late, busyness: {interval: {cv: 40%}}}
    handle_time: {hyperexponential: {mean: 9 min, cv: 1.5}}
  letters:
    queue: mail
    arrivals: {rate: 14 per hour}
    handle_time: {exponential: 8 min}
    backlog: 60
  alarms:
    queue: alarm
    arrivals: {rate: 7 per hour}
    handle_time: {weibull: {mean: 16 min, shape: 1.4}}
queues:
  phone:
    hours: desk
    target: 80% in 20 s
    priority: high
    capacity: 6
    patience: {exponential: 2 min, balk: 3%}
    retry: {share: 50%, after: {exponential: 20 min}, attempts: 3}
    overflow: {to: desk line, after: 40 s}
  desk line:
    target: 70% in 60 s
    at_closing: clear
    hours: desk
    patience: {deterministic: 4 min}
    retry: {share: 20%, after: {exponential: 1 h}, of: [abandoned]}
  chat:
    channel: chat
    hours: late
    at_closing: clear
    capacity: 9
    patience: {empirical: {0%: 5 s, 50%: 2 min, 100%: 9 min}}
  mail:
    channel: email
    hours: late
    at_closing: hold
    priority: low
    interruptible: INTERRUPTIBLE
  alarm:
    priority: highest
    patience: {hyperexponential: [{share: 70%, mean: 1 min}, {share: 30%, mean: 20 min}]}
groups:
  juniors:
    skills: [phone, [mail, desk line]]
    agents: {daily: {"07:30-12:00": 4, "12:00-15:00": 6, "15:00-20:30": 3}}
    speed: 0.9
  seniors:
    skills: [[desk line, phone], mail]
    shifts:
      - {agents: 2, days: daily, hours: "08:00-16:30"}
      - {agents: 1, days: "fri-sun", hours: "14:00-01:00"}
    takes: longest_wait
  writers:
    skills: [chat, [alarm, mail]]
    agents: 3
    idle: fixed_order
    concurrency: {chats: 3, slowdown: [1.0, 1.2, 1.5], route: most_loaded}
run: {end: END}
"""


@cache
def rich(end: str, interruptible: str) -> Result:
    """The rich scenario, drained or cut, with mail that may be interrupted or not."""
    text = RICH.replace("END", end).replace("INTERRUPTIBLE", interruptible)
    return run_scenario(scenarios.loads(text), REPLICATIONS, seed=SEED, workers=2, keep_contacts=True)


@pytest.fixture(params=["drain", "cut"])
def end(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=["false", "true"])
def interruptible(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def result(end: str, interruptible: str) -> Result:
    return rich(end, interruptible)


def rows(frame: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Counts by (name, replication) of a scope."""
    chosen = frame[frame["scope"] == scope].drop(columns="scope")
    return chosen.set_index(["name", "replication"]).sort_index()


def everything(result: Result, scope: str) -> pd.DataFrame:
    """Counts and times over the horizon and after it."""
    return rows(result.counts, scope) + rows(result.after, scope)


@pytest.mark.parametrize("scope", ["all", "queue", "stream"])
def test_every_contact_ends_once(result: Result, scope: str) -> None:
    counts = rows(result.counts, scope)
    assert (counts[list(ENDS)].mul(pd.Series(ENDS)).sum(axis=1) == 0).all()


def test_the_scenario_is_rich(result: Result, end: str) -> None:
    """All ends occur, or the other tests say little."""
    counts = rows(result.counts, "queue").sum()
    assert (counts[["retried", "backlog", *(column for column in ENDS if column != "open")]] > 0).all()
    assert counts["open"] > 0  # held mail at least
    assert (rows(result.after, "all")["working"].sum() > 0) == (end == "drain")


EVERYWHERE = ("backlog", "retried", "answered", "abandoned", "blocked", "closed", "open")


def test_streams_and_queues_add_up(result: Result) -> None:
    """Streams make up the whole; in queues, whoever overflows arrives twice."""
    whole = rows(result.counts, "all").loc["all"]
    streams = rows(result.counts, "stream").groupby("replication").sum()
    queues = rows(result.counts, "queue").groupby("replication").sum()
    groups = rows(result.counts, "group").groupby("replication").sum()
    for column in (*EVERYWHERE, "offered", "orbit"):
        assert (streams[column] == whole[column]).all(), column
    assert (queues["offered"] == whole["offered"] + queues["overflowed"]).all()
    for column in (*EVERYWHERE, "cleared", "waiting"):
        assert (queues[column] == whole[column]).all(), column
    for column in ("answered", "handled", "idle", "working", "sharing", "chats"):
        assert (groups[column] == whole[column]).all(), column


def test_parts_are_no_more_than_the_whole(result: Result) -> None:
    for scope in ("all", "queue", "stream"):
        counts = rows(result.counts, scope)
        for part, whole in (
            ("answered_within", "answered"),
            ("abandoned_within", "abandoned"),
            ("abandoned_short", "abandoned"),
            ("cleared", "abandoned"),
            ("retried", "offered"),
        ):
            assert (counts[part] <= counts[whole]).all(), (scope, part)
        assert (counts["delayed"] <= counts["answered"] + counts["abandoned"]).all()


def test_agents_work_as_long_as_contacts_are_worked_on(interruptible: str) -> None:
    """Spans of agents against times of contacts: two logs that know nothing of each other.

    A mail that was laid aside and is held until opening is open at the end, and not handled.
    """
    result = rich("drain", interruptible)
    whole = everything(result, "all").loc["all"]
    in_hand = _legs(result).groupby("replication")["handled_s"].sum()
    assert_allclose((whole["working"] + whole["chats"]) / 1e6, in_hand, atol=1e-3)
    if interruptible == "false":
        assert (whole["handled"] == whole["working"] + whole["chats"]).all()
    assert (whole["chats"] >= whole["sharing"]).all()


def test_little_in_lines(interruptible: str) -> None:
    """The integral of the lines' length is the sum of the waits (held mail still waits: left out)."""
    result = rich("drain", interruptible)
    legs = _legs(result)
    waits = (legs["left_s"] - legs["queued_s"]).groupby([legs["queue"], legs["replication"]]).sum()
    for queue in ("phone", "desk line", "chat", "alarm"):
        counts = everything(result, "queue").loc[queue]
        assert_allclose(counts["waiting"] / 1e6, waits[queue], atol=1e-3)
    counts = everything(result, "queue").loc["chat"]
    assert (counts["waiting"] == counts["wait_answered"] + counts["wait_abandoned"]).all()


def test_little_in_the_whole_system() -> None:
    """Time in the system by contact is time in line and time in hand by queue and by agent."""
    result = rich("drain", "false")
    legs = _legs(result)
    legs = legs[legs["queue"] != "mail"]
    sojourns = (legs["ended_s"] - legs["queued_s"]).sum()
    waiting = everything(result, "queue").drop(index="mail")["waiting"].sum() / 1e6
    mail = _legs(result).query("queue == 'mail'")["handled_s"].sum()
    whole = everything(result, "all").sum()
    working = (whole["working"] + whole["chats"]) / 1e6
    assert sojourns == pytest.approx(waiting + working - mail, abs=0.01)


def test_lines_by_interval() -> None:
    """The mean line of every interval, from a step function over the legs' arrivals and departures."""
    result = rich("drain", "false")
    legs = _legs(result)
    starts = _interval_starts(result)
    for queue in ("phone", "desk line", "chat", "alarm", "mail"):
        mine = legs[legs["queue"] == queue]
        expected = _mean_line(mine, starts) / REPLICATIONS
        chosen = result.intervals.query("measure == 'mean_queue' and name == @queue")
        assert_allclose(chosen["mean"], expected, atol=1e-6)


def test_arrivals_by_interval() -> None:
    """Contacts of every interval, from the legs' times of arrival."""
    result = rich("drain", "false")
    legs = _legs(result)
    first = legs[(legs["leg"] == 0) & ~((legs["born_s"] == 0) & legs["stream"].isin(["partners", "letters"]))]
    edges = np.append(_interval_starts(result), np.inf)
    seen = result.intervals.query("measure == 'offered' and scope == 'all'")["mean"] * REPLICATIONS
    assert_allclose(seen, np.histogram(first["born_s"], edges)[0], atol=1e-6)


def test_intervals_make_up_the_horizon(result: Result) -> None:
    """Sums over intervals are those over the horizon: nothing is counted twice or nowhere."""
    for measure in ("offered", "handled", "abandoned", "blocked", "closed", "time_working", "time_idle"):
        of = [frame[frame["measure"] == measure] for frame in (result.measures, result.intervals)]
        whole, parts = (frame.groupby(["scope", "name"])["mean"].sum() for frame in of)
        assert_allclose(parts, whole[parts.index], rtol=1e-9)


def test_staff_is_paid_for_its_hours() -> None:
    """On duty by plan: three writers around a clock that skips an hour in these four days."""
    counts = rows(rich("cut", "false").counts, "group").loc["writers"]
    on_duty = counts["idle"] + counts["working"] + counts["sharing"]
    assert (on_duty == 3 * (4 * 24 - 1) * 3_600_000_000).all()


def test_retries_come_back_after_their_orbit(result: Result) -> None:
    """Every retry has a parent that was lost, and arrives when the orbit is over."""
    legs = _legs(result)
    lost = legs[legs["outcome"].isin(["abandoned", "blocked", "cleared"])]
    again = legs[(legs["attempt"] > 0) & (legs["leg"] == 0)]
    keys = ["replication", "parent"]
    both = again.merge(lost, left_on=keys, right_on=["replication", "contact"], suffixes=("", "_before"))
    assert len(both) == len(again) > 0
    orbit = (both["born_s"] - both["ended_s_before"]).groupby(both["replication"]).sum()
    counts = rows(result.counts, "all").loc["all"]
    assert_allclose(counts["orbit"] / 1e6, orbit, atol=1e-3)
    assert (both["attempt"] == both["attempt_before"] + 1).all()


def _legs(result: Result) -> pd.DataFrame:
    """Legs with the moment at which they left the line (answered, or ended)."""
    assert result.contacts is not None
    legs = result.contacts
    return legs.assign(left_s=legs["started_s"].fillna(legs["ended_s"]))


def _interval_starts(result: Result) -> np.ndarray:
    labels = result.intervals["interval"].drop_duplicates()
    times = pd.to_datetime(labels, utc=True)
    return np.asarray((times - times.iloc[0]).dt.total_seconds())


def _mean_line(legs: pd.DataFrame, starts: np.ndarray) -> np.ndarray:
    """Sum over replications of the mean line in each interval: a step function, integrated."""
    edges = np.append(starts, starts[-1] + np.diff(starts)[-1])
    come, gone = np.sort(legs["queued_s"]), np.sort(legs["left_s"])
    area = [np.maximum(edge - come, 0.0).sum() - np.maximum(edge - gone, 0.0).sum() for edge in edges]
    return np.diff(area) / np.diff(edges)
