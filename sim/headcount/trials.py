"""Trials: scenarios simulated on the same chances, and seen by a few measures and targets alone.

Several scenarios are tried side by side, all of their replications in one row of work; what is found does
not depend on how many workers there are. `Bench` counts what it simulates, and stops at a limit.
"""

import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.case_definitions import CASE_QUANTILES
from scenarios.definitions import QUANTILES
from scenarios.model import Scenario
from scenarios.targets import AT_LEAST, Goal
from sim.attainment import Watch, watches_of
from sim.bins import day_bins
from sim.case_measure import Key, plan_cases
from sim.checkpoints import Ruler, Times, Window, figures, rulers_of
from sim.compile import compile_scenario
from sim.experiment import Tool, replicate
from sim.explain.watch import Chances
from sim.measure import Floats, Held, Ints, Plan, plan_measures
from sim.progress import Tell
from sim.side_by_side import in_order

MOST: Final = 20_000  # replications that a search may simulate, unless it is told otherwise


_LEAST: Final = 4  # scenarios in all replications: where a search starts, two with plenty, and one more


class Asked(NamedTuple):
    """What is looked at: measures over the horizon, and targets in their periods."""

    keys: tuple[Key, ...]
    goals: tuple[Goal, ...]


class Trial(NamedTuple):
    """What was seen of a scenario, by replication."""

    above: Floats  # [replication, measure]: numerators over the horizon
    below: Floats  # denominators; 0 where there is no value
    held: Ints  # [replication, target, 2]: periods in which it held, of so many with a value
    short: Floats  # [replication, target]: by how much it was missed, relative, added up over periods


class SpentError(Exception):
    """The limit of simulations is reached: whoever searches ends with what it has."""


class _Stage(NamedTuple):
    """A scenario ready to be replicated."""

    tool: Tool
    rulers: tuple[Ruler, ...]
    window: Window
    rows: tuple[int, ...]  # of the targets that are asked for, among all that are watched


class Bench:
    """Where scenarios are tried, and how many replications that has taken.

    `most` is the limit of these; raises ValueError for one that is no use.
    """

    def __init__(
        self, asked: Asked, chances: Chances, tell: Tell = lambda: None, most: int | None = None
    ) -> None:
        self.asked, self.chances, self.tell = asked, chances, tell
        self.most = MOST if most is None else most
        self.simulations = 0
        self._last: Plan | None = None
        least = _LEAST * chances.replications
        if self.most < least:
            raise ValueError(
                f"a limit of {self.most} simulations is not enough to search with {chances.replications} "
                f"replications; allow at least {least}, or ask for fewer replications"
            )

    @property
    def size(self) -> int:
        """How many replications a scenario is judged by."""
        return self.chances.replications

    def see(self, scenario: Scenario) -> Trial:
        """A scenario in all replications."""
        return self.look([scenario], 0, self.size)[0]

    def look(self, scenarios: Sequence[Scenario], first: int, last: int) -> list[Trial]:
        """Scenarios in the replications from `first` up to, not including, `last`.

        Raises `SpentError` where that is more than may be simulated.
        """
        size = last - first
        if self.simulations + size * len(scenarios) > self.most:
            raise SpentError
        self.simulations += size * len(scenarios)
        stages = [self._stage(each) for each in scenarios]

        def work(n: int, stop: threading.Event) -> Trial:
            return _tried(stages[n // size], first + n % size, stop)

        found = in_order(work, range(size * len(stages)), self.chances.workers, self.tell)
        return [_together(found[n * size : (n + 1) * size]) for n in range(len(stages))]

    def _stage(self, scenario: Scenario) -> _Stage:
        """Compile a scenario; what to measure of its cases is the same where only people differ."""
        model = compile_scenario(scenario)
        known = self._last
        if known is not None and _differ_in_people(known.model.scenario, scenario):
            cases = known.cases
        else:
            cases = plan_cases(model)
        plan = self._last = plan_measures(model, day_bins(model))._replace(cases=cases)
        watches = watches_of(plan) if self.asked.goals else ()
        goals = [watch.goal for watch in watches]
        tool = Tool(plan, self.chances.seed, "fast", None, None, watches)
        rows = tuple(goals.index(goal) for goal in self.asked.goals)
        window = Window(1, scenario.calendar.days)
        return _Stage(tool, rulers_of(plan, self.asked.keys), window, rows)


def _differ_in_people(one: Scenario, other: Scenario) -> bool:
    """Whether all but the groups is one and the same object in both: one is a changed copy of the other."""
    others = (name for name in Scenario.model_fields if name != "groups")
    return all(getattr(one, name) is getattr(other, name) for name in others)


def joined(first: Trial, second: Trial) -> Trial:
    """One scenario in the replications of both."""
    above, below, held, short = (np.concatenate(part) for part in zip(first, second, strict=True))
    return Trial(above, below, held, short)


def some(trial: Trial, size: int) -> Trial:
    """The first replications of a trial."""
    return Trial(trial.above[:size], trial.below[:size], trial.held[:size], trial.short[:size])


def _together(trials: Sequence[Trial]) -> Trial:
    above, below, held, short = (np.array(part) for part in zip(*trials, strict=True))
    return Trial(above, below, held, short)


def _tried(stage: _Stage, replication: int, stop: threading.Event) -> Trial:
    """One replication, without the first axis."""
    plan: Plan = stage.tool.plan
    times = Times(plan, stage.rulers)
    sums = replicate(stage.tool, replication, stop, times.take).sums
    above, below = figures(plan, stage.rulers, [stage.window], sums, times)
    short = [_short(stage.tool.watches[row], sums.held, row) for row in stage.rows]
    held = sums.held.counts.T[list(stage.rows)]
    return Trial(above[:, 0], below[:, 0], held, np.array(short, float))


def _short(watch: Watch, held: Held, row: int) -> float:
    """By how much the values of a target fall short of it, as a share of what is wanted, over its periods."""
    values: NDArray[np.float64] = held.values[row]
    wanted = watch.goal.value
    if watch.how == "waits":
        wanted = {**QUANTILES, **CASE_QUANTILES}[watch.goal.measure]
    upwards = watch.goal.comparison == AT_LEAST or watch.how == "waits"
    gap = wanted - values if upwards else values - wanted
    return float(np.nansum(np.maximum(gap, 0.0)) / (abs(wanted) or 1.0))
