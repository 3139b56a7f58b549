"""Measures of cases in the tables of an experiment, and targets of them."""

from functools import lru_cache

import numpy as np
import pytest

from reports.figures import figures_of
from scenarios import from_dict
from scenarios.case_definitions import CASE_MEASURES
from sim.attainment import count_case_times, new_case_times, watches_of
from sim.case_measure import plan_cases
from sim.compile import compile_scenario
from sim.experiment import Result, run_scenario
from sim.log import (
    CASE_SOLVED,
)
from sim.measure import plan_measures
from sim.pairing import samples_of
from tests.sim.case_naive import (
    busy,
)
from tests.sim.case_team import TEAM, team
from tests.sim.logs import run


@lru_cache
def result() -> Result:
    lines = [
        "S1 resolution attainment >= 90% each day",
        "small first response p90 <= 5 min each day",
        "email time to resolution p80 <= 2 h each day",
        "cases opened >= 300 each day",
        "NPS >= +50 over the horizon",
    ]
    return run_scenario(team(targets=lines), 3)


def test_measures_reach_the_tables() -> None:
    found = result()
    table = figures_of(found.measures).by_key
    of_incidents = {name for name, measure in CASE_MEASURES.items() if "incident" in measure.scopes}
    missing = set(CASE_MEASURES) - of_incidents - set(found.measures["measure"])
    assert missing == {"cost_per_contact", "prevented"}  # nobody is paid, and nothing changes on the way
    nps = table["nps", "all", "all"]
    assert nps.unit == "points"
    assert nps.low < nps.mean < nps.high
    assert found.days is not None
    backlog = found.days[(found.days["measure"] == "backlog") & (found.days["scope"] == "all")]
    assert list(backlog["interval"]) == [f"2026-03-{day}" for day in range(27, 32)]
    lengths = np.array([24, 24, 23, 24, 24])
    whole = (backlog["mean"] * lengths).sum() / lengths.sum()
    assert table["backlog", "all", "all"].mean == pytest.approx(whole)
    samples = samples_of(found.samples)
    for key in (("csat", "tier", "small"), ("work_time", "work", "tier2"), ("cases", "all", "all")):
        n = samples.keys.index(key)
        assert table[key].mean == pytest.approx(samples.above[:, n].sum() / samples.below[:, n].sum())


def test_long_horizons_have_their_days_among_the_intervals() -> None:
    streams = {name: {**each, "arrivals": {"rate": "1 per h"}} for name, each in TEAM["streams"].items()}
    found = run_scenario(team(streams=streams, calendar={**TEAM["calendar"], "days": 100}), 2)
    assert found.days is not None
    assert not len(found.days)
    rows = found.intervals[(found.intervals["measure"] == "cases") & (found.intervals["scope"] == "all")]
    assert len(rows) == 100
    total = found.measures[(found.measures["measure"] == "cases") & (found.measures["scope"] == "all")]
    assert rows["mean"].sum() == pytest.approx(total["mean"].iloc[0])


def test_a_single_day_has_measures_of_cases_over_the_horizon_alone() -> None:
    found = run_scenario(team(calendar={**TEAM["calendar"], "days": 1}), 2)
    assert not set(CASE_MEASURES) & set(found.intervals["measure"])
    assert {"cases", "backlog", "csat"} <= set(found.measures["measure"])


def test_the_days_of_a_single_replication_are_batches() -> None:
    calendar = {**TEAM["calendar"], "days": 21}
    found = run_scenario(team(calendar=calendar), 1)
    table = figures_of(found.measures).by_key
    assert found.days is not None
    days = found.days[(found.days["scope"] == "all") & (found.days["measure"] == "cases")]["mean"]
    cases = found.measures[(found.measures["scope"] == "all") & (found.measures["measure"] == "cases")]
    assert len(days) == 21
    assert cases["se"].iloc[0] == pytest.approx(np.sqrt(21) * days.std(ddof=1))
    for measure in ("csat", "backlog", "resolution_attainment"):
        assert table[measure, "all", "all"].has_interval
    assert table["work_time", "work", "first"].has_interval
    assert not table["ttr_p90", "all", "all"].has_interval


def test_quantiles_are_those_of_the_rows() -> None:
    model, log = busy()
    once = run_scenario(team(run={"end": "cut"}), 1)
    table = figures_of(once.measures).by_key
    rows = log.cases
    answered = rows[rows["replied"] >= 0]
    times = np.sort((answered["replied"] - answered["born"]) / 1e6)
    assert table["frt_p90", "all", "all"].mean == pytest.approx(np.quantile(times, 0.9), rel=0.05)
    outage = rows[(rows["outcome"] == CASE_SOLVED) & (rows["cause"] == model.names.causes.index("outage"))]
    times = (outage["solved"] - outage["born"]) / 1e6
    exact = np.quantile(times, 0.8, method="inverted_cdf")
    assert table["ttr_p80", "root_cause", "outage"].mean == pytest.approx(exact, rel=1 / 256)


def test_targets_hold_in_the_days_in_which_they_hold() -> None:
    """By the rows of one replication: which share of cases of a day was in time."""
    found = result()
    model = compile_scenario(found.scenario)
    plan = plan_measures(model)._replace(cases=plan_cases(model))
    assert plan.cases is not None
    watches = watches_of(plan)
    pairs = dict(zip([w.goal.measure for w in watches], found.attainment["pairs"], strict=True))
    assert pairs["nps"] == 3
    assert pairs["cases"] == 15
    log = run(model)
    counts = new_case_times(plan, watches)
    for part in np.array_split(log.cases, 5):
        count_case_times(plan, watches, counts, part)
    rows, names, edges = log.cases, model.names, plan.cases.frame.edges
    of_mail = rows["stream"] == names.streams.index("mails")
    for row, mine, done, limit_s in (
        (0, rows["tier"] == names.tiers.index("small"), "replied", 300),
        (1, of_mail, "solved", 7200),
    ):
        for day in range(5):
            born = mine & (rows["born"] >= edges[day]) & (rows["born"] < edges[day + 1]) & (rows[done] >= 0)
            took = (rows[done] - rows["born"])[born]
            assert counts[row, day].tolist() == [len(took), (took <= limit_s * 1_000_000).sum()]


def test_without_cases_there_is_nothing_more() -> None:
    plain = {key: TEAM[key] for key in ("careloop", "name", "service_level", "calendar", "run")}
    stream = {key: TEAM["streams"]["calls"][key] for key in ("queue", "arrivals", "handle_time")}
    scenario = from_dict(
        {
            **plain,
            "streams": {"calls": stream},
            "queues": {"phone": TEAM["queues"]["phone"]},
            "groups": {"a": {"skills": ["phone"], "agents": 3}},
        }
    )
    assert plan_cases(compile_scenario(scenario)) is None
    found = run_scenario(scenario, 2)
    assert set(found.measures["scope"]) == {"all", "queue", "group", "stream"}
    assert not set(CASE_MEASURES) & set(found.measures["measure"])
    assert not set(CASE_MEASURES) & set(found.samples["measure"])
