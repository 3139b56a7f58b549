"""Compile how the people of a group work: who is next, skill by queue, tenure, hurry, on call."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.model import Group
from scenarios.week import DAY_S
from sim.clock import NEVER
from sim.draft import SECOND, Draft
from sim.hires import Hires
from sim.layout import NOBODY
from sim.rules import BY_AGE, BY_WEIGHT, IN_ORDER
from sim.shelves import AT_RANDOM, FIXED_ORDER, LONGEST_IDLE

_IDLE: Final = {"longest_idle": LONGEST_IDLE, "fixed_order": FIXED_ORDER, "random": AT_RANDOM}
_TAKES: Final = {
    "priority_then_skill": IN_ORDER,
    "longest_wait": IN_ORDER,
    "weighted_wait": BY_WEIGHT,
    "ageing": BY_AGE,
}
_WEEK: Final = 7 * DAY_S * SECOND


def set_people(draft: Draft, row: np.void, group: Group) -> None:
    """Fill in the fields of a GROUP row that are about how its people work."""
    row["idle"] = _IDLE[group.idle]
    row["takes"] = _TAKES[group.takes]
    row["answers"] = draft.add_dist(group.on_call.answers if group.on_call else None)
    row["by_queue"] = row["ramp"] = row["hurry_from"] = NOBODY
    if group.handle_time_by_queue:
        factors = [group.handle_time_by_queue.get(name, 1.0) for name in draft.names.queues]
        row["by_queue"] = draft.curves.add(np.array(factors))
    if group.ramp:
        steps = [((each.week - 1) * _WEEK, each.speed, each.reopens) for each in group.ramp.weeks]
        row["ramp"] = draft.curves.add(np.array(steps, float).ravel())
        row["ramp_steps"] = len(steps)
    if group.hurry:
        row["hurry_from"] = group.hurry.from_waiting
        row["hurry_speed"] = 1.0 / (1.0 + group.hurry.speeds_up)
        row["hurry_returns"] = 1.0 + group.hurry.reopens


def hired_at(draft: Draft, group: Group, count: int, more: Hires) -> np.ndarray:
    """The tick at which each of the agents of a group has started, shape (count,).

    The newest have the highest numbers, and those whom the roadmap adds come after all others; who is not
    among the hires has always been there.
    """
    hired = np.full(count, -NEVER)
    last = count
    for day, people in reversed(more):
        hired[max(last - people, 0) : last] = _midnight(draft, draft.scenario.calendar.start + timedelta(day))
        last = max(last - people, 0)
    for hire in reversed(group.ramp.hires if group.ramp else ()):
        first = max(last - hire.agents, 0)
        hired[first:last] = _midnight(draft, hire.day)
        last = first
    return hired


def _midnight(draft: Draft, day: object) -> int:
    """The start of a local day, before the horizon or in it, in ticks since the horizon's start."""
    zone = ZoneInfo(draft.scenario.calendar.time_zone)
    moment = datetime.combine(day, datetime.min.time(), zone)  # type: ignore[arg-type]
    epoch = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
    return ((moment - epoch) // timedelta(seconds=1) - draft.almanac.origin) * SECOND
