"""The Python side: load, check and simulate, with the defaults of the scenario file."""

import time
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from careloop import options

if TYPE_CHECKING:
    from reports.run_folder import Source
    from scenarios import Problem, Scenario
    from sim.experiment import Result

PathText = str | PathLike[str]


def load(
    path: PathText, scenarios: Sequence[str] = (), changes: Mapping[str, object] | None = None
) -> "Scenario":
    """Read a scenario file, with overrides of these names laid over it, and then `changes` by path.

    `changes` are such as {"groups.team.agents": 8}. Raises `ScenarioError`, whose `problems` say all that is
    wrong with it, and `ValueError` for a path that is none.
    """
    from scenarios import load as load_scenario
    from scenarios.paths import place_of
    from scenarios.settings import Setting

    settings = [Setting(place_of(key), value, f"{key}={value}") for key, value in (changes or {}).items()]
    return load_scenario(Path(path), scenarios, settings)


def check(path: PathText) -> "list[Problem]":
    """All errors and warnings of a scenario file, in the order of its lines."""
    import scenarios

    return scenarios.check(Path(path))


def simulate(
    scenario: "Scenario | PathText",
    *,
    replications: options.Replications | None = None,
    seed: int | None = None,
    engine: str = "fast",
    workers: int | None = None,
    hooks: Mapping[str, Callable[..., int]] | None = None,
    contacts: bool = False,
    out: PathText | None = None,
    png: bool = False,
) -> "Result":
    """Simulate a scenario, given as such or as a path, and perhaps write the run's folder to `out`.

    `replications` and `seed` replace those of the scenario's `run`; `workers` is the number of threads
    (default: one a core) and changes no result. `hooks` replace rules, on the reference engine only.
    `contacts` keeps a row for every leg in `result.contacts`, and for every case in `result.cases` where
    there are cases; `png` also writes the charts to `out` as pictures. The engine "formula" computes what is
    to be expected (docs/formula.md), and takes `out` and `png` alone. Raises `ValueError` for what is not
    allowed: `ScenarioError` for the scenario, `FolderError` for `out`.
    """
    from scenarios import Scenario

    started = time.perf_counter()
    chosen = options.engine(engine)
    if problem := options.without_chance(
        chosen, replications=replications, seed=seed, workers=workers, hooks=hooks, contacts=contacts
    ):
        raise ValueError(problem)
    if png and out is None:
        raise ValueError("png: the pictures are written to a folder; name it with out=")
    threads = None if workers is None else options.workers(workers)
    source = None
    if not isinstance(scenario, Scenario):
        scenario, source = _read(Path(scenario))
    scenario = with_run(scenario, replications, seed)
    for check in (options.without_ignorance, options.without_cases):
        if problem := check(chosen, scenario):
            raise ValueError(problem)
    if out is not None:
        from reports.run_folder import check_folder

        check_folder(Path(out))
    result = run_on(chosen, scenario, workers=threads, hooks=hooks, keep_contacts=contacts)
    if out is not None:
        from reports.run_folder import write_run

        took_s = time.perf_counter() - started
        write_run(Path(out), result, source=source, wall_time_s=took_s, with_png=png)
    return result


def run_on(
    engine: str,
    scenario: "Scenario",
    *,
    workers: int | None = None,
    hooks: Mapping[str, Callable[..., int]] | None = None,
    keep_contacts: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> "Result":
    """Run a scenario on an engine: simulate it, or evaluate it by formulas."""
    if engine == options.FORMULA:
        from sim.formula import run_formula

        return run_formula(scenario)
    from sim.experiment import run_scenario

    return run_scenario(
        scenario, engine=engine, workers=workers, hooks=hooks, keep_contacts=keep_contacts, progress=progress
    )


def with_run(scenario: "Scenario", replications: options.Replications | None, seed: int | None) -> "Scenario":
    """The scenario with these replications and this seed in its `run`, so that a run's copy repeats it."""
    given: dict[str, object] = {}
    if replications is not None:
        given["replications"] = options.replications(replications)
    if seed is not None:
        given["seed"] = options.seed(seed)
    if not given:
        return scenario
    return scenario.model_copy(update={"run": scenario.run.model_copy(update=given)})


def _read(path: Path) -> "tuple[Scenario, Source]":
    from reports.run_folder import source_of

    scenario = load(path)
    return scenario, source_of(path)
