"""Costs and a business case in layers: files below, overrides, settings, null, and what differs."""

from pathlib import Path

import pytest

from scenarios import ScenarioError, load, loads, open_scenario
from scenarios.business_case import Range
from scenarios.costs import Only, employment_of
from scenarios.difference import difference
from scenarios.layers import is_one_value
from scenarios.prices import Price
from scenarios.settings import settings_of


@pytest.fixture
def base(tmp_path: Path, money: str) -> Path:
    (tmp_path / "base.yaml").write_text(money, encoding="utf-8")
    return tmp_path


def extending(base: Path, text: str) -> Path:
    path = base / "more.yaml"
    path.write_text(f"extends: base.yaml\n{text}", encoding="utf-8")
    return path


def test_a_file_above_adds_and_replaces(base: Path) -> None:
    changed = load(
        extending(
            base,
            "costs:\n"
            "  people: {team: {on_costs: 30%}}\n"
            "  lines:\n"
            "    desk: {price: $70000 per year}\n"
            "    voice: {only: {queue: phone}}\n"
            "    more: {price: $1 per case}\n"
            "  none_of: [training]\n"
            "business_case:\n"
            "  ranges: {effect: {low: 0%, expected: 100%, high: 100%}}\n"
            "  contract_flex: {team: 9}\n",
        )
    )
    assert changed.costs is not None
    assert changed.business_case is not None
    desk = changed.costs.lines["desk"]
    assert (desk.price, desk.kind) == (Price(70000.0, "USD", months=12), "tools")
    assert changed.costs.lines["voice"].only == Only("queue", ("phone",))  # one value, which replaces
    assert changed.costs.lines["more"].price == Price(1.0, "USD", "case")
    assert changed.costs.none_of == ("training",)
    team = employment_of(changed.costs, "team")
    assert (team.on_costs, team.attrition) == (0.3, 0.3)
    assert changed.business_case.ranges["effect"] == Range(0.0, 1.0, 1.0)
    assert changed.business_case.ranges["volume"] == Range(1.1, 1.0, 0.9)
    assert changed.business_case.contract_flex == {"team": 9}


def test_a_range_laid_over_needs_all_of_it(base: Path) -> None:
    told = open_scenario(extending(base, "business_case: {ranges: {pay: {high: 110%}}}\n")).problems
    assert {each.path for each in told} == {
        "business_case.ranges.pay.low",
        "business_case.ranges.pay.expected",
    }


def test_null_takes_parts_keys_and_sections_away(base: Path) -> None:
    some = load(
        extending(
            base,
            "costs: {price_year: null, lines: {desk: null}, vendors: {acme: null}, ledger: null,\n"
            "  people: {all: {hire: null}, veterans: null}}\n"
            "business_case: {once: {build: null, teach: null}, churn: null, claim: {about: null}}\n",
        )
    )
    assert some.costs is not None
    assert some.business_case is not None
    assert "desk" not in some.costs.lines
    assert (some.costs.vendors, some.costs.ledger, some.costs.price_year) == ({}, (), None)
    assert list(some.costs.people) == ["all"]
    assert some.costs.people["all"].hire is None
    assert (some.business_case.once, some.business_case.churn) == ({}, None)
    assert some.business_case.claim is not None
    assert some.business_case.claim.about is None
    assert load(extending(base, "business_case: null\n")).business_case is None
    none = load(extending(base, "business_case: null\ncosts: null\n"))
    assert (none.costs, none.business_case) == (None, None)


def test_a_case_whose_costs_are_taken_away_is_told(base: Path) -> None:
    told = open_scenario(extending(base, "costs: null\n")).problems
    assert [each.path for each in told] == ["business_case"]


def test_settings_reach_it(money: str) -> None:
    texts = [
        "costs.lines.desk.price={multiply: 1.1}",
        "costs.people.all.on_costs={add: 3%}",
        "costs.people.veterans.attrition=5%",
        "costs.vendors.acme.minimum=$1 per month",
        "costs.exchange.EUR=1.2",
        "business_case.once.build.amount={multiply: 2}",
        "business_case.ranges.effect={multiply: 0.5}",
        "business_case.ramp={add: 1 months}",
        "groups.engineers.pay={multiply: 2}",
    ]
    changed = loads(money, settings=[each for text in texts for each in settings_of(text)])
    assert changed.costs is not None
    assert changed.business_case is not None
    assert changed.costs.lines["desk"].price == Price(88000.0, "USD", months=12)
    assert changed.costs.people["all"].on_costs == 0.25
    assert changed.costs.people["veterans"].attrition == 0.05
    assert changed.costs.exchange["EUR"] == 1.2
    assert changed.business_case.once["build"].amount == 80000.0
    assert changed.business_case.ranges["effect"] == Range(0.25, 0.5, 0.6)
    assert changed.business_case.ramp_months == 4
    pay = changed.groups["engineers"].pay
    assert pay is not None
    assert (pay.amount_per_year, pay.hours_per_week) == (93600.0, 38.0)


def test_thousands_are_not_taken_for_decimals(money: str) -> None:
    """$46,800 × 2 is $93,600, not $92,800."""
    doubled = settings_of("business_case.claim.reinvested={multiply: 1.5}")
    changed = loads(money, settings=doubled).business_case
    assert changed is not None
    assert changed.claim is not None
    assert changed.claim.reinvested == 60000.0
    with pytest.raises(ScenarioError, match="is not an amount that can be changed"):
        loads(
            money.replace("lead: 14 days", "lead: 1,400 min"),
            settings=settings_of("remedies.clear_invoice.lead={multiply: 2}"),
        )


def test_a_range_of_settings_makes_versions(money: str) -> None:
    settings = settings_of("costs.lines.desk.price=$80000..$90000 by $5000 per year")
    amounts = [loads(money, settings=[each]).costs for each in settings]
    assert [each.lines["desk"].price.amount for each in amounts if each] == [80000.0, 85000.0, 90000.0]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("costs.lines.desc.price: $1 per year", "there is no cost line 'desc'; did you mean 'desk'"),
        ("costs.people.teem.on_costs: 1%", "there is no group among people 'teem'"),
        ("costs.vendors.acmee.notice: 1 month", "there is no vendor 'acmee'; did you mean 'acme'"),
        ("business_case.once.bild.amount: $1", "there is no cost paid once 'bild'; did you mean 'build'"),
        ("business_case.running.care.price: $1", "there is no running cost 'care'"),
    ],
)
def test_an_override_of_a_part_that_is_not_there_is_told(money: str, override: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        loads(money + f"overrides: {{x: {{{override}}}}}\n", overrides=["x"])


def test_an_override_adds_a_part(money: str) -> None:
    added = (
        "overrides: {x: {costs.lines.more: {price: $1 per contact}, business_case.once.more: {amount: $9}}}\n"
    )
    changed = loads(money + added, overrides=["x"])
    assert changed.costs is not None
    assert changed.business_case is not None
    assert changed.costs.lines["more"].price == Price(1.0, "USD", "contact")
    assert changed.business_case.once["more"].amount == 9.0


@pytest.mark.parametrize("name", ["only", "months", "agents", "after"])
def test_a_part_may_have_the_name_of_a_key_that_is_one_value(money: str, name: str) -> None:
    added = f"overrides: {{x: {{costs.lines: {{{name}: {{price: $2 per contact}}}}}}}}\n"
    line = f"    {name}: {{price: $1 per contact, kind: tools}}\n"
    changed = loads(money.replace("  lines:\n", f"  lines:\n{line}", 1) + added, overrides=["x"])
    assert changed.costs is not None
    assert (changed.costs.lines[name].price.amount, changed.costs.lines[name].kind) == (2.0, "tools")
    assert not is_one_value(("costs", "lines", name))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("on_costs: 22%", "on_costs: 23%", ["costs.people.all.on_costs: 22% → 23%"]),
        (
            "price: $80000 per year",
            "price: $90000 per year",
            ["costs.lines.desk.price: 80000 USD per year → 90000 USD per year"],
        ),
        ("    lost: {price: $3 per abandoned contact}\n", "", ["costs.lines.lost: removed"]),
        ("    veterans: {attrition: 0%, ledger: []}\n", "", ["costs.people.veterans: removed"]),
        ("teach: {amount: $500}", "learn: {amount: $500}", None),
        ("amount: 31250.1", "amount: 31250.2", ["costs.ledger[0].amount: 31250.1 → 31250.2"]),
        ("ramp: 3 months", "ramp: 1 quarter", []),
        ("  price_year: 2025\n", "", ["costs.price_year: 2025 → none"]),
    ],
)
def test_what_differs_is_told_part_by_part(money: str, old: str, new: str, lines: list[str] | None) -> None:
    assert money.count(old) == 1
    found = difference(loads(money), loads(money.replace(old, new)))
    assert found == (
        ["business_case.once.teach: removed", "business_case.once.learn: added"] if lines is None else lines
    )
