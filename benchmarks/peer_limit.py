"""The limit as a peer: compiles `limit.c` for this machine, once, and runs it."""

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.model import MODEL, MissingPeerError, PeerResult

FLAGS = ("-O3", "-march=native", "-std=c11")


@functools.cache
def binary(name: str, *more: str) -> Path:
    """The compiled program, beside its source in a folder that git ignores."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise MissingPeerError("no C compiler: install gcc, or name one in CC")
    source = Path(__file__).with_name(f"{name}.c")
    program = source.parent / ".build" / name
    program.parent.mkdir(exist_ok=True)
    subprocess.run([compiler, *FLAGS, *more, str(source), "-o", str(program), "-lm"], check=True)
    return program


def run(contacts: int, seed: int) -> PeerResult:
    """The loop that anybody would write."""
    return _run(binary("limit"), contacts, seed)


def run_tuned(contacts: int, seed: int) -> PeerResult:
    """The loop as tight as it could be made; vector logarithms need -ffast-math."""
    return _run(binary("limit_tuned", "-ffast-math"), contacts, seed)


def _run(program: Path, contacts: int, seed: int) -> PeerResult:
    """One run; the program times its own loop, so that starting a process is not counted."""
    times_s = (MODEL.gap_s, MODEL.service_s, MODEL.patience_s, MODEL.threshold_s)
    command = [str(program), *map(str, (contacts, seed, MODEL.agents, *times_s))]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return PeerResult(*(found[name] for name in PeerResult._fields))
