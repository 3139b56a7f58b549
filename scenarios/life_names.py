"""Names that the life of a case refers to and that are not there, each with the nearest one."""

from collections.abc import Iterable, Iterator
from typing import Final

from scenarios.case_paths import SOLVED
from scenarios.model import CHANNELS
from scenarios.parts import Parts
from scenarios.problems import Finding, Place, nearest
from scenarios.routing import CONDITIONS
from scenarios.work_places import work_places

_MIXES: Final = ("causes", "severities", "tiers", "flags")
_KINDS: Final = {
    "streams": "stream",
    "queues": "queue",
    "causes": "cause",
    "severities": "severity",
    "tiers": "tier",
    "flags": "flag",
    "paths": "path",
}


def unknown_names(parts: Parts) -> Iterator[Finding]:
    """Yield a finding for each reference to nothing."""
    for place, section, name in _references(parts):
        known = _known(parts, section)
        if known is not None and name not in known:
            yield Finding(place, f"there is no {_KINDS[section]} {name!r}{nearest(name, known)}")
    yield from _channels(parts)
    yield from _steps(parts)


def _known(parts: Parts, section: str) -> tuple[str, ...] | None:
    """Return the names of a section; None where the section itself could not be read."""
    if section in ("streams", "queues"):
        return (parts.streams_named if section == "streams" else parts.queues_named) or None
    return None if section in parts.life.unknown else parts.life.names(section)


def _references(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    """Yield each reference: its place, the section that it is to, and the name."""
    life = parts.life
    for work in work_places(parts):
        yield work.place, "queues", work.queue
    yield from _of_streams(parts)
    yield from _of_queues_and_groups(parts)
    for name, cause in life.causes.items():
        yield from _each(("causes", name, "severities"), "severities", cause.severities)
        if cause.path is not None:
            yield ("causes", name, "path"), "paths", cause.path
    for i, rule in life.rules.items():
        for section in ("streams", "severities", "causes", "tiers", "flags"):
            for each in getattr(rule, section):
                yield ("routing", i, CONDITIONS[section]), section, each
    if life.closing is not None and life.closing.repeats is not None:
        yield from _each(("closing", "repeats", "streams"), "streams", life.closing.repeats.streams)
    for name, side_work in life.side_work.items():
        for section in ("severities", "causes", "tiers"):
            for each in getattr(side_work, section):
                yield ("side_work", name, section), section, each
        for flag in side_work.when.flags if side_work.when is not None else ():
            yield ("side_work", name, "when", "flags"), "flags", flag
    for name, incident in life.incidents.items():
        yield ("incidents", name, "cause"), "causes", incident.cause
        if incident.severity is not None:
            yield ("incidents", name, "severity"), "severities", incident.severity
        yield from _each(("incidents", name, "surge"), "streams", incident.surge)


def _of_streams(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    for name, stream in parts.streams.items():
        for section in _MIXES:
            yield from _each(("streams", name, section), section, getattr(stream, section))
        if stream.path is not None:
            yield ("streams", name, "path"), "paths", stream.path


def _of_queues_and_groups(parts: Parts) -> Iterator[tuple[Place, str, str]]:
    for name, queue in parts.queues.items():
        if queue.announces is not None and queue.announces.diverts is not None:
            yield ("queues", name, "announces", "diverts", "to"), "streams", queue.announces.diverts.to
        if queue.retry is not None:
            yield from _each(("queues", name, "retry", "switch"), "streams", queue.retry.switch)
    for name, group in parts.groups.items():
        yield from _each(("groups", name, "handle_times"), "queues", group.handle_time_by_queue)


def _each(place: Place, section: str, names: Iterable[str]) -> Iterator[tuple[Place, str, str]]:
    for name in names:
        yield (*place, name), section, name


def _channels(parts: Parts) -> Iterator[Finding]:
    for i, rule in parts.life.rules.items():
        for channel in rule.channels:
            if channel not in CHANNELS:
                message = f"there is no channel {channel!r}{nearest(channel, CHANNELS)}"
                yield Finding(("routing", i, "channel"), message)


def _steps(parts: Parts) -> Iterator[Finding]:
    """Yield what comes after a step and is none."""
    for name, path in parts.life.paths.items():
        known = (*path.steps, SOLVED)
        for step_name, step in path.steps.items():
            for following in step.then:
                if following not in known:
                    message = f"there is no step {following!r} in this path{nearest(following, known)}"
                    yield Finding(("paths", name, step_name, "then"), message)
