"""A week in a CSV file: a value for each weekday and time of day, in the three ways that planners keep it.

- dated: a column of dates and times, and one of values;
- a grid: times of day down the first column, a column for each day (``mon`` .. ``sun``, ``mon-fri``,
  ``holidays``, ``daily``);
- a list: a column of days, a column of times and a column of values.

What is found is told in notes; what may mean two things is refused, with its row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from scenarios.csv_dates import is_stamp
from scenarios.csv_door import Counts, means, read_counts
from scenarios.csv_numbers import DecimalMark, count_of, decimal_mark
from scenarios.csv_table import COUNT_NAMES, DELIMITERS, Row, Table, read_table, refuse_rows
from scenarios.problems import Finding, ReadingError, refuse
from scenarios.week import DAY_S, KINDS_OF_DAY, Step, WeekSteps, clock_text, day_name, ordered, weekdays

_CLOCK = re.compile(r"\s*([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?\s*(?:[-\u2013].*)?")
_HOLES_TOLD: Final = 5
_TIME_NAMES: Final = {"time", "interval", "start", "from", "hour", "period"}
_DAY_NAMES: Final = {"day", "weekday", "dow"}


class CsvWeek(NamedTuple):
    """A week of values by interval of ``step_s`` seconds, the line of each, and what was detected."""

    step_s: int
    values: dict[tuple[int, int], float]
    notes: list[str]
    mean_of: int  # dates that each value is the mean of, at most


class _Cell(NamedTuple):
    line: int
    days: tuple[int, ...]
    at_s: int
    text: str


def read_week(
    path: Path,
    time: str | None = None,
    value: str | None = None,
    zone: str = "",
    names: Sequence[str] = COUNT_NAMES,
    least: int = 2,
) -> CsvWeek:
    """Return the week of a CSV file, in whichever of the three ways it is kept; see ``read_counts``.

    A grid or a list may have as few rows as ``least``; of one time of day it is the hour.
    """
    table = read_table(path, least)
    if time is None and not _has_dates(table):
        return _by_day(table, value)
    return _dated(read_counts(path, time, value, zone, names), str(path))


def _has_dates(table: Table) -> bool:
    return any(is_stamp(cell) for cell in table.rows[0].cells)


def _dated(counts: Counts, file: str) -> CsvWeek:
    """Return means by weekday of a file of dates."""
    dates: dict[int, set[object]] = {}
    for row in counts.observed:
        dates.setdefault(row.weekday, set()).add(row.date)
    return CsvWeek(counts.step_s, means(counts.observed), counts.notes, max(map(len, dates.values())))


def _by_day(table: Table, value: str | None) -> CsvWeek:
    """Return a grid or a list of days and times."""
    cells = list(_list_cells(table, value) if _day_column(table) is not None else _grid_cells(table, value))
    mark = _mark(table, [cell.text for cell in cells])
    values = _values(table, cells, mark)
    step_s = _step(table, sorted({at for _, at in values}))
    days = ", ".join(day_name(day) for day in range(KINDS_OF_DAY) if any(d == day for d, _ in values))
    decimal = "point" if mark == "." else "comma"
    note = (
        f"{table.file}: {DELIMITERS[table.delimiter]}-separated, decimal {decimal}, times down in steps of "
        f"{step_s / 60:g} min, days {days}"
    )
    return CsvWeek(step_s, values, [note, *_hole_notes(table.file, step_s, values)], 1)


def _hole_notes(file: str, step_s: int, values: Mapping[tuple[int, int], float]) -> Iterator[str]:
    """Say where a day has no value between its first and its last; such intervals count as zero."""
    for day in sorted({day for day, _ in values}):
        times = sorted(at for d, at in values if d == day)
        holes = sorted(set(range(times[0], times[-1], step_s)) - set(times))
        if holes:
            which = ", ".join(map(clock_text, holes[:_HOLES_TOLD])) + (
                ", ..." if len(holes) > _HOLES_TOLD else ""
            )
            yield f"{file}: {day_name(day)} has no value at {which}; nothing counts as zero"


def _day_column(table: Table) -> int | None:
    found = [i for i, name in enumerate(table.header) if name.lower() in _DAY_NAMES]
    return found[0] if found else None


def _time_at(table: Table) -> int:
    """Return the column of times of day: by its name, else the first whose cells are times."""
    like = [i for i in range(len(table.header)) if all(_CLOCK.fullmatch(r.cells[i]) for r in table.rows[:5])]
    named = [i for i in like if table.header[i].lower() in _TIME_NAMES]
    if not like:
        refuse(
            f"{table.file!r} has no column of dates and times, and none of times of day such as 08:00", "csv"
        )
    return (named or like)[0]


def _grid_cells(table: Table, value: str | None) -> Iterator[_Cell]:
    """Yield the cells of a grid: every column that is named as a day."""
    time_at, columns = _time_at(table), dict[int, tuple[int, ...]]()
    for i, name in enumerate(table.header):
        if i != time_at:
            try:
                columns[i] = weekdays(name.lower())
            except ValueError:
                continue
    if value is not None or not columns:
        names = ", ".join(table.header)
        refuse(f"{table.file!r} has no column for a day (mon, mon-fri, daily, ...). Columns: {names}", "csv")
    before = -1
    for row in table.rows:
        at = _clock_of(table, row, time_at)
        if at < before:
            message = (
                f"{row.cells[time_at].strip()[:20]!r} is earlier than the row above; a column is one day "
                "from 00:00 to 24:00: write what comes after midnight in the next day's column, at the top"
            )
            raise ReadingError([Finding((), message, file=table.file, line=row.line)])
        before = at
        yield from (_Cell(row.line, days, at, row.cells[i]) for i, days in columns.items())


def _list_cells(table: Table, value: str | None) -> Iterator[_Cell]:
    """Yield the cells of a list with a column of days."""
    day_at, time_at = _day_column(table), _time_at(table)
    assert day_at is not None  # the caller has looked
    others = [i for i in range(len(table.header)) if i not in (day_at, time_at)]
    if value is not None:
        others = [i for i in others if table.header[i] == value]
    if len(others) != 1:
        names = ", ".join(table.header)
        refuse(
            f"{table.file!r} has {len(others)} columns that may be the value; add 'value: COLUMN'. "
            f"Columns: {names}",
            "csv",
        )
    wrong = list[tuple[int, str]]()
    for row in table.rows:
        try:
            days = weekdays(row.cells[day_at].strip().lower())
        except ValueError as error:
            wrong.append((row.line, f"{table.header[day_at]}: {error}"))
        else:
            yield _Cell(row.line, days, _clock_of(table, row, time_at), row.cells[others[0]])
    refuse_rows(table.file, wrong)


def _clock_of(table: Table, row: Row, column: int) -> int:
    match = _CLOCK.fullmatch(row.cells[column])
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 23 or minute > 59:
        message = f"{row.cells[column]!r} is not a time of day from 00:00 to 23:59"
        raise ReadingError([Finding((), message, file=table.file, line=row.line)])
    return hour * 3600 + minute * 60


def _mark(table: Table, texts: Sequence[str]) -> DecimalMark:
    try:
        return decimal_mark(texts)
    except ValueError as error:
        refuse(f"{table.file!r} {error}", "csv")


def _values(table: Table, cells: Sequence[_Cell], mark: DecimalMark) -> dict[tuple[int, int], float]:
    """Return the values by day and time; cells that are empty have none, and none may come twice."""
    found, lines, wrong = (
        dict[tuple[int, int], float](),
        dict[tuple[int, int], int](),
        list[tuple[int, str]](),
    )
    for cell in cells:
        if not cell.text.strip():
            continue
        try:
            number = count_of(cell.text, mark)
            for day in cell.days:
                if (day, cell.at_s) in found:
                    line = lines[day, cell.at_s]
                    raise ValueError(
                        f"{day_name(day)} has this time already, in line {line}; keep one of them"
                    )
                found[day, cell.at_s], lines[day, cell.at_s] = number, cell.line
        except ValueError as error:
            wrong.append((cell.line, str(error)))
    refuse_rows(table.file, wrong)
    if not found:
        refuse(f"{table.file!r} has no value in any row", "csv")
    return found


def _step(table: Table, times: Sequence[int]) -> int:
    """Return the distance of the times of day: the shortest, which must divide an hour and all the others."""
    distances = {b - a for a, b in pairwise(times)}
    step_s = min(distances, default=3600)
    if step_s < 60 or 3600 % step_s or any(at % step_s for at in times):
        refuse(
            f"{table.file!r} has times {step_s / 60:g} min apart; 1, 5, 10, 15, 30 or 60 min can be read",
            "csv",
        )
    return step_s


def week_steps(week: CsvWeek, scale: float, operation: Mapping[str, float]) -> WeekSteps:
    """Return the week as steps: each value multiplied and added to as ``operation`` says, then scaled."""
    factor, summand = operation.get("multiply", 1.0), operation.get("add", 0.0)
    return ordered(
        Step(day, at, min(at + week.step_s, DAY_S), (value * factor + summand) * scale)
        for (day, at), value in week.values.items()
    )
