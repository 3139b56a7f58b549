"""Facts of a simulated run, put back, give its own figures: of each measure that an export tells, exactly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import careloop
from scenarios import Scenario, from_dict
from scenarios.by_day import not_by_day
from scenarios.case_definitions import CASE_MEASURES
from scenarios.definitions import QUANTILES
from scenarios.targets import SUBJECTS
from sim.asof.passed import passed, sums_of, tallies
from sim.asof.told import told_otherwise, untold
from sim.case_measure import Key
from sim.checkpoints import Window, figures, rulers_of
from sim.measure import Plan, all_names
from sim.roadmap.follow import plan_by_day
from tests.asof.centre import CENTRE, centre
from tests.asof.histories import history
from tests.sim.case_team import DOWN, TEAM


def lasting(days: int, raw: dict[str, Any], **sections: Any) -> Scenario:
    """A scenario of so many days, of which no target asks."""
    calendar = {**raw["calendar"], "days": days}
    changed = {**raw, "calendar": calendar, "roadmap": None, "loop": None, "remedies": None, **sections}
    return from_dict({name: each for name, each in changed.items() if each is not None})


def library(name: str) -> Callable[[], Scenario]:
    return lambda: careloop.load(f"scenarios/library/{name}.yaml")


SCENARIOS: dict[
    str, tuple[Callable[[], Scenario], int, int]
] = {  # as of which day, how many are told at least
    "centre": (lambda: lasting(60, CENTRE), 50, 420),
    "right tags": (lambda: lasting(60, CENTRE, tagging=None), 50, 570),
    "all that cases may have": (lambda: lasting(40, TEAM, incidents={"down": DOWN}), 35, 340),
    "contacts without cases": (library("two_skills_overflow"), 4, 130),
    "chats": (library("chat_beside_phone"), 4, 100),
    "tags that are wrong": (library("wrong_tags"), 24, 400),
}


def measures(plan: Plan) -> tuple[Key, ...]:
    """All that a target by day may name."""
    names = all_names()
    keys: list[Key] = [(names[m], *plan.scopes[s]) for m, s in zip(*plan.pairs, strict=True)]
    keys += [(name, *scope) for name in QUANTILES for scope in plan.scopes]
    keys += plan.cases.keys() if plan.cases else []
    return tuple(key for key in dict.fromkeys(keys) if key[0] in SUBJECTS and not not_by_day(key[0]))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_measure_that_is_told_is_the_runs_own(name: str) -> None:
    make, day, least = SCENARIOS[name]
    plan = plan_by_day(make())
    keys, windows = measures(plan), (Window(1, 1), Window(1, 7) if day > 20 else Window(1, 2), Window(2, 3))
    own = history(plan, keys, windows, seed=5)
    days = passed(plan, own.seen, day)
    rulers = rulers_of(plan, keys)
    counted = tallies(days, rulers, days.found.cases)
    found = figures(plan, rulers, windows, sums_of(plan, counted), counted.times)
    exact = [
        n
        for n, key in enumerate(keys)
        if not untold(days.export, key) and not told_otherwise(days.export, key)
    ]
    for n in exact:
        for part, other in zip(found, own.figures, strict=True):
            np.testing.assert_array_equal(part[n], other[n], err_msg=str(keys[n]))
    told = [n for n in exact if own.figures.below[n].any()]
    assert len(exact) >= least
    assert sum(bool((own.figures.above[n] != 0).any()) for n in told) > 0.4 * least


def test_what_is_not_told_would_be_wrong() -> None:
    """Most of the measures that are not told would come out otherwise: the list is no longer than need be."""
    plan = plan_by_day(lasting(40, TEAM, incidents={"down": DOWN}))
    keys, windows = measures(plan), (Window(1, 7),)
    own = history(plan, keys, windows, seed=5)
    days = passed(plan, own.seen, 35)
    rulers = rulers_of(plan, keys)
    counted = tallies(days, rulers, days.found.cases)
    found = figures(plan, rulers, windows, sums_of(plan, counted), counted.times)
    silent = [n for n, key in enumerate(keys) if untold(days.export, key)]
    wrong = [n for n in silent if any((a[n] != b[n]).any() for a, b in zip(found, own.figures, strict=True))]
    assert len(wrong) > 0.7 * len([n for n in silent if own.figures.below[n].any()])


def test_of_every_measure_it_is_known_whether_an_export_tells_it() -> None:
    """A measure that is new has to be looked at: those of cases that are not told are told apart by name."""
    assert set(CASE_MEASURES) <= set(SUBJECTS)
    plan = plan_by_day(centre(tagging=None))
    own = history(plan, (), (), seed=5)
    days = passed(plan, own.seen, 30)
    told = {key[0] for key in measures(plan) if not untold(days.export, key)}
    silent = {key[0] for key in measures(plan)} - told
    assert silent == {
        *("occupancy", "on_duty", "time_idle", "time_working", "time_sharing", "chats_at_once"),
        *("called_back", "unreached", "struck_off", "confirmed", "updates_owed", "update_attainment", "qa"),
        *("deflection", "contained", "bounced", "article_views"),
        *("work_done", "work_time", "work_on_time", "work_lateness", "work_struck_off"),
    }
