"""Experiments: replications on all cores, and how sure their means are.

Ratios are ratios of means with delta-method errors (Law 2015, "Simulation Modeling and Analysis",
section 9.4); intervals use Student's t. `auto` looks at a ladder of sample sizes and stops at the
first that is precise enough: looking after every replication would stop on lucky streaks.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy import special

from scenarios.definitions import QUANTILES
from scenarios.model import Scenario
from sim import drive
from sim.attainment import (
    Watch,
    attainment_frame,
    count_case_times,
    count_waits,
    held,
    new_case_times,
    new_waits,
    watches_of,
)
from sim.case_findings import CaseFindings, add_findings, case_sample, no_findings
from sim.case_measure import case_sums, count_cases, new_case_tally, plan_cases
from sim.clock import to_ticks
from sim.compile import begin, compile_scenario
from sim.fast import advance
from sim.fold import Fold
from sim.hooks import Hook
from sim.log import LEG
from sim.measure import (
    Floats,
    Held,
    Ints,
    Numbers,
    Plan,
    Sums,
    all_names,
    new_tally,
    people_cost,
    plan_measures,
    sample,
    sums,
    wait_quantiles,
)
from sim.progress import Progress
from sim.tally import COARSE, FINE, tally_agents, tally_contacts
from sim.uncertain import drawn
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

LOOKS: Final = (30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1000, 1400, 2000, 2800, 4000)
BATCHES_AT_LEAST: Final = 20  # days, for an interval from a single replication
CHUNK: Final = to_ticks(28 * 86_400)  # how often a long replication looks whether it should stop
CONFIDENCE: Final = 0.95


class Result(NamedTuple):
    """What an experiment found; tables are pandas frames (see README, "Results")."""

    scenario: Scenario
    seed: int
    replications: int
    engine: str
    version: str
    measures: "pd.DataFrame"  # over the horizon
    intervals: "pd.DataFrame"  # by interval, or by day and interval of the week
    counts: "pd.DataFrame"  # integer counts and ticks by replication and scope, over the horizon
    after: "pd.DataFrame"  # ... of what happened after it
    contacts: "pd.DataFrame | None"  # legs
    attainment: "pd.DataFrame"  # targets, and in which share of their periods they hold
    samples: "pd.DataFrame"  # numerators and denominators of the measures by replication
    days: "pd.DataFrame | None" = None  # by day, beside single intervals (see `sim.frames.MeasureFrames`)
    cases: "pd.DataFrame | None" = None  # one row a case, where legs are kept and there are cases
    extra: tuple[object, ...] = ()  # of each replication what else it had to tell, where anything is learned


class Kept(NamedTuple):
    """Rows of one replication that are kept beside its sums."""

    legs: np.ndarray  # CONTACT_ROW
    cases: np.ndarray  # CASE


class Replicated(NamedTuple):
    """What one replication amounts to."""

    sums: Sums
    kept: Kept | None  # its rows, where they are kept
    extra: object = None  # what else it has to tell, such as what was decided on the way


class Findings(NamedTuple):
    """All replications, folded in their order."""

    ratios: Fold  # [pair, bin + 1]
    quantiles: Fold  # [quantile, scope, 1] over the horizon, as value x has / has
    bin_quantiles: Fold  # [quantile, queue, bin]
    waits: Ints
    bin_waits: Ints
    counts: list[Numbers]
    after: list[Numbers]
    held: list[Held]  # of each replication
    samples: list[Floats]  # of each replication, over the horizon: [pair or quantile of a scope, 2]
    extra: list[object]  # of each replication that had anything else to tell
    last: Sums | None
    cases: CaseFindings | None = None


def run_scenario(
    scenario: Scenario,
    replications: int | str | None = None,
    seed: int | None = None,
    engine: str = "fast",
    workers: int | None = None,
    hooks: Mapping[str, Hook] | None = None,
    keep_contacts: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Simulate a scenario; what is not given is as the scenario's `run` says.

    `progress(done, total)` is called in the calling thread after each replication. Hooks need the
    reference engine.
    """
    if hooks and engine != "reference":
        raise ValueError("hooks replace rules on the reference engine only; choose engine='reference'")
    wanted = scenario.run.replications if replications is None else replications
    seed = scenario.run.seed if seed is None else seed
    plan = plan_of(scenario)
    kept: list[Kept] | None = [] if keep_contacts else None
    tool = Tool(plan, seed, engine, hooks, kept, watches_of(plan))
    findings = _replicate(tool, wanted, workers or cpu_count() or 1, progress)
    return _result(tool, findings)


def run_together(
    scenarios: Sequence[Scenario],
    replications: int | str,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """Simulate versions of a scenario on the same chances, all with the same number of replications.

    With `auto` each goes on until it is precise enough by its own `run`, and then all up to the largest
    number. `progress` is told about one version after the other.
    """
    threads = workers or cpu_count() or 1
    plans = [plan_of(each) for each in scenarios]
    tools = [Tool(plan, seed, "fast", None, None, watches_of(plan)) for plan in plans]
    found = [_replicate(tool, replications, threads, progress) for tool in tools]
    most = max(each.ratios.n for each in found)
    found = [_replicate(t, most, threads, progress, each) for t, each in zip(tools, found, strict=True)]
    return [_result(tool, each) for tool, each in zip(tools, found, strict=True)]


def plan_of(scenario: Scenario) -> Plan:
    """What to measure of a scenario: of its contacts, and of its cases where it has some."""
    model = compile_scenario(scenario)
    return plan_measures(model)._replace(cases=plan_cases(model))


class Tool(NamedTuple):
    """What every replication needs."""

    plan: Plan
    seed: int
    engine: str
    hooks: Mapping[str, Hook] | None
    kept: list[Kept] | None
    watches: tuple[Watch, ...]


class StoppedError(Exception):
    """The experiment was interrupted: give up this replication."""


def _engine(tool: Tool) -> drive.Advance:
    if tool.engine == "fast":
        return advance
    from sim.reference import Reference

    return Reference(tool.hooks)


def replicate(
    tool: Tool, replication: int, stop: threading.Event, beside: drive.Sink | None = None
) -> Replicated:
    """Run one replication; `beside` is handed all rows too, and copies what it keeps."""
    plan = tool.plan
    tally = new_tally(plan)
    waits = new_waits(plan, tool.watches)
    of_cases = new_case_tally(plan.cases) if plan.cases else None
    times = new_case_times(plan, tool.watches)
    kept: list[Kept] = []

    def sink(contacts: np.ndarray, agents: np.ndarray, cases: np.ndarray) -> None:
        if stop.is_set():
            raise StoppedError
        tally_contacts(plan.frame, tally, contacts)
        tally_agents(plan.frame, tally, agents)
        count_waits(plan, tool.watches, waits, contacts)
        if plan.cases and of_cases:
            count_cases(plan.cases, of_cases, contacts, cases)
            count_case_times(plan, tool.watches, times, cases)
        if tool.kept is not None:
            kept.append(Kept(contacts[contacts["row"] == LEG].copy(), cases.copy()))
        if beside is not None:
            beside(contacts, agents, cases)

    model = drawn(plan.model, tool.seed, replication)
    state = begin(model, tool.seed, replication)
    course = drive.course_of(model, state)
    drive.run(model, state, sink, CHUNK, _engine(tool), course)
    one = sums(plan, tally)
    if plan.cases and of_cases:
        one = one._replace(cases=case_sums(plan.cases, of_cases, times, people_cost(plan, one)))
    one = one._replace(held=held(tool.watches, one, waits))
    rows = Kept(*(np.concatenate(part) for part in zip(*kept, strict=True))) if kept else None
    return Replicated(one, rows, course.learned() if course else None)


def _looks(wanted: int | str, at_most: int) -> Iterator[int]:
    """Sample sizes at which to look whether the means are precise enough."""
    if isinstance(wanted, int):
        yield wanted
        return
    yield from (n for n in LOOKS if n < at_most)
    yield at_most


def _replicate(
    tool: Tool, wanted: int | str, workers: int, progress: Progress | None, so_far: Findings | None = None
) -> Findings:
    findings = so_far or _nothing(tool.plan)
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for look in _looks(wanted, tool.plan.model.scenario.run.max_replications):
                findings = _up_to(tool, findings, look, (pool, stop, workers), progress, wanted)
                if isinstance(wanted, str) and _precise(tool.plan, findings):
                    break
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return findings


def _up_to(
    tool: Tool,
    findings: Findings,
    look: int,
    means: tuple[ThreadPoolExecutor, threading.Event, int],
    progress: Progress | None,
    wanted: int | str,
) -> Findings:
    """Replicate up to `look`, folding in order; few more than the workers' number are in flight."""
    pool, stop, workers = means
    done = findings.ratios.n
    flying = []
    for replication in range(done, look):
        flying.append(pool.submit(replicate, tool, replication, stop))
        import sim.frames  # noqa: F401  # pandas takes a while: best had while the first replication runs

        if len(flying) > workers:
            findings = _fold(tool, findings, flying.pop(0).result())
            _tell(progress, findings.ratios.n, wanted)
    for future in flying:
        findings = _fold(tool, findings, future.result())
        _tell(progress, findings.ratios.n, wanted)
    return findings


def _tell(progress: Progress | None, done: int, wanted: int | str) -> None:
    if progress is not None:
        progress(done, wanted if isinstance(wanted, int) else None)


def _nothing(plan: Plan) -> Findings:
    scopes, bins, queues = len(plan.scopes), len(plan.bins), len(plan.model.names.queues)
    return Findings(
        Fold.empty((len(plan.pairs[0]), bins + 1)),
        Fold.empty((len(QUANTILES), scopes)),
        Fold.empty((len(QUANTILES), queues, bins)),
        np.zeros((), np.int64),
        np.zeros((), np.int32),
        [],
        [],
        [],
        [],
        [],
        None,
        no_findings(plan.cases) if plan.cases else None,
    )


def _fold(tool: Tool, findings: Findings, found: Replicated) -> Findings:
    one, kept = found.sums, found.kept
    quantiles = wait_quantiles(one.waits, FINE)
    if tool.kept is not None and kept is not None:
        tool.kept.append(kept)
    samples, of_cases = sample(one, quantiles), findings.cases
    if tool.plan.cases and one.cases and of_cases:
        samples = np.concatenate([samples, case_sample(tool.plan.cases, one.cases)])
        of_cases = add_findings(tool.plan.cases, of_cases, one.cases)
    return Findings(
        findings.ratios.add(one.above, one.below),
        _add_values(findings.quantiles, quantiles),
        _add_values(findings.bin_quantiles, wait_quantiles(one.bin_waits, COARSE)),
        findings.waits + one.waits,
        # In place: this is by far the largest array, and findings so far are of no more use to anybody.
        np.add(findings.bin_waits, one.bin_waits, findings.bin_waits) if findings.last else one.bin_waits,
        [*findings.counts, one.counts],
        [*findings.after, one.after],
        [*findings.held, one.held],
        [*findings.samples, samples],
        [*findings.extra, *([] if found.extra is None else [found.extra])],
        one,
        of_cases,
    )


def _add_values(fold: Fold, values: Floats) -> Fold:
    """Add plain values to a fold; replications without one do not count."""
    has = (~np.isnan(values)).astype(float)
    return fold.add(np.nan_to_num(values), has)


def _precise(plan: Plan, findings: Findings) -> bool:
    """Whether every queue's service level is known to the half-width asked for (else: of who waited)."""
    measure, scope = plan.pairs
    at_queue = np.array([s.scope == "queue" for s in plan.scopes])[scope]
    watched = (measure == all_names().index("service_level")) & at_queue
    if not watched.any():
        watched = (measure == all_names().index("delayed")) & (scope == 0)
    half = student(findings.ratios.n) * findings.ratios.ratio()[1][watched, -1]
    return bool(np.all((half <= plan.model.scenario.run.half_width) | np.isnan(half)))


def student(n: int) -> float:
    """Two-sided 95 % quantile of Student's t with n - 1 degrees of freedom."""
    return float(special.stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) if n > 1 else float("nan")


def _result(tool: Tool, findings: Findings) -> Result:
    from sim.case_frame import case_frame
    from sim.frames import contact_frame, count_frame, measure_frames, sample_frame

    plan, kept = tool.plan, tool.kept
    found = measure_frames(plan, findings)
    has_rows = kept is not None and plan.cases is not None
    return Result(
        plan.model.scenario,
        tool.seed,
        findings.ratios.n,
        tool.engine,
        __version__,
        found.measures,
        found.intervals,
        count_frame(plan, findings.counts),
        count_frame(plan, findings.after),
        contact_frame(plan.model, [each.legs for each in kept]) if kept is not None else None,
        attainment_frame(tool.watches, findings.held, found.measures),
        sample_frame(plan, findings.samples),
        found.days,
        case_frame(plan.model, [each.cases for each in kept or []]) if has_rows else None,
        tuple(findings.extra),
    )
