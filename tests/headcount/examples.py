"""Small scenarios for these tests."""

from typing import Any

from scenarios import Scenario, from_dict


def erlang(calls_per_hour: float = 120.0, agents: Any = 14, days: int = 14, **more: Any) -> Scenario:
    """Calls of 300 s on average all week, one team, nobody gives up; 10 erlangs unless said otherwise."""
    data = {
        "careloop": 1,
        "name": "erlang",
        "service_level": "answered_plus_abandoned_within",
        "calendar": {"start": "2026-03-02", "days": days},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": f"{calls_per_hour!r} per h"},
                "handle_time": {"exponential": "300 s"},
            }
        },
        "queues": {"phone": {"target": "80% in 20 s"}},
        "groups": {"team": {"skills": ["phone"], "agents": agents}},
        "run": {"replications": 10, "seed": 1},
    }
    return from_dict(data | more)
