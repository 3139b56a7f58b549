"""Chats in teams of any size: how near the exact chain, and what must hold exactly."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.chat import Chat, chat, finite_source, required_agents, service_level, within
from sim.erlang.chat_chain import chat_chain
from sim.erlang.goals import Goals
from sim.erlang.levels import service_level as level_of_line
from sim.erlang.line import Line
from sim.erlang.steady import steady
from tests.erlang.cases import agree, cases
from tests.theory.builders import Case, setups
from tests.theory.figures import judge

SLOW = [1.0, 1.3, 1.7]


@pytest.mark.parametrize(("p", "out"), cases("Chat concurrency, finite-source (machine interference)"))
def test_finite_source(p: dict[str, Any], out: dict[str, Any]) -> None:
    found = finite_source(p["customer_to_agent_compose_ratio"], p["windows"], p["lone_chat_handle_s"])
    names = {
        "effective_concurrency": found.effective_concurrency,
        "handle_time_at_N_s": found.handle_s,
        "agent_busy": found.busy,
    }
    agree(names, out)


def test_finite_source_by_its_weights() -> None:
    """M/M/1//N: with i chats on the agent's desk, N! / (N - i)! ratio^-i."""
    for ratio, windows in ((0.3, 7), (2.5, 12), (40.0, 3)):
        weights = [math.perm(windows, i) * ratio**-i for i in range(windows + 1)]
        assert finite_source(ratio, windows, 1.0).busy == pytest.approx(
            1 - weights[0] / sum(weights), rel=1e-12
        )
    assert finite_source([0.0, 0.0], [1, 5], 60.0).handle_s.tolist() == [60.0, 300.0]


@pytest.mark.parametrize(
    ("agents", "slowdown", "used", "delayed", "occupancy"),
    [  # relative errors, as measured and rounded up
        (4, [1.0, 1.18, 1.43, 1.82], 0.9, 1.0e-3, 4e-3),
        (10, SLOW, 0.6, 1.3e-1, 6e-3),
        (10, SLOW, 0.9, 1.0e-3, 3e-3),
        (10, SLOW, 1.1, 2.0e-3, 1e-3),
        (30, SLOW, 0.8, 3.2e-2, 1e-3),
        (30, SLOW, 0.9, 2.4e-3, 1e-3),
        (30, SLOW, 1.0, 2.0e-3, 1e-3),
        (5, [1.0, 2.0, 3.0], 0.9, 3.4e-3, 1e-4),
        (100, [1.0, 1.4], 0.9, 2.5e-3, 2e-4),
        (100, [1.0, 1.4], 1.0, 2.0e-4, 1e-4),
    ],
)
def test_how_near_the_exact_chain(
    agents: int, slowdown: list[float], used: float, delayed: float, occupancy: float
) -> None:
    """Patience of two lone chats; loads as shares of what the team can do with all slots full."""
    per_hour = used * agents * len(slowdown) / slowdown[-1] * 6.0
    exact = chat_chain(per_hour, 600.0, slowdown, agents, 1200.0)
    found = chat(Chat(per_hour, 600.0, agents, slowdown, 1200.0))
    assert found.delayed == pytest.approx(exact.delayed, rel=delayed, abs=1e-15)
    assert abs(found.delayed - exact.delayed) < 1e-3
    assert found.abandoned / found.delayed == pytest.approx(exact.abandoned / exact.delayed, rel=1e-10)
    assert found.mean_wait_s / found.delayed == pytest.approx(exact.mean_wait_s / exact.delayed, rel=1e-10)
    assert found.occupancy == pytest.approx(exact.occupancy, rel=occupancy)
    assert found.duration_s == pytest.approx(exact.duration_s, rel=5e-3)


@pytest.mark.parametrize(
    ("agents", "slowdown", "used"),
    [(30, SLOW, 0.9), (100, [1.0, 1.4], 0.95), (40, [1.0, 1.2, 1.5, 2.0], 0.95)],
)
def test_against_the_simulator(agents: int, slowdown: list[float], used: float) -> None:
    """Teams as large as they come: within four standard errors and what the figures above allow for.

    Time is counted in lone chats, as in the cases whose builder simulates these.
    """
    rate = used * agents * len(slowdown) / slowdown[-1]
    found = chat(Chat(rate * 3600, 1.0, agents, slowdown, 2.0))
    outputs = {"prob_wait": float(found.delayed), "mean_chats_in_service": float(found.chats)}
    params = {
        "arrival_rate": rate,
        "per_chat_rate_by_concurrency": [1 / slow for slow in slowdown],
        "agents": agents,
        "max_concurrency": len(slowdown),
        "patience_rate": 0.5,
        "routing": "least-loaded agent with a free slot",
    }
    model = "Chat concurrency CTMC with exponential patience"
    setup, *_ = setups(Case(f"team of {agents}", model, params, outputs), 4e5)
    figures = {figure.figure: figure for figure in judge(setup).figures}
    for name, bias in (
        ("prob_wait", 0.001),
        ("mean_chats_in_service", 0.005 * outputs["mean_chats_in_service"]),
    ):
        figure = figures[name]
        assert abs(figure.seen - figure.expected) <= 4 * figure.se + bias
        assert figure.se < 0.1 * figure.expected + 0.01


teams = st.tuples(
    st.one_of(st.integers(1, 300), st.integers(300, 5000)),
    st.floats(0.0, 3.0),
    st.lists(st.floats(0.5, 4.0), min_size=1, max_size=6),
    st.one_of(st.just(math.inf), st.floats(0.001, 1000.0)),
)


def team(agents: int, used: float, slowdown: list[float], patience: float) -> Chat:
    per_hour = used * agents * len(slowdown) / slowdown[-1] * 6.0
    return Chat(per_hour, 600.0, agents, slowdown, 600.0 * patience)


@settings(deadline=None, max_examples=150, derandomize=True, phases=[Phase.generate])
@given(teams, st.floats(0.0, 1e5))
def test_shares_are_shares(some: tuple[int, float, list[float], float], seconds: float) -> None:
    queue = team(*some)
    found, soon, ever = chat(queue), within(queue, seconds), within(queue, 1e12)
    assert not any(np.isnan(field).any() for field in (*found, *soon))
    for share in (found.delayed, found.answered, found.abandoned, found.occupancy, *soon):
        assert -1e-12 <= share <= 1.0 + 1e-12
    assert found.answered + found.abandoned == pytest.approx(1.0, abs=1e-12)
    assert found.chats <= some[0] * len(some[2]) * (1 + 1e-12)
    assert soon.answered <= found.answered + 1e-9
    if some[3] < math.inf or some[1] < 0.999:
        assert ever.answered == pytest.approx(found.answered, abs=1e-6)
    assert soon.abandoned <= found.abandoned + 1e-9


@settings(deadline=None, max_examples=50, derandomize=True, phases=[Phase.generate])
@given(st.integers(1, 200), st.floats(0.01, 1.5), st.integers(1, 4), st.floats(0.01, 10.0))
def test_chats_that_do_not_slow_each_other_down_are_erlang_a(
    agents: int, used: float, slots: int, patience: float
) -> None:
    queue = team(agents, used, [1.0] * slots, patience)
    found, line = chat(queue), Line(queue.per_hour, 600.0, agents * slots, queue.patience_s)
    exact = steady(line)
    assert found.delayed == pytest.approx(exact.delayed, rel=1e-9, abs=1e-200)
    assert found.asa_s == pytest.approx(exact.asa_s, rel=1e-9, abs=1e-200)
    for definition in ("answered_plus_abandoned_within", "offered", "virtual_wait"):
        level = level_of_line(line, 30.0, definition)
        assert service_level(queue, 30.0, definition) == pytest.approx(level, rel=1e-9, abs=1e-12)


def test_overload_and_nothing_are_answers() -> None:
    found = chat(
        Chat([0.0, 100.0, 1e5, 1e5, 0.0], 600.0, [5, 0, 5, 5, 0], [1.0, 1.5], [60, 60, 60, np.inf, 60])
    )
    assert found.delayed.tolist() == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert found.answered == pytest.approx([1.0, 0.0, 4e-4, 1.0, 1.0])
    assert found.queue[3] == found.mean_wait_s[3] == found.asa_s[3] == found.asa_s[1] == math.inf
    assert found.duration_s[[0, 2]] == pytest.approx([600.0, 900.0])


@pytest.mark.parametrize(
    "goals",
    [
        Goals(service_level=0.8, within_s=30.0),
        Goals(asa_s=20.0),
        Goals(abandonment=0.03, occupancy=0.9),
        Goals(service_level=0.9, within_s=60.0, definition="offered", delayed=0.2),
    ],
)
def test_required_agents_are_the_fewest(goals: Goals) -> None:
    per_hour = np.array([0.0, 3.0, 40.0, 200.0, 1000.0])
    need = required_agents(per_hour, 600.0, SLOW, goals, 180.0)
    assert need[0] == 0.0
    for agents, good in ((need, True), (need - 1, False)):
        queue = Chat(per_hour[1:], 600.0, agents[1:], SLOW, 180.0)
        assert (meets(queue, goals) == good).all()


def meets(queue: Chat, goals: Goals) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    found, met = chat(queue), np.full(4, True)
    values = {"asa_s": found.asa_s, "abandonment": found.abandoned, "occupancy": found.occupancy}
    for name, value in (values | {"delayed": found.delayed}).items():
        limit = getattr(goals, name)
        met &= True if limit is None else value <= limit
    if goals.service_level is not None:
        met &= service_level(queue, goals.within_s, goals.definition) >= np.asarray(
            goals.service_level, float
        )
    return met


def test_required_agents_that_nobody_can_be() -> None:
    assert required_agents(1e7, 600.0, SLOW, Goals(asa_s=20.0), 180.0) == math.inf


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"agents": 1.5}, "agents: fractions"),
        ({"agents": -1}, "agents: -1"),
        ({"per_hour": math.nan}, "per_hour: nan"),
        ({"handle_s": 0.0}, "handle_s: 0"),
        ({"patience_s": 0.0}, "patience_s: 0"),
        ({"slowdown": []}, "one number for each chat"),
        ({"per_hour": [1.0, 2.0], "agents": [1, 2, 3]}, "do not broadcast"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        chat(Chat(60.0, 600.0, 5, SLOW)._replace(**changed))
    with pytest.raises(ValueError, match="windows: fractions"):
        finite_source(1.0, 1.5, 500.0)


@pytest.mark.parametrize("patience_s", [math.inf, 100.0])
def test_nobody_answers_as_no_agents_do(patience_s: float) -> None:
    found, line = chat(Chat(30.0, 300.0, [0, 0], [1.0, 1.3], patience_s)), Line(30.0, 300.0, 0, patience_s)
    for name in ("delayed", "answered", "abandoned", "asa_s", "mean_wait_s", "queue", "occupancy"):
        assert getattr(found, name) == pytest.approx(float(getattr(steady(line), name)), rel=1e-14), name
    nothing = chat(Chat(0.0, 300.0, 0, [1.0, 1.3], patience_s))
    assert [float(each) for each in (nothing.answered, nothing.asa_s, nothing.occupancy)] == [1.0, 0.0, 0.0]
