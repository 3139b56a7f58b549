"""Little days that can be worked out by hand: whom, when and for how long, with nothing left to chance.

A contact that is to come at minute t waits from midnight on in a lobby that nobody serves, and
overflows after t into the queue that the day is about; there, its wait begins.
"""

from typing import Any, NamedTuple

import pandas as pd

import scenarios
from scenarios import Scenario
from sim.experiment import Result, run_scenario

Raw = dict[str, Any]


class Call(NamedTuple):
    """Some contacts at one minute of the day; patience in minutes after that."""

    queue: str
    at: float
    handle: float
    contacts: int = 1
    patience: float | None = None


def scenario(calls: list[Call], queues: Raw, groups: Raw, days: int = 1, **run: Any) -> Scenario:
    """The scenario of a little day: times in minutes."""
    raw: Raw = {
        "careloop": 1,
        "name": "a day by hand",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": days},
        "streams": {},
        "queues": dict(queues),
        "groups": dict(groups),
        "run": {"replications": 1, **run},
    }
    lobbies = []
    for n, call in enumerate(calls):
        queue = call.queue
        if call.at > 0:
            queue = f"lobby {n}"
            lobbies.append(queue)
            raw["queues"][queue] = {"overflow": {"to": call.queue, "after": _minutes(call.at)}}
        raw["streams"][f"calls {n}"] = _stream(call, queue)
    if lobbies:
        raw["groups"]["nobody"] = {"skills": lobbies, "agents": 0}
    return scenarios.from_dict(raw)


def _stream(call: Call, queue: str) -> Raw:
    stream: Raw = {
        "queue": queue,
        "arrivals": {"rate": "0 per hour"},
        "handle_time": {"deterministic": _minutes(call.handle)},
        "backlog": call.contacts,
    }
    if call.patience is not None:
        stream["patience"] = {"deterministic": _minutes(call.at + call.patience)}
    return stream


def _minutes(minutes: float) -> str:
    return f"{minutes * 60:.6f} s"


class Day:
    """What happened on a little day."""

    def __init__(self, scenario: Scenario, engine: str) -> None:
        self.result: Result = run_scenario(scenario, engine=engine, keep_contacts=True)

    def legs(self, queue: str) -> pd.DataFrame:
        """The legs of a queue in the order in which they ended."""
        frame = self.result.contacts
        assert frame is not None
        return frame[frame["queue"] == queue].sort_values(["ended_s", "queued_s"], kind="stable")

    def times(self, queue: str, column: str) -> list[float]:
        """A time of each leg of a queue, in minutes."""
        return [round(s / 60, 9) for s in self.legs(queue)[f"{column}_s"]]

    def outcomes(self, queue: str) -> list[str]:
        return list(self.legs(queue)["outcome"])

    def measure(self, name: str, scope: str, of: str) -> float:
        """A measure over the horizon."""
        table = self.result.measures
        here = table[(table["measure"] == name) & (table["scope"] == scope) & (table["name"] == of)]
        return float(here["mean"].iloc[0])

    def by_interval(self, name: str, scope: str, of: str) -> list[float]:
        """The same by interval."""
        table = self.result.intervals
        here = table[(table["measure"] == name) & (table["scope"] == scope) & (table["name"] == of)]
        return [float(mean) for mean in here["mean"]]

    def count(self, column: str, scope: str = "all", of: str = "all") -> int:
        """A count or time (ticks) of the one replication."""
        table = self.result.counts
        return int(table[(table["scope"] == scope) & (table["name"] == of)][column].iloc[0])

    def after(self, column: str, scope: str = "all", of: str = "all") -> int:
        """The same of what happened after the horizon."""
        table = self.result.after
        return int(table[(table["scope"] == scope) & (table["name"] == of)][column].iloc[0])
