"""Paths that are no scenario, no run or no folder: one message, exit code 2, and nothing hangs."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.careloop.conftest import Ended, outside

Here = Callable[..., Ended]
COMMANDS = (["check"], ["run"], ["explain"], ["compare", "--scenario", "base", "--scenario", "base"])
needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="has no such files")


def refused(ended: Ended, *words: str) -> None:
    """One message for people, and no other."""
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1, ended.err
    assert all(word in ended.err for word in words), ended.err
    assert "Traceback" not in ended.err


@needs_unix
@pytest.mark.parametrize("command", COMMANDS)
def test_pipes_and_devices_are_told(here: Here, tmp_path: Path, command: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path(os.devnull)):
        refused(here(*command, path), str(path), "is a pipe or a device, not a file; save its text as a file")


@needs_unix
def test_what_comes_from_a_terminal_is_not_waited_for() -> None:
    refused(outside("run", "/dev/stdin"), "/dev/stdin", "error: ")


@needs_unix
def test_a_pipe_of_counts_is_told(here: Here, day: Path) -> None:
    os.mkfifo(day.parent / "counts.csv")
    text = day.read_text(encoding="utf-8").replace("{rate: 6 per 30 min}", "{history: {csv: counts.csv}}")
    day.write_text(text, encoding="utf-8")
    refused(here("check", day), f"{day}:6: error: ", "is a pipe or a device")


@needs_unix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(here: Here, day: Path) -> None:
    day.chmod(0)
    refused(here("check", day), "cannot be read: Permission denied")


@pytest.mark.parametrize("command", COMMANDS[:3])
def test_no_file_at_all(here: Here, day: Path, tmp_path: Path, command: list[str]) -> None:
    refused(here(*command, tmp_path / "dya.yaml"), "there is no such file; the folder has day.yaml")
    refused(here(*command, tmp_path / "none" / "day.yaml"), "there is no such file (nor a folder ")
    refused(here(*command, tmp_path), "is a folder, not a scenario file")
    refused(here(*command, tmp_path / ("x" * 300)), "error: ")
    refused(here(*command, day / "below.yaml"), "error: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "DAY"], "nothing to compare it with; add --scenario NAME or name a second file"),
        (["compare", "DAY", "DIR"], "name files or folders, not both"),
        (["compare", "DIR", "DIR"], "not the folder of a run"),
        (["compare", "DAY", "NONE"], "there is no such file"),
        (["compare", "DAY", "--scenario", "more"], "there is no override 'more'"),
        (["compare", "DAY", "DAY", "--set", "run.seed=1..3"], "one value is needed here, not a range"),
        (["compare", "DAY", "DAY", "--replications", "0"], "--replications: 0 is not allowed"),
        (["compare", "DAY", "DAY", "--csv"], "--csv writes to a folder; name it with --out DIR"),
        (["explain", "DAY", "groups.teem"], "did you mean 'team'?"),
        (["explain", "DAY", "groups..team"], "is not a path; write keys with points between"),
        (["explain", "DAY", "groups[0]"], "groups[0] is not there; Allowed: team"),
        (["explain", "DAY", "--set", "run.seed=1..3"], "one value is needed here, not a range"),
        (["run", "DAY", "--set", ""], "write PATH=VALUE"),
        (["run", "DAY", "--set", "run.seed=1..999"], "at most 100 are run"),
        (["run", "DAY", "--set", "run.seed=1.." + "9" * 400], "is no range"),
        (["run", "DAY", "--set", "run.seed=[1"], "is no value"),
        (["run", "DAY", "--set", "groups.teem.agents=1"], "did you mean 'team'?"),
        (["run", "DAY", "--set", "queues[0].capacity=1"], "is in no list but in a map"),
        (["run", "DAY", "--set", "overrides.more.run.seed=1"], "cannot be changed from outside it"),
        (["run", "DAY", "--set", "groups.team.agents={multiply: 1e300}"], "multiply takes a number"),
        (["run", "DAY", "--scenario", "more"], "there is no override 'more'"),
        (["new", "DAY"], "is a file; name a new folder"),
        (["new", "DIR"], "is not empty; name a new folder"),
        (["new", "LONG"], "LONG"),
        (["schema", "more"], "unexpected extra argument"),
    ],
)
def test_bad_arguments(here: Here, day: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    places = {"DAY": day, "DIR": tmp_path, "NONE": tmp_path / "none.yaml", "LONG": tmp_path / ("LONG" * 80)}
    before = sorted(tmp_path.iterdir())
    refused(here(*(places.get(each, each) for each in arguments)), words)
    assert sorted(tmp_path.iterdir()) == before


def test_a_setting_is_not_changed_by_the_runs_before(here: Here, day: Path) -> None:
    """The same settings are laid over each version of a range: what one run adds must not stay."""
    sets = (
        'groups.team.agents={"08:00-20:00": 5}',
        "groups.team.agents.08:00-20:00={add: 1}",
        "run.seed=1..2",
    )
    ended = here(
        "run", day, *(part for each in sets for part in ("--set", each)), "--replications", "1", "--json"
    )
    assert ended.code == 0
    import json

    duty = [
        [
            row["mean"]
            for row in run["measures"]
            if (row["measure"], row["name"], row["interval"]) == ("on_duty", "team", None)
        ]
        for run in json.loads(ended.out)["runs"]
    ]
    assert duty == [[3.0], [3.0]]
