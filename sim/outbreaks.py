"""When incidents start and when they are over, looked at as each interval starts."""

import numpy as np

from sim import draws
from sim.clock import NEVER
from sim.draws import child_key, counter, uniform
from sim.incidents import is_over_at, write_incident
from sim.jit import U64, compiled, routine
from sim.layout import State, Tables
from sim.poisson import poisson
from sim.quantiles import delay
from sim.side_work import raise_after_incident
from sim.signals import moment


@routine
def follow(tables: Tables, state: State, tick: int) -> None:
    """At the start of an interval: incidents that are over are logged, others start within it."""
    state.clock[0]["now"] = tick
    for i in range(state.incidents.size):
        incident = state.incidents[U64(i)]
        if incident["started"] >= 0 and is_over_at(state, i) + incident["fades"] <= tick:
            raise_after_incident(tables, state, i)
            write_incident(state, i)
        if incident["started"] < 0:
            _start_if_due(tables, state, i, tick)


@compiled
def _start_if_due(tables: Tables, state: State, i: int, tick: int) -> None:
    clock = state.clock[0]
    incident = state.incidents[U64(i)]
    key = child_key(incident["key"], moment(state, tick))
    start = NEVER
    if incident["every"] > 0.0:
        u = uniform(clock["run"], key, counter(0, draws.INCIDENT))
        if poisson(clock["interval"] / incident["every"], u) > 0:
            places = clock["interval"] // clock["grain"]
            place = int(uniform(clock["run"], key, counter(0, draws.INCIDENT) + 1) * places)
            start = tick + place * clock["grain"]
    while incident["next_start"] < incident["last_start"] and start == NEVER:
        planned = int(tables.curves[U64(incident["next_start"])])
        if planned >= tick + clock["interval"]:
            return
        incident["next_start"] += 1
        if planned >= tick:
            start = planned
    # Fewer start than would without the dial, those that are planned too.
    if start < NEVER and uniform(clock["run"], key, counter(0, draws.AVERTED)) < state.course[0]["starts"]:
        _start(tables, state, i, key, start)


@compiled
def _start(tables: Tables, state: State, i: int, key: np.uint64, start: int) -> None:
    incident = state.incidents[U64(i)]
    lasts = delay(tables, incident["lasts"], state.clock[0]["run"], key, counter(0, draws.INCIDENT_DELAY))
    incident["run"] = key
    incident["started"] = start
    incident["ends"] = start + lasts
    incident["alarm"] = -1
    incident["mended"] = NEVER
    incident["posted"] = NEVER
    incident["tagged"] = 0
    incident["contacts"] = 0
    incident["arr"] = 0.0
    incident["raised"] = 0
    for m in range(incident["accounts_from"], incident["accounts_to"]):
        state.marks[U64(m)]["tick"] = -1
