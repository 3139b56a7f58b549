"""How people work beside plain shifts: on call, newly hired, in a hurry."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from scenarios.distributions import Time
from scenarios.fields import SHARE, Door, Model, built, read_map, reader, said, whole
from scenarios.mixes import FACTOR, Factor
from scenarios.pay import PAY, Pay
from scenarios.problems import Gather, refuse, shown
from scenarios.shifts import MOST_AGENTS
from scenarios.units import date, share
from scenarios.units import whole as whole_number

_MOST_WEEKS: Final = 520
_MOST_HASTE: Final = 0.5  # people who hurry work at most half as fast again
_MOST_MORE: Final = 2.0  # and of what they do at most three times as much comes back
HIRES: Final = {
    "title": "people by date",
    "type": "object",
    "additionalProperties": {"type": "integer", "minimum": 1},
}
WEEKS: Final = {
    "title": "weeks of tenure",
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "week": {"type": "integer", "minimum": 1},
            "speed": FACTOR,
            "reopens": FACTOR,
        },
    },
}


class OnCall(Model):
    """People who are called when there is work: ``answers`` is the time until one starts.

    ``standby_pay`` is paid for every hour on call; without it the group's pay is.
    """

    answers: Annotated[
        Time, said("how long until who is called begins", "{lognormal: {mean: 5 min, cv: 0.5}}")
    ]
    standby_pay: Annotated[
        Pay | None, PAY, said("of an hour on call without work", "$8/h", absent="the group's pay")
    ] = None


class Hire(NamedTuple):
    """So many new agents of the group start on a local day."""

    day: datetime.date
    agents: int


class TenureWeek(NamedTuple):
    """From the start of this week (1 = the first) on: speed and share that comes back, as factors."""

    week: int
    speed: float
    reopens: float


class _WeekWritten(Model):
    week: Annotated[int, whole(1, _MOST_WEEKS)]
    speed: Factor = 1.0
    reopens: Factor = 1.0


def _hires(seen: object) -> tuple[Hire, ...]:
    """Return the hires of ``{2026-03-02: 4}`` in order."""
    if isinstance(seen, tuple):
        return seen
    if not isinstance(seen, Mapping) or not seen:
        raise ValueError(f"{shown(seen)} is not a map of dates; write {{2026-03-02: 4}}")
    gather, found = Gather(), list[Hire]()
    for key, each in seen.items():
        with gather.at(str(key)):
            found.append(Hire(date(key), whole_number(each, 1, MOST_AGENTS)))
    gather.finish()
    return tuple(sorted(found))


def _weeks(raw: object, door: Door) -> tuple[TenureWeek, ...]:
    """Return the steps of ``[{week: 1, speed: 60%, reopens: 150%}, ...]``."""
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"{shown(raw)} is not a list; write [{{week: 1, speed: 60%, reopens: 150%}}]")
    gather, found = Gather(), list[TenureWeek]()
    for i, each in enumerate(raw):
        with gather.at(i):
            given = read_map(_WeekWritten, each, door, "{week: 1, speed: 60%, reopens: 150%}")
            if found and given.week <= found[-1].week:
                refuse(f"{given.week} is not after week {found[-1].week}; write the weeks in order", "week")
            found.append(TenureWeek(given.week, given.speed, given.reopens))
    gather.finish()
    if found[0].week != 1:
        refuse(f"starts with week {found[0].week}; say what holds from week 1 on", 0, "week")
    return tuple(found)


class Ramp(Model):
    """New agents work slower at first, and more of what they do comes back, until the last week."""

    hires: Annotated[
        tuple[Hire, ...],
        reader(_hires, HIRES),
        said("how many agents of the group are new, by their first day", "{2026-03-02: 2}"),
    ]
    weeks: Annotated[
        tuple[TenureWeek, ...],
        built(tuple, _weeks, WEEKS),
        said(
            "from which week of theirs on which speed and which share that comes back, as factors",
            "[{week: 1, speed: 60%, reopens: 150%}, {week: 9, speed: 100%, reopens: 100%}]",
        ),
    ]


def _haste(seen: object) -> float:
    return share(seen, 0.0, _MOST_HASTE)


def _more(seen: object) -> float:
    return share(seen, 0.0, _MOST_MORE)


class Hurry(Model):
    """Where so many wait, agents work faster by ``speeds_up``, and more comes back by ``reopens``.

    Both are shares of what it is otherwise: 0.1 is 10% faster. Observed: 5 to 15% faster under load
    (Kc and Terwiesch, 2009, "Impact of workload on service time and patient safety").
    """

    from_waiting: Annotated[int, whole(1, 1_000_000), said("from how many waiting contacts on", 10)]
    speeds_up: Annotated[float, reader(_haste, SHARE), said("how much faster they work then", "10%")]
    reopens: Annotated[
        float,
        reader(_more, SHARE),
        said("how much more of what they do comes back", "20%"),
    ] = 0.0
