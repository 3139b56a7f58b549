"""What may make an interval miss its target, as a table of counterfactuals.

Each is a pure function from a spot to a scenario without that cause, or None where it does not apply. They
are made one after the other, too: each looks at the scenario as it is then.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.day_factors import DayFactors
from scenarios.model import Distribution, Group, Scenario, Step
from scenarios.related import passing_on, streams_of
from scenarios.week import DAY_S, Window, steps_on
from sim.almanac import almanac
from sim.explain.changes import (
    ALL_KINDS,
    changed_steps,
    with_arrivals,
    with_groups,
    with_handle_times,
    with_queues,
)
from sim.explain.parts import serving_best_first
from sim.explain.people import without_gap, without_one_short, without_understaffing
from sim.explain.spot import Spot, expected, open_share, open_windows, places
from sim.explain.without import (
    without_backlog,
    without_busyness,
    without_long_days,
    without_other_work,
    without_passed_on,
    without_retries,
)

_NOTEWORTHY: Final = 1.02  # how far contacts must be above a level before that is tried as a cause
_RELIEF_S: Final = 3 * 3600  # how long before the interval nobody is left waiting
_RELIEF: Final = "relief team"


class Cause(NamedTuple):
    """A cause by name, and the scenario without it."""

    name: str
    without: Callable[[Spot], Scenario | None]


def contacts_here(spot: Spot) -> float:
    """Contacts expected in the interval, mean over the days of the spot, and over both where one has two."""
    days = almanac(spot.scenario.calendar)
    here = [at for day in spot.days for at in places(days, day, spot.window.start_s)]
    return float(expected(days, spot.scenario, spot.queue)[here].mean())


def usual_contacts(spot: Spot) -> float:
    """Contacts expected in an interval, mean over all of the horizon in which the queue is open."""
    days = almanac(spot.scenario.calendar)
    is_open = open_share(days, spot.scenario, spot.queue)
    is_open[: math.ceil(spot.scenario.run.warm_up_s / days.interval_s)] = 0.0
    contacts = expected(days, spot.scenario, spot.queue)
    is_open = np.where(contacts > 0, is_open, 0.0)
    total = float(is_open.sum())
    return float((contacts * is_open).sum() / total) if total else 0.0


def _peak(spot: Spot) -> Scenario | None:
    """The interval with as many contacts as an average one."""
    here, usual = contacts_here(spot), usual_contacts(spot)
    streams = streams_of(spot.scenario, spot.queue)
    if here <= usual * _NOTEWORTHY or any(spot.scenario.streams[n].arrivals.sinusoid for n in streams):
        return None
    found = spot.scenario
    for name in streams:
        steps = found.streams[name].arrivals.steps
        lower = changed_steps(steps, spot.kinds, spot.window, lambda rate: rate * usual / here)
        found = with_arrivals(found, [name], steps=lower)
    return found


def _special_day(spot: Spot) -> Scenario | None:
    """Days without growth, season and special days."""
    streams = streams_of(spot.scenario, spot.queue)
    plain = with_arrivals(spot.scenario, streams, day_factors=DayFactors())
    if contacts_here(spot) <= contacts_here(spot._replace(scenario=plain)) * _NOTEWORTHY:
        return None
    return with_arrivals(spot.scenario, spot.scenario.streams, day_factors=DayFactors())


def _waiting(spot: Spot) -> Scenario | None:
    """Nobody left waiting when the interval begins.

    A team that serves this queue alone, and only where nobody else is free, works until then; so the usual
    people begin the interval with as much in hand as they would have, and nobody behind it.
    """
    before, wraps = Window(spot.earlier(_RELIEF_S), spot.window.start_s), spot.window.start_s < _RELIEF_S
    if not wraps and not any(open_windows(spot, kind, before) for kind in spot.kinds):
        return None
    found, name, people = spot.scenario, _RELIEF, float(_relief(spot))
    while name in found.groups:
        name += "'"
    steps = changed_steps((), spot.kinds, before, lambda _: people)
    if wraps:
        evening = Window(DAY_S - (_RELIEF_S - spot.window.start_s), DAY_S)
        steps = changed_steps(steps, ALL_KINDS, evening, lambda _: people)
    team = Group(skills=((spot.queue,),), agents=steps)
    usual = found.queues[spot.queue].prefers or _preference(found, spot.queue)
    return with_queues(with_groups(found, {name: team}), [spot.queue], prefers=(*usual, (name,)))


def _relief(spot: Spot) -> int:
    """People enough that nobody waits: for three times the work of the busiest interval, and some more."""
    scenario, days = spot.scenario, almanac(spot.scenario.calendar)
    sources = (spot.queue, *passing_on(scenario, spot.queue))
    streams = [scenario.streams[name] for queue in sources for name in streams_of(scenario, queue)]
    longest_s = max((each.longest_s for each in streams), default=0.0)
    most = sum((expected(days, scenario, queue) for queue in sources), np.zeros(days.intervals)).max()
    load = float(most) * longest_s / spot.length_s
    return math.ceil(3 * load + 5 * math.sqrt(load)) + 10


def _preference(scenario: Scenario, queue: str) -> tuple[tuple[str, ...], ...]:
    """The groups of a queue, in tiers by how they rank it: what holds where the queue says nothing."""
    tiers: dict[int, list[str]] = {}
    for group in serving_best_first(scenario, queue):
        rank = next(n for n, tie in enumerate(scenario.groups[group].skills) if queue in tie)
        tiers.setdefault(rank, []).append(group)
    return tuple(tuple(tiers[rank]) for rank in sorted(tiers))


def _held(spot: Spot) -> Scenario | None:
    """Nothing held for the queue while it was closed."""
    queue = spot.scenario.queues[spot.queue]
    found, streams = spot.scenario, streams_of(spot.scenario, spot.queue)
    if queue.at_closing != "hold" or queue.hours is None:
        return None
    if any(found.streams[name].arrivals.sinusoid for name in streams):
        return None
    for name in streams:
        steps = found.streams[name].arrivals.steps
        for kind in ALL_KINDS:
            for closed in _closed(steps_on(queue.hours, kind)):
                steps = changed_steps(steps, (kind,), closed, lambda _: 0.0)
        found = with_arrivals(found, [name], steps=steps)
    return found


def _closed(hours: Sequence[Step]) -> list[Window]:
    """The times of a day outside of its opening hours."""
    edges = [0, *(edge for step in hours if step.value for edge in (step.start_s, step.end_s)), DAY_S]
    return [Window(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _variation(spot: Spot) -> Scenario | None:
    """Every contact as long as an average one."""
    streams = spot.scenario.streams
    if all(each.handle_time.kind == "deterministic" for each in streams.values()):
        return None
    return with_handle_times(
        spot.scenario, streams, lambda time: Distribution(kind="deterministic", mean_s=time.mean_s)
    )


CAUSES: Final = (
    Cause("understaffing", without_understaffing),  # first: of the usual, without the changes of others
    Cause("peak", _peak),
    Cause("special_day", _special_day),
    Cause("gap_in_staff", without_gap),
    Cause("one_more", without_one_short),
    Cause("others", lambda spot: without_other_work(spot.scenario, spot.queue)),
    Cause("passed_on", lambda spot: without_passed_on(spot.scenario, spot.queue)),
    Cause("retries", lambda spot: without_retries(spot.scenario, spot.queue)),
    Cause("busyness", lambda spot: without_busyness(spot.scenario)),
    Cause("long_days", lambda spot: without_long_days(spot.scenario)),
    Cause("held", _held),
    Cause("backlog", lambda spot: without_backlog(spot.scenario)),
    Cause("variation", _variation),
    Cause("waiting", _waiting),  # last: it adds a team that the others must not take for people at work
)
"""All that is tried, in the order in which several are made together."""
