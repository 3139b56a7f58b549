"""The solver of chains: against closed forms, plain linear algebra, and where sizes and rates are extreme."""

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.arguments import Floats
from sim.erlang.chain import Moves, affordable, largest, on_grid, on_growing_grid, stationary
from tests.oracles import plain_chain


def birth_and_death(ratio: float, states: int) -> Moves:
    up = np.arange(states - 1)
    return Moves(np.r_[up, up + 1], np.r_[up + 1, up], np.r_[np.full(states - 1, ratio), np.ones(states - 1)])


@pytest.mark.parametrize("ratio", [1e-3, 0.5, 1.0, 2.0, 1e3])
def test_a_geometric_law_of_any_slope(ratio: float) -> None:
    """Probabilities from 1 down to 1e-900, without overflow; those that floats can hold are right."""
    states = 300
    found = stationary(np.arange(states), birth_and_death(ratio, states))
    logs = np.arange(states) * math.log(ratio)
    expected = np.exp(logs - logs.max())
    expected /= expected.sum()
    assert np.isfinite(found).all()
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-290)


rates = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))


@settings(deadline=None, max_examples=60, derandomize=True, phases=[Phase.generate])
@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=5),
    st.lists(rates, min_size=8, max_size=8),
    st.floats(1e-3, 1e3),
)
def test_any_levels_agree_with_the_balance_equations(
    sizes: list[int], some: list[float], sure: float
) -> None:
    """Levels of any sizes, rates six powers of ten apart; a ring of sure moves joins all states."""
    levels = np.repeat(np.arange(len(sizes)), sizes)
    rows = [
        (i, j, some[(3 * i + 5 * j) % len(some)])
        for i in range(len(levels))
        for j in range(len(levels))
        if i != j and abs(int(levels[i]) - int(levels[j])) <= 1
    ]
    rows += [(i, i + 1, sure) for i in range(len(levels) - 1)]
    rows += [(i + 1, i, sure) for i in range(len(levels) - 1)]
    source, target, rate = (np.array(column) for column in zip(*rows, strict=True))
    found = stationary(levels, Moves(source, target, rate))
    plain = plain_chain.solved(0, lambda i: [(b, r) for a, b, r in rows if a == i])
    assert found == pytest.approx([plain[i] for i in range(len(levels))], rel=1e-6, abs=1e-9)
    flow = np.zeros(len(levels))
    np.add.at(flow, target, found[source] * rate)
    np.add.at(flow, source, -found[source] * rate)
    assert np.abs(flow).max() <= 1e-12 * (found[source] * rate).sum()


def test_a_grid_of_independent_lines_is_their_product() -> None:
    """The longest side may be any; a step beyond the end is not taken."""
    shape = (3, 9, 4)
    busy = [axis.astype(float) for axis in np.indices(shape)]
    loads, unit = (0.5, 3.0, 2.0), np.eye(3, dtype=int).tolist()
    steps = {tuple(row): np.full(shape, load) for row, load in zip(unit, loads, strict=True)}
    steps |= {tuple(-x for x in row): b for row, b in zip(unit, busy, strict=True)}
    marginals = [
        np.array([load**n / math.factorial(n) for n in range(n)])
        for load, n in zip(loads, shape, strict=True)
    ]
    expected = np.einsum("i,j,k->ijk", *(m / m.sum() for m in marginals))
    assert on_grid(steps) == pytest.approx(expected, rel=1e-12)


def test_a_grid_grows_until_its_end_is_not_felt() -> None:
    """Two lines of one agent, of which the second has only two places."""

    def steps(
        shape: tuple[int, int],
    ) -> dict[tuple[int, ...], Floats]:
        a, b = np.indices(shape)
        return {
            (+1, 0): np.full(shape, 0.9),
            (-1, 0): np.where(a > 0, 1.0, 0.0),
            (0, +1): np.full(shape, 0.5),
            (0, -1): np.where(b > 0, 1.0, 0.0),
        }

    found = on_growing_grid(steps, (4, 3), (True, False), "do without")
    assert found.shape[1] == 3
    assert found.sum(axis=1) @ np.arange(len(found)) == pytest.approx(9.0, rel=1e-11)
    with pytest.raises(ValueError, match=r"needs more than 400 times 400, .* are possible; do without"):
        on_growing_grid(
            lambda shape: {**steps(shape), (+1, 0): np.full(shape, 0.9)},
            (400, 400),
            (True, False),
            "do without",
        )


def test_sizes_have_a_limit() -> None:
    assert affordable([300] * 40)
    assert not affordable([600] * 100)
    assert not affordable([3000])
    assert not affordable(np.ones(100_000))
    assert largest(lambda n: n * n <= 1000) == 31
    assert largest(lambda n: n == 0) == 0
