"""A formula over a horizon: interval by interval in steady state, each counted by its contacts.

What goes in is what a planner would put into a calculator: the expected contacts of the interval, their
mean handle time and the people at work. Where people come or go, or the queue opens or closes, within an
interval, its parts are taken each by itself.
"""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.load import serving
from scenarios.definitions import SERVICE_LEVELS
from scenarios.model import Distribution, Group, Queue, Scenario, WeekSteps
from scenarios.shifts import duty_steps

Floats = NDArray[np.float64]
_DIGITS: Final = 9  # of rates and handle times: those that differ by rounding alone are solved once


class Answer(NamedTuple):
    """A formula's answer for a queue over the horizon; shares 0-1, NaN where there are none."""

    service_level: float
    asa_s: float
    abandonment: float
    overloaded: float  # share of the contacts that come where the load is at or above the people


class _Piece(NamedTuple):
    """What a formula needs to know of a stretch of time."""

    per_hour: float
    handle_s: float
    agents: int


def streams_of(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The streams that bring contacts to a queue."""
    return tuple(name for name, stream in scenario.streams.items() if stream.queue == queue)


def patience_of(scenario: Scenario, stream: str) -> Distribution | None:
    """The patience of a stream's contacts: its own, or its queue's."""
    each = scenario.streams[stream]
    return each.patience or scenario.queues[each.queue].patience


def answer_of(scenario: Scenario, queue: str) -> Answer | None:
    """Erlang A where contacts are impatient, else Erlang C; None where nobody is expected to come.

    The queue must be one that these formulas know (`reports.formula.obstacle`).
    """
    from sim.erlang import Line, steady, within

    patience = patience_of(scenario, streams_of(scenario, queue)[0])
    pieces = sorted(_pieces(scenario, queue).items())
    if not pieces:
        return None
    per_hour, handle_s, agents = np.array([piece for piece, _ in pieces]).T
    line = Line(per_hour, handle_s, agents, patience.mean_s if patience else math.inf)
    contacts = np.array([weight for _, weight in pieces])
    solved, of = steady(line), scenario.queues[queue]
    in_time = within(line, of.target.within_s if of.target else 0.0)
    shares = {
        "answered": solved.answered,
        "answered_within": in_time.answered,
        "abandoned": solved.abandoned,
        "abandoned_within": in_time.abandoned,
        "abandoned_short": within(line, of.short_abandon_s).abandoned,
    }
    columns = {name: float((contacts * share).sum()) for name, share in shares.items()}
    some = solved.answered > 0
    waited_s = float((contacts * solved.answered)[some] @ solved.asa_s[some])
    overloaded = float(contacts @ (per_hour * handle_s >= 3600.0 * agents))
    return Answer(
        _service_level(of, columns),
        waited_s / columns["answered"] if columns["answered"] > 0 else math.nan,
        columns["abandoned"] / float(contacts.sum()),
        overloaded / float(contacts.sum()),
    )


def _service_level(queue: Queue, columns: dict[str, float]) -> float:
    """The queue's named definition."""
    if queue.target is None or queue.service_level is None:
        return math.nan
    level = SERVICE_LEVELS[queue.service_level]
    above, below = (
        sum(factor * columns[column] for column, factor in part.items())
        for part in (level.above, level.below)
    )
    return float(above / below) if below > 0 else math.nan


def _pieces(scenario: Scenario, queue: str) -> Counter[_Piece]:
    """The contacts expected in all stretches that are alike to a formula."""
    from sim.almanac import Stretch, almanac, stretches

    days = almanac(scenario.calendar)
    group = scenario.groups[serving(scenario, queue)[0]]
    hours = scenario.queues[queue].hours
    at_work = list(stretches(days, _heads(group)))
    is_open = [Stretch(0, days.end, 1.0)] if hours is None else list(stretches(days, hours))
    starts = np.arange(0, days.end, days.interval_s)
    edges = np.unique([*starts, days.end, *(edge for each in (*at_work, *is_open) for edge in each[:2])])
    edges = edges[(edges >= scenario.run.warm_up_s) & (edges <= days.end)]
    interval = edges[:-1] // days.interval_s
    contacts, handle_s = _work(scenario, queue)
    part = np.diff(edges) / days.interval_s * (_at(edges, is_open) > 0)
    found: Counter[_Piece] = Counter()
    for i, share, agents in zip(interval, part, _at(edges, at_work), strict=True):
        if contacts[i] * share > 0:
            per_hour = contacts[i] * 3600.0 / days.interval_s
            piece = _Piece(
                round(float(per_hour), _DIGITS),
                round(float(handle_s[i] / group.speed), _DIGITS),
                round(float(agents)),
            )
            found[piece] += contacts[i] * share
    return found


def _work(scenario: Scenario, queue: str) -> tuple[Floats, Floats]:
    """The contacts expected in each interval, and their mean handle time (s; 0 without any)."""
    from sim.almanac import almanac
    from sim.rates import rates

    days = almanac(scenario.calendar)
    contacts, work_s = np.zeros((2, days.intervals))
    for name in streams_of(scenario, queue):
        expected = rates(days, scenario.streams[name].arrivals).expected
        contacts += expected
        work_s += expected * scenario.streams[name].handle_time.mean_s
    return contacts, np.divide(work_s, contacts, out=np.zeros_like(work_s), where=contacts > 0)


def _heads(group: Group) -> WeekSteps:
    """People at work as weekly steps; those of shifts overlap, one for each of their people."""
    return group.agents if group.agents is not None else tuple(duty_steps(group.shifts or ()))


def _at(edges: NDArray[np.int64], spans: Iterable[tuple[int, int, float]]) -> Floats:
    """The sum of the values of [start, end, value) that hold from each edge to the next."""
    changes = np.zeros(len(edges))
    for start, end, value in spans:
        if end > edges[0]:
            changes[np.searchsorted(edges, max(start, edges[0]))] += value
            if end < edges[-1]:
                changes[np.searchsorted(edges, end)] -= value
    return np.cumsum(changes)[:-1]
