"""From tallies to measures: what is counted where, and what a replication amounts to.

The formulas themselves are data in `scenarios/definitions.py`; here they become two matrices over
the count columns, so that every measure of every scope and bin is one product.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.definitions import MEASURES, QUANTILES, SERVICE_LEVELS
from scenarios.model import Scenario
from scenarios.shifts import paid_break_steps
from sim import tally as tallies
from sim.almanac import means
from sim.bins import Bins, bins_of
from sim.clock import NEVER, to_ticks
from sim.compile import Model
from sim.tally import COLUMNS, FRAME, LIMITS, Frame, Tally

if TYPE_CHECKING:
    from sim.case_measure import CasePlan, CaseSums

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Numbers = Ints | Floats

_SECOND: Final = to_ticks(1)


class Scope(NamedTuple):
    """A row of the tally."""

    scope: str  # all, queue, group or stream
    name: str


class Plan(NamedTuple):
    """What to measure of a model, and where: shared by all replications."""

    model: Model
    frame: Frame
    scopes: tuple[Scope, ...]
    bins: tuple[str, ...]  # labels; the last bin, after the horizon, has none
    rows: int  # bins that make up the horizon (the same by day, or a profile of the week, may follow)
    days_from: int  # the first of the bins that are days beside intervals; len(bins) without any
    lengths: Ints  # ticks of each bin that count
    days: Ints  # of each bin of the horizon, the day that it belongs to
    above: Floats  # [measure, column]
    below: Floats  # [measure, column]
    horizon: NDArray[np.bool_]  # measures that are divided by the length of the bin
    plain: NDArray[np.bool_]  # measures that are divided by nothing
    pairs: tuple[Ints, Ints]  # measures and scopes that have them
    breaks: Floats  # [group, bin]: hours of breaks that are paid, the last after the horizon
    cases: "CasePlan | None" = None  # what is measured of cases beside contacts


class Held(NamedTuple):
    """What a replication says of the targets (`sim/attainment.py`)."""

    counts: Ints  # [2, target]: periods in which it held, of so many with a value
    values: tuple[Floats, ...]  # of each target [period]: its measure, NaN where it has none


NO_TARGETS: Final = Held(np.zeros((2, 0), np.int64), ())


class Sums(NamedTuple):
    """One replication: numerators and denominators of all measures, and its counts."""

    above: Floats  # [pair, bin + 1] (see `Plan.pairs`); the last is the horizon
    below: Floats
    counts: Numbers  # [scope, column] over the horizon
    after: Numbers  # ... after it
    waits: Ints  # [scope, bucket]
    bin_waits: Ints  # [queue, bin, bucket]
    held: Held = NO_TARGETS
    cases: "CaseSums | None" = None


def scopes_of(model: Model) -> tuple[Scope, ...]:
    """The rows of a tally."""
    names = model.names
    return (
        Scope("all", "all"),
        *(Scope("queue", n) for n in names.queues),
        *(Scope("group", n) for n in names.groups),
        *(Scope("stream", n) for n in names.streams),
    )


def _limits(scenario: Scenario, queue: str) -> tuple[int, int]:
    q = scenario.queues[queue]
    within = to_ticks(q.target.within_s) if q.target else NEVER
    return within, to_ticks(q.short_abandon_s)


def service_level_of(scenario: Scenario, scope: Scope) -> str | None:
    """The definition in force for a scope, or None where no target says which."""
    if scope.scope == "queue":
        queue = scenario.queues[scope.name]
        return queue.service_level if queue.target else None
    if scope.scope == "stream":
        return service_level_of(scenario, Scope("queue", scenario.streams[scope.name].queue))
    if scope.scope == "all":
        found = {service_level_of(scenario, Scope("queue", s.queue)) for s in scenario.streams.values()}
        return found.pop() if len(found) == 1 else None
    return None


def _lengths(spots: np.ndarray, bins: int, interval: int) -> Ints:
    """Ticks that each bin covers."""
    lengths = np.zeros(bins + 1, np.int64)
    for field in ("bin", "profile"):
        counted = spots[field][spots[field] >= 0]
        lengths += interval * np.bincount(counted, minlength=bins + 1)
    return lengths


def plan_measures(model: Model, bins: Bins | None = None) -> Plan:
    """Decide what is measured, and where it is counted: in the usual bins, or in others."""
    scenario, almanac = model.scenario, model.almanac
    spots, labels, rows, days_from, days = bins or bins_of(model)
    sizes = np.zeros(1, FRAME)
    sizes[0] = (
        almanac.interval_s * _SECOND,
        almanac.intervals,
        to_ticks(scenario.run.warm_up_s),
        len(model.names.queues),
        len(model.names.groups),
        len(labels),
    )
    limits = {q: _limits(scenario, q) for q in model.names.queues}
    frame = Frame(
        sizes,
        spots,
        np.array([limits[q] for q in model.names.queues], LIMITS),
        np.array([limits[scenario.streams[s].queue] for s in model.names.streams], LIMITS),
    )
    scopes = scopes_of(model)
    lengths = _lengths(spots, len(labels), almanac.interval_s * _SECOND)
    measure, scope = np.nonzero(_applies(scenario, scopes))
    above, below, horizon, plain = _matrices()
    return Plan(
        model,
        frame,
        scopes,
        tuple(labels),
        rows,
        days_from,
        lengths,
        days,
        above,
        below,
        horizon,
        plain,
        (measure, scope),
        _paid_breaks(model, spots, len(labels)),
    )


def _paid_breaks(model: Model, spots: np.ndarray, bins: int) -> Floats:
    """Hours of paid breaks of each group and bin, as planned: nobody is on duty then."""
    hours = np.zeros((len(model.names.groups), bins + 1))
    for g, name in enumerate(model.names.groups):
        steps = paid_break_steps(model.scenario.groups[name].shifts or ())
        if steps:
            by_interval = means(model.almanac, tuple(steps)) * (model.almanac.interval_s / 3600.0)
            for field in ("bin", "profile"):
                counted = spots[field] >= 0
                hours[g] += np.bincount(spots[field][counted], by_interval[counted], bins + 1)
    return hours


def _matrices() -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """The formulas of `MEASURES` over the columns."""
    index = {name: i for i, name in enumerate(COLUMNS)}
    above, below = np.zeros((2, len(MEASURES), len(COLUMNS)))
    for m, measure in enumerate(MEASURES.values()):
        for column, factor in measure.above.items():
            above[m, index[column]] = factor * measure.scale
        for column, factor in (measure.below or {}).items():
            if column != "horizon":
                below[m, index[column]] = factor
    parts = MEASURES.values()
    horizon = np.array([m.below == {"horizon": 1} for m in parts])
    plain = np.array([m.below is None for m in parts])
    return above, below, horizon, plain


def new_tally(plan: Plan) -> Tally:
    """Empty accumulators for one replication."""
    scopes, bins, queues = len(plan.scopes), len(plan.bins) + 1, len(plan.model.names.queues)
    return Tally(
        np.zeros((scopes, bins, len(COLUMNS)), np.int64),
        np.zeros((scopes, tallies.FINE_BUCKETS), np.int64),
        np.zeros((queues, bins - 1, tallies.COARSE_BUCKETS), np.int32),
        np.zeros((queues, plan.model.almanac.intervals, 2), np.int32),
    )


def sums(plan: Plan, tally: Tally) -> Sums:
    """What a replication amounts to."""
    tallies.add_up(plan.frame, tally)
    tallies.longest_lines(plan.frame, tally)
    return sums_of(plan, tally.counts, tally.waits, tally.bin_waits)


def sums_of(plan: Plan, counts: Numbers, waits: Ints, bin_waits: Ints) -> Sums:
    """What counts [scope, bin, column] amount to; those that are expected, not counted, may be NaN."""
    horizon = counts[:, : plan.rows].sum(axis=1)
    if plan.rows:
        horizon[:, tallies.MAX_QUEUE] = counts[:, : plan.rows, tallies.MAX_QUEUE].max(axis=1)
    per_bin = np.concatenate([counts[:, :-1], horizon[:, None]], axis=1)
    above, below = _quotients(plan, per_bin)
    return Sums(above, below, horizon, counts[:, -1], waits, bin_waits)


def _quotients(plan: Plan, per_bin: Numbers) -> tuple[Floats, Floats]:
    """Numerators and denominators [pair, bin]: the formulas, then service level, line and cost."""
    lengths = np.append(plan.lengths[:-1], plan.lengths[: plan.rows].sum()).astype(float)
    times = _occurrences(plan)
    paid = paid_hours(plan, per_bin)
    extra = {
        "service_level": service_level(plan, per_bin),
        "max_queue": (per_bin[:, :, tallies.MAX_QUEUE], np.ones(per_bin.shape[:2])),
        "paid_hours": (paid, np.tile(times, (len(plan.scopes), 1))),
        "people_cost": (cost(plan, paid, per_bin), np.tile(times, (len(plan.scopes), 1))),
    }
    names, (measures, scopes) = all_names(), plan.pairs
    above, below = np.empty((2, len(measures), per_bin.shape[1]))
    for m in np.unique(measures):
        mine = measures == m
        counts = per_bin[scopes[mine]]
        if names[m] in extra:
            above[mine], below[mine] = (part[scopes[mine]] for part in extra[names[m]])
            continue
        above[mine] = _weighed(counts, plan.above[m])
        below[mine] = (
            lengths if plan.horizon[m] else times if plan.plain[m] else _weighed(counts, plan.below[m])
        )
    return above, below


def _weighed(counts: Numbers, factors: Floats) -> Floats:
    """A sum of columns [scope, bin]; those without a factor are left out: they may have no value (NaN)."""
    used = factors != 0.0
    total: Floats = counts[:, :, used] @ factors[used]
    return total


EXTRA: Final = ("service_level", "max_queue", "paid_hours", "people_cost")


def _occurrences(plan: Plan) -> Floats:
    """How often each bin occurs, the horizon last: once, but for the intervals of the average week."""
    times = np.ones(len(plan.bins) + 1)
    interval = plan.frame.sizes[0]["interval"]
    week = slice(plan.rows, plan.days_from)
    times[week] = plan.lengths[week] / interval
    return times


def service_level(plan: Plan, values: Numbers) -> tuple[Floats, Floats]:
    """Numerator and denominator of the service level, each scope by its own definition."""
    index = {name: i for i, name in enumerate(COLUMNS)}
    above, below = np.zeros((2, *values.shape[:2]))
    for s, scope in enumerate(plan.scopes):
        name = service_level_of(plan.model.scenario, scope)
        if name is not None:
            for out, weights in ((above, SERVICE_LEVELS[name].above), (below, SERVICE_LEVELS[name].below)):
                for column, factor in weights.items():
                    out[s] += factor * values[s, :, index[column]]
    return above, below


def paid_hours(plan: Plan, values: Numbers) -> Floats:
    """Hours on duty and of paid breaks, grossed up by shrinkage: [scope, bin], the horizon last."""
    on_duty = [COLUMNS.index(c) for c in ("idle", "working", "sharing")]
    hours = values[:, :, on_duty].sum(axis=2) / _SECOND / 3600.0
    breaks = np.column_stack([plan.breaks[:, :-1], plan.breaks[:, : plan.rows].sum(axis=1)])
    paid, groups = np.zeros(values.shape[:2]), plan.model.scenario.groups
    for s, g, name in _group_rows(plan):
        paid[s] = (hours[s] + breaks[g]) * groups[name].shrinkage.gross_up
    paid[0] = paid.sum(axis=0)
    return paid


def cost(plan: Plan, paid: Floats, values: Numbers) -> Floats:
    """Cost of people: hours paid at the group's pay; on call without a call, at that for standing by."""
    found, groups = np.zeros(paid.shape), plan.model.scenario.groups
    for s, _, name in _group_rows(plan):
        pay, on_call = groups[name].pay, groups[name].on_call
        found[s] = paid[s] * (pay.amount_per_hour if pay else 0.0)
        if pay and on_call and on_call.standby_pay:
            less = pay.amount_per_hour - on_call.standby_pay.amount_per_hour
            standing_by = values[s, :, tallies.IDLE] / _SECOND / 3600.0 * groups[name].shrinkage.gross_up
            found[s] -= standing_by * less
    found[0] = found.sum(axis=0)
    return found


def _group_rows(plan: Plan) -> Iterator[tuple[int, int, str]]:
    """Row in the tally, number and name of each group."""
    names = [(s, scope.name) for s, scope in enumerate(plan.scopes) if scope.scope == "group"]
    return ((s, g, name) for g, (s, name) in enumerate(names))


def currency(scenario: Scenario) -> str | None:
    """The one currency in which all groups are paid, or None."""
    found = {g.pay.currency if g.pay else None for g in scenario.groups.values()}
    return found.pop() if len(found) == 1 else None


def people_cost(plan: Plan, one: Sums) -> float:
    """What the people of one replication cost over the horizon; 0 where nobody is paid."""
    measure, scope = plan.pairs
    row = np.flatnonzero((measure == all_names().index("people_cost")) & (scope == 0))
    return float(one.above[row[0], -1]) if len(row) else 0.0


def all_names() -> tuple[str, ...]:
    """Names of the measures in the order of `Sums.above`."""
    return (*MEASURES, *EXTRA)


def _applies(scenario: Scenario, scopes: tuple[Scope, ...]) -> NDArray[np.bool_]:
    """Which measures a scope has: [measure, scope]."""
    usual = [[s.scope in m.scopes for s in scopes] for m in MEASURES.values()]
    paid = currency(scenario) is not None
    extra = [
        [service_level_of(scenario, s) is not None for s in scopes],
        [s.scope == "queue" for s in scopes],
        [s.scope in ("all", "group") for s in scopes],
        [paid and s.scope in ("all", "group") for s in scopes],
    ]
    return np.array([*usual, *extra])


def unit_of(plan: Plan, name: str) -> str:
    """The unit of a measure."""
    if name in MEASURES:
        return MEASURES[name].unit
    money = currency(plan.model.scenario) or ""
    units = {"service_level": "share", "max_queue": "contacts", "paid_hours": "h", "people_cost": money}
    return units.get(name, "s")


def wait_quantiles(waits: Ints, per_octave: int) -> Floats:
    """Quantiles (s) of bucketed waits [..., bucket] -> [quantile, ...]; NaN where nobody was answered."""
    flat = waits.reshape(-1, waits.shape[-1])
    found = np.full((len(flat), len(QUANTILES)), -1, np.int64)
    tallies.bucket_quantiles(flat, np.array(list(QUANTILES.values())), found)
    seconds = np.where(found < 0, np.nan, tallies.bucket_middle(found, per_octave) / _SECOND)
    return np.moveaxis(seconds.reshape(*waits.shape[:-1], len(QUANTILES)), -1, 0)


def sample(one: Sums, quantiles: Floats) -> Floats:
    """Numerators and denominators over the horizon: of `Plan.pairs`, then of the quantiles [quantile, scope].

    A quantile is its own numerator, over 1; over 0 where nobody was answered.
    """
    has = ~np.isnan(quantiles)
    usual = np.stack([one.above[:, -1], one.below[:, -1]], axis=1)
    waits = np.stack([np.where(has, quantiles, 0.0).ravel(), has.ravel().astype(float)], axis=1)
    return np.concatenate([usual, waits])
