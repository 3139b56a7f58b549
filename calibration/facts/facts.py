"""What reading an export gives: relations of facts, what was told of them, and what was set aside."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calibration.facts.database import Database
from calibration.facts.formats.format import Format
from calibration.facts.rejects import Rejects


class Facts:
    """Checked facts of an export; use it as a context, or `close` it, so that its temporary files go.

    `contacts` or `intervals` is an ibis relation with the columns of ``columns.py``; the other is
    None. Aggregate it with ibis: its rows may not fit in memory.
    """

    def __init__(
        self,
        form: Format,
        database: Database,
        table: Any,
        time_zone: str,
        rows: int,
        kept: int,
        days: tuple[datetime.date, datetime.date],
        notes: tuple[str, ...],
        silent: tuple[str, ...],
        rejects: Rejects,
        dropped: Mapping[str, int],
    ) -> None:
        self.format = form
        self.contacts: Any = table if form.table == "contacts" else None
        self.intervals: Any = table if form.table == "intervals" else None
        self.con: Any = database.con
        self.time_zone = time_zone
        self.rows = rows
        """Rows of the files that are not blank."""
        self.kept = kept
        self.first_day, self.last_day = days
        self.notes = notes
        self.silent = silent
        """What the export cannot tell."""
        self.dropped = dict(dropped)
        """Rows left out by reason: copies, and those outside the period."""
        self._database = database
        self._laid_down = 0
        self._rejects = rejects

    @property
    def rejected(self) -> dict[str, int]:
        """Rows set aside, by reason."""
        return self._rejects.by_reason()

    def write_rejected(self, path: Path) -> int:
        """Write the rows set aside as CSV: file, line, column, seen, why. Returns how many lines it has."""
        return self._rejects.write(path)

    def laid_down(self, table: Any) -> Any:
        """A relation made of these facts, computed once: worth it where many questions are asked of it."""
        self._laid_down += 1
        return self._database.laid_down(f"laid_down_{self._laid_down}", table)

    def close(self) -> None:
        """Close the database and remove its files; the relations cannot be used any more."""
        self._database.close()

    def __enter__(self) -> "Facts":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
