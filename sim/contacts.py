"""The pool of contacts, and the lines that they wait in."""

from typing import Final

import numpy as np

from sim.clock import NEVER
from sim.jit import U64, code, compiled
from sim.layout import NOBODY, State
from sim.log import write_wait

# Stages of a contact: what has just happened to it, and so what `next_step` goes by.
FREE: Final = code(-1)  # a row of the pool that nobody uses
FRESH: Final = code(0)  # drawn, not arrived yet
RETRYING: Final = code(1)  # will try again after a delay
ARRIVED: Final = code(2)
WAITING: Final = code(3)
REFUSED: Final = code(4)  # no free agent, no waiting place
EXPIRED: Final = code(5)  # its patience ran out
PASSED_ON: Final = code(6)  # waited long enough to go to another queue
SENT_AWAY: Final = code(7)  # cleared at closing
MATCHED: Final = code(8)  # has an agent
INTERRUPTED: Final = code(9)  # lost the agent to somebody more urgent
DONE: Final = code(10)
PENDING: Final = code(11)  # a further leg, or a piece of work, that starts after a delay
BOUNCED: Final = code(12)  # will come after self-service has failed
KEPT_AWAY: Final = code(13)  # solved by self-service: never comes
WITHDRAWN: Final = code(14)  # nobody needs this work any more
HOLDING: Final = code(15)  # its agent stays with a contact that is handed over
UNBORN: Final = code(16)  # an incident that is over brings it no more
SPARED: Final = code(17)  # never comes: what it would have been about has been remedied

# Who began it; beside these, `HOLDER` (sim/log.py).
CUSTOMER: Final = code(0)  # the contact that opens a case
BACK: Final = code(1)  # the customer again, about the same case
SIDE: Final = code(2)  # the team itself: updates, escalations, articles


_UNKNOWN: Final = (
    *("agent", "next", "gives_up", "started", "again", "work", "case", "then", "escort", "line", "left"),
    "incident",
)


@compiled
def new_contact(state: State, key: np.uint64, parent: np.uint64, stream: int, queue: int) -> int:
    """Take a row of the pool. The caller has made sure that there is one."""
    clock = state.clock[0]
    c = clock["free"]
    contact = state.contacts[U64(c)]
    version = contact["version"]
    clock["free"] = contact["next"]
    clock["spare"] -= 1
    clock["live"] += 1
    state.contacts[U64(c)] = state.contacts[U64(state.queues.size)]
    contact["version"] = version + 1
    contact["key"] = key
    contact["parent"] = parent
    contact["stream"] = stream
    contact["queue"] = queue
    contact["home"] = queue
    return int(c)


def blank_contact(contact: np.void) -> None:
    """Write the row that new contacts are copies of."""
    for field in _UNKNOWN:
        contact[field] = -1
    contact["stage"] = FRESH
    contact["overflows"] = contact["due"] = NEVER
    contact["longer"] = 1.0


def link_pool(state: State, queues: int) -> None:
    """Make the lines empty and chain all rows of the pool as free."""
    contacts, clock = state.contacts, state.clock[0]
    heads = contacts[:queues]
    heads["next"] = heads["prev"] = np.arange(queues)
    heads["stage"] = FREE
    blank_contact(contacts[queues])
    first = queues + 1
    pool = contacts[first:]
    pool["stage"] = FREE
    pool["next"] = np.arange(first + 1, first + 1 + len(pool))
    pool["next"][-1] = NOBODY
    clock["free"], clock["spare"] = first, len(pool)


@compiled
def hand_on(state: State, c: int) -> None:
    """Contact c has just come into being: the engine will pursue it when it is done with who made it."""
    state.contacts[U64(c)]["after"] = state.clock[0]["spawned"]
    state.clock[0]["spawned"] = c


@compiled
def next_spawned(state: State) -> int:
    """The next contact that has just come into being, or -1."""
    c = state.clock[0]["spawned"]
    if c != NOBODY:
        state.clock[0]["spawned"] = state.contacts[U64(c)]["after"]
    return int(c)


@compiled
def drop_contact(state: State, c: int) -> None:
    """Give the row back; whatever is scheduled for it is void from now on."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    contact["stage"] = FREE
    contact["version"] += 1
    contact["next"] = clock["free"]
    clock["free"] = c
    clock["spare"] += 1
    clock["live"] -= 1


@compiled
def _link(contacts: np.ndarray, c: int, after: int) -> None:
    follower = contacts[U64(after)]["next"]
    contacts[U64(c)]["prev"] = after
    contacts[U64(c)]["next"] = follower
    contacts[U64(after)]["next"] = c
    contacts[U64(follower)]["prev"] = c


@compiled
def join_line(state: State, c: int) -> None:
    """Wait at the end of the line of the contact's queue."""
    contact = state.contacts[U64(c)]
    q = contact["queue"]
    _link(state.contacts, c, state.contacts[U64(q)]["prev"])
    state.queues[U64(q)]["length"] += 1
    state.clock[0]["waiting"] += 1
    contact["found"] = state.queues[U64(q)]["length"]
    contact["stage"] = WAITING


@compiled
def rejoin_line(state: State, c: int) -> None:
    """Wait at the front of the line: an interrupted contact has waited before."""
    contact = state.contacts[U64(c)]
    _link(state.contacts, c, contact["queue"])
    state.queues[U64(contact["queue"])]["length"] += 1
    state.clock[0]["waiting"] += 1
    contact["found_again"] = state.queues[U64(contact["queue"])]["length"]
    contact["again"] = state.clock[0]["now"]
    contact["stage"] = WAITING


@compiled
def leave_line(state: State, c: int, stage: int) -> None:
    """Leave the line, for the reason `stage`; the contact's timer is void."""
    contacts = state.contacts
    contact = contacts[U64(c)]
    write_wait(state, c)
    contacts[U64(contact["prev"])]["next"] = contact["next"]
    contacts[U64(contact["next"])]["prev"] = contact["prev"]
    state.queues[U64(contact["queue"])]["length"] -= 1
    state.clock[0]["waiting"] -= 1
    contact["stage"] = stage
    contact["version"] += 1


@compiled
def front(state: State, q: int) -> int:
    """The contact that has waited longest in queue q, or -1."""
    return NOBODY if state.queues[U64(q)]["length"] == 0 else state.contacts[U64(q)]["next"]
