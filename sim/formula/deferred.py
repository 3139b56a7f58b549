"""Work that waits for hours or days: e-mail, and what is kept until opening.

A flow of work into a stock, and out of it as fast as people who are free for it can: the backlog
recursion B(t) = max(B(s) + came - could be done), here for the whole horizon at once by Skorokhod's
reflection (Chen and Yao 2001, "Fundamentals of Queueing Networks", section 6.2). First come, first
served: who comes when A contacts have come is answered when A have been.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from sim.formula.columns import AT, SECOND, Answered, no_counts
from sim.formula.demand import Demand
from sim.formula.grid import Floats
from sim.formula.realtime import Place

_POINTS: Final = 4  # moments of a piece at which waits are looked up
_PART: Final = 4096  # pieces or moments at a time
_WEEK_S: Final = 7 * 86_400
_WEEKS_AFTER: Final = 8  # in which what is left at the end is worked off


def answer_deferred(demand: Demand, place: Place, backlog: float, holds: bool, drains: bool) -> Answered:
    """Counts of a queue whose work waits; `backlog` contacts are there at the start.

    `holds`: contacts are taken while it is closed. `drains`: what is left at the end is worked off after it,
    by the people of the last week.
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
    answered = times * waits.share(np.inf)
    counts[AT["answered"]] = answered
    counts[AT["open"]] = times - answered
    counts[AT["answered_within"]] = times * waits.share(demand.limits.within_s)
    counts[AT["delayed"]] = np.nan  # a flow has no single contacts that might find somebody free
    counts[AT["wait_answered"]] = times * waits.mean_s() * SECOND
    counts[AT["waiting"]] = left * place.piece_s * SECOND
    handle_s = demand.handle_s / place.speed
    counts[AT["handled"]] = answered * handle_s * SECOND
    limits = np.array([times * waits.share(limit) for limit in demand.limits.others]).reshape(-1, len(taken))

    def law(at: Floats, weights: Floats) -> Floats:
        return waits.answered_within(at, times * weights)

    return Answered(counts, done * handle_s / place.piece_s, np.zeros(len(taken)), limits, law)


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


class _Waits:
    """When contacts are answered, by the moment at which they come."""

    def __init__(self, came: Floats, could: Floats, backlog: float, piece_s: float, drains: bool) -> None:
        self.pieces = len(came)
        week = min(int(_WEEK_S / piece_s), self.pieces)
        after = np.tile(could[-week:], _WEEKS_AFTER if drains else 0)
        could = np.concatenate([could, after])
        later = np.concatenate([came, np.zeros(len(after))])
        total = backlog + np.concatenate([[0.0], np.cumsum(later)])
        done = total - np.concatenate([[backlog], _left(later, could, backlog)])
        done = np.maximum.accumulate(np.maximum(done, 0.0))
        times = np.arange(0.0, len(total)) * piece_s
        self.waits: Floats = np.empty(self.pieces * _POINTS + 1)
        for start in range(0, len(self.waits), _PART):
            edges = np.arange(start, min(start + _PART, len(self.waits))) * (piece_s / _POINTS)
            reached = _first_reached(done, times, np.interp(edges, times, total))
            self.waits[start : start + _PART] = np.maximum(reached - edges, 0.0)

    def share(self, seconds: float) -> Floats:
        """The share of the contacts of each piece that is answered within so many seconds."""
        return self._by_piece(lambda low, high: _part_within(low, high, seconds))

    def answered_within(self, times: Floats, contacts: Floats) -> Floats:
        """Contacts [piece] answered within each of several times (s): sums over all pieces."""
        middle = 0.5 * (self.waits[:-1] + self.waits[1:])
        order = np.argsort(middle)
        total = np.concatenate([[0.0], np.cumsum(np.repeat(contacts / _POINTS, _POINTS)[order])])
        found: Floats = total[np.searchsorted(middle[order], times, side="right")]
        return found

    def mean_s(self) -> Floats:
        """Seconds waited by those of each piece who are answered, over all who come in it."""
        return self._by_piece(lambda low, high: _or_none(0.5 * (low + high)))

    def _by_piece(self, of: Callable[[Floats, Floats], Floats]) -> Floats:
        """The mean over each piece of what is said of the waits at both ends of its parts; some at a time."""
        found = np.empty(self.pieces)
        for start in range(0, self.pieces, _PART):
            waits = self.waits[start * _POINTS : (start + _PART) * _POINTS + 1]
            found[start : start + _PART] = of(waits[:-1], waits[1:]).reshape(-1, _POINTS).mean(axis=1)
        return found


def _part_within(low: Floats, high: Floats, seconds: float) -> Floats:
    """The share of those between two moments that waits so many seconds at most; waits on a straight line."""
    if np.isinf(seconds):
        return np.isfinite(low + high).astype(float)
    first, last = np.minimum(low, high), np.maximum(low, high)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(last <= seconds, 1.0, np.clip((seconds - first) / (last - first), 0.0, 1.0))
    return np.where(np.isinf(last), 0.0, part)


def _or_none(waits: Floats) -> Floats:
    """Waits, and 0 where they have no end."""
    return np.where(np.isfinite(waits), waits, 0.0)


def _first_reached(levels: Floats, times: Floats, wanted: Floats) -> Floats:
    """The first moment at which rising levels reach what is wanted; inf where they never do."""
    slack = 1e-9 * max(1.0, float(levels[-1]))
    after = np.searchsorted(levels, wanted - slack, side="left")
    inside = np.minimum(np.maximum(after, 1), len(levels) - 1)
    low, high = levels[inside - 1], levels[inside]
    part = np.divide(wanted - low, high - low, out=np.ones_like(wanted), where=high > low)
    found = times[inside - 1] + np.clip(part, 0.0, 1.0) * (times[inside] - times[inside - 1])
    reached: Floats = np.where(after == 0, 0.0, np.where(after >= len(levels), np.inf, found))
    return reached
