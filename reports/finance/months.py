"""Calendar months of a horizon: their days, which part of each is simulated, and their years of account."""

import calendar as calendars
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from scenarios.costs import MONTHS
from scenarios.model import Calendar
from sim.checkpoints import Window


class Month(NamedTuple):
    """A calendar month, as far as it is within a horizon: days ``window``, counted from 1."""

    year: int
    month: int  # 1 is January
    window: Window

    @property
    def days(self) -> int:
        return self.window.last - self.window.first + 1

    @property
    def part(self) -> Fraction:
        """Which part of the whole month it is."""
        return Fraction(self.days, calendars.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        return f"{self.year}-{self.month:02d}"


def months_of(horizon: Calendar) -> tuple[Month, ...]:
    """The calendar months of a horizon in order; the first and the last may be parts."""
    return tuple(_cut(horizon.start, horizon.days))


def _cut(start: date, days: int) -> Iterator[Month]:
    first = 1
    while first <= days:
        at = start + timedelta(days=first - 1)
        last = min(first + calendars.monthrange(at.year, at.month)[1] - at.day, days)
        yield Month(at.year, at.month, Window(first, last))
        first = last + 1


def is_year(horizon: Calendar) -> bool:
    """Whether a horizon is a whole year, or several, from its first day on."""
    return years_in(horizon) is not None


def years_in(horizon: Calendar) -> int | None:
    """How many whole years a horizon is: from a day to the day before it, years later; None if it is not."""
    end = horizon.start + timedelta(days=horizon.days)
    years = end.year - horizon.start.year
    return years if years >= 1 and end == years_later(horizon.start, years) else None


def years_later(day: date, years: int) -> date:
    """The same day some years later; 1 March for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_later(day: date, months: int) -> date:
    """The first day of the month that is so many months after that of a day."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def fiscal_year(year: int, month: int, starts: str) -> str:
    """The year of account of a month, named by the calendar year in which it ends: FY2026."""
    first = MONTHS.index(starts) + 1
    return f"FY{year + 1 if first > 1 and month >= first else year}"
