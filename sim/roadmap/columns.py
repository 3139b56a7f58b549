"""Plans in columns: the targets of the first, and how each of the others stands against them.

All plans meet the same chances, so that they differ by what they do. What is relative to a baseline is
relative to that of the first plan, in every column.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.roadmap import DayGoal
from sim.explain.watch import Chances
from sim.measure import Floats
from sim.progress import Progress, counting
from sim.roadmap.follow import Followed, follow
from sim.roadmap.plan import DayTarget, PlanResult, judged, key_of, keys_of, windows_of
from sim.roadmap.standing import Effect, effect, mean_effect, meets


class Column(NamedTuple):
    """A plan against the targets of the first one."""

    scenario: Scenario
    targets: tuple[DayTarget, ...]  # in the order of the first plan's file
    difference: tuple[Effect, ...]  # of each target's measure: this plan less the first, paired
    met: (
        Floats  # [target, replication]: 1 where it meets the target, 0 where it does not, NaN without a value
    )


def met_on_average(plans: Sequence[Column]) -> tuple[int, tuple[float, ...]]:
    """How many targets have a value in all plans, and how many of these each plan meets in a replication."""
    known = [n for n in range(len(plans[0].met)) if not any(np.isnan(plan.met[n]).all() for plan in plans)]
    return len(known), tuple(sum(float(np.nanmean(plan.met[n])) for n in known) for plan in plans)


def more_met(plan: Column, than: Column) -> Effect:
    """How many more targets a plan meets than another one, paired by replication."""
    return mean_effect(np.nansum(plan.met - than.met, axis=0))


def columns(
    first: PlanResult, others: Sequence[Scenario], workers: int | None, progress: Progress | None = None
) -> tuple[Column, ...]:
    """The first plan and others; `progress(done, total)` counts the replications of the others.

    Raises ValueError for a plan on other days, or without a measure that the first one's targets name.
    """
    for other in others:
        refuse_other_days(first.scenario, other)
    tell = counting(progress, first.replications * len(others))
    keys, windows = keys_of(first.scenario), windows_of(first.scenario)
    chances = Chances(first.seed, first.replications, workers)
    found = [follow(other, keys, windows, chances, tell) for other in others]
    return tuple(_column(first, followed) for followed in (first.followed, *found))


def refuse_other_days(first: Scenario, other: Scenario) -> None:
    """Raise ValueError for a plan whose days are not those of the first one."""
    ours, theirs = first.calendar, other.calendar
    if ours.start == theirs.start and ours.time_zone != theirs.time_zone:
        raise ValueError(
            f"{other.name} has its days in {theirs.time_zone} and {first.name} in {ours.time_zone}; plans "
            "are compared day by day: give them the same calendar.time_zone"
        )
    if ours.start != theirs.start:
        raise ValueError(
            f"{other.name} begins on {theirs.start} and {first.name} on {ours.start}; plans are compared day "
            "by day: let them begin on the same day"
        )


def _column(first: PlanResult, followed: Followed) -> Column:
    goals: tuple[DayGoal, ...] = first.scenario.roadmap.targets if first.scenario.roadmap else ()
    targets = tuple(judged(goal, followed, first.baseline, first.scenario) for goal in goals)
    differences = tuple(
        effect(*(each.values(key_of(target.goal), target.window) for each in (first.followed, followed)))
        for target in targets
    )
    met = np.array([_met(target, followed) for target in targets])
    return Column(followed.scenario, targets, differences, met)


def _met(target: DayTarget, followed: Followed) -> Floats:
    values = followed.values(key_of(target.goal), target.window)
    return np.where(np.isnan(values), np.nan, meets(values, target.goal.comparison, target.target))
