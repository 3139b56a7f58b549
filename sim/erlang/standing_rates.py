"""Rates that stand for the intervals of a day: a line in steady state with such a rate is like the interval.

Green, Kolesar and Soares 2001 (Operations Research 49, p. 549) try ways that look at the curve of the rate:
here it goes straight from the middle of an interval to the middle of the next one. The last two go by the
offered load (Jennings, Mandelbaum, Massey and Whitt 1996, Management Science 42, p. 1383): see
offered_load.py.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Floats, checked
from sim.erlang.offered_load import step_load

Rule = Callable[
    [Floats, Floats, float], Floats
]  # rates an hour, handle times in s, length of an interval in s


def sipp(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """Stationary, independent, period by period: each interval by its own rate."""
    return per_hour


def sipp_max(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """The largest rate of the curve in the interval."""
    before, after = _ends(per_hour)
    return np.maximum(per_hour, np.maximum(before, after))


def sipp_mix(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """The interval's own rate while the curve rises, its largest one otherwise, since queues come later."""
    before, after = _ends(per_hour)
    rises = (before < per_hour) & (per_hour < after)
    return np.where(rises, per_hour, sipp_max(per_hour, handle_s, interval_s))


def lagged_sipp(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """The mean rate one handle time earlier; nobody came before the first interval."""
    lag = handle_s / interval_s
    whole = np.minimum(np.floor(lag), per_hour.shape[-1])
    part = lag - np.floor(lag)
    return (1.0 - part) * _earlier(per_hour, whole) + part * _earlier(per_hour, whole + 1.0)


def offered(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """The rate that would offer the interval's mean load for ever, from an empty start."""
    return step_load(per_hour, handle_s, interval_s).mean * 3600.0 / handle_s


def offered_max(per_hour: Floats, handle_s: Floats, interval_s: float) -> Floats:
    """The same with the largest load of the interval."""
    return step_load(per_hour, handle_s, interval_s).most * 3600.0 / handle_s


RULES: Final[dict[str, Rule]] = {
    "sipp": sipp,
    "sipp_max": sipp_max,
    "sipp_mix": sipp_mix,
    "lagged_sipp": lagged_sipp,
    "offered_load": offered,
    "offered_load_max": offered_max,
}


def standing_rates(
    method: str, per_hour: ArrayLike, handle_s: ArrayLike, interval_s: float = 1800.0
) -> tuple[Floats, Floats]:
    """The rates an hour [..., intervals] that stand for the intervals, and the handle times in that shape.

    `method` is a name of `RULES`. ValueError for another, and for arguments outside their domains.
    """
    if method not in RULES:
        raise ValueError(f"method: {method!r} is not known; give one of {', '.join(RULES)}")
    checked("interval_s", interval_s, POSITIVE)
    rates, handle = np.broadcast_arrays(
        checked("per_hour", per_hour, NOT_NEGATIVE), checked("handle_s", handle_s, POSITIVE)
    )
    if rates.ndim == 0 or not rates.shape[-1]:
        raise ValueError("per_hour: give an array with at least one interval")
    return RULES[method](rates, handle, float(interval_s)), handle


def _ends(per_hour: Floats) -> tuple[Floats, Floats]:
    """The curve at the start and at the end of each interval; level outside the outer middles."""
    middle = (per_hour[..., :-1] + per_hour[..., 1:]) / 2.0
    return (
        np.concatenate([per_hour[..., :1], middle], axis=-1),
        np.concatenate([middle, per_hour[..., -1:]], axis=-1),
    )


def _earlier(per_hour: Floats, intervals: Floats) -> Floats:
    """The rates so many intervals ago; 0 before the first."""
    which = np.arange(per_hour.shape[-1]) - intervals.astype(np.int64)
    found = np.take_along_axis(per_hour, np.maximum(which, 0), axis=-1)
    return np.where(which >= 0, found, 0.0)
