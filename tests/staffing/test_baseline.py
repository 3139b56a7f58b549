"""What the staffing of the baseline must show, in full."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

import careloop
from sim.experiment import run_scenario
from sim.staffing.answer import FORMULA, REPAIRED, Staffing, total_cost
from sim.staffing.cells import with_plan
from sim.staffing.sampling import Sample
from sim.staffing.solve import Part

pytestmark = pytest.mark.verify
PAGE = Path(__file__).parents[2] / "docs/staffing.md"
BASELINE = "scenarios/library/plain_year.yaml"


def test_no_one_of_50_random_cells_can_do_without_an_agent_and_fresh_chances_bear_it_out() -> None:
    staffing = careloop.staff(BASELINE)
    solved, scenario, grid = staffing.solved, staffing.scenario, staffing.grid
    assert solved is not None
    assert [part.groups for part in solved.parts] == [("chatters",), ("generalists",)]

    def short(plan: np.ndarray, sample: Sample, parts: Sequence[Part], errors: float) -> list[str]:
        """The targets of some parts that fail, by the simulation that `careloop run` makes."""
        result = run_scenario(with_plan(scenario, grid, plan), replications=sample.size, seed=sample.seed)
        columns = [
            result.attainment[name].tolist() for name in ("measure", "scope", "name", "attained", "se")
        ]
        wanted = {tuple(c.goal[:3]): c.goal.probability for part in parts for c in part.on_sample}
        rows = [row for row in zip(*columns, strict=True) if row[:3] in wanted]
        assert len(rows) == len(wanted)
        return [name for m, s, name, share, se in rows if share < wanted[m, s, name] - errors * se]

    for part in solved.parts:
        assert short(solved.plan, part.sample, [part], 0.0) == []
    staffed = np.argwhere(solved.plan > 0)
    for cell in np.random.default_rng(1).choice(staffed, 50, replace=False):
        fewer = solved.plan.copy()
        fewer[tuple(cell)] -= 1
        (part,) = (each for each in solved.parts if grid.groups[cell[0]] in each.groups)
        assert short(fewer, part.sample, [part], 0.0), cell
    assert short(solved.plan, Sample(424_242, 0, 1000), solved.parts, 2.0) == []
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
