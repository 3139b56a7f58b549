"""The one way this package compiles code: numba, cached under a digest of `sim/`.

Numba decides whether a cached function is fresh by the file that *defines* it, not by the files
it imports: edit a rule, and a cached event loop goes on using the old one. So the cache folder is
named after a digest of every source file in this folder; any edit starts a new folder.

`NUMBA_DISABLE_JIT=1` turns every compiled function back into plain Python (slow, but the
coverage and the tracebacks are real).
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba.core import config as _config

# Rows are indexed by unsigned numbers, `queues[U64(q)]["capacity"]`: an unsigned index cannot count from
# the end of an array, and that spares compiled code a fifth of its time.
U64: Final = np.uint64

config: Any = _config  # numba fills it in when it is imported, out of sight of type checkers
F = TypeVar("F", bound=Callable[..., Any])

_KEPT: Final = 4  # cache folders of earlier versions that are kept before the oldest goes

UNCOMPILED: Final = bool(config.DISABLE_JIT)


def code(value: int) -> int:
    """A constant that is passed on as an argument: for a plain int, numba compiles anew for each value."""
    return cast(int, np.int64(value))


def source_digest(folder: Path) -> str:
    """Digest of all Python sources below `folder` and of the versions that compile them."""
    digest = hashlib.blake2b(digest_size=10)
    digest.update(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _cache_home() -> Path:
    """Where caches live: `CARELOOP_CACHE_DIR`, else the user's cache folder."""
    named = os.environ.get("CARELOOP_CACHE_DIR")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(base) / "careloop" if base else Path.home() / ".cache" / "careloop"


def _usable(folder: Path) -> bool:
    """Whether the folder is, or can be made, ours and writable: what is cached there will be run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _forget_old(home: Path, current: Path) -> None:
    """Delete the caches of all but the latest few versions; they are only ever rebuilt."""
    others = [p for p in home.glob("jit-*") if p.is_dir() and p != current]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for stale in others[_KEPT:]:
        shutil.rmtree(stale, ignore_errors=True)


def _cache_folder() -> Path | None:
    """The cache folder of this version of `sim/`, or None where nothing can be written."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    for home in (_cache_home(), Path(tempfile.gettempdir()) / f"careloop-cache-{user}"):
        folder = home / f"jit-{source_digest(Path(__file__).parent)}"
        fresh = not folder.exists()
        if _usable(folder):
            if fresh:
                _forget_old(home, folder)
            return folder
    return None


CACHE: Final = None if UNCOMPILED else _cache_folder()


@contextmanager
def _cache_at(folder: Path) -> Iterator[None]:
    """Numba reads its cache folder when a function is decorated: point it there, then back."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


# No GIL, arithmetic without exceptions. Every function is inlined into its callers and arrays are
# not reference-counted: a call that passes two tuples of arrays costs more than what it calls.
# (So compiled code must not allocate arrays: what it needs stands in the state.)
_OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "forceinline": True,
    "_nrt": False,
    "cache": CACHE is not None,
}


def compiled(function: F) -> F:
    """Compile `function` when it is first called, or load what an earlier run has compiled."""
    make: Any = numba.njit(**_OPTIONS)
    if CACHE is None:
        return cast(F, make(function))
    with _cache_at(CACHE):
        return cast(F, make(function))


def is_warm() -> bool:
    """Whether an earlier run has left the engine's compiled code behind."""
    return UNCOMPILED or (CACHE is not None and any(CACHE.rglob("fast.advance*.nbc")))
