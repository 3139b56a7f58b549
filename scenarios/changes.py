"""Changes: what each moves, by how much, how likely, at what cost; remedies of causes, and dated levers."""

import datetime
from typing import Annotated, Any, ClassVar

from pydantic import model_validator

from scenarios.fields import DATE, Model, PositiveSeconds, Seconds, Share, Text, one_of, reader, said
from scenarios.moves import Moves
from scenarios.problems import refuse
from scenarios.spans import HoursAWeek, HoursOfWork
from scenarios.tiers import MoneyAmount, with_currency
from scenarios.units import date, duration_text
from scenarios.week import DAY_S

KINDS: tuple[str, ...] = ("product_fix", "ux_copy", "policy", "training", "onboarding")


class Change(Model):
    """What remedies and levers have in common; ``cost`` is in ``currency``, ``works`` a probability.

    Once in force it grows to its full size within ``ramp_s``, and from then on halves in ``halves_in_s``.
    """

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    owner: Annotated[
        Text | None, said("who does it, by name of owner", "product", absent="nobody: it does not run")
    ] = None
    moves: Annotated[
        Moves,
        said(
            "what it moves, by parameter: one amount, or the least hopeful, expected and most hopeful",
            "{causes.billing.contacts: -25%}",
            "{causes.billing.contacts: {low: 0%, expected: -10%, high: -30%}}",
            absent="nothing",
        ),
    ] = ()
    works: Annotated[Share, said("how probable it is that it does anything at all", "70%")] = 1.0
    cost: Annotated[MoneyAmount, said("what it costs, once, beside hours", "$4000", absent="nothing")] = 0.0
    currency: Text = ""
    ramp_s: Seconds = said(
        "how long it takes from its first effect to its full one", "14 days", default=0.0,
        validation_alias="ramp",
    )  # fmt: skip
    halves_in_s: PositiveSeconds | None = said(
        "in which time what is left of its effect halves, from its full effect on",
        "180 days",
        default=None,
        validation_alias="halves_in",
        absent="it lasts",
    )

    @model_validator(mode="before")
    @classmethod
    def _cost_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw, "cost")


class Remedy(Change):
    """What could be done about a root cause, once the loop has chosen it.

    Its owner works ``effort_h`` hours on it; it is in force ``lead_s`` after the last of them. Without an
    owner of its own it is its cause's.
    """

    cause: Annotated[Text, said("the root cause that it is for", "billing")]
    kind: Annotated[str, one_of(*KINDS), said("what kind of remedy it is", "product_fix")]
    effort_h: HoursOfWork = said("hours of work by its owner", "40 h", validation_alias="effort")
    lead_s: Seconds = said(
        "how long from the end of that work until it is in force",
        "14 days",
        default=0.0,
        validation_alias="lead",
    )
    owner: Annotated[
        Text | None, said("who does it, by name of owner", "product", absent="the owner of its cause")
    ] = None


class Lever(Change):
    """A change of the roadmap, with dates: work begins on ``start``, and it is in force from ``due`` on.

    Both are local days; ``lead_s`` is the time from the decision until it is in force. It takes
    ``hours_per_week`` of its owner's time from the start on (without one, from the due day on).
    """

    phase: Annotated[Text | None, said("the phase that it belongs to", "first", absent="none")] = None
    start: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said("on which day work on it begins", "2026-03-02", absent="not said"),
    ] = None
    due: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said("from which day on it is in force", "2026-03-16", absent="no day: it does not run"),
    ] = None
    lead_s: Seconds = said(
        "how long it takes from the decision until it is in force",
        "7 days",
        default=0.0,
        validation_alias="lead",
    )
    hours_per_week: HoursAWeek = said(
        "hours a week of its owner that it takes, for good",
        "4 h/week",
        default=0.0,
        validation_alias="hours",
        absent="none",
    )

    @model_validator(mode="after")
    def _dates_in_order(self) -> "Lever":
        if self.start is None or self.due is None:
            return self
        if self.due < self.start:
            refuse(f"is {self.due}, before work on it starts ({self.start}); write a later day", "due")
        between_s = (self.due - self.start).days * DAY_S
        if self.lead_s > between_s:
            refuse(
                f"of {duration_text(self.lead_s)} is longer than from start to due "
                f"({duration_text(between_s)}); start earlier, or write a later due",
                "lead",
            )
        return self
