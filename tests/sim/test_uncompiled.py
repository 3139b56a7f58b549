"""Compiled and plain Python code write the same bytes: logs, sums of measures, functions of numbers.

So what a debugger or a coverage report shows of the plain code is what the compiled code does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sim import uncompiled

ROOT = Path(__file__).parents[2]
FIRST, LAST = 500, 520


def _plain() -> Any:
    """What a process without compilation finds."""
    command = [sys.executable, "-W", "error", "-m", "tests.sim.uncompiled", str(FIRST), str(LAST)]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.verify
def test_same_bytes_compiled_and_plain() -> None:
    """One test, not one a scenario: the process that it needs takes ten seconds."""
    plain = _plain()
    assert plain["uncompiled"] is True
    compiled = {str(seed): uncompiled.digests(seed) for seed in range(FIRST, LAST)}
    differ = [seed for seed in compiled if compiled[seed] != plain["digests"][seed]]
    assert not differ
    assert uncompiled.values() == plain["values"]
