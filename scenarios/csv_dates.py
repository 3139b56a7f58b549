"""Time stamps of a CSV column: which order their dates have, and when they are, as local wall-clock time."""

import datetime
import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from scenarios.units import FIRST_YEAR, LAST_YEAR

Order = Literal["year-month-day", "day-month-year", "month-day-year"]
_STAMP = re.compile(
    r"\s*(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})"  # a date, its separator twice the same
    r"(?:[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?"  # a time of day
    r"\s*(Z|[+-]\d{2}:?\d{2})?\s*",  # an offset from UTC
    re.ASCII,
)
_EXAMPLE: Final = "write year-month-day hour:minute, such as 2026-03-02 08:30"


class Stamp(NamedTuple):
    """A time stamp taken apart: three date numbers in the order written, and the rest of it."""

    numbers: tuple[int, int, int]
    year_first: bool
    time_s: int | None
    zoned: bool


def taken_apart(text: str) -> Stamp:
    """Return the parts of a time stamp, whatever the order of its date."""
    match = _STAMP.fullmatch(text)
    if match is None or (len(match[1]) == 4) == (len(match[4]) == 4) or 3 in (len(match[1]), len(match[4])):
        raise ValueError(f"{text[:40]!r} is not a date and time; {_EXAMPLE}")
    numbers = (int(match[1]), int(match[3]), int(match[4]))
    return Stamp(numbers, len(match[1]) == 4, _time_of_day(match, text), match[9] is not None)


def is_stamp(text: str) -> bool:
    """Tell whether a text looks like a date, with or without a time of day."""
    try:
        taken_apart(text)
    except ValueError:
        return False
    return True


def _time_of_day(match: re.Match[str], text: str) -> int | None:
    """Return the seconds since midnight, or None where only a date is written."""
    if match[5] is None:
        return None
    hour, minute, second = int(match[5]), int(match[6]), int(match[7] or 0)
    if match[8]:
        hour = _of_24(hour, match[8].lower() == "pm", text)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{text[:40]!r} has no such time of day; the day has 00:00 to 23:59")
    return hour * 3600 + minute * 60 + second


def _of_24(hour: int, afternoon: bool, text: str) -> int:
    if not 1 <= hour <= 12:
        raise ValueError(f"{text[:40]!r} has no such time of day; with AM or PM hours are 1 to 12")
    return hour % 12 + (12 if afternoon else 0)


def date_order(stamps: Sequence[Stamp]) -> Order:
    """Return the order of the dates of a column; refused where they do not tell, or contradict each other."""
    year_first = {stamp.year_first for stamp in stamps}
    if len(year_first) > 1:
        raise ValueError("has dates that start with the year and dates that end with it; write all alike")
    if year_first == {True}:
        return "year-month-day"
    day_first = any(stamp.numbers[0] > 12 for stamp in stamps)
    month_first = any(stamp.numbers[1] > 12 for stamp in stamps)
    if day_first and month_first:
        raise ValueError(
            f"has dates that can only be day-first and dates that can only be month-first; {_EXAMPLE}"
        )
    if not (day_first or month_first):
        first = "/".join(map(str, stamps[0].numbers))
        raise ValueError(
            f"has dates such as {first} that may be day-first or month-first, and none that tells; {_EXAMPLE}"
        )
    return "day-month-year" if day_first else "month-day-year"


def day_of(numbers: tuple[int, int, int], order: Order) -> datetime.date:
    """Return the date that three numbers in an order mean."""
    a, b, c = numbers
    year, month, day = {
        "year-month-day": (a, b, c),
        "day-month-year": (c, b, a),
        "month-day-year": (c, a, b),
    }[order]
    try:
        found = datetime.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{a}-{b}-{c} is not a day of the calendar ({error})") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{a}-{b}-{c} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found
