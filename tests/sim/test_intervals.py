"""Intervals: Student's t, the delta method, batches of days, the stopping rule, and coverage."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import special, stats

import scenarios
from scenarios import Scenario
from scenarios.definitions import MEASURES, SERVICE_LEVELS
from sim import experiment
from sim.experiment import LOOKS, Result, run_scenario, student
from sim.fold import Fold
from tests.sim import random_scenarios

Floats = NDArray[np.float64]
PAGE: Final = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_students_t() -> None:
    for n in (2, 3, 10, 30, 1000):
        assert student(n) == pytest.approx(stats.t.ppf(0.975, n - 1), rel=1e-12)
    assert np.isnan(student(1))


def folded(above: Floats, below: Floats) -> Fold:
    fold = Fold.empty(())
    for a, b in zip(above, below, strict=True):
        fold = fold.add(np.array(a), np.array(b))
    return fold


def delta_method(above: Floats, below: Floats) -> tuple[float, float]:
    """Ratio of means and its standard error, straight from the formula (Law 2015, section 9.4)."""
    ratio = above.mean() / below.mean()
    residuals = above - ratio * below
    return ratio, float(np.sqrt((residuals**2).sum() / (len(above) - 1) / len(above)) / abs(below.mean()))


@pytest.mark.parametrize("n", [2, 3, 30])
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e12])
def test_delta_method_is_the_formula(n: int, size: float) -> None:
    rng = np.random.default_rng(n)
    below = size * rng.gamma(9.0, size=n)
    above = below * 0.3 + size * rng.normal(size=n)
    mean, se = folded(above, below).ratio()
    assert (float(mean), float(se)) == pytest.approx(delta_method(above, below), rel=1e-9)


def test_delta_method_keeps_its_digits() -> None:
    """Spreads a billion times smaller than the values are not lost, as they would be in sums of squares."""
    rng = np.random.default_rng(4)
    above, below = 1e9 + rng.normal(size=50), np.full(50, 2.0)
    _, se = folded(above, below).ratio()
    assert float(se) == pytest.approx(above.std(ddof=1) / np.sqrt(50) / 2.0, rel=1e-6)


def test_delta_method_agrees_with_the_jackknife() -> None:
    """An estimate of the same error that knows nothing of the formula."""
    rng = np.random.default_rng(5)
    below = rng.gamma(20.0, size=200)
    above = below * rng.gamma(5.0, size=200)
    without = (above.sum() - above) / (below.sum() - below)
    jackknife = np.sqrt(199 / 200 * ((without - without.mean()) ** 2).sum())
    assert float(folded(above, below).ratio()[1]) == pytest.approx(jackknife, rel=0.02)


def test_ratio_without_a_denominator() -> None:
    """Nothing happened: no value. It never varied: an error of exactly nothing."""
    mean, se = folded(np.zeros(5), np.zeros(5)).ratio()
    assert np.isnan(mean)
    assert np.isnan(se)
    mean, se = folded(np.full(5, 6.0), np.full(5, 3.0)).ratio()
    assert (float(mean), float(se)) == (2.0, 0.0)
    assert np.isnan(folded(np.ones(1), np.ones(1)).ratio()[1])


@pytest.mark.parametrize("place", range(4))
def test_a_single_value_has_no_error(place: int) -> None:
    """Of four replications one has a value, and none tells how sure it is; two that agree do."""
    only, two = np.zeros(4), np.zeros(4)
    only[place] = two[place] = two[place - 1] = 3.0
    mean, se = folded(2.0 * only, only).ratio()
    assert float(mean) == 2.0
    assert np.isnan(se)
    mean, se = folded(2.0 * two, two).ratio()
    assert (float(mean), float(se)) == (2.0, 0.0)


# Tables against counts.


def expected_rows(result: Result) -> Iterator[tuple[str, str, str, float, float]]:
    """Measures worked out again from the integer counts of the replications."""
    columns = [c for c in result.counts.columns if c not in ("replication", "scope", "name")]
    for scope, name in result.counts[["scope", "name"]].drop_duplicates().to_numpy().tolist():
        rows = result.counts[(result.counts["scope"] == scope) & (result.counts["name"] == name)]
        counts = {c: rows[c].to_numpy().astype(float) for c in columns}
        for measure, formula in MEASURES.items():
            if scope in formula.scopes:
                above = sum(f * counts[c] for c, f in formula.above.items()) * formula.scale
                below = _below(formula.below, counts, result)
                yield measure, scope, name, *_or_nothing(np.asarray(above, float), below)


def _below(formula: dict[str, int] | None, counts: dict[str, Floats], result: Result) -> Floats:
    n = len(counts["offered"])
    if formula is None:
        return np.ones(n)
    if formula == {"horizon": 1}:
        return np.full(n, _measured_ticks(result))
    return np.asarray(sum(f * counts[c] for c, f in formula.items()), float)


def _measured_ticks(result: Result) -> float:
    """The length of the horizon without its warm-up."""
    from sim.almanac import almanac

    return (almanac(result.scenario.calendar).end - result.scenario.run.warm_up_s) * 1e6


def _or_nothing(above: Floats, below: Floats) -> tuple[float, float]:
    return delta_method(above, below) if below.any() else (float("nan"), float("nan"))


@pytest.mark.parametrize("seed", range(5))
def test_tables_are_what_the_counts_say(seed: int) -> None:
    result = run_scenario(random_scenarios.scenario(seed), replications=9)
    table = {(row["measure"], row["scope"], row["name"]): row for _, row in result.measures.iterrows()}
    seen = 0
    for measure, scope, name, mean, se in expected_rows(result):
        if np.isnan(mean):
            assert (measure, scope, name) not in table
            continue
        row = table[measure, scope, name]
        assert (row["mean"], row["se"]) == pytest.approx((mean, se), rel=1e-9, abs=1e-12)
        half = stats.t.ppf(0.975, 8) * se
        most = 1.0 if row["unit"] == "share" else np.inf
        assert row["low"] == pytest.approx(max(mean - half, 0.0), rel=1e-9, abs=1e-12)
        assert row["high"] == pytest.approx(min(mean + half, most), rel=1e-9, abs=1e-12)
        seen += 1
    assert seen > 30


@pytest.mark.parametrize("name", SERVICE_LEVELS)
def test_service_levels_are_what_the_counts_say(name: str) -> None:
    raw = random_scenarios.mapping(1)
    for queue in raw["queues"].values():
        queue |= {"target": "80% in 2 min", "service_level": name}
    result = run_scenario(scenarios.from_dict(raw), replications=9)
    levels = result.measures[result.measures["measure"] == "service_level"]
    for _, row in levels.iterrows():
        counts = result.counts
        counts = counts[(counts["scope"] == row["scope"]) & (counts["name"] == row["name"])]
        above, below = (
            np.asarray(sum(f * counts[c].to_numpy() for c, f in part.items()), float)
            for part in (SERVICE_LEVELS[name].above, SERVICE_LEVELS[name].below)
        )
        assert (row["mean"], row["se"]) == pytest.approx(delta_method(above, below), rel=1e-9, abs=1e-12)
    assert len(levels) >= 1 + len(raw["queues"])


def test_counts_add_up() -> None:
    """Of every replication and scope: who came is who went; the whole is the sum of its streams."""
    for seed in range(10):
        counts = run_scenario(random_scenarios.scenario(seed), replications=2).counts
        contacts = counts[counts["scope"] != "group"]
        came = contacts["offered"] + contacts["backlog"]
        ways = ["answered", "abandoned", "blocked", "closed", "overflowed", "open", "struck_off", "unreached"]
        went = contacts[ways].sum(axis=1)
        if not random_scenarios.mapping(seed)["run"].get("warm_up"):
            assert (came == went).all()
        streams = counts[counts["scope"] == "stream"].groupby("replication")["answered"].sum()
        assert (streams.to_numpy() == counts[counts["scope"] == "all"]["answered"].to_numpy()).all()


# One replication.


def of_days(days: int) -> Result:
    """One replication of a small team, hour by hour."""
    raw = {
        "careloop": 1,
        "name": "days",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": days, "interval": "60 min"},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "20 per hour", "busyness": {"day": {"cv": "30%"}}},
                "handle_time": {"exponential": "6 min"},
            }
        },
        "queues": {"phone": {"patience": {"exponential": "4 min"}, "target": "80% in 20 s"}},
        "groups": {"team": {"skills": ["phone"], "agents": 3, "pay": "$20/h"}},
        "run": {"replications": 1},
    }
    return run_scenario(scenarios.from_dict(raw))


def test_one_replication_of_a_few_days_has_no_interval() -> None:
    result = of_days(19)
    assert result.measures[["se", "low", "high"]].isna().all(axis=None)
    assert not result.measures["mean"].isna().any()


def by_day(result: Result, measure: str) -> Floats:
    """A measure of the queue by [day, hour]; 0 where there was nothing."""
    table = result.intervals
    here = table[(table["measure"] == measure) & (table["scope"] == "queue")].set_index("interval")["mean"]
    hours = list(dict.fromkeys(table["interval"]))
    return np.array([float(here.get(hour, 0.0)) for hour in sorted(hours)]).reshape(-1, 24)


def test_days_of_one_replication_are_batches() -> None:
    result = of_days(24)
    table = {row["measure"]: row for _, row in result.measures.iterrows() if row["scope"] == "queue"}
    answered, waited = by_day(result, "handled"), by_day(result, "asa") * by_day(result, "handled")
    expected = {
        "handled": (answered.sum(), answered.sum(axis=1).std(ddof=1) * np.sqrt(24)),
        "asa": delta_method(waited.sum(axis=1), answered.sum(axis=1)),
        "mean_queue": delta_method(by_day(result, "mean_queue").sum(axis=1), np.full(24, 24.0)),
    }
    for measure, (mean, se) in expected.items():
        row = table[measure]
        assert (row["mean"], row["se"]) == pytest.approx((mean, se), rel=1e-9), measure
        assert row["high"] - row["mean"] == pytest.approx(stats.t.ppf(0.975, 23) * se, rel=1e-9), measure
    for measure in ("max_queue", "wait_p50"):
        assert np.isnan(table[measure]["se"])
    assert result.intervals[["se", "low", "high"]].isna().all(axis=None)


# The stopping rule.


def test_looks_are_a_ladder() -> None:
    assert LOOKS[:5] == (30, 40, 60, 80, 120)
    assert list(LOOKS) == sorted(set(LOOKS))
    assert list(experiment._looks("auto", 70)) == [30, 40, 60, 70]
    assert list(experiment._looks("auto", 30)) == [30]
    assert list(experiment._looks("auto", 10)) == [10]
    assert list(experiment._looks(7, 5)) == [7]


WAITING: Final = 24  # contacts there at midnight
AGENTS: Final = 3
MEAN_S: Final = 180.0
WITHIN_S: Final = 600.0


def rush(**run: Any) -> Scenario:
    """24 contacts at midnight and three agents, each call exponential: no warm-up, and an exact answer.

    While all agents are busy, calls end as a Poisson process. So the k-th contact after the first
    three is answered when k calls have ended: after the sum of k exponentials of mean 180 s / 3.
    """
    raw = {
        "careloop": 1,
        "name": "rush",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 1, "interval": "60 min"},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "0 per hour"},
                "handle_time": {"exponential": f"{MEAN_S} s"},
                "backlog": WAITING,
            }
        },
        "queues": {"phone": {"channel": "email", "target": f"80% in {WITHIN_S} s"}},
        "groups": {"team": {"skills": ["phone"], "agents": AGENTS}},
        "run": {"replications": 30, **run},
    }
    return scenarios.from_dict(raw)


def rush_answers() -> dict[str, float]:
    """The exact values."""
    k = np.maximum(np.arange(WAITING) - AGENTS + 1, 0)
    waits = k * MEAN_S / AGENTS
    within = np.where(k > 0, special.gammainc(np.maximum(k, 1), WITHIN_S * AGENTS / MEAN_S), 1.0)
    return {
        "service_level": float(within.mean()),
        "asa": float(waits.mean()),
        "aht": MEAN_S,
        "mean_queue": float(waits.sum()) / 86_400,
        "time_working": WAITING * MEAN_S / 3600,
    }


def test_rush_has_its_exact_answers() -> None:
    """With z-scores: 600 replications are within 4 standard errors."""
    found = run_scenario(rush(replications=600)).measures
    for measure, exact in rush_answers().items():
        row = _row(found, measure)
        assert abs(row["mean"] - exact) < 4 * row["se"], measure


def _row(table: pd.DataFrame, measure: str) -> Any:
    scope = "group" if measure == "time_working" else "queue"
    return table[(table["measure"] == measure) & (table["scope"] == scope)].iloc[0]


def test_auto_stops_at_the_first_look_that_is_precise_enough() -> None:
    scenario = rush(replications="auto", half_width="2.5 points")
    found = run_scenario(scenario)
    looks = [n for n in LOOKS if n <= found.replications]
    half = [_half_width(run_scenario(scenario, replications=n)) for n in looks]
    assert len(looks) > 1
    assert half[-1] <= 0.025 < min(half[:-1])


def _half_width(result: Result) -> float:
    row = _row(result.measures, "service_level")
    return float(student(result.replications) * row["se"])


def test_auto_stops_at_the_most() -> None:
    found = run_scenario(rush(replications="auto", half_width="0.01 points", max_replications=50))
    assert found.replications == 50


def test_auto_without_a_target_watches_who_waited() -> None:
    raw = random_scenarios.mapping(1)
    for queue in raw["queues"].values():
        del queue["target"]
    raw["run"] |= {"replications": "auto", "half_width": "1 points", "max_replications": 60}
    found = run_scenario(scenarios.from_dict(raw))
    assert found.replications in (30, 40, 60)


# Coverage.


def covered(seeds: range, **run: Any) -> dict[str, float]:
    """The share of experiments whose 95 % interval holds the exact value, by measure."""
    hits = dict.fromkeys(rush_answers(), 0)
    scenario = rush(**run)
    for seed in seeds:
        table = run_scenario(scenario, seed=seed).measures
        for measure, exact in rush_answers().items():
            row = _row(table, measure)
            hits[measure] += row["low"] <= exact <= row["high"]
    return {measure: n / len(seeds) for measure, n in hits.items()}


@pytest.mark.verify
def test_intervals_cover_roughly() -> None:
    """100 experiments: 95 % within 3.3 standard deviations of a binomial (7.2 points)."""
    for measure, share in covered(range(100)).items():
        assert abs(share - 0.95) < 0.072, measure


@pytest.fixture(scope="module")
def coverage() -> Iterator[dict[str, dict[str, float]]]:
    """Coverages by number of replications; `make verify` writes them to docs/coverage.md."""
    found: dict[str, dict[str, float]] = {}
    yield found
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1" and len(found) == 2:
        PAGE.write_text(_page(found), encoding="utf-8")


def _page(found: dict[str, dict[str, float]]) -> str:
    lines = [
        "# Coverage of the intervals",
        "",
        "Written by `make verify` (`tests/sim/test_intervals.py`). How often, of 2,000 seeds, the 95 %",
        "interval holds the exact value: 24 contacts wait at midnight for three agents, calls are",
        "exponential, and the waits are sums of exponentials. Chance alone moves a share by 0.5 points",
        "(one standard deviation).",
        "",
        "| replications | measure | intervals that hold the exact value |",
        "|---|---|--:|",
    ]
    for replications, shares in found.items():
        lines += [f"| {replications} | {measure} | {share:.1%} |" for measure, share in shares.items()]
    return "\n".join([*lines, ""])


@pytest.mark.verify
def test_intervals_cover(coverage: dict[str, dict[str, float]]) -> None:
    """2,000 experiments of 30 replications each: 95 ± 1 %, about two standard deviations."""
    coverage["30"] = covered(range(2000))
    for measure, share in coverage["30"].items():
        assert abs(share - 0.95) <= 0.01, (measure, share)


@pytest.mark.verify
def test_intervals_cover_with_the_stopping_rule(coverage: dict[str, dict[str, float]]) -> None:
    """The same where the width of the interval decides when to stop: a few looks cost little."""
    shares = covered(range(2000), replications="auto", half_width="3.5 points")
    coverage["auto"] = {"service_level": shares["service_level"]}  # the others do not decide when to stop
    assert abs(shares["service_level"] - 0.95) <= 0.01, shares
