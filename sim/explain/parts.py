"""The parts of a scenario that have to do with one queue."""

from scenarios.model import Scenario
from scenarios.related import passing_on, serving, skills


def serving_best_first(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The groups that may serve a queue, those that rank it best first."""

    def rank(group: str) -> int:
        return next(n for n, tie in enumerate(scenario.groups[group].skills) if queue in tie)

    return tuple(sorted(serving(scenario, queue), key=rank))


def linked(scenario: Scenario, queue: str) -> set[str]:
    """The queues that may have an effect on one: through people of both, or through contacts passed on."""
    found: set[str] = set()
    more = {queue}
    while more:
        found |= more
        more = {other for each in found for other in _next_to(scenario, each)} - found
    return found


def _next_to(scenario: Scenario, queue: str) -> set[str]:
    overflow = scenario.queues[queue].overflow
    shared = {other for group in serving(scenario, queue) for other in skills(scenario, group)}
    return {*shared, *passing_on(scenario, queue), *([overflow.to] if overflow else [])}


def component(scenario: Scenario, queue: str) -> Scenario:
    """The scenario without whatever has no effect on a queue, and without targets of its own.

    Chances are keyed by names: what is left meets the same ones, and the queue's figures stay as they are.
    """
    return without_queues(scenario, set(scenario.queues) - linked(scenario, queue))


def without_queues(scenario: Scenario, gone: set[str]) -> Scenario:
    """The scenario without some queues, their contacts, and the people who serve nothing else."""
    queues = {
        name: each.model_copy(update={"overflow": None})
        if each.overflow and each.overflow.to in gone
        else each
        for name, each in scenario.queues.items()
        if name not in gone
    }
    groups = {
        name: group.model_copy(update={"skills": _left(group.skills, gone)})
        for name, group in scenario.groups.items()
        if _left(group.skills, gone)
    }
    streams = {name: each for name, each in scenario.streams.items() if each.queue not in gone}
    parts = {"streams": streams, "queues": queues, "groups": groups, "targets": ()}
    return scenario.model_copy(update=parts)


def _left(ties: tuple[tuple[str, ...], ...], gone: set[str]) -> tuple[tuple[str, ...], ...]:
    kept = (tuple(queue for queue in tie if queue not in gone) for tie in ties)
    return tuple(tie for tie in kept if tie)
