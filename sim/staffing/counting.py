"""Counting for targets alone: log rows into the columns of `sim/tally.py`, by counter and period.

A counter is one target's scope with the waits that count as short for it; its bins are the periods over
which the target must hold. What is added up are the same columns by the same functions as those of the
measures, so that a target is held here exactly if it is held there.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.contacts import SIDE
from sim.jit import U64, compiled
from sim.log import ARRIVED, HANDLED, LEG, OVERFLOWED, SHARING, WORKING
from sim.tally import CHATS, IDLE, SHARED, WORKED, count_arrival, count_contact, count_leg

ALL: Final = 0
QUEUE: Final = 1
GROUP: Final = 2
STREAM: Final = 3  # of one stream, or of several together: `Counting.streams` says which
PEOPLE: Final = 4  # counters of agents' time: of a group, or of all (-1)

COUNTER: Final = np.dtype([("scope", "i8"), ("of", "i8")], align=True)


class Counting(NamedTuple):
    """What to count: shared by all replications."""

    counters: np.ndarray  # COUNTER
    limits: np.ndarray  # sim.tally.LIMITS [counter, queue or stream of the row]
    streams: np.ndarray  # bool [counter, stream]: whose contacts count, where the scope is STREAM
    periods: np.ndarray  # int64 [counter, interval]: the period that an interval belongs to, or -1
    sizes: np.ndarray  # int64: ticks of an interval, warm-up in ticks


@compiled
def count_contacts(counting: Counting, rows: np.ndarray, span: tuple[int, int], into: np.ndarray) -> None:
    """Add contact rows [span) to `into` [counter, period, column]."""
    interval, warm_up = counting.sizes[0], counting.sizes[1]
    for n in range(span[0], span[1]):
        row = rows[U64(n)]
        if row["row"] == ARRIVED:
            if row["born"] >= warm_up:
                _count_arrived(counting, row, row["born"] // interval, into)
        elif row["row"] == LEG:
            if row["queued"] >= warm_up:
                _count_at_queue(counting, row, row["queued"] // interval, into)
            if row["born"] >= warm_up and row["outcome"] != OVERFLOWED and row["role"] != SIDE:
                _count_at_stream(counting, row, row["born"] // interval, into)


@compiled
def _period(counting: Counting, n: int, interval: int) -> int:
    """The period in which counter n counts what happens in an interval, or -1."""
    if interval >= counting.periods.shape[1]:
        return -1
    return int(counting.periods[U64(n), U64(interval)])


@compiled
def _is_of_its_stream(counting: Counting, n: int, row: np.void) -> bool:
    """Whether a counter counts the contacts of a row's stream, wherever they are."""
    scope = counting.counters[U64(n)]["scope"]
    return bool(scope == ALL or (scope == STREAM and counting.streams[U64(n), U64(row["stream"])]))


@compiled
def _count_arrived(counting: Counting, row: np.void, interval: int, into: np.ndarray) -> None:
    for n in range(counting.counters.size):
        if _is_of_its_stream(counting, n, row):
            where = _period(counting, n, interval)
            if where >= 0:
                count_arrival(into[U64(n), U64(where)], row)


@compiled
def _count_at_queue(counting: Counting, row: np.void, interval: int, into: np.ndarray) -> None:
    for n in range(counting.counters.size):
        counter = counting.counters[U64(n)]
        at_queue = counter["scope"] == QUEUE and counter["of"] == row["queue"]
        at_group = counter["scope"] == GROUP and counter["of"] == row["group"] and row["outcome"] == HANDLED
        if at_queue or at_group:
            where = _period(counting, n, interval)
            if where >= 0:
                counts = into[U64(n), U64(where)]
                if at_queue:
                    count_arrival(counts, row)
                count_leg(counts, row, row["queued"], counting.limits[U64(n), U64(row["queue"])])


@compiled
def _count_at_stream(counting: Counting, row: np.void, interval: int, into: np.ndarray) -> None:
    for n in range(counting.counters.size):
        if _is_of_its_stream(counting, n, row):
            where = _period(counting, n, interval)
            if where >= 0:
                limits = counting.limits[U64(n), U64(row["stream"])]
                count_contact(into[U64(n), U64(where)], row, limits)


@compiled
def count_agents(counting: Counting, rows: np.ndarray, span: tuple[int, int], into: np.ndarray) -> None:
    """Add agent rows [span) to `into` [counter, period, column], to each period its part."""
    for n in range(counting.counters.size):
        counter = counting.counters[U64(n)]
        if counter["scope"] == PEOPLE:
            for i in range(span[0], span[1]):
                row = rows[U64(i)]
                if counter["of"] < 0 or counter["of"] == row["group"]:
                    _count_span(counting, n, row, into)


@compiled
def _count_span(counting: Counting, n: int, row: np.void, into: np.ndarray) -> None:
    length = counting.sizes[0]
    start = max(row["start"], counting.sizes[1])
    i = start // length
    while start < row["end"] and i < counting.periods.shape[1]:
        stop = min(row["end"], (i + 1) * length)
        where = _period(counting, n, i)
        if where >= 0:
            counts = into[U64(n), U64(where)]
            if row["state"] == SHARING:
                counts[SHARED] += stop - start
                counts[CHATS] += (stop - start) * row["load"]
            else:
                counts[WORKED if row["state"] == WORKING else IDLE] += stop - start
        start = stop
        i += 1
