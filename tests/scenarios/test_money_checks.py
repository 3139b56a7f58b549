"""What is wrong across costs and a business case, and what is not.

The messages themselves are in tests/bad; here are the edges: what is nearly a mistake.
"""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, load, loads
from scenarios.parts import Parts
from scenarios.price_check import COUNTED_BY, opens_cases
from scenarios.prices import DRIVERS, FIXED
from scenarios.related import has_cases
from scenarios.spans import months_after
from tests.scenarios.life_text import LIFE
from tests.scenarios.plan_text import PLAN

Look = Callable[[str], list[Problem]]
LIBRARY = sorted((Path(__file__).parents[2] / "scenarios" / "library").glob("*.yaml"))


def test_every_driver_is_counted_by_something() -> None:
    assert set(COUNTED_BY) == {*DRIVERS, FIXED}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_cases_are_opened_where_the_simulation_opens_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def look(parts: Parts) -> list[object]:
        seen.append(opens_cases(parts))
        return []

    monkeypatch.setattr("scenarios.checks.money_findings", look)
    scenario = load(path)
    assert seen == [has_cases(scenario)]


def test_some_of_them_open_cases_and_some_do_not() -> None:
    assert {has_cases(load(path)) for path in LIBRARY} == {True, False}


@pytest.mark.parametrize(
    "line",
    [
        "{price: $1 per contact, only: {group: generalists}}",
        "{price: $1 per month, only: {queue: [phone, mail]}}",
        "{price: $1 per month, only: {channel: email}}",
        "{price: $1 per abandoned contact, only: {stream: calls}}",
        "{price: $1 per FTE per month, only: {group: nights}}",
    ],
)
def test_lines_that_a_scenario_without_cases_may_have(valid: str, problems: Look, line: str) -> None:
    assert problems(f"{valid}costs: {{currency: USD, lines: {{one: {line}}}}}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "{price: $1 per case, only: {channel: phone}}",
        "{price: $1 per late resolution, only: {root_cause: billing}}",
        "{price: $1 per late update}",
        "{price: $1 per attempt, only: {channel: [phone, chat]}}",
        "{price: $1 per deflected contact, only: {stream: [calls, chats]}}",
    ],
)
def test_lines_that_one_with_cases_may_have(life: str, problems: Look, line: str) -> None:
    told = problems(f"{life}costs: {{currency: USD, lines: {{one: {line}}}}}\n")
    assert [each for each in told if each.path.startswith("costs")] == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LIFE, "{price: $1 per attempt, only: {channel: other}}", "channel 'other' has no self_service"),
        (LIFE, "{price: $1 per late update, only: {severity: S2}}", "severity 'S2' does not have"),
        (PLAN, "{price: $1 per month, only: {channel: email}}", "there is no channel 'email'"),
    ],
)
def test_lines_that_it_may_not_have(problems: Look, text: str, line: str, words: str) -> None:
    told = problems(f"{text}costs: {{currency: USD, lines: {{one: {line}}}}}\n")
    assert [words in each.message for each in told if each.path.startswith("costs")] == [True]


def test_what_nobody_counts_is_told_once_all_could_be_read(valid: str, problems: Look) -> None:
    """Of a section that cannot be read nobody knows what it would have counted."""
    text = f"{valid}costs: {{currency: USD, lines: {{one: {{price: $1 per case}}}}}}\n"
    assert [each.path for each in problems(text)] == ["costs.lines.one.price"]
    assert [each.path for each in problems(f"{text}severities: 5\n")] == ["severities"]


def test_no_rate_is_needed_without_costs_or_in_their_currency(life: str, problems: Look) -> None:
    """600 EUR and $60,000 are wrong by themselves; here they are all in dollars."""
    assert [each.path for each in problems(f"{life}costs: {{currency: USD}}\n")] == []
    told = problems(f"{life}costs: {{currency: EUR}}\n")
    assert [each.path for each in told] == ["groups.team.pay", "groups.engineers.on_call.standby_pay"]
    assert problems(f"{life}costs: {{currency: EUR, exchange: {{USD: 0.9}}}}\n") == []


def test_revenue_counts_where_churn_does(life: str, problems: Look) -> None:
    text = f"{life}costs: {{currency: EUR}}\nbusiness_case: {{churn: {{per_point: 1%}}}}\n"
    assert {"tiers.small.arr", "tiers.vip.arr"} < {each.path for each in problems(text)}


@pytest.mark.parametrize(
    ("day", "is_told"),
    [("2026-03-01", True), ("2026-03-02", False), ("2027-02-28", False), ("2027-03-01", True)],
)
def test_days_lie_within_the_period(valid: str, problems: Look, day: str, is_told: bool) -> None:
    """From the first day of the calendar, 2026-03-02, on, to the end of the last calendar month."""
    case = f"business_case: {{period: 1 year, from: {day}}}"
    told = problems(f"{valid}costs: {{currency: USD}}\n{case}\n")
    assert [each.path for each in told] == ["business_case.from"] * is_told


def test_a_ramp_may_be_as_long_as_the_period(valid: str, problems: Look) -> None:
    case = "business_case: {period: 12 months, ramp: 4 quarters}"
    assert problems(f"{valid}costs: {{currency: USD}}\n{case}\n") == []


def test_people_may_share_accounts(valid: str, problems: Look) -> None:
    people = "{all: {ledger: [1, 2]}, generalists: {ledger: [1]}}"
    assert problems(f"{valid}costs: {{currency: USD, people: {people}}}\n") == []


def test_costs_do_not_hide_other_mistakes(valid: str, problems: Look) -> None:
    text = valid.replace("rate: 12 per 30 min", "rate: 12", 1)
    told = problems(f"{text}costs: {{currency: USD, people: {{nobody: {{}}}}, inflation: 3}}\n")
    assert {each.path for each in told} == {
        "streams.calls.arrivals.rate",
        "costs.people.nobody",
        "costs.inflation",
    }


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-03-02", 24, "2028-03-02"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_later(day: str, months: int, later: str) -> None:
    found = months_after(datetime.date.fromisoformat(day), months)
    assert found.isoformat() == later


def test_a_scenario_with_costs_is_otherwise_the_same(valid: str) -> None:
    costs = (
        "costs: {currency: USD, lines: {desk: {price: $5 per year}}}\nbusiness_case: {period: 12 months}\n"
    )
    without, with_costs = loads(valid), loads(valid + costs)
    assert with_costs.model_copy(update={"costs": None, "business_case": None}) == without
