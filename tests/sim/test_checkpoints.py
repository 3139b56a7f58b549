"""What measures come to by a day: days worked by hand, windows that are cut off, and the tables of a run."""

import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from scenarios import Scenario, load
from scenarios.by_day import NOT_BY_DAY, not_by_day
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES
from scenarios.definitions import QUANTILES
from scenarios.targets import SUBJECTS
from sim.attainment import answered_fields, waits_of
from sim.case_measure import Key
from sim.checkpoints import Times, Window, figures, rulers_of, weeks_of, window_of
from sim.experiment import Result, Tool, plan_of, replicate, run_scenario
from sim.measure import Floats
from sim.roadmap.follow import plan_by_day
from tests.docs.snippets import ROOT
from tests.sim.case_team import DOWN, team
from tests.sim.hand import Call
from tests.sim.hand import scenario as by_hand

MINUTE: Final = 60.0
NONE: Final = float("nan")
CONTACTS: Final = {0: 1, 1: 2, 2: 3, 3: 5, 7: 3, 8: 1}
"""Contacts that come at noon on the first days of two weeks; each takes 10 min of the one agent, so that they
wait 0, 10, 20, ... min."""
BASELINE: Final = ROOT / "scenarios/library/care_loop_baseline.yaml"


def two_weeks(**run: Any) -> Scenario:
    calls = [Call("q", d * 1440.0 + 720, 10, contacts) for d, contacts in CONTACTS.items()]
    groups = {"g": {"skills": ["q"], "agents": 1, "pay": "$10/h"}}
    scenario = by_hand(calls, {"q": {"target": "60% in 10 min"}}, groups, 14, **run)
    free = {n: g.model_copy(update={"pay": scenario.groups["g"].pay}) for n, g in scenario.groups.items()}
    return scenario.model_copy(update={"groups": free})


def values(
    scenario: Scenario, keys: Sequence[Key], windows: Sequence[Window], replication: int = 0
) -> Floats:
    """Measures [key, window] of one replication."""
    plan = plan_by_day(scenario)
    rulers = rulers_of(plan, keys)
    times = Times(plan, rulers)
    tool = Tool(plan, scenario.run.seed, "fast", None, None, ())
    found = replicate(tool, replication, threading.Event(), times.take)
    return figures(plan, rulers, windows, found.sums, times).values()


def at_queue(measure: str) -> Key:
    return measure, "queue", "q"


@pytest.mark.parametrize(
    ("day", "days", "window"),
    [(30, 28, (3, 30)), (28, 28, (1, 28)), (27, 28, (1, 27)), (1, 28, (1, 1)), (5, 1, (5, 5))],
)
def test_a_window_ends_with_its_day_and_begins_with_the_first_at_the_earliest(
    day: int, days: int, window: tuple[int, int]
) -> None:
    assert window_of(day, days) == window


@pytest.mark.parametrize(
    ("days", "weeks"),
    [(6, []), (7, [(1, 7)]), (13, [(1, 7)]), (14, [(1, 7), (8, 14)]), (20, [(1, 7), (8, 14)])],
)
def test_a_week_that_is_not_whole_is_dropped(days: int, weeks: list[tuple[int, int]]) -> None:
    assert list(weeks_of(days)) == weeks


# (measure, day, window in days, value), worked by hand from CONTACTS
BY_HAND: Final = [
    (at_queue("offered"), 1, 28, 1.0),
    (at_queue("offered"), 4, 28, 11.0),  # 1 + 2 + 3 + 5: no more days than there were
    (at_queue("offered"), 4, 2, 8.0),  # 3 + 5
    (at_queue("offered"), 7, 3, 0.0),  # nobody came, and that is a value
    (at_queue("offered"), 14, 14, 15.0),
    (at_queue("asa"), 3, 28, 40 * MINUTE / 6),  # 0; 0, 10; 0, 10, 20
    (at_queue("asa"), 3, 1, 10 * MINUTE),
    (at_queue("asa"), 9, 2, 30 * MINUTE / 4),
    (at_queue("asa"), 7, 3, NONE),  # nobody was answered
    (at_queue("service_level"), 4, 28, 7 / 11),  # 1, 2, 2, 2 within 10 min
    (at_queue("service_level"), 5, 2, 2 / 5),
    (at_queue("max_queue"), 3, 28, 2.0),  # one of three is taken at once
    (at_queue("max_queue"), 9, 28, 4.0),
    (at_queue("max_queue"), 9, 2, 2.0),
    (at_queue("max_queue"), 7, 3, 0.0),
    # 0 0 0 0 10 10 10 20 20 30 40 min: the 6th, the 9th, the 10th and the 11th of 11
    (at_queue("wait_p50"), 4, 28, 10 * MINUTE),
    (at_queue("wait_p80"), 4, 28, 20 * MINUTE),
    (at_queue("wait_p90"), 4, 28, 30 * MINUTE),
    (at_queue("wait_p95"), 4, 28, 40 * MINUTE),
    (at_queue("wait_p80"), 4, 1, 30 * MINUTE),  # 4 of 5 is four fifths exactly
    (at_queue("wait_p80"), 7, 3, NONE),
    (("wait_p90", "group", "g"), 2, 1, 10 * MINUTE),
    (("occupancy", "group", "g"), 4, 1, 50 / 1440),
    (("occupancy", "group", "g"), 4, 28, 110 / (4 * 1440)),
    (("time_working", "group", "g"), 4, 28, 110 / 60),
    (("people_cost", "group", "g"), 2, 28, 480.0),  # two days of one person at $10/h
    (at_queue("offered"), 15, 28, NONE),  # the day lies beyond the horizon
]


@pytest.mark.parametrize(("key", "day", "days", "value"), BY_HAND)
def test_windows_of_days_worked_by_hand(key: Key, day: int, days: int, value: float) -> None:
    found = values(two_weeks(), [key], [window_of(day, days)])
    assert found[0, 0] == pytest.approx(value, rel=1e-12, nan_ok=True)


def test_weeks_of_days_worked_by_hand() -> None:
    found = values(two_weeks(), [at_queue("offered"), at_queue("wait_p90")], weeks_of(14))
    assert found.tolist() == [[11.0, 4.0], [30 * MINUTE, 20 * MINUTE]]


def test_days_of_the_warm_up_do_not_count() -> None:
    """Two days and a half: the contacts at noon of the third day come before."""
    scenario = two_weeks(warm_up="60.5 h")
    keys = [at_queue("offered"), at_queue("asa"), at_queue("wait_p50"), ("on_duty", "group", "g")]
    windows = [window_of(day, 28) for day in (2, 3, 4)]
    assert values(scenario, keys, windows) == pytest.approx(
        np.array([[NONE, 0.0, 5.0], [NONE, NONE, 20 * MINUTE], [NONE, NONE, 20 * MINUTE], [NONE, 1.0, 1.0]]),
        nan_ok=True,
    )


def whole(result: Result) -> dict[Key, tuple[float, float]]:
    """Numerator and denominator over the horizon of the only replication."""
    columns = (result.samples[name].tolist() for name in ("measure", "scope", "name", "above", "below"))
    return {(m, s, n): (above, below) for m, s, n, above, below in zip(*columns, strict=True)}


def teams() -> list[Scenario]:
    """A small team with an incident, whose clocks change, and ten days of the baseline.

    They are cut off at the end: a run's quantiles have what is answered after the horizon too.
    """
    scenario = load(BASELINE)
    calendar = scenario.calendar.model_copy(update={"days": 10})
    run = scenario.run.model_copy(update={"warm_up_s": 86_400.0 + 9 * 3600.0, "end": "cut"})
    paid = {"a": {"skills": ["phone", "triage", "updates", "mail"], "agents": 3, "pay": "$20/h"}}
    paid["b"] = {"skills": ["tech", "critical", "updates"], "agents": 2, "pay": "$30/h"}
    return [
        team(incidents={"down": DOWN}, groups=paid, run={"end": "cut"}),
        scenario.model_copy(update={"calendar": calendar, "run": run}),
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_all_days_together_are_the_horizon(which: int) -> None:
    """Every measure that a target may name, of every scope, against the tables of a run."""
    scenario = teams()[which]
    table = whole(run_scenario(scenario, replications=1))
    keys = [key for key in table if key[0] in SUBJECTS and key[0] not in NOT_BY_DAY]
    every = {*CASE_MEASURES, *QUANTILES, *CASE_QUANTILES} - {"prevented"}  # nothing changes on the way
    assert {key[0] for key in keys} >= every - {*NOT_BY_DAY}
    found = values(scenario, keys, [Window(1, scenario.calendar.days)])[:, 0]
    for key, value in zip(keys, found, strict=True):
        above, below = table[key]
        wanted = above / below if below else NONE
        near = 1 / 128 if key[0] in {**QUANTILES, **CASE_QUANTILES} else 1e-12  # the width of a bucket
        assert value == pytest.approx(wanted, rel=near, abs=1e-3 if near > 1e-3 else 0, nan_ok=True), key


def rows(scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases that began on a day that counts, with that day from 1 on, and the people cost by day."""
    result = run_scenario(scenario, replications=1, keep_contacts=True)
    cases, days = result.cases, result.days
    assert cases is not None
    assert days is not None
    cases = cases[cases["born_s"] >= scenario.run.warm_up_s].copy()
    cases["day"] = (cases["born_s"] // 86_400).astype(int) + 1  # no clock changes in these days
    cost = days[(days["measure"] == "people_cost") & (days["scope"] == "all")]
    return cases, cost.assign(day=pd.to_datetime(cost["interval"]).dt.day - 4)  # from 5 January on


def test_what_needs_the_whole_window_is_counted_again_from_single_cases() -> None:
    """Cost of a contact and share of the top causes, over days 4 to 6 and up to day 3."""
    scenario = teams()[1]
    cases, cost = rows(scenario)
    keys: list[Key] = [
        ("cost_per_contact", "channel", "email"),
        ("cost_per_contact", "all", "all"),
        ("top_causes_share", "all", "all"),
        ("ttr_p90", "channel", "email"),
    ]
    windows = [window_of(6, 3), window_of(3, 28)]
    found = values(scenario, keys, windows)
    for w, window in enumerate(windows):
        mine = cases[cases["day"].between(*window)]
        paid = cost[cost["day"].between(*window)]["mean"].sum()
        mails = mine[mine["stream"] == "mails"]
        share = mails["agent_s"].sum() / mine["agent_s"].sum()
        assert found[0, w] == pytest.approx(paid * share / mails["contacts"].sum())
        assert found[1, w] == pytest.approx(paid / mine["contacts"].sum())
        by_cause = mine.groupby("cause")["contacts"].sum().sort_values()
        assert found[2, w] == pytest.approx(by_cause[-5:].sum() / mine["contacts"].sum())
        took = (mails["solved_s"] - mails["born_s"])[mails["outcome"] == "solved"].sort_values()
        assert found[3, w] == pytest.approx(took.iloc[int(np.ceil(0.9 * len(took))) - 1])


@pytest.mark.parametrize("measure", NOT_BY_DAY)
def test_what_is_no_figure_of_a_day_is_refused_with_what_is(measure: str) -> None:
    key = (measure, "all", "all")
    with pytest.raises(ValueError, match=r"; ask for .* by that day"):
        rulers_of(plan_by_day(teams()[0]), [key])
    instead = not_by_day(measure).split("; ask for ")[1].removesuffix(" by that day")
    words = [word for subject in SUBJECTS.values() for word in subject.words]
    assert set(instead.split(", or ")) <= set(words)


def test_what_a_scenario_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"csat all all: this scenario has no such measure"):
        rulers_of(plan_by_day(two_weeks()), [("csat", "all", "all")])


@pytest.mark.parametrize("which", [0, 1])
def test_waits_are_of_whom_the_tables_count(which: int) -> None:
    """A stream has contacts, who wait for their first answer: no work beside, and no further leg."""
    plan = plan_of(teams()[which])
    parts: list[np.ndarray] = []
    tool = Tool(plan, 1, "fast", None, None, ())
    found = replicate(tool, 0, threading.Event(), lambda contacts, *_: parts.append(contacts.copy()))
    fields = answered_fields(np.concatenate(parts))
    counted = {scope: len(waits_of(plan, *scope, fields)[1]) for scope in plan.scopes}
    assert counted == dict(zip(plan.scopes, found.sums.waits.sum(axis=1).tolist(), strict=True))
