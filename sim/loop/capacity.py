"""Hours that owners have for improvements: on a day, and over a horizon with all that a plan adds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.loop.agreed import Agreed
from sim.loop.changes import DAY_S
from sim.loop.effects import values
from sim.loop.knobs import BONUS, CAPACITY, PREVENTION, WEIGHT
from sim.loop.observed import Floats, known_days
from sim.loop.tickets import Ticket

if TYPE_CHECKING:
    from sim.loop.controller import Learned

_OF_OWNERS: Final = (CAPACITY, PREVENTION, BONUS, WEIGHT)
_QUARTERS: Final = (1, 4, 7, 10)  # months in which one begins
_FOUR_WEEKS: Final = 28  # days
_BONUS_STEP: Final = 0.1  # what a bonus is said to do is for so much of its weight

Own = Callable[[str, int, float], float]
"""The value of one of the loop's knobs, by table and row; or else what is given."""


class Capacity(NamedTuple):
    """An owner's hours of a working day, and which share of them is for improvements."""

    hours: float
    share: float

    def committed(self, share: float) -> float:
        """Hours of a commitment, from what improvements leave."""
        return self.hours * min(share, 1.0 - self.share)


def a_day(agreed: Agreed, own: Own) -> list[Capacity]:
    """What each owner has on a working day, as knobs stand."""
    bonus = agreed.loop.bonus if agreed.loop else None
    weight = min(max((bonus.weight if bonus else 0.0) + own(WEIGHT, 0, 0.0), 0.0), 1.0)
    paid_for = own(BONUS, 0, 0.0) * weight / _BONUS_STEP
    return [
        Capacity(
            usual * own(CAPACITY, o, 1.0),
            min(max(prevention + paid_for + own(PREVENTION, o, 0.0), 0.0), 1.0),
        )
        for o, (usual, prevention) in enumerate(zip(agreed.capacity, agreed.prevention, strict=True))
    ]


def given(agreed: Agreed, learned: "Sequence[Learned]") -> dict[str, float]:
    """Mean hours by owner: what levers and a bonus bring is among them, and what a quarter commits."""
    as_it_is = _given(agreed, ())
    found = [_given(agreed, movers) if (movers := _movers(each)) else as_it_is for each in learned]
    mean = np.mean(found, axis=0) if found else as_it_is
    return {name: float(hours) for name, hours in zip(agreed.rows.owners, mean, strict=True)}


def _movers(learned: "Learned") -> list[Ticket]:
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
    places = [(knob.table, knob.row) for knob in agreed.panel.knobs]
    for day in np.flatnonzero(agreed.workday):
        found = a_day(
            agreed, partial(_value, dict(zip(places, values(agreed, movers, int(day)), strict=True)))
        )
        for o, (name, each) in enumerate(zip(agreed.rows.owners, found, strict=True)):
            hours[o] += each.hours * each.share
            if quarterly is not None and quarterly.owner == name and day >= committed:
                hours[o] += each.committed(quarterly.share)
    return hours


def _value(known: dict[tuple[str, int], float], table: str, row: int, otherwise: float) -> float:
    return known.get((table, row), otherwise)


def commits(agreed: Agreed, day: int, known: int) -> bool:
    """Whether a quarter is committed to on a day: on the first of one, when four weeks are known."""
    today = agreed.dates[day]
    return today.day == 1 and today.month in _QUARTERS and known >= _FOUR_WEEKS


def _committed_from(agreed: Agreed) -> int:
    """The day of the first quarterly commitment; after the horizon where there is none."""
    loop = agreed.loop
    if loop is None:
        return agreed.days
    begun = (n for n, day in enumerate(agreed.dates) if loop.start is None or day >= loop.start)
    delay = loop.information_delay_s / DAY_S
    return next((n for n in begun if commits(agreed, n, known_days(n, delay))), agreed.days)
