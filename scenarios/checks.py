"""Checks across the parts of a scenario: references between them, and rules that need several of them."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scenarios.definitions import SERVICE_LEVELS
from scenarios.life_checks import life_findings
from scenarios.load_check import load_findings
from scenarios.loop_check import plan_findings
from scenarios.model import Queue
from scenarios.money_check import money_findings
from scenarios.parts import Parts, flat, skills_of
from scenarios.problems import Finding, Place, nearest
from scenarios.spans import days_text
from scenarios.units import duration_text
from scenarios.week import DAY_S
from scenarios.work_places import work_places


def check_parts(parts: Parts) -> list[Finding]:
    """Return what is wrong across the parts that could be read, and what is worth a warning."""
    found = [
        *_stream_references(parts),
        *_skill_references(parts),
        *_overflow_references(parts),
        *_overflow_cycles(parts),
        *_preferences(parts),
        *_targets(parts),
        *_warm_up(parts),
        *_clock_changes(parts),
        *_currencies(parts),
        *_queue_warnings(parts),
        *life_findings(parts),
        *plan_findings(parts),
        *money_findings(parts),
    ]
    if not parts.is_whole():
        return found
    if _skills_are_known(parts):
        found += _unserved(parts)
    if _queues_are_known(parts):
        found += [*_unfed(parts), *_never_asked(parts)]
    return [*found, *_endless(parts), *load_findings(parts)]


def _skills_are_known(parts: Parts) -> bool:
    """Tell whether no skill is misspelt: else the queue that was meant would seem to be served by nobody."""
    return all(skill in parts.queues for group in parts.groups.values() for skill in skills_of(group))


def _queues_are_known(parts: Parts) -> bool:
    """Tell whether contacts go to queues that are there: else the one that was meant would seem unfed."""
    named = [stream.queue for stream in parts.streams.values()]
    named += [queue.overflow.to for queue in parts.queues.values() if queue.overflow is not None]
    named += [work.queue for work in work_places(parts)]
    return bool(parts.streams) and all(name in parts.queues for name in named)


def _unknown(place: Place, name: str, kind: str, known: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a finding where a name is not known; with no name at all, the section itself is wrong."""
    if known and name not in known:
        yield Finding(place, f"there is no {kind} {name!r}{nearest(name, known)}")


def _stream_references(parts: Parts) -> Iterator[Finding]:
    for name, queue in parts.joins.items():
        yield from _unknown(("streams", name, "queue"), queue, "queue", parts.queues_named)


def _skill_references(parts: Parts) -> Iterator[Finding]:
    for name, group in parts.groups.items():
        for i, tie in enumerate(group.skills):
            for skill in tie:
                yield from _unknown(("groups", name, "skills", i), skill, "queue", parts.queues_named)


def _overflow_references(parts: Parts) -> Iterator[Finding]:
    for name, queue in parts.queues.items():
        if queue.overflow is not None:
            place = ("queues", name, "overflow", "to")
            yield from _unknown(place, queue.overflow.to, "queue", parts.queues_named)


def _overflow_cycles(parts: Parts) -> Iterator[Finding]:
    """Find overflow that comes back: a contact could go round for ever. Each cycle is told once."""
    told: set[str] = set()
    for name in parts.queues:
        chain = parts.reachable(name)
        last = parts.queues[chain[-1]].overflow
        if last is None or last.to != name or name in told:
            continue
        told.update(chain)
        round_trip = " -> ".join((*chain, name))
        said = "goes to itself" if len(chain) == 1 else f"goes round: {round_trip}"
        yield Finding(("queues", name, "overflow"), f"{said}; let the last queue keep its contacts")


def _preferences(parts: Parts) -> Iterator[Finding]:
    """Find groups in ``prefers`` that do not exist or lack the skill, and those that it leaves out."""
    for name, queue in parts.queues.items():
        named = flat(queue.prefers or ())
        for group in named:
            place: Place = ("queues", name, "prefers")
            yield from _unknown(place, group, "group", parts.groups_named)
            if group in parts.groups and name not in skills_of(parts.groups[group]):
                yield Finding(place, f"group {group!r} has no skill {name!r}; add it to the group's skills")
        left_out = [group for group in parts.groups_of(name) if group not in named]
        if named and left_out:
            message = f"leaves out {', '.join(left_out)}, with the skill too; contacts never go there"
            yield Finding(("queues", name, "prefers"), message, "warning")


def _targets(parts: Parts) -> Iterator[Finding]:
    """Find targets without a named definition, and definitions that flatter."""
    for name, queue in parts.queues.items():
        if queue.target is not None and queue.service_level is None and parts.header_read:
            yield Finding(
                ("queues", name, "target"),
                "has no definition of service level; add 'service_level: answered_plus_abandoned_within' "
                "(or another) at the top of the file or beside the target",
            )
        if queue.service_level is not None and not SERVICE_LEVELS[queue.service_level].counts_the_lost:
            message = (
                f"{queue.service_level} ignores everyone who hangs up: "
                "the worse the service, the better it looks"
            )
            yield Finding(("queues", name, "service_level"), message, "warning")


def _warm_up(parts: Parts) -> Iterator[Finding]:
    if parts.run and parts.calendar and parts.run.warm_up_s >= parts.calendar.days * DAY_S:
        message = (
            f"is not shorter than the horizon of {days_text(parts.calendar.days)}; nothing would be measured"
        )
        yield Finding(("run", "warm_up"), message)
    elif parts.run and parts.calendar and parts.run.warm_up_s % parts.calendar.interval:
        interval = parts.calendar.interval
        up = duration_text(-(-parts.run.warm_up_s // interval) * interval)
        whole = duration_text(interval)
        message = f"ends within an interval of {whole}, which counts whole or not at all; write {up}"
        yield Finding(("run", "warm_up"), message)


def _clock_changes(parts: Parts) -> Iterator[Finding]:
    """Refuse intervals that a change of the clocks pushes off their grid (Lord Howe Island: half an hour)."""
    calendar = parts.calendar
    if calendar is None:
        return
    zone = ZoneInfo(calendar.time_zone)
    first = datetime.combine(calendar.start, time())
    midnights = ((first + timedelta(days=n)).replace(tzinfo=zone) for n in range(calendar.days + 1))
    offsets = {each.utcoffset() or timedelta() for each in midnights}
    if len({offset % timedelta(seconds=calendar.interval) for offset in offsets}) > 1:
        message = (
            f"of {duration_text(calendar.interval)} does not fit the clocks of {calendar.time_zone}, "
            "which change by less within these days; write 30 min"
        )
        yield Finding(("calendar", "interval"), message)


def _currencies(parts: Parts) -> Iterator[Finding]:
    """Find a second currency: costs in two of them cannot be added up."""
    paid: dict[Place, str] = {
        ("groups", name, "pay"): group.pay.currency
        for name, group in parts.groups.items()
        if group.pay is not None
    }
    for name, group in parts.groups.items():
        if group.on_call is not None and group.on_call.standby_pay is not None:
            paid["groups", name, "on_call", "standby_pay"] = group.on_call.standby_pay.currency
    first = next(iter(paid.values()), "")
    for place, currency in paid.items():
        if currency != first:
            message = f"is in {currency}, and another group's in {first}; write all pay in one currency"
            yield Finding(place, message)


def _queue_warnings(parts: Parts) -> Iterator[Finding]:
    """Warn of settings of a queue that rarely are what a person means."""
    for name, queue in parts.queues.items():
        if queue.capacity is not None and queue.at_closing == "hold":
            message = "limits a queue that holds its contacts at closing; those that find it full are lost"
            yield Finding(("queues", name, "capacity"), message, "warning")
        if queue.retry is not None and never_full(queue) and queue.retry.of == ("blocked",):
            message = "is for blocked contacts only, and without a capacity or lines none is blocked"
            yield Finding(("queues", name, "retry"), message, "warning")


def never_full(queue: Queue) -> bool:
    """Tell whether nobody ever finds a queue full."""
    return queue.capacity is None and queue.lines is None


def _unserved(parts: Parts) -> Iterator[Finding]:
    """Find queues that no group serves, and say who sends contacts there."""
    for name in parts.queues:
        if parts.groups_of(name):
            continue
        senders = [f"stream {s}" for s, stream in parts.streams.items() if stream.queue == name]
        senders += [f"overflow of {q}" for q, each in parts.queues.items() if _flows_to(each.overflow, name)]
        work = [each.what for each in work_places(parts) if each.queue == name]
        what = "work comes" if work else "contacts come"
        told = f" ({what} from {', '.join([*senders, *work])})" if senders or work else ""
        yield Finding(("queues", name), f"no group serves it{told}; add {name!r} to the skills of a group")


def _flows_to(overflow: object, name: str) -> bool:
    return getattr(overflow, "to", None) == name


def _unfed(parts: Parts) -> Iterator[Finding]:
    """Warn of queues to which nothing sends contacts."""
    fed = {stream.queue for stream in parts.streams.values()}
    fed |= {queue.overflow.to for queue in parts.queues.values() if queue.overflow is not None}
    fed |= {work.queue for work in work_places(parts)}
    for name in parts.queues:
        if name not in fed:
            yield Finding(("queues", name), "no stream and no overflow sends contacts here", "warning")


def _never_asked(parts: Parts) -> Iterator[Finding]:
    """Warn of what only the queue that a contact came to is asked for."""
    begun = {stream.queue for stream in parts.streams.values()}
    begun |= {work.queue for work in work_places(parts) if work.live}
    for name, queue in parts.queues.items():
        for key, value in (("patience", queue.patience), ("retry", queue.retry)):
            if value is not None and name not in begun:
                message = (
                    "is never used: no stream comes here, and who is passed on keeps that of the first queue"
                )
                yield Finding(("queues", name, key), message, "warning")


def _endless(parts: Parts) -> Iterator[Finding]:
    """Warn of phone contacts that wait for ever: nobody hangs up without a patience."""
    for name, stream in parts.streams.items():
        queue = parts.queues.get(stream.queue)
        if queue and queue.channel == "phone" and queue.patience is None and stream.patience is None:
            message = "has no patience, here or on its queue: nobody ever hangs up, however long they wait"
            yield Finding(("streams", name), message, "warning")
