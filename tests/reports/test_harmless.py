"""Names that nobody should have come out as text: a scenario built in Python may have any."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.page import page
from reports.tables_out import json_text, write_csv
from scenarios.safe_text import safe_cell
from sim.experiment import Result

NAMES = (
    '=HYPERLINK("http://x")',
    "+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "</title></style><script>",
    "{{ 7 * 7 }}",
    "a\u202eb",
    "a\x1b[31mb",
    "\u00a0=1",
    "＝1",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_tag_of_a_name(renamed: Callable[[str], Result], name: str) -> None:
    text = page(renamed(name))
    assert "<script" not in text
    assert "<img" not in text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", text)
    assert text.count("</title>") - text.count("</title></svg>") >= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_no_formula_and_nothing_that_steers(
    renamed: Callable[[str], Result], name: str, tmp_path: Path
) -> None:
    write_csv(renamed(name).measures, tmp_path / "m.csv")
    text = (tmp_path / "m.csv").read_text(encoding="utf-8")
    assert not re.search(r'(^|,)"?[\s\u00a0]*[=+@＝]', text, re.MULTILINE)
    assert all(c.isprintable() or c in "\n\u00a0" for c in text)
    json_text(renamed(name)).encode("ascii")


def test_what_looks_like_a_formula_gets_an_apostrophe() -> None:
    risky = ("=1", " =1", "＝1", "＋1", "－1", "＠x", "\t=1", "\n=1")
    assert all(str(safe_cell(text)).startswith("'") for text in risky)
    assert [safe_cell(text) for text in ("\u00a0=1", "\u200b=1")] == ["\\xa0=1", "\\u200b=1"]
    assert safe_cell("a\u202eb\x1b") == "a\\u202eb\\x1b"
