"""People as finance counts them: full-time equivalents, seats, and those who come and go."""

import numpy as np

from reports.finance.quantities import Quantities
from scenarios.costs import Employment
from scenarios.model import Scenario
from scenarios.related import heads_of
from scenarios.week import KINDS_OF_DAY, steps_on
from sim.measure import Floats

WEEKS_A_YEAR = 365.0 / 7.0
_DAYS_A_WEEK = 7.0


def hours_of_pay(found: Quantities, group: str) -> Floats:
    """Hours that are paid at the group's pay, by [replication, month]; standing by as far as it is paid.

    As the measure `people_cost` has it, which there is only where every group is paid, in one currency.
    """
    paid, own = found.sums("paid_hours", "group", group), found.scenario.groups[group]
    if (
        own.pay is None
        or own.on_call is None
        or own.on_call.standby_pay is None
        or not own.pay.amount_per_hour
    ):
        return paid
    less = 1.0 - own.on_call.standby_pay.amount_per_hour / own.pay.amount_per_hour
    waiting: Floats = found.sums("time_idle", "group", group) * own.shrinkage.gross_up
    return paid - waiting * less


def people_employed(found: Quantities, group: str, terms: Employment) -> float:
    """Full-time equivalents of a group: hours paid, of those that one is paid for, over the horizon.

    Standing by counts as far as it is paid, so that who is on call beside other work is not employed twice.
    """
    hours = float(hours_of_pay(found, group).sum(axis=1).mean())
    return hours / (terms.contract_h_per_week * found.scenario.calendar.days / _DAYS_A_WEEK)


def hires_by_month(found: Quantities, group: str, terms: Employment) -> Floats:
    """People hired to replace those who leave, by month: attrition in twelfths, none is kept open."""
    parts = np.array([float(month.part) for month in found.months])
    return people_employed(found, group, terms) * (terms.attrition or 0.0) / 12.0 * parts


def seats_of(scenario: Scenario, groups: tuple[str, ...]) -> float:
    """The most people of some groups who are planned to be at work at once."""
    most = 0.0
    for kind in range(KINDS_OF_DAY):
        steps = [step for name in groups for step in steps_on(heads_of(scenario.groups[name]), kind)]
        for at in {step.start_s for step in steps}:
            most = max(most, sum(step.value for step in steps if step.start_s <= at < step.end_s))
    return most
