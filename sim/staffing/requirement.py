"""The requirement by formula: how many people each queue needs in each interval of each kind of day.

Contacts are those expected in the interval on the mean day of its kind: growth and season of a long horizon
are averaged, busyness and people who try again are left to the simulation. A queue that must answer at once
gets the fewest seats with which its targets hold in steady state (Erlang C, or Erlang A where people give
up), for a load by one of `METHODS`:

- sipp: the contacts of the interval, as if it lasted for ever (stationary independent period by period);
- lagged: those of the time one handle time earlier (Green, Kolesar and Soares 2001, Operations Research 49);
- mol: the modified offered load, the agents that would be busy if there were always one free, for exponential
  handle times; its largest value within the interval (Jennings, Mandelbaum, Massey and Whitt 1996,
  Management Science 42).

Chats: an agent with k chats at once, each slowed down to s(k), counts as k seats with handle times s(k)
longer. Deferred work (mail, and what is held until opening) needs no seats but hours: those of all that has
come since the last closing, on each day.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from scenarios.definitions import SERVICE_LEVELS
from scenarios.model import Queue, Scenario
from scenarios.targets import Goal, goals_of
from scenarios.week import DAY_S, KINDS_OF_DAY
from sim.almanac import Almanac, almanac
from sim.rates import rates
from sim.staffing.cells import Floats, is_deferred, opened

MOST_SEATS: Final = 100_000
_DIGITS: Final = 9  # of loads: those that differ by rounding alone are solved once


class Need(NamedTuple):
    """What a queue needs, by [kind of day, interval]."""

    contacts: Floats  # expected in the interval
    handle_s: float  # mean handle time, of one contact on its own
    load: Floats  # agents busy with its work, Erlangs; of deferred work, what comes in
    seats: Floats  # whole numbers of agents; 0 for deferred work
    work_h: Floats  # [kind]: of deferred work, hours to be done on such a day
    deferred: bool


def needs_of(scenario: Scenario, method: str, most_busy: float | None) -> dict[str, Need]:
    """What each queue needs; `most_busy` is the largest occupancy allowed (0-1)."""
    days = almanac(scenario.calendar)
    return {name: _need(scenario, days, name, (method, most_busy)) for name in sorted(scenario.queues)}


def _need(scenario: Scenario, days: Almanac, name: str, how: tuple[str, float | None]) -> Need:
    method, most_busy = how
    coming, handle_s = _coming(scenario, days, name)
    step_h = days.interval_s / 3600.0
    is_open = opened(scenario, name, days.interval_s)
    contacts = _by_kind(days, coming) * (1.0 if is_deferred(scenario, name) else is_open)
    server = _server(scenario, name)
    load = contacts / step_h * handle_s * server.slow / 3600.0 / server.slots
    if is_deferred(scenario, name):
        work_h = _held_work(scenario, days, name, coming * handle_s * server.slow / 3600.0 / server.slots)
        return Need(contacts, handle_s, load, np.zeros_like(load), work_h, True)
    seats = np.zeros_like(load)
    for kind in range(KINDS_OF_DAY):
        steady = METHODS[method](load[kind], (handle_s * server.slow, float(days.interval_s)))
        seats[kind] = _seats(scenario, name, steady * (contacts[kind] > 0), (server, handle_s, most_busy))
    return Need(contacts, handle_s, load, seats, np.zeros(KINDS_OF_DAY), False)


def _sipp(load: Floats, _: tuple[float, float]) -> Floats:
    return load


def _lagged(load: Floats, times: tuple[float, float]) -> Floats:
    """The mean load of [start - handle time, end - handle time); before the day there was none."""
    handle_s, step_s = times
    edges = np.arange(len(load) + 1) * step_s
    until = np.concatenate([[0.0], np.cumsum(load)])
    earlier = np.interp(np.maximum(edges - handle_s, 0.0), edges, until)
    return np.diff(earlier)


def _mol(load: Floats, times: tuple[float, float]) -> Floats:
    """The larger of the modified offered loads at the start and the end of each interval; in between it is
    monotone, towards the interval's own load."""
    handle_s, step_s = times
    found, busy = np.zeros(len(load)), 0.0
    kept = math.exp(-step_s / handle_s) if handle_s > 0 else 0.0
    for i, own in enumerate(load):
        after = own + (busy - own) * kept
        found[i] = max(busy, after) if own > 0 else after
        busy = after
    return found


METHODS: Final[Mapping[str, Callable[[Floats, tuple[float, float]], Floats]]] = {
    "sipp": _sipp,
    "lagged": _lagged,
    "mol": _mol,
}


class Server(NamedTuple):
    """How an agent counts in a formula: so many seats, each with handle times `slow` times as long."""

    slots: int
    slow: float


def _server(scenario: Scenario, queue: str) -> Server:
    """The agents who serve a queue: with as many chats at once as the fewest, at their mean speed."""
    groups = [g for g in scenario.groups.values() if any(queue in tie for tie in g.skills)]
    speed = sum(g.speed for g in groups) / len(groups) if groups else 1.0
    chats = [g.concurrency for g in groups]
    if scenario.queues[queue].channel != "chat" or not groups or None in chats:
        return Server(1, 1.0 / speed)
    fewest = min((c for c in chats if c is not None), key=lambda c: c.chats)
    return Server(fewest.chats, fewest.slowdown[-1] / speed)


def _coming(scenario: Scenario, days: Almanac, queue: str) -> tuple[Floats, float]:
    """Contacts expected in each interval of the horizon, and their mean handle time (s)."""
    coming, work = np.zeros(days.intervals), 0.0
    for stream in scenario.streams.values():
        if stream.queue == queue:
            expected = rates(days, stream.arrivals).expected
            coming = coming + expected
            work += float(expected.sum()) * stream.handle_time.mean_s
    total = float(coming.sum())
    return coming, work / total if total > 0 else 0.0


def _by_kind(days: Almanac, values: Floats) -> Floats:
    """The mean [kind of day, interval] over the days of 24 hours."""
    a_day = DAY_S // days.interval_s
    found = np.zeros((KINDS_OF_DAY, a_day))
    for kind in range(KINDS_OF_DAY):
        firsts = [
            start // days.interval_s
            for n, start in enumerate(days.midnights[:-1])
            if days.kinds[n] == kind and days.midnights[n + 1] - start == DAY_S
        ]
        if firsts:
            found[kind] = np.mean([values[first : first + a_day] for first in firsts], axis=0)
    return found


def _held_work(scenario: Scenario, days: Almanac, queue: str, work_h: Floats) -> Floats:
    """The mean work (h) by kind of day that has come by its closing and after the closing before."""
    is_open = opened(scenario, queue, days.interval_s)
    closes = [
        int(np.flatnonzero(is_open[kind])[-1]) + 1 if is_open[kind].any() else 0
        for kind in range(KINDS_OF_DAY)
    ]
    total, often, before = np.zeros(KINDS_OF_DAY), np.zeros(KINDS_OF_DAY), 0
    for n, kind in enumerate(days.kinds):
        if closes[kind]:
            until = min(days.midnights[n] // days.interval_s + closes[kind], len(work_h))
            total[kind] += work_h[before:until].sum()
            often[kind] += 1
            before = until
    return np.divide(total, often, out=np.zeros(KINDS_OF_DAY), where=often > 0)


def _seats(scenario: Scenario, name: str, load: Floats, of: tuple[Server, float, float | None]) -> Floats:
    """Agents for each load (agents busy), by the targets of a queue and the largest occupancy."""
    server, handle_s, most_busy = of
    queue = scenario.queues[name]
    goals = [
        g for g in goals_of(scenario) if g.scope == "queue" and g.name == name and g.measure in _MEASURED
    ]
    patience_s = _patience_s(scenario, name)
    known: dict[float, int] = {}
    found = np.zeros(len(load))
    for i, busy in enumerate(load):
        slots = round(float(busy) * server.slots, _DIGITS)
        if slots > 0:
            if slots not in known:
                known[slots] = _slots(slots, (handle_s * server.slow, patience_s), goals, queue)
            at_least = math.ceil(busy / most_busy - 1e-9) if most_busy else 0
            found[i] = max(math.ceil(known[slots] / server.slots), at_least)
    return found


def _patience_s(scenario: Scenario, queue: str) -> float:
    """The mean patience over the streams of a queue, inf where somebody never gives up."""
    patiences = [
        s.patience or scenario.queues[queue].patience for s in scenario.streams.values() if s.queue == queue
    ]
    means = [each.mean_s if each else math.inf for each in patiences]
    return sum(means) / len(means) if means else math.inf


def _slots(load: float, times: tuple[float, float], goals: list[Goal], queue: Queue) -> int:
    """The fewest servers with which all goals hold; at least the load, where there is no goal."""
    if not goals:
        return math.ceil(load)
    low, high = 0, 1
    while not _good(high, load, times, goals, queue) and high < MOST_SEATS:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _good(middle, load, times, goals, queue) else (middle, high)
    return high


def _good(servers: int, load: float, times: tuple[float, float], goals: list[Goal], queue: Queue) -> bool:
    from sim.erlang import Line, erlang_a, erlang_c

    handle_s, patience_s = times
    line = Line(load * 3600.0 / handle_s, handle_s, servers)
    if math.isinf(patience_s) and load >= servers:
        return False
    solved = erlang_c(line) if math.isinf(patience_s) else erlang_a(line, patience_s)
    within = solved.within(queue.target.within_s if queue.target else 0.0)
    columns = {
        "answered": solved.steady.answered,
        "abandoned": solved.steady.abandoned,
        "answered_within": within.answered,
        "abandoned_within": within.abandoned,
        "abandoned_short": solved.within(queue.short_abandon_s).abandoned,
    }
    values = {
        "asa": solved.steady.asa_s,
        "abandonment": solved.steady.abandoned,
        "delayed": solved.steady.delayed,
    }
    for goal in goals:
        if goal.measure == "service_level":
            level = SERVICE_LEVELS[queue.service_level or "offered"]
            above, below = (
                sum(f * columns[c] for c, f in part.items()) for part in (level.above, level.below)
            )
            if not above >= goal.value * below - 1e-12:
                return False
        elif not values[goal.measure] <= goal.value:
            return False
    return True


_MEASURED: Final = ("service_level", "asa", "abandonment", "delayed")
