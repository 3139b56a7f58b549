"""M/M/n+G against exact cases, integrals in 20 digits, its limits, and over the whole domain."""

import math
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from scenarios.distributions import Distribution, Phase, Quantile
from sim.erlang.general_patience import general_patience, general_within
from tests.erlang.cases import cases, same
from tests.oracles import patience as oracle


def exponential(mean_s: float) -> Distribution:
    return Distribution(kind="exponential", mean_s=mean_s)


def uniform(low: float, high: float) -> Distribution:
    points = (Quantile(0.0, low), Quantile(1.0, high))
    return Distribution(kind="empirical", mean_s=(low + high) / 2.0, quantiles=points)


def of_case(given: dict[str, Any]) -> Distribution:
    """The patience of a case of the list."""
    kind, mean = given["kind"].split()[0], given.get("mean", 1.0)
    if kind == "deterministic":
        return Distribution(kind=kind, mean_s=given["value"])
    if kind == "hyperexp2":
        phases = Phase(given["p1"], 1.0 / given["rate1"]), Phase(1.0 - given["p1"], 1.0 / given["rate2"])
        return Distribution(kind="hyperexponential", mean_s=mean, phases=phases)
    if kind == "uniform":
        return uniform(given["low"], given["high"])
    if kind == "erlang":
        return Distribution(kind=kind, mean_s=mean, k=given["shape"])
    if kind == "weibull":
        return Distribution(kind=kind, mean_s=mean, shape=given["shape"])
    assert given["kind"] == "exponential mean 1 with 10% immediate balking when delayed"
    return Distribution(kind=kind, mean_s=mean, balk=0.1)


@pytest.mark.parametrize(("p", "out"), cases("M/M/n+G"))
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    line = (p["arrival_rate"] * 3600.0, 1.0 / p["service_rate"], p["agents"], of_case(p["patience"]))
    solved, within = general_patience(*line), general_within(*line, p["threshold"])
    found = {
        "prob_wait": solved.delayed,
        "prob_abandon": solved.abandoned,
        "mean_queue": solved.queue,
        "mean_wait": solved.mean_wait_s,
        "mean_offered_wait": solved.offered_wait_s,
        "mean_wait_served": solved.asa_s,
        "mean_wait_abandoned": solved.wait_abandoned_s,
        "occupancy": solved.occupancy,
        "prob_virtual_wait_le_T": within.offered,
        "prob_served_within_T": within.answered,
    }
    for name, wanted in out.items():
        same(found[name], wanted)


ORACLE: Final = [
    (0.5, 0.01, 45, Distribution(kind="lognormal", mean_s=90.0, cv=1.3), 20.0),
    (0.3, 0.01, 34, Distribution(kind="lognormal", mean_s=240.0, cv=0.4, balk=0.07), 60.0),
    pytest.param(  # takes ten seconds
        *(0.04, 0.01, 3, Distribution(kind="gamma", mean_s=120.0, cv=1.5, shape=1.5**-2), 15.0),
        marks=pytest.mark.verify,
    ),
    (0.1, 0.01, 12, Distribution(kind="gamma", mean_s=120.0, cv=0.5, shape=4.0), 30.0),
    (0.2, 0.01, 21, Distribution(kind="weibull", mean_s=100.0, shape=0.5), 10.0),
    (0.2, 0.01, 15, Distribution(kind="weibull", mean_s=100.0, shape=3.0), 50.0),
    (0.05, 0.01, 4, Distribution(kind="hyperexponential", mean_s=103.0, phases=(
        Phase(0.7, 5.0), Phase(0.295, 200.0), Phase(0.005, 8100.0))), 25.0),
]  # fmt: skip


@pytest.mark.parametrize(("rate", "service", "agents", "patience", "t"), ORACLE)
def test_integrals_in_many_digits(
    rate: float, service: float, agents: int, patience: Distribution, t: float
) -> None:
    told = oracle.solve(rate, service, agents, patience, t)
    line = (rate * 3600.0, 1.0 / service, agents, patience)
    solved, within = general_patience(*line), general_within(*line, t)
    for name in ("delayed", "abandoned", "asa_s", "mean_wait_s", "offered_wait_s"):
        same(getattr(solved, name), float(getattr(told, name)))
    same(within.answered, float(told.answered_within))
    same(within.abandoned, float(told.abandoned_within))


def test_exponential_patience_is_the_birth_and_death_process() -> None:
    load, agents, impatience = 1.3 * 20, 20, 0.4  # handle time 1 s
    rates = [load / min(j, agents) for j in range(1, agents + 1)]
    waiting = [load / (agents + i * impatience) for i in range(1, 400)]
    chances = np.cumprod([1.0, *rates, *waiting])
    chances /= chances.sum()
    solved = general_patience(load * 3600.0, 1.0, agents, exponential(1.0 / impatience))
    same(solved.delayed, chances[agents:].sum())
    same(solved.queue, chances[agents:] @ np.arange(400.0))
    same(solved.abandoned, impatience * (chances[agents:] @ np.arange(400.0)) / load)


@pytest.mark.parametrize("agents", [1, 40, 100_000])
@pytest.mark.parametrize("use", [0.5, 1.0, 1.2, 3.0])
@pytest.mark.parametrize("patience_s", [3.0, 600.0, 5e5])
def test_other_ways_to_say_exponential(agents: int, use: float, patience_s: float) -> None:
    ways = [
        exponential(patience_s),
        Distribution(kind="erlang", mean_s=patience_s, k=1),
        Distribution(kind="weibull", mean_s=patience_s, shape=1.0),
        Distribution(kind="gamma", mean_s=patience_s, cv=1.0, shape=1.0),
        Distribution(
            kind="hyperexponential",
            mean_s=patience_s,
            phases=(Phase(0.3, patience_s), Phase(0.7, patience_s)),
        ),
    ]
    solved = [general_patience(agents * use * 12.0, 300.0, agents, way) for way in ways]
    for other in solved[1:]:
        for name in solved[0]._fields:
            same(getattr(other, name), getattr(solved[0], name))


@pytest.mark.parametrize(("agents", "use"), [(100_000, 1.0), (100_000, 1.1), (1_000, 0.97), (3, 2.5)])
def test_many_agents_and_much_load_obey_the_laws_of_exponential_patience(agents: int, use: float) -> None:
    """Abandoned = mean wait / patience, and whoever does not abandon keeps agents busy."""
    solved = general_patience(agents * use * 12.0, 300.0, agents, exponential(86_400.0))
    same(solved.abandoned, solved.mean_wait_s / 86_400.0)
    same(solved.occupancy * agents, agents * use * solved.answered)


def test_constant_patience_of_one_agent_is_a_closed_form() -> None:
    """The density of the offered wait is λ π0 exp((λ - μ) x) up to the patience D, then falls at μ."""
    lam, mu, d = 2.0, 1.0, 1.5
    up, after = math.expm1((lam - mu) * d) / (lam - mu), math.exp((lam - mu) * d) / mu
    solved = general_patience(
        lam * 3600.0, 1.0 / mu, 1, Distribution(kind="deterministic", mean_s=d)
    )  # E is 1
    same(solved.delayed, lam * (up + after) / (1.0 + lam * (up + after)))
    same(solved.abandoned, lam * after / (1.0 + lam * (up + after)))
    same(solved.wait_abandoned_s, d)


def test_as_patience_grows_nobody_abandons_and_delay_is_erlang_c() -> None:
    load, agents = 8.0, 10
    terms = [load**k / math.factorial(k) for k in range(agents)]
    wait = load**agents / math.factorial(agents) * agents / (agents - load)
    solved = general_patience(load * 12.0, 300.0, agents, Distribution(kind="lognormal", mean_s=1e13, cv=0.5))
    same(solved.delayed, wait / (sum(terms) + wait))
    same(solved.asa_s, wait / (sum(terms) + wait) * 300.0 / (agents - load))
    assert solved.abandoned < 1e-200


def test_as_patience_vanishes_the_delayed_are_the_blocked_of_erlang_b() -> None:
    load, agents = 8.0, 10
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    solved = general_patience(load * 12.0, 300.0, agents, uniform(0.0, 1e-9))
    assert solved.abandoned == pytest.approx(terms[-1] / sum(terms), rel=1e-9)


def test_balking_by_all_is_erlang_b() -> None:
    load, agents = 8.0, 10
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    all_balk = Distribution(kind="exponential", mean_s=60.0, balk=1.0)
    solved = general_patience(load * 12.0, 300.0, agents, all_balk)
    same(solved.abandoned, terms[-1] / sum(terms))
    assert solved.wait_abandoned_s == 0.0


def test_jumps_of_an_empirical_patience() -> None:
    """All at one time is the same as constant; half of them at once is a mixture that nobody else has."""
    at_once = (Quantile(0.0, 0.0), Quantile(1e-15, 30.0), Quantile(1.0, 30.0))
    jump = general_patience(100.0, 300.0, 8, Distribution(kind="empirical", mean_s=30.0, quantiles=at_once))
    constant = general_patience(100.0, 300.0, 8, Distribution(kind="deterministic", mean_s=30.0))
    for name in constant._fields:
        same(getattr(jump, name), getattr(constant, name), 1e-12)
    halves = (Quantile(0.0, 0.0), Quantile(0.5, 0.0), Quantile(1.0, 60.0))
    half = Distribution(kind="empirical", mean_s=15.0, quantiles=halves)
    mixed = general_patience(100.0, 300.0, 8, half)
    balking = general_patience(100.0, 300.0, 8, uniform(0.0, 60.0).model_copy(update={"balk": 0.5}))
    for name in ("delayed", "abandoned", "asa_s", "mean_wait_s", "wait_abandoned_s"):
        same(getattr(mixed, name), getattr(balking, name))


PATIENCE: Final = st.one_of(
    st.builds(exponential, st.floats(1.0, 1e6)),
    st.builds(lambda m: Distribution(kind="deterministic", mean_s=m), st.floats(1.0, 1e6)),
    st.builds(
        lambda m, c: Distribution(kind="lognormal", mean_s=m, cv=c),
        st.floats(1.0, 1e6),
        st.floats(0.01, 20.0),
    ),
    st.builds(
        lambda m, c: Distribution(kind="gamma", mean_s=m, cv=c, shape=c**-2.0),
        st.floats(1.0, 1e6),
        st.floats(0.03, 8.0),
    ),
    st.builds(
        lambda m, k: Distribution(kind="weibull", mean_s=m, shape=k),
        st.floats(1.0, 1e6),
        st.floats(0.1, 50.0),
    ),
    st.builds(
        lambda m, k: Distribution(kind="erlang", mean_s=m, k=k), st.floats(1.0, 1e6), st.integers(1, 1000)
    ),
    st.builds(
        lambda p, m, n: Distribution(
            kind="hyperexponential", mean_s=p * m + (1 - p) * n, phases=(Phase(p, m), Phase(1.0 - p, n))
        ),
        st.floats(0.01, 0.99),
        st.floats(1e-3, 1e6),
        st.floats(1e-3, 1e6),
    ),
    st.builds(uniform, st.floats(0.0, 100.0), st.floats(200.0, 1e5)),
)
AGENTS: Final = st.one_of(st.integers(0, 200).map(float), st.floats(0.1, 1e5))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(AGENTS, st.floats(0.0, 3.0), st.floats(1.0, 1e5), PATIENCE, st.floats(0.0, 0.9), st.floats(0.0, 1e6))
def test_whole_domain(
    agents: float, use: float, handle_s: float, patience: Distribution, balk: float, seconds: float
) -> None:
    line = (use * max(agents, 1.0) * 3600.0 / handle_s, handle_s, agents)
    patience = patience.model_copy(update={"balk": balk})
    solved, within = general_patience(*line, patience), general_within(*line, patience, seconds)
    assert not any(np.isnan(values).any() for values in (*solved, *within))
    same(solved.answered + solved.abandoned, 1.0, 1e-9)
    assert 0.0 <= within.answered <= solved.answered * (1.0 + 1e-9)
    assert 0.0 <= within.abandoned <= solved.abandoned * (1.0 + 1e-9)
    assert within.answered <= within.offered * (1.0 + 1e-12) <= 1.0 + 1e-9
    assert 0.0 <= solved.mean_wait_s <= patience.mean_s * (1.0 + 1e-9)
    assert 0.0 <= solved.occupancy <= 1.0
    if agents > 0.0:
        waited = solved.asa_s * solved.answered + solved.wait_abandoned_s * solved.abandoned
        assert solved.mean_wait_s == pytest.approx(waited, rel=1e-7, abs=1e-290)
        assert solved.asa_s <= solved.offered_wait_s / max(float(solved.answered), 1e-300) * (1.0 + 1e-9)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.floats(0.5, 2000.0), st.floats(0.05, 3.0), PATIENCE)
def test_more_agents_are_better(agents: float, use: float, patience: Distribution) -> None:
    more = general_patience(agents * use * 12.0, 300.0, agents * np.linspace(1.0, 2.0, 9), patience)
    for values in (more.delayed, more.abandoned, more.mean_wait_s):
        assert (np.diff(values) <= 1e-11 * values[:-1]).all()


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.floats(0.5, 2000.0), st.floats(0.05, 3.0), PATIENCE)
def test_time_only_adds(agents: float, use: float, patience: Distribution) -> None:
    times = np.concatenate([[0.0], patience.mean_s * np.geomspace(1e-6, 1e3, 30), [np.inf]])
    line = (agents * use * 12.0, 300.0, agents, patience)
    solved, within = general_patience(*line), general_within(*line, times)
    for values in within:
        assert (np.diff(values) >= -1e-13).all()
    same(within.answered[0], 1.0 - solved.delayed, 1e-9)
    assert within.abandoned[0] < 1e-20
    same(within.answered[-1], solved.answered, 1e-9)
    same(within.abandoned[-1], solved.abandoned, 1e-9)
    same(within.offered[-1], 1.0)


def test_arrays_broadcast() -> None:
    solved = general_patience([[60.0], [0.0]], 300.0, [0.0, 5.0, 6.0], exponential(60.0))
    assert solved.delayed.shape == (2, 3)
    same(solved.delayed[0, 2], general_patience(60.0, 300.0, 6, exponential(60.0)).delayed)
    assert solved.delayed[0, 0] == 1.0
    assert solved.asa_s[0, 0] == np.inf
    assert (solved.answered[1] == 1.0).all()
    assert (solved.queue[1] == 0.0).all()


def test_nobody_answers() -> None:
    patience = Distribution(kind="lognormal", mean_s=60.0, cv=0.5, balk=0.25)
    solved, within = (
        general_patience(60.0, 300.0, 0, patience),
        general_within(60.0, 300.0, 0, patience, 50.0),
    )
    same(solved.abandoned, 1.0)
    same(solved.mean_wait_s, 45.0)
    variance = math.log(1.25)
    within_50 = special.ndtr((math.log(50.0 / 60.0) + variance / 2.0) / math.sqrt(variance))
    same(within.abandoned, 0.25 + 0.75 * within_50)
    assert within.answered == 0.0


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("per_hour", (-1.0, 300.0, 5, 20.0)),
        ("handle_s", (60.0, 0.0, 5, 20.0)),
        ("agents", (60.0, 300.0, math.nan, 20.0)),
        ("seconds", (60.0, 300.0, 5, -1.0)),
    ],
)
def test_refused(name: str, values: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match=f"^{name}: .* is not allowed; give numbers"):
        general_within(*values[:3], exponential(60.0), values[3])


def test_unknown_patience() -> None:
    with pytest.raises(ValueError, match="'pareto' is no distribution that the formulas know"):
        general_patience(60.0, 300.0, 5, Distribution(kind="pareto", mean_s=60.0))
