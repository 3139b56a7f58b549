"""Parts of a scenario that cannot touch each other, each to be simulated alone with the same chances.

Draws are keyed by names, so that a part on its own meets the same contacts as within the whole.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from scenarios.model import Scenario
from scenarios.related import has_cases
from scenarios.targets import Goal
from sim.staffing.guards import SOURCES


def parts_of(scenario: Scenario, goals: Sequence[Goal]) -> tuple[Scenario, ...]:
    """The scenario cut where no skill, overflow or target (of `goals`) joins two queues.

    A target over everything joins all, and so do cases: they go from any queue to any other. Queues without
    contacts and groups without queues come along.
    """
    if has_cases(scenario):
        return (scenario.model_copy(update={"targets": tuple(goals)}),)
    return tuple(_part(scenario, names, goals) for names in _joined(scenario, goals))


def _joined(scenario: Scenario, goals: Sequence[Goal]) -> list[frozenset[str]]:
    """Sets of queues that are joined, in the order of their first names."""
    sets = [{queue} for queue in sorted(scenario.queues)]
    for bond in _bonds(scenario, goals):
        touched = [each for each in sets if each & bond]
        sets = [each for each in sets if not each & bond]
        sets.append(set(chain.from_iterable(touched)))
    return sorted(map(frozenset, sets), key=min)


def _bonds(scenario: Scenario, goals: Sequence[Goal]) -> Iterator[set[str]]:
    for group in scenario.groups.values():
        yield {queue for tie in group.skills for queue in tie}
    for name, queue in scenario.queues.items():
        if queue.overflow is not None:
            yield {name, queue.overflow.to}
    if any(goal.scope == "all" for goal in goals):
        yield set(scenario.queues)


def _part(scenario: Scenario, names: frozenset[str], goals: Sequence[Goal]) -> Scenario:
    queues = {n: q for n, q in scenario.queues.items() if n in names}
    groups = {n: g for n, g in scenario.groups.items() if any(q in names for tie in g.skills for q in tie)}
    streams = {n: s for n, s in scenario.streams.items() if s.queue in names}
    of = {"all": {"all"}, "queue": queues.keys(), "group": groups.keys(), "stream": streams.keys()}
    of[SOURCES] = of["queue"]
    mine = tuple(goal for goal in goals if goal.name in of[goal.scope])
    parts = {"queues": queues, "groups": groups, "streams": streams, "targets": mine}
    return scenario.model_copy(update=parts)
