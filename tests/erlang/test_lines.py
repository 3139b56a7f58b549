"""Waiting lines against exact cases, sums in 50 digits, and where numbers are large, small or absurd."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from scenarios.definitions import SERVICE_LEVELS
from sim.erlang import (
    DEFINITIONS,
    Line,
    blocking,
    service_level,
    steady,
    wait_quantile,
    wait_tail,
    within,
)
from tests.erlang.cases import cases, same
from tests.oracles import lines as oracle


@pytest.mark.parametrize(("p", "out"), cases("Erlang B (M/M/n/n)"))
def test_erlang_b(p: dict[str, Any], out: dict[str, Any]) -> None:
    solved = steady(Line(p["offered_load_erlangs"], 3600.0, p["servers"], math.inf, 0))
    same(blocking(p["offered_load_erlangs"], p["servers"]), out["blocking"])
    same(solved.busy, out["carried_load"])
    same(solved.occupancy, out["occupancy"])


@pytest.mark.parametrize(("p", "out"), cases("Erlang B, continuous servers"))
def test_erlang_b_of_fractions(p: dict[str, Any], out: dict[str, Any]) -> None:
    same(blocking(p["offered_load_erlangs"], p["servers"]), out["blocking"])


@pytest.mark.parametrize(("p", "out"), cases("Erlang C (M/M/n)"))
def test_erlang_c(p: dict[str, Any], out: dict[str, Any]) -> None:
    line = Line(p["calls"] * 3600 / p["interval_s"], p["aht_s"], p["agents"])
    solved = steady(line)
    same(solved.delayed, out["prob_wait"])
    same(solved.asa_s, out["asa_s"])
    same(solved.asa_s / solved.delayed, out["mean_wait_delayed_s"])
    same(solved.queue, out["mean_queue"])
    same(solved.occupancy, out["occupancy"])
    same(wait_quantile(line, 0.9, "all"), out["wait_quantile_90_s"])
    for definition in SERVICE_LEVELS:
        same(service_level(line, p["threshold_s"], definition), out["service_level"])


@pytest.mark.parametrize(
    ("p", "out"), cases("Erlang A (M/M/n+M)", "M/M/n/K+M (Erlang A, finite lines)", "M/M/c/K")
)
def test_patience_and_places(p: dict[str, Any], out: dict[str, Any]) -> None:
    """Times of the cases have no unit; they are taken for seconds. What they call admitted is not blocked."""
    agents = p["agents"] if "agents" in p else p["servers"]
    places = p["capacity_total"] - agents if "capacity_total" in p else math.inf
    patience_s = 1 / p["patience_rate"] if "patience_rate" in p else math.inf
    line = Line(p["arrival_rate"] * 3600, 1 / p["service_rate"], agents, patience_s, places)
    solved, time = steady(line), p["threshold"]
    inside, in_time = 1 - solved.blocked, within(line, time)
    known = {
        "prob_block": solved.blocked,
        "prob_wait": solved.delayed / inside,
        "prob_wait_admitted": solved.delayed / inside,
        "prob_abandon": solved.abandoned / inside,
        "mean_queue": solved.queue,
        "mean_wait": solved.mean_wait_s,
        "mean_wait_admitted": solved.mean_wait_s,
        "mean_wait_served": solved.asa_s,
        "mean_wait_abandoned": solved.wait_abandoned_s,
        "occupancy": solved.occupancy,
        "prob_served_within_T": in_time.answered / inside,
        "prob_abandon_within_T": in_time.abandoned / inside,
        "sl_served_excl_short_abandons": in_time.answered / (1 - in_time.abandoned),
        "prob_virtual_wait_le_T": service_level(line, time, "virtual_wait"),
        "prob_wait_gt_T_admitted": wait_tail(line, time),
    }
    left = set(out) - set(known) - {"prob_empty", "mean_offered_wait"}
    assert not left
    for name in set(out) & set(known):
        same(known[name], out[name])
    if "mean_offered_wait" in out:
        longest = 60.0 * (patience_s + 1 / p["service_rate"])
        wait_s, _ = integrate.quad(
            lambda t: float(wait_tail(line, t, "virtual")), 0.0, longest, limit=500, epsabs=0.0
        )
        assert wait_s == pytest.approx(out["mean_offered_wait"], rel=1e-7)


@pytest.mark.parametrize("places", [None, 0, 1, 7, 60])
@pytest.mark.parametrize("impatience", [0.0, 0.01, 0.7, 25.0])
@pytest.mark.parametrize(
    ("load", "agents"), [(0.01, 1), (0.9, 1), (7.0, 10), (12.0, 10), (30.0, 10), (52.0, 50)]
)
def test_state_by_state(load: float, agents: int, impatience: float, places: int | None) -> None:
    """Everything, in all kinds of lines and at several times, against sums in 50 digits."""
    if places is None and impatience == 0.0 and load >= agents:
        return  # has no steady state; see below
    patience_s = 60.0 / impatience if impatience else math.inf
    line = Line(load * 60.0, 60.0, agents, patience_s, math.inf if places is None else places)
    solved = steady(line)
    for time in (0.0, 0.05, 1.0, 20.0):
        told = oracle.line(load, agents, impatience, places, time)
        in_time = within(line, time * 60.0)
        rel, tiny = 1e-10, 1e-15  # shares below `tiny` are rounding beside 1
        for seen, wanted in (
            (solved.blocked, told.blocked),
            (solved.delayed, told.delayed),
            (solved.answered, told.answered),
            (solved.abandoned, told.abandoned),
            (solved.asa_s, told.asa * 60),
            (solved.queue, told.queue),
        ):
            assert float(seen) == pytest.approx(float(wanted), rel=rel, abs=0.0 if wanted > 1e-40 else 1e-40)
        assert float(in_time.answered) == pytest.approx(float(told.answered_within), rel=rel, abs=tiny)
        assert float(in_time.abandoned) == pytest.approx(float(told.abandoned_within), rel=rel, abs=tiny)


def test_more_work_than_people_is_an_answer() -> None:
    line = Line(200.0, 180.0, [0, 9, 10])
    solved = steady(line)
    assert (solved.asa_s == math.inf).all()
    assert (service_level(line, 20.0) == 0.0).all()
    swamped = steady(Line(600_000.0, 300.0, 100, 60.0))
    assert swamped.answered == pytest.approx(100 / 50_000, rel=1e-9)
    assert swamped.asa_s == pytest.approx(60 * math.log(500), rel=0.01), "the fluid limit"


def test_nobody_at_work_answers_nobody() -> None:
    line = Line(100.0, 300.0, 0, [60.0, math.inf])
    solved = steady(line)
    assert solved.abandoned.tolist() == [1.0, 0.0]
    assert solved.answered.tolist() == [0.0, 0.0]
    assert (solved.asa_s == math.inf).all()
    assert within(line, 60.0).abandoned[0] == pytest.approx(1 - math.exp(-1))
    assert (service_level(line, 60.0, "offered") == 0.0).all()


def test_nobody_comes_and_nobody_waits() -> None:
    line = Line(0.0, 300.0, 3, np.array([60.0, math.inf]), np.array([[5.0], [math.inf]]))
    solved = steady(line)
    assert (solved.delayed == 0).all()
    assert (solved.asa_s == 0).all()
    assert (solved.occupancy == 0).all()
    assert (service_level(line, 20.0) == 1.0).all()


def test_shapes_broadcast() -> None:
    solved = steady(Line([[60.0], [120.0]], 180.0, [4, 5, 6]))
    assert solved.delayed.shape == (2, 3)
    assert steady(Line(60.0, 180.0, 4)).delayed.shape == ()
    assert solved.delayed[1, 2] == steady(Line(120.0, 180.0, 6)).delayed
    assert steady(Line([], 180.0, 4)).delayed.shape == (0,)


def test_endless_patience_is_erlang_c() -> None:
    patience_s = np.array([3e4, 3e6, 3e9])
    patient, endless = Line(300.0, 300.0, 29, patience_s), Line(300.0, 300.0, 29)
    gap = np.abs(steady(patient).asa_s / steady(endless).asa_s - 1)
    assert (np.diff(gap) < 0).all()
    assert gap[-1] < 1e-6
    assert service_level(patient, 20.0)[-1] == pytest.approx(service_level(endless, 20.0), rel=1e-6)


def test_no_patience_is_erlang_b() -> None:
    lost = steady(Line(3600.0, 300.0, 300, [1e-3, 1e-6, 1e-9])).abandoned
    assert lost[-1] == pytest.approx(blocking(300.0, 300), rel=1e-8)
    assert (np.diff(lost) > 0).all()


def test_many_places_are_as_good_as_no_limit() -> None:
    limited, endless = Line(110.0, 180.0, 6, 200.0, 10_000), Line(110.0, 180.0, 6, 200.0)
    assert steady(limited).asa_s == pytest.approx(steady(endless).asa_s, rel=1e-13)
    for time in (0.5, 30.0, 400.0):
        assert within(limited, time).answered == pytest.approx(within(endless, time).answered, rel=1e-12)
    patient = Line(110.0, 180.0, 6, math.inf, 10_000), Line(110.0, 180.0, 6)
    assert wait_tail(patient[0], 600.0) == pytest.approx(wait_tail(patient[1], 600.0), rel=1e-12)


def test_a_limited_line_that_is_long_and_full() -> None:
    """999 Erlangs for 1,000 agents: nobody leaves so fast that one number of them could be told."""
    limited, endless = Line(999.0, 3600.0, 1000, math.inf, 1e5), Line(999.0, 3600.0, 1000)
    for time in (3600.0, 2 * 3600.0):
        assert wait_tail(limited, time) == pytest.approx(wait_tail(endless, time), rel=1e-9)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"per_hour": -1.0}, "per_hour: -1"),
        ({"handle_s": 0.0}, "handle_s: 0"),
        ({"handle_s": math.inf}, "handle_s: inf"),
        ({"agents": -0.5}, "agents: -0.5"),
        ({"agents": 2e6}, "agents: 2e"),
        ({"agents": math.nan}, "agents: nan"),
        ({"patience_s": 0.0}, "patience_s: 0"),
        ({"places": 1.5}, "whole numbers"),
        ({"places": 1e7}, "whole numbers"),
        ({"per_hour": "many"}, "'many' is not a number"),
        ({"per_hour": [1.0, 2.0], "agents": [1, 2, 3]}, "do not broadcast"),
    ],
)
def test_what_is_not_allowed_is_told(change: dict[str, Any], word: str) -> None:
    line = Line(**{"per_hour": 100.0, "handle_s": 180.0, "agents": 6, **change})
    with pytest.raises(ValueError, match=word):
        steady(line)


def test_wrong_names_and_times_are_told() -> None:
    line = Line(100.0, 180.0, 6)
    with pytest.raises(ValueError, match="'SL' is not allowed; give one of answered_plus"):
        service_level(line, 20.0, "SL")
    with pytest.raises(ValueError, match="within_s: -1 is not allowed"):
        service_level(line, -1.0)
    with pytest.raises(ValueError, match="'everybody' is not allowed; give one of all"):
        wait_tail(line, 20.0, "everybody")
    with pytest.raises(ValueError, match="share: 1 is not allowed"):
        wait_quantile(line, 1.0)


ANY_LINE = st.builds(
    lambda agents, used, handle_s, patience_s, places: Line(
        used * max(agents, 1.0) * 3600 / handle_s, handle_s, agents, patience_s, places
    ),
    st.one_of(st.integers(0, 100_000).map(float), st.floats(0.0, 100_000.0)),
    st.floats(0.0, 3.0),
    st.floats(1.0, 36_000.0),
    st.one_of(st.just(math.inf), st.floats(0.1, 1e7)),
    st.one_of(st.just(math.inf), st.integers(0, 100_000).map(float)),
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(ANY_LINE, st.one_of(st.floats(0.0, 600.0), st.floats(0.0, 1e6)))
def test_every_line_has_an_answer(line: Line, time: float) -> None:
    """From no agents to 100,000, to three times their work: shares are shares, and all of them add up."""
    solved, in_time = steady(line), within(line, time)
    assert not any(np.isnan(each) for each in solved)
    for share in (solved.blocked, solved.delayed, solved.answered, solved.abandoned, solved.occupancy):
        assert -1e-12 <= share <= 1 + 1e-12
    lost_for_ever = float(np.asarray(line.agents)) < 1e-9 and line.patience_s == math.inf
    if not lost_for_ever:
        assert solved.blocked + solved.answered + solved.abandoned == pytest.approx(1.0, abs=1e-9)
    assert 0 <= in_time.answered <= solved.answered * (1 + 1e-9)
    assert 0 <= in_time.abandoned <= solved.abandoned * (1 + 1e-9)
    longer = within(line, 2 * time + 1.0)
    assert longer.answered >= in_time.answered - 1e-9
    assert longer.abandoned >= in_time.abandoned - 1e-9
    for definition in DEFINITIONS:
        assert 0 <= service_level(line, time, definition) <= 1
    for of in ("all", "answered", "abandoned", "virtual"):
        assert 0 <= wait_tail(line, time, of) <= 1 + 1e-9
        assert wait_quantile(line, 0.9, of) >= 0


@settings(deadline=None, max_examples=60, derandomize=True)
@given(ANY_LINE, st.floats(5.0, 600.0))  # what is called short is shorter than the threshold
def test_one_agent_more_never_hurts(line: Line, time: float) -> None:
    more = line._replace(agents=float(np.asarray(line.agents)) + 1.0)
    before, after = steady(line), steady(more)
    for name in ("blocked", "abandoned", "occupancy"):
        assert getattr(after, name) <= getattr(before, name) * (1 + 1e-9) + 1e-12
    assert after.blocked + after.delayed <= (before.blocked + before.delayed) * (1 + 1e-9) + 1e-12
    assert after.asa_s <= before.asa_s * (1 + 1e-9) + 1e-9
    for definition in DEFINITIONS:
        assert service_level(more, time, definition) >= service_level(line, time, definition) - 1e-9


@settings(deadline=None, max_examples=60, derandomize=True)
@given(ANY_LINE)
def test_flows_balance(line: Line) -> None:
    """Little's law: those waiting = arrivals x mean wait; who gives up = those waiting / patience."""
    solved = steady(line)
    per_s = float(np.asarray(line.per_hour)) / 3600.0
    if per_s > 1e-100 and math.isfinite(float(solved.queue)) and solved.blocked < 1:
        waits = per_s * (1 - solved.blocked) * solved.mean_wait_s
        assert waits == pytest.approx(float(solved.queue), rel=1e-6, abs=1e-12)
        if np.isfinite(line.patience_s):
            gone = float(solved.queue) / float(np.asarray(line.patience_s))
            assert per_s * solved.abandoned == pytest.approx(gone, rel=1e-6, abs=1e-300)


@settings(deadline=None, max_examples=10, derandomize=True)
@given(st.integers(1, 300), st.floats(0.3, 1.5), st.floats(5.0, 600.0), st.sampled_from([math.inf, 30.0]))
def test_the_mean_wait_is_that_of_its_distribution(
    agents: int, used: float, patience_s: float, places: float
) -> None:
    """The mean is a sum over states, the distribution an integral: two ways to the same number."""
    line = Line(used * agents * 20.0, 180.0, agents, patience_s, places)
    solved, longest = steady(line), 40.0 * (patience_s + 180.0)
    points = [1.0, 5.0, 20.0, 60.0, 120.0, 240.0, 480.0, 960.0, 2000.0]
    for of, mean_s in (("answered", solved.asa_s), ("abandoned", solved.wait_abandoned_s)):
        wait_s, _ = integrate.quad(
            lambda t, of=of: float(wait_tail(line, t, of)), 0.0, longest, limit=400, points=points
        )
        assert wait_s == pytest.approx(float(mean_s), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("of", ["all", "answered", "abandoned", "virtual"])
def test_quantiles_are_where_the_tail_says(of: str) -> None:
    line = Line([[150.0], [250.0]], 180.0, 10, [30.0, 300.0], [4, 4])
    for share in (0.5, 0.9, 0.999):
        time = wait_quantile(line, share, of)
        tail = wait_tail(line, time, of)
        waits = time > 0
        assert tail[waits] == pytest.approx(1 - share, rel=1e-9)
        assert (wait_tail(line, 0.0, of)[~waits] <= 1 - share).all()
