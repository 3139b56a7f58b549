"""A small scenario and result tables made by hand, so that reports are tested without an engine."""

from collections.abc import Callable

import pandas as pd
import pytest

from reports.figures import COLUMNS
from scenarios import Scenario, loads
from scenarios.targets import goal_text, own_goals
from sim.experiment import Result

TEXT = """\
careloop: 1
name: A team
description: Calls and mails.
service_level: offered
calendar: {start: 2026-03-02, days: 2, time_zone: Europe/Amsterdam, interval: 30 min}
streams:
  calls: {queue: phone, arrivals: {rate: 12 per 30 min}, handle_time: {exponential: 5 min}}
  mails: {queue: mail, arrivals: {rate: 6 per 30 min}, handle_time: {exponential: 7 min}}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
  mail: {channel: email, target: 90% in 4 h}
groups:
  callers: {skills: [phone], agents: 5, pay: $24/h, shrinkage: 20%}
  writers: {skills: [mail], agents: 3}
"""

# measure, scope, name: mean, half width of the interval, unit
_FIGURES = {
    ("offered", "all", "all"): (1728.0, 20.0, "contacts"),
    ("offered", "queue", "phone"): (1152.0, 15.2, "contacts"),
    ("offered", "queue", "mail"): (576.0, 9.8, "contacts"),
    ("retried", "queue", "phone"): (0.0, 0.0, "contacts"),
    ("handled", "queue", "phone"): (1100.4, 14.0, "contacts"),
    ("handled", "queue", "mail"): (576.0, 9.8, "contacts"),
    ("abandonment", "queue", "phone"): (0.0448, 0.0021, "share"),
    ("abandonment", "queue", "mail"): (0.0, 0.0, "share"),
    ("service_level", "queue", "phone"): (0.824, 0.006, "share"),
    ("service_level", "queue", "mail"): (0.887, 0.0007, "share"),
    ("asa", "queue", "phone"): (9.7, 0.44, "s"),
    ("asa", "queue", "mail"): (80.2, 3.1, "s"),
    ("wait_p95", "queue", "phone"): (66.0, 3.2, "s"),
    ("wait_p95", "queue", "mail"): (11_340.0, 612.0, "s"),
    ("aht", "queue", "phone"): (300.1, 1.4, "s"),
    ("aht", "queue", "mail"): (419.8, 2.2, "s"),
    ("max_queue", "queue", "phone"): (9.1, 0.79, "contacts"),
    ("max_queue", "queue", "mail"): (14.0, 0.0, "contacts"),
    ("on_duty", "all", "all"): (8.0, 0.0, "agents"),
    ("on_duty", "group", "callers"): (5.0, 0.0, "agents"),
    ("on_duty", "group", "writers"): (3.0, 0.0, "agents"),
    ("occupancy", "group", "callers"): (0.713, 0.0061, "share"),
    ("occupancy", "group", "writers"): (0.55, 0.01, "share"),
    ("time_idle", "group", "callers"): (69.0, 1.5, "h"),
    ("time_working", "group", "callers"): (171.0, 1.5, "h"),
    ("time_sharing", "group", "callers"): (0.0, 0.0, "h"),
    ("paid_hours", "group", "callers"): (300.0, 0.0, "h"),
    ("people_cost", "group", "callers"): (7200.0, 0.0, "USD"),
}

Rows = list[tuple[object, ...]]


def frame(rows: Rows) -> pd.DataFrame:
    """A long table of measures."""
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    key: tuple[str, str, str], interval: str | None, value: tuple[float, float, str]
) -> tuple[object, ...]:
    mean, half, unit = value
    return (*key, interval, mean, half / 2, max(mean - half, 0.0), mean + half, unit)


def _intervals() -> Rows:
    """Two days of half hours: nobody calls at night, and nothing is measured where nobody calls."""
    labels = [
        f"2026-03-0{day}T{h:02d}:{m:02d}:00+01:00" for day in (2, 3) for h in range(24) for m in (0, 30)
    ]
    rows: Rows = []
    for queue in ("phone", "mail"):
        for n, label in enumerate(labels):
            busy = 8 <= n % 48 // 2 < 20
            rows.append(_row(("offered", "queue", queue), label, (24.0 if busy else 0.0, 1.0, "contacts")))
            rows.append(_row(("handled", "queue", queue), label, (22.0 if busy else 0.0, 1.0, "contacts")))
            if busy:
                rows.append(_row(("service_level", "queue", queue), label, (0.7 + n / 500, 0.03, "share")))
            rows.append(_row(("aht", "queue", queue), label, (300.0, 2.0, "s")))
    rows += [_row(("on_duty", "group", "callers"), label, (5.0, 0.0, "agents")) for label in labels]
    return rows


ATTAINED = {"phone": (0.97, 0.03), "mail": (0.4, 0.15)}


def attainment(scenario: Scenario) -> pd.DataFrame:
    """Of each queue's own target, the share of weeks in which it holds."""
    own = [goal for queue, goal in own_goals(scenario).items() if queue in ATTAINED]
    rows = [
        {
            "target": goal_text(goal),
            **goal._asdict(),
            "attained": ATTAINED[goal.name][0],
            "se": ATTAINED[goal.name][1] / 2,
            "low": ATTAINED[goal.name][0] - ATTAINED[goal.name][1],
            "high": min(sum(ATTAINED[goal.name]), 1.0),
            "pairs": 30,
        }
        for goal in own
    ]
    return pd.DataFrame(rows)


def _days() -> Rows:
    """The same by day, with intervals of their own."""
    rows: Rows = []
    for queue in ("phone", "mail"):
        for label in ("2026-03-02", "2026-03-03"):
            rows.append(_row(("offered", "queue", queue), label, (576.0, 12.0, "contacts")))
            rows.append(_row(("handled", "queue", queue), label, (528.0, 11.0, "contacts")))
            rows.append(_row(("aht", "queue", queue), label, (300.0, 1.0, "s")))
            rows.append(_row(("service_level", "queue", queue), label, (0.81, 0.02, "share")))
    rows += [
        _row(("on_duty", "group", "callers"), label, (5.0, 0.0, "agents"))
        for label in ("2026-03-02", "2026-03-03")
    ]
    return rows


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return loads(TEXT)


@pytest.fixture(scope="session")
def result(scenario: Scenario) -> Result:
    """A result of 30 replications: phone meets its target, mail misses it."""
    measures = frame([_row(key, None, value) for key, value in _FIGURES.items()])
    empty = pd.DataFrame()
    return Result(
        scenario,
        1,
        30,
        "fast",
        "0.1.0",
        measures,
        frame(_intervals()),
        empty,
        empty,
        None,
        attainment=attainment(scenario),
        samples=empty,
        days=frame(_days()),
    )


@pytest.fixture(scope="session")
def without_interval(result: Result) -> Result:
    """The same figures from one replication."""
    measures = result.measures.assign(se=float("nan"), low=float("nan"), high=float("nan"))
    targets = result.attainment.assign(se=float("nan"), low=float("nan"), high=float("nan"))
    return result._replace(measures=measures, replications=1, attainment=targets)


@pytest.fixture
def renamed(result: Result) -> Callable[[str], Result]:
    """Return a function that gives the queue phone, the group callers and the scenario another name."""

    def rename(name: str) -> Result:
        known = result.scenario
        queues = {name if q == "phone" else q: each for q, each in known.queues.items()}
        callers = known.groups["callers"].model_copy(update={"skills": ((name,),)})
        groups = {name: callers, "writers": known.groups["writers"]}
        calls = known.streams["calls"].model_copy(update={"queue": name})
        changed = known.model_copy(
            update={
                "name": name,
                "description": name,
                "streams": {name: calls, "mails": known.streams["mails"]},
                "queues": queues,
                "groups": groups,
            }
        )
        new = {"phone": name, "callers": name}
        tables = [
            table.assign(name=table["name"].replace(new))
            for table in (result.measures, result.intervals, result.attainment, result.days)
            if table is not None
        ]
        return result._replace(
            scenario=changed, measures=tables[0], intervals=tables[1], attainment=tables[2], days=tables[3]
        )

    return rename
