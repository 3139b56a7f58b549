"""The scenario that a file describes, with every quantity in one unit: seconds, shares 0-1, per hour.

All parts are frozen. ``scenarios.load`` builds them from a file; ``scenarios.from_dict`` from a mapping.
"""

import datetime
from bisect import bisect_left
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from scenarios.arrivals import Arrivals, Busyness, Level, ReadArrivals, Sinusoid
from scenarios.case_paths import Path
from scenarios.causes import Cause
from scenarios.closing import Closing
from scenarios.definitions import SERVICE_LEVELS
from scenarios.distributions import Distribution, HandleTime, Patience, Phase, Quantile, Time
from scenarios.fields import (
    ALWAYS,
    DATE,
    POINTS,
    TARGET,
    WEEKLY_HOURS,
    Door,
    Hours,
    Model,
    PerHour,
    Preference,
    Seconds,
    Share,
    Text,
    YesNo,
    built,
    door_of,
    hours_named,
    number,
    one_of,
    quantity,
    reader,
    said,
    text_form,
    whole,
)
from scenarios.incidents import Incident
from scenarios.mixes import Factors, Mix, Shares, SomeShares
from scenarios.outcomes import Outcomes
from scenarios.pay import PAY, Pay
from scenarios.people import Hurry, OnCall, Ramp
from scenarios.problems import UP, Gather, ReadingError, findings_of, nearest, refuse, shown
from scenarios.public_holidays import read_holidays
from scenarios.routing import Rule
from scenarios.self_service import SelfService
from scenarios.severities import Severity
from scenarios.shifts import MOST_AGENTS, Break, Shift, read_shift
from scenarios.shrinkage import FORM as SHRINKAGE_FORM
from scenarios.shrinkage import Shrinkage, read_shrinkage
from scenarios.side_work import SideWork
from scenarios.staffing_file import read_staffing
from scenarios.tagging import Tagging
from scenarios.targets import USUAL_PERIOD, USUAL_PROBABILITY, Goal, Period, split_when
from scenarios.tiers import Tier
from scenarios.units import date, duration, points, target
from scenarios.units import whole as whole_number
from scenarios.waiting import Announces, CallBack, Silent
from scenarios.week import (
    DAY_NAMES,
    DAY_S,
    HOLIDAY,
    Grid,
    Step,
    WeekSteps,
    constant,
    opening_hours,
    profile,
)
from scenarios.weekday_factors import ALIKE, read_weekday_factors
from scenarios.weekday_factors import FORM as WEEKDAY_FACTORS

__all__ = [
    "AT_CLOSING",
    "CHANNELS",
    "DAY_NAMES",
    "DAY_S",
    "PRIORITIES",
    "Arrivals",
    "Break",
    "Busyness",
    "Calendar",
    "Concurrency",
    "Distribution",
    "Group",
    "Level",
    "Overflow",
    "Pay",
    "Phase",
    "Quantile",
    "Queue",
    "Retry",
    "Run",
    "Scenario",
    "Shift",
    "Shrinkage",
    "Sinusoid",
    "Step",
    "Stream",
    "Target",
    "WeekSteps",
]

CHANNELS: Final = ("phone", "chat", "email", "other")
AT_CLOSING: Final = ("serve", "clear", "hold")
PRIORITIES: Final = {"lowest": -2, "low": -1, "normal": 0, "high": 1, "highest": 2}
RETRY_OF: Final = ("abandoned", "blocked")
_SHORTEST_RETRY_S: Final = 1.0


def _time_zone(seen: object) -> str:
    """Return the name of a time zone; all names are listed only for a wrong one, which takes a while."""
    try:
        return ZoneInfo(str(seen)).key
    except (KeyError, ValueError, OSError):
        near = nearest(str(seen), sorted(available_timezones())).partition("Allowed")[0].strip()
        message = f"{shown(seen)} is not a time zone{near} Write one such as Europe/Amsterdam or UTC"
        raise ValueError(message) from None


def _interval(seen: object) -> float:
    seconds = duration(seen, 60.0, 3600.0)
    if seconds != int(seconds) or 3600 % int(seconds):
        raise ValueError(f"{seen!r} does not divide an hour; write 15 min, 30 min or 60 min")
    return seconds


def _hours_table(seen: object) -> dict[str, WeekSteps]:
    """Read the named opening hours; ``always`` needs no definition."""
    if not isinstance(seen, Mapping):
        raise ValueError(f'{shown(seen)} is not a map; write {{desk: {{mon-fri: "08:00-20:00"}}}}')
    gather, table = Gather(), dict[str, WeekSteps]()
    for name, each in seen.items():
        with gather.at(str(name)):
            if name == ALWAYS and each != "24x7":
                refuse("always means round the clock; choose another name for these hours")
            if ":" in str(name) or name == "24x7":
                refuse("is no usable name; start it with a letter")
            if name != ALWAYS:
                table[str(name)] = each if isinstance(each, tuple) else opening_hours(each)
    gather.finish()
    return table


def _holidays(seen: object, info: ValidationInfo) -> tuple[datetime.date, ...]:
    """Read the holidays among the days; those are known by now, or are wrong themselves."""
    if isinstance(seen, tuple):
        return seen
    start, days = info.data.get("start", datetime.date(2000, 1, 1)), info.data.get("days", 1)
    return read_holidays(seen, start, days, door_of(info))


HOLIDAYS_FORM: Final = {
    "title": "holidays",
    "anyOf": [
        {"type": "string", "examples": ["NL", "US-CA"]},
        {"type": "array", "items": DATE},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "of": {"type": "string"},
                "also": {"type": "array", "items": DATE},
                "not": {"type": "array", "items": DATE},
            },
        },
    ],
}


class Calendar(Model):
    """The days that are simulated; ``interval`` is the reporting interval in seconds."""

    start: Annotated[datetime.date, reader(date, DATE), said("first day", "2026-03-02")]
    days: Annotated[
        int,
        whole(1, 36_600),
        said("how many local days; one on which the clocks change has 23 or 25 hours", 28),
    ]
    holidays: Annotated[
        tuple[datetime.date, ...],
        reader(_holidays, HOLIDAYS_FORM),
        said(
            "a country, dates, or both; such days are as Sundays, unless they are named",
            "NL",
            "{of: US-CA, also: [2026-12-24], not: [2026-10-12]}",
            absent="none",
        ),
    ] = ()
    time_zone: Annotated[
        str,
        reader(_time_zone, text_form("time zone", "Europe/Amsterdam")),
        said("time zone of all times of day", "Europe/Amsterdam"),
    ] = "UTC"
    interval: Annotated[
        float,
        quantity(_interval, text_form("duration", "15 min", "30 min", "60 min")),
        said(
            "reporting interval, a divisor of the hour; `busyness.interval` draws one factor for each",
            "15 min",
        ),
    ] = 1800.0
    hours: Annotated[
        dict[str, WeekSteps],
        reader(
            _hours_table, {"title": "hours by name", "type": "object", "additionalProperties": WEEKLY_HOURS}
        ),
        said(
            "opening hours with names; `always` is known",
            '{desk: {mon-fri: "08:00-20:00", sat: ["09:00-12:00", "13:00-17:00"], holidays: closed}}',
            absent="none",
        ),
    ] = Field(default_factory=dict)

    def kind_of(self, day: datetime.date) -> int:
        """Return the kind of a day: its weekday (0 = Monday), or 7 for a holiday."""
        at = bisect_left(self.holidays, day)
        return HOLIDAY if at < len(self.holidays) and self.holidays[at] == day else day.weekday()


class Stream(Model):
    """A source of contacts for one queue; ``backlog`` of them are waiting when the horizon starts."""

    queue: Annotated[Text, said("the queue that its contacts join", "phone")]
    arrivals: Annotated[ReadArrivals, said("when they come", "{rate: 120 per 30 min}")]
    handle_time: Annotated[
        HandleTime,
        said(
            "how long a contact keeps an agent, talk and wrap-up in one; of a chat, as if it were alone",
            "{lognormal: {mean: 6 min, cv: 0.9}}",
        ),
    ]
    handle_time_by_day: Annotated[
        Level,
        said(
            "how much longer or shorter contacts are on some days: a gamma factor of mean 1 for each day",
            "{cv: 6%, correlation: 80%}",
            absent="none",
        ),
    ] = Level()
    handle_time_by_weekday: Annotated[
        tuple[float, ...],
        built(tuple, read_weekday_factors, WEEKDAY_FACTORS),
        said(
            "how much longer or shorter they are on some weekdays, as factors; 1 for those not named",
            "{mon: 102%, sat: 0.85}",
            absent="none",
        ),
    ] = ALIKE
    patience: Annotated[
        Patience | None,
        said("how long they wait, instead of the queue's", "{exponential: 4 min}", absent="the queue's"),
    ] = None
    backlog: Annotated[int, whole(0, 10_000_000), said("contacts that wait when the horizon begins", 20)] = 0
    causes: Annotated[
        Mix,
        said(
            "why they come, as shares that add up to 100%", "{billing: 30%, outage: 70%}", absent="no cause"
        ),
    ] = Field(default_factory=dict)
    severities: Annotated[
        Mix,
        said("how severe they are, where the cause does not say", "{S1: 1%, S3: 99%}", absent="no severity"),
    ] = Field(default_factory=dict)
    tiers: Annotated[
        Mix, said("whose accounts they concern", "{small: 90%, vip: 10%}", absent="no account")
    ] = Field(default_factory=dict)
    flags: Annotated[
        Shares, said("which flags they bear, each with its own probability", "{fraud: 0.5%}", absent="none")
    ] = Field(default_factory=dict)
    path: Annotated[
        Text | None,
        said("which path their cases take, where the cause does not say", "standard", absent="one contact"),
    ] = None
    self_service: Annotated[
        SelfService | None,
        said("who finds help alone before", "{deflects: 20%, ease: 60%}", absent="nobody"),
    ] = None

    @property
    def longest_s(self) -> float:
        """The mean handle time on the weekday on which it is longest."""
        return self.handle_time.mean_s * max(self.handle_time_by_weekday)


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


def _shift_list(seen: object) -> object:
    if not isinstance(seen, list | tuple) or not seen:
        raise ValueError(f"{shown(seen)} is not a list of shifts; write one per line, starting with '-'")
    return seen


class _Staffing(NamedTuple):
    """A group's ``agents`` together with the ``hours`` beside it, for a reader that needs both."""

    agents: object
    hours: object


def _agents(seen: object, info: ValidationInfo) -> WeekSteps | None:
    """Read a constant number of agents (in the group's hours) or a profile of them."""
    if not isinstance(seen, _Staffing):
        return seen if isinstance(seen, tuple) or seen is None else _agents(_Staffing(seen, None), info)
    hours = _beside(seen.hours, door_of(info)) if seen.hours is not None else None
    if seen.agents is None:
        refuse("goes only with a number of agents; a shift has hours of its own", UP, "hours")
    if isinstance(seen.agents, Mapping):
        if seen.hours is not None:
            refuse("goes only with one number of agents; agents says itself when they work", UP, "hours")
        if "csv" in seen.agents:
            return read_staffing(seen.agents, door_of(info))
        return profile(seen.agents, Grid(_heads, door_of(info).interval_s))
    return constant(_heads(seen.agents, 0), hours)


def _beside(seen: object, door: Door) -> WeekSteps | None:
    """Read the hours beside ``agents``; what is wrong with them is told at their own place."""
    try:
        return hours_named(seen, door)
    except ValueError as error:
        raise ReadingError(finding.below(UP, "hours") for finding in findings_of(error)) from None


def _heads(seen: object, _seconds: int) -> float:
    return float(whole_number(seen, 0, MOST_AGENTS))


def _slowdown(seen: object) -> tuple[float, ...]:
    """Return how many times longer handling takes with 1, 2, ... contacts at once."""
    if not isinstance(seen, list | tuple) or not seen:
        raise ValueError(f"{shown(seen)} is not a list; write [1.0, 1.15, 1.4]")
    gather, factors = Gather(), list[float]()
    for i, each in enumerate(seen):
        with gather.at(i):
            factors.append(_factor(each))
    gather.finish()
    if factors[0] != 1 or factors != sorted(factors):
        raise ValueError(f"{shown(seen)} must start with 1.0 (one contact at a time) and never fall")
    return tuple(factors)


def _factor(seen: object) -> float:
    if isinstance(seen, bool) or not isinstance(seen, int | float) or not 1 <= seen <= 100:
        raise ValueError(f"{shown(seen)} is not a factor of 1 to 100")
    return float(seen)


class Concurrency(Model):
    """How many chats an agent handles at once, and how many times longer each then takes."""

    chats: Annotated[int, whole(1, 50), said("how many at once, at most", 3)]
    slowdown: Annotated[
        tuple[float, ...],
        reader(
            _slowdown,
            {
                "title": "list of numbers",
                "type": "array",
                "items": {"type": "number", "minimum": 1, "maximum": 100},
            },
        ),
        said("how many times longer each takes with 1, 2, ... at once", "[1.0, 1.15, 1.4]"),
    ]
    route: Annotated[
        str,
        one_of("least_loaded", "most_loaded"),
        said("who gets the next chat: who has the fewest, or who has the most and still room", "most_loaded"),
    ] = "least_loaded"

    @model_validator(mode="after")
    def _one_each(self) -> "Concurrency":
        if len(self.slowdown) != self.chats:
            counted = f"{len(self.slowdown)} factors for {self.chats} chats"
            refuse(f"has {counted}; give one for each number of chats at once", "slowdown")
        return self


class Group(Model):
    """Agents alike in skills, schedule and pay; they work by ``agents`` (heads by step) or by ``shifts``."""

    also_read: ClassVar[tuple[str, ...]] = ("hours",)

    skills: Annotated[
        Preference,
        said("the queues that it serves, the preferred first; ties in brackets", "[[phone, mail], chat]"),
    ]
    agents: Annotated[
        WeekSteps | None,
        reader(_agents, {"$ref": "#/$defs/staffing"}),
        said(
            "people wanted at work: a number, a profile of whole numbers, or `{csv: FILE}`",
            '{"08:00-12:00": 5, "12:00-20:00": 4}',
            absent="either this or `shifts`",
        ),
    ] = None
    shifts: (
        Annotated[
            tuple[Annotated[Shift, built(Shift, read_shift, {"$ref": "#/$defs/shift"})], ...],
            reader(_shift_list, {"title": "shifts", "type": "array", "items": {"$ref": "#/$defs/shift"}}),
            said(
                "who is at work when; people finish what they have in hand",
                '[{agents: 3, days: mon-fri, hours: "08:00-16:30"}]',
                absent="either this or `agents`",
            ),
        ]
        | None
    ) = None
    speed: Annotated[
        float, number(0.01, 100.0), said("works this many times as fast as handle times say", 0.8)
    ] = 1.0
    concurrency: Annotated[
        Concurrency | None,
        said("how many chats in parallel", "{chats: 3, slowdown: [1.0, 1.15, 1.4]}", absent="one at a time"),
    ] = None
    takes: Annotated[
        str,
        one_of("priority_then_skill", "longest_wait", "weighted_wait", "ageing"),
        said(
            "what somebody who becomes free takes: the highest priority, then the own order of skills, "
            "then the longest wait; or just the longest wait; the longest by `weight`; or the highest "
            "priority with what it `gains` by waiting",
            "longest_wait",
        ),
    ] = "priority_then_skill"
    idle: Annotated[
        str,
        one_of("longest_idle", "fixed_order", "random"),
        said(
            "who of several takes the next contact: the longest idle, the lowest number, or anyone",
            "fixed_order",
        ),
    ] = "longest_idle"
    pay: (
        Annotated[
            Pay,
            PAY,
            said(
                "of a paid hour, with the symbol or the ISO code of its currency",
                "$24/h",
                "24 EUR/h",
                absent="no cost",
            ),
        ]
        | None
    ) = None
    shrinkage: Annotated[
        Shrinkage,
        built(Shrinkage, read_shrinkage, SHRINKAGE_FORM),
        said(
            "share of paid time not at work, at most 95%: one number, or components and how they combine "
            "(`multiply` or `add`); paid = wanted / (1 − shrinkage)",
            "30%",
            "{leave: 10%, sick: 6%, combine: multiply}",
            absent="`0%`",
        ),
    ] = Shrinkage()
    on_call: Annotated[
        OnCall | None,
        said(
            "whether they are called when there is work",
            "{answers: {lognormal: {mean: 5 min, cv: 0.5}}}",
            absent="they are at their desks",
        ),
    ] = None
    handle_time_by_queue: Factors = said(
        "how much longer they take than others, by queue; 1 for those not named",
        "{phone: 110%}",
        default={},
        validation_alias="handle_times",
        absent="no difference",
    )
    ramp: Annotated[
        Ramp | None,
        said(
            "how new agents come to speed",
            "{hires: {2026-03-02: 1}, weeks: [{week: 1, speed: 60%}, {week: 9}]}",
            absent="all are experienced",
        ),
    ] = None
    hurry: Annotated[
        Hurry | None,
        said("how they hurry when many wait", "{from_waiting: 10, speeds_up: 10%}", absent="never"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _agents_with_hours(cls, raw: Any) -> Any:
        """Hand ``hours`` to the reader of ``agents``: neither means anything without the other."""
        if not isinstance(raw, Mapping) or "hours" not in raw:
            return raw
        rest = {key: each for key, each in raw.items() if key != "hours"}
        return {**rest, "agents": _Staffing(raw.get("agents"), raw["hours"])}

    @model_validator(mode="after")
    def _agents_or_shifts(self) -> "Group":
        if (self.agents is None) == (self.shifts is None):
            has = "both" if self.agents is not None else "neither"
            refuse(f"needs either agents or shifts; it has {has}")
        return self


def _replications(seen: object) -> int | str:
    """Return a number of replications, or the word auto."""
    if isinstance(seen, str) and seen != "auto":
        raise ValueError(f"{seen!r} is neither a whole number nor auto")
    return "auto" if seen == "auto" else whole_number(seen, 1, 1_000_000)


class Run(Model):
    """How often and from which seed to simulate; ``half_width`` (a share) is the stopping rule of auto."""

    replications: Annotated[
        int | Literal["auto"],
        reader(
            _replications,
            {
                "title": "whole number or `auto`",
                "anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 1_000_000}],
            },
        ),
        said("how often to simulate; `auto` stops when the service level is known well enough", "auto"),
    ] = 30
    seed: Annotated[int, whole(0, 2**63 - 1), said("which chances; another seed, other chances", 7)] = 1
    warm_up_s: Seconds = said(
        "what comes before this is not counted; whole intervals",
        "1 day",
        default=0.0,
        validation_alias="warm_up",
    )
    end: Annotated[
        str,
        one_of("drain", "cut"),
        said("what is in hand and in line at the end is finished, or cut off", "cut"),
    ] = "drain"
    half_width: Annotated[
        float,
        quantity(points, POINTS),
        said("of `auto`: how well to know the service level of every queue with a target", "0.5 points"),
    ] = 0.005
    max_replications: Annotated[int, whole(1, 1_000_000), said("of `auto`: how often at most", 400)] = 1000
    uncertainty: Annotated[
        YesNo,
        said("whether each replication draws the numbers that are uncertain anew, within their errors", "on"),
    ] = False


class Scenario(Model):
    """One care organisation over one horizon: who asks for help, who waits where, who helps.

    ``uncertainty`` has relative standard errors of some of its numbers, by path (``uncertain_numbers.py``).
    From ``severities`` on it is the life of a case; ``severities`` go from the worst to the mildest.
    """

    name: str
    description: str = ""
    service_level: str | None = None
    calendar: Calendar
    streams: dict[str, Stream]
    queues: dict[str, Queue]
    groups: dict[str, Group]
    targets: tuple[Goal, ...] = ()
    uncertainty: dict[str, float] = Field(default_factory=dict)
    run: Run = Run()
    severities: dict[str, Severity] = Field(default_factory=dict)
    causes: dict[str, Cause] = Field(default_factory=dict)
    tiers: dict[str, Tier] = Field(default_factory=dict)
    flags: dict[str, str] = Field(default_factory=dict)
    tagging: Tagging | None = None
    routing: tuple[Rule, ...] = ()
    paths: dict[str, Path] = Field(default_factory=dict)
    closing: Closing | None = None
    side_work: dict[str, SideWork] = Field(default_factory=dict)
    incidents: dict[str, Incident] = Field(default_factory=dict)
    outcomes: Outcomes | None = None
