"""`careloop compare`: versions of a scenario, or saved runs, held against the first of them."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from careloop import options
from careloop.cli import RefusedError
from careloop.opening import one_set, usable
from careloop.versions import AskedVersion, path_labels, versions_of

if TYPE_CHECKING:
    from reports.comparison import Comparison, Version
    from scenarios import Scenario

T = TypeVar("T")


class Asked(NamedTuple):
    """The options as they were written."""

    names: tuple[str, ...]
    settings: tuple[str, ...]
    replications: str | None
    seed: str | None
    workers: str | None
    out: Path | None
    as_json: bool
    with_csv: bool


_Chosen = options.Chosen[options.Replications]


def compare_and_tell(paths: Sequence[Path], asked: Asked) -> None:
    """Compare, write the folder if one is asked for, and print."""
    from reports.comparison import compare_versions

    started = time.perf_counter()
    chosen = _chosen(asked)
    if any(path.is_dir() for path in paths):
        versions = _saved(paths, asked)
    else:
        versions = _simulated(versions_of(paths, asked.names), asked.settings, chosen)
    found = compare_versions(versions)
    failed = _written(found, asked.out, asked.with_csv, started) if asked.out is not None else None
    if not asked.as_json:
        _show(found, asked.out if failed is None else None)
    if failed is not None:
        raise failed
    if asked.as_json:
        from reports.comparison_folder import comparison_json

        sys.stdout.write(comparison_json(found) + "\n")


def _chosen(asked: Asked) -> _Chosen:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = options.chosen(read, options.replications, asked)
    read(options.out, asked.out)
    if asked.out is None and asked.with_csv:
        read.problems.append("error: --csv writes to a folder; name it with --out DIR")
    if read.problems:
        raise RefusedError(*read.problems)
    return chosen


def _saved(paths: Sequence[Path], asked: Asked) -> "list[Version]":
    """Read folders of runs: nothing is simulated, so nothing of that can be asked for."""
    from reports.saved_run import SavedRunError, read_run

    if files := [path for path in paths if not path.is_dir()]:
        raise RefusedError(f"error: {files[0]}: no folder of a run; name files or folders, not both")
    if len(paths) < 2:
        raise RefusedError(f"error: {paths[0]}: nothing to compare it with; name a second run")
    simulating = (asked.replications, asked.seed, asked.workers)
    if asked.names or asked.settings or any(option is not None for option in simulating):
        raise RefusedError(
            "error: saved runs are compared as they are, without --scenario, --set, --replications, --seed "
            "or --workers; name scenario files to simulate again"
        )
    try:
        return [read_run(path, label) for path, label in zip(paths, path_labels(paths), strict=True)]
    except SavedRunError as error:
        raise RefusedError(f"error: {error}") from None


def _simulated(asked: Sequence[AskedVersion], settings: Sequence[str], chosen: _Chosen) -> "list[Version]":
    from careloop.comparing import simulate_together
    from careloop.watching import watching
    from sim.jit import is_warm

    scenarios = _read(asked, settings)
    with watching(cold=not is_warm()) as progress:
        return simulate_together(
            dict(zip((each.label for each in asked), scenarios, strict=True)),
            replications=chosen.replications,
            seed=chosen.seed,
            workers=chosen.workers,
            progress=progress,
        )


def _read(asked: Sequence[AskedVersion], texts: Sequence[str]) -> "list[Scenario]":
    """Read all versions; tell the problems of all together, each once."""
    import scenarios

    settings = one_set(texts)
    return usable([scenarios.open_scenario(each.path, each.overrides, settings) for each in asked])


def _written(found: "Comparison", out: Path, with_csv: bool, started: float) -> RefusedError | None:
    """Write the folder; a failure is told after the tables, so that the work is not lost."""
    from reports.comparison_folder import write_comparison
    from reports.run_folder import FolderError

    try:
        write_comparison(out, found, wall_time_s=time.perf_counter() - started, with_csv=with_csv)
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _show(found: "Comparison", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.comparison_card import comparison_card, input_lines
    from reports.comparison_folder import COMPARE_PAGE

    show(comparison_card(found), None if out is None else out / COMPARE_PAGE, input_lines(found))
