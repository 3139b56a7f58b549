"""What a fit is made from: how often each duration was seen, how each wait ended. All arrays are [cell]."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Cells(NamedTuple):
    """Distinct durations in seconds, rising, and how often each was seen."""

    values_s: Floats
    counts: Ints


class Waits(NamedTuple):
    """Distinct waits in seconds, rising; how many gave up then, and how many were answered then."""

    values_s: Floats
    gave_up: Ints
    answered: Ints


def cells_of(durations_s: ArrayLike) -> Cells:
    """The cells of single durations in seconds, in any order."""
    values, counts = np.unique(np.asarray(durations_s, float), return_counts=True)
    return Cells(values, counts.astype(np.int64))


def waits_of(waits_s: ArrayLike, gave_up: ArrayLike) -> Waits:
    """The table of single waits in seconds, and of whether each ended because the contact gave up."""
    values, at = np.unique(np.asarray(waits_s, float), return_inverse=True)
    left = np.asarray(gave_up, bool)
    ended = [np.bincount(at[each], minlength=len(values)).astype(np.int64) for each in (left, ~left)]
    return Waits(values, *ended)


def usable_waits(waits: Waits) -> Waits:
    """The waits in order, without empty rows. Raises ``ValueError`` for what is no table of waits."""
    waits = Waits(np.asarray(waits.values_s, float), *(np.asarray(each, np.int64) for each in waits[1:]))
    ended = usable(Cells(waits.values_s, waits.gave_up + waits.answered))
    if (waits.gave_up < 0).any() or (waits.answered < 0).any():
        raise ValueError("has counts below zero")
    if len(np.unique(ended.values_s)) < len(ended.values_s):
        raise ValueError("names a wait twice; give one row a wait")
    order = np.argsort(waits.values_s, kind="stable")
    kept = order[(waits.gave_up + waits.answered)[order] > 0]
    return rows_of(waits, kept)


def rows_of(waits: Waits, kept: NDArray[np.int64] | NDArray[np.bool_]) -> Waits:
    """Some rows of a table."""
    return Waits(waits.values_s[kept], waits.gave_up[kept], waits.answered[kept])


def total(cells: Cells) -> int:
    """How many durations there are."""
    return int(cells.counts.sum())


def mean_s(cells: Cells) -> float:
    """The mean in seconds; NaN of nothing."""
    n = total(cells)
    return float(cells.values_s @ cells.counts) / n if n else float("nan")


def central_moment(cells: Cells, power: int) -> float:
    """The mean of powers of the distance from the mean, in seconds to that power."""
    return float((cells.values_s - mean_s(cells)) ** power @ cells.counts) / total(cells)


def share_up_to(cells: Cells, limit_s: float) -> float:
    """The share (0-1) of durations of at most `limit_s`."""
    return float(cells.counts[cells.values_s <= limit_s].sum()) / total(cells)


def longer_than(cells: Cells, limit_s: float) -> Cells:
    """The cells above `limit_s`."""
    kept = cells.values_s > limit_s
    return Cells(cells.values_s[kept], cells.counts[kept])


def quantiles_s(cells: Cells, shares: ArrayLike) -> Floats:
    """Quantiles in seconds, [share]: straight lines between order statistics.

    The same as ``numpy.quantile`` of the single durations (R. J. Hyndman and Y. Fan, 1996, "Sample
    quantiles in statistical packages", The American Statistician 50, definition 7).
    """
    upto = np.cumsum(cells.counts)
    place = np.asarray(shares, float) * (upto[-1] - 1)
    below = np.floor(place)
    first, second = (
        cells.values_s[np.searchsorted(upto, np.minimum(below + k, upto[-1] - 1), side="right")]
        for k in (0, 1)
    )
    found: Floats = first + (second - first) * (place - below)
    return found


def usable(cells: Cells) -> Cells:
    """The cells with anything in them, in order. Raises ``ValueError`` for what is no table of durations."""
    values, counts = np.asarray(cells.values_s, float), np.asarray(cells.counts)
    if values.shape != counts.shape or values.ndim != 1:
        raise ValueError(f"has {values.size} durations and {counts.size} counts; give one count a duration")
    if not np.all(np.isfinite(values)) or (values < 0).any():
        raise ValueError("has durations below zero or none at all; leave them out and say so")
    if (counts < 0).any():
        raise ValueError("has counts below zero")
    order = np.argsort(values, kind="stable")
    order = order[counts[order] > 0]
    return Cells(values[order], counts[order].astype(np.int64))
