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
