"""The rule book: who goes where. Pure functions; both engines ask them and neither decides anything.

Decisions that depend on the past read it through `signals`. Each `choose_*` rule is replaceable
on the reference engine by a hook with the same signature.
"""

from typing import Final

from sim.announced import ask_for_call, balks_at, is_called_back, leaves_unseen
from sim.clock import NEVER
from sim.contacts import (
    EXPIRED,
    INTERRUPTED,
    PASSED_ON,
    REFUSED,
    SIDE,
    WAITING,
    front,
)
from sim.draws import BALK, PATIENCE, RETRY, RETRY_DELAY, WHICH_AGENT, counter, uniform
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import (
    ABANDONED,
    BLOCKED,
    HOLDER,
    UNREACHED,
)
from sim.quantiles import delay, duration
from sim.shelves import AT_RANDOM, IDLE_LEVEL, any_on, first_on
from sim.signals import is_full, surplus

# How a freed agent chooses among those who wait.
IN_ORDER: Final = code(0)  # by the tiers of its links
BY_WEIGHT: Final = code(1)
BY_AGE: Final = code(2)

# What a queue does at closing with those who wait.
SERVE: Final = code(0)
CLEAR: Final = code(1)
HOLD: Final = code(2)


@compiled
def is_kept(state: State, c: int) -> bool:
    """Whether contact c is work that the team has taken on: no closed door and no full line loses it."""
    contact = state.contacts[U64(c)]
    return bool(contact["role"] == SIDE or contact["legs"] > 0)


@compiled
def accepts(state: State, q: int) -> bool:
    """Whether queue q takes contacts now."""
    return bool(state.queues[U64(q)]["open"] == 1 or state.queues[U64(q)]["at_closing"] == HOLD)


@compiled
def next_sent_away(state: State, q: int) -> int:
    """Who is sent away next when queue q closes, or -1; work that was taken on is kept."""
    if state.queues[U64(q)]["at_closing"] != CLEAR:
        return NOBODY
    c = state.contacts[U64(q)]["next"]
    while c != q and is_kept(state, c):
        c = state.contacts[U64(c)]["next"]
    return NOBODY if c == q else int(c)


@compiled
def serves(state: State, q: int) -> bool:
    """Whether those who wait in queue q may be answered now: not while it holds them until opening."""
    return bool(state.queues[U64(q)]["open"] == 1 or state.queues[U64(q)]["at_closing"] != HOLD)


@compiled
def gives_up_at(tables: Tables, state: State, c: int) -> int:
    """The moment at which contact c abandons if it still waits: now, if it will not wait at all."""
    stream = tables.streams[U64(state.contacts[U64(c)]["stream"])]
    run = state.clock[0]["run"]
    key = state.contacts[U64(c)]["key"]
    legs = state.contacts[U64(c)]["legs"]
    now = state.clock[0]["now"]
    balk = stream["balk"]
    q = state.contacts[U64(c)]["queue"]
    if state.queues[U64(q)]["balk_points"] > 0:
        balk = max(balk, balks_at(tables, state, q))
    if balk > 0.0 and uniform(run, key, counter(legs, BALK)) < balk:
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
        called = state.queues[U64(contact["queue"])]["call_accepts"] > 0.0 and is_called_back(state, c)
        if called and contact["gives_up"] > state.clock[0]["now"]:
            ask_for_call(state, c)
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
        if not leaves_unseen(state, c):
            return EXPIRED
        contact["left"] = state.clock[0]["now"]
        contact["gives_up"] = NEVER
        contact["overflows"] = NEVER
        return WAITING
    contact["overflows"] = NEVER
    to = state.queues[U64(contact["queue"])]["overflow_to"]
    if accepts(state, to) and (choose_agent(tables, state, c, to) != NOBODY or not is_full(state, to)):
        return PASSED_ON
    return WAITING


@compiled
def next_on(state: State, c: int, g: int, level: int) -> int:
    """The agent of group g at this level whom contact c would get, or -1: the first there, or any."""
    if state.groups[U64(g)]["idle"] != AT_RANDOM:
        return first_on(state, g, level)
    key = state.contacts[U64(c)]["key"]
    return any_on(state, g, level, uniform(state.clock[0]["run"], key, counter(0, WHICH_AGENT)))


@compiled
def free_agent(state: State, c: int, g: int, shared: bool) -> int:
    """The agent of group g whom contact c would get: idle, or for a chat with a free slot."""
    group = state.groups[U64(g)]
    if not shared or group["slots"] == 1:
        return next_on(state, c, g, IDLE_LEVEL)
    for i in range(group["slots"]):
        level = group["slots"] - 1 - i if group["most_loaded"] else i
        a = next_on(state, c, g, level)
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
        a = free_agent(state, c, link["to"], queue["shared"] == 1)
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
    """The contact for a freed agent: highest priority, then the agent's own order, then longest wait.

    Groups that weigh waits take the one with the highest score instead (`weigh`).
    """
    group = state.groups[U64(state.agents[U64(a)]["group"])]
    if group["takes"] != IN_ORDER:
        return weigh(tables, state, a)
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


@routine
def weigh(tables: Tables, state: State, a: int) -> int:
    """The contact for a freed agent by its score: its queue's weight times its wait, or a priority that
    grows while it waits; equal scores go by the longest wait. Within a queue the longest wait comes first.
    """
    group = state.groups[U64(state.agents[U64(a)]["group"])]
    best = NOBODY
    most = 0.0
    for i in range(group["first"], group["last"]):
        q = tables.links[U64(i)]["to"]
        c = front(state, q)
        if c == NOBODY or not can_take(state, a, q):
            continue
        queue = state.queues[U64(q)]
        wait = state.clock[0]["now"] - state.contacts[U64(c)]["queued"]
        score = queue["weight"] * wait
        if group["takes"] == BY_AGE:
            score = queue["priority"] + queue["gains"] * wait
        if best == NOBODY or score > most or (score == most and waits_longer(state, c, best)):
            best = c
            most = score
    return best


@compiled
def retries_after(tables: Tables, state: State, c: int, outcome: int) -> int:
    """Ticks until contact c tries again after this outcome, or -1: it does not.

    Patience and the will to try again are the caller's: the queue that it came to says what they are,
    wherever it was passed on to.
    """
    contact = state.contacts[U64(c)]
    queue = state.queues[U64(tables.streams[U64(contact["stream"])]["queue"])]
    wants = (outcome in (ABANDONED, UNREACHED) and queue["retry_abandoned"] == 1) or (
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
    contact = state.contacts[U64(agent["hand"])]
    return bool(
        state.queues[U64(contact["queue"])]["interruptible"] == 1
        and agent["leaving"] == 0
        and contact["role"] < HOLDER
        and contact["lead"] == 0
    )
