"""How a team learns and plans, while a scenario is read: what could be read, and all names given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.changes import Change, Lever, Remedy
from scenarios.learning import Loop
from scenarios.owners import Owner
from scenarios.problems import Place
from scenarios.roadmap import DayGoal, Phase, Roadmap

Names = tuple[str, ...]


@dataclass(frozen=True)
class PlanParts:
    """``named`` has all names of owners, remedies, phases and levers, of those that failed too.

    ``loop_said`` tells whether the file has a loop, read or not; ``whole`` whether all could be read. A
    section of another shape is in ``unknown``. ``roadmap`` holds what stands beside its parts and targets.
    """

    owners: Mapping[str, Owner] = field(default_factory=dict)
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    loop: Loop | None = None
    loop_said: bool = False
    phases: Mapping[str, Phase] = field(default_factory=dict)
    levers: Mapping[str, Lever] = field(default_factory=dict)
    roadmap: Roadmap | None = None
    named: Mapping[str, Names] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    whole: bool = True

    def names(self, section: str) -> Names:
        """Return all names that the file gives in a section: owners, remedies, phases, levers."""
        return self.named.get(section, ())

    def changes(self) -> Iterator[tuple[Place, Change]]:
        """Yield remedies and levers, each with its place in the file."""
        for name, remedy in self.remedies.items():
            yield ("remedies", name), remedy
        for name, lever in self.levers.items():
            yield ("roadmap", "levers", name), lever

    def of_scenario(self, goals: tuple[DayGoal, ...]) -> dict[str, Any]:
        """Return the parts by the names of the attributes of a scenario, with the targets by day."""
        changed = {"phases": dict(self.phases), "levers": dict(self.levers), "targets": goals}
        return {
            "owners": dict(self.owners),
            "remedies": dict(self.remedies),
            "loop": self.loop,
            "roadmap": self.roadmap and self.roadmap.model_copy(update=changed),
        }
