"""M/G/c against exact cases, chains solved as linear equations, and over the whole domain."""

import math
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.distributions import Distribution, Phase
from sim.erlang.general_service import (
    constant_service,
    constant_service_longer,
    cosmetatos,
    cosmetatos_constant,
    exponential_service,
    kimura,
    lee_longton,
    pollaczek_khinchine,
)
from sim.erlang.phase_service import phase_service
from tests.erlang.cases import cases, same
from tests.oracles import many_agents as oracle

_NOISE: Final = 1e-13  # tails of the cases are 1 less a number near 1


def balanced(mean_s: float, scv: float) -> Distribution:
    """Two exponential phases of balanced means."""
    first = (1.0 + math.sqrt((scv - 1.0) / (scv + 1.0))) / 2.0
    phases = Phase(first, mean_s / (2.0 * first)), Phase(1.0 - first, mean_s / (2.0 * (1.0 - first)))
    return Distribution(kind="hyperexponential", mean_s=mean_s, phases=phases)


def stages(mean_s: float, k: int) -> Distribution:
    return Distribution(kind="erlang", mean_s=mean_s, k=k)


@pytest.mark.parametrize(("p", "out"), cases("M/D/c"))
def test_constant_handle_times(p: dict[str, Any], out: dict[str, Any]) -> None:
    line = (p["arrival_rate"] * 3600.0, p["service_time"], p["servers"])
    delayed, wait = constant_service(*line)
    same(delayed, out["prob_wait"])
    same(wait, out["mean_wait"])
    same(wait * p["arrival_rate"], out["mean_queue"])
    same(wait / exponential_service(*line)[1], out["ratio_to_MMc_wait"])
    same(cosmetatos_constant(*line), out["approx_cosmetatos_mean_wait"])
    tails = constant_service_longer(*line, [0.2, 0.5, 1.5])
    for tail, name in zip(tails, ("0_2", "0_5", "1_5"), strict=True):
        assert tail == pytest.approx(out[f"prob_wait_gt_{name}"], rel=1e-10, abs=_NOISE)


MODELS: Final = ("M/E2/c", "M/E4/c", "M/H2/c")


@pytest.mark.parametrize(("p", "out"), cases(*MODELS))
def test_phases(p: dict[str, Any], out: dict[str, Any]) -> None:
    rate, scv = p["arrival_rate"] * 3600.0, p["service_scv"]
    handle = stages(1.0, round(1.0 / scv)) if scv < 1.0 else balanced(1.0, scv)
    solved = phase_service(rate, handle, p["servers"])
    _, wait = exponential_service(rate, 1.0, p["servers"])
    same(solved.delayed, out["prob_wait"])
    same(solved.mean_wait_s, out["mean_wait"])
    same(solved.mean_wait_s * p["arrival_rate"], out["mean_queue"])
    same(solved.longer(p["threshold"]), out["prob_wait_gt_T"])
    same(solved.empty, out["prob_empty"])
    same(solved.decay, out["caudal"])
    same(solved.mean_wait_s / wait, out["ratio_to_MMc_wait"])
    same(lee_longton(rate, 1.0, scv**0.5, p["servers"]) / wait, out["lee_longton_ratio"])


@pytest.mark.parametrize(
    ("rate", "handle_s", "scv", "wait"), [(0.8, 1.0, 2.0, 6.0), (0.7, 1.2, 0.5, 4.725), (0.5, 1.0, 0.0, 0.5)]
)
def test_one_agent(rate: float, handle_s: float, scv: float, wait: float) -> None:
    same(pollaczek_khinchine(rate * 3600.0, handle_s, scv**0.5), wait)
    same(kimura(rate * 3600.0, handle_s, scv**0.5, 1), wait)


@pytest.mark.parametrize(("load", "agents", "states"), [(2.1, 3, 150), (11.0, 13, 250)])
def test_constant_handle_times_by_a_chain(load: float, agents: int, states: int) -> None:
    delayed, wait = oracle.constant(load, agents, states)
    assert constant_service(load * 12.0, 300.0, agents) == pytest.approx((delayed, wait * 300.0), rel=1e-9)


@pytest.mark.parametrize(("rate", "agents", "most"), [(1.7, 2, 400), (6.0, 9, 200)])
def test_stages_by_a_chain(rate: float, agents: int, most: int) -> None:
    solved = phase_service(rate * 3600.0, stages(1.0, 2), agents)
    found = oracle.two_stages(rate, 1.0, agents, most)
    assert (solved.delayed, solved.mean_wait_s) == pytest.approx(found, rel=1e-9)


@pytest.mark.parametrize(("rate", "agents", "most"), [(1.2, 2, 500), (6.0, 9, 300)])
def test_mixtures_by_a_chain(rate: float, agents: int, most: int) -> None:
    handle = balanced(1.0, 3.0)
    solved = phase_service(rate * 3600.0, handle, agents)
    found = oracle.two_kinds(rate, handle.phases, agents, most)
    assert (solved.delayed, solved.mean_wait_s) == pytest.approx(found, rel=1e-9)


@pytest.mark.parametrize("use", [0.3, 0.9, 0.999, 0.999_999])
def test_constant_handle_times_of_one_agent(use: float) -> None:
    delayed, wait = constant_service(use * 12.0, 300.0, 1)
    same(delayed, use)
    same(wait, pollaczek_khinchine(use * 12.0, 300.0, 0.0))


def test_tail_of_constant_handle_times_of_one_agent() -> None:
    """P(W <= x) of M/D/1 (Erlang 1909), where its sum still has digits."""
    use, times = 0.7, np.array([0.3, 0.9, 1.7, 3.4])
    wanted = [
        1.0
        - (1.0 - use)
        * math.fsum(
            (-use * (x - k)) ** k / math.factorial(k) * math.exp(use * (x - k))
            for k in range(math.floor(x) + 1)
        )
        for x in times
    ]
    same(constant_service_longer(use * 12.0, 300.0, 1, times * 300.0), wanted)


@pytest.mark.parametrize(("use", "agents"), [(0.6, 4), (0.92, 30), (0.99, 200)])
def test_two_ways_to_the_delay_of_constant_handle_times(use: float, agents: int) -> None:
    line = (use * agents * 12.0, 300.0, agents)
    same(constant_service_longer(*line, 0.0), constant_service(*line)[0])


def test_a_mean_is_the_integral_of_the_tail() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(40)
    edges = np.linspace(0.0, 60.0, 121)  # handle times; the law of M/D/c has kinks at whole ones
    times = (edges[:-1, None] + 0.25 * (nodes + 1.0)).ravel()
    total = np.tile(0.25 * weights, 120)
    same(
        constant_service_longer(3600.0 * 2.7, 1.0, 3, times) @ total,
        constant_service(3600.0 * 2.7, 1.0, 3)[1],
        1e-9,
    )
    for handle in (stages(1.0, 3), balanced(1.0, 1.5)):
        solved = phase_service(3600.0 * 2.0, handle, 3)
        same(solved.longer(times) @ total, solved.mean_wait_s, 1e-9)


@pytest.mark.parametrize("handle", [Distribution(kind="exponential", mean_s=1.0), stages(1.0, 1)])
def test_exponential_handle_times_are_erlang_c(handle: Distribution) -> None:
    delayed, wait = exponential_service(3600.0 * 8.0, 1.0, 10)
    solved = phase_service(3600.0 * 8.0, handle, 10)
    same(solved.delayed, delayed)
    same(solved.mean_wait_s, wait)
    same(solved.longer([0.3, 2.0]), delayed * np.exp(-2.0 * np.array([0.3, 2.0])))
    same(delayed, 8.0**10 / math.factorial(10) * 5.0 / (
        math.fsum(8.0**k / math.factorial(k) for k in range(10)) + 8.0**10 / math.factorial(10) * 5.0
    ))  # fmt: skip


def test_many_stages_come_near_constant_handle_times() -> None:
    _, wait = constant_service(3600.0 * 1.6, 1.0, 2)
    waits = [phase_service(3600.0 * 1.6, stages(1.0, k), 2).mean_wait_s for k in (1, 4, 12, 20)]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(wait, rel=0.06)


@pytest.mark.parametrize("handle", [stages(1.0, 2), stages(1.0, 4), balanced(1.0, 4.0)])
@pytest.mark.parametrize(("use", "agents"), [(0.7, 4), (0.9, 8)])
def test_approximations_are_near(handle: Distribution, use: float, agents: int) -> None:
    """Within 3 % for what varies less than exponential times, 12 % for what varies twice as much."""
    cv = handle.k**-0.5 if handle.k else 2.0
    line = (use * agents * 3600.0, 1.0, cv, agents)
    wait = phase_service(line[0], handle, agents).mean_wait_s
    for approximate in (kimura, cosmetatos):
        assert approximate(*line) == pytest.approx(wait, rel=0.03 if cv < 1.0 else 0.12)
    assert lee_longton(*line) == pytest.approx(wait, rel=0.25)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.integers(0, 100_000), st.floats(0.0, 3.0), st.floats(1e-3, 1e5), st.floats(0.0, 20.0))
def test_whole_domain(agents: int, use: float, handle_s: float, cv: float) -> None:
    rate = use * max(agents, 1) * 3600.0 / handle_s
    line = (rate, handle_s, agents)
    delayed, wait = exponential_service(*line)
    delayed_d, wait_d = constant_service(*line)
    others = [way(rate, handle_s, cv, agents) for way in (lee_longton, cosmetatos, kimura)]
    assert not any(np.isnan(x) for x in (delayed, wait, delayed_d, wait_d, *others))
    assert 0.0 <= delayed_d <= 1.0 >= delayed >= 0.0
    assert all(x >= 0.0 for x in (wait, wait_d, *others))
    if rate * handle_s / 3600.0 >= agents and rate > 0.0:
        assert delayed == delayed_d == 1.0
        assert all(np.isinf(x) for x in (wait, wait_d, *others))
    elif wait > 1e-250:
        assert 0.499_999 * wait <= wait_d <= wait


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.integers(1, 60), st.floats(0.02, 0.98), st.integers(2, 3))
def test_phases_over_their_domain(agents: int, use: float, k: int) -> None:
    handle = stages(200.0, k) if k * agents < 70 else stages(200.0, 1)
    solved = phase_service(use * agents * 18.0, handle, agents)
    tails = solved.longer([0.0, 10.0, 100.0, 1000.0])
    assert tails[0] == pytest.approx(solved.delayed, rel=1e-9)
    assert (np.diff(tails) <= 1e-13).all()
    assert (tails >= 0.0).all()
    assert 0.0 < solved.empty < 1.0
    _, wait = exponential_service(use * agents * 18.0, 200.0, agents)
    assert 0.0 <= solved.mean_wait_s <= wait * (1.0 + 1e-9)


def test_overload_and_nothing() -> None:
    overload = phase_service(7200.0, stages(1.0, 2), 2)
    assert (overload.delayed, overload.mean_wait_s) == (1.0, np.inf)
    assert (overload.longer([0.0, 1e9]) == 1.0).all()
    nothing = phase_service(0.0, stages(1.0, 2), 2)
    assert (nothing.delayed, nothing.mean_wait_s, nothing.empty) == (0.0, 0.0, 1.0)
    assert (nothing.longer([0.0, 1e9]) == 0.0).all()
    assert (constant_service_longer([0.0, 7200.0, 9e9], 1.0, 2, 50.0) == [0.0, 1.0, 1.0]).all()
    assert constant_service_longer(3600.0, 1.0, 2, 1e7) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: constant_service(60.0, 300.0, 2.5), "agents: 2.5 is not allowed; give whole numbers"),
        (lambda: pollaczek_khinchine(60.0, 300.0, -1.0), "cv: -1 is not allowed"),
        (lambda: constant_service_longer(9e6, 1.0, 2600, 1.0), "too many, or too busy"),
        (lambda: phase_service(60.0, stages(300.0, 2), 400), "have 401 states; take fewer"),
        (lambda: phase_service(60.0, stages(300.0, 2), 0), "agents: 0 is not allowed"),
        (
            lambda: phase_service(60.0, Distribution(kind="lognormal", mean_s=1.0, cv=1.0), 4),
            "'lognormal' has no phases",
        ),
        (lambda: phase_service(60.0, stages(300.0, 2), 20).longer(1e9), "too long for the exact law"),
    ],
)
def test_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
