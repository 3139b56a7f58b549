"""Cases and work in crowded weeks: the tally against a naive one, and against what must hold of any run."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
import pytest

from reports.figures import figures_of
from scenarios import from_dict
from scenarios.case_definitions import CASE_MEASURES
from scenarios.related import has_cases
from sim import drive
from sim.attainment import count_case_times, new_case_times, watches_of
from sim.case_layout import CASE
from sim.case_measure import (
    CasePlan,
    CaseSums,
    case_sums,
    channel_of,
    count_cases,
    new_case_tally,
    plan_cases,
)
from sim.case_tally import CASE_COLUMNS, CaseTally
from sim.compile import Model, begin, compile_scenario
from sim.contacts import CUSTOMER
from sim.experiment import Result, run_scenario
from sim.log import (
    ARRIVED,
    CASE_LOST,
    CASE_OPEN,
    CASE_OUTCOMES,
    CASE_SOLVED,
    DEFLECTED,
    GATE,
    HANDLED,
    LEG,
    OPEN,
    SHARING,
    WORKING,
)
from sim.measure import plan_measures
from sim.pairing import samples_of
from tests.sim import random_scenarios
from tests.sim.case_team import TEAM, team
from tests.sim.logs import Log, run

DAY: Final = 86_400_000_000
NEVER: Final = 2**62


def counted(model: Model, log: Log, pieces: int = 1) -> tuple[CasePlan, CaseTally]:
    """A tally of a log that comes in so many pieces; the rows of the log's close come together."""
    plan = plan_cases(model)
    assert plan is not None
    tally = new_case_tally(plan)
    closing = int((log.contacts["ended"] < model.start.clock[0]["end"]).sum()) if pieces > 1 else 0
    cuts = np.linspace(0, closing, pieces, dtype=int)[:-1] if pieces > 1 else np.array([0])
    none = np.zeros(0, CASE)
    for start, end in zip(cuts, [*cuts[1:], None], strict=True):
        last = end is None
        count_cases(plan, tally, log.contacts[start:end], log.cases if last else none)
    return plan, tally


def ratio(plan: CasePlan, sums: CaseSums, measure: str, scope: str = "all", name: str = "all") -> float:
    """A measure over the horizon, NaN where there is none."""
    n = plan.keys().index((measure, scope, name))
    below = float(sums.below[n, -1])
    return float(sums.above[n, -1]) / below if below else float("nan")


@lru_cache
def busy() -> tuple[Model, Log]:
    """A run of the team that ends while cases are open."""
    model = compile_scenario(team(run={"end": "cut"}))
    return model, run(model)


@lru_cache
def warm() -> tuple[Model, Log]:
    """A run of the team with a warm-up, to the end of all its work."""
    model = compile_scenario(team(run={"warm_up": "30 h", "end": "drain"}))
    return model, run(model)


Made = Callable[[], tuple[Model, Log]]
BOTH = pytest.mark.parametrize("made", [busy, warm])


def naive_cases(model: Model, log: Log) -> pd.DataFrame:
    """Rows of cases as a frame with what the definitions need, one row a case that counts."""
    rows, names = log.cases, model.names
    frame = pd.DataFrame({name: rows[name] for name in rows.dtype.names or ()})
    end, warm_up = int(model.start.clock[0]["end"]), int(model.scenario.run.warm_up_s * 1e6)
    frame = frame[frame["born"] >= warm_up]
    channels = [channel_of(model.scenario, s) for s in names.streams]
    frame["channel"] = [channels[s] for s in frame["stream"]]
    frame["is"] = [CASE_OUTCOMES[code] for code in frame["outcome"]]
    frame["until"] = np.where(frame["is"] == "lost", frame["closed"], end)
    return frame


def scopes(model: Model, frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Each scope of cases with its cases."""
    names = model.names
    yield "all", "all", frame
    for channel in sorted(set(frame["channel"])):
        yield "channel", channel, frame[frame["channel"] == channel]
    parts = (
        ("stream", "stream", names.streams),
        ("severity", "severity", names.severities),
        ("root_cause", "cause", names.causes),
        ("tier", "tier", names.tiers),
    )
    for scope, field, part in parts:
        for n, name in enumerate(part):
            yield scope, name, frame[frame[field] == n]


def attainment(frame: pd.DataFrame, due: str, done: str, end: int) -> tuple[int, int]:
    """Promises kept, of those that count: done, given up, or past due at the end."""
    promised = frame[frame[due] >= 0]
    is_done = promised[done] >= 0
    counts = is_done | (promised["is"] == "lost") | (promised[due] < end)
    kept = is_done & (promised[done] <= promised[due])
    return int(kept.sum()), int(counts.sum())


def quotient(above: float, below: float) -> float:
    return above / below if below else float("nan")


def naive_measures(model: Model, frame: pd.DataFrame) -> dict[str, float]:
    """Measures of these cases, as the README defines them; times in s."""
    end = int(model.start.clock[0]["end"])
    ever = frame[frame["first_solved"] >= 0]
    solved = frame[frame["is"] == "solved"]
    rated = solved[solved["csat"] > 0]
    about, tagged = frame[frame["cause"] >= 0], frame[(frame["cause"] >= 0) & (frame["tag"] >= 0)]
    avoidable = [n for n, c in enumerate(model.names.causes) if model.scenario.causes[c].avoidable]
    answered, contacts = frame[frame["replied"] >= 0], float(frame["contacts"].sum())
    first = (ever["contacts"] == 1 + ever["reopened"] + ever["repeated"]) & (ever["soon"] == 0)
    scores = solved[["accuracy", "empathy", "policy"]].to_numpy() / 1000.0
    return {
        "cases": len(frame),
        "solved": len(solved),
        "lost_cases": int((frame["is"] == "lost").sum()),
        "open_cases": int((frame["is"] == "open").sum()),
        "confirmed": quotient(int(solved["confirmed"].sum()), len(solved)),
        "fcr": quotient(int(first.sum()), len(ever)),
        "reopen_rate": quotient(int((frame["reopened_soon"] > 0).sum()), len(ever)),
        "repeat_rate": quotient(float(frame["soon"].sum()), contacts),
        "contacts_per_case": quotient(contacts, len(frame)),
        "legs_per_case": quotient(float(frame["legs"].sum()), len(frame)),
        "transfers_per_case": quotient(float(frame["transfers"].sum()), len(frame)),
        "escalation_rate": quotient(int((frame["escalated"] > 0).sum()), len(frame)),
        "agent_time_per_case": quotient(float(frame["touched"].sum()) / 1e6, len(frame)),
        "waiting_per_case": quotient(float(frame["waited"].sum()) / 1e6, len(frame)),
        "mean_first_response": float((answered["replied"] - answered["born"]).mean() / 1e6),
        "mean_resolution": float((solved["solved"] - solved["born"]).mean() / 1e6),
        "first_response_attainment": quotient(*attainment(frame, "reply_due", "replied", end)),
        "resolution_attainment": quotient(*attainment(frame, "resolution_due", "solved", end)),
        "response_rate": quotient(len(rated), len(solved)),
        "csat": float((rated["csat"] >= 4).mean()),
        "nps": float(((rated["nps"] >= 9).astype(int) - (rated["nps"] <= 6)).mean() * 100.0),
        "effort": float((rated["effort"] >= 5).mean()),
        "qa": float(scores.mean()) if len(scores) else float("nan"),
        "sentiment_positive": float((rated["sentiment"] == 1).mean()),
        "sentiment_negative": float((rated["sentiment"] == -1).mean()),
        "avoidable_share": quotient(float(frame["contacts"][frame["cause"].isin(avoidable)].sum()), contacts),
        "avoidable_share_tagged": quotient(
            float(frame["contacts"][frame["tag"].isin(avoidable)].sum()), contacts
        ),
        "mistagged": float((tagged["tag"] != tagged["cause"]).mean()),
        "untagged": float((about["tag"] < 0).mean()),
    }


@BOTH
def test_measures_are_those_of_the_rows(made: Made) -> None:
    model, log = made()
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    frame = naive_cases(model, log)
    seen = set()
    for scope, name, mine in scopes(model, frame):
        for measure, value in naive_measures(model, mine).items():
            seen.add(measure)
            found = ratio(plan, sums, measure, scope, name)
            assert found == pytest.approx(value, rel=1e-12, nan_ok=True), (measure, scope, name)
    of_their_own = {"updates_owed", "update_attainment", "deflection", "backlog", "backlog_age"}
    late = {"first_response_lateness", "resolution_lateness"}
    of_work = {name for name, measure in CASE_MEASURES.items() if measure.scopes == ("work",)}
    assert seen == set(CASE_MEASURES) - of_their_own - late - of_work
    assert np.isfinite([ratio(plan, sums, measure) for measure in seen]).all()


@BOTH
def test_lateness_is_what_the_missed_are_past_due(made: Made) -> None:
    model, log = made()
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    frame = naive_cases(model, log)
    end = int(model.start.clock[0]["end"])
    for measure, due, done in (
        ("first_response_lateness", "reply_due", "replied"),
        ("resolution_lateness", "resolution_due", "solved"),
    ):
        late = []
        for _, case in frame[frame[due] >= 0].iterrows():
            if case[done] > case[due]:
                late.append(case[done] - case[due])
            elif case[done] < 0 and (case["is"] == "lost" or case[due] < end):
                late.append(max(case["until"] - case[due], 0))
        assert len(late) > 5
        assert ratio(plan, sums, measure) == pytest.approx(np.mean(late) / 1e6)


@BOTH
def test_deflection_updates_and_work(made: Made) -> None:
    model, log = made()
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    end, warm_up = int(model.start.clock[0]["end"]), int(model.scenario.run.warm_up_s * 1e6)
    frame, rows = naive_cases(model, log), log.contacts
    gate = rows[(rows["row"] == GATE) & (rows["outcome"] == DEFLECTED) & (rows["born"] >= warm_up)]
    kept_away, contacts = len(gate), int(frame["contacts"].sum())
    assert ratio(plan, sums, "deflection") == kept_away / (kept_away + contacts)
    kinds, queued = np.array(model.names.steps)[rows["step"]], rows["queued"] >= warm_up
    legs = (rows["row"] == LEG) & queued & (rows["queued"] < end)
    for kind in dict.fromkeys(model.names.steps):
        mine = rows[legs & (kinds == kind)]
        done = mine["outcome"] == HANDLED
        owed = (mine["due"] < NEVER) & (mine["due"] >= 0)
        counts = owed & (done | ((mine["outcome"] == OPEN) & (mine["due"] < end)))
        on_time = counts & done & (mine["ended"] <= mine["due"])
        assert ratio(plan, sums, "work_done", "work", kind) == done.sum()
        found = ratio(plan, sums, "work_on_time", "work", kind)
        assert found == pytest.approx(quotient(int(on_time.sum()), int(counts.sum())), nan_ok=True), kind
    owed = rows[(kinds == "updates") & (rows["outcome"] == OPEN) & (rows["due"] < end)]
    still = frame[(frame["is"] == "open") & frame["key"].isin(owed["case"])]
    updates, late = frame["updates"].sum() + len(still), frame["late"].sum() + len(still)
    assert ratio(plan, sums, "updates_owed") == updates
    assert ratio(plan, sums, "update_attainment") == 1.0 - late / updates


def test_updates_that_nobody_writes_are_late() -> None:
    """Updates wait behind mails that take all day: of each open S1 case, the first is overdue at the end."""
    severities = {**TEAM["severities"]}
    severities["S1"] = {**severities["S1"], "update": {**severities["S1"]["update"], "queue": "mail"}}
    slow = {**TEAM["streams"]["mails"], "handle_time": {"exponential": "9 h"}}
    streams = {**TEAM["streams"], "mails": slow}
    scenario = team(severities=severities, streams=streams, run={"end": "cut"})
    model = compile_scenario(scenario)
    log = run(model)
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    written = int(log.cases["updates"].sum())
    assert ratio(plan, sums, "updates_owed") > written
    assert ratio(plan, sums, "updates_owed", "severity", "S3") == 0
    assert ratio(plan, sums, "update_attainment") < 0.5


def lives(model: Model, log: Log) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each case: birth, and from when to when it was open within what counts."""
    rows = log.cases
    start, end = int(model.scenario.run.warm_up_s * 1e6), int(model.start.clock[0]["end"])
    over = np.where(rows["outcome"] == CASE_LOST, rows["closed"], end)
    over = np.where(rows["outcome"] == CASE_SOLVED, rows["solved"], over)
    since, until = np.maximum(rows["born"], start), np.minimum(over, end)
    alive = since < until
    return rows["born"][alive], since[alive], until[alive]


@BOTH
def test_littles_law_two_ways(made: Made) -> None:
    """The number of open cases over time is the lives of all, and what a sweep through all events sees."""
    model, log = made()
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    born, since, until = lives(model, log)
    n = plan.keys().index(("backlog", "all", "all"))
    assert sums.above[n, -1] == 1000 * (until // 1000 - since // 1000).sum()
    events = sorted([(t, 1) for t in since.tolist()] + [(t, -1) for t in until.tolist()])
    edges, number, area, last = plan.frame.edges, 0, np.zeros(len(plan.days)), 0
    for tick, step in [*events, (int(edges[-1]), 0)]:
        for day in range(len(plan.days)):
            overlap = min(tick, int(edges[day + 1])) - max(last, int(edges[day]))
            area[day] += number * max(overlap, 0)
        number, last = number + step, tick
    assert number == 0
    assert sums.above[n, :-1] == pytest.approx(area, rel=1e-9, abs=1000 * len(born))
    age = ((until - born) ** 2.0 - (since - born) ** 2.0).sum() / 2.0
    assert ratio(plan, sums, "backlog_age") == pytest.approx(age / (until - since).sum() / 1e6, rel=1e-4)


@BOTH
def test_cases_are_solved_lost_or_open(made: Made) -> None:
    model, log = made()
    _, tally = counted(model, log)
    column = CASE_COLUMNS.index
    of_streams = tally.counts[: len(model.names.streams)].sum(axis=(0, 1))
    came = log.contacts[(log.contacts["row"] == ARRIVED) & (log.contacts["role"] == CUSTOMER)]
    came = came[(came["attempt"] == 0) & (came["leg"] == 0)]
    assert len(came) == len(log.cases)
    warm_up = model.scenario.run.warm_up_s * 1e6
    assert of_streams[column("cases")] == (came["born"] >= warm_up).sum()
    parts = of_streams[[column(name) for name in ("solved", "lost", "open")]]
    assert parts.sum() == of_streams[column("cases")]
    assert (parts[:2] > 20).all()
    assert (parts[2] > 0) == (made is busy)
    assert (log.cases["outcome"] == CASE_OPEN).sum() >= parts[2]


@BOTH
def test_time_at_work_is_that_of_the_agents(made: Made) -> None:
    """No work here is interrupted or shared: by kind it adds up to the agents' time, day by day."""
    model, log = made()
    plan, tally = counted(model, log)
    edges, at_work = plan.frame.edges, np.zeros(len(plan.days), np.int64)
    assert not (log.agents["state"] == SHARING).any()
    for span in log.agents[log.agents["state"] == WORKING]:
        for day in range(len(plan.days)):
            at_work[day] += max(min(span["end"], edges[day + 1]) - max(span["start"], edges[day]), 0)
    assert (tally.work[:, :-1, 1].sum(axis=0) == at_work).all()
    assert (tally.work[:, -1, 1].sum() > 0) == (made is warm)


@pytest.mark.parametrize("seed", range(24))
def test_random_cases_are_conserved(seed: int) -> None:
    model = compile_scenario(random_scenarios.scenario(seed, 300))
    if not has_cases(model.scenario):
        pytest.skip("a scenario without cases")
    log = run(model)
    plan, tally = counted(model, log)
    column = CASE_COLUMNS.index
    streams = len(model.names.streams)
    everything = tally.counts[:streams].sum(axis=(0, 1))
    born = log.cases["born"] >= plan.frame.edges[0]
    assert everything[column("cases")] == born.sum()
    ends = [everything[column(name)] for name in ("solved", "lost", "open")]
    assert ends == [
        (log.cases["outcome"][born] == code).sum() for code in (CASE_SOLVED, CASE_LOST, CASE_OPEN)
    ]
    assert everything[column("touched")] == log.cases["touched"][born].sum()
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    n = plan.keys().index(("backlog", "all", "all"))
    _, since, until = lives(model, log)
    assert sums.above[n, -1] == 1000 * (until // 1000 - since // 1000).sum()


@BOTH
@pytest.mark.parametrize("pieces", [2, 7, 100])
def test_chunks_change_nothing(made: Made, pieces: int) -> None:
    model, log = made()
    whole, cut = counted(model, log)[1], counted(model, log, pieces)[1]
    assert all((one == other).all() for one, other in zip(whole[:4], cut[:4], strict=True))


def test_chunks_of_an_engine_change_nothing() -> None:
    model, log = busy()
    plan, whole = counted(model, log)
    tally = new_case_tally(plan)
    drive.run(
        model, begin(model, 1, 0), lambda c, _, cases: count_cases(plan, tally, c, cases), 5 * 3_600_000_000
    )
    assert all((one == other).all() for one, other in zip(whole[:4], tally[:4], strict=True))


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
    assert set(CASE_MEASURES) <= set(found.measures["measure"])
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
