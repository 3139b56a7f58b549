"""From the formula's plan to one that is verified: the search on a sample, and a check on fresh chances.

A plan that is the best on a sample is a little too good there: it has been chosen for that sample's chances.
So the sample is not just any. Of several of equal size, the one is taken on which a plan near the end looks
slightly worse than on all of them together; and the final plan is simulated on chances that nobody has seen.
Where a target fails there, a harder sample is taken, and then larger ones.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import serving
from scenarios.targets import Goal, goals_of
from sim.staffing.cells import Floats, Grid, Ints, open_with_contacts
from sim.staffing.guards import allowance, guard_of, guarded, is_guard
from sim.staffing.parts import parts_of
from sim.staffing.rulers import can_steer
from sim.staffing.sampling import Bench, Sample, Standing
from sim.staffing.search import Limits, Task, refuse_unreachable, repair, steer, trim
from sim.staffing.stage import stage_of

FRESH: Final = 500  # replications of the check
FRESH_SEED: Final = 1_000_003  # added to the seed
_PILOT: Final = 4  # replications that steer
_SAMPLES: Final = 8  # of which one is chosen
_SIZES: Final = (1, 1, 2, 4, 8)  # of the sample at each attempt, in those asked for
_TOLERANCE: Final = 0.5  # standard errors by which a target may be short on fresh chances
_BIAS: Final = 0.3  # standard deviations by which a plan is expected to be too good on its sample


class Wish(NamedTuple):
    """How to search."""

    replications: int
    seed: int
    workers: int
    minimum: int
    fresh: int = FRESH


class Checked(NamedTuple):
    """A target, and in which share of its periods a plan attains it."""

    goal: Goal
    share: float
    se: float


class Solved(NamedTuple):
    """A plan, and how it is known to be good."""

    plan: Ints  # [group, kind, interval]
    sample: Sample
    on_sample: tuple[Checked, ...]
    fresh: Sample
    on_fresh: tuple[Checked, ...]
    guards: tuple[Checked, ...]  # of queues without a target, on fresh chances
    attempts: int  # samples that were searched on
    tested: int  # cells from which an agent was taken, each of which failed a target
    at_minimum: int  # cells that hold because a minimum says so, not a target


def steerable(scenario: Scenario) -> tuple[Goal, ...]:
    """The targets that more people help, by which the search goes."""
    return tuple(goal for goal in goals_of(scenario) if can_steer(goal))


def solve(
    scenario: Scenario, grid: Grid, start: Ints, cost: Floats, wish: Wish, tell: Callable[[str], None]
) -> Solved:
    """Search from the plan `start` [group, kind, interval]; `cost` of the same shape is that of one agent.

    Raises `UnreachableError` for a target that people cannot reach.
    """
    guards = guards_of(scenario)
    tasks = tasks_of(scenario, grid, start, cost, wish, tell, guards)
    pilot = Sample(wish.seed, 0, min(_PILOT, wish.replications))
    plans = [task.bench.stage.of(start) for task in tasks]
    for task, plan in zip(tasks, plans, strict=True):
        _set_guards(task, plan, pilot._replace(last=wish.replications))
    for task, plan in zip(tasks, plans, strict=True):
        refuse_unreachable(task, plan, pilot._replace(last=2))
    plans = [steer(task, plan, pilot) for task, plan in zip(tasks, plans, strict=True)]
    return _on_samples(tasks, plans, wish, start, tell)


def _on_samples(
    tasks: Sequence[Task], plans: list[Ints], wish: Wish, start: Ints, tell: Callable[[str], None]
) -> Solved:
    """Repair and trim on samples, harder and then larger ones, until the plan is good on fresh chances."""
    fresh = Sample(wish.seed + FRESH_SEED, 0, wish.fresh)
    attempts, good, more = 0, False, np.zeros(0)
    while not good and attempts < len(_SIZES):
        if attempts == 0 or _SIZES[attempts] > _SIZES[attempts - 1]:
            tell("choosing the sample")
            size = wish.replications * _SIZES[attempts]
            rivals = [Sample(wish.seed + n, 0, size) for n in range(_SAMPLES)]
            looks = np.array([_attained(tasks, plans, each) for each in rivals])
            more = _BIAS * looks.std(axis=0) if attempts == 0 else more
        sample = rivals[_hardest_needed(looks, more)]
        attempts += 1
        found = [trim(t, repair(t, p, sample), sample) for t, p in zip(tasks, plans, strict=True)]
        plans = [each.plan for each in found]
        tell("checking on fresh chances")
        checked = _checked(tasks, [t.bench.standing(p, fresh) for t, p in zip(tasks, plans, strict=True)])
        short = np.array([c.goal.probability - c.share for c in checked])
        good = bool((short <= _TOLERANCE * np.array([c.se for c in checked])).all())
        more = more + np.maximum(short, 0.0)
    plan = start.copy()
    for task, each in zip(tasks, plans, strict=True):
        plan[tuple(task.bench.stage.cells.T)] = each
    on_sample = _checked(tasks, [each.standing for each in found])
    tested = sum(int((each.plan > 0).sum()) for each in found)
    spared = sum(int(each.passes.sum()) for each in found)
    guards = tuple(each for each in checked if is_guard(each.goal))
    known = [tuple(each for each in of if not is_guard(each.goal)) for of in (on_sample, checked)]
    return Solved(plan, sample, known[0], fresh, known[1], guards, attempts, tested, spared)


def tasks_of(
    scenario: Scenario,
    grid: Grid,
    start: Ints,
    cost: Floats,
    wish: Wish,
    tell: Callable[[str], None],
    guards: Sequence[Goal] = (),
) -> list[Task]:
    """The parts of a scenario that have targets, ready to be searched; `guards` are to hold beside them."""
    most = int(2 * start.max() + 6)
    found = []
    for part in parts_of(scenario, (*steerable(scenario), *guards)):
        if part.groups and not all(map(is_guard, part.targets)):
            stage = stage_of(part, grid, most)
            of = stage.cells
            limits = Limits(cost[tuple(of.T)], minimums(part, grid, of, wish.minimum), most)
            name = ", ".join(part.groups)

            def say(what: str, name: str = name) -> None:
                tell(f"{name}: {what}")

            found.append(Task(Bench(stage, wish.workers), limits, say))
    return found


def guards_of(scenario: Scenario) -> tuple[Goal, ...]:
    """Guards of the queues about which no target says anything and that somebody serves."""
    return tuple(
        guard_of(queue) for queue in guarded(scenario, steerable(scenario)) if serving(scenario, queue)
    )


def _set_guards(task: Task, plan: Ints, sample: Sample) -> None:
    """Bind the guards of a part to what the formula's plan leaves unserved, and a little more."""
    stage = task.bench.stage
    values = task.bench.standing(plan, sample).values
    rulers = []
    for ruler, of in zip(stage.rulers, values, strict=True):
        if is_guard(ruler.goal) and not np.isnan(of).all():
            queue = ruler.goal.name
            bound = min(float(np.nanmean(of)) + allowance(stage.model.scenario, queue), 1.0)
            ruler = ruler._replace(goal=guard_of(queue, bound), bound=bound)  # noqa: PLW2901
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


def _attained(tasks: Sequence[Task], plans: Sequence[Ints], sample: Sample) -> Floats:
    """The share of pairs in which each target holds, of all parts."""
    standings = [t.bench.standing(p, sample) for t, p in zip(tasks, plans, strict=True)]
    return np.array([c.share for c in _checked(tasks, standings)])


def _hardest_needed(looks: Floats, bias: Floats) -> int:
    """Which sample is as much too hard as a plan is too good on its own, or a little more."""
    easier = looks - looks.mean(axis=0) + bias
    cost = np.where(easier > 0, 10.0 * easier, -easier)
    return int(np.argmin(cost.sum(axis=1)))


def _checked(tasks: Sequence[Task], standings: Sequence[Standing]) -> tuple[Checked, ...]:
    found = []
    for task, standing in zip(tasks, standings, strict=True):
        for n, ruler in enumerate(task.bench.stage.rulers):
            counts = np.stack([standing.held[:, n], standing.pairs[:, n]], axis=1)
            found.append(Checked(ruler.goal, *_share_and_error(counts)))
    return tuple(found)


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
