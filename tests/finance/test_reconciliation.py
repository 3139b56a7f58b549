"""However costs are split, the parts add up to the total, to the cent."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.allocation import NOT_ASSIGNED, dimensions_of, split
from reports.finance.cost_to_serve import by_part, in_all
from reports.finance.lines import Bill, bill_of
from reports.finance.months import months_of
from reports.finance.people import hours_of_pay
from reports.finance.quantities import Quantities, keys_of, quantities_of
from scenarios import Scenario, from_dict, loads
from scenarios.costs import Costs
from sim.explain.watch import Chances
from sim.roadmap.follow import plan_by_day
from tests.scenarios.life_text import LIFE

CENT = Decimal("0.01")
PRICES = (
    "per year", "per month", "per seat per month", "per 2 FTE per quarter", "per contact", "per minute",
    "per case", "per solved case", "per abandoned contact", "per late resolution", "per late first response",
    "per hire",
)  # fmt: skip
ONLY: Mapping[str, tuple[object, ...]] = {
    "per contact": ({"channel": ["phone"]}, {"queue": ["phone"]}, {"stream": ["calls"]}),
    "per minute": ({"group": ["team"]}, {"channel": ["phone", "chat"]}),
    "per case": ({"severity": ["S1", "S2"]}, {"root_cause": "billing"}, {"tier": ["vip"]}),
    "per year": ({"root_cause": ["how_to"]}, {"group": ["team"]}),
}
"""Parts that some prices are for."""


@cache
def life() -> Scenario:
    return loads(LIFE)


@cache
def keys() -> tuple[tuple[str, str, str], ...]:
    return tuple(keys_of(plan_by_day(life())))


def lines(draw: st.DrawFn) -> dict[str, object]:
    """Cost lines of random prices."""
    found = dict[str, object]()
    for n in range(draw(st.integers(1, 5))):
        what = draw(st.sampled_from(PRICES))
        amount = draw(st.integers(0, 10_000_000)) / 1000
        only = draw(st.sampled_from((None, *ONLY.get(what, ()))))
        found[f"line {n}"] = {"price": f"{amount} USD {what}", **({"only": only} if only else {})}
    return found


@st.composite
def costs(draw: st.DrawFn) -> Costs:
    """Random cost models in one currency."""
    people = {"all": {"on_costs": draw(st.sampled_from(["0%", "22%", "33.3%"])), "attrition": "30%"}}
    data = {"currency": "USD", "exchange": {"EUR": 1.0837}, "inflation": "3%", "people": people}
    text = {**data, "lines": lines(draw)}
    scenario = from_dict({**_plain(), "costs": text})
    assert scenario.costs is not None
    return scenario.costs


@cache
def _plain() -> dict[str, object]:
    from scenarios.resolved import plain_data

    return plain_data(life())


@st.composite
def counted(draw: st.DrawFn) -> Quantities:
    """Random counts of everything, nothing at all included."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    months = months_of(life().calendar)
    shape = (2, len(keys()), len(months))
    above = rng.integers(0, 10 ** draw(st.integers(0, 6)), shape).astype(float)
    above *= rng.random(shape) < draw(st.sampled_from([0.0, 0.3, 1.0]))
    return Quantities(life(), months, keys(), above, above + rng.integers(0, 50, shape))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(found=counted(), model=costs())
def test_all_dimensions_add_up_to_the_same_total(found: Quantities, model: Costs) -> None:
    bill = bill_of(found, model)
    assert_reconciles(bill, found)
    for line in bill.lines:
        assert line.total == sum(line.months, Decimal(0))
        exact = float(line.amounts.sum(axis=1).mean())
        assert abs(float(line.total) - exact) <= 0.0051 + 1e-9 * abs(exact)


def assert_reconciles(bill: Bill, found: Quantities) -> None:
    """By channel = by severity = by cause = by group = by segment = the total; months too."""
    assert set(dimensions_of(found)) == {"channel", "stream", "severity", "tier", "root_cause", "group"}
    for dimension in dimensions_of(found):
        parts = split(bill, found, dimension)
        assert parts.whole == bill.total
        for n, line in enumerate(bill.lines):
            assert sum((amounts[n] for amounts in parts.parts.values()), Decimal(0)) == line.total
    for rows in by_part(bill, found).values():
        assert sum((row.cost for row in rows), Decimal(0)) == in_all(bill, found).cost
    months = zip(*(line.months for line in bill.lines), strict=True)
    assert sum((amount for month in months for amount in month), Decimal(0)) == bill.total


def test_a_simulated_scenario_reconciles() -> None:
    scenario = from_dict(
        {**_plain(), "costs": {"currency": "USD", "lines": {
            "tools": {"price": "$80000 per year"},
            "calls": {"price": "$0.117 per minute", "only": {"channel": "phone"}},
            "late": {"price": "$12.34 per late resolution", "only": {"severity": ["S1", "S3"]}},
        }}}
    )  # fmt: skip
    assert scenario.costs is not None
    found = quantities_of(scenario, Chances(3, 3, 2))
    bill = bill_of(found, scenario.costs)
    assert_reconciles(bill, found)
    by_channel = split(bill, found, "channel")
    calls = [line.name for line in bill.lines].index("calls")
    assert by_channel.parts["phone"][calls] == bill.lines[calls].total
    assert not any(amounts[calls] for name, amounts in by_channel.parts.items() if name != "phone")


def test_what_nothing_was_done_for_stays_apart() -> None:
    months = months_of(life().calendar)
    nothing = np.zeros((2, len(keys()), len(months)))
    desk = {"currency": "USD", "lines": {"desk": {"price": "$10 per month"}}}
    scenario = from_dict({**_plain(), "costs": desk})
    assert scenario.costs is not None
    found = Quantities(scenario, months, keys(), nothing, nothing)
    bill = bill_of(found, scenario.costs)
    assert split(bill, found, "severity").parts[NOT_ASSIGNED] == tuple(line.total for line in bill.lines)
    assert bill.total > 0
    (priced,) = {line.total for line in bill.lines if line.name == "desk"}
    assert priced == bill.total


@pytest.mark.parametrize(("days", "price", "total"), [
    (365, "$80000 per year", "80000.00"),
    (365, "$1000 per month", "12000.00"),
    (31, "$1200 per year", "100.00"),
    (59, "$300 per quarter", "200.00"),
])  # fmt: skip
def test_money_for_a_time_is_exact(days: int, price: str, total: str) -> None:
    """A year from the fifth of January on is a whole year; January and February are two months."""
    data = _plain()
    start = "2026-01-05" if days == 365 else "2026-01-01"
    calendar = {**data["calendar"], "start": start, "days": days}  # type: ignore[dict-item]
    scenario = from_dict(
        {
            **data,
            "calendar": calendar,
            "costs": {"currency": "USD", "price_year": 2026, "lines": {"desk": {"price": price}}},
        }
    )
    assert scenario.costs is not None
    months = months_of(scenario.calendar)
    nothing = np.zeros((1, len(keys()), len(months)))
    bill = bill_of(Quantities(scenario, months, keys(), nothing, nothing), scenario.costs)
    (line,) = [line for line in bill.lines if line.name == "desk"]
    assert line.total == Decimal(total)


def test_pay_is_counted_as_people_cost_is() -> None:
    """Hours of pay × pay = the measure, standing by included; and they are there where not all are paid."""
    everybody = from_dict({**_plain(), "groups": _paid("$18/h")})
    found = quantities_of(everybody, Chances(5, 2, 2))
    for name, group in everybody.groups.items():
        assert group.pay is not None
        cost = found.sums("people_cost", "group", name)
        np.testing.assert_allclose(hours_of_pay(found, name) * group.pay.amount_per_hour, cost, rtol=1e-12)
    some = quantities_of(life(), Chances(5, 2, 2))
    assert not some.has(("people_cost", "group", "team"))
    np.testing.assert_array_equal(hours_of_pay(some, "team"), hours_of_pay(found, "team"))


def _paid(pay: str) -> dict[str, object]:
    groups = _plain()["groups"]
    assert isinstance(groups, dict)
    return {name: {"pay": pay, **each} for name, each in groups.items()}
