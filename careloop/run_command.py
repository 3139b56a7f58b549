"""`careloop run`: one simulation with its scorecard, or one for each value of a range with a table."""

import itertools
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import typer

from careloop import options
from careloop.api import run_on, with_run
from careloop.cli import MISSED, RefusedError
from careloop.opening import Opening, opened_all, versions_set

if TYPE_CHECKING:
    from reports.ranges import Tried
    from reports.run_folder import Source
    from scenarios import Scenario
    from scenarios.settings import Setting
    from sim.experiment import Result
    from sim.explain.shares import Shares


# What in a scenario formulas cannot do, and options without meaning for them.
_AGAINST_FORMULAS: Final = (options.without_ignorance, options.without_cases)
_OF_CHANCE: Final = ("replications", "seed", "workers", "contacts", "explain_formula", "export")


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening
    replications: str | None
    seed: str | None
    engine: str
    workers: str | None
    out: Path | None
    contacts: bool
    with_csv: bool
    with_png: bool
    as_json: bool
    fail_on_miss: bool
    explain_formula: bool
    export: Path | None


class _Chosen(NamedTuple):
    """The options once they are known to be good; None is as the scenario says."""

    replications: options.Replications | None
    seed: int | None
    engine: str
    workers: int | None


class _Job(NamedTuple):
    """One simulation: what is set for it in words, and where it is to be written."""

    label: str
    scenario: "Scenario"
    out: Path | None


def run_and_tell(asked: Asked) -> None:
    """Simulate, write the folder if one is asked for, and print."""
    versions = versions_set(asked.opening.sets)
    labels = _labels(versions)
    folders = [asked.out] if len(versions) == 1 else _folders(asked.out, labels)
    chosen = _chosen(asked, folders)
    scenarios = [
        with_run(each, chosen.replications, chosen.seed) for each in opened_all(asked.opening, versions)
    ]
    wrong = [check(chosen.engine, e) for e in scenarios for check in _AGAINST_FORMULAS]
    wrong += [options.explained(e) for e in scenarios if asked.explain_formula]
    if problems := list(filter(None, wrong)):
        raise RefusedError(*(f"error: --{problem}" for problem in dict.fromkeys(problems)))
    jobs = list(map(_Job, labels, scenarios, folders))
    missed = _run_one(jobs[0], asked, chosen) if len(jobs) == 1 else _run_range(jobs, asked, chosen)
    if asked.fail_on_miss and missed:
        raise typer.Exit(MISSED)


def _labels(versions: "Sequence[tuple[Setting, ...]]") -> list[str]:
    """What each version sets, of that which varies between them."""
    varied = [len(set(map(str, each))) > 1 for each in zip(*versions, strict=True)]
    return [", ".join(s.text for s in itertools.compress(settings, varied)) for settings in versions]


def _folders(out: Path | None, labels: Sequence[str]) -> list[Path | None]:
    """A folder of its own for each label in the folder that was named."""
    from careloop.versions import labels_of

    names = labels_of([re.sub(r"[^\w.=,-]+", "_", label) for label in labels])
    return [out / name if out is not None else None for name in names]


def _chosen(asked: Asked, folders: Sequence[Path | None]) -> _Chosen:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = _Chosen(
        read(options.replications, asked.replications),
        read(options.seed, asked.seed),
        read(options.engine, asked.engine) or "",
        read(options.workers, asked.workers),
    )
    for folder in folders:
        read(options.out, folder)
    if asked.out is None and (asked.with_csv or asked.contacts or asked.with_png):
        read.problems.append("error: --csv, --png and --contacts write to a folder; name it with --out DIR")
    if asked.explain_formula and len(folders) > 1:
        read.problems.append("error: --explain-formula is for one run, not for a range of settings")
    if asked.export is not None:
        read.problems += _export_problems(asked.export, len(folders))
    if problem := options.without_chance(
        chosen.engine, **{f"--{name.replace('_', '-')}": getattr(asked, name) for name in _OF_CHANCE}
    ):
        read.problems.append(f"error: --{problem}")
    if read.problems:
        raise RefusedError(*read.problems, *asked.opening.problems())
    return chosen


def _export_problems(path: Path, runs: int) -> list[str]:
    from careloop.exporting import problem_of

    problems = ["error: --export: is for one run, not for a range of settings"] if runs > 1 else []
    if problem := problem_of(path):
        problems.append(f"error: --export: {problem}")
    return problems


def _run_one(job: _Job, asked: Asked, chosen: _Chosen) -> bool:
    """Simulate and print the scorecard; tells whether a target is missed."""
    from reports.targets import missed

    started = time.perf_counter()
    result = _simulated(job, asked, chosen)
    explained = _explained(result, chosen.workers) if asked.explain_formula else ()
    failed = _written(result, job, asked, started, explained) or _exported(result, asked)
    if not asked.as_json:
        _show(result, job.out if failed is None else None)
        _show_shares(explained)
    if failed is not None:
        raise failed
    if asked.as_json:
        from reports.shares import shares_rows
        from reports.tables_out import json_text

        beside = {"formula_shares": shares_rows(explained)} if asked.explain_formula else {}
        sys.stdout.write(json_text(result, beside) + "\n")
    return missed(result)


def _explained(result: "Result", workers: int | None) -> "tuple[Shares, ...]":
    """Why the formulas differ from the simulation; says so where no queue has one."""
    from careloop.opening import tell
    from careloop.watching import watching
    from reports.shares import shares_of

    with watching(cold=False) as progress:
        found = shares_of(result, workers, progress)
    if not found:
        tell("note: --explain-formula: no queue has both a formula and a target; the report says why")
    return found


def _show_shares(explained: "tuple[Shares, ...]") -> None:
    if explained:
        from careloop.terminal import show_block
        from reports.shares import HOW, shares_block

        *first, last = map(shares_block, explained)
        for block in first:
            show_block(block)
        show_block(last, HOW)


def _run_range(jobs: Sequence[_Job], asked: Asked, chosen: _Chosen) -> bool:
    """Simulate one after the other and print one table; tells whether any misses a target."""
    from reports.ranges import Tried
    from reports.targets import missed

    tried = list[Tried]()
    for job in jobs:
        started = time.perf_counter()
        tried.append(Tried(job.label, _simulated(job, asked, chosen)))
        failed = _written(tried[-1].result, job, asked, started)
        if failed is not None:
            raise failed
    _show_range(tried, asked)
    return any(missed(each.result) for each in tried)


def _show_range(tried: "Sequence[Tried]", asked: Asked) -> None:
    from careloop.terminal import show_block
    from reports.ranges import range_table
    from reports.tables_out import json_of_runs

    if asked.as_json:
        sys.stdout.write(json_of_runs(tried) + "\n")
        return
    reports = [f"Reports: one folder a row in {asked.out}"] if asked.out else []
    show_block(range_table(tried), "", *reports)


def _simulated(job: _Job, asked: Asked, chosen: _Chosen) -> "Result":
    from careloop.watching import watching
    from sim.jit import is_warm

    with watching(cold=chosen.engine == "fast" and not is_warm()) as progress:
        return run_on(
            chosen.engine,
            job.scenario,
            workers=chosen.workers,
            keep_contacts=asked.contacts,
            progress=progress,
        )


def _written(
    result: "Result", job: _Job, asked: Asked, started: float, explained: "tuple[Shares, ...]" = ()
) -> RefusedError | None:
    """Write the run's folder; a failure is told after the scorecard, so that the work is not lost."""
    from reports.run_folder import FolderError, write_run

    if job.out is None:
        return None
    try:
        write_run(
            job.out,
            result,
            source=_source(asked.opening.file),
            wall_time_s=time.perf_counter() - started,
            with_csv=asked.with_csv,
            with_png=asked.with_png,
            explained=explained,
        )
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _exported(result: "Result", asked: Asked) -> RefusedError | None:
    """Write the export of the first replication; a failure is told after the scorecard."""
    if asked.export is None:
        return None
    from careloop.exporting import export_contacts
    from careloop.opening import tell

    try:
        rows = export_contacts(result.scenario, asked.export, seed=result.seed)
    except OSError as error:
        return RefusedError(f"error: --export: {asked.export}: {error.strerror or error}")
    tell(f"{asked.export}: {rows:,} rows of the first replication, format canonical")
    return None


def _source(file: Path) -> "Source | None":
    """The file as it is now; none where it is gone since it was read."""
    from reports.run_folder import source_of

    try:
        return source_of(file)
    except OSError:
        return None


def _show(result: "Result", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.run_folder import REPORT
    from reports.scorecard import scorecard

    show(scorecard(result), None if out is None else out / REPORT)
