"""Cases and work in crowded weeks: the tally against a naive one, and against what must hold of any run."""

from typing import Any, Final

import numpy as np
import pytest

from scenarios.case_definitions import CASE_MEASURES, CASE_SCOPES
from scenarios.pay import Pay
from sim import drive
from sim.case_measure import case_sums, count_cases, new_case_tally, plan_cases
from sim.case_tally import CASE_COLUMNS
from sim.compile import Model, begin, compile_scenario
from sim.contacts import CUSTOMER
from sim.log import (
    ARRIVED,
    BOUNCED,
    CASE_LOST,
    CASE_OPEN,
    CASE_SOLVED,
    DEFLECTED,
    GATE,
    HANDLED,
    LEG,
    OPEN,
    SHARING,
    WORKING,
)
from tests.sim import random_scenarios
from tests.sim.case_naive import (
    BOTH,
    Made,
    busy,
    counted,
    naive_cases,
    naive_measures,
    quotient,
    ratio,
    scopes,
    warm,
)
from tests.sim.case_team import TEAM, team
from tests.sim.logs import Log, run
from tests.sim.random_lives import LifeMaker

NEVER: Final = 2**62


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
    of_their_own = {"updates_owed", "update_attainment", "backlog", "backlog_age"}
    late = {"first_response_lateness", "resolution_lateness"}
    of_cases = {name for name, measure in CASE_MEASURES.items() if measure.scopes == CASE_SCOPES}
    assert seen == of_cases - of_their_own - late
    assert np.isfinite([ratio(plan, sums, measure) for measure in seen]).all()


@BOTH
def test_lateness_is_what_those_past_due_are_past_it(made: Made) -> None:
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
        late = [each for each in late if each > 0]
        assert len(late) > 5
        assert ratio(plan, sums, measure) == pytest.approx(np.mean(late) / 1e6)


@BOTH
def test_costs_and_the_most_frequent_causes(made: Made) -> None:
    """People cost is split by the agents' time of cases; of two causes, both are among the five with most."""
    model, log = made()
    paid = {
        name: group.model_copy(update={"pay": Pay(amount_per_hour=20.0, currency="EUR")})
        for name, group in model.scenario.groups.items()
    }
    model = model._replace(scenario=model.scenario.model_copy(update={"groups": paid}))
    plan, tally = counted(model, log)
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64), people_cost=900.0)
    frame = naive_cases(model, log)
    for scope, name, mine in scopes(model, frame):
        if scope in ("all", "channel"):
            each = 900.0 * mine["touched"].sum() / frame["touched"].sum() / mine["contacts"].sum()
            assert ratio(plan, sums, "cost_per_contact", scope, name) == pytest.approx(each)
    row = plan.keys().index(("cost_per_contact", "all", "all"))
    assert sums.above[row, :-1].sum() == pytest.approx(900.0)
    known = frame["contacts"][frame["cause"] >= 0].sum() / frame["contacts"].sum()
    assert 0 < ratio(plan, sums, "top_causes_share") == known < 1


def test_only_five_causes_are_the_top_five() -> None:
    """Seven causes with 1, 2, ... 7 contacts: the five with most have 25 of 28; days add up to the run."""
    causes: dict[str, Any] = {f"c{n}": {} for n in range(7)}
    calls = {**TEAM["streams"]["calls"], "causes": dict.fromkeys(causes, 1 / 7)}
    changes = {"streams": {**TEAM["streams"], "calls": calls}, "routing": TEAM["routing"][:1]}
    plan = plan_cases(compile_scenario(team(causes=causes, **changes)))
    assert plan is not None
    tally = new_case_tally(plan)
    first = int(plan.frame.sizes[0]["causes"])
    contacts = CASE_COLUMNS.index("contacts")
    for n in range(7):
        tally.counts[[0, first + n], n % 3, contacts] += n + 1
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))
    assert ratio(plan, sums, "top_causes_share") == 25 / 28
    row = plan.keys().index(("top_causes_share", "all", "all"))
    assert sums.above[row, :3].tolist() == [4 + 7, 5, 3 + 6]


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
    came = int(((rows["row"] == GATE) & (rows["outcome"] == BOUNCED) & (rows["born"] >= warm_up)).sum())
    assert ratio(plan, sums, "bounced") == came / (kept_away + contacts) > 0
    assert ratio(plan, sums, "contained") == (kept_away + came) / (kept_away + contacts)
    kinds, queued = np.array(model.names.steps)[rows["step"]], rows["queued"] >= warm_up
    legs = (rows["row"] == LEG) & queued & (rows["queued"] < end)
    for kind in dict.fromkeys(model.names.steps):
        mine = rows[legs & (kinds == kind)]
        done = mine["outcome"] == HANDLED
        owed = (mine["due"] < NEVER) & (mine["due"] >= 0)
        begun = model.tables.steps["answered"][mine["step"]] == 1
        until = np.where(begun, mine["started"], np.where(done, mine["ended"], -1))
        is_live = done | (mine["outcome"] == OPEN)
        counts = owed & is_live & ((until >= 0) | (mine["due"] < end))
        on_time = counts & (until >= 0) & (until <= mine["due"])
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
    urgent = {"severities": {"S1": "10%", "S3": "90%"}}  # some of which are in hand at the end
    slow = {**TEAM["streams"]["mails"], "handle_time": {"exponential": "9 h"}, **urgent}
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


@pytest.mark.parametrize("seed", [seed for seed in range(30) if LifeMaker(seed, [], [], None).has_cases])
def test_random_cases_are_conserved(seed: int) -> None:
    model = compile_scenario(random_scenarios.scenario(seed, 300))
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
