"""A plan as of a day in words, tables and JSON, of results that are given."""

import datetime
import math

import numpy as np
import pytest

from reports.as_of_card import as_of_blocks, as_of_terms
from reports.as_of_tables import as_of_json
from reports.as_of_words import (
    change_text,
    learned_words,
    probability_or_missing,
    source_words,
    step_words,
    volume_words,
)
from sim.asof.learned import Factor, Volume
from sim.asof.result import BACKLOG, PASSED, VOLUMES, AsOf, Source, moved
from sim.checkpoints import Window
from sim.roadmap.plan import PlanResult, keys_of, plan_result
from sim.roadmap.standing import Standing, standing
from sim.roadmap.versions import baseline_of
from tests.roadmap.followed import NONE, followed
from tests.roadmap.planned import roadmap, team

SOURCE = Source(("a.csv", "b.csv"), "canonical", 12_345, datetime.date(2026, 3, 2), datetime.date(2026, 3, 9))
LEVEL = ("service_level", "queue", "phone")


def stands(*values: float) -> Standing:
    return standing(np.array(values), ">=", 0.8, 0.8, 0.5)


@pytest.fixture
def found() -> PlanResult:
    """Of four replications two met it as the plan was made, three after the days passed, and then one."""
    scenario = team(roadmap=roadmap(targets=["phone service level >= 80% by day 14"]))
    assert keys_of(scenario) == (LEVEL,)
    window = Window(8, 14)
    values = {(LEVEL, window): [0.9, 0.8, 0.7, 0.6]}
    made = followed(scenario, values)
    plain = plan_result(made, followed(baseline_of(scenario), values, scenario), 1)
    steps = [(PASSED, stands(0.9, 0.8, 0.8, 0.6)), (VOLUMES, stands(0.9, 0.7, 0.7, 0.6))]
    volumes = (
        Volume("calls", 8, 1_200, 1_000.4, 900.0, 1_100.0, Factor(1.104, 1.0, 1.2)),
        Volume("mails", 8, 50, 50.0, 40.0, 60.0, None),
    )
    each = moved(stands(0.9, 0.8, 0.7, 0.6), steps, "")
    as_of = AsOf(datetime.date(2026, 3, 10), 8, SOURCE, plain, (each,), volumes, 12, 3, ("Take care.",))
    return plain._replace(as_of=as_of)


def test_steps_add_up_from_then_to_now() -> None:
    each = moved(
        stands(0.9, 0.8, 0.7, 0.6), [(PASSED, stands(0.9, 0.8, 0.8, 0.6)), (BACKLOG, stands(0.9))], ""
    )
    assert [(step.name, step.change) for step in each.steps] == [(PASSED, 0.25), (BACKLOG, 0.25)]
    assert (each.then.probability, each.now.probability, each.change) == (0.5, 1.0, 0.5)
    lost = moved(stands(0.9), [(PASSED, stands(NONE))], "why not")
    assert math.isnan(lost.steps[0].change)
    assert math.isnan(lost.change)
    assert lost.untold == "why not"


def test_words() -> None:
    assert [change_text(each) for each in (0.25, -0.034, 0.004, -0.004, 0.0, NONE)] == [
        *("+25", "−3", "0", "0", "0", "–"),
    ]
    assert [probability_or_missing(each) for each in (0.0, 0.123, 0.999, 1.0, NONE)] == [
        *("0 %", "12 %", "99.9 %", "100 %", "–"),
    ]
    calls = Volume("calls", 8, 1_200, 1_000.4, 900.0, 1_100.0, Factor(1.104, 1.0, 1.2))
    assert volume_words(calls) == "1,200, planned 1,000 (900–1,100)"
    assert learned_words(calls) == "× 1.10 (1.00–1.20)"
    assert learned_words(calls._replace(learned=None)) == "–"
    assert step_words(PASSED).startswith("what happened on the days passed")


def test_where_the_facts_are_from(found: PlanResult) -> None:
    assert found.as_of is not None
    assert source_words(found.as_of) == (
        "The 8 days before 2026-03-10 are what happened, as 12,345 rows of a.csv, b.csv tell; the rest is "
        "simulated from what was open then."
    )
    assert source_words(found.as_of._replace(days=1)).startswith("The day before 2026-03-10 is what happened")
    assert source_words(found.as_of._replace(days=0)) == "No day is passed: all of it is simulated."


def test_tables_show_each_step_that_there_is(found: PlanResult) -> None:
    moves, volumes = as_of_blocks(found)
    assert (moves.title, moves.columns) == (
        "As of 2026-03-10",
        ("by day", "as made", "now", "passed", "volumes"),
    )
    (row,) = moves.rows
    assert row.label == "phone service level ≥ 80 % in 20 s"
    assert [cell.words.value for cell in row.cells] == ["14", "50 %", "25 %", "+25", "−50"]
    assert volumes.title == "Contacts in 8 days"
    assert [[cell.words.value for cell in each.cells] for each in volumes.rows] == [
        ["1,200", "1,000", "900–1,100", "× 1.10 (1.00–1.20)"],
        ["50", "50", "40–60", "–"],
    ]
    told = as_of_terms(found)
    assert told[-1] == "Mind: Take care."
    assert any("Passed: what happened on the days passed" in each for each in told)
    plain = found._replace(as_of=None)
    assert (list(as_of_blocks(plain)), as_of_terms(plain), as_of_json(plain)) == ([], (), {})


def test_json_is_what_the_table_says(found: PlanResult) -> None:
    said = as_of_json(found)["as_of"]
    assert said["facts"] == {
        "files": ["a.csv", "b.csv"],
        "format": "canonical",
        "rows": 12_345,
        "first": "2026-03-02",
        "last": "2026-03-09",
    }
    (target,) = said["targets"]
    assert (target["then"]["probability"], target["now"]["probability"], target["change"]) == (
        0.5,
        0.25,
        -0.25,
    )
    assert [(step["step"], step["change"], step["probability"]) for step in target["steps"]] == [
        (PASSED, 0.25, 0.75),
        (VOLUMES, -0.5, 0.25),
    ]
    assert target["untold"] is None
    assert (said["open_cases"], said["waiting"], said["cautions"]) == (12, 3, ["Take care."])
    calls, mails = said["volumes"]
    assert calls == {
        **{"stream": "calls", "seen": 1_200, "expected": 1_000.4, "low": 900.0, "high": 1_100.0},
        **{"factor": 1.104, "factor_low": 1.0, "factor_high": 1.2},
    }
    assert mails["factor"] is None
