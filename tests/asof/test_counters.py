"""What a team has seen by each midnight, told by an export, against what the loop of the run has seen."""

from typing import Any

import numpy as np
import pytest

from scenarios import Scenario
from sim import drive
from sim.asof.course import GoingOn, Past
from sim.asof.passed import Passed, passed
from sim.compile import begin
from sim.fast import advance
from sim.loop.backlog import open_cases
from sim.loop.controller import Learned
from sim.loop.observed import COLUMNS
from sim.measure import Plan
from sim.roadmap.follow import plan_by_day
from sim.uncertain import drawn
from tests.asof.centre import CENTRE, centre
from tests.asof.histories import history

DAY = 45
EXACT = ("contacts", "avoidable", "cases", "agent_ticks", "returned", "solved", "rated", "unhappy", "arr")
TRUE_CAUSE = ("came", "prevented", "deflected")  # which nobody in the team knows


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_by_day(deciding())


def deciding() -> Scenario:
    """The centre with all that a loop may look at, and with a backlog that is an alarm now and then."""
    loop: dict[str, Any] = {
        **CENTRE["loop"],
        "daily": {"backlog": 12, "overdue": 3},
        "detection": {"cusum": {"slack": 0.2, "alarm": 3, "reference": "14 days"}},
        "weekly_review": {"on": "mon", "by": "feedback", "top": 3, "opens": 1, "weeks": 1},
        "monthly_review": {"by": "hours"},
    }
    return centre(loop=loop)


@pytest.fixture(scope="module")
def days(plan: Plan) -> Passed:
    return passed(plan, history(plan, (), (), seed=9).seen, DAY)


def own(plan: Plan) -> tuple[np.ndarray, np.ndarray, Learned]:
    """What the loop of the run has seen by midnight: counters, open cases, those past due; its learning."""
    model = plan.model
    one = drawn(model, 9, 0)
    state = begin(one, 9, 0)
    course = drive.course_of(one, state)
    assert course is not None
    seen, decide = [], course.decide

    def look(day: int, now: Any) -> None:
        seen.append(open_cases(one.tables, now, course.ticks[day]))
        decide(day, now)

    course.decide = look  # type: ignore[method-assign, assignment]
    drive.run(one, state, lambda _contacts, _agents, _cases: None, None, advance, course)
    return course.history.counts, np.array(seen), course.learned()


def test_counters_are_those_that_the_loop_itself_has_seen(plan: Plan, days: Passed) -> None:
    """At each midnight, of each tag; what only the simulator knows is 0."""
    counts = own(plan)[0][: DAY + 1]
    for n, column in enumerate(COLUMNS):
        if column in EXACT:
            np.testing.assert_array_equal(days.midnights.counts[:, :, n], counts[:, :, n], err_msg=column)
            assert counts[DAY, :-1, n].any()
        else:
            assert not days.midnights.counts[:, :, n].any()
    assert set(COLUMNS) - set(EXACT) == {"escalated", *TRUE_CAUSE}


def test_open_cases_are_those_of_the_run(plan: Plan, days: Passed) -> None:
    seen = own(plan)[1][: DAY + 1]
    np.testing.assert_array_equal(days.midnights.open_cases, seen[:, 0])
    np.testing.assert_array_equal(days.midnights.overdue, seen[:, 1])
    assert seen[:, 0].max() > 12
    assert seen[:, 1].max() > 0


def test_the_loop_decides_once_more_as_it_has_decided(plan: Plan, days: Passed) -> None:
    """On what the export tells of it, whatever the chances of the replication: tickets and their days,
    alarms, reviews, verdicts. How large a change turns out is the replication's own."""
    learned = own(plan)[2]
    state = begin(plan.model, 77, 3)
    state.clock[0]["begins"] = days.tick
    state = drive.with_room(state, days.standing.rows)
    course = GoingOn(plan.model, state, Past(DAY, days.midnights, days.standing))
    drive.run(plan.model, state, lambda _contacts, _agents, _cases: None, None, advance, course)
    again = course.learned()
    assert again is not None
    told = [[repr(event) for event in each.events if event.day <= DAY] for each in (learned, again)]
    assert told[0] == told[1]
    assert {event.what for event in again.events} >= {"opened", "in force", "backlog", "overdue", "reviewed"}
    begun = [[_dates(each) for each in one.tickets if each.opened <= DAY] for one in (learned, again)]
    assert begun[0] == begun[1]
    for one, other in zip(learned.noticed, again.noticed, strict=True):
        assert one == other or min(one, other) > DAY


def _dates(ticket: Any) -> tuple[object, ...]:
    """What has happened to a ticket by the day."""
    in_force = ticket.in_force if ticket.in_force <= DAY else None
    return ticket.change.name, ticket.attempt, ticket.opened, in_force
