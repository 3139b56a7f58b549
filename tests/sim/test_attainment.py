"""Targets over periods: whole periods, what holds in each, and how sure the share of them is."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import scenarios
from scenarios import Scenario
from scenarios.targets import Goal, Period
from sim import attainment, experiment
from sim.attainment import attained, clopper_pearson, effective_pairs, periods_of, watches_of
from sim.compile import compile_scenario
from sim.experiment import run_scenario
from sim.measure import Held, Plan, plan_measures
from tests.sim import random_scenarios
from tests.sim.hand import Call
from tests.sim.hand import scenario as by_hand

DAY = 24 * 60.0
CONTACTS = {0: 1, 1: 2, 2: 3, 3: 5, 7: 3, 8: 1}
"""Contacts that come at noon on the first days of two weeks from a Monday on; each takes 10 min of the one
agent, so that they wait 0, 10, 20, ... min."""


def two_weeks(*goals: Goal, engine: str = "fast", **run: Any) -> dict[Any, Any]:
    """The attainment of targets on the queue of these days, by measure, period and value."""
    calls = [Call("q", d * DAY + 720, 10, contacts) for d, contacts in CONTACTS.items()]
    scenario = by_hand(calls, {"q": {"target": "60% in 10 min"}}, {"g": {"skills": ["q"], "agents": 1}}, 14)
    scenario = scenario.model_copy(update={"targets": goals})
    table = run_scenario(scenario, engine=engine, **run).attainment
    return {(row.measure, row.period, row.value): row for row in table.itertuples()}


def on_queue(measure: str, sign: str, value: float, unit: str, period: Period) -> Goal:
    return Goal(measure, "queue", "q", sign, value, unit, period)


# (target, periods in which it holds, periods with a value), worked by hand from CONTACTS
BY_HAND = [
    # mean waits 0, 5, 10, 20 min and 10, 0: at the value is held
    (on_queue("asa", "<=", 300.0, "s", "day"), 3, 6),
    # (0 + 10 + 30 + 100) / 11 = 12.7 min in the first week, (30 + 0) / 4 = 7.5 min in the second
    (on_queue("asa", "<=", 450.0, "s", "week"), 1, 2),
    (on_queue("asa", "<=", 449.9, "s", "week"), 0, 2),
    (on_queue("asa", "<=", 765.0, "s", "horizon"), 1, 1),
    # 1/1, 2/2, 2/3, 2/5 and 2/3, 1/1 within 10 min
    (on_queue("service_level", ">=", 2 / 3, "share", "day"), 5, 6),
    (on_queue("service_level", ">=", 0.7, "share", "week"), 1, 2),  # 7/11, 3/4
    (on_queue("service_level", ">=", 0.6, "share", "month"), 1, 1),  # 10/15; March is cut off on both sides
    # half of them wait 0, 0, 10, 20 and 10, 0 min at most; four fifths 0, 10, 20, 30 and 20, 0
    (on_queue("wait_p50", "<=", 0.0, "s", "day"), 3, 6),
    (on_queue("wait_p50", "<=", 600.0, "s", "day"), 5, 6),
    (on_queue("wait_p80", "<=", 1800.0, "s", "day"), 6, 6),
    (on_queue("wait_p80", "<=", 1799.0, "s", "day"), 5, 6),
    (on_queue("wait_p90", "<=", 1800.0, "s", "week"), 2, 2),  # 10 of 11 within 30 min is 91 %
    # 0, 1, 2, 4 and 2, 0 wait at once; on other days nobody, which is a value too
    (on_queue("max_queue", "<=", 1.0, "contacts", "day"), 11, 14),
    (on_queue("max_queue", "<=", 2.0, "contacts", "week"), 1, 2),
    # 11 and 4 contacts a week
    (on_queue("offered", ">=", 11.0, "contacts", "week"), 1, 2),
    (on_queue("offered", ">=", 1.0, "contacts", "day"), 6, 14),
    # busy 10 min for each contact: 50 of 1,440 min on the fourth day
    (Goal("occupancy", "group", "g", ">=", 50 / 1440, "share", "day"), 1, 14),
    (Goal("time_working", "group", "g", ">=", 0.5, "h", "day"), 3, 14),
]


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_every_period_of_days_worked_by_hand(engine: str) -> None:
    found = two_weeks(*(goal for goal, _, _ in BY_HAND), engine=engine)
    for goal, held, pairs in BY_HAND:
        row = found[goal.measure, goal.period, goal.value]
        assert (row.attained, row.pairs) == (pytest.approx(held / pairs), pairs), goal
        assert np.isnan(row.low)  # one replication


def test_a_replication_more_counts_its_pairs() -> None:
    """The days are the same in each: all alike, and still not sure beyond the pairs that were seen."""
    goal = on_queue("asa", "<=", 300.0, "s", "day")
    row = two_weeks(goal, replications=4)["asa", "day", 300.0]
    assert (row.attained, row.se, row.pairs) == (0.5, 0.0, 24)
    unseen = 1 - 0.025 ** (1 / 24)
    assert (row.low, row.high) == pytest.approx((0.5 - 0.5 * unseen, 0.5 + 0.5 * unseen))


def test_waits_of_streams_begin_with_the_arrival() -> None:
    """In the lobby at midnight, at the queue at noon: the stream has waited since midnight."""
    name, limit = "calls 0", DAY / 2 * 60.0
    goals = [Goal("wait_p90", "stream", name, "<=", limit + off, "s", "day") for off in (0.0, -1.0)]
    found = two_weeks(*goals, Goal("wait_p90", "group", "g", "<=", 0.0, "s", "day"))
    assert found["wait_p90", "day", limit].attained == 1.0
    assert found["wait_p90", "day", limit - 1.0].attained == 0.0
    assert found["wait_p90", "day", 0.0].pairs == 6


def plan_of(start: str, days: int, zone: str = "Europe/Amsterdam", **run: Any) -> Plan:
    return plan_measures(compile_scenario(steady(start, days, zone, **run)))


def steady(start: str, days: int, zone: str = "Europe/Amsterdam", **run: Any) -> Scenario:
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "x",
        "service_level": "offered",
        "calendar": {"start": start, "days": days, "time_zone": zone},
        "streams": {
            "s": {"queue": "q", "arrivals": {"rate": "2 per h"}, "handle_time": {"exponential": "6 min"}}
        },
        "queues": {"q": {"target": "80% in 20 s"}},
        "groups": {"g": {"skills": ["q"], "agents": 2, "pay": "$10/h"}},
        "run": run,
    }
    return scenarios.from_dict(raw)


# first day, days, warm-up, period: first days of the periods that count
PERIODS: list[tuple[str, int, str, Period, list[str]]] = [
    ("2026-03-02", 14, "0 s", "week", ["2026-03-02", "2026-03-09"]),
    ("2026-03-04", 14, "0 s", "week", ["2026-03-09"]),  # cut off on both sides
    ("2026-03-05", 5, "0 s", "week", ["2026-03-02", "2026-03-09"]),  # no whole one: both pieces
    ("2026-03-02", 5, "0 s", "week", ["2026-03-02"]),
    ("2026-03-02", 14, "1 day", "week", ["2026-03-09"]),
    ("2026-03-02", 14, "7 days", "week", ["2026-03-09"]),
    ("2026-03-02", 14, "8 days", "week", ["2026-03-09"]),  # no whole one any more
    ("2026-03-02", 3, "12 h", "day", ["2026-03-03", "2026-03-04"]),
    ("2026-03-02", 1, "12 h", "day", ["2026-03-02"]),
    ("2026-01-15", 60, "0 s", "month", ["2026-02-01"]),
    ("2026-01-01", 59, "0 s", "month", ["2026-01-01", "2026-02-01"]),
    ("2026-01-01", 58, "0 s", "month", ["2026-01-01"]),
    (
        "2025-12-01",
        365,
        "0 s",
        "month",
        [f"{2025 + (m > 12)}-{(m - 1) % 12 + 1:02d}-01" for m in range(12, 24)],
    ),
    ("2026-03-02", 5, "0 s", "month", ["2026-03-01"]),
    ("2026-03-23", 14, "0 s", "week", ["2026-03-23", "2026-03-30"]),  # clocks go forward on the 29th
    ("2026-10-19", 14, "0 s", "week", ["2026-10-19", "2026-10-26"]),  # and back on the 25th
    ("2026-03-02", 14, "1 day", "horizon", [""]),
]


@pytest.mark.parametrize(("start", "days", "warm_up", "period", "expected"), PERIODS)
def test_periods_are_whole_ones_of_the_calendar(
    start: str, days: int, warm_up: str, period: Period, expected: list[str]
) -> None:
    plan = plan_of(start, days, warm_up=warm_up)
    periods = periods_of(plan, period)
    assert list(periods.labels) == expected
    inside = slices(plan, periods)
    assert all(bins for bins in inside)
    if period != "horizon":
        for begin, bins in zip(expected, inside, strict=True):
            assert {start_of(bin_, period) for bin_ in bins} == {begin}


def slices(plan: Plan, periods: attainment.Periods) -> list[tuple[str, ...]]:
    """The labels of the bins of each period."""
    ends = [*(int(n) + periods.first for n in periods.starts[1:]), periods.last]
    return [plan.bins[s + periods.first : e] for s, e in zip(periods.starts, ends, strict=True)]


def start_of(label: str, period: Period) -> str:
    """The first day of the period of a bin, from its label."""
    day = date.fromisoformat(label[:10])
    first = {
        "day": day,
        "week": day - timedelta(days=day.isocalendar().weekday - 1),
        "month": day.replace(day=1),
    }
    return first[period].isoformat()


def test_weeks_of_a_change_of_clocks_have_an_hour_less_or_more() -> None:
    for start, hours in (("2026-03-23", 167), ("2026-10-19", 169)):
        plan = plan_of(start, 14)
        assert [len(bins) for bins in slices(plan, periods_of(plan, "week"))] == [2 * hours, 336]


def test_a_sum_over_each_week_is_that_weeks_sum() -> None:
    """Two people for 168 hours at $10, also where the horizon is counted by days, beyond 13 weeks."""
    for days in (21, 105):
        scenario = steady("2026-03-05", days, "UTC")
        goals = [
            Goal("people_cost", "all", "all", sign, cost, "USD")
            for sign, cost in (("<=", 3360.0), (">=", 3360.0), ("<=", 3359.9), (">=", 3360.1))
        ]
        table = run_scenario(scenario.model_copy(update={"targets": tuple(goals)}), replications=2).attainment
        assert list(table["attained"][1:]) == [1.0, 1.0, 0.0, 0.0]
        assert set(table["pairs"][1:]) == {2 * (days // 7 - 1)}


def test_what_is_no_measure_of_the_scenario_is_refused() -> None:
    goal = Goal("occupancy", "queue", "q", "<=", 0.5, "share")
    with pytest.raises(ValueError, match=r"queue q occupancy <= 50% each week.* has no such measure"):
        run_scenario(steady("2026-03-02", 1).model_copy(update={"targets": (goal,)}))


def saying(counts: list[tuple[int, int]], values: Any = None) -> list[Held]:
    """Replications that held in so many of so many periods."""
    measured = np.full((len(counts), 1), np.nan) if values is None else np.array(values, float)
    return [
        Held(np.array([[held], [pairs]]), (value,))
        for (held, pairs), value in zip(counts, measured, strict=True)
    ]


def test_the_interval_is_clustered_by_replication() -> None:
    """Six replications of four periods: share 13 / 24, and the error of a ratio of means, by hand."""
    held = [4, 0, 3, 1, 3, 2]
    found = attained(saying([(h, 4) for h in held]))
    share = 13 / 24
    residuals = np.array(held) - share * 4
    se = np.sqrt((residuals**2).sum() / 5 / 6) / 4
    half = stats.t.ppf(0.975, 5) * se
    assert (found.share[0], found.se[0], found.pairs[0]) == pytest.approx((share, se, 24))
    assert (found.low[0], found.high[0]) == pytest.approx((share - half, share + half))
    # as if the 24 pairs were independent, the error would be a third smaller
    assert se > 1.3 * np.sqrt(share * (1 - share) / 24)


def test_pairs_without_a_value_do_not_count() -> None:
    found = attained(saying([(1, 2), (0, 0), (3, 4), (1, 2), (2, 3), (1, 4), (2, 4)]))
    assert (found.share[0], found.pairs[0]) == (10 / 19, 19)
    nothing = attained(saying([(0, 0), (0, 0)]))
    assert np.isnan(nothing.share[0])
    assert np.isnan(nothing.low[0])


def test_thirty_of_thirty_is_no_certainty() -> None:
    """Clopper and Pearson: 0.025^(1/30) = 88.4 %; the standard error is 0."""
    found = attained(saying([(1, 1)] * 30))
    assert (found.share[0], found.se[0], found.high[0]) == (1.0, 0.0, 1.0)
    assert found.low[0] == pytest.approx(0.025 ** (1 / 30))
    assert found.low[0] == pytest.approx(stats.binomtest(30, 30).proportion_ci(method="exact").low)
    none = attained(saying([(0, 1)] * 30))
    assert (none.low[0], none.high[0]) == pytest.approx((0.0, 1 - 0.025 ** (1 / 30)))


@pytest.mark.parametrize("successes", [0, 1, 3, 29, 30])
def test_clopper_pearson_is_the_exact_interval(successes: int) -> None:
    exact = stats.binomtest(successes, 30).proportion_ci(method="exact")
    assert clopper_pearson(successes, 30) == pytest.approx((exact.low, exact.high))


def test_few_misses_have_the_exact_interval() -> None:
    exact = stats.binomtest(27, 30).proportion_ci(method="exact")
    found = attained(saying([(1, 1)] * 27 + [(0, 1)] * 3))
    assert (found.low[0], found.high[0]) == pytest.approx((exact.low, exact.high))


def test_pairs_count_for_what_the_measure_says_of_them() -> None:
    """Independent weeks are nearly as good as their number; weeks that rise and fall together are not."""
    rng = np.random.default_rng(5)
    apart = rng.normal(size=(30, 52))
    together = np.repeat(rng.normal(size=(30, 1)), 52, axis=1)
    assert 500 < effective_pairs(apart, 1560) < 1560
    assert effective_pairs(together, 1560) == 30
    assert effective_pairs(np.full((30, 52), 0.9), 1560) == 1560
    assert effective_pairs(np.full((30, 52), np.nan), 0) == 30
    assert 30 < effective_pairs(apart + together, 1560) < 100


def test_the_interval_covers_where_all_or_nearly_all_hold() -> None:
    """Of 2,000 experiments with 20 replications of 10 pairs, held in 98 %: at least 95 % - 3 errors cover."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        values = rng.uniform(size=(20, 10))
        counts = [(int(n), 10) for n in (values < 0.98).sum(axis=1)]
        found = attained(saying(counts, values))
        covered += bool(found.low[0] <= 0.98 <= found.high[0])
    assert covered / 2000 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 2000)


def with_goals(seed: int) -> Scenario:
    """A random scenario with targets on its first queue and group."""
    scenario = random_scenarios.scenario(seed)
    queue, group = next(iter(scenario.queues)), next(iter(scenario.groups))
    goals = (
        Goal("abandonment", "queue", queue, "<=", 0.1, "share", "day"),
        Goal("occupancy", "group", group, "<=", 0.7, "share", "day"),
        Goal("offered", "queue", queue, ">=", 20.0, "contacts", "horizon"),
        Goal("max_queue", "queue", queue, "<=", 2.0, "contacts", "day"),
        Goal("wait_p90", "all", "all", "<=", 60.0, "s", "day"),
    )
    return scenario.model_copy(update={"targets": goals})


@pytest.mark.parametrize("seed", range(4))
def test_any_number_of_workers(seed: int) -> None:
    scenario = with_goals(seed)
    one = run_scenario(scenario, replications=6, workers=1).attainment
    assert one.equals(run_scenario(scenario, replications=6, workers=4).attainment)


@pytest.mark.parametrize("seed", range(3))
def test_any_chunk_length(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_scenario(with_goals(seed), workers=1).attainment
    monkeypatch.setattr(experiment, "CHUNK", 3_600_000_000)
    assert whole.equals(run_scenario(with_goals(seed), workers=1).attainment)


def singles(scenario: Scenario, seed: int, replications: int) -> Iterator[Any]:
    """The result tables of each replication alone."""
    plan = experiment.plan_of(scenario)
    tool = experiment.Tool(plan, seed, "fast", None, None, watches_of(plan))
    for n in range(replications):
        one = experiment.replicate(tool, n, threading.Event())
        yield experiment._result(tool, experiment._fold(tool, experiment._nothing(plan), one))


@settings(derandomize=True, deadline=None, max_examples=12)
@given(seed=st.integers(0, 40))
def test_tables_of_single_replications_say_the_same(seed: int) -> None:
    """What holds by the measures that each replication's own tables show, counted over all of them."""
    scenario = with_goals(seed)
    whole = run_scenario(scenario, replications=3, seed=9).attainment
    runs = list(singles(scenario, 9, 3))
    pairs = np.array([each.attainment["pairs"] for each in runs])
    held = np.array([each.attainment["attained"] for each in runs]) * pairs
    assert list(pairs.sum(axis=0)) == list(whole["pairs"])
    assert np.nansum(held, axis=0) == pytest.approx((whole["attained"] * whole["pairs"]).fillna(0.0))
    of_offered = whole.index[whole["measure"] == "offered"][0]
    goal = scenario.targets[2]
    for n, each in enumerate(runs):
        table = each.measures.query("measure == 'offered' and scope == 'queue' and name == @goal.name")
        assert (float(table["mean"].iloc[0]) >= goal.value) == bool(held[n, of_offered])


def test_share_of_days_from_a_table_of_days() -> None:
    """Beyond 13 weeks the table has a row a day: whoever reads it counts the same days."""
    goal = Goal("asa", "queue", "q", "<=", 5.0, "s", "day")
    scenario = steady("2026-03-02", 98, "UTC").model_copy(update={"targets": (goal,)})
    whole = run_scenario(scenario, replications=4, seed=3).attainment
    held = pairs = 0
    for each in singles(scenario, 3, 4):
        days = each.intervals[each.intervals["interval"].astype(str).str.len() == 10]
        asa = days.query("measure == 'asa' and scope == 'queue'")["mean"]
        held, pairs = held + int((asa <= 5.0).sum()), pairs + len(asa)
    assert 0 < held < pairs
    assert whole["pairs"][1] == pairs
    assert whole["attained"][1] == pytest.approx(held / pairs, rel=1e-12)
