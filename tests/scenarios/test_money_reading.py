"""Costs and a business case are read into their models, and written back as they were."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios import Problem, ScenarioError, from_dict, loads, open_scenario, resolved
from scenarios.business_case import About, BusinessCase, Churn, Claim, Once, Range, Running
from scenarios.costs import (
    Costs,
    Employment,
    LedgerRow,
    Line,
    Only,
    Overtime,
    Penalty,
    Vendor,
    employment_of,
)
from scenarios.explained import explained
from scenarios.model import Scenario
from scenarios.prices import DRIVERS, Price
from scenarios.ranges import UNSURE
from scenarios.resolved import plain_data
from scenarios.settings import settings_of
from scenarios.yaml_text import read_text
from tests.scenarios.money_text import MONEY
from tests.seeds import every_other

Day = datetime.date
Changes = dict[str, str]


@pytest.fixture
def scenario(money: str) -> Scenario:
    return loads(money)


@pytest.fixture
def costs(scenario: Scenario) -> Costs:
    assert scenario.costs is not None
    return scenario.costs


def test_nothing_is_wrong_with_it(money: str, problems: Callable[[str], list[Problem]]) -> None:
    assert problems(money) == []


def test_it_reads_back_to_the_same(scenario: Scenario) -> None:
    text = resolved(scenario)
    assert loads(text) == scenario
    assert resolved(loads(text)) == text
    assert from_dict(plain_data(scenario)) == scenario


def test_nothing_of_it_is_written_where_nothing_is_said(plan: str) -> None:
    assert not {"costs", "business_case"} & set(plain_data(loads(plan)))
    assert (loads(plan).costs, loads(plan).business_case) == (None, None)


def test_costs(costs: Costs) -> None:
    assert (costs.currency, costs.exchange, costs.price_year) == ("USD", {"EUR": 1.08, "GBP": 1.25}, 2025)
    assert (costs.inflation, costs.fiscal_year_starts) == (0.025, "apr")
    assert costs.none_of == ("training",)
    assert costs.ledger == (
        LedgerRow("6000", 2026, 1, 31250.1, 0),
        LedgerRow("6300", 2026, 2, -270.0, 7),  # 250 EUR at 1.08
    )


def test_people(costs: Costs) -> None:
    assert costs.people["all"] == Employment(
        contract_h_per_week=38.0,
        on_costs=0.22,
        overtime=Overtime(share=0.04, premium=0.5),
        attrition=0.3,
        hire=Price(4000.0, "EUR", "hire"),
        training_h=160.0,
        ramp_h=120.0,
        ledger=("6000", "6010"),
    )


def test_what_a_group_says_goes_before_what_is_said_of_all(costs: Costs) -> None:
    every = costs.people["all"]
    veterans = employment_of(costs, "veterans")
    assert veterans == every.model_copy(update={"attrition": 0.0, "ledger": ()})
    assert employment_of(costs, "team") == every
    assert employment_of(Costs(currency="USD"), "team") == Employment()
    alone = costs.model_copy(update={"people": {"team": Employment(on_costs=0.1)}})
    assert employment_of(alone, "team") == Employment(on_costs=0.1)
    assert employment_of(alone, "veterans") == Employment()


def test_what_a_group_does_not_say_is_not_said_after_writing_either(scenario: Scenario) -> None:
    again = loads(resolved(scenario)).costs
    assert again is not None
    assert scenario.costs is not None
    assert again.people["veterans"].model_fields_set == {"attrition", "ledger"}
    assert employment_of(again, "veterans") == employment_of(scenario.costs, "veterans")


def test_a_default_that_a_group_says_holds_against_all(money: str) -> None:
    """40 hours are what a contract has where nothing is said, and here something is said."""
    changed = loads(money.replace("veterans: {attrition: 0%", "veterans: {contract: 40 h/week"))
    again = loads(resolved(changed))
    for each in (changed, again):
        assert each.costs is not None
        assert employment_of(each.costs, "veterans").contract_h_per_week == 40.0
        assert employment_of(each.costs, "team").contract_h_per_week == 38.0


def test_lines(costs: Costs) -> None:
    assert costs.lines["desk"] == Line(
        price=Price(80000.0, "USD", months=12), kind="tools", escalates=0.03, ledger=("6300",)
    )
    assert costs.lines["seats"] == Line(
        price=Price(95.0, "USD", "seat", 10.0, 1), kind="tools", only=Only("group", ("team",))
    )
    assert costs.lines["licence"].price == Price(1200.0, "GBP", "FTE", 1.0, 3)
    assert costs.lines["tries"].price == Price(10.0, "USD", "attempt", 1000.0)
    assert costs.lines["voice"].only == Only("channel", ("phone", "chat"))
    assert (costs.lines["lost"].kind, costs.lines["lost"].only, costs.lines["lost"].ledger) == (
        "other",
        None,
        (),
    )
    assert {line.price.driver for line in costs.lines.values()} == {"", *DRIVERS}


def test_how_lines_behave(costs: Costs) -> None:
    behave = {name: line.price.behaves for name, line in costs.lines.items()}
    assert [name for name, how in behave.items() if how == "fixed"] == ["desk", "rent"]
    assert [name for name, how in behave.items() if how == "step"] == ["seats", "licence", "job_ads"]


def test_vendors(costs: Costs) -> None:
    assert costs.vendors == {
        "acme": Vendor(
            group="partner",
            price=Price(5.5, "USD", "contact"),
            minimum=Price(20000.0, "USD", months=1),
            penalty=Penalty(queue="phone", below=0.8, credit=0.05),
            notice_months=3,
            ledger=("6500",),
        )
    }


def test_the_business_case(scenario: Scenario) -> None:
    assert scenario.business_case == BusinessCase(
        period_months=24,
        discount_rate=0.08,
        start=Day(2026, 4, 6),
        ramp_months=3,
        holds="heads",
        once={
            "build": Once(amount=40000.0, currency="EUR", on=Day(2026, 3, 16)),
            "teach": Once(amount=500.0, currency="USD"),
        },
        running={"maintenance": Running(price=Price(1500.0, "USD", months=1))},
        contract_flex={"team": 2},
        planned_hires={"team": 1, "veterans": 0},
        ranges={
            "effect": Range(0.5, 1.0, 1.2),
            "volume": Range(1.1, 1.0, 0.9),
            "handle_time": Range(0.9, 1.0, 1.1),
            "pay": Range(0.95, 1.0, 1.05),
            "attrition": Range(0.0, 1.0, 1.5),
            "once": Range(1.5, 1.0, 0.9),
            "running": Range(1.2, 1.0, 1.0),
            "delay_months": Range(3.0, 0.5, 0.0),
        },
        churn=Churn(per_point=0.001, expands=0.0005),
        claim=Claim(
            contacts_per_year=120_000,
            counts="offered",
            deflects=0.2,
            cost_per_contact=6.0,
            currency="USD",
            reinvested=40000.0,
            start=Day(2026, 5, 1),
            about=About(share=0.3, bounces=0.25, handle_time=1.6, marginal_cost=5.0, currency="USD"),
        ),
    )
    assert tuple(scenario.business_case.ranges) == UNSURE


def test_a_case_that_says_nothing_has_the_defaults(money: str) -> None:
    text = f"{money[: money.index('business_case:')]}business_case: {{}}\n"
    assert loads(text).business_case == BusinessCase()
    assert loads(resolved(loads(text))).business_case == BusinessCase()


MOVED = [
    # a place, and another value for it
    ("costs.exchange.EUR", "1.1"),
    ("costs.price_year", "2026"),
    ("costs.inflation", "3%"),
    ("costs.fiscal_year_starts", "jul"),
    ("costs.people.all.contract", "40 h/week"),
    ("costs.people.all.on_costs", "23%"),
    ("costs.people.all.overtime.share", "5%"),
    ("costs.people.all.overtime.premium", "25%"),
    ("costs.people.all.attrition", "31%"),
    ("costs.people.all.hire", "4100 EUR per hire"),
    ("costs.people.all.training", "161 h"),
    ("costs.people.all.ramp", "121 h"),
    ("costs.people.all.ledger", "[6000]"),
    ("costs.people.veterans.attrition", "1%"),
    ("costs.lines.desk.price", "$80000 per quarter"),
    ("costs.lines.desk.kind", "other"),
    ("costs.lines.seats.price", "$95 per 20 seats per month"),
    ("costs.lines.voice.only", "{queue: phone}"),
    ("costs.lines.desk.escalates", "4%"),
    ("costs.lines.desk.ledger", "[6300, 6301]"),
    ("costs.vendors.acme.price", "$0.7 per minute"),
    ("costs.vendors.acme.minimum", "$20000 per quarter"),
    ("costs.vendors.acme.penalty.below", "81%"),
    ("costs.vendors.acme.penalty.credit", "6%"),
    ("costs.vendors.acme.notice", "4 months"),
    ("costs.vendors.acme.ledger", "[]"),
    ("costs.none_of", "[]"),
    ("costs.ledger", "[{account: 6000, month: 2026-02, amount: 1}]"),
    ("business_case.period", "25 months"),
    ("business_case.discount_rate", "9%"),
    ("business_case.from", "2026-04-07"),
    ("business_case.ramp", "4 months"),
    ("business_case.holds", "service"),
    ("business_case.once.build.amount", "40001 EUR"),
    ("business_case.once.build.on", "2026-03-17"),
    ("business_case.running.maintenance.price", "$1501 per month"),
    ("business_case.contract_flex.team", "3"),
    ("business_case.planned_hires.veterans", "1"),
    ("business_case.ranges.effect.low", "51%"),
    ("business_case.ranges.delay_months.low", "4"),
    ("business_case.churn.per_point", "0.2%"),
    ("business_case.churn.expands", "0.06%"),
    ("business_case.claim.contacts", "120001"),
    ("business_case.claim.counts", "attempts"),
    ("business_case.claim.deflects", "21%"),
    ("business_case.claim.cost_per_contact", "$6.01"),
    ("business_case.claim.reinvested", "$40001"),
    ("business_case.claim.from", "2026-05-02"),
    ("business_case.claim.about.share", "31%"),
    ("business_case.claim.about.bounces", "26%"),
    ("business_case.claim.about.handle_time", "161%"),
    ("business_case.claim.about.marginal_cost", "$5.01"),
]


@pytest.mark.parametrize("moved", every_other(MOVED), ids=[place for place, _ in MOVED])
def test_every_key_moved_shows_in_the_text(money: str, scenario: Scenario, moved: tuple[str, str]) -> None:
    """One line or several of the resolved text differ, and it still reads back to the same."""
    place, value = moved
    changed = loads(money, settings=settings_of(f"{place}={value}"))
    assert changed != scenario
    assert resolved(changed) != resolved(scenario)
    assert loads(resolved(changed)) == changed


def test_another_currency_needs_the_rate_of_the_first(money: str, scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="is in USD, and costs in CHF; add USD to"):
        loads(money, settings=settings_of("costs.currency=CHF"))
    texts = ("costs.currency=CHF", "costs.exchange.USD=0.9")
    changed = loads(money, settings=[each for text in texts for each in settings_of(text)])
    assert changed.costs is not None
    assert (changed.costs.currency, changed.costs.ledger[0].amount) == ("CHF", 31250.1)
    assert loads(resolved(changed)) == changed


def test_no_key_is_left_out() -> None:
    """All keys of a full scenario are moved above, but those that say to what a part belongs."""
    belong = {"costs.currency", "costs.vendors.acme.group", "costs.vendors.acme.penalty.queue"}
    written = {_pattern(place) for place in _places(read_text(MONEY).data)}
    assert written - {_pattern(place) for place in belong} == {_pattern(place) for place, _ in MOVED}


_MAPS = (
    "people",
    "lines",
    "vendors",
    "once",
    "running",
    "ranges",
    "exchange",
    "contract_flex",
    "planned_hires",
)


def _places(data: Any) -> Iterator[str]:
    """The places of all values in the sections of money."""
    for section in ("costs", "business_case"):
        yield from _below(section, data[section])


def _below(place: str, data: Any) -> Iterator[str]:
    if isinstance(data, dict) and not place.endswith(".only"):
        for key, each in data.items():
            yield from _below(f"{place}.{key}", each)
    else:
        yield place


def _pattern(place: str) -> str:
    """A place without the names in it; of a range any end stands for all."""
    section, key, *rest = place.split(".")
    if key not in _MAPS:
        return place
    return f"{section}.{key}" if key == "ranges" else ".".join([section, key, "NAME", *rest[1:]])


def test_each_value_is_explained(tmp_path: Path, money: str) -> None:
    (tmp_path / "s.yaml").write_text(money, encoding="utf-8")
    opened = open_scenario(tmp_path / "s.yaml")
    assert opened.scenario is not None
    told = {
        line.text.strip().split(":")[0]: line.origin
        for line in explained(opened.scenario, opened.layers, ("costs", "vendors", "acme"))
        if line.origin
    }
    first = money.splitlines().index("    acme:") + 2
    assert told == {
        "group": f"line {first}",
        "price": f"line {first + 1}",
        "minimum": f"line {first + 2}",
        "penalty": f"line {first + 3}",
        "notice": f"line {first + 4}",
        "ledger": f"line {first + 5}",
    }


def test_what_is_not_said_is_a_default(tmp_path: Path, money: str) -> None:
    (tmp_path / "s.yaml").write_text(money, encoding="utf-8")
    opened = open_scenario(tmp_path / "s.yaml")
    assert opened.scenario is not None
    lines = explained(opened.scenario, opened.layers, ("costs", "lines", "lost"))
    assert ["default" in line.origin for line in lines if "kind" in line.text] == [True]


def test_several_mistakes_are_told_at_once(money: str) -> None:
    mistakes = {
        "fiscal_year_starts: apr": "fiscal_year_starts: april",
        "on_costs: 22%": "on_costs: 122%",
        "premium: 50%": "premium: lots",
        "price: $80000 per year": "price: 80000 per year",
        "only: {queue: phone}": "only: {queues: phone}",
        "notice: 3 months": "notice: 3",
        "amount: -250": "amount: none",
        "period: 2 years": "period: 2",
        "price: $1500 per month": "price: $1500 per hire",
        "team: 2": "team: two",
        "volume: {low: 110%": "volume: {low: 80%",
        "deflects: 20%\n    cost_per": "deflects: 20\n    cost_per",
    }
    for old, new in mistakes.items():
        assert old in money
        money = money.replace(old, new, 1)
    with pytest.raises(ScenarioError) as raised:
        loads(money)
    assert [problem.path for problem in raised.value.problems if problem.severity == "error"] == [
        "costs.fiscal_year_starts",
        "costs.people.all.on_costs",
        "costs.people.all.overtime.premium",
        "costs.lines.desk.price",
        "costs.lines.bot.only.queues",
        "costs.vendors.acme.notice",
        "costs.ledger[1].amount",
        "business_case.period",
        "business_case.running.maintenance.price",
        "business_case.contract_flex.team",
        "business_case.ranges.volume",
        "business_case.claim.deflects",
    ]


def test_python_may_give_numbers() -> None:
    assert BusinessCase(period_months=12, ranges={"pay": Range(1.1, 1.0, 0.9)}).period_months == 12
    line = Line(price=Price(1.0, "USD", "contact"), only=Only("queue", ("phone",)))
    assert line.only == Only("queue", ("phone",))
    assert Once(amount=40.0, currency="USD").amount == 40.0
    with pytest.raises(ValueError, match="outside 1 to 120"):
        BusinessCase(period_months=121)
    with pytest.raises(ValueError, match="write a price for a time"):
        Running(price=Price(1.0, "USD", "contact"))
