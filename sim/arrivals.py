"""Arrivals: the contacts of one interval at a time, drawn when the interval starts.

The count is the Poisson quantile of one keyed uniform at rate x busyness, the position of the k-th
contact is a keyed uniform, bent where the rate changes within the interval: a higher rate adds
contacts and moves none.
"""

from typing import Final

import numpy as np

from sim.contacts import new_contact
from sim.day_to_day import BY_DAY, BY_INTERVAL, factor
from sim.draws import POSITION, VOLUME, child_key, counter, name_key, uniform
from sim.incidents import may_bring
from sim.jit import U64, code, compiled
from sim.layout import NOBODY, State, Tables
from sim.log import ENOUGH, HEAP
from sim.order import INTERVAL, kind_of
from sim.outbreaks import follow
from sim.poisson import poisson
from sim.signals import moment

BACKLOG: Final = name_key("backlog", "contacts waiting at the start")
_NOBODY_YET: Final = code(0)
_BELOW_ONE: Final = 1.0 - 2.0**-53


@compiled
def expected(tables: Tables, state: State, s: int, tick: int, day: int) -> float:
    """Contacts that stream s may expect in the interval from `tick`: its rate x its busyness."""
    clock = state.clock[0]
    stream = tables.streams[U64(s)]
    mean = tables.curves[U64(stream["rates"] + tick // clock["interval"])]
    if mean <= 0.0:
        return 0.0
    run, key, slot = clock["run"], stream["key"], moment(state, tick)
    mean *= factor(tables.curves, stream["day_shape"], run, key, day, BY_DAY, stream["day_loading"])
    mean *= factor(tables.curves, stream["slot_shape"], run, key, slot, BY_INTERVAL, stream["slot_loading"])
    return float(mean)


@compiled
def _count(tables: Tables, state: State, s: int, tick: int, day: int) -> int:
    key = child_key(tables.streams[U64(s)]["key"], moment(state, tick))
    u = uniform(state.clock[0]["run"], key, counter(0, VOLUME))
    return poisson(expected(tables, state, s, tick, day), u)


@compiled
def _backlog(tables: Tables, s: int, tick: int) -> int:
    """Contacts of stream s that wait already when the horizon begins."""
    return tables.streams[U64(s)]["backlog"] if tick == 0 else 0


@compiled
def draw_if_due(tables: Tables, state: State) -> int:
    """If the next entry of the calendar starts an interval, draw its contacts.

    They lie at the far end of the heap's array (`fresh_row`), chained in the order of their
    arrival; a contact takes a row of the pool only when it arrives. Returns ENOUGH, or HEAP where
    there is too little room; then nothing has changed.
    """
    clock = state.clock[0]
    entry = tables.plan[U64(clock["plan_next"])]
    if kind_of(entry["order"]) != INTERVAL or entry["tick"] < clock["begins"]:
        return ENOUGH
    if state.incidents.size > 0 and clock["followed"] < entry["tick"]:
        clock["followed"] = entry["tick"]
        follow(tables, state, entry["tick"])
    total = _NOBODY_YET
    for s in range(tables.streams.size):
        total += _count(tables, state, s, entry["tick"], entry["value"]) + _backlog(tables, s, entry["tick"])
    for n in range(tables.surges.size):
        total += _surge(tables, state, n, entry["tick"])
    if clock["heap_size"] + clock["waiting"] + 2 * total > state.heap.size:
        return HEAP
    clock["day"] = entry["value"]
    clock["fresh_rows"] = 0
    for bucket in range(total):
        fresh_row(state, total + bucket)["ref"] = NOBODY
    for s in range(tables.streams.size):
        _draw_stream(tables, state, s, entry, total)
    for n in range(tables.surges.size):
        _draw_surge(tables, state, n, entry["tick"], total)
    _chain(state, total)
    return ENOUGH


@compiled
def fresh_row(state: State, n: int) -> np.void:
    """Row n of the drawn contacts: (tick, key as `order`, stream as `ref`, next as `version`)."""
    found: np.void = state.heap[U64(state.heap.size - 1 - n)]
    return found


@compiled
def _draw_stream(tables: Tables, state: State, s: int, entry: np.void, total: int) -> None:
    """Draw the contacts of stream s in this interval, each into its bucket; the backlog is there at once."""
    clock = state.clock[0]
    stream = tables.streams[U64(s)]
    tick = entry["tick"]
    base = child_key(stream["key"], moment(state, tick))
    places = clock["interval"] // clock["grain"]
    share = total / places  # buckets a place
    for k in range(_backlog(tables, s, tick)):
        _sort_in(state, tick, child_key(U64(stream["key"] ^ BACKLOG), k), s + tables.streams.size, total)
    for k in range(_count(tables, state, s, tick, entry["value"])):
        key = child_key(base, k)
        u = uniform(clock["run"], key, counter(0, POSITION))
        if stream["slices"] > 1:
            first = stream["shares"] + tick // clock["interval"] * stream["slices"]
            u = within(tables.curves, first, stream["slices"], u)
        place = int(u * places)
        _sort_in(state, tick + place * clock["grain"], key, s, total + int(place * share))


@compiled
def _surge(tables: Tables, state: State, n: int, tick: int) -> int:
    """How many contacts surge n may bring in the interval from a tick: drawn at its full rate."""
    surge = tables.surges[U64(n)]
    if not may_bring(state, surge["incident"], tick, state.clock[0]["interval"]):
        return 0
    u = uniform(state.clock[0]["run"], child_key(surge["key"], moment(state, tick)), counter(0, VOLUME))
    return poisson(surge["expected"], u)


@compiled
def _draw_surge(tables: Tables, state: State, n: int, tick: int, total: int) -> None:
    """Draw the contacts that surge n may bring in this interval."""
    clock = state.clock[0]
    base = child_key(tables.surges[U64(n)]["key"], moment(state, tick))
    places = clock["interval"] // clock["grain"]
    for k in range(_surge(tables, state, n, tick)):
        key = child_key(base, k)
        place = int(uniform(clock["run"], key, counter(0, POSITION)) * places)
        bucket = total + int(place * (total / places))
        _sort_in(state, tick + place * clock["grain"], key, 2 * tables.streams.size + n, bucket)


@compiled
def within(curves: np.ndarray, first: int, slices: int, u: float) -> float:
    """Where in an interval (0 to below 1) the share u of its contacts has come."""
    low = 0
    high = slices - 1
    while low < high:
        middle = (low + high) // 2
        if curves[U64(first + middle)] > u:
            high = middle
        else:
            low = middle + 1
    before = curves[U64(first + low - 1)] if low > 0 else 0.0
    found = (low + (u - before) / (curves[U64(first + low)] - before)) / slices
    return float(min(found, _BELOW_ONE))


@compiled
def _sort_in(state: State, tick: int, key: np.uint64, owner: int, bucket: int) -> None:
    """Add a drawn contact, and hang it into its bucket by (tick, key).

    There are as many buckets as contacts and positions are nearly uniform, so chains are short.
    """
    n = state.clock[0]["fresh_rows"]
    state.clock[0]["fresh_rows"] = n + 1
    before = NOBODY
    after = fresh_row(state, bucket)["ref"]
    while after != NOBODY and _earlier(fresh_row(state, after), tick, key):
        before = after
        after = fresh_row(state, after)["version"]
    row = fresh_row(state, n)
    row["tick"] = tick
    row["order"] = key
    row["ref"] = owner
    row["version"] = after
    if before == NOBODY:
        fresh_row(state, bucket)["ref"] = n
    else:
        fresh_row(state, before)["version"] = n


@compiled
def _earlier(row: np.void, tick: int, key: np.uint64) -> bool:
    return bool(row["tick"] < tick or (row["tick"] == tick and row["order"] < U64(key)))


@compiled
def _chain(state: State, total: int) -> None:
    """Join the buckets' chains to one."""
    last = NOBODY
    for bucket in range(total):
        n = fresh_row(state, total + bucket)["ref"]
        if n != NOBODY:
            if last == NOBODY:
                state.clock[0]["fresh"] = n
            else:
                fresh_row(state, last)["version"] = n
            while n != NOBODY:
                last = n
                n = fresh_row(state, n)["version"]


@compiled
def take_fresh(tables: Tables, state: State) -> int:
    """The next of the drawn contacts comes into being; `clock.now` becomes the moment of its arrival."""
    clock = state.clock[0]
    row = fresh_row(state, clock["fresh"])
    streams = tables.streams.size
    old = streams <= row["ref"] < 2 * streams
    s = row["ref"] - streams if old else row["ref"]
    incident = NOBODY
    if s >= 2 * streams:
        surge = tables.surges[U64(s - 2 * streams)]
        s = surge["stream"]
        incident = surge["incident"]
    c = new_contact(state, row["order"], U64(0), s, tables.streams[U64(s)]["queue"])
    state.contacts[U64(c)]["born"] = row["tick"]
    state.contacts[U64(c)]["backlog"] = old
    state.contacts[U64(c)]["incident"] = incident
    clock["now"] = row["tick"]
    clock["fresh"] = row["version"]
    if row["version"] == NOBODY:
        clock["fresh_rows"] = 0
    return c
