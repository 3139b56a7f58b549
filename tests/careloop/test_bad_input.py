"""Bad input: one clear line per problem on stderr, exit code 2, nothing on stdout, never a traceback."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.careloop.conftest import DAY, Ended, outside

Here = Callable[..., Ended]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        (
            "--replications",
            "0",
            "--replications: 0 is not allowed; write a whole number from 1 to 1000000 or auto",
        ),
        ("--replications", "-1", "--replications: -1 is not allowed"),
        ("--replications", "abc", "--replications: 'abc' is not a whole number"),
        ("--replications", "3.5", "--replications: '3.5' is not a whole number"),
        ("--replications", "9" * 30, "is not allowed"),
        ("--replications", "", "--replications: '' is not a whole number"),
        ("--seed", "x", "--seed: 'x' is not a whole number; write a whole number from 0 to"),
        ("--seed", "-1", "--seed: -1 is not allowed"),
        ("--workers", "-2", "--workers: -2 is not allowed"),
        ("--workers", "0", "--workers: 0 is not allowed"),
        ("--engine", "fest", "--engine: 'fest' is not known; did you mean 'fast'? Allowed: fast, reference"),
        ("--colour", "red", "No such option: --colour"),
    ],
)
def test_options(here: Here, day: Path, option: str, value: str, said: str) -> None:
    ended = here("run", day, option, value)
    assert ended.code == 2
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith("error: ")
    assert said in ended.err


def test_all_problems_come_at_once(here: Here, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(DAY.replace("3 min}", "3}").replace("agents: 2", "agents: -2"), encoding="utf-8")
    ended = here("run", bad, "--seed", "x", "--workers", "0", "--out", bad)
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert [line.split(":")[1].strip() for line in lines[:3]] == ["--seed", "--workers", "--out"]
    assert sum(line.startswith(f"{bad}:6: error: ") for line in lines) == 1
    assert sum(line.startswith(f"{bad}:10: error: ") for line in lines) == 1


@pytest.mark.parametrize("command", ["run", "check"])
def test_files_that_cannot_be_read(here: Here, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    for name in ("none.yaml", "empty.yaml", "latin.yaml", "."):
        ended = here(command, tmp_path / name)
        assert ended.code == 2
        assert ": error: " in ended.err
        assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["check"], ["fly"], ["run", "a", "b"], ["run", "a", "--seed"]]
)
def test_wrong_use(here: Here, arguments: list[str]) -> None:
    ended = here(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert "careloop --help" in ended.err


def test_out_that_cannot_be_written(here: Here, day: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    for out in (day, day / "below", tmp_path / "mine", tmp_path):
        ended = here("run", day, "--out", out)
        assert ended.code == 2
        assert ended.err.startswith(f"error: --out: {out}")
        assert len(ended.err.splitlines()) == 1
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_tables_need_a_folder(here: Here, day: Path) -> None:
    for option in ("--csv", "--contacts", "--png"):
        ended = here("run", day, option)
        assert ended.code == 2
        assert "--out DIR" in ended.err


def test_a_disk_that_fails_costs_the_folder_but_not_the_scorecard(
    here: Here, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import tables_out

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables_out, "write_parquet", full)
    ended = here("run", day, "--out", tmp_path / "run")
    assert ended.code == 2
    assert "Service level" in ended.out
    assert "Report:" not in ended.out
    assert ended.err.splitlines()[-1].endswith("cannot be written: No space left on device")
    assert {each.name for each in tmp_path.iterdir()} == {"day.yaml"}


def test_names_cannot_steer_a_terminal(here: Here, day: Path) -> None:
    day.write_text(DAY.replace("A quick day", '"\\e[31mred\\e]0;title\\a"'), encoding="utf-8")
    ended = here("run", day)
    assert "\x1b" not in ended.out + ended.err
    assert "\x07" not in ended.out + ended.err


def test_a_process_tells_the_same(tmp_path: Path) -> None:
    ended = outside("run", tmp_path / "none.yaml", "--replications", "0")
    assert ended.code == 2
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 2
    assert "Traceback" not in ended.err


@pytest.mark.skipif(sys.platform == "win32" or not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_device_for_the_output(day: Path) -> None:
    import subprocess

    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "careloop", "check", str(day)]
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr == "error: output: No space left on device\n"
