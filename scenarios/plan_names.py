"""Names that the sections of how a team learns and plans refer to and that are not there."""

from collections.abc import Iterator
from typing import Final

from scenarios.moves import whose
from scenarios.parts import Parts
from scenarios.problems import Finding, Place, nearest

_KINDS: Final = {
    "streams": "stream",
    "causes": "cause",
    "groups": "group",
    "side_work": "side work",
    "owners": "owner",
    "phases": "phase",
}


def unknown_names(parts: Parts) -> Iterator[Finding]:
    """Yield a finding for each reference to nothing, with the nearest name."""
    for place, section, name in references(parts):
        known = _known(parts, section)
        if known is not None and name not in known:
            yield Finding(place, f"there is no {_KINDS[section]} {name!r}{nearest(name, known)}")


def _known(parts: Parts, section: str) -> tuple[str, ...] | None:
    """Return the names of a section; None where the section itself could not be read."""
    if section in ("streams", "groups"):
        return (parts.streams_named if section == "streams" else parts.groups_named) or None
    if section in ("owners", "phases"):
        return None if section in parts.plan.unknown else parts.plan.names(section)
    return None if section in parts.life.unknown else parts.life.names(section)


def references(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    """Yield each reference: its place, the section that it is to, and the name."""
    yield from owners_named(parts)
    for name, remedy in parts.plan.remedies.items():
        yield ("remedies", name, "cause"), "causes", remedy.cause
    for name, lever in parts.plan.levers.items():
        if lever.phase is not None:
            yield ("roadmap", "levers", name, "phase"), "phases", lever.phase
    for place, change in parts.plan.changes():
        for move in change.moves:
            _, section, name = whose(move.parameter)
            if section and section != "owners":
                yield (*place, "moves", move.parameter), section, name


def owners_named(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    """Yield each reference to an owner."""
    for name, cause in parts.life.causes.items():
        if cause.owner is not None:
            yield ("causes", name, "owner"), "owners", cause.owner
    for place, change in parts.plan.changes():
        if change.owner is not None:
            yield (*place, "owner"), "owners", change.owner
        for move in change.moves:
            _, section, name = whose(move.parameter)
            if section == "owners":
                yield (*place, "moves", move.parameter), "owners", name
    loop = parts.plan.loop
    if loop is None:
        return
    if loop.owner is not None:
        yield ("loop", "owner"), "owners", loop.owner
    for key, part in (("quarterly", loop.quarterly), ("articles", loop.articles)):
        if part is not None:
            yield ("loop", key, "owner"), "owners", part.owner
