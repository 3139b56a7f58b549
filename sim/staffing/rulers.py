"""Targets as the search counts them: which columns, in which periods, held against what."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.definitions import MEASURES, QUANTILES, SERVICE_LEVELS
from scenarios.related import sources_of
from scenarios.targets import AT_LEAST, AT_MOST, Goal
from sim.attainment import EQUAL, periods_of
from sim.clock import to_ticks
from sim.measure import Plan, Scope, service_level_of
from sim.staffing import counting
from sim.staffing.cells import Floats
from sim.staffing.counting import COUNTER, Counting
from sim.staffing.guards import SOURCES, is_guard
from sim.tally import COLUMNS, LIMITS

_SCOPES: Final = {
    "all": counting.ALL,
    "queue": counting.QUEUE,
    "group": counting.GROUP,
    "stream": counting.STREAM,
    SOURCES: counting.STREAM,
}
_TIME_OF_AGENTS: Final = (
    "occupancy",
    "time_idle",
    "time_working",
    "time_sharing",
    "chats_at_once",
    "on_duty",
)
_HELPED: Final = {  # which way more people move a measure, as far as that is sure
    AT_LEAST: ("service_level", "handled"),
    AT_MOST: (
        "asa", "abandonment", "abandoned", "blocked", "cleared", "overflowed", "retried", "delayed",
        "mean_wait", "occupancy", "open_at_end", *QUANTILES,
    ),
}  # fmt: skip


class Ruler(NamedTuple):
    """How the counts of a target become its value: sums over the columns, one over the other."""

    goal: Goal
    above: Floats  # [column]
    below: Floats | None  # [column]; None: divided by nothing
    bound: float  # what the value is held against
    at_least: bool
    periods: int
    share: float  # of the periods in which it must hold on a sample

    def values(self, counts: NDArray[np.int64]) -> Floats:
        """Counts [..., period, column] as values [..., period]; NaN where there is none."""
        above: Floats = counts @ self.above
        if self.below is None:
            return above
        below = counts @ self.below
        found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
        return found

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Whether the target holds at these values, as `sim.attainment.held` says."""
        slack = EQUAL * abs(self.bound)
        found: NDArray[np.bool_] = (
            values >= self.bound - slack if self.at_least else values <= self.bound + slack
        )
        return found

    def fails(self, values: Floats) -> NDArray[np.bool_]:
        """Whether there is a value, and the target does not hold at it."""
        found: NDArray[np.bool_] = ~self.holds(values) & ~np.isnan(values)
        return found


def can_steer(goal: Goal) -> bool:
    """Whether more people help a target, so that the search can go by it; others are only reported."""
    return goal.measure in _HELPED[goal.comparison]


def ruler_of(plan: Plan, goal: Goal) -> Ruler:
    """How a target is measured; the formulas are those of `scenarios/definitions.py`."""
    periods = len(periods_of(plan, goal.period).starts)
    if goal.measure in QUANTILES:
        parts = _weights({"answered_within": 1}), _weights({"answered": 1})
        return Ruler(goal, *parts, QUANTILES[goal.measure], True, periods, goal.probability)
    at_least = goal.comparison == AT_LEAST
    if goal.measure == "service_level":
        name = service_level_of(plan.model.scenario, Scope(goal.scope, goal.name))
        if name is None:
            raise ValueError(f"{goal.scope} {goal.name} has no service level")
        level = SERVICE_LEVELS[name]
        parts = _weights(level.above), _weights(level.below)
        return Ruler(goal, *parts, goal.value, at_least, periods, goal.probability)
    if is_guard(goal):
        lost = {"abandoned": 1, "blocked": 1, "open": 1}
        again = 1 if goal.scope == SOURCES else 0  # whoever tries again counts once: no plan has more of them
        coming = _weights({"offered": 1, "backlog": 1, "retried": -again})
        return Ruler(goal, _weights(lost), coming, goal.value, at_least, periods, goal.probability)
    measure = MEASURES[goal.measure]
    sums = _weights(measure.above) * measure.scale
    below = None if measure.below is None else _weights(measure.below)
    return Ruler(goal, sums, below, goal.value, at_least, periods, goal.probability)


def _weights(factors: dict[str, int]) -> Floats:
    return np.array([float(factors.get(column, 0)) for column in COLUMNS])


def counting_of(plan: Plan, goals: Sequence[Goal]) -> Counting:
    """What to count for targets."""
    widest = max(len(plan.frame.queues), len(plan.frame.streams))
    limits = np.zeros((len(goals), widest), LIMITS)
    counters = np.zeros(len(goals), COUNTER)
    streams = np.zeros((len(goals), len(plan.model.names.streams)), np.bool_)
    periods = np.full((len(goals), len(plan.frame.spots)), -1, np.int64)
    for n, goal in enumerate(goals):
        counters[n] = _counter(plan, goal)
        of_streams = goal.scope in ("all", "stream", SOURCES)
        own = plan.frame.streams if of_streams else plan.frame.queues
        limits[n, : len(own)] = own
        if goal.measure in QUANTILES:
            limits[n]["within"] = to_ticks(goal.value)
        streams[n] = _streams_of(plan, goal)
        periods[n] = _period_of(plan, goal)
    sizes = plan.frame.sizes[0]
    spans = np.array([sizes["interval"], sizes["warm_up"]], np.int64)
    return Counting(counters, limits, streams, periods, spans)


def _streams_of(plan: Plan, goal: Goal) -> list[bool]:
    """Of each stream whether its contacts are those of a target."""
    names = plan.model.names.streams
    if goal.scope == SOURCES:
        sources = sources_of(plan.model.scenario, goal.name)
        return [name in sources for name in names]
    return [goal.scope == "stream" and name == goal.name for name in names]


def _counter(plan: Plan, goal: Goal) -> tuple[int, int]:
    names = plan.model.names
    known = {"all": ("all",), "queue": names.queues, "group": names.groups, "stream": names.streams}
    known[SOURCES] = names.queues
    at = known[goal.scope].index(goal.name)
    if goal.measure in _TIME_OF_AGENTS:
        return counting.PEOPLE, at if goal.scope == "group" else -1
    return _SCOPES[goal.scope], at


def _period_of(plan: Plan, goal: Goal) -> NDArray[np.int64]:
    """The period to which each interval of the horizon belongs, or -1."""
    periods = periods_of(plan, goal.period)
    bins = plan.frame.spots["bin"]
    found = np.searchsorted(periods.starts, bins - periods.first, side="right") - 1
    return np.where((bins >= periods.first) & (bins < periods.last), found, -1).astype(np.int64)
