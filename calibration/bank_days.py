"""The days of the bank's export, and which of them is ordinary."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from calibration.bank_export import Call
from calibration.bank_seen import is_open

_WORKING: Final = frozenset({6, 0, 1, 2, 3})  # Sunday to Thursday
_DAYTIME: Final = range(8 * 3600, 22 * 3600, 3600)  # hours without any call then: the records are not whole


class Totals(NamedTuple):
    """A day in four figures."""

    date: datetime.date
    offered: int
    abandonment: float
    service_s: float
    whole: bool  # calls in every hour of daytime


def working_days(calls: Iterable[Call]) -> list[Totals]:
    """Sundays to Thursdays of the export, in their order."""
    by_date: dict[datetime.date, list[Call]] = defaultdict(list)
    for call in calls:
        if call.reached_queue and is_open(call) and call.date.weekday() in _WORKING:
            by_date[call.date].append(call)
    return [_totals(date, by_date[date]) for date in sorted(by_date)]


def _totals(date: datetime.date, calls: Sequence[Call]) -> Totals:
    service = [call.service_s for call in calls if call.answered]
    hours = {call.came_s // 3600 for call in calls}
    return Totals(
        date,
        len(calls),
        1.0 - len(service) / len(calls),
        sum(service) / max(len(service), 1),
        all(at // 3600 in hours for at in _DAYTIME),
    )


def ordinary(days: Sequence[Totals]) -> datetime.date:
    """The day closest to the medians of offered calls, abandonment and service time.

    Distance is the largest of the three, each in units of its median distance to its median; days with
    an hour of daytime without calls are no candidates. Raises ``ValueError`` without any candidate.
    """
    whole = [each for each in days if each.whole]
    if not whole:
        raise ValueError("has no working day with calls in every hour from 08:00 to 22:00")
    figures = np.array([(each.offered, each.abandonment, each.service_s) for each in whole])
    away = np.abs(figures - np.median(figures, axis=0))
    spread = np.array([median(column) or 1.0 for column in away.T])
    return whole[int(np.argmin((away / spread).max(axis=1)))].date


def days_table(days: Sequence[Totals]) -> str:
    """The working days as lines of text, the ordinary one marked."""
    chosen = ordinary(days)
    lines = ["date        weekday    offered  abandoned  service"]
    for each in days:
        mark = "  <- ordinary" if each.date == chosen else "" if each.whole else "  (not whole)"
        lines.append(
            f"{each.date}  {each.date:%A} ".ljust(24)
            + f"{each.offered:6,} {each.abandonment:9.1%} {each.service_s:7.0f} s{mark}"
        )
    return "\n".join(lines)
