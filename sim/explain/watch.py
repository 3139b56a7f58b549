"""Replications of a scenario that are counted in a few bins only: single intervals, or the whole horizon.

Versions are observed on the same chances, replication by replication, so that what they find can be paired
(`sim.pairing`).
"""

import math
import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenarios.model import Scenario
from sim import drive
from sim.almanac import almanac
from sim.bins import Bins
from sim.clock import to_ticks
from sim.compile import begin, compile_scenario
from sim.experiment import StoppedError, student
from sim.explain.spot import Spot, places
from sim.measure import Floats, Plan, all_names, new_tally, plan_measures, sums
from sim.pairing import Samples, paired, residuals
from sim.progress import Tell
from sim.side_by_side import in_order
from sim.tally import SPOT, tally_agents, tally_contacts
from sim.uncertain import drawn

_CHUNK = to_ticks(28 * 86_400)  # how often the logs of a long horizon are emptied


class Estimate(NamedTuple):
    """A mean, and half of its 95 % interval (Student's t over replications; NaN with fewer than two)."""

    mean: float
    half: float

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half


class Chances(NamedTuple):
    """Which chances versions meet, and how many of them at a time."""

    seed: int
    replications: int
    workers: int | None = None


class Observed(NamedTuple):
    """What the replications of a scenario amount to, in each bin: numerators and denominators of measures."""

    plan: Plan
    above: Floats  # [replication, pair, bin], pairs as in `Plan.pairs`
    below: Floats

    def samples(self, measure: str, scope: str, names: Sequence[str], at: int) -> Samples:
        """A measure of some queues or groups together in a bin: what is above is added up, and what is below.

        What is divided by time or by days, not by contacts or people, is divided by it once.
        """
        of = all_names().index(measure)
        wanted = {s for s, each in enumerate(self.plan.scopes) if each.scope == scope and each.name in names}
        pairs = [n for n, (m, s) in enumerate(zip(*self.plan.pairs, strict=True)) if m == of and s in wanted]
        once = of < len(self.plan.plain) and bool(self.plan.plain[of] or self.plan.horizon[of])
        above, below = self.above[:, pairs, at].sum(axis=1), self.below[:, pairs, at].sum(axis=1)
        return Samples(
            ((measure, scope, " + ".join(names)),),
            above[:, None],
            (below / len(pairs) if once and pairs else below)[:, None],
        )

    def estimate(self, measure: str, scope: str, names: Sequence[str], at: int) -> Estimate:
        """The same as an estimate; NaN where nothing was counted."""
        return estimate_of(self.samples(measure, scope, names, at))


def estimate_of(samples: Samples) -> Estimate:
    """The ratio of means of one measure."""
    n = len(samples.above)
    ratio, errors = residuals(samples.above, samples.below)
    if n < 2 or math.isnan(ratio[0]):
        return Estimate(float(ratio[0]), math.nan)
    se = math.sqrt(float((errors[:, 0] ** 2).sum()) / (n - 1) / n)
    return Estimate(float(ratio[0]), student(n) * se)


def gap(first: Samples, second: Samples) -> Estimate:
    """How much more the second is than the first, with the paired interval."""
    found = paired(first, second)
    return Estimate(float(found.second[0] - found.first[0]), float(found.half[0]))


def interval_bins(spot: Spot, before: int) -> Bins:
    """The interval of a spot as the last bin, and so many intervals before it: each over all its days.

    An interval before midnight of its day is in no bin, and so is one that the clocks of a day leave out.
    """
    days = almanac(spot.scenario.calendar)
    spots = np.full(days.intervals, -1, SPOT)
    spots["bin"] = spots["profile"] = -1
    bins = before + 1
    for day in spot.days:
        for back in range(bins):
            start = spot.window.start_s - back * days.interval_s
            if start >= 0:
                spots["bin"][list(places(days, day, start))] = before - back
    return Bins(spots, [""] * bins, 0, bins, np.zeros(0, np.int64))


def horizon_bins(scenario: Scenario) -> Bins:
    """One bin: whatever the run counts."""
    days = almanac(scenario.calendar)
    spots = np.full(days.intervals, -1, SPOT)
    spots["profile"] = -1
    counted = np.arange(days.intervals) * days.interval_s >= scenario.run.warm_up_s
    spots["bin"] = np.where(counted, 0, -1)
    return Bins(spots, [""], 1, 1, np.zeros(1, np.int64))


def observe(scenario: Scenario, bins: Bins, chances: Chances, tell: Tell = lambda: None) -> Observed:
    """Replicate a scenario and count it in these bins; its order of replications is always the same."""
    plan = plan_measures(compile_scenario(scenario), bins)

    def work(replication: int, stop: threading.Event) -> tuple[Floats, Floats]:
        return _replicate(plan, chances.seed, replication, stop)

    found = in_order(work, range(chances.replications), chances.workers, tell)
    return Observed(plan, *(np.array(part) for part in zip(*found, strict=True)))


def _replicate(plan: Plan, seed: int, replication: int, stop: threading.Event) -> tuple[Floats, Floats]:
    """Numerators and denominators [pair, bin] of one replication."""
    tally = new_tally(plan)

    def sink(contacts: np.ndarray, agents: np.ndarray, _: np.ndarray) -> None:
        if stop.is_set():
            raise StoppedError
        tally_contacts(plan.frame, tally, contacts)
        tally_agents(plan.frame, tally, agents)

    model = drawn(plan.model, seed, replication)
    drive.run(model, begin(model, seed, replication), sink, _CHUNK)
    one = sums(plan, tally)
    return one.above[:, :-1], one.below[:, :-1]
