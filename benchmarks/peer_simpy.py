"""SimPy as its guide teaches it: a process for each contact, which waits for an agent or gives up."""

import random
import time
from collections.abc import Generator
from typing import NamedTuple

import simpy

from benchmarks.model import MODEL, PeerResult


class Wait(NamedTuple):
    """What became of one contact."""

    seconds: float
    answered: bool


def contact(
    env: simpy.Environment, agents: simpy.Resource, draw: random.Random, waits: list[Wait]
) -> Generator[simpy.Event, object, None]:
    """Wait for an agent at most as long as patience lasts, then be served."""
    arrived = env.now
    with agents.request() as request:
        yield request | env.timeout(draw.expovariate(1 / MODEL.patience_s))
        waits.append(Wait(env.now - arrived, request.triggered))
        if request.triggered:
            yield env.timeout(draw.expovariate(1 / MODEL.service_s))


def arrivals(
    env: simpy.Environment, contacts: int, draw: random.Random, waits: list[Wait]
) -> Generator[simpy.Event, object, None]:
    agents = simpy.Resource(env, capacity=MODEL.agents)
    for _ in range(contacts):
        yield env.timeout(draw.expovariate(1 / MODEL.gap_s))
        env.process(contact(env, agents, draw, waits))


def run(contacts: int, seed: int) -> PeerResult:
    """One run until the last contact has left."""
    env = simpy.Environment()
    waits: list[Wait] = []
    start = time.process_time()
    env.process(arrivals(env, contacts, random.Random(seed), waits))
    env.run()
    cpu_s = time.process_time() - start
    return PeerResult(
        contacts,
        cpu_s,
        sl20=sum(wait.answered and wait.seconds <= MODEL.threshold_s for wait in waits) / contacts,
        abandon_share=sum(not wait.answered for wait in waits) / contacts,
        mean_wait_s=sum(wait.seconds for wait in waits) / contacts,
    )
