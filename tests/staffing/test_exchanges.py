"""Dear people where cheaper ones could do the same: exchanged, and nothing else."""

import numpy as np
import pytest

from scenarios import Scenario
from sim.staffing.answer import Asked, costs_of, staffing_of
from sim.staffing.cells import grid_of
from sim.staffing.exchanges import exchanges_of, trimmed_and_exchanged
from sim.staffing.sampling import Sample
from sim.staffing.search import Task, holds, is_allowed
from sim.staffing.solve import Wish, tasks_of
from tests.staffing.conftest import Build

_DESK = {"mon-fri": {"09:00-12:00": 2}}
_SAMPLE = Sample(3, 0, 8)


def _groups() -> dict[str, dict[str, object]]:
    return {
        "cheap": {"skills": ["phone"], "agents": _DESK, "pay": "40 EUR/h"},
        "dear": {"skills": ["phone"], "agents": _DESK, "pay": "57.14 EUR/h"},
    }


def _task(scenario: Scenario, start: int, minimum: int = 0) -> tuple[Task, np.ndarray]:
    grid = grid_of(scenario)
    plan = np.where(grid.works, start, 0).astype(np.int64)
    (task,) = tasks_of(
        scenario, grid, plan, costs_of(scenario, grid, True), Wish(8, 3, 2, minimum), lambda _: None
    )
    return task, task.bench.stage.of(plan)


def test_cheaper_people_with_the_same_skills_stand_in(phone_team: Build) -> None:
    task, plan = _task(phone_team({"groups": _groups()}), start=4)
    dear = task.bench.stage.cells[:, 0] == 1
    plan = np.where(dear, plan, 1)  # most of the work is done by dear people
    found = trimmed_and_exchanged(task, plan, _SAMPLE)
    assert found.plan[dear].sum() == 0
    assert holds(found.standing, task.bench.stage.rulers)
    for cell in np.flatnonzero(found.plan):
        fewer = found.plan.copy()
        fewer[cell] -= 1
        assert not holds(task.bench.standing(fewer, _SAMPLE), task.bench.stage.rulers)


def test_the_whole_staffing_has_no_dear_people(phone_team: Build) -> None:
    staffing = staffing_of(phone_team({"groups": _groups()}), Asked(workers=2))
    assert staffing.solved is not None
    assert staffing.solved.plan[staffing.grid.groups.index("dear")].sum() == 0


def test_a_limit_is_kept(phone_team: Build) -> None:
    task, plan = _task(phone_team({"groups": _groups()}), start=4)
    dear = np.flatnonzero(task.bench.stage.cells[:, 0] == 1)
    limits = task.limits._replace(minimum=[(dear[:1], 2)])
    found = trimmed_and_exchanged(task._replace(limits=limits), plan, _SAMPLE).plan
    assert is_allowed(found, limits)
    assert found[dear[0]] == 2
    assert found[dear[1:]].sum() <= 1


_LATER = {"mon-fri": {"12:00-13:00": 1}}


@pytest.mark.parametrize(
    "dear",
    [
        {"skills": ["phone"], "agents": _DESK, "pay": "40 EUR/h"},  # the other is no cheaper
        {"skills": ["phone", "mail"], "agents": _DESK, "pay": "60 EUR/h"},
        {"skills": ["phone"], "agents": _LATER, "pay": "60 EUR/h"},
    ],
)
def test_who_can_stand_in_for_nobody(phone_team: Build, dear: dict[str, object]) -> None:
    mail = {"channel": "email", "at_closing": "hold"}
    phone = {"hours": "desk", "target": "80% in 20 s", "patience": {"exponential": "3 min"}}
    writers = {"skills": ["mail"], "agents": _DESK, "pay": "50 EUR/h"}
    groups = {"cheap": _groups()["cheap"], "dear": dear, "writers": writers}
    scenario = phone_team({"groups": groups, "queues": {"phone": phone, "mail": mail}})
    grid = grid_of(scenario)
    cells = np.argwhere(grid.works)
    cost = costs_of(scenario, grid, True)[tuple(cells.T)]
    assert exchanges_of(scenario, grid, cells, cost).shape == (0, 2)
