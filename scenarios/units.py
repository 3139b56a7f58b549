"""Quantities as people write them ("20 s", "80% in 20 s", "$24/h") -> numbers in one unit each.

Every reader takes what YAML gave and returns a number, or raises ValueError with a message that says
what was seen, what is allowed and what to write instead. The writers are their exact inverses:
``duration(duration_text(x)) == x`` for every float.
"""

import datetime
import math
import re
from typing import Final, NamedTuple, NoReturn

from scenarios.problems import nearest, shown

_SECONDS_OF: Final = {
    ("ms", "millisecond", "milliseconds"): 0.001,
    ("s", "sec", "secs", "second", "seconds"): 1.0,
    ("min", "mins", "minute", "minutes"): 60.0,
    ("h", "hr", "hrs", "hour", "hours"): 3600.0,
    ("d", "day", "days"): 86400.0,
    ("w", "week", "weeks"): 604800.0,
}
UNIT_SECONDS: Final = {name: size for names, size in _SECONDS_OF.items() for name in names}
_YEAR_S: Final = 365 * 86400.0
LONGEST_S: Final = 100 * _YEAR_S
LARGEST: Final = 1e9
SHORTEST_S: Final = 1e-6
_BEYOND: Final = 1e200  # larger than anything that is allowed, and sums of it are still numbers
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
_NUMBER: Final = r"(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([A-Za-zµ]+)\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*(?:/|per)\s*({_NUMBER})?\s*([A-Za-z]+)\s*")
_TARGET = re.compile(r"(.+?)\s*(?:\bin\b|\bwithin\b)\s*(.+)")
_POINTS = re.compile(rf"\s*({_NUMBER})\s*(?:percentage )?points?\s*")
_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_ISO_MONEY = re.compile(rf"\s*(?:([A-Za-z]{{3}})\s*({_NUMBER})|({_NUMBER})\s*([A-Za-z]{{3}}))\s*")
_SYMBOL_MONEY = re.compile(rf"\s*(?:([$€£¥₹])\s*({_NUMBER})|({_NUMBER})\s*([$€£¥₹]))\s*")
_NEGATIVE = re.compile(r"\s*(?:[$€£¥₹]|[A-Za-z]{3})?\s*[-\N{MINUS SIGN}]\s*[$€£¥₹0-9.]")
_SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODES: Final = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CRC CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW "
    "MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RSD SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR"
)


CURRENCIES: Final = tuple(_CODES.split())


class Money(NamedTuple):
    """An amount for one hour, in the currency of an ISO 4217 code."""

    amount_per_hour: float
    currency: str


def number(value: object, least: float = 0.0, most: float = LARGEST) -> float:
    """Return a plain number between two bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} is not a number; write one such as 1.5{_comma(value)}")
    if not least <= value <= most:
        raise ValueError(f"{shown(value)} is outside {least:g} to {most:g}")
    return float(value)


def whole(value: object, least: int = 0, most: int = 1_000_000) -> int:
    """Return a whole number between two bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{shown(value)} is not a whole number; write one from {least} to {most}")
    if not least <= value <= most:
        raise ValueError(f"{shown(value)} is outside {least} to {most}")
    return value


def date(value: object) -> datetime.date:
    """Return a date written 2026-03-02."""
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not a day of the calendar ({error})") from None
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        raise ValueError(f"{value!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    raise ValueError(f"{shown(value)} is not a date; write year-month-day, such as 2026-03-02")


def duration(value: object, least_s: float = 0.0, most_s: float = LONGEST_S) -> float:
    """Return a duration in seconds: "20 s", "1.5 min", "2 h 30 min", "4 days"."""
    if not isinstance(value, str):
        _refuse_duration(value)
    seconds = _seconds(value)
    if not least_s <= seconds <= most_s:
        raise ValueError(
            f"{value!r} is outside {duration_text(least_s)} to {duration_text(most_s)}",
        )
    return seconds


def positive_duration(value: object) -> float:
    """Return a duration in seconds that is longer than zero."""
    seconds = duration(value)
    if seconds < SHORTEST_S:
        raise ValueError(f"{value!r} must be longer than zero (at least a microsecond)")
    return seconds


def _seconds(text: str) -> float:
    """Return the sum of the parts of a duration, in seconds."""
    parts = list(_PART.finditer(text))
    if not parts or "".join(part.group(0) for part in parts) != text:
        _refuse_duration(text)
    return math.fsum(min(_float(part.group(1)) * _unit(part.group(2)), _BEYOND) for part in parts)


def _unit(name: str) -> float:
    """Return the length of a unit of time, in seconds."""
    if name in UNIT_SECONDS:
        return UNIT_SECONDS[name]
    if name in ("m", "M"):
        raise ValueError("'m' may be minutes or months; write 'min'")
    if name.lower().startswith(("month", "year", "business", "working")):
        raise ValueError(f"{name!r} has no fixed length here; write days or hours")
    hint = nearest(name, ("s", "min", "h", "days", "weeks", "ms"))
    raise ValueError(f"{name!r} is not a unit of time{hint}")


def _refuse_duration(value: object) -> NoReturn:
    """Raise with the reason why a value is no duration."""
    seen = shown(value)
    if isinstance(value, str) and "business" in value:
        raise ValueError(f"{seen}: business hours are not read here; write hours or days")
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{seen} has no unit; write '{value} s' or '{value} min'")
    if isinstance(value, str) and value.strip().startswith("-"):
        raise ValueError(f"{seen} is negative; a duration is zero or more")
    raise ValueError(f"{seen} is not a duration; write a number and a unit, such as '20 s'{_comma(value)}")


def _comma(value: object) -> str:
    """Return a hint where the likely slip is a decimal comma."""
    if isinstance(value, str) and re.search(r"\d,\d", value):
        return " (decimals take a point, and thousands no separator)"
    return ""


def _float(text: str) -> float:
    """Return a number that one of the patterns above has accepted."""
    value = float(text.replace("_", ""))
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is too large")
    return value


def share(value: object, least: float = 0.0, most: float = 1.0) -> float:
    """Return a share 0-1: "40%" or 0.4."""
    parsed = _percent_or_number(value, "a share; write '40%' or 0.4")
    if not least <= parsed <= most:
        also = f"; for {parsed:g} percent write '{parsed:g}%'" if "%" not in str(value) else ""
        raise ValueError(f"{shown(value)} is outside {share_text(least)} to {share_text(most)}{also}")
    return parsed


def variation(value: object) -> float:
    """Return a coefficient of variation: 0.9 or "90%"."""
    parsed = _percent_or_number(value, "a coefficient of variation; write 0.9 or '90%'")
    if not 0 <= parsed <= 100:
        raise ValueError(f"{shown(value)} is outside 0 to 100 (standard deviation / mean)")
    return parsed


def _percent_or_number(value: object, what: str) -> float:
    """Return a number, or a percentage as a share."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = re.fullmatch(rf"\s*(-?{_NUMBER})\s*(%?)\s*", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{shown(value)} is not {what}{_comma(value)}")
    return _float(match.group(1)) / (100.0 if match.group(2) else 1.0)


def rate(value: object) -> float:
    """Return a rate per hour: "120 per 30 min", "100/h", "120000 per year" (a year has 365 days)."""
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        example = "'120 per 30 min' or '900 per week'"
        raise ValueError(f"{shown(value)} is not a rate; write {example}{_comma(value)}")
    count, length, unit = match.groups()
    seconds = _float(length or "1") * (_YEAR_S if unit in ("year", "years") else _unit(unit))
    if seconds < SHORTEST_S:
        raise ValueError(f"{value!r} counts over no time at all")
    per_hour = _float(count) / (seconds / 3600.0)
    if per_hour > LARGEST:
        raise ValueError(f"{value!r} is more than {LARGEST:g} an hour; check its unit")
    return per_hour


def target(value: object) -> tuple[float, float]:
    """Return (share 0-1, seconds) of a service-level target: "80% in 20 s"."""
    match = _TARGET.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{shown(value)} is not a target; write '80% in 20 s'")
    asked = share(match.group(1))
    if asked <= 0:
        raise ValueError(f"{value!r} asks for nothing; write a share above 0%")
    return asked, duration(match.group(2))


def points(value: object) -> float:
    """Return a number of percentage points as a share: "0.5 points" is 0.005."""
    match = _POINTS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{shown(value)} is not a number of percentage points; write '0.5 points'")
    parsed = _float(match.group(1)) / 100.0
    if not 0 < parsed <= 0.5:
        raise ValueError(f"{value!r} is outside 0 to 50 points (and above 0)")
    return parsed


def money_per_hour(value: object) -> Money:
    """Return an hourly amount and its ISO currency: "$24/h", "24 EUR/h", "£19.50 per hour"."""
    head, _, tail = _split_per(value)
    amount, currency = _money(head)
    if tail not in ("h", "hr", "hour"):
        raise ValueError(f"{shown(value)} is not pay for an hour; write '$24/h' or '24 EUR/h'")
    if amount > 1e6:
        raise ValueError(f"{shown(value)} is outside 0 to 1000000 an hour")
    return Money(amount, currency)


def money(value: object) -> tuple[float, str]:
    """Return an amount and its ISO currency: "$600", "600 EUR"."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} has no currency; write '$600' or '600 EUR'")
    return _money(value, "'$600' or '600 EUR'")


def without_thousands(text: str) -> str:
    """Return a text whose numbers have no commas between thousands."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)


def _split_per(value: object) -> tuple[str, str, str]:
    """Return what stands before and after "/" or "per"."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} has no currency and unit; write '$24/h' or '24 EUR/h'")
    head, sign, tail = re.sub(r"\s+per\s+", "/", value).partition("/")
    return head, sign, tail.strip()


def _money(text: str, example: str = "'$24/h' or '24 EUR/h'") -> tuple[float, str]:
    """Return (amount, ISO code) of "$24", "24 $", "EUR 24" or "24 EUR"."""
    match = _SYMBOL_MONEY.fullmatch(text) or _ISO_MONEY.fullmatch(text)
    if match is None and _NEGATIVE.match(text):
        raise ValueError(f"{text!r} is negative; an amount of money is zero or more")
    if match is None:
        raise ValueError(f"{text!r} is not money; write {example}{_comma(text)}")
    before, amount_after, amount_before, after = match.groups()
    code = before or after
    currency = _SYMBOLS.get(code, code.upper())
    if currency not in CURRENCIES:
        raise ValueError(f"{code!r} is not a currency{nearest(code, CURRENCIES)}")
    return _float(amount_after or amount_before), currency


def duration_text(seconds: float) -> str:
    """Write seconds with the largest unit that reads back as exactly the same number."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        count = seconds / size
        if seconds and count >= 1 and round(count, 3) == count and count * size == seconds:
            return f"{plain_number(count)} {unit if count != 1 else unit.removesuffix('s')}"
    return f"{plain_number(seconds)} s"


def share_text(value: float) -> str:
    """Write a share as a percentage where that reads back as exactly the same number."""
    percent = round(value * 100.0, 9)
    return f"{plain_number(percent)}%" if percent / 100.0 == value else repr(value)


def rate_text(per_hour: float) -> str:
    """Write a rate."""
    return f"{plain_number(per_hour)} per hour"


def plain_number(value: float) -> str:
    """Write a number without a needless ``.0``."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
