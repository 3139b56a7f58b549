"""Root causes: what each brings and costs without the plan, what could be done about it, and its clocks."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.life_assumptions import mix_text
from reports.plan_brief import Brief
from reports.plan_listings import Cell, Listing
from reports.plan_money import currency_of_money, has_refunds, price_of_hour
from reports.plan_register import Clock, clocks
from reports.plan_words import day_text, hours_text, spoken
from reports.wording import MISSING, money_text, number_text, plain, share_text
from scenarios.model import Scenario
from scenarios.units import duration_text
from sim.checkpoints import WEEK, Window
from sim.loop.agreed import owner_of

_HEADS: Final = ("Root cause", "Contacts a week", "Cost of a contact", "What could be done about it")
_CLOCKS: Final = ("Noticed after", "To a change in force", "To one validated")
_HOUR_S: Final = 3600.0
MEANS: Final = (
    "Without the plan, by the true cause, which the team knows by tags alone. Cost of a contact = its "
    "agents' time, at the mean pay of groups that are not on call, absence paid too, if anybody is paid; it "
    "has no part of the time in which agents wait for contacts, which the measure cost per contact has. "
    "Refund = what is paid back for its case, by contact. What could be done = remedies of the loop with "
    "their owner, hours and lead time, and levers about the cause."
)
CLOCKS: Final = (
    "Clocks = medians over the courses in which it happened, and in how many of them it did: noticed "
    "counted from the day on which the cause begins, the others from there."
)


class Brings(NamedTuple):
    """What a root cause comes to without the plan: means over replications; NaN of what it has not."""

    contacts: float  # a week
    avoidable: float  # share of these
    hours: float  # of agents, a contact
    cases: float  # a contact


def root_causes(brief: Brief) -> Listing:
    """A row a cause, what costs most first; the clocks are there where a loop has noticed any."""
    scenario = brief.found.scenario
    timed = {each.cause: each for each in clocks(brief)}
    found = [(name, brings(brief, name)) for name in scenario.causes]
    known = [(name, each) for name, each in found if each is not None]
    known.sort(key=lambda one: -_weight(scenario, *one))
    rows = (
        (*_row(scenario, name, each), *(_clock(timed.get(spoken(name))) if timed else ()))
        for name, each in known
    )
    return Listing((*_HEADS, *(_CLOCKS if timed else ())), tuple(rows))


def brings(brief: Brief, cause: str) -> Brings | None:
    """Of the baseline over all days; None where that was not followed."""
    import numpy as np

    found = brief.found.as_of.then if brief.found.as_of else brief.found
    days = found.scenario.calendar.days
    keys = [(measure, "root_cause", cause) for measure in ("case_contacts", "cases", "avoidable_volume")]
    time = ("agent_time_per_case", "root_cause", cause)
    side, whole = found.baseline, Window(1, days)
    if whole not in side.windows or not {*keys, time} <= set(side.keys):
        return None
    contacts, cases, avoidable = (side.values(key, whole) for key in keys)
    all_contacts = float(contacts.sum())
    if not all_contacts > 0.0:
        return Brings(0.0, math.nan, math.nan, math.nan)
    hours = float(np.nansum(side.values(time, whole) * cases)) / _HOUR_S
    return Brings(
        float(contacts.mean()) * WEEK / days,
        float(avoidable.sum()) / all_contacts,
        hours / all_contacts,
        float(cases.sum()) / all_contacts,
    )


def _weight(scenario: Scenario, name: str, each: Brings) -> float:
    """What it costs a week; without prices how many contacts it brings."""
    price = price_of_hour(scenario)
    if not each.contacts or price is None:
        return each.contacts
    return each.contacts * (each.hours * price + each.cases * scenario.causes[name].refund)


def _row(scenario: Scenario, name: str, each: Brings) -> Iterator[Cell]:
    cause = scenario.causes[name]
    owner = f"owner {spoken(cause.owner)}" if cause.owner else "no owner"
    severity = f"; {mix_text(cause.severities)}" if cause.severities else ""
    yield Cell(spoken(name), f"{owner}{severity}")
    share = MISSING if math.isnan(each.avoidable) else f"{share_text(round(each.avoidable, 2))} avoidable"
    yield Cell(number_text(each.contacts, 0 if each.contacts >= 10 else 1), share)
    yield _cost(scenario, name, each)
    options = [*_remedies(scenario, name), *_levers(scenario, name)]
    yield Cell("; ".join(options) or "nothing yet")


def _cost(scenario: Scenario, name: str, each: Brings) -> Cell:
    """Money where an hour has a price, else the time; the refund below it."""
    if math.isnan(each.hours):
        return Cell(MISSING)
    price, unit = price_of_hour(scenario), currency_of_money(scenario)
    time = f"{plain(round(each.hours * 60.0, 1))} min"
    cost = time if price is None else money_text(each.hours * price, unit)
    refund = scenario.causes[name].refund if has_refunds(scenario) else 0.0
    return Cell(cost, f"refund {money_text(each.cases * refund, unit)}" if refund else "no refund")


def _remedies(scenario: Scenario, cause: str) -> Iterator[str]:
    """What the loop may choose."""
    for name, remedy in scenario.remedies.items():
        if remedy.cause == cause:
            owner = spoken(owner_of(remedy, scenario) or "nobody")
            lead = f", {duration_text(remedy.lead_s)} lead" if remedy.lead_s else ""
            yield f"{spoken(name)} ({owner}, {hours_text(remedy.effort_h)}{lead})"


def _levers(scenario: Scenario, cause: str) -> Iterator[str]:
    """What the roadmap does about it."""
    for name, lever in (scenario.roadmap.levers if scenario.roadmap else {}).items():
        if any(move.parameter.startswith(f"causes.{cause}.") for move in lever.moves):
            when = f"lever of {day_text(lever.due, True)}" if lever.due else "lever without a date"
            yield f"{spoken(name)} ({spoken(lever.owner or 'nobody')}, {when})"


def _clock(found: Clock | None) -> tuple[Cell, ...]:
    if found is None:
        return (Cell("never"), Cell(MISSING), Cell(MISSING))
    return (Cell(found.detection), Cell(found.correction), Cell(found.prevention))
