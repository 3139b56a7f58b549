"""What the loop decides by: owners' hours, ranking, detection, errors of tags. Figures by hand."""

import numpy as np
import pytest

from scenarios.learning import Cusum, Detection, Threshold
from sim.loop.changes import Size
from sim.loop.detection import nothing_yet, watch
from sim.loop.observed import (
    AGENT_TICKS,
    ARR,
    CASES,
    COLUMNS,
    CONTACTS,
    ESCALATED,
    allowing_for_errors,
    audited_accuracy,
    known_days,
)
from sim.loop.ranking import Prices, top, weight
from sim.loop.tickets import LEAD, NOT_YET, OPEN, Ticket, plan, work_a_day
from tests.loop.test_changes import made

HOUR = 3_600_000_000


def ticket(name: str, effort: float, **given: object) -> Ticket:
    more = {key: given.pop(key) for key in ("owner", "lead", "kind") if key in given}
    change = made(name=name, effort=effort, **more)
    return Ticket(change, Size(True, (-0.2,)), 0, **{"opened": 0, "weight": 1.0, "left": effort, **given})  # type: ignore[arg-type]


def test_an_owner_works_on_the_heaviest_first() -> None:
    small, large = ticket("small", 10.0, weight=1.0), ticket("large", 6.0, weight=5.0)
    work_a_day([small, large], [8.0], [0.0], 3)
    assert (large.state, large.done, large.in_force) == (LEAD, 3, 4)
    assert (small.state, small.left) == (OPEN, 8.0)
    assert (large.begun, small.begun) == (3, 3)


def test_articles_go_before_all_else() -> None:
    heavy, article = ticket("fix", 6.0, weight=9.0), ticket("article", 3.0, weight=1.0, kind="article")
    work_a_day([heavy, article], [5.0], [0.0], 0)
    assert article.state == LEAD
    assert heavy.left == 4.0


def test_owners_have_hours_of_their_own() -> None:
    mine, theirs = ticket("mine", 6.0, owner=0), ticket("theirs", 6.0, owner=1)
    work_a_day([mine, theirs], [4.0, 6.0], [0.0, 0.0], 0)
    assert (mine.left, theirs.left) == (2.0, 0.0)


def test_a_ticket_is_begun_on_the_day_of_its_first_hour() -> None:
    first, second = ticket("first", 6.0, weight=2.0), ticket("second", 6.0)
    work_a_day([first, second], [6.0], [0.0], 4)
    assert (first.begun, second.begun) == (4, NOT_YET)
    for day in (5, 6):
        work_a_day([first, second], [3.0], [0.0], day)
    assert (second.begun, second.done) == (5, 6)


def test_committed_hours_are_for_what_they_were_committed_to() -> None:
    committed, other = ticket("committed", 20.0, committed=True), ticket("other", 20.0, weight=9.0)
    work_a_day([committed, other], [4.0], [10.0], 0)
    assert (committed.left, other.left) == (10.0, 16.0)


def test_a_change_comes_into_force_when_its_lead_time_is_over() -> None:
    late = ticket("late", 2.0, lead=5.0)
    work_a_day([late], [8.0], [0.0], 10)
    assert late.in_force == 16


def test_due_dates_follow_from_hours() -> None:
    """40 hours before it and 20 of its own, at 8 hours a day: 7.5 days, and 3 of lead time."""
    first, second, never = (
        ticket("a", 40.0, weight=2.0),
        ticket("b", 20.0, lead=3.0),
        ticket("c", 1.0, owner=1),
    )
    plan([first, second, never], [8.0, 0.0], [0.0, 0.0], 10)
    assert (first.planned, second.planned, never.planned) == (15, 20, NOT_YET)


def seen(**columns: list[float]) -> np.ndarray:
    found = np.zeros((3, len(COLUMNS)))
    for name, values in columns.items():
        found[:, COLUMNS.index(name)] = values
    return found


def test_causes_are_ranked_by_what_is_asked() -> None:
    counted = seen(
        contacts=[100, 50, 20],
        cases=[90, 45, 20],
        agent_ticks=[5 * HOUR, 20 * HOUR, HOUR],
        escalated=[0, 1, 4],
    )
    prices = Prices(20.0, np.array([0.0, 1.0, 30.0]))
    assert top(weight(counted, "volume", prices), 2) == [0, 1]
    assert top(weight(counted, "hours", prices), 3) == [1, 0, 2]
    assert top(weight(counted, "escalations", prices), 3) == [2, 1]
    assert weight(counted, "cost_to_serve", prices) == pytest.approx([100.0, 445.0, 620.0])
    assert weight(counted, "refunds", prices) == pytest.approx([0.0, 45.0, 600.0])
    assert top(weight(counted, "customer_risk", prices), 3) == []


def test_columns_are_those_of_the_counters() -> None:
    assert len({CONTACTS, CASES, AGENT_TICKS, ESCALATED, ARR}) == 5


def test_wrong_tags_are_allowed_for() -> None:
    """Of 1,000, 600 and 400 contacts, with 80 % of tags right and the others at random, the tags are
    900, 620 and 480; allowing for errors gives back what was."""
    true = np.array([[1000.0], [600.0], [400.0]])
    tagged = 0.8 * true + 0.1 * (true.sum() - true)
    assert tagged.ravel() == pytest.approx([900.0, 620.0, 480.0])
    assert allowing_for_errors(tagged, 0.8) == pytest.approx(true)


def test_tags_at_random_tell_nothing_that_could_be_allowed_for() -> None:
    tagged = np.array([[10.0], [11.0], [12.0]])
    assert allowing_for_errors(tagged, 1.0 / 3.0) == pytest.approx(tagged)
    assert allowing_for_errors(np.array([[50.0], [0.0], [0.0]]), 0.9).min() == 0.0


def test_an_audit_is_as_sure_as_its_number_of_tags() -> None:
    few = [audited_accuracy(0.8, 25, u) for u in (0.02, 0.5, 0.98)]
    many = [audited_accuracy(0.8, 2500, u) for u in (0.02, 0.5, 0.98)]
    assert few == pytest.approx([0.64, 0.8, 0.96])
    assert many == pytest.approx([0.784, 0.8, 0.816], abs=5e-4)


def test_what_is_known_is_as_old_as_the_data() -> None:
    assert [known_days(10, delay) for delay in (0.0, 0.2, 1.0, 2.5, 20.0)] == [10, 9, 9, 7, 0]


def test_a_threshold_raises_an_alarm_once() -> None:
    policy = Detection(threshold=Threshold(contacts=30, within_days=3))
    watched = nothing_yet(2)
    for day, counts in enumerate([[9, 1], [10, 1], [11, 1], [12, 2], [12, 40]]):
        known = np.array([[9, 1], [10, 1], [11, 1], [12, 2], [12, 40]][: day + 1])
        watched = watch(policy, watched, known, day)
        assert counts == list(known[-1])
    assert list(watched.alarms) == [2, 4]


def test_cusum_piles_up_what_is_above_the_usual() -> None:
    """Two weeks of 100 a day with a deviation of 10 (Poisson): then 120 is two deviations, of which half
    a one is allowed: 1.5, 3.0, 4.5, and 6.0 is above 5 on the fourth day."""
    policy = Detection(cusum=Cusum(slack=0.5, alarm=5.0, reference_days=14))
    days = np.array([[100]] * 14 + [[120]] * 6)
    watched, alarms = nothing_yet(1), []
    for known in range(1, len(days) + 1):
        watched = watch(policy, watched, days[:known], known)
        alarms.append(int(watched.alarms[0]))
    assert alarms == [-1] * 17 + [18] * 3


def test_cusum_compares_weekdays_with_their_own() -> None:
    week = [100, 90, 90, 90, 80, 20, 0]
    policy = Detection(cusum=Cusum(slack=0.5, alarm=5.0, reference_days=14))
    days = np.array([[n] for n in week * 8])
    watched = nothing_yet(1)
    for known in range(1, len(days) + 1):
        watched = watch(policy, watched, days[:known], known)
    assert watched.alarms[0] == -1
