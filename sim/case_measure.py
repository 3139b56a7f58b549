"""From case tallies to measures: scopes of cases and of work, by day and over the horizon.

The formulas are data in `scenarios/case_definitions.py`. Measures of cases stand beside those of
contacts (`sim/measure.py`) and only where a scenario has cases.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, REPLY_QUANTILES, TOP_CAUSES, UPDATES
from scenarios.model import Scenario
from scenarios.related import has_cases, is_learning
from sim import tally as tallies
from sim.case_tally import (
    AGE_UNIT,
    BORN_S,
    CASE_COLUMNS,
    ENDS_AGE,
    FRAME,
    OPEN_MS,
    OPENED,
    SPREAD_COLUMNS,
    TICKS_PER_MS,
    TICKS_PER_S,
    CaseFrame,
    CaseTally,
    tally_cases,
)
from sim.clock import to_ticks
from sim.compile import Model
from sim.fold import Floats
from sim.incident_tally import INCIDENT_COLUMNS, tally_brought, tally_incidents
from sim.measure import currency
from sim.work_tally import WORK_COLUMNS, overdue_updates, tally_work

Ints = NDArray[np.integer[Any]]
Key = tuple[str, str, str]  # measure, scope, name

COLUMNS: Final = (
    *CASE_COLUMNS, "open_time", "age_time", "cost", "top", *WORK_COLUMNS, *INCIDENT_COLUMNS,
)  # fmt: skip
_OF_CASES: Final = slice(0, len(CASE_COLUMNS))
_OF_TIME: Final = slice(len(CASE_COLUMNS), len(CASE_COLUMNS) + 2)
_COST, _TOP = _OF_TIME.stop, _OF_TIME.stop + 1
_OF_WORK: Final = slice(_TOP + 1, _TOP + 1 + len(WORK_COLUMNS))
_OF_INCIDENTS: Final = slice(_OF_WORK.stop, len(COLUMNS))
_CONTACTS: Final = CASE_COLUMNS.index("contacts")
_TOUCHED: Final = CASE_COLUMNS.index("touched")
BY_DAY: Final = ("all", "channel", "severity", "work")  # scopes whose days are tables too


class CasePlan(NamedTuple):
    """What to measure of the cases of a model, and where: shared by all replications."""

    frame: CaseFrame
    scopes: tuple[tuple[str, str], ...]  # scope and name: of cases, then the kinds of work, then incidents
    rows: tuple[tuple[int, ...], ...]  # of each scope of cases: the rows of the tally that make it up
    days: tuple[str, ...]  # labels of the days that count
    pairs: tuple[tuple[str, int], ...]  # measures, and scopes that have them
    quantiles: tuple[tuple[str, int], ...]  # the same of quantiles
    by_day: NDArray[np.bool_]  # of each pair: whether its days are in the tables
    above: Floats  # [pair, column]
    below: Floats
    horizon: NDArray[np.bool_]  # pairs that are divided by the length of a day
    plain: NDArray[np.bool_]  # ... by nothing

    def keys(self) -> list[Key]:
        """Pairs, then quantiles, by their names."""
        return [(name, *self.scopes[s]) for name, s in (*self.pairs, *self.quantiles)]


class CaseSums(NamedTuple):
    """One replication: numerators and denominators of all pairs, and its times in buckets."""

    above: Floats  # [pair, day + 1]; the last is the horizon
    below: Floats
    times: Ints  # [2, scope, bucket]: to first response, to resolution
    in_time: Ints  # [watched quantile, day, 2]: how many there are, and how many were in time


def plan_cases(model: Model) -> CasePlan | None:
    """What to measure of the cases of a model; None where it has no cases."""
    if not has_cases(model.scenario):
        return None
    frame, days = _frame(model)
    of_cases, rows = _scopes(model)
    incidents = sorted(model.scenario.incidents)
    scopes = (
        *of_cases,
        *(("work", name) for name in kinds_of(model)),
        *(("incident", name) for name in incidents),
    )
    pairs = tuple(
        (name, s)
        for name, measure in CASE_MEASURES.items()
        for s, (scope, _) in enumerate(scopes)
        if scope in measure.scopes and _is_of(model.scenario, name)
    )
    quantiles = tuple((name, s) for name in CASE_QUANTILES for s in range(len(of_cases)))
    by_day = np.array([scopes[s][0] in BY_DAY for _, s in pairs])
    below = [CASE_MEASURES[name].below for name, _ in pairs]
    return CasePlan(
        frame,
        scopes,
        rows,
        days,
        pairs,
        quantiles,
        by_day,
        np.array([_weights(CASE_MEASURES[name].above) * CASE_MEASURES[name].scale for name, _ in pairs]),
        np.array([_weights(each or {}) for each in below]),
        np.array([each == {"horizon": 1} for each in below]),
        np.array([each is None for each in below]),
    )


def _is_of(scenario: Scenario, measure: str) -> bool:
    """Whether a scenario has what a measure is about."""
    if measure == "cost_per_contact":
        return currency(scenario) is not None
    if measure == "top_causes_share":
        return bool(scenario.causes)
    if measure == "prevented":
        return is_learning(scenario)
    return bool(scenario.incidents) or "incident" not in CASE_MEASURES[measure].scopes


def kinds_of(model: Model) -> tuple[str, ...]:
    """The kinds of work, each once."""
    return tuple(dict.fromkeys(model.names.steps))


def _weights(formula: dict[str, int]) -> Floats:
    return np.array([float(formula.get(column, 0)) for column in COLUMNS])


def _frame(model: Model) -> tuple[CaseFrame, tuple[str, ...]]:
    """Days that count and their labels; what rows are held against."""
    almanac, names = model.almanac, model.names
    starts = np.arange(almanac.intervals) * almanac.interval_s
    counted = starts >= model.scenario.run.warm_up_s
    day = np.searchsorted(almanac.midnights, starts, side="right") - 1
    first = int(day[counted][0])
    day_of = np.where(counted, day - first, -1)
    begins = starts[np.flatnonzero(np.diff(day_of, prepend=-1))]
    edges = np.append(begins, almanac.intervals * almanac.interval_s) * TICKS_PER_S
    sizes = np.zeros(1, FRAME)
    severities = len(names.streams)
    causes = severities + len(names.severities)
    tiers = causes + len(names.causes)
    life = model.tables.life
    surveyed = int(life[0]["surveyed"]) if len(life) else 0
    sizes[0] = (
        to_ticks(almanac.interval_s),
        edges[0],
        edges[-1],
        len(begins),
        severities,
        causes,
        tiers,
        surveyed,
    )
    kinds = kinds_of(model)
    frame = CaseFrame(
        sizes,
        day_of.astype(np.int64),
        edges.astype(np.int64),
        model.tables.causes["avoidable"].copy(),
        np.array([kinds.index(step) for step in names.steps], np.int64),
        model.tables.steps["answered"].copy(),
        np.array([step == UPDATES for step in names.steps], np.int64),
        np.array([_milliviews(model.scenario, stream) for stream in names.streams], np.int64),
    )
    return frame, tuple(each.isoformat() for each in almanac.dates[first:])


def _milliviews(scenario: Scenario, stream: str) -> int:
    """Articles that who tries self-service looks at, in thousandths."""
    gate = scenario.streams[stream].self_service
    return round(gate.views * 1000) if gate else 0


def _scopes(model: Model) -> tuple[list[tuple[str, str]], tuple[tuple[int, ...], ...]]:
    """The scopes of cases, and the rows of the tally that each is made of."""
    names = model.names
    streams = range(len(names.streams))
    channels = [channel_of(model.scenario, name) for name in names.streams]
    found = [(("all", "all"), tuple(streams))]
    found += [(("stream", name), (s,)) for s, name in enumerate(names.streams)]
    for channel in sorted(set(channels)):
        found.append((("channel", channel), tuple(s for s in streams if channels[s] == channel)))
    parts = (("severity", names.severities), ("root_cause", names.causes), ("tier", names.tiers))
    row = len(names.streams)
    for scope, part in parts:
        found += [((scope, name), (row + n,)) for n, name in enumerate(part)]
        row += len(part)
    return [scope for scope, _ in found], tuple(rows for _, rows in found)


def channel_of(scenario: Scenario, stream: str) -> str:
    """The channel by which contacts of a stream come."""
    return scenario.queues[scenario.streams[stream].queue].channel


def new_case_tally(plan: CasePlan) -> CaseTally:
    """Empty accumulators for one replication."""
    sizes = plan.frame.sizes[0]
    rows, days = int(sizes["tiers"]) + _tiers(plan), int(sizes["days"]) + 1
    kinds, incidents = (sum(scope == each for scope, _ in plan.scopes) for each in ("work", "incident"))
    return CaseTally(
        np.zeros((rows, days, len(CASE_COLUMNS)), np.int64),
        np.zeros((rows, days, SPREAD_COLUMNS), np.int64),
        np.zeros((2, rows, tallies.FINE_BUCKETS), np.int64),
        np.zeros((kinds, days, len(WORK_COLUMNS)), np.int64),
        np.zeros(len(CASE_COLUMNS), np.int64),
        np.zeros((incidents, days, len(INCIDENT_COLUMNS)), np.int64),
    )


def _tiers(plan: CasePlan) -> int:
    return sum(scope == "tier" for scope, _ in plan.scopes)


def count_cases(plan: CasePlan, tally: CaseTally, contacts: np.ndarray, cases: np.ndarray) -> None:
    """Add what an engine logged since the last time."""
    overdue = np.zeros(len(cases), np.int64)
    if tally_work(plan.frame, tally, contacts):  # which happens only when the log is closed
        overdue = overdue_updates(plan.frame, contacts, cases)
    tally_cases(plan.frame, tally, cases, overdue)
    if len(tally.incidents):
        tally_incidents(plan.frame, tally.incidents, contacts)
        tally_brought(plan.frame, tally.incidents, cases)


def open_times(frame: CaseFrame, spread: Ints) -> tuple[Floats, Floats]:
    """Integrals by [row, day] of the number of open cases (ticks), and of their ages (ticks x s)."""
    days = spread[:, :-1]
    start_s, end_s = frame.edges[:-1] // TICKS_PER_S, frame.edges[1:] // TICKS_PER_S
    length = end_s - start_s
    through = days[:, :, OPENED].cumsum(axis=1)
    births = days[:, :, BORN_S].cumsum(axis=1)
    open_ms = days[:, :, OPEN_MS] + through * length * (TICKS_PER_S // TICKS_PER_MS)
    twice = ((start_s + end_s) * through - 2 * births).astype(float) * length
    twice += days[:, :, ENDS_AGE].astype(float) * AGE_UNIT
    return open_ms.astype(float) * TICKS_PER_MS, twice * TICKS_PER_S / 2.0


def case_sums(plan: CasePlan, tally: CaseTally, in_time: Ints, people_cost: float = 0.0) -> CaseSums:
    """What a replication amounts to, whose people cost so much."""
    lengths = np.diff(plan.frame.edges).astype(float)
    lengths = np.append(lengths, lengths.sum())
    open_time, age_time = open_times(plan.frame, tally.spread)
    above, below = np.empty((2, len(plan.pairs), len(lengths)))
    of_scope = np.array([s for _, s in plan.pairs])
    touched = float(tally.counts[list(plan.rows[0]), :-1, _TOUCHED].sum())
    rate = people_cost / touched if touched else 0.0
    top = _of_top_causes(plan, tally)
    for s in range(len(plan.scopes)):
        values = _values(plan, tally, s, open_time, age_time)
        if s < len(plan.rows):
            values[:, _COST] = values[:, _TOUCHED] * rate
            values[:, _TOP] = top if s == 0 else 0.0
        mine = of_scope == s
        above[mine] = plan.above[mine] @ values.T
        below[mine] = plan.below[mine] @ values.T
    below[plan.horizon] = lengths
    below[plan.plain] = 1.0
    times = [[tally.times[k, list(rows)].sum(axis=0) for rows in plan.rows] for k in (0, 1)]
    return CaseSums(above, below, np.array(times), in_time)


def _of_top_causes(plan: CasePlan, tally: CaseTally) -> Floats:
    """Contacts [day + 1] of the causes with most over the horizon, which comes last."""
    of_cases = zip(plan.scopes, plan.rows, strict=False)
    rows = [row for (scope, _), part in of_cases for row in part if scope == "root_cause"]
    contacts = tally.counts[rows, :-1, _CONTACTS].astype(float)
    most = np.argsort(-contacts.sum(axis=1), kind="stable")[:TOP_CAUSES]
    days = contacts[most].sum(axis=0)
    return np.append(days, days.sum())


def _values(plan: CasePlan, tally: CaseTally, s: int, open_time: Floats, age_time: Floats) -> Floats:
    """The columns of a scope [day + 1, column]; the last is the horizon."""
    values = np.zeros((len(plan.days) + 1, len(COLUMNS)))
    scope, of_cases = plan.scopes[s][0], len(plan.rows)
    if scope == "work":
        values[:-1, _OF_WORK] = tally.work[s - of_cases, :-1]
    elif scope == "incident":
        values[:-1, _OF_INCIDENTS] = tally.incidents[s - of_cases - len(tally.work), :-1]
    else:
        if scope == "all":
            values[:-1, _OF_INCIDENTS] = tally.incidents[:, :-1].sum(axis=0)
        rows = list(plan.rows[s])
        values[:-1, _OF_CASES] = tally.counts[rows, :-1].sum(axis=0)
        values[:-1, _OF_TIME] = np.stack([part[rows].sum(axis=0) for part in (open_time, age_time)], axis=1)
    values[-1] = values[:-1].sum(axis=0)
    return values


def times_of(plan: CasePlan, key: Key, cases: np.ndarray) -> tuple[Ints, Ints]:
    """Of the cases of a scope that have a time to first response or to resolution: day of birth, and time."""
    measure, scope, name = key
    end = cases["replied"] if measure in REPLY_QUANTILES else cases["solved"]
    mine = _of_scope(plan, (scope, name), cases) & (end >= 0) & (cases["born"] >= plan.frame.edges[0])
    born = cases["born"][mine]
    day: Ints = plan.frame.day_of[born // plan.frame.sizes[0]["interval"]]
    return day, end[mine] - born


def _of_scope(plan: CasePlan, scope: tuple[str, str], cases: np.ndarray) -> NDArray[np.bool_]:
    """Which cases belong to a scope."""
    rows = plan.rows[plan.scopes.index(scope)]
    field = {"severity": "severity", "root_cause": "cause", "tier": "tier"}.get(scope[0], "stream")
    first = {"severity": "severities", "root_cause": "causes", "tier": "tiers"}.get(scope[0])
    own = cases[field] + (plan.frame.sizes[0][first] if first else 0)
    found: NDArray[np.bool_] = np.isin(own, rows) & (cases[field] >= 0)
    return found


def unit_of_case(measure: str) -> str:
    """The unit of a measure of cases; ``MONEY`` where the scenario says it."""
    return CASE_MEASURES[measure].unit if measure in CASE_MEASURES else "s"


def keys_by_day(plan: CasePlan) -> list[Key]:
    """The pairs whose days are in the tables."""
    return [
        (name, *plan.scopes[s]) for (name, s), by_day in zip(plan.pairs, plan.by_day, strict=True) if by_day
    ]
