"""`careloop run --engine formula`: the same tables, files and codes as a simulation, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
from tests.careloop.conftest import DAY, Ended
from tests.formula.test_sharing_by_priority import SHARED

Here = Callable[..., Ended]


def test_the_scorecard_says_what_the_formulas_are(here: Here, day: Path) -> None:
    ended = here("run", day, "--engine", "formula")
    assert ended.code == 0
    assert "expected in 100.0 % of weeks" in " ".join(ended.out.split())
    assert "judged by what is to be expected" in " ".join(ended.out.split())
    assert "phone: Erlang A." in ended.out
    assert "By formulas: what is to be expected, without chance" in ended.out
    for word in ("replication", "no interval", "±"):
        assert word not in ended.out


def test_json_has_the_same_form_and_the_formulas(here: Here, day: Path) -> None:
    whole = json.loads(here("run", day, "--engine", "formula", "--json").out)
    simulated = json.loads(here("run", day, "--json").out)
    assert whole["engine"] == "formula"
    assert set(whole) == {*simulated, "formulas"}
    (level,) = (
        m
        for m in whole["measures"]
        if (m["measure"], m["scope"], m["interval"]) == ("service_level", "queue", None)
    )
    assert 0.8 < level["mean"] < 1
    assert (level["se"], level["low"], level["high"]) == (None, None, None)
    assert whole["formulas"][0]["formula"] == "Erlang A"
    known = {(m["measure"], m["scope"], m["name"]) for m in whole["measures"]}
    missing = {(m["measure"], m["scope"], m["name"]) for m in simulated["measures"]} - known
    assert missing == {("max_queue", "queue", "phone")}
    assert "largest queue" in whole["formulas"][0]["missing"][0]


def test_the_folder_of_a_run_reads_back(here: Here, day: Path, tmp_path: Path) -> None:
    ended = here("run", day, "--engine", "formula", "--out", tmp_path / "a", "--csv")
    assert ended.code == 0
    assert json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))["engine"] == "formula"
    assert (tmp_path / "a" / "measures.csv").exists()
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "Beside a formula" not in page
    assert "Erlang A" in page
    here("run", day, "--engine", "formula", "--out", tmp_path / "b", "--set", "groups.team.agents=3")
    compared = here("compare", tmp_path / "a", tmp_path / "b")
    assert compared.code == 0
    told = " ".join(compared.out.split())
    assert "Not paired: a and b are by formulas, without chance." in told
    assert "formulas tell no interval" in told
    assert "Welch" not in told
    here("run", day, "--out", tmp_path / "c")
    mixed = " ".join(here("compare", tmp_path / "c", tmp_path / "a").out.split())
    assert "Not paired: a is by formulas, without chance." in mixed


def test_the_same_bytes_every_time(here: Here, day: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        here("run", day, "--engine", "formula", "--out", tmp_path / name)
    one, other = (
        {p.name: p.read_bytes() for p in (tmp_path / name).iterdir() if p.name != "manifest.json"}
        for name in ("a", "b")
    )
    assert one == other


def test_a_range_is_a_table_without_intervals(here: Here, day: Path) -> None:
    ended = here("run", day, "--engine", "formula", "--set", "groups.team.agents=2..4")
    assert ended.code == 0
    rows = {line.split()[0] for line in ended.out.splitlines() if line.startswith("groups.team.agents=")}
    assert rows == {f"groups.team.agents={agents}" for agents in (2, 3, 4)}
    assert "no interval" not in ended.out


def test_a_missed_target_is_an_exit_code(here: Here, day: Path) -> None:
    assert here("run", day, "--engine", "formula", "--fail-on-miss").code == 0
    missed = here("run", day, "--engine", "formula", "--fail-on-miss", "--set", "groups.team.agents=1")
    assert missed.code == 3


def test_a_target_without_a_figure_is_not_judged(here: Here, day: Path) -> None:
    day.write_text(DAY + "targets:\n  - phone max queue <= 3 each day\n", encoding="utf-8")
    ended = here("run", day, "--engine", "formula", "--fail-on-miss")
    assert ended.code == 0
    assert "Not judged, for want of a figure: phone largest queue ≤ 3." in " ".join(ended.out.split())


def test_a_target_whose_formula_may_be_many_points_off_is_not_judged(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "shared.yaml"
    file.write_text(SHARED.replace("interruptible: yes, ", ""), encoding="utf-8")
    ended = here("run", file, "--engine", "formula", "--fail-on-miss")
    told = " ".join(ended.out.split())
    assert ended.code == 0
    assert "All" not in told.split("Targets")[0]
    assert "since its formula may be many points off: first service level ≥ 80 % in 60 s; second" in told
    assert "no target is judged by it: people finish mail first, whenever they have begun it." in told


@pytest.mark.parametrize(
    "option",
    [
        ("--replications", "5"),
        ("--seed", "3"),
        ("--workers", "2"),
        ("--contacts", "--out", "x"),
        ("--explain-formula",),
    ],
)
def test_options_of_chance_are_refused(here: Here, day: Path, option: tuple[str, ...]) -> None:
    ended = here("run", day, "--engine", "formula", *option)
    assert ended.code == 2
    assert f"formulas compute without chance and contacts; leave out {option[0]}" in ended.err


def test_python_mirrors_it(day: Path) -> None:
    result = careloop.simulate(day, engine="formula")
    assert result.engine == "formula"
    with pytest.raises(ValueError, match="leave out replications, hooks"):
        careloop.simulate(day, engine="formula", replications=3, hooks={})
    with pytest.raises(ValueError, match="leave out seed"):
        careloop.simulate(day, engine="formula", seed=0)
