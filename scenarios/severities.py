"""Severities: what is promised to a case of each, and by which clock."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import model_validator

from scenarios.distributions import Time
from scenarios.fields import Hours, Model, Text, quantity, said, text_form
from scenarios.limits import Limit, TimeLimit, without_business_time
from scenarios.problems import refuse
from scenarios.units import duration

_LEAST_CADENCE_S: Final = 60.0


def _cadence(seen: object) -> float:
    return duration(seen, _LEAST_CADENCE_S)


class Update(Model):
    """What a customer is owed while a case is open: a word every ``every_s`` seconds of the clock.

    Each is a leg of work in ``queue``; it is late if it is not done when it is due.
    """

    every_s: Annotated[
        float,
        quantity(_cadence, text_form("duration", "1 h")),
        said("how often, on the severity's clock; at least 1 min", "1 h", validation_alias="every"),
    ]
    queue: Annotated[Text, said("the queue in which updates wait for somebody to write them", "backup")]
    handle_time: Annotated[Time, said("how long one keeps an agent", "{exponential: 4 min}")]


class Severity(Model):
    """The promises of one severity. ``clock`` None runs round the clock."""

    clock: Annotated[
        Hours,
        said("opening hours in which its clocks run", "desk", absent="always"),
    ] = None
    first_response: (
        Annotated[
            TimeLimit,
            said(
                "within which time there is a first answer (its start, of who calls or chats and of who is "
                "answered in a queue of phone or chat, else its end); without a share 90%",
                "95% in 15 min",
                absent="none",
            ),
        ]
        | None
    ) = None
    resolution: (
        Annotated[
            TimeLimit,
            said("within which time a case is to be solved", "90% in 3 business days", absent="none"),
        ]
        | None
    ) = None
    update: (
        Annotated[
            Update,
            said(
                "what the customer hears while a case is open",
                "{every: 1 h, queue: backup, handle_time: {exponential: 4 min}}",
                absent="none",
            ),
        ]
        | None
    ) = None

    @model_validator(mode="before")
    @classmethod
    def _business_hours_need_hours(cls, raw: Any) -> Any:
        key = (
            without_business_time(raw, "clock", ("first_response", "resolution"))
            if isinstance(raw, Mapping)
            else None
        )
        if key is not None:
            refuse("is in business hours, and the clock has none; name it, as in clock: desk", key)
        return raw

    @model_validator(mode="after")
    def _business_days_need_hours(self) -> "Severity":
        for key in ("first_response", "resolution"):
            limit: Limit | None = getattr(self, key)
            if limit is not None and limit.kind == "days" and self.clock is None:
                refuse("is in business days, and the clock has none; name it, as in clock: desk", key)
        return self
