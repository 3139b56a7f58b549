"""Exchanges: an agent of a dear group for one of a cheaper group that has at least the same skills.

Trimming takes people away and steering goes by effects of single agents; neither finds that a cheaper
colleague could do the same work in the same interval. So what is left of dear people after trimming is
exchanged, as many at once as the targets allow, and trimmed again, until no exchange holds.
"""

import numpy as np

from scenarios.model import Scenario
from scenarios.related import skills
from sim.staffing.cells import Floats, Grid, Ints
from sim.staffing.sampling import Sample
from sim.staffing.search import Task, holds, is_allowed
from sim.staffing.trimming import Trimmed, trim

Pairs = list[tuple[int, int]]  # cells: from a dear group to a cheaper one


def exchanges_of(scenario: Scenario, grid: Grid, cells: Ints, cost: Floats) -> Ints:
    """Pairs of cells [pair, 2] of an interval, from a dear group to a cheaper one; the largest saving first.

    `cells` are [cell, 3] of the grid, `cost` [cell] is that of one agent.
    """
    able = {name: set(skills(scenario, name)) for name in scenario.groups}
    at = {tuple(cell): n for n, cell in enumerate(cells.tolist())}
    found = []
    for (g, kind, i), n in at.items():
        for other, name in enumerate(grid.groups):
            m = at.get((other, kind, i), n)
            if cost[m] < cost[n] and able[grid.groups[g]] <= able[name]:
                found.append((n, m))
    found.sort(key=lambda pair: cost[pair[1]] - cost[pair[0]])
    return np.array(found, np.int64).reshape(-1, 2)


def trimmed_and_exchanged(task: Task, plan: Ints, sample: Sample) -> Trimmed:
    """A plan that meets the targets, trimmed until no agent can be taken away and none be exchanged."""
    pairs: Pairs = [(dear, cheap) for dear, cheap in task.exchanges.tolist()]
    while True:
        trimmed = trim(task, plan, sample)
        plan, pairs = _exchanged(task, trimmed.plan, sample, pairs)
        if plan is trimmed.plan:
            return trimmed


def _exchanged(task: Task, plan: Ints, sample: Sample, pairs: Pairs) -> tuple[Ints, Pairs]:
    """The plan after as many exchanges as can be made on the sample, the same object if that is none.

    And the pairs that have not failed alone: with still fewer people those are not worth another try.
    """
    left = [pair for pair in pairs for _ in range(int(plan[pair[0]]))]
    batch = len(left)
    while left:
        trial = _with(task, plan, left[:batch])
        task.tell("exchanging")
        if trial is not plan and holds(task.bench.standing(trial, sample), task.bench.stage.rulers):
            plan, left = trial, left[batch:]
        elif trial is plan:
            left = left[batch:]
        elif batch == 1:
            failed = left[0]
            left, pairs = ([pair for pair in of if pair != failed] for of in (left, pairs))
        else:
            batch = max(batch // 2, 1)
    return plan, pairs


def _with(task: Task, plan: Ints, pairs: Pairs) -> Ints:
    """The plan with those of the exchanges that its people and its limits allow; the same object if none."""
    found = plan
    for dear, cheap in pairs:
        if found[dear] > 0 and found[cheap] < task.limits.most:
            trial = found.copy()
            trial[dear] -= 1
            trial[cheap] += 1
            found = trial if is_allowed(trial, task.limits) else found
    return found
