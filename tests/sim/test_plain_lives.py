"""Cases that go through one step and bring nothing along are plain contacts: the same log to the byte.

What a case is (its cause, severity, account, flags) changes nothing where nothing depends on it.
"""

from typing import Any, Final

import numpy as np
import pytest

import scenarios
from sim.compile import compile_scenario
from tests.sim import random_scenarios
from tests.sim.logs import COARSE, MICROSECONDS, Log, run

Raw = dict[str, Any]

OF_CASES: Final = ("case", "step", "due")  # fields of contact rows that plain contacts leave empty

ERLANG_A: Final[Raw] = {
    "careloop": 1,
    "name": "Erlang A",
    "service_level": "offered",
    "calendar": {"start": "2026-03-02", "days": 2},
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "100 per hour"},
            "handle_time": {"exponential": "5 min"},
        }
    },
    "queues": {"phone": {"patience": {"exponential": "3 min"}}},
    "groups": {"team": {"skills": ["phone"], "agents": 9}},
    "run": {"replications": 1},
}

ONE_STEP: Final[Raw] = {"paths": {"p": {"first": {"then": "solved"}}}}
WHAT_IT_IS: Final[Raw] = {
    "severities": {"S1": {"resolution": "4 h"}, "S3": {"first_response": "same day"}},
    "causes": {"billing": {}, "outage": {}},
    "tiers": {"small": {"accounts": 100, "arr": "$100"}, "vip": {"accounts": 3, "arr": "$60000"}},
    "flags": {"pci": "compliance"},
    "tagging": {"accuracy": "70%"},  # wrong tags lead to the same queue
    "closing": {"confirms": {"share": "50%", "after": {"exponential": "1 h"}}},
    "outcomes": {"response": "50%"},
}
_MIXES: Final[Raw] = {
    "severities": {"S1": "10%", "S3": "90%"},
    "causes": {"billing": "40%", "outage": "60%"},
    "tiers": {"small": "90%", "vip": "10%"},
    "flags": {"pci": "30%"},
}
LIVES: Final[dict[str, tuple[Raw, Raw]]] = {
    "one step": (ONE_STEP, {"path": "p"}),
    "what it is": (WHAT_IT_IS, _MIXES),
    "both": ({**ONE_STEP, **WHAT_IT_IS}, {"path": "p", **_MIXES}),
}


def with_life(raw: Raw, life: str) -> Raw:
    """The scenario with cases that lead the life of plain contacts."""
    sections, of_stream = LIVES[life]
    streams = {name: {**stream, **of_stream} for name, stream in raw["streams"].items()}
    return {**raw, "streams": streams, **sections}


def without_case_fields(log: Log) -> tuple[bytes, bytes]:
    """Contact and agent rows, without what only contacts of cases have."""
    names = [name for name in log.contacts.dtype.names or () if name not in OF_CASES]
    kept = b"".join(np.ascontiguousarray(log.contacts[name]).tobytes() for name in names)
    return kept, log.agents.tobytes()


def plain_seeds(count: int) -> list[int]:
    """Random scenarios without cases."""
    seeds = (seed for seed in range(10 * count) if not _has_life(random_scenarios.mapping(seed)))
    return [next(seeds) for _ in range(count)]


def _has_life(raw: Raw) -> bool:
    known = {"careloop", "name", "service_level", "calendar", "streams", "queues", "groups", "run"}
    return bool(raw.keys() - known) or any("self_service" in stream for stream in raw["streams"].values())


def check(raw: Raw, life: str, grain: int) -> None:
    plain, lived = (run(compile_scenario(scenarios.from_dict(r), grain)) for r in (raw, with_life(raw, life)))
    assert len(plain.contacts) > 50
    assert not len(plain.cases)
    assert without_case_fields(plain) == without_case_fields(lived)
    fresh = (lived.contacts["row"] == 0) & (lived.contacts["attempt"] == 0)
    assert len(lived.cases) == fresh.sum()


@pytest.mark.parametrize("life", LIVES)
def test_erlang_a_with_cases_is_erlang_a(life: str) -> None:
    check(ERLANG_A, life, MICROSECONDS)


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("seed", plain_seeds(12))
def test_plain_lives_are_plain_contacts(seed: int, life: str) -> None:
    for grain in (MICROSECONDS, COARSE):
        check(random_scenarios.mapping(seed), life, grain)
