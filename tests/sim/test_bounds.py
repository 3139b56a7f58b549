"""No compiled function reads or writes outside its arrays, which nothing would tell otherwise.

Compiled anew with checks of every index, in a process and a cache of its own: a minute or two.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
from numba import njit
import numpy as np
from tests.sim.logs import COARSE, MICROSECONDS, random_model, run, tiny
from tests.sim.uncompiled import digests

try:
    njit(lambda array, i: array[i])(np.zeros(3), 10)
except IndexError:
    print("checked")
for seed in range(60):
    for grain in (MICROSECONDS, COARSE):
        model = random_model(seed, grain)
        run(model)
        run(tiny(model), chunk=3_600_000_000)
    digests(seed)
print("done")
"""


@pytest.mark.verify
def test_every_index_is_within_bounds(tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    own = {"NUMBA_BOUNDSCHECK": "1", "CARELOOP_CACHE_DIR": str(tmp_path), "PYTHONPATH": path}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["checked", "done"]
