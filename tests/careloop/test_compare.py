"""`careloop compare` and `careloop.compare`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
from careloop.versions import labels_of, path_labels, versions_of
from tests.careloop.conftest import DAY, Ended

Here = Callable[..., Ended]
MORE = DAY.replace("agents: 2", "agents: 3")


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """The same day with one more agent."""
    path = tmp_path / "more.yaml"
    path.write_text(MORE, encoding="utf-8")
    return path


def test_two_files(here: Here, day: Path, more: Path, tmp_path: Path) -> None:
    ended = here("compare", day, more, "--replications", "30", "--out", tmp_path / "cmp", "--csv")
    assert ended.code == 0
    assert ended.out.startswith("more against day\nmore instead of day: phone service level +")
    for part in (
        "groups.team.agents: 2 → 3",
        "difference",
        "narrower",
        "Occupancy",
        "30 replications of each version, paired",
        "some 5 would be",
        f"Report: {tmp_path / 'cmp' / 'compare.html'}",
    ):
        assert part in ended.out
    assert {each.name for each in (tmp_path / "cmp").iterdir()} == {
        "compare.html", "day.yaml", "differences.csv", "differences.parquet", "manifest.json", "more.yaml",
    }  # fmt: skip


def test_the_same_bytes_whatever_the_workers(here: Here, day: Path, more: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        arguments = ("--workers", workers, "--csv", "--out", tmp_path / str(workers))
        assert here("compare", day, more, *arguments).code == 0
    for each in (tmp_path / "1").iterdir():
        if each.name != "manifest.json":
            assert each.read_bytes() == (tmp_path / "3" / each.name).read_bytes()


def test_saved_runs_give_the_same_figures(here: Here, day: Path, more: Path, tmp_path: Path) -> None:
    for path in (day, more):
        here("run", path, "--out", tmp_path / path.stem)
    fresh = json.loads(here("compare", day, more, "--json").out)
    saved = json.loads(here("compare", tmp_path / "day", tmp_path / "more", "--json").out)
    assert saved == fresh
    assert [each["seed"] for each in saved["versions"]] == [7, 7]


def test_saved_runs_of_other_seeds_are_not_paired(here: Here, day: Path, more: Path, tmp_path: Path) -> None:
    here("run", day, "--out", tmp_path / "one")
    here("run", more, "--seed", "8", "--out", tmp_path / "two")
    ended = here("compare", tmp_path / "one", tmp_path / "two")
    assert ended.code == 0
    assert "Not paired: one and two have not the same seed (7 and 8)." in ended.out
    assert "run.seed: 7 → 8" in ended.out


def test_a_file_against_itself(here: Here, day: Path) -> None:
    ended = here("compare", day, day)
    assert ended.code == 0
    assert "day (2) instead of day: exactly the same, 0 ± 0 in all" in ended.out
    assert "What differs in day (2): nothing" in ended.out


def test_json_is_all_there_is_on_stdout(here: Here, day: Path, more: Path) -> None:
    ended = here("compare", day, more, day, "--json", "--replications", "4", "--seed", "3")
    whole = json.loads(ended.out)
    assert [each["label"] for each in whole["versions"]] == ["day", "more", "day (2)"]
    assert {(each["seed"], each["replications"]) for each in whole["versions"]} == {(3, 4)}
    assert {row["version"] for row in whole["differences"]} == {"more", "day (2)"}
    assert {row["pairing"] for row in whole["differences"]} == {"paired"}


def test_auto_gives_all_the_same_number(here: Here, day: Path, more: Path) -> None:
    limits = "replications: auto, half_width: 0.001 points, max_replications: "
    for path, most in ((day, 5), (more, 9)):
        text = path.read_text(encoding="utf-8").replace("replications: 3", f"{limits}{most}")
        path.write_text(text, encoding="utf-8")
    whole = json.loads(here("compare", day, more, "--json").out)
    assert [each["replications"] for each in whole["versions"]] == [9, 9]


def refused(ended: Ended, *said: str) -> None:
    assert ended.code == 2
    assert ended.out == ""
    assert "Traceback" not in ended.err
    for part in said:
        assert part in ended.err


def test_what_cannot_be_compared(here: Here, day: Path, more: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    here("run", day, "--out", tmp_path / "run")
    run = tmp_path / "run"
    refused(here("compare", day), "nothing to compare it with; add --scenario NAME")
    refused(here("compare", run), "nothing to compare it with; name a second run")
    refused(here("compare", day, run), "name files or folders, not both")
    refused(here("compare", run, tmp_path / "empty"), "not the folder of a run")
    refused(here("compare", run, run, "--seed", "1"), "saved runs are compared as they are")
    refused(here("compare", run, run, "--set", "a=1"), "saved runs are compared as they are")
    refused(here("compare", day, more, "--scenario", "x"), "--scenario picks versions of one file")
    refused(here("compare", day, tmp_path / "none.yaml"), "no such file")
    refused(here("compare", day, more, "--csv"), "--csv writes to a folder")
    refused(
        here("compare", day, more, "--seed", "x", "--workers", "0", "--out", day),
        "--seed: 'x'",
        "--workers: 0",
        "--out:",
    )
    refused(here("compare"), "Missing argument")
    (run / "replications.parquet").write_bytes(b"broken")
    ended = here("compare", run, run)
    refused(ended, "replications.parquet cannot be used")
    assert len(ended.err.splitlines()) == 1


def test_problems_of_all_files_come_at_once(here: Here, day: Path, more: Path) -> None:
    day.write_text(DAY.replace("3 min}", "3}"), encoding="utf-8")
    more.write_text(MORE.replace("agents: 3", "agents: -3"), encoding="utf-8")
    refused(here("compare", day, more), f"{day}:", f"{more}:")


def test_names_in_a_terminal_and_in_files_do_no_harm(here: Here, day: Path, tmp_path: Path) -> None:
    wild = tmp_path / "=1+1\x1b[2J<script>.yaml"
    wild.write_text(MORE.replace("A quick day", '"=1+1 <script>"'), encoding="utf-8")
    ended = here("compare", day, wild, "--out", tmp_path / "cmp", "--csv")
    assert ended.code == 0
    assert "\x1b[2J" not in ended.out
    html = (tmp_path / "cmp" / "compare.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "\n=1" not in (tmp_path / "cmp" / "differences.csv").read_text(encoding="utf-8")
    assert ",=1" not in (tmp_path / "cmp" / "differences.csv").read_text(encoding="utf-8")


# Versions of one file.


def test_one_name_is_held_against_the_base_and_several_against_the_first(day: Path) -> None:
    one = versions_of([day], ["deflect"])
    assert [(each.label, each.overrides) for each in one] == [("base", ()), ("deflect", ("deflect",))]
    several = versions_of([day], ["a", "base", "a"])
    assert [each.label for each in several] == ["a", "base", "a (2)"]
    assert [each.overrides for each in several] == [("a",), (), ("a",)]


def test_labels(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "day.yaml").touch()
    one, two = tmp_path / "a" / "day.yaml", tmp_path / "b" / "day.yaml"
    assert path_labels([one, tmp_path / "b"]) == ["day", "b"]
    assert path_labels([one, two]) == [str(one), str(two)]
    assert path_labels([one, one]) == ["day", "day (2)"]
    assert labels_of(["x", "x", "x", "x (2)"]) == ["x", "x (2)", "x (3)", "x (2) (2)"]


OVERRIDES = """\
overrides:
  fast: {groups.team.speed: 2}
  slow: {groups.team.speed: 0.5}
"""


def test_overrides_of_a_file_are_compared(here: Here, day: Path) -> None:
    with day.open("a", encoding="utf-8") as file:
        file.write(OVERRIDES)
    ended = here("compare", day, "--scenario", "fast", "--set", "groups.team.agents=3")
    assert ended.code == 0
    assert "fast instead of base" in ended.out
    assert "groups.team.speed: 1 → 2" in ended.out
    both = here("compare", day, "--scenario", "slow", "--scenario", "fast")
    assert "groups.team.speed: 0.5 → 2" in both.out
    wrong = here("compare", day, "--scenario", "fats")
    assert wrong.code == 2
    assert "did you mean 'fast'" in wrong.err
    assert here("compare", day, "--scenario", "fast", "--set", "groups.team.agents=1..3").code == 2


# From Python.


def test_compare_takes_scenarios_and_paths(day: Path, more: Path, tmp_path: Path) -> None:
    scenario = careloop.load(more)
    found = careloop.compare(day, scenario, replications=5, seed=2, workers=1, out=tmp_path / "cmp")
    assert isinstance(found, careloop.Comparison)
    assert [each.label for each in found.versions] == ["day", "A quick day"]
    assert found.inputs == {"A quick day": ("groups.team.agents: 2 → 3",)}
    assert found.verdict.startswith("A quick day instead of day: ")
    assert (tmp_path / "cmp" / "compare.html").exists()
    alone = [careloop.simulate(each, replications=5, seed=2) for each in (day, scenario)]
    level = "measure == 'service_level' and scope == 'queue'"
    levels = [each.measures.query(level)["mean"].item() for each in alone]
    row = found.differences.query(level).iloc[0]
    assert (row["value_against"], row["value"]) == tuple(levels)
    assert row["difference"] == levels[1] - levels[0]
    assert row["low"] < row["difference"] < row["high"]


def test_wrong_arguments_say_what_is_allowed(day: Path, more: Path) -> None:
    with pytest.raises(ValueError, match="two scenarios or more"):
        careloop.compare(day)
    with pytest.raises(ValueError, match="replications: 0 is not allowed"):
        careloop.compare(day, more, replications=0)
    with pytest.raises(ValueError, match="is a file"):
        careloop.compare(day, more, out=day)
    with pytest.raises(careloop.ScenarioError):
        careloop.compare(day, "none.yaml")
