"""Prices of cost lines that count what this scenario does not count, or by what it is not counted by."""

from collections.abc import Iterable, Iterator
from typing import Final

from scenarios.costs import SCOPES, Line, Only
from scenarios.parts import Parts
from scenarios.prices import FIXED
from scenarios.problems import Finding, Place

_OF_CONTACTS: Final = ("channel", "queue", "stream", "group")
_OF_CASES: Final = ("channel", "stream", "severity", "root_cause", "tier")
_BEFORE_CONTACT: Final = ("channel", "stream")
COUNTED_BY: Final[dict[str, tuple[str, ...]]] = {
    "contact": _OF_CONTACTS,
    "minute": _OF_CONTACTS,
    "case": _OF_CASES,
    "solved case": _OF_CASES,
    "late first response": _OF_CASES,
    "late resolution": _OF_CASES,
    "late update": _OF_CASES,
    "deflected contact": _BEFORE_CONTACT,
    "attempt": _BEFORE_CONTACT,
    "abandoned contact": ("queue", "stream", "channel"),
    "seat": ("group",),
    "FTE": ("group",),
    "hire": ("group",),
    FIXED: SCOPES,
}
"""The scopes by which each driver is counted; what is paid for a time alone may be shared out by any."""
_PROMISES: Final = {
    "late first response": "first_response",
    "late resolution": "resolution",
    "late update": "update",
}
_LIFE: Final = ("severities", "causes", "tiers", "flags", "paths", "side_work", "incidents")


def price_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with lines; what nobody counts is told once all parts are read."""
    known = parts.is_whole() and parts.plan.whole
    for name, line in parts.money.lines.items():
        place: Place = ("costs", "lines", name)
        wrong = _scope(place, line)
        if wrong is not None:
            yield wrong
        elif known and (problem := _uncounted(parts, line)):
            yield Finding((*place, "price"), problem)


def _scope(place: Place, line: Line) -> Finding | None:
    allowed = COUNTED_BY[line.price.driver]
    if line.only is None or line.only.scope in allowed:
        return None
    listed = " or ".join(filter(None, (", ".join(allowed[:-1]), allowed[-1])))
    message = f"does not go with a price per {line.price.driver}, which is counted by {listed}"
    return Finding((*place, "only", line.only.scope), message)


def _uncounted(parts: Parts, line: Line) -> str:
    """Say why what a line counts is never counted here; nothing where it is."""
    driver = line.price.driver
    if COUNTED_BY[driver] is _OF_CASES and not opens_cases(parts):
        return f"is per {driver}, and contacts of this scenario open no cases; add severities, or causes"
    if driver in _PROMISES:
        return _without_promise(parts, _PROMISES[driver], line.only)
    return (
        _without_self_service(parts, driver, line.only) if driver in ("deflected contact", "attempt") else ""
    )


def opens_cases(parts: Parts) -> bool:
    """Tell whether contacts open cases, from what could be read."""
    life, loop, plan = parts.life, parts.plan.loop, parts.plan
    single = (life.tagging, life.rules, life.closing, life.outcomes, plan.levers, loop and loop.owner)
    return (
        any(map(life.names, _LIFE))
        or any(each is not None and bool(each) for each in single)
        or any(stream.self_service for stream in parts.streams.values())
    )


def _without_promise(parts: Parts, promise: str, only: Only | None) -> str:
    """Say which severities of a line have no promise that could be broken."""
    severities = parts.life.severities
    named = only.names if only is not None and only.scope == "severity" else ()
    lacking = [each for each in named if each in severities and getattr(severities[each], promise) is None]
    if lacking:
        return f"is for a promise that severity {lacking[0]!r} does not have; add {promise} to it"
    if not any(getattr(each, promise) for each in severities.values()):
        return f"is for a promise that no severity has; add {promise} to one"
    return ""


def _without_self_service(parts: Parts, driver: str, only: Only | None) -> str:
    """Say which streams of a line have no self-service."""
    having = [name for name, stream in parts.streams.items() if stream.self_service is not None]
    if only is None:
        return f"is per {driver}, and no stream has self_service" if not having else ""
    having = _names(parts, having, only.scope)
    lacking = [name for name in only.names if name not in having]
    return f"is per {driver}, and {only.scope} {lacking[0]!r} has no self_service" if lacking else ""


def _names(parts: Parts, streams: Iterable[str], scope: str) -> list[str]:
    """Return streams, or their channels."""
    if scope != "channel":
        return list(streams)
    return [channel for name in streams for channel in parts.channels_of(parts.streams[name].queue)]
