"""The total order of events: by tick, then by kind, then by key.

What ends comes before what starts: an agent who becomes free at the very tick at which a caller's
patience ends still answers that caller; a queue that closes at 17:00 turns away who arrives at
17:00. Simultaneous events of one kind go by the 64-bit key of whom they concern (a hash of names,
so no list order in a file decides anything). Both engines obey this file: the
compiled heap compares ranks, SimPy gets `priority`.
"""

from typing import Final

import numpy as np

from sim.jit import U64, code, compiled
from sim.layout import State

FINISH: Final = code(0)  # a piece of work ends
CHAT: Final = code(1)  # the chat of an agent that ends next ends
CLOSE: Final = code(2)  # a queue closes
OPEN: Final = code(3)
SHIFT_OFF: Final = code(4)  # an agent's shift ends
TARGET: Final = code(5)  # the number of agents wanted in a group changes
SHIFT_ON: Final = code(6)
INTERVAL: Final = code(7)  # an interval starts: its contacts are drawn
TIMEOUT: Final = code(8)  # a waiting contact gives up or overflows
RETURN: Final = code(9)  # a delay ends
ARRIVAL: Final = code(10)
NOTHING: Final = code(11)  # no event before the end of the chunk


_TOP: Final = code(0)
_KEY_BITS: Final = np.uint64(60)
_KEY_SHIFT: Final = np.uint64(4)


@compiled
def rank(kind: int, key: np.uint64) -> np.uint64:
    """The order of simultaneous events as one number: the kind, then the key's first 60 bits."""
    return np.uint64((np.uint64(kind) << _KEY_BITS) | (np.uint64(key) >> _KEY_SHIFT))


@compiled
def kind_of(order: np.uint64) -> int:
    """The kind of an event, from its rank."""
    return int(np.uint64(order) >> _KEY_BITS)


AFTERWARDS: Final = 2  # of SimPy: what follows an event at once, when its processes have come to rest


def priority(order: np.uint64) -> int:
    """The same order for SimPy, which keeps 0 and 1 (URGENT and NORMAL) for its own housekeeping."""
    return AFTERWARDS + 1 + int(order)


@compiled
def _put(heap: np.ndarray, at: int, tick: int, order: np.uint64, ref: int, version: int) -> None:
    event = heap[U64(at)]
    event["tick"] = tick
    event["order"] = order
    event["ref"] = ref
    event["version"] = version


@compiled
def _rise(heap: np.ndarray, at: int, tick: int, order: np.uint64, ref: int, version: int) -> None:
    """Put an event into the hole at `at`, or as far above it as it belongs."""
    while at > 0:
        above = heap[U64((at - 1) >> 1)]
        if above["tick"] < tick or (above["tick"] == tick and above["order"] <= order):
            break
        _put(heap, at, above["tick"], above["order"], above["ref"], above["version"])
        at = (at - 1) >> 1
    _put(heap, at, tick, order, ref, version)


@compiled
def push(state: State, tick: int, kind: int, key: np.uint64, ref: int, version: int) -> None:
    """Add an event. The caller has made sure of room (`lacking` in sim/log.py)."""
    at = state.clock[0]["heap_size"]
    state.clock[0]["heap_size"] = at + 1
    _rise(state.heap, at, tick, rank(kind, key), ref, version)


@compiled
def pop(state: State) -> None:
    """Drop the first event: a hole sinks to the bottom, and the last event rises from there.

    (Wegener 1993, "Bottom-up heapsort", Theoretical Computer Science 118.) The last event belongs
    near the bottom anyway, and which child moves up is computed, not branched upon: processors
    guess that branch wrong half of the time.
    """
    heap = state.heap
    size = state.clock[0]["heap_size"] - 1
    state.clock[0]["heap_size"] = size
    at = _TOP
    child = 2 * at + 1
    while child + 1 < size:
        child += _first(heap[U64(child + 1)], heap[U64(child)])
        event = heap[U64(child)]
        _put(heap, at, event["tick"], event["order"], event["ref"], event["version"])
        at = child
        child = 2 * at + 1
    if child < size:
        event = heap[U64(child)]
        _put(heap, at, event["tick"], event["order"], event["ref"], event["version"])
        at = child
    last = heap[U64(size)]
    _rise(heap, at, last["tick"], last["order"], last["ref"], last["version"])


@compiled
def _first(event: np.void, other: np.void) -> int:
    """1 where `event` comes before `other`, else 0: without a branch, but for the rare tie."""
    if event["tick"] == other["tick"]:
        return int(event["order"] < other["order"])
    return int(event["tick"] < other["tick"])
