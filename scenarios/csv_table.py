"""A CSV file -> header and rows with their line numbers, its delimiter and its two columns detected."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from scenarios.csv_dates import is_stamp
from scenarios.csv_numbers import is_number
from scenarios.problems import Finding, ReadingError, nearest, refuse

T = TypeVar("T")
R = TypeVar("R")
MOST_BYTES: Final = 200_000_000
MOST_ROW_ERRORS: Final = 20
DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
COUNT_NAMES: Final = ("calls", "count", "counts", "offered", "volume", "contacts")
_SAMPLE: Final = 50
_HINT: Final = re.compile(r"\Asep=[^\r\n](?=\r?\n)")  # what some spreadsheets put above the header


class Row(NamedTuple):
    line: int
    cells: list[str]


class Table(NamedTuple):
    """A CSV file taken apart: its delimiter, its header, and its rows with their line numbers."""

    file: str
    delimiter: str
    header: list[str]
    rows: list[Row]


def _text(path: Path) -> str:
    """Return a file's text; whatever hinders reading it is one finding at ``csv``."""
    try:
        if path.is_dir():
            refuse(f"{str(path)!r} is a folder; name a file in it", "csv")
        if path.exists() and not path.is_file():
            refuse(f"{str(path)!r} is a pipe or a device, not a file; save its text as a file", "csv")
        if not path.is_file():
            refuse(f"there is no file {str(path)!r}; give its path from the scenario file's folder", "csv")
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            refuse(f"{str(path)!r} has more than {MOST_BYTES // 1_000_000} MB of text", "csv")
        return _HINT.sub("", data.decode("utf-8-sig"), count=1)
    except UnicodeDecodeError:
        refuse(f"{str(path)!r} is not UTF-8 text; save it as 'CSV UTF-8'", "csv")
    except (OSError, EOFError, zlib.error) as error:
        refuse(f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}", "csv")


def read_table(path: Path, least: int = 2) -> Table:
    """Return header and `least` rows or more; those with another number of cells than it are findings."""
    file, text = str(path), _text(path)
    delimiter = _delimiter(file, text)
    rows = list(_rows(file, text, delimiter))
    if not rows:
        refuse(f"{file!r} has nothing in its cells; give it a header and rows", "csv")
    header = [cell.strip() for cell in rows[0].cells]
    wrong = [row for row in rows[1:] if len(row.cells) != len(header)]
    refuse_rows(file, [(row.line, _other_width(len(row.cells), len(header))) for row in wrong])
    if len(rows) < 1 + least:
        none, some = ("no two rows", "two or more") if least > 1 else ("no row", "one or more")
        refuse(f"{file!r} has {none} of counts below its header; give it {some}", "csv")
    if any(is_number(cell) or is_stamp(cell) for cell in header):
        refuse(f"{file!r} has no header; add a first line with the columns' names", "csv")
    return Table(file, delimiter, header, rows[1:])


def _other_width(cells: int, header: int) -> str:
    count = f"{cells} cell{'s' if cells != 1 else ''}"
    return f"has {count}, and the header has {header}; a cell that holds the delimiter needs quotes"


def _rows(file: str, text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows that are not blank, with the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(reader.line_num, cells)
    except csv.Error as error:
        raise ReadingError(
            [Finding((), f"cannot be read: {error}", file=file, line=reader.line_num)]
        ) from None


def _delimiter(file: str, text: str) -> str:
    """Return the delimiter that cuts the first lines into the most columns, as many as the header's."""
    sample = [line for line in text[:100_000].splitlines() if line.strip()][:_SAMPLE]
    if not sample:
        refuse(f"{file!r} is empty; give it a header and rows", "csv")
    widths = {mark: _width(sample, mark) for mark in DELIMITERS}
    best = max(widths, key=lambda mark: widths[mark])
    if widths[best] < 2:
        marks = ", ".join(DELIMITERS.values())
        refuse(
            f"{file!r} has no two columns with one delimiter in all lines; export it with one of {marks}",
            "csv",
        )
    if list(widths.values()).count(widths[best]) > 1:
        refuse(f"{file!r} may be cut into {widths[best]} columns in two ways; use one delimiter", "csv")
    return best


def _width(sample: Sequence[str], delimiter: str) -> int:
    """Return the columns of the header if most lines have as many, else 0."""
    widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter)]
    return widths[0] if widths and widths.count(widths[0]) >= 0.5 * len(widths) else 0


def refuse_rows(file: str, wrong: Sequence[tuple[int, str]]) -> None:
    """Raise the first row errors, each at its own line of the CSV file."""
    found = [Finding((), message, file=file, line=line) for line, message in wrong[:MOST_ROW_ERRORS]]
    if len(wrong) > MOST_ROW_ERRORS:
        rest = len(wrong) - MOST_ROW_ERRORS
        found.append(Finding((), f"{rest} more rows like these", file=file, line=wrong[MOST_ROW_ERRORS][0]))
    if found:
        raise ReadingError(found)


def time_column(table: Table, named: str | None) -> int:
    """Return the number of the column of time stamps, by its name or by what its cells look like."""
    if named is not None:
        return _named_column(table, named, "time")
    like = [i for i in range(len(table.header)) if _mostly(table, i, is_stamp)]
    return _only(table, like, "time", "a date and time")


def count_column(table: Table, named: str | None, names: Sequence[str] = COUNT_NAMES) -> int:
    """Return the number of the column of counts, by its name or by what name and cells look like."""
    if named is not None:
        return _named_column(table, named, "count")
    words = [set(title.lower().replace("_", " ").split()) for title in table.header]
    like = [i for i, said in enumerate(words) if said & set(names)]
    if len(like) > 1:  # where one name is enough, wrong cells are told by their rows
        like = [i for i in like if _mostly(table, i, is_number)]
    return _only(table, like, "count", f"numbers and a name such as {', '.join(names)}")


def column_of(
    table: Table,
    named: str | None,
    key: str,
    names: Sequence[str],
    is_like: Callable[[str], bool] | None = None,
) -> int:
    """Return the number of a column by its name, given at a key, or by a word in its title.

    Of several titles with such a word that one is meant whose cells look like it, if one does.
    """
    if named is not None:
        return _named_column(table, named, key)
    words = [set(re.split(r"[\s_-]+", title.lower())) for title in table.header]
    like = [i for i, said in enumerate(words) if said & set(names)]
    if len(like) > 1 and is_like is not None:
        like = [i for i in like if _mostly(table, i, is_like)]
    return _only(table, like, key, f"a name such as {', '.join(names)}")


def told_by(table: Table, column: int, tell: Callable[[Sequence[T]], R], cells: Sequence[T]) -> R:
    """Return what a whole column tells about how it is written; where it does not, name it."""
    try:
        return tell(cells)
    except ValueError as error:
        refuse(f"column {table.header[column]!r} of {table.file!r} {error}", "csv")


def _mostly(table: Table, column: int, is_like: Callable[[str], bool]) -> bool:
    """Tell whether most of the first cells of a column look like something."""
    cells = [row.cells[column] for row in table.rows[:_SAMPLE]]
    return sum(1 for cell in cells if is_like(cell.strip())) >= 0.8 * len(cells)


def _only(table: Table, like: list[int], key: str, what: str) -> int:
    """Return the one column that can be meant; where it is not clear, ask for its name."""
    if len(like) == 1:
        return like[0]
    names = [table.header[i] for i in like]
    if len(set(names)) < len(names):
        refuse(f"{table.file!r} has {names[0]!r} twice; rename one of the columns", "csv")
    said = " and ".join(map(repr, names)) or "no column"
    columns = ", ".join(table.header)
    refuse(f"{said} of {table.file!r} has {what}; add '{key}: COLUMN'. Columns: {columns}", "csv")


def _named_column(table: Table, name: str, key: str) -> int:
    if table.header.count(name) > 1:
        refuse(f"{table.file!r} has {name!r} twice; rename one of the columns", key)
    if name not in table.header:
        refuse(f"{table.file!r} has no column {name!r}{nearest(name, table.header)}", key)
    return table.header.index(name)
