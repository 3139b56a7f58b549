"""The days of docs/case_days.md, whose tables were worked out by hand, against both engines."""

from functools import cache
from typing import Final

import pytest

from tests.docs.snippets import ROOT, snippets
from tests.sim.placed import Comes, Day, ticks

PAGE: Final = "docs/case_days.md"
DAYS: Final = ("desk_day.yaml", "outage_night.yaml", "wrong_tags.yaml")
_CASES: Final = "| case | comes |"
_LINES: Final = "| time | what happens |"

Rows = list[tuple[str, ...]]


def table(below: str, head: str) -> Rows:
    """The cells of the first table with this head."""
    lines = below[below.index(head) :].split("\n\n", 1)[0].splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


@cache
def page(day: str) -> tuple[str, Rows, Rows]:
    """The scenario of a day, its table of cases, and what happens when."""
    (scenario,) = (snippet for snippet in snippets(PAGE) if snippet.file == day)
    below = (ROOT / PAGE).read_text(encoding="utf-8").split(f"<!-- file: {day} -->", 1)[1]
    return scenario.text, table(below, _CASES), table(below, _LINES)


@pytest.fixture(params=["fast", "reference"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def played(day: str, engine: str) -> Day:
    """The day with the customers that its lines speak of."""
    text, _, lines = page(day)
    coming = [
        Comes(ticks(time), words.split(" comes by ")[1]) for time, words in lines if " comes by " in words
    ]
    return Day(text, coming, engine)


@pytest.mark.parametrize("day", DAYS)
def test_cases_of_the_day(day: str, engine: str) -> None:
    expected = page(day)[1]
    assert len(expected) == 6
    assert played(day, engine).cases() == expected


@pytest.mark.parametrize("day", DAYS)
def test_what_happens_when(day: str, engine: str) -> None:
    assert played(day, engine).happens() == page(day)[2]


def test_one_day_has_a_critical_case_at_night() -> None:
    """... of which the customer hears every hour, and which is told to two others at once."""
    first = page("outage_night.yaml")[1][0]
    assert "01:00:00" < first[1] < "05:00:00"
    assert (first[10], first[12]) == ("3", "2")
