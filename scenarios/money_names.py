"""Names that costs and a business case refer to and that are not there, each with the nearest one."""

from collections.abc import Iterator
from typing import Final

from scenarios.costs import EVERYBODY
from scenarios.model import CHANNELS
from scenarios.parts import Parts
from scenarios.problems import Finding, Place, nearest

_OF_LIFE: Final = {"severity": "severities", "root_cause": "causes", "tier": "tiers"}
_KINDS: Final = {"root_cause": "cause"}


def unknown_names(parts: Parts) -> Iterator[Finding]:
    """Yield a finding for each reference to nothing."""
    for place, scope, name in _references(parts):
        known = known_of(parts, scope)
        also = (EVERYBODY,) if place[:2] == ("costs", "people") else ()
        if known is not None and name not in (*known, *also):
            kind = _KINDS.get(scope, scope)
            yield Finding(place, f"there is no {kind} {name!r}{nearest(name, (*known, *also))}")


def known_of(parts: Parts, scope: str) -> tuple[str, ...] | None:
    """Return the names of a scope; None where its section could not be read."""
    if scope in _OF_LIFE:
        section = _OF_LIFE[scope]
        return None if section in parts.life.unknown else parts.life.names(section)
    if scope == "channel":
        used = {channel for queue in parts.queues_named for channel in parts.channels_of(queue)}
        return tuple(channel for channel in CHANNELS if channel in used) or None
    named = {"group": parts.groups_named, "queue": parts.queues_named, "stream": parts.streams_named}
    return named[scope] or None


def _references(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    """Yield each reference: its place, what it is to, and the name."""
    money = parts.money
    for group in money.people:
        yield ("costs", "people", group), "group", group
    for name, line in money.lines.items():
        if line.only is not None:
            place: Place = ("costs", "lines", name, "only", line.only.scope)
            yield from ((place, line.only.scope, each) for each in line.only.names)
    for name, vendor in money.vendors.items():
        yield ("costs", "vendors", name, "group"), "group", vendor.group
        if vendor.penalty is not None:
            yield ("costs", "vendors", name, "penalty", "queue"), "queue", vendor.penalty.queue
    for key in ("contract_flex", "planned_hires"):
        for group in getattr(money.case, key, ()):
            yield ("business_case", key, group), "group", group
