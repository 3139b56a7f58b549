"""Cases that go through several queues, some of them more than once: networks in product form.

With Poisson arrivals, exponential work and shares of what comes next, each queue is as if it were M/M/c by
itself, at the rate that the traffic equations give, feedback or not (Jackson 1957, "Networks of waiting
lines", Operations Research 5). A contact that comes to a queue finds what a stranger would (Sevcik and
Mitrani 1981), so the chance of waiting and the mean wait are those of M/M/c too.
"""

from typing import Any, Final

import numpy as np

from .closed_forms import erlang_c
from .language import Formulas, Kind, Parts, Ratio, Unit, Values, ratios, relaxation, stream

REENTRANT: Final = "Paths with feedback (Jackson network)"
_STATION: Final = {
    "mean_queue": "waiting / horizon",
    "prob_wait": "delayed / answered",
    "mean_wait": "wait_answered / answered",
    "visits": "answered / horizon",
}


def visits(rate: float, on: list[list[float]]) -> list[float]:
    """Contacts per unit that come to each queue: lambda = rate e_0 + lambda R."""
    size = len(on)
    outside = np.zeros(size)
    outside[0] = rate
    return [float(x) for x in np.linalg.solve(np.eye(size) - np.array(on).T, outside)]


def network(
    arrival_rate: float, means: list[float], servers: list[int], on: list[list[float]]
) -> dict[str, Any]:
    """What is expected of each queue, and of all together; `on[i][j]`: the share of i that goes to j."""
    rates = visits(arrival_rate, on)
    loads = [r * mean for r, mean in zip(rates, means, strict=True)]
    waits = [erlang_c(load, c) for load, c in zip(loads, servers, strict=True)]
    queues = [w * a / (c - a) for w, a, c in zip(waits, loads, servers, strict=True)]
    return {
        "prob_wait": waits,
        "mean_queue": queues,
        "mean_wait": [q / r for q, r in zip(queues, rates, strict=True)],
        "visits": rates,
        "mean_busy": loads,
        "mean_in_system": sum(queues) + sum(loads),
    }


def reentrant(p: Values, unit: Unit) -> Parts:
    """A path whose steps are the queues, each with a team of its own."""
    steps = [f"step {i}" for i in range(len(p["servers"]))]
    path: dict[str, Any] = {}
    for i, shares in enumerate(p["on"]):
        then = {steps[j]: share for j, share in enumerate(shares) if share} | {"solved": 1.0 - sum(shares)}
        path[steps[i]] = {
            "queue": steps[i],
            "handle_time": unit.exponential(1.0 / p["means"][i]),
            "then": then,
        }
    streams = {"cases": stream(unit, steps[0], p["arrival_rate"], unit.exponential(1.0)) | {"path": "way"}}
    queues: dict[str, Any] = {step: {} for step in steps}
    groups = {f"team of {s}": {"skills": [s], "agents": n} for s, n in zip(steps, p["servers"], strict=True)}
    formulas: Formulas = {"mean_in_system": Ratio("waiting + working / horizon", "all")}
    for i, step in enumerate(steps):
        formulas |= ratios({f"{name}[{i}]": text for name, text in _STATION.items()}, step)
        formulas |= ratios({f"mean_busy[{i}]": "working / horizon"}, f"team of {step}")
    forgets = 2.0 * sum(
        relaxation(r, 1.0 / mean, c)
        for r, mean, c in zip(visits(p["arrival_rate"], p["on"]), p["means"], p["servers"], strict=True)
    )
    return Parts(streams, queues, groups, p["arrival_rate"], forgets, formulas, more={"paths": {"way": path}})


_NETWORKS: Final[dict[str, dict[str, Any]]] = {
    "jackson-loop-1": {"arrival_rate": 1.0, "means": [0.6], "servers": [2], "on": [[0.4]]},
    "jackson-two-1-1": {
        "arrival_rate": 1.0, "means": [0.4, 0.5], "servers": [1, 1], "on": [[0.0, 1.0], [0.25, 0.0]],
    },
    "jackson-three-4-2-1": {
        "arrival_rate": 2.0,
        "means": [1.1, 1.0, 1.5],
        "servers": [4, 2, 1],
        "on": [[0.1, 0.4, 0.1], [0.2, 0.0, 0.1], [0.0, 0.3, 0.0]],
    },
}  # fmt: skip

NETWORKS: Final = [
    {"id": name, "model": REENTRANT, "params": p, "outputs": network(**p)} for name, p in _NETWORKS.items()
]
REENTRANT_KINDS: Final[dict[str, tuple[Kind, ...]]] = {REENTRANT: (reentrant,)}
