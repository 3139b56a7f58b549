"""The rows of a file -> cells read by a format's readers, and those that cannot be read."""

from typing import Any, Final

import ibis

from calibration.facts.database import Database
from calibration.facts.formats.format import Cell, Format
from calibration.facts.local_time import FIRST_YEAR, LAST_YEAR, Clocks, year_us
from calibration.facts.readers import as_text, is_missing, iso_time, value_of, year_of
from calibration.facts.sql import null, total

SHOWN: Final = 80
"""Characters of a cell that are shown to a person."""


def read_cells(raw: Any, form: Format, file: int, clocks: Clocks | None) -> Any:
    """A relation of `file`, `line` and every cell; null where it cannot be read, or the file lacks it."""
    return raw.select(
        ibis.literal(file, type="int64").name("file"),
        raw["line"].cast("int64").name("line"),
        *(_value(raw, cell, clocks).cast(cell.reader.dtype).name(cell.column) for cell in form.cells),
    )


def _value(raw: Any, cell: Cell, clocks: Clocks | None) -> Any:
    if cell.column not in raw.columns:
        return null(cell.reader.dtype)
    return value_of(cell.reader, raw[cell.column], clocks)


def bad_counts(raw: Any, cells: Any, form: Format) -> dict[str, int]:
    """How many cells cannot be read, by column, where there are any."""
    read = [cell for cell in form.cells if cell.column in raw.columns]
    filled = {f"n{i}": _says(raw, cell) for i, cell in enumerate(read)}
    values = {f"n{i}": total(cells[cell.column].notnull()) for i, cell in enumerate(read)}
    there, good = (
        each.to_pyarrow().to_pylist()[0] for each in (raw.aggregate(**filled), cells.aggregate(**values))
    )
    counts = {cell.column: there[f"n{i}"] - good[f"n{i}"] for i, cell in enumerate(read)}
    return {column: count for column, count in counts.items() if count}


def _says(raw: Any, cell: Cell) -> Any:
    """How many rows have a cell that must come out as a value."""
    if cell.filled:
        return raw.count()
    return total(~is_missing(cell.reader, raw[cell.column]))


def bad_cells(raw: Any, cell: Cell, file: int, clocks: Clocks | None) -> Any:
    """The rows in which a cell cannot be read: file, line, column, what was seen and why."""
    column = raw[cell.column]
    missing = is_missing(cell.reader, column)
    wrong = value_of(cell.reader, column, clocks).isnull()
    rows = raw.filter(wrong if cell.filled else wrong & ~missing)
    return rows.select(
        ibis.literal(file, type="int64").name("file"),
        rows["line"].cast("int64").name("line"),
        ibis.literal(cell.column).name("column"),
        _seen(rows, cell).name("seen"),
        ibis.ifelse(missing, "is empty", f"is not {cell.reader.what}").name("why"),
    )


def _seen(rows: Any, cell: Cell) -> Any:
    if not cell.reader.shown:
        return ibis.literal("")
    column = rows[cell.column]
    if column.type().is_binary() or column.type().is_unknown():
        return ibis.literal(f"a {column.type()}")
    return as_text(column).fill_null("").left(SHOWN)


def clocks_within(database: Database, raw: Any, form: Format, clocks: Clocks | None) -> Clocks | None:
    """The clocks in the years that a file has times of; fewer changes make for shorter questions."""
    columns = [cell.column for cell in form.cells if cell.reader is iso_time and cell.column in raw.columns]
    if clocks is None or not columns:
        return clocks
    years = [year_of(raw[name]) for name in columns]
    lows = {f"low{i}": year.min() for i, year in enumerate(years)}
    highs = {f"high{i}": year.max() for i, year in enumerate(years)}
    found = [year for year in database.row(raw.aggregate(**lows, **highs)).values() if year is not None]
    if not found:
        return clocks
    low, high = max(min(found), FIRST_YEAR), min(max(found), LAST_YEAR)
    return clocks.within(year_us(low), year_us(high + 1))
