"""The rows that are set aside: where they are, what was seen there, and why."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import ibis
import pyarrow as pa

from calibration.facts.database import Database
from calibration.facts.text_rows import BadRow
from scenarios.safe_text import safe_cell

_NAME: Final = "rejected"
_SCHEMA: Final = pa.schema(
    [
        ("file", pa.int64()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("seen", pa.string()),
        ("why", pa.string()),
    ]
)
HEADER: Final = ("file", "line", "column", "seen", "why")


class Reject(NamedTuple):
    """One thing that is wrong with a row."""

    file: int
    line: int
    column: str
    seen: str
    why: str


class Rejects:
    """All of them, in the database: a file may have more than fit in memory."""

    def __init__(self, database: Database, paths: Sequence[str]) -> None:
        self._database = database
        self._paths = tuple(paths)
        self.table: Any = database.con.create_table(_NAME, schema=ibis.schema(_SCHEMA))

    def add_rows(self, file: int, bad: Iterable[BadRow]) -> None:
        """Add rows that could not be cut into cells."""
        rows = [(file, each.line, "", "", each.why) for each in bad]
        if rows:
            columns = dict(zip(_SCHEMA.names, map(list, zip(*rows, strict=True)), strict=True))
            self._database.con.insert(_NAME, pa.table(columns, schema=_SCHEMA))

    def add(self, found: Any) -> None:
        """Add the rows of a relation of the same columns."""
        self._database.con.insert(_NAME, found.select(*_SCHEMA.names))

    def others(self, table: Any) -> Any:
        """The rows of a relation with `file` and `line` that are not set aside."""
        return table.anti_join(self.table.select("file", "line").distinct(), ["file", "line"])

    def rows(self) -> int:
        """How many rows of the files are set aside."""
        return self._database.number(self.table.select("file", "line").distinct().count())

    def by_reason(self) -> dict[str, int]:
        """Things that are wrong, counted by column and reason."""
        counts = self.table.group_by("column", "why").aggregate(n=self.table.count())
        return {
            f"{row['column']}: {row['why']}".removeprefix(": "): row["n"]
            for row in self._database.rows(counts.order_by(ibis.desc("n"), "column", "why").limit(100))
        }

    def first(self, count: int, of: Any = None) -> list[Reject]:
        """The first of them, or of some of them, in the order of the files."""
        table = (self.table if of is None else of).order_by("file", "line", "column", "why").limit(count)
        return [Reject(**row) for row in self._database.rows(table)]

    def path(self, file: int) -> str:
        """The path of a file by its number."""
        return self._paths[file]

    def write(self, path: Path) -> int:
        """Write all of them as CSV, safe to open in a spreadsheet; returns how many there are."""
        part = path.with_name(f"{path.name}.part")  # nobody finds half a file
        try:
            count = self._write(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return count

    def _write(self, path: Path) -> int:
        count = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for rows in self._database.batches(self.table.order_by("file", "line", "column", "why")):
                writer.writerows(map(self._cells, rows))
                count += len(rows)
        return count

    def _cells(self, row: tuple[Any, ...]) -> list[Any]:
        found = Reject(*row)
        texts = (self._paths[found.file], found.column, found.seen, found.why)
        path, *rest = map(safe_cell, texts)
        return [path, found.line, *rest]
