"""Periods as people write them: ``2014-01-01..2014-03-31``, or whole months, ``2014-01..2014-03``."""

import calendar
import datetime
import re
from typing import Final

_FORM: Final = re.compile(r"\s*(\S+?)\s*(?:\.\.|–|\bto\b)\s*(\S+)\s*|\s*(\S+)\s*")
_EXAMPLE: Final = "2014-01-01..2014-03-31, or 2014-01..2014-03"


def read_period(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day. Raises ``ValueError`` that says what to write."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no period; write {_EXAMPLE}")
    first, last = (found[1], found[2]) if found[1] else (found[3], found[3])
    period = _day(first, is_end=False), _day(last, is_end=True)
    if period[1] < period[0]:
        raise ValueError(f"{text!r} ends before it begins; write {_EXAMPLE}")
    return period


def _day(text: str, is_end: bool) -> datetime.date:
    """A day, or the first or last one of a month."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            year, month = map(int, text.split("-"))
            return datetime.date(year, month, calendar.monthrange(year, month)[1] if is_end else 1)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
        raise ValueError(text)  # weeks of ISO 8601 would be read as their Monday
    except ValueError:
        raise ValueError(f"{text!r} is no day or month; write {_EXAMPLE}") from None
