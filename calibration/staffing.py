"""Agents seen at work as the ``agents`` of a scenario: whole people by interval of the week."""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from calibration.fits.count_grid import Bools, Floats
from calibration.observe.presence import STEP_S
from scenarios.units import duration_text
from scenarios.week import DAY_NAMES, clock_text

LOAD_OF_ASSUMED: Final = 0.8
"""Occupancy of the people that are assumed where the export shows nobody at work."""


def whole_agents(means: Floats) -> list[int]:
    """Whole agents by step whose sum stays within one half of the sum so far: hours are kept."""
    sums = np.floor(np.cumsum(means) + 0.5).astype(np.int64)
    return [int(n) for n in np.diff(sums, prepend=0)]


def usual_week(heads: Floats, dates: Sequence[datetime.date], usual: Bools) -> dict[int, Floats]:
    """The mean of each weekday's usual days with anybody at work, [step]; `heads` is [day, step]."""
    weekdays = np.array([date.weekday() for date in dates])
    worked = usual & (heads.sum(axis=1) > 0)
    found = dict[int, Floats]()
    for weekday in range(7):
        own = worked & (weekdays == weekday)
        if own.any():
            found[weekday] = heads[own].mean(axis=0)
    return found


def by_date(heads: Floats, dates: Sequence[datetime.date]) -> dict[int, Floats]:
    """Days of at most a week by their weekday, [step]."""
    return {date.weekday(): day for date, day in zip(dates, heads, strict=True)}


def agents_profile(week: Mapping[int, Floats], step_s: int = STEP_S) -> dict[str, Any]:
    """The profile of agents on steps of `step_s` seconds; empty where nobody is ever at work."""
    joined = {day: each.reshape(-1, step_s // STEP_S).mean(axis=1) for day, each in week.items()}
    whole = {day: whole_agents(each) for day, each in joined.items()}
    used = [i for each in whole.values() for i, n in enumerate(each) if n]
    if not used:
        return {}
    first, last = min(used), max(used) + 1
    days = {DAY_NAMES[day]: whole[day][first:last] for day in sorted(whole) if any(whole[day])}
    return {"from": clock_text(first * step_s), "step": duration_text(step_s), **days}


def assumed_agents(contacts: Floats, handle_s: float, interval_s: int) -> dict[str, Any]:
    """People for the contacts of a week, [weekday, interval]: load at an occupancy of 80 %, and one more."""
    load = contacts * handle_s / interval_s
    heads = np.where(contacts > 0, np.ceil(load / LOAD_OF_ASSUMED) + 1, 0)
    used = np.flatnonzero(heads.any(axis=0))
    if not len(used):
        return {}
    first, last = int(used[0]), int(used[-1]) + 1
    days = {
        DAY_NAMES[day]: [math.floor(n) for n in row[first:last]] for day, row in enumerate(heads) if row.any()
    }
    return {"from": clock_text(first * interval_s), "step": duration_text(interval_s), **days}
