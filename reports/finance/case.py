"""A business case by month: what a change brings in cash, for any values of what is unsure.

People are counted whole. Those whom the change frees at the service held fixed leave only as fast as others
leave by themselves and contracts end; until then their hours are capacity, not cash. All arithmetic is on
arrays [draw, month], so that the case as expected, its tornado and its distribution are one and the same sum;
`reports/finance/book_cash.py` writes the same sum as formulas.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from reports.finance.months import months_later
from scenarios.business_case import UNSURE
from sim.headcount.surface import INPUTS, Response, values_at
from sim.measure import Floats, Ints

EXPECTED: Final[dict[str, float]] = {name: 0.0 if name == "delay_months" else 1.0 for name in UNSURE}
"""All inputs as they are when nothing is unsure."""
WEEKS_A_MONTH: Final = 365.0 / 7.0 / 12.0
_WHOLE: Final = 1e-9  # what is next to a whole person is one

PEOPLE: Final = "pay of people who leave"
HIRES: Final = "hires not needed"
MINUTES: Final = "minute"
"""The unit of lines that go by agents' work: they grow with the handle time."""


class People(NamedTuple):
    """A group as its employer pays it; money in the currency of the case, in prices of the price year."""

    name: str
    employed: float  # full-time equivalents
    contract_h: float  # hours a week that one is paid for
    hourly: float  # pay of an hour
    on_costs: float  # share of pay on top
    overtime: float  # premium for overtime, as a share of all pay
    attrition: float  # share that leaves in a year
    flex: int  # who can go beside these
    planned: int  # who would be hired in the period
    hire: float  # what it costs to find one
    taught_h: float  # hours for which a new one is paid and does not work, or too slowly

    @property
    def yearly_h(self) -> float:
        """Hours that one is paid for in a year of 365 days."""
        return self.contract_h * 365.0 / 7.0

    @property
    def paid_h(self) -> float:
        """Hours that the group is paid for in a year."""
        return self.employed * self.contract_h * 365.0 / 7.0

    @property
    def monthly(self) -> float:
        """What a month of one costs: pay, on-costs, overtime premium."""
        return self.hourly * (1.0 + self.on_costs + self.overtime) * self.contract_h * WEEKS_A_MONTH

    @property
    def taught(self) -> float:
        """What the hours cost in which a new one is taught, and slow."""
        return self.taught_h * self.hourly * (1.0 + self.on_costs)


class Varying(NamedTuple):
    """A line that varies with what is done: how much of that the whole change saves, by month of the case."""

    name: str
    saved: Floats  # [replication, month] of `unit`, at the same heads
    price: float  # of one
    unit: str
    is_service: bool  # whether it is saved by a better service, which is not there where service is held
    escalates: float | None  # by how much its price rises a year; None: as everything does
    notice: int = 0  # months of warning before a contract may be reduced: nothing is saved until then
    falls_to: tuple[str, ...] = ()  # whose work comes to this line once they are gone: nothing is saved then


class Differing(NamedTuple):
    """A line that costs otherwise from the change on, whatever its effect: a tool more, other pay.

    What is saved of it by month of the case [replication, month] (below 0: it costs more), with the service
    and with the heads held: people who come with the change are there only where heads are held.
    """

    name: str
    service: Floats
    heads: Floats
    escalates: float | None


class ByPerson(NamedTuple):
    """A line that is paid for each so many people employed, by month."""

    name: str
    monthly: float
    each: float
    escalates: float | None
    groups: tuple[str, ...]  # whose people count
    others: float = 0.0  # full-time people beside those of the case, who count too


class Spent(NamedTuple):
    """What the change costs: once in a month of the case, or each month that it is in force."""

    name: str
    amount: float
    on: date | None  # None: it runs, and rises with inflation


class CaseModel(NamedTuple):
    """All that a business case is computed from; months are whole, the first is that of the first day.

    `response` has paid hours a year by group, in the order of `people`.
    """

    currency: str
    labels: tuple[str, ...]
    start: date  # the first day of the first month
    begins_on: date
    ramp: float
    holds: str
    people: tuple[People, ...]
    response: Response
    varying: tuple[Varying, ...]
    differing: tuple[Differing, ...]
    by_person: tuple[ByPerson, ...]
    spent: tuple[Spent, ...]
    years: Floats  # of each month of the case: years since the price year
    inflation: float
    yearly_rate: float

    @property
    def months(self) -> int:
        return len(self.labels)

    @property
    def begins(self) -> float:
        """The moment of the change in months from the start; 2.5 is in the middle of the third."""
        return moment(self.start, self.begins_on)

    @property
    def yearly_h(self) -> Floats:
        """Hours that one person of each group is paid for in a year [group]."""
        return np.array([each.yearly_h for each in self.people])

    @property
    def by_chance(self) -> Floats:
        """By how many full-time people each search frees more than the grid says [search, group]."""
        found: Floats = self.response.by_chance / self.yearly_h
        return found

    def yearly_pay(self, inputs: Mapping[str, float]) -> Floats:
        """What a year of one person of each group costs [group], at the pay that is expected."""
        return np.array([each.monthly for each in self.people]) * 12.0 * inputs.get("pay", 1.0)

    def rises(self, yearly: float | None = None) -> Floats:
        """By which factor prices that rise so much a year have risen, by month; None: by inflation."""
        found: Floats = (1.0 + (self.inflation if yearly is None else yearly)) ** self.years
        return found


def moment(start: date, day: date) -> float:
    """A day as months from the first day of the month of a start."""
    whole_months = (day.year - start.year) * 12 + day.month - start.month
    length = (months_later(day, 1) - months_later(day, 0)).days
    return whole_months + (day.day - 1) / length


class Chance(NamedTuple):
    """What chance has made of each draw: indices, [draw] each."""

    replication: Ints  # of which lines that vary are
    search: Ints  # by which people were found: a row of `Response.by_chance`


class Flows(NamedTuple):
    """Cash by line [draw, month], what comes in first; and people by group [draw, group, month]."""

    lines: dict[str, Floats]
    freed: Floats  # full-time equivalents that the service no longer needs
    leavable: Floats  # whole people who have left by themselves, or whose contracts could end
    cashed: Floats  # whole people whose pay is saved
    hires: Floats  # whole people, so far, who need not be hired

    @property
    def net(self) -> Floats:
        total: Floats = np.sum(list(self.lines.values()), axis=0)
        return total


def saved_name(line: str) -> str:
    """What the saving of a cost line is called; no cost of the change has that name."""
    return f"saved: {line}"


def changed_name(line: str) -> str:
    """What the difference of a line that costs otherwise is called."""
    return f"changed: {line}"


def spent_name(each: Spent) -> str:
    """What a cost of the change is called."""
    return f"{'running' if each.on is None else 'once'}: {each.name}"


def in_force(model: CaseModel, delay: Floats) -> Floats:
    """How much of the change is in force in each month, on average over it: [draw, month]."""
    edges = np.arange(model.months + 1) - model.begins - delay[:, None]
    since = np.maximum(edges, 0.0)
    grown = since
    if model.ramp > 0:
        grown = np.where(since <= model.ramp, since**2 / (2.0 * model.ramp), since - model.ramp / 2.0)
    return np.diff(grown, axis=1)


def at_the_first(model: CaseModel, delay: Floats) -> Floats:
    """How much of the change is in force on the first of each month: [draw, month].

    People go with the first of a month: who is not needed from its middle on is paid all of it.
    """
    since = np.arange(model.months) - model.begins - delay[:, None]
    if model.ramp > 0:
        return np.clip(since / model.ramp, 0.0, 1.0)
    return (since >= -_WHOLE).astype(float)


def running(model: CaseModel, delay: Floats) -> Floats:
    """Which part of each month costs run: [draw, month]."""
    since = np.maximum(np.arange(model.months + 1) - model.begins - delay[:, None], 0.0)
    return np.diff(since, axis=1)


def flows(model: CaseModel, inputs: Mapping[str, Floats | float], chance: Chance | None = None) -> Flows:
    """The case for values of its inputs: numbers, or arrays [draw] of the same length.

    Without `chance` lines that vary are means, and people are those of the grid.
    """
    values = {
        name: np.atleast_1d(np.asarray(inputs.get(name, usual), float)) for name, usual in EXPECTED.items()
    }
    draws = max(1 if chance is None else len(chance.search), *(len(each) for each in values.values()))
    values = {name: np.broadcast_to(each, (draws,)) for name, each in values.items()}
    force, first = (rule(model, values["delay_months"]) for rule in (in_force, at_the_first))
    freed = np.minimum(*(_freed(model, values, each, chance) for each in (first, force)))
    leavable = _leavable(model, values)
    cashed = np.zeros_like(freed) if model.holds == "heads" else _cashed(freed, leavable)
    hires = np.zeros_like(freed) if model.holds == "heads" else _hires(model, freed, leavable)
    replication = None if chance is None else chance.replication
    return Flows(dict(_lines(model, values, force, cashed, replication)), freed, leavable, cashed, hires)


def _freed(model: CaseModel, values: Mapping[str, Floats], force: Floats, chance: Chance | None) -> Floats:
    """As `freed_people`, by the search for people of each draw.

    Of what is in force on the first of a month and on average over it, the fewer count: nobody is gone before
    he is not needed, and who is missed comes at once.
    """
    freed = freed_people(model, values, force)
    return freed if chance is None else freed + _by_chance(model, values, force, chance.search)


def freed_people(model: CaseModel, values: Mapping[str, Floats], force: Floats) -> Floats:
    """Full-time equivalents by [draw, group, month] that the service held fixed needs less than without."""
    volume, handle_time = values["volume"][:, None], values["handle_time"][:, None]
    effect = values["effect"][:, None] * force
    without = values_at(model.response, np.zeros_like(volume), volume, handle_time)  # the same in all months
    hours = without - values_at(model.response, effect, volume, handle_time)  # [group, draw, month]
    return np.moveaxis(hours / model.yearly_h[:, None, None], 0, 1)


def _by_chance(model: CaseModel, values: Mapping[str, Floats], force: Floats, search: Ints) -> Floats:
    """Full-time equivalents by [draw, group, month] that other searches free beyond the grid.

    They searched for the whole effect: it is taken in proportion to how much of it is in force.
    """
    people = model.by_chance[search][:, :, None]
    found: Floats = people * (values["effect"][:, None] * force)[:, None, :]
    return found


def by_search(model: CaseModel, inputs: Mapping[str, float]) -> Floats:
    """Full-time equivalents that the change frees in full, as each search has it [search, group]."""
    found: Floats = full_effect(model, inputs) + inputs.get("effect", 1.0) * model.by_chance
    return found


def full_effect(model: CaseModel, inputs: Mapping[str, float]) -> Floats:
    """Full-time equivalents by group that the change frees once all that is expected of it is in force."""
    values = {name: np.array([inputs.get(name, 1.0)]) for name in INPUTS}
    freed: Floats = freed_people(model, values, np.ones((1, 1)))[0, :, 0]
    return freed


def whole(people: Floats) -> Floats:
    """Whole people who are not needed; who is missed (below 0) is paid by the hour, parts of one too."""
    return np.where(people > 0.0, np.floor(people + _WHOLE), people)


def _leavable(model: CaseModel, values: Mapping[str, Floats]) -> Floats:
    """Whole people by [draw, group, month] who can be gone: those who left, and those whose contracts end.

    On the first of the month, since the change began.
    """
    since = np.arange(model.months) - model.begins - values["delay_months"][:, None]
    years = np.maximum(since, 0.0)[:, None, :] / 12.0
    a_year = np.array([each.employed * each.attrition for each in model.people])[None, :, None]
    left = a_year * values["attrition"][:, None, None] * years
    flex = np.array([each.flex for each in model.people], float)[None, :, None]
    return np.floor(left + _WHOLE) + np.where(since[:, None, :] >= -_WHOLE, flex, 0.0)


def _cashed(freed: Floats, leavable: Floats) -> Floats:
    """Whole people whose pay is saved; where more are needed than before, these are paid (below 0)."""
    return np.minimum(whole(freed), leavable)


def _hires(model: CaseModel, freed: Floats, leavable: Floats) -> Floats:
    """Whole people who need not be hired: in place of those who left, and those who were planned."""
    flex = np.array([each.flex for each in model.people], float)[None, :, None]
    planned = np.array([each.planned for each in model.people], float)[None, :, None]
    backfills = np.maximum(leavable - flex, 0.0)
    return np.clip(whole(freed), 0.0, backfills + planned)


def _lines(
    model: CaseModel, values: Mapping[str, Floats], force: Floats, cashed: Floats, replication: Ints | None
) -> Iterator[tuple[str, Floats]]:
    monthly = np.array([each.monthly for each in model.people])[None, :, None]
    pay = values["pay"][:, None]
    yield PEOPLE, (cashed * monthly).sum(axis=1) * pay * model.rises()
    yield HIRES, _not_hired(model, cashed, pay) * model.rises()
    for each in model.by_person:
        yield saved_name(each.name), _by_person(model, each, cashed)
    scale = (values["effect"] * values["volume"])[:, None] * force
    longer = values["handle_time"][:, None]
    for line in model.varying:
        if model.holds == "heads" or not line.is_service:
            saved = line.saved.mean(axis=0)[None, :] if replication is None else line.saved[replication]
            risen = model.rises(line.escalates) * _noticed(model, line, values["delay_months"])
            times = longer if line.unit == MINUTES else 1.0
            stays = _nobody_gone(model, line, cashed)
            yield saved_name(line.name), saved * line.price * scale * risen * times * stays
    run = running(model, values["delay_months"])
    for other in model.differing:
        each_month = other.heads if model.holds == "heads" else other.service
        less = each_month.mean(axis=0)[None, :] if replication is None else each_month[replication]
        yield changed_name(other.name), less * run * model.rises(other.escalates)
    for cost in model.spent:
        yield spent_name(cost), -_spent(model, cost, values, run)


def _nobody_gone(model: CaseModel, line: Varying, cashed: Floats) -> Floats:
    """Whether nobody is gone whose work would come to a line, by [draw, month]."""
    which = [n for n, each in enumerate(model.people) if each.name in line.falls_to]
    found: Floats = (cashed[:, which] <= 0.0).all(axis=1).astype(float)
    return found


def _noticed(model: CaseModel, line: Varying, delay: Floats) -> Floats:
    """Whether the warning that a contract asks for is over, by [draw, month]: from the month after it on."""
    over = model.begins + delay[:, None] + line.notice
    found: Floats = (np.arange(model.months) >= over).astype(float) if line.notice else np.ones((1, 1))
    return found


def _not_hired(model: CaseModel, cashed: Floats, pay: Floats) -> Floats:
    """What hiring is spared, by [draw, month]: for each who leaves by himself and is not replaced."""
    flex = np.array([each.flex for each in model.people], float)[None, :, None]
    hire, taught = (
        np.array([getattr(each, part) for each in model.people])[None, :, None] for part in ("hire", "taught")
    )
    unreplaced = np.where(cashed > 0, np.maximum(cashed - flex, 0.0), cashed)
    newly = np.diff(unreplaced, axis=2, prepend=0.0)
    spared: Floats = (newly * hire).sum(axis=1) + (newly * taught).sum(axis=1) * pay
    return spared


def _by_person(model: CaseModel, line: ByPerson, cashed: Floats) -> Floats:
    """What a line for each so many people falls by: whole steps."""
    which = [n for n, each in enumerate(model.people) if each.name in line.groups]
    employed = line.others + sum(model.people[n].employed for n in which)
    steps = np.ceil(np.round(employed / line.each, 9))
    left = np.ceil(np.round((employed - cashed[:, which].sum(axis=1)) / line.each, 9))
    fallen: Floats = (steps - left) * line.monthly * model.rises(line.escalates)
    return fallen


def _spent(model: CaseModel, each: Spent, values: Mapping[str, Floats], run: Floats) -> Floats:
    if each.on is None:
        return run * each.amount * values["running"][:, None] * model.rises()
    spent = np.zeros((len(run), model.months))
    month = math.floor(moment(model.start, each.on))
    if 0 <= month < model.months:
        spent[:, month] = each.amount * values["once"]
    return spent
