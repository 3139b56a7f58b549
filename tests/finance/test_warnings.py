"""Warnings about a business case: each is told where it is seen, and only there."""

from typing import Any

import numpy as np
import pytest

from reports.finance.case import full_effect
from reports.finance.lint import Lint
from reports.finance.results import Priced, Study
from reports.finance.warnings import (
    AVERAGE,
    EARLY,
    FRACTIONS,
    SEASON,
    SPREAD,
    TWICE,
    UNHANDLED,
    VIEWS,
    warnings_of,
)
from scenarios import Scenario, from_dict
from scenarios.resolved import plain_data
from tests.finance.made_up import study


@pytest.fixture(scope="module")
def made() -> Study:
    return study()


def lints(made: Study, **changed: Any) -> dict[str, str]:
    """Warnings by name, with another claim, another scenario after the change, or other costs."""
    assert made.case is not None
    assert made.after is not None
    claim = made.case.terms.claim
    assert claim is not None
    after = made.after
    if "after" in changed:
        after = after._replace(found=after.found._replace(scenario=changed.pop("after")))
    terms = made.case.terms.model_copy(update={"claim": claim.model_copy(update=changed)})
    found = warnings_of(made.before, after, terms, made.case.model)
    assert all(isinstance(each, Lint) for each in found)
    return {each.name: each.message for each in found}


def test_more_who_are_lost_are_no_saving(made: Study) -> None:
    assert made.case is not None
    assert made.after is not None
    lost = made.before.waiting.abandoned + 0.1 * made.before.whole.volume.contacts
    after = made.after._replace(waiting=made.after.waiting._replace(abandoned=lost))
    told = [each.message for each in warnings_of(made.before, after, made.case.terms, made.case.model)]
    assert any(each.startswith("with the change ") and "are not handled" in each for each in told)
    quiet = [each.message for each in warnings_of(made.before, made.after, made.case.terms, made.case.model)]
    assert not any(each.startswith("with the change ") for each in quiet)


def of_priced(made: Study) -> Priced:
    return made.before


def test_average_cost_used_as_marginal(made: Study) -> None:
    contacts = made.before.whole.volume.contacts
    people = float(made.before.bill.of_kind("people")) / contacts
    assert AVERAGE in lints(made, cost_per_contact=people * 1.2)
    assert AVERAGE not in lints(made, cost_per_contact=people * 0.99)


def test_benefit_before_the_change_date(made: Study) -> None:
    import datetime

    told = lints(made, start=datetime.date(2026, 3, 2))
    assert "2026-03-02" in told[EARLY]
    assert "2026-04-13" in told[EARLY]
    assert EARLY not in lints(made, start=datetime.date(2026, 4, 13))
    assert EARLY not in lints(made, start=None)


def test_a_month_annualised(made: Study) -> None:
    found = made.before.found
    handled = found.sums("handled").mean(axis=0)
    lowest = min(range(1, len(handled) - 1), key=lambda n: handled[n])
    year = float(handled.sum())
    claimed = round(handled[lowest] * 12)
    quiet = found.above.copy()
    quiet[:, found.keys.index(("handled", "all", "all")), lowest] *= 0.5
    other = made._replace(before=made.before._replace(found=found._replace(above=quiet)))
    assert "low month" in lints(other, contacts_per_year=round(claimed * 0.5))[SEASON]
    assert SEASON not in lints(other, contacts_per_year=round(year))


def test_a_base_of_page_views(made: Study) -> None:
    assert "page views" in lints(made, counts="page_views")[VIEWS]
    assert "self-service" in lints(made, counts="attempts")[VIEWS]
    assert VIEWS not in lints(made, counts="contacts")


def test_contacts_never_handled(made: Study) -> None:
    assert "never handled" in lints(made, counts="offered")[UNHANDLED]
    assert UNHANDLED not in lints(made, counts="contacts")


def test_parts_of_people(made: Study) -> None:
    assert "3.73" in lints(made)[FRACTIONS]
    assert made.case is not None
    freed = full_effect(made.case.model, {})
    model = made.case.model
    scale = np.round(freed.sum()) / freed.sum()
    response = model.response._replace(
        mains=tuple(each * scale for each in model.response.mains),
        pairs={pair: each * scale for pair, each in model.response.pairs.items()},
    )
    whole = made._replace(case=made.case._replace(model=model._replace(response=response)))
    assert FRACTIONS not in lints(whole)


def test_fixed_cost_over_fewer_contacts(made: Study) -> None:
    assert SPREAD in lints(made)
    assert made.after is not None
    assert made.after.whole.per_contact is not None
    cheaper = made.after.whole._replace(per_contact=made.after.whole.per_contact / 2)
    assert SPREAD not in lints(made._replace(after=made.after._replace(whole=cheaper)))


def _with_levers(*moves: dict[str, str]) -> Scenario:
    data = plain_data(study().before.scenario)
    owners = {"owners": {"product": {"capacity": "40 h/week"}}}
    levers = {
        f"lever {n}": {"owner": "product", "due": "2026-04-13", "moves": each} for n, each in enumerate(moves)
    }
    return from_dict({**data, **owners, "roadmap": {"levers": levers}})


def test_the_same_contact_counted_by_two_levers(made: Study) -> None:
    fewer, deflected = {"causes.billing.contacts": "-10%"}, {"causes.billing.deflection": "+5 points"}
    told = lints(made, after=_with_levers(fewer, deflected))
    assert "causes.billing" in told[TWICE]
    assert "lever 0" in told[TWICE]
    assert "lever 1" in told[TWICE]
    assert TWICE not in lints(made, after=_with_levers(fewer, {"causes.how_to.contacts": "-10%"}))
    assert TWICE in lints(made, after=_with_levers(fewer, {"contacts": "-10%"}))
    assert TWICE not in lints(made, after=_with_levers(fewer, {"handle_time": "-10%"}))
