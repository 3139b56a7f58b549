"""docs/facts.md: its tables are those of the code, and its form of a file can be read."""

import re
from pathlib import Path

import ibis
import pytest

from calibration.facts.columns import CONTACT_FACTS, CONTACTS, INTERVAL_FACTS, INTERVALS
from calibration.facts.formats import FORMATS
from calibration.facts.read import read_facts
from calibration.facts.shape import facts_of
from docs import facts as page
from tests.docs.snippets import ROOT


def test_tables_are_those_of_the_code() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.replaced(text) == text
    assert {found[2] for found in page.MARK.finditer(text)} == set(page.made())


def test_files_are_all_in_the_map() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = text.split("\n`calibration/facts/` makes", 1)[1].split("\n\n", 2)[1]
    written = re.findall(r"`(\w+\.py)`", part)
    there = {each.name for each in (ROOT / "calibration" / "facts").glob("*.py")} - {"__init__.py"}
    assert there <= {*written}


def test_columns_have_names_of_their_own() -> None:
    for table in (CONTACTS, INTERVALS, CONTACT_FACTS, INTERVAL_FACTS):
        names = [each.name for each in table]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("name", FORMATS)
def test_formats_map_to_facts_that_there_are(name: str) -> None:
    form = FORMATS[name]
    assert set(form.facts) <= {fact.name for fact in facts_of(form)}
    assert form.name == name
    assert form.traps
    assert form.silent


@pytest.mark.parametrize("form", ["canonical", "intervals"])
def test_relations_have_the_columns_documented(tmp_path: Path, form: str) -> None:
    lines = {
        "canonical": "queue,arrived_at\na,2026-03-02T08:00:00Z\n",
        "intervals": "interval_start,interval_minutes,queue,offered,aht_s\n2026-03-02T08:00:00Z,30,a,1,1\n",
    }
    path = tmp_path / "e.csv"
    path.write_text(lines[form], encoding="utf-8")
    with read_facts([path], form) as facts:
        table = facts.contacts if form == "canonical" else facts.intervals
        wanted = CONTACT_FACTS if form == "canonical" else INTERVAL_FACTS
        assert dict(table.schema().items()) == {fact.name: ibis.dtype(fact.dtype) for fact in wanted}
