"""Scenarios that are small enough to be solved again, and run fast."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from scenarios import Scenario, from_dict
from sim.staffing.answer import Asked, Staffing, staffing_of

Build = Callable[..., Scenario]


@cache
def usual(asked: Asked) -> Staffing:
    """The staffing of the plain phone team: not to be changed, several tests look at it."""
    return staffing_of(from_dict(_PHONE), asked)


@pytest.fixture
def phone_team() -> Build:
    """A phone queue with a team of its own; changes are laid over the top level of the file."""

    def build(changes: Mapping[str, Any] | None = None) -> Scenario:
        return from_dict({**_PHONE, **(changes or {})})

    return build


_PHONE: Mapping[str, Any] = {
    "careloop": 1,
    "name": "Phone team",
    "service_level": "answered_plus_abandoned_within",
    "calendar": {
        "start": "2026-03-02",
        "days": 14,
        "interval": "60 min",
        "hours": {"desk": {"mon-fri": "09:00-12:00"}},
    },
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"by_interval": {"from": "09:00", "step": "60 min", "mon-fri": [12, 25, 18]}},
            "handle_time": {"exponential": "4 min"},
        }
    },
    "queues": {
        "phone": {"hours": "desk", "target": "80% in 20 s each day", "patience": {"exponential": "3 min"}}
    },
    "groups": {
        "team": {
            "skills": ["phone"],
            "agents": {"mon-fri": {"09:00-12:00": 3}},
            "pay": "20 EUR/h",
            "shrinkage": "30%",
        }
    },
    "run": {"replications": 8, "seed": 3},
}
