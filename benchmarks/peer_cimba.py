"""Cimba's Python package, in the two styles it offers: agents as processes, and bare events.

In both, a contact that has lost patience stays in line and is passed over when an agent reaches
it. First come first served, that is the same model with no event for giving up: the fastest way
of writing it, and one that the other peers do not use.
"""

import time

import cimba as cb
from cimba import random

from benchmarks.model import MODEL, PeerResult

RING = 4096
"""Longest line of the event style; the model's own mean is 2 contacts."""


class Centre(cb.Model):
    """What both styles share: parameters and figures."""

    contacts: cb.Param[int] = 1
    gap: cb.Param[float] = MODEL.gap_s
    service: cb.Param[float] = MODEL.service_s
    patience: cb.Param[float] = MODEL.patience_s
    threshold: cb.Param[float] = MODEL.threshold_s
    answered: cb.Output[int]
    gone: cb.Output[int]
    within: cb.Output[int]
    waited: cb.Output[float]

    @cb.on_start
    def clear(self) -> None:
        self.waited = 0.0


class Agents(Centre):
    """A hundred coroutines that take contacts from a store: Cimba's own style."""

    line: cb.Store[float]

    @cb.process
    def arrivals(self) -> None:
        for _ in range(self.contacts):
            cb.hold(random.exponential(self.gap))
            self.line.put(cb.now())

    @cb.process(copies=MODEL.agents)
    def agent(self) -> None:
        while True:
            arrived = self.line.get()
            wait = cb.now() - arrived
            patience = random.exponential(self.patience) if wait > 0.0 else 0.0
            if patience < wait:
                self.gone += 1
                self.waited += patience
            else:
                self.answered += 1
                self.waited += wait
                if wait <= self.threshold:
                    self.within += 1
                cb.hold(random.exponential(self.service))


class Events(Centre):
    """No coroutines: two events and a ring of arrival times."""

    line: cb.Array[float] = cb.Array(RING)
    head: int = 0
    tail: int = 0
    idle: int = MODEL.agents
    offered: int = 0

    @cb.on_start
    def begin(self) -> None:
        cb.schedule(self.arrival, random.exponential(self.gap))

    @cb.event
    def arrival(self) -> None:
        self.offered += 1
        if self.idle > 0:
            self.idle -= 1
            self.answered += 1
            self.within += 1
            cb.schedule(self.finish, random.exponential(self.service))
        else:
            self.line[self.tail % RING] = cb.now()
            self.tail += 1
        if self.offered < self.contacts:
            cb.schedule(self.arrival, random.exponential(self.gap))

    @cb.event
    def finish(self) -> None:
        while self.head < self.tail:
            wait = cb.now() - self.line[self.head % RING]
            self.head += 1
            patience = random.exponential(self.patience)
            if patience >= wait:
                self.answered += 1
                self.waited += wait
                if wait <= self.threshold:
                    self.within += 1
                cb.schedule(self.finish, random.exponential(self.service))
                return
            self.gone += 1
            self.waited += patience
        self.idle += 1


def _run(centre: Centre, contacts: int, seed: int) -> PeerResult:
    centre.contacts = contacts
    experiment = cb.Experiment(centre, replications=1, seed=seed)
    start = time.process_time()
    results = experiment.run(workers=1, on_failure="raise")
    cpu_s = time.process_time() - start
    found = results[centre]
    return PeerResult(
        contacts,
        cpu_s,
        sl20=float(found.within[0, 0]) / contacts,
        abandon_share=float(found.gone[0, 0]) / contacts,
        mean_wait_s=float(found.waited[0, 0]) / contacts,
    )


def run(contacts: int, seed: int) -> PeerResult:
    """Agents as processes. The first run of a process compiles the model; warm it up."""
    return _run(Agents(), contacts, seed)


def run_events(contacts: int, seed: int) -> PeerResult:
    """Bare events."""
    return _run(Events(), contacts, seed)
