"""The searches: against exact cases, against trying one by one, and where nothing helps."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.erlang import (
    DEFINITIONS,
    Goals,
    Line,
    agents_for_blocking,
    blocking,
    load_for_blocking,
    patience_of,
    possible_load,
    required_agents,
    service_level,
    steady,
)
from tests.erlang.cases import cases, same

EIGHTY_IN_20 = Goals(0.8, 20.0)


@pytest.mark.parametrize(("p", "out"), cases("Erlang B inverse"))
def test_erlang_b_inverse(p: dict[str, Any], out: dict[str, Any]) -> None:
    agents = agents_for_blocking(p["offered_load_erlangs"], p["blocking_target"])
    assert agents == out["servers"]
    same(blocking(p["offered_load_erlangs"], agents), out["blocking"])
    same(blocking(p["offered_load_erlangs"], agents - 1), out["blocking_one_fewer"])


@pytest.mark.parametrize(("p", "out"), cases("Erlang C inverse"))
def test_erlang_c_inverse(p: dict[str, Any], out: dict[str, Any]) -> None:
    per_hour = p["calls"] * 3600 / p["interval_s"]
    goals = Goals(p["service_level_target"], p["threshold_s"])
    agents = required_agents(per_hour, p["aht_s"], goals)
    assert agents == out["agents"]
    line = Line(per_hour, p["aht_s"], [agents, agents - 1])
    reached = service_level(line, p["threshold_s"])
    same(reached[0], out["service_level"])
    same(reached[1], out["service_level_one_fewer"])
    same(steady(line).asa_s[0], out["asa_s"])
    same(steady(line).occupancy[0], out["occupancy"])


@pytest.mark.parametrize(("p", "out"), cases("Deflection: Erlang C 80/20 agents before and after"))
def test_deflection(p: dict[str, Any], out: dict[str, Any]) -> None:
    before = np.array([p["calls_per_hour"], p["aht_s"]])
    after = before * [1 - p["deflection"], 1 + p["aht_uplift_on_remaining"]]
    per_hour, handle_s = np.transpose([before, after])
    agents = required_agents(per_hour, handle_s, EIGHTY_IN_20)
    assert agents.tolist() == [out["agents_before"], out["agents_after"]]
    loads = np.prod([before, after], axis=1) / 3600
    same(1 - agents[1] / agents[0], out["agent_reduction_fraction"])
    same(1 - loads[1] / loads[0], out["workload_reduction_fraction"])
    same(loads[0] / agents[0], out["occupancy_before"])
    same(loads[1] / agents[1], out["occupancy_after"])


def test_well_known_teams() -> None:
    """Erlang C, 80 % in 20 s with calls of 180 s; with a patience of 120 s fewer than the work itself."""
    per_hour = np.array([10, 100, 1000, 10_000]) * 20.0
    assert required_agents(per_hour, 180.0, EIGHTY_IN_20).tolist() == [14, 107, 1011, 10_013]
    per_hour = np.array([10, 30, 100, 200, 1000]) * 20.0
    strict = Goals(0.8, 20.0, "offered")
    assert required_agents(per_hour, 180.0, strict, 120.0).tolist() == [12, 32, 96, 187, 892]


def test_published_oracles() -> None:
    """Turnella's deflection example; SWPP's table of winter 2018, which holds for calls of 180 s."""
    assert required_agents([120.0, 96.0], 300.0, EIGHTY_IN_20).tolist() == [14, 12]
    line = Line(400.0, 180.0, 21)
    assert steady(line).asa_s == pytest.approx(137, abs=0.5)
    assert service_level(line, 30.0) == pytest.approx(0.35, abs=0.01)


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("patience_s", [math.inf, 600.0, 30.0])
@pytest.mark.parametrize("places", [math.inf, 3.0])
def test_as_one_by_one(definition: str, patience_s: float, places: float) -> None:
    """The search finds what trying all numbers finds, for every definition."""
    per_hour = np.array([1.0, 17.0, 90.0, 400.0, 1333.0])
    agents = np.arange(0, 120)
    line = Line(per_hour[:, None], 210.0, agents, patience_s, places)
    good = service_level(line, 25.0, definition) >= 0.85
    found = required_agents(per_hour, 210.0, Goals(0.85, 25.0, definition), patience_s, places)
    assert found.tolist() == good.argmax(axis=1).tolist()


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("asa_s", 15.0),
        ("mean_wait_s", 15.0),
        ("occupancy", 0.85),
        ("abandonment", 0.03),
        ("delayed", 0.2),
        ("queue", 1.5),
    ],
)
def test_each_measure_by_itself_and_all_at_once(name: str, limit: float) -> None:
    per_hour, handle_s, patience_s = np.array([3.0, 50.0, 900.0]), 240.0, 150.0
    one = required_agents(per_hour, handle_s, Goals(**{name: limit}), patience_s)  # type: ignore[arg-type]
    measure = {"abandonment": "abandoned"}.get(name, name)
    measured = [
        getattr(steady(Line(per_hour, handle_s, n, patience_s)), measure)
        for n in (one, np.maximum(one - 1, 0))
    ]
    assert (measured[0] <= limit).all()
    assert (measured[1] > limit)[one > 0].all()
    both = required_agents(per_hour, handle_s, Goals(0.9, 10.0, **{name: limit}), patience_s)  # type: ignore[arg-type]
    alone = required_agents(per_hour, handle_s, Goals(0.9, 10.0), patience_s)
    assert both.tolist() == np.maximum(one, alone).tolist()


def test_goals_broadcast_too() -> None:
    found = required_agents([100.0, 200.0], 180.0, Goals([[0.8], [0.95]], 20.0, occupancy=0.9))
    assert found.shape == (2, 2)
    assert found[1, 1] == required_agents(200.0, 180.0, Goals(0.95, 20.0, occupancy=0.9))


def test_nobody_is_needed_where_nobody_comes() -> None:
    assert required_agents(0.0, 180.0, Goals(1.0, 0.0, asa_s=0.0, occupancy=0.5)) == 0


def test_what_no_number_of_agents_reaches_takes_infinitely_many() -> None:
    assert required_agents(100.0, 180.0, Goals(occupancy=0.0)) == math.inf
    assert required_agents(100.0, 180.0, Goals(blocked=0.5)) == 0, "without a limit nobody is ever blocked"
    assert possible_load(0, 180.0, EIGHTY_IN_20) == 0
    assert possible_load(5, 180.0, Goals(delayed=1.0, service_level=0.0)) == math.inf


@pytest.mark.parametrize(
    "goals",
    [Goals(1.0, 20.0), Goals(asa_s=0.0), Goals(mean_wait_s=0.0), Goals(delayed=0.0), Goals(queue=0.0)],
)
def test_no_chance_is_ever_nothing(goals: Goals) -> None:
    """A million agents make somebody's wait so unlikely that no float can say; unlikely is not never."""
    for patience_s in (math.inf, 60.0):
        assert required_agents(100.0, 180.0, goals, patience_s) == math.inf
        assert possible_load(50, 180.0, goals, patience_s) == 0.0
    assert required_agents(100.0, 180.0, Goals(abandonment=0.0), 60.0) == math.inf
    assert agents_for_blocking(5.0, 0.0) == math.inf
    assert required_agents(100.0, 180.0, Goals(delayed=0.0), places=0.0) == 0, "nobody may wait"


def test_goals_need_something_to_ask_for() -> None:
    with pytest.raises(ValueError, match="nothing is asked for; give at least one of service_level"):
        required_agents(100.0, 180.0, Goals())
    with pytest.raises(ValueError, match=r"occupancy: 85 is not allowed; give .* at most 1"):
        required_agents(100.0, 180.0, Goals(occupancy=85))


def test_fractions_lie_between_whole_numbers() -> None:
    per_hour = np.array([1.0, 10.0, 240.0, 6000.0])
    for patience_s in (math.inf, 90.0):
        exact = required_agents(per_hour, 200.0, EIGHTY_IN_20, patience_s, whole=False)
        whole = required_agents(per_hour, 200.0, EIGHTY_IN_20, patience_s)
        assert np.ceil(exact).tolist() == whole.tolist()
        assert service_level(Line(per_hour, 200.0, exact, patience_s), 20.0) == pytest.approx(0.8, rel=1e-9)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    st.integers(1, 100_000),
    st.floats(1.0, 36_000.0),
    st.one_of(st.just(math.inf), st.floats(1.0, 1e5)),
    st.floats(0.01, 0.99),
    st.floats(0.0, 30_000.0),
)
def test_possible_load_is_the_inverse(
    agents: int, handle_s: float, patience_s: float, level: float, within_s: float
) -> None:
    goals = Goals(level, within_s, occupancy=0.98)
    most = float(possible_load(agents, handle_s, goals, patience_s))
    if most > 0:
        assert required_agents(most * (1 - 1e-9), handle_s, goals, patience_s) <= agents
        assert required_agents(most * (1 + 1e-6), handle_s, goals, patience_s) > agents


def test_load_for_blocking_is_the_inverse() -> None:
    for blocked in (1e-6, 0.01, 0.3, 0.9):
        load = load_for_blocking([1, 7, 400], blocked)
        assert blocking(load, [1, 7, 400]) == pytest.approx(blocked, rel=1e-9)


def test_patience_from_abandonment() -> None:
    line = Line([100.0, 200.0, 260.0], 180.0, 10)
    for share in (0.01, 0.08):
        patience_s = patience_of(share, line.per_hour, line.handle_s, line.agents)
        again = steady(line._replace(patience_s=np.where(patience_s > 0, patience_s, 1.0))).abandoned
        inside = (patience_s > 0) & np.isfinite(patience_s)
        assert inside.any()
        assert again[inside] == pytest.approx(share, rel=1e-9)
    assert patience_of(0.0, 100.0, 180.0, 10) == math.inf
    assert patience_of(0.2, 260.0, 180.0, 10) == math.inf, "13 Erlangs on 10 agents lose 23 % even so"
    assert patience_of(0.9, 100.0, 180.0, 10) == 0, "more than Erlang B loses"


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.floats(0.0, 2e6),
    st.floats(1.0, 3600.0),
    st.one_of(st.just(math.inf), st.floats(1.0, 1e6)),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1e5),
    st.sampled_from(DEFINITIONS),
)
def test_every_question_has_an_answer(
    per_hour: float, handle_s: float, patience_s: float, level: float, within_s: float, definition: str
) -> None:
    found = float(required_agents(per_hour, handle_s, Goals(level, within_s, definition), patience_s))
    assert found >= 0
    assert found == math.inf or found == int(found)
