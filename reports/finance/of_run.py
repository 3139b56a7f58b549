"""The costs of a run, for its page: the same lines, priced from its samples.

A run counts over its horizon, not by month: quantities are spread evenly over its days. So totals are those
of `careloop finance` but for what depends on single months (a vendor's minimum and penalty), which is told.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reports.blocks import Block
from reports.finance.cost_blocks import part_block, whole_blocks
from reports.finance.months import is_year, months_of
from reports.finance.quantities import Quantities, is_wanted
from reports.finance.results import priced_of
from sim.pairing import samples_of

if TYPE_CHECKING:
    from sim.experiment import Result

LABEL = "this run"


class Costs(NamedTuple):
    """The section of the page: tables, and what is to be said of them."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def costs_of_run(result: "Result") -> Costs | None:
    """What a run costs; None where its scenario says nothing of costs, or nothing was simulated."""
    costs = result.scenario.costs
    if costs is None or result.samples.empty:
        return None
    side = priced_of(LABEL, spread(result), costs)
    dimensions = [each for each in side.parts if each != "stream"]
    blocks = (*whole_blocks(side), *(part_block(side, each) for each in dimensions))
    return Costs(tuple(block for block in blocks if block.rows), tuple(_notes(result, side.bill.missing)))


def _notes(result: "Result", missing: tuple[str, ...]) -> list[str]:
    costs = result.scenario.costs
    found = [f"Not in these costs: {'; '.join(missing)}."] if missing else []
    if costs and any(each.minimum or each.penalty for each in costs.vendors.values()):
        found.append(
            "Contacts of vendors are spread evenly over the months here; their bills by month, with minimum "
            "and penalty, are told by careloop finance."
        )
    if not is_year(result.scenario.calendar):
        days = result.scenario.calendar.days
        found.append(f"These are costs of {days} days. For a year with its seasons: careloop finance.")
    return found


def spread(result: "Result") -> Quantities:
    """The sums of a run by month, spread evenly over its days."""
    samples = samples_of(result.samples)
    wanted = [n for n, key in enumerate(samples.keys) if is_wanted(key)]
    months = months_of(result.scenario.calendar)
    parts = np.array([month.days for month in months]) / result.scenario.calendar.days
    above, below = (part[:, wanted, None] * parts for part in (samples.above, samples.below))
    return Quantities(result.scenario, months, tuple(samples.keys[n] for n in wanted), above, below)
