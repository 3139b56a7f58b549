"""Exact money: as written, to the cent, shared out without a cent created or lost."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.money import PLACES, cents_text, exact, places_in, share_out, to_cents
from scenarios.units import CURRENCIES

CURRENCY = st.sampled_from(["USD", "JPY", "TND"])
CENTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**6), st.floats(0, 1e6), st.decimals(0, 1000, places=3)),
    min_size=1,
    max_size=12,
).filter(any)


@pytest.mark.parametrize(
    ("seen", "is_"),
    [(0.1, "0.1"), (1e-7, "1E-7"), (12, "12"), ("6.00", "6.00"), (Decimal("2.5"), "2.5"), (1e22, "1E+22")],
)
def test_a_number_is_what_is_written(seen: float | str | Decimal, is_: str) -> None:
    assert exact(seen) == Decimal(is_)


def test_numbers_of_numpy_are_numbers() -> None:
    assert exact(np.float64(0.1)) == Decimal("0.1")
    assert share_out(Decimal(3), list(np.array([1, 2])), "USD") == [1, 2]


@pytest.mark.parametrize("seen", [math.nan, math.inf, "-Infinity", "six", "", True])
def test_what_is_no_number_is_refused(seen: float | str) -> None:
    with pytest.raises(ValueError, match=r"is not a (finite )?number; write one such as 1\.5"):
        exact(seen)


@settings(derandomize=True)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back(x: float) -> None:
    assert float(exact(x)) == x


def test_every_currency_has_its_places() -> None:
    assert tuple(PLACES) == CURRENCIES
    assert {code for code, places in PLACES.items() if places == 0} == {"CLP", "ISK", "JPY", "KRW", "VND"}
    assert {code for code, places in PLACES.items() if places == 3} == {"TND"}
    with pytest.raises(ValueError, match="'EURO' is not a currency; did you mean 'EUR'"):
        places_in("EURO")


@pytest.mark.parametrize(
    ("amount", "currency", "is_"),
    [
        ("0.125", "USD", "0.13"),
        ("0.135", "USD", "0.14"),
        ("-0.125", "EUR", "-0.13"),
        ("2.5", "JPY", "3"),
        ("3.5", "KRW", "4"),
        ("1.0005", "TND", "1.001"),
        ("-0.001", "USD", "0.00"),
        ("12345678901234567890123456789.005", "USD", "12345678901234567890123456789.01"),
    ],
)
def test_halves_go_away_from_nothing(amount: str, currency: str, is_: str) -> None:
    assert str(to_cents(Decimal(amount), currency)) == is_


def test_a_context_of_the_caller_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_UP"
        assert str(to_cents(Decimal("123456.785"), "USD")) == "123456.79"
        assert share_out(Decimal("123456.79"), [1, 1, 1], "USD")[0] == Decimal("41152.27")


def test_all_cents_are_told() -> None:
    assert cents_text(Decimal("144000"), "USD") == "$144,000.00"
    assert cents_text(Decimal("-1234.5"), "CHF") == "CHF −1,234.50"
    assert cents_text(Decimal("999"), "JPY") == "¥999"


def test_a_dollar_for_three() -> None:
    parts = share_out(Decimal(1), [1, 1, 1], "USD")
    assert [str(each) for each in parts] == ["0.34", "0.33", "0.33"]
    assert [str(each) for each in share_out(Decimal(-1), [1, 1, 1], "USD")] == ["-0.34", "-0.33", "-0.33"]
    assert share_out(Decimal(100), [1, 0, 2], "JPY") == [33, 0, 67]
    assert share_out(Decimal("0.02"), [0.1, 0.2, 0.3], "USD") == [0, Decimal("0.01"), Decimal("0.01")]


def test_nothing_is_shared_out_as_nothing() -> None:
    assert [str(each) for each in share_out(Decimal(0), [0, 0], "USD")] == ["0.00", "0.00"]
    assert share_out(Decimal(0), [], "USD") == []


@pytest.mark.parametrize("weights", [[], [0], [0, 0.0, Decimal(0)]])
def test_weights_of_nothing_take_nothing(weights: list[float]) -> None:
    with pytest.raises(ValueError, match=r"nothing can be allocated by these weights: .* \$5\.00 is to be"):
        share_out(Decimal(5), weights, "USD")


@pytest.mark.parametrize(
    ("total", "weights", "told"),
    [
        (Decimal("0.005"), [1], "not in whole units of 0.01 USD"),
        (Decimal(1), [2, -1], "a weight of -1 is negative"),
        (Decimal(1), [1, math.nan], "not a finite number"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(total: Decimal, weights: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        share_out(total, weights, "USD")


@settings(derandomize=True, max_examples=300)
@given(CENTS, WEIGHTS, CURRENCY)
def test_no_cent_is_created_or_lost(cents: int, weights: list[float], currency: str) -> None:
    cent = Decimal(1).scaleb(-places_in(currency))
    parts = share_out(cents * cent, weights, currency)
    whole = sum(Fraction(exact(each)) for each in weights)
    assert sum(parts) == cents * cent
    for part, weight in zip(parts, weights, strict=True):
        assert part == to_cents(part, currency)
        assert abs(Fraction(part) - Fraction(exact(weight)) / whole * Fraction(cents * cent)) < Fraction(cent)
        assert weight or part == 0


@settings(derandomize=True, max_examples=300)
@given(CENTS, WEIGHTS, st.data())
def test_order_matters_between_equals_only(cents: int, weights: list[float], data: st.DataObject) -> None:
    """Parts go with their weights wherever these stand; equal weights may swap a cent."""
    order = data.draw(st.permutations(range(len(weights))))
    total = Decimal(cents).scaleb(-2)
    here = share_out(total, weights, "USD")
    there = share_out(total, [weights[n] for n in order], "USD")
    assert sum(here) == sum(there) == total
    found = sorted((exact(weights[n]), part) for n, part in zip(order, there, strict=True))
    if not ties(cents, weights):
        assert found == sorted((exact(w), part) for w, part in zip(weights, here, strict=True))


def ties(cents: int, weights: list[float]) -> bool:
    """Whether different weights have the same remainder."""
    whole = sum(Fraction(exact(each)) for each in weights)
    exactly = {Fraction(exact(each)) * abs(cents) / whole for each in weights}
    return len({each % 1 for each in exactly}) < len(exactly)


@settings(derandomize=True)
@given(CENTS, WEIGHTS)
def test_a_negative_total_is_the_other_way_round(cents: int, weights: list[float]) -> None:
    total = Decimal(cents).scaleb(-2)
    assert share_out(-total, weights, "USD") == [-each for each in share_out(total, weights, "USD")]
