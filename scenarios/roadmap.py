"""The roadmap: phases with dates, levers that are pulled on a day, and what is to be reached by which day."""

import datetime
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, model_validator

from scenarios.changes import Lever
from scenarios.fields import DATE, Model, Share, as_they_are, parts_form, reader, said
from scenarios.problems import refuse
from scenarios.spans import WholeDays
from scenarios.units import date, share_text

Relative = Literal["", "factor", "points"]
USUAL_WINDOW_DAYS: Final = 28
Day = Annotated[datetime.date, reader(date, DATE)]


class DayGoal(NamedTuple):
    """A measure of a scope is to be at least or at most a value by the end of a day of the horizon.

    ``day`` 1 is the first. ``value`` is in ``unit``, that of the measure; where ``relative`` is ``factor`` it
    is a change relative to the baseline (-0.15 is 15% less), where it is ``points`` it is added to that.
    """

    measure: str
    scope: str
    name: str
    comparison: str
    value: float
    unit: str
    day: int
    relative: Relative = ""


class Phase(Model):
    """A part of the roadmap, from ``start`` to ``end``, both local days of it."""

    start: Day = said("first day", "2026-03-02", validation_alias="from")
    end: Day = said("last day", "2026-03-31", validation_alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "Phase":
        if self.end < self.start:
            refuse(f"is {self.end}, before the first day ({self.start}); write a later day", "to")
        return self


class Status(Model):
    """From which probability on a target is green, and from which on amber; below that it is red."""

    green: Annotated[Share, said("from which probability of attainment on it is green", "85%")] = 0.8
    amber: Annotated[Share, said("and from which on amber, else red", "60%")] = 0.5

    @model_validator(mode="after")
    def _in_order(self) -> "Status":
        if self.amber >= self.green:
            what = f"is {share_text(self.amber)}, and green from {share_text(self.green)} on"
            refuse(f"{what}, so nothing is amber; write less than that", "amber")
        if self.amber == 0:
            refuse("is 0%, so nothing is red; write more", "amber")
        return self


class Roadmap(Model):
    """What is planned. A target by a day is of its measure over the ``window_days`` that end with it."""

    phases: Annotated[
        dict[str, Phase],
        reader(as_they_are, parts_form("phases", "phase")),
        said("parts of the time, by name", "{first: {from: 2026-03-02, to: 2026-03-31}}", absent="none"),
    ] = Field(default_factory=dict)
    levers: Annotated[
        dict[str, Lever],
        reader(as_they_are, parts_form("levers", "lever")),
        said(
            "what is done and when, by name",
            "{macros: {owner: product, due: 2026-03-16, moves: {handle_time: -3%}}}",
            absent="none",
        ),
    ] = Field(default_factory=dict)
    targets: Annotated[
        tuple[DayGoal, ...],
        reader(
            as_they_are, {"title": "list of targets by day", "type": "array", "items": {"type": "string"}}
        ),
        said(
            "what is to be reached by which day, a line each",
            "[phone service level >= 80% by day 30]",
            "[reopen rate -15% vs baseline by day 90]",
            absent="none",
        ),
    ] = ()
    window_days: WholeDays = said(
        "over how many days up to its day a target is measured; fewer at the start",
        "14 days",
        default=USUAL_WINDOW_DAYS,
        validation_alias="window",
    )
    status: Annotated[Status, said("how probable a target is to be", "{green: 80%, amber: 50%}")] = Status()
