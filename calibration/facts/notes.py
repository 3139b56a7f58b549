"""What is told of an export that was read: what was found, what was left out, what looks odd."""

import datetime
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Final

from calibration.facts.local_time import day_of
from calibration.facts.sql import DAY_US, SECOND_US

_RUNS: Final = 12
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEVER_ON: Final = "nothing on any"  # so begins what is told of weekdays without any row
_MUCH_AT_NIGHT: Final = 0.4  # of the contacts between 0:00 and 5:00; a day without any shape has 0.21


def zone_notes(zone: str, told: bool, missing: int, counts: dict[str, Any]) -> list[str]:
    """What is said of the clocks."""
    notes = []
    if not told:
        notes.append("no time zone is named: days and hours are those of UTC; name one by --time-zone")
    elif missing:
        one = missing == 1
        without = f"{missing:,} {'time' if one else 'times'} without an offset {'is' if one else 'are'}"
        notes.append(f"{without} read on the clocks of {zone}")
    if counts["left_out"]:
        notes.append(
            f"{counts['left_out']:,} rows begin in an hour that the clocks of {zone} left out: the export is "
            "probably of another time zone, or in UTC"
        )
    if counts["shown_twice"]:
        notes.append(
            f"{counts['shown_twice']:,} rows begin in the hour that the clocks of {zone} show twice; they "
            "are taken as the first"
        )
    if counts["kept"] and counts["at_night"] > _MUCH_AT_NIGHT * counts["kept"]:
        share = counts["at_night"] / counts["kept"]
        notes.append(
            f"{share:.0%} of the rows begin between 0:00 and 5:00 in {zone}: is it the right time zone?"
        )
    return notes


def duration_notes(counts: dict[str, Any]) -> list[str]:
    """What is said of durations that are short for seconds."""
    notes = []
    if 2 * counts["under_10_s"] > counts["handle_times"] > 0:
        notes.append("more than half of the handle times are under 10 s: are they minutes?")
    if 2 * counts.get("tiny_waits", 0) > counts.get("waits", 0) > 0:
        notes.append("more than half of the waits are under 0.1 s: are they fractions of a day?")
    return notes


def future_notes(last_us: int | None, now_us: int) -> list[str]:
    """What is said of rows that lie ahead: a simulation's export may, a contact centre's does not."""
    if last_us is None or last_us <= now_us + DAY_US:
        return []
    at = datetime.datetime.fromtimestamp(last_us / SECOND_US, datetime.UTC)
    return [f"the last row begins on {at:%Y-%m-%d}, which is to come: simulated, or a date that is wrong?"]


def gap_notes(days: Sequence[int]) -> list[str]:
    """Whole days without a row between the first and the last; weekdays that are always missing, by name."""
    if len(days) < 2:
        return []
    there = {(day + 3) % 7 for day in days}  # the first of January 1970 was a Thursday
    never = [] if days[-1] - days[0] < 13 else [i for i in range(7) if i not in there]
    runs = [
        [day for day in range(a + 1, b) if (day + 3) % 7 not in never] for a, b in pairwise(days) if b > a + 1
    ]
    runs = [run for run in runs if run]
    notes = [f"{NEVER_ON} {', '.join(_WEEKDAYS[i] for i in never)}"] if never else []
    if runs:
        count = sum(map(len, runs))
        listed = ", ".join(map(_span, runs[:_RUNS])) + (", ..." if len(runs) > _RUNS else "")
        notes.append(f"{count} whole day{'s' if count > 1 else ''} without a row: {listed}")
    return notes


def _span(run: Sequence[int]) -> str:
    first, last = day_of(run[0]).isoformat(), day_of(run[-1]).isoformat()
    return first if first == last else f"{first} to {last}"


def unused_notes(file: str, unused: Sequence[str], absent: Sequence[str]) -> list[str]:
    """Columns that are not read because of how they are called: a small slip, and much is not known."""
    found = []
    for name in unused:
        if near := get_close_matches(name.lower(), absent, 1, 0.6):
            found.append(f"{file}: column {name!r} is not used; perhaps {near[0]!r} is meant")
    return found


REJECTED: Final = "the file of rejected rows says which and why"


def left_out_notes(dropped: dict[str, int], rejected: int, rows: int, first: Sequence[str] = ()) -> list[str]:
    """What is said of rows that are not among the facts; `first` are the first of those set aside."""
    notes = [f"{count:,} {what} left out" for what, count in dropped.items() if count]
    if rejected:
        notes.append(
            f"{rejected:,} of {rows:,} rows ({rejected / rows:.2%}) CANNOT BE USED and are set aside; "
            f"{REJECTED}"
        )
        notes += first
    return notes
