"""`careloop plan`: a plan against its targets by day, and what each lever contributes."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from careloop import as_of, options
from careloop.cli import MISSED, RefusedError
from careloop.opening import Opening, one_set, opened_all
from careloop.planning import earlier_of, overwriting, page_problems, planned_as, planned_replications

if TYPE_CHECKING:
    from reports.plan_against import Earlier
    from scenarios import Scenario
    from sim.asof.refusals import Facts
    from sim.progress import Progress
    from sim.roadmap.plan import PlanResult


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening
    others: tuple[Opening, ...]  # plans beside it
    replications: str | None
    seed: str | None
    workers: str | None
    levers: bool
    against: Path | None
    out: Path | None
    png: bool
    pdf: bool
    as_json: bool
    fail_on_miss: bool
    days: as_of.Asked = as_of.Asked()


class _Chosen(NamedTuple):
    """The options once they are known to be good; None is as the scenario says."""

    replications: int | None
    seed: int | None
    workers: int | None
    earlier: "Earlier | None" = None


def plan_and_tell(asked: Asked) -> None:
    """Simulate the plan and its baseline, write the folder if one is asked for, and print."""
    started = time.perf_counter()
    chosen = _chosen(asked)
    (scenario,) = opened_all(asked.opening, [one_set(asked.opening.sets)])
    others = [each for other in asked.others for each in opened_all(other, [one_set(other.sets)])]
    found = _found(planned_as(scenario, chosen.replications, chosen.seed), asked, chosen)
    if others:
        _tell_side_by_side(found, others, asked, chosen)
        return
    failed = _written(found, asked, chosen, started) if asked.out is not None else None
    if not asked.as_json:
        _show(found, asked.out if failed is None else None)
    if failed is not None:
        raise failed
    if asked.as_json:
        from reports.plan_tables import plan_json

        sys.stdout.write(plan_json(found) + "\n")
    _exit_if_missed(found, asked)


def _exit_if_missed(found: "PlanResult", asked: Asked) -> None:
    from reports.plan_card import missed

    if asked.fail_on_miss and missed(found):
        raise typer.Exit(MISSED)


def _chosen(asked: Asked) -> _Chosen:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = _Chosen(*options.chosen(read, options.pairs, asked))
    read(options.out, asked.out)
    alone = {"--levers": asked.levers, "--out": asked.out, "--against": asked.against}
    alone["--actuals"] = bool(asked.days.actuals)
    if asked.others and any(alone.values()):
        option = next(name for name, given in alone.items() if given)
        read.problems.append(f"error: {option} is for one plan; leave the others out, or the option")
    against = None if asked.days.is_given else asked.against
    pages = page_problems(asked.out, against, asked.png, asked.pdf, "--")
    pages += overwriting(asked.out, asked.against, "--")
    read.problems += [f"error: {problem}" for problem in (*pages, *as_of.problems_of(asked.days, "--"))]
    try:
        chosen = chosen._replace(earlier=earlier_of(asked.against))
    except ValueError as error:
        read.problems.append(f"error: --against: {error}")
    if read.problems:
        raise RefusedError(*read.problems, *asked.opening.problems())
    return chosen


def _found(scenario: "Scenario", asked: Asked, chosen: _Chosen) -> "PlanResult":
    from careloop.watching import watching
    from sim.jit import is_warm
    from sim.roadmap.plan import refuse_without_targets, with_contributions

    try:
        refuse_without_targets(scenario)
        facts = _facts(scenario, asked) if asked.days.is_given else None
        with watching(cold=not is_warm()) as progress:
            found = _simulated(scenario, facts, asked, chosen, progress)
        if not asked.levers:
            return found
        with watching(cold=False) as progress:
            return with_contributions(found, chosen.workers, progress)
    except ValueError as error:
        raise RefusedError(f"error: {asked.opening.file}: {error}") from None


def _simulated(
    scenario: "Scenario", facts: "Facts | None", asked: Asked, chosen: _Chosen, progress: "Progress"
) -> "PlanResult":
    """The plan as it is made, or as of a day."""
    from sim.asof.named import FactsError
    from sim.roadmap.plan import run_plan

    if facts is None:
        n, seed = planned_replications(scenario), scenario.run.seed
        return run_plan(scenario, n, seed, chosen.workers, progress)
    day, then = as_of.day_of(str(asked.days.as_of)), chosen.earlier.scenario if chosen.earlier else None
    try:
        return as_of.plan_as_of(scenario, facts, day, chosen.workers, progress, then)
    except FactsError as error:
        raise RefusedError(f"error: {', '.join(facts.source.files)}: {error}") from None


def _facts(scenario: "Scenario", asked: Asked) -> "Facts":
    """What has happened; a day that is none of the plan is told before an export is read."""
    from careloop.calibrate_command import refusing, saying
    from sim.asof.refusals import day_number

    try:
        day_number(scenario, as_of.day_of(str(asked.days.as_of)))
    except ValueError as error:
        raise RefusedError(f"error: --as-of: {error}") from None
    with refusing(), saying() as say:
        try:
            form = asked.days.format or as_of.CANONICAL
            return as_of.read_actuals(scenario, asked.days.actuals, form, say)
        except as_of.NoContactsError as error:
            raise RefusedError(f"error: {asked.days.actuals[0]}: {error}") from None


def _tell_side_by_side(found: "PlanResult", others: "list[Scenario]", asked: Asked, chosen: _Chosen) -> None:
    """Simulate the other plans too, and print all of them in columns."""
    from careloop.terminal import show
    from careloop.watching import watching
    from reports.plan_columns import columns_card, columns_rows
    from sim.roadmap.columns import columns

    try:
        with watching(cold=False) as progress:
            plans = columns(found, others, chosen.workers, progress)
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None
    names = names_apart([asked.opening.file, *(each.file for each in asked.others)])
    if asked.as_json:
        sys.stdout.write(json.dumps({"plans": columns_rows(found, plans, names)}, allow_nan=False) + "\n")
    else:
        show(columns_card(found, plans, names), None)
    _exit_if_missed(found, asked)


def names_apart(files: Sequence[Path]) -> list[str]:
    """Files by the ends of their names, or by all of what was written where that does not tell them apart."""
    stems = [each.stem for each in files]
    if len(set(stems)) == len(stems):
        return stems
    written = [str(each) for each in files]
    return [f"{name} ({n})" if written.count(name) > 1 else name for n, name in enumerate(written, 1)]


def _written(found: "PlanResult", asked: Asked, chosen: _Chosen, started: float) -> RefusedError | None:
    """Write the folder; a failure is told after the table, so that the work is not lost.

    The page recommends one of the ends of what is hoped for, so these are simulated now; as of a day it
    recommends by what has happened, which the ends do not know.
    """
    from careloop.watching import watching
    from reports.plan_folder import Beside, write_plan
    from reports.run_folder import FolderError, source_of
    from sim.roadmap.hopes import Hoped, try_hopes

    assert asked.out is not None  # the caller has looked
    hopes: tuple[Hoped, ...] = ()
    if found.as_of is None:
        with watching(cold=False) as progress:
            hopes = try_hopes(found, workers=chosen.workers, progress=progress)
    beside = Beside(hopes, chosen.earlier, asked.png, asked.pdf)
    try:
        source = source_of(asked.opening.file)
    except OSError:
        source = None
    try:
        write_plan(asked.out, found, beside, source=source, wall_time_s=time.perf_counter() - started)
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _show(found: "PlanResult", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.plan_card import plan_card

    show(plan_card(found), out)
