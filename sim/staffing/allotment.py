"""Who does it: the needs of all queues allotted to groups, at least cost, for each kind of day.

An integer programme. A group's people in an interval are seats for queues that must answer at once, and
between contacts they do deferred work: of their time, no more than the largest occupancy is planned. Deferred
work is done on the day on which it falls, at whatever time that costs least; of equals,
the plan with the lowest peak is taken.
"""

from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import serving
from sim.staffing.cells import Floats, Grid, Ints, open_with_contacts
from sim.staffing.programme import cheapest_choice
from sim.staffing.requirement import PLANNED_BUSY, Need

_PEAK: Final = 1e-2  # of the cost of an agent in an interval, for each of the most at work at a time


class _Model:
    """Rows and columns of an integer programme under construction."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[dict[int, float], float]] = []  # factors, and what they add up to at least

    def variable(self, cost: float = 0.0, whole: bool = False) -> int:
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def solve(self) -> Floats:
        from scipy.sparse import csr_array

        at = [(n, column, factor) for n, (row, _) in enumerate(self.rows) for column, factor in row.items()]
        where = [one[0] for one in at], [one[1] for one in at]
        factors = csr_array(([one[2] for one in at], where), shape=(len(self.rows), len(self.cost)))
        least = np.array([row[1] for row in self.rows])
        found = cheapest_choice(np.array(self.cost), self.whole, np.inf, factors, least)
        if found is None:
            raise ValueError(
                "the requirement cannot be allotted to the groups; give each queue a group that works"
            )
        return found


class Terms(NamedTuple):
    """What an allotment must keep to."""

    most_busy: float | None
    minimum: int
    passed_on: int = (
        0  # the fewest for a queue to which contacts are only passed on: no formula knows how many
    )


def allot(scenario: Scenario, grid: Grid, needs: dict[str, Need], cost: Floats, terms: Terms) -> Ints:
    """Agents [group, kind, interval] that cover what the queues need; `cost` is that of one, in each."""
    plan = np.zeros(grid.works.shape, np.int64)
    demand = open_with_contacts(scenario)
    for kind in np.flatnonzero(grid.days):
        plan[:, kind] = _day(scenario, grid, needs, cost[:, kind], (int(kind), demand, terms))
    return plan


def _day(
    scenario: Scenario,
    grid: Grid,
    needs: dict[str, Need],
    cost: Floats,
    of: tuple[int, dict[str, np.ndarray], Terms],
) -> Ints:
    kind, demand, terms = of
    works = grid.works[:, kind]
    model = _Model()
    at = {(g, i): model.variable(cost[g, i], True) for g, i in map(tuple, np.argwhere(works))}
    seats: dict[tuple[int, int], dict[int, float]] = {cell: {x: 1.0} for cell, x in at.items()}
    busy = {cell: {x: terms.most_busy or PLANNED_BUSY} for cell, x in at.items()}
    step_h = grid.step_s / 3600.0
    for g in np.flatnonzero(works.any(axis=1)):  # of equal costs, the plan with the lowest peak
        peak = model.variable(_PEAK * cost[g].max())
        model.rows += [({peak: 1.0, at[g, i]: -1.0}, 0.0) for i in np.flatnonzero(works[g])]
    for queue, need in needs.items():
        members = [grid.groups.index(group) for group in serving(scenario, queue)]
        done: dict[int, float] = {}
        for i in range(works.shape[1]):
            cells = [(g, i) for g in members if works[g, i]]
            if need.deferred:
                for cell in cells:
                    part = model.variable()
                    busy[cell][part] = -1.0
                    done[part] = step_h
            elif cells and need.seats[kind, i] > 0:
                share = need.load[kind, i] / need.seats[kind, i]
                row: dict[int, float] = {}
                for cell in cells:
                    part = model.variable()
                    seats[cell][part], busy[cell][part], row[part] = -1.0, -share, 1.0
                model.rows.append((row, float(need.seats[kind, i])))
            if cells and queue in demand and demand[queue][kind, i]:
                least = terms.minimum if need.contacts.any() else max(terms.minimum, terms.passed_on)
                model.rows.append(({at[cell]: 1.0 for cell in cells}, float(least)))
        if done and need.work_h[kind] > 0:
            model.rows.append((done, float(need.work_h[kind])))
    model.rows += [(row, 0.0) for row in (*seats.values(), *busy.values())]
    plan = np.zeros(works.shape, np.int64)
    if at:
        found = np.round(model.solve()).astype(np.int64)
        for cell, x in at.items():
            plan[cell] = found[x]
    return plan
