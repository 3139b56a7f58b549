"""docs/real_day.md says what its script makes now, of data that are not part of this repository."""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest

from calibration.bank_days import days_table, ordinary, working_days
from calibration.bank_export import Call, read_calls
from docs import real_day
from docs.real_day_variants import VARIANTS, Compared
from tests.docs.snippets import ROOT

DATA: Final = ROOT.parent / "shared" / "data"
MARK: Final = re.compile(r"<!-- made: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


@lru_cache
def month(number: int) -> tuple[Call, ...]:
    path: Path = DATA / f"anonymous_bank_1999-{number:02}.tsv.gz"
    if not path.exists():
        pytest.skip(f"the bank's calls are not here: {path.name} is not part of this repository")
    return tuple(read_calls(path))


@lru_cache
def the_day() -> Compared:
    return real_day.the_day(month(1))


def on_page() -> dict[str, str]:
    """The tables of the page by their marks."""
    text = real_day.PAGE.read_text(encoding="utf-8")
    return {found[1]: found[2].rstrip("\n") for found in MARK.finditer(text)}


def test_export_is_the_one_described() -> None:
    calls = month(1)
    assert len(calls) == 31_599
    assert sum(call.answered for call in calls) == 27_060
    assert len(working_days(calls)) == 19  # none on 11 and 12 January
    assert str(ordinary(working_days(calls))) == "1999-01-19"
    assert "1,402     11.3%     180 s  <- ordinary" in days_table(working_days(calls))


def test_tables_of_the_day_are_made_from_it() -> None:
    page = on_page()
    for mark, table in real_day.day_tables(the_day()).items():
        assert page[mark] == table, mark


def test_picture_is_made_from_it() -> None:
    assert real_day.PICTURE.read_text(encoding="utf-8") == real_day.picture(the_day())


def test_the_day_is_within_chance() -> None:
    """What the page says in short: every figure of the day within two standard deviations or so."""
    found = the_day()
    assert all(abs(each.z) < 2.0 for each in found.totals.values())
    assert found.fit("mean_wait_s").inside == 34


def test_every_table_has_its_place() -> None:
    """Without the data: the page has all tables, and the picture stands alone."""
    tables = on_page()
    assert list(tables) == ["day", "fit", "variants", "waited", "others", "rules", "intervals"]
    assert all(table.startswith("| ") for table in tables.values())
    assert tables["variants"].count("\n") == len(VARIANTS) + 2  # the observed, head and rule
    text = real_day.PICTURE.read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert not re.search(r"<script|href=|url\(|@import", text)


@pytest.mark.verify
def test_all_tables_are_made_again() -> None:
    """Three minutes; `make verify` writes the page where it differs."""
    tables = real_day.all_tables(month(1), month(2), the_day())
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        text = real_day.PAGE.read_text(encoding="utf-8")
        real_day.PAGE.write_text(real_day.replaced(text, tables), encoding="utf-8")
        real_day.PICTURE.write_text(real_day.picture(the_day()), encoding="utf-8")
    page = on_page()
    assert all(page[mark] == table for mark, table in tables.items())
