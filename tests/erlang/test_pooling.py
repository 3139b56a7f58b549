"""Groups apart and together."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.goals import Goals
from sim.erlang.line import Line
from sim.erlang.pooling import pooled_agents, pooling
from sim.erlang.required import required_agents
from tests.erlang.cases import EXACT, agree, cases


@pytest.mark.parametrize(("p", "out"), cases("Pooling of two Erlang C groups"))
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    found = pooling(Line(np.array(p["loads"]) * 3600.0, 1.0 / p["service_rate"], p["agents"]))
    names = {
        "mean_wait_separate": found.separate.mean_wait_s.tolist(),
        "mean_wait_pooled": found.pooled.mean_wait_s,
        "prob_wait_separate": found.separate.delayed.tolist(),
        "prob_wait_pooled": found.pooled.delayed,
    }
    agree(names, out)


@pytest.mark.parametrize(("p", "out"), cases("Deflection: Erlang C 80/20 agents before and after"))
def test_deflection(p: dict[str, Any], out: dict[str, Any]) -> None:
    """Not pooling, but the same question: what other groups and volumes do to required agents."""
    left = 1.0 - p["deflection"]
    calls, aht_s = (
        np.array([1.0, left]) * p["calls_per_hour"],
        p["aht_s"] * np.array([1, 1 + p["aht_uplift_on_remaining"]]),
    )
    before, after = required_agents(calls, aht_s, Goals(service_level=0.8, within_s=20.0))
    work = calls * aht_s / 3600.0
    names = {
        "agents_before": before,
        "agents_after": after,
        "agent_reduction_fraction": 1 - after / before,
        "workload_reduction_fraction": 1 - work[1] / work[0],
        "occupancy_before": work[0] / before,
        "occupancy_after": work[1] / after,
    }
    agree(names, out)


@settings(deadline=None, max_examples=100, derandomize=True, phases=[Phase.generate])
@given(
    st.lists(st.tuples(st.integers(1, 300), st.floats(0.0, 1.5)), min_size=1, max_size=5),
    st.one_of(st.just(math.inf), st.floats(0.01, 100.0)),
)
def test_pooling_never_harms(groups: list[tuple[int, float]], patience: float) -> None:
    """Of all that come, no more wait, and on average no longer."""
    agents = np.array([n for n, _ in groups])
    per_hour = np.array([n * used * 12.0 for n, used in groups])
    found = pooling(Line(per_hour, 300.0, agents, 300.0 * patience))
    weights = per_hour / per_hour.sum() if per_hour.any() else np.zeros(len(groups))
    waited = [w * s for w, s in zip(weights, found.separate.mean_wait_s, strict=True) if w > 0.0]
    assert found.pooled.mean_wait_s <= sum(waited) * (1 + 1e-9) + 1e-9
    assert found.pooled.abandoned <= weights @ found.separate.abandoned + 1e-9


def test_required_agents_fall() -> None:
    found = pooled_agents([[100.0, 200.0, 300.0], [10.0, 10.0, 0.0]], 300.0, Goals(service_level=0.8), 120.0)
    assert found.separate.shape == (2, 3)
    assert (found.pooled < found.separate.sum(axis=-1)).all()


def test_unequal_handle_times_have_their_mean() -> None:
    found = pooling(Line([100.0, 300.0], [600.0, 200.0], [20, 20], places=[3, 4]))
    assert found.line.handle_s == pytest.approx(300.0, rel=EXACT)
    assert (found.line.agents, found.line.places) == (40, 7)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"give \[..., groups\]"):
        pooling(Line(100.0, 300.0, 10))
    with pytest.raises(ValueError, match="unequal patience"):
        pooling(Line([100.0, 100.0], 300.0, 10, [60.0, 90.0]))
    with pytest.raises(ValueError, match="per_hour: -1"):
        pooling(Line([100.0, -1.0], 300.0, 10))
    with pytest.raises(ValueError, match="do not broadcast"):
        pooling(Line([100.0, 1.0], 300.0, [10, 10, 10]))


@pytest.mark.filterwarnings("error")
def test_no_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="per_hour: an empty list has no groups"):
        pooled_agents([], 300.0, Goals(0.8))
    with pytest.raises(ValueError, match="per_hour: an empty list has no groups"):
        pooling(Line([], 300.0, 3.0))
