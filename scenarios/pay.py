"""What people are paid: an hour, or a year for so many hours a week."""

import re
from typing import Final

from scenarios.fields import MONEY_PER_HOUR, Door, Model, Reader, built
from scenarios.problems import shown
from scenarios.spans import hours_a_week
from scenarios.tiers import read_arr
from scenarios.units import Money, money_per_hour, plain_number

WEEKS_A_YEAR: Final = 365 / 7
_SALARY = re.compile(r"(.+?)\s*(?:/|\bper\b|\ba\b)\s*year\b\s*(.*)")
_FOR = re.compile(r"for\s+(.+)")
_LARGEST_PER_HOUR: Final = 1e6


class Pay(Model):
    """What one paid hour costs; ``currency`` is an ISO 4217 code.

    Of a salary, ``amount_per_year`` for ``hours_per_week``, an hour costs salary / (hours a week × 365 / 7).
    """

    amount_per_hour: float
    currency: str
    amount_per_year: float | None = None
    hours_per_week: float | None = None


def _pay(raw: object, _door: Door) -> Pay:
    salary = _SALARY.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if salary is not None:
        return _of_salary(raw, salary[1], salary[2])
    money: Money = money_per_hour(raw)
    return Pay(amount_per_hour=money.amount_per_hour, currency=money.currency)


def _of_salary(raw: object, amount: str, rest: str) -> Pay:
    """Return the pay of ``$46800 per year for 38 h/week``; without its hours a salary says nothing."""
    hours = _FOR.fullmatch(rest)
    if hours is None:
        raise ValueError(f"{shown(raw)} says not for how many hours; write '$46800 per year for 38 h/week'")
    yearly, currency = read_arr(amount)
    weekly = hours_a_week(hours[1])
    hourly = yearly / (weekly * WEEKS_A_YEAR)
    if not hourly <= _LARGEST_PER_HOUR:
        raise ValueError(f"{shown(raw)} is outside 0 to {_LARGEST_PER_HOUR:.0f} an hour")
    return Pay(amount_per_hour=hourly, currency=currency, amount_per_year=yearly, hours_per_week=weekly)


def pay_text(pay: Pay) -> str:
    """Write pay as it was given; it reads back to the same."""
    if pay.amount_per_year is None or pay.hours_per_week is None:
        return f"{plain_number(pay.amount_per_hour)} {pay.currency}/h"
    yearly = f"{plain_number(pay.amount_per_year)} {pay.currency} per year"
    return f"{yearly} for {plain_number(pay.hours_per_week)} h/week"


PAY: Final[Reader] = built(Pay, _pay, MONEY_PER_HOUR)
"""The reader of ``$24/h``, and of ``$46800 per year for 38 h/week``."""
