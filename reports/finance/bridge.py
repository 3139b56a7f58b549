"""From the sum on the back of an envelope to the cash of the first year, step by step.

Each step corrects one thing that the one before leaves out: what the change is really about, who comes back,
how long those take who stay away, what does not fall with volume, how few people a queue can spare, whole
people, who leaves, when it starts, and what it costs. Quantities of a step come from the two simulations.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from reports.finance.case import PEOPLE, CaseModel, Flows, full_effect, spent_name, whole
from reports.finance.cost_to_serve import lost_contacts, volume_of
from reports.finance.envelope import (
    AVERAGE,
    BASE,
    BOUNCES,
    CLAIMED,
    EQUIVALENTS,
    MIX,
    UNITS,
    Bridge,
    Step,
)
from reports.finance.lines import PEOPLE as PEOPLE_KIND
from reports.finance.lines import Bill
from reports.finance.money import cents_of, exact, to_cents
from reports.finance.quantities import ALL, Quantities
from scenarios.business_case import Claim

YEAR: Final = 12
_NOTHING: Final = Decimal(0)
LOST: Final = "never handled"
WHY: Final = {
    CLAIMED: "contacts × share deflected × cost of a contact",
    BASE: "only what the change is about tries self-service, or stays away",
    BOUNCES: "some who try self-service come after all",
    LOST: "some of these would have been lost, and others are answered now: no work falls with them",
    MIX: "those who stay away take shorter, or longer, than the mean",
    AVERAGE: "of the cost of a contact only people's time falls with it",
    "queue": "the people whom the same service needs less, found by simulation",
    "whole people": "nobody leaves in part",
    "who can leave": "only as people leave by themselves, or contracts end, within the first year",
    "start and ramp": "the months before it works, and those until it works fully",
    "other costs that fall": "hires not needed, and lines that vary with what is done",
    "what it costs": "what is paid once, and what runs",
}
"""The steps in their order, and what each is about."""


class At(NamedTuple):
    """A sum after one more thing has been thought of, to be rounded."""

    name: str
    quantity: float
    unit: str
    amount: float


def bridge_of(sums: Iterable[At], currency: str, reinvested: Decimal) -> Bridge:
    """Sums one after the other as a bridge, each rounded to the cent once."""
    found = list[Step]()
    for each in sums:
        amount = cents_of(each.amount, currency)
        before = found[-1].amount if found else amount
        found.append(
            Step(each.name, exact(each.quantity), each.unit, amount, amount - before, WHY[each.name])
        )
    return Bridge(tuple(found), currency, reinvested)


class Cash(NamedTuple):
    """The case as expected: people, and cash by line and month, to the cent."""

    flows: Flows
    inputs: Mapping[str, float]  # as expected
    lines: Mapping[str, Sequence[Decimal]]


class Deflected(NamedTuple):
    """What a change does to contacts and work, a year: means of both simulations on the same chances."""

    contacts: float  # of customers before
    gross: float  # that the change takes away at first sight: fewer, and those who come after all
    net: float  # fewer that reach agents
    handled: float  # fewer that agents handle, as contacts of which as many are lost as before
    minutes: float  # of agents' work before
    minutes_saved: float
    cost: Decimal  # of all before, a year
    people_cost: Decimal


def deflected(before: Quantities, after: Quantities, bill: Bill) -> Deflected:
    """The change in contacts and work; horizons of other lengths are told by the year of 365 days."""
    years = before.scenario.calendar.days / 365.0
    old, new = volume_of(before), volume_of(after)
    came = [came_in(each) for each in (before, after)]
    back = [float(each.sums("bounced").sum(axis=1).mean()) for each in (before, after)]
    fewer = came[0] - came[1]
    people = bill.of_kind(PEOPLE_KIND)
    return Deflected(
        old.contacts / years,
        (fewer + back[1] - back[0]) / years,
        fewer / years,
        _fewer_handled(before, after) * old.contacts / years,
        old.minutes / years,
        (old.minutes - new.minutes) / years,
        bill.total / exact(years),
        people / exact(years),
    )


def came_in(found: Quantities) -> float:
    """Contacts of customers, those lost among them: that more are lost saves none."""
    measure = "case_contacts" if found.has(("case_contacts", *ALL)) else "offered"
    return float(found.sums(measure).sum(axis=1).mean())


def _fewer_handled(before: Quantities, after: Quantities) -> float:
    """By which share fewer contacts are handled: those who are lost make no work."""
    old, new = (_handled(each) for each in (before, after))
    return (old - new) / old if old else 0.0


def _handled(found: Quantities) -> float:
    """Contacts of customers that agents handle; a case's legs are no contacts of their own."""
    if not found.has(("case_contacts", *ALL)):
        return volume_of(found).contacts
    return came_in(found) - lost_contacts(found)


def bridge_to_cash(
    model: CaseModel,
    cash: Cash,
    seen: Deflected,
    claim: Claim | None,
    used: Decimal | None = None,
    reinvested: Decimal = _NOTHING,
) -> Bridge:
    """The steps; without a claim they start from what the change takes away × the full cost of a contact.

    `used` is the cost of a contact that the sum uses, and `reinvested` what it spends again, in the currency
    of the case.
    """
    spent = to_cents(reinvested, model.currency)
    return bridge_of(_steps(model, cash, seen, claim, used), model.currency, spent)


def _steps(
    model: CaseModel, cash: Cash, seen: Deflected, claim: Claim | None, used: Decimal | None
) -> Iterator[At]:
    full = float(seen.cost) / seen.contacts if seen.contacts else 0.0
    price = full if used is None else float(used)
    work = seen.minutes_saved / seen.minutes if seen.minutes else 0.0
    alike = work * seen.contacts
    if claim is not None:
        claimed = claim.contacts_per_year * claim.deflects
        yield At(CLAIMED, claimed, UNITS[claim.counts], claimed * price)
    yield At(BASE, seen.gross, "contacts", seen.gross * price)
    yield At(BOUNCES, seen.net, "contacts", seen.net * price)
    yield At(LOST, seen.handled, "contacts handled", seen.handled * price)
    yield At(MIX, alike, EQUIVALENTS, alike * price)
    yield At(AVERAGE, alike, EQUIVALENTS, work * float(seen.people_cost))
    yield from _people_steps(model, cash)


def _people_steps(model: CaseModel, cash: Cash) -> Iterator[At]:
    """From hours to people to cash: a year from when the change is fully in force, then the first year."""
    freed = full_effect(model, cash.inputs)
    pay = model.yearly_pay(cash.inputs)
    first = slice(0, min(YEAR, model.months))
    gone = cash.flows.cashed[0, :, first.stop - 1]
    for name, people, unit in (("queue", freed, "FTE"), ("whole people", whole(freed), "people")):
        yield At(name, float(people.sum()), unit, float(people @ pay))
    yield At("who can leave", float(gone.sum()), "people", float(gone @ pay))
    paid = float(sum(cash.lines[PEOPLE][first]))
    yield At("start and ramp", float(gone.sum()), "people", paid)
    own = {PEOPLE, *map(spent_name, model.spent)}
    others = [months for name, months in cash.lines.items() if name not in own]
    other = float(sum(sum(months[first]) for months in others))
    yield At("other costs that fall", 0.0, "", paid + other)
    spent = float(sum(sum(cash.lines[spent_name(each)][first]) for each in model.spent))
    yield At("what it costs", 0.0, "", paid + other + spent)
