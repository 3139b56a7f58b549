"""What a team sees of its topics: counters by tag, and for the simulator alone some by true cause.

The fields are those of TOPIC in `sim/dial_layout.py`. Nothing here draws or decides: rules count as they go.
A contact is counted once, when it is known what it is about: at the door by its tag, or when a person has
tagged it, or, without a tag, when it leaves before that.
"""

import numpy as np

from sim.contacts import CUSTOMER
from sim.jit import U64, compiled
from sim.layout import NOBODY, State, Tables


@compiled
def row_of(state: State, cause: int) -> np.uint64:
    """The row of a tag or a cause; the last for -1."""
    return U64(cause if cause != NOBODY else state.topics.size - 1)


@compiled
def count_contact(tables: Tables, state: State, c: int) -> None:
    """Contact c is counted by its case's tag, and so is the case if this contact has opened it."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    tag = case["topic"]
    topic = state.topics[row_of(state, tag)]
    topic["contacts"] += 1
    if tag != NOBODY and case["chance"] < tables.causes[U64(tag)]["avoidable"]:
        topic["avoidable"] += 1
    if contact["role"] == CUSTOMER and contact["attempt"] == 0:
        topic["cases"] += 1
        if case["tier"] != NOBODY:
            topic["arr"] += int(tables.curves[U64(tables.life[0]["arr"] + case["tier"])])
