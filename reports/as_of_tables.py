"""A plan as of a day as rows: how far each target's probability has moved, by what, and the volumes seen."""

from typing import Any

from reports.plan_tables import Row, metric_of, number_or_null, probability_of, spread_of
from sim.asof.learned import Volume
from sim.asof.result import AsOf, Moved
from sim.roadmap.plan import DayTarget, PlanResult
from sim.roadmap.standing import Standing


def as_of_json(found: PlanResult) -> dict[str, Any]:
    """The object `as_of` of the JSON of a plan; none for a plan as it was made."""
    as_of = found.as_of
    if as_of is None:
        return {}
    whole = {
        "date": as_of.date.isoformat(),
        "days": as_of.days,
        "facts": _facts(as_of),
        "open_cases": as_of.open_cases,
        "waiting": as_of.waiting,
        "targets": moved_rows(found),
        "volumes": [_volume(each) for each in as_of.volumes],
        "cautions": list(as_of.cautions),
    }
    return {"as_of": whole}


def _facts(as_of: AsOf) -> Row:
    source = as_of.source
    return {
        "files": list(source.files),
        "format": source.format,
        "rows": source.rows,
        "first": source.first.isoformat(),
        "last": source.last.isoformat(),
    }


def moved_rows(found: PlanResult) -> list[Row]:
    """A row a target: where it stood as the plan was made, where it stands, and the steps between."""
    assert found.as_of is not None
    return [_moved(target, each) for target, each in zip(found.targets, found.as_of.moved, strict=True)]


def _moved(target: DayTarget, each: Moved) -> Row:
    steps = [
        {"step": step.name, "change": number_or_null(step.change), **_stands(step.standing)}
        for step in each.steps
    ]
    return {
        **metric_of(target),
        "then": _stands(each.then),
        "now": _stands(each.now),
        "change": number_or_null(each.change),
        "steps": steps,
        "untold": each.untold or None,
    }


def _stands(found: Standing) -> Row:
    return {**spread_of(found.spread), **probability_of(found)}


def _volume(each: Volume) -> Row:
    learned = each.learned
    return {
        "stream": each.stream,
        "seen": each.seen,
        "expected": each.expected,
        "low": each.low,
        "high": each.high,
        "factor": learned.mean if learned else None,
        "factor_low": learned.low if learned else None,
        "factor_high": learned.high if learned else None,
    }
