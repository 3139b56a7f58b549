"""What people are paid an hour."""

from typing import Final

from scenarios.fields import MONEY_PER_HOUR, Door, Model, Reader, built
from scenarios.units import Money, money_per_hour


class Pay(Model):
    """What one paid hour costs; ``currency`` is an ISO 4217 code."""

    amount_per_hour: float
    currency: str


def _pay(raw: object, _door: Door) -> Pay:
    money: Money = money_per_hour(raw)
    return Pay(amount_per_hour=money.amount_per_hour, currency=money.currency)


PAY: Final[Reader] = built(Pay, _pay, MONEY_PER_HOUR)
"""The reader of ``$24/h``."""
