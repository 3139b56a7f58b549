"""Compile what a queue does with those who wait: lines, announcements, calls back, silent leavers."""

import numpy as np

from scenarios.model import Queue, Retry
from sim.clock import NEVER
from sim.draft import Draft
from sim.layout import NOBODY


def set_waiting(draft: Draft, row: np.void, queue: Queue) -> None:
    """Fill in the fields of a QUEUE row that are about those who wait."""
    row["lines"] = NEVER if queue.lines is None else queue.lines
    row["leaves_message"] = queue.overflow is not None and queue.overflow.leaves_message
    row["weight"] = queue.weight
    row["gains"] = queue.gains_per_hour / draft.ticks(3600.0)
    row["silent_handle"] = row["call_attempt"] = row["divert_to"] = NOBODY
    if queue.silent:
        row["silent_share"] = queue.silent.share
        row["silent_handle"] = draft.add_dist(queue.silent.handle_time)
    if queue.call_back:
        row["call_over"] = draft.ticks(queue.call_back.over_s)
        row["call_accepts"] = queue.call_back.accepts
        row["call_answers"] = queue.call_back.answers
        row["call_attempt"] = draft.add_dist(queue.call_back.attempt)
    _set_announcements(draft, row, queue)


def _set_announcements(draft: Draft, row: np.void, queue: Queue) -> None:
    row["divert_over"] = NEVER
    if queue.announces is None:
        return
    points = [(draft.ticks(wait_s), share) for wait_s, share in queue.announces.balk]
    row["balk_points"] = len(points)
    row["balks"] = draft.curves.add(np.array(points, float).ravel()) if points else NOBODY
    diverts = queue.announces.diverts
    if diverts:
        row["divert_over"] = draft.ticks(diverts.over_s)
        row["divert_share"] = diverts.share
        row["divert_to"] = draft.stream_of[diverts.to]


def add_switch(draft: Draft, retry: Retry | None) -> int:
    """Where the cumulative shares of the streams by which customers try again start in `curves`, or -1.

    The last share is that of those who come by the same stream as before.
    """
    if retry is None or not retry.switch:
        return NOBODY
    shares = [retry.switch.get(name, 0.0) for name in draft.names.streams]
    return draft.curves.add(np.cumsum([*shares, 1.0 - sum(shares)]))
