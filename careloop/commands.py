"""The commands: what each takes, and in which order it does its work."""

import itertools
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from careloop import options
from careloop.api import with_run
from careloop.cli import MISSED, RefusedError, printable
from sim.version import __version__

if TYPE_CHECKING:
    from reports.run_folder import Source
    from scenarios import Loaded, Scenario
    from scenarios.settings import Setting
    from sim.experiment import Result

T = TypeVar("T")
_COMMENTS_AT = 64  # column of an explained scenario

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
FailOption = Annotated[
    bool, typer.Option("--fail-on-miss", help="Exit with 3 if a target is missed; results are still written.")
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")]
ScenarioOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="NAME", help="An override of the file; several in order."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set a value; a range LOW..HIGH [by STEP] runs it."),
]
PngOption = Annotated[bool, typer.Option("--png", help="Write the charts as pictures too.")]

Compared = Annotated[
    list[Path],
    typer.Argument(metavar="FILE|RUN...", help="Scenario files, or folders of runs.", show_default=False),
]
VersionsOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="NAME", help="A named override of FILE, or base; repeat for more."),
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
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Write a commented scenario to start from, with a file of counts and a schema for editors."""
    from careloop.starting import write_start
    from reports.run_folder import FolderError

    try:
        written = write_start(folder)
    except FolderError as error:
        raise RefusedError(f"error: {error}") from None
    for path in written:
        typer.echo(printable(str(path)))
    typer.echo(printable(f"Next: careloop run {written[0]} --out {folder / 'out'}"))


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, with which editors complete keys and underline mistakes."""
    import json

    from scenarios.schema import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n")


@app.command()
def check(files: Files) -> None:
    """Tell all problems of scenario files at once, with file and line."""
    import scenarios

    errors = 0
    for file in files:
        loaded = scenarios.check_with_notes(file)
        _tell(*loaded.notes, *map(str, loaded.problems))
        wrong = sum(problem.severity == "error" for problem in loaded.problems)
        warnings = len(loaded.problems) - wrong
        errors += wrong
        typer.echo(printable(f"{file}: {_counted(wrong, 'error')}, {_counted(warnings, 'warning')}"))
    if errors:
        raise typer.Exit(2)


@app.command()
def explain(
    file: File,
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", help="Only this part, such as groups.team.")
    ] = None,
    names: ScenarioOption = None,
    sets: SetOption = None,
) -> None:
    """Show the resolved scenario, and where each value comes from."""
    from scenarios.explained import explained
    from scenarios.paths import place_of

    versions = _versions(sets)
    if len(versions) > 1:
        raise RefusedError("error: --set: explain takes one value, not a range")
    opened = _opened(file, names, versions[0])
    _refuse_errors(opened)
    assert opened.scenario is not None  # it has no error
    try:
        lines = explained(opened.scenario, opened.layers, place_of(path) if path else ())
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None
    width = min(max((len(line.text) for line in lines), default=0), _COMMENTS_AT)
    for line in lines:
        typer.echo(printable(f"{line.text:<{width}}  # {line.origin}" if line.origin else line.text))


@app.command()
def run(
    file: File,
    names: ScenarioOption = None,
    sets: SetOption = None,
    replications: ReplicationsOption = None,
    seed: SeedOption = None,
    engine: EngineOption = "fast",
    workers: WorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    contacts: ContactsOption = False,
    with_csv: CsvOption = False,
    with_png: PngOption = False,
    fail_on_miss: FailOption = False,
) -> None:
    """Simulate a scenario and print its scorecard."""
    versions = _versions(sets)
    asked = _Asked(replications, seed, engine, workers, out, contacts, with_csv, with_png)
    if len(versions) > 1:
        _exit_if_missed(fail_on_miss, *_run_range(file, names, versions, asked, as_json))
        return
    started = time.perf_counter()
    scenario, plan = _prepared(_opened(file, names, versions[0]), asked)
    result = _simulated(scenario, plan)
    failed = _written(result, plan, started) if plan.out is not None else None
    if not as_json:
        _show(result, plan.out if failed is None else None)
    if failed is not None:
        raise failed
    if as_json:
        from reports.tables_out import json_text

        sys.stdout.write(json_text(result) + "\n")
    _exit_if_missed(fail_on_miss, result)


def _exit_if_missed(wanted: bool, *results: "Result") -> None:
    """Leave with the code for it if that is asked for, and a run misses a target."""
    from reports.targets import missed

    if wanted and any(map(missed, results)):
        raise typer.Exit(MISSED)


def _versions(sets: list[str] | None) -> "list[tuple[Setting, ...]]":
    """The combinations of settings that are asked for; one, and empty, where nothing is set."""
    from scenarios.settings import combinations

    try:
        return combinations(sets or ())
    except ValueError as error:
        raise RefusedError(f"error: --set: {error}") from None


def _opened(file: Path, names: list[str] | None, settings: "Sequence[Setting]") -> "Loaded":
    import scenarios

    return scenarios.open_scenario(file, names or (), settings)


def _refuse_errors(opened: "Loaded", *others: str) -> None:
    """Tell notes and warnings, and stop at errors: all of them together."""
    _tell(*opened.notes, *(str(p) for p in opened.problems if p.severity != "error"))
    errors = [*others, *(str(p) for p in opened.problems if p.severity == "error")]
    if errors:
        raise RefusedError(*errors)


def _run_range(
    file: Path,
    names: list[str] | None,
    versions: "Sequence[tuple[Setting, ...]]",
    asked: "_Asked",
    as_json: bool,
) -> "list[Result]":
    """Run every combination of settings, all read and checked before the first; show them in one table."""
    from careloop.terminal import show_block
    from reports.ranges import Tried, range_table
    from reports.tables_out import json_of_runs

    varied = [len(set(each)) > 1 for each in zip(*(map(str, settings) for settings in versions), strict=True)]
    labels = [", ".join(s.text for s in itertools.compress(settings, varied)) for settings in versions]
    prepared = [
        _prepared(_opened(file, names, settings), asked.below(label))
        for settings, label in zip(versions, labels, strict=True)
    ]
    tried = list[Tried]()
    for label, (scenario, plan) in zip(labels, prepared, strict=True):
        started = time.perf_counter()
        tried.append(Tried(label, _simulated(scenario, plan)))
        failed = _written(tried[-1].result, plan, started) if plan.out is not None else None
        if failed is not None:
            raise failed
    if as_json:
        sys.stdout.write(json_of_runs(tried) + "\n")
    else:
        reports = [f"Reports: one folder a row in {asked.out}"] if asked.out else []
        show_block(range_table(tried), "", *reports)
    return [each.result for each in tried]


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
    with_png: bool

    def below(self, label: str) -> "_Asked":
        """The same, to be written to a folder of its own in the folder that was named."""
        safe = re.sub(r"[^\w.=,-]+", "_", label)
        return self if self.out is None else self._replace(out=self.out / safe)


class _Plan(NamedTuple):
    """The options once they are known to be good."""

    engine: str
    workers: int | None
    out: Path | None
    contacts: bool
    with_csv: bool
    with_png: bool
    source: "Source"


def _prepared(opened: "Loaded", asked: _Asked) -> "tuple[Scenario, _Plan]":
    """Check everything before any work is done; tell all problems together."""
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
    if asked.out is None and (asked.with_csv or asked.contacts or asked.with_png):
        problems.append("error: --csv, --png and --contacts write to a folder; name it with --out DIR")
    _refuse_errors(opened, *problems)
    assert opened.scenario is not None  # neither it
    assert engine is not None  # nor an option has an error
    scenario = with_run(opened.scenario, replications, seed)
    written = (asked.out, asked.contacts, asked.with_csv, asked.with_png)
    return scenario, _Plan(engine, workers, *written, source_of(Path(opened.layers.file)))


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
            with_png=plan.with_png,
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
