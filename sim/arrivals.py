"""Arrivals: the contacts of one interval at a time, drawn when the interval starts.

The count is the Poisson quantile of one keyed uniform at rate x busyness, the positions are keyed
uniforms of the k-th contact: a higher rate adds contacts and moves none.
"""

import math
from typing import Final

import numpy as np

from sim.contacts import new_contact
from sim.draws import BUSYNESS, POSITION, U64, VOLUME, child_key, counter, name_key, uniform
from sim.jit import compiled
from sim.layout import NOBODY, State, Tables
from sim.log import ENOUGH, HEAP, POOL
from sim.order import INTERVAL, kind_of
from sim.quantiles import gamma_at, normal

COMMON: Final = name_key("busyness", "common to all streams")
BACKLOG: Final = name_key("backlog", "contacts waiting at the start")
_STIRLING_FROM: Final = 16
_HALF_LOG_2PI: Final = 0.9189385332046727


@compiled
def log_factorial(n: int) -> float:
    """log n!: a product for small n, Stirling's series beyond (relative error below 1e-15)."""
    if n < _STIRLING_FROM:
        product = 1.0
        for i in range(2, n + 1):
            product *= i
        return math.log(product)
    x = n + 1.0
    r = 1.0 / (x * x)
    series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / x
    return (x - 0.5) * math.log(x) - x + _HALF_LOG_2PI + series


@compiled
def poisson(mean: float, u: float) -> int:
    """The smallest n with P(Poisson(mean) <= n) >= u: summed outwards from the mode, then walked."""
    if mean <= 0.0:
        return 0
    mode = int(mean)
    at_mode = math.exp(mode * math.log(mean) - mean - log_factorial(mode))
    below = 0.0  # P(N < mode)
    term = at_mode
    n = mode
    while n > 0 and term > 1e-18:
        term *= n / mean
        n -= 1
        below += term
    if u > below:
        n = mode
        term = at_mode
        total = below + term
        while total < u and term > 1e-18:
            n += 1
            term *= mean / n
            total += term
        return n
    n = mode
    term = at_mode
    while n > 0 and below >= u:
        term *= n / mean
        n -= 1
        below -= term
    return n if below < u else 0


@compiled
def _score(run: np.uint64, key: np.uint64, moment: int, level: int, loading: float) -> float:
    """A normal score for a stream at a moment: a factor common to all, and one of its own."""
    own = normal(uniform(run, child_key(key, moment), counter(0, BUSYNESS) + level))
    if loading <= 0.0:
        return own
    common = normal(uniform(run, child_key(COMMON, moment), counter(0, BUSYNESS) + level))
    return math.sqrt(loading) * common + math.sqrt(1.0 - loading) * own


@compiled
def expected(tables: Tables, state: State, s: int, tick: int, day: int) -> float:
    """Contacts that stream s may expect in the interval from `tick`: its rate x its busyness."""
    clock = state.clock[0]
    stream = tables.streams[s]
    mean = tables.curves[stream["rates"] + tick // clock["interval"]]
    if mean > 0.0 and stream["day_shape"] >= 0:
        z = _score(clock["run"], stream["key"], day, 0, stream["day_loading"])
        mean *= gamma_at(tables.curves, stream["day_shape"], z)
    if mean > 0.0 and stream["slot_shape"] >= 0:
        z = _score(clock["run"], stream["key"], moment(state, tick), 1, stream["slot_loading"])
        mean *= gamma_at(tables.curves, stream["slot_shape"], z)
    return mean


@compiled
def moment(state: State, tick: int) -> int:
    """An interval's start in seconds since 1970: its name, whatever day the horizon starts on."""
    return state.clock[0]["origin"] + tick // 1_000_000


@compiled
def _count(tables: Tables, state: State, s: int, tick: int, day: int) -> int:
    key = child_key(tables.streams[s]["key"], moment(state, tick))
    u = uniform(state.clock[0]["run"], key, counter(0, VOLUME))
    return poisson(expected(tables, state, s, tick, day), u)


@compiled
def _backlog(tables: Tables, s: int, tick: int) -> int:
    """Contacts of stream s that wait already when the horizon begins."""
    return tables.streams[s]["backlog"] if tick == 0 else 0


@compiled
def draw_if_due(tables: Tables, state: State) -> int:
    """If the next entry of the calendar starts an interval, draw its contacts.

    They hang on `clock.fresh`, in the order of their arrival. Returns ENOUGH, or what there is
    too little of; then nothing has changed.
    """
    entry = tables.plan[state.clock[0]["plan_next"]]
    if kind_of(entry["order"]) != INTERVAL:
        return ENOUGH
    tick = entry["tick"]
    day = entry["value"]
    total = 0
    for s in range(tables.streams.size):
        total += _count(tables, state, s, tick, day) + _backlog(tables, s, tick)
    clock = state.clock[0]
    if total + clock["waiting"] + 16 > clock["spare"]:
        return POOL
    if total + clock["heap_size"] > state.heap.size:
        return HEAP
    for b in range(total):
        state.heap[clock["heap_size"] + b]["ref"] = NOBODY
    for s in range(tables.streams.size):
        _draw_stream(tables, state, s, entry, total)
    _chain(state, total)
    return ENOUGH


@compiled
def _draw_stream(tables: Tables, state: State, s: int, entry: np.void, total: int) -> None:
    """Make the contacts of stream s in this interval, each in its bucket; the backlog is there at once."""
    clock = state.clock[0]
    stream = tables.streams[s]
    tick = entry["tick"]
    base = child_key(stream["key"], moment(state, tick))
    places = clock["interval"] // clock["grain"]
    for k in range(_count(tables, state, s, tick, entry["value"])):
        key = child_key(base, k)
        place = int(uniform(clock["run"], key, counter(0, POSITION)) * places) * clock["grain"]
        c = new_contact(state, key, U64(0), s, stream["queue"])
        state.contacts[c]["born"] = tick + place
        _sort_in(state, c, place * total // clock["interval"])
    for k in range(_backlog(tables, s, tick)):
        c = new_contact(state, child_key(U64(stream["key"] ^ BACKLOG), k), U64(0), s, stream["queue"])
        state.contacts[c]["born"] = tick
        state.contacts[c]["backlog"] = 1
        _sort_in(state, c, 0)


@compiled
def _sort_in(state: State, c: int, bucket: int) -> None:
    """Hang contact c into its bucket (an unused row of the heap), by (tick, key).

    There are as many buckets as contacts and positions are uniform, so chains are short.
    """
    contacts = state.contacts
    head = state.heap[state.clock[0]["heap_size"] + bucket]
    before = NOBODY
    after = head["ref"]
    while after != NOBODY and _earlier(contacts[after], contacts[c]):
        before = after
        after = contacts[after]["next"]
    contacts[c]["next"] = after
    if before == NOBODY:
        head["ref"] = c
    else:
        contacts[before]["next"] = c


@compiled
def _earlier(one: np.void, other: np.void) -> bool:
    return one["born"] < other["born"] or (one["born"] == other["born"] and one["key"] < other["key"])


@compiled
def _chain(state: State, total: int) -> None:
    """Join the buckets' chains to one."""
    clock = state.clock[0]
    last = NOBODY
    for b in range(total):
        c = state.heap[clock["heap_size"] + b]["ref"]
        if c != NOBODY:
            if last == NOBODY:
                clock["fresh"] = c
            else:
                state.contacts[last]["next"] = c
            while c != NOBODY:
                last = c
                c = state.contacts[c]["next"]
