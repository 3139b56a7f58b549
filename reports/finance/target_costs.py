"""What the people cost with whom targets hold: their pay, with what an employer pays on top."""

from decimal import Decimal
from typing import TYPE_CHECKING

from reports.finance.lines import rate_of
from reports.finance.money import exact, to_cents
from scenarios.costs import employment_of
from scenarios.model import Scenario

if TYPE_CHECKING:
    from sim.headcount.reached import Reached


def pay_of(each: "Reached", scenario: Scenario, years: float) -> Decimal:
    """More (below 0: less) for people a year, in prices of the price year; `years` were searched."""
    costs = scenario.costs
    if costs is None:
        raise ValueError(f"{scenario.name}: nothing says what anything costs")
    total = Decimal(0)
    for name, hours in each.paid.items():
        group = scenario.groups.get(name)
        if group is not None and group.pay is not None:
            terms = employment_of(costs, name)
            loaded = exact(group.pay.amount_per_hour) * exact(
                1.0 + (terms.on_costs or 0.0) + terms.overtime_premium
            )
            total += exact(hours) * loaded * rate_of(costs, group.pay.currency)
    return to_cents(total / exact(years), costs.currency)
