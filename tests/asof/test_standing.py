"""What stands at a day and goes on from there: lines, open cases, customers who may come back."""

import math
from typing import Any

import numpy as np
import pytest

from scenarios import Scenario, from_dict
from sim import drive
from sim.asof.course import GoingOn, Past
from sim.asof.passed import Passed, passed
from sim.asof.seen import SEEN, Seen, in_order
from sim.compile import begin
from sim.fast import advance
from sim.log import HANDLED, LEG, OPEN
from sim.roadmap.follow import plan_by_day
from tests.sim.logs import Keeper, Log

H = 3_600_000_000  # ticks
D = 24 * H
DAY = 10  # days passed
_SURE = 4.0  # |z|: false alarms 1 in 16,000


def desk(agents: int = 1, **sections: Any) -> Scenario:
    """Letters that take ten minutes, of which none comes but by what stands there: all come on a Monday."""
    usual: dict[str, Any] = {
        "careloop": 1,
        "name": "A desk",
        "service_level": "offered",
        "calendar": {"start": "2026-01-05", "days": 40},
        "causes": {"copy": {}},
        "streams": {
            "letters": {
                "queue": "desk",
                "arrivals": {"by_interval": {"step": "720 min", "mon": [0, 0], "tue": [1e-9, 0]}},
                "handle_time": {"deterministic": "10 min"},
                "causes": {"copy": "100%"},
            }
        },
        "queues": {"desk": {"channel": "email"}},
        "groups": {"team": {"skills": ["desk"], "agents": agents}},
        "run": {"replications": 1},
    }
    return from_dict(usual | sections)


def leg(contact: int, queued: int, started: int = -1, ended: int = -1, **fields: int) -> np.ndarray:
    """A leg of a case of its own; without an end it is open, and with one it has solved the case."""
    row = np.zeros(1, SEEN)
    for field in ("severity", "tier", "incident", "nps", "left", "replied", "avoidable"):
        row[field] = -1
    row["contact"] = row["case"] = contact
    row["queued"], row["started"], row["ended"], row["wrapped"] = queued, started, ended, ended
    row["resolved"], row["outcome"] = ended, HANDLED if ended >= 0 else OPEN
    for field, value in fields.items():
        row[field] = value
    return row


def known(scenario: Scenario, *legs: np.ndarray) -> Passed:
    columns = frozenset(("case_id", "cause", "resolved_at"))
    return passed(plan_by_day(scenario), Seen(in_order(np.concatenate(legs)), columns), DAY)


def gone_on(days: Passed, replication: int = 0) -> tuple[Log, np.ndarray]:
    """The log of a replication from the day on, and the solved cases of which nobody comes back."""
    model = days.plan.model
    state, keeper = begin(model, 1, replication), Keeper(model)
    state.clock[0]["begins"] = days.tick
    state = drive.with_room(state, days.standing.rows)
    course = GoingOn(model, state, Past(days.day, days.midnights, days.standing))
    drive.run(model, state, keeper, None, advance, course)
    assert course.stay is not None
    return keeper.log(), course.stay


def legs_of(log: Log) -> np.ndarray:
    rows = log.contacts[log.contacts["row"] == LEG]
    in_order: np.ndarray = rows[np.argsort(rows["started"], kind="stable")]
    return in_order


def test_lines_keep_their_order_and_their_waits() -> None:
    """Of three letters that waited, the one of the 10th is the last; the wait of each began when it came."""
    days = known(desk(), leg(7, 9 * D), leg(5, 8 * D + H), leg(9, 8 * D))
    rows = legs_of(gone_on(days)[0])
    assert rows["key"].tolist() == [9, 5, 7]
    assert rows["queued"].tolist() == [8 * D, 8 * D + H, 9 * D]
    ends = rows["ended"] - DAY * D
    assert (np.abs(ends - np.array([1, 2, 3]) * H // 6) < 10).all()  # a few ticks keep the order of the line
    assert not (log := gone_on(days)[0]).contacts[log.contacts["row"] == 0].size  # nobody comes a second time


def test_who_was_being_worked_on_is_taken_up_first() -> None:
    """Its wait was over at its answer; the work begins anew."""
    days = known(desk(), leg(9, 8 * D), leg(5, 9 * D, 10 * D - H))
    rows = gone_on(days)[0].legs()
    assert rows["key"].tolist() == [5, 9]
    assert rows["started"][0] == 10 * D - H
    assert rows["ended"][0] == 10 * D + H // 6
    assert rows["touched"][0] == H // 6


def test_a_case_counts_on_the_day_on_which_it_began() -> None:
    days = known(desk(), leg(9, 8 * D), leg(5, 7 * D, 7 * D + H, 7 * D + 2 * H))
    log, stay = gone_on(days)
    assert (log.cases["key"].tolist(), log.cases["born"].tolist()) == ([9], [8 * D])
    assert log.cases["solved"][0] == 10 * D + H // 6
    assert len(stay) == 0
    assert days.standing.settled["key"].tolist() == [5]  # nobody comes back where nobody may


PATH: dict[str, Any] = {
    "paths": {
        "usual": {
            "first": {"then": {"reply": "50%", "solved": "50%"}},
            "reply": {"after": {"deterministic": "30 h"}, "handle_time": {"deterministic": "5 min"}},
        }
    },
    "causes": {"copy": {"path": "usual"}},
}


def test_what_was_put_off_goes_on_when_it_is_time() -> None:
    """A reply comes 30 hours after a first leg that ended ten hours before the day, and solves the case."""
    days = known(desk(**PATH), leg(5, 9 * D, 10 * D - 11 * H, 10 * D - 10 * H, resolved=-1))
    log = gone_on(days)[0]
    (row,) = log.legs()
    assert (row["queued"], row["leg"], row["legs"]) == (10 * D + 20 * H, 1, 1)
    assert row["ended"] - row["started"] == H // 12
    assert (log.cases["legs"].tolist(), log.cases["solved"].tolist()) == ([2], [row["ended"]])


def test_what_was_put_off_too_long_ago_does_not_go_on() -> None:
    days = known(desk(**PATH), leg(5, 0, 0, H, resolved=-1), leg(6, D, D, D + H, resolved=-1))
    long = {**PATH, "paths": {"usual": {**PATH["paths"]["usual"]}}}
    long["paths"]["usual"]["reply"] = {
        "after": {"exponential": "5 h"},
        "handle_time": {"deterministic": "5 min"},
    }
    late = known(desk(**long), leg(5, 0, 0, H, resolved=-1), leg(6, 9 * D, 9 * D, 9 * D + H, resolved=-1))
    assert (len(days.standing.legs), len(late.standing.legs)) == (2, 1)
    assert late.standing.settled["key"].tolist() == [5]
    assert late.standing.settled["solved"].tolist() == [-1]


def test_a_delay_of_which_some_is_over_is_drawn_from_what_is_left() -> None:
    """Exponential delays have no memory: after the day a mean of 20 hours is still to come."""
    after = {"after": {"exponential": "20 h"}, "handle_time": {"deterministic": "5 min"}}
    path = {**PATH, "paths": {"usual": {**PATH["paths"]["usual"], "reply": after}}}
    n = 400
    legs = [leg(n + 1, 9 * D + n, 9 * D + n, 9 * D + n + H, resolved=-1) for n in range(n)]
    rows = gone_on(known(desk(9, **path), *legs))[0].legs()
    left_h = (rows["queued"] - 10 * D) / H
    assert len(rows) == n
    assert left_h.min() >= 0.0
    assert abs(left_h.mean() - 20.0) <= _SURE * 20.0 / math.sqrt(n)


def back(after: str, share: str = "30%") -> dict[str, Any]:
    return {
        "closing": {
            "reopens": {"share": share, "after": {"deterministic" if "d" in after else "exponential": after}}
        }
    }


def test_customers_come_back_when_they_would_have() -> None:
    """Of cases solved a day before, 30 % come back after three days: in two. Of those solved four days before
    nobody does, who has not come by now."""
    n = 300
    recent = [leg(k + 1, 9 * D, 9 * D, 9 * D + k) for k in range(n)]
    older = [leg(n + k + 1, 6 * D, 6 * D, 6 * D + k) for k in range(n)]
    days = known(desk(9, **back("3 days")), *recent, *older)
    log, stay = gone_on(days)
    rows = log.legs()
    first = rows[rows["queued"] < 13 * D]
    assert ((first["queued"] >= 12 * D) & (first["queued"] < 12 * D + n)).all()
    assert abs(len(first) - 0.3 * n) <= _SURE * math.sqrt(0.3 * 0.7 * n)
    assert len(stay) == 2 * n - len(first)
    assert set(log.cases["key"].tolist()) | set(stay["key"].tolist()) == {k + 1 for k in range(2 * n)}
    # Who comes back has it solved, and comes a second time as probably as the first.
    again = rows[(rows["queued"] >= 15 * D) & (rows["queued"] < 16 * D)]
    assert abs(len(again) - 0.3 * len(first)) <= _SURE * math.sqrt(0.3 * 0.7 * len(first))
    assert log.cases["reopened"].sum() == len(rows)
    assert (log.cases["contacts"] == 1 + log.cases["reopened"]).all()


def test_the_longer_nobody_has_come_back_the_fewer_will() -> None:
    """By Bayes: s e / (1 - s + s e) with e = exp(-t / mean), here after one mean, for a share of a half."""
    n, mean = 600, 48 * H
    legs = [leg(k + 1, 8 * D - H, 8 * D - H, 8 * D - k) for k in range(n)]
    closing = {"reopens": {"share": "50%", "after": {"exponential": "48 h"}}}
    _, stay = gone_on(known(desk(20, closing=closing), *legs))
    e = math.exp(-2 * D / mean)
    expected = 0.5 * e / (0.5 + 0.5 * e)
    assert abs((n - len(stay)) / n - expected) <= _SURE * math.sqrt(expected * (1 - expected) / n)


def test_who_comes_back_after_the_horizon_is_noted() -> None:
    """As everywhere: else cases of the last days would look better than others. On the last day but one of
    the horizon, a return after three days lies beyond it, and within seven."""
    scenario = desk(9, calendar={"start": "2026-01-05", "days": 11}, **back("3 days", "90%"))
    n = 200
    log, stay = gone_on(known(scenario, *(leg(k + 1, 9 * D, 9 * D, 9 * D + k) for k in range(n))))
    assert (len(log.cases), len(stay)) == (0, n)
    assert abs(stay["soon"].sum() - 0.9 * n) <= _SURE * math.sqrt(0.9 * 0.1 * n)
    assert (stay["soon"] == stay["reopened_soon"]).all()


def test_replications_draw_apart_what_becomes_of_the_same_cases() -> None:
    legs = [leg(k + 1, 9 * D, 9 * D, 9 * D + k) for k in range(60)]
    days = known(desk(9, **back("3 days")), *legs)
    stays = [frozenset(gone_on(days, r)[1]["key"].tolist()) for r in range(3)]
    assert len(set(stays)) == 3
    assert stays[0] == frozenset(gone_on(days, 0)[1]["key"].tolist())


def test_people_stand_there_as_the_calendar_says() -> None:
    """Half of the team has gone at six the evening before; who waits at eight is answered by both."""
    shifts = {"team": {"skills": ["desk"], "agents": {"daily": {"08:00-18:00": 2}}}}
    days = known(desk(groups=shifts), *(leg(k + 1, 9 * D + 20 * H + k) for k in range(4)))
    rows = legs_of(gone_on(days)[0])
    assert ((rows["started"] - 10 * D) // (H // 6)).tolist() == [48, 48, 49, 49]
    log = gone_on(days)[0]
    assert log.agents["start"].min() == 8 * H  # they have come every day


@pytest.mark.parametrize("count", [0, 2_000])
def test_there_is_room_for_any_number_of_them(count: int) -> None:
    legs = [leg(k + 1, 9 * D + k) for k in range(count)] or [leg(1, 0, 0, H)]
    rows = gone_on(known(desk(40), *legs))[0].legs()
    assert len(rows) == count
