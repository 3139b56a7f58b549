"""Trimming: who is out is out for good, and whoever is not has been followed to the end."""

from collections.abc import Mapping

import numpy as np
import pytest

from sim.staffing.answer import costs_of
from sim.staffing.cells import grid_of
from sim.staffing.sampling import Effects, Sample
from sim.staffing.search import Task, holds
from sim.staffing.solve import Wish, tasks_of
from sim.staffing.trimming import hope, trim
from tests.staffing.conftest import Build

_SAMPLE = Sample(3, 0, 40)


def _effects(failed: list[int], lost: list[int]) -> Effects:
    held, pairs, turned = (np.array(of)[:, None] for of in ([0] * len(failed), failed, lost))
    return Effects(held, pairs, turned, np.zeros((len(failed), 1)), np.ones(1, np.int64))


def test_hope_is_the_chance_that_a_gambler_is_ever_ahead() -> None:
    # 20 pairs fail with all agents, 2 more may. Of those that fail without one, so many did not before.
    found = hope(_effects([20, 23, 30, 30], [5, 3, 10, 19]), np.array([20]), np.array([2]))[:, 0]
    assert found == pytest.approx([1.0, 0.25, (1.0 / 11.0) ** 8, 0.5**8])


def test_hope_against_walks() -> None:
    # Steps down with 2/3, up with 1/3: ever 4 above its start with chance (1/2)^4. Of 4,000 walks, within
    # 4 standard errors, which a right answer fails once in 16,000 tries.
    steps = np.where(np.random.default_rng(5).random((4000, 400)) < 1 / 3, 1, -1)
    share = (np.cumsum(steps, axis=1).max(axis=1) >= 4).mean()
    expected = hope(_effects([4], [7]), np.array([0]), np.array([0]))[0, 0]  # 7 turned bad, 3 good
    assert expected == pytest.approx(0.5**4)
    assert abs(share - expected) < 4.0 * np.sqrt(expected * (1 - expected) / 4000)


@pytest.mark.parametrize("heads", [4, 9])
def test_no_cell_can_do_without_an_agent(phone_team: Build, heads: int) -> None:
    # With 400 pairs cells are out after the first looks; whole simulations of each say that they rightly are.
    task, plan = _task(phone_team, heads)
    rulers = task.bench.stage.rulers
    found = trim(task, plan, _SAMPLE)
    assert holds(task.bench.standing(found.plan, _SAMPLE), rulers)
    assert not found.passes.any()
    for cell in np.flatnonzero(found.plan):
        fewer = found.plan.copy()
        fewer[cell] -= 1
        assert not holds(task.bench.standing(fewer, _SAMPLE), rulers)


def test_who_only_a_minimum_holds_up_is_told(phone_team: Build) -> None:
    task, plan = _task(phone_team, 4)
    limits = task.limits._replace(minimum=[(np.array([cell]), 4) for cell in range(5)])
    found = trim(task._replace(limits=limits), plan, _SAMPLE)
    assert found.plan[:5].tolist() == [4] * 5
    assert (np.flatnonzero(found.passes) < 5).all()
    for cell in np.flatnonzero(found.plan):
        fewer = found.plan.copy()
        fewer[cell] -= 1
        standing = task.bench.standing(fewer, _SAMPLE)
        assert holds(standing, task.bench.stage.rulers) == found.passes[cell]


def test_a_target_that_loses_its_value_stops_nothing(phone_team: Build) -> None:
    # A day without people has no occupancy: there are fewer pairs then, and fewer of them must hold.
    queue = {"hours": "desk", "patience": {"exponential": "3 min"}}
    changes = {"queues": {"phone": queue}, "targets": ["team occupancy <= 99.9% each day"]}
    task, plan = _task(phone_team, 1, changes)
    plan = np.where(task.bench.stage.cells[:, 2] == 10, plan, 0)  # one hour of each day
    assert plan.sum() == 5
    assert trim(task, plan, _SAMPLE).plan.sum() == 0


def _task(build: Build, heads: int, changes: Mapping[str, object] | None = None) -> tuple[Task, np.ndarray]:
    scenario = build(changes)
    grid = grid_of(scenario)
    start = np.where(grid.works, heads, 0).astype(np.int64)
    cost = costs_of(scenario, grid, True)
    (task,) = tasks_of(scenario, grid, start, cost, Wish(40, 3, 2, 0), lambda _: None)
    return task, task.bench.stage.of(start)
