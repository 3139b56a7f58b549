"""Facts that do not go with a scenario, or with the day as of which they are asked."""

import math
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import has_cases
from sim.asof.named import Columns, FactsError
from sim.asof.result import Source
from sim.compile import Model
from sim.measure import Floats

_SURE: Final = 20.0  # contacts expected on days of which an export has none: by chance once in 500 million


class Facts(NamedTuple):
    """What has happened: an export, and where it is from."""

    columns: Columns
    source: Source
    notes: tuple[str, ...]


def day_number(scenario: Scenario, day: date) -> int:
    """How many days of the horizon are passed; raises ValueError for a day that is none of them."""
    start, days = scenario.calendar.start, scenario.calendar.days
    last = start + timedelta(days=days - 1)
    if not start <= day <= last:
        raise ValueError(
            f"{day} is no day of the plan, which goes from {start} to {last}; write the first day that is to "
            "be simulated"
        )
    return (day - start).days


def refuse(model: Model, facts: Facts, day: int) -> None:
    """Raise FactsError, with what to do, where an export cannot tell of the days before day number `day`."""
    if day == 0:
        return
    dates, source = model.almanac.dates, facts.source
    first, last = dates[0], dates[day - 1]
    asked = f"what has happened from {first} to {last} is asked for"
    if source.last < first or source.first > last:
        raise FactsError(
            f"goes from {source.first} to {source.last}, and {asked}; give an export of these days, or a "
            "plan that begins with it"
        )
    expected = expected_by_day(model)
    before = float(expected[: max((source.first - first).days, 0)].sum())
    after = float(expected[max((source.last - first).days + 1, 0) : day].sum())
    if before >= _SURE:
        raise FactsError(
            f"begins on {source.first}, and {asked}: {_missing(before)}; give the days before it too"
        )
    if after >= _SURE:
        raise FactsError(
            f"ends on {source.last}, and {asked}: {_missing(after)}; give the days after it too, or plan as "
            f"of {source.last + timedelta(days=1)}"
        )
    if has_cases(model.scenario) and not facts.columns.has("case_id"):
        raise FactsError("has no cases: the column case_id says which contacts are about one problem")


def _missing(expected: float) -> str:
    return f"of the other days, for which the plan expects {math.floor(expected):,} contacts, it has none"


def expected_by_day(model: Model) -> Floats:
    """The contacts that a plan expects on each day of the horizon, before self-service keeps any away."""
    almanac, tables = model.almanac, model.tables
    whole = np.zeros(almanac.intervals)
    for stream in tables.streams:
        first = int(stream["rates"])
        whole += tables.curves[first : first + almanac.intervals]
    edges = np.array(almanac.midnights[:-1]) // almanac.interval_s
    found: Floats = np.add.reduceat(whole, edges)
    return found
