"""The rule book: who goes where. Pure functions; both engines ask them and neither decides anything.

Decisions that depend on the past read it through `signals`. Each `choose_*` rule is replaceable
on the reference engine by a hook with the same signature.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.clock import NEVER
from sim.contacts import (
    ARRIVED,
    BOUNCED,
    DONE,
    EXPIRED,
    INTERRUPTED,
    MATCHED,
    PASSED_ON,
    PENDING,
    REFUSED,
    RETRYING,
    SENT_AWAY,
    SIDE,
    WAITING,
    WITHDRAWN,
    front,
)
from sim.day_to_day import LENGTH_BY_DAY, factor, weekday
from sim.draws import BALK, EXIT, HANDLE, PATIENCE, RETRY, RETRY_DELAY, STEP_DELAY, counter, uniform
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import ABANDONED, BLOCKED, CLEARED, CLOSED, HANDLED, NONE, OVERFLOWED, STRUCK_OFF
from sim.quantiles import delay, duration, seconds, to_grain
from sim.shelves import IDLE_LEVEL, first_on
from sim.side_work import is_needless
from sim.signals import is_full, surplus
from sim.triage import queue_of

# Verbs: all that an engine can do with a contact (to pre-empt is part of waiting: see `choose_victim`).
DELAY: Final = code(0)
WAIT: Final = code(1)
WORK: Final = code(2)
SHARE: Final = code(3)
END: Final = code(4)

# How a leg has ended, by the stage that it came to.
_END_OF: Final = np.full(WITHDRAWN + 1, NONE)
_END_OF[EXPIRED] = ABANDONED
_END_OF[REFUSED] = BLOCKED
_END_OF[SENT_AWAY] = CLEARED

LONGEST_WORK: Final = 2**44  # ticks (203 days): per-mille arithmetic on work stays within 64 bits

# What a queue does at closing with those who wait.
SERVE: Final = code(0)
CLEAR: Final = code(1)
HOLD: Final = code(2)


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
    if stage == MATCHED:
        return start_work(tables, state, c)
    if stage == DONE:
        if contact["case"] == NOBODY:
            return Step(END, q, 0, HANDLED, NOBODY)
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
    """What contact c does next that has an agent: it is worked on, alone or beside others."""
    q = state.contacts[U64(c)]["queue"]
    verb = SHARE if state.queues[U64(q)]["shared"] else WORK
    return Step(verb, q, work_left(tables, state, c), NONE, NOBODY)


@compiled
def is_kept(state: State, c: int) -> bool:
    """Whether contact c is work that the team has taken on: no closed door and no full line loses it."""
    contact = state.contacts[U64(c)]
    return bool(contact["role"] == SIDE or contact["legs"] > 0)


@routine
def after_work(tables: Tables, state: State, c: int) -> Step:
    """What follows when work on contact c of a case is done: the next step of its path, or the end."""
    contact = state.contacts[U64(c)]
    q = contact["queue"]
    if contact["role"] == SIDE:
        return Step(END, q, 0, STRUCK_OFF if is_needless(tables, state, c) else HANDLED, NOBODY)
    to = contact["then"] if contact["then"] >= 0 else next_of_path(tables, state, c)
    if to == NOBODY:
        return Step(END, q, 0, HANDLED, NOBODY)
    queue = queue_of(tables, to, contact["home"])
    after = tables.steps[U64(to)]["after"]
    if after < 0:
        return Step(WAIT, queue, 0, HANDLED, to)
    first = counter(contact["legs"] + 1, STEP_DELAY)
    ticks = delay(tables, after, state.clock[0]["run"], contact["key"], first)
    return Step(DELAY, queue, ticks, HANDLED, to)


@compiled
def next_of_path(tables: Tables, state: State, c: int) -> int:
    """The step that comes after the one that contact c has just been through, or -1: it is solved."""
    contact = state.contacts[U64(c)]
    step = tables.steps[U64(contact["step"])]
    u = uniform(state.clock[0]["run"], contact["key"], counter(contact["legs"], EXIT))
    for i in range(step["first"], step["last"]):
        if u < tables.exits[U64(i)]["share"]:
            return int(tables.exits[U64(i)]["to"])
    return NOBODY


@compiled
def accepts(state: State, q: int) -> bool:
    """Whether queue q takes contacts now."""
    return bool(state.queues[U64(q)]["open"] == 1 or state.queues[U64(q)]["at_closing"] == HOLD)


@compiled
def serves(state: State, q: int) -> bool:
    """Whether those who wait in queue q may be answered now: not while it holds them until opening."""
    return bool(state.queues[U64(q)]["open"] == 1 or state.queues[U64(q)]["at_closing"] != HOLD)


@compiled
def work_left(tables: Tables, state: State, c: int) -> int:
    """Agent time that contact c still needs, ticks at speed 1: drawn at first, what is left later."""
    contact = state.contacts[U64(c)]
    if contact["work"] >= 0:
        return int(contact["work"])
    if contact["role"] == SIDE and is_needless(tables, state, c):
        return 0  # a look is enough
    law = tables.steps[U64(contact["step"])]["handle"]
    by = 1.0
    if law < 0:
        law = tables.streams[U64(contact["stream"])]["handle"]
        by = longer(tables, state, c)
    first = counter(contact["legs"], HANDLE)
    usual_s = seconds(tables, law, state.clock[0]["run"], contact["key"], first)
    return min(to_grain(usual_s * by, tables.dists[U64(law)]["grain"]), LONGEST_WORK)


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


@compiled
def gives_up_at(tables: Tables, state: State, c: int) -> int:
    """The moment at which contact c abandons if it still waits: now, if it will not wait at all."""
    stream = tables.streams[U64(state.contacts[U64(c)]["stream"])]
    run = state.clock[0]["run"]
    key = state.contacts[U64(c)]["key"]
    legs = state.contacts[U64(c)]["legs"]
    now = state.clock[0]["now"]
    if stream["balk"] > 0.0 and uniform(run, key, counter(legs, BALK)) < stream["balk"]:
        return int(now)
    if stream["patience"] < 0:
        return NEVER
    return int(min(now + duration(tables, stream["patience"], run, key, counter(legs, PATIENCE)), NEVER))


@compiled
def on_waiting(tables: Tables, state: State, c: int) -> int:
    """The stage of a contact that finds no agent: WAITING, REFUSED or EXPIRED (it balks)."""
    contact = state.contacts[U64(c)]
    if contact["stage"] == INTERRUPTED:
        return WAITING
    if is_full(state, contact["queue"]) and not is_kept(state, c):
        return REFUSED
    if contact["gives_up"] < 0:
        contact["gives_up"] = gives_up_at(tables, state, c)
    after = state.queues[U64(contact["queue"])]["overflow_after"]
    contact["overflows"] = NEVER if after == NEVER else state.clock[0]["now"] + after
    return EXPIRED if contact["gives_up"] <= state.clock[0]["now"] else WAITING


@compiled
def on_timeout(tables: Tables, state: State, c: int) -> int:
    """The stage of a contact whose timer rings: EXPIRED, PASSED_ON, or still WAITING.

    It goes to the other queue only if that takes it; otherwise it waits on where it is.
    """
    contact = state.contacts[U64(c)]
    if contact["gives_up"] <= state.clock[0]["now"]:
        return EXPIRED
    contact["overflows"] = NEVER
    to = state.queues[U64(contact["queue"])]["overflow_to"]
    if accepts(state, to) and (choose_agent(tables, state, c, to) != NOBODY or not is_full(state, to)):
        return PASSED_ON
    return WAITING


@compiled
def free_agent(state: State, g: int, shared: bool) -> int:
    """The agent of group g whom a contact would get: idle, or for a chat with a free slot."""
    group = state.groups[U64(g)]
    if not shared or group["slots"] == 1:
        return first_on(state, g, IDLE_LEVEL)
    for i in range(group["slots"]):
        level = group["slots"] - 1 - i if group["most_loaded"] else i
        a = first_on(state, g, level)
        if a != NOBODY:
            return a
    return NOBODY


@compiled
def idle_longer(state: State, a: int, b: int) -> bool:
    """Whether agent a has been available longer than agent b; ties go by key."""
    agents = state.agents
    if agents[U64(a)]["shelved"] != agents[U64(b)]["shelved"]:
        return bool(agents[U64(a)]["shelved"] < agents[U64(b)]["shelved"])
    return bool(agents[U64(a)]["key"] < agents[U64(b)]["key"])


@compiled
def choose_agent(tables: Tables, state: State, c: int, q: int) -> int:
    """The agent for contact c in queue q: the group that ranks the queue best, then the longest idle."""
    if not serves(state, q):
        return NOBODY
    queue = state.queues[U64(q)]
    best = NOBODY
    tier = 0
    for i in range(queue["first"], queue["last"]):
        link = tables.links[U64(i)]
        if best != NOBODY and link["tier"] != tier:
            break
        a = free_agent(state, link["to"], queue["shared"] == 1)
        if a != NOBODY and (best == NOBODY or idle_longer(state, a, best)):
            best = a
            tier = link["tier"]
    return best


@compiled
def choose_victim(tables: Tables, state: State, c: int, q: int) -> int:
    """The agent who lays interruptible work aside for contact c: of the best group, longest at it."""
    if not serves(state, q):
        return NOBODY
    for i in range(state.queues[U64(q)]["first"], state.queues[U64(q)]["last"]):
        g = tables.links[U64(i)]["to"]
        head = state.groups[U64(g)]["shelf"] + state.groups[U64(g)]["slots"]
        a = state.agents[U64(head)]["next"]
        while a != head and surplus(state, g) <= 0:
            work = state.contacts[U64(state.agents[U64(a)]["hand"])]["queue"]
            if state.queues[U64(work)]["priority"] < state.queues[U64(q)]["priority"]:
                return int(a)
            a = state.agents[U64(a)]["next"]
    return NOBODY


@compiled
def waits_longer(state: State, c: int, d: int) -> bool:
    """Whether contact c has waited in its queue longer than contact d; ties go by key."""
    contacts = state.contacts
    if contacts[U64(c)]["queued"] != contacts[U64(d)]["queued"]:
        return bool(contacts[U64(c)]["queued"] < contacts[U64(d)]["queued"])
    return bool(contacts[U64(c)]["key"] < contacts[U64(d)]["key"])


@compiled
def can_take(state: State, a: int, q: int) -> bool:
    """Whether agent a may take a contact of queue q now: who is due to leave only ends a closed line."""
    agent = state.agents[U64(a)]
    queue = state.queues[U64(q)]
    if agent["leaving"] and (queue["open"] == 1 or queue["at_closing"] != SERVE):
        return False
    if agent["load"] > 0 and queue["shared"] == 0:
        return False
    return serves(state, q)


@compiled
def choose_contact(tables: Tables, state: State, a: int) -> int:
    """The contact for a freed agent: highest priority, then the agent's own order, then longest wait."""
    group = state.groups[U64(state.agents[U64(a)]["group"])]
    best = NOBODY
    tier = 0
    for i in range(group["first"], group["last"]):
        link = tables.links[U64(i)]
        if best != NOBODY and link["tier"] != tier:
            break
        c = front(state, link["to"])
        if (
            c != NOBODY
            and can_take(state, a, link["to"])
            and (best == NOBODY or waits_longer(state, c, best))
        ):
            best = c
            tier = link["tier"]
    return best


@compiled
def retries_after(tables: Tables, state: State, c: int, outcome: int) -> int:
    """Ticks until contact c tries again after this outcome, or -1: it does not.

    Patience and the will to try again are the caller's: the queue that it came to says what they are,
    wherever it was passed on to.
    """
    contact = state.contacts[U64(c)]
    queue = state.queues[U64(tables.streams[U64(contact["stream"])]["queue"])]
    wants = (outcome == ABANDONED and queue["retry_abandoned"] == 1) or (
        outcome == BLOCKED and queue["retry_blocked"] == 1
    )
    if not wants or contact["role"] == SIDE or contact["attempt"] >= queue["retry_attempts"]:
        return -1
    run = state.clock[0]["run"]
    if uniform(run, contact["key"], counter(0, RETRY)) >= queue["retry_share"]:
        return -1
    ticks = delay(tables, queue["retry_delay"], run, contact["key"], counter(0, RETRY_DELAY))
    clock = state.clock[0]
    return ticks if clock["now"] + ticks < clock["end"] else -1  # nobody arrives after the horizon


@compiled
def may_be_interrupted(state: State, a: int) -> bool:
    """Whether agent a, who works on one contact, may lay it aside."""
    agent = state.agents[U64(a)]
    return bool(
        state.queues[U64(state.contacts[agent["hand"]]["queue"])]["interruptible"] == 1
        and agent["leaving"] == 0
    )
