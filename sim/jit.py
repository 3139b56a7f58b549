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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, update_wrapper
from pathlib import Path
from threading import RLock
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba.core import config as _config
from numba.core.caching import FunctionCache
from numba.core.compiler import Compiler, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager
from numba.core.cpu import CPUContext
from numba.core.itanium_mangler import mangle
from numba.core.targetconfig import TargetConfig
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


# What these passes look for is in none of our functions: with-blocks, closures, loops over tuples of
# several types, literal arguments, expressions of whole arrays. Each costs an analysis of the function.
_NOT_HERE: Final = frozenset(
    {
        "WithLifting",
        "InlineClosureLikes",
        "MakeFunctionToJitFunction",
        "InlineInlinables",
        "InlineOverloads",
        "LiteralUnroll",
        "LiteralPropagationSubPipelinePass",
        "FindLiterallyCalls",
        "NopythonRewrites",
    }
)


class _Brief(Compiler):
    """Numba's compiler without the passes that find nothing to do."""

    def define_pipelines(self) -> list[Any]:
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)  # type: ignore[no-untyped-call]
        brief = PassManager("brief")  # type: ignore[no-untyped-call]
        brief.passes = [step for step in steps.passes if step[0].__name__ not in _NOT_HERE]
        brief.finalize()  # type: ignore[no-untyped-call]
        return [brief]


class _Quick(_Brief):
    """The compiler of a function that Python calls, without what costs time and gains nothing here.

    - With every function inlined there is little left for LLVM's higher levels, and loops are too short to
      vectorise: level 1 makes code that is as fast.
    - Numba names compiled code after all fields of all arrays that it takes, 20,000 letters at every mention.
    - Which functions there are already is asked under a set of options: those that were set tell them apart.
    - A garbage collector finds nothing to free among what a compiler makes.

    All this holds while such a function is compiled, and so for its parts.
    """

    def compile_extra(self, func: Any) -> Any:
        quick = _set(config, OPT=type(config.OPT)(1), LOOP_VECTORIZE=0)
        short = _set(CPUContext, mangler=staticmethod(_short_name))
        alike = _set(TargetConfig, values=lambda options: options._values)
        with quick, short, alike, _no_collection():
            return _with_room(super().compile_extra, func)


def _short_name(name: str, types: Sequence[Any], *, abi_tags: Sequence[str] = (), uid: Any = None) -> str:
    """The name of compiled code, with a digest of its arguments' types in place of all of them."""
    tags = (*abi_tags, _digest(tuple(types)))
    return cast(str, mangle(name, (), abi_tags=tags, uid=uid))  # type: ignore[no-untyped-call]


@cache
def _digest(types: tuple[Any, ...]) -> str:
    return hashlib.blake2b(", ".join(map(str, types)).encode(), digest_size=10).hexdigest()


def _with_room(function: Callable[..., Any], *args: Any) -> Any:
    """What `function` returns, called with room for deep recursion.

    Python keeps the frames of calls in pieces of memory, and asks the system for another, and gives it back,
    each time a call goes over the edge of one. A compiler ten functions deep does so 300,000 times. A frame
    that claims to be big makes the piece big that all frames below it use.
    """
    return function(*args)


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=200_000)


class _Part(_Brief):
    """The compiler of a function that only compiled code calls: all that is wanted of it is its IR.

    Numba optimises each function and makes machine code of it as soon as it is compiled. Nobody would ever
    run that of an inner face: its IR is optimised, and becomes code, where it is inlined or linked. Without
    this, the engine takes twice as long to compile.
    """

    def compile_extra(self, func: Any) -> Any:
        context = self.state.targetctx  # a copy of numba's, made for this function
        context.get_executable = _nothing_to_call
        self.state.library = _unfinished(context.codegen().create_library(func.__qualname__))
        return super().compile_extra(func)  # type: ignore[no-untyped-call]  # numba has no types


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


class _Found(FunctionCache):
    """Numba's cache, but it is never the cause that a function cannot be had.

    It looks for one without getting ready first to compile it: that takes a fifth of a second, and numba does
    it again where there is something to compile. What is damaged is compiled anew, and what cannot be
    written, as on a full disk, is compiled again the next time.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # a damaged file may raise anything: of pickle, of LLVM, of the system
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]  # an index of nothing
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            self._save_overload(sig, data)  # type: ignore[no-untyped-call]


def _njit(function: Any, folder: str, **options: Any) -> Any:
    """Numba's own decorator with our options, caching in a folder of the cache, if it has a name."""
    made = numba.njit(**_OPTIONS, **options)(function)
    home = cache_folder(part_of(function.__module__))
    if home is not None and folder:
        with _set(config, CACHE_DIR=str(home / folder)):  # numba reads it when it makes a cache
            made._cache = _Found(function)  # type: ignore[no-untyped-call]
    return made


_MAKING: Final = RLock()
_FACES: Final[dict[str, tuple[str, dict[str, Any]]]] = {  # where each is cached, and how it is compiled
    "inner": ("", {"no_cpython_wrapper": True, "pipeline_class": _Part}),
    "outer": ("outer", {"pipeline_class": _Quick}),
}


def part_of(module: str) -> str:
    """The folder in `sim/` that a module of this package stands in: erlang for sim.erlang.erlang_a."""
    package, _, rest = module.partition(".")
    return rest.rpartition(".")[0].partition(".")[0] if package == __package__ else ""


class _Compiled:
    """A function with two faces, each made when it is first wanted.

    Unpacking two tuples of arrays from Python takes longer to compile than most functions do, and few
    are called from Python: compiled code calls `inner`, which has no way in from there.
    """

    inner: Any
    outer: Any

    def __init__(self, function: Callable[..., Any], inlined: bool) -> None:
        self._function, self._inlined = function, inlined
        update_wrapper(self, function)

    def __call__(self, *args: Any) -> Any:
        return self.outer(*args)

    def __getattr__(self, name: str) -> Any:
        """A face that is not there yet: two threads that want it get the same."""
        if name not in _FACES:
            raise AttributeError(name)
        with _MAKING:
            if name not in vars(self):
                folder, options = _FACES[name]
                setattr(self, name, _njit(self._function, folder, forceinline=self._inlined, **options))
        return vars(self)[name]


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
