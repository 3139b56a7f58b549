"""The rows of a file -> cells read by a format's readers, with what cannot be read."""

from typing import Any, Final, NamedTuple

import ibis

from calibration.facts.formats.format import Cell, Format
from calibration.facts.local_time import Clocks
from calibration.facts.readers import as_text, is_missing, value_of
from calibration.facts.sql import null, total

BAD: Final = "cells_bad"
"""A bit for each cell of the format: 1 where it cannot be read."""
SHOWN: Final = 80


class Reading(NamedTuple):
    """A file of the export while it is read: its number, its rows as they are, and its cells."""

    file: int
    path: str
    raw: Any
    cells: Any


def read_cells(raw: Any, form: Format, file: int, clocks: Clocks | None) -> Any:
    """A relation of `file`, `line`, every cell (null where the file lacks it) and `cells_bad`."""
    columns = {cell.column: _value(raw, cell, clocks) for cell in form.cells}
    bits = [
        ibis.ifelse(is_bad(raw, cell, clocks), 1 << i, ibis.literal(0, type="int64")).fill_null(0)
        for i, cell in enumerate(form.cells)
        if cell.column in raw.columns
    ]
    mask = bits[0]
    for bit in bits[1:]:
        mask = mask + bit
    return raw.select(
        ibis.literal(file, type="int64").name("file"),
        raw["line"].cast("int64").name("line"),
        *(
            value.cast(cell.reader.dtype).name(cell.column)
            for cell, value in zip(form.cells, columns.values(), strict=True)
        ),
        mask.cast("int64").name(BAD),
    )


def _value(raw: Any, cell: Cell, clocks: Clocks | None) -> Any:
    if cell.column not in raw.columns:
        return null(cell.reader.dtype)
    return value_of(cell.reader, raw[cell.column], clocks)


def is_bad(raw: Any, cell: Cell, clocks: Clocks | None) -> Any:
    """Whether a cell says something that cannot be read, or nothing where it must."""
    value = value_of(cell.reader, raw[cell.column], clocks)
    if cell.filled:
        return value.isnull()
    return value.isnull() & ~is_missing(cell.reader, raw[cell.column])


def bad_counts(cells: Any, form: Format) -> dict[str, int]:
    """How often each cell cannot be read, by column, and how many rows have such a cell (``""``)."""
    mask = cells[BAD]
    by_cell = {f"n{i}": total(_has_bit(mask, i)) for i in range(len(form.cells))}
    row = cells.aggregate(rows=total(mask != 0), **by_cell).to_pyarrow().to_pylist()[0]
    return {"": row["rows"], **{cell.column: row[f"n{i}"] for i, cell in enumerate(form.cells)}}


def _has_bit(mask: Any, i: int) -> Any:
    return (mask // (1 << i)) % 2 == 1


def bad_cells(reading: Reading, cell: Cell, clocks: Clocks | None) -> Any:
    """The rows in which a cell cannot be read: file, line, column, what was seen and why."""
    raw = reading.raw
    seen = as_text(raw[cell.column]).fill_null("")
    why = ibis.ifelse(
        is_missing(cell.reader, raw[cell.column]),
        ibis.literal("is empty"),
        ibis.literal(f"is not {cell.reader.what}"),
    )
    return raw.filter(is_bad(raw, cell, clocks)).select(
        ibis.literal(reading.file, type="int64").name("file"),
        raw["line"].cast("int64").name("line"),
        ibis.literal(cell.column).name("column"),
        seen.left(SHOWN).name("seen"),
        why.name("why"),
    )
