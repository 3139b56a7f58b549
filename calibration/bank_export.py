"""The export of a bank's call centre ("Anonymous Bank", Technion): a row a call, 17 columns -> typed calls.

Times are local clock times to the second; what happens after midnight is counted on beyond 24 h, so that a
call stays with the day on which it came. An export may have the delimiter that it likes (``csv_table.py``).
"""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from scenarios.csv_table import Row, Table, read_table, refuse_rows
from scenarios.problems import nearest, refuse

COLUMNS: Final = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time",
    "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip
OUTCOMES: Final = ("AGENT", "HANG", "PHANTOM")
DAY_S: Final = 86_400
_NOBODY: Final = "NO_SERVER"
_NEVER: Final = "0:00:00"
_BACKWARDS_S: Final = DAY_S // 2  # clocks of the machines differ by minutes; more than this is midnight
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
_COUNTS: Final = ("priority", "q_time", "ser_time")


class Call(NamedTuple):
    """One call; ``*_s`` are seconds since the local midnight of its date."""

    date: datetime.date
    kind: str  # the column `type`: PS, NW, NE, ...
    priority: int
    came_s: int  # left the menu: joined the queue, was put through or hung up
    queued: bool
    wait_s: int  # in the queue; 0 where it did not queue
    outcome: str  # one of OUTCOMES
    started_s: int  # agent took it; -1 where the export does not say
    service_s: int
    agent: str  # "" where the export names nobody

    @property
    def left_s(self) -> int:
        """The moment at which it left the queue."""
        return self.came_s + self.wait_s

    @property
    def ended_s(self) -> int:
        """The moment at which its service ended."""
        return self.started_s + self.service_s

    @property
    def answered(self) -> bool:
        return self.outcome == "AGENT"

    @property
    def reached_queue(self) -> bool:
        """It came to an agent or waited for one: no drop, and not one that ended in the menu."""
        return self.answered or (self.queued and self.outcome == "HANG")


def read_calls(path: Path) -> list[Call]:
    """All calls of an export, in its order. Raises ``ReadingError`` with the line of every wrong row."""
    table = read_table(path)
    missing = [name for name in COLUMNS if name not in table.header]
    if missing:
        hint = nearest(missing[0], table.header)
        refuse(f"{table.file!r} has no column {missing[0]!r}{hint}. Needed: {', '.join(COLUMNS)}")
    calls, wrong = list[Call](), list[tuple[int, str]]()
    for row in table.rows:
        try:
            calls.append(_call(_cells(table, row)))
        except ValueError as error:
            wrong.append((row.line, str(error)))
    refuse_rows(table.file, wrong)
    return calls


def _cells(table: Table, row: Row) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(table.header, row.cells, strict=True)}


def _call(cells: Mapping[str, str]) -> Call:
    """One row; a ``ValueError`` says which cell is wrong."""
    entry = _clock(cells, "vru_entry")
    counts = {name: _whole(cells, name) for name in _COUNTS}
    if cells["outcome"] not in OUTCOMES:
        raise ValueError(f"outcome: {cells['outcome']!r} is none of {', '.join(OUTCOMES)}")
    came, started = _after(entry, cells, "vru_exit"), _after(entry, cells, "ser_start")
    for name in ("q_start", "q_exit", "ser_exit"):
        _clock(cells, name)
    return Call(
        date=_date(cells["date"]),
        kind=cells["type"],
        priority=counts["priority"],
        came_s=came,
        queued=cells["q_start"] != _NEVER or counts["q_time"] > 0,
        wait_s=counts["q_time"],
        outcome=cells["outcome"],
        started_s=-1 if cells["ser_start"] == _NEVER and not counts["ser_time"] else started,
        service_s=counts["ser_time"],
        agent=cells["server"] if cells["server"] != _NOBODY else "",
    )


def _date(text: str) -> datetime.date:
    """A date written yymmdd, of the twentieth century."""
    if not re.fullmatch(r"\d{6}", text):
        raise ValueError(f"date: {text!r} is not written yymmdd, as 990131 is")
    return datetime.date(1900 + int(text[:2]), int(text[2:4]), int(text[4:]))


def _clock(cells: Mapping[str, str], name: str) -> int:
    """Seconds since midnight of a time h:mm:ss."""
    found = _CLOCK.fullmatch(cells[name])
    if found is None or int(found[1]) > 24:
        raise ValueError(f"{name}: {cells[name]!r} is no time h:mm:ss")
    hours, minutes, seconds = map(int, found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _after(entry: int, cells: Mapping[str, str], name: str) -> int:
    """A time that follows `entry`: half a day before it is after midnight."""
    at = _clock(cells, name)
    return at + DAY_S if entry - at > _BACKWARDS_S else at


def _whole(cells: Mapping[str, str], name: str) -> int:
    if not re.fullmatch(r"\d{1,6}", cells[name]):
        raise ValueError(f"{name}: {cells[name]!r} is no whole number of at most six digits")
    return int(cells[name])
