"""Trimming: whatever cell can do without an agent on the sample loses one, until none can.

A cell is followed through the sample as long as it is open whether it can. One that has failed many more
periods than are to spare, and next to none the other way, is out: that the rest of the sample makes up for
it is a matter of less than one in a million.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.staffing.cells import Floats, Ints
from sim.staffing.rulers import Ruler
from sim.staffing.sampling import Ask, Effects, Sample, Standing, together
from sim.staffing.search import GROWTH, Limits, Task, holds, is_allowed, margins, needed, size_of, to_spare

_SPARED: Final = 0.5  # of what targets are better than they must be, spent at once by larger steps
_LOOK: Final = 6  # replications after which cells are looked at, to see which of them are out
_LIKELY: Final = 4.0  # times the margin: as much of it as those may use up together that are followed on
_FEWEST: Final = 8  # cells that are followed on, however much they use up
_HOPE: Final = 1e-6  # chance of a cell that is out to make up for what it has failed


class Trimmed(NamedTuple):
    """A plan from which no agent can be taken on the sample."""

    plan: Ints
    standing: Standing
    passes: NDArray[np.bool_]  # cells that could do without one, but for a minimum


def trim(task: Task, plan: Ints, sample: Sample) -> Trimmed:
    """Take agents away as long as all targets hold on the sample; `plan` must meet them.

    A cell that could not do without an agent hardly can once others have lost one. So only those that could
    are tried again, until there is none; then all of them, to be sure (`sure`).
    """
    rulers = task.bench.stage.rulers
    standing, tried, sure = task.bench.standing(plan, sample), plan > 0, False
    while True:
        margin, bands = margins(standing, rulers)
        can = may_lose(plan, task.limits)
        ask = Ask(tried if sure else tried & can, bands)
        fewer, left = _without(task, (plan, standing), sample, ask, None if sure else margin)
        passes = passing(fewer, rulers) & left
        good = passes & can
        task.tell(f"trimming ({size_of(plan)})")
        if not good.any():
            if sure:
                return Trimmed(plan, standing, passes)
            tried, sure = plan > 0, True
            continue
        harm = _harm(fewer, margin)
        cells = np.flatnonzero(good)[np.argsort((harm / task.limits.cost)[good], kind="stable")]
        many = _take_many(task, plan, sample, cells, _SPARED / max(float(harm[good].sum()), 1e-9))
        worse = fewer.failed[cells] - standing.failed.sum(axis=0)
        plan, standing = many or _take(task, (plan, standing), sample, cells, worse)
        sure = not (good & (plan > 0)).any()
        tried = plan > 0 if sure else good & (plan > 0)


def _harm(fewer: Effects, margin: Floats) -> Floats:
    """What one agent fewer in each cell uses of that by which targets are better than they must be."""
    found: Floats = (np.maximum(-fewer.shift, 0.0) / np.maximum(margin, 1e-6)).sum(axis=1)
    return found


def _likeliest(harm: Floats, cost: Floats) -> NDArray[np.bool_]:
    """The cells that harm the least for what they save, not many more than could go together."""
    order = np.argsort(harm / cost, kind="stable")
    followed = (np.cumsum(harm[order]) <= _LIKELY) | (np.arange(len(order)) < _FEWEST)
    found = np.zeros(len(order), bool)
    found[order[followed]] = True
    return found


def _without(
    task: Task, now: tuple[Ints, Standing], sample: Sample, ask: Ask, margin: Floats | None
) -> tuple[Effects, NDArray[np.bool_]]:
    """What one agent fewer does in each of the cells asked for, and which of them are not out.

    Only of those that are not do the effects count the whole sample. With the `margin` of the targets, all
    but the likeliest are out after the first look: a guess, to find soon some that can.
    """
    plan, standing = now
    spare = to_spare(standing, task.bench.stage.rulers)
    parts, left = [], ask.cells
    for first in range(sample.first, sample.last, _LOOK):
        last = min(first + _LOOK, sample.last)
        part = sample._replace(first=first, last=last)
        parts.append(task.bench.effects(plan, part, -1, ask._replace(cells=left)))
        so_far = together(parts)
        if margin is not None and first == sample.first:
            left = left & _likeliest(np.where(left, _harm(so_far, margin), np.inf), task.limits.cost)
        failed = standing.failed[: last - sample.first].sum(axis=0)
        left = left & (hope(so_far, failed, spare) >= _HOPE).all(axis=1)
        if not left.any():
            break
    return so_far, left


def hope(so_far: Effects, failed: Ints, spare: Ints) -> Floats:
    """The chance [cell, target] that a cell makes up for the pairs that it has failed so far.

    `failed` [target] are the pairs that fail with all agents, `spare` [target] how many more of them may
    fail on the whole sample. Pairs turn bad or good one by one, at the odds seen so far: a gambler who wins
    with odds below 1 is ever ahead by k with chance odds^k (Feller, "An introduction to probability theory
    and its applications", vol. 1, chapter XIV).
    """
    worse = so_far.failed - failed
    odds = (so_far.lost - worse + 1.0) / (so_far.lost + 1.0)
    found: Floats = np.where(worse > spare, odds ** np.maximum(worse - spare, 0), 1.0)
    return found


def passing(fewer: Effects, rulers: tuple[Ruler, ...]) -> NDArray[np.bool_]:
    """The cells that can do without one agent."""
    return np.asarray((fewer.held >= needed(fewer.pairs, rulers)).all(axis=1), bool)


def _take_many(
    task: Task, plan: Ints, sample: Sample, cells: Ints, size: float
) -> tuple[Ints, Standing] | None:
    """Take up to `size` agents from each of the cells at once, since one a round takes long; None if none."""
    most = int(min(size, plan[cells].max() // GROWTH))
    while most > 1:
        trial = plan.copy()
        trial[cells] -= np.clip(trial[cells] // GROWTH, 1, most)
        if is_allowed(trial, task.limits):
            standing = task.bench.standing(trial, sample)
            if holds(standing, task.bench.stage.rulers):
                return trial, standing
        most //= 2
    return None


def _take(
    task: Task, now: tuple[Ints, Standing], sample: Sample, cells: Ints, worse: Ints
) -> tuple[Ints, Standing]:
    """Take one agent from as many of the cells as should be able to do without together; the first can.

    `worse` [cell, target] are the pairs that each fails alone, beyond those failed now. Which cells can do
    without still is then asked anew (`_without`): that is cheaper than to try one after the other.
    """
    (best, standing), rulers = now, task.bench.stage.rulers
    at, most = 0, len(cells)
    while at < len(cells):
        fits = (np.cumsum(worse[at:], axis=0) <= to_spare(standing, rulers)).all(axis=1)
        batch = min(max(int(np.argmin(np.append(fits, False))), int(at == 0)), most)
        if batch == 0:
            break
        trial = best.copy()
        for cell in cells[at : at + batch]:
            if may_lose(trial, task.limits)[cell]:
                trial[cell] -= 1
        found = task.bench.standing(trial, sample)
        if holds(found, rulers):
            best, standing = trial, found
            at, most = at + batch, len(cells)
        elif batch == 1:
            at, most = at + 1, len(cells)
        else:
            most = batch // 2
    return best, standing


def may_lose(plan: Ints, limits: Limits) -> NDArray[np.bool_]:
    """The cells from which an agent may be taken without going below a minimum."""
    found = plan > 0
    for members, agents in limits.minimum:
        if plan[members].sum() <= agents:
            found[members] = False
    return found
