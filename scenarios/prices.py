"""Prices: money for a time, for so many of something, or for both: ``$95 per seat per month``.

What a price is for (its driver) says how the cost behaves: for a time alone it is fixed, for people it moves
in steps, for what customers do it varies.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from scenarios.fields import Form, Reader, text_form, value
from scenarios.problems import nearest, shown
from scenarios.tiers import read_arr
from scenarios.units import LARGEST, plain_number

Behaviour = Literal["fixed", "step", "variable"]
FIXED: Final = ""
"""The driver of what is paid for a time alone."""
PEOPLE_DRIVERS: Final = ("seat", "FTE", "hire")
DRIVERS: Final[dict[str, tuple[str, ...]]] = {
    "contact": ("contact", "contacts"),
    "minute": ("minute", "minutes", "min"),
    "case": ("case", "cases"),
    "solved case": ("solved case", "solved cases"),
    "deflected contact": ("deflected contact", "deflected contacts"),
    "attempt": ("attempt", "attempts"),
    "abandoned contact": ("abandoned contact", "abandoned contacts"),
    "late first response": ("late first response", "late first responses"),
    "late resolution": ("late resolution", "late resolutions"),
    "late update": ("late update", "late updates"),
    "seat": ("seat", "seats"),
    "FTE": ("FTE", "FTEs"),
    "hire": ("hire", "hires"),
}
"""What is counted, by the words for it: contacts handled by agents, minutes of agents' work, cases opened,
cases solved, contacts that self-service solves, those that try it, contacts lost, promises broken, people at
work at once, people employed, people hired."""
MONTHS_IN: Final = {"month": 1, "months": 1, "quarter": 3, "quarters": 3, "year": 12, "years": 12}
"""Calendar times of a price, in months."""
_FOR: Final = {driver: f"per {driver}" for driver in DRIVERS} | {FIXED: "for a time"}
_PER: Final = re.compile(r"\s*(?:/|\bper\b|\ba\b)\s*")
_COUNTED: Final = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?)\s+(.+)")
_WORDS: Final = {word.lower(): driver for driver, words in DRIVERS.items() for word in words}
FOR_A_TIME: Final = text_form("price for a time", "$1500 per month", "$80000 per year")
PRICE: Final = text_form("price", "$80000 per year", "$0.10 per contact", "$95 per seat per month")


class Price(NamedTuple):
    """``amount`` of ``currency`` for each ``each`` of a driver, and for every ``months`` (0: for no time).

    Without a driver it is for a time alone.
    """

    amount: float
    currency: str
    driver: str = FIXED
    each: float = 1.0
    months: int = 0

    @property
    def behaves(self) -> Behaviour:
        """Whether it is paid whatever happens, in steps with people, or for each of something."""
        if self.driver == FIXED:
            return "fixed"
        return "step" if self.driver in PEOPLE_DRIVERS else "variable"


def price(seen: object) -> Price:
    """Return the price of ``$80000 per year``, ``$0.10 per contact`` or ``$95 per 10 seats per month``."""
    example = "write '$80000 per year', '$0.10 per contact' or '$95 per seat per month'"
    if not isinstance(seen, str):
        raise ValueError(f"{shown(seen)} is not a price; {example}")
    if seen.strip().startswith("-"):
        raise ValueError(f"{shown(seen)} is negative; a price is zero or more")
    head, *tails = _PER.split(seen.strip())
    amount, currency = read_arr(head)
    if not 1 <= len(tails) <= 2:
        raise ValueError(f"{shown(seen)} does not say what it is for; {example}")
    months = [MONTHS_IN[tail] for tail in tails if tail in MONTHS_IN]
    drivers = [_driver(tail) for tail in tails if tail not in MONTHS_IN]
    if len(drivers) > 1 or len(months) > 1:
        raise ValueError(f"{shown(seen)} is for two things at once; {example}")
    driver, each = drivers[0] if drivers else (FIXED, 1.0)
    return _checked(Price(amount, currency, driver, each, months[0] if months else 0), seen)


def _driver(text: str) -> tuple[str, float]:
    """Return what ``10 seats`` counts, and how many of it."""
    counted = _COUNTED.fullmatch(text)
    number, word = (float(counted[1].replace("_", "")), counted[2]) if counted else (1.0, text)
    driver = _WORDS.get(" ".join(word.split()).lower())
    if driver is None:
        allowed = (*DRIVERS, *("month", "quarter", "year"))
        raise ValueError(f"{word!r} is nothing that a price may be for{nearest(word, allowed)}")
    if not 0 < number <= LARGEST:
        raise ValueError(f"{text!r}: write a number above 0, and not above {LARGEST:g}")
    return driver, number


def _checked(found: Price, seen: object) -> Price:
    """People are paid for by the time; what happens is paid for each time that it does."""
    if found.driver in ("seat", "FTE") and not found.months:
        raise ValueError(f"{shown(seen)} does not say for how long; write '$95 per {found.driver} per month'")
    if found.behaves == "variable" and found.months:
        word = found.driver
        raise ValueError(f"{shown(seen)} is for each {word} and for a time; write '$0.10 per {word}'")
    if found.driver == "hire" and found.months:
        raise ValueError(f"{shown(seen)} is for each hire and for a time; write '$4000 per hire'")
    return found


def price_text(found: Price) -> str:
    """Write a price as it is written in a file; it reads back to the same."""
    text = f"{plain_number(found.amount)} {found.currency}"
    if found.driver:
        words = DRIVERS[found.driver]
        counted = words[0] if found.each == 1 else f"{plain_number(found.each)} {words[1]}"
        text += f" per {counted}"
    names = {1: "month", 3: "quarter", 12: "year"}
    return f"{text} per {names[found.months]}" if found.months else text


def priced(form: Form = PRICE, only: Sequence[str] = (*DRIVERS, FIXED)) -> Reader:
    """Return the reader of a price that may be for some drivers only; ``FIXED`` is a time alone."""

    def read(seen: object) -> Price:
        found = seen if isinstance(seen, Price) else price(seen)
        if found.driver not in only:
            allowed = " or ".join(_FOR[driver] for driver in only)
            raise ValueError(f"{shown(seen)} is {_FOR[found.driver]}; write a price {allowed}")
        return found

    return value(read, form)
