"""The figures of a queue over the horizon, without any table: what a report shows beside a simulation."""

import math
from typing import NamedTuple

import numpy as np

from scenarios.definitions import MEASURES, SERVICE_LEVELS
from scenarios.model import Scenario
from sim.almanac import almanac
from sim.draft import names_of
from sim.formula.columns import AT, Answered
from sim.formula.counts import counts_of
from sim.formula.grid import Floats, grid_of


class Horizon(NamedTuple):
    """Expected counts of each queue after the warm-up, of which no single piece is kept."""

    scenario: Scenario
    queues: dict[str, Floats]  # [column of the tally, (where waits have an end, where they have none)]


def horizon_of(scenario: Scenario) -> Horizon:
    """All lines of a scenario, solved and added up at once: years take little more memory than days."""
    grid = grid_of(scenario, names_of(scenario), almanac(scenario.calendar))
    first = math.ceil(scenario.run.warm_up_s / grid.piece_s)

    def folded(answered: Answered) -> Answered:
        counts = _folded(answered.counts[:, first:])
        return answered._replace(counts=counts, limits=np.zeros((len(answered.limits), 0)), law=_untold)

    found = counts_of(grid, folded)
    return Horizon(scenario, {name: each.counts for name, each in found.queues.items()})


def _folded(counts: Floats) -> Floats:
    """Sums over the pieces in which waits have an end, and over the others."""
    endless = np.isinf(counts[AT["wait_answered"]])
    if not endless.any():
        return np.array([counts.sum(axis=1), np.zeros(len(counts))]).T
    return np.array([counts[:, ~endless].sum(axis=1), counts[:, endless].sum(axis=1)]).T


def _untold(times: Floats, _: Floats) -> Floats:
    """How many are answered within some times: unknown of what is added up."""
    return np.full(len(times), math.nan)


def over_horizon(found: Horizon, queue: str, measure: str) -> float:
    """A measure of a queue after the warm-up, in its unit; NaN if there is none, inf if it grows for ever."""
    counts = found.queues[queue].sum(axis=1)
    if measure != "service_level":
        known = MEASURES[measure]
        return known.scale * _quotient(counts, known.above, known.below or {})
    its = found.scenario.queues[queue]
    if its.target is None or its.service_level is None:
        return math.nan
    level = SERVICE_LEVELS[its.service_level]
    return _quotient(counts, level.above, level.below)


def overloaded(found: Horizon, queue: str) -> float:
    """The share of a queue's contacts that come where the line would grow for ever."""
    ending, endless = found.queues[queue][AT["offered"]].tolist()
    return float(endless / (ending + endless)) if endless else 0.0


def _quotient(counts: Floats, above: dict[str, int], below: dict[str, int]) -> float:
    top, bottom = (
        sum(factor * counts[AT[column]] for column, factor in part.items()) for part in (above, below)
    )
    return float(top / bottom) if bottom else math.nan
