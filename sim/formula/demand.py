"""What a queue is asked for: how many come, how long each takes, how long they wait, what is in time."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenarios.definitions import QUANTILES
from scenarios.model import Distribution, Retry, Scenario
from scenarios.related import patience_of, streams_of
from scenarios.targets import goals_of
from sim.formula.busyness import variation
from sim.formula.given_up import stays
from sim.formula.grid import Floats, Grid


class Limits(NamedTuple):
    """Times (s) within which a queue's contacts are counted."""

    within_s: float  # of its target; inf without one
    short_s: float
    others: tuple[float, ...]  # that targets about quantiles of the wait ask for


class Demand(NamedTuple):
    """Of one queue; arrays are [piece]."""

    queue: str
    fresh: Floats  # contacts expected, without those who try again
    is_open: Floats  # 1 where contacts are taken
    handle_s: Floats  # mean, at speed 1
    cv: float  # of the busyness of its intervals
    patience: Distribution | None
    places: float
    moves_after_s: float  # who has waited so long goes on to another queue; inf: nobody does
    retry: Retry | None
    limits: Limits
    lost_beyond: Floats  # share of those who go on to another queue that is lost there, and may try again


def demand_of(grid: Grid, name: str) -> Demand:
    """What a queue is asked for."""
    queue, streams = grid.scenario.queues[name], streams_of(grid.scenario, name)
    rows = [grid.names.streams.index(stream) for stream in streams]
    fresh = grid.fresh[rows].sum(axis=0) if rows else np.zeros(grid.pieces)
    return Demand(
        name,
        fresh,
        grid.is_open[grid.names.queues.index(name)],
        _handle_s(grid, rows),
        variation([grid.scenario.streams[s] for s in streams], grid.fresh[rows].sum(axis=1).tolist()),
        _patience(grid, streams, rows),
        math.inf if queue.capacity is None else float(queue.capacity),
        queue.overflow.after_s if queue.overflow else math.inf,
        queue.retry,
        limits_of(grid.scenario, name),
        np.zeros(grid.pieces),
    )


def limits_of(scenario: Scenario, queue: str) -> Limits:
    """Within which times the contacts of a queue are counted."""
    its = scenario.queues[queue]
    asked = {goal.value for goal in goals_of(scenario) if goal.measure in QUANTILES}
    return Limits(its.target.within_s if its.target else math.inf, its.short_abandon_s, tuple(sorted(asked)))


def _handle_s(grid: Grid, rows: list[int]) -> Floats:
    """Mean handle time of what comes in each piece; where nothing comes, of all."""
    if not rows:
        return np.zeros(grid.pieces)
    means: Floats = grid.handle_s[rows]
    if np.all(means == means[0]):
        return np.array(means[0])
    contacts, work = grid.fresh[rows].sum(axis=0), (means * grid.fresh[rows]).sum(axis=0)
    usual = work.sum() / contacts.sum() if contacts.sum() > 0 else means.mean()
    mean: Floats = np.divide(work, contacts, out=np.full(grid.pieces, usual), where=contacts > 0)
    return mean


def _patience(grid: Grid, streams: tuple[str, ...], rows: list[int]) -> Distribution | None:
    """The patience of a queue's contacts."""
    found = [patience_of(grid.scenario, stream) for stream in streams]
    return together(found, grid.fresh[rows].sum(axis=1).tolist())


def together(found: Sequence[Distribution | None], contacts: Sequence[float]) -> Distribution | None:
    """One patience for so many contacts of each; where they differ, exponential with their mean hurry."""
    if all(each == found[0] for each in found):
        return found[0] if found else None
    total = math.fsum(contacts)
    weights = [each / total if total > 0.0 else 1.0 / len(found) for each in contacts]
    hurry = sum(w / each.mean_s for w, each in zip(weights, found, strict=True) if each is not None)
    balk = sum(w * each.balk for w, each in zip(weights, found, strict=True) if each is not None)
    return Distribution(kind="exponential", mean_s=1.0 / hurry, balk=balk)


class Passed(NamedTuple):
    """Contacts that come from another queue, where they have waited already."""

    contacts: Floats
    uneven: Floats  # the variance of their expected number
    of: Demand


def joined(demand: Demand, passed: Sequence[Passed]) -> Demand:
    """A queue with those who are passed on to it, and wait on as long as they would have.

    They come in bursts. Of those the variance counts, as in Hayward's approximation (Fredericks 1980, Bell
    System Technical Journal 59, p. 807), here as a part of the queue's busyness.
    """
    if not passed:
        return demand
    contacts = np.array([demand.fresh, *(each.contacts for each in passed)])
    work = contacts * np.array([demand.handle_s, *(each.of.handle_s for each in passed)])
    total = contacts.sum(axis=0)
    usual = work.sum() / total.sum() if total.sum() > 0.0 else 0.0
    means = np.divide(work.sum(axis=0), total, out=np.full(len(total), usual), where=total > 0.0)
    weights = contacts.sum(axis=1)
    own = [demand.patience, *(_longer(each.of) for each in passed)]
    some = [n for n in range(len(own)) if weights[n] > 0.0]
    patience = together([own[n] for n in some], [float(weights[n]) for n in some])
    uneven = (demand.cv * demand.fresh) ** 2
    if patience is not None or math.isfinite(demand.moves_after_s):  # else waits would have no end
        uneven = uneven + np.sum([each.uneven for each in passed], axis=0)
    squares = np.divide(uneven, total, out=np.zeros(len(total)), where=total > 0.0)  # weighed by contacts
    cv = math.sqrt(squares.sum() / max(weights.sum(), 1e-300))
    return demand._replace(fresh=total, handle_s=means, cv=cv, patience=patience)


def _longer(source: Demand) -> Distribution | None:
    """The patience that is left: exponential with the mean that is left of the source's, if not all alike."""
    patience, since_s = source.patience, source.moves_after_s
    if patience is None:
        return None
    if patience.kind == "deterministic":
        return Distribution(kind="deterministic", mean_s=max(patience.mean_s - since_s, 1e-3))
    ready = stays(patience)
    times = since_s + np.concatenate([[0.0], np.geomspace(1e-4, 256.0, 2000) * patience.mean_s])
    still = ready(times)
    left_s = float(np.trapezoid(still, times) / still[0]) if still[0] > 0.0 else 0.0
    return Distribution(kind="exponential", mean_s=max(left_s, 1e-3))
