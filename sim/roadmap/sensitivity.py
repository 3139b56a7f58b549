"""Which assumption decides: how far a measure goes with each thing that is not known beforehand.

Every replication draws anew how large each change turns out, whether it works, and the numbers of the
scenario that are uncertain. These draws are independent, so a straight line through the replications tells
what each is worth: the swing of a measure from the P10 to the P90 of the assumption, and the share of the
measure's variance that goes with it (squared standardised regression coefficients: Saltelli et al. 2008,
"Global Sensitivity Analysis: The Primer", section 1.2.5). It takes no further simulation.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scenarios.uncertain_numbers import drawn_errors
from sim.case_measure import Key
from sim.checkpoints import Window
from sim.compile import run_key
from sim.experiment import student
from sim.loop.controller import Learned
from sim.loop.tickets import Ticket
from sim.measure import Floats
from sim.roadmap.follow import Followed
from sim.roadmap.standing import Effect
from sim.uncertain import factors


class Swing(NamedTuple):
    """What an assumption does to a measure.

    `low` and `high` are the P10 and P90 of the assumption itself, over replications: what a change moved
    (relative, or in the unit of its parameter; 0 where it came too late, or did nothing), or the factor of
    an uncertain number. `effect` is how much the measure differs between the two, `explained` a share 0-1.
    """

    assumption: str  # the name of a change, or the path of a number
    low: float
    high: float
    effect: Effect
    explained: float


class Sensitivity(NamedTuple):
    """A measure over a window, and what decides it: the largest swing first."""

    key: Key
    window: Window
    swings: tuple[Swing, ...]


def sensitivity(followed: Followed, seed: int, key: Key, window: Window) -> Sensitivity:
    """What decides a measure over a window, of all that differs between replications by assumption."""
    values = followed.values(key, window)
    known = ~np.isnan(values)
    found = (
        [
            swing(name, each[known], values[known])
            for name, each in assumptions(followed, seed, window.last).items()
            if np.ptp(each[known], axis=0) > 0.0
        ]
        if known.sum() > _FEWEST
        else []
    )
    return Sensitivity(key, window, tuple(sorted(found, key=lambda s: (-abs(s.effect.mean), s.assumption))))


_FEWEST = 9  # replications, with fewer of which a line says nothing


def assumptions(followed: Followed, seed: int, by_day: int) -> dict[str, Floats]:
    """What each assumption came to in each replication by a day (from 1 on): changes, uncertain numbers."""
    learned = [each for each in followed.extra if isinstance(each, Learned)]
    changes = _changes([each.tickets for each in learned], by_day) if learned else {}
    return {**changes, **_numbers(followed, seed)}


def _changes(tickets: Sequence[Sequence[Ticket]], by_day: int) -> dict[str, Floats]:
    names = sorted({ticket.change.name for of in tickets for ticket in of})
    found = {name: np.zeros(len(tickets)) for name in names}
    for replication, of in enumerate(tickets):
        for ticket in of:
            if ticket.in_force < by_day:
                found[ticket.change.name][replication] += main_move(ticket)
    return found


def main_move(ticket: Ticket) -> float:
    """What a change has turned out to move, of its largest part."""
    parts = ticket.change.parts
    if not parts:
        return 0.0
    largest = max(range(len(parts)), key=lambda n: abs(parts[n].expected) or abs(parts[n].high))
    return ticket.size.moved[largest]


def _numbers(followed: Followed, seed: int) -> Mapping[str, Floats]:
    scenario = followed.scenario
    if not drawn_errors(scenario):
        return {}
    drawn = [factors(scenario, run_key(seed, n)) for n in range(len(followed.extra))]
    return {path: np.array([each[path] for each in drawn]) for path in drawn[0]}


def swing(name: str, assumed: Floats, values: Floats) -> Swing:
    """The line of a measure over an assumption, from the P10 to the P90 of that; both have shape (n,).

    The interval is Student's t of the slope (Draper and Smith 1998, "Applied Regression Analysis", 1.4).
    """
    n = len(values)
    low, high = (float(end) for end in np.quantile(assumed, (0.1, 0.9)))
    if low == high:  # nearly always the same: from the least to the most
        low, high = float(assumed.min()), float(assumed.max())
    dx, dy = assumed - assumed.mean(), values - values.mean()
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    slope = xy / xx
    left = max(yy - slope * xy, 0.0)
    half = student(n - 1) * math.sqrt(left / (n - 2) / xx) * abs(high - low)
    explained = xy * xy / (xx * yy) if yy > 0.0 else 0.0
    return Swing(name, low, high, Effect(slope * (high - low), half, n), explained)
