"""The N-model: against the cases, plain chains of single states, and what both orders must share."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.n_model import NModel, Pair, longest_waiting_first, n_model
from tests.erlang.cases import agree, cases
from tests.oracles import plain_chain


def named(found: Pair) -> dict[str, float]:
    names = {"flow_out": found.out_per_hour / 3600}
    for i in (0, 1):
        names |= {
            f"prob_wait_{i + 1}": found.delayed[i],
            f"mean_queue_{i + 1}": found.queue[i],
            f"mean_wait_{i + 1}": found.mean_wait_s[i],
            f"prob_abandon_{i + 1}": found.abandoned[i],
            f"prob_block_{i + 1}": found.blocked[i],
            f"occupancy_pool{i + 1}": found.occupancy[i],
        }
    return names


def of_case(p: dict[str, Any]) -> NModel:
    rates = p.get("service_rate_pool") or [p["service_rate"]] * 2
    return NModel(
        [rate * 3600 for rate in p["arrival_rates"]],
        [1 / rate for rate in rates],
        p["pool_sizes"],
        [1 / rate for rate in p["patience_rates"]],
    )


@pytest.mark.parametrize(("p", "out"), cases("N-model, static priority, exponential patience"))
def test_static_priority(p: dict[str, Any], out: dict[str, Any]) -> None:
    first = 1 if "pool 2 on becoming free takes class 1 first" in p["routing"] else 2
    agree(named(n_model(of_case(p), first)), out)


@pytest.mark.parametrize(("p", "out"), cases("N-model, longest-waiting-first, finite waiting room"))
def test_longest_waiting_first(p: dict[str, Any], out: dict[str, Any]) -> None:
    agree(named(longest_waiting_first(of_case(p), p["waiting_room"])), out)


MODEL = NModel([900.0, 700.0], [8.0, 11.0], [2, 2], [20.0, 9.0])


@pytest.mark.parametrize("first", [1, 2])
def test_static_priority_against_plain_balance_equations(first: int) -> None:
    """States (busy in pool 1, busy in pool 2, waiting of kind 1, of kind 2), queues cut at 22."""

    def moves(s: tuple[int, int, int, int]) -> Iterator[tuple[tuple[int, int, int, int], float]]:
        one, two, wait_1, wait_2 = s
        if one < 2:
            yield (one + 1, two, wait_1, wait_2), 0.25
        elif two < 2:
            yield (one, two + 1, wait_1, wait_2), 0.25
        elif wait_1 < 22:
            yield (one, two, wait_1 + 1, wait_2), 0.25
        if two < 2:
            yield (one, two + 1, wait_1, wait_2), 700 / 3600
        elif wait_2 < 22:
            yield (one, two, wait_1, wait_2 + 1), 700 / 3600
        yield ((one, two, wait_1 - 1, wait_2) if wait_1 else (max(one - 1, 0), two, wait_1, wait_2)), one / 8
        takes_1 = wait_1 > 0 and (first == 1 or not wait_2)
        if takes_1:
            yield (one, two, wait_1 - 1, wait_2), two / 11
        elif wait_2:
            yield (one, two, wait_1, wait_2 - 1), two / 11
        elif two:
            yield (one, two - 1, wait_1, wait_2), two / 11
        yield (one, two, max(wait_1 - 1, 0), wait_2), wait_1 / 20
        yield (one, two, wait_1, max(wait_2 - 1, 0)), wait_2 / 9

    def real(s: tuple[int, int, int, int]) -> list[tuple[tuple[int, int, int, int], float]]:
        return [(to, rate) for to, rate in moves(s) if to != s]

    plain = plain_chain.solved((0, 0, 0, 0), real)
    found = n_model(MODEL, first)
    assert found.queue[0] == pytest.approx(plain_chain.mean(plain, lambda s: s[2]), rel=1e-6)
    assert found.queue[1] == pytest.approx(plain_chain.mean(plain, lambda s: s[3]), rel=1e-6)
    assert found.delayed[0] == pytest.approx(plain_chain.mean(plain, lambda s: s[:2] == (2, 2)), rel=1e-6)
    assert found.delayed[1] == pytest.approx(plain_chain.mean(plain, lambda s: s[1] == 2), rel=1e-6)


def test_who_has_waited_longest_against_a_shared_line() -> None:
    """Without a pool 1 both kinds share a first-come line, here M/M/3/3+5 with equal patience."""
    found = longest_waiting_first(NModel([600.0, 300.0], [9.0, 9.0], [0, 3], [15.0, 15.0]), 5)
    weights = [1.0]
    for n in range(8):
        weights.append(weights[-1] * 0.25 / (min(n + 1, 3) / 9 + max(n - 2, 0) / 15))
    shares = np.array(weights) / sum(weights)
    waiting = shares @ np.maximum(np.arange(9) - 3, 0)
    assert found.queue == pytest.approx([waiting * 2 / 3, waiting / 3], rel=1e-11)
    assert found.blocked == pytest.approx([shares[-1]] * 2, rel=1e-11)
    assert found.delayed == pytest.approx([shares[3:-1].sum()] * 2, rel=1e-11)
    assert found.occupancy[0] == 0.0


values = st.tuples(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.05, 5.0), st.floats(0.05, 5.0))


@settings(deadline=None, max_examples=25, derandomize=True, phases=[Phase.generate])
@given(values, st.integers(0, 6), st.integers(1, 6), st.sampled_from([1, 2]), st.integers(0, 4))
def test_flows_balance(some: tuple[float, ...], one: int, two: int, first: int, places: int) -> None:
    """All that comes leaves, whatever the loads: 0 to 3 for each agent."""
    per_hour = [some[0] * 12 * max(one, 1), some[1] * 12 * two]
    model = NModel(per_hour, [300.0, 240.0], [one, two], [300 * some[2], 300 * some[3]])
    for found in (n_model(model, first), longest_waiting_first(model, places)):
        values = np.concatenate([np.atleast_1d(field) for field in found])
        assert np.isfinite(values).all()
        assert (values >= 0.0).all()
        assert found.out_per_hour == pytest.approx(sum(per_hour), rel=1e-9, abs=1e-9)
        assert (found.delayed + found.blocked <= 1.0 + 1e-9).all()
        assert (found.occupancy <= 1.0 + 1e-9).all()


def test_priority_moves_waits_between_kinds_only() -> None:
    """With equal handle times and patience the order of service does not change how many wait."""
    equal = NModel([900.0, 700.0], [9.0, 9.0], [2, 2], [20.0, 20.0])
    one, two = n_model(equal, 1), n_model(equal, 2)
    assert one.queue[0] < two.queue[0]
    assert one.queue[1] > two.queue[1]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"per_hour": [1.0]}, r"per_hour: an array of shape \(1,\)"),
        ({"per_hour": [1.0, -1.0]}, "per_hour: -1"),
        ({"handle_s": [1.0, 0.0]}, "handle_s: 0"),
        ({"agents": [1, 0]}, r"agents\[1\]: 0"),
        ({"agents": [1.5, 1]}, "whole numbers"),
        ({"patience_s": [1.0, math.inf]}, "patience_s: inf"),
        ({"agents": [2000, 2000]}, "too many states"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        n_model(MODEL._replace(**changed))


def test_other_refusals() -> None:
    with pytest.raises(ValueError, match="first: 3 is not a kind"):
        n_model(MODEL, 3)
    with pytest.raises(ValueError, match="give at most 10"):
        longest_waiting_first(MODEL, 11)
    with pytest.raises(ValueError, match="at most 10000"):
        longest_waiting_first(MODEL._replace(agents=[1000, 1000]), 1)
