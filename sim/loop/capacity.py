"""Hours that owners have for improvements over the horizon, with all that a plan adds to them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.loop.agreed import Agreed
from sim.loop.controller import QUARTERS, Learned
from sim.loop.effects import values
from sim.loop.knobs import CAPACITY, PREVENTION
from sim.loop.observed import Floats
from sim.loop.tickets import Ticket

_OF_OWNERS: Final = (CAPACITY, PREVENTION)


def given(agreed: Agreed, learned: Sequence[Learned]) -> dict[str, float]:
    """Mean hours by owner: what levers and a bonus bring is among them, and what a quarter commits."""
    as_it_is = _given(agreed, ())
    found = [_given(agreed, movers) if (movers := _movers(each)) else as_it_is for each in learned]
    mean = np.mean(found, axis=0) if found else as_it_is
    return {name: float(hours) for name, hours in zip(agreed.rows.owners, mean, strict=True)}


def _movers(learned: Learned) -> list[Ticket]:
    """The changes that move the time of owners."""
    return [
        ticket
        for ticket in learned.tickets
        if any(part.knob.table in _OF_OWNERS for part in ticket.change.parts)
    ]


def _given(agreed: Agreed, movers: Sequence[Ticket]) -> Floats:
    hours = np.zeros(len(agreed.rows.owners))
    committed = _committed_from(agreed)
    quarterly = agreed.loop.quarterly if agreed.loop else None
    for day in np.flatnonzero(agreed.workday):
        moved = dict(zip(agreed.panel.knobs, values(agreed, movers, int(day)), strict=True))
        own = {(knob.table, knob.row): value for knob, value in moved.items() if knob.table in _OF_OWNERS}
        for o, name in enumerate(agreed.rows.owners):
            share = min(max(agreed.prevention[o] + own.get((PREVENTION, o), 0.0), 0.0), 1.0)
            if quarterly is not None and quarterly.owner == name and day >= committed:
                share += min(quarterly.share, 1.0 - share)
            hours[o] += agreed.capacity[o] * own.get((CAPACITY, o), 1.0) * share
    return hours


def _committed_from(agreed: Agreed) -> int:
    """The day of the first quarterly commitment; after the horizon where there is none."""
    start = agreed.loop.start if agreed.loop else None
    days = (
        n
        for n, day in enumerate(agreed.dates)
        if day.day == 1 and day.month in QUARTERS and (start is None or day >= start)
    )
    return next(days, agreed.days)
