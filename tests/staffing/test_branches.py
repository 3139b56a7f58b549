"""Branches and the lean counting against whole simulations: what they say is equal, not nearly so."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import careloop
from scenarios import Scenario
from scenarios.related import heads_of
from scenarios.targets import goals_of
from sim.experiment import run_scenario
from sim.staffing.cells import Grid, Ints, grid_of, present, with_plan
from sim.staffing.parts import parts_of
from sim.staffing.rulers import can_steer
from sim.staffing.sampling import Ask, Bench, Sample
from sim.staffing.stage import stage_of

_SAMPLE = Sample(5, 0, 3)


CENTRE = Path(__file__).with_name("centre.yaml")
SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "centre": lambda: careloop.load(CENTRE),
    "cut, warmed up": lambda: careloop.load(CENTRE, changes={"run": {"end": "cut", "warm_up": "1 day"}}),
    "one group": lambda: careloop.load("scenarios/library/chat_beside_phone.yaml"),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_counts_are_those_of_the_measures(name: str) -> None:
    scenario = SCENARIOS[name]()
    grid, plan = _file_plan(scenario)
    goals = tuple(goal for goal in goals_of(scenario) if can_steer(goal))
    whole = run_scenario(with_plan(scenario, grid, plan), replications=3, seed=5).attainment
    names = ["measure", "scope", "name", "attained"]
    wanted = {tuple(row[:3]): row[3] for row in whole[names].itertuples(index=False)}
    assert goals
    for part in parts_of(scenario, goals):
        if part.targets:
            stage = stage_of(part, grid, 9)
            standing = Bench(stage, 2).standing(stage.of(plan), _SAMPLE)
            for n, goal in enumerate(part.targets):
                share = standing.held[:, n].sum() / standing.pairs[:, n].sum()
                assert share == pytest.approx(wanted[goal[:3]], abs=1e-12), goal


@pytest.mark.parametrize("delta", [-1, 1])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_branch_is_a_simulation_with_the_change(name: str, delta: int) -> None:
    scenario = SCENARIOS[name]()
    grid, plan = _file_plan(scenario)
    goals = tuple(goal for goal in goals_of(scenario) if can_steer(goal))
    looked = 0
    for part in parts_of(scenario, goals):
        if not part.targets:
            continue
        stage = stage_of(part, grid, 9)
        bench, mine = Bench(stage, 2), stage.of(plan)
        ask = Ask(np.ones(len(mine), bool), np.array([(-np.inf, np.inf)] * len(part.targets)))
        effects = bench.effects(mine, _SAMPLE, delta, ask)
        for cell in range(0, len(mine), max(len(mine) // 12, 1)):
            if mine[cell] + delta >= 0:
                changed = mine.copy()
                changed[cell] += delta
                standing = bench.standing(changed, _SAMPLE)
                assert (effects.held[cell] == standing.held.sum(axis=0)).all(), stage.cells[cell]
                assert (effects.pairs[cell] == standing.pairs.sum(axis=0)).all(), stage.cells[cell]
                looked += 1
    assert looked > 8


def test_the_answer_does_not_depend_on_the_workers() -> None:
    scenario = careloop.load(CENTRE)
    grid, plan = _file_plan(scenario)
    part = parts_of(scenario, tuple(g for g in goals_of(scenario) if can_steer(g)))[0]
    stage = stage_of(part, grid, 9)
    one, three = (Bench(stage, workers).standing(stage.of(plan), _SAMPLE) for workers in (1, 3))
    assert (one.held == three.held).all()
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one.values, three.values, strict=True))


def _file_plan(scenario: Scenario) -> tuple[Grid, Ints]:
    grid = grid_of(scenario)
    heads = np.array([present(heads_of(scenario.groups[g]), grid.step_s) for g in grid.groups])
    plan: Ints = np.round(heads).astype(np.int64) * grid.works
    return grid, plan
