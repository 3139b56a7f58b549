"""A small team with a plan: two levers, a loop that may choose a remedy, and targets by day."""

from typing import Any, Final

from scenarios import Scenario, from_dict
from scenarios.roadmap import DayGoal

TEAM: Final[dict[str, Any]] = {
    "careloop": 1,
    "name": "A team with a plan",
    "service_level": "offered",
    "calendar": {"start": "2026-03-02", "days": 21},
    "severities": {"S1": {"resolution": "90% in 4 h"}, "S2": {"first_response": "4 h"}},
    "causes": {
        "billing": {"avoidable": True, "owner": "product"},
        "login": {"severities": {"S1": "30%", "S2": "70%"}},
    },
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "6 per h"},
            "handle_time": {"exponential": "5 min"},
            "causes": {"billing": "60%", "login": "40%"},
            "severities": {"S1": "1%", "S2": "99%"},
        }
    },
    "routing": [{"severity": "S1", "to": "critical"}],
    "outcomes": {"response": "40%"},
    "queues": {"phone": {"target": "80% in 20 s", "patience": {"exponential": "4 min"}}, "critical": {}},
    "groups": {"team": {"skills": ["critical", "phone"], "agents": 2, "pay": "$20/h"}},
    "owners": {"product": {"capacity": "40 h/week"}},
    "remedies": {
        "form": {
            "cause": "billing",
            "kind": "ux_copy",
            "effort": "20 h",
            "moves": {"causes.billing.contacts": {"low": "-10%", "expected": "-20%", "high": "-40%"}},
        }
    },
    "loop": {
        "owner": "product",
        "weekly_review": {"on": "mon", "by": "volume"},
        "articles": {
            "owner": "product",
            "contacts": 10,
            "effort": "2 h",
            "deflection": {"low": "+1 points", "expected": "+2 points", "high": "+6 points"},
        },
    },
    "roadmap": {
        "window": "7 days",
        "levers": {
            "macros": {
                "owner": "product",
                "due": "2026-03-09",
                "moves": {"handle_time": {"low": "-1%", "expected": "-5%", "high": "-9%"}},
            },
            "copy": {"owner": "product", "due": "2026-03-09", "moves": {"causes.billing.contacts": "-10%"}},
        },
        "targets": [
            "phone service level >= 80% by day 7",
            "avoidable share -15% vs baseline by day 21",
            "CSAT +3 points vs baseline by day 21",
            "phone service level >= 85% by day 21",
        ],
    },
    "run": {"replications": 4, "seed": 3},
}


def team(**sections: Any) -> Scenario:
    """The team, some of its sections others; None leaves one out."""
    raw = {**TEAM, **sections}
    return from_dict({name: value for name, value in raw.items() if value is not None})


def roadmap(**keys: Any) -> dict[str, Any]:
    """The team's roadmap, some of its keys others; None leaves one out."""
    raw = {**TEAM["roadmap"], **keys}
    return {name: value for name, value in raw.items() if value is not None}


def with_goals(scenario: Scenario, goals: tuple[DayGoal, ...]) -> Scenario:
    """A scenario with other targets by day, whatever a file may say."""
    assert scenario.roadmap
    return scenario.model_copy(update={"roadmap": scenario.roadmap.model_copy(update={"targets": goals})})
