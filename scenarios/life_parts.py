"""The parts of the life of a case while a scenario is read: what could be read, and all names given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scenarios.case_paths import Path
from scenarios.causes import Cause
from scenarios.closing import Closing
from scenarios.incidents import Incident
from scenarios.outcomes import Outcomes
from scenarios.routing import Rule
from scenarios.severities import Severity
from scenarios.side_work import SideWork
from scenarios.tagging import Tagging
from scenarios.tiers import Tier

Names = tuple[str, ...]
_MAPS: Final = ("severities", "causes", "tiers", "flags", "paths", "side_work", "incidents")


@dataclass(frozen=True)
class LifeParts:
    """``rules`` are by their place in the list; ``named`` has all names of a section, of what failed too.

    ``whole`` tells whether all could be read; a section of another shape is in ``unknown``.
    """

    severities: Mapping[str, Severity] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    tagging: Tagging | None = None
    rules: Mapping[int, Rule] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    closing: Closing | None = None
    side_work: Mapping[str, SideWork] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    outcomes: Outcomes | None = None
    named: Mapping[str, Names] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    whole: bool = True

    def names(self, section: str) -> Names:
        """Return all names that the file gives in a section."""
        return self.named.get(section, ())

    def moves_work(self) -> bool:
        """Tell whether work may go elsewhere than to the queue of its stream, or be more than contacts."""
        beside = self.tagging is not None or self.closing is not None
        return bool(self.rules or self.paths or self.side_work or self.incidents) or beside

    def of_scenario(self) -> dict[str, Any]:
        """Return the parts by the names of the attributes of a scenario."""
        maps = {section: dict(getattr(self, section)) for section in _MAPS}
        rules = tuple(self.rules[i] for i in sorted(self.rules))
        single = {"tagging": self.tagging, "closing": self.closing, "outcomes": self.outcomes}
        return {**maps, **single, "routing": rules}
