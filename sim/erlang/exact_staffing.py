"""Staff for a day such that each interval meets its goals by the exact course of the day.

Feldman, Mandelbaum, Massey and Whitt 2008 (Management Science 54, p. 324) staff iteratively: from what the
day is like with one staffing, the next, until nothing changes. What an interval begins with depends on
earlier ones alone, so the fixed point is found in one pass forwards, each interval given those before it,
with the exact course in the place of their simulation. Contacts at the end of an interval feel the next
one's staff; so the day is judged as a whole at the end, and where an interval misses, it gets agents until
it does not.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.erlang.arguments import NOT_NEGATIVE, Floats, checked
from sim.erlang.crowd import Crowd
from sim.erlang.day import Course, Day, by_interval
from sim.erlang.goals import Goals, limits_of
from sim.erlang.levels import VIRTUAL
from sim.erlang.starts import first_crowd
from sim.erlang.transient import follow, plan_of, rates_of
from sim.erlang.varying import courses, staff_day

_SLACK: Final = 1e-9  # relative: a value that misses by less stands on its limit


def staff_exactly(
    per_hour: ArrayLike,
    handle_s: ArrayLike,
    goals: Goals,
    interval_s: float = 1800.0,
    *,
    patience_s: ArrayLike = math.inf,
    places: float = math.inf,
    balk: ArrayLike = 0.0,
    minimum: ArrayLike = 0.0,
) -> Floats:
    """Whole agents [..., intervals], from an empty start, with which every interval meets all goals exactly.

    Given the agents before it each interval has as few as would do if they stayed on, but at least
    `minimum`, which is all where nobody comes; who waits when nobody is at work any more waits for ever.
    Goals are one number each. ValueError for arguments outside their domains, and for goals that the exact
    course does not tell: `asa_s` and the definition `virtual_wait`.
    """
    _check(goals)
    least = np.ceil(checked("minimum", minimum, NOT_NEGATIVE))
    day = Day(per_hour, least, handle_s, interval_s, patience_s, places, balk)
    rows = by_interval(day)
    shape = rows.shape[1:]
    guess = staff_day(
        "offered_load", rows[0], rows[2], goals, interval_s, patience_s=rows[3], places=places, minimum=least
    )
    found = np.zeros(shape)
    for which in np.ndindex(shape[:-1]):
        one = rows[(slice(None), *which)]
        found[which] = _one_day(one, day, goals, guess[which])
    return found


def _check(goals: Goals) -> None:
    limits_of(goals)
    if any(np.ndim(value) for value in goals if value is not None):
        raise ValueError("goals: a day is staffed for one number of each kind; call once for each")
    if goals.asa_s is not None or goals.definition == VIRTUAL:
        raise ValueError(f"goals: neither asa_s nor {VIRTUAL} is told by the exact course; give another goal")


class _Search(NamedTuple):
    """What is the same for all intervals of a day."""

    goals: Goals
    within_s: float
    short_s: float
    interval_s: float
    places: float


def _one_day(rows: Floats, day: Day, goals: Goals, guess: Floats) -> Floats:
    """Agents of a day of [5, intervals]; its row of agents is the least that are asked for."""
    within_s, short_s = (float(np.asarray(value)) for value in (goals.within_s, goals.short_s))
    search = _Search(goals, within_s, short_s, float(day.interval_s), day.places)
    agents = np.zeros(rows.shape[1])
    line = first_crowd("empty", rates_of(rows[:, 0], day.places))
    for i, column in enumerate(rows.T):
        first = int(guess[i]) if math.isfinite(guess[i]) else math.ceil(column[0] * column[2] / 3600.0)
        agents[i], line = _one_interval(search, column, line, first)
    return _repaired(rows, search, agents)


def _one_interval(search: _Search, column: Floats, line: Crowd, guess: int) -> tuple[int, Crowd]:
    """The fewest agents of an interval that begins with this line, and the line at its end."""
    tried = cache(lambda n: _tried(search, column, n, line))
    agents = _fewest(guess, int(column[1]), lambda n: tried(n)[0])
    return agents, tried(agents)[1]


def _tried(search: _Search, column: Floats, n: int, line: Crowd) -> tuple[bool, Crowd]:
    """Whether an interval meets its goals with n agents from there on, and the line at its end."""
    rates = rates_of(column, search.places)._replace(servers=n)
    found, short = Course(*np.zeros((len(Course._fields), 1))), None
    plan = plan_of([rates], search.interval_s, search.within_s)
    end = follow(plan, line, found)
    if "short" in search.goals.definition:
        short = Course(*np.zeros((len(Course._fields), 1)))
        follow(plan._replace(within_s=search.short_s), line, short)
    return bool(met(found, short, np.array([float(n)]), search.goals).all()), end


def _fewest(guess: int, least: int, holds: Callable[[int], bool]) -> int:
    """The smallest number from `least` on that holds, where more can only help; near a guess."""
    high, step = max(guess, least), 1
    low = high
    while not holds(high):
        low, high, step = high, high + step, 2 * step
    while low == high and high > least:
        low = max(high - step, least)
        if holds(low):
            high, step = low, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _repaired(rows: Floats, search: _Search, agents: Floats) -> Floats:
    """More agents where the day as a whole says so."""
    goals = search.goals
    while True:
        day = Day(rows[0], agents, rows[2], search.interval_s, rows[3], search.places, rows[4])
        good = met(*courses(day, search.within_s, goals.definition, search.short_s), agents, goals)
        if good.all():
            return agents
        agents = agents + ~good


def met(course: Course, short: Course | None, agents: Floats, goals: Goals) -> NDArray[np.bool_]:
    """Which intervals meet all goals; one in which nobody comes does."""
    good = np.ones(np.shape(course.offered), bool)
    if goals.service_level is not None:
        level = course.service_level(goals.definition, short)
        good &= ~(level < np.asarray(goals.service_level, float) * (1.0 - _SLACK))
    counts = (
        (course.abandoned, goals.abandonment, course.offered),
        (course.delayed, goals.delayed, course.offered),
        (course.blocked, goals.blocked, course.offered),
        (course.wait_s, goals.mean_wait_s, course.offered - course.blocked),
        (course.busy, goals.occupancy, agents),
        (course.queue, goals.queue, np.ones(())),
    )
    for count, limit, of in counts:
        if limit is not None:
            good &= ~(count > np.asarray(limit, float) * of * (1.0 + _SLACK))
    return np.asarray(good | (course.offered == 0.0))
