"""Figures that may be many points off are told, and no target is judged by them."""

import pytest

from scenarios import loads
from sim.formula import remarks_of, run_formula
from tests.formula.scenarios import LINE

BACKUP = (
    LINE.replace("phone: {", "phone: {hours: desk, overflow: {to: backup, after: 20 s}, ")
    .replace("queues:\n", "queues:\n  backup: {hours: desk, patience: {exponential: 4 min}}\n")
    .replace("groups:\n", "groups:\n  helpers: {skills: [backup], agents: 2}\n")
    .replace("arrivals: {rate: 60 per 30 min}", "arrivals: {rate: 60 per 30 min, hours: desk}")
)
LATE = BACKUP.replace("{hours: desk, patience", "{hours: late, patience").replace(
    'desk: {daily: "08:00-12:00"}', 'desk: {daily: "08:00-12:00"}, late: {daily: "09:00-12:00"}'
)
MAIL = """\
careloop: 1
name: Mail
service_level: offered
calendar: {start: 2026-03-02, days: 7}
streams: {mails: {queue: mail, arrivals: {rate: 21 per hour}, handle_time: {exponential: 8 min}}}
queues: {mail: {channel: email, target: 80% in 8 h}}
groups: {team: {skills: [mail], agents: 3}}
"""
FULL = BACKUP.replace("{hours: desk, patience", "{hours: desk, capacity: 3, patience")
CASES = {
    "plain": (LINE, []),
    "overflow": (BACKUP, []),
    "wider hours": (BACKUP.replace("{hours: desk, patience", "{patience"), []),
    "closed": (LATE, ["backup", "phone"]),
    "full": (FULL, ["backup", "phone"]),
    "patient": (BACKUP.replace(", patience: {exponential: 4 min}", ""), ["backup"]),
    "lines": (LINE.replace("phone: {", "phone: {lines: 12, "), ["phone"]),
    "calls back": (LINE.replace("phone: {", "phone: {call_back: {over: 1 min, accepts: 50%}, "), ["phone"]),
    "on call": (
        MAIL.replace("agents: 3", "agents: 3, on_call: {answers: {exponential: 5 min}}"),
        ["mail"],
    ),
    "hurry": (MAIL.replace("agents: 3", "agents: 3, hurry: {from_waiting: 3, speeds_up: 10%}"), ["mail"]),
    "mail": (MAIL, []),
    "mail, soon": (MAIL.replace("80% in 8 h", "80% in 10 min"), ["mail"]),
    "mail, impatient": (MAIL.replace("in 8 h", "in 8 h, patience: {exponential: 1 h}"), ["mail"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_may_be_far_off_is_told_and_not_judged(name: str) -> None:
    text, wanted = CASES[name]
    scenario = loads(text)
    assert sorted(each.queue for each in remarks_of(scenario) if each.rough) == wanted
    judged = run_formula(scenario).attainment
    queue = next(iter(set(scenario.queues) - {"backup"}))
    assert judged["attained"].isna().all() == (queue in wanted)


def test_bursts_do_not_make_waits_without_end() -> None:
    """Where nobody gives up, a burst that never ended would be more than the backup can do."""
    text, _ = CASES["patient"]
    measures = run_formula(loads(text)).measures
    asa = measures[(measures.measure == "asa") & (measures.name == "backup")]
    assert 0.0 < float(asa["mean"].iloc[0]) < 600.0


def test_who_is_passed_on_twice_comes_all_the_same() -> None:
    """The end of a chain has no streams, nor has the queue before it."""
    text = BACKUP.replace(
        "  backup: {",
        "  end: {patience: {exponential: 4 min}}\n  backup: {overflow: {to: end, after: 20 s}, ",
    )
    text = text.replace("[backup], agents: 2", "[backup], agents: 1").replace(
        "groups:\n", "groups:\n  others: {skills: [end], agents: 1}\n"
    )
    scenario = loads(text)
    end = next(each for each in remarks_of(scenario) if each.queue == "end")
    assert end.formula == "Erlang A"
    assert "nobody ever comes" not in end.missing
    measures = run_formula(scenario).measures
    offered = measures[(measures.measure == "offered") & (measures.name == "end")]
    assert float(offered["mean"].iloc[0]) > 1.0
