"""The tables of README.md and CONTRIBUTING.md against the code that they describe."""

import re
import tomllib
from pathlib import Path

import pytest

from careloop.cli import run_command
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, INCIDENT_SCOPES, WORK_SCOPES
from scenarios.definitions import MEASURES, QUANTILES, SERVICE_LEVELS
from tests.docs.snippets import FEW, ROOT


def rows(heading: str, page: str = "README.md") -> list[list[str]]:
    """The cells of the first table below a heading, without its head; ticks are kept."""
    text = (ROOT / page).read_text(encoding="utf-8")
    below = text.split(f"\n{heading}\n", 1)[1]
    lines = below[below.index("\n|") :].lstrip("\n").split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_measures_are_all_there_with_their_units() -> None:
    known = {name: measure.unit for name, measure in MEASURES.items()}
    known |= {"service_level": "share", "max_queue": "contacts", "paid_hours": "h", "people_cost": "currency"}
    known |= dict.fromkeys(QUANTILES, "s")
    apart = (WORK_SCOPES, INCIDENT_SCOPES)
    of_cases = {n: each.unit for n, each in CASE_MEASURES.items() if each.scopes not in apart}
    of_cases |= {"cost_per_contact": "currency", **dict.fromkeys(CASE_QUANTILES, "s")}
    of_work = {n: each.unit for n, each in CASE_MEASURES.items() if each.scopes == WORK_SCOPES}
    of_incidents = {n: each.unit for n, each in CASE_MEASURES.items() if each.scopes == INCIDENT_SCOPES}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tables = [part.split("\n\n", 1)[0] for part in text.split("| measure | unit | meaning |")[1:]]
    assert [written_in(table) for table in tables] == [known, of_cases, of_work, of_incidents]


def written_in(table: str) -> dict[str, str]:
    """Measures of a table and their units: one for all names of a row, or one for each."""
    found: dict[str, str] = {}
    for cell, unit in re.findall(r"^\| (`[^|]*) \| ([^|]*) \|", table, re.MULTILINE):
        names, units = re.findall(r"`(\w+)`", cell), unit.strip().split(", ")
        found |= dict(zip(names, units * len(names) if len(units) == 1 else units, strict=True))
    return found


def test_service_levels_are_all_there_with_their_figures() -> None:
    day = {
        "answered": 1000,
        "abandoned": 60,
        "answered_within": 860,
        "abandoned_within": 20,
        "abandoned_short": 10,
    }
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("| `service_level` | formula | that day |", 1)[1].split("\n\n", 1)[0]
    written = dict(re.findall(r"^\| `(\w+)` .* ([\d.]+%) \|$", table, re.MULTILINE))
    ratios = {
        name: sum(f * day[c] for c, f in level.above.items())
        / sum(f * day[c] for c, f in level.below.items())
        for name, level in SERVICE_LEVELS.items()
    }
    assert written == {name: f"{ratio:.1%}" for name, ratio in ratios.items()}


def test_dependencies_are_all_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(each for group in groups for each in group)]
    names = {re.split(r"[><=\[ ]", each)[0] for each in wanted if isinstance(each, str)}
    written = {name for row in rows("## Dependencies") for name in row[0].split(", ")}
    assert written == names
    assert all(row[1] for row in rows("## Dependencies"))


def test_options_of_run_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "--help"]) == 0
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    table = "\n".join(row[0] for row in rows("## Running"))
    assert set(re.findall(r"--[a-z]+", table)) == known


def test_files_of_a_run_are_all_there(folder: Path, small_pictures: None) -> None:
    assert (
        run_command(
            [
                "run",
                "scenarios/library/wrong_tags.yaml",
                "--out",
                "o",
                "--csv",
                "--contacts",
                "--png",
                *FEW,
            ]
        )
        == 0
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("| file | what is in it |", 1)[1].split("\n\n", 1)[0]
    written = {
        name for line in table.splitlines()[2:] for name in re.findall(r"`([\w.]+)`", line.split("|")[1])
    }
    assert written == {each.name for each in (folder / "o").iterdir()}


def test_files_of_the_engine_are_all_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| file | what it holds |", 1)[1].split("\n\n", 1)[0]
    written = {line.split("`")[1] for line in table.splitlines()[2:]}
    assert written == {path.name for path in (ROOT / "sim").glob("*.py")} - {"__init__.py"}


@pytest.mark.parametrize(
    "folder", ["scenarios", "reports", "reports/finance", "calibration/fits", "careloop"]
)
def test_files_of_other_folders_are_all_there(folder: str) -> None:
    """Of scenarios/ and reports/ in tables, of careloop/ in a paragraph."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    start = f"\n`{folder}/`: " if folder == "careloop" else f"\n`{folder}/`, from "
    part = text.split(start, 1)[1]
    part = part.split("\n\n", 1)[0] if folder == "careloop" else part.split("\n\n", 2)[1]
    written = re.findall(r"`(\w+\.py)`", part)
    assert sorted(written) == sorted(
        path.name for path in (ROOT / folder).glob("*.py") if not path.name.startswith("__")
    )


def test_options_of_plan_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["plan", "--help"]) == 0
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## Plans: targets by day", 1)[1]
    assert set(re.findall(r"--[a-z]+", text.split("\n##", 1)[0])) == known


def test_options_of_finance_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["finance", "--help"]) == 0
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    text = (ROOT / "docs" / "finance.md").read_text(encoding="utf-8")
    table = text.split("| option | what it does |", 1)[1].split("\n\n", 1)[0]
    written = re.findall(r"--[a-z-]+", "\n".join(line.split("|")[1] for line in table.splitlines()[2:]))
    assert set(written) == known


def test_options_of_compare_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["compare", "--help"]) == 0
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("### Comparing", 1)[1].split("\n##", 1)[0]
    assert set(re.findall(r"--[a-z]+", text)) == known
