"""Prices of every kind, by hand: vendors, steps of people, rises of prices, currencies."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from reports.finance.lines import Bill, bill_of
from reports.finance.model import case_model
from reports.finance.months import fiscal_year, is_year, months_of, years_in
from reports.finance.people import people_employed
from reports.finance.quantities import Quantities
from scenarios import ScenarioError, from_dict
from scenarios.business_case import BusinessCase
from scenarios.costs import employment_of
from scenarios.resolved import plain_data
from tests.finance.made_up import counted, grid, keys, life

D = Decimal


def bill(costs: Mapping[str, Any], **sections: Any) -> tuple[Bill, Quantities]:
    """A bill of made-up counts by a cost model."""
    data = {key: each for key, each in plain_data(life()).items() if key not in ("costs", "business_case")}
    for path, value in sections.items():
        section, _, name = path.partition("__")
        data[section] = {**data[section], name: {**data[section].get(name, {}), **value}}
    scenario = from_dict({**data, "costs": {"currency": "USD", **costs}})
    found = counted(3, 1.0)._replace(scenario=scenario)
    assert scenario.costs is not None
    return bill_of(found, scenario.costs), found


def line(of: Bill, name: str) -> Decimal:
    return next(each.total for each in of.lines if each.name == name)


def vendor(**more: Any) -> dict[str, Any]:
    return {"vendors": {"partner": {"group": "veterans", "price": "$5.50 per contact", **more}}}


def test_a_vendor_s_contacts_are_priced_and_its_group_is_not_paid() -> None:
    of, found = bill(vendor())
    handled = found.sums("handled", "group", "veterans").sum(axis=1).mean()
    assert line(of, "vendor: partner") == D(str(round(handled * 5.5, 2))).quantize(D("0.01"))
    assert not any("veterans" in each for each in of.missing)


def test_a_minimum_is_held_in_each_month_of_each_course() -> None:
    of, found = bill(vendor(minimum="$17000 per month"))
    months = found.sums("handled", "group", "veterans") * 5.5
    least = 17000.0 * np.array([float(month.part) for month in found.months])
    assert np.any(months < least)
    assert np.any(months > least)
    assert float(line(of, "vendor: partner")) == pytest.approx(
        np.maximum(months, least).sum(axis=1).mean(), abs=0.01
    )


def test_a_penalty_is_given_back_for_months_below_the_service_that_was_promised() -> None:
    target = {"target": "80% in 20 s"}
    penalty = {"penalty": {"queue": "phone", "below": "98.9%", "credit": "10%"}}
    data = {key: each for key, each in plain_data(life()).items() if key not in ("costs", "business_case")}
    data["queues"] = {**data["queues"], "phone": {**data["queues"]["phone"], **target}}
    data["service_level"] = "offered"
    scenario = from_dict({**data, "costs": {"currency": "USD", **vendor(**penalty)}})
    months = months_of(scenario.calendar)
    level = ("service_level", "queue", "phone")
    rng = np.random.default_rng(1)
    every = (*keys(), level)
    above = rng.integers(900, 1000, (3, len(every), len(months))).astype(float)
    below = np.full(above.shape, 1000.0)
    found = Quantities(scenario, months, every, above, below)
    assert scenario.costs is not None
    bills = found.sums("handled", "group", "veterans") * 5.5
    short = above[:, -1] < 989
    assert 0 < short.sum() < short.size
    wanted = (bills * np.where(short, 0.9, 1.0)).sum(axis=1).mean()
    assert float(line(bill_of(found, scenario.costs), "vendor: partner")) == pytest.approx(wanted, abs=0.01)


def test_steps_are_begun_and_not_parts() -> None:
    one = {
        "lines": {
            "seats": {"price": "$95 per 10 seats per month"},
            "one": {"price": "$95 per seat per month"},
        }
    }
    of, _ = bill(one)
    heads = 20 + 1 + 2
    assert line(of, "one") == D(95 * 12 * heads)
    assert line(of, "seats") == D(95 * 12 * 3)


def test_people_of_a_vendor_are_not_employed() -> None:
    of, found = bill({**vendor(), "lines": {"tool": {"price": "$95 per 2 FTE per month"}}})
    costs = found.scenario.costs
    assert costs is not None
    own = [name for name in found.scenario.groups if name != "veterans"]
    people = sum(people_employed(found, name, employment_of(costs, name)) for name in own)
    assert line(of, "tool") == D(95 * 12 * math.ceil(people / 2))
    model = case_model(found, found, costs, BusinessCase(), grid(1))
    (by_person,) = model.by_person
    case = sum(each.employed for each in model.people if each.name in by_person.groups)
    assert by_person.others + case == pytest.approx(people)
    assert by_person.others > 0.0  # people without pay: the case changes none of them


def test_only_narrows_a_line_to_parts() -> None:
    of, found = bill({"lines": {
        "phone": {"price": "$1 per contact", "only": {"channel": "phone"}},
        "all": {"price": "$1 per contact"},
        "severe": {"price": "$10 per late resolution", "only": {"severity": ["S1", "S2"]}},
    }})  # fmt: skip
    assert float(line(of, "phone")) == pytest.approx(
        found.sums("handled", "stream", "calls").sum(axis=1).mean(), abs=0.01
    )
    assert float(line(of, "all")) == pytest.approx(found.sums("handled").sum(axis=1).mean(), abs=0.01)
    late = sum(found.missed("resolution_attainment", "severity", name) for name in ("S1", "S2"))
    assert float(line(of, "severe")) == pytest.approx(10 * np.asarray(late).sum(axis=1).mean(), abs=0.01)


def test_prices_rise_with_each_calendar_year_after_the_price_year() -> None:
    flat, _ = bill({"price_year": 2026, "lines": {"desk": {"price": "$12000 per year"}}})
    rising, found = bill({"price_year": 2026, "inflation": "10%", "lines": {
        "desk": {"price": "$12000 per year"}, "own": {"price": "$12000 per year", "escalates": "20%"},
    }})  # fmt: skip
    later = sum(month.part for month in found.months if month.year == 2027)
    assert line(flat, "desk") == D(12000)
    assert float(line(rising, "desk")) == pytest.approx(12000 + 100 * float(later), abs=0.006)
    assert float(line(rising, "own")) == pytest.approx(12000 + 200 * float(later), abs=0.006)


def test_other_currencies_count_at_their_rate() -> None:
    of, _ = bill(
        {"exchange": {"EUR": 1.0837}, "lines": {"desk": {"price": "1000 EUR per year"}}, "price_year": 2026}
    )
    assert line(of, "desk") == D("1083.70")
    with pytest.raises(ScenarioError, match="GBP"):
        bill({"lines": {"desk": {"price": "1000 GBP per year"}}})


def test_on_costs_overtime_and_people_who_come_and_go() -> None:
    people = {"on_costs": "20%", "overtime": {"share": "10%", "premium": "50%"},
              "attrition": "24%", "hire": "$4000 per hire", "training": "100 h", "ramp": "50 h",
              "contract": "40 h/week"}  # fmt: skip
    of, found = bill({"people": {"team": people}, "price_year": 2026})
    hours = found.sums("paid_hours", "group", "team").sum(axis=1).mean()
    fte = hours / (40 * 365 / 7)
    assert float(line(of, "pay: team")) == pytest.approx(hours * 20, abs=0.01)
    assert float(line(of, "on-costs: team")) == pytest.approx(hours * 4, abs=0.01)
    assert float(line(of, "overtime premium: team")) == pytest.approx(hours * 1, abs=0.01)
    assert float(line(of, "hiring: team")) == pytest.approx(fte * 0.24 * 4000, abs=0.01)
    assert float(line(of, "training and ramp: team")) == pytest.approx(fte * 0.24 * 150 * 24, abs=0.01)


def test_refunds_are_for_each_case_of_a_cause() -> None:
    of, found = bill({"price_year": 2026}, causes__billing={"refund": "$7.50"})
    cases = found.sums("cases", "root_cause", "billing").sum(axis=1).mean()
    assert float(line(of, "refunds: billing")) == pytest.approx(7.5 * cases, abs=0.01)


def test_what_a_model_lacks_is_told() -> None:
    of, _ = bill({"people": {"team": {"attrition": "30%"}}})
    told = "; ".join(of.missing)
    for words in (
        "pay of veterans, engineers",
        "on-costs of team",
        "cost of hiring of team",
        "telephony",
        "vendors",
    ):
        assert words in told
    assert "facilities" not in "; ".join(bill({"none_of": ["facilities"]})[0].missing)


def test_months_and_years_of_a_horizon() -> None:
    months = months_of(life().calendar)
    assert [month.label for month in months][:2] == ["2026-03", "2026-04"]
    assert sum(month.days for month in months) == 365
    assert sum(month.part for month in months) == 12
    assert (is_year(life().calendar), years_in(life().calendar)) == (True, 1)
    assert [fiscal_year(2026, m, "apr") for m in (3, 4)] == ["FY2026", "FY2027"]
    assert fiscal_year(2026, 12, "jan") == "FY2026"
