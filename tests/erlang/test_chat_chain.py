"""The exact chain of chats: against the cases, and against agents that are told apart."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.chat_chain import ROUTING, Chats, chat_chain
from tests.erlang.cases import agree, cases
from tests.oracles import plain_chain


@pytest.mark.parametrize(("p", "out"), cases("Chat concurrency CTMC with exponential patience"))
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    """Times of the cases are taken for seconds."""
    rates = p["per_chat_rate_by_concurrency"]
    routing = "most_loaded" if p["routing"].startswith("most") else "least_loaded"
    found = chat_chain(
        p["arrival_rate"] * 3600,
        1 / rates[0],
        [rates[0] / rate for rate in rates],
        p["agents"],
        1 / p["patience_rate"],
        routing,
    )
    names = {
        "prob_wait": found.delayed,
        "mean_queue": found.queue,
        "mean_wait": found.mean_wait_s,
        "prob_abandon": found.abandoned,
        "mean_chats_in_service": found.chats,
        "mean_active_agents": found.active,
        "mean_concurrency_when_active": found.at_once,
        "throughput": found.answered_per_hour / 3600,
        "mean_chat_duration": found.duration_s,
        "agent_utilisation": found.occupancy,
        "slot_utilisation": found.slots,
    }
    agree(names, out)


@pytest.mark.parametrize("routing", ROUTING)
def test_agents_that_are_told_apart(routing: str) -> None:
    """Three agents with up to three chats, each a number of its own; a queue cut at 40."""
    arrive, leave, slows = 4.0, 0.6, [1.0, 1.4, 1.7]

    def moves(state: tuple[tuple[int, ...], int]) -> Iterator[tuple[tuple[tuple[int, ...], int], float]]:
        loads, waiting = state
        free = [chats for chats in loads if chats < 3]
        if free:
            chats = min(free) if routing == "least_loaded" else max(free)
            turns = [i for i, each in enumerate(loads) if each == chats]
            for i in turns:
                yield (changed(loads, i, +1), 0), arrive / len(turns)
        elif waiting < 40:
            yield (loads, waiting + 1), arrive
        for i, chats in enumerate(loads):
            if chats and not waiting:
                yield (changed(loads, i, -1), 0), chats / slows[chats - 1]
            elif chats:
                yield (loads, waiting - 1), chats / slows[chats - 1]
        if waiting:
            yield (loads, waiting - 1), waiting * leave

    start: tuple[tuple[int, ...], int] = ((0, 0, 0), 0)
    plain = plain_chain.solved(start, moves)
    found = chat_chain(arrive * 3600, 1.0, slows, 3, 1 / leave, routing)
    assert found.delayed == pytest.approx(plain_chain.mean(plain, lambda s: s[0] == (3, 3, 3)), rel=1e-10)
    assert found.queue == pytest.approx(plain_chain.mean(plain, lambda s: s[1]), rel=1e-10)
    assert found.chats == pytest.approx(plain_chain.mean(plain, lambda s: sum(s[0])), rel=1e-10)
    assert found.active == pytest.approx(plain_chain.mean(plain, lambda s: sum(map(bool, s[0]))), rel=1e-10)


def changed(loads: tuple[int, ...], i: int, by: int) -> tuple[int, ...]:
    return (*loads[:i], loads[i] + by, *loads[i + 1 :])


@settings(deadline=None, max_examples=60, derandomize=True, phases=[Phase.generate])
@given(
    st.integers(1, 8),
    st.lists(st.floats(0.5, 4.0), min_size=1, max_size=4),
    st.floats(0.0, 3.0),
    st.one_of(st.just(math.inf), st.floats(0.01, 100.0)),
    st.sampled_from(ROUTING),
)
def test_flows_balance(
    agents: int, slowdown: list[float], used: float, patience: float, routing: str
) -> None:
    """All chats are answered or given up, whatever the load; without patience's end overload is an answer."""
    handle_s = 600.0
    per_hour = used * agents * len(slowdown) / slowdown[-1] * 3600 / handle_s
    found = chat_chain(per_hour, handle_s, slowdown, agents, patience * handle_s, routing)
    assert not any(math.isnan(value) for value in found)
    assert all(value >= 0.0 for value in found)
    if patience == math.inf and used >= 1.0:
        assert (found.delayed, found.queue, found.mean_wait_s, found.slots) == (1.0, math.inf, math.inf, 1.0)
        return
    lost = found.abandoned * per_hour
    assert found.answered_per_hour + lost == pytest.approx(per_hour, rel=1e-8, abs=1e-9)
    assert found.duration_s * found.answered_per_hour / 3600 == pytest.approx(
        found.chats, rel=1e-9, abs=1e-12
    )


def test_nobody_writes() -> None:
    found = chat_chain(0.0, 600.0, [1.0, 1.3], 5)
    assert found == Chats(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 600.0, 0.0)


@pytest.mark.parametrize(
    ("changed_to", "message"),
    [
        ({"per_hour": -1.0}, "per_hour: -1"),
        ({"handle_s": 0.0}, "handle_s: 0"),
        ({"slowdown": []}, "one number for each chat"),
        ({"slowdown": [[1.0]]}, "one number for each chat"),
        ({"slowdown": [1.0, 0.0]}, "slowdown: 0"),
        ({"agents": 0}, "agents: 0"),
        ({"patience_s": 0.0}, "patience_s: 0"),
        ({"routing": "random"}, "least_loaded or most_loaded"),
        ({"agents": 100_000}, r"at most \d+ agents are possible with so many chats. Use chat.chat instead"),
        ({"agents": 40, "slowdown": np.ones(10)}, "Use chat.chat instead"),
    ],
)
def test_what_cannot_be_is_refused(changed_to: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"per_hour": 60.0, "handle_s": 600.0, "slowdown": [1.0, 1.3, 1.7], "agents": 5}
    with pytest.raises(ValueError, match=message):
        chat_chain(**(good | changed_to))
