"""Contacts that wait for somebody now: calls, and chats of which one agent may have several.

Interval by interval in steady state, at the rate that offers the load of that time (`flow`), averaged
over busyness, with those who try again in the rate (a fixed point, as in Erlang X).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.formula.busyness import factors_of
from sim.formula.columns import AT, COUNTED, ROW, SECOND, SECONDS, Answered, no_counts, times
from sim.formula.curves import Curves, State
from sim.formula.demand import Demand, together
from sim.formula.flow import modified_rate, with_returns
from sim.formula.grid import Floats
from sim.formula.waiting import Asked

ROUNDS: Final = 60  # of the fixed point; each comes nearer by the share of contacts that tries again
CLOSE: Final = 1e-6  # relative
LEAST: Final = 1e-6  # contacts an hour: as good as an empty line for who comes to it
_ALIKE: Final = 200.0  # handle times that differ by less than so much of them are one
_STEPS: Final = 40.0  # of the share of people that others need
_MOST_USED: Final = 0.95


class Place(NamedTuple):
    """Who serves a line: people [piece], who need not be whole, and how fast they are [piece]."""

    people: Floats
    speed: Floats
    piece_s: float
    slowdown: tuple[float, ...] = (1.0,)  # with 1, 2, ... contacts at once
    packed: bool = False


class View(NamedTuple):
    """A line as a queue finds it."""

    state: State
    busy: Floats | None = (
        None  # chance that all are busy, by the work of others too; None: as the state has it
    )


class Between(NamedTuple):
    """Work that people do between contacts, and finish first: arrays [piece]."""

    busy: Floats  # people at it, on average
    endless: Floats  # 1 where there is always more of it
    handle_s: Floats


def answer_line(
    demands: Sequence[Demand],
    place: Place,
    tiers: Sequence[int] | None = None,
    between: Between | None = None,
) -> list[Answered]:
    """Queues that are one line: each finds the line that all of them make, and waits as long as it will.

    With `tiers` people take who is of a lower one first, and finish what they have in hand; they finish what
    they do `between` contacts too.
    """
    line = _Line(demands, place, tuple(tiers or [0] * len(demands)), between)
    offered = [each.fresh for each in demands]
    for _ in range(ROUNDS if any(each.retry for each in demands) else 0):
        views = line.views(offered)
        found = [line.with_retries(n, view) for n, view in enumerate(views)]
        change = max(float(np.abs(a - b).max(initial=0.0)) for a, b in zip(found, offered, strict=True))
        offered = found
        if change <= CLOSE * max(float(each.max(initial=0.0)) for each in offered):
            break
    return [line.answered(n, view, offered[n]) for n, view in enumerate(line.views(offered))]


class _Line:
    """Queues that wait for the same people."""

    def __init__(
        self, demands: Sequence[Demand], place: Place, tiers: tuple[int, ...], between: Between | None
    ) -> None:
        self.demands, self.place, self.tiers, self.between = demands, place, tiers, between
        self.has_order = len(set(tiers)) > 1 or between is not None
        self.curves = [Curves(self._asked(each), factors_of(each.cv)) for each in demands]
        patience = together([each.patience for each in demands], [float(d.fresh.sum()) for d in demands])
        anybody = Asked(patience, sum(each.places for each in demands), demands[0].limits)
        self.all = Curves(anybody, factors_of(float(np.mean([each.cv for each in demands]))))

    def _asked(self, demand: Demand) -> Asked:
        chats = self.place.slowdown, self.place.packed
        return Asked(
            demand.patience, demand.places, demand.limits, *chats, demand.moves_after_s, self.has_order
        )

    def views(self, offered: Sequence[Floats]) -> list[View]:
        """What each queue finds.

        In order of priority: all are busy as often as by all the work together; then a queue waits as if
        alone, for the share s of people whom those before it leave, and in a time that passes more slowly. By
        1 / s this is exact for means where nobody gives up (Kella and Yechiali 1985, Naval Research Logistics
        Quarterly 32, p. 295); where some do, 1 / sqrt(s) is nearer to the exact chain.
        """
        whole = _state(self.demands, offered, self.place)
        if not self.has_order:
            return [View(whole)] * len(self.demands)
        if self.between is not None:
            whole = _with(whole, self.between)
        whole = whole._replace(
            handle_s=np.exp(np.round(np.log(np.maximum(whole.handle_s, LEAST)) * _ALIKE) / _ALIKE)
        )
        busy = self.all.at(whole, [ROW["delayed"], ROW["blocked"]]).sum(axis=0)
        if self.between is not None:
            busy = np.maximum(busy, self.between.endless)
        used, found = np.zeros(len(busy)), [View(whole, busy)] * len(self.demands)
        for tier in sorted(set(self.tiers)):
            mine = [n for n, each in enumerate(self.tiers) if each == tier]
            own = _state([self.demands[n] for n in mine], [offered[n] for n in mine], self.place)
            rest = 1.0 - np.round(np.minimum(used, _MOST_USED) * _STEPS) / _STEPS
            slower = np.sqrt(rest) if self.demands[mine[0]].patience else rest
            state = State(own.per_hour * slower, whole.handle_s / (rest * slower), whole.people)
            for n in mine:
                found[n] = View(state, busy)
            stay = np.mean([self.curves[n].at(state, [ROW["answered"]])[0] for n in mine], axis=0)
            work = own.per_hour * stay * whole.handle_s / 3600.0
            used = used + np.divide(work, whole.people, out=np.ones(len(busy)), where=whole.people > 0.0)
        return found

    def shares(self, n: int, view: View) -> Floats:
        """What becomes of each contact of a queue: [row, piece]."""
        found = self.curves[n].at(view.state)
        if view.busy is not None:
            free = (1.0 - view.busy) * (view.state.per_hour > 0.0)
            found = times(found, view.busy)
            found[ROW["overflowed_squared"]] *= view.busy
            found[[ROW["answered"], ROW["answered_within"]]] += free
            found[len(ROW) :] += free
        if len(self.place.slowdown) == 1:
            own_s = self.demands[n].handle_s / self.place.speed
            found[ROW["handled"]] = found[ROW["active"]] = found[ROW["answered"]] * own_s
        return found

    def with_retries(self, n: int, view: View) -> Floats:
        """Contacts of a queue with those who try again, if the line were as it is now: [piece]."""
        demand, place = self.demands[n], self.place
        retry = demand.retry
        if retry is None:
            return demand.fresh
        *here, moved = self.curves[n].at(view.state, [ROW[what] for what in (*retry.of, "overflowed")])
        shares = np.sum(here, axis=0) + moved * demand.lost_beyond
        lost = shares * demand.is_open * retry.share * (1.0 if view.busy is None else view.busy)
        return with_returns(demand.fresh, lost, retry.after.mean_s, place.piece_s, retry.attempts)

    def answered(self, n: int, view: View, offered: Floats) -> Answered:
        """Expected counts of a queue."""
        demand = self.demands[n]
        taken = offered * demand.is_open

        def law(times: Floats, weights: Floats) -> Floats:
            contacts = taken * weights
            if view.busy is None:
                return self.curves[n].answered_within(view.state, contacts, times)
            late = self.curves[n].answered_within(view.state, contacts * view.busy, times)
            return late + float((contacts * (1.0 - view.busy)).sum())

        shares = self.shares(n, view)
        counts = _counts(demand, shares, offered)
        if demand.patience is None and not self.place.people.any():
            _leave_open(counts)
        active = taken * shares[ROW["active"]] / self.place.piece_s
        moved, uneven = self._moved(demand, shares, taken)
        return Answered(counts, active, moved, uneven, times(shares[len(ROW) :], taken), law)

    def _moved(self, demand: Demand, shares: Floats, taken: Floats) -> tuple[Floats, Floats]:
        """Contacts that go on to another queue, and the variance of their expected number: [piece]."""
        moved = taken * shares[ROW["overflowed"]]
        if np.isinf(demand.moves_after_s):
            return moved, np.zeros(len(moved))
        in_bursts = taken * shares[ROW["bursts"]] * self.place.piece_s / np.maximum(demand.handle_s, LEAST)
        by_busyness = taken**2 * shares[ROW["overflowed_squared"]] - moved**2
        return moved, in_bursts + np.maximum(by_busyness, 0.0)


def _state(demands: Sequence[Demand], offered: Sequence[Floats], place: Place) -> State:
    """The rate of all queues together that offers the load of each piece, and their mean handle time."""
    taken = [n * d.is_open for n, d in zip(offered, demands, strict=True)]
    contacts = np.sum(taken, axis=0)
    work_s = np.sum([n * d.handle_s for n, d in zip(taken, demands, strict=True)], axis=0) / place.speed
    usual = np.mean([d.handle_s for d in demands], axis=0) / place.speed
    handle_s = np.divide(work_s, contacts, out=usual, where=contacts > 0)
    per_hour = contacts * 3600.0 / place.piece_s
    rate = np.maximum(modified_rate(per_hour, handle_s, place.piece_s), LEAST)
    return State(np.where(contacts > 0, rate, 0.0), handle_s, place.people)


def _with(state: State, between: Between) -> State:
    """A line with the work between contacts in it."""
    more = np.divide(between.busy * 3600.0, between.handle_s)
    total = state.per_hour + more
    work = state.per_hour * state.handle_s + more * between.handle_s
    handle_s = np.divide(work, total, out=state.handle_s.copy(), where=total > 0.0)
    return State(total, handle_s, state.people)


def _leave_open(counts: Floats) -> None:
    """Nobody is ever there, and nobody gives up: all who may wait are waiting at the end."""
    counts[AT["open"]] = counts[AT["answered"]] + counts[AT["abandoned"]]
    for name in ("answered", "abandoned", "answered_within", "wait_answered", "handled"):
        counts[AT[name]] = 0.0


def _counts(demand: Demand, shares: Floats, offered: Floats) -> Floats:
    """Counts of a queue from what becomes of each contact."""
    taken = offered * demand.is_open
    counts = no_counts(len(offered))
    counts[AT["offered"]] = offered
    counts[AT["retried"]] = offered - demand.fresh
    counts[AT["closed"]] = offered - taken
    for name in COUNTED:
        counts[AT[name]] = times(shares[ROW[name]], taken)
        if name in SECONDS:
            counts[AT[name]] *= SECOND
    counts[AT["waiting"]] = counts[AT["wait_answered"]] + counts[AT["wait_abandoned"]]
    if np.isfinite(demand.moves_after_s):
        counts[AT["waiting"]] += counts[AT["overflowed"]] * demand.moves_after_s * SECOND
    return counts
