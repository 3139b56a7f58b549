"""Tagging of contacts: how often tags are right, and what happens where they are not."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import ValidationInfo

from scenarios.distributions import Distribution, Time, read_distribution
from scenarios.fields import Model, Share, Text, door_of, reader, said
from scenarios.mixes import placed_below


class Work(Model):
    """Some work: where it waits, and how long it keeps an agent."""

    queue: Annotated[Text, said("the queue in which it waits", "backup")]
    handle_time: Annotated[Time, said("how long it keeps an agent", "{exponential: 1 min}")]


def _time(seen: object, info: ValidationInfo) -> Distribution:
    """Return the time of ``{exponential: 2 min}``, which may stand below ``handle_time``."""
    if isinstance(seen, Distribution):
        return seen
    if isinstance(seen, Mapping) and list(seen) == ["handle_time"]:
        try:
            return read_distribution(seen["handle_time"], door_of(info))
        except ValueError as error:
            raise placed_below(error, "handle_time") from None
    return read_distribution(seen, door_of(info))


class Tagging(Model):
    """Shares (0-1) of contacts: ``untagged`` have no tag; of the rest ``accuracy`` have the right one.

    A wrong tag routes by another cause, and who finds out loses ``misrouted`` before passing it on.
    ``collisions`` are worked on by two agents at once.
    """

    accuracy: Annotated[Share, said("which share of tags is right", "85%")] = 1.0
    untagged: Annotated[Share, said("which share gets no tag and waits for a person", "10%")] = 0.0
    collisions: Annotated[Share, said("which share is worked on twice", "2%")] = 0.0
    triage: (
        Annotated[
            Work,
            said(
                "who sorts what has no tag",
                "{queue: backup, handle_time: {exponential: 1 min}}",
                absent="nobody: every contact gets a tag",
            ),
        ]
        | None
    ) = None
    misrouted: (
        Annotated[
            Distribution,
            reader(_time, {"$ref": "#/$defs/distribution"}),
            said("what a wrong tag costs before it is passed on", "{exponential: 2 min}", absent="nothing"),
        ]
        | None
    ) = None
