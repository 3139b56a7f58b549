"""Warm handovers in a circle: agents who may all stay with a case that only they themselves could take on."""

from collections.abc import Iterator
from typing import NamedTuple

from scenarios.attributes import arrives_as, possible_attributes, queue_joined, true_causes
from scenarios.case_paths import Path, PathStep
from scenarios.parts import Parts
from scenarios.problems import Finding


class _Stay(NamedTuple):
    """Who does step ``before`` in queue ``here`` stays until somebody takes ``step`` in ``there``."""

    path: str
    before: str
    step: str
    here: str
    there: str


def circular_handovers(parts: Parts) -> Iterator[Finding]:
    """Warn of handovers without a limit that may leave nobody who could end the wait."""
    stays = _in_circles(parts, [stay for name in parts.life.paths for stay in _stays(parts, name)])
    for path, step in dict.fromkeys((stay.path, stay.step) for stay in stays):
        own = [stay for stay in stays if (stay.path, stay.step) == (path, step)]
        queues = sorted({stay.there for stay in own})
        groups = {group for queue in queues for group in _takers(parts, queue)}
        others = dict.fromkeys(
            f"from {stay.before} to {stay.step} in path {stay.path}"
            for stay in stays
            if groups & set(parts.groups_of(stay.here))
        )
        takers, there = " and ".join(sorted(groups)), " and ".join(queues)
        message = (
            f"may last for ever: only {takers} can take it in {there}, and all of them may be staying with "
            f"cases that they hand over ({', '.join(others)}); write a limit, as in "
            "'handover: {warm: 3 min}', or give the skill to a group that hands nothing over so"
        )
        yield Finding(("paths", path, step, "handover"), message, "warning")


def _in_circles(parts: Parts, stays: list[_Stay]) -> list[_Stay]:
    """Return the stays that may have no end: whoever could end one may be in another of them."""
    while True:
        busy = {group for stay in stays for group in parts.groups_of(stay.here)}
        kept = [stay for stay in stays if _takers(parts, stay.there) <= busy]
        if len(kept) == len(stays):
            return kept
        stays = kept


def _takers(parts: Parts, queue: str) -> set[str]:
    """Return the groups that may take what waits in a queue, there or where it overflows to."""
    return {group for each in parts.reachable(queue) for group in parts.groups_of(each)}


def _stays(parts: Parts, name: str) -> Iterator[_Stay]:
    """Yield where agents stay in a path for as long as it takes."""
    path, streams = parts.life.paths[name], _streams(parts, name)
    homes = _homes(parts, streams)
    for step_name, step in path.steps.items():
        if not step.handover.warm or step.handover.most_s is not None or step.after is not None:
            continue  # cold, limited, or nobody stays since the customer is to answer first
        if not _is_patient(path, step_name, step) and _all_give_up(parts, streams):
            continue
        for before, other in path.steps.items():
            if other.then.get(step_name):
                for here in {other.queue} if other.queue is not None else homes:
                    for there in {step.queue} if step.queue is not None else homes:
                        yield _Stay(name, before, step_name, here, there)


def _streams(parts: Parts, path: str) -> set[str]:
    """Return the streams by which contacts of cases on a path may come."""
    return {
        arrives
        for name, stream in parts.streams.items()
        if stream.path == path or path in _paths_of_causes(parts, name)
        for arrives in arrives_as(parts, name)
    }


def _paths_of_causes(parts: Parts, stream: str) -> set[str | None]:
    return {parts.life.causes[cause].path for cause, _ in true_causes(parts, stream) if cause is not None}


def _homes(parts: Parts, streams: set[str]) -> set[str]:
    """Return the queues that routing may send contacts of these streams to."""
    contacts = possible_attributes(parts)
    return {queue_joined(parts, contact) for contact in contacts if contact.stream in streams}


def _is_patient(path: Path, name: str, step: PathStep) -> bool:
    return name != path.first if step.patient is None else step.patient


def _all_give_up(parts: Parts, streams: set[str]) -> bool:
    """Tell whether all customers of these streams give up at some time where a step lets them."""
    given = [parts.streams[name] for name in streams]
    return all(each.patience or parts.queues[each.queue].patience for each in given)
