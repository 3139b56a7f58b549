"""What a run's page says of the loop: nothing but where something is learned."""

from typing import Any, Final

from reports.loop_told import loop_told
from reports.page import page
from scenarios import Scenario
from sim.experiment import Result, run_scenario
from sim.loop.validation import NOT_MEASURABLE, VALIDATED
from tests.reports.plans import LEVERS, LOOP, agreed_of, learned, planned, ticket, verdict
from tests.reports.test_page import text_of
from tests.roadmap.planned import team

PLAN: Final = "How probable each target by day is, the register and what doing nothing costs: careloop plan."


def ran(result: Result, plan: Scenario, *extra: Any) -> Result:
    """A result as if it were of another scenario, in which this was learned."""
    return result._replace(scenario=plan, extra=extra)


def test_tickets_are_means_over_replications(result: Result) -> None:
    """Three tickets in two replications: one done and validated, one done and not measurable, one waits."""
    plan = planned()
    made = agreed_of(plan).remedies[0][0]
    good = ticket(made, 10, 15, 16, verdict(31, VALIDATED))
    open_ = ticket(made, 10, 15, 16, verdict(31, VALIDATED), verdict(38, NOT_MEASURABLE))
    good.done = open_.done = 15
    told = loop_told(ran(result, plan, learned(plan, good), learned(plan, open_, ticket(made, 30, 50))))
    assert told == (
        "The loop is run by product from 27 Jan 2026 on.",
        "Levers in force from 2 Feb 2026: new forms; 9 Feb 2026: macros.",
        "On average a replication opens 1.5 tickets and has 1.0 of them done; by their last look "
        "0.5 are not measurable yet, 0.5 are validated.",
        PLAN,
    )


def test_what_does_not_run_is_told(result: Result) -> None:
    loop = {key: value for key, value in LOOP.items() if key != "owner"}
    macros = {key: value for key, value in LEVERS["macros"].items() if key not in ("due", "start")}
    plan = planned({"macros": macros, "new_forms": LEVERS["new_forms"]}, loop=loop)
    run_by, levers, tickets, _ = loop_told(ran(result, plan, learned(plan)))
    assert run_by == "Nobody owns the loop, so it does not run: nothing is learned."
    assert levers.endswith("new forms. Without an owner or a date, so not run: macros.")
    assert tickets == "No ticket is opened in any replication."
    plan = planned(loop=None, remedies=None, targets=[])
    told = loop_told(ran(result, plan, learned(plan)))
    assert told[0] == "There is no loop: only levers by date change anything."
    assert told[-1].startswith("With targets by day in its roadmap, careloop plan says")


def test_the_page_has_it_where_something_is_learned_alone(result: Result) -> None:
    assert loop_told(result) == ()
    assert "The learning loop" not in page(result)
    found = run_scenario(team(), 2, 3, workers=1)
    assert len(found.extra) == 2
    text = text_of(page(found))
    assert "The learning loop The loop is run by product." in text
    assert "Levers in force from 9 Mar 2026: copy and macros." in text
