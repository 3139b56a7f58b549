"""The sum on the back of an envelope: what the playbook claims, and each thing that it leaves out."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.envelope import UNITS, Envelope, bridge

PLAYBOOK = Envelope(
    contacts=Decimal(120_000),
    deflects=Decimal("0.2"),
    cost_per_contact=Decimal(6),
    marginal_cost=Decimal(5),
    currency="USD",
    share=Decimal("0.3"),
    bounces=Decimal("0.25"),
    handle_time=Decimal("0.6"),
    reinvested=Decimal(40_000),
)


def test_the_playbooks_sum_step_by_step() -> None:
    found = bridge(PLAYBOOK)
    assert [(step.name, step.unit) for step in found.steps] == [
        ("claimed", "contacts"),
        ("deflection base", "contacts attempted"),
        ("bounce-back", "contacts net"),
        ("mix", "average-contact equivalents"),
        ("average cost used as marginal", "average-contact equivalents"),
    ]
    assert [[step.quantity, step.amount, step.difference] for step in found.steps] == [
        [24_000, 144_000, 0],
        [7_200, 43_200, -100_800],
        [5_400, 32_400, -10_800],
        [3_240, 19_440, -12_960],
        [3_240, 16_200, -3_240],
    ]
    assert [found.claimed, found.claimed_net] == [144_000, 104_000]
    assert [found.honest, found.honest_net] == [16_200, -23_800]


def test_each_step_says_why() -> None:
    assert [step.why for step in bridge(PLAYBOOK).steps] == [
        "120,000 contacts × 20 % × $6.00",
        "the change is about 30 % of all contacts",
        "25 % of those deflected come after all",
        "those who stay away take 60 % of the mean handle time",
        "a contact that goes away saves $5.00; the rest of $6.00 is paid all the same",
    ]


def test_all_volume_without_a_leak() -> None:
    """Even so mix and marginal cost take half of it."""
    kind = PLAYBOOK._replace(share=Decimal(1), bounces=Decimal(0))
    found = bridge(kind)
    assert [step.amount for step in found.steps] == [144_000, 144_000, 144_000, 86_400, 72_000]
    assert found.steps[1].why == "the change is about all contacts"
    assert found.steps[2].why == "nobody comes after all"


def test_what_is_counted_is_named() -> None:
    first, base, *_ = bridge(PLAYBOOK._replace(counts="page_views")).steps
    assert first.unit == "page views"
    assert base.why.endswith("30 % of all page views; page views are not contacts handled by people")
    assert [bridge(PLAYBOOK._replace(counts=each)).steps[0].unit for each in UNITS] == list(UNITS.values())


SHARE = st.decimals(0, 1, places=4)
MONEY = st.decimals(0, 100, places=3)


@settings(derandomize=True, max_examples=200)
@given(
    st.builds(
        Envelope,
        contacts=st.integers(0, 10**7).map(Decimal),
        deflects=SHARE,
        cost_per_contact=MONEY,
        marginal_cost=MONEY,
        currency=st.sampled_from(["USD", "JPY", "TND"]),
        counts=st.sampled_from(list(UNITS)),
        share=SHARE,
        bounces=SHARE,
        handle_time=st.decimals(0, 3, places=2),
        reinvested=MONEY,
    )
)
def test_differences_add_up_to_the_cent(envelope: Envelope) -> None:
    found = bridge(envelope)
    assert found.claimed + sum(step.difference for step in found.steps) == found.honest
    assert found.steps[0].difference == 0
    for before, step in zip(found.steps, found.steps[1:], strict=False):
        assert before.amount + step.difference == step.amount
    exactly = envelope.contacts * envelope.deflects * envelope.share * (1 - envelope.bounces)
    assert found.steps[2].quantity == exactly
    cent = {"USD": Decimal("0.01"), "JPY": Decimal(1), "TND": Decimal("0.001")}[envelope.currency]
    worth = exactly * envelope.handle_time * envelope.marginal_cost
    assert abs(found.honest - worth) <= cent / 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"deflects": Decimal("1.2")}, "deflects: 1.2 is outside 0 to 1; check the number"),
        ({"bounces": Decimal("-0.1")}, "bounces: -0.1 is outside 0 to 1"),
        ({"contacts": Decimal(-1)}, "contacts: -1 is below 0"),
        ({"marginal_cost": Decimal("NaN")}, "marginal_cost: NaN is below 0"),
        ({"counts": "clicks"}, "counts: 'clicks' is none of contacts, offered, attempts, page_views"),
        ({"currency": "DOLLARS"}, "'DOLLARS' is not a currency"),
    ],
)
def test_numbers_that_cannot_be(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        bridge(PLAYBOOK._replace(**wrong))
