"""Staffing and judging days whose rates change: by a rule for each interval, or exactly.

Both ways take rates and give service, or the other way round. The rules (standing_rates.py) put a line in
steady state in the place of each interval, and are as fast as formulas are; `exact_level` follows the whole
day.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, Floats, checked
from sim.erlang.day import Course, Day
from sim.erlang.goals import Goals
from sim.erlang.levels import USUAL, USUAL_SHORT_S, service_level
from sim.erlang.line import Line
from sim.erlang.required import required_agents
from sim.erlang.standing_rates import standing_rates
from sim.erlang.transient import transient


def staff_day(
    method: str,
    per_hour: ArrayLike,
    handle_s: ArrayLike,
    goals: Goals,
    interval_s: float = 1800.0,
    *,
    patience_s: ArrayLike = math.inf,
    places: ArrayLike = math.inf,
    minimum: ArrayLike = 0.0,
) -> Floats:
    """Whole agents [..., intervals] that a rule of `standing_rates.RULES` asks for, but at least `minimum`.

    Everything by interval broadcasts; `minimum` holds where nobody comes too. inf where no number is enough.
    """
    rates, handle = standing_rates(method, per_hour, handle_s, interval_s)
    needed = required_agents(rates, handle, goals, patience_s, places)
    return np.maximum(needed, checked("minimum", minimum, NOT_NEGATIVE))


def day_level(
    method: str,
    day: Day,
    within_s: ArrayLike = 20.0,
    definition: str = USUAL,
    short_s: ArrayLike = USUAL_SHORT_S,
) -> Floats:
    """Service level by interval, [..., intervals], that a rule says of given agents; 1 where nobody comes.

    Balking is no part of a line in steady state here: ValueError where the day has it.
    """
    if np.any(np.asarray(day.balk)):
        raise ValueError("balk: the rules know no balking; judge the day by its exact course")
    rates, handle = standing_rates(method, day.per_hour, day.handle_s, day.interval_s)
    line = Line(rates, handle, day.agents, day.patience_s, day.places)
    level = service_level(line, within_s, definition, short_s)
    return np.where(np.asarray(day.per_hour) > 0.0, level, 1.0)


def exact_level(
    day: Day, within_s: float = 20.0, definition: str = USUAL, short_s: float = USUAL_SHORT_S
) -> Floats:
    """The same by the exact course of the day."""
    course, short = courses(day, within_s, definition, short_s)
    level = course.service_level(definition, short)
    return np.where(course.offered > 0.0, level, 1.0)


def courses(
    day: Day, within_s: float, definition: str = USUAL, short_s: float = USUAL_SHORT_S
) -> tuple[Course, Course | None]:
    """The course of a day, and that with the short limit if the definition has one."""
    return transient(day, within_s), transient(day, short_s) if "short" in definition else None
