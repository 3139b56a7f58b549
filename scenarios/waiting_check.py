"""Checks of what queues do with those who wait: announcements, call-backs, lines, weights."""

from collections.abc import Iterator

from scenarios.model import Queue
from scenarios.parts import Parts
from scenarios.problems import Finding, Place


def waiting_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with queues that could be read."""
    for name, queue in parts.queues.items():
        place: Place = ("queues", name)
        yield from _diverts(parts, name, queue)
        yield from _lines(place, queue)
        yield from _never_used(parts, name, queue)
        if queue.retry is not None and queue.retry.share == 1 and queue.retry.attempts is None:
            message = (
                "is 100%: whoever is lost tries again until answered, and with too few people ever more do; "
                "write less, or say how often with 'attempts'"
            )
            yield Finding((*place, "retry", "share"), message, "warning")


def _diverts(parts: Parts, name: str, queue: Queue) -> Iterator[Finding]:
    """Find contacts that are sent another way and come back to the same queue."""
    diverts = queue.announces.diverts if queue.announces is not None else None
    if diverts is not None and parts.joins.get(diverts.to) == name:
        place = ("queues", name, "announces", "diverts", "to")
        yield Finding(place, f"stream {diverts.to!r} comes to this very queue; name one of another queue")


def _lines(place: Place, queue: Queue) -> Iterator[Finding]:
    if queue.lines is not None and queue.capacity is not None and queue.capacity >= queue.lines:
        message = f"is never reached: there are only {queue.lines} lines for those waiting and in hand"
        yield Finding((*place, "capacity"), message, "warning")
    if queue.silent is not None and queue.patience is None:
        message = "is of those who give up, and the queue has no patience; add it, or remove this"
        yield Finding((*place, "silent"), message, "warning")


def _never_used(parts: Parts, name: str, queue: Queue) -> Iterator[Finding]:
    """Find weights and gains that no group looks at."""
    takes = {parts.groups[group].takes for group in parts.groups_of(name)}
    said = (("weight", queue.weight != 1, "weighted_wait"), ("gains", queue.gains_per_hour > 0, "ageing"))
    for key, is_said, policy in said:
        if is_said and takes and policy not in takes:
            message = f"is never asked for: no group that serves this queue has 'takes: {policy}'"
            yield Finding(("queues", name, key), message, "warning")
