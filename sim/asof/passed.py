"""The days passed, counted: what the tallies of a replication begin with that goes on from a day."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.asof.cases import Stood, stood
from sim.asof.counters import Midnights, midnights, nothing_seen
from sim.asof.rows import contact_rows
from sim.asof.seen import Ints, Seen
from sim.asof.standing import Standing, standing
from sim.asof.told import Export, export_of, untold
from sim.case_measure import CasePlan, Key, case_sums, new_case_tally
from sim.case_tally import CaseTally, tally_cases
from sim.checkpoints import Figures, Ruler, Times, Window
from sim.clock import to_ticks
from sim.contacts import CUSTOMER
from sim.incident_tally import tally_brought
from sim.log import ARRIVED, GATE
from sim.measure import Floats, Plan, Sums, new_tally, sums
from sim.tally import Tally, tally_contacts
from sim.work_tally import tally_work


class Passed(NamedTuple):
    """The days before a day, as an export tells of them."""

    plan: Plan
    day: int  # how many there are
    tick: int  # when the day begins
    export: Export
    found: Stood
    rows: np.ndarray  # CONTACT_ROW
    midnights: Midnights
    standing: Standing

    @property
    def bins(self) -> int:
        """How many of the bins (days that count) are passed."""
        dates = len(self.plan.model.almanac.dates)
        return max(self.day - (dates - self.plan.rows), 0)


def passed(plan: Plan, seen: Seen, day: int) -> Passed:
    """What an export tells of the days before day number `day`, counted from 0."""
    model = plan.model
    cased, tick = plan.cases is not None, to_ticks(model.almanac.midnights[day])
    found = stood(model, seen, tick, cased)
    rows = contact_rows(found.legs, found.contacts, cased)
    return Passed(
        plan,
        day,
        tick,
        export_of(model, seen),
        found,
        rows,
        midnights(model, found, day) if cased else nothing_seen(model, day),
        standing(model, found, tick),
    )


class Tallies(NamedTuple):
    """The accumulators of a replication, and the single times of which quantiles are asked."""

    contacts: Tally
    cases: CaseTally | None
    times: Times


def tallies(from_days: Passed, rulers: Sequence[Ruler], cases: np.ndarray) -> Tallies:
    """Accumulators that have counted the contacts of the days passed, and so many of their cases (CASE)."""
    plan = from_days.plan
    contacts, times = new_tally(plan), Times(plan, rulers)
    tally_contacts(plan.frame, contacts, from_days.rows)
    of_cases = new_case_tally(plan.cases) if plan.cases else None
    if plan.cases and of_cases:
        tally_work(plan.cases.frame, of_cases, from_days.rows[from_days.rows["row"] == GATE])
        count_over(plan.cases, of_cases, cases)
    times.take(from_days.rows, from_days.rows[:0], cases)
    return Tallies(contacts, of_cases, times)


def count_over(plan: CasePlan, tally: CaseTally, cases: np.ndarray) -> None:
    """Add cases (CASE) that are over, or counted as they stand."""
    tally_cases(plan.frame, tally, cases, np.zeros(len(cases), np.int64))
    if len(tally.incidents):
        tally_brought(plan.frame, tally.incidents, cases)


def copied(start: Tallies, rulers: Sequence[Ruler]) -> Tallies:
    """The same accumulators for one more replication."""
    times = Times(start.times.plan, rulers)
    for key, known in start.times.found.items():
        times.found[key].extend(known)
    cases = start.cases and CaseTally(*(each.copy() for each in start.cases))
    return Tallies(Tally(*(each.copy() for each in start.contacts)), cases, times)


def sums_of(plan: Plan, counted: Tallies) -> Sums:
    """What accumulators amount to; they are used up."""
    one = sums(plan, counted.contacts)
    if plan.cases and counted.cases:
        none = np.zeros((0, len(plan.cases.days), 2), np.int64)
        one = one._replace(cases=case_sums(plan.cases, counted.cases, none, 1.0))
    return one


def joined(known: Sums, simulated: Sums, bins: int) -> Sums:
    """The days passed of one, and the days to come of the other."""
    above, below = (_joined(*each, bins) for each in zip(known[:2], simulated[:2], strict=True))
    one = simulated._replace(above=above, below=below)
    if known.cases and simulated.cases:
        both = zip(known.cases[:2], simulated.cases[:2], strict=True)
        above, below = (_joined(*each, bins) for each in both)
        return one._replace(cases=simulated.cases._replace(above=above, below=below))
    return one


def _joined(known: Floats, simulated: Floats, bins: int) -> Floats:
    found = simulated.copy()
    found[:, :bins] = known[:, :bins]
    return found


def joined_times(known: Times, simulated: Times, rulers: Sequence[Ruler], bins: int) -> Times:
    """The same of single times."""
    times = Times(known.plan, rulers)
    for key in times.found:
        for each, early in ((known, True), (simulated, False)):
            days, ticks = each.of(key)
            mine = (days < bins) == early
            times.found[key].append((days[mine], ticks[mine]))
    return times


def without_untold(
    from_days: Passed, keys: Sequence[Key], windows: Sequence[Window], found: Figures
) -> Figures:
    """Figures without those of windows that reach into days of which an export does not tell the measure."""
    early = np.array([window.first <= from_days.day for window in windows], bool)
    silent = np.array([bool(untold(from_days.export, key)) for key in keys], bool)
    lost = silent[:, None] & early[None, :]
    return Figures(np.where(lost, 0.0, found.above), np.where(lost, 0.0, found.below))


def first_contacts(plan: Plan, rows: np.ndarray, tick: int) -> Ints:
    """How many new contacts each stream has had by a tick: [stream], of rows of the log."""
    new = (rows["row"] == ARRIVED) & (rows["leg"] == 0) & (rows["attempt"] == 0) & (rows["role"] == CUSTOMER)
    new &= (rows["backlog"] == 0) & (rows["born"] < tick)
    return np.bincount(rows["stream"][new], minlength=len(plan.model.names.streams))
