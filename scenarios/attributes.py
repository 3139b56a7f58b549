"""Which contacts there may be: all that they can bear at once, as far as routing rules may ask for it.

Never too few: what a contact may get on its way by another stream is counted in. Of flags only the fewest
that a contact may bear matter, and each other one beside them: more flags only let more rules match.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from scenarios.model import Stream
from scenarios.parts import Parts
from scenarios.routing import CONDITIONS, Attributes, first_match

Pair = tuple[str | None, str | None]
"""The cause by which a contact is routed, and its severity."""


def possible_attributes(parts: Parts, kept: tuple[str, ...] = ()) -> set[Attributes]:
    """Return the attributes that contacts may have; severities, causes, tiers and flags only where asked for.

    Asked for by a rule, or ``kept`` for the caller: all other names are None.
    """
    asked = _asked(parts) | set(kept)
    found = set[Attributes]()
    for name, stream in parts.streams.items():
        pairs = {(_if(cause, asked), _if(level, asked)) for cause, level in cause_and_severity(parts, name)}
        vips = {(_if(tier, asked), parts.life.tiers[tier].vip) for tier in _likely(stream.tiers)}
        flag_sets = {flags & asked for flags in _flag_sets(stream)}
        for arrives in arrives_as(parts, name):
            channel = parts.queues[parts.streams[arrives].queue].channel
            for (cause, severity), (tier, vip), flags in product(pairs, vips or {(None, False)}, flag_sets):
                found.add(Attributes(arrives, channel, severity, cause, tier, flags, vip))
    return found


def queue_joined(parts: Parts, contact: Attributes) -> str:
    """Return the queue that a contact joins: where the first rule that matches sends it, or its stream's."""
    rule = first_match(parts.life.rules.values(), contact)
    return rule.to if rule is not None else parts.streams[contact.stream].queue


def _asked(parts: Parts) -> set[str]:
    """Return all names that rules ask for."""
    rules = parts.life.rules.values()
    return {name for rule in rules for attribute in CONDITIONS for name in getattr(rule, attribute)}


def _if(name: str | None, asked: set[str]) -> str | None:
    """Return a name that is asked for; None for any other."""
    return name if name in asked else None


def _likely(shares: dict[str, float]) -> tuple[str, ...]:
    return tuple(name for name, share in shares.items() if share > 0)


def _flag_sets(stream: Stream) -> Iterator[frozenset[str]]:
    certain = frozenset(flag for flag, share in stream.flags.items() if share == 1)
    yield certain
    for flag in _likely(stream.flags):
        yield certain | {flag}


def true_causes(parts: Parts, stream: str) -> tuple[Pair, ...]:
    """Return the causes of a stream's contacts, those of incidents with the severity that these fix."""
    own: list[Pair] = [(cause, None) for cause in _likely(parts.streams[stream].causes) or (None,)]
    incidents = parts.life.incidents.values()
    return (*own, *((each.cause, each.severity) for each in incidents if each.surge.get(stream)))


def severities_of(parts: Parts, stream: str, cause: str | None, fixed: str | None) -> tuple[str | None, ...]:
    """Return the severities that contacts of a cause may have; (None,) where they have none."""
    if fixed is not None:
        return (fixed,)
    of_cause = parts.life.causes[cause].severities if cause is not None else {}
    return _likely(of_cause or parts.streams[stream].severities) or (None,)


def cause_and_severity(parts: Parts, stream: str) -> set[Pair]:
    """Return what causes (as tagged) and severities contacts of a stream may have together."""
    true = true_causes(parts, stream)
    tagging = parts.life.tagging
    wrong: Iterable[str | None] = parts.life.causes if tagging is not None and tagging.accuracy < 1 else ()
    pairs = set[Pair]()
    for cause, fixed in true:
        tags = {cause, *(wrong if cause is not None else ())}
        tags |= {None} if tagging is not None and tagging.untagged > 0 else set()
        pairs |= set(product(tags, severities_of(parts, stream, cause, fixed)))
    return pairs


def arrives_as(parts: Parts, stream: str) -> set[str]:
    """Return the streams by which contacts of a stream's cases may come: its own, and others later."""
    queue = parts.queues[parts.streams[stream].queue]
    found = {stream}
    if queue.retry is not None:
        found |= set(_likely(queue.retry.switch))
    if queue.announces is not None and queue.announces.diverts is not None:
        found.add(queue.announces.diverts.to)
    closing = parts.life.closing
    if closing is not None and closing.repeats is not None and closing.repeats.share > 0:
        found |= set(_likely(closing.repeats.streams))
    return found
