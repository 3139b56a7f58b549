"""docs/cases.md says what its two scenarios give."""

import re
from functools import lru_cache
from typing import Final
from xml.etree import ElementTree

import pytest

from docs import sweeps
from docs.bars import Panel, picture

MARK: Final = re.compile(r"<!-- made: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


@lru_cache
def on_page() -> dict[str, str]:
    """The tables of the page by their marks."""
    text = sweeps.PAGE.read_text(encoding="utf-8")
    return {found[1]: found[2].rstrip("\n") for found in MARK.finditer(text)}


def written_needed() -> dict[str, int]:
    """The people that the table of chats says are needed, by the name of the override."""
    rows = on_page()["chats"].splitlines()[2:]
    return {name: int(row.strip("|").split("|")[-1]) for name, row in zip(sweeps.AT_ONCE, rows, strict=True)}


@lru_cache
def of_chats() -> list[sweeps.Chats]:
    return sweeps.all_chats(needed=written_needed().__getitem__)


@lru_cache
def of_tags() -> dict[int, sweeps.Figures]:
    return {wrong: sweeps.wrong_tags(wrong) for wrong in sweeps.WRONG}


def test_tables_and_pictures_are_what_the_scenarios_give() -> None:
    assert on_page() == sweeps.tables(of_chats(), of_tags())
    for path, text in sweeps.pictures(of_chats(), of_tags()).items():
        assert path.read_text(encoding="utf-8") == text
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert f"]({path.name})" in sweeps.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sweeps.AT_ONCE)
def test_one_person_fewer_is_not_enough(name: str) -> None:
    needed = written_needed()[name]
    assert sweeps.is_enough(name, needed)
    assert not sweeps.is_enough(name, needed - 1)


def test_the_page_says_what_the_figures_say() -> None:
    """The sentences below the tables: where more chats stop helping, and what wrong tags do."""
    _, _, three, four, five = of_chats()
    assert three.needed == four.needed == five.needed
    assert four.of("service_level") > three.of("service_level")
    longer = four.of("aht") - three.of("aht")
    assert longer > three.of("mean_wait") - four.of("mean_wait")  # they wait during the chat instead
    worse = ("mean_wait", "abandonment", "aht")
    assert all(five.of(measure) > four.of(measure) for measure in worse)
    assert five.of("service_level") < four.of("service_level")
    tags = of_tags()
    assert tags[40].of("agent_time_per_case") / tags[0].of("agent_time_per_case") == pytest.approx(
        8 / 7, abs=0.02
    )
    assert tags[40].of("mean_resolution") > 6.0 * tags[0].of("mean_resolution")
    assert tags[0].of("fcr") - tags[40].of("fcr") == pytest.approx(0.02, abs=0.005)


def test_a_bar_is_as_high_as_its_value_and_text_is_escaped() -> None:
    text = picture("a < b", [Panel("h", "b", ("1", "2"), (1.0, 2.0), ("one", "two"), (1,), 4.0, 3.0)])
    root = ElementTree.fromstring(text)
    bars = [each for each in root.iter() if "bar" in each.get("class", "").split()]
    assert [float(bar.get("height", "0")) for bar in bars] == [22.5, 45.0]  # of the 90 that 4 stands for
    assert [bar.get("class") for bar in bars] == ["bar", "bar marked"]
    assert "M16 68.5H" in text  # the dashed line at 3
    assert "a &lt; b" in text
