"""The commands and what each takes; what is more than a few lines is in a module of its own."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from careloop.cli import RefusedError, printable
from careloop.opening import Opening, one_set, tell, usable
from sim.version import __version__

_COMMENTS_AT = 64  # column of an explained scenario

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file.", show_default=False)]
ReplicationsOption = Annotated[
    str | None,
    typer.Option("--replications", metavar="N|auto", help="How often to simulate. Default: the scenario's."),
]
WhyReplicationsOption = Annotated[
    str | None,
    typer.Option(
        "--replications", metavar="N", help="How often to simulate each cause. Default: as the run."
    ),
]
SeedOption = Annotated[
    str | None, typer.Option("--seed", metavar="S", help="Seed of the chances. Default: the scenario's.")
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="fast|reference|formula",
        help="Simulate (fast, or reference, the readable one), or compute by formulas what to expect.",
    ),
]
WorkersOption = Annotated[
    str | None,
    typer.Option("--workers", metavar="N", help="Threads that simulate at a time. Default: one a core."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write report.html and the tables to this folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
ContactsOption = Annotated[
    bool, typer.Option("--contacts", help="Write contacts.parquet, a row a leg, and cases.parquet.")
]
FailOption = Annotated[
    bool, typer.Option("--fail-on-miss", help="Exit with 3 if a target is missed; results are still written.")
]
ExplainFormulaOption = Annotated[
    bool,
    typer.Option("--explain-formula", help="Tell what makes formula and simulation differ; takes re-runs."),
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
ExportOption = Annotated[
    Path | None,
    typer.Option(
        "--export",
        metavar="PATH",
        help="Write the first replication's contacts as an export: .csv, .csv.gz or .parquet.",
    ),
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

PlanReplicationsOption = Annotated[
    str | None,
    typer.Option("--replications", metavar="N", help="How often to simulate. Default: the scenario's."),
]
PlanOutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write the leaders' page and the tables to this folder."),
]
AgainstPlanOption = Annotated[
    Path | None,
    typer.Option("--against", metavar="DIR", help="Say on the page what changed since this plan's folder."),
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

    # ASCII: what a shell's > makes of other characters depends on the system.
    sys.stdout.write(json.dumps(json_schema(), indent=1) + "\n")


@app.command()
def check(files: Files) -> None:
    """Tell all problems of scenario files at once, with file and line."""
    import scenarios

    errors = 0
    for file in files:
        loaded = scenarios.check_with_notes(file)
        tell(*loaded.notes, *map(str, loaded.problems))
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
    import scenarios
    from scenarios.explained import explained
    from scenarios.paths import place_of

    loaded = scenarios.open_scenario(file, names or (), one_set(sets or ()))
    (scenario,) = usable([loaded])
    try:
        lines = explained(scenario, loaded.layers, place_of(path) if path else ())
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
    explain_formula: ExplainFormulaOption = False,
    export: ExportOption = None,
) -> None:
    """Simulate a scenario and print its scorecard; of a range of settings, one table."""
    from careloop.run_command import Asked, run_and_tell

    opening = Opening(file, tuple(names or ()), tuple(sets or ()))
    simulating = replications, seed, engine, workers
    written = out, contacts, with_csv, with_png
    run_and_tell(Asked(opening, *simulating, *written, as_json, fail_on_miss, explain_formula, export))


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


@app.command()
def erlang(
    model: Annotated[str, typer.Argument(metavar="{b|c|a|x}", help="Erlang's formula.", show_default=False)],
    calls_per_hour: Annotated[
        str, typer.Option("--calls-per-hour", metavar="R", help="Calls an hour, or '60 per 30 min'.")
    ],
    aht: Annotated[str, typer.Option("--aht", metavar="S", help="Mean handle time: seconds, or '3 min'.")],
    agents: Annotated[str | None, typer.Option("--agents", metavar="N|LOW..HIGH", help="How many.")] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="P", help="How many it takes for this service level (b: blocking)."),
    ] = None,
    threshold: Annotated[
        str, typer.Option("--threshold", metavar="S", help="T of the service level.")
    ] = "20 s",
    definition: Annotated[
        str, typer.Option("--definition", metavar="NAME", help="Formula of the service level.")
    ] = "answered_plus_abandoned_within",
    short_abandon: Annotated[
        str, typer.Option("--short-abandon", metavar="S", help="s of the formulas that have one.")
    ] = "5 s",
    max_asa: Annotated[str | None, typer.Option("--max-asa", metavar="S", help="Also: mean wait.")] = None,
    max_occupancy: Annotated[
        str | None, typer.Option("--max-occupancy", metavar="P", help="Also: occupancy at most.")
    ] = None,
    max_abandonment: Annotated[
        str | None, typer.Option("--max-abandonment", metavar="P", help="Also: abandonment at most (a, x).")
    ] = None,
    patience: Annotated[
        str | None, typer.Option("--patience", metavar="S", help="Mean patience (a, x).")
    ] = None,
    retry: Annotated[
        str | None, typer.Option("--retry", metavar="P", help="Share of the abandoned that tries again (x).")
    ] = None,
    places: Annotated[
        str | None, typer.Option("--places", metavar="N", help="Waiting places; default no limit.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer one line by formula: b, c, a or x; for agents that are there, or how many a target takes."""
    from careloop.erlang_command import Asked, answer_and_tell

    wanted = target, threshold, definition, short_abandon, max_asa, max_occupancy, max_abandonment
    answer_and_tell(Asked(model, calls_per_hour, aht, agents, *wanted, patience, retry, places, as_json))


@app.command()
def why(
    source: Annotated[
        Path,
        typer.Argument(metavar="RUN|FILE", help="The folder of a run, or a scenario.", show_default=False),
    ],
    when: Annotated[
        list[str],
        typer.Argument(metavar="WHEN", help="10:30, mon 10:30 or 2026-03-03T10:30.", show_default=False),
    ],
    queue: Annotated[
        str | None,
        typer.Option(
            "--queue", metavar="NAME", help="Which queue. Default: the one furthest below its target."
        ),
    ] = None,
    names: ScenarioOption = None,
    sets: SetOption = None,
    replications: WhyReplicationsOption = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what makes one interval of the day miss its target, each cause by a re-run without it."""
    from careloop.why_command import Asked, why_and_tell

    opening = Opening(source, tuple(names or ()), tuple(sets or ()))
    why_and_tell(Asked(opening, " ".join(when), queue, replications, workers, as_json))


@app.command()
def staff(
    file: File,
    names: ScenarioOption = None,
    sets: SetOption = None,
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="NAME",
            help="How the formula sees changing rates: sipp, sipp-mix, lagged, mol, iterative.",
        ),
    ] = "mol",
    max_occupancy: Annotated[
        str | None,
        typer.Option(
            "--max-occupancy", metavar="SHARE", help="Plan people busy at most so much, such as 88%."
        ),
    ] = None,
    minimum: Annotated[
        str | None,
        typer.Option(
            "--minimum",
            metavar="N",
            help="People at work while a queue is open and expects contacts. Default: 1.",
        ),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against", metavar="[GROUP=]CSV", help="People planned, to be held against the answer."
        ),
    ] = None,
    gross: Annotated[
        bool, typer.Option("--planned-is-gross", help="The people of --against are paid, not all at work.")
    ] = False,
    no_repair: Annotated[
        bool, typer.Option("--no-repair", help="The formula's plan alone, not repaired by simulation.")
    ] = False,
    replications: Annotated[
        str | None,
        typer.Option("--replications", metavar="N", help="Size of the sample. Default: the scenario's."),
    ] = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many people it takes: by formula, then verified and repaired by simulation."""
    from careloop.staff_command import Asked, staff_and_tell

    opening = Opening(file, tuple(names or ()), tuple(sets or ()))
    how = method, max_occupancy, minimum, tuple(against or ()), gross, no_repair
    staff_and_tell(Asked(opening, *how, replications, seed, workers, out, as_json))


PlanFiles = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="A scenario with a plan; several in columns.", show_default=False),
]


@app.command()
def plan(
    files: PlanFiles,
    names: ScenarioOption = None,
    sets: SetOption = None,
    replications: PlanReplicationsOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    levers: Annotated[
        bool, typer.Option("--levers", help="Tell what each lever contributes; takes two more runs of each.")
    ] = False,
    against: AgainstPlanOption = None,
    actuals: Annotated[
        list[Path] | None,
        typer.Option("--actuals", metavar="FACTS", help="An export of what has happened; with --as-of."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="How FACTS is written. Default: canonical."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The first day that is simulated, not known from FACTS."
        ),
    ] = None,
    out: PlanOutOption = None,
    png: Annotated[bool, typer.Option("--png", help="Add the page's first sheet as a picture.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Add the page as a PDF; needs a browser.")] = False,
    as_json: JsonOption = False,
    fail_on_miss: Annotated[
        bool,
        typer.Option("--fail-on-miss", help="Exit with 3 if a target is red; all is still written."),
    ] = False,
) -> None:
    """Tell how probable each target by day is, beside the same scenario without its plan.

    Of several plans, each is a column, and the targets are those of the first. As of a day, the days before
    it are what has happened.
    """
    from careloop import as_of as days
    from careloop.plan_command import Asked, plan_and_tell

    opening = Opening(files[0], tuple(names or ()), tuple(sets or ()))
    others = tuple(opening._replace(file=each) for each in files[1:])
    how = replications, seed, workers, levers, against, out, png, pdf
    passed = days.Asked(tuple(actuals or ()), form, as_of)
    plan_and_tell(Asked(opening, others, *how, as_json, fail_on_miss, passed))


@app.command()
def finance(
    file: File,
    names: ScenarioOption = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="NAME", help="The change: an override laid over the scenario."),
    ] = None,
    sets: SetOption = None,
    replications: PlanReplicationsOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    no_search: Annotated[
        bool,
        typer.Option("--no-search", help="Price what is there; search for nobody: no business case."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the page and the tables to this folder."),
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook with live formulas.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what care costs, to the cent, and what a change to it really saves.

    Horizons of less than whole years are simulated to the end of the year.
    """
    from careloop.finance_command import Asked, finance_and_tell

    named = tuple(names or ()), against, tuple(sets or ())
    finance_and_tell(Asked(file, *named, replications, seed, workers, not no_search, out, xlsx, as_json))


def _counted(number: int, what: str) -> str:
    """no errors, 1 error, 2 errors."""
    return f"{number or 'no'} {what}{'s' if number != 1 else ''}"


Exports = Annotated[
    list[Path], typer.Argument(metavar="EXPORT...", help="Files of one export.", show_default=False)
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAME",
        help="canonical, intervals, anonymous-bank, vanad or uci-incidents.",
        show_default=False,
    ),
]
ByOption = Annotated[
    str,
    typer.Option(
        "--by", metavar="FACT,...", help="What makes a stream: queue, channel, segment, severity, cause."
    ),
]
TimeZoneOption = Annotated[
    str | None,
    typer.Option("--time-zone", metavar="ZONE", help="Time zone of the centre. Default: the format's."),
]
CountryOption = Annotated[
    str | None,
    typer.Option("--holidays", metavar="CODE", help="Country of public holidays, such as NL or US-CA."),
]
KeepNamesOption = Annotated[
    bool, typer.Option("--keep-names", help="Keep ids and agents' names as they are, not as pseudonyms.")
]
SaltOption = Annotated[
    str | None, typer.Option("--salt", metavar="TEXT", help="Makes pseudonyms alike in several exports.")
]


@app.command()
def calibrate(
    exports: Exports,
    form: FormatOption,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The scenario to write.", show_default=False)
    ],
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write a report with plots to this folder.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="A..B", help="Days or months that count. Default: all of them."),
    ] = None,
    by: ByOption = "queue",
    time_zone: TimeZoneOption = None,
    holidays: CountryOption = None,
    keep_names: KeepNamesOption = False,
    salt: SaltOption = None,
    png: PngOption = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:
    """Make a scenario of what a contact centre recorded, with where each number comes from."""
    from careloop import export_options
    from careloop.calibrate_command import Asked, calibrate_and_tell

    export = export_options.Asked(tuple(exports), form, by, time_zone, holidays, keep_names, salt)
    calibrate_and_tell(Asked(export, period, out, report, force, png))


BacktestReplicationsOption = Annotated[
    str | None,
    typer.Option("--replications", metavar="N", help="How often to simulate each week. Default: 100."),
]


@app.command()
def backtest(
    exports: Exports,
    form: FormatOption,
    train: Annotated[
        str, typer.Option("--train", metavar="A..B", help="Days or months to learn from.", show_default=False)
    ],
    test: Annotated[
        str, typer.Option("--test", metavar="C..D", help="Later days to be held against.", show_default=False)
    ],
    by: ByOption = "queue",
    within: Annotated[
        str, typer.Option("--within", metavar="TIME", help="Threshold of the service level.")
    ] = "20 s",
    time_zone: TimeZoneOption = None,
    holidays: CountryOption = None,
    replications: BacktestReplicationsOption = None,
    seed: SeedOption = None,
    workers: WorkersOption = None,
    out: OutOption = None,
    png: PngOption = False,
    as_json: JsonOption = False,
) -> None:
    """Calibrate on one period, simulate the next, and say how far to trust it."""
    from careloop import export_options
    from careloop.backtest_command import Asked, backtest_and_tell

    export = export_options.Asked(tuple(exports), form, by, time_zone, holidays, False, None)
    backtest_and_tell(Asked(export, train, test, within, replications, seed, workers, out, png, as_json))
