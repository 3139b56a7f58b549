"""Result tables: what an experiment found, as pandas frames with a unit in every row."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from scenarios.definitions import QUANTILES
from sim.compile import Model
from sim.log import OUTCOMES
from sim.measure import Floats, Ints, Plan, all_names, applies, unit_of, wait_quantiles
from sim.tally import COARSE, COLUMNS, FINE

if TYPE_CHECKING:
    from sim.experiment import Findings

MEASURE_COLUMNS: Final = ("measure", "scope", "name", "interval", "mean", "se", "low", "high", "unit")
_TICKS: Final = ("born", "queued", "started", "ended")


def measure_frames(plan: Plan, findings: "Findings") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures over the horizon, and by bin."""
    mean, se = findings.ratios.ratio()
    means = np.concatenate([mean, _quantile_means(plan, findings)])
    errors = np.concatenate([se, _quantile_errors(plan, findings)])
    has = np.concatenate([applies(plan), _has_quantiles(plan)])
    replications = findings.ratios.n
    rows = _table(plan, has, means[:, :, :-1], errors[:, :, :-1], replications)
    if replications == 1:
        errors[: len(mean), :, -1], batches = _batch_errors(plan, findings)
        errors[len(mean) :] = np.nan
        replications = batches
    whole = _table(plan, has, means[:, :, -1:], errors[:, :, -1:], replications)
    whole["interval"] = None
    return whole, rows


def _has_quantiles(plan: Plan) -> np.ndarray:
    has = np.array([s.scope != "all" or len(plan.model.names.queues) > 0 for s in plan.scopes])
    return np.tile(has, (len(QUANTILES), 1))


def _by_bin(plan: Plan, by_queue: Floats, over_horizon: Floats) -> Floats:
    """[quantile, scope, bin + 1]: by bin for queues only, over the horizon for all scopes."""
    out = np.full((len(QUANTILES), len(plan.scopes), len(plan.bins) + 1), np.nan)
    out[:, 1 : 1 + len(plan.model.names.queues), :-1] = by_queue
    out[:, :, -1] = over_horizon
    return out


def _quantile_means(plan: Plan, findings: "Findings") -> Floats:
    """Quantiles of the waits of all replications together."""
    return _by_bin(plan, wait_quantiles(findings.bin_waits, COARSE), wait_quantiles(findings.waits, FINE))


def _quantile_errors(plan: Plan, findings: "Findings") -> Floats:
    """Standard errors from the quantiles of the single replications."""
    return _by_bin(plan, findings.bin_quantiles.ratio()[1], findings.quantiles.ratio()[1])


def _batch_errors(plan: Plan, findings: "Findings") -> tuple[Floats, int]:
    """Standard errors over the horizon of a single replication: its days are batches, if enough."""
    from sim.experiment import BATCHES_AT_LEAST, Fold

    one = findings.last
    days = np.unique(plan.days)
    if one is None or len(days) < BATCHES_AT_LEAST:
        return np.full(findings.ratios.above.shape[:2], np.nan), 1
    fold = Fold.empty(one.above.shape[:2])
    plain = np.append(plan.plain, [False, True, True])
    for day in days:
        of_day = np.flatnonzero(plan.days == day)
        below = one.below[:, :, of_day].sum(axis=2)
        below[plain] = 1.0
        fold = fold.add(one.above[:, :, of_day].sum(axis=2), below)
    se = fold.ratio()[1]
    se[plain] *= len(days)  # a sum over the days, not a mean of them
    se[all_names(plan).index("max_queue")] = np.nan
    return se, len(days)


def _table(plan: Plan, has: np.ndarray, means: Floats, errors: Floats, n: int) -> pd.DataFrame:
    """Long table of [measure, scope, bin] arrays; measures that a scope does not have are left out."""
    from sim.experiment import student

    names = (*all_names(plan), *QUANTILES)
    m, s = np.nonzero(has)
    bins = means.shape[2]
    mean, se = means[m, s].ravel(), errors[m, s].ravel()
    with_value = ~np.isnan(mean)
    half = student(n) * se
    units = np.array([unit_of(plan, name) for name in names], object)
    share = np.repeat(units[m] == "share", bins)
    labels = np.array(plan.bins if bins == len(plan.bins) else [""] * bins, object)
    table = pd.DataFrame(
        {
            "measure": np.repeat(np.array(names, object)[m], bins),
            "scope": np.repeat(np.array([x.scope for x in plan.scopes], object)[s], bins),
            "name": np.repeat(np.array([x.name for x in plan.scopes], object)[s], bins),
            "interval": np.tile(labels, len(m)),
            "mean": mean,
            "se": se,
            "low": np.maximum(mean - half, 0.0),
            "high": np.where(share, np.minimum(mean + half, 1.0), mean + half),
            "unit": np.repeat(units[m], bins),
        }
    )
    return table[with_value].reset_index(drop=True)


def count_frame(plan: Plan, counts: list[Ints]) -> pd.DataFrame:
    """Counts [scope, column] of each replication as one row a (replication, scope)."""
    scopes = len(plan.scopes)
    flat = np.array(counts).reshape(-1, len(COLUMNS))
    frame = pd.DataFrame(flat, columns=list(COLUMNS))
    frame.insert(0, "replication", np.repeat(np.arange(len(counts)), scopes))
    frame.insert(1, "scope", np.tile([s.scope for s in plan.scopes], len(counts)))
    frame.insert(2, "name", np.tile([s.name for s in plan.scopes], len(counts)))
    return frame


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
        seconds = rows[field] / 1e6
        frame[f"{field}_s"] = np.where(rows[field] < 0, np.nan, seconds)
    frame["handled_s"] = rows["touched"] / 1e6
    return frame
