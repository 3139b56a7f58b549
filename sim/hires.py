"""People whom the roadmap adds to groups: levers whose day is known before a run begins."""

from collections.abc import Sequence
from typing import Final

from scenarios.model import Scenario
from scenarios.moves import whose
from sim.almanac import Almanac, Stretch

Hires = Sequence[tuple[int, int]]
"""(day of the horizon, from 0; how many people), by day. Days before the first are below 0."""

_AGENTS: Final = "groups.NAME.agents"


def hires(scenario: Scenario) -> dict[str, Hires]:
    """Who is hired within the horizon or before it, by group: what levers with an owner and a due day add."""
    found: dict[str, list[tuple[int, int]]] = {}
    for lever in scenario.roadmap.levers.values() if scenario.roadmap else ():
        if lever.owner is None or lever.due is None:
            continue
        day = (lever.due - scenario.calendar.start).days
        for move in lever.moves:
            of = whose(move.parameter)
            if of.pattern == _AGENTS and day < scenario.calendar.days:
                found.setdefault(of.name, []).append((day, round(move.expected)))
    return {group: tuple(sorted(of_group)) for group, of_group in found.items()}


def grown(almanac: Almanac, spans: Sequence[Stretch], hired: Hires) -> list[Stretch]:
    """Heads by stretches of the day, with those who have been hired by then."""
    if not hired:
        return list(spans)
    since = [(almanac.midnights[max(day, 0)], more) for day, more in hired]
    return [
        s._replace(value=s.value + sum(more for start, more in since if start <= s.start_s)) for s in spans
    ]
