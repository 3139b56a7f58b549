"""Groups of agents alike in skills, schedule and pay."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import ValidationInfo, model_validator

from scenarios.fields import (
    Door,
    Model,
    Preference,
    built,
    door_of,
    hours_named,
    number,
    one_of,
    reader,
    said,
    whole,
)
from scenarios.mixes import Factors
from scenarios.pay import PAY, Pay
from scenarios.people import Hurry, OnCall, Ramp
from scenarios.problems import UP, Gather, ReadingError, findings_of, refuse, shown
from scenarios.shifts import MOST_AGENTS, Shift, read_shift
from scenarios.shrinkage import FORM as SHRINKAGE_FORM
from scenarios.shrinkage import Shrinkage, read_shrinkage
from scenarios.staffing_file import read_staffing
from scenarios.units import whole as whole_number
from scenarios.week import (
    Grid,
    WeekSteps,
    constant,
    profile,
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
                "of a paid hour, or of a year and for how many hours a week, with the symbol or the ISO code "
                "of its currency",
                "$24/h",
                "$46800 per year for 38 h/week",
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
