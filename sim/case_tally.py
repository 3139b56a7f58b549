"""Case tally: rows of cases into integer accumulators, by scope, day and column.

Only integers are added up, so the sums do not depend on how a run is cut into chunks. What happens to a
case is counted on the day of its birth, which must lie after the warm-up; time goes to the day of the
clock. Bins are the days that count; one more is for what happens after the horizon.

A case is *open* from its birth until its last solution: one that is reopened counts through its whole
life. One that the customer gives up is open until then. Lives of weeks cost no more than those of
minutes: the two days at the ends of a life are added to at once, those between are noted as differences
(`Spread`) and added up at the end.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.jit import U64, compiled
from sim.log import (
    CASE_LOST,
    CASE_OPEN,
    CASE_SOLVED,
)
from sim.tally import FINE, bucket

CASE_COLUMNS: Final = (
    "cases", "solved", "lost", "open", "ever_solved", "confirmed", "contacts", "legs", "transfers", "touched",
    "waited", "escalated", "tagged", "untagged", "mistagged", "reopened", "repeated", "reopened_soon",
    "returned_soon", "solved_first", "replied", "reply_time", "reply_due", "reply_met", "reply_late",
    "resolution_time", "resolution_due", "resolution_met", "resolution_late", "updates", "updates_late",
    "asked", "rated", "satisfied", "promoters", "detractors", "easy", "positive", "negative", "qa_points",
    "avoidable", "avoidable_tagged", "deflected", "bounced", "overdue", "milliviews",
    "reply_past", "resolution_past", "prevented",
)  # fmt: skip
(
    _CASES, _SOLVED, _LOST, _OPEN, _EVER_SOLVED, _CONFIRMED, _CONTACTS, _LEGS, _TRANSFERS, _TOUCHED,
    _WAITED, _ESCALATED, _TAGGED, _UNTAGGED, _MISTAGGED, _REOPENED, _REPEATED, _REOPENED_SOON,
    _RETURNED_SOON, _SOLVED_FIRST, _REPLIED, _REPLY_TIME, _REPLY_DUE, _REPLY_MET, _REPLY_LATE,
    _RESOLUTION_TIME, _RESOLUTION_DUE, _RESOLUTION_MET, _RESOLUTION_LATE, _UPDATES, _UPDATES_LATE,
    _ASKED, _RATED, _SATISFIED, _PROMOTERS, _DETRACTORS, _EASY, _POSITIVE, _NEGATIVE, _QA_POINTS,
    _AVOIDABLE, _AVOIDABLE_TAGGED, _DEFLECTED, _BOUNCED, _OVERDUE, _MILLIVIEWS,
    _REPLY_PAST, _RESOLUTION_PAST, _PREVENTED,
) = range(len(CASE_COLUMNS))  # fmt: skip
DEFLECTED_COLUMN: Final = _DEFLECTED
BOUNCED_COLUMN: Final = _BOUNCED
MILLIVIEWS: Final = _MILLIVIEWS
PREVENTED_COLUMN: Final = _PREVENTED

# What of a life is noted by day. A million cases that are all open for ten years stay below 2^63 in each.
OPEN_MS: Final = 0  # on the days at its ends: open for so many ms
ENDS_AGE: Final = 1  # ... twice the integral of its age, in AGE_UNIT
OPENED: Final = 2  # differences from day to day: open all day long, cases
BORN_S: Final = 3  # ... the sum of the moments of their birth, s
SPREAD_COLUMNS: Final = 4
AGE_UNIT: Final = 16  # s^2
TICKS_PER_MS: Final = 1_000
TICKS_PER_S: Final = 1_000_000

FRAME = np.dtype(
    [
        ("interval", "i8"),  # ticks
        ("warm_up", "i8"),  # ticks, the first interval that counts: what arrives before is not counted
        ("end", "i8"),  # ticks, of the horizon
        ("days", "i8"),
        ("severities", "i8"),  # rows of the tally: streams, then from here severities
        ("causes", "i8"),
        ("tiers", "i8"),
        ("surveyed", "i8"),
    ],
    align=True,
)


class CaseFrame(NamedTuple):
    """What rows are held against: sizes, days and limits."""

    sizes: np.ndarray  # FRAME, one row
    day_of: np.ndarray  # int64, of each interval: the day that it counts to, or -1
    edges: np.ndarray  # int64 ticks: where each day begins, and where the last one ends
    avoidable: np.ndarray  # int64, of each cause: the share of its cases that could be avoided, in millionths
    kinds: np.ndarray  # int64, of each step: its kind of work
    answered: np.ndarray  # int64, of each step: whether it is to be begun when due, not done
    updates: np.ndarray  # int64, of each step: whether it is an update owed to a customer
    views: np.ndarray  # int64, of each stream: articles that who tries self-service looks at, in thousandths


class CaseTally(NamedTuple):
    """Accumulators of one replication; rows are streams, severities, causes and tiers."""

    counts: np.ndarray  # int64 [row, day, CASE_COLUMNS]
    spread: np.ndarray  # int64 [row, day, SPREAD_COLUMNS]
    times: np.ndarray  # int64 [2, row, bucket]: to first response, to resolution
    work: np.ndarray  # int64 [kind of work, day, WORK_COLUMNS]
    one: np.ndarray  # int64 [CASE_COLUMNS]: the case at hand
    incidents: np.ndarray  # int64 [incident, day, INCIDENT_COLUMNS], see sim/incident_tally.py


@compiled
def tally_cases(frame: CaseFrame, tally: CaseTally, rows: np.ndarray, overdue: np.ndarray) -> None:
    """Add rows of cases (CASE), each with the number of its updates that are past due and not written."""
    sizes = frame.sizes[0]
    for n in range(rows.size):
        row = rows[U64(n)]
        _spread(frame, tally, row)
        if row["born"] >= sizes["warm_up"]:
            _describe(frame, tally.one, row, overdue[U64(n)])
            _count(frame, tally, row)


@compiled
def _rows_of(frame: CaseFrame, row: np.void) -> tuple[int, int, int, int]:
    """The rows of the tally that a case belongs to, or -1."""
    sizes = frame.sizes[0]
    severity, cause, tier = row["severity"], row["cause"], row["tier"]
    return (
        row["stream"],
        sizes["severities"] + severity if severity >= 0 else -1,
        sizes["causes"] + cause if cause >= 0 else -1,
        sizes["tiers"] + tier if tier >= 0 else -1,
    )


@compiled
def day_of_tick(frame: CaseFrame, tick: int) -> int:
    """The day on which what happens at a tick counts; the last is after the horizon."""
    sizes = frame.sizes[0]
    if tick >= sizes["end"]:
        return int(sizes["days"])
    return int(frame.day_of[U64(tick // sizes["interval"])])


@compiled
def _count(frame: CaseFrame, tally: CaseTally, row: np.void) -> None:
    """Add the case at hand to its rows."""
    one = tally.one
    day = day_of_tick(frame, row["born"])
    replied = bucket(one[_REPLY_TIME], FINE) if one[_REPLIED] else -1
    solved = bucket(one[_RESOLUTION_TIME], FINE) if one[_SOLVED] else -1
    for scope in _rows_of(frame, row):
        if scope >= 0:
            counts = tally.counts[U64(scope), U64(day)]
            for k in range(one.size):
                counts[U64(k)] += one[U64(k)]
            if replied >= 0:
                tally.times[0, U64(scope), U64(replied)] += 1
            if solved >= 0:
                tally.times[1, U64(scope), U64(solved)] += 1


@compiled
def _describe(frame: CaseFrame, one: np.ndarray, row: np.void, overdue: int) -> None:
    """What a case adds to each column."""
    one[:] = 0
    outcome = row["outcome"]
    one[_CASES] = 1
    one[_SOLVED] = outcome == CASE_SOLVED
    one[_LOST] = outcome == CASE_LOST
    one[_OPEN] = outcome == CASE_OPEN
    one[_CONTACTS] = row["contacts"]
    one[_LEGS] = row["legs"]
    one[_TRANSFERS] = row["transfers"]
    one[_TOUCHED] = row["touched"]
    one[_WAITED] = row["waited"]
    one[_ESCALATED] = row["escalated"] > 0
    one[_UPDATES] = row["updates"] + overdue
    one[_UPDATES_LATE] = row["late"] + overdue
    _describe_tag(frame, one, row)
    _describe_returns(one, row)
    _describe_promises(frame, one, row)
    if frame.sizes[0]["surveyed"] and outcome == CASE_SOLVED:
        _describe_survey(one, row)


@compiled
def _describe_tag(frame: CaseFrame, one: np.ndarray, row: np.void) -> None:
    cause, tag = row["cause"], row["tag"]
    if cause < 0:
        return
    one[_AVOIDABLE] = row["contacts"] if row["chance"] < frame.avoidable[U64(cause)] else 0
    if tag < 0:
        one[_UNTAGGED] = 1
        return
    one[_TAGGED] = 1
    one[_MISTAGGED] = tag != cause
    one[_AVOIDABLE_TAGGED] = row["contacts"] if row["chance"] < frame.avoidable[U64(tag)] else 0


@compiled
def _describe_returns(one: np.ndarray, row: np.void) -> None:
    """First-contact resolution: solved, by a contact that had no need of another, and none within 7 days."""
    one[_REOPENED] = row["reopened"] > 0
    one[_REPEATED] = row["repeated"] > 0
    one[_REOPENED_SOON] = row["reopened_soon"] > 0
    one[_RETURNED_SOON] = row["soon"]
    if row["first_solved"] >= 0:
        one[_EVER_SOLVED] = 1
        one[_SOLVED_FIRST] = row["soon"] == 0 and row["contacts"] == 1 + row["reopened"] + row["repeated"]


@compiled
def _describe_promises(frame: CaseFrame, one: np.ndarray, row: np.void) -> None:
    """Times to first response and to resolution, and whether they came when due."""
    born = row["born"]
    end = frame.sizes[0]["end"]
    lost = row["outcome"] == CASE_LOST
    until = row["closed"] if lost else end
    if row["replied"] >= 0:
        one[_REPLIED] = 1
        one[_REPLY_TIME] = row["replied"] - born
    one[_REPLY_DUE], one[_REPLY_MET], one[_REPLY_LATE] = _kept(row["reply_due"], row["replied"], lost, until)
    if row["outcome"] == CASE_SOLVED:
        one[_RESOLUTION_TIME] = row["solved"] - born
        one[_CONFIRMED] = row["confirmed"]
    one[_RESOLUTION_DUE], one[_RESOLUTION_MET], one[_RESOLUTION_LATE] = _kept(
        row["resolution_due"], row["solved"], lost, until
    )
    one[_REPLY_PAST], one[_RESOLUTION_PAST] = one[_REPLY_LATE] > 0, one[_RESOLUTION_LATE] > 0
    one[_OVERDUE] = row["outcome"] == CASE_OPEN and 0 <= row["resolution_due"] < end


@compiled
def _kept(due: int, done: int, lost: bool, until: int) -> tuple[int, int, int]:
    """Whether a promise counts, whether it was kept, and for how many ticks it was past due.

    What is not done is missed when it is past due, or when the customer has given up.
    """
    if due < 0:
        return 0, 0, 0
    if done >= 0:
        return 1, int(done <= due), max(done - due, 0)
    return int(lost or due < until), 0, max(until - due, 0)


@compiled
def _describe_survey(one: np.ndarray, row: np.void) -> None:
    one[_ASKED] = 1
    one[_QA_POINTS] = row["accuracy"] + row["empathy"] + row["policy"]
    if row["csat"] > 0:
        one[_RATED] = 1
        one[_SATISFIED] = row["csat"] >= 4
        one[_PROMOTERS] = row["nps"] >= 9
        one[_DETRACTORS] = row["nps"] <= 6
        one[_EASY] = row["effort"] >= 5
        one[_POSITIVE] = row["sentiment"] > 0
        one[_NEGATIVE] = row["sentiment"] < 0


@compiled
def _spread(frame: CaseFrame, tally: CaseTally, row: np.void) -> None:
    """Note for how long a case was open within the horizon, and how old it was."""
    sizes = frame.sizes[0]
    until = sizes["end"]
    if row["solved"] >= 0:
        until = min(until, row["solved"])
    elif row["closed"] >= 0:
        until = min(until, row["closed"])
    since = max(row["born"], sizes["warm_up"])
    if since >= until:
        return
    first = day_of_tick(frame, since)
    last = day_of_tick(frame, until - 1)
    born = row["born"] // TICKS_PER_S
    for scope in _rows_of(frame, row):
        if scope >= 0:
            days = tally.spread[U64(scope)]
            if first == last:
                _at_end(days[U64(first)], since, until, born)
            else:
                _at_end(days[U64(first)], since, frame.edges[U64(first + 1)], born)
                _at_end(days[U64(last)], frame.edges[U64(last)], until, born)
                days[U64(first + 1), OPENED] += 1
                days[U64(last), OPENED] -= 1
                days[U64(first + 1), BORN_S] += born
                days[U64(last), BORN_S] -= born


@compiled
def _at_end(day: np.ndarray, since: int, until: int, born: int) -> None:
    """A case born so many seconds after the horizon's start was open on a day, from one tick to another."""
    day[OPEN_MS] += until // TICKS_PER_MS - since // TICKS_PER_MS
    since_s = since // TICKS_PER_S
    until_s = until // TICKS_PER_S
    day[ENDS_AGE] += (until_s - since_s) * (until_s + since_s - 2 * born) // AGE_UNIT
