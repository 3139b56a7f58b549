"""A small team whose contacts become cases, with something of everything that is counted of them."""

from typing import Any

from scenarios import Scenario, from_dict

_LONG = {"exponential": "10 min"}
TEAM: dict[str, Any] = {
    "careloop": 1,
    "name": "cases",
    "service_level": "offered",
    "calendar": {
        "start": "2026-03-27",  # clocks change on the third day
        "days": 5,
        "time_zone": "Europe/Amsterdam",
        "hours": {"desk": "08:00-18:00"},
    },
    "severities": {
        "S1": {
            "first_response": "15 min",
            "resolution": "90% in 4 h",
            "update": {"every": "1 h", "queue": "updates", "handle_time": {"deterministic": "5 min"}},
        },
        "S3": {"clock": "desk", "first_response": "same day", "resolution": "90% in 2 business days"},
    },
    "causes": {"billing": {"avoidable": True}, "outage": {"severities": {"S1": "50%", "S3": "50%"}}},
    "tiers": {"small": {"accounts": 100, "arr": "$100"}, "vip": {"accounts": 5, "arr": "$60000"}},
    "tagging": {
        "accuracy": "80%",
        "untagged": "10%",
        "collisions": "5%",
        "triage": {"queue": "triage", "handle_time": {"deterministic": "1 min"}},
        "misrouted": {"exponential": "2 min"},
    },
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "30 per h", "hours": "desk"},
            "handle_time": {"exponential": "4 min"},
            "causes": {"billing": "70%", "outage": "30%"},
            "severities": {"S1": "1%", "S3": "99%"},
            "tiers": {"small": "95%", "vip": "5%"},
            "path": "standard",
            "self_service": {
                "deflects": "20%",
                "bounces": {"share": "25%", "after": {"exponential": "1 h"}, "handle_time": "120%"},
            },
        },
        "mails": {
            "queue": "mail",
            "arrivals": {"rate": "6 per h"},
            "handle_time": {"exponential": "6 min"},
            "path": "standard",
        },
    },
    "routing": [{"severity": "S1", "to": "critical"}, {"cause": "outage", "to": "tech"}],
    "paths": {
        "standard": {
            "first": {"then": {"solved": "70%", "tier2": "20%", "reply": "10%"}},
            "tier2": {"queue": "tech", "handle_time": _LONG, "then": "solved"},
            "reply": {"after": {"exponential": "9 h"}, "handle_time": {"exponential": "3 min"}},
        }
    },
    "closing": {
        "confirms": {"share": "50%", "after": {"exponential": "1 day"}},
        "reopens": {"share": "8%", "after": {"exponential": "1 day"}},
        "repeats": {"share": "6%", "after": {"exponential": "1 day"}, "streams": {"mails": "100%"}},
    },
    "side_work": {
        "article": {"queue": "updates", "handle_time": _LONG, "on": "solved", "share": "10%"},
        "duty": {
            "queue": "critical",
            "handle_time": _LONG,
            "on": "opened",
            "when": {"arr": "$50000"},
            "due": "10 min",
        },
    },
    "outcomes": {"response": "40%"},
    "queues": {
        "phone": {
            "patience": {"exponential": "2 min"},
            "hours": "desk",
            "retry": {"share": "40%", "after": {"exponential": "10 min"}},
        },
        "mail": {"channel": "email"},
        "tech": {"patience": {"exponential": "20 min"}},
        "critical": {},
        "triage": {},
        "updates": {"channel": "email"},
    },
    "groups": {
        "a": {"skills": ["phone", "triage", "updates", "mail"], "agents": 3},
        "b": {"skills": ["tech", "critical", "updates"], "agents": 2},
    },
    "run": {"replications": 3},
}


DOWN: dict[str, Any] = {
    "cause": "outage",
    "severity": "S1",
    "starts": {"at": ["2026-03-28 10:10", "2026-03-30 12:00"]},
    "lasts": {"deterministic": "2 h"},
    "surge": {"calls": "40 per h"},
    "detection": {"contacts": 3, "within": "30 min"},
    "mitigation": {"deterministic": "1 h"},
}


def team(**changes: Any) -> Scenario:
    """The team, some of its sections changed."""
    return from_dict({**TEAM, **changes})
