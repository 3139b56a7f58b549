"""A study as people see it: sentences, tables, notes, the page, JSON."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest

from reports.blocks import Block
from reports.finance.bridge import WHY, deflected
from reports.finance.card import blocks_of, card_of, notes_of
from reports.finance.case_blocks import CASE
from reports.finance.folder import frames_of, study_json
from reports.finance.lines import bill_of
from reports.finance.notes import notes_of_case
from reports.finance.page import page_of
from reports.finance.quantities import quantities_of
from reports.finance.results import Case, Study
from reports.finance.study import assembled, held_fixed
from reports.finance.unsure import expected_of
from reports.finance.words import answer_of
from scenarios import loads
from scenarios.settings import settings_of
from sim.explain.watch import Chances
from sim.headcount.surface import value_at
from tests.finance.desk_text import DESK
from tests.finance.made_up import study


@pytest.fixture(scope="module")
def made() -> Study:
    return study()


def case_of(made: Study) -> Case:
    assert made.case is not None
    return made.case


def block(made: Study, title: str) -> Block:
    (found,) = [each for each in blocks_of(made) if each.title == title]
    return found


def cells(found: Block) -> dict[str, list[str]]:
    return {row.label: [str(cell.words) for cell in row.cells] for row in found.rows}


def test_steps_of_the_bridge_add_up_and_all_are_explained(made: Study) -> None:
    bridge = case_of(made).bridge
    assert [step.name for step in bridge.steps] == list(WHY)
    assert all(step.why == WHY[step.name] for step in bridge.steps)
    differences = sum((step.difference for step in bridge.steps[1:]), bridge.steps[0].amount)
    assert differences == bridge.honest
    assert bridge.honest == sum(case_of(made).headline.net[:12], Decimal(0))


def test_without_a_claim_the_bridge_starts_from_what_the_change_takes_away(made: Study) -> None:
    from reports.finance.bridge import Cash, bridge_to_cash

    case = case_of(made)
    cash = Cash(case.headline.flows, expected_of(case.terms), case.headline.cash)
    found = bridge_to_cash(case.model, cash, case.seen, None)
    assert found.steps[0].name == "deflection base"
    full = float(made.before.bill.total) / made.before.whole.volume.contacts
    assert float(found.steps[0].amount) == pytest.approx(case.seen.gross * full, abs=0.01)


def test_what_a_change_takes_away_is_told_a_year(made: Study) -> None:
    assert made.after is not None
    seen = deflected(made.before.found, made.after.found, made.before.bill)
    before, after = made.before.whole.volume, made.after.whole.volume
    assert seen.net == pytest.approx(before.contacts - after.contacts)
    assert seen.minutes_saved == pytest.approx(before.minutes - after.minutes)
    bounced = [float(each.found.sums("bounced").sum(axis=1).mean()) for each in (made.before, made.after)]
    assert seen.gross == pytest.approx(seen.net + bounced[1] - bounced[0])


def test_the_claim_stands_beside_what_is_left_of_it(made: Study) -> None:
    found = cells(block(made, "The claim by itself"))
    assert found["Claimed"][1] == "$144,000.00"
    assert found["Only what falls with a contact"][1] == "$16,200.00"
    assert found["Claimed, after $40,000 are reinvested"][1] == "$104,000.00"
    assert found["What is left, after $40,000"][1] == "−$23,800.00"


def test_both_ways_of_holding_are_columns(made: Study) -> None:
    found = block(made, CASE)
    assert found.columns == ("Service held", "Heads held")
    assert cells(found)["Cashable: people gone at the end"] == ["3", "0"]


def test_costs_by_fiscal_year_add_up(made: Study) -> None:
    found = block(made, "By fiscal year")
    assert [row.label for row in found.rows] == ["FY2026", "FY2027", "FY2028"]
    amounts = [_money(each[0]) for each in cells(found).values() if each[0] != "–"]
    assert sum(amounts, Decimal(0)) == made.before.bill.total
    cash = [_money(each[-1]) for each in cells(found).values()]
    assert sum(cash, Decimal(0)) == sum(case_of(made).headline.net, Decimal(0))


def _money(text: str) -> Decimal:
    return Decimal(text.partition(" (")[0].replace("$", "").replace(",", "").replace("−", "-"))


def test_what_is_missing_and_warnings_come_as_notes(made: Study) -> None:
    notes = notes_of(made)
    assert notes[0].startswith("Not in these costs: pay of veterans, engineers")
    assert any(note.startswith("Warning: whole-FTE rounding ignored") for note in notes)


def with_grid(made: Study, **others: object) -> Study:
    """The study with a grid that differs in this."""
    assert made.after is not None
    case = case_of(made)
    model = case.model._replace(response=case.model.response._replace(**others))  # type: ignore[arg-type]
    notes = tuple(notes_of_case(made.before.scenario, made.after.scenario, case.terms, model))
    other = assembled(made.before, made.after, case.terms, model, 1)
    return made._replace(case=other._replace(notes=notes))


def test_points_at_which_nobody_can_make_up_for_more_work_are_told(made: Study) -> None:
    points = ((1.0, 1.15, 1.15), (1.0, 1.1, 1.0))
    (note,) = [each for each in notes_of(with_grid(made, not_had=points)) if "points of the grid" in each]
    assert note.startswith("At 2 of the 9 points of the grid service is not all as before, whoever comes")
    assert "(nearest to what is expected: volume 110 %)" in note
    assert not [each for each in notes_of(with_grid(made)) if "whoever comes" in each]


def test_what_chance_makes_of_people_stands_in_the_answer(made: Study) -> None:
    case = case_of(made)
    assert len(case.searches) == 1
    assert "by chance" not in answer_of(made)
    hours = case.model.people[0].yearly_h
    freed = value_at(case.model.response, (0.0, 1.0, 1.0)) - case.model.response.centre
    again = np.array([freed - 0.5 * hours, freed + 1.25 * hours])
    other = with_grid(made, again=again)
    people = case.headline.savings.freed
    assert f"({people - 0.5:.1f} to {people + 1.25:.1f} by chance)" in answer_of(other)
    row = cells(block(other, CASE))["People freed, in 3 searches on different chances"]
    assert row == [f"{people - 0.5:.2f} to {people + 1.25:.2f}", ""]
    assert json.loads(study_json(other))["case"]["searches"] == pytest.approx(
        [people, people - 0.5, people + 1.25]
    )


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([2.0, 0.0], "2 can be gone within"),
        ([2.0, -0.55], "2 can be gone, and 0.55 must come, within"),
        ([0.0, 0.0], "nobody can be gone within"),
    ],
)
def test_who_goes_and_who_must_come_are_told_apart(made: Study, groups: list[float], words: str) -> None:
    case = case_of(made)
    cashed = np.tile(np.array(groups)[None, :, None], (1, 1, case.model.months))
    headline = case.headline._replace(flows=case.headline.flows._replace(cashed=cashed))
    held = {**case.held, case.terms.holds: headline}
    assert words in answer_of(made._replace(case=case._replace(held=held)))


def test_what_people_cost_is_as_expected_in_all_savings(made: Study) -> None:
    model = case_of(made).model
    usual, dearer = (held_fixed(model, {"pay": pay}).savings for pay in (1.0, 1.2))
    assert float(dearer.capacity) == pytest.approx(1.2 * float(usual.capacity), abs=0.02)


def test_contacts_that_are_lost_are_a_step_of_their_own() -> None:
    """All take as long: what is not saved with those deflected is not that they are shorter."""
    patience = settings_of("queues.phone.patience.exponential=60 s")
    fewer = settings_of("streams.calls.arrivals.rate=96 per h")
    before, after = (loads(DESK, settings=each) for each in (patience, [*patience, *fewer]))
    found = [quantities_of(each, Chances(1, 8, 2)) for each in (before, after)]
    costs = before.costs
    assert costs is not None
    seen = deflected(found[0], found[1], bill_of(found[0], costs))
    assert seen.net > seen.handled > 0.0  # some would have been lost, and others are answered now
    equivalents = seen.minutes_saved / seen.minutes * seen.contacts
    assert equivalents == pytest.approx(seen.handled, rel=0.05)


def test_names_of_a_scenario_are_escaped_on_the_page(made: Study) -> None:
    case = case_of(made)
    evil = "<script>alert(1)</script>"
    spent = tuple(each._replace(name=evil) for each in case.model.spent)
    model = case.model._replace(spent=spent)
    held = {name: held_fixed(model._replace(holds=name), expected_of(case.terms)) for name in case.held}
    other = made._replace(before=made.before._replace(label=evil), case=case._replace(model=model, held=held))
    page = page_of(other)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") >= 1


def test_the_page_has_all_tables_and_three_pictures(made: Study) -> None:
    page = page_of(made)
    for each in blocks_of(made):
        if each.rows:
            assert f"<h2>{each.title}</h2>" in page
    assert len(re.findall("<svg", page)) == 3
    assert card_of(made).answer.split(":")[0] in page
    assert page == page_of(study())


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, float):
        yield value


def test_json_and_tables_have_the_same_sums(made: Study) -> None:
    found = json.loads(study_json(made))
    frames = frames_of(made)
    base = frames["costs"][frames["costs"].scenario == "base"]
    assert round(base.amount.sum(), 2) == found["costs"][0]["total"] == float(made.before.bill.total)
    cash = frames["cash_flow"]
    net = cash[cash.holds == "service"].groupby("month", sort=False).amount.sum().round(2).tolist()
    assert net == found["case"]["held"]["service"]["net"]
    assert found["case"]["envelope"]["steps"][0]["amount"] == 144000.0
    assert all(abs(each) < 1e12 for each in _numbers(found))


def test_revenue_is_a_line_of_its_own_and_in_no_sum() -> None:
    from reports.finance.study import revenue_of
    from scenarios.business_case import Churn
    from tests.finance.made_up import counted, life

    costs = life().costs
    assert costs is not None
    before, after = counted(1, 1.0), counted(2, 1.0)
    none = revenue_of(before, after, Churn(), costs)
    assert (none.kept, none.won) == (Decimal("0.00"), Decimal("0.00"))
    some = revenue_of(before, after, Churn(per_point=0.001, expands=0.0005), costs)
    yearly = 5000 * 600 + 200 * 60_000
    assert some.yearly_revenue == yearly
    assert float(some.kept) == pytest.approx(some.csat_points * 0.001 * yearly, abs=0.01)
