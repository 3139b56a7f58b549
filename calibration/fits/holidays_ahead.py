"""Public holidays in the days ahead, and how many contacts they bring, as far as past ones tell."""

import datetime
from typing import NamedTuple

from calibration.fits.special_days import SpecialDay, named_holidays


class HolidayAhead(NamedTuple):
    """A holiday to come; `factor` is None where the past has none to learn from."""

    date: datetime.date
    name: str
    factor: float | None
    like: tuple[SpecialDay, ...]  # the past ones whose mean it is


def holidays_ahead(
    special: tuple[SpecialDay, ...], country: str | None, first: datetime.date, last: datetime.date
) -> tuple[HolidayAhead, ...]:
    """The holidays from `first` to `last`, with the mean factor of past ones.

    Those of the same name count alone where there are any; else all on which somebody was at work, since a
    day that was closed tells nothing of one that is not.
    """
    if country is None:
        return ()
    days = tuple(first + datetime.timedelta(i) for i in range((last - first).days + 1))
    return tuple(_like_past(special, day, name) for day, name in named_holidays(country, days).items())


def _like_past(special: tuple[SpecialDay, ...], day: datetime.date, name: str) -> HolidayAhead:
    named = [each for each in special if each.name]
    like = [each for each in named if each.name == name] or [each for each in named if each.factor > 0]
    factor = sum(each.factor for each in like) / len(like) if like else None
    return HolidayAhead(day, name, factor, tuple(like))
