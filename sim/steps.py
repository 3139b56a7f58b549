"""What a contact does next: `next_step`, one rule for both engines.

A contact has a stage, which says what has just happened to it; the step that follows is a verb with its
queue and its time. Steps of a path are data (`sim/case_layout.py`).
"""

from typing import Final, NamedTuple

import numpy as np

from sim.announced import is_reached
from sim.contacts import (
    ARRIVED,
    BOUNCED,
    DONE,
    EXPIRED,
    HOLDING,
    INTERRUPTED,
    MATCHED,
    PASSED_ON,
    PENDING,
    REFUSED,
    RETRYING,
    SENT_AWAY,
    SIDE,
    SPARED,
)
from sim.day_to_day import LENGTH_BY_DAY, factor, weekday
from sim.dials import work_as_turned
from sim.draws import CALL_ATTEMPT, EXIT, HANDLE, STEP_DELAY, counter, uniform
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import (
    ABANDONED,
    BLOCKED,
    CLEARED,
    CLOSED,
    HANDLED,
    HOLDER,
    NONE,
    OVERFLOWED,
    SILENT,
    STRUCK_OFF,
    UNREACHED,
)
from sim.pace import is_plain, pace
from sim.quantiles import delay, seconds, to_grain
from sim.returns import until_open
from sim.rules import accepts, is_kept
from sim.side_work import is_needless
from sim.triage import queue_of

# Verbs: all that an engine can do with a contact (to pre-empt is part of waiting: see `choose_victim`).
DELAY: Final = code(0)
WAIT: Final = code(1)
WORK: Final = code(2)
SHARE: Final = code(3)
END: Final = code(4)

# How a leg has ended, by the stage that it came to.
_END_OF: Final = np.full(SPARED + 1, NONE)
_END_OF[EXPIRED] = ABANDONED
_END_OF[REFUSED] = BLOCKED
_END_OF[SENT_AWAY] = CLEARED

_SORTING: Final = 512  # more than any path has steps

LONGEST_WORK: Final = 2**44  # ticks (203 days): per-mille arithmetic on work stays within 64 bits


class Step(NamedTuple):
    """What a contact does next."""

    verb: int
    queue: int
    ticks: int  # of delay, or of work at speed 1
    outcome: int  # of the leg that this step closes, or NONE
    to: int = NOBODY  # step of its path that it goes on to, or -1


@compiled
def next_step(tables: Tables, state: State, c: int) -> Step:
    """What contact c does next, by the stage that it has reached."""
    contact = state.contacts[U64(c)]
    stage = contact["stage"]
    q = contact["queue"]
    if stage in (MATCHED, HOLDING):
        return start_work(tables, state, c)
    if stage == DONE:
        if contact["case"] == NOBODY:
            return Step(END, q, 0, how_it_went(state, c), NOBODY)
        return after_work(tables, state, c)
    if stage == ARRIVED:
        if accepts(state, q) or is_kept(state, c):
            return Step(WAIT, q, 0, NONE, NOBODY)
        return Step(END, q, 0, CLOSED, NOBODY)
    if stage in (RETRYING, PENDING, BOUNCED):
        return Step(DELAY, q, contact["orbit"], NONE, NOBODY)
    if stage == PASSED_ON:
        return Step(WAIT, state.queues[U64(q)]["overflow_to"], 0, OVERFLOWED, NOBODY)
    if stage == INTERRUPTED:
        return Step(WAIT, q, 0, NONE, NOBODY)
    return Step(END, q, 0, _END_OF[U64(stage)], NOBODY)


@compiled
def start_work(tables: Tables, state: State, c: int) -> Step:
    """What contact c does next that has an agent: it is worked on, alone or beside others.

    Where the agent stays with a contact that is handed over, ticks are -1: until that is answered, or until
    the agent gives up.
    """
    q = state.contacts[U64(c)]["queue"]
    verb = SHARE if state.queues[U64(q)]["shared"] else WORK
    if state.contacts[U64(c)]["stage"] == HOLDING:
        return Step(WORK, q, -1, NONE, NOBODY)
    return Step(verb, q, work_left(tables, state, c), NONE, NOBODY)


@compiled
def how_it_went(state: State, c: int) -> int:
    """The outcome of work on contact c: it was in vain where the customer had left, or does not answer."""
    if state.contacts[U64(c)]["left"] >= 0:
        return SILENT
    return HANDLED if is_reached(state, c) else UNREACHED


@routine
def after_work(tables: Tables, state: State, c: int) -> Step:
    """What follows when work on contact c of a case is done: the next step of its path, or the end."""
    contact = state.contacts[U64(c)]
    q = contact["queue"]
    if contact["role"] >= HOLDER:
        return Step(END, q, 0, HANDLED, NOBODY)
    if contact["role"] == SIDE:
        return Step(END, q, 0, STRUCK_OFF if is_needless(tables, state, c) else HANDLED, NOBODY)
    went = how_it_went(state, c)
    if went != HANDLED:
        return Step(END, q, 0, went, NOBODY)
    to = contact["then"] if contact["then"] >= 0 else next_of_path(tables, state, c)
    if to == NOBODY:
        return Step(END, q, 0, HANDLED, NOBODY)
    queue = queue_of(tables, to, contact["home"])
    after = tables.steps[U64(to)]["after"]
    if after < 0:
        return Step(WAIT, queue, 0, HANDLED, to)
    first = counter(contact["turns"] + 1, STEP_DELAY)
    ticks = delay(tables, after, state.clock[0]["run"], contact["key"], first)
    return Step(DELAY, queue, until_open(tables, state, queue, ticks), HANDLED, to)


@compiled
def next_of_path(tables: Tables, state: State, c: int) -> int:
    """The step that comes after the one that contact c has just been through, or -1: it is solved."""
    contact = state.contacts[U64(c)]
    step = tables.steps[U64(contact["step"])]
    u = uniform(state.clock[0]["run"], contact["key"], counter(contact["turns"], EXIT))
    for i in range(step["first"], step["last"]):
        if u < tables.exits[U64(i)]["share"]:
            return int(tables.exits[U64(i)]["to"])
    return NOBODY


@compiled
def work_left(tables: Tables, state: State, c: int) -> int:
    """Agent time that contact c still needs, ticks at speed 1: drawn at first, what is left later."""
    contact = state.contacts[U64(c)]
    if contact["work"] >= 0:
        return int(contact["work"])
    if contact["role"] == SIDE and is_needless(tables, state, c):
        return 0  # a look is enough
    if contact["left"] >= 0 or contact["called"]:
        in_vain = work_in_vain(tables, state, c)
        if in_vain >= 0:
            return in_vain
    law = tables.steps[U64(contact["step"])]["handle"]
    by = 1.0
    if law < 0:
        law = tables.streams[U64(contact["stream"])]["handle"]
        by = longer(tables, state, c)
    first = counter(turn(contact["turns"], contact["legs"], contact["then"]), HANDLE)
    spent_s = seconds(tables, law, state.clock[0]["run"], contact["key"], first)
    if is_plain(state, state.agents[U64(contact["agent"])]["group"]):
        spent_s *= by
    else:
        spent_s = at_pace(tables, state, c, spent_s, by)
    return min(to_grain(spent_s, tables.dists[U64(law)]["grain"]), LONGEST_WORK)


@routine
def at_pace(tables: Tables, state: State, c: int, usual_s: float, by: float) -> float:
    """The work (s) on contact c that usually takes so long, by what it is, who has it, what is turned."""
    spent_s = usual_s * (by * pace(tables, state, c))
    return work_as_turned(tables, state, c, spent_s) if state.clock[0]["turned"] else float(spent_s)


@compiled
def turn(turns: int, legs: int, then: int) -> int:
    """The number by which a leg draws its handle time: of the steps of a path, in their order.

    Legs before the path begins, to be tagged or because a tag was wrong, have numbers of their own, so that
    they change nothing of what comes after.
    """
    return _SORTING + legs if then >= 0 else turns


@compiled
def wrap_up_of(tables: Tables, state: State, c: int) -> float:
    """The last part of the work on contact c, 0-1, for which its customer is not needed any more.

    None of work in vain: there was no customer.
    """
    contact = state.contacts[U64(c)]
    share = tables.steps[U64(contact["step"])]["wrap_up"]
    if share < 0:
        share = tables.streams[U64(contact["stream"])]["wrap_up"]
    return float(share if share > 0 and how_it_went(state, c) == HANDLED else 0.0)


@routine
def work_in_vain(tables: Tables, state: State, c: int) -> int:
    """The time that an agent loses on contact c whose customer has left or does not answer, else -1."""
    contact = state.contacts[U64(c)]
    queue = state.queues[U64(contact["queue"])]
    if contact["left"] < 0 and is_reached(state, c):
        return -1
    law = queue["silent_handle"] if contact["left"] >= 0 else queue["call_attempt"]
    if law < 0:
        return 0
    return delay(tables, law, state.clock[0]["run"], contact["key"], counter(0, CALL_ATTEMPT))


@compiled
def longer(tables: Tables, state: State, c: int) -> float:
    """How many times as long as usual contact c takes: by the day, the weekday, and what it is about."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    stream = tables.streams[U64(contact["stream"])]
    length, loading = stream["length_shape"], stream["length_loading"]
    found = factor(tables.curves, length, clock["run"], stream["key"], clock["day"], LENGTH_BY_DAY, loading)
    found *= tables.curves[U64(stream["lengths"] + weekday(clock["day"]))]
    return float(found * contact["longer"])
