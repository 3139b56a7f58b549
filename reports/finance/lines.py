"""Cost lines: what a scenario costs by month, line by line, priced from the quantities of its simulation.

Each line is computed exactly over the horizon, rounded once to the cent, and shared out to its months, so
that months add up to lines and lines to the total. Prices rise by `inflation` (or a line's own `escalates`)
with each calendar year after the price year.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from reports.finance.missing import missing_of
from reports.finance.money import exact, share_out, to_cents
from reports.finance.months import Month
from reports.finance.people import hires_by_month, hours_of_pay, people_employed, seats_of
from reports.finance.quantities import Quantities
from scenarios.costs import Costs, Line, Only, Vendor, bought_groups, employment_of
from scenarios.pay import Pay
from scenarios.prices import Behaviour, Price
from sim.measure import Floats

PEOPLE: Final = "people"
REFUND: Final = "credits"
OF_PEOPLE: Final = (PEOPLE, "hiring", "training")
"""Kinds of lines that groups have."""


class Driver(NamedTuple):
    """What a line follows: a driver of prices (or ``agents' time``), of some parts of a scope only."""

    what: str
    only: Only | None = None


TIME: Final = "agents' time"


class Told(NamedTuple):
    """What a line is, beside its amounts."""

    name: str
    kind: str
    behaves: Behaviour
    driver: Driver
    price: float  # of one `unit`, in the currency of the costs and the prices of the price year
    unit: str
    ledger: tuple[str, ...] = ()


class CostLine(NamedTuple):
    """A line of costs in one currency; ``amounts`` are its months by replication, before rounding."""

    told: Told
    months: tuple[Decimal, ...]
    amounts: Floats  # [replication, month]
    risen: Floats  # by which factor its price has risen in each month

    @property
    def name(self) -> str:
        return self.told.name

    @property
    def quantity(self) -> float:
        """How many units there are of it, on average over replications; 0 at no price."""
        price = self.told.price
        return float((self.amounts / self.risen).sum(axis=1).mean()) / price if price else 0.0

    @property
    def mean_price(self) -> float:
        """What one unit costs on average, its price having risen in some months; 0 at no quantity."""
        amount, quantity = float(self.amounts.sum(axis=1).mean()), self.quantity
        return amount / quantity if quantity else self.told.price

    @property
    def total(self) -> Decimal:
        return sum(self.months, Decimal(0))


class Bill(NamedTuple):
    """All that a scenario costs over its horizon."""

    currency: str
    months: tuple[Month, ...]
    lines: tuple[CostLine, ...]
    missing: tuple[str, ...]  # costs that the model lacks, in words

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def by_month(self) -> tuple[Decimal, ...]:
        """What all lines come to in each month."""
        columns = range(len(self.months))
        return tuple(sum((line.months[n] for line in self.lines), Decimal(0)) for n in columns)

    def of_kind(self, *kinds: str) -> Decimal:
        """What lines of some kinds come to."""
        return sum((line.total for line in self.lines if line.told.kind in kinds), Decimal(0))


def bill_of(found: Quantities, costs: Costs) -> Bill:
    """Price what was done. Raises ValueError for money in a currency without a rate."""
    lines = (
        *_people_lines(found, costs),
        *(_line(found, costs, name, line) for name, line in costs.lines.items()),
        *(_vendor_line(found, costs, name, each) for name, each in costs.vendors.items()),
        *_refund_lines(found, costs),
    )
    return Bill(costs.currency, found.months, lines, missing_of(found.scenario, costs))


def rate_of(costs: Costs, currency: str) -> Decimal:
    """What one unit of a currency is worth in that of the costs."""
    if currency == costs.currency:
        return Decimal(1)
    if currency not in costs.exchange:
        raise ValueError(
            f"{currency} has no rate; write costs.exchange: {{{currency}: ...}}, what one is worth in "
            f"{costs.currency}"
        )
    return exact(costs.exchange[currency])


def rises(found: Quantities, costs: Costs, own: float | None = None) -> Floats:
    """By which factor prices have risen in each month."""
    yearly = 1.0 + (costs.inflation if own is None else own)
    base = found.scenario.calendar.start.year if costs.price_year is None else costs.price_year
    return np.array([yearly ** (month.year - base) for month in found.months])


def _priced(told: Told, amounts: Floats, currency: str, risen: Floats) -> CostLine:
    """A line of amounts [replication, month] in the currency of the costs."""
    return priced_exactly(
        told, [exact(each) for each in amounts.mean(axis=0).tolist()], currency, amounts, risen
    )


def priced_exactly(
    told: Told, months: Sequence[Decimal], currency: str, amounts: Floats, risen: Floats
) -> CostLine:
    """A line of exact months: their sum is rounded once, and shared out to them."""
    total = to_cents(sum(months, Decimal(0)), currency)
    parts = share_out(total, months, currency) if any(months) else [Decimal(0)] * len(months)
    return CostLine(told, tuple(parts), amounts, risen)


def _people_lines(found: Quantities, costs: Costs) -> Iterator[CostLine]:
    """Pay, and what an employer pays beside it, of each group that is paid."""
    bought = bought_groups(costs)
    for name, group in found.scenario.groups.items():
        if group.pay is not None and name not in bought:
            yield from _group_lines(found, costs, name, group.pay)


def _group_lines(found: Quantities, costs: Costs, name: str, pay: Pay) -> Iterator[CostLine]:
    terms, driver = employment_of(costs, name), Driver(TIME, Only("group", (name,)))
    hourly = pay.amount_per_hour * float(rate_of(costs, pay.currency))
    hours = hours_of_pay(found, name) * rises(found, costs)

    def line(what: str, kind: str, price: float, unit: str, counted: Floats) -> CostLine:
        told = Told(f"{what}: {name}", kind, "step", driver, price, unit, terms.ledger)
        return _priced(told, counted * price, costs.currency, rises(found, costs))

    yield line("pay", PEOPLE, hourly, "h paid", hours)
    if terms.on_costs:
        yield line("on-costs", PEOPLE, hourly * terms.on_costs, "h paid", hours)
    if terms.overtime:
        yield line("overtime premium", PEOPLE, hourly * terms.overtime_premium, "h paid", hours)
    hires = np.tile(hires_by_month(found, name, terms) * rises(found, costs), (len(hours), 1))
    if terms.hire and hires.any():
        each = float(exact(terms.hire.amount) * rate_of(costs, terms.hire.currency))
        yield line("hiring", "hiring", each, "hires", hires)
    taught = (terms.training_h or 0.0) + (terms.ramp_h or 0.0)
    if taught and hires.any():
        lost = taught * hourly * (1.0 + (terms.on_costs or 0.0))
        yield line("training and ramp", "training", lost, "hires", hires)


def _line(found: Quantities, costs: Costs, name: str, line: Line) -> CostLine:
    """A line of the file."""
    price, rise = line.price, rises(found, costs, line.escalates)
    each = exact(price.amount) * rate_of(costs, price.currency) / exact(price.each)
    unit = price.driver or "month"
    if price.months:
        each, unit = each / price.months, f"{price.driver} months".strip()
    driver = Driver(price.driver or TIME, line.only)
    told = Told(name, line.kind, price.behaves, driver, float(each), unit, line.ledger)
    if price.behaves == "variable":
        counted = counted_by_month(found, price.driver, line.only)
        return _priced(told, counted * float(each) * rise, costs.currency, rise)
    steps = steps_of(found, costs, price, line.only) * price.each
    replications = len(found.above)
    if price.driver == "hire":
        amounts = np.tile(steps * float(each) * rise, (replications, 1))
        return _priced(told, amounts, costs.currency, rise)
    whole = exact(price.amount) * rate_of(costs, price.currency)
    months = [
        whole * exact(float(up)) * exact(float(count / price.each)) * exact_part(month) / price.months
        for month, up, count in zip(found.months, rise, steps, strict=True)
    ]
    amounts = np.tile([float(month) for month in months], (replications, 1))
    return priced_exactly(told, months, costs.currency, amounts, rise)


def exact_part(month: Month) -> Decimal:
    """Which part of a calendar month is simulated."""
    return Decimal(month.part.numerator) / Decimal(month.part.denominator)


def steps_of(found: Quantities, costs: Costs, price: Price, only: Only | None) -> Floats:
    """How many times a price is paid, by month: for each step of people that is begun, else once."""
    groups = covered(found, only)
    own = employed_groups(costs, groups)
    ones = np.ones(len(found.months))
    if price.driver == "seat":
        return ones * _begun(seats_of(found.scenario, groups) / price.each)
    terms = {name: employment_of(costs, name) for name in own}
    if price.driver == "FTE":
        people = sum(people_employed(found, name, each) for name, each in terms.items())
        return ones * _begun(people / price.each)
    if price.driver == "hire":
        hires = [hires_by_month(found, name, each) for name, each in terms.items()]
        total: Floats = np.sum(hires, axis=0) / price.each
        return total
    return ones


def covered(found: Quantities, only: Only | None) -> tuple[str, ...]:
    """The groups that a line for people is about."""
    return only.names if only is not None and only.scope == "group" else tuple(found.scenario.groups)


def employed_groups(costs: Costs, groups: Sequence[str]) -> tuple[str, ...]:
    """Those whose people the house employs: a vendor's are his own."""
    bought = bought_groups(costs)
    return tuple(name for name in groups if name not in bought)


def _begun(steps: float) -> float:
    """Steps that are begun; what is next to a whole number is it."""
    return float(np.ceil(round(steps, 9)))


def counted_by_month(found: Quantities, driver: str, only: Only | None) -> Floats:
    """How often what a price is for happens, by [replication, month]."""
    scope, names = (only.scope, only.names) if only is not None else ("all", ("all",))
    parts = [counted(found, driver, scope, name) for name in names]
    total: Floats = np.sum(parts, axis=0)
    return total


def counted(found: Quantities, driver: str, scope: str, name: str) -> Floats:
    """How often a driver happens in one part of a scope, by [replication, month]."""
    if driver in ("late first response", "late resolution", "late update"):
        measure = driver.removeprefix("late ").replace(" ", "_") + "_attainment"
        return found.missed(measure, scope, name)
    if driver == TIME:
        return agents_time(found, scope, name)
    if driver == "minute":
        return agents_time(found, scope, name) / 60.0
    if driver == "attempt":
        return counted(found, "deflected contact", scope, name) + _of(found, "bounced", scope, name)
    return _of(found, _MEASURES[driver], scope, name)


_MEASURES: Final = {
    "contact": "handled",
    "case": "cases",
    "solved case": "solved",
    "deflected contact": "deflection",
    "abandoned contact": "abandoned",
}


def agents_time(found: Quantities, scope: str, name: str) -> Floats:
    """Seconds of agents' work: on cases where there are any, else on the contacts that were handled."""
    if scope == "group":
        hours = found.sums("time_working", scope, name) + found.sums("time_sharing", scope, name)
        return hours * 3600.0
    if scope != "queue" and found.has(("agent_time_per_case", "all", "all")):
        return found.sums("agent_time_per_case", scope, name)
    return _of(found, "aht", scope, name)


def _of(found: Quantities, measure: str, scope: str, name: str) -> Floats:
    """A sum; that of a channel is put together from its streams where only these were counted."""
    if scope == "channel" and not found.has((measure, scope, name)):
        scenario = found.scenario
        streams = [s for s, each in scenario.streams.items() if scenario.queues[each.queue].channel == name]
        parts = [found.sums(measure, "stream", s) for s in streams]
        zero = np.zeros((len(found.above), len(found.months)))
        return np.sum(parts, axis=0) if parts else zero
    return found.sums(measure, scope, name)


def vendor_name(name: str) -> str:
    """What the line of a contract is called."""
    return f"vendor: {name}"


def _vendor_line(found: Quantities, costs: Costs, name: str, vendor: Vendor) -> CostLine:
    """Bills by month: at least the minimum, less what is given back for a service below the promised one."""
    price, rise = vendor.price, rises(found, costs)
    only = Only("group", (vendor.group,))
    each = float(exact(price.amount) * rate_of(costs, price.currency)) / price.each
    bills = counted_by_month(found, price.driver, only) * each * rise
    if vendor.minimum is not None:
        least = float(exact(vendor.minimum.amount) * rate_of(costs, vendor.minimum.currency))
        parts = np.array([float(month.part) for month in found.months])
        bills = np.maximum(bills, least / vendor.minimum.months * parts * rise)
    if vendor.penalty is not None:
        level = ("service_level", "queue", vendor.penalty.queue)
        above, below = found.sums(*level), found.missed(*level) + found.sums(*level)
        short = (below > 0) & (above < vendor.penalty.below * below)
        bills = bills * np.where(short, 1.0 - vendor.penalty.credit, 1.0)
    plain = vendor.minimum is None and vendor.penalty is None
    priced = (each, price.driver) if plain else (1.0, costs.currency)  # a bill is no price × quantity
    told = Told(vendor_name(name), "vendor", "variable", Driver(price.driver, only), *priced, vendor.ledger)
    return _priced(told, bills, costs.currency, rise)


def _refund_lines(found: Quantities, costs: Costs) -> Iterator[CostLine]:
    """Refunds by root cause: the mean of a case, for each case."""
    for name, cause in found.scenario.causes.items():
        if cause.refund:
            each = float(exact(cause.refund) * rate_of(costs, cause.currency))
            only = Only("root_cause", (name,))
            told = Told(f"refunds: {name}", REFUND, "variable", Driver("case", only), each, "case")
            amounts = found.sums("cases", "root_cause", name) * each * rises(found, costs)
            yield _priced(told, amounts, costs.currency, rises(found, costs))
