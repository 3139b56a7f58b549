"""Run one replication and keep its log: what the tests of the engines compare."""

import hashlib
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from sim import drive
from sim.cases import POOL_FROM
from sim.compile import Model, begin, compile_scenario
from sim.fast import advance
from sim.layout import NOBODY, State
from tests.sim import random_scenarios

MICROSECONDS: Final = 1
COARSE: Final = 60_000_000  # ticks: a clock of whole minutes, full of ties


class Log(NamedTuple):
    """All rows of one replication, in the order in which they were written."""

    contacts: np.ndarray  # CONTACT_ROW
    agents: np.ndarray  # AGENT_ROW
    cases: np.ndarray  # CASE

    def digest(self) -> str:
        """A hash of every byte."""
        rows = self.contacts.tobytes() + self.agents.tobytes() + self.cases.tobytes()
        return hashlib.blake2b(rows, digest_size=16).hexdigest()

    def legs(self) -> np.ndarray:
        """The rows of legs."""
        legs: np.ndarray = self.contacts[self.contacts["row"] == 1]
        return legs


class Keeper:
    """A sink that keeps all rows."""

    def __init__(self, model: Model) -> None:
        self.contacts = [model.start.contact_log[:0]]
        self.agents = [model.start.agent_log[:0]]
        self.cases = [model.start.case_log[:0]]

    def __call__(self, contacts: np.ndarray, agents: np.ndarray, cases: np.ndarray) -> None:
        self.contacts.append(contacts.copy())
        self.agents.append(agents.copy())
        self.cases.append(cases.copy())

    def log(self) -> Log:
        return Log(*(np.concatenate(rows) for rows in (self.contacts, self.agents, self.cases)))


def run(
    model: Model,
    engine: drive.Advance = advance,
    chunk: int | None = None,
    seed: int = 1,
    start: State | None = None,
    course: drive.Course | None = None,
) -> Log:
    """The log of one replication, from the beginning or from the state `start`."""
    keeper = Keeper(model)
    drive.run(model, begin(model, seed, 0) if start is None else start, keeper, chunk, engine, course)
    return keeper.log()


@lru_cache(maxsize=64)
def random_model(seed: int, grain: int = MICROSECONDS, contacts: int = 300) -> Model:
    """The random scenario of this seed, compiled."""
    return compile_scenario(random_scenarios.scenario(seed, contacts), grain)


def tiny(model: Model) -> Model:
    """The same model with arrays so small that all of them must grow."""
    start = model.start
    queues, rows = len(start.queues), 8
    small = start._replace(
        clock=start.clock.copy(),
        contacts=start.contacts[: queues + 1 + rows].copy(),
        cases=start.cases[: POOL_FROM + rows].copy(),
        case_log=start.case_log[:rows].copy(),
        heap=start.heap[:rows].copy(),
        contact_log=start.contact_log[: rows + 16].copy(),
        agent_log=start.agent_log[: 2 * int(start.clock[0]["agents"]) + rows + 16].copy(),
    )
    small.contacts["next"][-1] = NOBODY
    small.cases["next"][-1] = NOBODY
    small.clock["spare"] = small.clock["spare_cases"] = rows
    return model._replace(start=small)


def first_difference(one: Log, other: Log) -> str:
    """Where two logs part, for the message of a failed test; empty where they do not."""
    for name in Log._fields:
        a, b = getattr(one, name), getattr(other, name)
        if a.tobytes() == b.tobytes():
            continue
        for n in range(min(len(a), len(b))):
            if a[n].tobytes() != b[n].tobytes():
                return f"{name} row {n}: {_shown(a[n])}\n  but {_shown(b[n])}"
        return f"{name}: {len(a)} rows, but {len(b)}"
    return ""


def _shown(row: np.void) -> str:
    return " ".join(f"{field}={row[field]}" for field in row.dtype.names or ())
