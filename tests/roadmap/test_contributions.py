"""What each part of a plan contributes: figures by hand that add up, and which versions are simulated."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from scenarios import Scenario
from scenarios.roadmap import DayGoal
from sim.case_measure import Key
from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.roadmap.contributions import Tried, contribution, try_parts
from sim.roadmap.follow import Followed, follow
from sim.roadmap.plan import keys_of, run_plan, windows_of, with_contributions
from sim.roadmap.standing import Effect
from sim.roadmap.versions import LOOP, baseline_of, only, without
from tests.roadmap.followed import NONE, followed
from tests.roadmap.planned import TEAM, roadmap, team, with_goals

CSAT: Key = ("csat", "all", "all")
LAST = Window(15, 21)


def tried(values: Mapping[str, Sequence[float]]) -> Tried:
    """Versions with these values: nothing, whole, `+ lever` alone, `- lever` left out."""
    plan = team(loop=None)

    def version(of: str, scenario: Scenario) -> Followed:
        return followed(scenario, {(CSAT, LAST): values[of]}, plan)

    names = ("macros", "copy")
    return Tried(
        version("whole", plan),
        version("nothing", baseline_of(plan)),
        {name: version(f"+ {name}", only(plan, name)) for name in names},
        {name: version(f"- {name}", without(plan, name)) for name in names},
    )


THREE = {  # of three replications, in sixteenths, which are exact
    "nothing": [1.0, 2.0, 3.0],
    "+ macros": [1.25, 2.5, 3.75],
    "+ copy": [1.5, 2.5, 3.5],
    "- macros": [1.5625, 2.5625, 3.5625],
    "- copy": [1.125, 2.375, 3.625],
    "whole": [1.625, 2.75, 3.875],
}


def test_effects_are_paired_and_add_up() -> None:
    """Alone 0.25, 0.5, 0.75 and 0.5 each; together 0.625, 0.75, 0.875: an eighth to three eighths twice."""
    found = contribution(tried(THREE), CSAT, LAST)
    macros, copy = found.parts
    assert (macros.name, copy.name) == ("macros", "copy")
    near(macros.alone, 0.5, 0.25)
    assert copy.alone == Effect(0.5, 0.0, 3)
    near(macros.on_top, 0.1875, 0.125)  # 0.0625, 0.1875, 0.3125
    near(copy.on_top, 0.375, 0.125)  # 0.5, 0.375, 0.25
    near(found.separate, 1.0, 0.25)  # 0.75, 1, 1.25
    near(found.joint, 0.75, 0.125)
    near(found.overlap, 0.25, 0.125)  # 0.125, 0.25, 0.375


def near(effect: Effect, mean: float, deviation: float) -> None:
    """Whether it is of three replications with this mean and standard deviation; Student's t is 4.303."""
    assert (effect.mean, effect.n) == (mean, 3)
    assert effect.half == pytest.approx(4.302653 * deviation / math.sqrt(3), rel=1e-6)


def test_they_add_up_exactly_whatever_the_values() -> None:
    values = {of: [0.1 * (n + 1) ** (k + 0.3) for n in range(3)] for k, of in enumerate(THREE)}
    found = contribution(tried(values), CSAT, LAST)
    assert found.separate.mean - found.overlap.mean == pytest.approx(found.joint.mean, rel=1e-15, abs=0)
    assert found.overlap.mean == found.separate.mean - found.joint.mean
    assert sum(part.alone.mean for part in found.parts) == pytest.approx(found.separate.mean, rel=1e-14)


def test_a_replication_counts_where_all_versions_have_a_value() -> None:
    """Else the sum of separate effects would be of other replications than what it is held against."""
    values: dict[str, Sequence[float]] = {of: [*each, 7.0] for of, each in THREE.items()}
    values["- copy"] = [*THREE["- copy"], NONE]
    assert contribution(tried(values), CSAT, LAST) == contribution(tried(THREE), CSAT, LAST)
    none = contribution(tried({of: [NONE, NONE] for of in THREE}), CSAT, LAST)
    assert none.joint.n == none.overlap.n == 0
    assert all(math.isnan(each.mean) for each in (none.separate, none.joint, none.overlap))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """The versions that are simulated from now on, each simply followed."""
    seen = list[Scenario]()

    def noting(scenario: Scenario, *rest: Any) -> Followed:
        seen.append(scenario)
        return follow(scenario, *rest)

    monkeypatch.setattr("sim.roadmap.follow.follow", noting)
    return seen


def by(plan: Scenario, progress: Callable[[int, int | None], None] | None = None) -> Tried:
    keys, windows, chances = keys_of(plan), windows_of(plan), Chances(1, 2, 1)
    whole, nothing = (follow(each, keys, windows, chances) for each in (plan, baseline_of(plan)))
    return try_parts(whole, nothing, chances, progress)


def test_every_part_is_tried_alone_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, told = counted(monkeypatch), list[tuple[int, int | None]]()
    plan = team()
    found = by(plan, lambda done, total: told.append((done, total)))
    names = ("macros", "copy", LOOP)
    assert seen == [*(only(plan, name) for name in names), *(without(plan, name) for name in names)]
    assert {name: each.scenario for name, each in found.alone.items()} == {n: only(plan, n) for n in names}
    assert {n: each.scenario for n, each in found.left_out.items()} == {n: without(plan, n) for n in names}
    assert told == [(n, 12) for n in range(1, 13)]  # six versions, two replications


def test_what_is_known_is_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one lever, alone is the whole plan, and without it there is none; of two, each other's rest."""
    seen = counted(monkeypatch)
    one = roadmap(levers={"macros": TEAM["roadmap"]["levers"]["macros"]})
    found = by(team(loop=None, roadmap=one))
    assert seen == []
    assert found.alone["macros"] is found.whole
    assert found.left_out["macros"] is found.nothing
    by(team(loop=None))
    assert len(seen) == 2


def test_the_last_day_within_the_horizon_is_told() -> None:
    """Day 40 lies beyond it; of CSAT there is no other day."""
    level, csat = (
        DayGoal(*key, ">=", 0.8, "share", 21) for key in (("service_level", "queue", "phone"), CSAT)
    )
    goals = (level, level._replace(day=40), level._replace(day=7), csat._replace(day=40))
    plan = with_goals(team(), goals)
    found = with_contributions(run_plan(plan, 2, 1, 1), 1).contributions
    assert [(each.key[0], each.window.last) for each in found] == [("service_level", 21), ("csat", 40)]
    assert [each.joint.n for each in found] == [2, 0]
