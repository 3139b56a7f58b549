"""Formulas beside a simulation: a row for every queue that has one, and what they leave out."""

import math

import pytest

from reports.formula import MEASURED, NO_END, beside, formula_lines
from scenarios import Scenario, loads
from sim.experiment import Result
from sim.formula import ENGINE, remarks_of, run_formula
from tests.formula.scenarios import LINE, changed


@pytest.mark.parametrize(
    ("old", "new", "formula", "told"),
    [
        ("agents: 8", "agents: 8", "Erlang A", ""),
        (", patience: {exponential: 4 min}", "", "Erlang C", ""),
        ("{exponential: 4 min}}", "{exponential: 4 min, balk: 2%}}", "Erlang A with balking", ""),
        ("{exponential: 4 min}}", "{weibull: {mean: 4 min, shape: 2}}}", "M/M/n+G with Weibull patience", ""),
        ("phone: {", "phone: {capacity: 0, ", "Erlang B", ""),
        ("phone: {", "phone: {capacity: 3, ", "M/M/n/K+M", ""),
        ("phone: {", "phone: {retry: {share: 40%, after: {exponential: 15 min}}, ", "Erlang X", "retries"),
        ("phone: {", "phone: {channel: email, ", "Backlog recursion", "patience"),
        ("{exponential: 3 min}", "{lognormal: {mean: 3 min, cv: 1.2}}", "Erlang A", "handle times"),
        ("rate: 60 per 30 min", "rate: 60 per 30 min, hours: desk", "Erlang A", "time"),
        ("rate: 60 per 30 min", "rate: 60 per 30 min, busyness: {day: {cv: 10%}}", "Erlang A", "busyness"),
        ("handle_time: {", "backlog: 3, handle_time: {", "Erlang A", "backlog"),
        ("team: {", "more: {skills: [phone], agents: 1}\n  team: {", "Erlang A", "several groups"),
        (
            "team: {",
            "more: {skills: [phone], agents: 1, speed: 2}\n  team: {",
            "Erlang A",
            "people of different speed",
        ),
        ("agents: 8", "agents: 8, hours: desk", "Erlang A", "leaving"),
    ],
)
def test_every_feature_that_a_formula_does_not_know_is_told(
    old: str, new: str, formula: str, told: str
) -> None:
    (remarks,) = remarks_of(changed((old, new)))
    assert remarks.formula == formula
    words = [text for text in (*remarks.approximated, *remarks.left_out) if text.startswith(told)]
    assert bool(words) == bool(told)
    assert remarks.is_exact == (not told)


def test_shared_people_are_told(scenario: Scenario) -> None:
    more = "  more: {queue: other, arrivals: {rate: 1 per h}, handle_time: {exponential: 3 min}}\n"
    text = LINE.replace("[phone]", "[phone, other]").replace("queues:\n", f"{more}queues:\n  other: {{}}\n")
    phone, other = sorted(remarks_of(loads(text)), key=lambda each: each.queue != "phone")
    assert any(words.startswith("priority: waits as if without other") for words in phone.approximated)
    assert any(words.startswith("priority: waits as if without phone") for words in other.approximated)
    mail = text.replace("other: {}", "other: {channel: email}")
    phone, other = sorted(remarks_of(loads(mail)), key=lambda each: each.queue != "phone")
    assert "work in hand: people are at other whenever free, and finish that first" in phone.approximated
    chats = loads(mail.replace("channel: email", "channel: chat"))
    phone, other = sorted(remarks_of(chats), key=lambda each: each.queue != "phone")
    assert "work in hand: nobody has to finish other first" in phone.left_out
    assert any(words.startswith("people shared with phone") for words in other.approximated)
    assert all(each.is_exact or each.queue == "mail" for each in remarks_of(scenario))


def test_overflow_is_told_on_both_sides() -> None:
    text = (
        LINE.replace("phone: {", "phone: {overflow: {to: other, after: 60 s}, ")
        .replace("queues:\n", "queues:\n  other: {}\n")
        .replace("skills: [phone]", "skills: [[phone, other]]")
    )
    other, phone = remarks_of(loads(text))
    assert any(words.startswith("overflow: other always takes") for words in phone.approximated)
    assert any(words.startswith("overflow: bursts from phone") for words in other.approximated)
    assert any("go on at another queue" in words for words in phone.missing)


def test_formula_and_simulation_stand_side_by_side(result: Result) -> None:
    phone, mail = beside(result)
    assert (phone.queue, phone.name, len(phone.rows)) == ("phone", "Erlang A", len(MEASURED))
    assert str(phone.rows[0].simulated) == "82.4 % ± 0.6"
    assert phone.rows[0].formula.endswith(" %")
    assert phone.notes[0].startswith("Not said: largest queue")
    assert (mail.queue, mail.name) == ("mail", "Backlog recursion")
    assert any("a flow, of means alone" in note for note in mail.notes)


def test_a_line_without_end_says_so(result: Result) -> None:
    known = changed(("agents: 8", "agents: 5"), (", patience: {exponential: 4 min}", ""))
    phone = beside(result._replace(scenario=known))[0]
    assert phone.rows[1].formula == "without end"
    assert any("% of them come to more work than people" in note for note in phone.notes)


def test_waits_without_end_are_missing_and_told() -> None:
    result = run_formula(changed(("agents: 8", "agents: 5"), (", patience: {exponential: 4 min}", "")))
    assert formula_lines(result)[0].endswith(f"{NO_END}.")
    assert not any(NO_END in line for line in formula_lines(run_formula(changed())))


def test_nothing_stands_beside_formulas(scenario: Scenario) -> None:
    result = run_formula(scenario)
    assert result.engine == ENGINE
    assert beside(result) == ()
    lines = formula_lines(result)
    assert lines[0].startswith("phone: Erlang A.")
    assert len(lines) == len(scenario.queues)
    assert all(not math.isnan(value) for value in result.measures["mean"])
