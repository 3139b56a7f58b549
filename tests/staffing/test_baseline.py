"""What the staffing of the baseline must show, in full."""

import numpy as np
import pytest

import careloop
from sim.experiment import run_scenario
from sim.staffing.answer import FORMULA, REPAIRED, total_cost
from sim.staffing.cells import with_plan

pytestmark = pytest.mark.verify
BASELINE = "scenarios/library/care_loop_baseline.yaml"


def test_no_one_of_50_random_cells_can_do_without_an_agent_and_fresh_chances_bear_it_out() -> None:
    staffing = careloop.staff(BASELINE)
    solved, scenario, grid = staffing.solved, staffing.scenario, staffing.grid
    assert solved is not None
    wanted = {tuple(c.goal[:3]): c.goal.probability for c in solved.on_sample}

    def short(plan: np.ndarray, replications: int, seed: int, errors: float) -> list[str]:
        """The targets that fail, by the simulation that `careloop run` makes."""
        result = run_scenario(with_plan(scenario, grid, plan), replications=replications, seed=seed)
        columns = [
            result.attainment[name].tolist() for name in ("measure", "scope", "name", "attained", "se")
        ]
        rows = zip(*columns, strict=True)
        return [name for m, s, name, share, se in rows if share < wanted[m, s, name] - errors * se]

    size, seed = solved.sample.last, solved.sample.seed
    assert short(solved.plan, size, seed, 0.0) == []
    staffed = np.argwhere(solved.plan > 0)
    for cell in np.random.default_rng(1).choice(staffed, 50, replace=False):
        fewer = solved.plan.copy()
        fewer[tuple(cell)] -= 1
        assert short(fewer, size, seed, 0.0), cell
    assert short(solved.plan, 1000, 424_242, 2.0) == []
    costs = {name: total_cost(staffing, plan.heads) for name, plan in staffing.plans.items()}
    assert costs[REPAIRED] < 0.9 * costs[FORMULA]
