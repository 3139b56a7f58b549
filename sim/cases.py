"""Cases: one customer problem each, with all its contacts and work until it stays closed.

Row 0 of `cases` is the head of the list of live cases, in the order in which they were opened; row 1 is
a case of which nothing is known yet. A
case lives as long as one of its *threads* does: a contact, a further leg, a piece of side work, a
customer who will come back. Then its row is logged and given back.
"""

from typing import Final

import numpy as np

from sim import draws
from sim.case_layout import MILLION, NUMBERS_APART
from sim.clock import NEVER
from sim.contacts import SIDE
from sim.incidents import note_contact, write_incident
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import CASE_LOST, CASE_OPEN, CASE_SOLVED
from sim.outcomes import answers, csat, effort, nps, qa, satisfied, sentiment
from sim.service_clock import due_after
from sim.topics import row_of
from sim.triage import draw_cause, draw_flags, draw_of, draw_severity, draw_tier

_UNKNOWN: Final = (
    *("replied", "solved", "closed", "first_solved", "severity", "cause", "tag", "topic", "tier", "account"),
    *("incident", "nps"),
)
_HEAD: Final = U64(0)
_BLANK: Final = U64(1)
POOL_FROM: Final = 2


@routine
def open_case(tables: Tables, state: State, c: int) -> None:
    """Open the case that contact c is about."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    key = contact["key"]
    s = contact["stream"]
    i = clock["free_case"]
    case = state.cases[U64(i)]
    clock["free_case"] = case["next"]
    clock["spare_cases"] -= 1
    state.cases[U64(i)] = state.cases[_BLANK]
    append_case(state, i)
    contact["case"] = i
    case["key"] = key
    case["stream"] = s
    cause = draw_cause(tables, state, c)
    if contact["incident"] >= 0:
        case["incident"] = contact["incident"]
    case["cause"] = cause
    case["chance"] = int(draw_of(state, key, draws.PREVENTED) * MILLION)
    case["quality"] = int(case["quality"] * state.course[0]["quality"])
    case["severity"] = draw_severity(tables, state, s, key, cause)
    case["tier"] = draw_tier(tables, state, s, key)
    case["flags"] = draw_flags(tables, state, s, key)
    case["account"] = _account(tables, state, i)
    if contact["incident"] >= 0:
        severity = state.incidents[U64(contact["incident"] % NUMBERS_APART)]["severity"]
        if severity >= 0:
            case["severity"] = severity
        note_contact(state, contact["incident"], case["account"], arr_of(tables, state, i))
    case["born"] = contact["born"]


@compiled
def append_case(state: State, i: int) -> None:
    """Put a case at the end of the list of live ones."""
    cases = state.cases
    last = cases[_HEAD]["prev"]
    cases[U64(i)]["prev"] = last
    cases[U64(i)]["next"] = 0
    cases[U64(last)]["next"] = i
    cases[_HEAD]["prev"] = i


@compiled
def _account(tables: Tables, state: State, i: int) -> int:
    """Which customer a case belongs to, counted through all tiers, or -1 without tiers."""
    case = state.cases[U64(i)]
    if case["tier"] == NOBODY:
        return NOBODY
    life = tables.life[0]
    u = draw_of(state, case["key"], draws.ACCOUNT)
    before = tables.curves[U64(life["accounts_before"] + case["tier"])]
    return int(before) + int(u * tables.curves[U64(life["accounts"] + case["tier"])])


@compiled
def arr_of(tables: Tables, state: State, i: int) -> float:
    """The ARR of the account that case i belongs to."""
    tier = state.cases[U64(i)]["tier"]
    return 0.0 if tier == NOBODY else float(tables.curves[U64(tables.life[0]["arr"] + tier)])


@compiled
def note_leg(tables: Tables, state: State, c: int, answered: bool) -> None:
    """A leg of contact c ends: what its case learns from that."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    now = state.clock[0]["now"]
    case["touched"] += contact["agent_time"]
    state.topics[row_of(state, case["topic"])]["agent_ticks"] += contact["agent_time"]
    if contact["role"] >= SIDE:
        return
    if contact["legs"] == 0:
        left = contact["left"] if contact["left"] >= 0 else now  # unseen, or now
        case["waited"] += (contact["started"] if answered else left) - contact["born"]
    if answered:
        case["legs"] += 1
        if case["replied"] < 0:
            if tables.streams[U64(contact["stream"])]["live"]:
                case["replied"] = contact["started"]
            elif contact["then"] == NOBODY:  # who only sorts a letter, or sends it on, has not answered it
                called = state.queues[U64(contact["queue"])]["live"]
                case["replied"] = contact["started"] if called else now


@routine
def leave_case(tables: Tables, state: State, i: int) -> None:
    """One thread of case i ends; with the last of them, the case is over."""
    case = state.cases[U64(i)]
    case["threads"] -= 1
    if case["threads"] > 0:
        return
    write_case(tables, state, i)
    drop_case(state, i)


@compiled
def drop_case(state: State, i: int) -> None:
    """Give the row of case i back."""
    cases = state.cases
    case = cases[U64(i)]
    cases[U64(case["prev"])]["next"] = case["next"]
    cases[U64(case["next"])]["prev"] = case["prev"]
    case["next"] = state.clock[0]["free_case"]
    state.clock[0]["free_case"] = i
    state.clock[0]["spare_cases"] += 1


@compiled
def outcome_of(state: State, i: int) -> int:
    """Where case i stands."""
    case = state.cases[U64(i)]
    if case["solved"] >= 0:
        return CASE_SOLVED
    return CASE_LOST if case["lost"] else CASE_OPEN


@routine
def write_case(tables: Tables, state: State, i: int) -> None:
    """Log case i as it stands now."""
    clock = state.clock[0]
    case = state.cases[U64(i)]
    case["outcome"] = outcome_of(state, i)
    case["reply_due"], case["resolution_due"] = promised(tables, state, i)
    if tables.life[0]["surveyed"] and case["outcome"] == CASE_SOLVED:
        _ask(tables, state, i)
    state.case_log[U64(clock["case_rows"])] = state.cases[U64(i)]
    row = state.case_log[U64(clock["case_rows"])]
    clock["case_rows"] += 1
    row["next"] = 0  # where it stood in the pool is nobody's business
    row["prev"] = 0


@compiled
def _ask(tables: Tables, state: State, i: int) -> None:
    """What the customer of case i says of it, if asked and answering, and how its work is scored."""
    case = state.cases[U64(i)]
    life = tables.life[0]
    run = state.clock[0]["run"]
    key = case["key"]
    again = case["reopened"] + case["repeated"]
    contacts = max(case["contacts"], 1)
    first = contacts == 1
    took = case["solved"] - case["born"]
    share = satisfied(life, contacts, case["transfers"], case["waited"], again, first, took)
    case["accuracy"], case["empathy"], case["policy"] = qa(life, run, key, case["quality"])
    if answers(life, run, key):
        case["csat"] = csat(life, run, key, share)
        case["nps"] = nps(life, run, key, share)
        case["effort"] = effort(life, run, key, share, contacts, case["transfers"])
        case["sentiment"] = sentiment(life, run, key, share)
        topic = state.topics[row_of(state, case["topic"])]
        topic["rated"] += 1
        topic["unhappy"] += case["sentiment"] < 0


@compiled
def promised(tables: Tables, state: State, i: int) -> tuple[int, int]:
    """When case i's first response and its resolution are due, by the promises of its severity."""
    case = state.cases[U64(i)]
    return promised_for(tables, case["severity"], case["born"])


@compiled
def promised_for(tables: Tables, severity: int, born: int) -> tuple[int, int]:
    """When first response and resolution are due of a case of this severity, or -1, born at a tick."""
    if severity == NOBODY:
        return -1, -1
    promise = tables.severities[U64(severity)]
    first = promise["clock"]
    last = promise["clock_end"]
    return (
        due_after(tables.spans, first, last, promise["reply_kind"], born, promise["reply"]),
        due_after(tables.spans, first, last, promise["resolution_kind"], born, promise["resolution"]),
    )


def link_cases(state: State) -> None:
    """Make the list of live cases empty, write the row that new ones copy, and chain the rest as free."""
    cases, clock = state.cases, state.clock[0]
    cases["next"] = np.arange(1, 1 + len(cases))
    cases[-1]["next"] = NOBODY
    cases[0]["next"] = cases[0]["prev"] = 0
    for field in _UNKNOWN:
        cases[1][field] = NOBODY
    cases[1]["threads"] = 1
    cases[1]["quality"] = 1000
    clock["free_case"], clock["spare_cases"] = POOL_FROM, len(cases) - POOL_FROM


@compiled
def due_of(tables: Tables, step: int, start: int) -> int:
    """When a step or piece of side work that is owed from `start` on is due, or NEVER."""
    row = tables.steps[U64(step)]
    if row["due_kind"] < 0:
        return NEVER
    return due_after(tables.spans, row["clock"], row["clock_end"], row["due_kind"], start, row["due"])


@compiled
def close_cases(tables: Tables, state: State) -> None:
    """At the end of a run: log the cases that still live, in the order of their opening, and incidents."""
    i = state.cases[_HEAD]["next"]
    while i != 0:
        write_case(tables, state, i)
        i = state.cases[U64(i)]["next"]
    for n in range(state.incidents.size):
        if state.incidents[U64(n)]["started"] >= 0:
            write_incident(state, n)
