"""The formulas against exact cases, and where numbers get large, small or absurd."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from sim.erlang import Line, erlang_a, erlang_c
from sim.erlang.line import inverse_erlang_b

CASES = json.loads((Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8"))
EXACT = 1e-11  # relative


def cases(model: str) -> list[Any]:
    return [pytest.param(c["params"], c["outputs"], id=c["id"]) for c in CASES if c["model"] == model]


@pytest.mark.parametrize(("p", "out"), cases("Erlang B (M/M/n/n)"))
def test_erlang_b(p: dict[str, Any], out: dict[str, Any]) -> None:
    assert 1 / inverse_erlang_b(p["offered_load_erlangs"], p["servers"]) == pytest.approx(
        out["blocking"], rel=EXACT
    )


@pytest.mark.parametrize(("p", "out"), cases("Erlang C (M/M/n)"))
def test_erlang_c(p: dict[str, Any], out: dict[str, Any]) -> None:
    solved = erlang_c(Line(p["calls"] * 3600 / p["interval_s"], p["aht_s"], p["agents"]))
    assert solved.steady.delayed == pytest.approx(out["prob_wait"], rel=EXACT)
    assert solved.steady.asa_s == pytest.approx(out["asa_s"], rel=EXACT)
    assert solved.within(p["threshold_s"]).answered == pytest.approx(out["service_level"], rel=EXACT)


@pytest.mark.parametrize(("p", "out"), cases("Erlang A (M/M/n+M)"))
def test_erlang_a(p: dict[str, Any], out: dict[str, Any]) -> None:
    """Times of the cases have no unit; they are taken for seconds here."""
    line = Line(p["arrival_rate"] * 3600, 1 / p["service_rate"], p["agents"])
    solved = erlang_a(line, 1 / p["patience_rate"])
    within = solved.within(p["threshold"])
    assert solved.steady.delayed == pytest.approx(out["prob_wait"], rel=EXACT)
    assert solved.steady.abandoned == pytest.approx(out["prob_abandon"], rel=EXACT)
    assert solved.steady.asa_s == pytest.approx(out["mean_wait_served"], rel=EXACT)
    assert within.answered == pytest.approx(out["prob_served_within_T"], rel=EXACT)
    assert within.abandoned == pytest.approx(out["prob_abandon_within_T"], rel=EXACT)


def test_more_work_than_people_is_an_answer() -> None:
    for agents in (0, 9, 10):
        solved = erlang_c(Line(200.0, 180.0, agents))
        assert (solved.steady.asa_s, solved.within(20.0).answered) == (math.inf, 0.0)
    swamped = erlang_a(Line(600_000.0, 300.0, 100), 60.0)
    assert swamped.steady.answered == pytest.approx(100 / 50_000, rel=1e-9)
    assert swamped.steady.asa_s == pytest.approx(60 * math.log(500), rel=0.01), "the fluid limit"


def test_nobody_at_work_answers_nobody() -> None:
    solved = erlang_a(Line(100.0, 300.0, 0), 60.0)
    assert solved.steady.abandoned == 1
    assert math.isnan(solved.steady.asa_s)
    assert solved.within(60.0).abandoned == pytest.approx(1 - math.exp(-1))


def test_endless_patience_is_erlang_c() -> None:
    line = Line(300.0, 300.0, 29)
    patient, endless = erlang_a(line, 3e9), erlang_c(line)
    assert patient.steady.delayed == pytest.approx(endless.steady.delayed, rel=1e-6)
    assert patient.steady.asa_s == pytest.approx(endless.steady.asa_s, rel=1e-6)
    assert patient.within(20.0).answered == pytest.approx(endless.within(20.0).answered, rel=1e-6)


def test_no_patience_is_erlang_b() -> None:
    solved = erlang_a(Line(3600.0, 300.0, 300), 1e-6)
    assert solved.steady.abandoned == pytest.approx(1 / inverse_erlang_b(300.0, 300), rel=1e-4)


@settings(deadline=None, max_examples=50)
@given(
    st.integers(1, 5000),
    st.floats(0.05, 3.0),
    st.floats(1.0, 3600.0),
    st.floats(1.0, 36_000.0),
    st.floats(0.0, 600.0),
)
def test_flows_balance_whatever_the_size(
    agents: int, used: float, handle_s: float, patience_s: float, after_s: float
) -> None:
    """Little's law: who abandons = those waiting / patience; the answered are the busy / handle time."""
    line = Line(used * agents * 3600 / handle_s, handle_s, agents)
    solved = erlang_a(line, patience_s)
    steady, within = solved.steady, solved.within(after_s)
    assert 0 <= steady.delayed <= 1
    assert 0 <= within.answered <= steady.answered * (1 + 1e-9)
    assert 0 <= within.abandoned <= steady.abandoned + 1e-9
    assert steady.answered * line.load <= agents * (1 + 1e-9)
    assert steady.asa_s >= 0
    later = solved.within(after_s + 60.0)
    assert later.answered >= within.answered - 1e-9
    ever = solved.within(1e9)
    assert ever.answered == pytest.approx(steady.answered, abs=1e-9)
    assert ever.abandoned == pytest.approx(steady.abandoned, abs=1e-9)


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 300), st.floats(0.3, 1.5), st.floats(5.0, 600.0))
def test_the_mean_wait_is_that_of_its_distribution(agents: int, used: float, patience_s: float) -> None:
    """The mean is a sum over states, the distribution an integral: two ways to the same number."""
    solved = erlang_a(Line(used * agents * 20.0, 180.0, agents), patience_s)
    longest = 40.0 * (patience_s + 180.0)
    waits, _ = integrate.quad(
        lambda t: solved.steady.answered - solved.within(t).answered,
        0.0,
        longest,
        limit=400,
        points=[1.0, 5.0, 20.0, 60.0, 120.0, 240.0, 480.0, 960.0, 2000.0],
    )
    assert waits == pytest.approx(solved.steady.asa_s * solved.steady.answered, rel=1e-6, abs=1e-9)
