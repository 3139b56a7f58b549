"""Self-service before contact: who finds help alone, who comes after all, who is left for agents."""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Final, NamedTuple

from scenarios.distributions import Time
from scenarios.fields import DATE, SHARE, Door, Model, Share, built, number, read_map, reader, said
from scenarios.mixes import Factor
from scenarios.problems import Gather, refuse, shown
from scenarios.units import date, share

MOST: Final = 0.99  # of contacts: with more, hardly anything would be left to simulate
DEFLECTS: Final = {
    "title": "share over time",
    "anyOf": [
        SHARE,
        {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"from": DATE, "share": SHARE},
            },
        },
    ],
}


class Deflection(NamedTuple):
    """From the local day ``since`` (None: always) on, this share (0-1) of contacts stays away."""

    since: datetime.date | None
    share: float


class _Written(Model):
    since: Annotated[datetime.date, reader(date, DATE), said("from this day on", validation_alias="from")]
    share: Share


def _deflects(raw: object, door: Door) -> tuple[Deflection, ...]:
    """Return the deflection of ``20%``, or of ``[{from: 2026-03-01, share: 25%}, ...]``."""
    if not isinstance(raw, list):
        return (Deflection(None, share(raw, most=MOST)),)
    gather, steps = Gather(), list[Deflection]()
    for i, each in enumerate(raw):
        with gather.at(i):
            given = read_map(_Written, each, door, "{from: 2026-03-01, share: 25%}")
            if given.share > MOST:
                refuse(f"{given.share:.0%} is above {MOST:.0%}; nothing would be left", "share")
            steps.append(Deflection(given.since, given.share))
    gather.finish()
    _in_order(step.since for step in steps if step.since)
    if not steps:
        raise ValueError(f"{shown(raw)} says nothing; write 20%, or [{{from: 2026-03-01, share: 25%}}]")
    return tuple(steps)


def _in_order(days: Iterable[datetime.date]) -> None:
    for one, other in pairwise(days):
        if other <= one:
            refuse(f"has {other} after {one}; write the earlier day first, each once")


class Bounces(Model):
    """Of those who stayed away: which share (0-1) comes after all, when, and how much longer they take."""

    share: Annotated[Share, said("which share of those who stayed away comes after all", "25%")]
    after: Annotated[Time, said("after how long", "{exponential: 1 h}")]
    handle_time_factor: Annotated[
        Factor, said("how much longer they take then", "120%", validation_alias="handle_time")
    ] = 1.0


class SelfService(Model):
    """``ease``: mean handle time of those who stay away over the mean of all (0-1).

    With a share d away, those who come take (1 - d ease) / (1 - d) times as long as the mean of all.
    ``views``: articles that a person looks at who tries; they are counted, and cost nothing.
    """

    deflects: Annotated[
        tuple[Deflection, ...],
        built(tuple, _deflects, DEFLECTS),
        said(
            "which share finds help alone; or a list of shares with the days from which they hold",
            "20%",
            "[{from: 2026-03-01, share: 20%}, {from: 2026-06-01, share: 25%}]",
        ),
    ]
    bounces: Annotated[
        Bounces | None,
        said(
            "who of them comes after all",
            "{share: 25%, after: {exponential: 1 h}, handle_time: 120%}",
            absent="nobody",
        ),
    ] = None
    ease: Annotated[
        Share,
        said("how long those would have taken who stay away, as a share of the mean", "60%"),
    ] = 1.0
    views: Annotated[float, number(0.0, 1000.0), said("articles that a person looks at who tries", 4)] = 0.0

    def share_on(self, day: datetime.date) -> float:
        """Return the share (0-1) that stays away on a local day."""
        found = [each.share for each in self.deflects if each.since is None or each.since <= day]
        return found[-1] if found else 0.0
