"""Queues in an order of priority for people who finish what is in hand: capacity, and what is refused."""

import pytest

from sim.formula import remarks_of, run_formula
from tests.formula.scenarios import changed, figure

SHARED = """\
careloop: 1
name: Shared
service_level: answered_plus_abandoned_within
calendar: {start: 2026-03-02, days: 7}
streams:
  a: {queue: first, arrivals: {rate: 30 per hour}, handle_time: {exponential: 6 min}}
  b: {queue: second, arrivals: {rate: 20 per hour}, handle_time: {exponential: 6 min}}
  m: {queue: mail, arrivals: {rate: 2 per hour}, handle_time: {exponential: 3 min}}
queues:
  first: {priority: high, target: 80% in 60 s}
  second: {target: 80% in 20 s, patience: {exponential: 60 s}}
  mail: {channel: email, priority: low, interruptible: yes, target: 80% in 4 h}
groups:
  team: {skills: [first, second, mail], agents: 6}
"""
FINISHED = ("interruptible: yes, ", "")


@pytest.mark.parametrize("queue", ["first", "second"])
@pytest.mark.parametrize("measure", ["service_level", "asa", "abandonment"])
def test_a_capacity_that_is_never_hit_changes_nothing(queue: str, measure: str) -> None:
    without = run_formula(changed(text=SHARED))
    limited = run_formula(changed(("20 s, patience", "20 s, capacity: 60, patience"), text=SHARED))
    assert figure(limited, measure, queue) == pytest.approx(figure(without, measure, queue), rel=1e-5)


@pytest.mark.parametrize("patience", ["deterministic: 60 s", "weibull: {mean: 90 s, shape: 1.4}, balk: 5%"])
def test_nor_does_it_where_patience_is_not_exponential(patience: str) -> None:
    patient = ("exponential: 60 s", patience)
    without = run_formula(changed(patient, text=SHARED))
    limited = run_formula(changed(patient, ("20 s, patience", "20 s, capacity: 60, patience"), text=SHARED))
    for measure in ("service_level", "asa", "abandonment"):
        assert figure(limited, measure, "second") == pytest.approx(
            figure(without, measure, "second"), rel=1e-5
        )


def test_who_finds_a_short_line_full_is_refused_and_the_first_wait_as_before() -> None:
    whole = run_formula(changed(text=SHARED))
    short = run_formula(changed(("20 s, patience", "20 s, capacity: 1, patience"), text=SHARED))
    none = run_formula(changed(("20 s, patience", "20 s, capacity: 0, patience"), text=SHARED))
    blocked = [figure(each, "blocked", "second") for each in (whole, short, none)]
    assert 0.0 == blocked[0] < blocked[1] < blocked[2]
    assert figure(short, "service_level", "first") == pytest.approx(
        figure(whole, "service_level", "first"), abs=0.03
    )


def test_no_target_is_judged_where_people_finish_mail_between_calls() -> None:
    scenario = changed(FINISHED, text=SHARED)
    rough = {each.queue for each in remarks_of(scenario) if each.rough}
    assert rough == {"first", "second"}
    shares = run_formula(scenario).attainment.set_index("name")["attained"]
    assert shares[["first", "second"]].isna().all()
    assert shares["mail"] == 1.0
    usual = run_formula(changed(text=SHARED)).attainment["attained"]
    assert not usual.isna().any()
