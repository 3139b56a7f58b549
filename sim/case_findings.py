"""Measures of cases over all replications, folded in their order."""

from typing import NamedTuple

import numpy as np

from scenarios.case_definitions import CASE_QUANTILES, REPLY_QUANTILES
from sim import tally as tallies
from sim.case_measure import CasePlan, CaseSums, Ints
from sim.case_tally import TICKS_PER_S
from sim.fold import Floats, Fold


class CaseFindings(NamedTuple):
    """All replications, folded in their order."""

    ratios: Fold  # [pair], over the horizon
    days: Fold  # [pair by day, day]
    quantiles: Fold  # [quantile], as value x has / has
    times: Ints


def no_findings(plan: CasePlan) -> CaseFindings:
    """Before the first replication."""
    return CaseFindings(
        Fold.empty((len(plan.pairs),)),
        Fold.empty((int(plan.by_day.sum()), len(plan.days))),
        Fold.empty((len(plan.quantiles),)),
        np.zeros((), np.int64),
    )


def add_findings(plan: CasePlan, findings: CaseFindings, one: CaseSums) -> CaseFindings:
    """One more replication."""
    quantiles = time_quantiles(plan, one.times)
    has = ~np.isnan(quantiles)
    return CaseFindings(
        findings.ratios.add(one.above[:, -1], one.below[:, -1]),
        findings.days.add(one.above[plan.by_day, :-1], one.below[plan.by_day, :-1]),
        findings.quantiles.add(np.where(has, quantiles, 0.0), has.astype(float)),
        findings.times + one.times,
    )


def case_sample(plan: CasePlan, one: CaseSums) -> Floats:
    """Numerators and denominators over the horizon, in the order of `CasePlan.keys`."""
    quantiles = time_quantiles(plan, one.times)
    has = ~np.isnan(quantiles)
    usual = np.stack([one.above[:, -1], one.below[:, -1]], axis=1)
    times = np.stack([np.where(has, quantiles, 0.0), has.astype(float)], axis=1)
    return np.concatenate([usual, times])


def time_quantiles(plan: CasePlan, times: Ints) -> Floats:
    """Quantiles (s) of bucketed times [2, scope, bucket], in the order of `CasePlan.quantiles`."""
    found = []
    for kind, shares in _kinds():
        buckets = np.full((times.shape[1], len(shares)), -1, np.int64)
        tallies.bucket_quantiles(times[kind], np.array(shares), buckets)
        middles = tallies.bucket_middle(buckets, tallies.FINE) / TICKS_PER_S
        found.append(np.where(buckets < 0, np.nan, middles).T.ravel())
    return np.concatenate(found)


def _kinds() -> list[tuple[int, list[float]]]:
    replies = list(REPLY_QUANTILES.values())
    return [(0, replies), (1, [q for name, q in CASE_QUANTILES.items() if name not in REPLY_QUANTILES])]
