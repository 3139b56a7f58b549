"""Exact money: amounts as decimals, rounded to the cent of a currency, shared out without a cent lost."""

import math
import operator
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, SupportsIndex

from reports.wording import money_text
from scenarios.problems import nearest, shown
from scenarios.units import CURRENCIES

_BITS: Final = 8  # places of a computed amount beyond which there is nothing but the error of floats
CONTEXT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""How money is computed, whatever the context of the caller: 60 digits, half to even."""
_OTHER_PLACES: Final = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "TND": 3}
PLACES: Final = {code: _OTHER_PLACES.get(code, 2) for code in CURRENCIES}
"""Decimal places of each currency (ISO 4217, minor units): most have cents, some nothing below their unit."""


def exact(x: float | int | str | Decimal) -> Decimal:
    """A number as it is written, exactly: 0.1 is a tenth. ValueError for what is no finite number."""
    if isinstance(x, bool):
        raise ValueError(f"{x} is not a number; write one such as 1.5")
    try:
        found = Decimal(repr(float(x))) if isinstance(x, float) else Decimal(_plain(x))
    except (InvalidOperation, TypeError):
        raise ValueError(f"{shown(x)} is not a number; write one such as 1.5") from None
    if not found.is_finite():
        raise ValueError(f"{x} is not a finite number; write one such as 1.5")
    return found


def _plain(x: SupportsIndex | str | Decimal) -> int | str | Decimal:
    """Whole numbers of NumPy are whole numbers."""
    return x if isinstance(x, str | Decimal) else operator.index(x)


def places_in(currency: str) -> int:
    """Decimal places of a currency; ValueError where it is not known."""
    if currency not in PLACES:
        raise ValueError(f"{shown(currency)} is not a currency{nearest(currency, CURRENCIES)}")
    return PLACES[currency]


def to_cents(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded to the smallest unit of its currency, halves away from 0; never a negative zero.

    So spreadsheets round too.
    """
    step = Decimal(1).scaleb(-places_in(currency))
    return CONTEXT.add(amount.quantize(step, ROUND_HALF_UP, CONTEXT), 0)


def cents_of(amount: float, currency: str) -> Decimal:
    """A computed amount as money: what is half a cent but for the last bits of a float is half a cent."""
    return to_cents(exact(round(amount, _BITS)), currency)


def cents_text(amount: Decimal, currency: str) -> str:
    """An amount for people with all its cents: $1,234.50, ¥1,234."""
    return money_text(amount, currency, places_in(currency))


def share_out(total: Decimal, weights: Sequence[Decimal | float], currency: str) -> list[Decimal]:
    """Parts of an amount in proportion to weights, in whole cents, that add up to it exactly.

    By the largest remainder (Hamilton's method): each part is less than a cent from its exact share; of
    equal remainders the first comes first. A negative total gives the negatives of the positive one's parts.
    ValueError if the total is not in whole cents, a weight is negative, or all are 0 while the total is not.
    """
    cents = _whole_cents(total, currency)
    shares = [Fraction(exact(each)) for each in weights]
    if any(each < 0 for each in shares):
        raise ValueError(f"a weight of {min(weights)} is negative; parts of money have weights of 0 or more")
    if not cents:
        return [to_cents(Decimal(0), currency) for _ in shares]
    if not any(shares):
        told = cents_text(total, currency)
        raise ValueError(
            f"nothing can be allocated by these weights: all {len(shares)} are 0, and {told} is to be shared "
            "out; choose another basis"
        )
    sign = 1 if cents > 0 else -1
    return [_amount(sign * each, currency) for each in _largest_remainder(abs(cents), shares)]


def _largest_remainder(cents: int, weights: Sequence[Fraction]) -> list[int]:
    """Whole cents, in proportion to weights of which one at least is above 0."""
    whole = sum(weights)
    exactly = [cents * each / whole for each in weights]
    parts = [math.floor(each) for each in exactly]
    most = sorted(range(len(parts)), key=lambda n: (parts[n] - exactly[n], n))
    for n in most[: cents - sum(parts)]:
        parts[n] += 1
    return parts


def _whole_cents(total: Decimal, currency: str) -> int:
    cents = Fraction(total) * 10 ** places_in(currency)
    if cents.denominator != 1:
        raise ValueError(
            f"{total} {currency} is not in whole units of {_amount(1, currency)} {currency}; round it first"
        )
    return int(cents)


def _amount(cents: int, currency: str) -> Decimal:
    return Decimal(cents).scaleb(-places_in(currency), context=CONTEXT)
