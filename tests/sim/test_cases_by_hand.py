"""Measures of a handful of cases and pieces of work, worked out by hand; all times in hours."""

from typing import Any, Final

import numpy as np
import pytest

from scenarios import Scenario, from_dict
from sim.case_findings import time_quantiles
from sim.case_layout import CASE
from sim.case_measure import (
    CasePlan,
    CaseSums,
    case_sums,
    count_cases,
    new_case_tally,
    plan_cases,
)
from sim.compile import compile_scenario
from sim.contacts import SIDE
from sim.layout import CONTACT_ROW
from sim.log import (
    ABANDONED,
    BOUNCED,
    CASE_LOST,
    CASE_OPEN,
    CASE_SOLVED,
    DEFLECTED,
    GATE,
    HANDLED,
    HELD,
    LEG,
    OPEN,
    OVERFLOWED,
    STRUCK_OFF,
)

HOUR: Final = 3_600_000_000
NEVER: Final = 2**62
_STREAM: Final = {"arrivals": {"rate": "1 per h"}, "handle_time": {"exponential": "4 min"}}
_TIMES: Final = ("born", "replied", "solved", "first_solved", "closed", "reply_due", "resolution_due")


def two_days(**run: Any) -> Scenario:
    return from_dict(
        {
            "careloop": 1,
            "name": "hand",
            "calendar": {"start": "2026-03-02", "days": 2},
            "severities": {
                "S1": {
                    "resolution": "4 h",
                    "update": {"every": "1 h", "queue": "phone", "handle_time": {"exponential": "4 min"}},
                },
                "S3": {"resolution": "1 day"},
            },
            "causes": {"a": {"avoidable": True}, "b": {}},
            "tiers": {"t": {"accounts": 1, "arr": "$1"}},
            "outcomes": {"response": "50%"},
            "streams": {"calls": {"queue": "phone", **_STREAM}, "mails": {"queue": "mail", **_STREAM}},
            "queues": {"phone": {}, "mail": {"channel": "email"}},
            "groups": {"g": {"skills": ["phone", "mail"], "agents": 1}},
            "run": run or {"replications": 1},
        }
    )


def case(**fields: float) -> np.ndarray:
    """A row of a case: times in hours, -1 for never; the rest as it is in the log."""
    row = np.zeros(1, CASE)
    for name in (*_TIMES, "severity", "cause", "tag", "tier", "nps"):
        row[name] = -1
    row["contacts"] = row["legs"] = 1
    for name, value in fields.items():
        row[name] = round(value * HOUR) if name in (*_TIMES, "touched", "waited") and value >= 0 else value
    if row["solved"][0] >= 0 and row["first_solved"][0] < 0:
        row["first_solved"] = row["solved"]
    return row


CALLS, MAILS, S1, S3, A, B = 0, 1, 0, 1, 0, 1
S1_A: Final = {"stream": CALLS, "severity": S1, "cause": A, "tier": 0}
S3_B: Final = {"stream": MAILS, "severity": S3, "cause": B, "tier": 0}
ANSWERED: Final = {
    1: {"csat": 5, "nps": 10, "effort": 7, "sentiment": 1, "accuracy": 900, "empathy": 800, "policy": 1000},
    2: {"csat": 2, "nps": 6, "effort": 3, "sentiment": -1, "accuracy": 500, "empathy": 500, "policy": 500},
    7: {"csat": 4, "nps": 8, "effort": 5, "sentiment": 0, "accuracy": 1000, "empathy": 1000, "policy": 1000},
}
ROWS: Final = [
    # Solved by its first contact, all in time, confirmed.
    case(**S1_A, tag=A, born=1, replied=1, solved=2, reply_due=1.25, resolution_due=5, outcome=CASE_SOLVED,
         confirmed=1, touched=0.5, waited=0.1, **ANSWERED[1]),
    # Tagged wrong and handed over; replied 45 min and solved 2 h past due; one of two updates too late.
    case(**S1_A, tag=B, born=2, replied=3, solved=8, reply_due=2.25, resolution_due=6, outcome=CASE_SOLVED,
         legs=2, transfers=1, updates=2, late=1, escalated=2, touched=1.5, waited=1, **ANSWERED[2]),
    # Not tagged; given up after half an hour, tried twice.
    case(stream=CALLS, severity=S3, cause=B, tier=0, born=3, closed=3.5, reply_due=10, resolution_due=30,
         outcome=CASE_LOST, lost=ABANDONED, contacts=2, legs=0, waited=0.4),
    # Still open: replied an hour past due, and 8 h past due when the run ends.
    case(**S3_B, tag=B, born=20, replied=30, reply_due=29, resolution_due=40, outcome=CASE_OPEN),
    # Still open, nothing due yet.
    case(**S3_B, tag=B, born=40, reply_due=60, resolution_due=90, outcome=CASE_OPEN, legs=0),
    # Without severity, cause and tier; reopened by the same channel soon after, and solved again.
    case(stream=CALLS, born=4, replied=4, first_solved=4.5, solved=28, reopened=1, soon=1, reopened_soon=1,
         contacts=2, legs=2, outcome=CASE_SOLVED),
    # Solved late; the customer came by another channel, but not within seven days.
    case(**S3_B, tag=B, born=5, replied=6, solved=30, reply_due=10, resolution_due=29, repeated=1, contacts=2,
         outcome=CASE_SOLVED, **ANSWERED[7]),
    # Solved, reopened, and then given up.
    case(**S1_A, tag=A, born=9, replied=9, first_solved=10, closed=20, reply_due=9.25, resolution_due=13,
         outcome=CASE_LOST, lost=ABANDONED, reopened=1, soon=1, reopened_soon=1, contacts=2, updates=1),
]  # fmt: skip

OF_ALL: Final = {
    "article_views": 0,
    "cases": 8,
    "solved": 4,
    "lost_cases": 2,
    "open_cases": 2,
    "confirmed": 1 / 4,
    "fcr": 3 / 5,  # the first, the second, and the one that came again after seven days
    "reopen_rate": 2 / 5,
    "top_causes_share": 10 / 12,  # both of those that have one
    "repeat_rate": 2 / 12,
    "contacts_per_case": 12 / 8,
    "legs_per_case": 8 / 8,
    "transfers_per_case": 1 / 8,
    "escalation_rate": 1 / 8,
    "agent_time_per_case": 2 / 8 * 3600,
    "waiting_per_case": 1.5 / 8 * 3600,
    "mean_first_response": (0 + 1 + 10 + 0 + 1 + 0) / 6 * 3600,
    "first_response_attainment": 3 / 6,  # the first, the seventh, the eighth; not counted: nothing due yet
    "first_response_lateness": (0.75 + 1) / 2 * 3600,  # who gave up before it was due is not late
    "mean_resolution": (1 + 6 + 24 + 25) / 4 * 3600,
    "resolution_attainment": 1 / 6,
    "resolution_lateness": (2 + 8 + 1 + 7) / 4 * 3600,
    "updates_owed": 3 + 1,  # one is past due at the end
    "update_attainment": 2 / 4,
    "response_rate": 3 / 4,
    "csat": 2 / 3,
    "nps": 0.0,
    "effort": 2 / 3,
    "qa": (2.7 + 1.5 + 0 + 3.0) / 3 / 4,
    "sentiment_positive": 1 / 3,
    "sentiment_negative": 1 / 3,
    "avoidable_share": 4 / 12,
    "avoidable_share_tagged": 3 / 12,
    "avoidable_volume": 4,
    "mistagged": 1 / 6,
    "untagged": 1 / 7,
    "deflection": 2 / 14,
    "contained": 3 / 14,
    "bounced": 1 / 14,
    "shifted": 1 / 5,
    "case_contacts": 12,
    "overdue_cases": 1,
    "backlog": 103.5 / 48,
    "backlog_age": 2207.25 / 2 / 103.5 * 3600,
}


def leg(**fields: float) -> np.ndarray:
    """A row of a leg: times in hours."""
    row = np.zeros(1, CONTACT_ROW)
    row["row"], row["outcome"], row["agent"], row["started"], row["due"] = LEG, HANDLED, -1, -1, NEVER
    for name, value in fields.items():
        times = ("born", "queued", "started", "ended", "agent_time", "due")
        row[name] = round(value * HOUR) if name in times else value
    return row


HANDLING, TRIAGE, UPDATES = 0, 1, 4  # steps
WORK: Final = [
    leg(row=GATE, outcome=DEFLECTED, born=1),
    leg(row=GATE, outcome=DEFLECTED, born=30),
    leg(row=GATE, outcome=BOUNCED, born=2),
    leg(queued=1, started=1, ended=2, agent_time=1),
    leg(queued=22, started=23, ended=25, agent_time=2),  # over midnight
    leg(queued=10, started=20, ended=30, agent_time=1),  # interrupted: as if worked on from 29 to 30
    leg(queued=3, ended=4, outcome=ABANDONED),
    leg(queued=3, ended=4, outcome=OVERFLOWED, agent_time=9),  # counts when its next leg closes
    leg(queued=46, started=47, ended=48, agent=0, agent_time=1, outcome=OPEN),  # in hand at the end
    leg(row=HELD, queued=4, started=4, ended=4.5, agent_time=0.5),
    leg(step=TRIAGE, role=SIDE, queued=5, started=5, ended=6, agent_time=1, due=6),
    leg(step=TRIAGE, role=SIDE, queued=5, started=6, ended=8, agent_time=2, due=7),
    leg(step=TRIAGE, role=SIDE, queued=40, ended=48, outcome=OPEN, due=45),
    leg(step=TRIAGE, role=SIDE, queued=47, ended=48, outcome=OPEN, due=49),
    leg(step=UPDATES, role=SIDE, queued=30, ended=31, outcome=STRUCK_OFF),
    leg(step=UPDATES, role=SIDE, queued=40, ended=48, outcome=OPEN, due=41, case=7),
]


def measured(scenario: Scenario) -> tuple[CasePlan, CaseSums]:
    """All rows tallied; the case that is open and not due owes an update."""
    plan = plan_cases(compile_scenario(scenario))
    assert plan is not None
    tally = new_case_tally(plan)
    rows = np.concatenate(ROWS)
    rows["key"][4] = 7
    count_cases(plan, tally, np.concatenate(WORK), rows)
    return plan, case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))


def values(plan: CasePlan, sums: CaseSums, scope: str, name: str, day: int = -1) -> dict[str, float]:
    """Measures of a scope that have a value."""
    return {
        measure: float(above) / float(below)
        for (measure, *key), above, below in zip(
            plan.keys(), sums.above[:, day], sums.below[:, day], strict=False
        )
        if key == [scope, name] and below
    }


def test_all_cases() -> None:
    assert values(*measured(two_days()), "all", "all") == pytest.approx(OF_ALL)


@pytest.mark.parametrize(
    ("scope", "name", "cases", "contacts_per_case", "resolution_attainment"),
    [
        ("stream", "calls", 5, 8 / 5, 1 / 4),
        ("stream", "mails", 3, 4 / 3, 0),
        ("channel", "phone", 5, 8 / 5, 1 / 4),
        ("channel", "email", 3, 4 / 3, 0),
        ("severity", "S1", 3, 4 / 3, 1 / 3),
        ("severity", "S3", 4, 6 / 4, 0),
        ("root_cause", "a", 3, 4 / 3, 1 / 3),
        ("root_cause", "b", 4, 6 / 4, 0),
        ("tier", "t", 7, 10 / 7, 1 / 6),
    ],
)
def test_parts_of_the_cases(
    scope: str, name: str, cases: int, contacts_per_case: float, resolution_attainment: float
) -> None:
    found = values(*measured(two_days()), scope, name)
    assert found["cases"] == cases
    assert found["contacts_per_case"] == pytest.approx(contacts_per_case)
    assert found["resolution_attainment"] == pytest.approx(resolution_attainment)


def test_days() -> None:
    """Counts go to the day of birth, time to the day of the clock."""
    plan, sums = measured(two_days())
    first, second = (values(plan, sums, "all", "all", day) for day in (0, 1))
    assert (first["cases"], second["cases"]) == (7, 1)
    assert (first["backlog"], second["backlog"]) == pytest.approx((61.5 / 24, 42 / 24))
    # On the second day: ages from 4 to 28, 20 to 24, 19 to 25, 0 to 8.
    ages = (28**2 - 4**2 + 24**2 - 20**2 + 25**2 - 19**2 + 8**2) / 2
    assert second["backlog_age"] == pytest.approx(ages / 42 * 3600)
    assert (first["deflection"], second["deflection"]) == (1 / 12, 1 / 2)


def test_quantiles_of_times() -> None:
    """Six times to first response (h): 0, 0, 0, 1, 1, 10; four to resolution: 1, 6, 24, 25."""
    plan, sums = measured(two_days())
    found = dict(
        zip([(name, s) for name, s in plan.quantiles], time_quantiles(plan, sums.times), strict=True)
    )
    assert found["frt_p50", 0] == 0
    assert found["frt_p80", 0] == pytest.approx(3600, rel=0.005)
    assert found["frt_p90", 0] == pytest.approx(36_000, rel=0.005)
    assert found["ttr_p50", 0] == pytest.approx(6 * 3600, rel=0.005)
    assert found["ttr_p80", 0] == pytest.approx(25 * 3600, rel=0.005)
    assert found["frt_p50", plan.scopes.index(("stream", "mails"))] == pytest.approx(3600, rel=0.005)


def test_work() -> None:
    plan, sums = measured(two_days())
    assert values(plan, sums, "work", "handling") == pytest.approx(
        {"work_done": 3, "work_time": 1 + 2 + 1 + 1 + 0.5, "work_struck_off": 0}
    )
    assert values(plan, sums, "work", "handling", 0)["work_time"] == pytest.approx(1 + 1 + 0.5)
    assert values(plan, sums, "work", "handling", 1)["work_time"] == pytest.approx(1 + 1 + 1)
    assert values(plan, sums, "work", "triage") == pytest.approx(
        {
            "work_done": 2,
            "work_time": 3,
            "work_on_time": 1 / 3,
            "work_lateness": (1 + 3) / 2 * 3600,
            "work_struck_off": 0,
        }
    )
    assert values(plan, sums, "work", "updates") == pytest.approx(
        {"work_done": 0, "work_time": 0, "work_on_time": 0, "work_lateness": 7 * 3600, "work_struck_off": 1}
    )


def test_what_came_in_the_warm_up_counts_only_with_its_time() -> None:
    """From the fifth hour on: the seventh case and later ones; open before are the second and the sixth."""
    plan, sums = measured(two_days(warm_up="5 h"))
    found = values(plan, sums, "all", "all")
    assert found["cases"] == 4
    since_five = 3 + 28 + 8 + 23 + 25 + 11
    assert found["backlog"] == pytest.approx(since_five / 43)
    ages = (6**2 - 3**2 + 28**2 + 8**2 + 24**2 - 1**2 + 25**2 + 11**2) / 2
    assert found["backlog_age"] == pytest.approx(ages / since_five * 3600)
    assert values(plan, sums, "work", "handling")["work_time"] == pytest.approx(2 + 1 + 1)


def test_a_million_cases_open_for_ten_years_fit() -> None:
    """Sums stay exact to the last digit that a float has; nothing runs over."""
    scenario = from_dict(
        {
            "careloop": 1,
            "name": "long",
            "calendar": {"start": "2026-01-01", "days": 3653, "interval": "1 h"},
            "causes": {"a": {}},
            "streams": {"calls": {"queue": "phone", **_STREAM}},
            "queues": {"phone": {}},
            "groups": {"g": {"skills": ["phone"], "agents": 1}},
        }
    )
    plan = plan_cases(compile_scenario(scenario))
    assert plan is not None
    tally = new_case_tally(plan)
    rows = np.concatenate([case(born=0, outcome=CASE_OPEN)] * 1000)
    count_cases(plan, tally, np.zeros(0, CONTACT_ROW), rows)
    assert (np.abs(tally.spread) < 2**63 // 1000).all()
    tally.spread[:] *= 1000
    found = values(plan, case_sums(plan, tally, np.zeros((0, 0, 2), np.int64)), "all", "all")
    assert found["backlog"] == pytest.approx(1_000_000, rel=1e-12)
    assert found["backlog_age"] == pytest.approx(3653 * 86_400 / 2, rel=1e-9)
