"""The length of intervals where a file does not say it: the shortest distance between two of its rows."""

from typing import Any

import ibis

from calibration.facts.database import Database
from calibration.facts.sql import DAY_US, SECOND_US, total
from scenarios.problems import Finding, ReadingError


def with_length(database: Database, facts: Any, path: str) -> tuple[Any, tuple[str, ...]]:
    """Intervals with their length, and what was found. Raises ``ReadingError`` where it cannot be told."""
    missing = database.number(facts.aggregate(n=total(facts["length_us"].isnull()))["n"].as_scalar())
    if not missing:
        return facts, ()
    starts = facts.select("queue", "channel", "start_us").distinct()
    before = starts["start_us"].lag().over(group_by=["queue", "channel"], order_by="start_us")
    gaps = starts.mutate(gap=starts["start_us"] - before)
    shortest = gaps.aggregate(gap=gaps["gap"].min()).to_pyarrow().to_pylist()[0]["gap"]
    if shortest is None or shortest > DAY_US:
        told = "has no interval_minutes, and no two intervals that tell it; add the column"
        raise ReadingError([Finding((), told, file=path)])
    note = f"intervals are {shortest / (60 * SECOND_US):g} min long: the shortest distance of two of them"
    return facts.mutate(length_us=ibis.coalesce(facts["length_us"], shortest)), (note,)
