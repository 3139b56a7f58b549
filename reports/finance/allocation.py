"""Activity-based allocation: each cost line shared out to the parts of a dimension, to the cent.

A line that is for one part goes to that; one for each of something by how often that happened in each part;
people by their own time where contacts are handled once, else, as all that is fixed, by agents' time, idle
time with it. What nothing was done for stays in a part of its own. So the parts of every dimension add up to
the same total.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from reports.finance.lines import TIME, Bill, CostLine, counted
from reports.finance.money import share_out
from reports.finance.own_time import Times, times_by_queue
from reports.finance.quantities import Quantities
from scenarios.costs import Only
from scenarios.model import Scenario

DIMENSIONS: Final = ("channel", "stream", "severity", "tier", "root_cause", "group")
"""How costs are split; `tier` is the segment."""
NOT_ASSIGNED: Final = ""
"""The part of costs for which nothing was done in any part."""
_OF_CASES: Final = ("severity", "tier", "root_cause")
_BY_QUEUE: Final = ("channel", "stream")
"""Dimensions to whose parts a queue's time can be told."""
_IN_CONTACTS: Final = ("contact", "attempt", "deflected contact", "abandoned contact")
"""Drivers that are not counted by what a case is: there they go by customers' contacts."""


class Split(NamedTuple):
    """A bill by the parts of a dimension: `parts` by name, each an amount for each line of the bill."""

    dimension: str
    parts: dict[str, tuple[Decimal, ...]]

    def total(self, name: str) -> Decimal:
        return sum(self.parts[name], Decimal(0))

    @property
    def whole(self) -> Decimal:
        return sum(map(self.total, self.parts), Decimal(0))


def dimensions_of(found: Quantities) -> tuple[str, ...]:
    """The dimensions that a scenario has."""
    return tuple(each for each in DIMENSIONS if names_of(found, each))


def names_of(found: Quantities, dimension: str) -> tuple[str, ...]:
    """The parts of a dimension; severities and the like only where there are cases."""
    scenario = found.scenario
    if dimension == "group":
        return tuple(scenario.groups)
    if dimension == "stream":
        return tuple(scenario.streams)
    if dimension == "channel":
        return tuple(dict.fromkeys(channel_of(scenario, stream) for stream in scenario.streams))
    return found.names("cases", dimension)


def channel_of(scenario: Scenario, stream: str) -> str:
    """The channel by which contacts of a stream come."""
    return scenario.queues[scenario.streams[stream].queue].channel


def split(bill: Bill, found: Quantities, dimension: str) -> Split:
    """A bill by the parts of a dimension; they add up to it to the cent."""
    names = names_of(found, dimension)
    times = times_by_queue(found) if dimension in _BY_QUEUE else None
    shared = [_shared(line, bill.currency, found, dimension, names, times) for line in bill.lines]
    parts = {name: tuple(amounts[n] for amounts in shared) for n, name in enumerate((*names, NOT_ASSIGNED))}
    if not any(parts[NOT_ASSIGNED]):
        del parts[NOT_ASSIGNED]
    return Split(dimension, parts)


def _shared(
    line: CostLine,
    currency: str,
    found: Quantities,
    dimension: str,
    names: tuple[str, ...],
    times: Times | None,
) -> list[Decimal]:
    """The amounts of a line by part; the last is what no part has."""
    own = _of_group(line, found, dimension, names, times)
    if any(own):
        return [*share_out(line.total, own, currency), Decimal(0)]
    for driver in (line.told.driver.what, TIME):
        weights = [_weight(found, driver, line.told.driver.only, dimension, name) for name in names]
        if any(weights):
            return [*share_out(line.total, weights, currency), Decimal(0)]
    return [*[Decimal(0)] * len(names), line.total]


def _of_group(
    line: CostLine, found: Quantities, dimension: str, names: tuple[str, ...], times: Times | None
) -> list[float]:
    """The time of the one group that a line is for, by part; nothing where it is for others, or not known."""
    only, what = line.told.driver.only, line.told.driver.what
    if times is None or only is None or only.scope != "group" or len(only.names) != 1:
        return []
    if what not in (TIME, "minute", "contact"):
        return []
    time = times[only.names[0]]
    return [sum(_of_queue(found, queue, s, dimension, name) for queue, s in time.items()) for name in names]


def _of_queue(found: Quantities, queue: str, seconds: float, dimension: str, name: str) -> float:
    """The part of a queue's time that is for a channel or a stream: by the time of its streams' contacts."""
    scenario = found.scenario
    streams = [s for s, each in scenario.streams.items() if each.queue == queue]
    time = {s: float(counted(found, TIME, "stream", s).mean(axis=0).sum()) for s in streams}
    whole = sum(time.values())
    mine = [s for s in streams if name == (s if dimension == "stream" else channel_of(scenario, s))]
    return seconds * sum(time[s] for s in mine) / whole if whole > 0 else 0.0


def _weight(found: Quantities, driver: str, only: Only | None, dimension: str, name: str) -> float:
    """How much of a driver a part has; nothing where the line is for others."""
    if not _is_for(found.scenario, only, dimension, name):
        return 0.0
    if driver in _IN_CONTACTS and dimension in _OF_CASES:
        return float(found.sums("case_contacts", dimension, name).mean(axis=0).sum())
    return float(counted(found, _followed(driver, dimension), dimension, name).mean(axis=0).sum())


def _followed(driver: str, dimension: str) -> str:
    """What is counted instead of a driver: of people, and of what groups do not have, their time."""
    people = driver in ("seat", "FTE", "hire")
    foreign = dimension == "group" and driver not in ("contact", "minute", TIME)
    return TIME if people or foreign else driver


def _is_for(scenario: Scenario, only: Only | None, dimension: str, name: str) -> bool:
    """Whether a line that is only for some parts of a scope may be for a part of this dimension."""
    if only is None or only.scope == dimension:
        return only is None or name in only.names
    if dimension == "channel" and only.scope in ("queue", "stream"):
        return name in {_channel(scenario, only.scope, each) for each in only.names}
    if dimension == "stream" and only.scope in ("queue", "channel"):
        stream = scenario.streams[name]
        return (stream.queue if only.scope == "queue" else channel_of(scenario, name)) in only.names
    return True


def _channel(scenario: Scenario, scope: str, name: str) -> str:
    return scenario.queues[name].channel if scope == "queue" else channel_of(scenario, name)
