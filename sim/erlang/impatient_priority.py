"""M/M/n+M with two classes: equal handle times, non-preemptive priority, patience by class. Exact.

A chain of (class 1 waiting, class 2 waiting) while all agents are busy. Class 1 alone is a birth-and-death
process then; class 2 takes levels, solved from above (Latouche and Ramaswami 1999, "Introduction to matrix
analytic methods", section 10.1). What becomes of a contact within a time is a second chain, of those ahead of
it, which is uniformised (Jensen 1953). Both end where a float sees no more: for moderate sizes.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, POSITIVE_OR_INF, Floats, checked
from sim.erlang.log_erlang_b import log_inverse_b, log_poisson

_MOST: Final = 4000  # of either class that may wait
_CELLS: Final = 3e7  # numbers kept
_FEWEST: Final = 20  # that are told apart, since the mean wait of a rare contact is that of two or three
_NEVER: Final = math.log(1e-20)
_LARGEST: Final = 700.0  # exp of more may be too large for a float
_WORK: Final = 4e9


class Class(NamedTuple):
    """Contacts of one class: how many come, and how long they wait before they give up, on average."""

    per_hour: float
    patience_s: float


class ImpatientPriority(NamedTuple):
    """A solved line; arrays hold class 1, which goes first, and class 2."""

    delayed: float
    mean_wait_s: Floats  # of all of the class, those who give up included
    abandoned: Floats  # share of the class
    queue: Floats  # mean number of the class who wait
    occupancy: float
    rates: Floats  # contacts of the classes (1/s)
    leave: Floats  # 1 / patience of the classes (1/s)
    away: float  # contacts that all agents finish (1/s)
    found: Floats  # (class 1 waiting, class 2 waiting): chances, all agents busy

    def within(self, seconds: ArrayLike) -> tuple[Floats, Floats]:
        """Shares of each class answered and abandoned within `seconds`, by class; 1 and 0 of nobody."""
        times = checked("seconds", seconds, NOT_NEGATIVE)
        both = [
            _become(self, self.found.sum(axis=1)[:, None], 0, times.ravel()),
            _become(self, self.found, 1, times.ravel()),
        ]
        answered, abandoned = np.array(both).transpose(1, 0, 2).reshape(2, 2, *times.shape)
        comes = (self.rates > 0.0).reshape(2, *[1] * times.ndim)
        return np.where(comes, answered + (1.0 - self.delayed), 1.0), np.where(comes, abandoned, 0.0)


def impatient_priority(first: Class, second: Class, handle_s: float, agents: int) -> ImpatientPriority:
    """Solve a line; ValueError where so many may wait that the chain is too large."""
    classes = [Class(*(float(x) for x in each)) for each in (first, second)]
    rates = checked("per_hour", [each.per_hour for each in classes], NOT_NEGATIVE) / 3600.0
    leave = 1.0 / checked("patience_s", [each.patience_s for each in classes], POSITIVE_OR_INF)
    handle, n = float(checked("handle_s", handle_s, POSITIVE)), float(checked("agents", agents, NOT_NEGATIVE))
    total = float(rates.sum())
    if total == 0.0:
        none = np.zeros(2)
        return ImpatientPriority(0.0, none, none, none, 0.0, rates, leave, n / handle, np.zeros((1, 1)))
    found = _waiting(rates, leave, n / handle)
    # Relative to all agents busy and nobody waiting: fewer busy are an Erlang line that loses the others.
    log_idle = float(log_inverse_b(np.array([total * handle]), np.array([n]))[0])
    idle = math.expm1(min(log_idle, _LARGEST))
    found /= found.sum() + idle * found[0, 0]
    delayed = float(found.sum())
    low = float(found.sum(axis=0) @ np.arange(found.shape[1]))
    wait = np.array(
        [
            delayed * _mean_wait(rates[0], n / handle, leave[0], found.shape[0]),
            low / rates[1] if rates[1] > 0.0 else 0.0,
        ]
    )
    queue = rates * wait
    finished = total - float(queue @ leave)
    occupancy = finished * handle / n if n > 0.0 else 0.0
    return ImpatientPriority(delayed, wait, wait * leave, queue, occupancy, rates, leave, n / handle, found)


def _mean_wait(rate: float, away: float, leave: float, states: int) -> float:
    """Mean wait (s) of the delayed of class 1, however few they are: it does not see class 2 behind it."""
    if rate == 0.0:
        return 0.0
    waiting = np.arange(1.0, states)
    away_from = away + leave * waiting
    by_rate = np.cumprod(np.concatenate([1.0 / away_from[:1], rate / away_from[1:]]))
    return float(by_rate @ waiting / (1.0 + rate * by_rate.sum()))


def _waiting(rates: Floats, leave: Floats, away: float) -> Floats:
    """Chances of (class 1, class 2) waiting while all agents are busy, not normed."""
    states = 1 + _length(rates[0], away, leave[0])
    # Class 2 is never longer than if only those of it left who give up, nor than all if each were as patient.
    levels = min(_length(rates[1], 0.0, leave[1]), _length(rates.sum(), away, leave.min()))
    if max(states, levels) > _MOST or levels * states**3 > _WORK or levels * states**2 > _CELLS:
        raise ValueError(
            "per_hour: so many contacts may wait at once that the exact chain of both classes is too large; "
            "take fewer contacts, more agents or less patience"
        )
    down = np.zeros(states)
    down[0] = away
    local = np.zeros((states, states))
    index = np.arange(states - 1)
    local[index, index + 1] = rates[0]
    local[index + 1, index] = away + leave[0] * (index + 1.0)
    ratios = np.zeros((levels + 1, states, states))
    for level in range(levels, 0, -1):
        inner = local.copy()
        if level < levels:
            inner += ratios[level + 1] * (down + (level + 1) * leave[1])
        np.fill_diagonal(inner, 0.0)
        out = inner.sum(axis=1) + down + level * leave[1]
        np.fill_diagonal(inner, -out)
        ratios[level] = rates[1] * np.linalg.inv(-inner)
    inner = local + (ratios[1] * (down + leave[1]) if levels else 0.0)
    found = np.empty((levels + 1, states))
    found[0] = _stationary(inner)
    for level in range(levels):
        found[level + 1] = found[level] @ ratios[level + 1]
    return found.T


def _length(rate: float, away: float, leave: float) -> int:
    """How many may ever wait where all agents are busy; more than _MOST for any number beyond it."""
    if rate == 0.0:
        return 0
    if away + leave == 0.0:
        return _MOST + 1
    steps = np.log(rate / (away + leave * np.arange(1.0, _MOST + 2.0)))
    chances = np.cumsum(steps)
    gone = chances < _NEVER + np.maximum.accumulate(np.maximum(chances, 0.0))
    return max(int(np.argmax(gone)), _FEWEST) if gone.any() else _MOST + 1


def _stationary(rates: Floats) -> Floats:
    """The steady state of a chain with these rates, by sums of positive terms (Grassmann et al. 1985)."""
    work = rates.copy()
    size = len(work)
    for k in range(size - 1, 0, -1):
        work[:k, k] /= work[k, :k].sum()
        work[:k, :k] += np.outer(work[:k, k], work[k, :k])
    found = np.ones(size)
    for k in range(1, size):
        found[k] = found[:k] @ work[:k, k]
    return found


def _become(line: ImpatientPriority, found: Floats, own: int, times: Floats) -> tuple[Floats, Floats]:
    """Shares of a class answered and abandoned by each time, of those who find `found` waiting."""
    better = line.rates[0] if own == 1 else 0.0
    high, low = np.arange(found.shape[0])[:, None], np.arange(found.shape[1])[None, :]
    serve = np.full(found.shape, line.away)
    leave_high = high * line.leave[0] + np.where(high > 0, serve, 0.0) * np.ones(found.shape)
    leave_low = low * line.leave[1] + np.where((high == 0) & (low > 0), serve, 0.0)
    fastest = float((leave_high + leave_low).max() + line.away + better + line.leave[own])
    longest = fastest * float(times.max(initial=0.0))
    steps = math.ceil(longest + 12.0 * math.sqrt(longest) + 40.0)
    if steps * found.size > _WORK:
        raise ValueError("seconds: too long for the exact law of a wait in so busy a line")
    stay = 1.0 - (leave_high + leave_low + better + line.leave[own]) / fastest
    stay[0, 0] -= line.away / fastest
    stay[-1] += better / fastest
    ahead, answered, abandoned = found.copy(), np.zeros(steps + 1), np.zeros(steps + 1)
    for k in range(steps):
        answered[k + 1] = answered[k] + ahead[0, 0] * line.away / fastest
        abandoned[k + 1] = abandoned[k] + ahead.sum() * line.leave[own] / fastest
        later = ahead * stay
        later[:-1] += (ahead * leave_high)[1:] / fastest
        later[:, :-1] += (ahead * leave_low)[:, 1:] / fastest
        later[1:] += ahead[:-1] * better / fastest
        ahead = later
    mean = fastest * times[:, None]
    chance = np.exp(log_poisson(np.arange(steps + 1.0) + 0.0 * mean, mean + np.zeros(steps + 1)))
    return chance @ answered, chance @ abandoned
