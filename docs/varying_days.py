"""Two days with strong peaks for docs/time_varying.md, staffed by several methods and judged in two ways."""

import csv
import datetime
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

import careloop
import scenarios
from sim.erlang.day import Day
from sim.erlang.exact_staffing import staff_exactly
from sim.erlang.goals import Goals
from sim.erlang.varying import exact_level, staff_day

Floats = NDArray[np.float64]
INTERVAL_S: Final = 1800
GOALS: Final = Goals(service_level=0.8, within_s=20.0)
BUSY: Final = 0.25  # of the calls of the busiest half hour: from so many on an interval is looked at
EXACT: Final = "exact"
METHODS: Final = {
    "sipp": "SIPP: each half hour by itself",
    "sipp_mix": "SIPP mix",
    "lagged_sipp": "lagged SIPP",
    "offered_load": "modified offered load",
    EXACT: "exact, half hour after half hour",
}
_SCALE: Final = 30.0
_CASE_PER_HOUR: Final = (60, 96, 144, 180, 192, 180, 168, 144, 132, 144, 156, 156, 132, 108, 72, 48)
_MIDNIGHT: Final = 1440
MONDAY: Final = datetime.date(2014, 2, 24)
_OPEN_H: Final = (8, 20)


class Peaks(NamedTuple):
    """A day by half hours."""

    name: str
    from_h: float  # of the clock
    per_hour: Floats
    handle_s: float
    patience_s: float

    @property
    def busy(self) -> NDArray[np.bool_]:
        return np.asarray(self.per_hour >= BUSY * self.per_hour.max())


def case_day() -> Peaks:
    """The rates of the reference day `mtmctm-day16`, many times as large."""
    return Peaks("case", 8.0, _SCALE * np.array(_CASE_PER_HOUR, float), 240.0, 180.0)


def vanad_day(export: Path) -> Peaks:
    """All calls of a Monday of VANAD Laboratories; patience is all time waited over all who gave up."""
    found = [call for call in _calls(export) if call[0].date() == MONDAY]
    counts, handle_s, waited_s, gave_up = np.zeros(48), [], 0.0, 0
    for received, answered, left in found:
        counts[received.hour * 2 + received.minute // 30] += 1.0
        waited_s += ((answered or left) - received).total_seconds()
        gave_up += answered is None
        if answered is not None:
            handle_s.append((left - answered).total_seconds())
    first, last = (2 * hour for hour in _OPEN_H)
    per_hour = counts[first:last] * 3600.0 / INTERVAL_S
    return Peaks(
        "vanad", float(_OPEN_H[0]), per_hour, round(float(np.mean(handle_s))), round(waited_s / gave_up)
    )


Call = tuple[
    datetime.datetime, datetime.datetime | None, datetime.datetime
]  # received, answered, left the agent


def _calls(export: Path) -> list[Call]:
    """The calls of an export, those that are in it twice once."""
    with gzip.open(export, "rt", encoding="utf-8", newline="") as file:
        rows = {tuple(row.values()): row for row in csv.DictReader(file)}.values()
    read = datetime.datetime.fromisoformat
    return [
        (
            read(row["date_received"]),
            read(row["answered"]) if row["answered"] else None,
            read(row["transfer"] or row["hangup"]),
        )
        for row in rows
    ]


def staffed(day: Peaks, method: str) -> Floats:
    """Agents by half hour."""
    if method == EXACT:
        return staff_exactly(day.per_hour, day.handle_s, GOALS, INTERVAL_S, patience_s=day.patience_s)
    return staff_day(method, day.per_hour, day.handle_s, GOALS, INTERVAL_S, patience_s=day.patience_s)


def exact(day: Peaks, agents: Floats) -> Floats:
    """Service level by half hour, by the exact course of the day."""
    whole = Day(day.per_hour, agents, day.handle_s, INTERVAL_S, day.patience_s)
    return exact_level(whole, float(np.asarray(GOALS.within_s)), GOALS.definition)


def with_one_fewer(day: Peaks, agents: Floats, which: NDArray[np.bool_] | None = None) -> Floats:
    """The exact service level of each half hour, or of `which`, if only this one had one agent fewer."""
    found = np.full(len(agents), np.nan)
    for i in np.arange(len(agents)) if which is None else np.flatnonzero(which):
        until = slice(i + 2)  # what comes later than the next half hour is not felt
        fewer = np.maximum(agents - (np.arange(len(agents)) == i), 0.0)
        found[i] = exact(day._replace(per_hour=day.per_hour[until]), fewer[until])[i]
    return found


class Simulated(NamedTuple):
    """Service level by half hour, and its standard error."""

    level: Floats
    se: Floats


def simulated(day: Peaks, agents: Floats, replications: int) -> Simulated:
    """The same by simulation, with one day a replication; the day is put at the end of the calendar's."""
    first = _MIDNIGHT - len(agents) * INTERVAL_S // 60
    scenario = scenarios.from_dict(
        {
            "careloop": 1,
            "name": day.name,
            "calendar": {"start": "2026-01-05", "days": 1, "interval": "30 min"},
            "streams": {
                "calls": {
                    "queue": "line",
                    "arrivals": {"by_interval": {**_profile(first, day.per_hour.tolist()), "per": "hour"}},
                    "handle_time": {"exponential": f"{day.handle_s} s"},
                }
            },
            "queues": {
                "line": {
                    "patience": {"exponential": f"{day.patience_s} s"},
                    "target": "80% in 20 s",
                    "service_level": GOALS.definition,
                }
            },
            "groups": {"team": {"skills": ["line"], "agents": _profile(first, [int(n) for n in agents])}},
        }
    )
    table = careloop.simulate(scenario, replications=replications, seed=1).intervals
    rows = table[(table["measure"] == "service_level") & (table["name"] == "line")].tail(len(agents))
    return Simulated(rows["mean"].to_numpy(float), rows["se"].to_numpy(float))


def _profile(first: int, values: Sequence[float]) -> dict[str, Any]:
    return {"from": f"{first // 60:02d}:{first % 60:02d}", "step": "30 min", "daily": list(values)}
