"""What a business case assumes beside the two scenarios that it compares: when, how long, at what cost."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, model_validator

from scenarios.fields import (
    DATE,
    Form,
    Model,
    Share,
    as_they_are,
    one_of,
    parts_form,
    reader,
    said,
    value,
    whole,
)
from scenarios.prices import FIXED, FOR_A_TIME, Price, priced
from scenarios.problems import Gather, refuse, shown
from scenarios.ranges import FORM as RANGES
from scenarios.ranges import SIMULATED, UNSURE, Range, factor, read_ranges
from scenarios.spans import months_between
from scenarios.tiers import MoneyAmount, read_arr, with_currency
from scenarios.units import date
from scenarios.units import whole as whole_number

__all__ = [
    "COUNTED",
    "SIMULATED",
    "UNSURE",
    "About",
    "BusinessCase",
    "Churn",
    "Claim",
    "Once",
    "Range",
    "Running",
]

COUNTED: Final = ("contacts", "offered", "attempts", "page_views")
"""What a claim counts: contacts handled or offered, people who try self-service, pages that are looked at."""
_MOST_PEOPLE: Final = 100_000
_MOST_HANDLE_TIME: Final = 2.0
HANDLE_TIME: Final[Form] = {
    "title": "factor",
    "anyOf": [
        {"type": "string", "pattern": r"^[\d.]+ *%$"},
        {"type": "number", "minimum": 0, "maximum": _MOST_HANDLE_TIME},
    ],
}
PEOPLE: Final[Form] = {
    "title": "people by group",
    "type": "object",
    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": _MOST_PEOPLE},
}


def _people(seen: object) -> dict[str, int]:
    """Return whole numbers of people by group."""
    if seen == {}:
        return {}
    if not isinstance(seen, Mapping):
        raise ValueError(f"{shown(seen)} is not a map of people by group; write {{generalists: 1}}")
    gather, found = Gather(), dict[str, int]()
    for group, each in seen.items():
        with gather.at(str(group)):
            found[str(group)] = whole_number(each, 0, _MOST_PEOPLE)
    gather.finish()
    return found


def _ranges(seen: object) -> dict[str, Range]:
    return {} if seen == {} else read_ranges(seen)


def _handle_time(seen: object) -> float:
    return factor(seen, _MOST_HANDLE_TIME)


class Once(Model):
    """A cost that is paid once, on a day."""

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    amount: Annotated[MoneyAmount, said("what it costs", "$40000")]
    currency: str = ""
    on: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said("the day on which it is paid", "2026-03-16", absent="the day from which the change is in force"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _amount_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw, "amount")


class Running(Model):
    """A cost that runs from the change on: a licence, its maintenance, people who write content."""

    price: Annotated[
        Price, priced(FOR_A_TIME, (FIXED,)), said("what it costs, for a time", "$1500 per month")
    ]


class Churn(Model):
    """What revenue may do; 0 unless it is said, and never added to what can be cashed.

    For each percentage point of CSAT that is gained, ``per_point`` of the yearly revenue stays that would
    have gone; ``expands`` of it is won.
    """

    per_point: Annotated[Share, said("share of yearly revenue kept for a point of CSAT", "0.1%")] = 0.0
    expands: Annotated[Share, said("share of yearly revenue won for a point of CSAT", "0.05%")] = 0.0


class About(Model):
    """What the sum on the back of an envelope leaves out, where it is known without a simulation."""

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    share: Annotated[Share, said("share of contacts that the change is about", "30%")] = 1.0
    bounces: Annotated[Share, said("share of those deflected who come after all", "25%")] = 0.0
    handle_time: Annotated[
        float,
        value(_handle_time, HANDLE_TIME),
        said("their handle time, as a share of the mean", "60%"),
    ] = 1.0
    marginal_cost: Annotated[
        MoneyAmount | None,
        said("what a contact costs that goes away", "$5.00", absent="people cost of a contact"),
    ] = None
    currency: str = ""

    @model_validator(mode="before")
    @classmethod
    def _cost_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw, "marginal_cost")


class Claim(Model):
    """The sum on the back of an envelope: so many contacts × share deflected × cost of a contact."""

    derived: ClassVar[tuple[str, ...]] = ("currency",)

    contacts_per_year: Annotated[
        int, whole(0, 1_000_000_000), said("what is counted, in a year", 120000, validation_alias="contacts")
    ]
    counts: Annotated[str, one_of(*COUNTED), said("what that counts", "contacts")] = "contacts"
    deflects: Annotated[Share, said("which share is said to go away", "20%")]
    cost_per_contact: Annotated[MoneyAmount, said("what each is said to save", "$6.00")]
    currency: str = ""
    reinvested: Annotated[MoneyAmount, said("what is spent of it, in a year", "$40000", absent="nothing")] = (
        0.0
    )
    start: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said(
            "from which day on it is counted",
            "2026-03-02",
            absent="the day of the change",
            validation_alias="from",
        ),
    ] = None
    about: Annotated[
        About | None,
        said(
            "what it leaves out, as far as that is known",
            "{share: 30%, bounces: 25%, handle_time: 60%, marginal_cost: $5.00}",
            absent="what the simulation finds",
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _cost_with_currency(cls, raw: Any) -> Any:
        return with_currency(raw, "cost_per_contact")

    @model_validator(mode="before")
    @classmethod
    def _one_currency(cls, raw: Any) -> Any:
        """Refuse what is spent in another currency than what is saved: the sum has one."""
        if not isinstance(raw, Mapping):
            return raw
        saved, spent = (_currency_of(raw.get(key)) for key in ("cost_per_contact", "reinvested"))
        if saved and spent and saved != spent:
            refuse(f"is in {spent}, and cost_per_contact in {saved}; write both in one", "reinvested")
        return raw

    @model_validator(mode="after")
    def _about_in_it(self) -> "Claim":
        about = self.about.currency if self.about is not None else ""
        if about and self.currency and about != self.currency:
            message = f"is in {about}, and cost_per_contact in {self.currency}; write both in one"
            refuse(message, "about", "marginal_cost")
        return self


def _currency_of(seen: object) -> str:
    """Return the currency of an amount; none where it is no money, which is told elsewhere."""
    try:
        return read_arr(seen)[1]
    except ValueError:
        return ""


class BusinessCase(Model):
    """A change held against what it costs, month by month.

    It is in force from ``start`` on and grows to its full size within ``ramp_months``, evenly. ``holds`` is
    what the headline holds fixed: the service, so that people may leave, or the heads, so that service is
    better.
    """

    period_months: Annotated[
        int,
        months_between(1, 120),
        said("how many months are looked at", "24 months", validation_alias="period"),
    ] = 24
    discount_rate: Annotated[Share, said("what money is worth in a year", "8%")] = 0.0
    start: Annotated[
        datetime.date | None,
        reader(date, DATE),
        said(
            "from which day on it is in force", "2026-03-02", absent="the first day", validation_alias="from"
        ),
    ] = None
    ramp_months: Annotated[
        int,
        months_between(0, 60),
        said("how long until its full effect", "3 months", validation_alias="ramp"),
    ] = 0
    holds: Annotated[str, one_of("service", "heads"), said("what the headline holds fixed", "service")] = (
        "service"
    )
    once: Annotated[
        dict[str, Once],
        reader(as_they_are, parts_form("costs paid once", "once")),
        said("costs that are paid once, by name", "{build: {amount: $40000}}", absent="none"),
    ] = Field(default_factory=dict)
    running: Annotated[
        dict[str, Running],
        reader(as_they_are, parts_form("running costs", "running")),
        said("costs that run from then on, by name", "{licence: {price: $1500 per month}}", absent="none"),
    ] = Field(default_factory=dict)
    contract_flex: Annotated[
        dict[str, int],
        value(_people, PEOPLE),
        said(
            "full-time people who can go beside those who leave by themselves, by group: temporary staff, "
            "contracts that end",
            "{generalists: 1}",
            absent="none",
        ),
    ] = Field(default_factory=dict)
    planned_hires: Annotated[
        dict[str, int],
        value(_people, PEOPLE),
        said(
            "full-time people who would be hired in the period without the change, beside those who replace "
            "others, by group",
            "{generalists: 2}",
            absent="none",
        ),
    ] = Field(default_factory=dict)
    ranges: Annotated[
        dict[str, Range],
        value(_ranges, RANGES),
        said(
            "how sure it is: `effect`, `volume`, `handle_time`, `pay`, `attrition`, `once`, `running` as "
            "factors of what is expected, and `delay_months`",
            "{effect: {low: 50%, expected: 100%, high: 120%}}",
            absent="all is as expected",
        ),
    ] = Field(default_factory=dict)
    churn: Annotated[Churn | None, said("what revenue may do", "{per_point: 0.1%}", absent="nothing")] = None
    claim: Annotated[
        Claim | None,
        said(
            "the sum on the back of an envelope, to be held against the case",
            "{contacts: 120000, deflects: 20%, cost_per_contact: $6.00}",
            absent="the contacts of the simulation × its cost of a contact",
        ),
    ] = None
