"""Cases as an export tells of them: rows of the log as they stood at a moment, and where each stood.

What an export does not say stays as it is in a row of which nothing is known; `sim/asof/told.py` says which
measures cannot be had for that.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.asof.seen import Bools, Contacts, Ints, Seen, answered_before, as_it_stood, contacts_of, is_later_leg
from sim.case_layout import CASE
from sim.cases import promised_for
from sim.compile import Model
from sim.jit import U64, compiled
from sim.layout import NOBODY, Tables
from sim.log import CASE_LOST, CASE_OPEN, CASE_SOLVED, HANDLED, OPEN, OVERFLOWED
from sim.returns import SOON

# Where a case stands.
SETTLED: Final = 0  # given up, or left unsolved for so long that nobody goes on
SOLVED: Final = 1  # its customer may come back
WAITS: Final = 2  # a leg of it waits, or is being worked on
PUT_OFF: Final = 3  # handled, and not solved by that: another leg comes later

RESOLVED: Final = "resolved_at"
REPLIED: Final = "first_response_at"
REOPENS: Final = "reopens"
_NEVER_AVOIDABLE: Final = 2_000_000  # in millionths: above any share


class Stood(NamedTuple):
    """What an export tells as of a tick; contacts are those of the legs, cases in the order of their keys."""

    legs: np.ndarray  # SEEN, in order
    contacts: Contacts
    solves: Bools  # [contact]: whether it had solved its case by then
    cases: np.ndarray  # CASE
    state: Ints  # [case]: codes above
    last: Ints  # [case]: the contact by which it goes on, or went


class _After(NamedTuple):
    """How things went on after the tick, as far as the export was written later: [contact]."""

    goes_on: Bools  # another leg of it comes
    comes_again: Bools  # another contact of its group comes
    returns: Ints  # how often its customer comes back in all


def stood(model: Model, seen: Seen, tick: int, cased: bool) -> Stood:
    """What was known at a tick; `seen.legs` are in order."""
    legs = as_it_stood(seen.legs, tick)
    contacts = contacts_of(legs, cased)
    if not cased:
        none = np.zeros(0, np.int64)
        return Stood(legs, contacts, np.zeros(len(contacts.first), bool), np.zeros(0, CASE), none, none)
    after = _after(seen.legs, legs, contacts, tick)
    of = np.cumsum(contacts.starts) - 1
    rows = _opened(model, legs[contacts.first[contacts.starts]], contacts)
    solves = _solves(legs, contacts, of, after, seen.columns, tick)
    state, last = _states(legs, contacts, solves, len(rows), of)
    _add_legs(rows, legs, contacts, of)
    _add_returns(rows, legs, contacts, of, after, seen.columns)
    _close(rows, legs, contacts, solves, of, state, last)
    _reply(model, rows, legs, contacts, of, seen.columns)
    _promise(model.tables, rows)
    return Stood(legs, contacts, solves, rows, state, last)


def _after(whole: np.ndarray, legs: np.ndarray, contacts: Contacts, tick: int) -> _After:
    all_of = contacts_of(whole, True)
    later = whole[whole["queued"] >= tick]
    goes_on = np.isin(legs["contact"][contacts.first], later["contact"])
    begins = whole["queued"][all_of.first] >= tick
    comes_again = np.isin(contacts.group, all_of.group[begins])
    groups, place = np.unique(all_of.group, return_inverse=True)
    returns = np.bincount(place, all_of.returns, len(groups)).astype(np.int64)
    return _After(goes_on, comes_again, returns[np.searchsorted(groups, contacts.group)])


def _opened(model: Model, first: np.ndarray, contacts: Contacts) -> np.ndarray:
    """A row for each case, with what was known when it was opened."""
    rows = np.zeros(len(first), CASE)
    for field in ("solved", "closed", "first_solved", "replied", "account"):
        rows[field] = NOBODY
    for field in ("stream", "severity", "tier", "incident", "csat", "nps", "effort", "sentiment"):
        rows[field] = first[field]
    rows["key"], rows["born"], rows["quality"] = contacts.group[contacts.starts], first["queued"], 1000
    rows["tag"] = first["cause"]
    rows["topic"] = np.where(first["final"] >= 0, first["final"], first["cause"])
    # Of what bears no tag the cause is unknown: any will do where its stream has causes (sim/asof/told.py).
    has_cause = model.tables.streams["causes"][first["stream"]] >= 0
    rows["cause"] = np.where(has_cause, np.maximum(rows["topic"], 0), rows["topic"])
    rows["chance"] = np.where(first["avoidable"] == 0, _NEVER_AVOIDABLE, 0)
    return rows


def _solves(
    legs: np.ndarray, contacts: Contacts, of: Ints, after: _After, columns: frozenset[str], tick: int
) -> Bools:
    """Which contacts had solved their case: handled, and followed by a return, or by nothing more.

    A case whose last contact was handled is solved if the export says so, or if its customer comes back.
    """
    handled: Bools = (legs["outcome"][contacts.last] == HANDLED) & ~after.goes_on
    ends = np.append(contacts.starts[1:], True)
    if RESOLVED not in columns:
        return handled
    resolved = _resolved(legs, contacts, of)[of]
    found: Bools = handled & (~ends | after.comes_again | ((resolved >= 0) & (resolved < tick)))
    return found


def _resolved(legs: np.ndarray, contacts: Contacts, of: Ints) -> Ints:
    """When each case was resolved, as any of its rows says."""
    found = np.full(int(of[-1]) + 1 if len(of) else 0, NOBODY)
    np.maximum.at(found, of[contacts.of_leg], legs["resolved"])
    return found


def _states(legs: np.ndarray, contacts: Contacts, solves: Bools, cases: int, of: Ints) -> tuple[Ints, Ints]:
    """Where each case stands, and the contact by which it does: one that is open, or else the last."""
    place = np.arange(len(of))
    last = np.full(cases, NOBODY)
    last[of] = place  # the last one that is written stays
    outcome = legs["outcome"][contacts.last]
    is_open = outcome == OPEN
    last[of[is_open]] = place[is_open]
    went_on = (outcome[last] == HANDLED) & ~solves[last]
    found = np.where(
        is_open[last], WAITS, np.where(solves[last], SOLVED, np.where(went_on, PUT_OFF, SETTLED))
    )
    return found.astype(np.int64), last


def _add_legs(rows: np.ndarray, legs: np.ndarray, contacts: Contacts, of: Ints) -> None:
    """What its contacts and their legs add to each case."""
    case = of[contacts.of_leg]
    handled = legs["outcome"] == HANDLED
    worked = np.maximum(legs["wrapped"], legs["ended"]) - legs["started"]
    moved = is_later_leg(legs)
    moved[1:] &= handled[:-1] & (legs["queue"][1:] != legs["queue"][:-1])
    first = (answered_before(legs) == 0) & (legs["outcome"] != OPEN) & (legs["outcome"] != OVERFLOWED)
    until = np.where(handled, legs["started"], np.where(legs["left"] >= 0, legs["left"], legs["ended"]))
    waited = until - legs["queued"][contacts.first][contacts.of_leg]
    np.add.at(rows["contacts"], of, 1)
    for field, amount in (
        ("legs", handled),
        ("transfers", moved),
        ("touched", np.where(handled, worked, 0)),
        ("waited", np.where(first, waited, 0)),
    ):
        np.add.at(rows[field], case, amount.astype(np.int64))


def _add_returns(
    rows: np.ndarray, legs: np.ndarray, contacts: Contacts, of: Ints, after: _After, columns: frozenset[str]
) -> None:
    """How often customers came back, by the same channel or by another, and whether within seven days.

    Where an export counts how often cases were opened again, all others came another way; where a case has
    both, or nothing is counted, the stream decides.
    """
    back = np.flatnonzero(contacts.returns)
    before = contacts.before[back]
    stream = legs["stream"][contacts.first]
    reopened = stream[back] == stream[before]
    if REOPENS in columns:
        total = np.zeros(len(rows), np.int64)
        np.maximum.at(total, of[contacts.of_leg], legs["reopens"])
        counted = total[of[back]]
        reopened = np.where(counted <= 0, False, np.where(counted >= after.returns[back], True, reopened))
    soon = legs["queued"][contacts.first[back]] - legs["ended"][contacts.last[before]] <= SOON
    for field, which in (
        ("reopened", reopened),
        ("repeated", ~reopened),
        ("soon", soon),
        ("reopened_soon", soon & reopened),
    ):
        np.add.at(rows[field], of[back], which.astype(np.int64))


def _close(
    rows: np.ndarray, legs: np.ndarray, contacts: Contacts, solves: Bools, of: Ints, state: Ints, last: Ints
) -> None:
    """When cases were solved, for the first and the last time, or given up."""
    ended = legs["ended"][contacts.last]
    first = np.flatnonzero(solves)[::-1]
    rows["first_solved"][of[first]] = ended[first]  # the first one is written last
    solved, lost = state == SOLVED, state == SETTLED
    rows["solved"] = np.where(solved, ended[last], NOBODY)
    rows["closed"] = np.where(solved | lost, ended[last], NOBODY)
    rows["lost"] = np.where(lost, legs["outcome"][contacts.last[last]], 0)
    rows["outcome"] = np.where(solved, CASE_SOLVED, np.where(lost, CASE_LOST, CASE_OPEN))


def _reply(
    model: Model, rows: np.ndarray, legs: np.ndarray, contacts: Contacts, of: Ints, columns: frozenset[str]
) -> None:
    """When customers were first answered: as the export says, or else with the first leg that was handled."""
    case = of[contacts.of_leg]
    if REPLIED in columns:
        np.maximum.at(rows["replied"], case, legs["replied"])
        return
    spoken = model.tables.streams["live"][legs["stream"]] == 1
    spoken |= model.start.queues["live"][legs["queue"]] == 1
    handled = legs["outcome"] == HANDLED
    answered = np.where(spoken, legs["started"], legs["ended"])[handled]
    found = np.full(len(rows), np.iinfo(np.int64).max)
    np.minimum.at(found, case[handled], answered)
    rows["replied"] = np.where(found < np.iinfo(np.int64).max, found, NOBODY)


@compiled
def _promise(tables: Tables, rows: np.ndarray) -> None:
    """Note what was promised for each case."""
    for n in range(rows.size):
        row = rows[U64(n)]
        row["reply_due"], row["resolution_due"] = promised_for(tables, row["severity"], row["born"])
