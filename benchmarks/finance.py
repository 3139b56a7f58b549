"""What finance waits for: a priced year beside a run of it, a grid beside its points one by one, a case."""

import sys
import tempfile
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, Final, NamedTuple

import scenarios
from benchmarks.growth import LIBRARY, Cost, measured
from reports.finance.case import EXPECTED
from reports.finance.model import a_year, case_model
from reports.finance.quantities import quantities_of
from reports.finance.unsure import DRAWS, distribution_of
from scenarios.business_case import BusinessCase, Range
from scenarios.model import Scenario
from sim.explain.watch import Chances
from sim.headcount.blend import blended
from sim.headcount.response import response
from sim.headcount.search import Search, some_blocks
from sim.headcount.service import asked_of, service_of
from sim.headcount.surface import USUAL, Point, Response
from sim.headcount.trials import Bench

CASE: Final = LIBRARY / "deflection_case.yaml"
REPLICATIONS: Final = 30
CHANCES: Final = Chances(3, 5, 2)
_CARELOOP: Final = (sys.executable, "-m", "careloop")
_MANY: Final = ("--replications", str(REPLICATIONS))
_YEAR: Final = ("--set", "calendar.days=365")  # what `finance` makes of the horizon by itself


class Measured(NamedTuple):
    """Processes, a grid, its points one by one, and draws of a case."""

    priced: Cost
    run: Cost
    grid_s: float
    points_s: float
    points: int
    draws_s: float


def desk(calls_per_hour: float) -> Scenario:
    """A desk of fourteen for calls of five minutes, day and night, for four days."""
    data: dict[str, Any] = {
        "careloop": 1,
        "name": "Desk",
        "service_level": "answered_plus_abandoned_within",
        "calendar": {"start": "2026-03-02", "days": 4},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": f"{calls_per_hour} per h"},
                "handle_time": {"exponential": "5 min"},
            }
        },
        "queues": {"phone": {"target": "80% in 20 s"}},
        "groups": {"team": {"skills": ["phone"], "agents": 14, "pay": "$20/h"}},
        "costs": {"currency": "USD", "none_of": ["tools", "training", "telephony"]},
    }
    return scenarios.from_dict(data)


def _points() -> list[Point]:
    """The points of the grid's axes, and of the table of effect and volume."""
    effects, volumes, times = USUAL
    return [*((e, v, 1.0) for e in effects for v in volumes), *((1.0, 1.0, t) for t in times if t != 1.0)]


def measure() -> Measured:
    """The processes on all cores, what is held side by side in this one."""
    with tempfile.TemporaryDirectory() as folder:
        priced = measured([*_CARELOOP, "finance", str(CASE), "--no-search", *_MANY])
        run = measured([*_CARELOOP, "run", str(CASE), *_YEAR, *_MANY, "--out", f"{folder}/run"])
    before, after = desk(120.0), desk(96.0)
    _one_by_one(before, after, [(1.0, 1.0, 1.0)])  # reads what is compiled
    begun = time.perf_counter()
    grid = response(before, after, CHANCES, again=0)
    grid_s = time.perf_counter() - begun
    points = _points()
    begun = time.perf_counter()
    _one_by_one(before, after, points)
    points_s = (time.perf_counter() - begun) * grid.nodes / len(points)
    return Measured(priced, run, grid_s, points_s, grid.nodes, _draws(before, after, grid))


def _one_by_one(before: Scenario, after: Scenario, points: Sequence[Point]) -> None:
    """Search points that know nothing of each other."""
    goals, blocks = service_of(before, after), some_blocks(after, None)
    bench = Bench(asked_of(goals), CHANCES)
    reference = bench.see(before)
    for point in points:
        search = Search(blended(before, after, *point), blocks, goals, reference, bench)
        search.solve((0,) * len(blocks))


def _draws(before: Scenario, after: Scenario, grid: Response) -> float:
    """Seconds for the distribution of a case with all of its inputs unsure."""
    assert before.costs is not None
    names = [name for name in EXPECTED if name != "delay_months"]
    terms = BusinessCase(ranges={name: Range(0.9, 1.0, 1.1) for name in names}, period_months=24)
    sides = [quantities_of(each, CHANCES, lambda: None) for each in (before, after)]
    model = case_model(sides[0], sides[1], before.costs, terms, a_year(grid, 4 / 365))
    took = []
    for _ in range(5):
        begun = time.process_time()
        distribution_of(model, terms, 1)
        took.append(time.process_time() - begun)
    return median(took)


def table(found: Measured) -> str:
    """The figures, as Markdown."""
    rows = (
        (
            f"`careloop finance --no-search`: {REPLICATIONS} years, priced",
            f"{found.priced.wall_s:.1f} s",
        ),
        ("times `careloop run` of as many years", f"{found.priced.wall_s / found.run.wall_s:.2f}"),
        (f"who can leave, at {found.points} points of a desk of fourteen", f"{found.grid_s:.1f} s"),
        ("points searched one by one, times the grid", f"{found.points_s / found.grid_s:.1f}"),
        (f"{DRAWS:,} draws of a case of 24 months", f"{1000 * found.draws_s:.0f} ms"),
    )
    head = ["| what | took |", "|---|---:|"]
    return "\n".join([*head, *(f"| {what} | {took} |" for what, took in rows)])


if __name__ == "__main__":
    print(table(measure()))
