"""What becomes of the contacts of a line, against exact solutions that were not made here."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios.model import Distribution, Phase
from sim.erlang import Line, steady, within
from sim.formula.columns import PER_CONTACT, ROW
from sim.formula.demand import Limits
from sim.formula.waiting import Asked, Config, solved

CASES = json.loads((Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8"))
UNIT_S = 300.0  # of the cases' unit of time
KNOWN = ("deterministic", "erlang", "hyperexp2 balanced means", "weibull")


def patience_of(case: dict[str, Any]) -> Distribution:
    """The patience of a case of M/M/n+G, in seconds."""
    law = case["params"]["patience"]
    mean_s = law.get("mean", law.get("value", 1.0)) * UNIT_S
    if "balking" in law["kind"]:
        return Distribution(kind="exponential", mean_s=mean_s, balk=0.1)
    if law["kind"].startswith("hyperexp2"):
        phases = Phase(law["p1"], UNIT_S / law["rate1"]), Phase(1.0 - law["p1"], UNIT_S / law["rate2"])
        return Distribution(kind="hyperexponential", mean_s=mean_s, phases=phases)
    if law["kind"] == "erlang":
        return Distribution(kind="erlang", mean_s=mean_s, k=law["shape"])
    return Distribution(kind=law["kind"], mean_s=mean_s, shape=law.get("shape"))


def solve(asked: Asked, config: Config, per_hour: float) -> dict[str, float]:
    """One rate, by name."""
    found = solved(asked, config, np.array([per_hour]))
    return dict(zip(PER_CONTACT, found[: len(PER_CONTACT), 0].tolist(), strict=True))


def general_cases() -> list[dict[str, Any]]:
    cases = [case for case in CASES if case["model"] == "M/M/n+G"]
    return [
        c
        for c in cases
        if c["params"]["patience"]["kind"] in KNOWN or "balk" in c["params"]["patience"]["kind"]
    ]


@pytest.mark.parametrize("case", general_cases(), ids=lambda case: case["id"])
def test_general_patience_is_exact(case: dict[str, Any]) -> None:
    """Zeltyn and Mandelbaum's model, by quadrature to ten digits."""
    params, wanted = case["params"], case["outputs"]
    limits = Limits(params["threshold"] * UNIT_S, 5.0, ())
    asked = Asked(patience_of(case), math.inf, limits)
    found = solve(asked, Config(UNIT_S, params["agents"]), params["arrival_rate"] * 3600.0 / UNIT_S)
    assert found["delayed"] == pytest.approx(wanted["prob_wait"], rel=1e-8)
    assert found["abandoned"] == pytest.approx(wanted["prob_abandon"], rel=1e-8)
    waited = found["wait_answered"] + found["wait_abandoned"]
    assert waited / UNIT_S == pytest.approx(wanted["mean_wait"], rel=1e-8)
    if "prob_served_within_T" in wanted:
        assert found["answered_within"] == pytest.approx(wanted["prob_served_within_T"], rel=1e-8)
    if "mean_wait_served" in wanted:
        served = found["wait_answered"] / found["answered"] / UNIT_S
        assert served == pytest.approx(wanted["mean_wait_served"], rel=1e-8)


@pytest.mark.parametrize("people", [1, 3, 8, 30, 100, 1000])
@pytest.mark.parametrize("used", [0.01, 0.5, 0.9, 1.0, 1.3, 3.0])
@pytest.mark.parametrize("patience_s", [10.0, 240.0, 24_000.0])
def test_exponential_patience_is_erlang_a(people: int, used: float, patience_s: float) -> None:
    per_hour = used * people * 3600.0 / UNIT_S
    line = Line(per_hour, UNIT_S, float(people), patience_s)
    exact, soon, short = steady(line), within(line, 20.0), within(line, 5.0)
    asked = Asked(Distribution(kind="exponential", mean_s=patience_s), math.inf, Limits(20.0, 5.0, (60.0,)))
    found = solve(asked, Config(UNIT_S, people), per_hour)
    for name, value in (
        ("delayed", exact.delayed), ("answered", exact.answered), ("abandoned", exact.abandoned),
        ("answered_within", soon.answered), ("abandoned_within", soon.abandoned),
        ("abandoned_short", short.abandoned), ("wait_answered", exact.asa_s * exact.answered),
        ("wait_abandoned", exact.wait_abandoned_s * exact.abandoned), ("handled", exact.answered * UNIT_S),
    ):  # fmt: skip
        assert found[name] == pytest.approx(float(value), rel=1e-7, abs=1e-9), name


def test_without_patience_it_is_erlang_c() -> None:
    asked = Asked(None, math.inf, Limits(20.0, 5.0, ()))
    line = Line(120.0, 180.0, 8.0)
    found = solve(asked, Config(180.0, 8), 120.0)
    assert found["wait_answered"] == pytest.approx(float(steady(line).asa_s), rel=1e-10)
    assert found["answered_within"] == pytest.approx(float(within(line, 20.0).answered), rel=1e-10)
    late = solve(asked, Config(180.0, 5), 120.0)
    assert (late["wait_answered"], late["answered_within"], late["delayed"]) == (math.inf, 0.0, 1.0)


@pytest.mark.parametrize("places", [0.0, 3.0])
def test_a_limited_line_is_the_exact_one(places: float) -> None:
    asked = Asked(Distribution(kind="exponential", mean_s=240.0), places, Limits(20.0, 5.0, ()))
    found = solve(asked, Config(180.0, 8), 200.0)
    exact = steady(Line(200.0, 180.0, 8.0, 240.0, places))
    assert found["blocked"] == pytest.approx(float(exact.blocked), rel=1e-12)
    assert found["abandoned"] == pytest.approx(float(exact.abandoned), rel=1e-12)


@pytest.mark.parametrize("patience", [None, Distribution(kind="exponential", mean_s=60.0, balk=0.25)])
def test_nobody_at_work_is_an_answer(patience: Distribution | None) -> None:
    found = solve(Asked(patience, math.inf, Limits(60.0, 5.0, ())), Config(180.0, 0), 20.0)
    if patience is None:
        assert (found["answered"], found["wait_answered"]) == (1.0, math.inf)
        return
    assert found["abandoned"] == 1.0
    assert found["abandoned_within"] == pytest.approx(0.25 + 0.75 * (1.0 - math.exp(-1.0)))
    assert found["wait_abandoned"] == pytest.approx(45.0)


def chat_cases() -> list[dict[str, Any]]:
    cases = [case for case in CASES if case["model"].startswith("Chat concurrency")]
    return [case for case in cases if "least" in case["params"].get("routing", "")]


@pytest.mark.parametrize("case", chat_cases(), ids=lambda case: case["id"])
def test_the_chat_chain_is_near_the_exact_one(case: dict[str, Any]) -> None:
    """Chats spread evenly at all times: the share that waits is off by less than 2 points."""
    params, wanted = case["params"], case["outputs"]
    rates = params["per_chat_rate_by_concurrency"]
    asked = Asked(
        Distribution(kind="exponential", mean_s=UNIT_S / params["patience_rate"]),
        math.inf,
        Limits(20.0, 5.0, ()),
        tuple(rates[0] / rate for rate in rates),
    )
    found = solve(
        asked, Config(UNIT_S / rates[0], params["agents"]), params["arrival_rate"] * 3600.0 / UNIT_S
    )
    assert found["delayed"] == pytest.approx(wanted["prob_wait"], abs=0.02)
    assert found["abandoned"] == pytest.approx(wanted["prob_abandon"], abs=0.01)
    in_hand = found["handled"] * params["arrival_rate"] / UNIT_S
    assert in_hand == pytest.approx(wanted["mean_chats_in_service"], rel=0.03)
    if params["agents"] == 1:
        assert found["delayed"] == pytest.approx(wanted["prob_wait"], rel=1e-9)


def test_who_moves_on_after_a_time_neither_waits_nor_gives_up_later() -> None:
    """With the time without end it is the same line without overflow; with none, everybody moves at once."""
    patience = Distribution(kind="exponential", mean_s=240.0)
    limits = Limits(20.0, 5.0, ())
    never = solve(Asked(patience, math.inf, limits), Config(180.0, 8), 200.0)
    late = solve(Asked(patience, math.inf, limits, moves_after_s=1e5), Config(180.0, 8), 200.0)
    for name, value in never.items():
        assert late[name] == pytest.approx(value, rel=1e-7, abs=1e-12), name
    soon = solve(Asked(patience, math.inf, limits, moves_after_s=1e-6), Config(180.0, 8), 200.0)
    assert soon["overflowed"] == pytest.approx(
        float(steady(Line(200.0, 180.0, 8.0, places=0)).blocked), rel=1e-5
    )
    some = solve(Asked(None, math.inf, limits, moves_after_s=60.0), Config(180.0, 8), 200.0)
    assert some["answered"] + some["overflowed"] == pytest.approx(1.0, rel=1e-9)
    assert some["abandoned"] == pytest.approx(0.0, abs=1e-12)


def rows(shares: NDArray[np.float64]) -> dict[str, float]:
    return {name: float(shares[row, 0]) for name, row in ROW.items()}


@pytest.mark.parametrize("kind", ["weibull", "gamma", "erlang"])
def test_a_shape_of_one_is_exponential(kind: str) -> None:
    limits = Limits(20.0, 5.0, ())
    one = Distribution(kind=kind, mean_s=240.0, shape=1.0, k=1)
    same = Distribution(kind="exponential", mean_s=240.0)
    found = solve(Asked(one, math.inf, limits), Config(180.0, 8), 200.0)
    for name, value in solve(Asked(same, math.inf, limits), Config(180.0, 8), 200.0).items():
        assert found[name] == pytest.approx(value, rel=1e-8, abs=1e-12), name


@pytest.mark.parametrize("kind", ["lognormal", "empirical", "deterministic"])
def test_everybody_is_answered_gives_up_or_moves(kind: str) -> None:
    from scenarios.model import Quantile

    patience = Distribution(
        kind=kind,
        mean_s=120.0,
        cv=1.2,
        quantiles=(Quantile(0.0, 0.0), Quantile(0.6, 60.0), Quantile(1.0, 400.0)),
    )
    for moves in (math.inf, 45.0):
        found = solve(
            Asked(patience, math.inf, Limits(20.0, 5.0, ()), moves_after_s=moves), Config(180.0, 4), 100.0
        )
        assert found["answered"] + found["abandoned"] + found["overflowed"] == pytest.approx(1.0, rel=1e-10)
        assert 0.0 < found["abandoned_within"] <= found["abandoned"] or kind == "deterministic"
