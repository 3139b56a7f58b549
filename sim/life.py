"""Milestones of a contact's life: it arrives, goes on to another queue, ends, and may come back."""

import numpy as np

from sim.contacts import ARRIVED, RETRYING, new_contact
from sim.draws import child_key
from sim.jit import U64, compiled
from sim.layout import NOBODY, State, Tables
from sim.log import ARRIVED as ARRIVED_ROW
from sim.log import LEG, NONE, write_contact
from sim.rules import retries_after


@compiled
def arrive(state: State, c: int) -> None:
    """Contact c arrives at its queue."""
    contact = state.contacts[U64(c)]
    contact["stage"] = ARRIVED
    contact["queued"] = state.clock[0]["now"]
    write_contact(state, c, ARRIVED_ROW, NONE)


@compiled
def close_leg(state: State, c: int, outcome: int) -> None:
    """The leg of contact c closes."""
    write_contact(state, c, LEG, outcome)


@compiled
def pass_on(state: State, c: int, queue: int, outcome: int) -> None:
    """Contact c goes on to another queue: one leg closes, the next begins."""
    contact = state.contacts[U64(c)]
    write_contact(state, c, LEG, outcome)
    contact["leg"] += 1
    contact["queue"] = queue
    contact["queued"] = state.clock[0]["now"]
    contact["found"] = 0
    contact["stage"] = ARRIVED


@compiled
def spawn(tables: Tables, state: State, c: int, outcome: int) -> int:
    """The contact that tries again after contact c has ended so, or -1."""
    delay = retries_after(tables, state, c, outcome)
    if delay < 0:
        return NOBODY
    contact = state.contacts[U64(c)]
    stream = contact["stream"]
    key = child_key(contact["key"], contact["attempt"] + 1)
    child = new_contact(state, key, np.uint64(contact["key"]), stream, tables.streams[U64(stream)]["queue"])
    state.contacts[U64(child)]["stage"] = RETRYING
    state.contacts[U64(child)]["attempt"] = contact["attempt"] + 1
    state.contacts[U64(child)]["backlog"] = 0
    state.contacts[U64(child)]["orbit"] = delay
    state.contacts[U64(child)]["born"] = state.clock[0]["now"] + delay
    return child
