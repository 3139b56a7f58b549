"""Side work: what a case brings along beside its own path. Updates owed to the customer, escalations,
articles, summaries, work done twice.

A piece of side work is a contact of the role `SIDE`: it waits in a queue and keeps an agent like any other.
"""

from typing import Final

import numpy as np

from sim import draws
from sim.case_layout import NUMBERS_APART
from sim.cases import arr_of, due_of
from sim.clock import NEVER
from sim.contacts import PENDING, SIDE, hand_on, new_contact
from sim.draws import child_key, counter, name_key, uniform
from sim.incidents import number_of
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import HANDLED
from sim.quantiles import delay as drawn_delay
from sim.service_clock import TIME, due_after
from sim.topics import row_of
from sim.triage import draw_of

OPENED: Final = code(0)
SOLVED: Final = code(1)
INCIDENT: Final = code(2)  # an incident is over

_WORK: Final = name_key("role", "side work")
_UPDATE: Final = name_key("role", "update")
_TWICE: Final = name_key("role", "worked twice")
_QUARTERS: Final = 4
_ANY_STREAM: Final = code(0)  # work about an incident belongs to no stream; the row must be one


@routine
def spawn_work(tables: Tables, state: State, c: int, key: np.uint64, step: int, delay: int) -> int:
    """A piece of work for the case of contact c comes into being, to start after a delay."""
    case = state.contacts[U64(c)]["case"]
    home = state.contacts[U64(c)]["home"]
    own = tables.steps[U64(step)]["queue"]
    queue = own if own >= 0 else home
    about = state.cases[U64(case)]
    child = new_contact(state, key, about["key"], about["stream"], queue)
    contact = state.contacts[U64(child)]
    contact["stage"] = PENDING
    contact["role"] = SIDE
    contact["case"] = case
    contact["step"] = step
    contact["home"] = home
    contact["orbit"] = delay
    contact["born"] = state.clock[0]["now"] + delay
    contact["gives_up"] = NEVER
    about["threads"] += 1
    hand_on(state, child)
    return child


@compiled
def _is_asked_for(tables: Tables, state: State, case: int, i: int) -> bool:
    """Whether side work of kind i is for a case like this."""
    side = tables.sides[U64(i)]
    about = state.cases[U64(case)]
    if not _among(side["severities"], about["severity"]) or not _among(side["causes"], about["cause"]):
        return False
    if not _among(side["tiers"], about["tier"]):
        return False
    touched = about["flags"] & side["flags"] != 0 or _arr_touched(tables, state, case) >= side["arr"]
    if side["always"] == 0 and not touched:
        return False
    u = uniform(state.clock[0]["run"], U64(about["key"] ^ side["key"]), counter(0, draws.SIDE_WORK))
    if u >= side["share"] + state.dials[U64(1 + tables.streams.size + tables.causes.size + i)]["share"]:
        return False
    return bool(side["once"] == 0 or about["incident"] < 0 or _is_first(state, about["incident"], i))


@compiled
def _arr_touched(tables: Tables, state: State, case: int) -> float:
    """The ARR that a case touches: of its account, or of all accounts that its incident has touched."""
    number = state.cases[U64(case)]["incident"]
    i = number % NUMBERS_APART
    if number < 0 or number_of(state, i) != number:
        return arr_of(tables, state, case)
    return float(state.incidents[U64(i)]["arr"])


@compiled
def _is_first(state: State, number: int, i: int) -> bool:
    """Whether this incident raises side work of kind i for the first time."""
    incident = state.incidents[U64(number % NUMBERS_APART)]
    if (incident["raised"] >> i) & 1 == 1:
        return False
    incident["raised"] += 1 << i
    return True


@compiled
def _among(bits: int, which: int) -> bool:
    """Whether `which` is among those that the bits name; bit 63 - hence a negative number - names all."""
    return bool(bits < 0 or (which >= 0 and (bits >> which) & 1 == 1))


@routine
def raise_side_work(tables: Tables, state: State, c: int, on: int) -> None:
    """The case of contact c is opened or solved: whatever work that brings along."""
    case = state.contacts[U64(c)]["case"]
    about = state.cases[U64(case)]
    now = state.clock[0]["now"]
    for i in range(tables.sides.size):
        side = tables.sides[U64(i)]
        if side["on"] == on and _is_asked_for(tables, state, case, i):
            step = tables.steps[U64(side["step"])]
            key = child_key(U64(about["key"] ^ _WORK ^ side["key"]), 0)
            delay = 0
            if step["after"] >= 0:
                first = counter(0, draws.SIDE_DELAY)
                delay = drawn_delay(tables, step["after"], state.clock[0]["run"], key, first)
            child = spawn_work(tables, state, c, key, side["step"], delay)
            state.contacts[U64(child)]["due"] = due_of(tables, side["step"], now)
            about["escalated"] += step["urgent"]
            state.topics[row_of(state, about["topic"])]["escalated"] += step["urgent"]


@routine
def owe_update(tables: Tables, state: State, c: int) -> None:
    """The next update of the case of contact c is owed: it can be written in the last quarter of its time."""
    case = state.contacts[U64(c)]["case"]
    about = state.cases[U64(case)]
    if about["severity"] == NOBODY:
        return
    promise = tables.severities[U64(about["severity"])]
    if promise["update"] < 0:
        return
    now = state.clock[0]["now"]
    first = promise["clock"]
    last = promise["clock_end"]
    every = promise["every"]
    due = due_after(tables.spans, first, last, TIME, now, every)
    ready = due_after(tables.spans, first, last, TIME, now, every - every // _QUARTERS)
    if due >= NEVER or ready >= state.clock[0]["end"]:
        return  # after the horizon nothing new is owed: with nobody left to solve a case, it would not end
    times = _returns(state, case)
    key = child_key(U64(about["key"] ^ _UPDATE), about["updates"] + (times << 16))
    child = spawn_work(tables, state, c, key, promise["update"], ready - now)
    state.contacts[U64(child)]["due"] = due
    state.contacts[U64(child)]["then"] = times  # of an update: for which return it is owed


@compiled
def _returns(state: State, case: int) -> int:
    """How often the customer has come back about a case."""
    about = state.cases[U64(case)]
    return int(about["reopened"] + about["repeated"])


@routine
def raise_after_incident(tables: Tables, state: State, i: int) -> None:
    """Incident i is over: whatever work that brings along, such as a summary of it."""
    incident = state.incidents[U64(i)]
    clock = state.clock[0]
    for n in range(tables.sides.size):
        side = tables.sides[U64(n)]
        if side["on"] != INCIDENT or not _is_for_incident(tables, state, i, n):
            continue
        step = tables.steps[U64(side["step"])]
        key = child_key(U64(incident["run"] ^ _WORK ^ side["key"]), 0)
        child = new_contact(state, key, U64(incident["run"]), _ANY_STREAM, step["queue"])
        contact = state.contacts[U64(child)]
        contact["stage"] = PENDING
        contact["role"] = SIDE
        contact["step"] = side["step"]
        contact["incident"] = i
        contact["gives_up"] = NEVER
        if step["after"] >= 0:
            contact["orbit"] = drawn_delay(
                tables, step["after"], clock["run"], key, counter(0, draws.SIDE_DELAY)
            )
        contact["born"] = clock["now"] + contact["orbit"]
        contact["due"] = due_of(tables, side["step"], clock["now"])
        hand_on(state, child)


@compiled
def _is_for_incident(tables: Tables, state: State, i: int, n: int) -> bool:
    """Whether side work of kind n is for an incident like this."""
    side = tables.sides[U64(n)]
    incident = state.incidents[U64(i)]
    if not _among(side["severities"], incident["severity"]) or not _among(side["causes"], incident["cause"]):
        return False
    if side["always"] == 0 and incident["arr"] < side["arr"]:
        return False
    u = uniform(state.clock[0]["run"], U64(incident["run"] ^ side["key"]), counter(0, draws.SIDE_WORK))
    dial = state.dials[U64(1 + tables.streams.size + tables.causes.size + n)]
    return bool(u < side["share"] + dial["share"])


@compiled
def is_update(tables: Tables, state: State, c: int) -> bool:
    """Whether contact c is an update owed to a customer."""
    contact = state.contacts[U64(c)]
    if contact["role"] != SIDE or contact["case"] == NOBODY:
        return False
    severity = state.cases[U64(contact["case"])]["severity"]
    return bool(severity >= 0 and tables.severities[U64(severity)]["update"] == contact["step"])


@routine
def is_needless(tables: Tables, state: State, c: int) -> bool:
    """Whether nobody needs contact c any more: an update about a case that has been solved since.

    Where the customer has come back meanwhile, another update is owed instead.
    """
    if not is_update(tables, state, c):
        return False
    case = state.contacts[U64(c)]["case"]
    came_back = state.contacts[U64(c)]["then"] != _returns(state, case)
    return bool(came_back or state.cases[U64(case)]["solved"] >= 0)


@compiled
def note_side_work(tables: Tables, state: State, c: int, outcome: int) -> None:
    """Contact c, side work, has ended: an update is counted, and the next is owed.

    One that nobody needs any more counts only if it was due before the case was solved: then it was missed.
    """
    contact = state.contacts[U64(c)]
    if not is_update(tables, state, c):
        return
    about = state.cases[U64(contact["case"])]
    if is_needless(tables, state, c):
        missed = about["solved"] > contact["due"]
        about["updates"] += missed
        about["late"] += missed
        return
    about["updates"] += 1
    about["late"] += outcome != HANDLED or state.clock[0]["now"] > contact["due"]
    if about["lost"] == 0:
        owe_update(tables, state, c)


@routine
def work_twice(tables: Tables, state: State, c: int) -> None:
    """A share of contacts is worked on by a second agent, who does not see the first."""
    life = tables.life[0]
    contact = state.contacts[U64(c)]
    collisions = life["collisions"] * state.course[0]["collisions"]
    if collisions > 0.0 and draw_of(state, contact["key"], draws.COLLISION) < collisions:
        key = child_key(U64(contact["key"] ^ _TWICE), 0)
        child = spawn_work(tables, state, c, key, life["duplicate"], 0)
        state.contacts[U64(child)]["longer"] = contact["longer"]
