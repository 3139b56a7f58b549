"""A small but complete centre with a plan: two channels, cases that are put off and come back, wrong tags,
busy days, levers of uncertain size, a loop, volumes that nobody knows exactly."""

from typing import Any, Final

from scenarios import Scenario, from_dict

CENTRE: Final[dict[str, Any]] = {
    "careloop": 1,
    "name": "A small centre",
    "service_level": "offered",
    "calendar": {"start": "2026-01-05", "days": 90, "hours": {"desk": {"mon-fri": "09:00-17:00"}}},
    "severities": {
        "S1": {"clock": "desk", "resolution": "90% in 4 h"},
        "S2": {"clock": "desk", "first_response": "90% in 8 h"},
    },
    "causes": {
        "copy": {"avoidable": True, "owner": "product", "path": "usual"},
        "form": {"avoidable": True, "owner": "product", "path": "usual"},
        "parcel": {"owner": "product", "path": "usual"},
    },
    "tiers": {"small": {"accounts": 500, "arr": "$600"}, "large": {"accounts": 20, "arr": "$9000"}},
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {
                "by_interval": {"from": "09:00", "step": "120 min", "mon-fri": [9, 8, 7, 6]},
                "busyness": {"day": {"cv": "20%", "correlation": "50%"}, "interval": {"cv": "5%"}},
            },
            "handle_time": {"lognormal": {"mean": "6 min", "cv": 0.8}},
            "causes": {"copy": "50%", "form": "30%", "parcel": "20%"},
            "severities": {"S1": "10%", "S2": "90%"},
            "tiers": {"small": "90%", "large": "10%"},
        },
        "mails": {
            "queue": "mail",
            "arrivals": {
                "by_interval": {"step": "720 min", "daily": [6, 8]},
                "busyness": {"day": {"cv": "20%", "correlation": "50%"}, "interval": {"cv": "5%"}},
            },
            "handle_time": {"gamma": {"mean": "8 min", "cv": 1}},
            "causes": {"copy": "40%", "form": "40%", "parcel": "20%"},
            "severities": {"S2": "100%"},
            "tiers": {"small": "100%"},
        },
    },
    "tagging": {"accuracy": "90%"},
    "paths": {
        "usual": {
            "first": {"then": {"solved": "80%", "reply": "20%"}},
            "reply": {
                "after": {"exponential": "20 h"},
                "queue": "mail",
                "handle_time": {"exponential": "5 min"},
            },
        }
    },
    "closing": {
        "reopens": {"share": "8%", "after": {"exponential": "2 days"}},
        "repeats": {"share": "6%", "after": {"exponential": "3 days"}, "streams": {"calls": "100%"}},
    },
    "outcomes": {"response": "40%"},
    "queues": {
        "phone": {
            "hours": "desk",
            "target": "80% in 30 s",
            "patience": {"exponential": "4 min"},
            "retry": {"share": "30%", "after": {"exponential": "15 min"}},
        },
        "mail": {"channel": "email", "hours": "desk", "at_closing": "hold", "priority": "low"},
    },
    "groups": {
        "callers": {"skills": ["phone"], "agents": {"mon-fri": {"09:00-17:00": 1}}},
        "writers": {"skills": ["phone", "mail"], "agents": {"mon-fri": {"09:00-17:00": 1}}},
    },
    "owners": {"product": {"capacity": "20 h/week"}},
    "remedies": {
        "labels": {
            "cause": "copy",
            "kind": "ux_copy",
            "effort": "24 h",
            "works": "70%",
            "moves": {"causes.copy.contacts": {"low": "-10%", "expected": "-25%", "high": "-50%"}},
        },
        "shorter_form": {
            "cause": "form",
            "kind": "product_fix",
            "effort": "40 h",
            "works": "80%",
            "ramp": "7 days",
            "moves": {"causes.form.contacts": {"low": "-10%", "expected": "-30%", "high": "-60%"}},
        },
    },
    "loop": {
        "owner": "product",
        "information_delay": "1 day",
        "weekly_review": {"on": "mon", "by": "volume", "top": 2, "opens": 1, "weeks": 2},
        "validation": {"after": ["14 days"], "on_failure": "iterate"},
    },
    "roadmap": {
        "window": "28 days",
        "levers": {
            "macros": {
                "owner": "product",
                "due": "2026-01-19",
                "ramp": "14 days",
                "moves": {"handle_time": {"low": "0%", "expected": "-10%", "high": "-30%"}},
            },
            "page": {
                "owner": "product",
                "due": "2026-02-23",
                "moves": {"contacts": {"low": "0%", "expected": "-5%", "high": "-20%"}},
            },
        },
        "targets": [
            "contacts of cases <= 1200 by day 90",
            "avoidable share as tagged <= 80% by day 90",
            "stream calls service level >= 80% by day 90",
            "reopen rate <= 8% by day 90",
            "backlog <= 20 by day 90",
            "time to resolution <= 24 h by day 90",
        ],
    },
    "uncertainty": {"streams.calls.arrivals": "12%", "streams.mails.arrivals": "8%", "arrivals": "5%"},
    "run": {"replications": 60, "seed": 1, "uncertainty": "on"},
}


def centre(**sections: Any) -> Scenario:
    """The centre, some of its sections others; None leaves one out."""
    raw = {**CENTRE, **sections}
    return from_dict({name: value for name, value in raw.items() if value is not None})
