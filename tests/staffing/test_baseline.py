"""What the staffing of the baseline must show, in full."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import careloop
from sim.experiment import run_scenario
from sim.staffing.answer import FORMULA, REPAIRED, Staffing, total_cost
from sim.staffing.cells import with_plan

pytestmark = pytest.mark.verify
PAGE = Path(__file__).parents[2] / "docs/staffing.md"
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
    assert [words for words in figures(staffing) if words not in PAGE.read_text(encoding="utf-8")] == []


def figures(staffing: Staffing) -> Iterator[str]:
    """What the page says of the baseline: costs, and the attainment of the phone's and the chat's target."""
    assert staffing.solved is not None
    for plan in staffing.plans.values():
        yield f"| ${total_cost(staffing, plan.heads):,.0f} |"
    for checked in staffing.solved.on_fresh:
        if checked.goal.name in ("phone", "chat"):
            yield f"{100.0 * checked.share:.1f} % ± {200.0 * checked.se:.1f}"
