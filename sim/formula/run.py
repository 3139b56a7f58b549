"""The engine that computes: a scenario by formulas alone, as the tables that a simulation gives.

What a simulation counts in its replications is here one count of what is to be expected, so that
measures, targets and tables come about in the same way. There is no chance in it, and so no interval.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.definitions import QUANTILES
from scenarios.model import Scenario
from scenarios.related import has_cases, passing_on, streams_of
from sim.almanac import almanac
from sim.attainment import Watch, attainment_frame, held, watches_of
from sim.case_layout import CASE, CAUSE, EXIT, INCIDENT, LIFE, MARK, SEVERITY, SIDE, STEP, SURGE
from sim.compile import Model
from sim.dial_layout import COURSE, DIAL, TOPIC
from sim.draft import names_of
from sim.experiment import Result
from sim.formula.columns import AT, ELSEWHERE, OF_PEOPLE, OF_WAITS, share, times
from sim.formula.counts import Counts, counts_of
from sim.formula.demand import limits_of
from sim.formula.grid import Floats, Grid, grid_of
from sim.formula.quantiles import WaitLaw, wait_quantiles
from sim.formula.remarks import is_rough
from sim.formula.sharing import lines_of
from sim.frames import count_frame, expected_frames, sample_frame
from sim.jit import routine
from sim.layout import (
    AGENT,
    AGENT_ROW,
    CLOCK,
    CONTACT,
    CONTACT_ROW,
    DIST,
    EVENT,
    GROUP,
    LINK,
    PLAN,
    QUEUE,
    SPAN,
    STREAM,
    State,
    Tables,
)
from sim.measure import Plan, Scope, plan_measures, sample, sums_of
from sim.version import __version__

ENGINE: Final = "formula"
Ints = NDArray[np.int64]


class Evaluated(NamedTuple):
    """A scenario evaluated: expected counts piece by piece."""

    grid: Grid
    counts: Counts


def evaluated(scenario: Scenario) -> Evaluated:
    """All lines of a scenario, solved."""
    grid = grid_of(scenario, names_of(scenario), almanac(scenario.calendar))
    return Evaluated(grid, counts_of(grid))


def run_formula(scenario: Scenario, seed: int | None = None) -> Result:
    """Evaluate a scenario: the tables of `sim.experiment.run_scenario`, without intervals.

    A figure that no formula gives is left out (`sim.formula.remarks` says which, and why). The seed is
    only noted. Raises ValueError where contacts become cases: no formula follows those.
    """
    if has_cases(scenario):
        raise ValueError("no formula follows cases from queue to queue; simulate this scenario")
    return result_of(evaluated(scenario), scenario.run.seed if seed is None else seed)


def result_of(found: Evaluated, seed: int) -> Result:
    """Expected counts as result tables."""
    plan = plan_measures(_outline(found.grid.scenario))
    rows = _scopes(found, plan)
    counts = np.array([rows[scope] for scope in plan.scopes])
    none = np.zeros(0, np.int64)
    one = sums_of(plan, counts, none, none)
    watches = watches_of(plan)
    judged = held(watches, one, _in_time(found, plan, watches))
    rough = is_rough(found.grid.scenario, [watch.goal for watch in watches])
    one = one._replace(held=judged._replace(counts=np.where(rough, 0, judged.counts)))
    quantiles = _quantiles(found, plan)
    frames = expected_frames(plan, one, quantiles)
    return Result(
        plan.model.scenario,
        seed,
        1,
        ENGINE,
        __version__,
        frames.measures,
        frames.intervals,
        count_frame(plan, [one.counts]),
        count_frame(plan, [one.after]),
        None,
        attainment_frame(watches, [one.held], frames.measures),
        sample_frame(plan, [_known(sample(one, quantiles))]),
        frames.days,
    )


def _outline(scenario: Scenario) -> Model:
    """A model with names and days alone: enough to plan measures by, nothing that could be simulated."""
    rows = (STREAM, LINK, DIST, float, PLAN, SURGE, LIFE, CAUSE, SEVERITY, STEP, EXIT, SIDE, SPAN)
    state = (
        *(CLOCK, QUEUE, GROUP, AGENT, CONTACT, CASE, INCIDENT, MARK),
        *(DIAL, COURSE, TOPIC, EVENT, CONTACT_ROW, CASE, AGENT_ROW),
    )
    return Model(
        scenario,
        names_of(scenario),
        almanac(scenario.calendar),
        Tables(*(np.zeros(0, row) for row in rows)),
        State(*(np.zeros(0, row) for row in state)),
        1,
    )


def _quantiles(found: Evaluated, plan: Plan) -> Floats:
    """Quantiles of the waits over the horizon, of scopes whose waits are those of whole queues."""
    weights = counted(found.grid)
    laws = {name: WaitLaw(each, weights) for name, each in found.counts.queues.items()}
    shares = list(QUANTILES.values())
    rows = [wait_quantiles([laws[q] for q in _queues_of(found, s)], shares) for s in plan.scopes]
    return np.array(rows).T


def counted(grid: Grid) -> Floats:
    """1 for the pieces that count, 0 for those of the warm-up."""
    return (np.arange(grid.pieces) * grid.piece_s >= grid.scenario.run.warm_up_s).astype(float)


def _known(samples: Floats) -> Floats:
    """Numerators and denominators; 0 over 0 where there is no value."""
    known: Floats = np.where(np.isfinite(samples).all(axis=1, keepdims=True), samples, 0.0)
    return known


def _scopes(found: Evaluated, plan: Plan) -> dict[Scope, Floats]:
    """Counts of each scope: [bin, column]."""
    grid, counts = found
    binned = Binned(plan, grid)
    queues = {name: binned(each.counts) for name, each in counts.queues.items()}
    groups = {name: binned(each) for name, each in counts.groups().items()}
    streams = {name: _stream(found, binned, name, queues) for name in grid.names.streams}
    people = [AT[name] for name in OF_PEOPLE]
    total = np.sum(list(queues.values()), axis=0)
    if any(each.overflow for each in grid.scenario.queues.values()):
        total[:, [AT[column] for column in OF_WAITS]] = np.nan  # since they came, which is at another queue
    total[:, AT["offered"]] -= total[:, AT["overflowed"]]  # who is passed on has come once
    total[:, people] = np.sum(list(groups.values()), axis=0)[:, people]
    return {
        Scope("all", "all"): total,
        **{Scope("queue", name): each for name, each in queues.items()},
        **{Scope("group", name): each for name, each in groups.items()},
        **{Scope("stream", name): each for name, each in streams.items()},
    }


def _stream(found: Evaluated, binned: "Binned", name: str, queues: dict[str, Floats]) -> Floats:
    """A stream's part of its queue: by its contacts, and of the work by its handle time."""
    scenario = found.grid.scenario
    queue = scenario.streams[name].queue
    others = streams_of(scenario, queue)
    passed = scenario.queues[queue].overflow is not None or bool(passing_on(scenario, queue))
    if len(others) == 1 and not passed:
        return queues[queue]
    its = found.counts.queues[queue].counts
    place = {each: found.grid.names.streams.index(each) for each in others}
    rows = {each: found.grid.fresh[place[each]] for each in others}
    work = {each: rows[each] * found.grid.handle_s[place[each]] for each in others}
    counts = times(its, share(rows[name], its[AT["offered"]] - its[AT["retried"]]))
    counts[AT["handled"]] = times(its[AT["handled"]], share(work[name], np.sum(list(work.values()), axis=0)))
    if passed:  # of some in the figures of another queue alone; and those who come in bursts fare worse
        counts[[AT[column] for column in ELSEWHERE]] = np.nan
    return binned(counts)


def _in_time(found: Evaluated, plan: Plan, watches: tuple[Watch, ...]) -> Floats:
    """Of targets about quantiles of the wait: [target, bin, (answered, of these in time)]."""
    binned = Binned(plan, found.grid)
    rows = []
    for watch in (each for each in watches if each.how == "waits"):
        queues = [
            found.counts.queues[name] for name in _queues_of(found, Scope(watch.goal.scope, watch.goal.name))
        ]
        limit = limits_of(found.grid.scenario, next(iter(found.counts.queues))).others.index(watch.goal.value)
        both = [[each.counts[AT["answered"]], each.limits[limit]] for each in queues]
        rows.append(binned(np.sum(both, axis=0))[: plan.rows] if queues else np.full((plan.rows, 2), np.nan))
    return np.array(rows).reshape(-1, plan.rows, 2)


def _queues_of(found: Evaluated, scope: Scope) -> list[str]:
    """The queues whose waits together are those of a scope; none where they are not."""
    scenario = found.grid.scenario
    if scope.scope == "queue":
        return [scope.name]
    if scope.scope == "group":
        lines = [line for line in lines_of(scenario) if scope.name in line.groups]
        alone = all(len(line.links) == 1 for line in lines)
        return [queue for line in lines for queue in line.queues] if alone else []
    if any(each.overflow for each in scenario.queues.values()):
        return []
    return list(scenario.queues) if scope.scope == "all" else [scenario.streams[scope.name].queue]


class Binned:
    """Adds pieces up to the bins of a plan: intervals or days, and beside them days or the average week."""

    def __init__(self, plan: Plan, grid: Grid) -> None:
        self._bins, self._parts = len(plan.bins) + 1, grid.parts
        self._where = [plan.frame.spots[field].astype(np.int64) for field in ("bin", "profile")]

    def __call__(self, rows: Floats) -> Floats:
        """[row, piece] to [bin, row]; the last bin, after the horizon, stays empty."""
        by_interval = rows
        if self._parts > 1:
            by_interval = rows.reshape(len(rows), -1, self._parts).sum(axis=2)
        found = np.zeros((len(rows), self._bins))
        for row, sums in zip(by_interval, found, strict=True):
            if row.any():  # most counts are of other channels, or missing
                for bins in self._where:
                    _add_up(row, bins, sums)
        return found.T


@routine
def _add_up(values: Floats, bins: Ints, sums: Floats) -> None:
    """Add each value [interval] to the sum of its bin; -1 is none."""
    for i in range(len(bins)):
        if bins[i] >= 0:
            sums[bins[i]] += values[i]
