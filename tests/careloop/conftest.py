"""A scenario of one quick day, and ways to run the command line on it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from careloop.cli import run_command

DAY = """\
careloop: 1
name: A quick day
service_level: offered
calendar: {start: 2026-03-02, days: 1}
streams:
  calls: {queue: phone, arrivals: {rate: 6 per 30 min}, handle_time: {exponential: 3 min}}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: 2, pay: $24/h}
run: {replications: 3, seed: 7}
"""

ENCODING = "utf-8"

# A shell starts background jobs with SIGINT ignored, and a child inherits that: undo it first.
_MAIN = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from careloop.cli import main
main()
"""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A scenario file."""
    path = tmp_path / "day.yaml"
    path.write_text(DAY, encoding="utf-8")
    return path


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Return a function that runs a command in this process: quick, for all but what a process adds."""

    def run(*arguments: object) -> Ended:
        capfd.readouterr()
        code = run_command([str(each) for each in arguments])
        return Ended(code, *capfd.readouterr())

    return run


def start(*arguments: object) -> "subprocess.Popen[str]":
    """Start the command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONIOENCODING": ENCODING},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding=ENCODING,
        errors="replace",
    )


def outside(*arguments: object) -> Ended:
    """Run a command in a process of its own."""
    process = start(*arguments)
    out, err = process.communicate(timeout=300)
    return Ended(process.returncode, out, err)
