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

MARK: Final = np.dtype([("contacts", "i8"), ("agents", "i8"), ("live", "i8"), ("like", "u8")], align=True)
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
DONE: Final = code(3)
ADDED: Final = code(0)  # what a branch has logged, in `Trial.counts`
_FIRST: Final = code(0)
TAKEN: Final = code(1)  # ... and what the replication has logged instead


class Twin(NamedTuple):
    """The arrays of a state but for its logs, as whole numbers, to be copied.

    Nobody turns dials in a branch, and no rule reads the counters by tag.
    """

    clock: np.ndarray
    queues: np.ndarray
    groups: np.ndarray
    agents: np.ndarray
    contacts: np.ndarray
    cases: np.ndarray
    incidents: np.ndarray
    marks: np.ndarray
    heap: np.ndarray


class Trial(NamedTuple):
    """What is tried, and where it is counted."""

    marks: np.ndarray  # MARK [interval + 2]: at the start of each, at the horizon's end, at the run's end
    changes: np.ndarray  # CHANGE, by interval; without any, a replication is only counted
    counting: Counting
    base: np.ndarray  # int64 [counter, period, column]: what the replication counts
    counts: np.ndarray  # int64 [candidate, ADDED or TAKEN, counter, period, column]
    ways: np.ndarray  # int64 [2]: whether a run goes on until nobody is left; the mode of `likeness`


class At(NamedTuple):
    """Where the exploration stands: the phase, the change that is tried, the last of its candidate that has

    begun, the interval at whose start it is; and the log rows of the replication itself, which are kept.
    """

    phase: int
    n: int
    latest: int
    i: int
    contacts: int
    agents: int


@compiled
def explore(tables: Tables, state: State, own: Twin, saved: Twin, trial: Trial) -> int:
    """Run a replication and its branches; ENOUGH, or what must grow before it is begun anew.

    `own` are the arrays of `state`, `saved` others of the same sizes. The calendar in `tables` is changed
    and put right again. There is one call of `advance`, since each costs the compiler a copy of the engine.
    """
    last = trial.marks.size - 2
    at = At(FOLLOW, _FIRST, _FIRST, last, _FIRST, _FIRST)
    if trial.changes.size > 0:
        _copy(own, saved)
        at = At(FOLLOW, _FIRST, _FIRST, _FIRST, _FIRST, _FIRST)
    while at.phase != DONE:
        lack = _go_on(tables, state, trial, at.i)
        kept_apart = at.phase != FOLLOW or trial.changes.size == 0
        if kept_apart and _taken(state, trial, at) and lack == LOG:
            continue  # the log has been emptied: there is room again
        if lack != ENOUGH:
            return lack
        if at.phase == FOLLOW:
            at = _followed(state, own, saved, trial, at)
        elif at.phase == AHEAD:
            _copy(own, saved)
            at = _begun(tables, trial, at)
        else:
            at = _branched(tables, state, own, saved, trial, at)
    return ENOUGH


@compiled
def _go_on(tables: Tables, state: State, trial: Trial, i: int) -> int:
    """Go on to the start of an interval, or beyond the horizon to the end; ENOUGH, or what must grow."""
    last, lack = trial.marks.size - 2, ENOUGH
    if i <= last or trial.ways[0] == 1:
        lack = advance(tables, state, i * state.clock[0]["interval"] if i <= last else NEVER)
    return _close(state) if lack == ENOUGH and i > last else lack


@compiled
def _taken(state: State, trial: Trial, at: At) -> bool:
    """Count what was logged beyond the kept rows, and give it up; whether there was anything."""
    clock, kept = state.clock[0], (at.contacts, at.agents)
    logged = (clock["contact_rows"], clock["agent_rows"])
    if at.phase == BRANCH:
        candidate = trial.changes[U64(at.n)]["candidate"]
        _count(state, kept, logged, trial.counting, trial.counts[U64(candidate), ADDED])
    elif at.phase == FOLLOW:
        _count(state, kept, logged, trial.counting, trial.base)
    clock["contact_rows"], clock["agent_rows"] = kept
    taken = clock["case_rows"] > 0  # of which nothing is counted here
    clock["case_rows"] = 0
    return bool(taken or logged[0] > kept[0] or logged[1] > kept[1])


@compiled
def _followed(state: State, own: Twin, saved: Twin, trial: Trial, at: At) -> At:
    """The replication itself is at the start of another interval; from its end back to the first change."""
    clock, i = state.clock[0], at.i + 1
    if trial.changes.size > 0:
        _mark(state, trial.marks[U64(at.i)], trial.ways[1])
    if i < trial.marks.size:
        return At(FOLLOW, at.n, at.latest, i, at.contacts, at.agents)
    if trial.changes.size == 0:
        return At(DONE, at.n, at.latest, i, at.contacts, at.agents)
    contacts, agents = clock["contact_rows"], clock["agent_rows"]
    _count(state, (_FIRST, _FIRST), (contacts, agents), trial.counting, trial.base)
    _copy(saved, own)
    clock["contact_rows"], clock["agent_rows"] = contacts, agents
    return At(AHEAD, at.n, at.latest, trial.changes[0]["interval"], contacts, agents)


@compiled
def _begun(tables: Tables, trial: Trial, at: At) -> At:
    """The branch of a change begins."""
    _change(tables, trial.changes, at.n, 1)
    return At(BRANCH, at.n, at.n, at.i + 1, at.contacts, at.agents)


@compiled
def _branched(tables: Tables, state: State, own: Twin, saved: Twin, trial: Trial, at: At) -> At:
    """A branch has come to the start of another interval: it goes on, or the next one begins."""
    changes = trial.changes
    latest = _latest(changes, at.latest, at.i)
    if at.i <= trial.marks.size - 2 and (
        at.i < changes[U64(latest)]["until"] or not _is_alike(state, trial.marks[U64(at.i)], trial.ways[1])
    ):
        return At(BRANCH, at.n, latest, at.i + 1, at.contacts, at.agents)
    _count_trail(state, trial, changes[U64(at.n)], at.i)
    _change(tables, changes, at.n, -1)
    _copy(saved, own)
    n = _next(changes, at.n)
    if n == changes.size:
        return At(DONE, n, latest, at.i, at.contacts, at.agents)
    on = At(AHEAD, n, latest, changes[U64(n)]["interval"], at.contacts, at.agents)
    return _begun(tables, trial, on) if on.i == changes[U64(at.n)]["interval"] else on


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
    mark["live"] = state.clock[0]["live"]
    mark["like"] = likeness(state, mode)


@compiled
def _is_alike(state: State, mark: np.void, mode: int) -> bool:
    """Whether a branch is where the replication stood; most have more contacts there, which is soon seen."""
    return bool(state.clock[0]["live"] == mark["live"] and likeness(state, mode) == mark["like"])


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
    _copy_array(source.cases, target.cases)
    _copy_array(source.incidents, target.incidents)
    _copy_array(source.marks, target.marks)
    _copy_array(source.heap, target.heap)


@compiled
def _copy_array(source: np.ndarray, target: np.ndarray) -> None:
    for n in range(source.size):
        target[U64(n)] = source[U64(n)]


def as_numbers(state: State) -> Twin:
    """The arrays of a state that change and matter for what comes, as whole numbers, to be copied."""
    return Twin(*(getattr(state, name).view(np.int64) for name in Twin._fields))
