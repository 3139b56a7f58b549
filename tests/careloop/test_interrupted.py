"""Ctrl-C: exit code 130, one word about it, nothing half-written, whatever was going on."""

import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.careloop.conftest import DAY, Ended, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent from here")


def interrupted(seen: Callable[[str], bool], *arguments: object, after_s: float = 0.0) -> Ended:
    """Start a command, wait for a line on stderr if one is to be seen, and press Ctrl-C."""
    process = start(*arguments)
    assert process.stderr is not None
    head = ""
    while seen("") is False and not seen(head):
        head = process.stderr.readline()
        assert head, "the command ended too early"
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out, err)


def test_while_threads_simulate(tmp_path: Path) -> None:
    file = tmp_path / "warned.yaml"
    # Patience missing: a warning on stderr tells that the scenario is read and the work is about to start.
    text = DAY.replace(", patience: {exponential: 4 min}", "").replace("days: 1", "days: 360")
    file.write_text(text, encoding="utf-8")
    arguments = ("run", file, "--replications", "100000", "--out", tmp_path / "run", "--workers", "2")
    ended = interrupted(lambda line: "warning" in line, *arguments, after_s=2.0)
    assert ended.code == 130
    assert ended.out == ""
    assert ended.err.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in ended.err
    assert {each.name for each in tmp_path.iterdir()} == {"warned.yaml"}


def test_while_the_engine_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(DAY, encoding="utf-8")
    monkeypatch.setenv("CARELOOP_CACHE_DIR", str(tmp_path / "cache"))
    started = time.monotonic()
    ended = interrupted(lambda line: "Compiling" in line, "run", file, "--out", tmp_path / "run", after_s=0.5)
    assert ended.code == 130
    assert ended.err.splitlines()[-1] == "Interrupted."
    assert time.monotonic() - started < 20, "it must not wait for the compiler"
    shutil.rmtree(tmp_path / "cache")
    assert {each.name for each in tmp_path.iterdir()} == {"day.yaml"}
