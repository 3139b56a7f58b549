"""The Python side of plans: targets by day, and how probable they are."""

import time
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop import options
from careloop.api import load, with_run

if TYPE_CHECKING:
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
) -> "PlanResult":
    """Simulate a plan beside the same scenario without it, and judge its targets by day.

    `replications` and `seed` replace those of the scenario's `run`; `workers` is the number of threads
    (default: one a core) and changes no result. `levers` also tells what each lever contributes, which takes
    two more versions of each. `out` is a folder to write the plan to, with its page; `against` is such a
    folder of an earlier version, and the page then says what changed since; `png` and `pdf` add the page as a
    picture, and as a PDF (which needs a browser). Raises `ValueError` for what is not allowed:
    `ScenarioError` for the scenario, `FolderError` for `out`, `SavedRunError` for `against`.
    """
    from scenarios import Scenario
    from sim.roadmap.plan import run_plan, with_contributions

    started = time.perf_counter()
    threads = None if workers is None else options.workers(workers)
    problems = page_problems(out, against, png, pdf)
    if problems:
        raise ValueError("; ".join(problems))
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    earlier = earlier_of(against)
    if out is not None:
        from reports.run_folder import check_folder

        check_folder(Path(out))
    asked = planned_as(read, replications, seed)
    found = run_plan(asked, planned_replications(asked), asked.run.seed, threads)
    if levers:
        found = with_contributions(found, threads)
    if out is not None:
        from reports.plan_folder import Beside, write_plan
        from reports.run_folder import source_of
        from sim.roadmap.hopes import try_hopes

        source = None if isinstance(scenario, Scenario) else source_of(Path(scenario))
        beside = Beside(try_hopes(found, workers=threads), earlier, png, pdf)
        write_plan(Path(out), found, beside, source=source, wall_time_s=time.perf_counter() - started)
    return found


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
