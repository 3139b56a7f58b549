"""Tally: log rows into integer accumulators, by scope, interval and column.

Only integers are added up (counts, ticks, log-linear buckets), so the sums do not depend on how a
run is cut into chunks. Counts go to the interval of arrival, time to the interval of the clock.

Scopes are rows in this order: all, the queues, the groups, the streams (see `Frame`). Bins are
intervals, or for long horizons days and then the intervals of a week; the last bin is what
happens after the horizon's end, while the system drains.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.jit import compiled
from sim.log import ABANDONED, ARRIVED, BLOCKED, CLEARED, CLOSED, HANDLED, OPEN, OVERFLOWED, SHARING, WORKING

COLUMNS: Final = (
    "offered", "retried", "backlog", "answered", "answered_within", "abandoned", "abandoned_within",
    "abandoned_short", "blocked", "closed", "cleared", "overflowed", "open", "delayed", "wait_answered",
    "wait_abandoned", "handled", "orbit", "waiting", "max_queue", "idle", "working", "sharing", "chats",
)  # fmt: skip
(
    _OFFERED, _RETRIED, _BACKLOG, _ANSWERED, _ANSWERED_WITHIN, _ABANDONED, _ABANDONED_WITHIN,
    _ABANDONED_SHORT, _BLOCKED, _CLOSED, _CLEARED, _OVERFLOWED, _OPEN, _DELAYED, _WAIT_ANSWERED,
    _WAIT_ABANDONED, _HANDLED, _ORBIT, _WAITING, _MAX_QUEUE, _IDLE, _WORKING, _SHARING, _CHATS,
) = range(len(COLUMNS))  # fmt: skip
MAX_QUEUE: Final = _MAX_QUEUE
ANSWERED: Final = _ANSWERED

FINE: Final = 128  # buckets an octave of waits over the horizon
COARSE: Final = 16  # ... in an interval
UNIT: Final = 512  # ticks: waits shorter than this are one bucket
OCTAVES: Final = 40
FINE_BUCKETS: Final = FINE * OCTAVES
COARSE_BUCKETS: Final = COARSE * OCTAVES

SPOT = np.dtype([("bin", "i8"), ("profile", "i8")], align=True)  # where an interval is counted; -1: nowhere
LIMITS = np.dtype([("within", "i8"), ("short", "i8")], align=True)  # ticks, of a queue's service level
FRAME = np.dtype(
    [
        ("interval", "i8"),  # ticks
        ("intervals", "i8"),
        ("warm_up", "i8"),  # ticks: what arrives before is not counted
        ("queues", "i8"),
        ("groups", "i8"),
        ("after", "i8"),  # the bin of what happens after the horizon
    ],
    align=True,
)


class Frame(NamedTuple):
    """What log rows are held against: sizes, bins and limits."""

    sizes: np.ndarray  # FRAME, one row
    spots: np.ndarray  # SPOT, one row an interval
    queues: np.ndarray  # LIMITS, one row a queue
    streams: np.ndarray  # LIMITS, one row a stream


class Tally(NamedTuple):
    """Accumulators of one replication."""

    counts: np.ndarray  # int64 [scope, bin, column]
    waits: np.ndarray  # int64 [scope, bucket]: waits of the answered over the horizon
    bin_waits: np.ndarray  # int32 [queue, bin, bucket]
    lines: np.ndarray  # int32 [queue, interval, 2]: longest line joined, line at the interval's start


@compiled
def bucket(ticks: int, per_octave: int) -> int:
    """Log-linear bucket of a wait: `per_octave` equal steps from each power of two to the next."""
    y = ticks // UNIT
    octave = 0
    while y >= 2 * per_octave:
        y >>= 1
        octave += 1
    return octave * per_octave + y


def bucket_middle(index: np.ndarray, per_octave: int) -> np.ndarray:
    """The wait (ticks) in the middle of a bucket; 0 for the first, which holds immediate answers."""
    octave = np.maximum(index // per_octave - 1, 0)
    y = index - octave * per_octave
    return np.where(index == 0, 0.0, (y + 0.5) * 2.0**octave * UNIT)


@compiled
def _add(frame: Frame, tally: Tally, scope: int, i: int, column: int, amount: int) -> None:
    """Add to a column of a scope in interval i (or after the last)."""
    sizes = frame.sizes[0]
    if i >= sizes["intervals"]:
        tally.counts[scope, sizes["after"], column] += amount
        return
    spot = frame.spots[i]
    if spot["bin"] >= 0:
        tally.counts[scope, spot["bin"], column] += amount
        if spot["profile"] >= 0:
            tally.counts[scope, spot["profile"], column] += amount


@compiled
def _add_time(frame: Frame, tally: Tally, scope: int, span: tuple[int, int], column: int, weight: int) -> None:
    """Add a span of time to a column, to each interval its part."""
    sizes = frame.sizes[0]
    start = max(span[0], sizes["warm_up"])
    end = span[1]
    while start < end:
        i = start // sizes["interval"]
        stop = end if i >= sizes["intervals"] else min(end, (i + 1) * sizes["interval"])
        _add(frame, tally, scope, i, column, (stop - start) * weight)
        start = stop


@compiled
def tally_contacts(frame: Frame, tally: Tally, rows: np.ndarray) -> None:
    """Add contact rows (CONTACT_ROW) to the tally."""
    sizes = frame.sizes[0]
    first_stream = 1 + sizes["queues"] + sizes["groups"]
    for n in range(rows.size):
        row = rows[n]
        stream = first_stream + row["stream"]
        if row["row"] == ARRIVED:
            _arrival(frame, tally, 0, row, row["born"])
            _arrival(frame, tally, stream, row, row["born"])
            continue
        queue = 1 + row["queue"]
        _line(frame, tally, row)
        _arrival(frame, tally, queue, row, row["queued"])
        _leg(frame, tally, queue, row, row["queued"], frame.queues[row["queue"]])
        if row["outcome"] == HANDLED:
            _leg(frame, tally, 1 + sizes["queues"] + row["group"], row, row["queued"], frame.queues[row["queue"]])
        if row["outcome"] != OVERFLOWED:
            _leg(frame, tally, 0, row, row["born"], frame.streams[row["stream"]])
            _leg(frame, tally, stream, row, row["born"], frame.streams[row["stream"]])


@compiled
def _arrival(frame: Frame, tally: Tally, scope: int, row: np.void, at: int) -> None:
    if at < frame.sizes[0]["warm_up"]:
        return
    i = at // frame.sizes[0]["interval"]
    first = row["leg"] == 0
    _add(frame, tally, scope, i, _BACKLOG if row["backlog"] and first else _OFFERED, 1)
    if row["attempt"] > 0 and first:
        _add(frame, tally, scope, i, _RETRIED, 1)
        _add(frame, tally, scope, i, _ORBIT, row["orbit"])


@compiled
def _leg(frame: Frame, tally: Tally, scope: int, row: np.void, since: int, limits: np.void) -> None:
    """Count how a leg ended, for a scope in which the wait began at `since`."""
    if since < frame.sizes[0]["warm_up"]:
        return
    i = since // frame.sizes[0]["interval"]
    outcome = row["outcome"]
    if outcome == HANDLED:
        wait = row["started"] - since
        _add(frame, tally, scope, i, _ANSWERED, 1)
        _add(frame, tally, scope, i, _HANDLED, row["touched"])
        if wait > 0:
            _add(frame, tally, scope, i, _DELAYED, 1)
            _add(frame, tally, scope, i, _WAIT_ANSWERED, wait)
        if wait <= limits["within"]:
            _add(frame, tally, scope, i, _ANSWERED_WITHIN, 1)
        tally.waits[scope, bucket(wait, FINE)] += 1
        if 1 <= scope <= frame.sizes[0]["queues"]:
            _bin_wait(frame, tally, scope - 1, i, bucket(wait, COARSE))
    elif outcome == ABANDONED or outcome == CLEARED:
        _left(frame, tally, scope, i, row["ended"] - since, limits)
        if outcome == CLEARED:
            _add(frame, tally, scope, i, _CLEARED, 1)
    elif outcome == BLOCKED:
        _add(frame, tally, scope, i, _BLOCKED, 1)
    elif outcome == CLOSED:
        _add(frame, tally, scope, i, _CLOSED, 1)
    elif outcome == OVERFLOWED:
        _add(frame, tally, scope, i, _OVERFLOWED, 1)
    elif outcome == OPEN:
        _add(frame, tally, scope, i, _OPEN, 1)


@compiled
def _left(frame: Frame, tally: Tally, scope: int, i: int, wait: int, limits: np.void) -> None:
    """A contact left without an answer after `wait`."""
    _add(frame, tally, scope, i, _ABANDONED, 1)
    _add(frame, tally, scope, i, _DELAYED, 1)
    _add(frame, tally, scope, i, _WAIT_ABANDONED, wait)
    if wait <= limits["within"]:
        _add(frame, tally, scope, i, _ABANDONED_WITHIN, 1)
    if wait <= limits["short"]:
        _add(frame, tally, scope, i, _ABANDONED_SHORT, 1)


@compiled
def _bin_wait(frame: Frame, tally: Tally, queue: int, i: int, which: int) -> None:
    if i >= frame.sizes[0]["intervals"]:
        return
    spot = frame.spots[i]
    if spot["bin"] >= 0:
        tally.bin_waits[queue, spot["bin"], which] += 1
        if spot["profile"] >= 0:
            tally.bin_waits[queue, spot["profile"], which] += 1


@compiled
def _line(frame: Frame, tally: Tally, row: np.void) -> None:
    """The time that a leg waited, and the length of the line: when joined, and at interval starts."""
    if row["found"] == 0:
        return
    sizes = frame.sizes[0]
    until = row["started"] if row["started"] >= 0 else row["ended"]
    span = (row["queued"], until)
    _add_time(frame, tally, 0, span, _WAITING, 1)
    _add_time(frame, tally, 1 + row["queue"], span, _WAITING, 1)
    i = row["queued"] // sizes["interval"]
    if i < sizes["intervals"]:
        tally.lines[row["queue"], i, 0] = max(tally.lines[row["queue"], i, 0], row["found"])
    last = min((until - 1) // sizes["interval"], sizes["intervals"] - 1)
    for j in range(i + 1, last + 1):
        tally.lines[row["queue"], j, 1] += 1


@compiled
def tally_agents(frame: Frame, tally: Tally, rows: np.ndarray) -> None:
    """Add agent rows (AGENT_ROW) to the tally."""
    first_group = 1 + frame.sizes[0]["queues"]
    for n in range(rows.size):
        row = rows[n]
        span = (row["start"], row["end"])
        column = _WORKING if row["state"] == WORKING else (_SHARING if row["state"] == SHARING else _IDLE)
        _add_time(frame, tally, 0, span, column, 1)
        _add_time(frame, tally, first_group + row["group"], span, column, 1)
        if column == _SHARING:
            _add_time(frame, tally, 0, span, _CHATS, row["load"])
            _add_time(frame, tally, first_group + row["group"], span, _CHATS, row["load"])


@compiled
def bucket_quantiles(waits: np.ndarray, shares: np.ndarray, found: np.ndarray) -> None:
    """For each row of `waits` [row, bucket], the bucket of each quantile, or -1 in an empty row."""
    for n in range(waits.shape[0]):
        total = 0
        for b in range(waits.shape[1]):
            total += waits[n, b]
        below = 0
        b = -1
        for q in range(shares.size):
            while total > 0 and below < shares[q] * total:
                b += 1
                below += waits[n, b]
            found[n, q] = b
