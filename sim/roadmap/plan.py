"""A plan against its targets: simulated beside the same scenario without it, on the same chances."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenarios.definitions import MONEY
from scenarios.model import Scenario
from scenarios.related import has_cases
from scenarios.roadmap import DayGoal
from sim.case_measure import Key
from sim.checkpoints import Window, weeks_of, window_of
from sim.explain.watch import Chances
from sim.measure import Floats, currency
from sim.progress import Progress, counting
from sim.roadmap.contributions import Contribution, contribution, try_parts
from sim.roadmap.follow import Followed, follow
from sim.roadmap.sensitivity import Sensitivity, sensitivity
from sim.roadmap.standing import Effect, Spread, Standing, effect, is_enough, spread, standing
from sim.roadmap.versions import baseline_of
from sim.version import __version__

if TYPE_CHECKING:
    from sim.asof.result import AsOf

MISSING: Final = (
    "has no targets by day: add a 'roadmap' with 'targets', such as "
    "'- phone service level >= 80% by day 30', and the 'levers' that are to reach them"
)


class Baseline(NamedTuple):
    """What a target is relative to: the mean over the replications without the plan that have a value."""

    mean: float
    n: int


class DayTarget(NamedTuple):
    """A target by day, and where the plan stands against it."""

    goal: DayGoal
    window: Window
    unit: str
    target: float  # the value to be met, in that unit; NaN where it is relative to what is not known
    baseline: Baseline
    standing: Standing  # of the plan
    without: Standing  # of the scenario without it: what doing nothing comes to
    effect: Effect  # the plan's value less the one without it


class Trend(NamedTuple):
    """A measure by week, over replications: the first day of each week, and how it spreads."""

    key: Key
    unit: str
    starts: tuple[str, ...]
    plan: tuple[Spread, ...]
    without: tuple[Spread, ...]


class PlanResult(NamedTuple):
    """What a plan comes to. `followed` and `baseline` have the figures of every replication."""

    scenario: Scenario
    seed: int
    replications: int
    engine: str
    version: str
    targets: tuple[DayTarget, ...]  # in the order of the file
    trends: tuple[Trend, ...]  # a measure that a target names, each once
    followed: Followed
    baseline: Followed
    sensitivities: tuple[Sensitivity, ...]  # what decides each measure at the last day of its targets
    contributions: tuple[Contribution, ...] = ()  # of the levers, where they were asked for
    as_of: "AsOf | None" = (
        None  # where the days before a day are what happened; None: the plan as it was made
    )

    @property
    def extra(self) -> tuple[object, ...]:
        """Of each replication of the plan: what else it had to tell."""
        return self.followed.extra


def refuse_without_targets(scenario: Scenario) -> None:
    """Raise ValueError, with what to add, for a scenario that has no target by day."""
    if scenario.roadmap is None or not scenario.roadmap.targets:
        raise ValueError(f"{scenario.name} {MISSING}")


def run_plan(
    scenario: Scenario,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> PlanResult:
    """Simulate a plan and its baseline; `progress(done, total)` counts the replications of both."""
    refuse_without_targets(scenario)
    tell = counting(progress, 2 * replications)
    chances, asked = Chances(seed, replications, workers), asked_of(scenario)
    followed, baseline = (follow(s, *asked, chances, tell) for s in (scenario, baseline_of(scenario)))
    return plan_result(followed, baseline, seed)


def asked_of(scenario: Scenario) -> tuple[tuple[Key, ...], tuple[Window, ...]]:
    """Which measures are followed over which windows."""
    keys = dict.fromkeys((*keys_of(scenario), *volumes_of(scenario), *causes_of(scenario)))
    return tuple(keys), tuple(dict.fromkeys([*windows_of(scenario), Window(1, scenario.calendar.days)]))


def with_contributions(
    found: PlanResult, workers: int | None = None, progress: Progress | None = None
) -> PlanResult:
    """The same with what each lever contributes to each measure at the last day of its targets.

    Of a plan as of a day, that is what they were to contribute as it was made.
    """
    made = found.as_of.then if found.as_of else found
    chances = Chances(found.seed, found.replications, workers)
    tried = try_parts(made.followed, made.baseline, chances, progress)
    asked = ((key, _last_window(key, found.scenario)) for key in keys_of(found.scenario))
    return found._replace(contributions=tuple(contribution(tried, *each) for each in asked))


def _last_window(key: Key, scenario: Scenario) -> Window:
    """The window of the last target of a measure, of those that lie within the horizon if any does."""
    windows = [_window(goal, scenario) for goal in _targets(scenario) if key_of(goal) == key]
    within = [each for each in windows if each.last <= scenario.calendar.days]
    return max(within or windows, key=lambda each: each.last)


def plan_result(followed: Followed, baseline: Followed, seed: int) -> PlanResult:
    """What two versions that met the same chances say of the targets of the first."""
    scenario = followed.scenario
    assert scenario.roadmap is not None
    targets = tuple(judged(goal, followed, baseline, scenario) for goal in scenario.roadmap.targets)
    trends = tuple(_trend(key, followed, baseline, scenario) for key in keys_of(scenario))
    n = len(followed.extra)
    decided = tuple(
        sensitivity(followed, seed, key, _last_window(key, scenario)) for key in keys_of(scenario)
    )
    return PlanResult(scenario, seed, n, "fast", __version__, targets, trends, followed, baseline, decided)


def keys_of(scenario: Scenario) -> tuple[Key, ...]:
    """The measures that targets by day name, each once."""
    return tuple(dict.fromkeys(key_of(goal) for goal in _targets(scenario)))


def key_of(goal: DayGoal) -> Key:
    """Measure, scope and name of a target."""
    return goal.measure, goal.scope, goal.name


def volumes_of(scenario: Scenario) -> tuple[Key, ...]:
    """What tells how much there is to do, with the plan and without it, unless a target names it."""
    contacts = "case_contacts" if has_cases(baseline_of(scenario)) else "offered"  # what both have
    paid = ("people_cost",) if currency(scenario) else ()
    wanted: list[Key] = [(each, "all", "all") for each in (contacts, "time_working", "time_sharing", *paid)]
    return tuple(key for key in wanted if key not in keys_of(scenario))


def causes_of(scenario: Scenario) -> tuple[Key, ...]:
    """What tells how much each root cause brings and takes."""
    return tuple((measure, "root_cause", cause) for cause in scenario.causes for measure in OF_CAUSES)


OF_CAUSES: Final = ("cases", "case_contacts", "avoidable_volume", "agent_time_per_case")


def windows_of(scenario: Scenario) -> tuple[Window, ...]:
    """The windows of targets, then the weeks of the horizon, each once."""
    wanted = (_window(goal, scenario) for goal in _targets(scenario))
    return tuple(dict.fromkeys([*wanted, *weeks_of(scenario.calendar.days)]))


def _targets(scenario: Scenario) -> tuple[DayGoal, ...]:
    return scenario.roadmap.targets if scenario.roadmap else ()


def _window(goal: DayGoal, scenario: Scenario) -> Window:
    assert scenario.roadmap is not None
    return window_of(goal.day, scenario.roadmap.window_days)


def judged(goal: DayGoal, followed: Followed, baseline: Followed, scenario: Scenario) -> DayTarget:
    """Where two versions stand against a target of a scenario's roadmap."""
    assert scenario.roadmap is not None
    window, status = _window(goal, scenario), scenario.roadmap.status
    with_plan, without = (each.values(key_of(goal), window) for each in (followed, baseline))
    held_against = baseline_value(without)
    target = target_value(goal, held_against)
    stands, nothing = (
        standing(values, goal.comparison, target, status.green, status.amber)
        for values in (with_plan, without)
    )
    paired = effect(without, with_plan)
    return DayTarget(goal, window, unit_of(goal, scenario), target, held_against, stands, nothing, paired)


def unit_of(goal: DayGoal, scenario: Scenario) -> str:
    """The unit of a target's value; of money the currency, which a change from the baseline does not say."""
    return currency(scenario) or goal.unit if goal.unit == MONEY else goal.unit


def baseline_value(values: Floats) -> Baseline:
    """The mean of what replications come to; NaN where too few have a value."""
    known = values[~np.isnan(values)]
    enough = is_enough(len(known), len(values))
    return Baseline(float(known.mean()) if enough else math.nan, len(known))


def target_value(goal: DayGoal, baseline: Baseline) -> float:
    """The value that a target asks for: as it is, or as a change from the baseline."""
    if goal.relative == "factor":
        return baseline.mean * (1.0 + goal.value)
    return baseline.mean + goal.value if goal.relative == "points" else goal.value


def _trend(key: Key, followed: Followed, baseline: Followed, scenario: Scenario) -> Trend:
    unit = next(unit_of(goal, scenario) for goal in _targets(scenario) if key_of(goal) == key)
    weeks = weeks_of(scenario.calendar.days)
    first = scenario.calendar.start
    starts = tuple((first + timedelta(days=week.first - 1)).isoformat() for week in weeks)
    return Trend(key, unit, starts, *(_spreads(each, key, weeks) for each in (followed, baseline)))


def _spreads(followed: Followed, key: Key, weeks: Sequence[Window]) -> tuple[Spread, ...]:
    return tuple(spread(followed.values(key, week)) for week in weeks)
