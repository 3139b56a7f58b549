"""Uncertain numbers: draws of mean 1 and the error given, keyed by path, the same on both engines.

Where a figure is compared with theory, it is one draw of luck made once, with z-scores beyond 4 as the
alarm: 6e-5 for each of them.
"""

import math
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from scenarios import Scenario
from scenarios.uncertain_numbers import COMMON, drawn_errors, numbers, paths, with_factors
from sim import curves
from sim.compile import compile_numbers, compile_scenario, run_key
from sim.curves import gamma_table
from sim.experiment import run_scenario
from sim.reference import Reference
from sim.uncertain import drawn, factor, factors
from tests.scenarios.test_uncertainty import everything
from tests.seeds import seeds
from tests.sim import random_scenarios
from tests.sim.logs import COARSE, MICROSECONDS, first_difference, random_model, run
from tests.sim.test_same_bytes import assert_same, auto

Z_ALARM: Final = 4.0
DRAWS: Final = 4000
LEVEL: Final = "streams.calls.arrivals"
RETRY: Final = "queues.phone.retry.share"
BALK: Final = "queues.phone.patience.balk"
ON: Final = {"uncertainty": "on"}


def unsure(**uncertainty: str) -> Scenario:
    return scenarios.from_dict({**everything(**uncertainty), "run": ON})


def all_unsure(scenario: Scenario, error: float) -> Scenario:
    """The scenario with all its numbers uncertain."""
    named = dict.fromkeys(paths({"streams": scenario.streams, "queues": scenario.queues}), error)
    return scenario.model_copy(
        update={"uncertainty": named, "run": scenario.run.model_copy(update={"uncertainty": True})}
    )


def off(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"uncertainty": False})})


def draws_of(scenario: Scenario, path: str) -> np.ndarray:
    """The factor of a path in many replications."""
    return np.array([factors(scenario, run_key(1, n))[path] for n in range(DRAWS)])


@pytest.mark.parametrize(
    ("path", "error"),
    [(LEVEL, 0.03), ("streams.calls.handle_time.cv", 0.5), (RETRY, 0.05), (RETRY, 0.6), (BALK, 0.3)],
)
def test_factors_have_mean_1_and_the_error_given(path: str, error: float) -> None:
    """The variance of a sample variance is (fourth central moment - variance^2) / n."""
    found = draws_of(unsure(**{path: f"{error:.0%}"}), path)
    centred = found - 1.0
    assert abs(centred.mean()) <= Z_ALARM * error / math.sqrt(DRAWS)
    squares = centred**2
    assert abs(squares.mean() - error**2) <= Z_ALARM * squares.std() / math.sqrt(DRAWS)


@pytest.mark.parametrize(("path", "error", "share"), [(RETRY, "100%", 0.4), (BALK, "33%", 0.9)])
def test_shares_stay_shares(path: str, error: str, share: float) -> None:
    """Even at the largest errors, where most draws are near 0 or 1."""
    found = share * draws_of(unsure(**{path: error}), path)
    assert found.min() >= 0.0
    assert found.max() <= 1.0
    assert abs(found.mean() - share) <= Z_ALARM * found.std() / math.sqrt(DRAWS)


def test_a_larger_uniform_is_a_larger_factor() -> None:
    place = numbers(unsure(**{RETRY: "5%"}))[RETRY]
    for error in (1e-7, 0.05, 1.0):
        found = [factor(place, error, u) for u in np.linspace(0.001, 0.999, 41)]
        assert found == sorted(found)
    most = factor(place, 1e-7, 1.0 - 1e-12)
    assert most == pytest.approx(1.0, abs=1e-6)


def test_a_tiny_error_of_a_share_is_drawn_as_normal_and_as_beta_alike() -> None:
    """On both sides of the line between the two, to a thousandth of the error."""
    place = numbers(unsure(**{RETRY: "5%"}))[RETRY]
    for u in (0.02, 0.4, 0.97):
        beta, normal = ((factor(place, error, u) - 1.0) / error for error in (2.46e-5, 2.44e-5))
        assert beta == pytest.approx(normal, abs=1e-3)


@pytest.mark.parametrize("p", [1e-300, 9.9e-10, 1.1e-9, 1e-4, 0.5, 1.0 - 1e-9])
@pytest.mark.parametrize("error", [1e-9, 1e-4, 0.03, 0.99])
def test_shares_of_any_size_have_their_mean_and_error(p: float, error: float) -> None:
    """By the midpoint rule over 4,000 uniforms; it leaves out the far tails, and so a little of the error."""
    if error >= math.sqrt((1.0 - p) / p):
        return
    place = numbers(unsure(**{RETRY: "5%"}))[RETRY]._replace(value=p)
    found = np.array([factor(place, error, (n + 0.5) / 4000) for n in range(4000)])
    assert np.isfinite(found).all()
    assert abs(found.mean() - 1.0) <= 2e-3 * error
    assert found.std() == pytest.approx(error, rel=1e-2)


def test_draws_hang_on_path_replication_and_seed_alone() -> None:
    few, more = unsure(**{LEVEL: "3%"}), all_unsure(unsure(**{LEVEL: "3%"}), 0.03)
    one, other = (factors(each, run_key(1, 0)) for each in (few, more))
    assert one[LEVEL] == other[LEVEL]
    assert len(set(other.values())) == len(other)
    assert {factors(few, run_key(*key))[LEVEL] for key in ((1, 0), (1, 1), (2, 0))} == {
        one[LEVEL],
        factors(few, run_key(1, 1))[LEVEL],
        factors(few, run_key(2, 0))[LEVEL],
    }
    assert factors(few, run_key(1, 1)) != one != factors(few, run_key(2, 0))


def test_two_paths_are_drawn_apart() -> None:
    scenario = unsure(**{LEVEL: "3%", "streams.mixed.arrivals": "3%", COMMON: "3%"})
    found = np.array([list(factors(scenario, run_key(1, n)).values()) for n in range(DRAWS)])
    correlations = np.corrcoef(found.T)[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() <= Z_ALARM / math.sqrt(DRAWS)


def test_off_is_the_same_model_and_the_same_tables() -> None:
    scenario = off(all_unsure(random_scenarios.scenario(3), 0.05))
    model = compile_scenario(scenario)
    assert drawn(model, 1, 0) is model
    plain = run_scenario(scenario.model_copy(update={"uncertainty": {}}))
    assert_same(plain, run_scenario(scenario))


def test_errors_of_zero_are_certain() -> None:
    scenario = all_unsure(random_scenarios.scenario(3), 0.0)
    assert drawn_errors(scenario) == {}
    assert_same(run_scenario(off(scenario)), run_scenario(scenario))


@pytest.mark.parametrize("grain", [MICROSECONDS, COARSE], ids=["microseconds", "minutes"])
@pytest.mark.parametrize("seed", seeds(10, 25))
def test_engines_agree(seed: int, grain: int) -> None:
    model = random_model(seed, grain)
    unsure_model = model._replace(scenario=all_unsure(model.scenario, 0.05))
    drawn_model = drawn(unsure_model, 1, 0)
    log = run(drawn_model)
    assert not first_difference(log, run(drawn_model, Reference()))
    assert first_difference(log, run(model))


@pytest.mark.parametrize("seed", seeds(10, 25))
def test_new_numbers_in_old_tables_are_a_whole_compilation(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gamma tables made the quick way differ in the tenth digit; here they are made as elsewhere."""
    monkeypatch.setattr(curves, "quick_gamma_table", gamma_table)
    model = random_model(seed, COARSE)
    scenario = all_unsure(model.scenario, 0.2)
    changed = with_factors(scenario, factors(scenario, run_key(1, 5)))
    assert not first_difference(run(compile_numbers(model, changed)), run(compile_scenario(changed, COARSE)))


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_any_number_of_workers(engine: str) -> None:
    scenario = all_unsure(random_scenarios.scenario(4), 0.05)
    one = run_scenario(scenario, replications=6, workers=1, engine=engine)
    assert_same(one, run_scenario(scenario, replications=6, workers=3))


def test_auto_stops_where_both_kinds_are_known_well_enough() -> None:
    """More is unknown, so that it takes more; whatever the workers."""
    calm = auto("0.6 points")
    vague = all_unsure(calm, 0.03)
    one = run_scenario(vague, workers=1)
    assert one.replications > run_scenario(calm).replications
    assert_same(one, run_scenario(vague, workers=3))
    assert_same(one, run_scenario(vague, replications=one.replications))


def day(**uncertainty: str) -> Scenario:
    """A day of 1,000 calls that meet no queue."""
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "A day",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 1, "interval": "60 min"},
        "streams": {
            name: {
                "queue": "phone",
                "arrivals": {"rate": f"{rate} per day", "busyness": {"day": {"cv": "10%"}}},
                "handle_time": {"lognormal": {"mean": "1 min", "cv": 0.5}},
            }
            for name, rate in (("calls", 600), ("more", 400))
        },
        "queues": {"phone": {}},
        "groups": {"team": {"skills": ["phone"], "agents": 20}},
        "uncertainty": uncertainty,
        "run": {"uncertainty": "on"},
    }
    return scenarios.from_dict(raw)


ERRORS: Final = {COMMON: 0.05, LEVEL: 0.08, "streams.more.arrivals": 0.03}


def variance_offered() -> float:
    """Of both streams: counts are Poisson around rate x busyness x own level x common level.

    Given all factors the variance is the mean; that of the means is by the delta method the sum of the
    squares of their coefficients of variation, and exactly one less than the product of 1 + cv^2.
    """
    rates = {"calls": 600.0, "more": 400.0}
    common = ERRORS[COMMON] ** 2
    own = {name: ERRORS[f"streams.{name}.arrivals"] ** 2 for name in rates}
    alone = sum(r**2 * ((1.0 + 0.1**2) * (1.0 + own[name]) - 1.0) for name, r in rates.items())
    return sum(rates.values()) + (1.0 + common) * alone + common * sum(rates.values()) ** 2


def test_offered_contacts_vary_as_the_delta_method_says_and_their_mean_is_the_one_written() -> None:
    n = 1200
    scenario = day(**{path: f"{error:.0%}" for path, error in ERRORS.items()})
    counts = run_scenario(scenario, replications=n).counts
    offered = counts[counts["scope"] == "all"]["offered"].to_numpy(float)
    expected = variance_offered()
    assert abs(offered.mean() - 1000.0) <= Z_ALARM * math.sqrt(expected / n)
    squares = (offered - 1000.0) ** 2
    assert abs(squares.mean() - expected) <= Z_ALARM * squares.std() / math.sqrt(n)
    assert squares.mean() > 1.5 * (1000.0 + 0.01 * (600.0**2 + 400.0**2))  # what there is without


def test_handle_times_are_longer_or_shorter_altogether() -> None:
    """Mean handle times by replication vary by the error, beside a little chance, around the mean."""
    n, error = 600, 0.1
    scenario = day(**{"streams.calls.handle_time": "10%"})
    counts = run_scenario(scenario, replications=n).counts
    calls = counts[(counts["scope"] == "stream") & (counts["name"] == "calls")]
    minutes = calls["handled"].to_numpy(float) / calls["answered"].to_numpy(float) / 60e6
    expected = error**2 + 0.5**2 / 600.0
    assert abs(minutes.mean() - 1.0) <= Z_ALARM * math.sqrt(expected / n)
    squares = (minutes - 1.0) ** 2
    assert abs(squares.mean() - expected) <= Z_ALARM * squares.std() / math.sqrt(n)


def test_versions_meet_the_same_ignorance() -> None:
    """More people change nothing about who calls, replication by replication."""
    one = all_unsure(auto("1 points"), 0.05)
    team = one.groups["team"]
    steps = tuple(step._replace(value=step.value + 2.0) for step in team.agents or ())
    two = one.model_copy(update={"groups": {"team": team.model_copy(update={"agents": steps})}})
    offered = []
    for each in (one, two):
        counts = run_scenario(each, replications=8).counts
        offered.append(counts[counts["scope"] == "all"]["offered"].to_list())
    assert offered[0] == offered[1]


def test_one_replication_has_no_interval_of_its_days() -> None:
    """All its days share one draw, so that they say nothing of how far off it may be."""
    month = auto("1 points").model_copy(
        update={"calendar": auto("1 points").calendar.model_copy(update={"days": 28})}
    )
    assert run_scenario(month, replications=1).measures["se"].notna().any()
    assert not run_scenario(all_unsure(month, 0.05), replications=1).measures["se"].notna().any()


def test_intervals_are_wider_than_those_of_chance() -> None:
    calm = auto("1 points")
    tables = [run_scenario(each, replications=60).measures for each in (calm, all_unsure(calm, 0.1))]
    widths = [
        float(each[(each["measure"] == "offered") & (each["scope"] == "all")]["se"].iloc[0])
        for each in tables
    ]
    assert widths[1] > 2.0 * widths[0]
