"""What a team has seen by each midnight, from an export: the counters by tag that its loop looks at.

They are those of `sim/topics.py`, counted at the same moments as far as an export tells: a contact when it
comes, or, where it bears no tag yet, when somebody has tagged it; work and solutions when they end. What is
known by the true cause alone stays 0: nobody in the team looks at it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.asof.cases import SOLVED, Stood
from sim.asof.seen import Ints
from sim.clock import to_ticks
from sim.compile import Model
from sim.layout import NOBODY
from sim.log import HANDLED
from sim.loop.observed import COLUMNS

_LAST: Final = np.iinfo(np.int64).max


class Midnights(NamedTuple):
    """How things stood at midnights, from that before the first day on."""

    counts: Ints  # [midnight, tag, column], tags are causes and, last, untagged
    open_cases: Ints  # [midnight]
    overdue: Ints  # [midnight]: of these, past what was promised


def nothing_seen(model: Model, days: int) -> Midnights:
    """Of a model without cases, nothing is known by tags."""
    none = np.zeros(days + 1, np.int64)
    return Midnights(np.zeros((days + 1, len(model.names.causes) + 1, len(COLUMNS)), np.int64), none, none)


class _Noted(NamedTuple):
    """Something that is counted: when, under which tag (-1: none), and how much."""

    column: str
    tick: Ints
    tag: Ints
    amount: Ints


def midnights(model: Model, found: Stood, days: int) -> Midnights:
    """How things stood at the midnights before days 0 to `days`."""
    ticks = np.array(model.almanac.midnights[: days + 1], np.int64) * to_ticks(1)
    causes = len(model.names.causes)
    counts = np.zeros((days + 1, causes + 1, len(COLUMNS)), np.int64)
    for noted in _noted(model, found):
        at = np.searchsorted(ticks, noted.tick, side="right")  # the first midnight that knows of it
        tag = np.where(noted.tag >= 0, noted.tag, causes)
        known = at <= days
        column = np.full(len(at), COLUMNS.index(noted.column))
        np.add.at(counts, (at[known], tag[known], column[known]), noted.amount[known])
    return Midnights(counts.cumsum(axis=0), *_open_at(found, ticks))


def _noted(model: Model, found: Stood) -> Iterator[_Noted]:
    legs, contacts, cases = found.legs, found.contacts, found.cases
    of = np.cumsum(contacts.starts) - 1
    case, first = cases[of], contacts.starts
    tick, tag = _counted(found, of)
    one = np.ones(len(of), np.int64)
    yield _Noted("contacts", tick, tag, one)
    avoidable = (tag >= 0) & (case["chance"] < np.append(model.tables.causes["avoidable"], 0)[tag])
    yield _Noted("avoidable", tick, tag, avoidable.astype(np.int64))
    yield _Noted("cases", tick[first], tag[first], one[first])
    yield _Noted("arr", tick[first], tag[first], legs["arr"][contacts.first[first]])
    done = (legs["started"] >= 0) & (legs["ended"] >= 0)
    worked = (np.maximum(legs["wrapped"], legs["ended"]) - legs["started"])[done]
    yield _Noted("agent_ticks", legs["ended"][done], cases["topic"][of[contacts.of_leg]][done], worked)
    back = contacts.returns
    yield _Noted("returned", legs["queued"][contacts.first[back]], case["topic"][back], one[back])
    solves = found.solves
    yield _Noted("solved", legs["ended"][contacts.last[solves]], case["topic"][solves], one[solves])
    rated = (found.state == SOLVED) & (cases["csat"] > 0)
    asked = cases[rated]
    yield _Noted("rated", asked["solved"], asked["topic"], np.ones(len(asked), np.int64))
    yield _Noted("unhappy", asked["solved"], asked["topic"], (asked["sentiment"] < 0).astype(np.int64))


def _counted(found: Stood, of: Ints) -> tuple[Ints, Ints]:
    """When each contact is counted, and by which tag its case is known then."""
    legs, contacts = found.legs, found.contacts
    case, head = found.cases[of], contacts.first
    waits_for_tag = (case["tag"] < 0) & contacts.starts
    sorted_out = legs["outcome"][head] == HANDLED
    ended = np.where(legs["ended"][head] >= 0, legs["ended"][head], _LAST)
    tick = np.where(waits_for_tag, ended, legs["queued"][head])
    tag = np.where(case["tag"] >= 0, case["tag"], case["topic"])
    return tick, np.where(waits_for_tag & ~sorted_out, NOBODY, tag)


def _open_at(found: Stood, ticks: Ints) -> tuple[Ints, Ints]:
    """How many cases are open at each moment, and how many of them are past their promise."""
    contacts, legs = found.contacts, found.legs
    of = np.cumsum(contacts.starts) - 1
    born = legs["queued"][contacts.first]
    until = _until(found)
    due = found.cases["resolution_due"][of]
    late = np.where(due >= 0, np.maximum(born, due + 1), _LAST)
    return _within(born, until, ticks), _within(np.minimum(late, until), until, ticks)


def _until(found: Stood) -> Ints:
    """Until when each contact keeps its case open: it is solved, given up, or the next contact takes over."""
    contacts, legs = found.contacts, found.legs
    ended = legs["ended"][contacts.last]
    following = np.append(legs["queued"][contacts.first][1:], _LAST)
    following = np.where(np.append(contacts.starts[1:], True), _LAST, following)
    gone = (legs["outcome"][contacts.last] != HANDLED) & (ended >= 0) & (following == _LAST)
    return np.where(found.solves | gone, ended, following)


def _within(since: Ints, until: Ints, ticks: Ints) -> Ints:
    """How many spans [since, until) hold each moment, those that began before it."""
    begun = np.searchsorted(np.sort(since), ticks, side="left")
    over = np.searchsorted(np.sort(until), ticks, side="left")
    found: Ints = begun - over
    return found
