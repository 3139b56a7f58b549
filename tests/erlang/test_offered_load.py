"""Offered load against closed forms, brute force, and a day on which there is always a free agent."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, special, stats

from sim.erlang.day import Day
from sim.erlang.offered_load import (
    Excess,
    constant_excess,
    exponential_excess,
    gamma_excess,
    general_load,
    linear_load,
    lognormal_excess,
    step_load,
    wave_load,
)
from sim.erlang.transient import transient

Floats = NDArray[np.float64]
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8")
    )
    if case["model"] == "M(t)/M/infinity offered load"
}
RATES = np.array([120.0, 300.0, 80.0, 0.0, 510.0])


@pytest.mark.parametrize("name", CASES)
def test_waves_of_the_reference(name: str) -> None:
    p, expected = CASES[name]["params"], CASES[name]["outputs"]
    period_s, handle_s = 2.0 * math.pi / p["angular_frequency"], 1.0 / p["service_rate"]
    at = np.array(expected["phases"]) * period_s
    found = wave_load(3600.0 * p["mean_rate"], 3600.0 * p["amplitude"], period_s, handle_s, at)
    np.testing.assert_allclose(found, expected["offered_load"], rtol=1e-12)


@pytest.mark.parametrize("handle_s", [1.0, 255.0, 1799.0, 20_000.0, 4e6])
def test_steps_by_brute_force(handle_s: float) -> None:
    """The integral of the rate times the share still in hand, interval by interval."""
    load = step_load(RATES, handle_s, 900.0, start=3.0)

    def at(t: float) -> float:
        decayed = [
            math.exp(-max(t - min(t, 900.0 * (j + 1)), 0.0) / handle_s)
            - math.exp(-(t - 900.0 * j) / handle_s)
            for j in range(math.ceil(t / 900.0 - 1e-12))
        ]
        return float(np.dot(RATES[: len(decayed)], decayed)) * handle_s / 3600.0 + 3.0 * math.exp(
            -t / handle_s
        )

    for i in range(5):
        x, w = np.polynomial.legendre.leggauss(60)
        edges = [900.0 * i, 900.0 * i + min(10.0 * handle_s, 450.0), 900.0 * (i + 1)]
        mean = sum(
            w @ [at(float(t)) for t in low + (high - low) * (x + 1.0) / 2.0] * (high - low) / 2.0
            for low, high in itertools.pairwise(edges)
        )
        assert load.mean[i] == pytest.approx(mean / 900.0, rel=1e-9)
        assert load.end[i] == pytest.approx(at(900.0 * (i + 1)), rel=1e-10)
        most = max(at(900.0 * i), at(900.0 * (i + 1)))
        assert load.most[i] == pytest.approx(most, rel=1e-10)


def test_always_a_free_agent() -> None:
    """With very many agents the exact course has the offered load busy, and nobody waits."""
    course = transient(Day(RATES, 200, 255.0, 900.0))
    load = step_load(RATES, 255.0, 900.0)
    np.testing.assert_allclose(course.busy, load.mean, rtol=1e-11)
    np.testing.assert_allclose(course.busy_end, load.end, rtol=1e-11)
    assert course.delayed.max() < 1e-15


def test_patience_as_long_as_handling() -> None:
    """Then everybody stays as long on average, served or not: the number there is Poisson."""
    staff = [9, 20, 7, 2, 30]
    course = transient(Day(RATES, staff, 255.0, 900.0, 255.0))
    load = step_load(RATES, 255.0, 900.0)
    np.testing.assert_allclose(course.queue_end + course.busy_end, load.end, rtol=1e-10)
    np.testing.assert_allclose(course.queue + course.busy, load.mean, rtol=1e-10)
    level = transient(Day(RATES, 20, 255.0, 900.0, 255.0))
    np.testing.assert_allclose(level.delay_end, special.pdtrc(19, load.end), rtol=1e-10, atol=1e-25)


def test_linear_rates_by_many_steps() -> None:
    """And level lines are steps."""
    edges = np.array([100.0, 400.0, 50.0, 50.0, 0.0])
    fine = np.interp((np.arange(40_000) + 0.5) / 10_000.0, np.arange(5), edges)
    many = step_load(fine, 400.0, 0.09, start=4.0)
    load = linear_load(edges, 400.0, 900.0, start=4.0)
    np.testing.assert_allclose(load.mean, many.mean.reshape(4, -1).mean(axis=1), rtol=1e-7)
    np.testing.assert_allclose(load.end, many.end[9999::10_000], rtol=1e-7)
    np.testing.assert_allclose(load.most, many.most.reshape(4, -1).max(axis=1), rtol=1e-7)
    np.testing.assert_allclose(linear_load([90.0] * 4, 400.0), step_load([90.0] * 3, 400.0), rtol=1e-13)


LAWS: dict[str, tuple[Excess, Any]] = {
    "exponential": (exponential_excess, stats.expon()),
    "gamma": (gamma_excess(0.7), stats.gamma(1.0 / 0.49, scale=0.49)),
    "wide gamma": (gamma_excess(2.0), stats.gamma(0.25, scale=4.0)),
    "lognormal": (
        lognormal_excess(0.72),
        stats.lognorm(math.sqrt(math.log1p(0.72**2)), scale=1.0 / math.sqrt(1.0 + 0.72**2)),
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_excess_is_the_integral_of_what_is_longer(law: str) -> None:
    excess, times = LAWS[law]
    assert times.mean() == pytest.approx(1.0)
    for t in (0.0, 0.05, 0.8, 3.0, 20.0):
        longer = integrate.quad(times.sf, 0.0, t, epsabs=1e-12, limit=400)[0]
        assert excess(np.array(t)) == pytest.approx(longer, abs=1e-9)


def test_general_times() -> None:
    """Exponential ones as by the differential equation; a constant time has its last contacts in hand."""
    load, expected = general_load(RATES, 255.0, exponential_excess, 900.0), step_load(RATES, 255.0, 900.0)
    np.testing.assert_allclose(load.mean, expected.mean, rtol=1e-9)
    np.testing.assert_allclose(load.end, expected.end, rtol=1e-12)
    np.testing.assert_allclose(load.most, expected.most, rtol=1e-12)
    fixed = general_load(RATES, 450.0, constant_excess, 900.0)
    np.testing.assert_allclose(fixed.end, RATES * 450.0 / 3600.0, rtol=1e-12)
    before = np.concatenate([[0.0], RATES[:-1]])
    np.testing.assert_allclose(fixed.mean, (0.75 * RATES + 0.25 * before) / 8.0, rtol=2e-4)


def test_many_days_at_once() -> None:
    days = np.random.default_rng(1).uniform(0.0, 500.0, (3, 2, 6))
    one = days[2, 1]
    pairs = [
        (step_load(days, 300.0), step_load(one, 300.0)),
        (linear_load(days, 300.0), linear_load(one, 300.0)),
        (general_load(days, 300.0, gamma_excess(0.5)), general_load(one, 300.0, gamma_excess(0.5))),
    ]
    for whole, alone in pairs:
        for column, single in zip(whole, alone, strict=True):
            np.testing.assert_allclose(column[2, 1], single, rtol=1e-13)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"per_hour": [-1.0]}, "per_hour: -1 is not allowed"),
        ({"per_hour": 3.0}, "at least one interval"),
        ({"handle_s": 0.0}, "handle_s: 0 is not allowed"),
        ({"interval_s": math.inf}, "interval_s: inf is not allowed"),
        ({"start": -2.0}, "start: -2 is not allowed"),
    ],
)
def test_bad_arguments(change: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {
        "per_hour": [10.0],
        "handle_s": 60.0,
        "interval_s": 900.0,
        "start": 0.0,
        **change,
    }
    with pytest.raises(ValueError, match=says):
        step_load(**given)
