"""The cost model: what people, tools, lines, contracts and broken promises cost, in one currency.

Pay stands at the groups; what an employer pays beside it, and everything else, is here. How a line behaves
(fixed, in steps, variable) follows from what its price is for (``prices.py``).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from scenarios.cost_values import (
    ACCOUNTS,
    KINDS,
    MONTHS,
    ONLY,
    RATES,
    SCOPES,
    SOME_KINDS,
    Only,
    read_accounts,
    read_kinds,
    read_only,
    read_rates,
)
from scenarios.fields import (
    Model,
    Share,
    Text,
    as_they_are,
    door_of,
    one_of,
    parts_form,
    reader,
    said,
    text_form,
    value,
    whole,
)
from scenarios.ledger import FORM as LEDGER
from scenarios.ledger import LedgerRow, Rates, read_ledger
from scenarios.prices import FIXED, FOR_A_TIME, Price, priced
from scenarios.problems import refuse
from scenarios.spans import HoursAWeek, HoursOfWork, months_between
from scenarios.units import CURRENCIES

__all__ = [
    "EVERYBODY",
    "KINDS",
    "MONTHS",
    "SCOPES",
    "Costs",
    "Employment",
    "LedgerRow",
    "Line",
    "Only",
    "Overtime",
    "Penalty",
    "Vendor",
    "employment_of",
]
EVERYBODY: Final = "all"
"""The name, among people, that stands for every group."""
HOURS_IN_A_WEEK: Final = 168
_HIRE: Final = text_form("price of a hire", "$4000 per hire")
_HANDLED: Final = text_form("price of a contact or minute", "$5.50 per contact", "$0.70 per minute")


def _within_a_week(hours: float) -> float:
    """Refuse hours a week that one person cannot be paid for."""
    if hours > HOURS_IN_A_WEEK:
        raise ValueError(
            f"{hours:g} h/week is more than a week has for one person; write what one full-time person is "
            "paid for, such as 38 h/week"
        )
    return hours


class Overtime(Model):
    """Hours beyond the contract: ``share`` of all paid hours, each at its pay and ``premium`` on top."""

    share: Annotated[Share, said("which share of paid hours is overtime", "4%")]
    premium: Annotated[Share, said("what is paid for them beside the usual pay, as a share of that", "50%")]


class Employment(Model):
    """What an employer pays beside the pay of a group, and how people come and go.

    ``attrition`` is the share of people who leave in a year, evenly (a twelfth each month).
    """

    contract_h_per_week: Annotated[HoursAWeek, AfterValidator(_within_a_week)] = said(
        "hours a week for which one full-time person is paid (an FTE)",
        "38 h/week",
        default=40.0,
        validation_alias="contract",
    )
    on_costs: Annotated[
        Share | None,
        said("what an employer pays on top, as a share of pay", "22%", absent="not known: told as missing"),
    ] = None
    overtime: Annotated[
        Overtime | None, said("how much of it is overtime", "{share: 4%, premium: 50%}", absent="none")
    ] = None
    attrition: Annotated[
        Share | None,
        said("which share of people leaves in a year", "30%", absent="not known: nobody leaves by himself"),
    ] = None
    hire: Annotated[
        Price | None,
        priced(_HIRE, ("hire",)),
        said("what it costs to find one", "$4000 per hire", absent="not known: told as missing"),
    ] = None
    training_h: HoursOfWork | None = said(
        "hours for which a new one is paid and taught, before any contact",
        "160 h",
        default=None,
        validation_alias="training",
        absent="none",
    )
    ramp_h: HoursOfWork | None = said(
        "hours that are lost until a new one is as fast as the others",
        "120 h",
        default=None,
        validation_alias="ramp",
        absent="none",
    )
    ledger: Annotated[
        tuple[str, ...],
        value(read_accounts, ACCOUNTS),
        said("accounts on which all this is booked", "[6000, 6010]", absent="none"),
    ] = ()

    @property
    def overtime_premium(self) -> float:
        """What overtime costs beside the usual pay, as a share of all pay."""
        return self.overtime.share * self.overtime.premium if self.overtime else 0.0


class Line(Model):
    """A cost beside people."""

    price: Annotated[
        Price, priced(), said("what it costs, and for what", "$80000 per year", "$0.02 per minute")
    ]
    kind: Annotated[str, one_of(*KINDS), said("what kind of cost it is", "tools")] = "other"
    only: Annotated[
        Only | None,
        value(read_only, ONLY),
        said(
            "for which of what its price counts: names by `channel`, `queue`, `stream`, `group`, "
            "`severity`, `root_cause` or `tier`",
            "{channel: [phone]}",
            absent="all",
        ),
    ] = None
    escalates: Annotated[
        Share | None, said("by how much it rises a year", "3%", absent="as `inflation` says")
    ] = None
    ledger: Annotated[
        tuple[str, ...],
        value(read_accounts, ACCOUNTS),
        said("accounts on which it is booked", "[6300]", absent="none"),
    ] = ()


class Penalty(Model):
    """What a vendor gives back of a month's bill where the month's service level is below ``below``."""

    queue: Annotated[Text, said("whose service level it is about", "phone")]
    below: Annotated[Share, said("the service level that is promised, each month", "80%")]
    credit: Annotated[Share, said("which share of the month's bill is given back", "5%")]


class Vendor(Model):
    """Contacts handled by a group of another house, at a price for each contact or minute.

    Each month costs at least ``minimum``. With ``notice`` months of warning it may be reduced.
    """

    group: Annotated[Text, said("the group that works for it; it has no pay of its own", "partner")]
    price: Annotated[
        Price,
        priced(_HANDLED, ("contact", "minute")),
        said("for each contact or minute", "$5.50 per contact"),
    ]
    minimum: Annotated[
        Price | None,
        priced(FOR_A_TIME, (FIXED,)),
        said("the least that it costs, for a time", "$20000 per month", absent="nothing"),
    ] = None
    penalty: Annotated[
        Penalty | None,
        said("what it gives back", "{queue: phone, below: 80%, credit: 5%}", absent="nothing"),
    ] = None
    notice_months: Annotated[
        int,
        months_between(0, 60),
        said("how long before it may be reduced this is said", "3 months", validation_alias="notice"),
    ] = 0
    ledger: Annotated[
        tuple[str, ...],
        value(read_accounts, ACCOUNTS),
        said("accounts on which it is booked", "[6500]", absent="none"),
    ] = ()


class _Booked(NamedTuple):
    """A ledger as it is written, and the rates for it; None where they could not be read."""

    seen: object
    rates: Rates | None


def _rates_beside(raw: Mapping[str, Any]) -> Rates | None:
    currency = raw.get("currency")
    try:
        exchange = read_rates(raw["exchange"]) if raw.get("exchange") is not None else {}
    except ValueError:
        return None
    return Rates(currency, exchange) if isinstance(currency, str) and currency in CURRENCIES else None


def _ledger(seen: object, info: ValidationInfo) -> tuple[LedgerRow, ...]:
    """Read a ledger; where its currencies could not be read, that is told, and the rest of it later."""
    if not isinstance(seen, _Booked):
        return seen if isinstance(seen, tuple) else read_ledger(seen, door_of(info), Rates("", {}))
    return () if seen.rates is None else read_ledger(seen.seen, door_of(info), seen.rates)


class Costs(Model):
    """All that care costs. Amounts in other currencies count at their ``exchange`` rate."""

    currency: Annotated[
        str,
        one_of(*CURRENCIES, title="currency"),
        said("the currency in which everything is told", "USD"),
    ]
    exchange: Annotated[
        dict[str, float],
        value(read_rates, RATES),
        said("what one unit of other currencies is worth in it", "{EUR: 1.08}", absent="no others"),
    ] = Field(default_factory=dict)
    price_year: Annotated[
        int | None,
        whole(1900, 2200),
        said("the year whose prices these are", 2026, absent="that of the first day"),
    ] = None
    inflation: Annotated[Share, said("by how much prices rise a year", "2.5%")] = 0.0
    fiscal_year_starts: Annotated[
        str, one_of(*MONTHS), said("the month in which a fiscal year starts", "apr")
    ] = "jan"
    people: Annotated[
        dict[str, Employment],
        reader(as_they_are, parts_form("employment", "employment")),
        said(
            "what groups cost beside their pay, by name; `all` stands for every group, for what it does not "
            "say itself",
            "{all: {contract: 38 h/week, on_costs: 22%, attrition: 30%}}",
            absent="not known: told as missing",
        ),
    ] = Field(default_factory=dict)
    lines: Annotated[
        dict[str, Line],
        reader(as_they_are, parts_form("cost lines", "cost_line")),
        said("all else, by name", "{desk: {kind: tools, price: $80000 per year}}", absent="none"),
    ] = Field(default_factory=dict)
    vendors: Annotated[
        dict[str, Vendor],
        reader(as_they_are, parts_form("vendors", "vendor")),
        said("contracts, by name", "{acme: {group: partner, price: $5.50 per contact}}", absent="none"),
    ] = Field(default_factory=dict)
    none_of: Annotated[
        tuple[str, ...],
        value(read_kinds, SOME_KINDS),
        said(
            "kinds of cost that there are none of, so that they are not told as missing",
            "[training, facilities]",
            absent="all kinds without a line are told as missing",
        ),
    ] = ()
    ledger: Annotated[
        tuple[LedgerRow, ...],
        reader(_ledger, LEDGER),
        said(
            "what was booked, by account and month: a CSV file, or a list of rows",
            "{csv: ledger.csv}",
            "[{account: 6000, month: 2026-01, amount: 1200.50}]",
            absent="nothing",
        ),
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _ledger_with_rates(cls, raw: Any) -> Any:
        """Hand the currencies to the reader of the ledger, whose amounts may be in others."""
        if not isinstance(raw, Mapping) or raw.get("ledger") is None or isinstance(raw["ledger"], tuple):
            return raw
        return {**raw, "ledger": _Booked(raw["ledger"], _rates_beside(raw))}

    @model_validator(mode="after")
    def _others_only(self) -> "Costs":
        if self.currency in self.exchange:
            refuse("is the currency in which all is told; leave it out", "exchange", self.currency)
        return self


def bought_groups(costs: Costs) -> frozenset[str]:
    """Return the groups whose people are vendors', not the house's."""
    return frozenset(each.group for each in costs.vendors.values())


def employment_of(costs: Costs, group: str) -> Employment:
    """Return what is said of a group laid over what is said of all, key by key; else the defaults.

    A vendor's group has no employment of its own here: its people are the vendor's.
    """
    own, every = costs.people.get(group), costs.people.get(EVERYBODY)
    if own is None or every is None:
        return own or every or Employment()
    return every.model_copy(update={key: getattr(own, key) for key in own.model_fields_set})
