"""Differences between agents: a known one comes back, none is none, the slow are told from the unlucky."""

import math

import numpy as np
import pytest

from calibration.fits.agents import Agents, agent_effects, fit_agents
from scenarios.problems import ReadingError


def centre(seed: int, between: float, agents: int = 40, within: float = 0.8) -> tuple[Agents, np.ndarray]:
    """Agents with very unequal numbers of contacts, and their true effects."""
    random = np.random.default_rng(seed)
    n = np.maximum(random.lognormal(4.0, 1.2, agents).astype(np.int64), 1)
    effects = random.normal(0.0, between, agents)
    logs = [random.normal(5.0 + effect, within, k) for effect, k in zip(effects, n, strict=True)]
    return Agents(n, np.array([x.sum() for x in logs]), np.array([(x**2).sum() for x in logs])), effects


@pytest.mark.parametrize("between", [0.05, 0.2])
def test_interval_holds_the_truth(between: float) -> None:
    held, values = 0, []
    for seed in range(200):
        cv = fit_agents("x", centre(seed, between)[0]).parameter("cv")
        held += int(cv.low <= math.sqrt(math.expm1(between**2)) <= cv.high)
        values.append(cv.value)
    assert 0.90 <= held / 200 <= 0.99
    assert np.mean(np.square(values)) == pytest.approx(math.expm1(between**2), rel=0.2)


@pytest.mark.verify
@pytest.mark.parametrize("between", [0.05, 0.2])
def test_interval_holds_the_truth_in_full(between: float) -> None:
    truth = math.sqrt(math.expm1(between**2))
    found = [fit_agents("x", centre(seed, between)[0]).parameter("cv") for seed in range(1000)]
    assert 0.925 <= np.mean([each.low <= truth <= each.high for each in found]) <= 0.975


def test_no_difference_is_none() -> None:
    found = [fit_agents("x", centre(seed, 0.0)[0]).parameter("cv") for seed in range(100)]
    assert np.mean([each.low == 0.0 for each in found]) >= 0.93
    assert np.mean([each.value for each in found]) < 0.03


def test_equal_numbers_are_the_analysis_of_variance() -> None:
    """Mean squares by hand: (between - within) over the number of contacts of each."""
    random = np.random.default_rng(1)
    logs = random.normal(5.0, 0.7, (12, 30)) + random.normal(0.0, 0.3, (12, 1))
    found = fit_agents("x", Agents(np.full(12, 30), logs.sum(axis=1), (logs**2).sum(axis=1)))
    between = 30.0 * logs.mean(axis=1).var(ddof=1)
    within = logs.var(axis=1, ddof=1).mean()
    assert found.parameter("between_log_sd").value ** 2 == pytest.approx((between - within) / 30.0)
    assert found.parameter("within_log_sd").value ** 2 == pytest.approx(within)
    assert found.distribution == {}


def test_shrunken_effects_are_nearer_to_the_truth_than_means() -> None:
    agents, truth = centre(3, 0.2, agents=200)
    found = agent_effects(agents)
    plain = agents.log_sum / agents.n - 5.0
    errors = [float(np.mean((each - truth) ** 2)) for each in (found.log_effect, plain)]
    assert errors[0] < 0.8 * errors[1]
    inside = np.abs(found.log_effect - truth) <= 1.96 * found.se
    assert 0.90 <= inside.mean() <= 0.99
    few = agents.n <= 10
    assert np.abs(found.log_effect[few]).mean() < np.abs(plain[few]).mean()


def test_agents_without_times_have_no_effect() -> None:
    agents, _ = centre(4, 0.2)
    more = Agents(
        np.append(agents.n, 0), np.append(agents.log_sum, 0.0), np.append(agents.log_square_sum, 0.0)
    )
    assert fit_agents("x", more) == fit_agents("x", agents)
    assert agent_effects(more).log_effect[-1] == 0.0


def test_little_to_go_by_is_told() -> None:
    two = Agents(np.array([90, 5]), np.array([450.0, 26.0]), np.array([2300.0, 140.0]))
    assert {each.kind for each in fit_agents("x", two).cautions} == {"small_sample", "uneven"}
    for n in ([5], [1, 1], [0, 0]):
        counts = np.array(n)
        with pytest.raises(ReadingError, match="say nothing of differences"):
            fit_agents("x", Agents(counts, 5.0 * counts, 25.0 * counts))


def test_all_times_alike_and_agents_apart() -> None:
    """No variation within: what is left is between."""
    logs = np.array([1.0, 2.0, 3.0])
    found = fit_agents("x", Agents(np.array([4, 4, 4]), 4 * logs, 4 * logs**2))
    assert found.parameter("between_log_sd").value == pytest.approx(1.0, rel=1e-6)


def test_plot_runs_from_the_fastest_to_the_slowest() -> None:
    (trace,) = fit_agents("x", centre(5, 0.3)[0]).plot.traces
    assert list(trace.y) == sorted(trace.y)
    assert all(a < b < c for a, b, c in zip(trace.low, trace.y, trace.high, strict=True))
