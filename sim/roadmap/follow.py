"""A version of a scenario, replicated: what some measures come to over some windows, and nothing else."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenarios.model import Scenario
from sim.attainment import Watch
from sim.bins import day_bins
from sim.case_measure import Key, plan_cases
from sim.checkpoints import Figures, Times, Window, figures, rulers_of
from sim.compile import compile_scenario
from sim.experiment import Tool, replicate
from sim.explain.watch import Chances
from sim.measure import Floats, Plan, plan_measures
from sim.progress import Progress, Tell, counting
from sim.side_by_side import in_order

NO_WATCHES: tuple[Watch, ...] = ()


class Followed(NamedTuple):
    """A version over all its replications."""

    scenario: Scenario
    keys: tuple[Key, ...]
    windows: tuple[Window, ...]
    figures: Figures  # [replication, measure, window]
    extra: tuple[object, ...]  # of each replication: what else it had to tell

    def values(self, key: Key, window: Window) -> Floats:
        """A measure over a window in each replication; NaN where it has none."""
        m, w = self.keys.index(key), self.windows.index(window)
        return Figures(self.figures.above[:, m, w], self.figures.below[:, m, w]).values()


def plan_by_day(scenario: Scenario) -> Plan:
    """What to measure of a scenario, by day: of its contacts, and of its cases where it has some."""
    model = compile_scenario(scenario)
    return plan_measures(model, day_bins(model))._replace(cases=plan_cases(model))


def follow(
    scenario: Scenario,
    keys: Sequence[Key],
    windows: Sequence[Window],
    chances: Chances,
    tell: Tell = lambda: None,
) -> Followed:
    """Replicate a version; `tell` is called after each replication, in this thread.

    Versions with the same seed meet the same chances, replication by replication.
    """
    plan = plan_by_day(scenario)
    rulers = rulers_of(plan, keys)
    tool = Tool(plan, chances.seed, "fast", None, None, NO_WATCHES)

    def work(replication: int, stop: threading.Event) -> tuple[Figures, object]:
        times = Times(plan, rulers)
        found = replicate(tool, replication, stop, times.take)
        return figures(plan, rulers, windows, found.sums, times), found.extra

    found = in_order(work, range(chances.replications), chances.workers, tell)
    above, below = (np.array([getattr(each, part) for each, _ in found]) for part in Figures._fields)
    return Followed(
        scenario, tuple(keys), tuple(windows), Figures(above, below), tuple(extra for _, extra in found)
    )


def follow_each(
    wanted: Sequence[Scenario],
    whole: Followed,
    chances: Chances,
    progress: Progress | None = None,
    known: Sequence[Followed] = (),
) -> list[Followed]:
    """Versions by the same measures as the whole; those that are alike are simulated once, or not at all.

    `known` are others that are followed already; `progress(done, total)` counts replications.
    """
    found = [*known, whole]
    missing = list[Scenario]()
    for each in wanted:
        if each not in (*missing, *(one.scenario for one in found)):
            missing.append(each)
    tell = counting(progress, len(missing) * chances.replications)
    found += [follow(each, whole.keys, whole.windows, chances, tell) for each in missing]
    return [next(one for one in found if one.scenario == each) for each in wanted]
