"""A plan against its targets: relative baselines and windows by hand, and the same figures on any threads."""

import math
from typing import Any

import numpy as np
import pytest

from scenarios import Scenario
from sim import side_by_side
from sim.case_measure import Key
from sim.checkpoints import Window
from sim.experiment import run_scenario
from sim.pairing import samples_of
from sim.roadmap.plan import PlanResult, causes_of, keys_of, plan_result, run_plan, volumes_of, windows_of
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Effect, Spread
from sim.roadmap.versions import baseline_of
from tests.roadmap.followed import NONE, followed
from tests.roadmap.planned import TEAM, roadmap, team

LEVEL: Key = ("service_level", "queue", "phone")
AVOIDABLE: Key = ("avoidable_share", "all", "all")
CSAT: Key = ("csat", "all", "all")
FIRST, LAST = Window(1, 7), Window(15, 21)


def of_values(with_plan: dict[Any, Any], without: dict[Any, Any], **sections: Any) -> PlanResult:
    """The plan of the team with these values in each replication."""
    plan = team(**sections)
    return plan_result(followed(plan, with_plan), followed(baseline_of(plan), without, plan), 3)


def test_targets_by_hand() -> None:
    """80 % in the first week and 85 % in the third; −15 % of a baseline of 40 %, +3 points on one of 70 %."""
    found = of_values(
        {
            (LEVEL, FIRST): [0.8, 0.9, 0.7, 0.85],
            (LEVEL, LAST): [0.85, 0.84, 0.86, 0.9],
            (AVOIDABLE, LAST): [0.34, 0.35, 0.30, 0.36],
            (CSAT, LAST): [0.72, 0.72, 0.74, 0.70],
        },
        {
            (LEVEL, FIRST): [0.8, 0.9, 0.7, 0.85],
            (LEVEL, LAST): [0.75, 0.74, 0.76, 0.8],
            (AVOIDABLE, LAST): [0.38, 0.42, 0.40, 0.40],
            (CSAT, LAST): [0.68, 0.70, 0.72, 0.70],
        },
    )
    week, avoidable, csat, third = found.targets
    assert (week.window, third.window) == (FIRST, LAST)
    assert [each.target for each in found.targets] == pytest.approx([0.8, 0.34, 0.73, 0.85])
    assert [each.unit for each in found.targets] == ["share"] * 4
    assert [each.standing.met for each in found.targets] == [3, 2, 1, 3]
    assert [each.standing.status for each in found.targets] == [AMBER, AMBER, RED, AMBER]
    assert [each.without.met for each in found.targets] == [3, 0, 0, 0]
    assert avoidable.baseline == pytest.approx((0.40, 4))
    assert csat.baseline == pytest.approx((0.70, 4))
    assert week.effect == Effect(0.0, 0.0, 4)
    assert avoidable.effect.mean == pytest.approx(-0.0625)  # -0.04, -0.07, -0.10, -0.04
    assert avoidable.effect.half == pytest.approx(3.182446 * math.sqrt(0.002475 / 3) / 2, rel=1e-6)
    assert third.standing.spread == pytest.approx(Spread(0.84, 0.855, 0.9))  # of four, the first and the last
    assert (found.replications, found.seed, found.engine) == (4, 3, "fast")


def test_a_baseline_is_of_the_replications_that_have_a_value() -> None:
    """Three of four have one; of two of five too little is known to be relative to."""
    known = {(CSAT, LAST): [0.7, 0.8, NONE, 0.9]}
    target = of_values({(CSAT, LAST): [0.9, 0.9, 0.9, NONE]}, known).targets[2]
    assert target.baseline == pytest.approx((0.8, 3))
    assert target.target == pytest.approx(0.83)
    assert (target.standing.known, target.standing.status) == (3, GREEN)
    assert (target.effect.n, target.effect.mean) == pytest.approx((2, 0.15))
    few = {(CSAT, LAST): [0.7, 0.8, NONE, NONE, NONE]}
    target = of_values({(CSAT, LAST): [0.9] * 5}, few).targets[2]
    assert target.baseline.n == 2
    assert all(map(math.isnan, (target.baseline.mean, target.target, target.standing.probability)))
    assert (target.standing.status, target.standing.spread.median) == (NOT_YET, 0.9)


def test_a_rise_in_points_is_in_the_measures_own_unit() -> None:
    """NPS goes from -100 to 100: +5 points on 40 are 45; of a share they are a twentieth."""
    nps: Key = ("nps", "all", "all")
    planned = roadmap(targets=["NPS +5 points vs baseline by day 21"])
    found = of_values({(nps, LAST): [44.0, 46.0]}, {(nps, LAST): [38.0, 42.0]}, roadmap=planned)
    assert (found.targets[0].target, found.targets[0].standing.met) == (45.0, 1)


def test_a_change_of_money_is_in_the_currency_of_the_pay() -> None:
    """People cost is at $20/h; 5 % less than $960 is $912, and of $1,000 it was 4 % in one replication."""
    cost: Key = ("people_cost", "all", "all")
    planned = roadmap(targets=["people cost -5% vs baseline by day 21"])
    found = of_values({(cost, LAST): [912.0, 960.0]}, {(cost, LAST): [920.0, 1000.0]}, roadmap=planned)
    (target,) = found.targets
    assert (target.unit, target.standing.met) == ("USD", 1)
    assert target.target == pytest.approx(912.0)
    assert found.trends[0].unit == "USD"


def test_thresholds_are_those_of_the_file() -> None:
    values = {(LEVEL, FIRST): [0.9, 0.7, 0.9, 0.9]}
    for status, wanted in (({"green": "75%"}, GREEN), ({"green": "90%", "amber": "80%"}, RED)):
        found = of_values(values, values, roadmap=roadmap(status=status))
        assert found.targets[0].standing.status == wanted


def test_beyond_the_horizon_nothing_is_measurable_yet() -> None:
    """By day 28 of 21, and nothing of the days of its window that are simulated is taken for all of it."""
    late = ("phone service level >= 80% by day 22", "CSAT +3 points vs baseline by day 28")
    found = run_plan(team(roadmap=roadmap(targets=late)), 2, 3, 1)
    for target in found.targets:
        assert target.standing.status == target.without.status == NOT_YET
        assert target.standing.known == target.baseline.n == 0
        assert all(map(math.isnan, (*target.standing.spread, target.standing.probability)))


def test_trends_are_weeks_from_the_first_day_on() -> None:
    """23 days have three whole weeks."""
    calendar = {"start": "2026-03-02", "days": 23}
    values = {(LEVEL, Window(7 * n + 1, 7 * n + 7)): [0.5, 0.5 + n / 10] for n in range(3)}
    found = of_values(values, values, calendar=calendar)
    assert [each.key for each in found.trends] == [LEVEL, AVOIDABLE, CSAT]
    level = found.trends[0]
    assert level.starts == ("2026-03-02", "2026-03-09", "2026-03-16")
    assert [each.median for each in level.plan] == pytest.approx([0.5, 0.55, 0.6])
    assert level.plan == level.without
    assert all(math.isnan(each.median) for each in found.trends[2].plan)


def test_windows_are_asked_for_once() -> None:
    """Those of targets come first; the third week is the window of day 21."""
    assert windows_of(team()) == (FIRST, LAST, Window(8, 14))
    assert keys_of(team()) == (LEVEL, AVOIDABLE, CSAT)


def test_a_window_over_all_days_is_what_a_run_says() -> None:
    """Simulated: the whole horizon as the last window, each replication as a run has it."""
    plan = team(roadmap=roadmap(window="21 days"))
    found = run_plan(plan, 3, 5, 1)
    run = plan.run.model_copy(update={"replications": 3, "seed": 5})
    samples = samples_of(run_scenario(baseline_of(plan).model_copy(update={"run": run})).samples)
    for target in found.targets[1:]:
        each = samples.of([target.goal[:3]], 3)
        wanted = (each.above / each.below)[:, 0]
        assert found.baseline.values(target.goal[:3], target.window) == pytest.approx(wanted, rel=1e-12)


def figures_of(found: PlanResult) -> list[bytes]:
    return [part.tobytes() for each in (found.followed, found.baseline) for part in each.figures]


def test_any_number_of_workers_gives_the_same() -> None:
    first, second = (run_plan(team(), 5, 3, workers) for workers in (1, 4))
    assert figures_of(first) == figures_of(second)
    assert str((first.targets, first.trends)) == str((second.targets, second.trends))  # NaN is not itself


def test_replications_are_the_same_however_many_there_are() -> None:
    few, more = (run_plan(team(), n, 3, 1).followed.figures.above for n in (2, 4))
    assert np.array_equal(few, more[:2])
    assert not np.array_equal(run_plan(team(), 2, 4, 1).followed.figures.above, few)


def test_a_lever_without_effect_moves_nothing() -> None:
    """The same bytes as without it, and differences of exactly 0."""
    idle = {"idle": {"owner": "product", "due": "2026-03-04", "moves": {"handle_time": "0%"}}}
    found = run_plan(team(loop=None, roadmap=roadmap(levers=idle)), 3, 3, 2)
    for ours, theirs in zip(found.followed.figures, found.baseline.figures, strict=True):
        assert ours.tobytes() == theirs.tobytes()
    assert all((each.effect.mean, each.effect.half) == (0.0, 0.0) for each in found.targets)
    assert all(each.standing.spread == each.without.spread for each in found.targets)


def test_progress_counts_both_versions() -> None:
    told = list[tuple[int, int | None]]()
    run_plan(team(), 2, 3, 2, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_interruption_ends_it() -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(team(), 3, 3, 2, stop)


def test_results_come_in_order_and_a_failure_gives_the_rest_up() -> None:
    told = list[int]()
    found = side_by_side.in_order(lambda n, _: n * n, range(50), 8, lambda: told.append(len(told)))
    assert (found, told) == ([n * n for n in range(50)], list(range(50)))
    stopped = list[bool]()

    def fails(n: int, stop: Any) -> None:
        if n == 0:
            raise ValueError("the first fails")
        stopped.append(stop.wait(30))

    with pytest.raises(ValueError, match="the first fails"):
        side_by_side.in_order(fails, range(2), 2, lambda: None)
    assert stopped in ([True], [])  # told to stop, or never begun


@pytest.mark.parametrize("planned", [None, {"levers": roadmap()["levers"]}])
def test_without_targets_it_is_said_what_to_add(planned: Any) -> None:
    scenario: Scenario = team(roadmap=planned)
    with pytest.raises(ValueError, match=r"has no targets by day: add .*'roadmap' with 'targets', such as"):
        run_plan(scenario, 2, 1)


def test_volumes_are_of_what_the_baseline_has_too() -> None:
    """A scenario that learns has cases for it; the same without its plan may have none."""
    assert volumes_of(team())[0] == ("case_contacts", "all", "all")
    assert ("people_cost", "all", "all") in volumes_of(team())  # which has pay
    plain = {
        "severities": None,
        "causes": None,
        "routing": None,
        "outcomes": None,
        "remedies": None,
        "loop": None,
    }
    calls = {key: TEAM["streams"]["calls"][key] for key in ("queue", "arrivals", "handle_time")}
    levers = {"macros": TEAM["roadmap"]["levers"]["macros"]}
    level = roadmap(levers=levers, targets=["phone service level >= 80% by day 7"])
    plan = team(**plain, streams={"calls": calls}, queues={"phone": {"target": "80% in 20 s"}},
                groups={"team": {"skills": ["phone"], "agents": 2}}, roadmap=level)  # fmt: skip
    assert volumes_of(plan)[0] == ("offered", "all", "all")
    assert ("people_cost", "all", "all") not in volumes_of(plan)
    assert causes_of(plan) == ()
    assert causes_of(team())[1] == ("case_contacts", "root_cause", "billing")
    found = run_plan(plan, 2, 3, 1)
    offered = [
        each.values(("offered", "all", "all"), Window(1, 21)) for each in (found.baseline, found.followed)
    ]
    assert offered[0].tolist() == offered[1].tolist()
    assert offered[0].min() > 100


def test_what_only_a_plan_has_is_nothing_without_it() -> None:
    """Without levers and a loop no contact is prevented, and no article answers any."""
    lines = ["prevented contacts >= 1 by day 21", "deflection >= 0.1% by day 21"]
    found = run_plan(team(roadmap=roadmap(targets=lines)), 3, 3, 1)
    assert [target.baseline.mean for target in found.targets] == [0.0, 0.0]
    assert [target.without.met for target in found.targets] == [0, 0]
    assert all(target.effect.mean > 0 for target in found.targets)
