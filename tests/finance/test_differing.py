"""What costs otherwise from the change on, whatever its effect: a line more, another price, other pay."""

import numpy as np
import pytest

from reports.finance.case import PEOPLE, CaseModel, Differing, changed_name, flows, saved_name
from reports.finance.model import case_model
from reports.finance.quantities import Quantities
from reports.finance.unsure import distribution_of, worth
from scenarios import from_dict
from scenarios.business_case import BusinessCase
from scenarios.resolved import plain_data
from tests.finance.made_up import counted, grid, life


def changed(**parts: object) -> Quantities:
    """Quantities of the scenario with other parts of its cost model, or of its groups."""
    data = plain_data(life())
    costs, groups = {**data["costs"]}, data["groups"]
    if "lines" in parts:
        costs["lines"] = {**costs["lines"], **parts["lines"]}  # type: ignore[dict-item]
    if "pay" in parts:
        groups = {**groups, "team": {**groups["team"], "pay": parts["pay"]}}
    found = counted(1, 1.0)
    return found._replace(scenario=from_dict({**data, "costs": costs, "groups": groups}))


def model_of(after: Quantities) -> CaseModel:
    scenario = life()
    assert scenario.costs is not None
    assert scenario.business_case is not None
    return case_model(counted(1, 1.0), after, scenario.costs, scenario.business_case, grid(1))


def by_month(model: CaseModel, line: str, effect: float = 1.0) -> list[float]:
    return [round(float(each), 2) for each in flows(model, {"effect": effect}).lines[changed_name(line)][0]]


def test_nothing_differs_where_costs_are_the_same() -> None:
    assert model_of(counted(1, 1.0)).differing == ()


@pytest.mark.parametrize("effect", [0.0, 0.5, 1.0])
def test_a_tool_more_is_paid_from_the_change_on_whatever_its_effect(effect: float) -> None:
    """$1,200 a year is $100 a month; the change comes on 13 April, of which 18 days are left."""
    tool = {"bot": {"kind": "tools", "price": "$1200 per year", "escalates": "0%"}}
    found = by_month(model_of(changed(lines=tool)), "bot", effect)
    assert found[0] == 0.0
    assert found[1] == pytest.approx(-100 * 18 / 30)
    assert found[2:] == pytest.approx([-100.0] * 22)


def test_a_line_that_gets_cheaper_is_saved_and_rises_with_prices() -> None:
    """$12,000 a year less; the price year is 2026, and prices rise by 2.5 % a year."""
    less = {"desk": {"kind": "tools", "price": "$68000 per year"}}
    found = by_month(model_of(changed(lines=less)), "desk")
    assert found[2] == pytest.approx(1000.0)
    assert found[10] == pytest.approx(1025.0)  # January of the year after


def test_another_price_of_what_varies_is_a_saving_that_grows_with_the_effect() -> None:
    """Half the price of a minute saves half of what minutes cost, where as many are worked."""
    half = {"telephony": {"kind": "telephony", "price": "0.0585 EUR per minute", "escalates": "0%",
                          "only": {"channel": "phone"}}}  # fmt: skip
    model = model_of(changed(lines=half))
    full, part = (flows(model, {"effect": effect}).lines[saved_name("telephony")][0] for effect in (1.0, 0.5))
    assert full[-1] > 0
    assert part == pytest.approx(full / 2.0)


def test_other_pay_costs_more_whoever_is_held() -> None:
    pay = life().groups["team"].pay
    assert pay is not None
    dearer = changed(pay=f"{pay.amount_per_hour + 1.0:g} {pay.currency}/h")
    model = model_of(dearer)
    names = [each.name for each in model.differing]
    assert names
    for holds in ("service", "heads"):
        lines = flows(model._replace(holds=holds), {}).lines
        assert all(lines[changed_name(name)][0][-1] < 0 for name in names)


def test_who_goes_saves_the_pay_that_there_is_after_the_change() -> None:
    """What other pay costs for all is a line of its own: both together are the old bill less the new one."""
    before, dearer = (changed(pay=f"${hourly}/h") for hourly in (20, 24))
    scenario = before.scenario
    assert scenario.costs is not None
    assert scenario.business_case is not None
    model = case_model(before, dearer, scenario.costs, scenario.business_case, grid(1))
    (team,) = [each for each in model.people if each.name == "team"]
    assert team.hourly == 24.0
    found = flows(model, {})
    gone = float(found.cashed[0, model.people.index(team), -1])
    assert gone > 0
    assert found.lines[PEOPLE][0, -1] == pytest.approx(gone * team.monthly * 1.025 ** model.years[-1])


def test_a_line_for_people_that_the_change_ends_is_not_saved_twice() -> None:
    after = changed()
    costs = after.scenario.costs
    assert costs is not None
    others = {name: each for name, each in costs.lines.items() if name != "licences"}
    ended = after.scenario.model_copy(update={"costs": costs.model_copy(update={"lines": others})})
    model = model_of(after._replace(scenario=ended))
    assert [each.name for each in model.by_person] == []
    assert by_month(model, "licences")[-1] > 0.0


def test_draws_are_of_all_replications_where_only_prices_differ() -> None:
    rows = np.array([[0.0], [300.0], [600.0]]) * np.ones((1, 24))
    model = model_of(counted(1, 1.0))._replace(
        holds="heads", varying=(), differing=(Differing("tool", rows, rows, 0.0),)
    )
    found = distribution_of(model, BusinessCase(), 1, 3000)
    assert found.p10 < found.p50 < found.p90
    assert found.mean == pytest.approx(float(worth(model, {})[0]), rel=0.05)
