"""The Python side of staffing."""

import time
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from careloop import options
from careloop.api import load

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.staffing.answer import Asked, Staffing

PathText = str | PathLike[str]


def staff(
    scenario: "Scenario | PathText",
    *,
    method: str = "mol",
    max_occupancy: float | str | None = None,
    minimum: int = 1,
    repair: bool = True,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: PathText | None = None,
) -> "Staffing":
    """Find how many people a scenario takes, by group, kind of day and interval.

    `method` is how the formula sees changing rates: sipp, lagged or mol. `max_occupancy` is a share (0.88,
    or "88%"), `minimum` the people at work where a queue that must answer at once is open. With `repair`
    the plan is repaired by simulation until every target holds with its probability on a sample of so many
    `replications` (default: the scenario's, 30 for "auto"). `out` is a folder to write tables and page to.
    Raises `ValueError` for what is not allowed, a target that no number of people reaches included.
    """
    from scenarios import Scenario
    from sim.staffing.answer import staffing_of

    started = time.perf_counter()
    asked = asked_of(
        options.staffing_method(method),
        None if max_occupancy is None else options.max_occupancy(max_occupancy),
        options.minimum(minimum),
        repair,
        None if replications is None else options.sample_size(replications),
        None if seed is None else options.seed(seed),
        None if workers is None else options.workers(workers),
    )
    if out is not None:
        options.out(out)
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    found = staffing_of(read, asked)
    if out is not None:
        from reports.run_folder import source_of
        from reports.staffing_folder import write_staffing

        source = None if isinstance(scenario, Scenario) else source_of(Path(scenario))
        write_staffing(Path(out), found, source=source, wall_time_s=time.perf_counter() - started)
    return found


def asked_of(
    method: str | None,
    most_busy: float | None,
    minimum: int | None,
    repair: bool,
    replications: int | None,
    seed: int | None,
    workers: int | None,
) -> "Asked":
    """What is asked of a staffing; None is the usual."""
    from sim.staffing.answer import Asked

    usual = Asked()
    least = usual.minimum if minimum is None else minimum
    return Asked(method or usual.method, most_busy, least, repair, replications, seed, workers)
