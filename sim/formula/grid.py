"""A scenario as arrays over time: what comes, who is at work and which queue is open, piece by piece.

Pieces are equal parts of the reporting interval, as long as they can be so that nobody comes or goes, no
queue opens or closes and no rate changes within one.
"""

from math import gcd
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.model import Scenario, WeekSteps
from scenarios.related import heads_of
from sim.almanac import Almanac, means
from sim.draft import Names
from sim.rates import handle_times, rates

Floats = NDArray[np.float64]
SHORTEST_S: Final = 60  # what changes more often is averaged over a piece


class Grid(NamedTuple):
    """What formulas are given; rows in the order of names, columns are pieces."""

    scenario: Scenario
    names: Names
    almanac: Almanac
    piece_s: int
    heads: Floats  # [group, piece] people at work
    is_open: Floats  # [queue, piece] 1 where the queue is open, 0 where it is not
    fresh: Floats  # [stream, piece] contacts expected, without those who try again
    handle_s: Floats  # [stream, piece] their mean handle time, at speed 1

    @property
    def hours(self) -> float:
        """The length of a piece."""
        return self.piece_s / 3600.0

    @property
    def pieces(self) -> int:
        return int(self.heads.shape[1])

    @property
    def parts(self) -> int:
        """How many pieces an interval has."""
        return self.almanac.interval_s // self.piece_s


def grid_of(scenario: Scenario, names: Names, almanac: Almanac) -> Grid:
    """Cut a scenario into pieces."""
    piece_s = _piece_s(scenario, almanac.interval_s)
    finer = almanac._replace(interval_s=piece_s)
    return Grid(
        scenario,
        names,
        almanac,
        piece_s,
        np.array([means(finer, heads_of(scenario.groups[name])) for name in names.groups]),
        np.array([_open(finer, scenario.queues[name].hours) for name in names.queues]),
        np.array([_fresh(almanac, scenario, name, piece_s) for name in names.streams]),
        np.array([handle_times(finer, scenario.streams[name]) for name in names.streams]),
    )


def _piece_s(scenario: Scenario, interval_s: int) -> int:
    """The longest part of an interval that divides all times at which anything changes."""
    steps = [step for group in scenario.groups.values() for step in heads_of(group)]
    steps += [step for queue in scenario.queues.values() for step in queue.hours or ()]
    steps += [step for stream in scenario.streams.values() for step in stream.arrivals.steps]
    wanted = gcd(interval_s, *(edge for step in steps for edge in (step.start_s, step.end_s)))
    parts = interval_s // max(wanted, SHORTEST_S)
    return interval_s // next(n for n in range(parts, 0, -1) if interval_s % n == 0)


def _open(almanac: Almanac, hours: WeekSteps | None) -> Floats:
    return np.ones(almanac.intervals) if hours is None else means(almanac, hours)


def _fresh(almanac: Almanac, scenario: Scenario, stream: str, piece_s: int) -> Floats:
    """Contacts expected in each piece: those of an interval, by the shares that have come by its edges."""
    found = rates(almanac, scenario.streams[stream].arrivals)
    shares = found.shares.reshape(-1, found.slices) if found.slices > 1 else np.ones((len(found.expected), 1))
    parts = almanac.interval_s // piece_s
    at = np.arange(parts + 1) * (shares.shape[1] / parts)
    whole = np.minimum(at.astype(int), shares.shape[1] - 1)
    up_to = np.hstack([np.zeros((len(shares), 1)), shares])
    by_edge = up_to[:, whole] + (at - whole) * (up_to[:, whole + 1] - up_to[:, whole])
    fresh: Floats = (found.expected[:, None] * np.diff(by_edge, axis=1)).reshape(-1)
    return fresh
