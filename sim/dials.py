"""Dials as the rules read them when they use them: what a team that learns has changed by then.

Rows and fields are those of `sim/dial_layout.py`. What is a single number (the course, the dials of side work
and groups) rules read themselves, times 1 or plus 0 where nothing is turned. What takes more than that is
here, and asked for only where something is turned (`turned` of the clock).
"""

from typing import Final, NamedTuple

from sim.clock import TICKS_PER_SECOND
from sim.contacts import SIDE
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables

_ALL: Final = U64(0)


class Turned(NamedTuple):
    """What the dials of all contacts, of a stream and of a cause come to together."""

    contacts: float  # share of contacts that still come, 0-1
    longer: float  # factor of handle times
    answered: float  # share of contacts that an article answers, 0-1
    returns: float  # factor of the shares that come back


@routine
def turned_for(tables: Tables, state: State, s: int, cause: int) -> Turned:
    """How things stand for contacts of stream s about a cause, or -1.

    Factors multiply; articles for all, for the stream and for the cause work independently of each other.
    """
    whole = state.dials[_ALL]
    own = state.dials[U64(1 + s)]
    comes = whole["contacts"] * own["contacts"]
    longer = whole["longer"] * own["longer"]
    asks = (1.0 - whole["deflects"]) * (1.0 - own["deflects"])
    returns = whole["returns"] * own["returns"]
    if cause != NOBODY:
        of_cause = state.dials[U64(1 + tables.streams.size + cause)]
        comes *= of_cause["contacts"]
        longer *= of_cause["longer"]
        asks *= 1.0 - of_cause["deflects"]
        returns *= of_cause["returns"]
    return Turned(comes, longer, 1.0 - asks, returns)


@compiled
def work_as_turned(tables: Tables, state: State, c: int, spent_s: float) -> float:
    """The work (s) on contact c that would have taken so long without the dials of contacts and of tagging.

    Sorting is not about the matter: what it takes has a dial of its own, and who only finds out that a tag
    was wrong is as slow as ever. Work done twice takes as long as done once; other side work has no dial.
    """
    contact = state.contacts[U64(c)]
    life = tables.life[0]
    course = state.course[0]
    by_customer = contact["role"] < SIDE
    if by_customer and contact["then"] >= 0:
        if contact["step"] == life["triage"]:
            spent_s *= course["triage"]
    elif by_customer or contact["step"] == life["duplicate"]:
        cause = NOBODY
        if contact["case"] != NOBODY:
            cause = state.cases[U64(contact["case"])]["cause"]
        spent_s *= turned_for(tables, state, contact["stream"], cause).longer
    if by_customer and contact["legs"] == 0:
        spent_s += course["tag_ticks"] / TICKS_PER_SECOND
    return float(spent_s)


@compiled
def hurry_left(state: State, row: int, factor: float) -> float:
    """A factor that hurry brings, of handle times or of returns, as far as this row's group still hurries.

    Haste and harm shrink together: both keep the same part of their distance from 1.
    """
    left = state.dials[U64(row)]["hurry"]
    return float(factor if left == 1.0 else 1.0 - (1.0 - factor) * left)


@compiled
def row_of_group(tables: Tables, g: int) -> int:
    """The row of the dials of group g."""
    return int(1 + tables.streams.size + tables.causes.size + tables.sides.size + g)
