"""Work tally: contact rows into integer accumulators by kind of work, day and column.

Pieces of work count on the day on which they joined their queue, agents' time on the day of the clock.
"""

from typing import Final

import numpy as np

from sim.case_tally import (
    BOUNCED_COLUMN,
    DEFLECTED_COLUMN,
    MILLIVIEWS,
    PREVENTED_COLUMN,
    CaseFrame,
    CaseTally,
    day_of_tick,
)
from sim.clock import NEVER
from sim.contacts import SIDE
from sim.jit import U64, compiled
from sim.log import CASE_OPEN, DEFLECTED, GATE, HANDLED, HELD, LEG, OPEN, OVERFLOWED, PREVENTED, STRUCK_OFF

WORK_COLUMNS: Final = ("done", "time", "due", "on_time", "late", "struck_off")
_DONE, _TIME, _DUE, _ON_TIME, _LATE, _STRUCK_OFF = range(len(WORK_COLUMNS))


@compiled
def tally_work(frame: CaseFrame, tally: CaseTally, rows: np.ndarray) -> int:
    """Add contact rows (CONTACT_ROW) by kind of work; returns how many pieces of work are still open."""
    warm_up = frame.sizes[0]["warm_up"]
    still_open = 0
    for n in range(rows.size):
        row = rows[U64(n)]
        if row["row"] == GATE:
            if row["born"] >= warm_up:
                counts = tally.counts[U64(row["stream"]), U64(day_of_tick(frame, row["born"]))]
                if row["outcome"] == PREVENTED:
                    counts[PREVENTED_COLUMN] += 1
                    continue
                counts[DEFLECTED_COLUMN if row["outcome"] == DEFLECTED else BOUNCED_COLUMN] += 1
                counts[MILLIVIEWS] += frame.views[U64(row["stream"])]
        elif row["row"] == HELD or (row["row"] == LEG and row["outcome"] != OVERFLOWED):
            still_open += row["outcome"] == OPEN
            work = tally.work[U64(frame.kinds[U64(row["step"])])]
            # A piece of work counts as if done in one, up to its end.
            _add_time(frame, work, row["ended"] - row["agent_time"], row["ended"])
            if row["row"] == LEG and row["queued"] >= warm_up:
                _count_work(frame, work[U64(day_of_tick(frame, row["queued"]))], row)
    return still_open


@compiled
def _add_time(frame: CaseFrame, work: np.ndarray, since: int, until: int) -> None:
    """Add a span of work to each day its part."""
    sizes = frame.sizes[0]
    since = max(since, sizes["warm_up"])
    while since < until:
        day = day_of_tick(frame, since)
        stop = until if day == sizes["days"] else min(until, frame.edges[U64(day + 1)])
        work[U64(day), _TIME] += stop - since
        since = stop


@compiled
def _count_work(frame: CaseFrame, counts: np.ndarray, row: np.void) -> None:
    """Count a piece of work, and whether it was done when due (or begun, where that is promised)."""
    outcome = row["outcome"]
    counts[_DONE] += outcome == HANDLED
    counts[_STRUCK_OFF] += outcome == STRUCK_OFF
    due = row["due"]
    if 0 <= due < NEVER and outcome in (HANDLED, OPEN):
        until = _fulfilled(frame, row)
        if until < 0:
            until = frame.sizes[0]["end"]
            if due >= until:
                return
        counts[_DUE] += 1
        counts[_ON_TIME] += until <= due
        counts[_LATE] += max(until - due, 0)


@compiled
def _fulfilled(frame: CaseFrame, row: np.void) -> int:
    """When what was promised of a piece of work came about, or -1."""
    if frame.answered[U64(row["step"])]:
        return int(row["started"])
    return int(row["ended"]) if row["outcome"] == HANDLED else -1


def overdue_updates(frame: CaseFrame, rows: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """Of each case that is open: how many of its updates in `rows` are still open and past due."""
    still_open = (rows["row"] == LEG) & (rows["outcome"] == OPEN) & (rows["role"] == SIDE)
    owed = rows[still_open & (frame.updates[rows["step"]] == 1) & (rows["due"] < frame.sizes[0]["end"])]
    keys = np.sort(owed["case"])
    late = np.searchsorted(keys, cases["key"], "right") - np.searchsorted(keys, cases["key"], "left")
    return np.where(cases["outcome"] == CASE_OPEN, late, 0).astype(np.int64)
