"""The loop decides alike whichever engine asks it, wherever chunks end, and on any number of workers."""

from typing import Any

import pytest

import careloop
from scenarios.model import Scenario
from sim import drive
from sim.clock import to_ticks
from sim.compile import begin, compile_scenario
from sim.fast import advance
from sim.loop.controller import Learned
from sim.reference import Reference
from tests.loop.small import scenario, written
from tests.sim.logs import Keeper, Log

_DAY = 86_400


def busy() -> Scenario:
    """Thirty days with all that a loop may do: wrong tags, articles, alarms, owners, verdicts."""
    remedies = written()["remedies"]
    remedies["fix_copy"] |= {"works": "50%", "ramp": "3 days", "halves_in": "20 days"}
    remedies["fix_form"] |= {"owner": "support", "effort": "9 h", "lead": "1 day"}
    remedies["shorter_form"] = {
        "cause": "form",
        "kind": "ux_copy",
        "effort": "2 h",
        "works": "70%",
        "moves": {"causes.form.contacts": {"low": "0%", "expected": "-10%", "high": "-30%"}},
    }
    loop: dict[str, Any] = {
        "owner": "product",
        "information_delay": "1 day",
        "daily": {"backlog": 0},
        "detection": {"cusum": {"slack": 0.2, "alarm": 2, "reference": "7 days"}},
        "weekly_review": {"on": "mon", "by": "hours", "top": 3, "opens": 2, "weeks": 1},
        "validation": {
            "after": ["5 days", "9 days"],
            "confidence": "80%",
            "on_failure": "iterate",
            "attempts": 3,
        },
        "monthly_review": {"by": "volume", "stops_after": 1},
        "articles": {
            "owner": "support",
            "contacts": 10,
            "effort": "1 h",
            "deflection": {"low": "2 points", "expected": "6 points", "high": "15 points"},
            "handle_time": "-4%",
            "ramp": "5 days",
            "review_every": "9 days",
            "review_effort": "2 h",
        },
        "bonus": {
            "weight": "20%",
            "prevention": {"low": "0 points", "expected": "10 points", "high": "30 points"},
        },
    }
    owners = {"product": {"capacity": "20 h/week", "prevention": "40%"}, "support": {"capacity": "10 h/week"}}
    levers = {
        "tags": {"owner": "support", "due": "2026-01-12", "moves": {"tagging.accuracy": "+10 points"}},
        "audit": {
            "owner": "support",
            "due": "2026-01-09",
            "hours": "2 h/week",
            "moves": {"loop.tag_audit": 40},
        },
        "faster": {
            "owner": "product",
            "due": "2026-01-20",
            "ramp": "6 days",
            "moves": {"handle_time": "-20%"},
        },
    }
    return scenario(
        30,
        60,
        remedies=remedies,
        loop=loop,
        owners=owners,
        roadmap={"levers": levers},
        tagging={
            "accuracy": "75%",
            "untagged": "10%",
            "triage": {"queue": "desk", "handle_time": {"exponential": "1 min"}},
        },
        closing={"reopens": {"share": "8%", "after": {"exponential": "1 day"}}},
        outcomes={"response": "50%"},
        calendar={"start": "2026-01-12", "days": 30},
    )


def decided(
    scenario: Scenario, engine: drive.Advance = advance, chunk: int | None = None
) -> tuple[Log, Learned]:
    model = compile_scenario(scenario)
    state, keeper = begin(model, 3, 0), Keeper(model)
    course = drive.course_of(model, state)
    assert course is not None
    drive.run(model, state, keeper, chunk, engine, course)
    return keeper.log(), course.learned()


def told(learned: Learned) -> str:
    """All that was decided, as text, NaN and all."""
    return repr((learned.tickets, learned.events, learned.noticed.tolist(), learned.alarm_days))


def test_the_busy_loop_does_all_that_a_loop_may_do() -> None:
    _, learned = decided(busy())
    what = {event.what for event in learned.events}
    assert what >= {"opened", "in force", "alarm", "backlog", "tag audit", "reviewed"}
    assert {"validated", "not validated"} & what
    assert {ticket.change.kind for ticket in learned.tickets} >= {"article", "lever", "product_fix"}
    assert any(ticket.reviewed > 0 for ticket in learned.tickets)


def test_both_engines_decide_alike() -> None:
    fast, reference = decided(busy()), decided(busy(), Reference())
    assert told(fast[1]) == told(reference[1])
    assert (fast[1].seen == reference[1].seen).all()
    assert fast[0].digest() == reference[0].digest()


@pytest.mark.parametrize("days", [1, 7, 0.37])
def test_the_ends_of_chunks_change_nothing(days: float) -> None:
    whole, chunked = decided(busy()), decided(busy(), chunk=to_ticks(days * _DAY))
    assert told(whole[1]) == told(chunked[1])
    assert whole[0].digest() == chunked[0].digest()


def test_workers_change_nothing() -> None:
    one, two = (careloop.simulate(busy(), replications=4, workers=n) for n in (1, 2))
    assert one.measures.equals(two.measures)
    assert one.counts.equals(two.counts)
