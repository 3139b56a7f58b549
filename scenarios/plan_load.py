"""The sections of how a team learns and plans, each part read alone, so that one mistake hides no other."""

from collections.abc import Mapping
from typing import Any, Final

from scenarios.changes import Lever, Remedy
from scenarios.fields import Model
from scenarios.learning import Loop
from scenarios.owners import Owner
from scenarios.plan_parts import PlanParts
from scenarios.problems import Place, shown
from scenarios.roadmap import Phase, Roadmap
from scenarios.section_reading import SectionReading

LOOP: Final = "loop"
ROADMAP: Final = "roadmap"
TARGETS: Final = "targets"
_NAMED: Final[dict[Place, type[Model]]] = {
    ("owners",): Owner,
    ("remedies",): Remedy,
    (ROADMAP, "phases"): Phase,
    (ROADMAP, "levers"): Lever,
}
"""The maps from names to parts."""


class PlanReading(SectionReading):
    """One pass over these sections that collects findings instead of stopping."""

    named = _NAMED

    def parts(self) -> PlanParts:
        """Return what could be read."""
        said = self._roadmap_said()
        read: dict[str, Any] = {str(place[-1]): self.section(place) for place in _NAMED}
        named = {str(place[-1]): self.names(place) for place in _NAMED}
        loop = self.data.get(LOOP)
        return PlanParts(
            **read,
            loop=None if loop is None else self.what_can_be(Loop, loop, LOOP),
            loop_said=loop is not None,
            roadmap=self._roadmap() if said else None,
            named=named,
            unknown=frozenset(self.unknown),
            whole=self.whole,
        )

    def targets(self) -> object:
        """Return the lines of targets by day as they are written; nothing where there is no roadmap."""
        raw = self.data.get(ROADMAP)
        return raw.get(TARGETS) if isinstance(raw, Mapping) else None

    def _roadmap_said(self) -> bool:
        raw = self.data.get(ROADMAP)
        if raw is None:
            return False
        if not isinstance(raw, Mapping) or not raw:
            what = "is empty" if raw == {} else f"{shown(raw)} is not a map"
            self.refuse((ROADMAP,), f"{what}; write phases, levers or targets below it")
            return False
        return True

    def _roadmap(self) -> Roadmap | None:
        """Read what stands beside the parts of the roadmap that have names, and its targets."""
        raw = self.data[ROADMAP]
        apart = {str(place[-1]) for place in _NAMED if place[0] == ROADMAP} | {TARGETS}
        return self.what_can_be(Roadmap, {k: each for k, each in raw.items() if k not in apart}, ROADMAP)
