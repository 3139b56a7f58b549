"""Thousands of days that all differ, in the time of few."""

import time

import numpy as np

from sim.formula import evaluated, run_formula
from tests.formula.scenarios import changed

DAYS = 10_000


def test_ten_thousand_different_days_take_about_a_second() -> None:
    """benchmarks/formula.py measures; this only notices when each piece is solved by itself."""
    profile = 'by_interval: {daily: {"08:00-12:00": 480, "12:00-16:00": 400}}, trend: 1% per year, '
    scenario = changed(
        ("days: 2", f"days: {DAYS}"),
        ("rate: 60 per 30 min", f"{profile}busyness: {{day: {{cv: 10%}}}}"),
        ("agents: 8", "agents: 9"),
    )
    run_formula(changed())
    started = time.process_time()
    found = evaluated(scenario)
    took_s = time.process_time() - started
    rates = found.grid.fresh[0]
    assert len(np.unique(rates[rates > 0])) > DAYS
    assert took_s < 5.0
