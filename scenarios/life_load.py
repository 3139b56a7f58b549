"""The sections of the life of a case, each part read by itself, so that one mistake hides no other."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from scenarios.case_paths import read_path
from scenarios.causes import Cause, read_flag
from scenarios.closing import Closing
from scenarios.fields import Door, Model
from scenarios.incidents import Incident
from scenarios.life_parts import LifeParts
from scenarios.names import name_findings
from scenarios.outcomes import Outcomes
from scenarios.problems import Finding, Place, findings_of, shown
from scenarios.routing import Rule
from scenarios.severities import Severity
from scenarios.side_work import SideWork
from scenarios.tagging import Tagging
from scenarios.tiers import Tier

Read = Callable[[object, Door], Any]


def _of(model: type[Model]) -> Read:
    """Return the reader of a model from a file."""

    def read(raw: object, door: Door) -> Model:
        return model.model_validate(raw, context=door, by_name=False, by_alias=True)

    return read


_NAMED: Final[dict[str, Read]] = {
    "severities": _of(Severity),
    "causes": _of(Cause),
    "tiers": _of(Tier),
    "flags": read_flag,
    "paths": read_path,
    "side_work": _of(SideWork),
    "incidents": _of(Incident),
}
_SINGLE: Final[dict[str, Read]] = {
    "tagging": _of(Tagging),
    "closing": _of(Closing),
    "outcomes": _of(Outcomes),
}
_RULES: Final = "routing"
_rule: Final = _of(Rule)


class LifeReading:
    """One pass over these sections that collects findings instead of stopping."""

    def __init__(self, data: Mapping[str, Any], door: Door, found: list[Finding]) -> None:
        self.data, self.door, self.found = data, door, found
        self.unknown: set[str] = set()
        self.whole = True

    def parts(self) -> LifeParts:
        """Return what could be read."""
        read: dict[str, Any] = {section: self._section(section) for section in _NAMED}
        read |= {section: self._single(section) for section in _SINGLE}
        rules = self._rules()
        named = {section: self._names(section) for section in _NAMED}
        return LifeParts(**read, rules=rules, named=named, unknown=frozenset(self.unknown), whole=self.whole)

    def _read(self, read: Read, raw: object, *place: str | int) -> Any:
        """Return a part, or None with what is wrong added to the findings."""
        try:
            return read(raw, self.door)
        except ValueError as error:
            self.whole = False
            self.found += [finding.below(*place) for finding in findings_of(error)]
            return None

    def _section(self, section: str) -> dict[str, Any]:
        raw = self.data.get(section)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping) or not raw:
            what = "is empty" if raw == {} else f"{shown(raw)} is not a map of {section.replace('_', ' ')}"
            self._refuse((section,), f"{what}; write each one's name, and its keys below")
            return {}
        self.found += [f for name in raw for f in name_findings(section, str(name))]
        read = {
            str(name): self._read(_NAMED[section], each, section, str(name)) for name, each in raw.items()
        }
        return {name: part for name, part in read.items() if part is not None}

    def _names(self, section: str) -> tuple[str, ...]:
        raw = self.data.get(section)
        return tuple(map(str, raw)) if isinstance(raw, Mapping) else ()

    def _single(self, section: str) -> Any:
        raw = self.data.get(section)
        return None if raw is None else self._read(_SINGLE[section], raw, section)

    def _rules(self) -> dict[int, Rule]:
        raw = self.data.get(_RULES)
        if raw is None:
            return {}
        if not isinstance(raw, list) or not raw:
            example = "'- {severity: S1, to: critical}'"
            message = f"{shown(raw)} is not a list of rules; write one a line, such as {example}"
            self._refuse((_RULES,), message)
            return {}
        read = {i: self._read(_rule, each, _RULES, i) for i, each in enumerate(raw)}
        return {i: rule for i, rule in read.items() if rule is not None}

    def _refuse(self, place: Place, message: str) -> None:
        self.whole = False
        self.unknown.add(str(place[0]))
        self.found.append(Finding(place, message))
