"""The Python side of plans: targets by day, and how probable they are."""

import time
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop import options
from careloop.api import load, with_run
from careloop.as_of import CANONICAL, Asked, day_of, plan_as_of, problems_of, read_actuals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reports.plan_against import Earlier
    from scenarios import Scenario
    from sim.roadmap.plan import PlanResult

PathText = str | PathLike[str]

USUAL: Final = 200  # replications, where the scenario says auto: a probability is then known to some 6 points


def plan(
    scenario: "Scenario | PathText",
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    levers: bool = False,
    out: PathText | None = None,
    against: PathText | None = None,
    png: bool = False,
    pdf: bool = False,
    actuals: "PathText | Sequence[PathText] | None" = None,
    format: str | None = None,
    as_of: "str | date | None" = None,
) -> "PlanResult":
    """Simulate a plan beside the same scenario without it, and judge its targets by day.

    `replications` and `seed` replace those of the scenario's `run`; `workers` is the number of threads
    (default: one a core) and changes no result. `levers` also tells what each lever contributes, which takes
    two more versions of each. `out` is a folder to write the plan to, with its page; `against` is such a
    folder of an earlier version, and the page then says what changed since; `png` and `pdf` add the page as a
    picture, and as a PDF (which needs a browser). With `as_of`, the first day that is simulated, the days
    before it are what `actuals`, an export of contacts in this `format` (canonical if none is given), tells
    of; `against` is then the plan as it was made. Raises `ValueError` for what is not allowed:
    `ScenarioError` for the scenario, `FolderError` for `out`, `SavedRunError` for `against`.
    """
    from scenarios import Scenario
    from sim.roadmap.plan import with_contributions

    started = time.perf_counter()
    threads = None if workers is None else options.workers(workers)
    days = days_asked(actuals, format, as_of)
    problems = [
        *page_problems(out, None if days.is_given else against, png, pdf),
        *overwriting(out, against),
        *problems_of(days),
    ]
    if problems:
        raise ValueError("; ".join(problems))
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    earlier = earlier_of(against)
    if out is not None:
        from reports.run_folder import check_folder

        check_folder(Path(out))
    asked = planned_as(read, replications, seed)
    found = _simulated(asked, days, threads, earlier)
    if levers:
        found = with_contributions(found, threads)
    if out is not None:
        from reports.plan_folder import Beside, write_plan
        from reports.run_folder import source_of
        from sim.roadmap.hopes import try_hopes

        source = None if isinstance(scenario, Scenario) else source_of(Path(scenario))
        hopes = () if found.as_of else try_hopes(found, workers=threads)
        beside = Beside(hopes, earlier, png, pdf)
        write_plan(Path(out), found, beside, source=source, wall_time_s=time.perf_counter() - started)
    return found


def days_asked(
    actuals: "PathText | Sequence[PathText] | None", form: str | None, as_of: "str | date | None"
) -> Asked:
    """What is asked of days passed, as options."""
    paths: tuple[Path, ...] = ()
    if actuals is not None:
        several = (actuals,) if isinstance(actuals, (str, PathLike)) else actuals
        paths = tuple(Path(each) for each in several)
    return Asked(paths, form, None if as_of is None else str(as_of))


def _simulated(
    scenario: "Scenario", days: Asked, workers: int | None, earlier: "Earlier | None"
) -> "PlanResult":
    """The plan as it is made, or as of a day."""
    from sim.roadmap.plan import refuse_without_targets, run_plan

    if not days.is_given:
        return run_plan(scenario, planned_replications(scenario), scenario.run.seed, workers)
    refuse_without_targets(scenario)
    facts = read_actuals(scenario, days.actuals, days.format or CANONICAL)
    then = earlier.scenario if earlier else None
    return plan_as_of(scenario, facts, day_of(str(days.as_of)), workers, None, then)


def page_problems(
    out: PathText | None, against: PathText | None, png: bool, pdf: bool, dash: str = ""
) -> list[str]:
    """What is wrong with the options of the page, before any work is done; `dash` is written before each."""
    given = (("against", against is not None), ("png", png), ("pdf", pdf))
    asked = [f"{dash}{name}" for name, is_given in given if is_given]
    if asked and out is None:
        listed = " and ".join(filter(None, (", ".join(asked[:-1]), asked[-1])))
        return [f"{listed}: this is about the page, which is written to a folder; name one with {dash}out"]
    if pdf:
        from reports.printing import MISSING, browser

        return [f"{dash}pdf {MISSING}"] if browser() is None else []
    return []


def overwriting(out: PathText | None, against: PathText | None, dash: str = "") -> list[str]:
    """That a plan would be written over the version it is held against, which is to stay as it was.

    A name that cannot be followed is told where it is used.
    """
    if out is None or against is None:
        return []
    try:
        is_same = Path(out).resolve() == Path(against).resolve() or Path(out).samefile(against)
    except (OSError, RuntimeError, ValueError):
        return []
    words = f"{dash}out: this is the folder of {dash}against, which would be overwritten; name another folder"
    return [words] if is_same else []


def earlier_of(against: PathText | None) -> "Earlier | None":
    """The earlier version of a plan, if one is named."""
    if against is None:
        return None
    from reports.plan_against import read_plan

    return read_plan(Path(against))


def planned_as(scenario: "Scenario", replications: int | None, seed: int | None) -> "Scenario":
    """The scenario with these replications and this seed in its `run`; for auto, as many as a plan takes."""
    own = scenario.run.replications
    usual = own if isinstance(own, int) else USUAL
    wanted = options.pairs(max(usual, options.FEWEST_PAIRS) if replications is None else replications)
    return with_run(scenario, wanted, seed)


def planned_replications(scenario: "Scenario") -> int:
    """How often `planned_as` has said that a scenario is to be simulated."""
    assert isinstance(scenario.run.replications, int)
    return scenario.run.replications
