"""Tables under construction: what every part of the compiler adds to."""

from typing import Final, NamedTuple

import numpy as np

from scenarios.case_definitions import HANDLING, MISROUTED, TRIAGE, TWICE, UPDATES
from scenarios.distributions import Distribution
from scenarios.model import Scenario
from scenarios.related import has_cases
from sim import order
from sim.almanac import Almanac, almanac
from sim.clock import to_ticks
from sim.curves import Curves, dist_row
from sim.jit import U64
from sim.layout import NOBODY

SECOND: Final = to_ticks(1)
UNLIMITED: Final = 2**31 - 1  # of what is counted


class Names(NamedTuple):
    """Row numbers back to names."""

    streams: tuple[str, ...]
    queues: tuple[str, ...]
    groups: tuple[str, ...]
    severities: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    steps: tuple[str, ...] = (HANDLING,)  # kinds of work; several rows may have one name


def names_of(scenario: Scenario) -> Names:
    """The rows of all tables, in the order of names."""
    streams, queues, groups, severities, causes, tiers, flags = (
        tuple(sorted(part))
        for part in (
            scenario.streams,
            scenario.queues,
            scenario.groups,
            scenario.severities,
            scenario.causes,
            scenario.tiers,
            scenario.flags,
        )
    )
    steps = tuple(_works(scenario))
    return Names(streams, queues, groups, severities, causes, tiers, flags, steps)


def _works(scenario: Scenario) -> list[str]:
    """The kind of work of each step: those without a name, updates by severity, paths, side work."""
    paths = [step for name in sorted(scenario.paths) for step in scenario.paths[name].steps]
    if not has_cases(scenario):
        return [HANDLING]
    updates = [UPDATES for _ in scenario.severities]
    return [HANDLING, TRIAGE, MISROUTED, TWICE, *updates, *paths, *sorted(scenario.side_work)]


class Draft:
    """Tables under construction; `names` and `days` may be another model's."""

    def __init__(
        self,
        scenario: Scenario,
        grain: int,
        days: Almanac | None = None,
        names: Names | None = None,
        curves: np.ndarray | None = None,
    ) -> None:
        self.scenario = scenario
        self.grain = grain
        self.almanac = days or almanac(scenario.calendar)
        self.names = names or names_of(scenario)
        self.queue_of = {name: i for i, name in enumerate(self.names.queues)}
        self.group_of = {name: i for i, name in enumerate(self.names.groups)}
        self.stream_of = {name: i for i, name in enumerate(self.names.streams)}
        self.curves = Curves(curves)
        self.dists: list[tuple[int, int, float, float, int, int]] = []
        self.links: list[tuple[int, int]] = []
        self.plan: list[tuple[int, int, int, int]] = []

    def add_dist(self, dist: Distribution | None) -> int:
        """The row of a distribution in `dists`, or -1 for none."""
        if dist is None:
            return NOBODY
        self.dists.append(dist_row(dist, self.curves, self.grain))
        return len(self.dists) - 1

    def ticks(self, seconds: float) -> int:
        """Seconds to ticks on the run's grain, up."""
        return -(-to_ticks(seconds) // self.grain) * self.grain

    def event(self, second: int, kind: int, ref: int, key: np.uint64, value: int) -> None:
        """Add an event to the calendar."""
        self.plan.append((second * SECOND, int(order.rank(kind, U64(key))), ref, value))
