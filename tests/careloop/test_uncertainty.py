"""Uncertain numbers at the command line and in Python: who says that they were drawn, and who refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
from tests.careloop.conftest import DAY, Ended

Here = Callable[..., Ended]
VAGUE = f"{DAY}uncertainty: {{arrivals: 5%, streams.calls.handle_time: 2%}}\n"
ON = ("--set", "run.uncertainty=on")
ERRORS = {"arrivals": 0.05, "streams.calls.handle_time": 0.02}


@pytest.fixture
def vague(tmp_path: Path) -> Path:
    path = tmp_path / "vague.yaml"
    path.write_text(VAGUE, encoding="utf-8")
    return path


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_scorecard_says_so(here: Here, vague: Path) -> None:
    on, off = here("run", vague, *ON), here("run", vague)
    assert on.code == off.code == 0
    assert "3 replications, each with uncertain numbers drawn anew" in words(on.out)
    assert "uncertain" not in off.out


def test_off_is_as_if_nothing_were_said(here: Here, vague: Path, day: Path, tmp_path: Path) -> None:
    for path, out in ((vague, "vague"), (day, "day")):
        assert here("run", path, "--out", tmp_path / out).code == 0
    names = {path.name for path in (tmp_path / "day").iterdir()} - {
        "manifest.json",
        "scenario.yaml",
        "report.html",
    }
    assert len(names) >= 4
    for name in names:
        assert (tmp_path / "vague" / name).read_bytes() == (tmp_path / "day" / name).read_bytes()
    assert "uncertain" not in (tmp_path / "day" / "scenario.yaml").read_text(encoding="utf-8")


def test_what_was_drawn_is_in_the_json_the_manifest_and_the_report(
    here: Here, vague: Path, tmp_path: Path
) -> None:
    assert json.loads(here("run", vague, *ON, "--json").out)["uncertainty"] == ERRORS
    assert "uncertainty" not in json.loads(here("run", vague, "--json").out)
    assert here("run", vague, *ON, "--out", tmp_path / "run").code == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["uncertainty"] == ERRORS
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "Uncertain numbers, drawn anew in each replication" in page
    row = page.split(">streams.calls.handle_time<", 1)[1].split("</tr>", 1)[0]
    assert "handle times: all of them longer or shorter" in row
    assert "2 %" in row.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_a_run_is_repeated_from_its_own_scenario(here: Here, vague: Path, tmp_path: Path) -> None:
    assert here("run", vague, *ON, "--workers", 1, "--out", tmp_path / "a").code == 0
    copy = tmp_path / "a" / "scenario.yaml"
    assert here("run", copy, "--workers", 2, "--out", tmp_path / "b").code == 0
    for name in {path.name for path in (tmp_path / "a").iterdir()} - {"manifest.json"}:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_comparison_says_that_both_meet_the_same(here: Here, vague: Path, tmp_path: Path) -> None:
    text = vague.read_text(encoding="utf-8") + "overrides: {more: {groups.team.agents: 3}}\n"
    vague.write_text(text, encoding="utf-8")
    found = here("compare", vague, "--scenario", "base", "--scenario", "more", *ON, "--json")
    whole = json.loads(found.out)
    assert [each["uncertainty"] for each in whole["versions"]] == [ERRORS, ERRORS]
    (offered,) = (row for row in whole["differences"] if (row["measure"], row["scope"]) == ("offered", "all"))
    assert (offered["difference"], offered["se"]) == (0, 0)
    shown = here("compare", vague, "--scenario", "base", "--scenario", "more", *ON)
    assert "both meet the same chances, and the same of what is uncertain." in words(shown.out)


def test_why_draws_too(here: Here, vague: Path) -> None:
    tight = ("--set", "groups.team.agents=1", "--replications", 4)
    on, off = (here("why", vague, "10:30", *tight, *more) for more in (ON, ()))
    assert "4 replications, with uncertain numbers drawn anew in each" in words(on.out)
    assert "uncertain" not in off.out
    assert on.out != off.out


@pytest.mark.parametrize("command", [("run", "--engine", "formula"), ("staff",), ("staff", "--no-repair")])
def test_what_knows_one_set_of_numbers_refuses(here: Here, vague: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    refused = here(name, vague, *options, *ON)
    assert refused.code == 2
    assert refused.out == ""
    (line,) = refused.err.splitlines()
    assert line.startswith("error: ")
    assert "run.uncertainty is on: turn it off with --set run.uncertainty=off" in line
    assert here(name, vague, *options).code == 0


def test_python_refuses_the_same(vague: Path) -> None:
    scenario = careloop.load(vague, changes={"run.uncertainty": True})
    with pytest.raises(ValueError, match="turn it off"):
        careloop.simulate(scenario, engine="formula")
    with pytest.raises(ValueError, match="turn it off"):
        careloop.staff(scenario)


def test_beside_a_formula_it_is_left_out_and_that_is_said(here: Here, vague: Path, tmp_path: Path) -> None:
    assert here("run", vague, *ON, "--out", tmp_path / "run").code == 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "uncertain numbers: all are as they are written" in page.replace("\N{NO-BREAK SPACE}", " ")
