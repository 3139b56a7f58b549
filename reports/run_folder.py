"""A run's folder: what is in it, and how it comes to be all at once or not at all."""

import hashlib
import json
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports import tables_out
from scenarios import resolved

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.explain.shares import Shares

MANIFEST: Final = "manifest.json"
REPORT: Final = "report.html"
SCENARIO: Final = "scenario.yaml"
REPLICATIONS: Final = "replications.parquet"
_PARTS: Final = ("numba", "numpy", "pandas", "pyarrow", "scipy", "simpy")  # whose versions are noted
PROGRAM: Final = "careloop"
_WAITS_S: Final = (0.05, 0.2, 0.5)  # before another attempt to rename a folder


class FolderError(ValueError):
    """A folder that a run must not or cannot be written to."""


class Source(NamedTuple):
    """The file that a scenario was read from, as it was then."""

    file: str
    digest: str


def source_of(path: Path) -> Source:
    """Note a scenario's file and its digest; other files that it names are not part of it."""
    return Source(path.name, _digest(path.read_bytes()))


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def check_folder(out: Path) -> Path:
    """Where a run would be written to; raises `FolderError` if it must not be, before work is lost."""
    folder = _resolved(out)
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{out} is a file; name a folder")
    if Path.cwd().is_relative_to(folder):
        raise FolderError(f"{out} is the current folder or holds it; name another one")
    parent = next(each for each in folder.parents if each.exists())
    if not parent.is_dir():
        raise FolderError(f"{out}: {parent} is a file, not a folder")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise FolderError(f"{out}: nothing may be written in {parent}")
    if folder.is_dir():
        _check_contents(out, folder)
    return folder


def _resolved(out: Path) -> Path:
    """Follow links: the folder itself is replaced, never the link to it."""
    try:
        return out.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise FolderError(f"{out} cannot be used: {error}") from None


def _check_contents(out: Path, folder: Path) -> None:
    """Refuse a folder with anything in it that is not of an earlier run."""
    try:
        names = {name for name in _contents(folder) if Path(name).name not in (".DS_Store", "Thumbs.db")}
    except OSError as error:
        raise FolderError(f"{out} cannot be read: {error.strerror}") from None
    if not names:
        return
    written = _written_files(folder / MANIFEST)
    if written is None:
        raise FolderError(f"{out} is not empty and not the folder of a run; name a new folder")
    if foreign := sorted(names - written):
        listed = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise FolderError(f"{out} holds more than a run ({listed}); move that, or it would be deleted")


def _contents(folder: Path) -> Iterator[str]:
    """The files in a folder and in folders of it, as `charts/name.png`; links and empty folders too."""
    for each in folder.iterdir():
        inside = [] if each.is_symlink() or not each.is_dir() else list(_contents(each))
        yield from (f"{each.name}/{name}" for name in inside)
        if not inside:
            yield each.name


def _written_files(manifest: Path) -> set[str] | None:
    """The files that a run has written, as its manifest says; None if that is not one of ours."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        return {MANIFEST, *content["files"]} if content["program"] == PROGRAM else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_run(
    out: Path,
    result: "Result",
    *,
    source: Source | None = None,
    wall_time_s: float | None = None,
    with_csv: bool = False,
    with_png: bool = False,
    explained: "Sequence[Shares]" = (),
) -> Path:
    """Write all files of a run, or none; returns the folder. Raises `FolderError`.

    Everything but the manifest is the same bytes for the same scenario, seed and version.
    """
    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            _write_files(fresh, result, with_csv, explained)
            if with_png:
                _write_charts(fresh, result)
            _write_manifest(fresh, result, source, wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def _write_files(folder: Path, result: "Result", with_csv: bool, explained: "Sequence[Shares]") -> None:
    from reports.page import page

    (folder / SCENARIO).write_bytes(resolved(result.scenario).encode())
    (folder / REPORT).write_bytes(page(result, explained).encode())
    tables_out.write_parquet(result.samples, folder / REPLICATIONS)
    tables = {"measures": result.measures, "intervals": result.intervals}
    if result.days is not None and len(result.days):
        tables["days"] = result.days
    for name, frame in tables.items():
        tables_out.write_parquet(frame, folder / f"{name}.parquet")
        if with_csv:
            tables_out.write_csv(frame, folder / f"{name}.csv")
    if len(result.attainment):
        tables_out.write_parquet(result.attainment, folder / "targets.parquet")
        if with_csv:
            tables_out.write_csv(result.attainment, folder / "targets.csv")
    if result.contacts is not None:
        tables_out.write_parquet(result.contacts, folder / "contacts.parquet")
    if result.cases is not None:
        tables_out.write_parquet(result.cases, folder / "cases.parquet")


def _write_charts(folder: Path, result: "Result") -> None:
    from reports.png import FOLDER, png_files

    (folder / FOLDER).mkdir()
    for file in png_files(result):
        (folder / FOLDER / file.name).write_bytes(file.content)


def _write_manifest(folder: Path, result: "Result", source: Source | None, wall_time_s: float | None) -> None:
    """Say what was run."""
    content: dict[str, Any] = {
        "version": result.version,
        "scenario": result.scenario.name,
        "source": source._asdict() if source else None,
        "seed": result.seed,
        "replications": result.replications,
        "engine": result.engine,
        **tables_out.uncertain(result.scenario),
    }
    write_manifest(folder, content, wall_time_s)


def write_manifest(folder: Path, content: dict[str, Any], wall_time_s: float | None) -> None:
    """Write what was done, and when, how long and with what; the digests are of the files beside it."""
    made = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_time_s": None if wall_time_s is None else round(wall_time_s, 3),
        "versions": {"python": platform.python_version(), **{part: _version(part) for part in _PARTS}},
        "platform": platform.platform(),
        "files": {name: _file_digest(folder / name) for name in sorted(_contents(folder))},
    }
    text = json.dumps({"program": PROGRAM, **content, **made}, indent=2) + "\n"
    (folder / MANIFEST).write_bytes(text.encode())


def _version(part: str) -> str | None:
    try:
        return metadata.version(part)
    except metadata.PackageNotFoundError:
        return None


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`, which takes its place when the block ends well.

    On any failure, an interruption included, `folder` stays as it was.
    """
    made = [each for each in folder.parents if not each.exists()]
    fresh = _beside(folder, "partial")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        _put_in_place(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        with suppress(OSError):
            for parent in made:
                parent.rmdir()
        raise


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Move `fresh` to `folder`; what was there is deleted only once the new one stands."""
    if not folder.exists():
        _move(fresh, folder)
        return
    former = _beside(folder, "former")
    try:
        _move(folder, former)
        _move(fresh, folder)
    except BaseException:
        if former.exists() and not folder.exists():
            _move(former, folder)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _move(folder: Path, target: Path) -> None:
    """Rename; Windows refuses that for the moment in which a virus scanner reads one of the files."""
    for wait_s in _WAITS_S:
        try:
            folder.rename(target)
        except PermissionError:
            time.sleep(wait_s)
        else:
            return
    folder.rename(target)


def _beside(folder: Path, what: str) -> Path:
    """A free name in the same folder: only there can a folder be moved without being copied."""
    return folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.{what}")
