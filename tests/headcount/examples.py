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


def with_cases(**of_stream: Any) -> Scenario:
    """Calls that become cases, of which some need a specialist; on weekdays from 8 to 18."""
    data = {
        "careloop": 1,
        "name": "cases",
        "service_level": "answered_plus_abandoned_within",
        "calendar": {"start": "2026-03-02", "days": 14, "hours": {"desk": {"mon-fri": "08:00-18:00"}}},
        "severities": {"S1": {"clock": "desk", "resolution": "90% in 2 h"}},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "60 per h", "hours": "desk"},
                "handle_time": {"exponential": "300 s"},
                "severities": {"S1": "100%"},
                "path": "usual",
                **of_stream,
            }
        },
        "paths": {
            "usual": {
                "first": {"then": {"solved": "80%", "expert": "20%"}},
                "expert": {"queue": "second", "handle_time": {"exponential": "10 min"}, "then": "solved"},
            }
        },
        "queues": {
            "phone": {"hours": "desk", "target": "80% in 20 s over the horizon"},
            "second": {"hours": "desk", "channel": "other", "at_closing": "hold"},
        },
        "groups": {
            "front": {
                "skills": ["phone"],
                "agents": {"mon-fri": {"08:00-13:00": 8, "13:00-18:00": 8}},
                "pay": "$20/h",
                "shrinkage": "20%",
            },
            "experts": {
                "skills": ["second"],
                "agents": {"mon-fri": {"08:00-18:00": 4}},
                "pay": "$40/h",
            },
        },
        "run": {"replications": 10, "seed": 1},
    }
    return from_dict(data)
