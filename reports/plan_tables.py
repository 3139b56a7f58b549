"""A plan as rows: its targets by day, what is behind them, trends by week, what each lever contributes."""

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from reports.tables_out import uncertain
from sim.checkpoints import Window
from sim.roadmap.contributions import Contribution
from sim.roadmap.plan import DayTarget, PlanResult, Trend
from sim.roadmap.standing import Effect, Spread, Standing

if TYPE_CHECKING:
    import pandas as pd

LABELS: Final = (
    "metric",
    "scope",
    "name",
    "direction",
    "status",
    "unit",
    "relative",
    "week",
    "of",
    "kind",
    "lever",
)
SEPARATE: Final = "sum of separate effects"
JOINT: Final = "all together"
OVERLAP: Final = "overlap"

Row = dict[str, Any]


def plan_json(found: PlanResult) -> str:
    """The plan as one JSON object; what has no value is null."""
    from reports.as_of_tables import as_of_json

    whole = {
        "scenario": found.scenario.name,
        "seed": found.seed,
        "replications": found.replications,
        "engine": found.engine,
        "version": found.version,
        "targets": target_rows(found),
        "baseline": baseline_rows(found),
        "trends": trend_rows(found),
        "levers": lever_rows(found),
        "decides": decided_rows(found),
        **uncertain(found.scenario),
        **as_of_json(found),
    }
    return json.dumps(whole, allow_nan=False)


def target_rows(found: PlanResult) -> list[Row]:
    """A row a target: what is asked by which day, what is projected, how probable it is, and its status.

    `target`, `median`, `p10` and `p90` are in the unit of the measure; `low` and `high` are the interval of
    the probability.
    """
    return [_target_row(each) for each in found.targets]


def _target_row(each: DayTarget) -> Row:
    stands = each.standing
    return {
        **metric_of(each),
        "target": number_or_null(each.target),
        **spread_of(stands.spread),
        **probability_of(stands),
    }


def decided_rows(found: PlanResult) -> list[Row]:
    """A row an assumption of each measure, the largest swing first.

    `p10` and `p90` are of the assumption: what a change moved, or the factor of a number; `effect` is how
    much the measure differs between them, `half_width` that of its 95 % interval, `explained` a share of
    variance.
    """
    return [
        {
            "metric": each.key[0],
            "scope": each.key[1],
            "name": each.key[2],
            "day": each.window.last,
            "assumption": one.assumption,
            "p10": one.low,
            "p90": one.high,
            "effect": one.effect.mean,
            "half_width": number_or_null(one.effect.half),
            "explained": one.explained,
        }
        for each in found.sensitivities
        for one in each.swings
    ]


def metric_of(each: DayTarget) -> Row:
    """The measure of a target, its day, and whether it is to be at least or at most so much."""
    goal = each.goal
    return {
        "metric": goal.measure,
        "scope": goal.scope,
        "name": goal.name,
        "day": goal.day,
        "direction": goal.comparison,
    }


def spread_of(found: Spread) -> Row:
    """Median, P10 and P90."""
    return {
        "median": number_or_null(found.median),
        "p10": number_or_null(found.p10),
        "p90": number_or_null(found.p90),
    }


def probability_of(stands: Standing) -> Row:
    """The probability of a target, its interval, and the status."""
    return {
        "probability": number_or_null(stands.probability),
        "low": number_or_null(stands.low),
        "high": number_or_null(stands.high),
        "status": stands.status,
    }


def baseline_rows(found: PlanResult) -> list[Row]:
    """A row a target: the same without the plan, what it is relative to, and the paired difference.

    `known` is how many replications of the plan have a value; `baseline` is the mean of the `n` without the
    plan that have one.
    """
    return [_baseline_row(each) for each in found.targets]


def _baseline_row(each: DayTarget) -> Row:
    return {
        **metric_of(each),
        "unit": each.unit,
        "relative": each.goal.relative,
        "first_day": each.window.first,
        "known": each.standing.known,
        "baseline": number_or_null(each.baseline.mean),
        "n": each.baseline.n,
        **spread_of(each.without.spread),
        **probability_of(each.without),
        **_effect("difference", each.effect),
    }


def _effect(name: str, each: Effect) -> Row:
    return {
        name: number_or_null(each.mean),
        f"{name}_low": number_or_null(each.low),
        f"{name}_high": number_or_null(each.high),
        f"{name}_n": each.n,
    }


def trend_rows(found: PlanResult) -> list[Row]:
    """A row a measure and week, of the plan and then without it."""
    return [row for trend in found.trends for row in _trend_rows(trend)]


def _trend_rows(trend: Trend) -> Iterator[Row]:
    metric, scope, name = trend.key
    for of, spreads in (("plan", trend.plan), ("baseline", trend.without)):
        for week, each in zip(trend.starts, spreads, strict=True):
            what = {"metric": metric, "scope": scope, "name": name, "unit": trend.unit}
            yield {**what, "of": of, "week": week, **spread_of(each)}


def lever_rows(found: PlanResult) -> list[Row]:
    """A row a measure and lever: what it brings alone, and on top of all others; then how these add up.

    The sum of separate effects less the overlap is what all levers bring together; these rows are of the
    kind `total`.
    """
    return [row for each in found.contributions for row in _lever_rows(found, each)]


def _lever_rows(found: PlanResult, each: Contribution) -> Iterator[Row]:
    metric, scope, name = each.key
    unit = next(target.unit for target in found.targets if target.goal[:3] == each.key)
    what = {"metric": metric, "scope": scope, "name": name, "day": each.window.last, "unit": unit}
    for part in each.parts:
        effects = {**_effect("alone", part.alone), **_effect("on_top", part.on_top)}
        yield {**what, "kind": "lever", "lever": part.name, **effects}
    none = _effect("on_top", Effect(math.nan, math.nan, 0))
    for label, effect in ((SEPARATE, each.separate), (JOINT, each.joint), (OVERLAP, each.overlap)):
        yield {**what, "kind": "total", "lever": label, **_effect("alone", effect), **none}


def replications_frame(found: PlanResult) -> "pd.DataFrame":
    """Numerator and denominator of every measure over every window, by replication; both 0 without a value.

    Windows are those of targets, and the weeks. `of` is plan or baseline.
    """
    import numpy as np
    import pandas as pd

    parts = []
    for of, each in (("plan", found.followed), ("baseline", found.baseline)):
        shape = each.figures.above.shape
        replication, measure, window = (index.ravel() for index in np.indices(shape))
        columns: dict[str, Any] = {"of": [of] * len(replication), "replication": replication}
        for n, label in enumerate(("metric", "scope", "name")):
            columns[label] = np.array([key[n] for key in each.keys], object)[measure]
        for n, label in enumerate(Window._fields):
            columns[f"{label}_day"] = np.array([w[n] for w in each.windows])[window]
        columns |= {"above": each.figures.above.ravel(), "below": each.figures.below.ravel()}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def number_or_null(value: float) -> float | None:
    """NaN, of what has no value, is null."""
    return None if math.isnan(value) else value
