"""Paths of cases: steps of work one after another, and what comes after each."""

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from scenarios.distributions import Time
from scenarios.fields import (
    DURATION,
    SHARE,
    Door,
    Model,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    YesNo,
    built,
    read_map,
    reader,
    said,
)
from scenarios.mixes import read_mix
from scenarios.problems import Gather, nearest, refuse, shown

SOLVED: Final = "solved"
"""What comes after the last step of a case; no step may be named so."""
_ONLY_SOLVED: Final = {SOLVED: 1.0}
THEN: Final = {
    "title": "what comes next",
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": SHARE}],
}

HANDOVER: Final = {
    "title": "handover",
    "anyOf": [
        {"enum": ["cold", "warm"]},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["warm"],
            "properties": {"warm": DURATION},
        },
    ],
}


def _then(seen: object) -> dict[str, float]:
    """Return shares (0-1) by what comes next: a name alone comes always."""
    return {seen: 1.0} if isinstance(seen, str) and seen.strip() else read_mix(seen)


class Handover(NamedTuple):
    """Whether who had a case stays until somebody takes it; ``most_s``: how long at most (None: no limit)."""

    warm: bool
    most_s: float | None = None


COLD: Final = Handover(warm=False)


class _WarmWritten(Model):
    warm: PositiveSeconds


def _handover(seen: object, door: Door) -> Handover:
    """Return the handover of ``cold``, ``warm`` or ``{warm: 3 min}``."""
    if isinstance(seen, Mapping):
        return Handover(True, read_map(_WarmWritten, seen, door, "{warm: 3 min}").warm)
    if seen not in ("cold", "warm"):
        allowed = nearest(str(seen), ("cold", "warm"))
        raise ValueError(f"{shown(seen)} is not known{allowed}, or with a limit {{warm: 3 min}}")
    return Handover(seen == "warm")


class PathStep(Model):
    """One piece of work on a case.

    ``queue`` None: where routing has sent the contact. ``handle_time`` None: the stream's. ``after``: how
    long the case waits for the customer before it joins its queue. ``due_s``: within which time the step
    is to begin. ``patient`` None: nobody gives up in it, unless it is the first.
    """

    queue: Annotated[
        Text | None, said("the queue in which it waits", "backup", absent="where routing sent the contact")
    ] = None
    handle_time: Annotated[
        Time | None, said("how long it keeps an agent", "{exponential: 9 min}", absent="as the stream says")
    ] = None
    after: Annotated[
        Time | None,
        said(
            "how long it waits for the customer before it joins the queue",
            "{exponential: 1 day}",
            absent="not at all",
        ),
    ] = None
    wrap_up: Annotated[
        Share | None,
        said(
            "the last part of that, when the customer has gone and the agent is still busy",
            "15%",
            absent="the stream's",
        ),
    ] = None
    handover: Annotated[
        Handover,
        built(Handover, _handover, HANDOVER),
        said(
            "how it is handed to this step: `warm`: who had it stays until it is taken, with a time no "
            "longer than that",
            "warm",
            "{warm: 3 min}",
            absent="`cold`",
        ),
    ] = COLD
    conference_s: Seconds = said(
        "of a warm handover: how long both talk to the customer together",
        "2 min",
        default=0.0,
        validation_alias="conference",
    )
    due_s: PositiveSeconds | None = said(
        "within which time it is to begin", "4 h", default=None, validation_alias="due", absent="no limit"
    )
    patient: Annotated[
        YesNo | None,
        said(
            "whether the customer waits however long it takes",
            True,
            absent="yes for all but the first step",
        ),
    ] = None
    then: Annotated[
        dict[str, float],
        reader(_then, THEN),
        said("what comes next: a step or `solved`, or shares of several", "solved", absent="`solved`"),
    ] = _ONLY_SOLVED


class Path(Model):
    """The steps of a path by name, in the order of the file; a case starts at the first."""

    steps: dict[str, PathStep]

    @property
    def first(self) -> str:
        """The name of the step at which a case starts."""
        return next(iter(self.steps))


def read_path(raw: object, door: Door) -> Path:
    """Return the path of a map from step names to steps, each read by itself."""
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"{shown(raw)} is not a map of steps; write {{first: {{then: solved}}}}")
    gather, steps = Gather(), dict[str, PathStep]()
    for name, each in raw.items():
        with gather.at(str(name)):
            if name == SOLVED:
                refuse("is what comes after the last step; give the step another name")
            steps[str(name)] = read_map(PathStep, each, door, "{then: solved}")
    gather.finish()
    return Path(steps=steps)
