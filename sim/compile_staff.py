"""Compile when people are at work: heads by step of the week and whoever is hired meanwhile, or shifts."""

from datetime import timedelta

import numpy as np

from scenarios.model import Group, Shift
from scenarios.shifts import works_on
from scenarios.week import DAY_S
from sim import order
from sim.almanac import Almanac, moment, stretches
from sim.draft import UNLIMITED, Draft
from sim.draws import child_key
from sim.hires import Hires, grown
from sim.jit import U64


def plan_staff(draft: Draft, g: int, row: np.void, group: Group, of: tuple[int, Hires]) -> int:
    """Staffing events of a group; returns how many agents it needs.

    `of` is the row of its first agent, and who is hired meanwhile: they are at work whenever anybody is.
    """
    first, hired = of
    if group.shifts is not None:
        row["target"] = UNLIMITED
        return _plan_shifts(draft, row, group, first)
    spans = list(stretches(draft.almanac, group.agents or ()))
    usual = max((round(s.value) for s in spans), default=0)
    spans = grown(draft.almanac, spans, hired)
    heads = {s.end_s: 0 for s in spans} | {s.start_s: round(s.value) for s in spans}
    before = 0
    for second in sorted(heads):
        if heads[second] != before and second < draft.almanac.end:
            draft.event(second, order.TARGET, g, row["key"], heads[second])
            before = heads[second]
    return usual + sum(more for _, more in hired) if usual else 0


def _plan_shifts(draft: Draft, row: np.void, group: Group, first: int) -> int:
    """Each agent of a shift comes and goes on its own, for breaks too; returns how many agents there are."""
    shifts, n = group.shifts or (), 0
    kinds = draft.almanac.kinds
    before = draft.scenario.calendar.kind_of(draft.almanac.dates[0] - timedelta(days=1))
    for shift in shifts:
        days = [day for day, kind in enumerate(kinds) if works_on(shift, kind, shifts)]
        if works_on(shift, before, shifts):
            days.insert(0, -1)  # a night shift may have begun the day before
        for member in range(shift.agents):
            _plan_member(draft, child_key(U64(row["key"]), n), first + n, (shift, member), days)
            n += 1
    return n


def _plan_member(draft: Draft, key: np.uint64, agent: int, of: tuple[Shift, int], days: list[int]) -> None:
    """Plan when an agent, so many of its shift, comes and goes; day -1 is the one before the first."""
    shift, member = of
    for day in days:
        for piece in shift.at_work(member):
            start, end = (_moment_on(draft.almanac, day, second) for second in piece)
            if end > 0 and start < draft.almanac.end:
                draft.event(max(start, 0), order.SHIFT_ON, agent, key, 0)
                if end < draft.almanac.end:
                    draft.event(end, order.SHIFT_OFF, agent, key, 0)


def _moment_on(almanac: Almanac, day: int, second: int) -> int:
    """The moment of a wall-clock time of a day; 0 for all that was before the horizon."""
    if day >= 0:
        return moment(almanac, day, second)
    return moment(almanac, 0, second - DAY_S) if second > DAY_S else 0
