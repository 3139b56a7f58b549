"""Checks across the parts of the life of a case: what can never be, is never used, or throws work away."""

from collections.abc import Iterator

from scenarios.attributes import severities_of, true_causes
from scenarios.handover_check import circular_handovers
from scenarios.incident_check import incident_findings
from scenarios.life_names import unknown_names
from scenarios.limits import Limit
from scenarios.night_check import gap_findings, undone_work
from scenarios.parts import Parts
from scenarios.path_check import path_findings
from scenarios.people_check import people_findings
from scenarios.problems import Finding
from scenarios.returns_check import returns_findings
from scenarios.routing_check import idle_rules
from scenarios.side_work_check import side_work_findings
from scenarios.units import share_text
from scenarios.waiting_check import waiting_findings
from scenarios.work_places import work_places


def life_findings(parts: Parts) -> list[Finding]:
    """Return what is wrong with the life of cases; with a name unknown, or a part unread, only that."""
    found = [*unknown_names(parts), *returns_findings(parts), *_self_service(parts)]
    found += [*waiting_findings(parts), *people_findings(parts)]
    wrong = any(finding.severity == "error" for finding in found)
    if wrong or not parts.is_whole() or not _queues_are_there(parts):
        return found
    return [
        *found,
        *_promises(parts),
        *_order(parts),
        *_tagging(parts),
        *_thrown_away(parts),
        *idle_rules(parts),
        *path_findings(parts),
        *circular_handovers(parts),
        *side_work_findings(parts),
        *incident_findings(parts),
        *gap_findings(parts),
        *undone_work(parts),
        *_unused(parts),
    ]


def _queues_are_there(parts: Parts) -> bool:
    """Tell whether every queue that contacts or people name is there; where not, that has been told."""
    named = [stream.queue for stream in parts.streams.values()]
    named += [queue.overflow.to for queue in parts.queues.values() if queue.overflow is not None]
    return all(name in parts.queues for name in named)


def _self_service(parts: Parts) -> Iterator[Finding]:
    for name, stream in parts.streams.items():
        given = stream.self_service
        if given is None:
            continue
        place = ("streams", name, "self_service")
        if given.bounces is not None and not any(each.share for each in given.deflects):
            message = "come after they stayed away, and nobody does: deflects is 0%; raise it, or remove this"
            yield Finding((*place, "bounces"), message)
        first = given.deflects[0].since
        if first is not None and parts.calendar is not None:
            days = (first - parts.calendar.start).days
            if days >= parts.calendar.days:
                message = f"begins on {first}, after the last day that is simulated; it changes nothing"
                yield Finding((*place, "deflects"), message, "warning")


def _promises(parts: Parts) -> Iterator[Finding]:
    """Find severities that cases have and that promise nothing, and contacts without a severity."""
    bare = set[str]()
    used = set[str]()
    for name in parts.streams:
        for cause, fixed in true_causes(parts, name):
            severities = severities_of(parts, name, cause, fixed)
            used |= {each for each in severities if each is not None}
            bare |= {name} if None in severities else set()
    for severity, given in parts.life.severities.items():
        if severity in used and given.first_response is None and given.resolution is None:
            message = "promises nothing; add first_response or resolution, as in 'first_response: 4 h'"
            yield Finding(("severities", severity), message)
    if used:
        for name in bare:
            message = "has contacts without a severity, and nothing is promised to them; add 'severities'"
            yield Finding(("streams", name), message, "warning")


def _order(parts: Parts) -> Iterator[Finding]:
    """Warn of severities out of order: a milder one that is promised more than a worse one."""
    for key in ("first_response", "resolution"):
        before, strictest = "", 0.0
        for name, severity in parts.life.severities.items():
            limit: Limit | None = getattr(severity, key)
            if limit is None or limit.kind != "time":
                continue
            if limit.amount_s < strictest:
                message = (
                    f"is stricter than that of {before!r}, which stands above it and so counts as worse; "
                    "write severities from the worst to the mildest"
                )
                yield Finding(("severities", name, key), message, "warning")
            before, strictest = (name, limit.amount_s) if limit.amount_s > strictest else (before, strictest)


def _tagging(parts: Parts) -> Iterator[Finding]:
    """Find tagging of nothing, and costs of mistakes that nobody makes."""
    tagging = parts.life.tagging
    if tagging is None:
        return
    if not any(stream.causes for stream in parts.streams.values()):
        message = "has nothing to tag: no stream has causes; add them, as in 'causes: {billing: 100%}'"
        yield Finding(("tagging",), message)
    if tagging.accuracy < 1 and len(parts.life.causes) == 1:
        message = "is never asked for: with one cause no tag can be wrong; add others to 'causes'"
        yield Finding(("tagging", "accuracy"), message, "warning")
    if tagging.triage is not None and tagging.untagged == 0:
        message = "is never used: no contact is untagged; add 'untagged: 10%'"
        yield Finding(("tagging", "triage"), message, "warning")
    if tagging.untagged > 0 and tagging.triage is None:
        share, work = share_text(tagging.untagged), "{queue: backup, handle_time: {exponential: 1 min}}"
        message = (
            f"is {share}, and nobody sorts what has no tag, so every contact gets one; add 'triage: {work}'"
        )
        yield Finding(("tagging", "untagged"), message, "warning")
    if tagging.misrouted is not None and tagging.accuracy == 1:
        message = "is never used: every tag is right; add 'accuracy: 85%'"
        yield Finding(("tagging", "misrouted"), message, "warning")


def _thrown_away(parts: Parts) -> Iterator[Finding]:
    """Find work without a customer on the line in queues that send away who waits at closing."""
    for work in work_places(parts):
        queue = parts.queues[work.queue]
        if not work.live and queue.hours is not None and queue.at_closing == "clear":
            message = (
                f"{work.what} would be thrown away: queue {work.queue!r} sends away at closing; "
                "write 'at_closing: hold' there"
            )
            yield Finding(work.place, message)


def _unused(parts: Parts) -> Iterator[Finding]:
    """Warn of names that nothing has."""
    for section in ("severities", "causes", "tiers", "flags"):
        used = set(_used(parts, section))
        for name in parts.life.names(section):
            if name not in used:
                message = f"is used by no stream; name it in one, as in {section}: {{{name}: 5%}}"
                yield Finding((section, name), message, "warning")


def _used(parts: Parts, section: str) -> Iterator[str | None]:
    """Yield the names of a section that streams, causes or incidents have."""
    for stream in parts.streams.values():
        yield from getattr(stream, section)
    if section == "severities":
        for cause in parts.life.causes.values():
            yield from cause.severities
    for incident in parts.life.incidents.values():
        yield {"severities": incident.severity, "causes": incident.cause}.get(section)
