"""The commands: what each takes, and in which order it does its work."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from careloop import options
from careloop.api import with_run
from careloop.cli import RefusedError, printable
from sim.version import __version__

if TYPE_CHECKING:
    from reports.run_folder import Source
    from scenarios import Scenario
    from sim.experiment import Result

T = TypeVar("T")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file.", show_default=False)]
ReplicationsOption = Annotated[
    str | None,
    typer.Option("--replications", metavar="N|auto", help="How often to simulate. Default: the scenario's."),
]
SeedOption = Annotated[
    str | None, typer.Option("--seed", metavar="S", help="Seed of the chances. Default: the scenario's.")
]
EngineOption = Annotated[str, typer.Option("--engine", metavar="fast|reference", help="Which engine.")]
WorkersOption = Annotated[
    str | None,
    typer.Option("--workers", metavar="N", help="Threads that simulate at a time. Default: one a core."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write report.html and the tables to this folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
ContactsOption = Annotated[bool, typer.Option("--contacts", help="Write contacts.parquet, a row a leg.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")]

Compared = Annotated[
    list[Path],
    typer.Argument(metavar="FILE|RUN...", help="Scenario files, or folders of runs.", show_default=False),
]
VersionsOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="NAME", help="A named override of FILE, or base; repeat for more."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="a.b=c", help="Set a value in all versions; repeat for more."),
]
CompareOutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write compare.html and the table to this folder.")
]

app = typer.Typer(
    help="Simulation and capacity planning for customer care.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"careloop {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulation and capacity planning for customer care."""


@app.command()
def check(files: Files) -> None:
    """Tell all problems of scenario files at once, with file and line."""
    import scenarios

    errors = 0
    for file in files:
        loaded = scenarios.open_scenario(file)
        _tell(*loaded.notes, *map(str, loaded.problems))
        wrong = sum(problem.severity == "error" for problem in loaded.problems)
        warnings = len(loaded.problems) - wrong
        errors += wrong
        typer.echo(printable(f"{file}: {_counted(wrong, 'error')}, {_counted(warnings, 'warning')}"))
    if errors:
        raise typer.Exit(2)


@app.command()
def run(
    file: File,
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "fast",
    workers: WorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    contacts: ContactsOption = False,
    with_csv: CsvOption = False,
) -> None:
    """Simulate a scenario and print its scorecard."""
    started = time.perf_counter()
    asked = _Asked(replications, seed, engine, workers, out, contacts, with_csv)
    scenario, plan = _prepared(file, asked)
    result = _simulated(scenario, plan)
    failed = _written(result, plan, started) if plan.out is not None else None
    if not as_json:
        _show(result, plan.out if failed is None else None)
    if failed is not None:
        raise failed
    if as_json:
        from reports.tables_out import json_text

        sys.stdout.write(json_text(result) + "\n")


@app.command()
def compare(
    paths: Compared,
    scenario: VersionsOption = None,
    settings: SetOption = None,
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    out: CompareOutOption = None,
    as_json: JsonOption = False,
    with_csv: CsvOption = False,
) -> None:
    """Compare scenarios on the same chances, or saved runs: the first against each of the others."""
    from careloop.compare_command import Asked, compare_and_tell

    named = tuple(scenario or ()), tuple(settings or ())
    compare_and_tell(paths, Asked(*named, replications, seed, workers, out, as_json, with_csv))


class _Asked(NamedTuple):
    """The options as they were written."""

    replications: str | None
    seed: str | None
    engine: str
    workers: str | None
    out: Path | None
    contacts: bool
    with_csv: bool


class _Plan(NamedTuple):
    """The options once they are known to be good."""

    engine: str
    workers: int | None
    out: Path | None
    contacts: bool
    with_csv: bool
    source: "Source"


def _prepared(file: Path, asked: _Asked) -> "tuple[Scenario, _Plan]":
    """Read and check everything before any work is done; tell all problems together."""
    import scenarios
    from reports.run_folder import source_of

    problems: list[str] = []

    def read(reader: Callable[[object], T], value: object) -> T | None:
        try:
            return None if value is None else reader(value)
        except ValueError as error:
            problems.append(f"error: --{error}")
            return None

    replications = read(options.replications, asked.replications)
    seed = read(options.seed, asked.seed)
    engine = read(options.engine, asked.engine)
    workers = read(options.workers, asked.workers)
    read(_out, asked.out)
    if asked.out is None and (asked.with_csv or asked.contacts):
        problems.append("error: --csv and --contacts write to a folder; name it with --out DIR")
    loaded = scenarios.open_scenario(file)
    _tell(*loaded.notes, *(str(p) for p in loaded.problems if p.severity != "error"))
    problems += [str(p) for p in loaded.problems if p.severity == "error"]
    if problems or loaded.scenario is None or engine is None:
        raise RefusedError(*problems)
    scenario = with_run(loaded.scenario, replications, seed)
    return scenario, _Plan(engine, workers, asked.out, asked.contacts, asked.with_csv, source_of(file))


def _out(folder: object) -> None:
    """Check where the run is to be written."""
    from reports.run_folder import FolderError, check_folder

    try:
        check_folder(Path(str(folder)))
    except FolderError as error:
        raise ValueError(f"out: {error}") from None


def _simulated(scenario: "Scenario", plan: _Plan) -> "Result":
    from careloop.watching import watching
    from sim.experiment import run_scenario
    from sim.jit import is_warm

    with watching(cold=plan.engine == "fast" and not is_warm()) as progress:
        return run_scenario(
            scenario,
            engine=plan.engine,
            workers=plan.workers,
            keep_contacts=plan.contacts,
            progress=progress,
        )


def _written(result: "Result", plan: _Plan, started: float) -> RefusedError | None:
    """Write the run's folder; a failure is told after the scorecard, so that the work is not lost."""
    from reports.run_folder import FolderError, write_run

    assert plan.out is not None  # the caller has looked
    try:
        write_run(
            plan.out,
            result,
            source=plan.source,
            wall_time_s=time.perf_counter() - started,
            with_csv=plan.with_csv,
        )
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _show(result: "Result", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.run_folder import REPORT
    from reports.scorecard import scorecard

    show(scorecard(result), None if out is None else out / REPORT)


def _tell(*lines: str) -> None:
    for line in lines:
        typer.echo(printable(line), err=True)


def _counted(number: int, what: str) -> str:
    """no errors, 1 error, 2 errors."""
    return f"{number or 'no'} {what}{'s' if number != 1 else ''}"
