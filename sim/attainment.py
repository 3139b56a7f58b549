"""Attainment: in which share of (replication, period) pairs each target holds, and how sure that is.

A replication says of each target in how many periods it held, of how many that have a value. That is
folded in the order of replications, as a ratio of means clustered by replication.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES
from scenarios.case_targets import is_of_cases
from scenarios.definitions import QUANTILES
from scenarios.targets import AT_LEAST, Goal, Period, goal_text, goals_of
from sim.case_measure import CasePlan, times_of
from sim.clock import to_ticks
from sim.contacts import SIDE
from sim.fold import Fold
from sim.log import HANDLED, LEG
from sim.measure import Floats, Held, Ints, Numbers, Plan, Sums, all_names

if TYPE_CHECKING:
    import pandas as pd

FEW: Final = 5  # replications: with fewer that hold or miss, Student's t would be too sure
_TAIL: Final = 0.025
EQUAL: Final = 1e-12  # relative: a value that differs by less stands on the target, and holds
CONFIDENT: Final = 0.95


class Periods(NamedTuple):
    """Bins of the horizon [first, last), cut at `starts` (counted from `first`)."""

    first: int
    last: int
    starts: Ints
    labels: tuple[str, ...]  # the first day of each period


class Watch(NamedTuple):
    """A target and where its figures are: the row of `Sums.above`, or of the counted waits."""

    goal: Goal
    row: int
    how: str  # ratio, sum, max or waits
    periods: Periods
    of_cases: bool = False  # the figures are those of `Sums.cases`


class Attained(NamedTuple):
    """Of each target [goal]: share of pairs in which it holds, its standard error, interval and pairs."""

    share: Floats
    se: Floats
    low: Floats
    high: Floats
    pairs: Ints


def watches_of(plan: Plan) -> tuple[Watch, ...]:
    """What to watch for the targets of a scenario; raises ValueError for one that it cannot have.

    Where only contacts are measured (by formula), targets of cases are left out.
    """
    names, found = all_names(), list[Watch]()
    rows = {(names[m], *plan.scopes[s]): n for n, (m, s) in enumerate(zip(*plan.pairs, strict=True))}
    for goal in goals_of(plan.model.scenario):
        if is_of_cases(goal.measure):
            if plan.cases is not None:
                found.append(_watch_of_cases(plan, plan.cases, goal, found))
            continue
        periods = periods_of(plan, goal.period)
        if goal.measure in QUANTILES:
            row = sum(watch.how == "waits" and not watch.of_cases for watch in found)
            found.append(Watch(goal, row, "waits", periods))
            continue
        key = (goal.measure, goal.scope, goal.name)
        if key not in rows:
            raise ValueError(f"target '{goal_text(goal)}': this scenario has no such measure")
        found.append(Watch(goal, rows[key], how_added(plan, goal.measure), periods))
    return tuple(found)


def _watch_of_cases(plan: Plan, cases: CasePlan, goal: Goal, before: Sequence[Watch]) -> Watch:
    """What to watch for a target of cases or of work, by day."""
    periods = periods_of(plan, goal.period, cases.days)
    if goal.measure in CASE_QUANTILES:
        row = sum(watch.how == "waits" and watch.of_cases for watch in before)
        return Watch(goal, row, "waits", periods, True)
    row = cases.keys().index((goal.measure, goal.scope, goal.name))
    return Watch(goal, row, "ratio" if CASE_MEASURES[goal.measure].below else "sum", periods, True)


def how_added(plan: Plan, measure: str) -> str:
    """How the bins of a period make the measure of it: as a ratio, a sum or a maximum."""
    if measure == "max_queue":
        return "max"
    is_sum = measure == "people_cost" or bool(np.append(plan.plain, [False] * 3)[all_names().index(measure)])
    return "sum" if is_sum else "ratio"


def periods_of(plan: Plan, period: Period, labels: Sequence[str] | None = None) -> Periods:
    """Cut the horizon into calendar periods (local days; Monday to Sunday; months), whole ones only.

    `labels` are those of the bins, where these are not the rows of the plan.

    Pieces that the start of counting or the end of the horizon cut off are left out, unless there is no
    whole one.
    """
    labels = plan.bins[: plan.rows] if labels is None else labels
    dates = [date.fromisoformat(label[:10]) for label in labels]
    rows = len(labels)
    if period == "horizon" or not dates:
        return Periods(0, rows, np.zeros(min(rows, 1), np.int64), ("",) * min(rows, 1))
    begins = [_begin(day, period) for day in dates]
    starts = [n for n, begin in enumerate(begins) if n == 0 or begin != begins[n - 1]]
    ends = [*starts[1:], rows]
    almanac = plan.model.almanac
    whole_from = next(
        (
            day
            for day, midnight in zip(almanac.dates, almanac.midnights, strict=False)
            if midnight >= plan.model.scenario.run.warm_up_s
        ),
        almanac.dates[-1] + timedelta(days=1),
    )
    until = almanac.dates[-1] + timedelta(days=1)
    whole = [n for n in starts if begins[n] >= whole_from and _next(begins[n], period) <= until]
    kept = whole or starts
    last = ends[starts.index(kept[-1])]
    labels = tuple(begins[n].isoformat() for n in kept)
    return Periods(kept[0], last, np.array(kept, np.int64) - kept[0], labels)


def _begin(day: date, period: Period) -> date:
    """The first day of the period of a day."""
    if period == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if period == "week" else day


def _next(begin: date, period: Period) -> date:
    """The first day of the next period."""
    if period == "month":
        return (begin + timedelta(days=31)).replace(day=1)
    return begin + timedelta(days=7 if period == "week" else 1)


def new_waits(plan: Plan, watches: Sequence[Watch]) -> Ints:
    """Counts [watched wait, bin, (answered, of these in time)], to be filled by `count_waits`."""
    waits = sum(watch.how == "waits" and not watch.of_cases for watch in watches)
    return np.zeros((waits, plan.rows, 2), np.int64)


def count_waits(plan: Plan, watches: Sequence[Watch], counts: Ints, rows: NDArray[Any]) -> None:
    """Add contact rows: 90 % wait at most so long if 90 % of the answered have waited at most so long.

    Counted in the bins and for the scopes as `sim/tally.py` does; that needs no buckets, and is exact.
    """
    if not len(counts):
        return
    fields = answered_fields(rows)
    for watch in watches:
        if watch.how == "waits" and not watch.of_cases:
            where, wait = waits_of(plan, watch.goal.scope, watch.goal.name, fields)
            limit = to_ticks(watch.goal.value)
            counts[watch.row, :, 0] += np.bincount(where, minlength=plan.rows)
            counts[watch.row, :, 1] += np.bincount(where[wait <= limit], minlength=plan.rows)


def answered_fields(rows: NDArray[Any]) -> dict[str, Ints]:
    """What is to be known of the contacts that were answered, as columns: whole rows are slow to copy."""
    answered = (rows["row"] == LEG) & (rows["outcome"] == HANDLED)
    return {name: rows[name][answered] for name in _FIELDS}


def waits_of(plan: Plan, scope: str, name: str, fields: dict[str, Ints]) -> tuple[Ints, Ints]:
    """Of the answered of a scope that count: the bin in which the wait began, and the wait (ticks)."""
    sizes = plan.frame.sizes[0]
    since, started = _of_scope(plan, scope, name, fields)
    interval = since // sizes["interval"]
    inside = interval < sizes["intervals"]
    where = plan.frame.spots["bin"][interval[inside]]
    return where[where >= 0], (started - since)[inside][where >= 0]


def new_case_times(plan: Plan, watches: Sequence[Watch]) -> Ints:
    """Counts [watched time of cases, day, (cases, of these in time)], to be filled by `count_case_times`."""
    times = sum(watch.how == "waits" and watch.of_cases for watch in watches)
    return np.zeros((times, len(plan.cases.days) if plan.cases else 0, 2), np.int64)


def count_case_times(plan: Plan, watches: Sequence[Watch], counts: Ints, cases: NDArray[Any]) -> None:
    """Add rows of cases, as `count_waits` does: by the day of their birth."""
    if not len(counts) or plan.cases is None:
        return
    for watch in watches:
        if watch.how == "waits" and watch.of_cases:
            born, took = times_of(plan.cases, watch.goal[:3], cases)
            days = len(plan.cases.days)
            counts[watch.row, :, 0] += np.bincount(born, minlength=days)
            counts[watch.row, :, 1] += np.bincount(born[took <= to_ticks(watch.goal.value)], minlength=days)


_FIELDS: Final = ("queue", "group", "stream", "born", "queued", "started", "legs", "role")


def _of_scope(plan: Plan, scope: str, name: str, fields: dict[str, Ints]) -> tuple[Ints, Ints]:
    """When the wait of each answered contact of a scope began, and when it ended.

    Queues and groups answer legs; a stream, and all together, have contacts, who wait for their first one.
    """
    names = plan.model.names
    if scope in ("queue", "group"):
        mine = fields[scope] == list(names.queues if scope == "queue" else names.groups).index(name)
        return fields["queued"][mine], fields["started"][mine]
    mine = (fields["legs"] == 0) & (fields["role"] != SIDE)
    if scope == "stream":
        mine &= fields["stream"] == list(names.streams).index(name)
    return fields["born"][mine], fields["started"][mine]


def held(watches: Sequence[Watch], one: Sums, waits: Numbers) -> Held:
    """In how many periods of a replication each target held, of how many with a value, and the values."""
    counts, each = np.zeros((2, len(watches)), np.int64), []
    for n, watch in enumerate(watches):
        value, wanted = _value_and_bound(watch, one, waits)
        slack = EQUAL * abs(wanted)
        at_least = watch.goal.comparison == AT_LEAST or watch.how == "waits"
        holds = value >= wanted - slack if at_least else value <= wanted + slack
        counts[:, n] = holds.sum(), (~np.isnan(value)).sum()
        each.append(value)
    return Held(counts, tuple(each))


def _value_and_bound(watch: Watch, one: Sums, waits: Numbers) -> tuple[Floats, float]:
    """The measure by period, and what it is held against; of a quantile, the share that waited so long."""
    if watch.how == "waits":
        counts = one.cases.in_time if watch.of_cases and one.cases else waits
        answered, in_time = (_added(counts[watch.row, :, i], watch) for i in (0, 1))
        share = {**QUANTILES, **CASE_QUANTILES}[watch.goal.measure]
        return _quotient(in_time, answered), share
    return values(watch, one), watch.goal.value


def values(watch: Watch, one: Sums) -> Floats:
    """The measure of a target in each period of a replication; NaN where it has none."""
    part = one.cases if watch.of_cases and one.cases else one
    above = part.above[watch.row]
    if watch.how == "max":
        periods = watch.periods
        most: Floats = np.maximum.reduceat(above[periods.first : periods.last], periods.starts)
        return most
    total = _added(above, watch)
    return total if watch.how == "sum" else _quotient(total, _added(part.below[watch.row], watch))


def _quotient(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return found


def _added(bins: NDArray[Any], watch: Watch) -> NDArray[Any]:
    """Sums over the bins of each period."""
    periods = watch.periods
    total: NDArray[Any] = np.add.reduceat(bins[periods.first : periods.last], periods.starts)
    return total


def attained(found: Sequence[Held]) -> Attained:
    """Fold what the replications say, in their order; 95 % intervals."""
    counts = np.array([each.counts for each in found])
    fold = Fold.empty(counts.shape[2:])
    for one in counts.astype(float):
        fold = fold.add(*one)
    share, se = fold.ratio()
    intervals = [
        _interval(counts[:, :, n], np.array([each.values[n] for each in found]), share[n], se[n])
        for n in range(len(share))
    ]
    low, high = np.array(intervals).reshape(-1, 2).T
    return Attained(share, se, low, high, counts[:, 1].sum(axis=0))


def _interval(counts: Ints, measured: Floats, share: float, se: float) -> tuple[float, float]:
    """A 95 % interval for the share of pairs, from [replication, (held, pairs)] and the values.

    Student's t with the delta method's error, except where that would be too sure. Are all replications
    alike, then up to 1 - 0.025^(1/m) of the pairs may do otherwise without having been seen (Clopper and
    Pearson 1934, Biometrika 26, at no failures); if fewer than `FEW` of them hold or miss anything, the
    interval is theirs for `share * m` of m. Here m is the effective number of pairs (Korn and Graubard
    1998, Survey Methodology 24).
    """
    some = counts[:, 1] > 0
    counts, n = counts[some], int(some.sum())
    if n < 2:
        return np.nan, np.nan
    alike = bool((counts[:, 0] * counts[0, 1] == counts[0, 0] * counts[:, 1]).all())
    few = min((counts[:, 0] > 0).sum(), (counts[:, 0] < counts[:, 1]).sum()) < FEW
    if alike or few:
        pairs = effective_pairs(measured[some], int(counts[:, 1].sum()))
        unseen = 1.0 - _TAIL ** (1.0 / pairs)
        sure = share * (1.0 - unseen)
        return (sure, sure + unseen) if alike else clopper_pearson(share * pairs, pairs)
    from sim.experiment import student

    half = student(n) * se
    return max(share - half, 0.0), min(share + half, 1.0)


def effective_pairs(measured: Floats, pairs: int) -> float:
    """How many independent pairs are as good as those of [replication, period]; at least the replications.

    Misses too few to tell whether they come together are judged by the measure itself: the design
    effect (Kish 1965, "Survey Sampling", section 8.2) of its mean over a replication, at the 95 % bound
    of that variance (chi-square). Yes and no correlate less than the figures behind them.
    """
    n = len(measured)
    full = measured[:, ~np.isnan(measured).any(axis=0)]
    full = full - full[:1]  # what never changes is then 0 exactly, and so is its variance
    within = full.var(axis=0, ddof=1).mean() if full.size else np.nan
    if np.isnan(within):
        return float(n)
    if within == 0.0:
        return float(pairs)
    effect = full.shape[1] * full.mean(axis=1).var(ddof=1) / within
    bound = (n - 1) / (2.0 * special.gammaincinv((n - 1) / 2.0, 1.0 - CONFIDENT))
    return float(np.clip(pairs / max(effect * bound, 1.0), n, max(pairs, n)))


def clopper_pearson(successes: float, n: float) -> tuple[float, float]:
    """Exact 95 % interval of a share (Clopper and Pearson 1934); `successes` need not be whole."""
    failures = n - successes
    low = special.betaincinv(successes, failures + 1.0, _TAIL) if successes > 0 else 0.0
    high = special.betaincinv(successes + 1.0, failures, 1.0 - _TAIL) if failures > 0 else 1.0
    return float(low), float(high)


def attainment_frame(
    watches: Sequence[Watch], found: Sequence[Held], measures: "pd.DataFrame"
) -> "pd.DataFrame":
    """One row a target: what it asks, the share of pairs in which it holds, its measure over the horizon."""
    import pandas as pd

    result = attained(found)
    goals = [watch.goal for watch in watches]
    known = measures[measures["measure"].isin({goal.measure for goal in goals})]
    whole = {
        tuple(key): figure
        for *key, figure in zip(
            *(known[c].tolist() for c in ("measure", "scope", "name")),
            known[["mean", "low", "high"]].to_numpy(float),
            strict=True,
        )
    }
    none = np.full(3, np.nan)
    horizon = np.array([whole.get(goal[:3], none) for goal in goals]).reshape(-1, 3)
    columns = {name: [getattr(goal, name) for goal in goals] for name in Goal._fields}
    texts = {name: pd.Series(columns[name], dtype=object) for name in _TEXTS}
    return pd.DataFrame(
        {
            "target": pd.Series([goal_text(goal) for goal in goals], dtype=object),
            **{name: texts[name] for name in ("measure", "scope", "name", "period", "comparison")},
            "value": np.array(columns["value"], float),
            "unit": texts["unit"],
            "probability": np.array(columns["probability"], float),
            "attained": result.share,
            "se": result.se,
            "low": result.low,
            "high": result.high,
            "pairs": result.pairs,
            "mean": horizon[:, 0],
            "mean_low": horizon[:, 1],
            "mean_high": horizon[:, 2],
        }
    )


_TEXTS: Final = ("measure", "scope", "name", "comparison", "unit", "period")
