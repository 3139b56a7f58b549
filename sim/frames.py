"""Result tables: what an experiment found, as pandas frames with a unit in every row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, POINTS
from scenarios.definitions import MONEY, QUANTILES
from scenarios.related import has_cases
from scenarios.uncertain_numbers import drawn_errors
from sim.case_findings import CaseFindings, time_quantiles
from sim.case_measure import CasePlan, CaseSums, Key, keys_by_day, unit_of_case
from sim.clock import NEVER
from sim.compile import Model
from sim.fold import Fold
from sim.log import OUTCOMES
from sim.measure import Floats, Ints, Numbers, Plan, Sums, all_names, unit_of, wait_quantiles
from sim.tally import COARSE, COLUMNS, FINE

if TYPE_CHECKING:
    from sim.experiment import Findings

MEASURE_COLUMNS: Final = ("measure", "scope", "name", "interval", "mean", "se", "low", "high", "unit")
_LABELS: Final = ("measure", "scope", "name", "interval", "unit")
ROLES: Final = ("customer", "customer again", "team", "handover")  # who began a leg, by the codes of roles
_TICKS: Final = ("born", "queued", "started", "ended")


class MeasureFrames(NamedTuple):
    """The measures over the horizon, by interval (or by day and interval of the week), and by day.

    `days` has no rows where the horizon is one day, or where the days are in `intervals`.
    """

    measures: pd.DataFrame
    intervals: pd.DataFrame
    days: pd.DataFrame


def measure_frames(plan: Plan, findings: "Findings") -> MeasureFrames:
    """The measures of an experiment as tables."""
    pairs = _pairs(plan)
    mean, se = findings.ratios.ratio()
    n = findings.ratios.n
    by_bin = wait_quantiles(findings.bin_waits, COARSE), findings.bin_quantiles.ratio()[1]
    of_queues = [p for p in pairs[len(mean) :] if p[1] == "queue"]
    means, errors = (
        np.concatenate([usual[:, :-1], waits.reshape(-1, waits.shape[-1])])
        for usual, waits in zip((mean, se), by_bin, strict=True)
    )
    intervals, days = (
        _table(plan, *_with_cases(plan, findings, part, (pairs[: len(mean)] + of_queues, means, errors)), n)
        for part in (slice(plan.days_from), slice(plan.days_from, len(plan.bins)))
    )
    whole = wait_quantiles(findings.waits, FINE), findings.quantiles.ratio()[1]
    errors, batches = se[:, -1], None
    if n == 1:
        errors, n = _batch_errors(plan, findings)
        batches = findings.last if n > 1 else None
    means = np.concatenate([mean[:, -1], whole[0].ravel()])
    errors = np.append(errors, whole[1].ravel())
    if plan.cases and findings.cases:
        of_cases = _case_figures(plan.cases, findings.cases, batches.cases if batches else None)
        pairs += plan.cases.keys()
        means, errors = np.append(means, of_cases[0]), np.append(errors, of_cases[1])
    measures = _table(plan, pairs, means[:, None], errors[:, None], [""], n)
    return MeasureFrames(_over_horizon(measures), intervals, days)


def _with_cases(
    plan: Plan, findings: "Findings", part: slice, table: tuple[list[Key], Floats, Floats]
) -> tuple[list[Key], Floats, Floats, Sequence[str]]:
    """A part of the bins as a table, the days of cases included where its rows are days."""
    pairs, means, errors = table
    labels = plan.bins[part]
    means, errors = means[:, part], errors[:, part]
    if plan.cases is None or findings.cases is None or labels[: len(plan.cases.days)] != plan.cases.days:
        return pairs, means, errors, labels
    of_days = [
        np.pad(each, ((0, 0), (0, len(labels) - each.shape[1])), constant_values=np.nan)
        for each in findings.cases.days.ratio()
    ]
    more = keys_by_day(plan.cases)
    return pairs + more, np.concatenate([means, of_days[0]]), np.concatenate([errors, of_days[1]]), labels


def expected_frames(plan: Plan, one: Sums, quantiles: Floats) -> MeasureFrames:
    """What was computed instead of simulated, as the same tables: one value each, without error or interval.

    `quantiles` [quantile, scope] of the waits over the horizon; NaN, as anything else, where there is none.
    """
    pairs = _pairs(plan)
    mean = np.divide(one.above, one.below, out=np.full(one.above.shape, np.nan), where=one.below != 0)
    mean[np.isinf(mean)] = np.nan
    unsure = np.full(mean.shape, np.nan)
    intervals, days = (
        _table(plan, pairs[: len(mean)], mean[:, part], unsure[:, part], plan.bins[part], 1)
        for part in (slice(plan.days_from), slice(plan.days_from, len(plan.bins)))
    )
    whole = np.append(mean[:, -1], quantiles.ravel())[:, None]
    measures = _table(plan, pairs, whole, np.full(whole.shape, np.nan), [""], 1)
    return MeasureFrames(_over_horizon(measures), intervals, days)


def _unit(plan: Plan, measure: str) -> str:
    of_case = measure in CASE_MEASURES or measure in CASE_QUANTILES
    unit = unit_of_case(measure) if of_case else unit_of(plan, measure)
    return unit_of(plan, "people_cost") if unit == MONEY else unit


def _case_figures(plan: CasePlan, findings: CaseFindings, batches: CaseSums | None) -> tuple[Floats, Floats]:
    """Means and standard errors over the horizon, in the order of `CasePlan.keys`."""
    mean, se = findings.ratios.ratio()
    if batches is not None:
        se = _case_batch_errors(plan, batches)
    return np.append(mean, time_quantiles(plan, findings.times)), np.append(se, findings.quantiles.ratio()[1])


def _case_batch_errors(plan: CasePlan, one: CaseSums) -> Floats:
    """Standard errors of a single replication whose days are batches (see `_batch_errors`)."""
    fold = Fold.empty((len(plan.pairs),))
    for day in range(len(plan.days)):
        fold = fold.add(one.above[:, day], one.below[:, day])
    se = fold.ratio()[1]
    se[plan.plain] *= len(plan.days)
    return se


def _over_horizon(measures: pd.DataFrame) -> pd.DataFrame:
    return measures.astype(dict.fromkeys(_LABELS, object)).assign(interval=None)


def _pairs(plan: Plan) -> list[Key]:
    """Measure, scope and name in the order of the tables: those of `Plan.pairs`, then the quantiles."""
    names = all_names()
    usual = [(names[m], *plan.scopes[s]) for m, s in zip(*plan.pairs, strict=True)]
    return usual + [(name, *scope) for name in QUANTILES for scope in plan.scopes]


def _batch_errors(plan: Plan, findings: "Findings") -> tuple[Floats, int]:
    """Standard errors over the horizon of a single replication: its days are batches, if enough.

    Not where numbers are uncertain: all its days share one draw of them.
    """
    from sim.experiment import BATCHES_AT_LEAST

    one = findings.last
    days = np.unique(plan.days)
    if one is None or len(days) < BATCHES_AT_LEAST or drawn_errors(plan.model.scenario):
        return np.full(len(findings.ratios.above), np.nan), 1
    names = np.array(all_names())[plan.pairs[0]]
    plain = np.append(plan.plain, [False, True, True, True])[plan.pairs[0]]
    fold = Fold.empty((len(one.above),))
    for day in days:
        of_day = np.flatnonzero(plan.days == day)
        below = one.below[:, of_day].sum(axis=1)
        below[plain] = 1.0
        fold = fold.add(one.above[:, of_day].sum(axis=1), below)
    se = fold.ratio()[1]
    se[plain] *= len(days)  # a sum over the days, not a mean of them
    se[names == "max_queue"] = np.nan
    return se, len(days)


def _table(
    plan: Plan,
    pairs: list[Key],
    means: Floats,
    errors: Floats,
    labels: Sequence[str],
    n: int,
) -> pd.DataFrame:
    """Long table of [pair, bin] arrays; what has no value (nothing offered, nobody on duty) is left out."""
    from sim.experiment import student

    has = ~np.isnan(means)
    pair, place = np.nonzero(has)
    mean, se = means[has], errors[has]
    half = student(n) * se
    units = [_unit(plan, name) for name, _, _ in pairs]
    share = np.array([unit == "share" for unit in units], bool)[pair]
    least = np.where(np.array([unit == POINTS for unit in units], bool)[pair], -100.0, 0.0)
    return pd.DataFrame(
        {
            "measure": _repeated([measure for measure, _, _ in pairs], pair),
            "scope": _repeated([scope for _, scope, _ in pairs], pair),
            "name": _repeated([name for _, _, name in pairs], pair),
            "interval": _repeated(labels, place),
            "mean": mean,
            "se": se,
            "low": np.maximum(mean - half, least),
            "high": np.where(share, np.minimum(mean + half, 1.0), mean + half),
            "unit": _repeated(units, pair),
        }
    )


def _repeated(labels: Sequence[str], which: Ints) -> "pd.Categorical[str]":
    """Labels by number: each text is stored once, however many rows have it."""
    names = list(dict.fromkeys(labels))
    place = {name: n for n, name in enumerate(names)}
    codes = np.array([place[label] for label in labels], np.int32)
    return pd.Categorical.from_codes(codes[which], categories=pd.Index(names))


def count_frame(plan: Plan, counts: Sequence[Numbers]) -> pd.DataFrame:
    """Counts [scope, column] of each replication as one row a (replication, scope)."""
    scopes = len(plan.scopes)
    flat = np.array(counts).reshape(-1, len(COLUMNS))
    frame = pd.DataFrame(flat, columns=list(COLUMNS))
    frame.insert(0, "replication", np.repeat(np.arange(len(counts)), scopes))
    frame.insert(1, "scope", np.tile([s.scope for s in plan.scopes], len(counts)))
    frame.insert(2, "name", np.tile([s.name for s in plan.scopes], len(counts)))
    return frame


def sample_frame(plan: Plan, samples: list[Floats]) -> pd.DataFrame:
    """Numerators and denominators over the horizon, one row a replication, measure and scope.

    The sum of `above` over that of `below`, over all replications, is the mean of a measure in its unit.
    A quantile of the waits is `above` itself, over 1, or 0 over 0 where nobody was answered.
    """
    pairs = _pairs(plan) + (plan.cases.keys() if plan.cases else [])
    pair = np.tile(np.arange(len(pairs)), len(samples))
    values = np.concatenate(samples)
    return pd.DataFrame(
        {
            "replication": np.repeat(np.arange(len(samples)), len(pairs)),
            "measure": _repeated([measure for measure, _, _ in pairs], pair),
            "scope": _repeated([scope for _, scope, _ in pairs], pair),
            "name": _repeated([name for _, _, name in pairs], pair),
            "above": values[:, 0],
            "below": values[:, 1],
        }
    )


def contact_frame(model: Model, legs: list[np.ndarray]) -> pd.DataFrame:
    """Legs of all replications: names for codes, seconds since the horizon's start for ticks."""
    rows = np.concatenate(legs) if legs else np.zeros(0, model.start.contact_log.dtype)
    frame = pd.DataFrame({"replication": np.repeat(np.arange(len(legs)), [len(x) for x in legs])})
    frame["contact"] = [f"{key:016x}" for key in rows["key"]]
    frame["parent"] = [f"{key:016x}" if key else "" for key in rows["parent"]]
    frame["stream"] = np.array(model.names.streams, object)[rows["stream"]]
    frame["queue"] = np.array(model.names.queues, object)[rows["queue"]]
    frame["group"] = np.array([*model.names.groups, ""], object)[rows["group"]]
    for field in ("agent", "attempt", "leg"):
        frame[field] = rows[field].astype(np.int64)
    frame["outcome"] = np.array(OUTCOMES, object)[rows["outcome"]]
    for field in _TICKS:
        frame[f"{field}_s"] = moments_s(rows[field])
    frame["handled_s"] = _worked(rows["touched"])
    frame["agent_s"] = _worked(rows["agent_time"])
    if has_cases(model.scenario):
        frame["case"] = [f"{key:016x}" if key else "" for key in rows["case"]]
        frame["work"] = np.array([*model.names.steps, ""], object)[rows["step"]]
        frame["by"] = np.array(ROLES, object)[rows["role"]]
        frame["due_s"] = moments_s(rows["due"])
    return frame


def moments_s(ticks: Ints) -> Floats:
    """Moments in s since the horizon's start; NaN where there is none, or none that is known."""
    found: Floats = np.where((ticks < 0) | (ticks >= NEVER), np.nan, ticks / 1e6)
    return found


def _worked(ticks: Ints) -> Floats:
    """Seconds of work; who is on call and still on the way has done none."""
    return np.maximum(ticks, 0) / 1e6
