"""Figures that are read off the log of contacts and cases, not off count columns.

A `Flow` is a scenario with sums over a replication's log, and figures that are ratios of such sums.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

import scenarios
from sim import drive
from sim.compile import Model, begin, compile_scenario
from tests.sim.logs import Keeper, Log

from .figures import Figure, Judged, judge_ratio
from .language import START, seed_of

REPLICATIONS: Final = 20
SECOND: Final = 1_000_000  # ticks
HOUR: Final = 3600 * SECOND

Sums = dict[str, float]


class Flow(NamedTuple):
    """A scenario as a file would have it, for about so many contacts; sums; figures by name."""

    sections: Callable[[float], dict[str, Any]]  # by contacts a replication
    sums: Callable[[Log, Model], Sums]
    figures: Mapping[str, tuple[float, str]]  # expected value, ratio of sums


def run_flow(name: str, flow: Flow, contacts: float) -> tuple[int, tuple[Judged, ...]]:
    """How many contacts came, and the figures of a flow, judged."""
    raw = {"careloop": 1, "name": name, "run": {"replications": REPLICATIONS}}
    scenario = scenarios.from_dict({**raw, **flow.sections(contacts / REPLICATIONS)})
    model = compile_scenario(scenario)
    seed = seed_of(name, contacts)
    rows, came = [], 0
    for replication in range(REPLICATIONS):
        keeper = Keeper(model)
        drive.run(model, begin(model, seed, replication), keeper)
        log = keeper.log()
        came += int((log.contacts["row"] == 0).sum())
        rows.append(flow.sums(log, model))
    columns = pd.DataFrame(rows)
    figures = (Figure(figure, expected, ratio) for figure, (expected, ratio) in flow.figures.items())
    return came, tuple(judge_ratio(figure, columns, 1.0) for figure in figures)


def plenty(contacts: float, days: int, **more: Any) -> dict[str, Any]:
    """A stream of so many contacts over some days around the clock, and a team in which nobody waits."""
    stream = {
        "queue": "desk",
        "arrivals": {"rate": f"{contacts / days / 24:.6f} per hour"},
        "handle_time": {"exponential": "5 min"},
    }
    agents = int(contacts / days / 24 * 5 / 60 * 4) + 60
    return {
        "calendar": {"start": START, "days": days, "interval": "60 min"},
        "streams": {"calls": {**stream, **more}},
        "queues": {"desk": {}},
        "groups": {"team": {"skills": ["desk"], "agents": agents}},
    }


def settled(log: Log, model: Model, hours: float) -> np.ndarray:
    """Cases so long before the end that what belongs to them has happened by then."""
    end = int(model.start.clock[0]["end"])
    found: np.ndarray = log.cases[log.cases["born"] < end - hours * HOUR]
    return found


def contacts_per_hour(model: Model) -> float:
    """What a scenario of `plenty` says of its stream."""
    (rate,) = {step.value for step in model.scenario.streams["calls"].arrivals.steps}
    return float(rate)
