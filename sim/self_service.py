"""The gate: who finds the answer alone, who has nothing to ask any more, how long the others then take."""

from sim import draws
from sim.contacts import ARRIVED, BOUNCED, KEPT_AWAY, SPARED
from sim.dials import turned_for
from sim.draws import counter
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.quantiles import delay as drawn_delay
from sim.topics import row_of
from sim.triage import draw_cause, draw_of


@compiled
def deflects(tables: Tables, state: State, s: int) -> float:
    """Which share of stream s self-service keeps away now, those included who come after all."""
    stream = tables.streams[U64(s)]
    if stream["deflects"] < 0:
        return 0.0
    clock = state.clock[0]
    i = min(clock["now"], clock["end"] - 1) // clock["interval"]
    return float(tables.curves[U64(stream["deflects"] + i)])


@compiled
def passes_gate(tables: Tables, state: State, c: int) -> int:
    """The stage of a new contact at the gate: ARRIVED, KEPT_AWAY, SPARED, or BOUNCED (comes after all)."""
    stage = _tries_alone(tables, state, c)
    if state.clock[0]["turned"] and state.contacts[U64(c)]["backlog"] == 0:
        stage = _as_turned(tables, state, c, stage)
    return stage


@compiled
def _tries_alone(tables: Tables, state: State, c: int) -> int:
    """The stage of a new contact after self-service: ARRIVED, KEPT_AWAY, or BOUNCED."""
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


@routine
def _as_turned(tables: Tables, state: State, c: int, stage: int) -> int:
    """The stage of a new contact at the gate where dials are turned, which would have this one without them.

    A dial takes away contacts by their lowest uniforms. By the same a case is avoidable (`chance` in
    sim/case_layout.py), so that what is avoidable goes first. What an incident brings comes all the same, but
    may find an article, as whoever self-service has let through.
    """
    contact = state.contacts[U64(c)]
    cause = draw_cause(tables, state, c)
    now = turned_for(tables, state, contact["stream"], cause)
    topic = state.topics[row_of(state, cause)]
    spared = draw_of(state, contact["key"], draws.PREVENTED) < 1.0 - now.contacts
    if spared and contact["incident"] < 0:
        topic["prevented"] += 1
        contact["orbit"] = 0
        return SPARED
    if stage == ARRIVED and draw_of(state, contact["key"], draws.ARTICLE) < now.answered:
        topic["deflected"] += 1
        return KEPT_AWAY
    return stage


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
