"""Whatever a scenario has, figures are numbers that can be, and every queue has remarks."""

import numpy as np
import pytest

from sim.formula import remarks_of, run_formula
from tests.seeds import seeds
from tests.sim import random_scenarios


@pytest.mark.parametrize("seed", seeds(30, 60))
def test_figures_of_any_scenario_are_possible(seed: int) -> None:
    scenario = random_scenarios.plain(seed)
    measures = run_formula(scenario).measures
    values = measures["mean"].to_numpy(float)
    assert np.isfinite(values).all()
    assert (values >= -1e-9).all()
    assert (values[(measures["unit"] == "share").to_numpy()] <= 1.0 + 1e-6).all()
    assert [each.queue for each in remarks_of(scenario)] == list(scenario.queues)
