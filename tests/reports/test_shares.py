"""Shares of a formula's assumptions, in words, on the page and for machines."""

import math

import pytest

from reports.page import page
from reports.shares import HOW, WORDS, formula_figures, shares_block, shares_of, shares_rows
from scenarios import Scenario, loads
from sim.experiment import Result, run_scenario
from sim.explain.assumptions import ASSUMPTIONS
from sim.explain.shares import MEASURES, Share, Shares
from sim.explain.watch import Estimate

FOUND = Shares(
    "phone",
    {"service_level": Estimate(0.021, 0.004), "asa": Estimate(-3.2, 0.5), "abandonment": Estimate(0.0, 0.0)},
    (
        Share(
            "busyness",
            {
                "service_level": Estimate(0.015, 0.003),
                "asa": Estimate(math.nan, 0.4),
                "abandonment": Estimate(-0.002, 0.001),
            },
        ),
    ),
    {
        "service_level": Estimate(0.006, 0.004),
        "asa": Estimate(-1.0, 0.5),
        "abandonment": Estimate(0.002, 0.001),
    },
)

TEAM = """\
careloop: 1
name: A team <b>
service_level: offered
calendar: {start: 2026-03-02, days: 1, hours: {desk: {daily: "08:00-18:00"}}}
streams:
  calls:
    queue: phone
    arrivals: {rate: 60 per h, hours: desk, busyness: {day: {cv: 20%}}}
    handle_time: {lognormal: {mean: 5 min, cv: 1.2}}
  chats: {queue: chat, arrivals: {rate: 6 per h}, handle_time: {exponential: 5 min}}
queues:
  phone:
    hours: desk
    target: 80% in 20 s
    patience: {exponential: 4 min}
    retry: {share: 30%, after: {exponential: 10 min}}
  chat: {channel: chat, target: 80% in 20 s}
groups:
  team: {skills: [phone], agents: 6}
  chatters: {skills: [chat], agents: 2}
"""


@pytest.fixture(scope="module")
def team() -> Scenario:
    return loads(TEAM)


@pytest.fixture(scope="module")
def simulated(team: Scenario) -> Result:
    return run_scenario(team, replications=6, seed=2)


def test_every_assumption_has_words() -> None:
    assert list(WORDS) == [each.name for each in ASSUMPTIONS]


def test_a_table_of_shares() -> None:
    block = shares_block(FOUND)
    cells = {row.label: [str(cell.words) for cell in row.cells] for row in block.rows}
    assert cells == {
        "busyness": ["+1.5 points ± 0.3", "–", "−0.2 points ± 0.1"],
        "no interval lasts; chance": [
            "+0.6 points ± 0.4",
            "−1.0 s ± 0.5 s",
            "+0.2 points ± 0.1",
        ],
        "simulated less formula": ["+2.1 points ± 0.4", "−3.2 s ± 0.5 s", "0 ± 0"],
    }


def test_the_queue_that_has_a_formula_is_explained(simulated: Result) -> None:
    told = list[int]()
    explained = shares_of(simulated, 1, lambda done, total: told.append(done))
    (found,) = (each for each in explained if each.queue == "phone")
    assert [each.assumption for each in found.shares] == ["retries", "busyness", "handle_time"]
    switches = sum(len(each.shares) for each in explained)
    assert told == list(range(1, switches * simulated.replications + 1))
    by_formula = formula_figures(simulated.scenario, "phone")
    table = simulated.measures
    for measure in MEASURES:
        here = table[(table.measure == measure) & (table.scope == "queue") & (table.name == "phone")]
        gap = float(here["mean"].iloc[0]) - by_formula[measure]
        total = math.fsum([*(s.effects[measure].mean for s in found.shares), found.rest[measure].mean])
        assert found.gap[measure].mean == pytest.approx(gap, abs=1e-9)
        assert total == pytest.approx(gap, abs=1e-9)


def test_threads_change_nothing(simulated: Result) -> None:
    assert shares_of(simulated, 1) == shares_of(simulated, 3)


def test_the_page_has_them_only_if_they_are_known(simulated: Result) -> None:
    assert HOW not in page(simulated)
    named = FOUND._replace(queue="<i>phone</i>")
    text = page(simulated, (named,))
    assert HOW in text
    assert "&lt;i&gt;phone&lt;/i&gt;: because of" in text
    assert "<i>phone" not in text


def test_rows_for_machines() -> None:
    rows = shares_rows((FOUND,))
    assert [(each["assumption"], each["measure"]) for each in rows] == [
        (name, measure) for name in ("busyness", "stationary", "gap") for measure in MEASURES
    ]
    assert rows[1] == {
        "queue": "phone",
        "assumption": "busyness",
        "measure": "asa",
        "mean": None,
        "low": None,
        "high": None,
        "unit": "s",
    }
