"""Flows of cases against closed forms: delays, returns, tags, self-service. See also `reentrant.py`."""

from collections.abc import Callable
from typing import Final

import pytest

from .builders import Row
from .case_flows import FLOWS
from .case_runs import run_flow
from .figures import Judged

MODEL: Final = "Flows of cases"
LIMIT: Final = 4.0
QUICK: Final = 1e5
FULL: Final = 1e6


def judged(name: str, contacts: float) -> Row:
    """Simulate a flow."""
    came, figures = run_flow(name, FLOWS[name], contacts)
    return Row(name, MODEL, came, figures)


def refused(row: Row) -> list[Judged]:
    """The figures that theory contradicts, or that there is too little to judge by."""
    return [figure for figure in row.figures if figure.z is None or not abs(figure.z) <= LIMIT]


@pytest.mark.parametrize("name", FLOWS)
def test_flow_agrees_with_theory(name: str) -> None:
    row = judged(name, QUICK)
    assert row.contacts > 0.5 * QUICK
    assert refused(row) == []


@pytest.mark.verify
@pytest.mark.parametrize("name", FLOWS)
def test_flow_agrees_with_theory_in_full(name: str, report: Callable[[Row], None]) -> None:
    row = judged(name, FULL)
    report(row)
    assert refused(row) == []


def test_a_wrong_figure_of_a_flow_is_refused() -> None:
    """Every expected value that is a quarter off is found out."""
    for name, flow in FLOWS.items():
        off = {figure: (1.25 * expected, ratio) for figure, (expected, ratio) in flow.figures.items()}
        _, figures = run_flow(name, flow._replace(figures=off), QUICK)
        assert all(figure.z is not None and abs(figure.z) > LIMIT for figure in figures), figures
