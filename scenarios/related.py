"""What in a scenario has to do with what: who serves a queue, which streams come to it, who is at work."""

from typing import Final

from scenarios.model import Distribution, Group, Scenario, WeekSteps
from scenarios.shifts import duty_steps


def skills(scenario: Scenario, group: str) -> tuple[str, ...]:
    """The queues that a group may serve."""
    return tuple(queue for tie in scenario.groups[group].skills for queue in tie)


def serving(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The groups that may serve a queue."""
    return tuple(group for group in scenario.groups if queue in skills(scenario, group))


def streams_of(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The streams that bring contacts to a queue, in the order of their names."""
    return tuple(name for name in sorted(scenario.streams) if scenario.streams[name].queue == queue)


def patience_of(scenario: Scenario, stream: str) -> Distribution | None:
    """The patience of a stream's contacts: its own, or its queue's."""
    each = scenario.streams[stream]
    return each.patience or scenario.queues[each.queue].patience


def is_deferred(scenario: Scenario, queue: str) -> bool:
    """Whether the work of a queue waits for hours or days: e-mail, and what is kept until opening."""
    return scenario.queues[queue].channel == "email" or scenario.queues[queue].at_closing == "hold"


def heads_of(group: Group) -> WeekSteps:
    """People at work as weekly steps; those of shifts overlap, one for each of their people."""
    return group.agents if group.agents is not None else tuple(duty_steps(group.shifts or ()))


def passing_on(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The queues that pass contacts on to a queue."""
    return tuple(n for n, each in scenario.queues.items() if each.overflow and each.overflow.to == queue)


def sources_of(scenario: Scenario, queue: str) -> tuple[str, ...]:
    """The streams whose contacts may come to a queue: its own, and those that other queues pass on to it."""
    reached, found = {queue}, {queue}
    while found:
        found = {source for each in found for source in passing_on(scenario, each)} - reached
        reached |= found
    return tuple(sorted(stream for stream in scenario.streams if scenario.streams[stream].queue in reached))


def is_learning(scenario: Scenario) -> bool:
    """Whether anything changes on the way: levers of a roadmap, or a loop that somebody answers for."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    return bool(levers) or (scenario.loop is not None and scenario.loop.owner is not None)


_OF_CASES: Final = (
    *("severities", "causes", "tiers", "flags", "tagging", "routing", "paths", "closing", "side_work"),
    *("incidents", "outcomes"),
)
_OF_LEARNING: Final = ("owners", "remedies", "loop", "roadmap")
_OF_STREAMS: Final = ("severities", "causes", "tiers", "flags", "path", "self_service")


def has_cases(scenario: Scenario) -> bool:
    """Whether contacts of this scenario open cases: without, a contact is handled once and gone."""
    return (
        any(getattr(scenario, section) for section in _OF_CASES)
        or is_learning(scenario)
        or any(stream.self_service for stream in scenario.streams.values())
    )


def makes_cases(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What makes cases of contacts, or changes them: sections, and keys of streams."""
    sections = tuple(each for each in (*_OF_CASES, *_OF_LEARNING) if getattr(scenario, each))
    streams = scenario.streams.values()
    return sections, tuple(key for key in _OF_STREAMS if any(getattr(each, key) for each in streams))
