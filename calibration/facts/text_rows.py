"""The rows of a text file as batches of columns of text, with their numbers; nothing is guessed.

Rows are numbered as a spreadsheet numbers them: the header's is 1 (or where it stands), blank rows count, and
a cell with line breaks in quotes is in one row. Rows with another number of cells than the header's are set
aside.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from calibration.facts.files import Source, opened
from scenarios.problems import Finding, ReadingError

LINE: Final = "line"
_CONTROLS: Final = r"[\x00-\x1f\x7f\x{2028}\x{2029}]+"  # what ends a line or steers a terminal
_BLOCK: Final = 8 << 20  # bytes; also the longest row
_OBJECTS: Final = 20_000  # JSON objects in a batch


class BadRow(NamedTuple):
    """A row that cannot be cut into cells; what stands in it is not repeated, it may be personal."""

    line: int
    why: str


class TextRows:
    """Batches of (line, columns as text); `bad` holds the rows set aside, once all batches were taken."""

    def __init__(self, source: Source, columns: Sequence[str]) -> None:
        self.source = source
        self.columns = tuple(columns)
        self.bad: list[BadRow] = []
        self.rows = 0
        self.inner_breaks = 0
        """Line breaks inside quoted cells."""

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in self.columns)])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows that are not blank, in the order of the file."""
        yield from self._csv() if self.source.kind == "csv" else self._json()

    def _csv(self) -> Iterator[pa.RecordBatch]:
        source, wrong = self.source, list[int]()

        def set_aside(row: Any) -> str:
            wrong.append(row.number)
            self.bad.append(BadRow(row.number, _width(row)))
            return "skip"

        names = [f"c{i}" for i in range(len(source.header))]  # headers may hold anything, twice too
        chosen = [names[source.header.index(name)] for name in self.columns]
        next_line = source.header_line + 1
        try:
            with opened(source) as file:
                reader = pacsv.open_csv(
                    pa.PythonFile(file, "r"),
                    read_options=pacsv.ReadOptions(
                        use_threads=False, block_size=_BLOCK, skip_rows=source.header_line, column_names=names
                    ),
                    parse_options=pacsv.ParseOptions(
                        delimiter=source.delimiter,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=set_aside,
                    ),
                    convert_options=pacsv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()),
                        include_columns=chosen,
                        strings_can_be_null=True,
                        null_values=[""],
                        check_utf8=False,
                    ),
                )
                for batch in reader:
                    lines, next_line = _numbers(next_line, batch.num_rows, wrong)
                    yield from self._filled(lines, list(batch.columns))
            self._refuse_open_quote(max([next_line, *(line + 1 for line in wrong)]) - 1)
        except pa.ArrowInvalid as error:
            self._refuse_csv(error, next_line)

    def _refuse_open_quote(self, last: int) -> None:
        """Raise ``ReadingError`` if a quote that stays open has swallowed lines; `last` is the last row."""
        self.inner_breaks = max(self.source.lines - last, 0)
        if self.source.quotes % 2 and self.inner_breaks:
            told = (
                f"has a quote that is never closed, in or above this line; {self.inner_breaks:,} lines are "
                "inside quotes. Close it, or export it again"
            )
            raise ReadingError([Finding((), told, file=str(self.source.path), line=self._opened())])

    def _opened(self) -> int:
        """The last line, counted by line ends, on which a quote is opened and not closed."""
        inside, since = False, 0
        with opened(self.source) as file:
            for line, text in enumerate(file, 1):
                if text.count(b'"') % 2:
                    inside = not inside
                    since = line if inside else since
        return since

    def _refuse_csv(self, error: pa.ArrowInvalid, line: int) -> None:
        """Say why a file cannot be cut into rows at all."""
        if "Empty CSV" in str(error) or "No rows" in str(error):
            return
        self._refuse_open_quote(line)
        why = f"a row has more than {_BLOCK >> 20} MB" if "straddl" in str(error) else str(error)
        told = f"cannot be cut into rows from here on: {why}; export it again"
        raise ReadingError([Finding((), told, file=str(self.source.path), line=line)]) from None

    def _filled(self, lines: Any, columns: list[Any]) -> Iterator[pa.RecordBatch]:
        """The rows of a batch in which something stands."""
        batch = pa.record_batch([pa.array(lines), *map(tidied, columns)], schema=self.schema)
        some = np.zeros(batch.num_rows, dtype=bool)
        for column in columns:
            some |= pc.is_valid(column).to_numpy(zero_copy_only=False)
        batch = batch if some.all() else batch.filter(pa.array(some))
        self.rows += batch.num_rows
        if batch.num_rows:
            yield batch

    def _json(self) -> Iterator[pa.RecordBatch]:
        lines, cells = list[int](), list[dict[str, str | None]]()
        with opened(self.source) as file:
            for line, text in enumerate(file, 1):
                if not text.strip():
                    continue
                try:
                    cells.append(self._object(text))
                    lines.append(line)
                except ValueError as error:
                    self.bad.append(BadRow(line, str(error)))
                if len(lines) >= _OBJECTS:
                    yield self._batch(lines, cells)
                    lines, cells = [], []
        if lines:
            yield self._batch(lines, cells)

    def _batch(self, lines: list[int], cells: list[dict[str, str | None]]) -> pa.RecordBatch:
        self.rows += len(lines)
        columns = [tidied(pa.array([row.get(name) for row in cells], pa.string())) for name in self.columns]
        return pa.record_batch([pa.array(lines, pa.int64()), *columns], schema=self.schema)

    def _object(self, text: bytes) -> dict[str, str | None]:
        """One object as cells of text. Raises ``ValueError`` if it is none."""
        try:
            found = json.loads(text.removeprefix(b"\xef\xbb\xbf"))
        except RecursionError:
            raise ValueError("is nested too deeply; write one flat object a line") from None
        except ValueError as error:
            raise ValueError(f"is no JSON object: {error}; write one flat object a line") from None
        if not isinstance(found, dict):
            raise ValueError("is no JSON object; write one flat object a line")
        return {name: _cell(name, found.get(name)) for name in self.columns}


def _cell(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    raise ValueError(
        f"{name} is a {type(value).__name__}, not a text or a number; write one flat object a line"
    )


def _width(row: Any) -> str:
    cells = f"{row.actual_columns} cell{'s' if row.actual_columns != 1 else ''}"
    told = f"has {cells}, and the header has {row.expected_columns}"
    return f"{told}; a cell that holds the delimiter needs quotes"


def tidied(texts: Any) -> Any:
    """Texts on one line, without blanks around them."""
    data = texts.buffers()[2]
    if data is not None and _has_controls(data):
        texts = pc.replace_substring_regex(texts, _CONTROLS, " ")
    return pc.utf8_trim_whitespace(texts)


def _has_controls(data: Any) -> bool:
    held = np.frombuffer(data, dtype=np.uint8)
    return bool((held < 0x20).any() or (held == 0x7F).any() or b"\xe2\x80" in memoryview(data).tobytes())


def _numbers(first: int, count: int, wrong: Sequence[int]) -> tuple[Any, int]:
    """The numbers of the next good rows, and the number to go on with, given those set aside."""
    skipped = [each for each in wrong if each >= first]
    candidates = np.arange(first, first + count + len(skipped), dtype=np.int64)
    good = candidates[~np.isin(candidates, skipped)][:count]
    return good, int(good[-1]) + 1 if count else first


def json_columns(source: Source) -> tuple[str, ...]:
    """The keys of the first objects of a file of JSON lines, in their order."""
    keys: dict[str, None] = {}
    with opened(source) as file:
        for _, text in zip(range(1000), file, strict=False):
            try:
                found = json.loads(text.removeprefix(b"\xef\xbb\xbf"))
            except (ValueError, RecursionError):
                continue
            keys |= dict.fromkeys(found) if isinstance(found, dict) else {}
    return tuple(keys)
