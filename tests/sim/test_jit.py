"""The cache of compiled code: fresh after any edit, and never needed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from numba import float64, int64
from numba.core.compiler import DefaultPassBuilder, Flags

from sim import jit
from sim.fast import advance
from tests.sim.logs import random_model, run

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "sim"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to be edited."""
    return Path(shutil.copytree(SOURCES, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__")))


def test_digest_is_of_the_sources_alone(copy: Path) -> None:
    assert jit.source_digest(copy) == jit.source_digest(SOURCES)
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "rules.cpython-311.pyc").write_bytes(b"anything")
    assert jit.source_digest(copy) == jit.source_digest(SOURCES)


@pytest.mark.parametrize("name", sorted(path.name for path in SOURCES.glob("*.py")))
def test_any_edit_starts_a_new_cache(name: str, copy: Path) -> None:
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("\n# edited\n")
    assert jit.source_digest(copy) != jit.source_digest(SOURCES)


def test_new_and_renamed_files_start_a_new_cache(copy: Path) -> None:
    (copy / "new.py").write_text("", encoding="utf-8")
    added = jit.source_digest(copy)
    (copy / "new.py").rename(copy / "renamed.py")
    assert len({jit.source_digest(SOURCES), added, jit.source_digest(copy)}) == 3


def test_a_folder_has_a_cache_of_its_own(copy: Path) -> None:
    before = jit.source_digest(copy), jit.source_digest(copy, "erlang")
    (copy / "erlang" / "new.py").write_text("", encoding="utf-8")
    assert jit.source_digest(copy) == before[0]
    assert jit.source_digest(copy, "erlang") not in before
    edited = jit.source_digest(copy, "erlang")
    (copy / "rules.py").write_text("", encoding="utf-8")
    assert jit.source_digest(copy, "erlang") != edited  # what stands in sim/ itself may be used in a folder


def test_parts() -> None:
    assert jit.part_of("sim.fast") == ""
    assert jit.part_of("sim.erlang.erlang_a") == "erlang"
    assert jit.part_of("tests.sim.test_jit") == ""


@pytest.mark.parametrize("name", sorted(path.name for path in SOURCES.glob("*.py")))
def test_what_stands_in_sim_uses_none_of_its_folders(name: str) -> None:
    """Else a cached engine would go on with the old version of an edited folder.

    What a function or a type checker alone imports is in no compiled code.
    """
    text = (SOURCES / name).read_text(encoding="utf-8")
    folders = [path.parent.name for path in SOURCES.glob("*/__init__.py")]
    assert not [folder for folder in folders if re.search(rf"^(from|import) sim\.{folder}", text, re.M)]


def test_cache_is_warm_after_a_run() -> None:
    run(random_model(0))
    assert jit.is_warm()


compiles = pytest.mark.skipif(jit.UNCOMPILED, reason="nothing is compiled")


@compiles
def test_compiled_code_has_short_names() -> None:
    """Numba's own, of all fields of all arrays, would be megabytes of the engine's file."""
    run(random_model(0))
    engine: Any = advance
    names = [each.fndesc.mangled_name for each in engine.outer.overloads.values()]
    assert names
    assert max(map(len, names)) < 400


@compiles
def test_names_tell_types_apart() -> None:
    names = {jit._short_name("f", types) for types in ([int64], [float64], [int64, int64], [])}
    assert len(names) == 4


@compiles
def test_passes_that_are_left_out_are_passes_of_numba() -> None:
    """Else a new version of numba has given them other names, and takes its time again."""
    builder: Any = DefaultPassBuilder
    flags: Any = Flags
    found = builder.define_nopython_pipeline(SimpleNamespace(func_ir=None, flags=flags()))
    assert {step[0].__name__ for step in found.passes} >= jit._NOT_HERE


@compiles
def test_threads_share_the_faces_of_a_function() -> None:
    fresh: Any = jit.compiled(lambda x: x + 1)
    with ThreadPoolExecutor(8) as pool:
        faces = list(pool.map(lambda _: (fresh.outer, fresh.inner), range(64)))
    assert len(set(map(id, (face for pair in faces for face in pair)))) == 2
    with pytest.raises(AttributeError, match="other"):
        _ = fresh.other


PROGRAM = """
import json, sys, tempfile
if len(sys.argv) > 1:
    tempfile.gettempdir = lambda: sys.argv[1]
from sim import draws, jit
found = [int(draws.mix(jit.U64(1234567))), draws.uniform(jit.U64(1), jit.U64(2), 3)]
hits = sum(draws.mix.outer.stats.cache_hits.values())
cache = jit.CACHE and str(jit.CACHE)
print(json.dumps({"found": found, "hits": hits, "cache": cache, "warm": jit.is_warm()}))
"""


def in_new_process(folder: Path, cache: Path, *temporary: Path) -> Any:
    """What a process with these folders for its cache finds."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "CARELOOP_CACHE_DIR": str(cache), "PYTHONPATH": path}
    command = [sys.executable, "-c", PROGRAM, *map(str, temporary)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_second_process_finds_what_the_first_has_compiled(tmp_path: Path) -> None:
    first, second = (in_new_process(tmp_path, tmp_path / "cache") for _ in range(2))
    assert first["found"] == second["found"]
    assert (first["hits"], second["hits"]) == (0, 1)
    assert not second["warm"]  # the event loop itself was not compiled
    assert Path(second["cache"]).name == f"jit-{jit.source_digest(SOURCES)}"


def _cut(file: Path, size: int) -> None:
    os.truncate(file, size)


def _garble(file: Path, size: int) -> None:
    """Overwrite some bytes in the middle."""
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + size] = b"\xff" * size
    file.write_bytes(content)


@compiles
@pytest.mark.parametrize(
    ("kind", "spoil", "size"),
    [("nbi", _cut, 20), pytest.param("nbc", _cut, 0, marks=pytest.mark.verify), ("nbc", _garble, 9)],
)
def test_a_damaged_cache_is_made_anew(
    tmp_path: Path, kind: str, size: int, spoil: Callable[[Path, int], None]
) -> None:
    cache = tmp_path / "cache"
    first = in_new_process(tmp_path, cache)
    for file in cache.rglob(f"*.{kind}"):
        spoil(file, size)
    second, third = (in_new_process(tmp_path, cache) for _ in range(2))
    assert first["found"] == second["found"] == third["found"]
    assert third["hits"] == 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file: below it no folder can be made, not even by root."""
    path = tmp_path / "file"
    path.touch()
    return path


def test_works_where_nothing_can_be_written(tmp_path: Path, file: Path) -> None:
    found = in_new_process(tmp_path, file / "cache", file)
    assert found["cache"] is None
    assert not found["warm"]
    assert found["found"][0] == 6457827717110365317


def test_falls_back_to_the_temporary_folder(tmp_path: Path, file: Path) -> None:
    found = in_new_process(tmp_path, file / "cache", tmp_path)
    assert tmp_path in Path(found["cache"]).parents
    assert found["found"][0] == 6457827717110365317


def test_old_caches_go_but_nothing_else(tmp_path: Path) -> None:
    """Of earlier versions a few are kept; a folder that is not a cache is none of our business."""
    others = [tmp_path / f"jit-{n}" for n in range(8)]
    precious = [tmp_path / f"holidays {n}" for n in range(8)]
    for age, folder in enumerate([*others, *precious]):
        folder.mkdir()
        os.utime(folder, (1e9 - age, 1e9 - age))
    jit._forget_old(tmp_path, tmp_path / "jit-0")
    assert all(folder.exists() for folder in precious)
    assert 1 < sum(folder.exists() for folder in others) < len(others)
    assert others[0].exists()
