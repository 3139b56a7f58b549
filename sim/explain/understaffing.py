"""Too few people for hours: the agents that the usual work requires by formula, beside those at work.

Usual are the contacts expected in a plain week, without growth, season and special days. Deferred work counts
for nothing here: it needs no seats at a time of day.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scenarios.day_factors import DayFactors
from scenarios.model import Scenario
from scenarios.related import heads_of, serving
from scenarios.week import Window
from sim.explain.changes import with_arrivals, with_queues
from sim.explain.spot import Spot
from sim.formula.sharing import tiers_of
from sim.staffing.cells import Floats, present
from sim.staffing.requirement import Need, needs_of

Numbers = NDArray[np.int64]

_METHOD: Final = "mol"  # as `careloop staff` does
_HOURS_S: Final = 2 * 3600  # what lasts less is a gap, a peak, or an agent short


class Shortage(NamedTuple):
    """Consecutive intervals of a kind of day, the last of them the spot's, each with too few people."""

    windows: tuple[Window, ...]
    at_work: tuple[float, ...]  # people who serve the queue
    required: tuple[float, ...]  # by formula, to whole people
    missing: tuple[int, ...]  # all through hours around the interval


def shortages(spot: Spot) -> dict[int, Shortage]:
    """By kind of day: the hours of too few people that end with the interval, where there are any."""
    required = _required(spot)
    at_work = _at_work(spot.scenario, spot.groups, spot.length_s)
    last = spot.window.start_s // spot.length_s
    found = {}
    for kind in spot.kinds:
        missing = _missing(at_work[kind], required[kind])
        first = _first_short(missing, last)
        if first < last and (last + 1 - first) * spot.length_s >= _HOURS_S:
            found[kind] = _shortage(spot, slice(first, last + 1), at_work[kind], required[kind])
    return found


def _first_short(missing: Numbers, last: int) -> int:
    """The first of the intervals until `last` without one between that has people enough."""
    enough = np.flatnonzero(missing[: last + 1] <= 0)
    return int(enough[-1]) + 1 if enough.size else 0


def _missing(at_work: Floats, required: Floats) -> Numbers:
    return np.floor(required - at_work + 0.5).astype(np.int64)


def _shortage(spot: Spot, hours: slice, at_work: Floats, required: Floats) -> Shortage:
    here, needed = at_work[hours], required[hours]
    many = _for_hours(_missing(here, needed), spot.length_s)
    edges = range(hours.start * spot.length_s, hours.stop * spot.length_s, spot.length_s)
    windows = tuple(Window(start, start + spot.length_s) for start in edges)
    return Shortage(
        windows, tuple(here.tolist()), tuple(np.floor(needed + 0.5).tolist()), tuple(many.tolist())
    )


def _for_hours(missing: Numbers, length_s: int) -> Numbers:
    """Of the lack of each interval, what hours around it share.

    The rest is of an interval alone: a peak of contacts, or a gap in the staffing. It must neither count as
    understaffing itself, nor make a lack of hours of what another interval lacks alone.
    """
    width = min(max(-(-_HOURS_S // length_s), 2), missing.size)
    shared = sliding_window_view(missing, width).min(axis=1)
    around = np.pad(shared, width - 1)  # with 0: less than any lack
    found: Numbers = sliding_window_view(around, width).max(axis=1)
    return found


def _required(spot: Spot) -> Floats:
    """Agents by [kind of day, interval]: seats of the queue, and other work of its people.

    0 while it is closed, and everywhere where no number of agents reaches the target.
    """
    usual = with_arrivals(spot.scenario, spot.scenario.streams, day_factors=DayFactors())
    others = set(usual.queues) - {spot.queue}
    try:
        needs = needs_of(with_queues(usual, others, target=None), _METHOD, None)
    except ValueError:
        return _at_work(spot.scenario, (), spot.length_s)
    seats = needs[spot.queue].seats
    return np.where(seats > 0, seats + _other_work(spot, needs), 0.0)


def _other_work(spot: Spot, needs: dict[str, Need]) -> Floats:
    """What the queue's people have to do for others before it: no more than is certain.

    That is the load of other queues which those who do not serve this one cannot do, and those who serve both
    can; Erlangs, where seats would count the pooling of both lines twice.
    """
    found = _at_work(spot.scenario, (), spot.length_s)
    for other in _in_the_way(spot):
        serve = set(serving(spot.scenario, other))
        alone = _at_work(spot.scenario, serve - set(spot.groups), spot.length_s)
        both = _at_work(spot.scenario, serve & set(spot.groups), spot.length_s)
        if not needs[other].deferred:
            found += np.clip(needs[other].load - alone, 0.0, both)
    return found


def _at_work(scenario: Scenario, groups: Iterable[str], step_s: int) -> Floats:
    """People at work in some groups: the mean by [kind of day, interval]."""
    found = present((), step_s)
    for name in groups:
        found += present(heads_of(scenario.groups[name]), step_s)
    return found


def _in_the_way(spot: Spot) -> list[str]:
    """The other queues whose contacts its people take before this queue's, or by turns with them."""
    tiers = [tiers_of(spot.scenario, group) for group in spot.groups]
    others = {name for each in tiers for name, tier in each.items() if tier <= each[spot.queue]}
    return sorted(others - {spot.queue})
