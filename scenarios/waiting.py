"""What a queue may do with those who wait: announce the wait, call back, lose them in silence."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final, NamedTuple

from scenarios.distributions import Time
from scenarios.fields import SHARE, Model, PositiveSeconds, Share, Text, reader, said
from scenarios.problems import Gather, refuse, shown
from scenarios.units import duration, share, share_text

BALKING: Final = {"title": "shares by wait", "type": "object", "additionalProperties": SHARE}


class Balking(NamedTuple):
    """Where a wait of ``wait_s`` seconds is announced, this share (0-1) leaves at once."""

    wait_s: float
    share: float


def _balk(seen: object) -> tuple[Balking, ...]:
    """Return the points of ``{1 min: 5%, 5 min: 40%}`` in order; straight lines lie between them."""
    if isinstance(seen, tuple):
        return tuple(Balking(*each) for each in seen)
    if not isinstance(seen, Mapping) or not seen:
        raise ValueError(f"{shown(seen)} is not a map of waits; write {{1 min: 5%, 5 min: 40%}}")
    gather, points = Gather(), list[Balking]()
    for key, each in seen.items():
        with gather.at(str(key)):
            points.append(Balking(duration(key), share(each)))
    gather.finish()
    points.sort()
    for one, other in pairwise(points):
        if other.wait_s == one.wait_s:
            refuse(f"has {one.wait_s:g} s twice; write each wait once")
        if other.share < one.share:
            falls = f"from {share_text(one.share)} to {share_text(other.share)} at {other.wait_s:g} s"
            refuse(f"falls {falls}; of those who hear of a longer wait no fewer leave")
    return tuple(points)


class Diverts(Model):
    """Where more than ``over_s`` is announced, this share (0-1) comes by the stream ``to`` instead."""

    over_s: PositiveSeconds = said("where more than this is announced", "5 min", validation_alias="over")
    share: Annotated[Share, said("which share goes another way", "20%")]
    to: Annotated[Text, said("the stream as whose contacts they come then", "chats")]


class Announces(Model):
    """Customers hear how long they will wait; some leave at once, some go another way."""

    balk: Annotated[
        tuple[Balking, ...],
        reader(_balk, BALKING),
        said(
            "which share leaves at once, by the wait that is announced; straight lines between",
            "{1 min: 5%, 5 min: 40%}",
            absent="nobody",
        ),
    ] = ()
    diverts: Annotated[
        Diverts | None,
        said("who goes another way", "{over: 5 min, share: 20%, to: chats}", absent="nobody"),
    ] = None


class CallBack(Model):
    """Instead of waiting in line customers are called when it is their turn (virtual hold).

    Offered where the wait would be longer than ``over_s``; ``accepts`` and ``answers`` are shares (0-1).
    ``attempt``: time that an agent loses where nobody answers.
    """

    over_s: PositiveSeconds = said("offered where the wait is longer", "2 min", validation_alias="over")
    accepts: Annotated[Share, said("which share wants it", "60%")]
    answers: Annotated[Share, said("which share answers when called", "90%")] = 1.0
    attempt: Annotated[
        Time | None,
        said("how long an agent tries where nobody answers", "{deterministic: 30 s}", absent="no time"),
    ] = None


class Silent(Model):
    """Of those who give up, this share (0-1) does so unseen: an agent finds out, and loses a while."""

    share: Annotated[Share, said("which share of those who give up is not seen to leave", "30%")]
    handle_time: Annotated[Time, said("how long an agent takes to find out", "{deterministic: 1 min}")]
