"""Levers that are pulled together: never worth more than there is, and in any order worth the same."""

from itertools import permutations

import numpy as np
import pytest

from reports.finance.quantities import Quantities, quantities_of
from scenarios import Scenario, from_dict, loads
from scenarios.resolved import plain_data
from sim.explain.watch import Chances
from tests.scenarios.life_text import LIFE

LEVERS = {
    "fewer": {"causes.billing.contacts": "-70%"},
    "articles": {"causes.billing.deflection": "+60 points"},
    "calls": {"streams.calls.contacts": "-50%"},
}


def with_levers(*names: str) -> Scenario:
    """The life of a case with some levers, all in force from the first day on."""
    levers = {
        name: {"owner": "product", "due": "2026-03-02", "moves": LEVERS[name], "cost": "$100"}
        for name in names
    }
    owners = {"product": {"capacity": "40 h/week"}}
    return from_dict({**plain_data(loads(LIFE)), "owners": owners, "roadmap": {"levers": levers}})


def counted(*names: str) -> Quantities:
    return quantities_of(with_levers(*names) if names else loads(LIFE), Chances(4, 3, 2))


def contacts(found: Quantities, scope: str = "all", name: str = "all") -> np.ndarray:
    """Customers' contacts by replication."""
    each: np.ndarray = found.sums("case_contacts", scope, name).sum(axis=1)
    return each


def test_the_order_of_levers_changes_nothing() -> None:
    first, *others = (counted(*names) for names in permutations(LEVERS))
    for other in others:
        np.testing.assert_array_equal(first.above, other.above)
        np.testing.assert_array_equal(first.below, other.below)


def test_together_they_are_worth_less_than_added_up_and_never_more_than_there_is() -> None:
    none, together = contacts(counted()), contacts(counted(*LEVERS))
    alone = [none - contacts(counted(name)) for name in LEVERS]
    saved = none - together
    assert np.all(saved > 0)
    assert np.all(together >= 0)
    assert np.all(saved < sum(alone))
    of_cause = contacts(counted(), "root_cause", "billing")
    both = of_cause - contacts(counted("fewer", "articles"), "root_cause", "billing")
    assert np.all(both <= of_cause)


def test_work_saved_is_that_of_the_contacts_that_are_gone() -> None:
    """What all levers save of agents' time is less than all of it, as far as there are contacts left."""
    before, after = (each.sums("agent_time_per_case").sum() for each in (counted(), counted(*LEVERS)))
    assert 0 < after < before


def test_a_fifth_of_contacts_at_half_the_time_saves_a_tenth_exactly() -> None:
    from decimal import Decimal

    from reports.finance.envelope import Envelope, bridge

    one = Decimal(1)
    given = Envelope(Decimal(1000), Decimal("0.2"), one, one, "USD", handle_time=Decimal("0.5"))
    (mix,) = [step for step in bridge(given).steps if step.name == "mix"]
    assert mix.quantity == 100
    mean = 6 * (1 - Decimal("0.2") * Decimal("0.5")) / (1 - Decimal("0.2"))
    assert mean == Decimal("6.75")


@pytest.mark.parametrize("name", list(LEVERS))
def test_each_alone_takes_contacts_away(name: str) -> None:
    assert np.all(contacts(counted(name)) < contacts(counted()))
