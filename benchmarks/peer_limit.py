"""The limit as a peer: compiles `limit.c` for this machine, once, and calls it.

It runs in this process as the others do: a process that starts another one has its memory taken
apart and put together again, and is slower for a second on some machines.
"""

import ctypes
import functools
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.model import MODEL, MissingPeerError, PeerResult

FLAGS = ("-O3", "-march=native", "-std=c11", "-fPIC")


@functools.cache
def library(name: str, *more: str) -> ctypes.CDLL:
    """The compiled loop, beside its source in a folder that git ignores."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise MissingPeerError("no C compiler: install gcc, or name one in CC")
    source = Path(__file__).with_name(f"{name}.c")
    built = source.parent / ".build" / f"{name}.so"
    built.parent.mkdir(exist_ok=True)
    subprocess.run([compiler, *FLAGS, *more, "-c", str(source), "-o", f"{built}.o"], check=True)
    # Linked without -ffast-math, which would change how this whole process rounds its smallest numbers.
    subprocess.run([compiler, "-shared", f"{built}.o", "-o", str(built), "-lm"], check=True)
    return ctypes.CDLL(str(built))


def run(contacts: int, seed: int) -> PeerResult:
    """The loop that anybody would write."""
    return _run(library("limit"), contacts, seed)


def run_tuned(contacts: int, seed: int) -> PeerResult:
    """The loop as tight as it could be made; vector logarithms need -ffast-math."""
    return _run(library("limit_tuned", "-ffast-math"), contacts, seed)


def _run(loop: ctypes.CDLL, contacts: int, seed: int) -> PeerResult:
    """One run; the loop times itself."""
    times_s = (ctypes.c_double * 4)(MODEL.gap_s, MODEL.service_s, MODEL.patience_s, MODEL.threshold_s)
    found = (ctypes.c_double * len(PeerResult._fields))()
    if loop.simulate(
        ctypes.c_int(contacts), ctypes.c_uint64(seed), ctypes.c_int(MODEL.agents), times_s, found
    ):
        raise MemoryError("the C loop has no room")
    offered, *figures = found
    return PeerResult(int(offered), *figures)
