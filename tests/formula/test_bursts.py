"""What overflows comes in bursts: how uneven that is, and what it does to the people who get it."""

import numpy as np
import pytest

from sim.erlang.overflow import overflow
from sim.experiment import run_scenario
from sim.formula import remarks_of, run_formula
from sim.formula.bursts import peakedness
from tests.formula.scenarios import LINE, changed, figure

LONG = (("days: 2", "days: 6"), ("groups:", "run: {warm_up: 1 day, replications: 12, end: drain}\ngroups:"))
BACKUP = LINE.replace("queues:\n", "queues:\n  backup: {patience: {exponential: 4 min}}\n").replace(
    "groups:\n", "groups:\n  helpers: {skills: [backup], agents: 2}\n"
)
BUSY = "busyness: {day: {cv: 15%}, interval: {cv: 20%}}, "


@pytest.mark.parametrize(("load", "agents"), [(5.0, 5), (20.0, 25), (100.0, 90), (300.0, 320), (2.0, 0)])
def test_without_waiting_it_is_that_of_riordan(load: float, agents: int) -> None:
    served_per_s = 1.0 / 300.0
    joins = [np.array([load * served_per_s])] * (agents + 1)
    found = peakedness(joins, np.arange(agents + 1) * served_per_s, served_per_s)
    assert found[0] == pytest.approx(float(overflow(load, agents).peakedness), rel=1e-9)


def test_no_load_is_too_small_or_too_large() -> None:
    rates = np.array([1e-9, 1e-3, 1.0, 1e3, 1e6])
    found = peakedness([rates] * 400, np.minimum(np.arange(400), 200) / 300.0, 1.0 / 300.0)
    assert np.isfinite(found).all()
    assert found.min() >= 1.0


@pytest.mark.parametrize(
    ("rate", "after", "helpers", "busyness"),
    [
        (45, "5 s", 1, ""),
        (45, "40 s", 2, ""),
        (60, "40 s", 2, BUSY),
        (60, "2 min", 1, ""),
        (60, "5 s", 4, BUSY),
    ],
)
def test_those_who_get_it_do_as_badly_as_simulated(
    rate: int, after: str, helpers: int, busyness: str
) -> None:
    """As if they came by chance, one in a thousand would give up in the second case, not one in twenty."""
    scenario = changed(
        *LONG,
        ("phone: {", f"phone: {{overflow: {{to: backup, after: {after}}}, "),
        ("[backup], agents: 2", f"[backup], agents: {helpers}"),
        ("rate: 60", f"{busyness}rate: {rate}"),
        text=BACKUP,
    )
    formula, simulated = run_formula(scenario), run_scenario(scenario, seed=3)
    wanted = figure(simulated, "abandonment", "backup")
    assert figure(formula, "abandonment", "backup") == pytest.approx(wanted, abs=0.025)
    offered = figure(simulated, "offered", "backup")
    assert figure(formula, "offered", "backup") == pytest.approx(offered, rel=0.08)


def test_places_are_not_counted_where_who_waits_goes_on() -> None:
    """Nobody is refused by a line whose contacts go on before it is full; without waiting, all are."""
    goes_on = ("phone: {", "phone: {capacity: 40, overflow: {to: backup, after: 40 s}, ")
    scenario = changed(*LONG, goes_on, text=BACKUP)
    formula, simulated = run_formula(scenario), run_scenario(scenario, seed=3)
    assert figure(simulated, "blocked") == 0.0
    assert figure(formula, "blocked") == 0.0
    passed = figure(simulated, "overflowed")
    assert figure(formula, "overflowed") == pytest.approx(passed, rel=0.08)
    told = next(each for each in remarks_of(scenario) if each.queue == "phone")
    assert "waiting places: without limit" in told.left_out
    refuses = changed(*LONG, (goes_on[0], goes_on[1].replace("40,", "0,")), text=BACKUP)
    assert figure(run_formula(refuses), "overflowed") == 0.0
    assert figure(run_formula(refuses), "blocked") > 0.0


def test_who_is_lost_where_he_was_passed_on_to_tries_again() -> None:
    """More than half of those who try again gave up at the backup queue."""
    retry = "retry: {share: 50%, after: {exponential: 30 min}, attempts: 2}, "
    scenario = changed(
        *LONG,
        ("phone: {", f"phone: {{{retry}overflow: {{to: backup, after: 30 s}}, "),
        ("[backup], agents: 2", "[backup], agents: 1"),
        text=BACKUP,
    )
    formula, simulated = run_formula(scenario), run_scenario(scenario, seed=3)
    wanted = figure(simulated, "retried")
    assert figure(formula, "retried") == pytest.approx(wanted, rel=0.1)
    assert wanted > 2.0 * 0.5 * figure(simulated, "abandoned")


def test_of_a_chain_all_who_are_lost_come_back() -> None:
    """Where nobody is ever answered, each contact comes once and as often again as it may."""
    text = BACKUP.replace(
        "queues:\n  backup: {", "queues:\n  an_end: {}\n  backup: {overflow: {to: an_end, after: 20 s}, "
    )
    text = text.replace("skills: [backup], agents: 2", "skills: [backup, an_end], agents: 0").replace(
        "agents: 8", "agents: 0"
    )
    retry = "retry: {share: 100%, after: {exponential: 1 min}, attempts: 2}, "
    scenario = changed(
        *LONG,
        ("phone: {", f"phone: {{{retry}overflow: {{to: backup, after: 30 s}}, "),
        text=text,
    )
    result = run_formula(scenario)
    assert figure(result, "offered") == pytest.approx(3.0 * 60 * 48 * 5, rel=1e-3)
