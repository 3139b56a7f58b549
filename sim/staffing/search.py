"""The search: from any plan to one that meets all targets on a sample.

*Steering* goes in large steps: the effect of one agent more or fewer in each cell is simulated, and a small
integer programme picks the cheapest set of such changes after which every target should just hold.
*Repairing* adds agents where they help most for what they cost, until all do hold. What may be taken away
again then is the matter of `sim/staffing/trimming.py`.
"""

import math
from collections.abc import Callable
from itertools import count
from typing import Final, NamedTuple

import numpy as np

from sim.staffing.cells import Floats, Ints
from sim.staffing.guards import text_of
from sim.staffing.programme import cheapest_choice
from sim.staffing.rulers import Ruler
from sim.staffing.sampling import Ask, Bench, Effects, Sample, Standing

_STEPS: Final = 3  # of steering, at most
_REPAIRS: Final = 40  # rounds in which agents are added one by one; then everywhere
GROWTH: Final = 4  # of so many agents in a cell at most one more, or fewer, at once; or one
_BAND: Final = 0.25  # share of the pairs on each side of the decisive one over which effects are averaged
_NOTHING: Final = 1e-9  # an effect that is none
_WORTHWHILE: Final = 0.005  # share of the cost by which another step of steering must move it
_ALMOST: Final = 1e-9


class Limits(NamedTuple):
    """What a plan may be: agents of each cell, and what one costs there over the horizon."""

    cost: Floats  # [cell], above 0
    minimum: list[tuple[Ints, int]]  # cells that together need so many agents
    most: int  # in a cell


class Task(NamedTuple):
    """A part to be staffed."""

    bench: Bench
    limits: Limits
    tell: Callable[[str], None]
    exchanges: Ints  # [pair, 2]: cells whose agent one of the other may stand in for, at less cost


def needed(pairs: Ints, rulers: tuple[Ruler, ...]) -> Ints:
    """How many of so many pairs [..., target] must hold for each target to be attained."""
    shares = np.array([ruler.share for ruler in rulers])
    found: Ints = np.ceil(shares * pairs * (1.0 - _ALMOST)).astype(np.int64)
    return found


def holds(standing: Standing, rulers: tuple[Ruler, ...]) -> bool:
    """Whether all targets are attained on the sample."""
    return bool((to_spare(standing, rulers) >= 0).all())


def to_spare(standing: Standing, rulers: tuple[Ruler, ...]) -> Ints:
    """How many pairs of each target more hold than must."""
    found: Ints = standing.held.sum(axis=0) - needed(standing.pairs.sum(axis=0), rulers)
    return found


def margins(standing: Standing, rulers: tuple[Ruler, ...]) -> tuple[Floats, Floats]:
    """By how much the decisive pair of each target is better than it must be; and the bands around it.

    Of pairs sorted from the worst, the decisive one is the first that must hold.
    """
    found, bands = np.zeros(len(rulers)), np.zeros((len(rulers), 2))
    need = needed(standing.pairs.sum(axis=0), rulers)
    for n, ruler in enumerate(rulers):
        sign = 1.0 if ruler.at_least else -1.0
        values = np.sort(sign * standing.values[n][~np.isnan(standing.values[n])])
        if not len(values):
            found[n], bands[n] = math.inf, (0.0, 0.0)
            continue
        at = min(len(values) - need[n], len(values) - 1)
        found[n] = values[at] - sign * ruler.bound
        reach = math.ceil(_BAND * len(values))
        ends = values[max(at - reach, 0)], values[min(at + reach, len(values) - 1)]
        bands[n] = sorted(sign * end for end in ends)
    return found, bands


def steer(task: Task, plan: Ints, sample: Sample) -> Ints:
    """A cheap plan that meets the targets on the sample, or nearly so."""
    before = math.inf
    for step in range(_STEPS if len(plan) else 0):
        cost = float(task.limits.cost @ plan)
        margin, bands = margins(task.bench.standing(plan, sample), task.bench.stage.rulers)
        if step > 1 and abs(cost - before) < _WORTHWHILE * cost:
            break
        task.tell(f"steering: step {step + 1}")
        ask = Ask(np.ones(len(plan), bool), bands)
        effects = task.bench.effects(plan, sample, -1, ask), task.bench.effects(plan, sample, 1, ask)
        plan = plan + chosen(task, plan, effects, margin)
        before = cost
    return plan


def repair(task: Task, plan: Ints, sample: Sample) -> Ints:
    """Add agents where they help most for what they cost, until all targets hold on the sample."""
    bench, rulers = task.bench, task.bench.stage.rulers
    few = bench.pilot(sample)
    for round_ in count():
        standing = bench.standing(plan, sample)
        if holds(standing, rulers):
            return plan
        margin, _ = margins(standing, rulers)
        everywhere = np.array([(-np.inf, np.inf)] * len(rulers))
        task.tell(f"repairing ({size_of(plan)})")
        room = plan < task.limits.most
        gain = np.maximum(bench.effects(plan, few, 1, Ask(room, everywhere)).shift, 0.0)
        short = margin < 0
        worth = np.where(room, (gain[:, short] / -margin[short]).sum(axis=1) / task.limits.cost, 0.0)
        order = np.argsort(-worth, kind="stable")
        reached = np.cumsum(gain[order][:, short], axis=0)
        enough = int((reached < -margin[short]).any(axis=1).sum()) + 1
        helpful = int((worth > 0).sum())
        few_steps = round_ < _REPAIRS and helpful > 0
        added = order[: min(enough, helpful)] if few_steps else np.flatnonzero(room)
        if not len(added):
            break
        size = _step_size(-margin[short], reached[helpful - 1]) if few_steps and enough > helpful else 1
        plan = plan.copy()
        plan[added] += np.minimum(np.clip(plan[added] // GROWTH, 1, size), task.limits.most - plan[added])
    raise UnreachableError(_worst(standing, task))


def _step_size(short: Floats, gain: Floats) -> int:
    """How many agents to add to each cell at once, where one in every cell gains too little by far.

    Half of what the gain of one agent says, since the next ones may gain more.
    """
    return max(int(np.max(np.divide(short, gain, out=np.ones_like(short), where=gain > 0)) / 2.0), 1)


class UnreachableError(ValueError):
    """A target that no number of people reaches."""


def _worst(standing: Standing, task: Task) -> str:
    """Which target is the farthest from being attained, in words."""
    rulers = task.bench.stage.rulers
    shares = standing.held.sum(axis=0) / np.maximum(standing.pairs.sum(axis=0), 1)
    short = [share - ruler.goal.probability for share, ruler in zip(shares, rulers, strict=True)]
    n = int(np.argmin(short))
    return (
        f"target '{text_of(rulers[n].goal)}' is out of reach: it holds in {shares[n]:.1%} of its periods "
        f"even with up to {task.limits.most} agents in an interval; ask for less, or change what people meet"
    )


def refuse_unreachable(task: Task, sample: Sample) -> None:
    """Raise `UnreachableError` if even the most people do not reach a target."""
    standing = task.bench.standing(np.full(len(task.limits.cost), task.limits.most), sample)
    if not holds(standing, task.bench.stage.rulers):
        raise UnreachableError(_worst(standing, task))


def is_flat(task: Task, sample: Sample) -> bool:
    """Whether the most agents in every cell reach no more than half of them do."""
    most = task.limits.most
    half, whole = (
        task.bench.standing(np.full(len(task.limits.cost), n), sample).values for n in (most // 2, most)
    )
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(half, whole, strict=True))


def chosen(task: Task, plan: Ints, effects: tuple[Effects, Effects], margin: Floats) -> Ints:
    """The cheapest changes by at most one agent in each cell after which all margins should be 0 or more.

    Where that cannot be, one agent more in every cell where it helps a target that is short. An integer
    programme over two yes-or-no variables a cell: one agent fewer, one agent more, not both. Effects add up
    only where they do not meet: of two intervals that follow each other only one may lose an agent.
    """
    fewer, more = effects
    cells, limits = len(plan), task.limits
    cost = np.concatenate([-limits.cost, limits.cost])
    gains = np.concatenate([fewer.shift, more.shift]).T
    scale = np.maximum(np.abs(gains).max(axis=1), _NOTHING)  # factors near 1, which solvers are made for
    rows, least = [gains / scale[:, None]], [-margin / scale]
    for members, agents in limits.minimum:
        row = np.zeros((1, 2 * cells))
        row[0, members], row[0, cells + members] = -1.0, 1.0
        rows.append(row)
        least.append(np.array([agents - plan[members].sum()], float))
    either = [np.array([n, cells + n]) for n in range(cells)]
    for pair in (*either, *_neighbours(task.bench.stage.cells)):
        row = np.zeros((1, 2 * cells))
        row[0, pair] = -1.0
        rows.append(row)
        least.append(np.array([-1.0]))
    allowed = np.concatenate([plan > 0, plan < limits.most]).astype(float)
    found = cheapest_choice(cost, np.ones(2 * cells), allowed, np.concatenate(rows), np.concatenate(least))
    if found is None:
        short = margin < 0
        return ((more.shift[:, short] > 0).any(axis=1) & (plan < limits.most)).astype(np.int64)
    picked = np.round(found).astype(np.int64)
    return np.asarray(picked[cells:] - picked[:cells], np.int64)


def _neighbours(cells: Ints) -> list[Ints]:
    """Pairs of cells of a group that follow each other on one day."""
    after = (np.diff(cells, axis=0) == [0, 0, 1]).all(axis=1)
    return [np.array([n, n + 1]) for n in np.flatnonzero(after)]


def is_allowed(plan: Ints, limits: Limits) -> bool:
    """Whether a plan keeps to all minimums."""
    return all(plan[members].sum() >= agents for members, agents in limits.minimum)


def size_of(plan: Ints) -> str:
    """How many people a plan has, in words."""
    return f"{plan.sum():,} agents in {np.count_nonzero(plan):,} intervals"
