"""The figures of a queue over the horizon, without any table: what a report shows beside a simulation."""

import math

import numpy as np

from scenarios.definitions import MEASURES, SERVICE_LEVELS
from sim.formula.columns import AT
from sim.formula.grid import Floats
from sim.formula.run import Evaluated, counted


def over_horizon(found: Evaluated, queue: str, measure: str) -> float:
    """A measure of a queue after the warm-up, in its unit; NaN if there is none, inf if it grows for ever."""
    counts = _counted(found, queue)
    if measure != "service_level":
        known = MEASURES[measure]
        return known.scale * _quotient(counts, known.above, known.below or {})
    its = found.grid.scenario.queues[queue]
    if its.target is None or its.service_level is None:
        return math.nan
    level = SERVICE_LEVELS[its.service_level]
    return _quotient(counts, level.above, level.below)


def overloaded(found: Evaluated, queue: str) -> float:
    """The share of a queue's contacts that come where the line would grow for ever."""
    counts = _counted(found, queue, np.isinf(found.counts.queues[queue].counts[AT["wait_answered"]]))
    total = _counted(found, queue)[AT["offered"]]
    return float(counts[AT["offered"]] / total) if total else 0.0


def _counted(found: Evaluated, queue: str, also: np.ndarray | None = None) -> Floats:
    """Sums over the pieces after the warm-up: [column]."""
    pieces = counted(found.grid) > 0.0
    rows = found.counts.queues[queue].counts
    total: Floats = rows[:, pieces if also is None else pieces & also].sum(axis=1)
    return total


def _quotient(counts: Floats, above: dict[str, int], below: dict[str, int]) -> float:
    top, bottom = (
        sum(factor * counts[AT[column]] for column, factor in part.items()) for part in (above, below)
    )
    return float(top / bottom) if bottom else math.nan
