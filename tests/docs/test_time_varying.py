"""docs/time_varying.md says what its script makes now."""

import os
import re
from functools import lru_cache
from typing import Final
from xml.etree import ElementTree

import numpy as np
import pytest

from docs import varying
from docs.varying_days import EXACT, METHODS, Peaks, case_day, vanad_day, with_one_fewer
from tests.docs.snippets import ROOT

EXPORT: Final = ROOT.parent / "shared" / "data" / "vanad_2014-01_to_04_calls.csv.gz"
MARK: Final = re.compile(r"<!-- made: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)
DAYS: Final = ("case", "vanad")


@lru_cache
def the_day(name: str) -> Peaks:
    if name == "case":
        return case_day()
    if not EXPORT.exists():
        pytest.skip(f"the calls of VANAD are not here: {EXPORT.name} is not part of this repository")
    return vanad_day(EXPORT)


@lru_cache
def staffed(name: str) -> dict[str, varying.Staffed]:
    """The three methods of the picture and of the table of half hours, without simulation."""
    return {method: varying.judged(the_day(name), method) for method in ("sipp", "offered_load", EXACT)}


def on_page() -> dict[str, str]:
    """The tables of the page by their marks."""
    text = varying.PAGE.read_text(encoding="utf-8")
    return {found[1]: found[2].rstrip("\n") for found in MARK.finditer(text)}


def but_last(table: str) -> list[list[str]]:
    """The cells of a table without its last column."""
    rows = [line.strip("|").split("|")[:-1] for line in table.splitlines()]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.verify
@pytest.mark.parametrize("name", DAYS)
def test_half_hours_are_made_from_the_day(name: str) -> None:
    """But for the last column, which takes a minute: it is made again below."""
    day = the_day(name)
    made = varying.interval_table(day, staffed(name), np.full(len(day.per_hour), np.nan))
    assert but_last(on_page()[f"{name}_intervals"]) == but_last(made)
    assert varying.picture_of(day).read_text(encoding="utf-8") == varying.picture(day, staffed(name))


@pytest.mark.verify
@pytest.mark.parametrize("name", DAYS)
def test_exact_staffing_holds_where_each_by_itself_misses(name: str) -> None:
    """In every busy half hour, within 2 points of the target or within one agent of it."""
    day, found = the_day(name), staffed(name)
    level = found[EXACT].level[day.busy]
    assert (level >= varying.TARGET - 1e-9).all()
    above = day.busy & (found[EXACT].level > varying.TARGET + varying.NEAR)
    assert (with_one_fewer(day, found[EXACT].agents, above)[above] < varying.TARGET).all()
    if name == "case":
        assert not above.any()
    missed = np.abs(found["sipp"].level[day.busy] - varying.TARGET) > varying.NEAR
    assert missed.sum() > 0.7 * len(level)
    hours = {method: each.agents.sum() for method, each in found.items()}
    assert hours[EXACT] < 1.005 * hours["sipp"]


def test_every_table_has_its_place() -> None:
    """Without the data: the page has all tables, and the pictures stand alone."""
    tables = on_page()
    assert list(tables) == ["case_spread", "case_intervals", "vanad_spread", "vanad_intervals"]
    assert all(table.startswith("| ") for table in tables.values())
    for name in DAYS:
        text = varying.PAGE.with_name(f"time_varying_{name}.svg").read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert not re.search(r"<script|href=|url\(|@import", text)


@pytest.mark.verify
@pytest.mark.parametrize("name", DAYS)
def test_all_tables_are_made_again(name: str) -> None:
    """Simulated too, a minute each; `make verify` writes the page where it differs."""
    day = the_day(name)
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        varying.make(day, write=True)
    found = {method: varying.judged(day, method, varying.REPLICATIONS) for method in METHODS}
    page = on_page()
    assert all(page[mark] == table for mark, table in varying.day_tables(day, found).items())
