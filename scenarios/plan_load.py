"""The sections of how a team learns and plans, each part read alone, so that one mistake hides no other."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from scenarios.changes import Lever, Remedy
from scenarios.fields import Door, Model
from scenarios.learning import Loop
from scenarios.names import name_findings
from scenarios.owners import Owner
from scenarios.plan_parts import PlanParts
from scenarios.problems import Finding, Place, findings_of, shown
from scenarios.roadmap import Phase, Roadmap

M = TypeVar("M", bound=Model)
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


class PlanReading:
    """One pass over these sections that collects findings instead of stopping."""

    def __init__(self, data: Mapping[str, Any], door: Door, found: list[Finding]) -> None:
        self.data, self.door, self.found = data, door, found
        self.unknown: set[str] = set()
        self.whole = True

    def parts(self) -> PlanParts:
        """Return what could be read."""
        said = self._roadmap_said()
        read: dict[str, Any] = {str(place[-1]): self._section(place) for place in _NAMED}
        named = {str(place[-1]): self._names(place) for place in _NAMED}
        loop = self.data.get(LOOP)
        return PlanParts(
            **read,
            loop=None if loop is None else self._what_can_be(Loop, loop, LOOP),
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
            self._refuse((ROADMAP,), f"{what}; write phases, levers or targets below it")
            return False
        return True

    def _roadmap(self) -> Roadmap | None:
        """Read what stands beside the parts of the roadmap that have names, and its targets."""
        raw = self.data[ROADMAP]
        apart = {str(place[-1]) for place in _NAMED if place[0] == ROADMAP} | {TARGETS}
        return self._what_can_be(Roadmap, {k: each for k, each in raw.items() if k not in apart}, ROADMAP)

    def _what_can_be(self, model: type[M], raw: object, *place: str) -> M | None:
        """Return a model without the keys that are wrong, so that the others can be checked."""
        found = self._tried(model, raw, place)
        if isinstance(found, Model) or not isinstance(raw, Mapping):
            return found if isinstance(found, Model) else None
        wrong = {finding.place[0] for finding in found if finding.place}
        rest = {key: each for key, each in raw.items() if key not in wrong}
        return self._tried(model, rest, None) if wrong else None  # type: ignore[return-value]

    def _tried(self, model: type[M], raw: object, place: Place | None) -> M | list[Finding]:
        """Return a model, or what is wrong with it, which is told where it has a place."""
        try:
            return model.model_validate(raw, context=self.door, by_name=False, by_alias=True)
        except ValueError as error:
            found = findings_of(error)
            self.whole = False
            self.found += [] if place is None else [finding.below(*place) for finding in found]
            return found

    def _raw(self, place: Place) -> object:
        """Return what is written at a place; nothing where what is above it is no map."""
        raw: object = self.data
        for key in place:
            raw = raw.get(str(key)) if isinstance(raw, Mapping) else None
        return raw

    def _section(self, place: Place) -> dict[str, Any]:
        raw = self._raw(place)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping) or not raw:
            what = "is empty" if raw == {} else f"{shown(raw)} is not a map of {place[-1]}"
            self._refuse(place, f"{what}; write each one's name, and its keys below")
            return {}
        self.found += [
            each._replace(place=(*place, *each.place[1:]))
            for name in raw
            for each in name_findings(str(place[-1]), str(name))
        ]
        read = {
            str(name): self._tried(_NAMED[place], each, (*place, str(name))) for name, each in raw.items()
        }
        return {name: part for name, part in read.items() if isinstance(part, Model)}

    def _names(self, place: Place) -> tuple[str, ...]:
        raw = self._raw(place)
        return tuple(map(str, raw)) if isinstance(raw, Mapping) else ()

    def _refuse(self, place: Place, message: str) -> None:
        self.whole = False
        self.unknown.add(str(place[-1]))
        self.found.append(Finding(place, message))
