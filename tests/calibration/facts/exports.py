"""Small made-up exports, and how a test reads them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from calibration.facts.facts import Facts
from calibration.facts.read import read_facts
from scenarios.problems import ReadingError

DATA: Final = Path(__file__).parents[3].parent / "shared" / "data"
needs_data: Final = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real exports at {DATA}")
BANK_HEADER: Final = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time",
    "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip
VANAD_HEADER: Final = (
    "date_received", "queue_name", "agent_number", "answered", "consult", "transfer", "hangup",
)  # fmt: skip


def rows_of(facts: Facts, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of all facts, in the order of the files."""
    table = facts.contacts if facts.contacts is not None else facts.intervals
    found = table.order_by("file", "line").select(*names).to_pyarrow().to_pylist()
    return [tuple(row[name] for name in names) for row in found]


def value(expression: Any) -> Any:
    """What an expression of one value comes to."""
    return expression.to_pyarrow().as_py()


def text(header: Sequence[str], rows: Sequence[Mapping[str, str] | Sequence[str]], mark: str = ",") -> str:
    """An export as text; a row is cells in order, or some of them by name."""
    lines = [mark.join(header)]
    for row in rows:
        cells = [row.get(name, "") for name in header] if isinstance(row, Mapping) else list(row)
        lines.append(mark.join(cells))
    return "\n".join(lines) + "\n"


def told(paths: Path | Sequence[Path], form: str, **options: Any) -> list[str]:
    """What is said of an export that is refused: ``line: message``, line 0 for the whole file."""
    with pytest.raises(ReadingError) as caught:
        read_facts([paths] if isinstance(paths, Path) else paths, form, **options).close()
    return [f"{each.line}: {each.message}" for each in caught.value.found]


CONTACT_HEADER: Final = ("contact_id", "queue", "arrived_at", "answered_at", "ended_at")


def stamp(second: int, day: int = 2) -> str:
    """A time of March 2026, so many seconds into the day."""
    return f"2026-03-{day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def good(i: int) -> list[str]:
    """A contact that is right: it waits 5 s and talks for 3 min."""
    return [f"c{i}", "sales", stamp(i * 60), stamp(i * 60 + 5), stamp(i * 60 + 185)]


def export(
    folder: Path, changed: dict[int, dict[str, str]], header: Sequence[str] = CONTACT_HEADER, rows: int = 20
) -> Path:
    """A good export of 20 rows in which some cells are others; row 0 is on line 2."""
    lines = [dict(zip(CONTACT_HEADER, good(i), strict=True)) | changed.get(i, {}) for i in range(rows)]
    return written(folder, text(header, lines))


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
