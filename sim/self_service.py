"""The gate of self-service: who finds the answer there and never comes, and how long the others then take."""

from sim import draws
from sim.contacts import ARRIVED, BOUNCED, KEPT_AWAY
from sim.draws import counter
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.quantiles import delay as drawn_delay
from sim.triage import draw_of


@compiled
def deflects(tables: Tables, state: State, s: int) -> float:
    """Which share of stream s self-service keeps away now, those included who come after all."""
    stream = tables.streams[U64(s)]
    if stream["deflects"] < 0:
        return 0.0
    clock = state.clock[0]
    i = min(clock["now"], clock["end"] - 1) // clock["interval"]
    return float(tables.curves[U64(stream["deflects"] + i)])


@routine
def passes_gate(tables: Tables, state: State, c: int) -> int:
    """The stage of a new contact at the gate: ARRIVED, KEPT_AWAY, or BOUNCED (it will come after a delay)."""
    contact = state.contacts[U64(c)]
    s = contact["stream"]
    share = deflects(tables, state, s)
    if share <= 0.0 or contact["backlog"] or draw_of(state, contact["key"], draws.SELF_SERVICE) >= share:
        return ARRIVED
    stream = tables.streams[U64(s)]
    if draw_of(state, contact["key"], draws.BOUNCE) >= stream["bounce_share"]:
        return KEPT_AWAY
    clock = state.clock[0]
    first = counter(0, draws.BOUNCE_DELAY)
    delay = drawn_delay(tables, stream["bounce_after"], clock["run"], contact["key"], first)
    if clock["now"] + delay >= clock["end"]:
        return KEPT_AWAY  # nobody arrives after the horizon
    contact["orbit"] = delay
    return BOUNCED


@compiled
def longer_by(tables: Tables, state: State, c: int) -> float:
    """How many times as long as its stream says contact c takes.

    Easy contacts are those that stay away: with a share d of them, which take `ease` of the mean, those that
    come take (1 - d ease) / (1 - d) of it (FIELD.md, section 3, mix effect).
    """
    contact = state.contacts[U64(c)]
    stream = tables.streams[U64(contact["stream"])]
    found = 1.0
    cause = state.cases[U64(contact["case"])]["cause"]
    if cause != NOBODY:
        found *= tables.causes[U64(cause)]["longer"]
    if contact["stage"] == BOUNCED:
        return float(found * stream["bounce_longer"])
    d = deflects(tables, state, contact["stream"])
    if d > 0.0:
        found *= (1.0 - d * stream["ease"]) / (1.0 - d)
    return float(found)
