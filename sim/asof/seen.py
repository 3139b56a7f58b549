"""What an export says of contacts, as arrays on the clock of a model; and how that stood at a moment.

Rows are legs, as in an export: what is known of a case as a whole stands in the first of its rows. Names are
row numbers of the model already. An export may have been written later than the day as of which it is asked:
what has happened since is taken away again.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.layout import NOBODY
from sim.log import HANDLED, OPEN

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNKNOWN: Final = -1

SEEN = np.dtype(
    [
        ("contact", "u8"),  # keys: of the contact,
        ("case", "u8"),  # ... of its case, or 0,
        ("user", "u8"),  # ... of the person, or 0
        ("leg", "i4"),  # from 0
        ("stream", "i4"),
        ("queue", "i4"),
        ("group", "i4"),  # of the agent, or -1
        ("severity", "i4"),  # or -1, as of all that follow
        ("cause", "i4"),  # the first tag
        ("final", "i4"),  # the last
        ("tier", "i4"),
        ("outcome", "i1"),  # code in sim/log.py
        ("avoidable", "i1"),  # as far as its tag tells: 0, 1 or -1
        ("csat", "i1"),  # 0: no answer
        ("nps", "i1"),  # or -1
        ("effort", "i1"),  # or 0
        ("sentiment", "i1"),  # -1, 0 or 1
        ("reopens", "i4"),
        ("incident", "i8"),  # its number (sim/case_layout.py), or -1
        ("arr", "i8"),  # whole units of the currency, or 0
        ("queued", "i8"),  # ticks since the horizon's start, or -1
        ("started", "i8"),
        ("ended", "i8"),
        ("wrapped", "i8"),  # end of the work after it
        ("left", "i8"),  # when the customer had left unseen, or -1
        ("resolved", "i8"),  # the case, the last time
        ("replied", "i8"),  # ... for the first time
    ],
    align=True,
)
_MOMENTS: Final = ("started", "ended", "wrapped", "left", "replied")


class Seen(NamedTuple):
    """An export: its legs, and which of its columns say anything."""

    legs: np.ndarray  # SEEN
    columns: frozenset[str]


class Contacts(NamedTuple):
    """Contacts in the order of their groups (the case, or the person where there are none) and arrivals.

    `first` and `last` are rows of the legs; a contact is a `return` where the one before it in its group had
    been handled, and an attempt (from 0) further where that was lost.
    """

    first: Ints
    last: Ints
    group: NDArray[np.uint64]
    starts: Bools  # whether it is the first of its group
    returns: Bools
    back: Bools  # whether it comes about what was handled before, or is another attempt at that
    attempt: Ints
    before: Ints  # the contact before it in its group, or -1
    of_leg: Ints  # [leg]: its contact


def in_order(legs: np.ndarray) -> np.ndarray:
    """Legs in the order of their contacts and of their numbers."""
    return legs[np.lexsort((legs["queued"], legs["leg"], legs["contact"]))]


def as_it_stood(legs: np.ndarray, tick: int) -> np.ndarray:
    """The legs that had begun before a tick, and what was known of each by then."""
    found = legs[legs["queued"] < tick]
    for field in _MOMENTS:
        found[field] = np.where(found[field] >= tick, UNKNOWN, found[field])
    still = found["ended"] < 0
    found["outcome"] = np.where(still, OPEN, found["outcome"])
    settled = (found["resolved"] >= 0) & (found["resolved"] < tick)
    for field, none in (("csat", 0), ("nps", NOBODY), ("effort", 0), ("sentiment", 0)):
        found[field] = np.where(settled, found[field], none)
    return found


def contacts_of(legs: np.ndarray, cased: bool) -> Contacts:
    """The contacts of legs that are in order."""
    n = len(legs)
    new = np.ones(n, bool)
    new[1:] = legs["contact"][1:] != legs["contact"][:-1]
    first = np.flatnonzero(new)
    last = np.append(first[1:], n) - 1
    own = legs["case" if cased else "user"][first]
    group = np.where(own != 0, own, legs["contact"][first])
    order = np.lexsort((legs["contact"][first], legs["queued"][first], group))
    first, last, group = first[order], last[order], group[order]
    starts = np.ones(len(first), bool)
    starts[1:] = group[1:] != group[:-1]
    handled = legs["outcome"][last] == HANDLED
    after = np.zeros(len(first), bool)  # comes after one that was handled
    after[1:] = ~starts[1:] & handled[:-1]
    afresh = starts | after
    place = np.arange(len(first))
    attempt = place - np.maximum.accumulate(np.where(afresh, place, 0))
    before = np.where(starts, NOBODY, place - 1)
    head = np.maximum.accumulate(np.where(starts, place, 0))
    so_far = np.cumsum(handled) - handled
    back = so_far > so_far[head] if len(head) else starts
    of_leg = np.empty(len(first), np.int64)
    of_leg[order] = np.arange(len(first))
    return Contacts(first, last, group, starts, after, back, attempt, before, of_leg[np.cumsum(new) - 1])


def answered_before(legs: np.ndarray) -> Ints:
    """Of each leg, how many of its contact's were handled before it; legs are in order."""
    handled = (legs["outcome"] == HANDLED).astype(np.int64)
    so_far = np.cumsum(handled) - handled
    new = np.ones(len(legs), bool)
    new[1:] = legs["contact"][1:] != legs["contact"][:-1]
    head = np.maximum.accumulate(np.where(new, np.arange(len(legs)), 0))
    found: Ints = so_far - so_far[head] if len(legs) else so_far
    return found


def is_later_leg(legs: np.ndarray) -> Bools:
    """Whether a leg, in order, follows another of its contact."""
    found = np.zeros(len(legs), bool)
    found[1:] = legs["contact"][1:] == legs["contact"][:-1]
    return found
