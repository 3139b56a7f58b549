"""Historical interval counts of a CSV file, by date, or as mean contacts per weekday and interval.

Delimiter, decimal mark, date order, columns and the length of the intervals are detected and told in
notes; where the file does not tell, it is refused. Time stamps are local wall-clock times.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scenarios.csv_dates import Order, Stamp, date_order, day_of, taken_apart
from scenarios.csv_numbers import DecimalMark, count_of, decimal_mark
from scenarios.csv_table import (
    COUNT_NAMES,
    DELIMITERS,
    Table,
    count_column,
    read_table,
    refuse_rows,
    time_column,
    told_by,
)
from scenarios.problems import refuse
from scenarios.week import DAY_NAMES, DAY_S

_NONE = datetime.timedelta()


class History(NamedTuple):
    """Mean counts per interval: ``means[(weekday, seconds since midnight)]``, intervals of ``step_s``."""

    step_s: int
    means: dict[tuple[int, int], float]
    notes: list[str]


class _Columns(NamedTuple):
    """The two columns that are read, by number, and how their cells are written."""

    time_at: int
    count_at: int
    order: Order
    mark: DecimalMark


class Observed(NamedTuple):
    """One row: its local time in seconds since year 1, its line, and its count."""

    at_s: int
    line: int
    contacts: float

    @property
    def weekday(self) -> int:
        """The weekday, 0 = Monday; day 1 of year 1 was one."""
        return (self.at_s // DAY_S - 1) % 7

    @property
    def date(self) -> datetime.date:
        """The local date."""
        return datetime.date.fromordinal(self.at_s // DAY_S)

    @property
    def clock(self) -> datetime.datetime:
        """What the local clocks show."""
        midnight = datetime.datetime.combine(self.date, datetime.time())
        return midnight + datetime.timedelta(seconds=self.at_s % DAY_S)


class Counts(NamedTuple):
    """The counts of a file in the order of time: intervals of ``step_s`` seconds; an absent one had none."""

    step_s: int
    observed: list[Observed]
    notes: list[str]


def read_history(path: Path, time: str | None = None, count: str | None = None, zone: str = "") -> History:
    """Return the mean counts of a ``.csv`` or ``.csv.gz`` file, from the columns named or detected."""
    counts = read_counts(path, time, count, zone)
    return History(counts.step_s, means(counts.observed), counts.notes)


def read_counts(
    path: Path,
    time: str | None = None,
    count: str | None = None,
    zone: str = "",
    names: Sequence[str] = COUNT_NAMES,
) -> Counts:
    """Return the dated counts of a ``.csv`` or ``.csv.gz`` file, from the columns named or detected.

    ``names`` are those of the column looked for. With the name of a time zone, counts in an hour that its
    clocks leave out are refused.
    """
    table = read_table(path)
    time_at, count_at = time_column(table, time), count_column(table, count, names)
    stamps = _stamps(table, time_at)
    order = told_by(table, time_at, date_order, stamps)
    mark = told_by(table, count_at, decimal_mark, [row.cells[count_at] for row in table.rows])
    columns = _Columns(time_at, count_at, order, mark)
    observed = sorted(_observed(table, columns, stamps))
    _refuse_repeated(table, observed, zone)
    _refuse_left_out(table, observed, zone)
    step_s = _step(table, observed)
    notes = [_detected(table, columns), *_offset_note(table, stamps), *_span_notes(table, observed, step_s)]
    return Counts(step_s, observed, notes)


def _stamps(table: Table, column: int) -> list[Stamp]:
    """Return the time stamps of all rows, taken apart."""
    stamps, wrong = list[Stamp](), list[tuple[int, str]]()
    for row in table.rows:
        try:
            stamps.append(taken_apart(row.cells[column]))
        except ValueError as error:
            wrong.append((row.line, f"{table.header[column]}: {error}"))
    refuse_rows(table.file, wrong)
    if all(stamp.time_s is None for stamp in stamps):
        name = table.header[column]
        refuse(f"{name!r} of {table.file!r} has no times of day; put date and time in one column", "csv")
    return stamps


def _observed(table: Table, columns: _Columns, stamps: Sequence[Stamp]) -> Iterator[Observed]:
    """Yield the rows read; all that cannot be read are told by their line."""
    wrong: list[tuple[int, str]] = []
    for row, stamp in zip(table.rows, stamps, strict=True):
        try:
            day = day_of(stamp.numbers, columns.order).toordinal()
            count = count_of(row.cells[columns.count_at], columns.mark)
        except ValueError as error:
            wrong.append((row.line, str(error)))
        else:
            yield Observed(day * DAY_S + (stamp.time_s or 0), row.line, count)
    refuse_rows(table.file, wrong)


def _refuse_repeated(table: Table, observed: Sequence[Observed], zone: str) -> None:
    """Refuse times that come twice: nobody can say whether the counts add up or one replaces the other."""
    refuse_rows(
        table.file,
        [
            (b.line, f"has the same time as line {a.line}; {_what_to_do(b, zone)}")
            for a, b in pairwise(observed)
            if a.at_s == b.at_s
        ],
    )


def _what_to_do(row: Observed, zone: str) -> str:
    """Say what to do with a time that comes twice; in one hour of the year the clocks are the reason."""
    before, after = (row.clock.replace(tzinfo=ZoneInfo(zone or "UTC"), fold=fold) for fold in (0, 1))
    if (before.utcoffset() or _NONE) > (after.utcoffset() or _NONE):
        return f"the clocks of {zone} go back and show it twice: add both up in one row"
    return "keep one of them, or add them up"


def _refuse_left_out(table: Table, observed: Sequence[Observed], zone: str) -> None:
    """Refuse counts at a time that the clocks of a zone skip: they are of another zone, or another time."""
    if not zone:
        return
    local = ZoneInfo(zone)
    wrong = []
    for row in observed:
        at = row.clock
        there = at.replace(tzinfo=local).astimezone(datetime.UTC).astimezone(local)
        if row.contacts and there.replace(tzinfo=None) != at:
            told = f"the clocks of {zone} go forward then and never show {at:%Y-%m-%d %H:%M}"
            wrong.append((row.line, f"{told}; check calendar.time_zone, or move the count"))
    refuse_rows(table.file, wrong)


def _step(table: Table, observed: Sequence[Observed]) -> int:
    """Return the most common distance of rows in seconds (the shortest of equals), if it divides an hour."""
    distances = Counter(b.at_s - a.at_s for a, b in pairwise(observed))
    step_s = max(distances, key=lambda each: (distances[each], -each))
    if step_s < 60 or 3600 % step_s:
        minutes = f"{step_s / 60:g} min"
        refuse(f"{table.file!r} has a row every {minutes}; 1, 5, 10, 15, 30 or 60 min can be read", "csv")
    wrong = [row for row in observed if row.at_s % step_s]
    refuse_rows(
        table.file,
        [
            (row.line, f"is not on the grid of {step_s / 60:g} min that most rows have; move or remove it")
            for row in wrong
        ],
    )
    return step_s


def means(observed: Sequence[Observed]) -> dict[tuple[int, int], float]:
    """Return the mean count per weekday and interval; an interval without a row counts as zero."""
    days = Counter(day % 7 for day in {row.at_s // DAY_S - 1 for row in observed})
    sums: dict[tuple[int, int], float] = {}
    for row in observed:
        key = (row.weekday, row.at_s % DAY_S)
        sums[key] = sums.get(key, 0.0) + row.contacts
    return {key: sums[key] / days[key[0]] for key in sorted(sums)}


def _detected(table: Table, columns: _Columns) -> str:
    """Say what was detected, so that a person can object."""
    mark = "point" if columns.mark == "." else "comma"
    time, count = table.header[columns.time_at], table.header[columns.count_at]
    return (
        f"{table.file}: {DELIMITERS[table.delimiter]}-separated, decimal {mark}, dates {columns.order}, "
        f"time from column {time!r}, counts from column {count!r}"
    )


def _offset_note(table: Table, stamps: Sequence[Stamp]) -> list[str]:
    if not any(stamp.zoned for stamp in stamps):
        return []
    return [f"{table.file}: the times carry a Z or an offset from UTC; they are read as local clock times"]


def _span_notes(table: Table, observed: Sequence[Observed], step_s: int) -> list[str]:
    """Say how much history there is, and what it lacks."""
    dates = sorted({row.at_s // DAY_S for row in observed})
    first, last = (datetime.date.fromordinal(dates[i]).isoformat() for i in (0, -1))
    span = f"{len(observed)} intervals of {step_s / 60:g} min on {len(dates)} days, {first} to {last}"
    absent = [name for i, name in enumerate(DAY_NAMES) if i not in {row.weekday for row in observed}]
    lacks = f"no {', '.join(absent)} in it: none will come on these days" if absent else ""
    rows_a_day = Counter(row.at_s // DAY_S for row in observed)
    gapped = len(set(rows_a_day.values())) > 1
    gaps = "days differ in their number of rows; an interval without a row counts as zero" if gapped else ""
    return [f"{table.file}: {note}" for note in (span, lacks, gaps) if note]
