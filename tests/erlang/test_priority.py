"""Priority classes against exact cases, chains, laws of conservation, and over the whole domain."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.erlang.general_service import exponential_service, pollaczek_khinchine
from sim.erlang.impatient_priority import Class, impatient_priority
from sim.erlang.priority import priority, priority_longer, priority_one_agent
from tests.erlang.cases import cases, same
from tests.oracles import priority as oracle


@pytest.mark.parametrize(
    ("p", "out"), cases("M/M/c two classes, non-preemptive priority, equal service rate")
)
def test_two_classes(p: dict[str, Any], out: dict[str, Any]) -> None:
    rates = np.array([p["arrival_rate_high"], p["arrival_rate_low"]]) * 3600.0
    line = (rates, 1.0 / p["service_rate"], p["servers"])
    solved, longer = priority(*line), priority_longer(*line, p["threshold"])
    same(solved.delayed, [out["prob_wait"]] * 2)
    same(solved.mean_wait_s, [out["mean_wait_high"], out["mean_wait_low"]])
    same(solved.queue, [out["mean_queue_high"], out["mean_queue_low"]])
    same(longer, [out["prob_wait_high_gt_T"], out["prob_wait_low_gt_T"]])


THREE = "M/M/c three classes, non-preemptive priority, equal service rate"


@pytest.mark.parametrize(("p", "out"), cases(THREE))
def test_three_classes(p: dict[str, Any], out: dict[str, Any]) -> None:
    solved = priority(np.array(p["arrival_rates"]) * 3600.0, 1.0 / p["service_rate"], p["servers"])
    same(solved.delayed, [out["prob_wait"]] * 3)
    same(solved.mean_wait_s, out["mean_waits"])
    same(solved.queue.sum(), out["total_mean_queue"])


@pytest.mark.parametrize(("p", "out"), cases("M/G/1 non-preemptive priority"))
def test_one_agent(p: dict[str, Any], out: dict[str, Any]) -> None:
    rates, handle = np.array(p["arrival_rates"]), np.array(p["mean_service"], float)
    cv = np.sqrt(np.array(p["second_moments"]) / handle**2 - 1.0)
    solved = priority_one_agent(rates * 3600.0, handle, cv)
    same(solved.mean_wait_s, out["mean_waits"])
    same(solved.mean_wait_s[0] * (1.0 - rates[0] * handle[0]), out["residual_work"])
    same(float(solved.mean_wait_s @ (rates * handle)), out["sum_rho_w"])


@pytest.mark.parametrize(("p", "out"), cases("M/M/n+M two classes, non-preemptive priority"))
def test_impatient_classes(p: dict[str, Any], out: dict[str, Any]) -> None:
    first = Class(p["arrival_rate_high"] * 3600.0, 1.0 / p["patience_rate_high"])
    second = Class(p["arrival_rate_low"] * 3600.0, 1.0 / p["patience_rate_low"])
    solved = impatient_priority(first, second, 1.0 / p["service_rate"], p["agents"])
    answered, _ = solved.within(p["threshold"])
    ends = ("high", "low")
    same(solved.delayed, out["prob_wait"])
    same(solved.queue, [out[f"mean_queue_{end}"] for end in ends])
    same(solved.mean_wait_s, [out[f"mean_wait_{end}"] for end in ends])
    same(solved.abandoned, [out[f"prob_abandon_{end}"] for end in ends])
    same(solved.occupancy, out["occupancy"])
    same(answered, [out[f"prob_served_within_T_{end}"] for end in ends])
    left = solved.occupancy * p["agents"] * p["service_rate"]
    same(left + float(solved.abandoned @ solved.rates), out["flow_in"])


@pytest.mark.parametrize("rates", [(0.2, 0.5, 0.2), (0.01, 0.2, 0.6), (0.7, 0.1, 0.1), (0.36, 0.24, 0.1)])
@pytest.mark.parametrize("seconds", [0.05, 1.0, 30.0])
def test_tails_by_a_chain(rates: tuple[float, float, float], seconds: float) -> None:
    """Of ten agents, each as fast as a tenth; in the last, σ(2)² is σ(1): the integral's worst."""
    solved = priority_longer(np.array(rates) * 3600.0, 10.0, 10, seconds)
    delayed, _ = exponential_service(sum(rates) * 3600.0, 10.0, 10)
    before = 0.0
    for k, rate in enumerate(rates):
        told = oracle.longer(before, before + rate, 1.0, seconds, 1500)
        same(solved[k], float(delayed) * told)
        before += rate


@pytest.mark.parametrize(
    ("rates", "leave", "agents"),
    [((2.0, 1.5), (0.7, 0.3), 3), ((0.5, 2.5), (2.0, 1.0), 2), ((3.0, 0.2), (1.0, 5.0), 4)],
)
def test_impatient_classes_by_equations(
    rates: tuple[float, float], leave: tuple[float, float], agents: int
) -> None:
    told = oracle.impatient(rates, leave, agents, 36)
    classes = [Class(rate * 3600.0, 1.0 / theta) for rate, theta in zip(rates, leave, strict=True)]
    solved = impatient_priority(classes[0], classes[1], 1.0, agents)
    same(solved.delayed, told.delayed)
    same(solved.queue, told.queues)


def test_within_ends_where_all_have_gone() -> None:
    solved = impatient_priority(Class(7200.0, 5.0), Class(3600.0, 2.0), 1.0, 2)
    answered, abandoned = solved.within([0.0, 0.5, 1.0, 200.0])
    same(answered[:, 0], [1.0 - solved.delayed] * 2)
    assert (abandoned[:, 0] == 0.0).all()
    assert (np.diff(answered) > 0.0).all()
    assert (np.diff(abandoned) > 0.0).all()
    same(answered[:, -1], 1.0 - solved.abandoned)
    same(abandoned[:, -1], solved.abandoned)


def test_endless_patience_is_the_line_without_patience() -> None:
    rates = np.array([4.0, 3.0]) * 3600.0
    solved = impatient_priority(Class(rates[0], math.inf), Class(rates[1], math.inf), 1.0, 9)
    same(solved.mean_wait_s, priority(rates, 1.0, 9).mean_wait_s)
    same(1.0 - solved.within(0.7)[0], priority_longer(rates, 1.0, 9, 0.7))


def test_one_class_is_the_line_without_classes() -> None:
    both = priority([[600.0], [0.0]], 30.0, [5.5, 6.0])
    delayed, wait = exponential_service(600.0, 30.0, [5.5, 6.0])
    same(both.delayed, np.array([delayed, delayed]))
    same(both.mean_wait_s[0], wait)
    same(priority_longer([600.0], 30.0, 6, 4.0)[0], delayed[1] * math.exp(-(0.2 - 600.0 / 3600.0) * 4.0))
    same(priority_one_agent([100.0], [30.0], [0.4]).mean_wait_s[0], pollaczek_khinchine(100.0, 30.0, 0.4))


def test_a_mean_is_the_integral_of_the_tail() -> None:
    rates, nodes = np.array([[5.0], [3.0], [1.0]]) * 360.0, np.polynomial.legendre.leggauss(30)
    edges = np.concatenate([[0.0], np.geomspace(1e-3, 3e4, 60)])
    half = np.diff(edges)[:, None] / 2.0
    times = (edges[:-1, None] + half * (nodes[0] + 1.0)).ravel()
    tails = priority_longer(rates, 10.0, 10, times)
    same(tails @ (half * nodes[1]).ravel(), priority(rates, 10.0, 10).mean_wait_s[:, 0], 1e-9)


def test_overload_of_the_lower_classes() -> None:
    """Class 1 sees agents that are never idle; the others wait for ever."""
    solved = priority([1800.0, 1800.0, 1.0], 2.0, 1.5)
    same(solved.mean_wait_s[0], 2.0 / 1.5 / (1.0 - 1.0 / 1.5))
    assert np.isinf(solved.mean_wait_s[1:]).all()
    assert (solved.delayed == 1.0).all()
    longer = priority_longer([1800.0, 1800.0, 1.0], 2.0, 1.5, 3.0)
    same(longer, [math.exp(-(0.75 - 0.5) * 3.0), 1.0, 1.0])
    one = priority_one_agent([1800.0, 1800.0, 1.0], [1.0, 2.0, 1.0], [0.0, 1.0, 3.0])
    same(one.mean_wait_s[0], (0.5 * 0.5 + 0.25 * 8.0 / 2.0) / 0.5)
    assert np.isinf(one.mean_wait_s[1:]).all()


CLASSES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(CLASSES, st.floats(0.0, 1e5), st.floats(0.0, 3.0), st.floats(1e-3, 1e5), st.floats(0.0, 1e6))
def test_whole_domain(
    classes: list[float], agents: float, use: float, handle_s: float, seconds: float
) -> None:
    scale = use * max(agents, 1.0) / max(sum(classes), 1e-3) * 3600.0 / handle_s
    line = (np.array(classes) * scale, handle_s, agents)
    solved, longer = priority(*line), priority_longer(*line, seconds)
    assert not any(np.isnan(values).any() for values in (*solved, longer))
    assert ((longer >= 0.0) & (longer <= solved.delayed)).all()
    assert (np.diff(solved.mean_wait_s[np.isfinite(solved.mean_wait_s)]) >= 0.0).all()
    assert (np.diff(longer) >= -1e-13).all()
    same(priority_longer(*line, 0.0), solved.delayed)
    spare = agents - float(line[0].sum()) / 3600.0 * handle_s
    # Where next to nothing of the agents' time is free, its last digit decides: sums differ by rounding.
    has_digits = not 0.0 < line[0].sum() < 1e-200
    if np.isfinite(solved.mean_wait_s).all() and spare > 1e-9 * agents and has_digits:
        _, wait = exponential_service(line[0].sum(), handle_s, agents)
        assert float(solved.queue.sum()) == pytest.approx(line[0].sum() / 3600.0 * wait, rel=1e-6, abs=1e-290)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(CLASSES, st.floats(0.0, 2.0), st.floats(1e-3, 1e5), st.floats(0.0, 10.0))
def test_one_agent_over_the_whole_domain(
    classes: list[float], use: float, handle_s: float, cv: float
) -> None:
    rates = np.array(classes) * use / max(sum(classes), 1e-3) * 3600.0 / handle_s
    solved = priority_one_agent(rates, handle_s, cv)
    assert not any(np.isnan(values).any() for values in solved)
    assert (solved.mean_wait_s >= 0.0).all()
    spare = 1.0 - float(rates.sum()) / 3600.0 * handle_s
    # Where next to nothing of the agent's time is free, its last digit decides: sums differ by rounding.
    if np.isfinite(solved.mean_wait_s).all() and spare > 1e-9:
        wait = pollaczek_khinchine(rates.sum(), handle_s, cv)
        assert float(solved.queue.sum()) == pytest.approx(rates.sum() / 3600.0 * wait, rel=1e-6, abs=1e-290)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(
    *(st.floats(0.0, 6.0), st.floats(0.0, 6.0), st.floats(0.1, 3.0), st.floats(0.1, 3.0)),
    *(st.integers(0, 8), st.floats(0.0, 3.0)),
)
def test_impatient_classes_over_their_domain(
    first: float, second: float, patience_1: float, patience_2: float, agents: int, seconds: float
) -> None:
    solved = impatient_priority(
        Class(first * 3600.0, patience_1), Class(second * 3600.0, patience_2), 1.0, agents
    )
    answered, abandoned = solved.within(seconds)
    assert not any(np.isnan(values).any() for values in (solved.found, answered, abandoned))
    assert 0.0 <= solved.delayed <= 1.0 + 1e-12
    assert 0.0 <= solved.occupancy <= 1.0 + 1e-12
    assert (abandoned <= solved.abandoned * (1.0 + 1e-9) + 1e-15).all()
    assert (answered + solved.abandoned <= 1.0 + 1e-9).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: priority(60.0, 300.0, 5), "per_hour: one number names no classes"),
        (lambda: priority([60.0, -1.0], 300.0, 5), "per_hour: -1 is not allowed"),
        (lambda: priority_longer([60.0], 300.0, 5, math.inf), "seconds: inf is not allowed"),
        (lambda: priority_one_agent([60.0], 300.0, -1.0), "cv: -1 is not allowed"),
        (
            lambda: impatient_priority(Class(60.0, 0.0), Class(60.0, 1.0), 1.0, 2),
            "patience_s: 0 is not allowed",
        ),
        (
            lambda: impatient_priority(Class(9e6, 1e4), Class(9e6, 1e4), 1.0, 2000),
            "the exact chain of both classes is too large",
        ),
    ],
)
def test_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_thresholds_that_fit_no_classes_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"seconds: an array of shape \(3,\) does not fit .* per_hour\[:, None\]"
    ):
        priority_longer([10.0, 20.0], 300.0, 3, [10.0, 20.0, 30.0])
    assert priority_longer([[10.0], [20.0]], 300.0, 3, [10.0, 20.0, 30.0]).shape == (2, 3)
    assert priority_longer([10.0, 20.0], 300.0, 3, [10.0, 20.0]).shape == (2,)
