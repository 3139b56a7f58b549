"""What `test_uncompiled.py` runs in a process of its own: prints the digests of scenarios as JSON.

NUMBA_DISABLE_JIT=1 python -m tests.sim.uncompiled FIRST LAST
"""

import hashlib
import json
import sys
import threading

import numpy as np

from sim import experiment, jit
from sim.measure import plan_measures
from tests.sim.logs import COARSE, MICROSECONDS, random_model, run

CONTACTS = 40  # uncompiled, an event costs about a millisecond
CHUNK = 7_200_000_000


def digests(seed: int) -> list[str]:
    """Digests of the log, whole and in chunks, and of the sums of its measures."""
    grain = COARSE if seed % 2 else MICROSECONDS
    model = random_model(seed, grain, CONTACTS)
    tool = experiment._Tool(plan_measures(model), 1, "fast", None, None)
    found, _ = experiment.replicate(tool, 0, threading.Event())
    sums = hashlib.blake2b(b"".join(np.ascontiguousarray(part).tobytes() for part in found), digest_size=16)
    return [run(model, chunk=CHUNK).digest(), sums.hexdigest()]


def main(first: int, last: int) -> None:
    with np.errstate(over="ignore"):  # numpy warns of what unsigned arithmetic is meant to do
        found = {seed: digests(seed) for seed in range(first, last)}
    json.dump({"uncompiled": jit.UNCOMPILED, "digests": found}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
