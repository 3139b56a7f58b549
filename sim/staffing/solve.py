"""From the formula's plan to one that is verified: the search on a sample, and a check on fresh chances.

A plan that is the best on a sample is a little too good there: it has been chosen for that sample's chances.
So the sample is not just any. Of several of equal size, the one is taken on which a plan near the end looks
slightly worse than on all of them together; and the final plan is simulated on chances that nobody has seen.
Where a target fails there, a harder sample is taken, and then larger ones.
"""

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import serving
from scenarios.targets import Goal, goals_of
from sim.staffing.cells import Floats, Grid, Ints, open_with_contacts
from sim.staffing.exchanges import exchanges_of, trimmed_and_exchanged
from sim.staffing.guards import allowance, guarded, guards_at, is_guard
from sim.staffing.parts import parts_of
from sim.staffing.rulers import can_steer
from sim.staffing.sampling import Bench, Sample, Standing
from sim.staffing.search import (
    Limits,
    Task,
    UnreachableError,
    holds,
    is_allowed,
    is_flat,
    refuse_unreachable,
    repair,
    steer,
)
from sim.staffing.stage import stage_of
from sim.staffing.trimming import Trimmed

FRESH: Final = 500  # replications of the check
FRESH_SEED: Final = 1_000_003  # added to the seed
_GLANCE: Final = 2  # replications that show whether the most people reach a target
_LOOK: Final = 4  # ... and whether half of them reach as much
_SAMPLES: Final = 8  # of which one is chosen
_SIZES: Final = (1, 1, 2, 4)  # of the sample at each attempt, in those asked for
_HARDER: Final = 3  # attempts after them that ask for more on the last sample
_NEAR: Final = 1.05  # of the cost of the plan found: plans known before are worth trimming
_TOLERANCE: Final = 0.5  # standard errors by which a target may be short on fresh chances
_BIAS: Final = 0.7  # standard deviations by which a plan is expected to be too good on its sample


class Wish(NamedTuple):
    """How to search."""

    replications: int
    seed: int
    workers: int
    minimum: int
    fresh: int = FRESH

    @property
    def sample(self) -> Sample:
        """The first that may be searched on."""
        return Sample(self.seed, 0, self.replications)


class Checked(NamedTuple):
    """A target, and in which share of its periods a plan attains it."""

    goal: Goal
    share: float
    se: float


def is_short(checked: Checked) -> bool:
    """Whether a target is attained less often than is wanted, by more than is put down to chance."""
    within = 0.0 if math.isnan(checked.se) else _TOLERANCE * checked.se
    return checked.share < checked.goal.probability - within


class Part(NamedTuple):
    """Groups and queues that touch no others, and how their plan is known to be good."""

    groups: tuple[str, ...]
    sample: Sample
    on_sample: tuple[Checked, ...]
    on_fresh: tuple[Checked, ...]
    guards: tuple[Checked, ...]  # on fresh chances
    asked: tuple[float, ...]  # of each target: in which share of its periods it had to hold on the sample
    attempts: int  # samples that were searched on
    tested: int  # cells from which an agent was taken, each of which failed a target
    at_minimum: int  # cells that hold because a minimum says so, not a target


class Solved(NamedTuple):
    """A plan, and how it is known to be good."""

    plan: Ints  # [group, kind, interval]
    parts: tuple[Part, ...]
    fresh: Sample

    @property
    def on_sample(self) -> tuple[Checked, ...]:
        """All targets, each on the sample of its part."""
        return tuple(chain.from_iterable(part.on_sample for part in self.parts))

    @property
    def on_fresh(self) -> tuple[Checked, ...]:
        """All targets on fresh chances."""
        return tuple(chain.from_iterable(part.on_fresh for part in self.parts))

    @property
    def guards(self) -> tuple[Checked, ...]:
        """All guards on fresh chances."""
        return tuple(chain.from_iterable(part.guards for part in self.parts))


def steerable(scenario: Scenario) -> tuple[Goal, ...]:
    """The targets that more people help, by which the search goes."""
    return tuple(goal for goal in goals_of(scenario) if can_steer(goal))


class Starts(NamedTuple):
    """Plans [group, kind, interval] that are known before the search, and what it may not go below."""

    formula: Ints
    current: Ints
    floor: Ints
    load: float  # the largest of an interval, Erlangs


class Bounds(NamedTuple):
    """What a plan must keep to beside the targets; None is as the start has it."""

    guards: tuple[Goal, ...] = ()
    floor: Ints | None = None  # [group, kind, interval]
    most: int | None = None  # in a cell


def solve(
    scenario: Scenario, grid: Grid, starts: Starts, cost: Floats, wish: Wish, tell: Callable[[str], None]
) -> Solved:
    """Search from the formula's plan; `cost` [group, kind, interval] is that of one agent.

    Raises `UnreachableError` for a target that people cannot reach.
    """
    look = wish.sample.beginning(_LOOK)
    bounds = Bounds(guards_of(scenario), starts.floor, _most(starts.formula))
    while True:
        tasks = tasks_of(scenario, grid, starts.formula, cost, wish, tell, bounds)
        try:
            return _searched(tasks, starts, wish)
        except UnreachableError:
            assert bounds.most is not None  # set above
            if bounds.most > 2.0 * starts.load and all(is_flat(task, look) for task in tasks):
                raise
            bounds = bounds._replace(most=2 * bounds.most)


def _most(start: Ints) -> int:
    return int(2 * start.max() + 6)


def _searched(tasks: Sequence[Task], starts: Starts, wish: Wish) -> Solved:
    for task in tasks:
        plan = task.bench.stage.of(starts.formula)
        set_guards(task, plan, wish.sample)
        refuse_unreachable(task, wish.sample.beginning(_GLANCE))
    fresh, plan, parts = Sample(wish.seed + FRESH_SEED, 0, wish.fresh), starts.formula.copy(), []
    for task in tasks:
        start = steer(task, task.bench.stage.of(starts.formula), task.bench.pilot(wish.sample))
        trial, sample, attempts = _on_samples(task, start, wish, fresh)
        trial = cheapest(task, harder(task, trial, sample, fresh), starts, (sample, fresh))
        plan[tuple(task.bench.stage.cells.T)] = trial.trimmed.plan
        parts.append(_part(task, trial, sample, attempts))
    return Solved(plan, tuple(parts), fresh)


class Attempt(NamedTuple):
    """What a part has come to: its plan, and how that does on fresh chances."""

    trimmed: Trimmed
    fresh: Standing
    good: bool


def _on_samples(task: Task, plan: Ints, wish: Wish, fresh: Sample) -> tuple[Attempt, Sample, int]:
    """Repair and trim on samples, harder and then larger ones, until the plan is good on fresh chances."""
    looks, more = np.zeros(0), np.zeros(0)
    for attempt, size in enumerate(_SIZES):
        if attempt == 0 or size > _SIZES[attempt - 1]:
            task.tell("choosing the sample")
            rivals = [Sample(wish.seed + n, 0, wish.replications * size) for n in range(_SAMPLES)]
            looks = np.array(
                [[c.share for c in _checked(task, task.bench.standing(plan, r))] for r in rivals]
            )
            more = _BIAS * looks.std(axis=0) if attempt == 0 else more
        sample = rivals[_hardest_needed(looks, more)]
        trial = trial_of(task, repair(task, plan, sample), sample, fresh)
        if trial.good:
            break
        plan = trial.trimmed.plan
        more = more + np.maximum(_shortfall(_checked(task, trial.fresh)), 0.0)
    return trial, sample, attempt + 1


def trial_of(task: Task, plan: Ints, sample: Sample, fresh: Sample) -> Attempt:
    """Trim a plan that holds on the sample, and check it."""
    trimmed = trimmed_and_exchanged(task, plan, sample)
    task.tell("checking on fresh chances")
    standing = task.bench.standing(trimmed.plan, fresh)
    return Attempt(trimmed, standing, not any(map(is_short, _checked(task, standing))))


def harder(task: Task, trial: Attempt, sample: Sample, fresh: Sample) -> Attempt:
    """Where fresh chances do not bear a plan out, ask for as much more on the sample as it was short."""
    for _ in range(_HARDER):
        if trial.good:
            break
        short = np.maximum(_shortfall(_checked(task, trial.fresh)), 0.0)
        wanted = [r.share + s for r, s in zip(task.bench.stage.rulers, short, strict=True)]
        ask_for(task, wanted)
        trial = trial_of(task, repair(task, trial.trimmed.plan, sample), sample, fresh)
    return trial


def ask_for(task: Task, shares: Sequence[float]) -> None:
    """In which share of its periods each target must hold on samples from now on."""
    stage = task.bench.stage
    rulers = [r._replace(share=min(s, 1.0)) for r, s in zip(stage.rulers, shares, strict=True)]
    task.bench.stage = stage._replace(rulers=tuple(rulers))


def cheapest(task: Task, trial: Attempt, starts: Starts, samples: tuple[Sample, Sample]) -> Attempt:
    """The best of a plan and of what trimming makes of the plans known before, of those near its cost."""
    for plan in (starts.formula, starts.current):
        start = task.bench.stage.of(plan)
        cost = task.limits.cost
        near = cost @ start <= _NEAR * (cost @ trial.trimmed.plan)
        if near and is_allowed(start, task.limits):
            trial = _from(task, start, trial, samples)
    return trial


def _from(task: Task, start: Ints, trial: Attempt, samples: tuple[Sample, Sample]) -> Attempt:
    """What trimming makes of a plan, as far as it may or to what it attains, if that is good and cheaper."""
    rulers = task.bench.stage.rulers
    before, standing = [r.share for r in rulers], task.bench.standing(start, samples[0])
    if not holds(standing, rulers):
        return trial
    own = standing.held.sum(axis=0) / np.maximum(standing.pairs.sum(axis=0), 1)
    for shares in (before, own.tolist()):
        ask_for(task, shares)
        rival = trial_of(task, start, *samples)
        cheaper = task.limits.cost @ rival.trimmed.plan < task.limits.cost @ trial.trimmed.plan
        if rival.good and (cheaper or not trial.good):
            return rival
    ask_for(task, before)
    return trial


def _shortfall(checked: Sequence[Checked]) -> Floats:
    """By how much the share of each target is below what is wanted; 0 where it has no value."""
    found: Floats = np.nan_to_num(np.array([c.goal.probability - c.share for c in checked]))
    return found


def _part(task: Task, trial: Attempt, sample: Sample, attempts: int) -> Part:
    on_sample, on_fresh = _checked(task, trial.trimmed.standing), _checked(task, trial.fresh)
    stage = task.bench.stage
    return Part(
        tuple(stage.model.scenario.groups),
        sample,
        tuple(each for each in on_sample if not is_guard(each.goal)),
        tuple(each for each in on_fresh if not is_guard(each.goal)),
        tuple(each for each in on_fresh if is_guard(each.goal)),
        tuple(ruler.share for ruler in stage.rulers if not is_guard(ruler.goal)),
        attempts,
        int((trial.trimmed.plan > 0).sum()),
        int(trial.trimmed.passes.sum()),
    )


def tasks_of(
    scenario: Scenario,
    grid: Grid,
    start: Ints,
    cost: Floats,
    wish: Wish,
    tell: Callable[[str], None],
    bounds: Bounds | None = None,
) -> list[Task]:
    """The parts of a scenario that have targets, ready to be searched."""
    bounds = bounds or Bounds()
    most = bounds.most or _most(start)
    found = []
    for part in parts_of(scenario, (*steerable(scenario), *bounds.guards)):
        if part.groups and not all(map(is_guard, part.targets)):
            stage = stage_of(part, grid, most)
            of = stage.cells
            least = minimums(part, grid, of, wish.minimum)
            if bounds.floor is not None:
                floor = stage.of(bounds.floor)
                least += [(np.array([n]), int(floor[n])) for n in np.flatnonzero(floor)]
            limits = Limits(cost[tuple(of.T)], least, most)
            name = ", ".join(part.groups)

            def say(what: str, name: str = name) -> None:
                tell(f"{name}: {what}")

            exchanges = exchanges_of(part, grid, of, limits.cost)
            found.append(Task(Bench(stage, wish.workers), limits, say, exchanges))
    return found


def guards_of(scenario: Scenario) -> tuple[Goal, ...]:
    """Guards of the queues that may lose contacts which no target counts, and that somebody serves."""
    return tuple(
        guard
        for queue in guarded(scenario, steerable(scenario))
        if serving(scenario, queue)
        for guard in guards_at(scenario, queue)
    )


def set_guards(task: Task, plan: Ints, sample: Sample) -> None:
    """Bind the guards of a part to what the formula's plan leaves unserved, and a little more."""
    stage = task.bench.stage
    values = task.bench.standing(plan, sample).values
    rulers = []
    for ruler, of in zip(stage.rulers, values, strict=True):
        if is_guard(ruler.goal) and not np.isnan(of).all():
            queue = ruler.goal.name
            bound = min(float(np.nanmean(of)) + allowance(stage.model.scenario, queue), 1.0)
            goal = ruler.goal._replace(value=bound)
            ruler = ruler._replace(goal=goal, bound=bound)  # noqa: PLW2901
        rulers.append(ruler)
    task.bench.stage = stage._replace(rulers=tuple(rulers))


def minimums(scenario: Scenario, grid: Grid, cells: Ints, minimum: int) -> list[tuple[Ints, int]]:
    """Who may not all be away: for each queue that must answer at once, in each interval when it is open."""
    found = set()
    for queue, demand in open_with_contacts(scenario).items():
        rows = [grid.groups.index(group) for group in serving(scenario, queue)]
        for kind, i in np.argwhere(demand & (grid.days > 0)[:, None]):
            members = np.flatnonzero(np.isin(cells[:, 0], rows) & (cells[:, 1] == kind) & (cells[:, 2] == i))
            if len(members):
                found.add(tuple(int(m) for m in members))
    return [(np.array(members), minimum) for members in sorted(found)] if minimum > 0 else []


def _hardest_needed(looks: Floats, bias: Floats) -> int:
    """Which sample is as much too hard as a plan is too good on its own, or a little more."""
    easier = np.nan_to_num(looks - looks.mean(axis=0) + bias)
    cost = np.where(easier > 0, 10.0 * easier, -easier)
    return int(np.argmin(cost.sum(axis=1)))


def _checked(task: Task, standing: Standing) -> tuple[Checked, ...]:
    """The targets of a part, its guards included, in the order of its rulers."""
    counts = np.stack([standing.held, standing.pairs], axis=2)
    rulers = task.bench.stage.rulers
    return tuple(Checked(r.goal, *_share_and_error(counts[:, n])) for n, r in enumerate(rulers))


def _share_and_error(counts: Ints) -> tuple[float, float]:
    """A share of pairs, and its standard error clustered by replication (delta method)."""
    held, pairs = counts.T
    if not pairs.sum():
        return math.nan, math.nan
    share = held.sum() / pairs.sum()
    n = len(counts)
    spread = held - share * pairs
    se = math.sqrt((spread**2).sum() / max(n - 1, 1) * n) / pairs.sum() if n > 1 else math.nan
    return float(share), se
