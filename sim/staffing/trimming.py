"""Trimming: whatever cell can do without an agent on the sample loses one, until none can.

What it finds is exact: the targets are counted on the whole sample, with and without the agent.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.staffing.cells import Ints
from sim.staffing.rulers import Ruler
from sim.staffing.sampling import Ask, Effects, Sample, Standing
from sim.staffing.search import GROWTH, Limits, Task, holds, is_allowed, margins, must_hold, size_of

_SPARED: Final = 0.5  # of what targets are better than they must be, spent at once by larger steps
_IN_VAIN: Final = 8  # cells in a row that cannot do without an agent after all


class Trimmed(NamedTuple):
    """A plan from which no agent can be taken on the sample."""

    plan: Ints
    standing: Standing
    passes: NDArray[np.bool_]  # cells that could do without one, but for a minimum


def trim(task: Task, plan: Ints, sample: Sample) -> Trimmed:
    """Take agents away as long as all targets hold on the sample; `plan` must meet them.

    A cell that could not do without an agent hardly can once others have lost one. So only those that could
    are tried again, until there is none; then all of them, to be sure.
    """
    bench, rulers = task.bench, task.bench.stage.rulers
    standing, tried = bench.standing(plan, sample), plan > 0
    while True:
        margin, bands = margins(standing, rulers)
        fewer = bench.effects(plan, sample, -1, Ask(tried, bands))
        passes = passing(fewer, rulers) & tried
        good = passes & may_lose(plan, task.limits)
        task.tell(f"trimming ({size_of(plan)})")
        if not good.any():
            if (tried == (plan > 0)).all():
                return Trimmed(plan, standing, passes)
            tried = plan > 0
            continue
        harm = (np.maximum(-fewer.shift, 0.0) / np.maximum(margin, 1e-6)).sum(axis=1)
        cells = np.flatnonzero(good)[np.argsort((harm / task.limits.cost)[good], kind="stable")]
        many = _take_many(task, plan, sample, cells, _SPARED / max(float(harm[good].sum()), 1e-9))
        plan, standing = many or _take(task, plan, sample, cells)
        tried = good & (plan > 0) if (good & (plan > 0)).any() else plan > 0


def passing(fewer: Effects, rulers: tuple[Ruler, ...]) -> NDArray[np.bool_]:
    """The cells that can do without one agent."""
    need = np.array([[must_hold(r, int(n)) for r, n in zip(rulers, row, strict=True)] for row in fewer.pairs])
    return np.asarray((fewer.held >= need.reshape(fewer.held.shape)).all(axis=1), bool)


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


def _take(task: Task, plan: Ints, sample: Sample, cells: Ints) -> tuple[Ints, Standing]:
    """Take one agent from as many of the cells as can do without, one after the other; the first can.

    After several that cannot it is cheaper to ask anew which of those left can (`Bench.effects`).
    """
    bench, best = task.bench, plan
    standing = None
    batch = max(len(cells) // 2, 1)
    at = failed = 0
    while at < len(cells) and failed < _IN_VAIN:
        trial = best.copy()
        for cell in cells[at : at + batch]:
            if may_lose(trial, task.limits)[cell]:
                trial[cell] -= 1
        found = bench.standing(trial, sample)
        if holds(found, bench.stage.rulers):
            best, standing = trial, found
            at, failed = at + batch, 0
        elif batch == 1:
            at, failed = at + 1, failed + 1
        else:
            batch = max(batch // 2, 1)
    return best, standing or bench.standing(best, sample)


def may_lose(plan: Ints, limits: Limits) -> NDArray[np.bool_]:
    """The cells from which an agent may be taken without going below a minimum."""
    found = plan > 0
    for members, agents in limits.minimum:
        if plan[members].sum() <= agents:
            found[members] = False
    return found
