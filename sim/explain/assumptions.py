"""What a formula may assume and a simulation need not, as switches in a written order.

Each is a pure function from a scenario and a queue to the scenario in which the assumption holds, or None
where it holds already. They are switched one after the other: what one makes of a scenario, the next begins
with. The formula's own world is what is left in the end, but for time: that people and rates stay as they
are for ever cannot be had by a switch.
"""

import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from scenarios.model import Distribution, Scenario
from scenarios.related import streams_of
from scenarios.weekday_factors import ALIKE
from sim.almanac import almanac
from sim.explain.changes import with_handle_times, with_queues, with_streams
from sim.explain.parts import component
from sim.explain.without import (
    without_backlog,
    without_busyness,
    without_long_days,
    without_other_work,
    without_passed_on,
    without_retries,
    without_uncertainty,
)
from sim.rates import handle_times, rates, weekday_factors


class Assumption(NamedTuple):
    """An assumption by name, and the scenario in which it holds for a queue."""

    name: str
    holding: Callable[[Scenario, str], Scenario | None]


class Switched(NamedTuple):
    """A scenario in which an assumption holds, and all those before it."""

    assumption: str
    scenario: Scenario


def switched(scenario: Scenario, queue: str) -> Iterator[Switched]:
    """One assumption more after the other, those that hold already left out; of a queue's component alone."""
    scenario = component(scenario, queue)
    for name, holding in ASSUMPTIONS:
        changed = holding(scenario, queue)
        if changed is not None:
            scenario = component(changed, queue)
            yield Switched(name, scenario)


def _no_passing_on(scenario: Scenario, queue: str) -> Scenario | None:
    return with_queues(scenario, [queue], overflow=None) if scenario.queues[queue].overflow else None


def _served_at_closing(scenario: Scenario, queue: str) -> Scenario | None:
    each = scenario.queues[queue]
    if each.hours is None or each.at_closing == "serve":
        return None
    return with_queues(scenario, [queue], at_closing="serve")


def _no_limit(scenario: Scenario, queue: str) -> Scenario | None:
    if scenario.queues[queue].capacity is None:
        return None
    return with_queues(scenario, [queue], capacity=None)


def _exponential(time: Distribution) -> Distribution:
    """An exponential time of the same mean; who does not wait at all still does not."""
    return Distribution(kind="exponential", mean_s=time.mean_s, balk=time.balk)


def _exponential_handling(scenario: Scenario, queue: str) -> Scenario | None:
    streams = [
        n for n in streams_of(scenario, queue) if scenario.streams[n].handle_time.kind != "exponential"
    ]
    return with_handle_times(scenario, streams, _exponential) if streams else None


def _alike(scenario: Scenario, queue: str) -> Scenario | None:
    """All streams with the mean handle time of all their contacts, on all days if weekdays differ too."""
    names = streams_of(scenario, queue)
    streams = [scenario.streams[name] for name in names]
    weekdays = {each.handle_time_by_weekday for each in streams}
    if len({each.handle_time.mean_s for each in streams}) < 2 and len(weekdays) < 2:
        return None
    days = almanac(scenario.calendar)
    expected = [rates(days, each.arrivals).expected for each in streams]
    times_s = [handle_times(days, each) for each in streams]
    contacts = math.fsum(float(n.sum()) for n in expected)
    if not contacts:
        return None
    alike = next(iter(weekdays)) if len(weekdays) == 1 else ALIKE
    usual = math.fsum(float(n @ weekday_factors(days, alike)) for n in expected)
    mean_s = math.fsum(float(n @ time_s) for n, time_s in zip(expected, times_s, strict=True)) / usual
    found = with_streams(scenario, names, handle_time_by_weekday=alike)
    return with_handle_times(found, names, lambda _: Distribution(kind="exponential", mean_s=mean_s))


def _patience(scenario: Scenario, queue: str, of: Callable[[Distribution], Distribution]) -> Scenario | None:
    """Other patience of a queue and of its streams; None where that changes nothing."""
    found, own = scenario, scenario.queues[queue].patience
    if own is not None:
        found = with_queues(found, [queue], patience=of(own))
    for name in streams_of(scenario, queue):
        patience = scenario.streams[name].patience
        if patience is not None:
            found = with_streams(found, [name], patience=of(patience))
    return None if found == scenario else found


def _no_balking(time: Distribution) -> Distribution:
    return time.model_copy(update={"balk": 0.0})


ASSUMPTIONS: Final = (
    Assumption("uncertainty", lambda scenario, _: without_uncertainty(scenario)),
    Assumption("others", without_other_work),
    Assumption("passed_on", without_passed_on),
    Assumption("passing_on", _no_passing_on),
    Assumption("backlog", lambda scenario, _: without_backlog(scenario)),
    Assumption("closing", _served_at_closing),
    Assumption("places", _no_limit),
    Assumption("retries", without_retries),
    Assumption("busyness", lambda scenario, _: without_busyness(scenario)),
    Assumption("long_days", lambda scenario, _: without_long_days(scenario)),
    Assumption("handle_time", _exponential_handling),
    Assumption("alike", _alike),
    Assumption("patience", lambda scenario, queue: _patience(scenario, queue, _exponential)),
    Assumption("balking", lambda scenario, queue: _patience(scenario, queue, _no_balking)),
)
"""The written order; after uncertain numbers, which others may hang on, what has to do with other queues."""
