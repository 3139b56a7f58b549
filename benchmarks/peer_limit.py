"""The limit as a peer: compiles `limit.c` for this machine, once, and runs it."""

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.model import MODEL, MissingPeerError, PeerResult

SOURCE = Path(__file__).with_name("limit.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-std=c11")


@functools.cache
def binary() -> Path:
    """The compiled program, beside its source in a folder that git ignores."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise MissingPeerError("no C compiler: install gcc, or name one in CC")
    program = SOURCE.parent / ".build" / "limit"
    program.parent.mkdir(exist_ok=True)
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(program), "-lm"], check=True)
    return program


def run(contacts: int, seed: int) -> PeerResult:
    """One run; the program times its own loop, so that starting a process is not counted."""
    times_s = (MODEL.gap_s, MODEL.service_s, MODEL.patience_s, MODEL.threshold_s)
    command = [str(binary()), *map(str, (contacts, seed, MODEL.agents, *times_s))]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return PeerResult(*(found[name] for name in PeerResult._fields))
