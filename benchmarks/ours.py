"""careloop as a peer: the fast engine with its full logs, tallied into all measures by interval."""

import functools
import time

import numpy as np

import scenarios
from benchmarks.model import MODEL, PeerResult
from scenarios.model import Scenario
from sim import drive
from sim.compile import begin, compile_scenario
from sim.measure import Plan, new_tally, plan_measures
from sim.tally import COLUMNS, Tally, add_up, tally_agents, tally_contacts

_DAY_S = 86_400.0


def scenario(days: int) -> Scenario:
    """MODEL as a scenario over so many days round the clock."""
    return scenarios.from_dict(
        {
            "careloop": 1,
            "name": "M/M/n+M",
            "service_level": "offered",
            "calendar": {"start": "2026-01-05", "days": days, "interval": "30 min"},
            "streams": {
                "calls": {
                    "queue": "phone",
                    "arrivals": {"rate": f"{3600.0 / MODEL.gap_s} per hour"},
                    "handle_time": {"exponential": f"{MODEL.service_s} s"},
                }
            },
            "queues": {
                "phone": {
                    "target": f"80% in {MODEL.threshold_s} s",
                    "patience": {"exponential": f"{MODEL.patience_s} s"},
                }
            },
            "groups": {"agents": {"skills": ["phone"], "agents": MODEL.agents}},
        }
    )


@functools.cache
def _plan(days: int) -> Plan:
    return plan_measures(compile_scenario(scenario(days)))


def simulate(plan: Plan, seed: int) -> Tally:
    """One replication, log and measures included."""
    tally = new_tally(plan)

    def sink(contacts: np.ndarray, agents: np.ndarray, _cases: np.ndarray) -> None:
        tally_contacts(plan.frame, tally, contacts)
        tally_agents(plan.frame, tally, agents)

    drive.run(plan.model, begin(plan.model, seed, 0), sink)
    return tally


def run(contacts: int, seed: int) -> PeerResult:
    """One run of about `contacts` contacts: as many whole days as that takes."""
    plan = _plan(max(1, round(contacts * MODEL.gap_s / _DAY_S)))
    started = time.process_time()
    tally = simulate(plan, seed)
    add_up(plan.frame, tally)
    cpu_s = time.process_time() - started
    every = tally.counts[0][: plan.rows].sum(axis=0)  # the other bins hold the same contacts once more
    total = dict(zip(COLUMNS, every.tolist(), strict=True))
    offered = total["offered"]
    waited = total["wait_answered"] + total["wait_abandoned"]
    return PeerResult(
        offered,
        cpu_s,
        total["answered_within"] / offered,
        total["abandoned"] / offered,
        waited / offered / 1e6,
    )
