"""Levers together: the mix exactly, never more than there is, and the same in any order."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.levers import (
    KINDS,
    Lever,
    levers_together,
    residual_handle_time,
    workload_saved,
)

SHARE = st.decimals(0, 1, places=3)
RATIO = st.decimals(0, 2, places=2)
LEVER = st.one_of(
    st.builds(Lever, st.just("a"), st.sampled_from(KINDS), SHARE, st.just(1)),
    st.builds(Lever, st.just("b"), st.just("volume"), st.decimals(0, "0.5", places=3), RATIO),
)
LEVERS = st.lists(LEVER, max_size=6)


def test_short_contacts_that_go_leave_longer_ones() -> None:
    """A fifth of contacts at half the handle time is a tenth of the work: 6 min become 6.75 min."""
    fifth, half = Decimal("0.2"), Decimal("0.5")
    assert workload_saved(fifth, half) == Decimal("0.1")
    assert residual_handle_time(Decimal(6), fifth, half) == Decimal("6.75")
    assert workload_saved(Fraction(1, 5), Fraction(1, 2)) == Fraction(1, 10)
    found = levers_together(1000, 6, [Lever("answers", "volume", fifth, half)])
    assert (found.saved_work, found.saved_contacts, found.handle_time) == (600, 200, Fraction("6.75"))


@settings(derandomize=True)
@given(st.fractions(0, Fraction(9, 10)), st.fractions(0, 1), st.fractions(1, 60))
def test_work_is_conserved(deflected: Fraction, ratio: Fraction, mean: Fraction) -> None:
    stays = residual_handle_time(mean, deflected, ratio) * (1 - deflected)
    assert stays + mean * workload_saved(deflected, ratio) == mean


@pytest.mark.parametrize(("deflected", "ratio"), [(1, 1), (-1, 1), (Fraction(1, 2), 3), (Fraction(1, 2), -1)])
def test_what_cannot_go(deflected: Fraction, ratio: Fraction) -> None:
    with pytest.raises(ValueError, match="cannot go away: the share is from 0 to below 1"):
        residual_handle_time(Fraction(6), Fraction(deflected), Fraction(ratio))


def test_on_what_remains_in_order() -> None:
    """100 contacts of 10 min, 20 % repeats: 10 % of volume, half of the repeats, a fifth of the time."""
    levers = [
        Lever("tool", "handle_time", Fraction(1, 5)),
        Lever("first time", "repeats", Fraction(1, 2)),
        Lever("answers", "volume", Fraction(1, 10)),
    ]
    found = levers_together(100, 10, levers, Fraction(1, 5))
    assert [(part.name, part.contacts, part.work) for part in found.parts] == [
        ("answers", 10, 100),
        ("first time", 10, 100),  # 90 × (1 - 80 % / 90 %)
        ("tool", 0, 160),  # a fifth of 80 × 10 min
    ]
    assert (found.contacts, found.work, found.handle_time) == (80, 640, 8)


def test_repeats_compound() -> None:
    """Contacts of a problem are 1 / (1 - r): 28 % are 1.389, 5 % are 1.053."""
    found = levers_together(
        Fraction(100, 72) * 100, 1, [Lever("all but", "repeats", Fraction(23, 28))], Fraction(28, 100)
    )
    assert found.contacts == Fraction(100, 95) * 100
    none = levers_together(100, 1, [Lever("all", "repeats", 1)])
    assert none.saved_contacts == 0


def test_two_halves_are_three_quarters() -> None:
    found = levers_together(
        100, 5, [Lever("a", "volume", Fraction(1, 2)), Lever("b", "volume", Fraction(1, 2))]
    )
    assert [part.contacts for part in found.parts] == [50, 25]


@settings(derandomize=True, max_examples=300)
@given(LEVERS, st.integers(0, 10**6), st.decimals(0, 60, places=2), st.decimals(0, "0.99", places=2))
def test_never_more_than_there_is(
    levers: list[Lever], contacts: int, handle_time: Decimal, repeats: Decimal
) -> None:
    found = levers_together(contacts, handle_time, levers, repeats)
    assert 0 <= found.contacts <= contacts
    assert 0 <= found.work <= contacts * Fraction(handle_time)
    assert found.saved_contacts + found.contacts == contacts
    assert found.saved_work + found.work == contacts * Fraction(handle_time)
    assert all(part.contacts >= 0 and part.work >= 0 for part in found.parts)


@settings(derandomize=True, max_examples=200)
@given(LEVERS, st.data())
def test_in_any_order(levers: list[Lever], data: st.DataObject) -> None:
    here = levers_together(5000, Decimal("6.5"), levers, Decimal("0.2"))
    there = levers_together(5000, Decimal("6.5"), data.draw(st.permutations(levers)), Decimal("0.2"))
    assert here[:2] == there[:2]
    assert [part.kind for part in here.parts] == [part.kind for part in there.parts]


@pytest.mark.parametrize(
    ("lever", "told"),
    [
        (Lever("x", "volume", 2), "x: a share of 2 is outside 0 to 1"),
        (Lever("x", "volum", 0), "x: 'volum' is none of volume, repeats, handle_time; did you mean 'volume'"),
        (Lever("x", "volume", 0, Decimal("Infinity")), "or Infinity no number"),
        (Lever("x", "volume", Decimal("NaN")), "a share of NaN is outside 0 to 1"),
        (Lever("x", "repeats", 0, 2), "x: only a lever of volume takes contacts"),
        (Lever("x", "volume", 1, Fraction(1, 2)), "at 1/2 times the mean handle time is not there"),
        (Lever("x", "volume", Fraction(1, 2), 3), "is not there"),
    ],
)
def test_levers_that_cannot_be(lever: Lever, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        levers_together(100, 1, [lever])


@pytest.mark.parametrize(("contacts", "repeats"), [(-1, 0), (1, 1), (1, -1)])
def test_contacts_that_cannot_be(contacts: int, repeats: int) -> None:
    with pytest.raises(ValueError, match="cannot be: contacts and handle time are 0 or more"):
        levers_together(contacts, 1, [], repeats)
