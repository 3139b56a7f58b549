"""From two simulated scenarios and their cost model to the numbers of a business case.

Prices are those of the price year here; what inflation makes of them stands beside them, by month.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from reports.finance.case import ByPerson, CaseModel, Differing, People, Spent, Varying
from reports.finance.lines import (
    OF_PEOPLE,
    CostLine,
    Told,
    bill_of,
    covered,
    employed_groups,
    rate_of,
    vendor_name,
)
from reports.finance.money import exact
from reports.finance.months import Month, months_later
from reports.finance.people import people_employed
from reports.finance.quantities import Quantities
from scenarios.business_case import BusinessCase
from scenarios.costs import Costs, bought_groups, employment_of
from scenarios.prices import PEOPLE_DRIVERS
from scenarios.related import skills
from sim.headcount.surface import Response, only
from sim.measure import Floats

_NOTHING: Final = 1e-6  # of money in a month: what is less is the error of floats


def case_model(
    before: Quantities, after: Quantities, costs: Costs, case: BusinessCase, response: Response
) -> CaseModel:
    """The numbers of a business case: what changes from one scenario to the other, and what that costs.

    `response` has paid hours a year (see `a_year`).
    """
    start = before.scenario.calendar.start
    labels = [months_later(start, n) for n in range(case.period_months)]
    own = [name for name in response.groups if is_own(before, costs, name)]
    lines = _both(before, after, costs)
    rising, seasons = _with_new_lines(costs, after.scenario.costs), _seasons(before.months, labels)
    base = start.year if costs.price_year is None else costs.price_year
    return CaseModel(
        costs.currency,
        tuple(f"{day.year}-{day.month:02d}" for day in labels),
        months_later(start, 0),
        case.start or start,
        float(case.ramp_months),
        case.holds,
        tuple(_people(before, after, costs, case, name) for name in own),
        only(response, own),
        tuple(_varying(before, lines, rising, seasons)),
        tuple(_differing(lines, (before, after), rising, seasons)),
        tuple(_by_person(before, after.scenario.costs or costs, rising)),
        tuple(_spent(start, costs, case)),
        np.array([float(day.year - base) for day in labels]),
        costs.inflation,
        case.discount_rate,
    )


def a_year(response: Response, years: float) -> Response:
    """A response over a horizon of so many years as hours a year of 365 days."""
    scale, errors = 1.0 / years, response.errors
    return response._replace(
        centre=response.centre * scale,
        mains=tuple(each * scale for each in response.mains),
        pairs={pair: each * scale for pair, each in response.pairs.items()},
        errors=errors._replace(searched=errors.searched * scale, told=errors.told * scale),
        again=response.again * scale,
    )


def _escalates(costs: Costs, name: str) -> float | None:
    """By how much the price of a line rises a year; None: as all prices do."""
    return costs.lines[name].escalates if name in costs.lines else None


def _with_new_lines(before: Costs, after: Costs | None) -> Costs:
    """The cost model with the lines that come with the change; a line that both have rises as before."""
    new = after.lines if after is not None else {}
    return before.model_copy(update={"lines": {**new, **before.lines}})


def is_own(found: Quantities, costs: Costs, name: str) -> bool:
    """Whether the people of a group are paid by the house."""
    pay = found.scenario.groups[name].pay
    return pay is not None and pay.amount_per_hour > 0 and name not in bought_groups(costs)


def _people(found: Quantities, after: Quantities, costs: Costs, case: BusinessCase, name: str) -> People:
    """A group as its employer pays it once the change is there: who goes then saves that.

    What other pay costs, or saves, for all who are there today is a line of its own (`Differing`).
    """
    new_costs = after.scenario.costs or costs
    terms, new = employment_of(costs, name), employment_of(new_costs, name)
    pay = after.scenario.groups[name].pay
    hourly = pay.amount_per_hour * float(rate_of(costs, pay.currency)) if pay else 0.0
    return People(
        name,
        people_employed(found, name, terms),
        terms.contract_h_per_week,
        hourly,
        new.on_costs or 0.0,
        new.overtime_premium,
        terms.attrition or 0.0,
        case.contract_flex.get(name, 0),
        case.planned_hires.get(name, 0),
        _hire(found, new_costs, name),
        (new.training_h or 0.0) + (new.ramp_h or 0.0),
    )


def _uninflated(costs: Costs) -> Costs:
    """The cost model in prices of its price year."""
    lines = {name: line.model_copy(update={"escalates": 0.0}) for name, line in costs.lines.items()}
    return costs.model_copy(update={"inflation": 0.0, "lines": lines})


class _Pair(NamedTuple):
    """A line of both bills, in prices of the price year; None where one has it not."""

    old: CostLine | None
    new: CostLine | None

    @property
    def told(self) -> Told:
        line = self.old or self.new
        assert line is not None  # one of them is there
        return line.told

    @property
    def is_priced_alike(self) -> bool:
        return self.old is not None and self.new is not None and self.old.told.price == self.new.told.price

    def saved(self) -> Floats:
        """What is saved of it, by [replication, month]."""
        parts = [each.amounts for each in (self.old, self.new) if each is not None]
        first = self.old.amounts if self.old else np.zeros_like(parts[0])
        return first - (self.new.amounts if self.new else 0.0)

    def by_price(self) -> Floats:
        """What other prices save, for what there is after the change."""
        if self.old is None or self.new is None or not self.new.told.price:
            return self.saved()
        return self.new.amounts * (self.old.told.price / self.new.told.price - 1.0)


def _both(before: Quantities, after: Quantities, costs: Costs) -> dict[str, _Pair]:
    """The lines of both bills by name, each by its own cost model."""
    old = {line.name: line for line in bill_of(before, _uninflated(costs)).lines}
    new = {line.name: line for line in bill_of(after, _uninflated(after.scenario.costs or costs)).lines}
    return {name: _Pair(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])}


def _varying(before: Quantities, lines: dict[str, _Pair], costs: Costs, seasons: Floats) -> Iterator[Varying]:
    """What the whole change saves of each line that varies with what is done.

    By quantity where the price stays; where it does not, the difference in money.
    """
    for name, pair in lines.items():
        told = pair.told
        if told.behaves != "variable":
            continue
        price = told.price if pair.is_priced_alike and told.price else 1.0
        unit = told.unit if pair.is_priced_alike else costs.currency
        saved = pair.saved() @ seasons / price
        if saved.any():
            others = _falls_to(before, told)
            yield Varying(name, saved, price, unit, _is_of_service(told), *_terms(costs, name), others)


def _falls_to(found: Quantities, told: Told) -> tuple[str, ...]:
    """Other groups that serve the queues of those whom a line is about: it does their work when they go."""
    only, scenario = told.driver.only, found.scenario
    if only is None or only.scope != "group":
        return ()
    queues = {queue for name in only.names for queue in skills(scenario, name)}
    others = (name for name in scenario.groups if name not in only.names)
    return tuple(name for name in others if queues & set(skills(scenario, name)))


def _differing(
    lines: dict[str, _Pair], both: tuple[Quantities, Quantities], costs: Costs, seasons: Floats
) -> Iterator[Differing]:
    """Lines that cost otherwise from the change on, whatever its effect."""
    for name, pair in lines.items():
        told = pair.told
        if told.behaves == "variable":
            continue
        group = told.driver.only.names[0] if told.kind in OF_PEOPLE and told.driver.only else ""
        follows_people = bool(group) or told.driver.what in PEOPLE_DRIVERS
        service = pair.by_price() if follows_people else pair.saved()
        of = covered(both[0], told.driver.only)
        otherwise = follows_people and any(_is_staffed_otherwise(both, each) for each in of)
        heads = pair.saved() if otherwise else service
        if np.abs(service).max() > _NOTHING or np.abs(heads).max() > _NOTHING:
            yield Differing(name, service @ seasons, heads @ seasons, _escalates(costs, name))


def _is_staffed_otherwise(both: tuple[Quantities, Quantities], group: str) -> bool:
    old, new = (each.scenario.groups[group] for each in both)
    return (old.agents, old.shifts, old.shrinkage) != (new.agents, new.shifts, new.shrinkage)


def _terms(costs: Costs, name: str) -> tuple[float | None, int]:
    """By how much the price of a line rises a year, and of a contract the months of warning."""
    notices = {vendor_name(vendor): each.notice_months for vendor, each in costs.vendors.items()}
    return _escalates(costs, name), notices.get(name, 0)


def _is_of_service(told: Told) -> bool:
    """Whether a line is about how well, not how much is served: it does not change where that is held."""
    what = told.driver.what
    return what == "abandoned contact" or what.startswith("late ")


def _seasons(months: tuple[Month, ...], labels: list[date]) -> Floats:
    """[simulated month, month of the case]: each month of the case is the mean of its name in the simulation.

    Parts of a month count together as far as they go; a month that is not simulated whole is scaled up.
    """
    found = np.zeros((len(months), len(labels)))
    for n, day in enumerate(labels):
        alike = [i for i, month in enumerate(months) if month.month == day.month] or list(range(len(months)))
        parts = float(sum(months[i].part for i in alike))
        found[alike, n] = 1.0 / parts
    return found


def _by_person(found: Quantities, costs: Costs, rising: Costs) -> Iterator[ByPerson]:
    """Lines for each so many people, at the price that they have once the change is there."""
    for name, line in costs.lines.items():
        if line.price.driver == "FTE":
            each = _in_currency(costs, line.price.amount, line.price.currency) / line.price.months
            groups = employed_groups(costs, covered(found, line.only))
            others = sum(
                people_employed(found, group, employment_of(costs, group))
                for group in groups
                if not is_own(found, costs, group)
            )
            yield ByPerson(name, each, line.price.each, _escalates(rising, name), groups, others)


def _hire(found: Quantities, costs: Costs, name: str) -> float:
    """What it costs to find one of a group, with the lines that are paid for each hire."""
    own = employment_of(costs, name).hire
    lines = [
        _in_currency(costs, line.price.amount, line.price.currency) / line.price.each
        for line in costs.lines.values()
        if line.price.driver == "hire" and name in covered(found, line.only)
    ]
    return sum(lines, _in_currency(costs, own.amount, own.currency) if own else 0.0)


def _spent(start: date, costs: Costs, case: BusinessCase) -> Iterator[Spent]:
    """What the change costs; what is paid once is told in money of its day."""
    for name, once in case.once.items():
        day = once.on or case.start or start
        yield Spent(name, _in_currency(costs, once.amount, once.currency), day)
    for name, running in case.running.items():
        price = running.price
        yield Spent(name, _in_currency(costs, price.amount, price.currency) / price.months, None)


def _in_currency(costs: Costs, amount: float, currency: str) -> float:
    return float(exact(amount) * rate_of(costs, currency))
