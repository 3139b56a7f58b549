"""Incidents: when they start, how many more ask for help, and how they are noticed and ended."""

import datetime
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final

from pydantic import ValidationInfo

from scenarios.distributions import Time
from scenarios.fields import (
    Door,
    Model,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    built,
    reader,
    said,
    whole,
)
from scenarios.mixes import by_name
from scenarios.problems import Gather, refuse, shown
from scenarios.units import date, positive_duration, rate
from scenarios.week import clock_time

STARTS: Final = {
    "title": "starts",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "every": {"type": "string", "examples": ["30 days"]},
        "at": {"type": "array", "items": {"type": "string", "examples": ["2026-02-03 10:15"]}},
    },
}
SURGE: Final = {
    "title": "rates by stream",
    "type": "object",
    "additionalProperties": {"type": "string", "pattern": r"(/|per)"},
}


class Starts(Model):
    """When incidents start: at random, ``every_s`` seconds on average, or ``at`` these local times."""

    every_s: float | None = None
    at: tuple[datetime.datetime, ...] = ()


def _moment(seen: object) -> datetime.datetime:
    """Return the local time of ``2026-02-03 10:15``."""
    if isinstance(seen, datetime.datetime):
        return seen
    day, _, clock = seen.strip().partition(" ") if isinstance(seen, str) else ("", "", "")
    if not clock:
        raise ValueError(f'{shown(seen)} is not a date with a time of day; write "2026-02-03 10:15"')
    seconds = clock_time(clock.strip())
    return datetime.datetime.combine(date(day), datetime.time()) + datetime.timedelta(seconds=seconds)


def _starts(raw: object, _door: Door) -> Starts:
    """Return the starts of ``{every: 30 days}`` or ``{at: [2026-02-03 10:15]}``."""
    if not isinstance(raw, Mapping) or len(raw) != 1 or not set(raw) <= {"every", "at"}:
        raise ValueError(
            f"{shown(raw)} says not when incidents start; "
            "write {every: 30 days} or {at: [2026-02-03 10:15]}"
        )
    gather, every, moments = Gather(), None, list[datetime.datetime]()
    if "every" in raw:
        with gather.at("every"):
            every = positive_duration(raw["every"])
    else:
        given = raw["at"] if isinstance(raw["at"], list | tuple) else [raw["at"]]
        for i, each in enumerate(given):
            with gather.at("at", i):
                moments.append(_moment(each))
        with gather.at("at"):
            _in_order(moments if not gather.found else [])
            if not given:
                refuse("is an empty list; write at least one, as 2026-02-03 10:15")
    gather.finish()
    return Starts(every_s=every, at=tuple(moments))


def _in_order(moments: list[datetime.datetime]) -> None:
    for one, other in pairwise(moments):
        if other <= one:
            refuse(f"has {other} after {one}; write the earlier one first, each once")


class Detection(Model):
    """Incidents are noticed ``delay_s`` after so many ``contacts`` of their cause came ``within_s``."""

    contacts: Annotated[int, whole(1, 1_000_000), said("how many contacts tagged with its cause", 10)]
    within_s: PositiveSeconds = said("within which time", "30 min", validation_alias="within")
    delay_s: Seconds = said(
        "how long it takes from there until it is known", "5 min", default=0.0, validation_alias="delay"
    )


class StatusPage(Model):
    """A page that tells customers: from ``after_s`` after detection it keeps a share ``cuts`` away."""

    after_s: Seconds = said(
        "how long after an incident is noticed it is up", "15 min", validation_alias="after"
    )
    cuts: Annotated[Share, said("which share of the surge then stays away", "60%")]


def _surge(seen: object, info: ValidationInfo) -> dict[str, float]:
    """Return contacts per hour by stream."""
    read = rate if info.context is not None else _rate_or_number
    return by_name(seen, read, "{calls: 60 per h}")


def _rate_or_number(seen: object) -> float:
    return float(seen) if isinstance(seen, int | float) and not isinstance(seen, bool) else rate(seen)


class Incident(Model):
    """Something breaks: its ``cause`` and ``severity``, when, how long, and who asks because of it.

    ``surge`` is the contacts per hour that each stream has more while it lasts. Once noticed it is
    mended after ``mitigation``, at the latest after ``lasts``; the surge then fades within ``fades_s``.
    """

    cause: Annotated[Text, said("the cause of its contacts", "outage")]
    severity: Annotated[
        Text | None, said("the severity of its cases", "S1", absent="as the cause or the stream says")
    ] = None
    starts: Annotated[
        Starts,
        built(Starts, _starts, STARTS),
        said(
            "when: at random, so often on average; or at these local times",
            "{every: 30 days}",
            '{at: ["2026-03-03 10:15"]}',
        ),
    ]
    lasts: Annotated[
        Time, said("how long it lasts where nobody mends it", "{lognormal: {mean: 4 h, cv: 0.8}}")
    ]
    surge: Annotated[
        dict[str, float],
        reader(_surge, SURGE),
        said("how many contacts more each stream has", "{calls: 60 per h, chats: 40 per h}"),
    ]
    detection: Annotated[
        Detection, said("when it is noticed", "{contacts: 10, within: 30 min, delay: 5 min}")
    ]
    mitigation: Annotated[
        Time, said("how long it takes to mend once noticed", "{lognormal: {mean: 1 h, cv: 0.5}}")
    ]
    fades_s: Seconds = said(
        "within which time the surge fades when it is over", "30 min", default=0.0, validation_alias="fades"
    )
    status_page: Annotated[
        StatusPage | None,
        said("a page that keeps customers from asking", "{after: 15 min, cuts: 60%}", absent="none"),
    ] = None

    @property
    def every_s(self) -> float | None:
        """The mean time between starts, in seconds; None where they are scheduled."""
        return self.starts.every_s

    @property
    def at(self) -> tuple[datetime.datetime, ...]:
        """The scheduled starts, local wall-clock times in order; empty where they are random."""
        return self.starts.at
