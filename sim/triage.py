"""Triage: what a case is about, how it is tagged, and which queue it is sent to.

What a case is (cause, severity, tier, flags) is drawn once, by its first contact's key. Routing sees
the tag, not the cause: a wrong tag leads to a wrong queue where the two have different routes.
"""

import numpy as np

from sim import draws
from sim.case_layout import NUMBERS_APART
from sim.clock import NEVER
from sim.contacts import BACK
from sim.draws import counter, uniform
from sim.incidents import note_tag
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables


@compiled
def pick(curves: np.ndarray, first: int, count: int, u: float) -> int:
    """Which of `count` things a uniform stands for, whose cumulative shares start at `first`."""
    i = 0
    while i < count - 1 and u >= curves[U64(first + i)]:
        i += 1
    return i


@compiled
def draw_of(state: State, key: np.uint64, purpose: int) -> float:
    """A uniform of a contact or case that belongs to no leg."""
    return uniform(state.clock[0]["run"], key, counter(0, purpose))


@compiled
def draw_cause(tables: Tables, state: State, c: int) -> int:
    """The cause of the case that contact c opens, or would open, or -1.

    That of the incident that brings it, or else by the mix of its stream.
    """
    contact = state.contacts[U64(c)]
    if contact["incident"] >= 0:
        return int(state.incidents[U64(contact["incident"] % NUMBERS_APART)]["cause"])
    first = tables.streams[U64(contact["stream"])]["causes"]
    if first < 0:
        return NOBODY
    return pick(tables.curves, first, tables.life[0]["causes"], draw_of(state, contact["key"], draws.CAUSE))


@compiled
def is_too_early(tables: Tables, state: State, c: int) -> bool:
    """Whether nobody has a reason yet for contact c: its cause begins later."""
    cause = draw_cause(tables, state, c)
    return bool(cause != NOBODY and state.clock[0]["now"] < tables.causes[U64(cause)]["since"])


@compiled
def draw_severity(tables: Tables, state: State, s: int, key: np.uint64, cause: int) -> int:
    """Its severity, by the mix of its cause or else of its stream, or -1."""
    first = NOBODY if cause == NOBODY else tables.causes[U64(cause)]["severities"]
    if first < 0:
        first = tables.streams[U64(s)]["severities"]
    if first < 0:
        return NOBODY
    return pick(tables.curves, first, tables.life[0]["severities"], draw_of(state, key, draws.SEVERITY))


@compiled
def draw_tier(tables: Tables, state: State, s: int, key: np.uint64) -> int:
    """The tier of its account, or -1."""
    first = tables.streams[U64(s)]["tiers"]
    if first < 0:
        return NOBODY
    return pick(tables.curves, first, tables.life[0]["tiers"], draw_of(state, key, draws.TIER))


@compiled
def draw_flags(tables: Tables, state: State, s: int, key: np.uint64) -> int:
    """Its flags, as bits: each is drawn by itself, keyed by its name."""
    first = tables.streams[U64(s)]["flags"]
    found = 0
    if first >= 0:
        run = state.clock[0]["run"]
        count = tables.life[0]["flags"]
        for f in range(count):
            own = U64(int(tables.curves[U64(first + count + f)]))
            if uniform(run, U64(key ^ own), counter(0, draws.FLAG)) < tables.curves[U64(first + f)]:
                found += 1 << f
    return found


@compiled
def draw_tag(tables: Tables, state: State, key: np.uint64, cause: int) -> int:
    """What a contact about this cause is tagged as: the cause, or by mistake one of the others."""
    life = tables.life[0]
    accuracy = min(max(life["accuracy"] + state.course[0]["accuracy"], 0.0), 1.0)
    if cause == NOBODY or life["causes"] < 2 or accuracy >= 1.0:
        return cause
    if draw_of(state, key, draws.TAG) < accuracy:
        return cause
    other = int(draw_of(state, key, draws.TAG_AS) * (life["causes"] - 1))
    return other + 1 if other >= cause else other


@compiled
def route(tables: Tables, state: State, case: int, s: int, tag: int) -> int:
    """The queue to which the first rule that matches sends a contact of stream s, tagged so."""
    life = tables.life[0]
    if life["routes"] < 0 or state.course[0]["routed"] == 0:
        return int(tables.streams[U64(s)]["queue"])
    about = state.cases[U64(case)]
    place = s * (life["severities"] + 1) + about["severity"] + 1
    place = place * (life["causes"] + 1) + tag + 1
    place = place * (life["tiers"] + 1) + about["tier"] + 1
    place = (place << life["flags"]) + about["flags"]
    return int(tables.links[U64(life["routes"] + place)]["to"])


@compiled
def first_step(tables: Tables, s: int, cause: int) -> int:
    """The step at which a case of this stream and cause starts."""
    if cause != NOBODY and tables.causes[U64(cause)]["path"] >= 0:
        return int(tables.causes[U64(cause)]["path"])
    return int(tables.streams[U64(s)]["path"])


@compiled
def queue_of(tables: Tables, step: int, home: int) -> int:
    """The queue of a step: its own, or that to which the case was sent."""
    own = tables.steps[U64(step)]["queue"]
    return int(own if own >= 0 else home)


@routine
def set_off(tables: Tables, state: State, c: int) -> None:
    """Tag contact c of a case and send it to its first queue: the right one, a wrong one, or to be tagged."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    life = tables.life[0]
    s = contact["stream"]
    cause = case["cause"]
    step = first_step(tables, s, cause)
    home = route(tables, state, contact["case"], s, cause)
    contact["home"] = home
    contact["step"] = step
    contact["queue"] = queue_of(tables, step, home)
    if tables.steps[U64(step)]["patient"] == 1:
        contact["gives_up"] = NEVER
    if cause == NOBODY:
        return
    untagged = life["untagged"] * state.course[0]["untagged"]
    if life["triage"] >= 0 and draw_of(state, contact["key"], draws.UNTAGGED) < untagged:
        _first_go_to(tables, state, c, life["triage"])
        return
    tag = draw_tag(tables, state, contact["key"], cause)
    if contact["role"] != BACK and contact["attempt"] == 0:
        case["tag"] = tag
    if case["topic"] == NOBODY:
        case["topic"] = tag
    if state.incidents.size > 0:
        note_tag(tables, state, tag)
    if tag != cause:
        wrong = route(tables, state, contact["case"], s, tag)
        if wrong != home:
            _first_go_to(tables, state, c, life["misrouted"])
            contact["queue"] = wrong


@compiled
def _first_go_to(tables: Tables, state: State, c: int, step: int) -> None:
    """A step comes before the one that the path begins with."""
    contact = state.contacts[U64(c)]
    contact["then"] = contact["step"]
    contact["step"] = step
    contact["queue"] = queue_of(tables, step, contact["home"])
