"""The Python side of comparisons."""

import time
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from careloop import options
from careloop.api import load, with_run

if TYPE_CHECKING:
    from reports.comparison import Comparison, Version
    from scenarios import Scenario

PathText = str | PathLike[str]


def compare(
    *versions: "Scenario | PathText",
    scenarios: Sequence[str] = (),
    replications: options.Replications | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: PathText | None = None,
) -> "Comparison":
    """Hold scenarios (given as such, or as paths) against the first, on the same chances.

    With one path, `scenarios` are names of overrides in that file: "base" is the file without any, and
    stands first where only one name is given.

    All have the seed and the replications of the first one's `run`, unless given here; with "auto" each
    is simulated until it is precise enough, and then all as often as the one that took most. `out` is a
    folder to write the comparison to. Raises `ValueError` for what is not allowed: `ScenarioError` for a
    scenario, `FolderError` for `out`.
    """
    named = _overridden(versions[0], scenarios) if len(versions) == 1 and scenarios else _labelled(versions)
    if len(named) < 2:
        raise ValueError("a comparison needs two scenarios or more")
    started = time.perf_counter()
    if out is not None:
        from reports.run_folder import check_folder

        check_folder(Path(out))
    from reports.comparison import compare_versions

    found = compare_versions(simulate_together(named, replications=replications, seed=seed, workers=workers))
    if out is not None:
        from reports.comparison_folder import write_comparison

        write_comparison(Path(out), found, wall_time_s=time.perf_counter() - started)
    return found


def _overridden(version: "Scenario | PathText", names: Sequence[str]) -> "dict[str, Scenario]":
    """A file with overrides of these names, by name."""
    from careloop.versions import BASE, labels_of
    from scenarios import Scenario

    if isinstance(version, Scenario):
        raise ValueError("overrides are in a file; give its path")
    chosen = (BASE, *names) if len(names) == 1 else tuple(names)
    return dict(zip(labels_of(chosen), [load(version, [name]) for name in chosen], strict=True))


def _labelled(versions: "tuple[Scenario | PathText, ...]") -> "dict[str, Scenario]":
    """Scenarios by label: a file's name, or the scenario's own."""
    from careloop.versions import labels_of
    from scenarios import Scenario

    names = [each.name if isinstance(each, Scenario) else Path(each).stem for each in versions]
    read = [each if isinstance(each, Scenario) else load(each) for each in versions]
    return dict(zip(labels_of(names), read, strict=True))


def simulate_together(
    scenarios: "Mapping[str, Scenario]",
    *,
    replications: options.Replications | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> "list[Version]":
    """Simulate labelled scenarios with one seed and as many replications each."""
    from reports.comparison import version_of
    from sim.experiment import run_together

    first = next(iter(scenarios.values())).run
    wanted = options.replications(first.replications if replications is None else replications)
    chosen = options.seed(first.seed if seed is None else seed)
    threads = None if workers is None else options.workers(workers)
    alike = [with_run(each, wanted, chosen) for each in scenarios.values()]
    results = run_together(alike, wanted, chosen, threads, progress)
    return [version_of(label, result) for label, result in zip(scenarios, results, strict=True)]
