"""Tiers of accounts: how many accounts each has, and what one is worth in a year (ARR); amounts of money."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import model_validator

from scenarios.fields import Model, Text, YesNo, quantity, said, text_form, whole
from scenarios.units import LARGEST, money, without_thousands

ARR: Final = text_form("amount of money", "$60000", "60000 EUR")


def read_arr(seen: object) -> tuple[float, str]:
    """Return an amount and its currency: ``$60,000``, ``60000 EUR``."""
    amount, currency = money(without_thousands(seen) if isinstance(seen, str) else seen)
    if amount > LARGEST:
        raise ValueError(f"{seen!r} is above {LARGEST:g}; check the amount")
    return amount, currency


def amount_of(seen: object) -> float:
    """Return the amount of money alone."""
    return read_arr(seen)[0]


def with_currency(raw: Any, key: str = "arr") -> Any:
    """Return the keys of a model with the currency of one beside it; what is no money is told later."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get(key), str):
        return raw
    try:
        amount, currency = read_arr(raw[key])
    except ValueError:
        return raw
    return {**raw, key: Amount(amount), "currency": currency}


class Amount(float):
    """An amount that has been read already: its currency stands beside it."""


def _amount(seen: object) -> float:
    return float(seen) if isinstance(seen, Amount) else amount_of(seen)


MoneyAmount = Annotated[float, quantity(_amount, ARR)]


class Tier(Model):
    """Accounts alike: how many, and the yearly revenue of each (``arr`` in ``currency``)."""

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    accounts: Annotated[int, whole(1, 100_000_000), said("how many accounts are of it", 200)]
    arr: Annotated[MoneyAmount, said("what one of them pays a year", "$60000")]
    currency: Text = ""
    vip: Annotated[YesNo, said("whether they are VIPs", True)] = False

    @model_validator(mode="before")
    @classmethod
    def _arr_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw)
