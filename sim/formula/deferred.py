"""Work that waits for hours or days: e-mail, and what is kept until opening.

A flow of work into a stock, and out of it as fast as people who are free for it can: the backlog
recursion B(t) = max(B(s) + came - could be done), here for the whole horizon at once by Skorokhod's
reflection (Chen and Yao 2001, "Fundamentals of Queueing Networks", section 6.2). First come, first
served: who comes when A contacts have come is answered when A have been.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.formula.columns import AT, SECOND, Answered, no_counts
from sim.formula.demand import Demand
from sim.formula.grid import Floats
from sim.formula.realtime import Place
from sim.jit import routine

_POINTS: Final = 4  # moments of a piece at which waits are looked up
_MOST_AFTER: Final = 1_000_000  # pieces in which what is left at the end is worked off


def answer_deferred(demand: Demand, place: Place, backlog: float, holds: bool, drains: bool) -> Answered:
    """Counts of a queue whose work waits; `backlog` contacts are there at the start.

    `holds`: contacts are taken while it is closed. `drains`: what is left at the end is worked off after it,
    by the people who are there at the end.
    """
    taken = demand.fresh * (1.0 if holds else demand.is_open)
    could = _could(demand, place)
    left, done = _stock(taken, could, backlog)
    counts = no_counts(len(taken))
    counts[AT["offered"]] = demand.fresh
    counts[AT["closed"]] = demand.fresh - taken
    counts[AT["backlog"], 0] = backlog
    waits, times = _Waits(taken, could, backlog, place.piece_s, drains), taken.copy()
    times[0] += backlog
    ever, in_time, *others = waits.shares([math.inf, demand.limits.within_s, *demand.limits.others])
    answered = times * ever
    counts[AT["answered"]] = answered
    counts[AT["open"]] = times - answered
    counts[AT["answered_within"]] = times * in_time
    counts[AT["delayed"]] = np.nan  # a flow has no single contacts that might find somebody free
    counts[AT["wait_answered"]] = times * waits.mean_s() * SECOND
    counts[AT["waiting"]] = left * place.piece_s * SECOND
    handle_s = demand.handle_s / place.speed
    counts[AT["handled"]] = answered * handle_s * SECOND
    limits = times * np.array(others).reshape(-1, len(taken))

    def law(at: Floats, weights: Floats) -> Floats:
        return waits.answered_within(at, times * weights)

    none = np.zeros(len(taken))
    return Answered(counts, done * handle_s / place.piece_s, none, none, limits, law)


def _could(demand: Demand, place: Place) -> Floats:
    """Contacts that people free for them could do in each piece."""
    could: Floats = (
        place.people * demand.is_open * place.piece_s * place.speed / np.maximum(demand.handle_s, 1e-9)
    )
    return could


def _stock(came: Floats, could: Floats, backlog: float) -> tuple[Floats, Floats]:
    """How many wait, averaged over each piece, and how many are done in it."""
    at = np.concatenate([[backlog], _left(came, could, backlog)])
    done = np.maximum(at[:-1] + came - at[1:], 0.0)
    return 0.5 * (at[:-1] + at[1:]), done


def _left(came: Floats, could: Floats, backlog: float) -> Floats:
    """How many wait at the end of each piece."""
    net = backlog + np.cumsum(came - could)
    left: Floats = net - np.minimum(np.minimum.accumulate(net), 0.0)
    return left


def _pieces_after(left: float, could: float) -> int:
    """How many pieces after the horizon the people of its last piece take for what is left."""
    return math.ceil(min(left / could, _MOST_AFTER)) if could > 0.0 else 0


class _Waits:
    """When contacts are answered, by the moment at which they come."""

    def __init__(self, came: Floats, could: Floats, backlog: float, piece_s: float, drains: bool) -> None:
        self.pieces = len(came)
        left = _left(came, could, backlog)
        after = _pieces_after(left[-1], could[-1]) if drains else 0
        came = np.append(came, np.zeros(after))
        total = backlog + np.concatenate([[0.0], np.cumsum(came)])
        left = np.concatenate([[backlog], left, left[-1] - could[-1] * np.arange(1, after + 1)])
        done = total - np.maximum(left, 0.0)
        done = np.maximum.accumulate(np.maximum(done, 0.0))
        self._waits = np.empty(self.pieces * _POINTS + 1)
        _look_up(total, done, piece_s, self._waits)

    def shares(self, limits: Sequence[float]) -> Floats:
        """The share of the contacts of each piece that is answered within each of several times (s)."""
        found = np.empty((len(limits), self.pieces))
        for row, seconds in zip(found, limits, strict=True):
            _share_within(self._waits, seconds, row)
        return found

    def answered_within(self, times: Floats, contacts: Floats) -> Floats:
        """Contacts [piece] answered within each of several rising times (s): sums over all pieces."""
        middle = 0.5 * (self._waits[:-1] + self._waits[1:])
        first = np.searchsorted(times, middle)
        found = np.bincount(first, np.repeat(contacts / _POINTS, _POINTS), len(times) + 1)
        return np.cumsum(found[:-1], dtype=float)

    def mean_s(self) -> Floats:
        """Seconds waited by those of each piece who are answered, over all who come in it."""
        found = np.empty(self.pieces)
        _mean(self._waits, found)
        return found


@routine
def _look_up(total: Floats, done: Floats, piece_s: float, waits: Floats) -> None:
    """Waits [moment]: until as many are done as had come by then; inf where they never are.

    `total` and `done` rise, and are those at the edges of the pieces.
    """
    slack, after = 1e-9 * max(1.0, done[-1]), 0
    for i in range(len(waits)):
        piece, part = i // _POINTS, (i % _POINTS) / _POINTS
        wanted = total[piece]
        if part > 0.0:
            wanted += part * (total[piece + 1] - wanted)
        while after < len(done) and done[after] < wanted - slack:
            after += 1
        if after == len(done):
            waits[i] = math.inf
            continue
        reached = 0.0
        if after > 0:
            low, high = done[after - 1], done[after]
            reached = after - 1.0 + min((wanted - low) / (high - low), 1.0)
        waits[i] = max((reached - piece - part) * piece_s, 0.0)


@routine
def _share_within(waits: Floats, seconds: float, share: Floats) -> None:
    """The share of those who come in each piece that waits so long at most; waits lie on straight lines."""
    for piece in range(len(share)):
        total = 0.0
        for i in range(piece * _POINTS, (piece + 1) * _POINTS):
            first, last = min(waits[i], waits[i + 1]), max(waits[i], waits[i + 1])
            if last <= seconds and last < math.inf:
                total += 1.0
            elif first < seconds and last < math.inf:
                total += (seconds - first) / (last - first)
        share[piece] = total / _POINTS


@routine
def _mean(waits: Floats, mean: Floats) -> None:
    """The mean over each piece of the waits that have an end."""
    for piece in range(len(mean)):
        total = 0.0
        for i in range(piece * _POINTS, (piece + 1) * _POINTS):
            both = waits[i] + waits[i + 1]
            if both < math.inf:
                total += 0.5 * both
        mean[piece] = total / _POINTS
