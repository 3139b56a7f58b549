"""What customers hear and do about a wait: balk, come another way, be called back, leave unseen."""

from typing import Final

from sim import draws
from sim.clock import NEVER
from sim.contacts import SIDE
from sim.draws import counter, uniform
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.triage import draw_of

# Who has hung up to be called back (`called` of a contact): whether it will answer, as the queue has it
# where it hung up. Settled then, since another queue may be the one that calls.
ANSWERS: Final = code(1)
DOES_NOT_ANSWER: Final = code(2)


@compiled
def announced(state: State, q: int) -> int:
    """The wait (ticks) that is announced at queue q: that of the contact answered last, if anybody waits.

    (Ibrahim and Whitt 2009, "Real-time delay estimation based on delay history", M&SOM 11: the delay of the
    last to enter service.)
    """
    return int(state.queues[U64(q)]["last_wait"] if state.queues[U64(q)]["length"] > 0 else 0)


@routine
def balks_at(tables: Tables, state: State, q: int) -> float:
    """Which share leaves at once on hearing what is announced at queue q: straight lines between points.

    Below the first point nobody does, above the last as many as there.
    """
    queue = state.queues[U64(q)]
    heard = announced(state, q)
    first = queue["balks"]
    last = first + 2 * (queue["balk_points"] - 1)
    at = first
    while at < last and tables.curves[U64(at + 2)] <= heard:
        at += 2
    wait, share = tables.curves[U64(at)], tables.curves[U64(at + 1)]
    if heard < wait:
        return 0.0
    if at == last:
        return float(share)
    more = (heard - wait) / (tables.curves[U64(at + 2)] - wait)
    return float(share + more * (tables.curves[U64(at + 3)] - share))


@compiled
def way_in(tables: Tables, state: State, c: int) -> int:
    """The stream as whose contact a new contact comes: its own, or another where a long wait is published."""
    contact = state.contacts[U64(c)]
    queue = state.queues[U64(contact["queue"])]
    if queue["divert_over"] == NEVER or announced(state, contact["queue"]) <= queue["divert_over"]:
        return int(contact["stream"])
    u = draw_of(state, contact["key"], draws.DIVERT)
    return int(queue["divert_to"] if u < queue["divert_share"] else contact["stream"])


@compiled
def is_called_back(state: State, c: int) -> bool:
    """Whether the customer of contact c, who finds nobody free, hangs up to be called back in turn."""
    contact = state.contacts[U64(c)]
    q = contact["queue"]
    queue = state.queues[U64(q)]
    if contact["role"] == SIDE or contact["legs"] > 0 or announced(state, q) <= queue["call_over"]:
        return False
    return bool(draw_of(state, contact["key"], draws.CALL_BACK) < queue["call_accepts"])


@compiled
def leaves_unseen(state: State, c: int) -> bool:
    """Whether the customer of contact c, who gives up, is not seen to leave."""
    contact = state.contacts[U64(c)]
    share = state.queues[U64(contact["queue"])]["silent_share"]
    if share <= 0.0:
        return False
    key = contact["key"]
    return bool(uniform(state.clock[0]["run"], key, counter(contact["legs"], draws.SILENT)) < share)


@compiled
def ask_for_call(state: State, c: int) -> None:
    """The customer of contact c hangs up to be called back."""
    contact = state.contacts[U64(c)]
    share = state.queues[U64(contact["queue"])]["call_answers"]
    answers = share >= 1.0 or draw_of(state, contact["key"], draws.REACHED) < share
    contact["called"] = ANSWERS if answers else DOES_NOT_ANSWER
    contact["gives_up"] = NEVER
    hang_up(state, c)


@compiled
def is_reached(state: State, c: int) -> bool:
    """Whether the customer of contact c answers: who holds the line does, of those called back a share."""
    return bool(state.contacts[U64(c)]["called"] != DOES_NOT_ANSWER)


@compiled
def hang_up(state: State, c: int) -> None:
    """The customer of contact c is no longer on the line: it is free for others."""
    contact = state.contacts[U64(c)]
    if contact["line"] != NOBODY:
        state.queues[U64(contact["line"])]["lines_used"] -= 1
        contact["line"] = NOBODY


@compiled
def finds_line(state: State, c: int) -> bool:
    """Whether contact c finds a line free, which it then occupies."""
    contact = state.contacts[U64(c)]
    queue = state.queues[U64(contact["queue"])]
    if queue["lines"] == NEVER:
        return True
    if queue["lines_used"] >= queue["lines"]:
        return False
    queue["lines_used"] += 1
    contact["line"] = contact["queue"]
    return True
