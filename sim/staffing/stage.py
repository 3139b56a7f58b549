"""A part of a scenario made ready for many plans: its calendar with a place for each cell."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.week import Step, all_week
from sim import order
from sim.almanac import stretches
from sim.clock import to_ticks
from sim.compile import Model, compile_scenario
from sim.contacts import link_pool
from sim.draws import name_key
from sim.jit import U64
from sim.layout import CONTACT, EVENT, PLAN, State
from sim.measure import plan_measures
from sim.staffing.branches import CHANGE
from sim.staffing.cells import Grid, Ints
from sim.staffing.counting import PEOPLE, Counting
from sim.staffing.likeness import mode_of
from sim.staffing.rulers import Ruler, counting_of, ruler_of

_SECOND: Final = to_ticks(1)
_POOL: Final = 96  # rows of contacts to start with: they are copied for each branch
_EVENTS: Final = 256
_NO_CELL: Final = -1


class Stage(NamedTuple):
    """A part of a scenario, compiled once for all plans."""

    model: Model
    counting: Counting
    rulers: tuple[Ruler, ...]
    cells: Ints  # [cell, 3]: group (of the grid), kind of day, interval of the day
    rows: Ints  # of the calendar: where agents are wanted
    cell_of: Ints  # [row]: the cell that begins there, or -1: nobody is wanted
    mode: int  # of `sim.staffing.likeness`
    changes: np.ndarray  # CHANGE of one agent, by interval; the candidate is the cell

    def of(self, plan: Ints) -> Ints:
        """The agents of each cell in a plan [group, kind, interval]."""
        found: Ints = plan[tuple(self.cells.T)]
        return found


class _Wanted(NamedTuple):
    """An entry of the calendar: from `tick` on so many agents as its cell has, up to the tick `until`."""

    tick: int
    order: int
    group: int
    cell: int
    until: int


def stage_of(scenario: Scenario, grid: Grid, room: int) -> Stage:
    """Make a part ready for up to `room` agents in a group; its `targets` are those to be met."""
    groups = {
        name: group.model_copy(update={"agents": all_week(float(room)), "shifts": None})
        for name, group in scenario.groups.items()
    }
    model = compile_scenario(scenario.model_copy(update={"groups": groups}))
    mine = [n for n, name in enumerate(grid.groups) if name in scenario.groups]
    cells = np.argwhere(grid.works & np.isin(np.arange(len(grid.groups)), mine)[:, None, None])
    calendar, wanted = _calendar(model, _wanted(model, grid, cells))
    rows = np.flatnonzero(wanted[:, 0] > _NO_CELL - 1)
    plan = plan_measures(model)
    counted = counting_of(plan, scenario.targets)
    return Stage(
        model._replace(tables=model.tables._replace(plan=calendar), start=_small(model.start)),
        counted,
        tuple(ruler_of(plan, goal) for goal in scenario.targets),
        cells,
        rows,
        wanted[rows, 0],
        mode_of(
            scenario,
            bool((counted.counters["scope"] == PEOPLE).any()),
            _opens_at_work(model, calendar, wanted),
        ),
        _changes(model, calendar, wanted),
    )


def _wanted(model: Model, grid: Grid, cells: Ints) -> list[_Wanted]:
    """When each cell begins, on each of its days; and when it ends, unless another begins there."""
    found = []
    for g, name in enumerate(model.names.groups):
        of = grid.groups.index(name)
        rank = int(order.rank(order.TARGET, U64(name_key("group", name))))
        steps = tuple(
            Step(int(kind), int(i) * grid.step_s, int(i + 1) * grid.step_s, float(n + 1))
            for n, (group, kind, i) in enumerate(cells)
            if group == of
        )
        spans = sorted(stretches(model.almanac, steps))
        begins = {span.start_s for span in spans} | {model.almanac.end}
        for span in spans:
            found.append(_Wanted(span.start_s, rank, g, round(span.value) - 1, span.end_s))
            if span.end_s not in begins:
                found.append(_Wanted(span.end_s, rank, g, _NO_CELL, span.end_s))
    return found


def _calendar(model: Model, wanted: Sequence[_Wanted]) -> tuple[np.ndarray, Ints]:
    """The calendar with these entries, and of each of its rows [cell, until in ticks] (-2: another entry)."""
    others = model.tables.plan[model.tables.plan["order"] >> np.uint64(60) != order.TARGET]
    rows = np.zeros(len(others) + len(wanted), PLAN)
    rows[: len(others)] = others
    of = np.full((len(rows), 2), _NO_CELL - 1, np.int64)
    for n, each in enumerate(wanted, len(others)):
        rows[n] = (each.tick * _SECOND, each.order, each.group, 0)
        of[n] = each.cell, each.until * _SECOND
    sequence = np.lexsort((rows["value"], rows["ref"], rows["order"], rows["tick"]))
    return rows[sequence], of[sequence]


def _opens_at_work(model: Model, calendar: np.ndarray, wanted: Ints) -> bool:
    """Whether a queue opens at a moment when a cell has begun and not ended."""
    begins, cells = calendar["tick"], wanted[:, 0] >= 0
    opens = begins[calendar["order"] >> np.uint64(60) == order.OPEN]
    return bool(((begins[cells] < opens[:, None]) & (wanted[cells, 1] >= opens[:, None])).any())


def _changes(model: Model, calendar: np.ndarray, wanted: Ints) -> np.ndarray:
    """One agent more or fewer in each cell, on each of its days."""
    at = np.flatnonzero(wanted[:, 0] >= 0)
    changes = np.zeros(len(at), CHANGE)
    length = model.almanac.interval_s * _SECOND
    changes["row"] = at
    changes["interval"] = calendar["tick"][at] // length
    changes["until"] = -(-wanted[at, 1] // length)
    changes["candidate"] = wanted[at, 0]
    return changes


def _small(start: State) -> State:
    """The starting state with few rows, since it is copied often; what is too small grows."""
    queues = len(start.queues)
    small = start._replace(
        clock=start.clock.copy(),
        contacts=np.zeros(queues + _POOL, CONTACT),
        heap=np.zeros(_EVENTS + 4 * len(start.agents), EVENT),
    )
    link_pool(small, queues)
    return small
