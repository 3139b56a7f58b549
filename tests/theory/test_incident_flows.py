"""Incidents against their laws (`incident_flows.py`): starts, and contacts that they bring."""

from collections.abc import Callable
from typing import Final

import pytest

from .builders import Row
from .case_runs import run_flow
from .figures import Judged
from .incident_flows import FLOWS

MODEL: Final = "Incidents"
LIMIT: Final = 4.0
QUICK: Final = 1e5
FULL: Final = 1e6


def refused(figures: tuple[Judged, ...]) -> list[Judged]:
    """The figures that theory contradicts, or that there is too little to judge by."""
    return [figure for figure in figures if figure.z is None or not abs(figure.z) <= LIMIT]


@pytest.mark.parametrize("name", FLOWS)
def test_incidents_agree_with_theory(name: str) -> None:
    came, figures = run_flow(name, FLOWS[name], QUICK)
    assert came > 0.5 * QUICK
    assert refused(figures) == []


@pytest.mark.verify
@pytest.mark.parametrize("name", FLOWS)
def test_incidents_agree_with_theory_in_full(name: str, report: Callable[[Row], None]) -> None:
    came, figures = run_flow(name, FLOWS[name], FULL)
    report(Row(name, MODEL, came, figures))
    assert refused(figures) == []


def test_a_wrong_figure_of_incidents_is_refused() -> None:
    """Every expected value that is half as much again is found out."""
    for name, flow in FLOWS.items():
        off = {figure: (1.5 * expected, ratio) for figure, (expected, ratio) in flow.figures.items()}
        _, figures = run_flow(name, flow._replace(figures=off), QUICK)
        assert all(figure.z is not None and abs(figure.z) > LIMIT for figure in figures), figures
