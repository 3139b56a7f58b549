"""Branches: what a replication would have counted with one agent more or fewer in one cell.

The replication is followed once, keeping all its rows, and once more from interval to interval. Where a
change begins, its state is put aside and goes on with the change until it is like the state that the
replication had at that moment (`sim/staffing/likeness.py`): from there on both log the same rows. So the
change counts exactly what the branch has logged, less what the replication has logged meanwhile. A branch
that lasts until its cell comes again meets the change there too.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.clock import NEVER
from sim.fast import advance
from sim.jit import U64, code, compiled
from sim.layout import State, Tables
from sim.log import ENOUGH, LOG, close_log
from sim.staffing.counting import Counting, count_agents, count_contacts
from sim.staffing.likeness import likeness

MARK: Final = np.dtype([("contacts", "i8"), ("agents", "i8"), ("like", "u8")], align=True)
CHANGE: Final = np.dtype(
    [
        ("interval", "i8"),  # in which it begins
        ("until", "i8"),  # from this interval on nothing is changed any more
        ("row", "i8"),  # of the calendar: how many agents are wanted from then on
        ("delta", "i8"),
        ("candidate", "i8"),  # whose change this is
        ("next", "i8"),  # the next change of the same candidate, or -1
        ("done", "i8"),  # whether it was a part of an earlier branch
    ],
    align=True,
)
FOLLOW: Final = code(0)  # phases of `explore`: the replication itself
AHEAD: Final = code(1)  # ... again, on to the next change
BRANCH: Final = code(2)
ADDED: Final = code(0)  # what a branch has logged, in `Trial.counts`
_FIRST: Final = code(0)
TAKEN: Final = code(1)  # ... and what the replication has logged instead


class Twin(NamedTuple):
    """The arrays of a state but for its logs, as whole numbers, to be copied."""

    clock: np.ndarray
    queues: np.ndarray
    groups: np.ndarray
    agents: np.ndarray
    contacts: np.ndarray
    heap: np.ndarray


class Trial(NamedTuple):
    """What is tried, and where it is counted."""

    marks: np.ndarray  # MARK [interval + 2]: at the start of each, at the horizon's end, at the run's end
    changes: np.ndarray  # CHANGE, by interval; without any, a replication is only counted
    counting: Counting
    base: np.ndarray  # int64 [counter, period, column]: what the replication counts
    counts: np.ndarray  # int64 [candidate, ADDED or TAKEN, counter, period, column]
    ways: np.ndarray  # int64 [2]: whether a run goes on until nobody is left; the mode of `likeness`


@compiled
def explore(tables: Tables, state: State, own: Twin, saved: Twin, trial: Trial) -> int:
    """Run a replication and its branches; ENOUGH, or what must grow before it is begun anew.

    `own` are the arrays of `state`, `saved` others of the same sizes. The calendar in `tables` is changed
    and put right again. There is one call of `advance`, since each costs the compiler a copy of the engine.
    """
    clock = state.clock[0]
    changes = trial.changes
    last = trial.marks.size - 2
    phase = FOLLOW
    n = _FIRST
    latest = _FIRST
    kept = (_FIRST, _FIRST)
    i = last
    if changes.size > 0:
        _copy(own, saved)
        i = _FIRST
    while True:
        lack = ENOUGH
        if i <= last or trial.ways[0] == 1:
            lack = advance(tables, state, i * clock["interval"] if i <= last else NEVER)
        if lack == ENOUGH and i > last:
            lack = _close(state)
        if phase != FOLLOW or changes.size == 0:
            logged = (clock["contact_rows"], clock["agent_rows"])
            if phase == BRANCH:
                _count(
                    state,
                    kept,
                    logged,
                    trial.counting,
                    trial.counts[U64(changes[U64(n)]["candidate"]), ADDED],
                )
            elif phase == FOLLOW:
                _count(state, kept, logged, trial.counting, trial.base)
            clock["contact_rows"] = kept[0]
            clock["agent_rows"] = kept[1]
            if lack == LOG and (logged[0] > kept[0] or logged[1] > kept[1]):
                continue
        if lack != ENOUGH:
            return lack
        if phase == FOLLOW:
            if changes.size > 0:
                _mark(state, trial.marks[U64(i)], trial.ways[1])
            i += 1
            if i > last + 1:
                if changes.size == 0:
                    return ENOUGH
                kept = (clock["contact_rows"], clock["agent_rows"])
                _count(state, (_FIRST, _FIRST), kept, trial.counting, trial.base)
                _copy(saved, own)
                clock["contact_rows"] = kept[0]
                clock["agent_rows"] = kept[1]
                phase = AHEAD
                i = changes[0]["interval"]
        elif phase == AHEAD:
            _copy(own, saved)
            _change(tables, changes, n, 1)
            phase = BRANCH
            latest = n
            i += 1
        else:
            latest = _latest(changes, latest, i)
            if i <= last and (
                i < changes[U64(latest)]["until"]
                or likeness(state, trial.ways[1]) != trial.marks[U64(i)]["like"]
            ):
                i += 1
                continue
            _count_trail(state, trial, changes[U64(n)], i)
            _change(tables, changes, n, -1)
            _copy(saved, own)
            before = changes[U64(n)]["interval"]
            n = _next(changes, n)
            if n == changes.size:
                return ENOUGH
            i = changes[U64(n)]["interval"]
            phase = AHEAD
            if i == before:
                _change(tables, changes, n, 1)
                phase = BRANCH
                latest = n
                i += 1


@compiled
def _change(tables: Tables, changes: np.ndarray, n: int, sign: int) -> None:
    """Make a change and all later ones of its candidate in the calendar, or take them back."""
    while n >= 0:
        change = changes[U64(n)]
        tables.plan[U64(change["row"])]["value"] += sign * change["delta"]
        n = change["next"]


@compiled
def _latest(changes: np.ndarray, latest: int, i: int) -> int:
    """The last change of a branch that has begun before interval i; those on the way are done with it."""
    after = changes[U64(latest)]["next"]
    while after >= 0 and changes[U64(after)]["interval"] < i:
        changes[U64(after)]["done"] = 1
        latest = after
        after = changes[U64(latest)]["next"]
    return int(latest)


@compiled
def _next(changes: np.ndarray, n: int) -> int:
    """The next change that was not a part of an earlier branch."""
    n += 1
    while n < changes.size and changes[U64(n)]["done"] == 1:
        n += 1
    return int(n)


@compiled
def _close(state: State) -> int:
    """End the run: what is still there is logged; ENOUGH, or LOG if there is too little room."""
    clock = state.clock[0]
    if clock["contact_rows"] + 2 * clock["live"] + 16 > state.contact_log.size:
        return LOG
    if clock["agent_rows"] + clock["agents"] > state.agent_log.size:
        return LOG
    clock["now"] = max(clock["now"], clock["end"])
    close_log(state)
    return ENOUGH


@compiled
def _mark(state: State, mark: np.void, mode: int) -> None:
    """Note where the replication stands."""
    mark["contacts"] = state.clock[0]["contact_rows"]
    mark["agents"] = state.clock[0]["agent_rows"]
    mark["like"] = likeness(state, mode)


@compiled
def _count_trail(state: State, trial: Trial, change: np.void, i: int) -> None:
    """Count what the replication itself has logged from the start of a change to interval i."""
    first = trial.marks[U64(change["interval"])]
    then = trial.marks[U64(i)]
    start = (first["contacts"], first["agents"])
    end = (then["contacts"], then["agents"])
    _count(state, start, end, trial.counting, trial.counts[U64(change["candidate"]), TAKEN])


@compiled
def _count(
    state: State, start: tuple[int, int], end: tuple[int, int], counting: Counting, into: np.ndarray
) -> None:
    """Count rows of contacts and of agents."""
    count_contacts(counting, state.contact_log, (start[0], end[0]), into)
    count_agents(counting, state.agent_log, (start[1], end[1]), into)


@compiled
def _copy(source: Twin, target: Twin) -> None:
    _copy_array(source.clock, target.clock)
    _copy_array(source.queues, target.queues)
    _copy_array(source.groups, target.groups)
    _copy_array(source.agents, target.agents)
    _copy_array(source.contacts, target.contacts)
    _copy_array(source.heap, target.heap)


@compiled
def _copy_array(source: np.ndarray, target: np.ndarray) -> None:
    for n in range(source.size):
        target[U64(n)] = source[U64(n)]


def as_numbers(state: State) -> Twin:
    """The arrays of a state but for its logs, as whole numbers, to be copied."""
    return Twin(*(array.view(np.int64) for array in state[:6]))
