"""Spans of time [start, end) in microseconds on the local clock, as arrays: joined, measured, counted."""

from typing import NamedTuple

import numpy as np

from calibration.fits.count_grid import Floats, Ints


class Spans(NamedTuple):
    """Starts and ends, in microseconds."""

    start: Ints
    end: Ints


def joined(spans: Spans) -> Spans:
    """The same time without overlaps, in order."""
    order = np.argsort(spans.start, kind="stable")
    start, end = spans.start[order], np.maximum.accumulate(spans.end[order])
    if not len(start):
        return Spans(start, end)
    first = np.concatenate([[True], start[1:] > end[:-1]])
    last = np.concatenate([first[1:], [True]])
    return Spans(start[first], end[last])


def covered(spans: Spans, moments: Ints) -> Ints:
    """How much time before each moment is in spans that do not overlap, and are in order."""
    if not len(spans.start):
        return np.zeros(len(moments), np.int64)
    before = np.concatenate([[0], np.cumsum(spans.end - spans.start)])
    n = np.searchsorted(spans.start, moments, side="right")
    over = np.maximum(spans.end[np.maximum(n - 1, 0)] - moments, 0)
    found: Ints = before[n] - np.where(n > 0, over, 0)
    return found


def at_once(spans: Spans, first_us: int, step_us: int, steps: int) -> Floats:
    """How many spans, which may overlap, go on at once in each step on average."""
    edges = first_us + step_us * np.arange(steps + 1)
    inside = _passed(np.sort(spans.start), edges) - _passed(np.sort(spans.end), edges)
    return np.diff(inside).astype(float) / step_us


def _passed(moments: Ints, edges: Ints) -> Ints:
    """The time from each moment up to an edge, summed over the moments before it."""
    sums = np.concatenate([[0], np.cumsum(moments - edges[0])])
    n = np.searchsorted(moments, edges)
    found: Ints = n * (edges - edges[0]) - sums[n]
    return found
