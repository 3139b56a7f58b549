"""Formula beside simulation: which queues have one, and what it is given."""

import math

import pytest

from reports.formula import LABELS, beside, obstacle
from reports.steady import answer_of
from scenarios import Scenario, loads
from sim.erlang import Line, steady, within
from sim.experiment import Result

TEXT = """\
careloop: 1
name: A line
service_level: answered_plus_abandoned_within
calendar: {start: 2026-03-02, days: 2, interval: 30 min, hours: {desk: {daily: "08:00-12:00"}}}
streams:
  calls: {queue: phone, arrivals: {rate: 60 per 30 min}, handle_time: {exponential: 3 min}}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: 8}
"""


def changed(*pairs: tuple[str, str]) -> Scenario:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return loads(text)


def test_a_plain_line_gets_the_formula_itself() -> None:
    line = Line(120.0, 180.0, 8, 240.0)
    in_time = within(line, 20.0)
    answer = answer_of(changed(), "phone")
    assert answer is not None
    assert answer.service_level == pytest.approx(in_time.answered + in_time.abandoned, rel=1e-12)
    assert answer.asa_s == pytest.approx(steady(line).asa_s, rel=1e-12)
    assert answer.abandonment == pytest.approx(steady(line).abandoned, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("answered_only", lambda s, w, h: w.answered / s.answered),
        ("offered", lambda s, w, h: w.answered),
        ("exclude_abandoned_within", lambda s, w, h: w.answered / (1 - w.abandoned)),
        ("short_abandon_credit", lambda s, w, h: w.answered + h.abandoned),
        ("exclude_short_abandons", lambda s, w, h: w.answered / (1 - h.abandoned)),
    ],
)
def test_the_service_level_is_the_named_one(name: str, formula: object) -> None:
    line = Line(120.0, 180.0, 8, 240.0)
    answer = answer_of(changed(("answered_plus_abandoned_within", name)), "phone")
    assert answer is not None
    assert callable(formula)
    expected = formula(steady(line), within(line, 20.0), within(line, 5.0))
    assert answer.service_level == pytest.approx(expected, rel=1e-12)


def test_nobody_gives_up_without_patience() -> None:
    line = Line(120.0, 180.0, 8)
    answer = answer_of(changed((", patience: {exponential: 4 min}", "")), "phone")
    assert answer is not None
    assert answer.abandonment == 0
    assert answer.asa_s == pytest.approx(steady(line).asa_s, rel=1e-12)
    assert answer.service_level == pytest.approx(within(line, 20.0).answered, rel=1e-12)


def test_intervals_count_by_their_contacts() -> None:
    """60 calls in each half hour of the morning, 20 in those of the afternoon."""
    rate = 'by_interval: {daily: {"08:00-12:00": 480, "12:00-16:00": 160}}'
    parts = [(480.0, steady(Line(120.0, 180.0, 8, 240.0))), (160.0, steady(Line(40.0, 180.0, 8, 240.0)))]
    answer = answer_of(changed(("rate: 60 per 30 min", rate)), "phone")
    assert answer is not None
    lost = sum(n * each.abandoned for n, each in parts) / 640
    waited = sum(n * each.answered * each.asa_s for n, each in parts)
    assert answer.abandonment == pytest.approx(lost, rel=1e-12)
    assert answer.asa_s == pytest.approx(waited / sum(n * e.answered for n, e in parts), rel=1e-12)


@pytest.mark.parametrize(
    "agents",
    [
        'agents: {"08:00-10:15": 8, "10:15-12:00": 9}',
        'shifts: [{agents: 8, hours: "08:00-12:00"}, {agents: 1, hours: "10:15-12:00"}]',
    ],
)
def test_people_who_come_within_an_interval_count_from_then_on(agents: str) -> None:
    answer = answer_of(changed(("agents: 8", agents), ("phone: {", "phone: {hours: desk, ")), "phone")
    assert answer is not None
    few, many = (steady(Line(120.0, 180.0, n, 240.0)).abandoned for n in (8, 9))
    assert answer.abandonment == pytest.approx((few * 135 + many * 105) / 240, rel=1e-12)


def test_a_night_shift_works_on_the_next_morning_and_on_the_first() -> None:
    night = 'shifts: [{agents: 8, hours: "20:00-08:00"}, {agents: 8, hours: "08:00-20:00"}]'
    full, plain = answer_of(changed(("agents: 8", night)), "phone"), answer_of(changed(), "phone")
    assert full is not None
    assert plain is not None
    assert full.abandonment == pytest.approx(plain.abandonment, rel=1e-12)


def test_fast_people_need_less_time_each() -> None:
    answer = answer_of(changed(("agents: 8", "agents: 8, speed: 2")), "phone")
    assert answer is not None
    assert answer.abandonment == pytest.approx(steady(Line(120.0, 90.0, 8, 240.0)).abandoned, rel=1e-12)


def test_nobody_at_work_is_an_answer() -> None:
    impatient = answer_of(changed(("agents: 8", "agents: 0")), "phone")
    assert impatient is not None
    assert impatient.abandonment == 1
    assert math.isnan(impatient.asa_s)
    patient = answer_of(
        changed(("agents: 8", "agents: 5"), (", patience: {exponential: 4 min}", "")), "phone"
    )
    assert patient is not None
    assert (patient.service_level, patient.asa_s, patient.overloaded) == (0.0, math.inf, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("phone: {", "phone: {channel: chat, ", "several at a time"),
        ("phone: {", "phone: {channel: email, ", "never in steady state"),
        ("phone: {", "phone: {capacity: 3, ", "limited"),
        ("{exponential: 4 min}}", "{lognormal: {mean: 4 min, cv: 1}}}", "not exponential"),
        ("{exponential: 4 min}}", "{exponential: 4 min, balk: 2%}}", "leave at once"),
        ("team: {", "more: {skills: [phone], agents: 1}\n  team: {", "several groups"),
        ("handle_time: {", "backlog: 3, handle_time: {", "waiting at the start"),
    ],
)
def test_what_a_formula_cannot_know_is_told(old: str, new: str, why: str) -> None:
    text = (
        TEXT.replace("agents: 8}", "agents: 8, concurrency: {chats: 1, slowdown: [1.0]}}")
        if "chat" in new
        else TEXT
    )
    assert why in obstacle(loads(text.replace(old, new)), "phone")


def test_people_who_do_other_work_have_no_formula(scenario: Scenario) -> None:
    text = TEXT.replace("skills: [phone]", "skills: [phone, other]").replace(
        "queues:\n", "queues:\n  other: {overflow: {to: phone, after: 60 s}}\n"
    )
    known = loads(text)
    assert obstacle(known, "phone") == "its people serve other queues too"
    assert obstacle(known, "other").startswith("no stream")
    assert obstacle(scenario, "phone") == ""


def test_formula_and_simulation_stand_side_by_side(result: Result) -> None:
    phone, mail = beside(result)
    assert (phone.queue, phone.name, len(phone.rows)) == ("phone", "Erlang A", len(LABELS))
    assert str(phone.rows[0].simulated) == "82.4 % ± 0.6"
    assert phone.rows[0].formula.endswith(" %")
    assert not mail.rows
    assert "steady state" in mail.why_none


def test_a_line_without_end_says_so(result: Result) -> None:
    known = changed(("agents: 8", "agents: 5"), (", patience: {exponential: 4 min}", ""))
    phone = beside(result._replace(scenario=known))[0]
    assert [row.formula for row in phone.rows] == ["0.0 %", "without end", "0.0 %"]
    assert "100.0 % of them come when there is more work than people" in phone.overload
