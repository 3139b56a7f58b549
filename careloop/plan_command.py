"""`careloop plan`: a plan against its targets by day, and what each lever contributes."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from careloop import options
from careloop.cli import MISSED, RefusedError
from careloop.opening import Opening, one_set, opened_all
from careloop.planning import planned_as, planned_replications

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.roadmap.plan import PlanResult


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening
    replications: str | None
    seed: str | None
    workers: str | None
    levers: bool
    out: Path | None
    as_json: bool
    fail_on_miss: bool


class _Chosen(NamedTuple):
    """The options once they are known to be good; None is as the scenario says."""

    replications: int | None
    seed: int | None
    workers: int | None


def plan_and_tell(asked: Asked) -> None:
    """Simulate the plan and its baseline, write the folder if one is asked for, and print."""
    started = time.perf_counter()
    chosen = _chosen(asked)
    (scenario,) = opened_all(asked.opening, [one_set(asked.opening.sets)])
    found = _found(planned_as(scenario, chosen.replications, chosen.seed), asked, chosen)
    failed = _written(found, asked, started) if asked.out is not None else None
    if not asked.as_json:
        _show(found, asked.out if failed is None else None)
    if failed is not None:
        raise failed
    if asked.as_json:
        from reports.plan_tables import plan_json

        sys.stdout.write(plan_json(found) + "\n")
    if asked.fail_on_miss:
        from reports.plan_card import missed

        if missed(found):
            raise typer.Exit(MISSED)


def _chosen(asked: Asked) -> _Chosen:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = _Chosen(
        read(options.pairs, asked.replications),
        read(options.seed, asked.seed),
        read(options.workers, asked.workers),
    )
    read(options.out, asked.out)
    if read.problems:
        raise RefusedError(*read.problems, *asked.opening.problems())
    return chosen


def _found(scenario: "Scenario", asked: Asked, chosen: _Chosen) -> "PlanResult":
    from careloop.watching import watching
    from sim.jit import is_warm
    from sim.roadmap.plan import refuse_without_targets, run_plan, with_contributions

    try:
        refuse_without_targets(scenario)
        with watching(cold=not is_warm()) as progress:
            n, seed = planned_replications(scenario), scenario.run.seed
            found = run_plan(scenario, n, seed, chosen.workers, progress)
        if not asked.levers:
            return found
        with watching(cold=False) as progress:
            return with_contributions(found, chosen.workers, progress)
    except ValueError as error:
        raise RefusedError(f"error: {asked.opening.file}: {error}") from None


def _written(found: "PlanResult", asked: Asked, started: float) -> RefusedError | None:
    """Write the folder; a failure is told after the table, so that the work is not lost."""
    from reports.plan_folder import write_plan
    from reports.run_folder import FolderError, source_of

    assert asked.out is not None  # the caller has looked
    try:
        source = source_of(asked.opening.file)
    except OSError:
        source = None
    try:
        write_plan(asked.out, found, source=source, wall_time_s=time.perf_counter() - started)
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _show(found: "PlanResult", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.plan_card import plan_card

    show(plan_card(found), out)
