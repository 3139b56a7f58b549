"""How the contacts of single days differ from the standard week: trend, months, and special days."""

import datetime
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, NamedTuple

from scenarios.fields import DATE, Door, Model, number, read_map, reader
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.units import date, share_text

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_DAYS: Final = 365.0
_PERIOD_DAYS: Final = {"year": _YEAR_DAYS, "quarter": _YEAR_DAYS / 4, "month": _YEAR_DAYS / 12, "week": 7.0}
_GROWTH = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*%\s*(?:per|/|a)\s*([a-z]+)\s*")
_FACTOR = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")
_DATES = re.compile(r"\s*(\S+)\s*(?:to|\.\.|\u2013)\s*(\S+)\s*")
LARGEST_FACTOR: Final = 100.0
_BEYOND: Final = 1e200


class Trend(NamedTuple):
    """Growth: a factor ``yearly`` every 365 days, compounding, 1 on the day ``since`` (None: the first)."""

    yearly: float
    since: datetime.date | None = None


class SpecialDay(NamedTuple):
    """Days from ``first`` to ``last`` (both included) with a factor of their own."""

    first: datetime.date
    last: datetime.date
    factor: float


_FACTOR_FORM: Final = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "%$"}]}
MONTHS_FORM: Final = {
    "title": "factors by month",
    "type": "object",
    "additionalProperties": False,
    "properties": dict.fromkeys(MONTHS, _FACTOR_FORM),
}
DAYS_FORM: Final = {"title": "factors by date", "type": "object", "additionalProperties": _FACTOR_FORM}
TREND_FORM: Final = {
    "title": "growth",
    "anyOf": [{"type": "string", "pattern": "%"}, {"type": "object"}],
    "examples": ["10% per year"],
}


class DayFactors(NamedTuple):
    """What the contacts of a day are multiplied with; ``months`` are empty, or twelve factors."""

    trend: Trend | None = None
    months: tuple[float, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()

    def on(self, day: datetime.date, start: datetime.date) -> float:
        """Return the factor of a day, where the horizon begins at ``start``."""
        factor = 1.0
        if self.trend is not None:
            factor *= _power(self.trend.yearly, (day - (self.trend.since or start)).days / _YEAR_DAYS)
        if self.months:
            factor *= self.months[day.month - 1]
        for special in self.special_days:
            if special.first <= day <= special.last:
                factor *= special.factor
        return factor


def _power(yearly: float, years: float) -> float:
    """Return a growth over some years; what no number can hold is beyond any limit all the same."""
    try:
        return float(yearly**years)
    except OverflowError:
        return _BEYOND


class _TrendWritten(Model):
    growth: Any = None
    factor: Annotated[float, number(0.01, LARGEST_FACTOR)] | None = None
    since: Annotated[datetime.date, reader(date, DATE)] | None = None


def read_trend(raw: object, door: Door) -> Trend:
    """Return the trend of ``10% per year``, or of ``{growth: -2% per month, since: 2026-01-01}``.

    Instead of the growth there may be the factor that it is in a year.
    """
    if not isinstance(raw, Mapping):
        return Trend(_yearly(raw))
    given = read_map(_TrendWritten, raw, door, "{growth: 10% per year, since: 2026-01-01}")
    if (given.growth is None) == (given.factor is None):
        refuse("takes either growth or the factor of a year")
    gather = Gather()
    with gather.at("growth"):
        yearly = given.factor if given.factor is not None else _yearly(given.growth)
    gather.finish()
    return Trend(yearly, given.since)


def _yearly(seen: object) -> float:
    """Return the factor of a year: 2 % a month compound to 1.02 ** 12."""
    match = _GROWTH.fullmatch(seen) if isinstance(seen, str) else None
    if match is None:
        raise ValueError(f"{shown(seen)} is not a growth; write 10% per year, or -2% per month")
    if match[2] not in _PERIOD_DAYS:
        raise ValueError(f"{match[2]!r} is not a period{nearest(match[2], _PERIOD_DAYS)}")
    periods = _YEAR_DAYS / _PERIOD_DAYS[match[2]]
    yearly = _power(1.0 + float(match[1]) / 100.0, periods) if float(match[1]) > -100 else 0.0
    if not 0.01 <= yearly <= LARGEST_FACTOR:
        raise ValueError(f"{shown(seen)} is a factor of {yearly:.3g} a year; allowed are 0.01 to 100")
    return yearly


def _factor(seen: object) -> float:
    """Return the factor of a day's contacts."""
    value = factor_of(seen, "1.8, or 180% of a usual day")
    if not 0 <= value <= LARGEST_FACTOR:
        raise ValueError(f"{shown(seen)} is outside 0 to {LARGEST_FACTOR:g} ({share_text(LARGEST_FACTOR)})")
    return value


def factor_of(seen: object, example: str) -> float:
    """Return a factor written as a number or as a percentage; the example says what to write."""
    match = _FACTOR.fullmatch(seen) if isinstance(seen, str) else None
    value = float(match[1]) / 100.0 if match else seen
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(seen)} is not a factor; write {example}")
    return float(value)


def read_months(raw: object, _door: Door) -> tuple[float, ...]:
    """Return twelve factors of ``{jan: 1.1, dec: 130%}``; months that are not named have 1."""
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"{shown(raw)} is not a map of months; write {{jan: 1.1, dec: 130%}}")
    gather, factors = Gather(), dict.fromkeys(MONTHS, 1.0)
    for name, each in raw.items():
        with gather.at(name):
            if name not in factors:
                raise ValueError(f"is not a month{nearest(str(name), MONTHS)}")
            factors[name] = _factor(each)
    gather.finish()
    return tuple(factors.values())


def read_special_days(raw: object, _door: Door) -> tuple[SpecialDay, ...]:
    """Return the days of ``{2026-11-27: 180%, 2026-12-24 to 2026-12-26: 0.5}``, in order."""
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"{shown(raw)} is not a map of days; write {{2026-11-27: 180%}}")
    gather, days = Gather(), list[SpecialDay]()
    for key, each in raw.items():
        with gather.at(key):
            first, last = _span(str(key))
            days.append(SpecialDay(first, last, _factor(each)))
    gather.finish()
    days.sort()
    for one, other in pairwise(days):
        if other.first <= one.last:
            refuse(f"has {other.first} twice; let one span end before the other begins")
    return tuple(days)


def _span(text: str) -> tuple[datetime.date, datetime.date]:
    match = _DATES.fullmatch(text)
    first, last = (date(match[1]), date(match[2])) if match else (date(text.strip()), date(text.strip()))
    if last < first:
        raise ValueError(f"{text!r} ends before it begins; write the earlier day first")
    return first, last
