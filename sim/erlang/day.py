"""Days whose rates and staff change with the interval: what is said of them, and what becomes of them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scenarios.definitions import SERVICE_LEVELS
from sim.erlang.arguments import (
    NOT_NEGATIVE,
    NOT_NEGATIVE_OR_INF,
    POSITIVE,
    POSITIVE_OR_INF,
    SHARE,
    Floats,
    checked,
)


class Day(NamedTuple):
    """A day by interval; all but the length of an interval and the waiting places may be [..., intervals]."""

    per_hour: ArrayLike  # contacts
    agents: ArrayLike  # whole numbers
    handle_s: ArrayLike  # mean; where it changes, the contacts in hand feel it too
    interval_s: float = 1800.0
    patience_s: ArrayLike = math.inf  # mean; likewise
    places: float = math.inf  # for those who wait
    balk: ArrayLike = 0.0  # share of those not answered at once who leave at once


class Course(NamedTuple):
    """What becomes of a day: arrays [..., intervals].

    Contacts are expected numbers, counted with the interval in which they come, whenever they are answered
    or leave; the names are those of the simulation's columns. Who balks is abandoned, after a wait of 0.
    """

    offered: Floats
    answered: Floats
    abandoned: Floats
    blocked: Floats  # no waiting place
    delayed: Floats  # not answered at once, but not blocked
    answered_within: Floats
    abandoned_within: Floats
    wait_s: Floats  # all time waited, by those answered or not
    queue: Floats  # mean number waiting in the interval
    busy: Floats  # mean number of busy agents in the interval
    queue_end: Floats  # at the end of the interval
    busy_end: Floats
    delay_end: Floats  # probability that one who comes then finds no free agent

    def service_level(self, definition: str, short: "Course | None" = None) -> Floats:
        """Service level by a definition of `scenarios.definitions`; NaN where it counts nobody.

        `short` is the course of the same day with the limit of short abandonments as its threshold, for the
        definitions that have one.
        """
        columns = self._asdict() | {"abandoned_short": short.abandoned_within if short else math.nan}
        try:
            level = SERVICE_LEVELS[definition]
        except KeyError:
            known = ", ".join(SERVICE_LEVELS)
            raise ValueError(f"definition: {definition!r} is not known; give one of {known}") from None
        if short is None and "abandoned_short" in {*level.above, *level.below}:
            raise ValueError(
                f"definition: {definition} needs the course with the short limit too; give `short`"
            )
        above, below = (
            sum((factor * columns[name] for name, factor in part.items()), np.zeros(()))
            for part in (level.above, level.below)
        )
        return np.divide(above, below, out=np.full(np.shape(below), math.nan), where=below > 0.0)


def by_interval(day: Day) -> Floats:
    """Rate, agents, handle time, patience and balking as [5, ..., intervals], checked."""
    checked("interval_s", day.interval_s, POSITIVE)
    checked("places", day.places, NOT_NEGATIVE_OR_INF)
    agents = checked("agents", day.agents, NOT_NEGATIVE)
    if (agents != np.floor(agents)).any():
        raise ValueError(
            "agents: a fraction of an agent cannot be followed through a day; give whole numbers"
        )
    columns = (
        checked("per_hour", day.per_hour, NOT_NEGATIVE),
        agents,
        checked("handle_s", day.handle_s, POSITIVE),
        checked("patience_s", day.patience_s, POSITIVE_OR_INF),
        checked("balk", day.balk, SHARE),
    )
    rows = np.array(np.broadcast_arrays(*columns))
    if rows.ndim < 2 or not rows.shape[-1]:
        raise ValueError("per_hour: a day needs at least one interval; give an array")
    return rows
