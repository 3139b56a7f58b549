"""Incidents: something breaks, contacts surge, it is noticed by their tags, mended, and told of on a page.

All that an incident brings is known when it is read: contacts of a surge are drawn at the full rate, and each
comes only if a keyed uniform lies below what the incident still brings at that moment. So an incident needs
no events of its own. Its row of the log (INCIDENT in sim/log.py) has other things in the fields of a contact:
`stream` is the incident's row, `attempt` its number, `born` when it started, `orbit` the alarm, `queued` the
status page, `started` when it was mended, `ended` when it was over, `found` how many contacts it brought,
`touched` the ARR of the accounts that these belong to; -1 is never.
"""

from typing import Final

from sim import draws
from sim.case_layout import NUMBERS_APART
from sim.clock import NEVER, to_ticks
from sim.draws import counter, uniform
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import INCIDENT
from sim.quantiles import delay

# How long after the alarm a status page tells of an incident, where there was none before a dial brought it.
_PAGE_AFTER: Final = to_ticks(15 * 60)


@compiled
def is_over_at(state: State, i: int) -> int:
    """When incident i is over: mended, or gone by itself."""
    incident = state.incidents[U64(i)]
    return int(min(incident["ends"], incident["mended"]))


@compiled
def number_of(state: State, i: int) -> int:
    """The number by which cases know the incident that now goes on in row i."""
    return int(state.incidents[U64(i)]["serial"] * NUMBERS_APART + i)


@compiled
def brings(state: State, i: int, tick: int) -> float:
    """The share of its surge that incident i brings at a tick."""
    incident = state.incidents[U64(i)]
    if incident["started"] < 0 or tick < incident["started"]:
        return 0.0
    share = 1.0
    since = tick - is_over_at(state, i)
    if since >= 0:
        share = 1.0 - since / incident["fades"] if since < incident["fades"] else 0.0
    if tick >= incident["posted"]:
        share *= 1.0 - min(max(incident["page_cuts"] + state.course[0]["page_cuts"], 0.0), 1.0)
    return float(share)


@routine
def is_brought(state: State, c: int) -> bool:
    """Whether contact c of a surge comes at all."""
    contact = state.contacts[U64(c)]
    u = uniform(state.clock[0]["run"], contact["key"], counter(0, draws.SURGE))
    return bool(u < brings(state, contact["incident"], state.clock[0]["now"]))


@compiled
def may_bring(state: State, i: int, tick: int, length: int) -> bool:
    """Whether incident i may bring contacts in the interval from a tick."""
    incident = state.incidents[U64(i)]
    if incident["started"] < 0 or incident["started"] >= tick + length:
        return False
    return bool(is_over_at(state, i) + incident["fades"] > tick)


@routine
def note_tag(tables: Tables, state: State, tag: int) -> None:
    """A contact has been tagged: so many within a time raise the alarm about an incident with this cause."""
    now = state.clock[0]["now"]
    for i in range(state.incidents.size):
        incident = state.incidents[U64(i)]
        on = incident["started"] >= 0 and incident["started"] <= now < is_over_at(state, i)
        if incident["cause"] != tag or incident["alarm"] >= 0 or not on:
            continue
        count = incident["detect_count"]
        place = U64(incident["ring"] + incident["tagged"] % count)
        incident["tagged"] += 1
        state.marks[place]["tick"] = now
        oldest = state.marks[U64(incident["ring"] + incident["tagged"] % count)]["tick"]
        if incident["tagged"] >= count and now - oldest <= incident["detect_within"]:
            _raise_alarm(tables, state, i, now)


@compiled
def _raise_alarm(tables: Tables, state: State, i: int, seen: int) -> None:
    """Tags have shown incident i at a tick: it is noticed, will be mended, and a page will tell of it."""
    incident = state.incidents[U64(i)]
    course = state.course[0]
    tick = seen + int(incident["detect_delay"] * course["alarm_delay"])
    first = counter(0, draws.MITIGATION)
    takes = delay(tables, incident["mitigation"], state.clock[0]["run"], incident["run"], first)
    incident["alarm"] = tick
    incident["mended"] = tick + int(takes * course["mitigation"])
    if incident["page_after"] < NEVER:
        incident["posted"] = tick + incident["page_after"]
    elif course["page_cuts"] > 0.0:
        incident["posted"] = tick + _PAGE_AFTER


@routine
def note_contact(state: State, number: int, account: int, arr: float) -> None:
    """An incident has brought a contact of this account (-1: of none), whose ARR counts once.

    Who comes only after it is over, from self-service, is no longer noted.
    """
    i = number % NUMBERS_APART
    incident = state.incidents[U64(i)]
    if incident["started"] < 0 or number_of(state, i) != number:
        return
    incident["contacts"] += 1
    if account < 0:
        return
    mark = state.marks[U64(incident["accounts_from"] + account)]
    if mark["tick"] < 0:
        mark["tick"] = state.clock[0]["now"]
        incident["arr"] += arr


@routine
def write_incident(state: State, i: int) -> None:
    """Log incident i, which is over, and forget it."""
    clock = state.clock[0]
    incident = state.incidents[U64(i)]
    row = state.contact_log[U64(clock["contact_rows"])]
    clock["contact_rows"] += 1
    row["row"] = INCIDENT
    row["outcome"] = 0
    row["backlog"] = 0
    row["called"] = 0
    row["attempt"] = incident["serial"]
    row["leg"] = 0
    row["stream"] = i
    row["queue"] = NOBODY
    row["group"] = NOBODY
    row["agent"] = NOBODY
    row["found"] = incident["contacts"]
    row["role"] = 0
    row["legs"] = 0
    row["step"] = NOBODY
    row["case"] = number_of(state, i)
    row["due"] = -1
    row["left"] = -1
    row["key"] = incident["run"]
    row["parent"] = incident["key"]
    row["born"] = incident["started"]
    row["orbit"] = incident["alarm"]
    row["queued"] = incident["posted"] if incident["posted"] < NEVER else -1
    row["started"] = incident["mended"] if incident["mended"] < NEVER else -1
    row["ended"] = is_over_at(state, i)
    row["touched"] = int(incident["arr"])
    row["agent_time"] = 0
    incident["serial"] += 1
    incident["started"] = -1
