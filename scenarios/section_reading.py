"""Sections that may be left out, read part by part, so that one mistake hides no other."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from scenarios.fields import Door, Model
from scenarios.names import name_findings
from scenarios.problems import Finding, Place, findings_of, shown

M = TypeVar("M", bound=Model)


class SectionReading:
    """One pass over some sections that collects findings instead of stopping.

    ``named`` has the maps from names to parts, by their place. After it, a map of another shape is in
    ``unknown``, and ``whole`` tells whether all could be read.
    """

    named: ClassVar[Mapping[Place, type[Model]]] = {}

    def __init__(self, data: Mapping[str, Any], door: Door, found: list[Finding]) -> None:
        self.data, self.door, self.found = data, door, found
        self.unknown: set[str] = set()
        self.whole = True

    def what_can_be(self, model: type[M], raw: object, *place: str) -> M | None:
        """Return a model without the keys that are wrong, so that the others can be checked."""
        found = self._tried(model, raw, place)
        if isinstance(found, Model) or not isinstance(raw, Mapping):
            return found if isinstance(found, Model) else None
        wrong = {finding.place[0] for finding in found if finding.place}
        rest = {key: each for key, each in raw.items() if key not in wrong}
        again = self._tried(model, rest, None) if wrong else None
        return again if isinstance(again, Model) else None

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

    def section(self, place: Place) -> dict[str, Any]:
        """Return the parts at a place that could be read, by name."""
        raw = self._raw(place)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping) or not raw:
            what = "is empty" if raw == {} else f"{shown(raw)} is not a map of {place[-1]}"
            self.refuse(place, f"{what}; write each one's name, and its keys below")
            return {}
        self.found += [
            each._replace(place=(*place, *each.place[1:]))
            for name in raw
            for each in name_findings(str(place[-1]), str(name))
        ]
        model = self.named[place]
        read = {str(name): self._tried(model, each, (*place, str(name))) for name, each in raw.items()}
        return {name: part for name, part in read.items() if isinstance(part, Model)}

    def names(self, place: Place) -> tuple[str, ...]:
        """Return all names at a place, also of parts that could not be read."""
        raw = self._raw(place)
        return tuple(map(str, raw)) if isinstance(raw, Mapping) else ()

    def refuse(self, place: Place, message: str) -> None:
        """Tell of a section that has another shape."""
        self.whole = False
        self.unknown.add(str(place[-1]))
        self.found.append(Finding(place, message))
