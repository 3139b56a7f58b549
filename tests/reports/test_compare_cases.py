"""What comparisons and ranges say of cases: simulated, and against plain statistics."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reports.comparison import Comparison, compare_versions, version_of
from reports.comparison_card import comparison_card
from reports.comparison_cases import CASES, PROMISES
from reports.comparison_folder import comparison_json
from reports.comparison_page import comparison_page
from reports.ranges import Tried, range_table
from reports.run_folder import write_run
from reports.sample_sums import SampleSums
from reports.saved_run import read_run
from scenarios import Scenario, from_dict, loads
from sim.experiment import Result, run_together
from tests.reports.conftest import TEXT
from tests.sim.case_team import TEAM

N = 6
COST = "cost_per_contact"
ALL = ("all", "all")


def team(people: int, **changes: Any) -> Scenario:
    groups = {name: {**group, "pay": "$30/h"} for name, group in TEAM["groups"].items()}
    groups["a"]["agents"] = people
    return from_dict({**TEAM, "groups": groups, **changes})


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return run_together([team(3), team(2)], N, seed=4)


@pytest.fixture(scope="module")
def found(results: list[Result]) -> Comparison:
    return compare_versions([version_of(n, r) for n, r in zip(("three", "two"), results, strict=True)])


def rows(found: Comparison, title: str) -> dict[str, list[str]]:
    block = next(each for each in comparison_card(found).blocks if each.title == title)
    return {row.label: [str(cell.words) for cell in row.cells] for row in block.rows}


def test_cases_come_first(found: Comparison) -> None:
    assert [block.title for block in comparison_card(found).blocks][:3] == [PROMISES, CASES, "phone"]
    assert list(rows(found, PROMISES)) == [
        "S1 first response when due", "S1 solved when due", "S1 updates when due",
        "S3 first response when due", "S3 solved when due",
    ]  # fmt: skip
    shown = rows(found, CASES)
    for label in (
        "Contacts a case",
        "Agents' time a case",
        "People cost a contact",
        "Solved by the first contact (FCR)",
        "Reopened within 7 days",
        "Satisfied (CSAT)",
        "Backlog, mean open cases",
    ):
        before, after, gap, _ = shown[label]
        assert "±" not in before + after
        assert "±" in gap


def test_differences_are_those_of_pairs(results: list[Result], found: Comparison) -> None:
    """A count is a plain paired t-test; the cost of a contact is that of the replications' sums."""
    sums = [SampleSums(each.samples) for each in results]
    changes = found.others[0].changes
    solved = [each.above("solved") for each in sums]
    expected = stats.ttest_rel(solved[1], solved[0]).confidence_interval(0.95)
    change = changes["solved", *ALL]
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))
    cost = changes[COST, *ALL]
    by_hand = [float(s.above("people_cost").sum() / s.above("case_contacts").sum()) for s in sums]
    assert (cost.value_against, cost.value) == pytest.approx(tuple(by_hand))
    residuals = [
        (s.above("people_cost") - r * s.above("case_contacts")) / s.above("case_contacts").mean()
        for s, r in zip(sums, by_hand, strict=True)
    ]
    se = np.std(residuals[1] - residuals[0], ddof=1) / math.sqrt(N)
    assert cost.se == pytest.approx(se)
    assert cost.unit == "USD"
    channels = {name for measure, scope, name in changes if (measure, scope) == (COST, "channel")}
    assert channels == {"phone", "email"}


def test_json_and_page_have_them_too(found: Comparison) -> None:
    told = {
        (row["measure"], row["scope"], row["name"])
        for row in json.loads(comparison_json(found))["differences"]
    }
    for key in ((COST, *ALL), ("fcr", *ALL), ("resolution_attainment", "severity", "S3")):
        assert key in told
    text = comparison_page(found)
    for words in (PROMISES, "People cost a contact", "S3 solved when due", "<dt>FCR</dt>"):
        assert words in text


def test_promises_are_in_the_sentence(found: Comparison) -> None:
    """Two of the largest clear changes are told, or that there is none to be seen."""
    promises = [c for c in found.others[0].changes.values() if c.key[0].endswith("attainment") and c.is_clear]
    by_severity = sorted((c for c in promises if c.key[1] == "severity"), key=lambda c: -abs(c.difference))
    assert by_severity
    assert f"{by_severity[0].key[2]} " in found.verdict
    assert "when due −" in found.verdict
    assert found.verdict.count("when due") == min(len(by_severity), 2)


def test_saved_runs_say_the_same(results: list[Result], found: Comparison, tmp_path: Path) -> None:
    for name, result in zip(("three", "two"), results, strict=True):
        write_run(tmp_path / name, result)
    saved = compare_versions([read_run(tmp_path / name, name) for name in ("three", "two")])
    assert comparison_json(saved) == comparison_json(found)
    assert comparison_card(saved) == comparison_card(found)


def test_a_version_without_cases_has_dashes() -> None:
    one, other = run_together([team(3), loads(TEXT)], 2, seed=4)
    compared = compare_versions([version_of("cases", one), version_of("none", other)])
    assert rows(compared, CASES)["Contacts a case"][1:3] == ["–", "–"]


def test_ranges_have_columns_of_cases(results: list[Result]) -> None:
    table = range_table([Tried("three", results[0]), Tried("two", results[1])])
    assert table.columns[:12] == (
        "S1: first response", "S1: solved", "S1: updates", "S3: first response", "S3: solved",
        "contacts a case", "FCR", "reopened", "CSAT", "agents' time a case", "backlog", "cost a contact",
    )  # fmt: skip
    cost = [row.cells[11].words for row in table.rows]
    for words, result in zip(cost, results, strict=True):
        sums = SampleSums(result.samples)
        by_hand = sums.above("people_cost").sum() / sums.above("case_contacts").sum()
        assert words.value == f"${by_hand:.2f}"
        assert words.margin.startswith("± ")
