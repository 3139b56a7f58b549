"""What a study of money finds: costs of one scenario or two, a business case, and what targets cost."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from reports.finance.bridge import Deflected
from reports.finance.case import CaseModel, Flows
from reports.finance.cashflow import InternalRates, Payback
from reports.finance.cost_to_serve import Served, Waiting, by_part, in_all, waiting_of
from reports.finance.envelope import Bridge
from reports.finance.ledger import Ledger
from reports.finance.lines import Bill, bill_of
from reports.finance.lint import Lint
from reports.finance.quantities import Quantities
from reports.finance.unsure import Break, Distribution, Swing
from scenarios.business_case import BusinessCase
from scenarios.costs import Costs
from scenarios.model import Scenario
from scenarios.targets import Goal

if TYPE_CHECKING:
    from sim.headcount.reached import Reached


class Priced(NamedTuple):
    """A scenario with its costs: in all, by part of each dimension, and what waiting costs."""

    label: str
    found: Quantities
    bill: Bill
    whole: Served
    parts: dict[str, tuple[Served, ...]]
    waiting: Waiting

    @property
    def scenario(self) -> Scenario:
        return self.found.scenario


def priced_of(label: str, found: Quantities, costs: Costs) -> Priced:
    """Price what was done in a scenario."""
    bill = bill_of(found, costs)
    return Priced(label, found, bill, in_all(bill, found), by_part(bill, found), waiting_of(bill, found))


class Savings(NamedTuple):
    """The three savings, at the full effect, as expected: they are views of the same people, never added up.

    `cash_first_year` is what is saved of pay and hiring in the first twelve months of the case, `cash_a_year`
    in its last twelve.
    """

    capacity_hours: float  # paid hours a year that the service no longer needs
    capacity: Decimal  # what they cost
    freed: float  # full-time equivalents
    not_hired: int  # whole people who need not be hired within the period
    not_hired_value: Decimal
    people: float  # whole people who are gone at the end of the period; below 0 who came, in part too
    cash_first_year: Decimal
    cash_last_year: Decimal


class Held(NamedTuple):
    """The case with one thing held fixed: cash by line and month, to the cent, and what it is worth."""

    holds: str  # service or heads
    flows: Flows
    cash: dict[str, tuple[Decimal, ...]]
    net: tuple[Decimal, ...]
    npv: Decimal
    rates: InternalRates
    payback: Payback
    discounted: Payback
    savings: Savings


class Service(NamedTuple):
    """A measure of the service before and after the change, with the same people."""

    words: str
    before: float
    after: float
    unit: str


class Revenue(NamedTuple):
    """What revenue may do: a line of its own, never added to cash; all 0 unless an elasticity is stated."""

    csat_points: float
    yearly_revenue: Decimal
    kept: Decimal
    won: Decimal


class Case(NamedTuple):
    """A business case; `headline` is the one of `held` that the scenario asks for."""

    terms: BusinessCase
    model: CaseModel
    seen: Deflected
    held: dict[str, Held]
    bridge: Bridge
    envelope: Bridge | None  # the claim by itself, where what it leaves out is stated
    tornado: tuple[Swing, ...]
    ends: tuple[float, float]  # the value with every input at its least, and at its most hopeful end
    distribution: Distribution
    breaks: tuple[Break, ...]
    lints: tuple[Lint, ...]
    service: tuple[Service, ...]
    revenue: Revenue | None
    searches: tuple[
        float, ...
    ]  # full-time equivalents freed, as each search finds them; the grid's own first
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> Held:
        return self.held[self.terms.holds]


class Targets(NamedTuple):
    """What the targets cost: all together, and each of those that are missed on its own."""

    together: "Reached"
    alone: "tuple[tuple[Goal, Reached], ...]"
    years: float  # how many years of 365 days were searched at a time

    @property
    def counted(self) -> tuple[int, int]:
        """How many of the targets that people steer hold together, and how many there are."""
        steered = [each.held_after for each in self.together.targets if each.steered]
        return sum(steered), len(steered)


class Study(NamedTuple):
    """All of it; parts that were not asked for are None."""

    before: Priced
    after: Priced | None
    case: Case | None
    targets: Targets | None
    ledger: Ledger | None
    seed: int
    replications: int
    version: str
    notes: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Priced, ...]:
        """The scenario, and the changed one if there is one."""
        return (self.before,) if self.after is None else (self.before, self.after)
