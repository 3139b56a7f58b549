"""Contacts that wait for somebody now: calls, and chats of which one agent may have several.

Interval by interval in steady state, at the rate that offers the load of that time (`flow`), averaged
over busyness, with those who try again in the rate (a fixed point, as in Erlang X).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.formula.busyness import factors_of
from sim.formula.columns import AT, PER_CONTACT, ROW, SECOND, SECONDS, Answered, no_counts
from sim.formula.curves import Curves, State
from sim.formula.demand import Demand
from sim.formula.flow import modified_rate, returns
from sim.formula.grid import Floats
from sim.formula.waiting import Asked

ROUNDS: Final = 60  # of the fixed point; each comes nearer by the share of contacts that tries again
CLOSE: Final = 1e-6  # relative
LEAST: Final = 1e-6  # contacts an hour: as good as an empty line for who comes to it
_GENERATIONS: Final = 200


class Place(NamedTuple):
    """Who serves a line: people [piece], who need not be whole, and how fast they are [piece]."""

    people: Floats
    speed: Floats
    piece_s: float
    slowdown: tuple[float, ...] = (1.0,)  # with 1, 2, ... contacts at once
    packed: bool = False


def answer_line(demands: Sequence[Demand], place: Place) -> list[Answered]:
    """Queues that are one line: each finds the line that all of them make, and waits as long as it will."""
    curves = [_curves(each, place) for each in demands]
    offered = [each.fresh for each in demands]
    for _ in range(ROUNDS if any(each.retry for each in demands) else 0):
        state = _state(demands, offered, place)
        found = [_with_retries(d, c, state, place) for d, c in zip(demands, curves, strict=True)]
        change = max(float(np.abs(a - b).max(initial=0.0)) for a, b in zip(found, offered, strict=True))
        offered = found
        if change <= CLOSE * max(float(each.max(initial=0.0)) for each in offered):
            break
    state = _state(demands, offered, place)
    return [_answered(d, c, state, n, place) for d, c, n in zip(demands, curves, offered, strict=True)]


def _curves(demand: Demand, place: Place) -> Curves:
    asked = Asked(
        demand.patience, demand.places, demand.limits, place.slowdown, place.packed, demand.moves_after_s
    )
    return Curves(asked, factors_of(demand.cv))


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


def _with_retries(demand: Demand, curves: Curves, state: State, place: Place) -> Floats:
    """Contacts of a queue with those who try again, if the line were as it is now: [piece]."""
    retry = demand.retry
    if retry is None:
        return demand.fresh
    lost = curves.at(state, [ROW[what] for what in retry.of]).sum(axis=0) * demand.is_open * retry.share
    total, again = demand.fresh.copy(), demand.fresh
    for _ in range(_GENERATIONS if retry.attempts is None else min(retry.attempts, _GENERATIONS)):
        again = returns(again * lost, retry.after.mean_s, place.piece_s)
        total += again
        if again.max(initial=0.0) <= CLOSE * total.max(initial=0.0):
            break
    return total


def _answered(demand: Demand, curves: Curves, state: State, offered: Floats, place: Place) -> Answered:
    """Counts of a queue from what becomes of each contact."""
    shares, taken = curves.at(state), offered * demand.is_open

    def law(times: Floats, weights: Floats) -> Floats:
        return curves.answered_within(state, taken * weights, times)

    counts = no_counts(len(offered))
    counts[AT["offered"]] = offered
    counts[AT["retried"]] = offered - demand.fresh
    counts[AT["closed"]] = offered - taken
    for name in PER_CONTACT[:-1]:
        counts[AT[name]] = taken * shares[ROW[name]]
        if name in SECONDS:
            counts[AT[name]] *= SECOND
    counts[AT["waiting"]] = counts[AT["wait_answered"]] + counts[AT["wait_abandoned"]]
    if np.isfinite(demand.moves_after_s):
        counts[AT["waiting"]] += counts[AT["overflowed"]] * demand.moves_after_s * SECOND
    active = taken * shares[ROW["active"]] / place.piece_s
    return Answered(counts, active, taken * shares[len(ROW) :], law)
