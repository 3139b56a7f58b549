"""Cost to serve: what a contact, a minute of work and a solved case cost, in all and by part."""

from decimal import Decimal
from typing import Final, NamedTuple

from reports.finance.allocation import Split, dimensions_of, split
from reports.finance.lines import TIME, Bill, CostLine, counted
from reports.finance.money import exact, to_cents
from reports.finance.quantities import Quantities
from scenarios.targets import Goal, goals_of

CONTACT: Final = "contact"
CASE: Final = "solved case"


class Volume(NamedTuple):
    """How much was done, on average over replications: customers' contacts, agents' minutes, cases solved.

    Contacts are those of customers about their cases; without cases, those that agents handled. There are no
    solved cases then.
    """

    contacts: float
    minutes: float
    solved: float


class Served(NamedTuple):
    """The costs of a part, how much was done for it, and what each costs; None where there is none of it."""

    name: str
    cost: Decimal
    volume: Volume
    per_contact: Decimal | None
    per_minute: Decimal | None
    per_solved: Decimal | None


class Waiting(NamedTuple):
    """What a queue costs beside the work: contacts lost, hours beyond the contract, promises broken."""

    abandoned: float  # contacts that gave up, or found no waiting place
    lines: tuple[tuple[str, Decimal], ...]
    total: Decimal


def volume_of(found: Quantities, scope: str = "all", name: str = "all") -> Volume:
    """How much was done for a part."""
    has_cases = found.has(("case_contacts", "all", "all"))
    of_groups = scope == "group" or not has_cases
    contacts = counted(found, CONTACT, scope, name) if of_groups else found.sums("case_contacts", scope, name)
    solved = counted(found, CASE, scope, name)
    time = counted(found, TIME, scope, name)
    return Volume(*(float(each.sum(axis=1).mean()) for each in (contacts, time / 60.0, solved)))


def served(name: str, cost: Decimal, volume: Volume, currency: str) -> Served:
    """A part with what each contact, minute and solved case of it costs."""
    each = [to_cents(cost / exact(count), currency) if count > 0 else None for count in volume]
    return Served(name, cost, volume, *each)


def in_all(bill: Bill, found: Quantities) -> Served:
    """All of it."""
    return served("all", bill.total, volume_of(found), bill.currency)


def by_part(bill: Bill, found: Quantities) -> dict[str, tuple[Served, ...]]:
    """The same by the parts of each dimension that the scenario has; each adds up to the total."""
    return {each: _rows(split(bill, found, each), bill, found) for each in dimensions_of(found)}


def _rows(parts: Split, bill: Bill, found: Quantities) -> tuple[Served, ...]:
    return tuple(
        served(name, parts.total(name), _volume(found, parts.dimension, name), bill.currency)
        for name in parts.parts
    )


def _volume(found: Quantities, dimension: str, name: str) -> Volume:
    return volume_of(found, dimension, name) if name else Volume(0.0, 0.0, 0.0)


def bands_of(found: Quantities) -> tuple[Goal, ...]:
    """The targets for what a contact costs, which are of people cost alone."""
    return tuple(goal for goal in goals_of(found.scenario) if goal.measure == "cost_per_contact")


def lost_contacts(found: Quantities) -> float:
    """Contacts that gave up, or found no waiting place, on average over replications."""
    return sum(float(found.sums(what).sum(axis=1).mean()) for what in ("abandoned", "blocked"))


def waiting_of(bill: Bill, found: Quantities) -> Waiting:
    """What the queue costs: the lines of contacts lost, of overtime and of promises broken."""
    mine = [line for line in bill.lines if _is_of_queue(line)]
    lines = tuple((line.name, line.total) for line in mine)
    return Waiting(lost_contacts(found), lines, sum((amount for _, amount in lines), Decimal(0)))


def _is_of_queue(line: CostLine) -> bool:
    what = line.told.driver.what
    return what == "abandoned contact" or what.startswith("late ") or line.name.startswith("overtime premium")
