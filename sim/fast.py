"""The fast engine: one compiled loop over three sources of events.

The calendar (`tables.plan`), the contacts drawn for the running interval, and a heap for what
happens by chance. An event moves a contact, an agent or both; `settle_down` then lets them do all
that they can do at that tick, in the one place where that is written. This file is flow of
control only; what is decided, drawn, counted and logged stands in the files that the reference
engine (`reference.py`) shares.
"""

from typing import NamedTuple

import numpy as np

from sim.arrivals import draw_if_due, fresh_row, take_fresh
from sim.clock import NEVER
from sim.contacts import (
    DONE,
    INTERRUPTED,
    SENT_AWAY,
    WAITING,
    front,
    join_line,
    leave_line,
    next_spawned,
    rejoin_line,
)
from sim.jit import U64, compiled
from sim.layout import NOBODY, State, Tables
from sim.life import arrive, close_leg, is_to_come, leave, pass_on, spawn
from sim.log import ENOUGH, NONE, lacking
from sim.order import (
    ARRIVAL,
    CHAT,
    CLOSE,
    FINISH,
    INTERVAL,
    NOTHING,
    OPEN,
    RETURN,
    SHIFT_OFF,
    TARGET,
    TIMEOUT,
    kind_of,
    pop,
    push,
)
from sim.rules import (
    choose_agent,
    choose_contact,
    choose_victim,
    next_sent_away,
    on_timeout,
    on_waiting,
)
from sim.steps import DELAY, END, SHARE, WAIT, WORK, Step, next_step, start_work
from sim.work import (
    assign,
    begin,
    come_on,
    has_room,
    mark_if_surplus,
    mark_leaving,
    next_comer,
    next_end,
    next_leaver,
    stand,
    take_back,
    take_over,
)


class Moved(NamedTuple):
    """Whom an event has set in motion: a contact to pursue, then an agent with room (or -1)."""

    contact: int
    agent: int


@compiled
def settle_down(tables: Tables, state: State, moved: Moved) -> None:
    """Let contact and agent do all that they can do now."""
    c = moved.contact
    a = moved.agent
    if c != NOBODY and is_to_come(state, c):
        arrive(tables, state, c)
    while True:
        if c == NOBODY:
            c = next_spawned(state)
        while c != NOBODY:
            c = pursue(tables, state, c)
            if c == NOBODY:
                c = next_spawned(state)
        if a == NOBODY:
            return
        c = take_next(tables, state, a)
        if c == NOBODY:
            stand(state, a)
            return


@compiled
def pursue(tables: Tables, state: State, c: int) -> int:
    """Take contact c one step further; returns the contact to pursue next, or -1."""
    step = next_step(tables, state, c)
    if step.verb in (WORK, SHARE):
        start(tables, state, c, step)
        return NOBODY
    if step.verb != END and step.outcome != NONE:
        pass_on(tables, state, c, step)
    if step.verb == WAIT:
        return wait(tables, state, c)
    if step.verb == DELAY:
        contact = state.contacts[U64(c)]
        push(state, state.clock[0]["now"] + step.ticks, RETURN, contact["key"], c, contact["version"])
        return NOBODY
    let_go(state, c)
    close_leg(tables, state, c, step.outcome)
    spawn(tables, state, c, step.outcome)
    leave(tables, state, c)
    return NOBODY


@compiled
def start(tables: Tables, state: State, c: int, step: Step) -> None:
    """Work on contact c, which has an agent: alone or beside others."""
    contact = state.contacts[U64(c)]
    if step.ticks < 0:
        if contact["gives_up"] < NEVER:  # an agent stays with somebody until that one is answered, or so long
            push(state, contact["gives_up"], FINISH, contact["key"], c, contact["version"])
        return
    end = begin(tables, state, c, step.ticks)
    let_go(state, c)
    if step.verb == WORK:
        push(state, end, FINISH, contact["key"], c, contact["version"])
    else:
        share_on(tables, state, contact["agent"])


@compiled
def let_go(state: State, c: int) -> None:
    """Contact c is answered, or gone: who stayed with it may go, after what they have to say."""
    holder = take_over(state, c)
    if holder != NOBODY:
        end = state.clock[0]["now"] + state.contacts[U64(c)]["lead"]
        stays = state.contacts[U64(holder)]
        push(state, end, FINISH, stays["key"], holder, stays["version"])


@compiled
def share_on(tables: Tables, state: State, a: int) -> None:
    """Agent a has other chats in hand than before: schedule the one that ends next."""
    end = next_end(tables, state, a)
    if end >= 0:
        push(state, end, CHAT, state.agents[U64(a)]["key"], a, state.agents[U64(a)]["version"])


@compiled
def wait(tables: Tables, state: State, c: int) -> int:
    """Find contact c an agent or a place in the line; returns the contact to pursue, or -1."""
    q = state.contacts[U64(c)]["queue"]
    a = choose_agent(tables, state, c, q)
    if a != NOBODY:
        assign(tables, state, c, a)
        return c
    a = choose_victim(tables, state, c, q)
    if a != NOBODY:
        return interrupt(tables, state, c, a)
    stage = on_waiting(tables, state, c)
    if stage != WAITING:
        state.contacts[U64(c)]["stage"] = stage
        return c
    if state.contacts[U64(c)]["stage"] == INTERRUPTED:
        rejoin_line(state, c)
    else:
        join_line(state, c)
        set_timer(state, c)
    return NOBODY


@compiled
def set_timer(state: State, c: int) -> None:
    """Ring when contact c gives up or overflows, whichever comes first."""
    contact = state.contacts[U64(c)]
    rings = min(contact["gives_up"], contact["overflows"])
    if rings < NEVER:
        push(state, rings, TIMEOUT, contact["key"], c, contact["version"])


@compiled
def interrupt(tables: Tables, state: State, c: int, a: int) -> int:
    """Agent a lays its work aside for contact c; returns the contact that has lost its agent."""
    loser = state.agents[U64(a)]["hand"]
    take_back(tables, state, loser, INTERRUPTED)
    assign(tables, state, c, a)
    while c != NOBODY:
        start(tables, state, c, start_work(tables, state, c))
        c = take_next(tables, state, a)  # for a chat, there may be room for more
    stand(state, a)
    return int(loser)


@compiled
def take_next(tables: Tables, state: State, a: int) -> int:
    """Agent a takes the next contact that it may; returns the contact, or -1."""
    mark_if_surplus(state, a)
    c = choose_contact(tables, state, a) if has_room(state, a) else NOBODY
    if c != NOBODY:
        assign(tables, state, c, a)
    return c


@compiled
def finish(tables: Tables, state: State, c: int) -> Moved:
    """Contact c is done; its agent has room."""
    a = state.contacts[U64(c)]["agent"]
    take_back(tables, state, c, DONE)
    if state.agents[U64(a)]["load"] > 0:
        share_on(tables, state, a)
    return Moved(c, a)


@compiled
def time_out(tables: Tables, state: State, c: int) -> Moved:
    """The timer of waiting contact c rings."""
    stage = on_timeout(tables, state, c)
    if stage == WAITING:
        set_timer(state, c)
        return Moved(NOBODY, NOBODY)
    leave_line(state, c, stage)
    return Moved(c, NOBODY)


@compiled
def close_queue(state: State, q: int) -> Moved:
    """Queue q closes: one after the other of those who wait is sent away, where its rule says so."""
    state.queues[U64(q)]["open"] = 0
    c = next_sent_away(state, q)
    if c != NOBODY:
        leave_line(state, c, SENT_AWAY)
    return Moved(c, NOBODY)


@compiled
def open_queue(tables: Tables, state: State, q: int) -> Moved:
    """Queue q opens: one after the other of those held until now goes to whoever is free."""
    state.queues[U64(q)]["open"] = 1
    c = front(state, q)
    if c == NOBODY:
        return Moved(NOBODY, NOBODY)
    a = choose_agent(tables, state, c, q)
    if a != NOBODY:
        assign(tables, state, c, a)
        return Moved(c, NOBODY)
    a = choose_victim(tables, state, c, q)
    return Moved(NOBODY if a == NOBODY else interrupt(tables, state, c, a), NOBODY)


@compiled
def set_target(state: State, g: int, target: int) -> Moved:
    """Group g is to have `target` agents on duty: send off who is free, call one after the other in."""
    state.groups[U64(g)]["target"] = target
    a = next_leaver(state, g)
    while a != NOBODY:
        mark_leaving(state, a)
        a = next_leaver(state, g)
    a = next_comer(state, g)
    if a != NOBODY:
        come_on(state, a)
    return Moved(NOBODY, a)


@compiled
def change_shift(state: State, a: int, kind: int) -> Moved:
    """The shift of agent a begins or ends."""
    if kind == SHIFT_OFF:
        mark_leaving(state, a)
        return Moved(NOBODY, NOBODY)
    come_on(state, a)
    return Moved(NOBODY, a)


@compiled
def follow_plan(tables: Tables, state: State) -> Moved:
    """The next entry of the calendar; it stays the next as long as it moves somebody."""
    event = tables.plan[U64(state.clock[0]["plan_next"])]
    kind = kind_of(event["order"])
    ref = event["ref"]
    state.clock[0]["now"] = event["tick"]
    moved = Moved(NOBODY, NOBODY)
    if kind == CLOSE:
        moved = close_queue(state, ref)
    elif kind == OPEN:
        moved = open_queue(tables, state, ref)
    elif kind == TARGET:
        moved = set_target(state, ref, event["value"])
    elif kind != INTERVAL:
        moved = change_shift(state, ref, kind)
    again = kind <= OPEN or kind == TARGET
    if not again or (moved.contact == NOBODY and moved.agent == NOBODY):
        state.clock[0]["plan_next"] += 1
    return moved


@compiled
def follow_fresh(tables: Tables, state: State) -> Moved:
    """The next of the contacts drawn for this interval arrives."""
    return Moved(take_fresh(tables, state), NOBODY)


@compiled
def follow_heap(tables: Tables, state: State) -> Moved:
    """The first event of the heap, unless it is void."""
    event = state.heap[0]
    tick = event["tick"]
    kind = kind_of(event["order"])
    ref = event["ref"]
    version = event["version"]
    pop(state)
    if version != (
        state.agents[U64(ref)]["version"] if kind == CHAT else state.contacts[U64(ref)]["version"]
    ):
        return Moved(NOBODY, NOBODY)
    state.clock[0]["now"] = tick
    if kind == TIMEOUT:
        return time_out(tables, state, ref)
    if kind == RETURN:
        return Moved(ref, NOBODY)
    return finish(tables, state, state.agents[U64(ref)]["finishing"] if kind == CHAT else ref)


@compiled
def next_source(tables: Tables, state: State, until: int) -> int:
    """Which event comes first before `until`: ARRIVAL, RETURN (the heap), INTERVAL (the plan) or NOTHING."""
    clock = state.clock[0]
    source = NOTHING
    tick = until
    order = np.uint64(0)  # nothing comes first at `until` itself: chunks are half open
    if clock["plan_next"] < tables.plan.size and tables.plan[U64(clock["plan_next"])]["tick"] < tick:
        source = INTERVAL
        tick = tables.plan[U64(clock["plan_next"])]["tick"]
        order = tables.plan[U64(clock["plan_next"])]["order"]
    if clock["heap_size"] > 0:
        event = state.heap[0]
        if event["tick"] < tick or (event["tick"] == tick and event["order"] < order):
            source = RETURN
            tick = event["tick"]
    if clock["fresh"] != NOBODY and fresh_row(state, clock["fresh"])["tick"] < tick:
        source = ARRIVAL
    return source


@compiled
def advance(tables: Tables, state: State, until: int) -> int:
    """Run all events before the tick `until`; returns ENOUGH, or what must grow before it can go on.

    Past the end of the horizon it stops as soon as nobody is left in the system.
    """
    clock = state.clock[0]
    lack = lacking(state)
    while lack == ENOUGH:
        if until > clock["end"] and clock["now"] >= clock["end"] and clock["live"] == 0:
            break
        source = next_source(tables, state, until)
        if source == NOTHING:
            break
        if source == ARRIVAL:
            moved = follow_fresh(tables, state)
        elif source == RETURN:
            moved = follow_heap(tables, state)
        else:
            lack = draw_if_due(tables, state)
            if lack != ENOUGH:
                break
            moved = follow_plan(tables, state)
        settle_down(tables, state, moved)
        lack = lacking(state)
    return lack
