"""Files -> relations of their rows as they are: text into the database, Parquet where it lies."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from calibration.facts.database import Database
from calibration.facts.files import Source
from calibration.facts.formats.format import Format
from calibration.facts.header import refuse_other_header
from calibration.facts.text_rows import LINE, BadRow, TextRows, json_columns
from scenarios.problems import Finding, ReadingError

Progress = Callable[[str], None]
_GLOB: Final = set("*?[]{}")


class Loaded(NamedTuple):
    """A file's rows as they are: `line` and the columns that the format reads; and what is no row."""

    source: Source
    raw: Any
    rows: int
    bad: tuple[BadRow, ...]
    absent: tuple[str, ...]  # columns of the format that the file lacks
    unused: tuple[str, ...] = ()  # columns of the file that the format does not know


def load(database: Database, source: Source, form: Format, file: int, progress: Progress) -> Loaded:
    """Load a file. Raises ``ReadingError`` if its header is not that of the format, or it has no rows."""
    names = _columns(database, source)
    refuse_other_header(source, names, form)
    read = [cell.column for cell in form.cells if cell.column in names]
    absent = tuple(cell.column for cell in form.cells if cell.column not in names)
    if source.kind == "parquet":
        raw = _parquet(database, source).select(LINE, *read)
        loaded = Loaded(source, raw, database.number(raw.count()), (), absent)
    else:
        loaded = _text(database, source, read, absent, file, progress)
    if not loaded.rows and not loaded.bad:
        told = f"has a header and no rows below it; export {form.name} data with rows"
        raise ReadingError([Finding((), told, file=str(source.path))])
    known = {cell.column for cell in form.cells}
    return loaded._replace(unused=tuple(name for name in names if name not in known))


def _columns(database: Database, source: Source) -> tuple[str, ...]:
    if source.kind == "parquet":
        return tuple(name for name in _parquet(database, source).columns if name != LINE)
    return source.header if source.kind == "csv" else json_columns(source)


def _parquet(database: Database, source: Source) -> Any:
    """The rows of a Parquet file with their numbers, from 1."""
    path = str(source.path)
    if _GLOB & set(path):
        told = "has one of *?[]{} in its path, which stand for many files in the database; rename it"
        raise ReadingError([Finding((), told, file=path)])
    try:
        table = database.con.read_parquet(path, file_row_number=True)
    except duckdb.Error as error:
        told = f"cannot be read as Parquet: {str(error).splitlines()[0]}; write it again"
        raise ReadingError([Finding((), told, file=path)]) from None
    return table.mutate(**{LINE: table["file_row_number"] + 1}).drop("file_row_number")


def _text(
    database: Database,
    source: Source,
    read: Sequence[str],
    absent: tuple[str, ...],
    file: int,
    progress: Progress,
) -> Loaded:
    rows = TextRows(source, read)

    refused: list[ReadingError] = []  # raised through the database, it would come out as another error

    def told() -> Any:
        try:
            for batch in rows.batches():
                yield batch
                progress(f"{source.path.name}: {rows.rows:,} rows")
        except ReadingError as error:
            refused.append(error)

    reader = pa.RecordBatchReader.from_batches(rows.schema, told())
    raw = database.stream(f"raw_{file}", reader)
    if refused:
        raise refused[0]
    return Loaded(source, raw, rows.rows, tuple(rows.bad), absent)
