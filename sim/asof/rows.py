"""Legs of an export as rows of the log, so that the tallies of the simulator count them.

What an export does not say stays as it is in a row of which nothing is known; `sim/asof/told.py` says which
measures cannot be had for that.
"""

import numpy as np

from sim.asof.seen import Contacts, Ints, answered_before, is_later_leg
from sim.clock import NEVER
from sim.contacts import BACK, CUSTOMER
from sim.layout import CONTACT_ROW, NOBODY
from sim.log import ARRIVED, DEFLECTED, GATE, HANDLED, LEG, NONE, OPEN


def contact_rows(legs: np.ndarray, contacts: Contacts, cased: bool) -> np.ndarray:
    """CONTACT_ROW rows: each leg that is over, each contact that came, and who ended in self-service.

    Legs are in order; those that are open are no rows yet, though the contacts that came are.
    """
    rows = _legs(legs, contacts, cased)
    gate = legs["outcome"] == DEFLECTED
    came = ~gate & ~is_later_leg(legs)
    arrived, kept_away = rows[came].copy(), rows[gate].copy()
    arrived["row"], arrived["outcome"] = ARRIVED, NONE
    kept_away["row"], kept_away["outcome"] = GATE, DEFLECTED
    return np.concatenate([rows[~gate & (legs["outcome"] != OPEN)], arrived, kept_away])


def _legs(legs: np.ndarray, contacts: Contacts, cased: bool) -> np.ndarray:
    """A row LEG for each leg."""
    rows = np.zeros(len(legs), CONTACT_ROW)
    rows["row"], rows["outcome"] = LEG, legs["outcome"]
    for field in ("leg", "stream", "queue", "case"):
        rows[field] = legs[field]
    rows["key"], rows["agent"], rows["step"], rows["left"] = legs["contact"], NOBODY, 0, legs["left"]
    rows["group"] = np.maximum(legs["group"], 0)  # where groups are not told, nobody asks for them
    rows["due"] = NEVER
    rows["legs"] = answered_before(legs)
    rows["queued"], rows["started"] = legs["queued"], legs["started"]
    rows["ended"] = legs["ended"]
    worked = np.maximum(legs["wrapped"], legs["ended"]) - legs["started"]
    answered = (legs["started"] >= 0) & (legs["outcome"] == HANDLED)
    rows["touched"] = rows["agent_time"] = np.where(answered, worked, 0)
    of = contacts.of_leg
    rows["attempt"] = contacts.attempt[of]
    rows["role"] = np.where(contacts.back[of], BACK, CUSTOMER) if cased else CUSTOMER
    rows["born"] = legs["queued"][contacts.first][of]
    before = contacts.before[of]
    rows["orbit"] = np.where(before >= 0, rows["born"] - legs["ended"][contacts.last[before]], 0)
    rows["backlog"] = (rows["born"] == 0) & (rows["leg"] == 0)
    rows["found"] = _found(legs)
    return rows


def _found(legs: np.ndarray) -> Ints:
    """How long the line was that each leg joined, itself included; 0 for those that joined none."""
    found = np.zeros(len(legs), np.int64)
    left = np.where(legs["started"] >= 0, legs["started"], np.where(legs["ended"] >= 0, legs["ended"], NEVER))
    for queue in np.unique(legs["queue"]):
        mine = np.flatnonzero((legs["queue"] == queue) & (left > legs["queued"]))
        mine = mine[np.argsort(legs["queued"][mine], kind="stable")]
        gone = np.searchsorted(np.sort(left[mine]), legs["queued"][mine], side="right")
        found[mine] = np.arange(1, len(mine) + 1) - gone
    return found
