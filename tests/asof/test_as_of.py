"""A plan as of a day: what is known, what moves a probability, and that it all adds up."""

import datetime
import math

import numpy as np
import pytest

from scenarios import Scenario
from sim.asof.named import Columns
from sim.asof.passed import passed
from sim.asof.refusals import Facts
from sim.asof.result import BACKLOG, DECISIONS, INPUTS, PASSED, VOLUMES, Source
from sim.asof.run import as_of_days
from sim.asof.seen import Seen
from sim.explain.watch import Chances
from sim.roadmap.follow import plan_by_day
from sim.roadmap.plan import PlanResult, run_plan
from sim.roadmap.standing import NOT_YET
from tests.asof.centre import CENTRE, centre
from tests.asof.histories import History, history

DAY = 30
CHANCES = Chances(3, 12, 2)
TARGETS = [
    "stream calls service level >= 80% by day 20",  # wholly in the days passed
    "contacts of cases <= 900 by day 20",  # and this too, but for customers who may come back
    "contacts of cases -5% vs baseline by day 45",  # half of its days
    "backlog <= 30 by day 90",  # none of them
    "occupancy <= 80% by day 45",  # of which an export tells nothing
    "occupancy <= 80% by day 90",
]


def planned(**sections: object) -> Scenario:
    return centre(**{"roadmap": {**CENTRE["roadmap"], "targets": TARGETS}, **sections})


SOURCE = Source(("f.csv",), "canonical", 3_000, datetime.date(2026, 1, 5), datetime.date(2026, 2, 3))


def as_of(scenario: Scenario, seen: Seen, day: int = DAY, then: Scenario | None = None) -> PlanResult:
    """The plan as of a day, from legs that are read already."""
    facts = Facts(Columns({}, {}), SOURCE, ())
    return as_of_days(passed(plan_by_day(scenario), seen, day), facts, CHANCES, None, then)


@pytest.fixture(scope="module")
def happened() -> History:
    plan = plan_by_day(planned())
    return history(plan, (), (), seed=41)


@pytest.fixture(scope="module")
def found(happened: History) -> PlanResult:
    return as_of(planned(), happened.seen)


def test_changes_add_up_from_the_plan_to_now(found: PlanResult) -> None:
    assert found.as_of is not None
    assert found.as_of.then.targets == run_plan(planned(), 12, 3, 2).targets
    for target, then, each in zip(found.targets, found.as_of.then.targets, found.as_of.moved, strict=True):
        assert (each.then, each.now) == (then.standing, target.standing)
        assert [step.name for step in each.steps] == [PASSED, BACKLOG, DECISIONS, VOLUMES]
        assert each.steps[-1].standing == target.standing
        if target.standing.status != NOT_YET:
            total = sum(step.change for step in each.steps)
            assert total == pytest.approx(each.now.probability - each.then.probability, abs=1e-12)


def test_the_value_of_a_target_stays_that_of_the_plan(found: PlanResult) -> None:
    """Relative to the baseline as the plan was made: what has happened moves no goal."""
    assert found.as_of is not None
    assert [each.target for each in found.targets] == [each.target for each in found.as_of.then.targets]
    assert [each.baseline for each in found.targets] == [each.baseline for each in found.as_of.then.targets]


def test_a_window_of_days_passed_has_one_value_and_is_certain(found: PlanResult) -> None:
    assert found.as_of is not None
    level = found.targets[0].standing
    assert level.spread.p10 == level.spread.median == level.spread.p90
    assert level.probability in (0.0, 1.0)
    assert level.low == level.high == level.probability  # not a share of replications that agree
    plain = found.as_of.moved[0].steps
    assert [step.change for step in plain[1:]] == [0.0, 0.0, 0.0]


def test_what_the_plan_changes_is_told_without_facts(found: PlanResult) -> None:
    """A lucky week is no effect of the plan."""
    assert found.as_of is not None
    assert [each.effect for each in found.targets] == [each.effect for each in found.as_of.then.targets]


def test_customers_may_yet_come_back_about_days_passed(found: PlanResult) -> None:
    """Their contacts count on the day on which the case began, ten days before: a few of hundreds."""
    assert found.as_of is not None
    stands = found.targets[1].standing.spread
    then = found.as_of.moved[1].then.spread
    assert 0.0 < stands.p90 - stands.p10 < 0.1 * (then.p90 - then.p10)


def test_what_is_not_told_is_not_measurable_where_it_is_asked_for(found: PlanResult) -> None:
    assert found.as_of is not None
    half, all_to_come = found.targets[4:]
    assert half.standing.status == NOT_YET
    assert found.as_of.moved[4].untold == "an export of contacts does not tell when people were at work"
    assert math.isnan(found.as_of.moved[4].steps[0].change)
    assert all_to_come.standing.status != NOT_YET
    assert found.as_of.moved[5].untold == ""
    assert [
        each for each in found.as_of.cautions if each.startswith("occupancy is not told of the days passed")
    ]


def test_days_to_come_meet_the_chances_of_the_plan(found: PlanResult) -> None:
    """With volumes of its own each replication goes on as in the plan: what it comes to goes with it."""
    assert found.as_of is not None
    key, window = found.targets[3].goal[:3], found.targets[3].window
    then, now = (each.followed.values(key, window) for each in (found.as_of.then, found))
    assert np.corrcoef(then, now)[0, 1] > 0.6


def test_volumes_are_told_and_learned(found: PlanResult, happened: History) -> None:
    assert found.as_of is not None
    calls, mails = found.as_of.volumes
    legs = happened.seen.legs
    first = (legs["leg"] == 0) & (legs["case"] != 0) & (legs["queued"] < DAY * 86_400_000_000)
    for volume, s in ((calls, 0), (mails, 1)):
        opened = {int(case) for case in legs["case"][first & (legs["stream"] == s)]}
        assert 0 < volume.seen <= (first & (legs["stream"] == s)).sum()
        assert volume.seen > 0.8 * len(opened)  # some cases that begin by one stream go on by another
        assert volume.learned is not None
        assert volume.learned.low < volume.learned.mean < volume.learned.high
    assert (calls.stream, calls.days) == ("calls", DAY)


def test_as_of_the_first_day_it_is_the_plan(happened: History) -> None:
    plain = run_plan(planned(), 12, 3, 2)
    first = as_of(planned(), happened.seen, 0)
    assert first.as_of is not None
    for one, other in ((first.followed, plain.followed), (first.baseline, plain.baseline)):
        for part, same in zip(one.figures, other.figures, strict=True):
            assert part.tobytes() == same.tobytes()
    assert (first.targets, first.trends) == (plain.targets, plain.trends)
    assert [[step.change for step in each.steps] for each in first.as_of.moved] == [[0.0]] * 6
    assert (first.as_of.volumes, first.as_of.cautions, first.as_of.open_cases) == ((), (), 0)


def test_workers_change_nothing(found: PlanResult, happened: History) -> None:
    facts = Facts(Columns({}, {}), SOURCE, ())
    days = passed(plan_by_day(planned()), happened.seen, DAY)
    alone = as_of_days(days, facts, CHANCES._replace(workers=1), None, None)
    assert alone.followed.figures.above.tobytes() == found.followed.figures.above.tobytes()
    assert alone.targets == found.targets


def test_the_plan_as_it_was_made_may_be_another_file(happened: History) -> None:
    """Then what has changed in the file is the first step."""
    earlier = planned(groups={**CENTRE["groups"], "callers": {"skills": ["phone"], "agents": 3}})
    found = as_of(planned(), happened.seen, DAY, earlier)
    assert found.as_of is not None
    assert found.as_of.then.targets == run_plan(earlier, 12, 3, 2).targets
    plain = run_plan(planned(), 12, 3, 2)
    for each, mine in zip(found.as_of.moved, plain.targets, strict=True):
        assert each.steps[0].name == INPUTS
        assert each.steps[0].standing.spread == pytest.approx(mine.standing.spread, nan_ok=True)


def test_the_plan_as_it_was_made_may_have_had_other_targets(happened: History) -> None:
    roadmap = {**CENTRE["roadmap"], "targets": ["reopen rate <= 8% by day 60"]}
    earlier = planned(roadmap=roadmap)
    found = as_of(planned(), happened.seen, DAY, earlier)
    assert found.as_of is not None
    assert [each.goal.measure for each in found.as_of.then.targets] == ["reopen_rate"]
    assert len(found.as_of.moved) == len(TARGETS)
    assert [each.steps[0].change for each in found.as_of.moved] == [0.0] * len(TARGETS)
    longer = planned(calendar={**CENTRE["calendar"], "days": 91}, roadmap=roadmap)
    with pytest.raises(ValueError, match="91 days from 2026-01-05 on and this one 90 days"):
        as_of(planned(), happened.seen, DAY, longer)


def test_without_a_loop_and_without_uncertainty_there_is_less_to_move_it(happened: History) -> None:
    plain = planned(loop=None, remedies=None, uncertainty=None, run={"replications": 12, "seed": 3})
    found = as_of(plain, happened.seen)
    assert found.as_of is not None
    assert {tuple(step.name for step in each.steps) for each in found.as_of.moved} == {(PASSED, BACKLOG)}
    assert [each.learned for each in found.as_of.volumes] == [None, None]


def test_a_volume_that_was_not_planned_is_told() -> None:
    """The plan expects half of what comes."""
    streams = {name: dict(each) for name, each in CENTRE["streams"].items()}
    streams["mails"]["arrivals"] = {
        **streams["mails"]["arrivals"],
        "by_interval": {"step": "720 min", "daily": [3, 4]},
    }
    plain = planned(streams=streams, uncertainty=None, run={"replications": 12, "seed": 3})
    seen = history(plan_by_day(planned()), (), (), seed=41).seen
    found = as_of(plain, seen)
    assert found.as_of is not None
    mails = found.as_of.volumes[1]
    assert mails.is_outside
    told = [each for each in found.as_of.cautions if each.startswith("mails had ")]
    assert len(told) == 1
    assert (
        f"% more contacts than planned on 30 days: {mails.seen:,}, outside the 95 % of replications"
        in told[0]
    )
    assert told[0].endswith("the days to come are simulated as planned.")
