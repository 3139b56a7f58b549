"""The requirement by formula: how many people each queue needs in each interval of each kind of day.

Contacts are those expected in the interval on the mean day of its kind: growth and season of a long horizon
are averaged, busyness and people who try again are left to the simulation. A queue that must answer at once
gets the fewest seats with which its targets hold in steady state (Erlang C, or Erlang A where people give
up), for rates by one of `METHODS`:

- sipp: the contacts of the interval, as if it lasted for ever;
- sipp-mix: where the rate falls, the largest rate of the interval;
- lagged: the contacts of the time one handle time earlier;
- mol: the modified offered load, the agents that would be busy if there were always one free; its largest
  value within the interval;
- iterative: interval after interval, by the exact course of the day from an empty start. That knows service
  levels alone; other goals, and chats, go by mol.

`sim/erlang/standing_rates.py` and `exact_staffing.py` say more, and where they are from.

Chats go by a formula of their own (`sim/erlang/chat.py`). Deferred work (mail, and what is held until
opening) needs no seats but hours: those of all that has come since the last closing, on each day.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from scenarios.definitions import QUANTILES
from scenarios.model import Queue, Scenario
from scenarios.related import is_deferred
from scenarios.targets import Goal, goal_text, goals_of
from scenarios.week import DAY_S, KINDS_OF_DAY, clock_seconds
from sim.almanac import Almanac, almanac, local_start
from sim.erlang import Goals, chat, required_agents
from sim.erlang.exact_staffing import staff_exactly
from sim.erlang.standing_rates import standing_rates
from sim.rates import handle_times, rates
from sim.staffing.cells import Floats, opened

PLANNED_BUSY: Final = 0.95  # of people's time, where nothing else is asked for
ITERATIVE: Final = "iterative"
METHODS: Final[Mapping[str, str]] = {
    "sipp": "sipp",
    "sipp-mix": "sipp_mix",
    "lagged": "lagged_sipp",
    "mol": "offered_load_max",
    ITERATIVE: "offered_load_max",
}


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
    coming, lone_s = _coming(scenario, days, name)
    server = _server(scenario, name)
    handle_s = lone_s / server.speed
    step_h = days.interval_s / 3600.0
    contacts = _by_kind(days, coming)
    if is_deferred(scenario, name):
        load = contacts / step_h * handle_s / 3600.0
        return Need(
            contacts,
            lone_s,
            load,
            np.zeros_like(load),
            _held_work(scenario, days, name, coming * handle_s),
            True,
        )
    contacts = contacts * opened(scenario, name, days.interval_s)
    load = contacts / step_h * handle_s / 3600.0 / server.at_once
    seats = np.zeros_like(load)
    if handle_s > 0:
        day = _Day(contacts / step_h, handle_s, float(days.interval_s), server.slowdown)
        seats = _seats(scenario, name, day, (method, most_busy))
    return Need(contacts, lone_s, load, seats, np.zeros(KINDS_OF_DAY), False)


class _Day(NamedTuple):
    """The days of a queue: contacts an hour by [kind of day, interval], and who serves them."""

    per_hour: Floats
    handle_s: float
    interval_s: float
    slowdown: tuple[float, ...]


class Server(NamedTuple):
    """Who serves a queue: how much faster than usual, and how chats in hand slow each other down."""

    speed: float
    slowdown: tuple[float, ...]

    @property
    def at_once(self) -> float:
        """Contacts done by a full agent in the time of a lone one."""
        return len(self.slowdown) / self.slowdown[-1]


def _server(scenario: Scenario, queue: str) -> Server:
    """The agents who serve a queue: at their mean speed, with as many chats at once as the fewest."""
    groups = [g for g in scenario.groups.values() if any(queue in tie for tie in g.skills)]
    speed = sum(g.speed for g in groups) / len(groups) if groups else 1.0
    chats = [g.concurrency.slowdown if g.concurrency else (1.0,) for g in groups]
    if scenario.queues[queue].channel != "chat" or not groups:
        return Server(speed, (1.0,))
    return Server(speed, min(chats, key=len))


def _coming(scenario: Scenario, days: Almanac, queue: str) -> tuple[Floats, float]:
    """Contacts expected in each interval of the horizon, and their mean handle time (s)."""
    coming, work = np.zeros(days.intervals), 0.0
    for stream in scenario.streams.values():
        if stream.queue == queue:
            expected = rates(days, stream.arrivals).expected
            coming = coming + expected
            work += float(expected @ handle_times(days, stream))
    total = float(coming.sum())
    return coming, work / total if total > 0 else 0.0


def _by_kind(days: Almanac, values: Floats) -> Floats:
    """The mean [kind of day, interval] over days of 24 hours; of a kind without any, over all its days."""
    a_day = DAY_S // days.interval_s
    found = np.zeros((KINDS_OF_DAY, a_day))
    for kind in set(days.kinds):
        mine = [n for n, each in enumerate(days.kinds) if each == kind]
        firsts = [
            days.midnights[n] // days.interval_s
            for n in mine
            if days.midnights[n + 1] - days.midnights[n] == DAY_S
        ]
        usual = [values[first : first + a_day] for first in firsts]
        found[kind] = np.mean(usual or [_on_clocks(days, values, n) for n in mine], axis=0)
    return found


def _on_clocks(days: Almanac, values: Floats, n: int) -> Floats:
    """Day n by its clocks, which change: 0 in what they skip, the mean of what they show twice."""
    first, last = (days.midnights[at] // days.interval_s for at in (n, n + 1))
    shown = [local_start(days, i * days.interval_s) for i in range(first, last)]
    places = [clock_seconds(at) // days.interval_s for at in shown]
    a_day = DAY_S // days.interval_s
    often = np.bincount(places, minlength=a_day)
    found: Floats = np.bincount(places, values[first:last], a_day) / np.maximum(often, 1)
    return found


def _held_work(scenario: Scenario, days: Almanac, queue: str, work_s: Floats) -> Floats:
    """The mean work (h) by kind of day that has come by its closing and after the closing before."""
    is_open = opened(scenario, queue, days.interval_s)
    closes = [
        int(np.flatnonzero(is_open[kind])[-1]) + 1 if is_open[kind].any() else 0
        for kind in range(KINDS_OF_DAY)
    ]
    total, often, before = np.zeros(KINDS_OF_DAY), np.zeros(KINDS_OF_DAY), 0
    for n, kind in enumerate(days.kinds):
        if closes[kind]:
            until = min(days.midnights[n] // days.interval_s + closes[kind], len(work_s))
            total[kind] += work_s[before:until].sum() / 3600.0
            often[kind] += 1
            before = until
    return np.divide(total, often, out=np.zeros(KINDS_OF_DAY), where=often > 0)


def _seats(scenario: Scenario, name: str, day: _Day, how: tuple[str, float | None]) -> Floats:
    """Agents in each interval, by the targets of a queue and the largest occupancy."""
    method, most_busy = how
    asked, patience_s = _goals(scenario, name, most_busy), _patience_s(scenario, name)
    if not asked:  # time for all that comes: nobody is counted on to give up
        asked, patience_s = [_busy_at_most(PLANNED_BUSY)], math.inf
    rates, _ = standing_rates(METHODS[method], day.per_hour, day.handle_s, day.interval_s)
    rates = np.where(day.per_hour > 0, rates, 0.0)
    found = np.zeros(rates.shape)
    for words, goals in asked:
        if len(day.slowdown) > 1:
            needed = chat.required_agents(rates, day.handle_s, day.slowdown, goals, patience_s)
        elif method == ITERATIVE and goals.service_level is not None:
            needed = _exactly(day, goals, patience_s)
        else:
            needed = required_agents(rates, day.handle_s, goals, patience_s)
        if not np.isfinite(needed).all():
            raise ValueError(f"queue {name}: by formula no number of agents reaches '{words}'; ask for less")
        found = np.maximum(found, needed)
    return found


def _busy_at_most(share: float) -> tuple[str, Goals]:
    return f"occupancy <= {share:.0%}", Goals(occupancy=share)


def _exactly(day: _Day, goals: Goals, patience_s: float) -> Floats:
    """Agents for days that are followed exactly; days that are alike are staffed once."""
    days, which = np.unique(day.per_hour, axis=0, return_inverse=True)
    found = staff_exactly(days, day.handle_s, goals, day.interval_s, patience_s=patience_s)
    agents: Floats = found[which.reshape(-1)]
    return agents


def _goals(scenario: Scenario, queue: str, most_busy: float | None) -> list[tuple[str, Goals]]:
    """What agents must reach, one after the other, each with its words."""
    found = [] if most_busy is None else [_busy_at_most(most_busy)]
    for goal in goals_of(scenario):
        if (goal.scope, goal.name) == ("queue", queue):
            if goal.measure == "service_level":
                found.append((goal_text(goal), _level(scenario.queues[queue], goal)))
            elif goal.measure in _MEASURED:
                found.append((goal_text(goal), _MEASURED[goal.measure](goal.value)))
            elif goal.measure in QUANTILES:
                share = QUANTILES[goal.measure]
                within = Goals(service_level=share, within_s=goal.value, definition="answered_only")
                found.append((goal_text(goal), within))
    return found


def _level(queue: Queue, goal: Goal) -> Goals:
    within_s = queue.target.within_s if queue.target else 0.0
    return Goals(
        service_level=goal.value,
        within_s=within_s,
        definition=queue.service_level or "offered",
        short_s=queue.short_abandon_s,
    )


def _patience_s(scenario: Scenario, queue: str) -> float:
    """The mean patience over the streams of a queue, inf where somebody never gives up."""
    usual = scenario.queues[queue].patience
    patiences = [stream.patience or usual for stream in scenario.streams.values() if stream.queue == queue]
    means = [each.mean_s if each else math.inf for each in patiences]
    return sum(means) / len(means) if means else math.inf


_MEASURED: Final[Mapping[str, Callable[[float], Goals]]] = {
    "asa": lambda value: Goals(asa_s=value),
    "abandonment": lambda value: Goals(abandonment=value),
    "delayed": lambda value: Goals(delayed=value),
    "mean_wait": lambda value: Goals(mean_wait_s=value),
}
