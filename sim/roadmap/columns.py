"""Plans in columns: the targets of the first, and how each of the others stands against them.

All plans meet the same chances, so that they differ by what they do. What is relative to a baseline is
relative to that of the first plan, in every column.
"""

from collections.abc import Sequence
from typing import NamedTuple

from scenarios.model import Scenario
from scenarios.roadmap import DayGoal
from sim.experiment import Progress
from sim.explain.watch import Chances
from sim.roadmap.follow import Followed, follow
from sim.roadmap.plan import DayTarget, PlanResult, judged, key_of, keys_of, windows_of
from sim.roadmap.standing import Effect, effect


class Column(NamedTuple):
    """A plan against the targets of the first one."""

    scenario: Scenario
    targets: tuple[DayTarget, ...]  # in the order of the first plan's file
    difference: tuple[Effect, ...]  # of each target's measure: this plan less the first, paired


def columns(
    first: PlanResult, others: Sequence[Scenario], workers: int | None, progress: Progress | None = None
) -> tuple[Column, ...]:
    """The first plan and others; `progress(done, total)` counts the replications of the others.

    Raises ValueError for a plan on other days, or without a measure that the first one's targets name.
    """
    for other in others:
        refuse_other_days(first.scenario, other)
    done, total = 0, first.replications * len(others)

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    keys, windows = keys_of(first.scenario), windows_of(first.scenario)
    chances = Chances(first.seed, first.replications, workers)
    found = [follow(other, keys, windows, chances, tell) for other in others]
    return tuple(_column(first, followed) for followed in (first.followed, *found))


def refuse_other_days(first: Scenario, other: Scenario) -> None:
    """Raise ValueError for a plan whose days are not those of the first one."""
    ours, theirs = first.calendar, other.calendar
    if (ours.start, ours.time_zone) != (theirs.start, theirs.time_zone):
        raise ValueError(
            f"{other.name} begins on {theirs.start} ({theirs.time_zone}) and {first.name} on {ours.start} "
            f"({ours.time_zone}); plans are compared day by day: let them begin on the same day"
        )


def _column(first: PlanResult, followed: Followed) -> Column:
    goals: tuple[DayGoal, ...] = first.scenario.roadmap.targets if first.scenario.roadmap else ()
    targets = tuple(judged(goal, followed, first.baseline, first.scenario) for goal in goals)
    differences = tuple(
        effect(*(each.values(key_of(target.goal), target.window) for each in (first.followed, followed)))
        for target in targets
    )
    return Column(followed.scenario, targets, differences)
