"""The Python side of plans: targets by day, and how probable they are."""

import time
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop import options
from careloop.api import load, with_run

if TYPE_CHECKING:
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
) -> "PlanResult":
    """Simulate a plan beside the same scenario without it, and judge its targets by day.

    `replications` and `seed` replace those of the scenario's `run`; `workers` is the number of threads
    (default: one a core) and changes no result. `levers` also tells what each lever contributes, which takes
    two more versions of each. `out` is a folder to write the plan to. Raises `ValueError` for what is not
    allowed: `ScenarioError` for the scenario, `FolderError` for `out`.
    """
    from scenarios import Scenario
    from sim.roadmap.plan import run_plan, with_contributions

    started = time.perf_counter()
    threads = None if workers is None else options.workers(workers)
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    if out is not None:
        from reports.run_folder import check_folder

        check_folder(Path(out))
    asked = planned_as(read, replications, seed)
    found = run_plan(asked, planned_replications(asked), asked.run.seed, threads)
    if levers:
        found = with_contributions(found, threads)
    if out is not None:
        from reports.plan_folder import write_plan
        from reports.run_folder import source_of

        source = None if isinstance(scenario, Scenario) else source_of(Path(scenario))
        write_plan(Path(out), found, source=source, wall_time_s=time.perf_counter() - started)
    return found


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
