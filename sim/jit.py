"""The one way this package compiles code: numba, cached under a digest of `sim/`.

Numba decides whether a cached function is fresh by the file that *defines* it, not by the files
it imports: edit a rule, and a cached event loop goes on using the old one. So the cache folder is
named after a digest of every source file directly in this folder; any edit starts a new folder. A
folder in this one (the formulas, say) has a cache of its own, named after its files and these: the
engine uses nothing of it, and need not be compiled again when a formula is edited.

`NUMBA_DISABLE_JIT=1` turns every compiled function back into plain Python (slow, but the
coverage and the tracebacks are real).
"""

import gc
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, update_wrapper
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba.core import config as _config
from numba.core.compiler import Compiler
from numba.core.types import Dispatcher
from numba.extending import typeof_impl

# Rows are indexed by unsigned numbers, `queues[U64(q)]["capacity"]`: an unsigned index cannot count from
# the end of an array, and that spares compiled code a fifth of its time.
U64: Final = np.uint64

config: Any = _config  # numba fills it in when it is imported, out of sight of type checkers
_dynfunc: Any = numba._dynfunc  # type: ignore[attr-defined]  # a C extension, unknown to type checkers
F = TypeVar("F", bound=Callable[..., Any])

_KEPT: Final = 4  # cache folders of earlier versions that are kept before the oldest goes

UNCOMPILED: Final = bool(config.DISABLE_JIT)


def code(value: int) -> int:
    """A constant that is passed on as an argument: for a plain int, numba compiles anew for each value."""
    return cast(int, np.int64(value))


def source_digest(folder: Path, part: str = "") -> str:
    """Digest of the Python sources in `folder`, of those below its `part`, and of what compiles them."""
    digest = hashlib.blake2b(digest_size=10)
    digest.update(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for path in sorted([*folder.glob("*.py"), *((folder / part).rglob("*.py") if part else ())]):
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
    part = current.name.rpartition("-")[0]
    others = [p for p in home.glob(f"{part}-*") if p.is_dir() and p != current]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for stale in others[_KEPT:]:
        shutil.rmtree(stale, ignore_errors=True)


@cache
def cache_folder(part: str = "") -> Path | None:
    """The cache folder of this version of `sim/` or of a part of it; None where nothing can be written."""
    if UNCOMPILED:
        return None
    user = os.getuid() if hasattr(os, "getuid") else "user"
    digest = source_digest(Path(__file__).parent, part)
    for home in (_cache_home(), Path(tempfile.gettempdir()) / f"careloop-cache-{user}"):
        folder = home / f"{part or 'jit'}-{digest}"
        fresh = not folder.exists()
        if _usable(folder):
            if fresh:
                _forget_old(home, folder)
            return folder
    return None


CACHE: Final = cache_folder()


class _Quick(Compiler):
    """Numba's compiler, without what costs time and gains nothing here.

    With every function inlined there is little left for LLVM's higher levels, and loops are too short
    to vectorise: level 1 makes code that is as fast in two thirds of the time. Nor does a garbage
    collector find anything to free among what a compiler makes.
    """

    def compile_extra(self, func: Any) -> Any:
        with _set(config, OPT=type(config.OPT)(1), LOOP_VECTORIZE=0), _no_collection():
            return super().compile_extra(func)  # type: ignore[no-untyped-call]  # numba has no types


class _Part(_Quick):
    """The compiler of a function that only compiled code calls: all that is wanted of it is its IR.

    Numba optimises each function and makes machine code of it as soon as it is compiled. Nobody would ever
    run that of an inner face: its IR is optimised, and becomes code, where it is inlined or linked. Without
    this, the engine takes twice as long to compile.
    """

    def compile_extra(self, func: Any) -> Any:
        context = self.state.targetctx
        self.state.library = _unfinished(context.codegen().create_library(func.__qualname__))
        before = context.__dict__.get("get_executable")
        context.get_executable = _nothing_to_call
        try:
            return super().compile_extra(func)
        finally:
            context.__dict__.pop("get_executable")
            if before is not None:
                context.get_executable = before


def _unfinished(library: Any) -> Any:
    """A library that is not optimised as a whole, nor made into machine code, but can be linked to others."""

    def only_note() -> None:
        library._finalize_dynamic_globals()
        library._finalized = True

    library.enable_object_caching()
    library._optimize_final_module = lambda: None
    library._finalize_final_module = only_note
    return library


def _nothing_to_call(library: Any, fndesc: Any, env: Any) -> Any:
    """What numba takes for an executable function; nobody calls it."""
    name = fndesc.qualname.split(".")[-1]
    return _dynfunc.make_function(fndesc.lookup_module(), name, name, 0, env, (library,))


@contextmanager
def _set(target: Any, **values: Any) -> Iterator[None]:
    """Give attributes other values for a while."""
    before = {name: getattr(target, name) for name in values}
    for name, value in values.items():
        setattr(target, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(target, name, value)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection for a while."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


# No GIL, arithmetic without exceptions. Every function is inlined into its callers and arrays are
# not reference-counted: a call that passes two tuples of arrays costs more than what it calls.
# (So compiled code must not allocate arrays: what it needs stands in the state.)
_OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}


def _njit(function: Any, folder: str, **options: Any) -> Any:
    """Numba's own decorator with our options, caching in a folder of the cache, if it has a name."""
    home = cache_folder(part_of(function.__module__))
    if home is None or not folder:
        return numba.njit(**_OPTIONS, **options)(function)
    with _set(config, CACHE_DIR=str(home / folder)):  # numba reads it when a function is decorated
        return numba.njit(**_OPTIONS, **options, cache=True)(function)


def part_of(module: str) -> str:
    """The folder in `sim/` that a module of this package stands in: erlang for sim.erlang.erlang_a."""
    package, _, rest = module.partition(".")
    return rest.rpartition(".")[0].partition(".")[0] if package == __package__ else ""


class _Compiled:
    """A function with two faces, each compiled when it is first wanted.

    Unpacking two tuples of arrays from Python takes longer to compile than most functions do, and few
    are called from Python: compiled code calls `inner`, which has no way in from there.
    """

    def __init__(self, function: Callable[..., Any], inlined: bool) -> None:
        self.inner = _njit(function, "", forceinline=inlined, no_cpython_wrapper=True, pipeline_class=_Part)
        self.outer = _njit(function, "outer", forceinline=inlined, pipeline_class=_Quick)
        update_wrapper(self, function)

    def __call__(self, *args: Any) -> Any:
        return self.outer(*args)


@typeof_impl.register(_Compiled)
def _typeof_compiled(value: _Compiled, _: Any) -> Any:
    """What compiled code sees when it names such a function."""
    return Dispatcher(value.inner)


def compiled(function: F) -> F:
    """Compile `function` when it is first called, or load what an earlier run has compiled."""
    return function if UNCOMPILED else cast(F, _Compiled(function, inlined=True))


def routine(function: F) -> F:
    """As `compiled`, but called instead of inlined: for what is long and takes no tuple of arrays.

    Inlined wherever it is used, it would be compiled as often.
    """
    return function if UNCOMPILED else cast(F, _Compiled(function, inlined=False))


def is_warm() -> bool:
    """Whether an earlier run has left the engine's compiled code behind."""
    return UNCOMPILED or (CACHE is not None and any(CACHE.rglob("fast.advance*.nbc")))
