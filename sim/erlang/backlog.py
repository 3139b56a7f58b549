"""Work that may wait for hours: e-mail and cases, as a backlog that fills and empties.

By interval the backlog goes B = max(0, B + arrivals - capacity). Within an interval work comes and is
done evenly, the oldest first, so that both cumulative curves are piecewise linear, and what comes at time
s is done when the curve of what is done reaches the curve of what has come (Newell 1982, "Applications of
Queueing Theory", chapter 2; Hall 1991, "Queueing Methods", section 6.2). That is exact for the fluid; the
chance of arrivals and handle times is left out, which matters where capacity is hardly above arrivals
and the time allowed is short.

Times are read on a clock: the calendar's, or that of business hours, which stands still while closed.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    Domain,
    Floats,
    checked,
    checked_number,
    flat,
)
from sim.jit import compiled

_STEPS: Final = 64  # halvings that leave nothing of a float's digits
_ROUNDING: Final = 1e-12  # relative; sums of parts differ in the last digits
_AMPLE: Final = 1e6  # times the agents who can do all there is within any interval of opening


class Work(NamedTuple):
    """What comes and what can be done; all but the clock broadcast."""

    arrivals: ArrayLike  # contacts [..., intervals]
    capacity: ArrayLike  # contacts that can be done [..., intervals]: 0 while closed
    interval_s: float
    start: ArrayLike = 0.0  # contacts that wait at the beginning [...]
    start_age_s: ArrayLike = 0.0  # for how long they have been waiting, on the clock [...]
    open: ArrayLike | None = None  # share of each interval that counts on the clock [intervals]; None: all


class Backlog(NamedTuple):
    """Contacts [..., intervals]."""

    waiting: Floats  # at the end of the interval
    done: Floats
    unused: Floats  # capacity


class Answers(NamedTuple):
    """What became of the arrivals of each interval [..., intervals], and what is left at the end [...].

    What is left and not yet as old as `within_s` is neither within nor late. What waited at the beginning
    is done first and counts only in what is left.
    """

    within: Floats  # contacts answered within the time
    late: Floats  # contacts answered later, or still waiting and older already
    answered: Floats  # contacts
    waited_s: Floats  # sum of the waits of the answered
    left: Floats  # contacts
    left_age_s: Floats  # their mean age; 0 where nothing is left
    oldest_s: Floats  # the age of the oldest; 0 where nothing is left

    @property
    def share_within(self) -> Floats:
        """Within of within and late, over all intervals [...]; 1 where there is neither."""
        within, late = self.within.sum(axis=-1), self.late.sum(axis=-1)
        return _ratio(within, within + late, 1.0)

    @property
    def mean_wait_s(self) -> Floats:
        """Of the answered, over all intervals [...]; 0 where there are none."""
        return _ratio(self.waited_s.sum(axis=-1), self.answered.sum(axis=-1), 0.0)


class _Series(NamedTuple):
    """Checked, in two dimensions: [series, intervals], [series], [intervals + 1]."""

    shape: tuple[int, ...]
    arrivals: Floats
    capacity: Floats
    start: Floats
    start_age_s: Floats
    clock_s: Floats  # at the interval's edges


class _Out(NamedTuple):
    """Where compiled code writes: as `Answers`."""

    within: Floats
    late: Floats
    answered: Floats
    waited_s: Floats
    left: Floats
    left_age_s: Floats
    oldest_s: Floats


def capacity(agents: ArrayLike, handle_s: ArrayLike, interval_s: float, occupancy: ArrayLike = 1.0) -> Floats:
    """Contacts that agents can do in an interval, at work for a share `occupancy` of it; arrays broadcast."""
    people = checked("agents", agents, NOT_NEGATIVE) * checked("occupancy", occupancy, SHARE)
    done: Floats = (
        people * checked_number("interval_s", interval_s, POSITIVE) / checked("handle_s", handle_s, POSITIVE)
    )
    return done


def backlog(work: Work) -> Backlog:
    """The backlog by interval: exact where arrivals and capacity are whole numbers."""
    series = _series(work)
    waiting, done, unused = (np.empty_like(series.arrivals) for _ in range(3))
    _recursion(series.arrivals, series.capacity, series.start, waiting, done, unused)
    return Backlog(*(a.reshape(series.shape) for a in (waiting, done, unused)))


def answers(work: Work, within_s: ArrayLike) -> Answers:
    """When the arrivals of each interval are answered; `within_s` [...] is on the work's clock."""
    series = _series(work)
    return _answers(series, _by_series(series, "within_s", within_s))


def wait_quantile(work: Work, share: ArrayLike) -> Floats:
    """The wait (s, on the clock) [...] within which a share [...] of all arrivals is answered.

    inf where a larger share is still waiting at the end; 0 where nothing comes.
    """
    series = _series(work)
    wanted = _by_series(series, "share", share, SHARE) * series.arrivals.sum(axis=-1)
    wanted *= 1.0 - _ROUNDING
    low, high = np.full(len(wanted), -1.0), np.full(len(wanted), series.clock_s[-1])
    never = _answers(series, high).within.sum(axis=-1).reshape(-1) < wanted
    for _ in range(_STEPS):
        middle = np.where(low < 0.0, 0.0, (low + high) / 2.0)
        reached = _answers(series, middle).within.sum(axis=-1).reshape(-1) >= wanted
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(never, math.inf, high).reshape(series.shape[:-1])


def required_agents(work: Work, handle_s: ArrayLike, share: ArrayLike, within_s: ArrayLike) -> Floats:
    """The smallest whole numbers of agents [...], constant while open, that answer a share within the time.

    `work.capacity` [..., intervals] is 1 where they are at work and 0 where not (or a share of the
    interval); `handle_s`, `share` and `within_s` are [...]. inf where no number will do, as for work
    that comes at night and may not wait till morning.
    """
    series = _series(work)
    seconds = _by_series(series, "handle_s", handle_s, POSITIVE)
    wanted = _by_series(series, "share", share, SHARE) * (1.0 - _ROUNDING)
    within = _by_series(series, "within_s", within_s)
    each = series.capacity * checked_number("interval_s", work.interval_s, POSITIVE) / seconds[:, None]

    def enough(agents: Floats) -> NDArray[np.bool_]:
        found = _answers(series._replace(capacity=each * agents[:, None]), within)
        return found.share_within.reshape(-1) >= wanted

    least = np.where(each > 0.0, each, math.inf).min(axis=-1)
    all_at_once = np.ceil(_AMPLE * (series.arrivals.sum(axis=-1) + series.start) / least) + 1.0
    low, high = np.full(len(wanted), -1.0), all_at_once
    never = ~enough(high)
    while (high - low > 1.0).any():
        middle = np.maximum(np.floor((low + high) / 2.0), 0.0)
        met = enough(middle)
        low, high = np.where(met, low, np.minimum(middle, high)), np.where(met, middle, high)
    return np.where(never, math.inf, high).reshape(series.shape[:-1])


def _series(work: Work) -> _Series:
    """Check and broadcast; ValueError for what does not fit."""
    arrivals = checked("arrivals", work.arrivals, NOT_NEGATIVE)
    can_do = checked("capacity", work.capacity, NOT_NEGATIVE)
    start = checked("start", work.start, NOT_NEGATIVE)[..., None]
    age_s = checked("start_age_s", work.start_age_s, NOT_NEGATIVE)[..., None]
    shape, (comes, can, waits, old) = flat(arrivals, can_do, start, age_s)
    if not max(arrivals.ndim, can_do.ndim) or not shape[-1]:
        raise ValueError(
            f"arrivals: an array of shape {arrivals.shape} is not allowed; give [..., intervals]"
        )
    rows = (-1, shape[-1]) if math.prod(shape) else (0, shape[-1])
    return _Series(
        shape,
        comes.reshape(rows),
        can.reshape(rows),
        np.ascontiguousarray(waits.reshape(rows)[:, 0]),
        np.ascontiguousarray(old.reshape(rows)[:, 0]),
        _edges(work, shape[-1]),
    )


def _edges(work: Work, intervals: int) -> Floats:
    """The clock (s) at the beginning of each interval and at the end of the last."""
    length = checked_number("interval_s", work.interval_s, POSITIVE)
    counted = checked("open", 1.0 if work.open is None else work.open, SHARE)
    if counted.shape not in ((), (intervals,)):
        raise ValueError(f"open: an array of shape {counted.shape} is not allowed; give {intervals} shares")
    return np.concatenate([[0.0], np.cumsum(np.broadcast_to(counted * length, intervals))])


def _by_series(series: _Series, name: str, values: ArrayLike, domain: Domain = NOT_NEGATIVE) -> Floats:
    """One value for each series."""
    array, shape = checked(name, values, domain), series.shape[:-1]
    try:
        return np.array(np.broadcast_to(array, shape)).reshape(len(series.start))
    except ValueError:
        raise ValueError(f"{name}: an array of shape {array.shape} does not fit series of {shape}") from None


def _answers(series: _Series, within_s: Floats) -> Answers:
    by_interval = [np.zeros_like(series.arrivals) for _ in range(4)]
    at_end = [np.zeros_like(series.start) for _ in range(3)]
    _fifo(
        series.arrivals,
        series.capacity,
        series.start,
        series.start_age_s,
        series.clock_s,
        within_s,
        _Out(*by_interval, *at_end),
    )
    return Answers(
        *(a.reshape(series.shape) for a in by_interval), *(a.reshape(series.shape[:-1]) for a in at_end)
    )


def _ratio(part: Floats, whole: Floats, empty: float) -> Floats:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), empty)


@compiled
def _recursion(
    arrivals: Floats, capacity: Floats, start: Floats, waiting: Floats, done: Floats, unused: Floats
) -> None:
    for row in range(arrivals.shape[0]):
        before = start[row]
        for i in range(arrivals.shape[1]):
            there = before + arrivals[row, i]
            done[row, i] = min(there, capacity[row, i])
            unused[row, i] = max(capacity[row, i] - there, 0.0)
            before = max(there - capacity[row, i], 0.0)
            waiting[row, i] = before


@compiled
def _fifo(
    arrivals: Floats,
    capacity: Floats,
    start: Floats,
    start_age_s: Floats,
    clock_s: Floats,
    within_s: Floats,
    out: _Out,
) -> None:
    """Answer each series, the oldest first.

    `at` is the interval whose arrivals are next (-1: what waited at the beginning), `gone` the share of
    them that is done. The backlog is empty from the share `until` of an interval on.
    """
    for row in range(arrivals.shape[0]):
        waiting, at, gone = start[row], -1, 0.0
        for i in range(arrivals.shape[1]):
            comes, can = arrivals[row, i], capacity[row, i]
            emptied = waiting + comes <= can
            until = 1.0
            if emptied:
                until = waiting / (can - comes) if waiting > 0.0 else 0.0
            left, since = can, 0.0
            while at <= i:
                upto = until if at == i else 1.0
                amount = _size(arrivals, start, row, at) * (upto - gone)
                last = amount >= left and not emptied
                if last and amount > 0.0:
                    upto = gone + (upto - gone) * left / amount
                    amount = left
                then = min(since + amount / can, until) if can > 0.0 else since
                if at >= 0:
                    waited = _reading(clock_s, i, since) - _reading(clock_s, at, gone)
                    in_the_end = _reading(clock_s, i, then) - _reading(clock_s, at, upto)
                    _answer(row, at, amount, waited, in_the_end, within_s[row], out)
                since, gone = then, upto
                left -= amount
                if last or at == i:
                    break
                at, gone = at + 1, 0.0
            if emptied:  # who comes from now on is answered at once
                _answer(row, i, comes * (1.0 - until), 0.0, 0.0, within_s[row], out)
                at, gone = i + 1, 0.0
            waiting = max(waiting + comes - can, 0.0)
        _leave(arrivals, start, (start_age_s[row], within_s[row]), clock_s, row, (at, gone), out)


@compiled
def _size(arrivals: Floats, start: Floats, row: int, at: int) -> float:
    return float(arrivals[row, at] if at >= 0 else start[row])


@compiled
def _reading(clock_s: Floats, i: int, share: float) -> float:
    """The clock when a share of interval i has passed."""
    return float(clock_s[i] + share * (clock_s[i + 1] - clock_s[i]))


@compiled
def _answer(
    row: int, at: int, amount: float, first_s: float, last_s: float, within_s: float, out: _Out
) -> None:
    """Book contacts whose waits go evenly from `first_s` to `last_s`."""
    first_s, last_s = max(first_s, 0.0), max(last_s, 0.0)
    soon = amount * _share_up_to(first_s, last_s, within_s)
    out.within[row, at] += soon
    out.late[row, at] += amount - soon
    out.answered[row, at] += amount
    out.waited_s[row, at] += amount * (first_s + last_s) / 2.0


@compiled
def _share_up_to(first: float, last: float, limit: float) -> float:
    """The share of numbers between `first` and `last` that is at most the limit."""
    low, high = min(first, last), max(first, last)
    if limit >= high:
        return 1.0
    return (limit - low) / (high - low) if limit > low else 0.0


@compiled
def _leave(
    arrivals: Floats,
    start: Floats,
    times_s: tuple[float, float],
    clock_s: Floats,
    row: int,
    since: tuple[int, float],
    out: _Out,
) -> None:
    """Book what is left at the end, with its age: all since an interval, less the share gone of that one.

    `times_s` are the age of what was there at the start, and T.
    """
    start_age_s, within_s = times_s
    at, gone = since
    end_s, left, ages_s, oldest_s = clock_s[-1], 0.0, 0.0, 0.0
    for k in range(at, arrivals.shape[1]):
        amount = _size(arrivals, start, row, k) * (1.0 - gone)
        if k >= 0:
            first_s, last_s = end_s - _reading(clock_s, k, gone), end_s - clock_s[k + 1]
            out.late[row, k] += amount * (1.0 - _share_up_to(first_s, last_s, within_s))
        else:
            first_s = last_s = end_s - clock_s[0] + start_age_s
        if amount > 0.0:
            oldest_s = max(oldest_s, first_s)
            left += amount
            ages_s += amount * (first_s + last_s) / 2.0
        gone = 0.0
    out.left[row], out.oldest_s[row] = left, oldest_s
    out.left_age_s[row] = ages_s / left if left > 0.0 else 0.0
