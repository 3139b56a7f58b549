"""Formulas against the simulator where they assume nothing that the scenario does not say: z-scores."""

import pytest

from scenarios import Scenario
from sim.experiment import run_scenario
from sim.formula import remarks_of, run_formula
from tests.formula.scenarios import LINE, changed, figure

MEASURES = (
    "offered", "handled", "abandoned", "blocked", "retried", "abandonment", "delayed", "service_level",
    "asa", "mean_wait", "aht", "mean_queue", "occupancy", "time_idle", "time_working", "time_sharing",
    "chats_at_once",
)  # fmt: skip
LONG = (("days: 2", "days: 5"), ("groups:", "run: {warm_up: 1 day, replications: 12, end: drain}\ngroups:"))
PATIENCE = "patience: {exponential: 4 min}"
CHATS = LINE.replace("phone: {", "phone: {channel: chat, ").replace(
    "agents: 8", "agents: 1, concurrency: {chats: 3, slowdown: [1.0, 1.15, 1.4]}"
)
MAIL = LINE.replace(
    "queues:\n",
    "  mails: {queue: mail, arrivals: {rate: 6 per 30 min}, handle_time: {exponential: 7 min}}\n"
    "queues:\n  mail: {channel: email, priority: low, interruptible: yes}\n",
).replace("skills: [phone]", "skills: [phone, mail]")
BACKUP = LINE.replace("queues:\n", "queues:\n  backup: {}\n").replace(
    "groups:\n", "groups:\n  helpers: {skills: [backup], agents: 200}\n"
)
CASES: dict[str, Scenario] = {
    "Erlang A": changed(*LONG),
    "Erlang A, overload": changed(*LONG, ("agents: 8", "agents: 5")),
    "Erlang C": changed(*LONG, (f", {PATIENCE}", "")),
    "balking": changed(*LONG, ("4 min}", "4 min, balk: 10%}")),
    "Weibull patience": changed(*LONG, (PATIENCE, "patience: {weibull: {mean: 4 min, shape: 2}}")),
    "lognormal patience": changed(*LONG, (PATIENCE, "patience: {lognormal: {mean: 2 min, cv: 1.5}}")),
    "deterministic patience": changed(*LONG, (PATIENCE, "patience: {deterministic: 90 s}")),
    "limited line": changed(*LONG, ("phone: {", "phone: {capacity: 2, ")),
    "Erlang B": changed(*LONG, ("phone: {", "phone: {capacity: 0, ")),
    "interrupted mail": changed(*LONG, text=MAIL),
    "overflow": changed(*LONG, ("phone: {", "phone: {overflow: {to: backup, after: 40 s}, "), text=BACKUP),
    "one who chats": changed(*LONG, ("rate: 60", "rate: 11"), text=CHATS),
}


@pytest.mark.parametrize("name", CASES)
def test_the_formula_is_where_the_simulation_is(name: str) -> None:
    scenario = CASES[name]
    formula = run_formula(scenario).measures
    simulated = run_scenario(scenario, seed=11).measures
    wanted = {
        (m, s, n): mean
        for m, s, n, mean in zip(*(formula[c] for c in ("measure", "scope", "name", "mean")), strict=True)
    }
    scores = {
        (m, s, n): (mean - wanted[m, s, n]) / max(se, 1e-9)
        for m, s, n, mean, se in zip(
            *(simulated[c] for c in ("measure", "scope", "name", "mean", "se")), strict=True
        )
        if m in MEASURES and n in ("phone", "team") and (m, s, n) in wanted
    }
    assert len(scores) >= 12
    if name in ("overflow", "interrupted mail"):  # who is passed on comes to others; mail is a flow
        scores = {key: z for key, z in scores.items() if key[1] == "queue"}
    assert {key: round(z, 1) for key, z in scores.items() if abs(z) > 4} == {}


def test_these_are_the_cases_that_are_called_exact() -> None:
    exact = {
        name
        for name, each in CASES.items()
        if all(r.is_exact for r in remarks_of(each) if r.queue == "phone")
    }
    assert set(CASES) - exact == {"overflow", "one who chats"}


@pytest.mark.parametrize(("mails", "apart"), [(6, 0.05), (60, 0.06)])
def test_mail_that_must_be_finished_first_is_in_the_way(mails: int, apart: float) -> None:
    """A few a half hour, and more than can ever be done; without them the service level would be 83 %."""
    text = MAIL.replace(", interruptible: yes", "").replace("rate: 6 per", f"rate: {mails} per")
    scenario = changed(*LONG, text=text)
    formula, simulated = run_formula(scenario), run_scenario(scenario, seed=5)
    for measure in ("service_level", "abandonment", "delayed"):
        assert figure(formula, measure) == pytest.approx(figure(simulated, measure), abs=apart), measure
    assert figure(simulated, "service_level") < 0.78
