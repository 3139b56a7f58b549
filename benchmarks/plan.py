"""A plan beside two runs of its baseline, and what the loop's controller costs a midnight."""

import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.growth import BASELINE, LIBRARY, Cost, measured
from scenarios import load
from sim import drive
from sim.compile import begin, compile_scenario
from sim.fast import advance
from sim.layout import State
from sim.loop.controller import Controller

PLAN: Final = LIBRARY / "care_loop_30_60_90.yaml"
YEAR: Final = LIBRARY / "care_loop_year.yaml"
REPLICATIONS: Final = 200
BUDGET_S: Final = 60.0
MIDNIGHT_MS: Final = 0.3
_CARELOOP: Final = (sys.executable, "-m", "careloop")


class Measured(NamedTuple):
    """A plan of 200 replications with its baseline, a run of the baseline, and milliseconds a midnight."""

    plan: Cost
    run: Cost
    midnights: dict[str, float]


class Timed(Controller):
    """A controller that keeps the processor time of each midnight."""

    seconds: Final[list[float]] = []

    def decide(self, day: int, state: State) -> None:
        begun = time.process_time()
        super().decide(day, state)
        self.seconds.append(time.process_time() - begun)


def midnight_ms(path: Path, replications: int = 20) -> float:
    """What a midnight of a scenario takes, on average over replications: milliseconds of processor time."""
    model = compile_scenario(load(path))
    assert model.agreed is not None
    for replication in range(replications + 1):
        if replication == 1:  # the first has read what is compiled
            Timed.seconds.clear()
        state = begin(model, 1, replication)
        course = Timed(model.agreed, model.tables, state.clock[0]["run"])
        drive.run(model, state, lambda _contacts, _agents, _cases: None, None, advance, course)
    return 1000.0 * float(np.mean(Timed.seconds))


def measure() -> Measured:
    """Both commands in processes of their own, and the controller in this one."""
    many = ("--replications", str(REPLICATIONS))
    with tempfile.TemporaryDirectory() as folder:
        plan = measured([*_CARELOOP, "plan", str(PLAN), *many, "--out", f"{folder}/plan"])
        run = measured([*_CARELOOP, "run", str(BASELINE), *many, "--out", f"{folder}/run"])
    return Measured(plan, run, {path.stem: midnight_ms(path) for path in (PLAN, YEAR)})


def table(found: Measured) -> str:
    """The figures, as Markdown."""
    rows = [
        (
            f"`careloop plan`: {REPLICATIONS} replications of 90 days, and as many without the plan",
            f"{found.plan.wall_s:.1f} s",
            f"{BUDGET_S:.0f} s",
        ),
        ("times two runs of the baseline", f"{found.plan.wall_s / found.run.wall_s / 2:.2f}", ""),
        *(
            (f"controller, a midnight of {name}", f"{ms:.2f} ms", f"{MIDNIGHT_MS} ms")
            for name, ms in found.midnights.items()
        ),
    ]
    head = ["| what | took | limit |", "|---|---:|---:|"]
    return "\n".join([*head, *(f"| {what} | {took} | {limit} |" for what, took, limit in rows)])


if __name__ == "__main__":
    print(table(measure()))
