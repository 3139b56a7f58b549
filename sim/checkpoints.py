"""Checkpoints: what a measure comes to over the days that end with a day of the horizon.

Days are counted from 1, the first day of the horizon. What a day counts is what its rows in the tables
count: a contact belongs to the day on which it came, a case to the day on which it began (however late it
is solved), time to the day of the clock. Days, or parts of days, that the warm-up cuts off do not count.

A window is put together from its days: numerators and denominators are added up, of the longest line the
largest is taken. Quantiles are those of all the times that began in it, exact: 90 % wait at most so long if
90 % of the answered have waited at most so long. Two measures of cases need the whole window: the people
cost of a contact is that of its own days, and the top causes are those with most contacts in it.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.by_day import not_by_day
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, TOP_CAUSES
from scenarios.case_targets import is_of_cases
from scenarios.definitions import QUANTILES
from sim.attainment import EQUAL, answered_fields, how_added, waits_of
from sim.case_measure import CasePlan, Key, times_of
from sim.clock import to_ticks
from sim.measure import Floats, Ints, Plan, Sums, all_names

WEEK: Final = 7  # days
_SECOND: Final = to_ticks(1)


class Window(NamedTuple):
    """Days of the horizon, counted from 1, the last one included."""

    first: int
    last: int


class Ruler(NamedTuple):
    """A measure of a scope, and where its figures are in the sums of a replication."""

    key: Key
    how: str  # ratio, sum, max, cost, top, zero; or waits, times: from single waits and times of cases
    row: int  # of `Sums.above`, or of `CaseSums.above`; of waits and times without a meaning
    others: tuple[int, ...] = ()  # cost: rows of the cost of all contacts and of people; top: of causes
    of_cases: bool = False


class Figures(NamedTuple):
    """What measures come to in one replication, or in each of several: [..., measure, window].

    Where there is no value, both are 0.
    """

    above: Floats
    below: Floats

    def values(self) -> Floats:
        """The quotients; NaN where there is no value."""
        none = np.full(self.above.shape, np.nan)
        found: Floats = np.divide(self.above, self.below, out=none, where=self.below != 0)
        return found


def window_of(day: int, window_days: int) -> Window:
    """The days that end with a day, fewer at the start."""
    return Window(max(1, day - window_days + 1), day)


def weeks_of(days: int) -> tuple[Window, ...]:
    """Weeks of seven days from the first day of a horizon on; what is left over at its end is dropped."""
    return tuple(Window(last - WEEK + 1, last) for last in range(WEEK, days + 1, WEEK))


def rulers_of(plan: Plan, keys: Sequence[Key]) -> tuple[Ruler, ...]:
    """Where the figures of measures are; raises ValueError for one that has none by day."""
    return tuple(_ruler(plan, key) for key in keys)


def _ruler(plan: Plan, key: Key) -> Ruler:
    measure = key[0]
    if problem := not_by_day(measure):
        raise ValueError(problem)
    if measure in QUANTILES:
        return Ruler(key, "waits", -1)
    if is_of_cases(measure) and plan.cases is not None:
        return _ruler_of_cases(plan, plan.cases, key)
    row = _pairs(plan).get(key, -1)
    if row < 0:
        raise ValueError(f"{' '.join(key)}: this scenario has no such measure")
    return Ruler(key, how_added(plan, measure), row)


def _pairs(plan: Plan) -> dict[Key, int]:
    """The rows of `Sums.above` by measure, scope and name."""
    names = all_names()
    return {(names[m], *plan.scopes[s]): n for n, (m, s) in enumerate(zip(*plan.pairs, strict=True))}


def _ruler_of_cases(plan: Plan, cases: CasePlan, key: Key) -> Ruler:
    measure = key[0]
    rows = {each: n for n, each in enumerate(cases.keys())}
    if measure == "prevented" and key not in rows and ("cases", *key[1:]) in rows:
        return Ruler(key, "zero", -1, (), True)  # where nothing changes on the way, all contacts come
    if key not in rows:
        raise ValueError(f"{' '.join(key)}: this scenario has no such measure")
    if measure in CASE_QUANTILES:
        return Ruler(key, "times", -1, (), True)
    if measure == "cost_per_contact":
        whole = rows[measure, "all", "all"], _pairs(plan)["people_cost", "all", "all"]
        return Ruler(key, "cost", rows[key], whole, True)
    if measure == "top_causes_share":
        contacts = (n for each, n in rows.items() if each[:2] == ("case_contacts", "root_cause"))
        return Ruler(key, "top", rows[key], tuple(contacts), True)
    return Ruler(key, "ratio" if CASE_MEASURES[measure].below else "sum", rows[key], (), True)


class Times:
    """Waits, and times of cases, of which quantiles are asked: taken from the rows of a replication."""

    def __init__(self, plan: Plan, rulers: Sequence[Ruler]) -> None:
        self.plan = plan
        self.wanted = [each for each in rulers if each.how in ("waits", "times")]
        self.found: dict[Key, list[tuple[Ints, Ints]]] = {each.key: [] for each in self.wanted}

    def take(self, contacts: NDArray[Any], _: NDArray[Any], cases: NDArray[Any]) -> None:
        """Note what was logged: of each time the day, counted from the first that counts, and the ticks."""
        waits = answered_fields(contacts) if any(each.how == "waits" for each in self.wanted) else {}
        for ruler in self.wanted:
            if ruler.how == "waits":
                self.found[ruler.key].append(waits_of(self.plan, *ruler.key[1:], waits))
            elif self.plan.cases is not None:
                self.found[ruler.key].append(times_of(self.plan.cases, ruler.key, cases))

    def of(self, key: Key) -> tuple[Ints, Ints]:
        """All days and times of a measure."""
        days, times = zip(*self.found[key], strict=True)
        return np.concatenate(days), np.concatenate(times)


def figures(
    plan: Plan, rulers: Sequence[Ruler], windows: Sequence[Window], one: Sums, times: Times
) -> Figures:
    """What measures come to in a replication [measure, window]; the bins of the plan are days."""
    found = np.zeros((2, len(rulers), len(windows)))
    spans = [_bins(plan, window) for window in windows]
    for n, ruler in enumerate(rulers):
        days = times.of(ruler.key) if ruler.how in ("waits", "times") else None
        for w, span in enumerate(spans):
            if span.start < span.stop:
                found[:, n, w] = _quantile(ruler, *days, span) if days else _measured(ruler, one, span)
    found[:, found[1] == 0] = 0.0
    return Figures(*found)


def _bins(plan: Plan, window: Window) -> slice:
    """The bins of a window; none where it lies before what counts, or reaches beyond the horizon."""
    dates = len(plan.model.almanac.dates)
    before = dates - plan.rows  # days that do not count
    if window.last > dates:
        return slice(0, 0)
    return slice(max(window.first - 1 - before, 0), max(window.last - before, 0))


def _measured(ruler: Ruler, one: Sums, span: slice) -> tuple[float, float]:
    """Numerator and denominator over a window."""
    if ruler.how == "zero":
        return 0.0, 1.0
    part = one.cases if ruler.of_cases and one.cases else one
    above = part.above[ruler.row, span]
    if ruler.how == "max":
        return float(above.max()), 1.0
    if ruler.how == "sum":
        return float(above.sum()), 1.0
    below = float(part.below[ruler.row, span].sum())
    if ruler.how == "cost":
        everybody, people = part.above[ruler.others[0], span].sum(), one.above[ruler.others[1], span].sum()
        return float(above.sum() / everybody * people) if everybody else 0.0, below
    if ruler.how == "top":
        most = np.sort(part.above[list(ruler.others), span].sum(axis=1))[-TOP_CAUSES:]
        return float(most.sum()), below
    return float(above.sum()), below


def _quantile(ruler: Ruler, days: Ints, times: Ints, span: slice) -> tuple[float, float]:
    """A quantile (s) of the times of a window, over 1; over 0 where there are none."""
    mine = np.sort(times[(days >= span.start) & (days < span.stop)])
    if not len(mine):
        return 0.0, 0.0
    share = {**QUANTILES, **CASE_QUANTILES}[ruler.key[0]]
    enough = math.ceil(share * len(mine) * (1.0 - EQUAL))
    return float(mine[enough - 1]) / _SECOND, 1.0
