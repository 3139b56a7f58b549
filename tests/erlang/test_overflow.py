"""Overflow: moments, approximations of peaked traffic, and the exact chain of pools."""

import math
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.loss import blocking
from sim.erlang.overflow import equivalent_random, hayward, lost_of_peaked, overflow, shared_overflow
from tests.erlang.cases import agree, cases
from tests.oracles import plain_chain


@pytest.mark.parametrize(("p", "out"), cases("Two dedicated pools with shared overflow pool, loss"))
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    *own, shared = p["pool_sizes"]
    per_hour = [rate * 3600 for rate in p["arrival_rates"]]
    found = shared_overflow(per_hour, 1 / p["service_rate"], own, shared)
    names: dict[str, Any] = {"busy_overflow": found.busy_shared}
    for i, (lost, busy) in enumerate(zip(found.lost, found.busy, strict=True), 1):
        names |= {f"loss_{i}": lost, f"busy_pool{i}": busy}
    agree(names, out)


def test_three_pools_against_plain_balance_equations() -> None:
    loads, sizes, shared = (1.0, 2.0, 0.5), (1, 2, 1), 2

    def moves(state: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
        for i, load in enumerate(loads):
            own = state[i] < sizes[i]
            if own or state[3] < shared:
                yield stepped(state, i if own else 3, +1), load
        for i, busy in enumerate(state):
            if busy:
                yield stepped(state, i, -1), busy

    start: tuple[int, ...] = (0, 0, 0, 0)
    plain = plain_chain.solved(start, moves)
    found = shared_overflow([3600 * load for load in loads], 1.0, sizes, shared)
    for i in range(3):
        lost = plain_chain.mean(plain, lambda s, i=i: s[i] == sizes[i] and s[3] == shared)  # type: ignore[misc]
        assert found.lost[i] == pytest.approx(lost, rel=1e-11)
    assert found.busy_shared == pytest.approx(plain_chain.mean(plain, lambda s: s[3]), rel=1e-11)


def stepped(state: tuple[int, ...], i: int, by: int) -> tuple[int, ...]:
    return (*state[:i], state[i] + by, *state[i + 1 :])


def test_moments_against_an_endless_pool() -> None:
    """The variance of who is busy behind 3 agents at a load of 4, by balance equations."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        own, behind = state
        if own < 3 or behind < 40:
            yield ((own + 1, behind) if own < 3 else (own, behind + 1)), 4.0
        if own:
            yield (own - 1, behind), own
        if behind:
            yield (own, behind - 1), behind

    plain = plain_chain.solved((0, 0), moves)
    mean = plain_chain.mean(plain, lambda s: s[1])
    found = overflow(4.0, 3)
    assert found.mean == pytest.approx(mean, rel=1e-11)
    assert found.variance == pytest.approx(plain_chain.mean(plain, lambda s: (s[1] - mean) ** 2), rel=1e-11)


@pytest.mark.parametrize("agents", [0.4, 1, 7.25, 40, 1000])
@pytest.mark.parametrize("load", [0.01, 3.0, 41.5, 3000.0])
def test_moments_with_many_digits(load: float, agents: float) -> None:
    """Riordan's formula in 80 digits, agents in fractions too."""
    with mpmath.workdps(80):
        a, n = mpmath.mpf(load), mpmath.mpf(agents)
        mean = a * a**n * mpmath.exp(-a) / mpmath.gammainc(n + 1, a)
        peakedness = 1 - mean + a / (n + 1 + mean - a)
    found = overflow(load, agents)
    if mean > 1e-290:
        assert found.mean == pytest.approx(float(mean), rel=1e-10)
    assert found.peakedness == pytest.approx(float(peakedness), rel=1e-10 if agents >= 1 else 1e-8)


@settings(deadline=None, max_examples=150, derandomize=True, phases=[Phase.generate])
@given(st.floats(0.0, 1e5), st.one_of(st.integers(0, 20_000), st.floats(0.0, 300.0)))
def test_overflow_is_peaked(load: float, agents: float) -> None:
    found = overflow(load, agents)
    assert all(np.isfinite(field).all() for field in found)
    assert 0.0 <= found.mean <= load * (1 + 1e-12)
    assert found.peakedness >= 1.0


@settings(deadline=None, max_examples=60, derandomize=True, phases=[Phase.generate])
@given(st.floats(0.1, 2000.0), st.floats(0.3, 1.2))
def test_the_equivalent_pool_is_found_again(load: float, crowd: float) -> None:
    agents = load * crowd
    sent = overflow(load, agents)
    if sent.mean < 1e-3:
        return
    found = equivalent_random(sent.mean, sent.peakedness)
    again = overflow(found.load, found.agents)
    assert again.mean == pytest.approx(float(sent.mean), rel=1e-6)
    assert again.peakedness == pytest.approx(float(sent.peakedness), rel=1e-6)


def test_poisson_traffic_is_not_peaked() -> None:
    assert hayward(10.0, 1.0, 12) == pytest.approx(float(blocking(10.0, 12)), rel=1e-12)
    assert lost_of_peaked([0.0, 10.0], 1.0, 12) == pytest.approx([0.0, float(blocking(10.0, 12))], rel=1e-12)
    assert tuple(map(float, equivalent_random(10.0, 1.0))) == (10.0, 0.0)
    assert tuple(map(float, equivalent_random(0.0, 3.0))) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("loads", "sizes", "shared"),
    [((8.0, 6.0), (8, 6), 4), ((8.0, 6.0), (8, 6), 8), ((12.0, 3.0), (10, 4), 6)],
)
def test_how_near_the_approximations_are(
    loads: tuple[float, float], sizes: tuple[int, int], shared: int
) -> None:
    """Of the traffic sent on to the shared pool, lost within a fifth of the truth."""
    exact = shared_overflow([3600 * load for load in loads], 1.0, sizes, shared)
    sent = overflow(loads, sizes)
    mean, peakedness = sent.mean.sum(), sent.variance.sum() / sent.mean.sum()
    lost = exact.lost @ loads / mean
    for method in (hayward, lost_of_peaked):
        assert method(mean, peakedness, shared) == pytest.approx(lost, rel=0.2)


@settings(deadline=None, max_examples=40, derandomize=True, phases=[Phase.generate])
@given(
    st.lists(st.tuples(st.integers(0, 6), st.floats(0.0, 20.0)), min_size=1, max_size=3), st.integers(0, 8)
)
def test_flows_balance(pools: list[tuple[int, float]], shared: int) -> None:
    """Dedicated pools are Erlang B; what is not lost is in hand somewhere."""
    loads = np.array([load for _, load in pools])
    found = shared_overflow((loads * 12.0).tolist(), 300.0, [size for size, _ in pools], shared)
    busy = loads * (1.0 - blocking(loads, [size for size, _ in pools]))
    assert found.busy == pytest.approx(busy, rel=1e-9, abs=1e-9)
    assert found.busy.sum() + found.busy_shared == pytest.approx(
        loads @ (1.0 - found.lost), rel=1e-9, abs=1e-9
    )


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="2 rates for 1 pools"):
        shared_overflow([1.0, 2.0], 300.0, [3], 4)
    with pytest.raises(ValueError, match="Use hayward or equivalent_random"):
        shared_overflow([1.0, 2.0], 300.0, [100, 100], 100)
    with pytest.raises(ValueError, match="per_hour: -1"):
        shared_overflow([-1.0], 300.0, [3], 4)
    with pytest.raises(ValueError, match=r"agents\[0\]: 1.5"):
        shared_overflow([1.0], 300.0, [1.5], 4)  # type: ignore[list-item]
    with pytest.raises(ValueError, match=r"peakedness: 0\.5"):
        equivalent_random(3.0, 0.5)
    with pytest.raises(ValueError, match="no million agents"):
        equivalent_random(1e6, 50.0)
    with pytest.raises(ValueError, match="load: nan"):
        overflow(math.nan, 3)
