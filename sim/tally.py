"""Tally: log rows into integer accumulators, by scope, interval and column.

Only integers are added up (counts, ticks, log-linear buckets), so the sums do not depend on how a
run is cut into chunks. Counts go to the interval of arrival, time to the interval of the clock.

Scopes are rows in this order: all, the queues, the groups, the streams (see `Frame`). Bins are
intervals, or for long horizons days and then the intervals of a week; the last bin is what
happens after the horizon's end, while the system drains.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.contacts import SIDE
from sim.jit import U64, compiled
from sim.log import (
    ABANDONED,
    AGAIN,
    ARRIVED,
    BLOCKED,
    CLEARED,
    CLOSED,
    HANDLED,
    HELD,
    LEG,
    OPEN,
    OVERFLOWED,
    SHARING,
    SILENT,
    STRUCK_OFF,
    UNREACHED,
    WORKING,
)

COLUMNS: Final = (
    "offered", "retried", "backlog", "answered", "answered_within", "abandoned", "abandoned_within",
    "abandoned_short", "blocked", "closed", "cleared", "overflowed", "open", "delayed", "wait_answered",
    "wait_abandoned", "handled", "orbit", "waiting", "max_queue", "idle", "working", "sharing", "chats",
    "struck_off", "silent", "unreached", "called_back",
)  # fmt: skip
(
    _OFFERED, _RETRIED, _BACKLOG, _ANSWERED, _ANSWERED_WITHIN, _ABANDONED, _ABANDONED_WITHIN,
    _ABANDONED_SHORT, _BLOCKED, _CLOSED, _CLEARED, _OVERFLOWED, _OPEN, _DELAYED, _WAIT_ANSWERED,
    _WAIT_ABANDONED, _HANDLED, _ORBIT, _WAITING, _MAX_QUEUE, _IDLE, _WORKING, _SHARING, _CHATS,
    _STRUCK_OFF, _SILENT, _UNREACHED, _CALLED_BACK,
) = range(len(COLUMNS))  # fmt: skip
MAX_QUEUE: Final = _MAX_QUEUE
ANSWERED: Final = _ANSWERED
IDLE: Final = _IDLE
WORKED: Final = _WORKING
SHARED: Final = _SHARING
CHATS: Final = _CHATS

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
def _where(frame: Frame, i: int) -> tuple[int, int]:
    """The bins (of a row, and of the profile or -1) in which what happens in interval i is counted."""
    sizes = frame.sizes[0]
    if i >= sizes["intervals"]:
        return sizes["after"], -1
    spot = frame.spots[U64(i)]
    return spot["bin"], spot["profile"]


@compiled
def _add_time(
    frame: Frame, tally: Tally, scope: int, span: tuple[int, int], column: int, weight: int
) -> None:
    """Add a span of time to a column, to each interval its part."""
    sizes = frame.sizes[0]
    start = max(span[0], sizes["warm_up"])
    i = start // sizes["interval"]
    while start < span[1]:
        stop = span[1] if i >= sizes["intervals"] else min(span[1], (i + 1) * sizes["interval"])
        for where in _where(frame, i):
            if where >= 0:
                tally.counts[U64(scope), U64(where), column] += (stop - start) * weight
        start = stop
        i += 1


@compiled
def tally_contacts(frame: Frame, tally: Tally, rows: np.ndarray) -> None:
    """Add contact rows (CONTACT_ROW) to the tally."""
    sizes = frame.sizes[0]
    first_stream = 1 + sizes["queues"] + sizes["groups"]
    for n in range(rows.size):
        row = rows[U64(n)]
        born = row["born"] // sizes["interval"]
        if row["row"] == ARRIVED:
            if row["born"] >= sizes["warm_up"]:
                for where in _where(frame, born):
                    if where >= 0:
                        count_arrival(tally.counts[U64(first_stream + row["stream"]), U64(where)], row)
            continue
        if row["row"] == HELD:
            _hold(frame, tally, row)
        if row["row"] > AGAIN:
            continue
        queued = born if row["queued"] == row["born"] else row["queued"] // sizes["interval"]
        if row["started"] != row["queued"]:  # of those on call too, who are waited for without a line
            _line(frame, tally, row, queued)
        if row["row"] == LEG:
            if row["queued"] >= sizes["warm_up"]:
                _at_queue(frame, tally, row, queued)
            if row["born"] >= sizes["warm_up"] and row["outcome"] != OVERFLOWED and row["role"] != SIDE:
                _at_stream(frame, tally, row, born)


@compiled
def _at_queue(frame: Frame, tally: Tally, row: np.void, i: int) -> None:
    """Count a leg at its queue, and where it was answered at its group."""
    queue = U64(1 + row["queue"])
    group = U64(1 + frame.sizes[0]["queues"] + row["group"])
    limits = frame.queues[U64(row["queue"])]
    answered = row["outcome"] == HANDLED
    wait = row["started"] - row["queued"]
    for where in _where(frame, i):
        if where >= 0:
            counts = tally.counts[queue, U64(where)]
            count_arrival(counts, row)
            count_leg(counts, row, row["queued"], limits)
            if answered:
                count_leg(tally.counts[group, U64(where)], row, row["queued"], limits)
                if where != frame.sizes[0]["after"]:
                    tally.bin_waits[U64(row["queue"]), U64(where), bucket(wait, COARSE)] += 1
    if answered:
        which = bucket(wait, FINE)
        tally.waits[queue, which] += 1
        tally.waits[group, which] += 1


@compiled
def _hold(frame: Frame, tally: Tally, row: np.void) -> None:
    """An agent has stayed with a contact whose leg is over: that belongs to the leg's handle time."""
    sizes = frame.sizes[0]
    group = 1 + sizes["queues"] + row["group"]
    stream = 1 + sizes["queues"] + sizes["groups"] + row["stream"]
    legs = (1 + row["queue"], row["queued"]), (group, row["queued"]), (stream, row["born"])
    for scope, since in legs:
        if since >= sizes["warm_up"]:
            for where in _where(frame, since // sizes["interval"]):
                if where >= 0:
                    tally.counts[U64(scope), U64(where), _HANDLED] += row["touched"]


@compiled
def _at_stream(frame: Frame, tally: Tally, row: np.void, i: int) -> None:
    """Count a contact at its stream, where the wait began with its arrival."""
    stream = U64(1 + frame.sizes[0]["queues"] + frame.sizes[0]["groups"] + row["stream"])
    for where in _where(frame, i):
        if where >= 0:
            count_contact(tally.counts[stream, U64(where)], row, frame.streams[U64(row["stream"])])
    if row["legs"] == 0 and row["outcome"] == HANDLED:
        tally.waits[stream, bucket(row["started"] - row["born"], FINE)] += 1


@compiled
def count_arrival(counts: np.ndarray, row: np.void) -> None:
    """Count an arrival: of a contact at its stream, or of a leg at its queue."""
    first = row["leg"] == 0
    if row["backlog"] and first:
        counts[_BACKLOG] += 1
    else:
        counts[_OFFERED] += 1
    if row["attempt"] > 0 and first:
        counts[_RETRIED] += 1
        counts[_ORBIT] += row["orbit"]


@compiled
def count_contact(counts: np.ndarray, row: np.void, limits: np.void) -> None:
    """Count how a contact fared, as its first leg ended; of the legs that follow, the agents' time."""
    if row["legs"] == 0:
        count_leg(counts, row, row["born"], limits)
    elif row["outcome"] == HANDLED:
        counts[_HANDLED] += row["touched"]


@compiled
def count_leg(counts: np.ndarray, row: np.void, since: int, limits: np.void) -> None:
    """Count how a leg ended, where the wait began at `since`."""
    outcome = row["outcome"]
    counts[_CALLED_BACK] += row["called"]
    if outcome == HANDLED:
        wait = row["started"] - since
        counts[_ANSWERED] += 1
        counts[_HANDLED] += row["touched"]
        if wait > 0:
            counts[_DELAYED] += 1
            counts[_WAIT_ANSWERED] += wait
        if wait <= limits["within"]:
            counts[_ANSWERED_WITHIN] += 1
    elif outcome in (ABANDONED, CLEARED):
        # Whoever was answered, interrupted and sent away at closing has waited up to the answer.
        _left(counts, (row["ended"] if row["started"] < 0 else row["started"]) - since, limits)
        if outcome == CLEARED:
            counts[_CLEARED] += 1
    elif outcome == BLOCKED:
        counts[_BLOCKED] += 1
    elif outcome == CLOSED:
        counts[_CLOSED] += 1
    elif outcome == OVERFLOWED:
        counts[_OVERFLOWED] += 1
    elif outcome == OPEN:
        counts[_OPEN] += 1
    elif outcome == STRUCK_OFF:
        counts[_STRUCK_OFF] += 1
    elif outcome == SILENT:
        _left(counts, row["left"] - since, limits)
        counts[_SILENT] += 1
    elif outcome == UNREACHED:
        counts[_UNREACHED] += 1


@compiled
def _left(counts: np.ndarray, wait: int, limits: np.void) -> None:
    """A contact left without an answer after `wait`."""
    counts[_ABANDONED] += 1
    counts[_DELAYED] += 1
    counts[_WAIT_ABANDONED] += wait
    if wait <= limits["within"]:
        counts[_ABANDONED_WITHIN] += 1
    if wait <= limits["short"]:
        counts[_ABANDONED_SHORT] += 1


@compiled
def _line(frame: Frame, tally: Tally, row: np.void, i: int) -> None:
    """The time that a leg waited, and the length of the line: when joined, and at interval starts."""
    sizes = frame.sizes[0]
    until = row["started"] if row["started"] >= 0 else row["ended"]
    _add_time(frame, tally, 1 + row["queue"], (row["queued"], until), _WAITING, 1)
    lines = tally.lines[U64(row["queue"])]
    if i < sizes["intervals"]:
        lines[U64(i), 0] = max(lines[U64(i), 0], row["found"])
    j = i + 1
    while j < sizes["intervals"] and j * sizes["interval"] < until:
        lines[U64(j), 1] += 1
        j += 1


@compiled
def tally_agents(frame: Frame, tally: Tally, rows: np.ndarray) -> None:
    """Add agent rows (AGENT_ROW) to the tally."""
    for n in range(rows.size):
        row = rows[U64(n)]
        group = 1 + frame.sizes[0]["queues"] + row["group"]
        span = (row["start"], row["end"])
        if row["state"] == SHARING:
            _add_time(frame, tally, group, span, _SHARING, 1)
            _add_time(frame, tally, group, span, _CHATS, row["load"])
        else:
            _add_time(frame, tally, group, span, _WORKING if row["state"] == WORKING else _IDLE, 1)


def add_up(frame: Frame, tally: Tally) -> None:
    """Fill in the scope `all`: contacts from the streams, lines from the queues, time from the groups."""
    groups = 1 + int(frame.sizes[0]["queues"])
    streams = groups + int(frame.sizes[0]["groups"])
    tally.counts[0] = tally.counts[streams:].sum(axis=0)
    tally.counts[0, :, _WAITING] = tally.counts[1:groups, :, _WAITING].sum(axis=0)
    for column in (_IDLE, _WORKING, _SHARING, _CHATS):
        tally.counts[0, :, column] = tally.counts[groups:streams, :, column].sum(axis=0)
    tally.waits[0] = tally.waits[streams:].sum(axis=0)


@compiled
def longest_lines(frame: Frame, tally: Tally) -> None:
    """Fill in the longest line of each queue and bin: found by who joined, or at an interval's start."""
    for q in range(tally.lines.shape[0]):
        for i in range(tally.lines.shape[1]):
            length = max(tally.lines[U64(q), U64(i), 0], tally.lines[U64(q), U64(i), 1])
            for where in _where(frame, i):
                if where >= 0:
                    counts = tally.counts[U64(1 + q), U64(where)]
                    counts[_MAX_QUEUE] = max(counts[_MAX_QUEUE], length)


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
