"""Hours of work and whole days: ``40 h`` of effort, ``4 h/week`` of somebody's time, ``28 days``."""

import calendar
import datetime
import re
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import ValidationInfo

from scenarios.fields import Reader, quantity, reader, text_form
from scenarios.problems import Gather, shown
from scenarios.units import duration, plain_number
from scenarios.units import whole as whole_number

_MOST_DAYS: Final = 3660
_MONTHS_IN: Final = {"month": 1, "months": 1, "quarter": 3, "quarters": 3, "year": 12, "years": 12}
_DAY_S: Final = 86400.0
_A_WEEK = re.compile(r"(.+?)\s*(?:/|\bper\b|\ba\b)\s*(?:week|w)\s*")
_MONTHS = re.compile(r"\s*([0-9]{1,6})\s*([a-z]+)\s*")
_NO_HOURS = re.compile(r"[0-9.\s](?:d|days?|w|weeks?)\b")
HOURS_OF_WORK: Final = text_form("hours of work", "40 h", "90 min")
HOURS_A_WEEK: Final = text_form("hours a week", "40 h/week")
WHOLE_DAYS: Final = text_form("whole days", "28 days", "4 weeks")
WHOLE_MONTHS: Final = text_form("whole months", "24 months", "2 years")
SEVERAL_DAYS: Final = {
    "title": "list of whole days",
    "anyOf": [WHOLE_DAYS, {"type": "array", "items": WHOLE_DAYS}],
}


def hours_of_work(seen: object) -> float:
    """Return the hours of ``40 h``; a day of work has no fixed length."""
    if isinstance(seen, str) and _NO_HOURS.search(seen):
        raise ValueError(f"{shown(seen)} is not hours of work, of which a day has few; write '16 h'")
    if not isinstance(seen, str):
        raise ValueError(f"{shown(seen)} is not hours of work; write '16 h'")
    hours = round(duration(seen) / 3600.0, 9)  # so that it can be written in hours, exactly
    if hours <= 0:
        raise ValueError(f"{shown(seen)} is no time at all; write '16 h'")
    return hours


def hours_a_week(seen: object) -> float:
    """Return the hours a week of ``40 h/week``."""
    match = _A_WEEK.fullmatch(seen) if isinstance(seen, str) else None
    if match is None:
        raise ValueError(f"{shown(seen)} is not hours a week; write '40 h/week'")
    try:
        return hours_of_work(match[1].strip())
    except ValueError as error:
        raise ValueError(str(error).replace("write '16 h'", "write '40 h/week'")) from None


def whole_days(seen: object) -> int:
    """Return the days of ``28 days`` or ``4 weeks``."""
    if not isinstance(seen, str):
        raise ValueError(f"{shown(seen)} has no unit; write '{seen} days'")
    days = duration(seen) / _DAY_S
    if days != int(days) or not 1 <= days <= _MOST_DAYS:
        raise ValueError(f"{shown(seen)} is not whole days, from 1 to {_MOST_DAYS}; write '28 days'")
    return int(days)


def whole_months(seen: object, least: int, most: int) -> int:
    """Return the months of ``24 months`` or ``2 years``, between two bounds."""
    if isinstance(seen, int) and not isinstance(seen, bool):
        raise ValueError(f"{shown(seen)} has no unit; write '{seen} months'")
    match = _MONTHS.fullmatch(seen) if isinstance(seen, str) else None
    if match is None or match[2] not in _MONTHS_IN:
        raise ValueError(f"{shown(seen)} is not whole months; write '24 months' or '2 years'")
    months = int(match[1]) * _MONTHS_IN[match[2]]
    if not least <= months <= most:
        raise ValueError(f"{shown(seen)} is outside {least} to {most} months")
    return months


def months_between(least: int, most: int) -> Reader:
    """Return a validator for whole months between two bounds; only Python may give the bare number."""

    def validate(seen: object, info: ValidationInfo) -> int:
        is_number = isinstance(seen, int) and not isinstance(seen, bool)
        bare = info.context is None and is_number
        return whole_number(seen, least, most) if bare else whole_months(seen, least, most)

    return reader(validate, WHOLE_MONTHS)


def _several(seen: object) -> tuple[int, ...]:
    """Return numbers of days, each later than the one before."""
    gather, found = Gather(), list[int]()
    for i, each in enumerate(seen if isinstance(seen, list | tuple) else [seen]):
        with gather.at(i):
            days = whole_days(each)
            if found and days <= found[-1]:
                raise ValueError(f"{shown(each)} is not later than {found[-1]} days; write them in order")
            found.append(days)
    gather.finish()
    if not found:
        raise ValueError("is an empty list; write at least one, as in [14 days, 30 days]")
    return tuple(found)


def _counted(read: Callable[[object], int], form: dict[str, object]) -> Reader:
    """Return a validator for whole days; only Python may give the bare number."""

    def validate(seen: object, info: ValidationInfo) -> int:
        is_number = isinstance(seen, int) and not isinstance(seen, bool)
        return whole_number(seen, 1, _MOST_DAYS) if info.context is None and is_number else read(seen)

    return reader(validate, form)


def _all_counted(seen: object, info: ValidationInfo) -> tuple[int, ...]:
    if info.context is None and isinstance(seen, tuple):
        return seen
    return _several(seen)


def hours_text(hours: float) -> str:
    """Write hours of work, which read back as exactly the same number."""
    return f"{plain_number(hours)} h"


def days_text(days: int) -> str:
    """Write whole days."""
    return f"{days} day" if days == 1 else f"{days} days"


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the day so many months later; where that month is too short, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, last))


def months_text(months: int) -> str:
    """Write whole months."""
    return f"{months} month" if months == 1 else f"{months} months"


def simulated_text(days: int) -> str:
    """Write how many days are simulated."""
    return "the only day that is simulated" if days == 1 else f"the {days} days that are simulated"


HoursOfWork = Annotated[float, quantity(hours_of_work, HOURS_OF_WORK)]
"""Hours of work, above zero."""
HoursAWeek = Annotated[float, quantity(hours_a_week, HOURS_A_WEEK)]
"""Hours of work a week, above zero."""
WholeDays = Annotated[int, _counted(whole_days, dict(WHOLE_DAYS))]
"""A number of days, at least one."""
SeveralDays = Annotated[tuple[int, ...], reader(_all_counted, SEVERAL_DAYS)]
"""Numbers of days, in order."""
