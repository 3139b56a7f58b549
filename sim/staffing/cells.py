"""Cells: the pieces of a week over which a staffing is constant, and where they are in the calendar.

A cell is a group, a kind of day (0 = Monday ... 6, 7 = holidays) and an interval of that day. A plan is a
whole number of agents for each cell.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.model import Scenario, WeekSteps
from scenarios.related import heads_of, is_deferred, serving, sources_of
from scenarios.week import DAY_S, HOLIDAY, KINDS_OF_DAY, Step, merged, steps_on
from sim.almanac import Almanac, almanac, moment

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Grid(NamedTuple):
    """Which cells there are: [group, kind of day, interval of the day]."""

    groups: tuple[str, ...]
    step_s: int
    days: Ints  # [kind]: how often each occurs in the horizon
    hours: (
        Floats  # [kind, interval]: real hours in the horizon; clocks that change skip some, show some twice
    )
    works: NDArray[np.bool_]  # cells in which the group may be at work; the others have nobody


def grid_of(scenario: Scenario) -> Grid:
    """The cells of a scenario: in each group's own hours, and wherever else a queue would have nobody.

    A group's hours are those in which the file has anybody at work. Where a queue is open, expects
    contacts and nobody works who could serve it, all of its groups may.
    """
    days = almanac(scenario.calendar)
    step_s = days.interval_s
    counts = np.bincount(days.kinds, minlength=KINDS_OF_DAY)
    groups = tuple(sorted(scenario.groups))
    works = np.array([present(heads_of(scenario.groups[g]), step_s) for g in groups]) > 0
    for queue, demand in open_with_contacts(scenario).items():
        rows = [groups.index(group) for group in serving(scenario, queue)]
        if rows:
            works[rows] |= demand & ~works[rows].any(axis=0)
    hours = _hours(days)
    return Grid(groups, step_s, counts, hours, works & (hours > 0)[None, :, :])


def _hours(days: Almanac) -> Floats:
    """The real hours of each [kind of day, interval] over the horizon, as people are at work in them."""
    ends = range(0, DAY_S + 1, days.interval_s)
    found = np.zeros((KINDS_OF_DAY, DAY_S // days.interval_s))
    for n, kind in enumerate(days.kinds):
        if days.midnights[n + 1] - days.midnights[n] == DAY_S:
            found[kind] += days.interval_s / 3600.0
        else:
            found[kind] += np.diff([moment(days, n, end) for end in ends]) / 3600.0
    return found


def present(steps: WeekSteps, step_s: int) -> Floats:
    """The mean value of weekly steps in each [kind of day, interval of the day]; steps may overlap."""
    found = np.zeros((KINDS_OF_DAY, DAY_S // step_s))
    for kind in range(KINDS_OF_DAY):
        for step in steps_on(steps, kind):
            for i in range(step.start_s // step_s, -(-step.end_s // step_s)):
                inside = min(step.end_s, (i + 1) * step_s) - max(step.start_s, i * step_s)
                found[kind, i] += step.value * inside / step_s
    return found


def open_with_contacts(scenario: Scenario) -> dict[str, NDArray[np.bool_]]:
    """Of each queue that must answer at once, the [kind, interval] when it is open and contacts may come.

    They come of themselves, or are passed on by another queue.
    """
    step_s = almanac(scenario.calendar).interval_s
    found = {}
    for name in scenario.queues:
        streams = [scenario.streams[stream] for stream in sources_of(scenario, name)]
        if streams and not is_deferred(scenario, name):
            coming = np.sum([present(s.arrivals.steps, step_s) for s in streams], axis=0)
            wave = any(s.arrivals.sinusoid is not None for s in streams)
            found[name] = (opened(scenario, name, step_s) > 0) & ((coming > 0) | wave)
    return found


def opened(scenario: Scenario, queue: str, step_s: int) -> Floats:
    """The share of each [kind of day, interval] in which a queue is open."""
    hours = scenario.queues[queue].hours
    if hours is None:
        return np.ones((KINDS_OF_DAY, DAY_S // step_s))
    return present(hours, step_s)


def steps_of(grid: Grid, group: int, heads: Ints, before: WeekSteps) -> WeekSteps:
    """A group's [kind, interval] as weekly steps; kinds of day that the horizon has not stay as `before`."""
    steps = [
        Step(kind, i * grid.step_s, (i + 1) * grid.step_s, float(heads[kind, i]))
        for kind in np.flatnonzero(grid.days).tolist()
        for i in np.flatnonzero(heads[kind]).tolist()
    ]
    if grid.days[HOLIDAY] and not any(step.weekday == HOLIDAY for step in steps):
        steps.append(Step(HOLIDAY, 0, DAY_S, 0.0))  # nobody, where silence would mean: as on Sundays
    steps += [step for step in before if not grid.days[step.weekday]]
    return merged(tuple(sorted(steps)))


def with_plan(scenario: Scenario, grid: Grid, plan: Ints) -> Scenario:
    """The scenario with a plan [group, kind, interval] as its staffing; shifts become seats."""
    groups = dict(scenario.groups)
    for g, name in enumerate(grid.groups):
        group = scenario.groups[name]
        before = group.agents if group.agents is not None else ()
        steps = steps_of(grid, g, plan[g], before)
        groups[name] = group.model_copy(update={"agents": steps, "shifts": None})
    return scenario.model_copy(update={"groups": groups})
