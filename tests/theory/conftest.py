"""The report of a full run: `docs/theory.md`, written when asked for and only if every case ran."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from .builders import ALL, Row
from .case_flows import FLOWS
from .incident_flows import FLOWS as INCIDENTS
from .report import page

PAGE: Final = Path(__file__).parents[2] / "docs" / "theory.md"


@pytest.fixture(scope="session")
def report() -> Iterator[Callable[[Row], None]]:
    """Collect the rows of judged cases; at the end, write the page."""
    rows: dict[str, Row] = {}
    yield lambda row: rows.update({row.case: row})
    every = [*ALL, *FLOWS, *INCIDENTS]
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1" and rows.keys() == set(every):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page([rows[name] for name in every]), encoding="utf-8")
