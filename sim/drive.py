"""Drive an engine through a horizon: in chunks, emptying the logs and letting arrays grow."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.cases import close_cases
from sim.clock import NEVER
from sim.compile import Model
from sim.dial_layout import is_neutral
from sim.fast import advance
from sim.layout import State, Tables
from sim.log import CASES, ENOUGH, HEAP, LOG, close_log
from sim.work import settle_all

if TYPE_CHECKING:
    from sim.loop.controller import Controller

# Takes contact rows, agent rows and case rows; copies what it keeps.
Sink = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


class Advance(Protocol):
    """An engine: run all events before `until`, return ENOUGH or what must grow first."""

    def __call__(self, tables: Tables, state: State, until: int, /) -> int: ...


class Course(Protocol):
    """What is decided on the way: at each tick, after all that comes before it, before all that is then."""

    @property
    def ticks(self) -> Sequence[int]:
        """The moments of decisions, ascending."""

    def decide(self, n: int, state: State, /) -> None:
        """Take decision n: read what is in the state, and turn its dials in place."""


def flush(state: State, sink: Sink) -> None:
    """Hand the logged rows to `sink` and start the logs anew."""
    clock = state.clock[0]
    sink(
        state.contact_log[: clock["contact_rows"]],
        state.agent_log[: clock["agent_rows"]],
        state.case_log[: clock["case_rows"]],
    )
    clock["contact_rows"] = clock["agent_rows"] = clock["case_rows"] = 0


def _doubled(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array, np.zeros_like(array)])


def _longer_heap(state: State) -> np.ndarray:
    """Twice the rows; what lies at the far end stays at the far end."""
    heap = _doubled(state.heap)
    drawn = int(state.clock[0]["fresh_rows"])
    if drawn:
        heap[-drawn:] = state.heap[-drawn:]
    return heap


def _more_contacts(state: State) -> State:
    """Twice the rows; the new ones come first in the chain of free rows."""
    contacts, clock = _doubled(state.contacts), state.clock[0]
    old = len(state.contacts)
    fresh = contacts[old:]
    fresh["stage"] = -1
    fresh["next"] = np.arange(old + 1, 2 * old + 1)
    fresh["next"][-1] = clock["free"]
    clock["free"] = old
    clock["spare"] += old
    return state._replace(contacts=contacts)


def _more_cases(state: State) -> State:
    """Twice the rows; the new ones come first in the chain of free rows."""
    cases, clock = _doubled(state.cases), state.clock[0]
    old = len(state.cases)
    cases["next"][old:] = np.arange(old + 1, 2 * old + 1)
    cases["next"][-1] = clock["free_case"]
    clock["free_case"] = old
    clock["spare_cases"] += old
    return state._replace(cases=cases)


def with_room(state: State, rows: int) -> State:
    """The state with room for so many more contacts, cases and events at least."""
    while state.clock[0]["spare"] < rows:
        state = _more_contacts(state)
    while state.clock[0]["spare_cases"] < rows:
        state = _more_cases(state)
    while len(state.heap) < state.clock[0]["heap_size"] + state.clock[0]["fresh_rows"] + rows:
        state = state._replace(heap=_longer_heap(state))
    return state


def make_room(state: State, lack: int, sink: Sink) -> State:
    """Empty the logs, or let the array grow that was too small."""
    if lack == HEAP:
        return state._replace(heap=_longer_heap(state))
    if lack == CASES:
        return _more_cases(state)
    if lack != LOG:
        return _more_contacts(state)
    flush(state, sink)
    need = 2 * (int(state.clock[0]["waiting"]) + int(state.clock[0]["works"]) + 16)  # as `lacking` has it
    while len(state.contact_log) < 2 * need:
        state = state._replace(contact_log=_doubled(state.contact_log))
    return state


def reach(model: Model, state: State, until: int, sink: Sink, engine: Advance = advance) -> State:
    """Advance to `until`, making room whenever it is asked for."""
    state.clock[0]["turned"] = not is_neutral(state.dials, state.course)
    lack = engine(model.tables, state, until)
    while lack != ENOUGH:
        state = make_room(state, lack, sink)
        lack = engine(model.tables, state, until)
    return state


def finish(model: Model, state: State, sink: Sink, engine: Advance = advance) -> State:
    """From the end of the horizon to the end of the run: drain or cut, then close the log."""
    if model.scenario.run.end == "drain":
        state = reach(model, state, NEVER, sink, engine)
    clock = state.clock[0]
    clock["now"] = max(clock["now"], clock["end"])
    flush(state, sink)
    while len(state.contact_log) < 2 * int(clock["live"]) + 16:
        state = state._replace(contact_log=_doubled(state.contact_log))
    while len(state.case_log) < len(state.cases):
        state = state._replace(case_log=_doubled(state.case_log))
    settle_all(model.tables, state)
    close_log(state)
    close_cases(model.tables, state)
    flush(state, sink)
    return state


def chunks(end: int, length: int | None) -> Iterator[int]:
    """The ends of the chunks of a horizon."""
    if length:
        yield from range(length, end, length)
    yield end


def run(
    model: Model,
    state: State,
    sink: Sink,
    chunk: int | None = None,
    engine: Advance = advance,
    course: Course | None = None,
) -> State:
    """Run from wherever `state` stands to the end; `chunk` in ticks (None: the horizon in one).

    Decisions fall when the course says, up to the end of the horizon, wherever chunks end; without a
    course, as the scenario says.
    """
    course = course or course_of(model, state)
    now = int(state.clock[0]["now"])
    for until in chunks(int(state.clock[0]["end"]), chunk):
        while course and (tick := next_decision(course, state)) <= until:
            state = reach(model, state, tick, sink, engine)
            course.decide(int(state.clock[0]["decided"]), state)
            state.clock[0]["decided"] += 1
        if until > now:
            state = reach(model, state, until, sink, engine)
    return finish(model, state, sink, engine)


def course_of(model: Model, state: State) -> "Controller | None":
    """Who decides in a replication, where the scenario says how the team learns."""
    if model.agreed is None:
        return None
    from sim.loop.controller import Controller

    return Controller(model.agreed, model.tables, np.uint64(state.clock[0]["run"]))


def next_decision(course: Course, state: State) -> int:
    """The tick at which the next decision is due, or NEVER."""
    n = int(state.clock[0]["decided"])
    return course.ticks[n] if n < len(course.ticks) else NEVER


def save(state: State, path: Path) -> None:
    """Write a state to a file (fast engine: all of it is in the arrays)."""
    with path.open("wb") as file:
        np.savez(file, **state._asdict())


def load(path: Path) -> State:
    """Read a state that `save` wrote. Never runs code from the file."""
    with np.load(path, allow_pickle=False) as arrays:
        return State(**{name: arrays[name] for name in State._fields})
