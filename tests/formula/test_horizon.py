"""Figures over the horizon, added up as they are found: as those of the tables, in little memory."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import scenarios
from scenarios import loads
from sim.formula import evaluated, horizon_of, over_horizon, overloaded, run_formula
from tests.formula.scenarios import changed, figure

LIBRARY = Path(scenarios.__file__).with_name("library")


@pytest.mark.parametrize("measure", ["service_level", "asa", "abandonment"])
def test_as_in_the_tables_without_the_warm_up(measure: str) -> None:
    scenario = changed(
        ("groups:\n", "run: {warm_up: 1 day}\ngroups:\n"), ("agents: 8", "agents: 7, hours: desk")
    )
    wanted = figure(run_formula(scenario), measure)
    assert over_horizon(horizon_of(scenario), "phone", measure) == pytest.approx(wanted, rel=1e-12)


def test_where_a_line_grows_for_ever_its_share_is_told_and_the_rest_is_not_lost() -> None:
    scenario = changed((", patience: {exponential: 4 min}", ""), ("agents: 8", "agents: 5"))
    found = horizon_of(scenario)
    assert overloaded(found, "phone") == 1.0
    assert over_horizon(found, "phone", "asa") == np.inf
    assert overloaded(horizon_of(changed()), "phone") == 0.0


def test_of_queues_that_are_solved_no_piece_is_kept() -> None:
    text = (LIBRARY / "plain_year.yaml").read_text(encoding="utf-8").replace("days: 365", "days: 730")
    scenario = loads(text)
    pieces = evaluated(scenario).grid.pieces
    tracemalloc.start()
    horizon_of(scenario)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 90 * 8 * pieces  # bytes of so many numbers a piece: one queue has some thirty


def test_no_compiled_formula_is_loaded_for_a_line_without_a_limit() -> None:
    code = (
        "import sys; from tests.formula.scenarios import changed; from sim.formula import horizon_of;"
        "horizon_of(changed()); sys.exit('sim.erlang' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
