"""Strings of files and data come out as text: on a terminal, in pages, tables and messages."""

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from careloop.terminal import show_block
from reports.blocks import Block, Cell, Row
from reports.wording import Words
from tests.careloop.conftest import DAY, Ended

Here = Callable[..., Ended]

TEXTS = (
    '=HYPERLINK("http://x")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
)
STEERING = ("a\u202eb", "a\u200fb", "a\u2066b", "a\x1b[31mb", "a\x07b", "a\x9bb")
NAME = " ".join(TEXTS)


class Tags(HTMLParser):
    """Collects the tags of a page and the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


def harmless(page: str) -> None:
    """A page has no script, no picture from elsewhere and no handler, whatever the data says."""
    tags = Tags()
    tags.feed(page)
    assert not {tag for tag in tags.found if tag == "script" or tag.startswith("img") or " on" in tag}
    assert not steers(page)


def steers(text: str) -> bool:
    """Whether a text has a character that moves a cursor or turns the direction of others."""
    return any(not c.isprintable() and c not in "\n\t\xa0" for c in text)


def cells_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def runs_nothing(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for text or for a number."""
    return not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or bool(re.fullmatch(r"-[0-9.e+-]+", cell))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A scenario that has odd text wherever the language allows any, in a file with an odd name."""
    overrides = "".join(
        f"  {json.dumps(each)}: {{groups.team.agents: {n}}}\n" for n, each in enumerate(TEXTS, 2)
    )
    text = DAY.replace("A quick day", json.dumps(NAME))
    text = text.replace("service_level:", f"description: {json.dumps(NAME)}\nservice_level:", 1)
    path = tmp_path / "<b>=x&'.yaml"
    path.write_text(f"{text}overrides:\n{overrides}", encoding="utf-8")
    return path


def test_a_run_shows_text_as_text(here: Here, hostile: Path, tmp_path: Path) -> None:
    ended = here("run", hostile, "--replications", "2", "--out", tmp_path / "run", "--csv", "--png")
    assert ended.code == 0
    assert not steers(ended.out + ended.err)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for table in (tmp_path / "run").glob("*.csv"):
        assert all(map(runs_nothing, cells_of(table))), table.name
    again = here("run", tmp_path / "run" / "scenario.yaml", "--replications", "2", "--json")
    assert json.loads(again.out)["scenario"] == NAME


def test_a_comparison_shows_text_as_text(here: Here, hostile: Path, tmp_path: Path) -> None:
    chosen = [part for each in TEXTS for part in ("--scenario", each)]
    out = tmp_path / "compared"
    ended = here("compare", hostile, *chosen, "--replications", "2", "--out", out, "--csv")
    assert ended.code == 0
    assert not steers(ended.out + ended.err)
    harmless((out / "compare.html").read_text(encoding="utf-8"))
    for table in out.glob("*.csv"):
        assert all(map(runs_nothing, cells_of(table))), table.name
    assert all(re.fullmatch(r"[\w.-]+", each.name) for each in out.iterdir())


def test_names_of_files_cannot_steer(here: Here, day: Path, tmp_path: Path) -> None:
    """A name of a file may have any character; what is shown of it may not."""
    other = tmp_path / "a\u202eb\x1b[31m.yaml"
    try:
        other.write_bytes(day.read_bytes())
    except OSError:
        pytest.skip("this file system takes no such name")
    out = tmp_path / "compared"
    ended = here("compare", other, day, "--replications", "2", "--out", out, "--csv")
    assert ended.code == 0
    assert not steers(ended.out + ended.err)
    harmless((out / "compare.html").read_text(encoding="utf-8"))
    assert not any(steers(cell) for cell in cells_of(out / "differences.csv"))
    for command in ("check", "run", "explain"):
        ended = here(command, tmp_path / "a\u202eb\x1b.yaml")
        assert ended.code == 2
        assert not steers(ended.out + ended.err)


@pytest.mark.parametrize("text", STEERING)
@pytest.mark.parametrize("where", ["name: {}", "description: {}", "overrides: {{{}: {{run.seed: 2}}}}"])
def test_text_that_steers_is_refused(here: Here, tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "s.yaml"
    line = where.format(json.dumps(text))
    path.write_text("".join(f"{each}\n" for each in DAY.splitlines() if each[:5] != line[:5]) + line)
    ended = here("check", path)
    assert ended.code == 2
    assert f"{path}:" in ended.err
    assert not steers(ended.out + ended.err)


@pytest.mark.parametrize("text", [*TEXTS, *STEERING])
def test_names_of_parts_are_letters(here: Here, day: Path, text: str) -> None:
    if text in ("+1", "-2+3"):
        text = f"a{text}"
    day.write_text(DAY.replace("  team:", f"  {json.dumps(text)}:"), encoding="utf-8")
    ended = here("check", day)
    assert ended.code == 2
    assert re.search("is no usable name|must be one line of plain text", ended.err)
    assert not steers(ended.out + ended.err)


@pytest.mark.parametrize("text", [*TEXTS, *STEERING])
@pytest.mark.parametrize(
    "option",
    [("--set", "run.seed={}"), ("--set", "{}=1"), ("--set", "calendar.hours.{}=24x7"), ("--scenario", "{}")],
)
def test_options_are_told_as_text(here: Here, day: Path, text: str, option: tuple[str, str]) -> None:
    ended = here("explain", day, option[0], option[1].format(text))
    assert not steers(ended.out + ended.err)
    assert "Traceback" not in ended.err
    assert ended.code in (0, 2)


@pytest.mark.parametrize("text", [*TEXTS, *STEERING])
def test_cells_of_a_csv_file_are_told_as_text(here: Here, day: Path, tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    day.write_text(DAY.replace("{rate: 6 per 30 min}", "{history: {csv: c.csv}}"), encoding="utf-8")
    rows = "2026-03-02 08:00,12,1\n2026-03-02 08:30,14,1\n"
    for table in (
        f"time,calls {quoted.strip(chr(34))},{quoted}\n{rows}",
        f"time,calls,x\n{rows}2026-03-02 09:00,{quoted},1\n",
    ):
        (tmp_path / "c.csv").write_text(table, encoding="utf-8")
        ended = here("check", day)
        assert not steers(ended.out + ended.err)
        assert "Traceback" not in ended.err


def test_a_table_cannot_steer_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    """Names of a saved run come from its tables, which anybody may have written."""
    odd = "a\x1b[31m\u202eb"
    show_block(Block(odd, (odd,), (Row(odd, (Cell(Words(odd)),)),)))
    out = capfd.readouterr().out
    assert not steers(out)
    assert out.count("\\x1b[31m\\u202e") == 4
