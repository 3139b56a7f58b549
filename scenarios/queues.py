"""Queues: where contacts wait, how long, and what becomes of those who do not wait."""

from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from scenarios.definitions import SERVICE_LEVELS
from scenarios.distributions import Distribution, Patience, Time
from scenarios.fields import (
    TARGET,
    Hours,
    Model,
    PerHour,
    Preference,
    Seconds,
    Share,
    Text,
    YesNo,
    number,
    one_of,
    reader,
    said,
    whole,
)
from scenarios.mixes import SomeShares
from scenarios.problems import nearest, refuse, shown
from scenarios.targets import USUAL_PERIOD, USUAL_PROBABILITY, Period, split_when
from scenarios.units import target
from scenarios.units import whole as whole_number
from scenarios.waiting import Announces, CallBack, Silent

CHANNELS: Final = ("phone", "chat", "email", "other")
AT_CLOSING: Final = ("serve", "clear", "hold")
PRIORITIES: Final = {"lowest": -2, "low": -1, "normal": 0, "high": 1, "highest": 2}
RETRY_OF: Final = ("abandoned", "blocked")
_SHORTEST_RETRY_S: Final = 1.0


class Target(NamedTuple):
    """A service-level target: this share (0-1) answered within so many seconds.

    It is to hold in each ``period`` with this ``probability`` (a share 0-1).
    """

    share: float
    within_s: float
    period: Period = USUAL_PERIOD
    probability: float = USUAL_PROBABILITY


def _target(seen: object) -> Target:
    if isinstance(seen, Target):
        return seen
    if not isinstance(seen, str):
        return Target(*target(seen))
    asked, when = split_when(seen)
    return Target(*target(asked), *when)


def _priority(seen: object) -> int:
    """Return a priority by name or by number; larger goes first."""
    if isinstance(seen, str):
        if seen not in PRIORITIES:
            hint = nearest(seen, PRIORITIES)
            raise ValueError(f"{seen!r} is not a priority{hint}, or a whole number -100 to 100")
        return PRIORITIES[seen]
    return whole_number(seen, -100, 100)


def _retry_of(seen: object) -> tuple[str, ...]:
    names = seen if isinstance(seen, list | tuple) else [seen]
    for name in names:
        if name not in RETRY_OF:
            raise ValueError(f"{shown(name)} is not known{nearest(str(name), RETRY_OF)}")
    if not names:
        raise ValueError(f"is an empty list; name at least one of {', '.join(RETRY_OF)}")
    return tuple(name for name in RETRY_OF if name in names)


def _delay(after: Distribution) -> Distribution:
    """Refuse delays in which nobody dials again: all would, over and over, and time would hardly pass."""
    if after.mean_s < _SHORTEST_RETRY_S:
        refuse(f"has a mean of {after.mean_s:g} s; nobody tries again within {_SHORTEST_RETRY_S:g} s")
    return after


class Retry(Model):
    """Which share (0-1) of lost contacts tries again, and after how long.

    ``of`` says which losses: abandoned, blocked. ``attempts`` bounds the retries of one contact (None: not).
    """

    share: Annotated[Share, said("which share of the lost tries again", "40%")]
    after: Annotated[
        Time,
        AfterValidator(_delay),
        said("after how long; its mean is at least 1 s", "{exponential: 15 min}"),
    ]
    of: Annotated[
        tuple[str, ...],
        reader(
            _retry_of,
            {"title": "list of words", "type": ["array", "string"], "items": {"enum": list(RETRY_OF)}},
        ),
        said("who: those that gave up (`abandoned`), those that found it full (`blocked`)", "[abandoned]"),
    ] = RETRY_OF
    attempts: (
        Annotated[int, whole(1, 1000), said("most retries of one contact", 5, absent="no limit")] | None
    ) = None
    switch: Annotated[
        SomeShares,
        said(
            "which share of those who try again comes as a contact of another stream",
            "{chats: 30%}",
            absent="nobody",
        ),
    ] = Field(default_factory=dict)


class Overflow(Model):
    """Contacts that have waited ``after_s`` seconds move to the queue ``to``."""

    to: Annotated[Text, said("the queue that takes them", "backup")]
    after_s: Seconds = said("how long they wait before", "60 s", validation_alias="after")
    leaves_message: Annotated[
        YesNo,
        said("whether they leave a message and hang up: patience and line matter no more", True),
    ] = False


class Queue(Model):
    """A waiting line. ``hours`` None means always open; ``capacity`` None means no limit to those waiting."""

    channel: Annotated[
        str, one_of(*CHANNELS), said("what comes here; chats may be handled in parallel", "chat")
    ] = "phone"
    target: (
        Annotated[
            Target,
            reader(_target, TARGET),
            said("which share is to be answered within which time", "80% in 20 s", absent="none"),
        ]
        | None
    ) = None
    service_level: (
        Annotated[
            str,
            one_of(*SERVICE_LEVELS, title="formula"),
            said("instead of the file's", "offered", absent="the file's"),
        ]
        | None
    ) = None
    short_abandon_s: Seconds = said(
        "s of the formulas: who gives up within it has hardly waited",
        "5 s",
        default=5.0,
        validation_alias="short_abandon",
    )
    priority: Annotated[
        int,
        reader(
            _priority,
            {
                "title": "priority",
                "anyOf": [{"enum": list(PRIORITIES)}, {"type": "integer", "minimum": -100, "maximum": 100}],
            },
        ),
        said(
            "`lowest`, `low`, `normal`, `high`, `highest`, or −100 to 100; larger goes first",
            "high",
            absent="`normal`",
        ),
    ] = 0
    capacity: (
        Annotated[int, whole(0, 1_000_000), said("waiting places; 0: nobody may wait", 50, absent="no limit")]
        | None
    ) = None
    patience: Annotated[
        Patience | None,
        said(
            "how long contacts that came here wait, wherever they go on to",
            "{exponential: 4 min, balk: 2%}",
            absent="nobody gives up",
        ),
    ] = None
    retry: Annotated[
        Retry | None,
        said(
            "who of those that came here tries again, wherever they were lost",
            "{share: 40%, after: {exponential: 15 min}}",
            absent="nobody",
        ),
    ] = None
    hours: Annotated[Hours, said("when it is open", "desk", absent="always")] = None
    at_closing: Annotated[
        str,
        one_of(*AT_CLOSING),
        said("who still waits then is served, sent away, or kept until opening", "hold"),
    ] = "serve"
    overflow: Annotated[
        Overflow | None,
        said(
            "where contacts go on to wait: once, if the other queue takes them then",
            "{to: backup, after: 60 s}",
            absent="stays",
        ),
    ] = None
    prefers: Annotated[
        Preference | None,
        said(
            "groups in the order in which they are tried; ties in brackets",
            "[a, [b, c]]",
            absent="the group that ranks this queue best; of equals, the longest idle agent",
        ),
    ] = None
    interruptible: Annotated[
        YesNo, said("whether a contact of higher priority may interrupt work on one of these", True)
    ] = False
    lines: (
        Annotated[
            int,
            whole(1, 1_000_000),
            said("contacts of this queue that may wait or be in hand together", 120, absent="no limit"),
        ]
        | None
    ) = None
    announces: Annotated[
        Announces | None,
        said(
            "whether callers hear how long they will wait, and what they do then",
            "{balk: {1 min: 5%, 5 min: 40%}}",
            absent="nothing",
        ),
    ] = None
    call_back: Annotated[
        CallBack | None,
        said("who is called back instead of waiting", "{over: 2 min, accepts: 60%}", absent="nobody"),
    ] = None
    silent: Annotated[
        Silent | None,
        said(
            "who gives up without being seen to",
            "{share: 30%, handle_time: {deterministic: 1 min}}",
            absent="nobody",
        ),
    ] = None
    weight: Annotated[
        float, number(0.001, 1000.0), said("of a wait here, where groups take by `weighted_wait`", 2)
    ] = 1.0
    gains_per_hour: PerHour = said(
        "priority that a contact gains by waiting, where groups take by `ageing`",
        "1 per 10 min",
        default=0.0,
        validation_alias="gains",
        absent="none",
    )
