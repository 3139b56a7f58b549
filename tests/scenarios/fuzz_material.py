"""What fuzzing starts from: small scenarios that together use every feature, and unexpected values."""

import datetime
import math
from typing import Any, Final

Data = dict[str, Any]


def split(line: str) -> list[str]:
    """Return the texts of a line that has them side by side."""
    return line.split(" | ")


_DAYS: Final = {"start": "2026-03-25", "days": 9, "time_zone": "Europe/Amsterdam", "interval": "30 min"}
_CALLS: Final = {
    "queue": "phone",
    "arrivals": {"rate": "12 per 30 min"},
    "handle_time": {"exponential": "3 min"},
}
_PHONE: Final = {"target": "80% in 20 s", "patience": {"exponential": "4 min"}}
_TEAM: Final = {"skills": ["phone"], "agents": 3}


def _scenario(**parts: Any) -> Data:
    """Return a small scenario with some of its parts replaced or added."""
    small = {
        "careloop": 1,
        "name": "Small",
        "service_level": "offered",
        "calendar": _DAYS,
        "streams": {"calls": _CALLS},
        "queues": {"phone": _PHONE},
        "groups": {"team": _TEAM},
        "run": {"replications": 3, "seed": 1},
    }
    return {**small, **parts}


SCENARIOS: Final[tuple[Data, ...]] = (
    _scenario(),
    _scenario(  # a calendar with hours by name, holidays, and days that differ
        calendar={
            **_DAYS,
            "holidays": {"of": "NL", "also": ["2026-03-27"], "not": ["2026-04-03"]},
            "hours": {
                "desk": {
                    "mon-fri": "08:00-20:00",
                    "sat": ["09:00-12:00", "13:00-17:00"],
                    "holidays": "closed",
                }
            },
        },
        streams={
            "calls": {
                **_CALLS,
                "arrivals": {
                    "by_interval": {
                        "from": "08:00",
                        "step": "60 min",
                        "per": "hour",
                        "mon-fri": [10, 15, 12],
                    },
                    "volume": "300 per week",
                    "multiply": 1.1,
                    "trend": {"growth": "2% per month", "since": "2026-01-01"},
                    "months": {"mar": 1.2, "apr": "80%"},
                    "special_days": {"2026-03-27": "180%", "2026-03-30 to 2026-03-31": 0.5},
                    "busyness": {"day": {"cv": "12%", "correlation": "100%"}, "interval": {"cv": 0.05}},
                },
                "backlog": 4,
                "handle_time_by_day": {"cv": "6%", "correlation": "80%"},
                "handle_time_by_weekday": {"mon": "102%", "sat-sun": 0.85},
            }
        },
        queues={"phone": {**_PHONE, "hours": "desk", "at_closing": "hold", "interruptible": True}},
    ),
    _scenario(  # queues that know each other
        queues={
            "phone": {
                **_PHONE,
                "priority": "high",
                "capacity": 50,
                "patience": {"weibull": {"mean": "4 min", "shape": 1.3}, "balk": "2%"},
                "retry": {"share": "40%", "after": {"erlang": {"mean": "15 min", "k": 2}}, "attempts": 5},
                "overflow": {"to": "backup", "after": "60 s"},
                "prefers": ["team", ["others"]],
                "short_abandon": "3 s",
            },
            "backup": {"channel": "other", "hours": "08:00-20:00", "at_closing": "clear"},
        },
        groups={
            "team": {**_TEAM, "skills": ["phone", "backup"], "takes": "longest_wait", "speed": 1.2},
            "others": {"skills": [["backup", "phone"]], "agents": 1, "hours": {"daily": "08:00-20:00"}},
        },
    ),
    _scenario(  # shifts, breaks, shrinkage, pay
        groups={
            "team": {
                "skills": ["phone"],
                "shifts": [
                    {
                        "agents": 3,
                        "days": "mon-fri, holidays",
                        "hours": "08:00-16:30",
                        "breaks": ["10:00-10:15", {"between": "11:30-13:30", "for": "30 min", "paid": False}],
                    },
                    {
                        "agents": 1,
                        "days": "sat",
                        "hours": "22:00-06:00",
                        "breaks": [{"at": "01:00", "for": "30 min"}],
                    },
                ],
                "pay": "24 EUR/h",
                "shrinkage": {"leave": "10%", "sick": 0.06, "combine": "multiply"},
                "idle": "fixed_order",
            }
        },
        targets=[
            "phone service level >= 80% each week, with 90% probability",
            "team occupancy <= 85% over the horizon",
            "people cost <= 9,000 EUR each month",
            "calls abandonment <= 5%",
        ],
    ),
    _scenario(  # chats, and all ways to write a time
        streams={
            "chats": {
                "queue": "chat",
                "arrivals": {
                    "sinusoid": {
                        "mean": "60 per h",
                        "amplitude": "30 per h",
                        "period": "1 day",
                        "phase": "6 h",
                    }
                },
                "handle_time": {
                    "lognormal": {"mean": "9 min", "cv": 0.7},
                    "measured_as": "wall clock",
                    "at_concurrency": 2,
                },
                "patience": {"empirical": {"0%": "10 s", "50%": "2 min", "100%": "20 min"}},
            },
            "more": {
                "queue": "chat",
                "arrivals": {"rate": "1 per h", "hours": {"mon-fri": "08:00-20:00"}},
                "handle_time": {
                    "hyperexponential": [{"share": "80%", "mean": "2 min"}, {"share": "20%", "mean": "9 min"}]
                },
                "patience": {"gamma": {"mean": "7 min", "shape": 1.5}},
            },
            "last": {
                "queue": "chat",
                "arrivals": {"rate": "1 per h"},
                "handle_time": {"hyperexponential": {"mean": "6 min", "cv": 2}},
                "patience": {"weibull": {"scale": "7 min", "shape": 1.5}},
            },
        },
        queues={"chat": {"channel": "chat", "service_level": "answered_plus_abandoned_within"}},
        groups={
            "team": {
                "skills": ["chat"],
                "agents": {"mon-fri": {"08:00-12:00": 6, "12:00-20:00": 5}, "sat": 2, "holidays": 1},
                "concurrency": {"chats": 3, "slowdown": [1.0, 1.15, 1.4], "route": "most_loaded"},
                "pay": "$24/h",
                "shrinkage": "30%",
            }
        },
    ),
    _scenario(  # files
        streams={
            "calls": {
                **_CALLS,
                "arrivals": {"history": {"csv": "dated.csv", "time": "Start", "count": "Calls"}},
            },
            "more": {
                **_CALLS,
                "arrivals": {"by_interval": {"csv": "grid.csv", "per": "hour", "multiply": 2, "add": 1}},
            },
        },
        groups={"team": {"skills": ["phone"], "agents": {"csv": "staff.csv", "add": 1}}},
        run={
            "replications": "auto",
            "half_width": "0.5 points",
            "max_replications": 40,
            "warm_up": "1 day",
            "end": "cut",
        },
    ),
    _scenario(  # uncertain numbers
        streams={
            "calls": {
                **_CALLS,
                "arrivals": {"rate": "12 per 30 min", "busyness": {"day": {"cv": "12%"}}},
                "handle_time": {"lognormal": {"mean": "3 min", "cv": 0.8}},
            },
        },
        queues={
            "phone": {
                **_PHONE,
                "patience": {"weibull": {"mean": "4 min", "shape": 1.3}, "balk": "2%"},
                "retry": {"share": "40%", "after": {"exponential": "15 min"}},
            },
        },
        uncertainty={
            "arrivals": "5%",
            "streams.calls.arrivals": "3%",
            "streams.calls.arrivals.busyness.day.cv": 0.15,
            "streams.calls.handle_time.cv": "2%",
            "queues.phone.patience.shape": "8%",
            "queues.phone.patience.balk": "10%",
            "queues.phone.retry.share": "5%",
        },
        overrides={"sure": {"run.uncertainty": "off", "uncertainty.arrivals": {"multiply": 0}}},
        run={"replications": 3, "uncertainty": "on"},
    ),
    _scenario(  # the life of a case: what contacts bear, where they go, what they owe
        severities={
            "S1": {
                "first_response": "95% in 15 min",
                "resolution": "4 h",
                "update": {"every": "6 h", "queue": "phone", "handle_time": {"exponential": "4 min"}},
            },
            "S3": {
                "clock": {"mon-fri": "08:00-18:00"},
                "first_response": "same day",
                "resolution": "90% in 3 business days",
            },
        },
        causes={
            "billing": {"avoidable": "yes", "handle_time": "110%", "severities": {"S1": "1%", "S3": 0.99}},
            "outage": {"severities": {"S1": 1}, "path": "long"},
        },
        tiers={"vip": {"accounts": 20, "arr": "$60,000", "vip": True}, "small": {"accounts": 9, "arr": "$1"}},
        flags={"pci": "compliance", "fraud": "fraud"},
        tagging={
            "accuracy": "85%",
            "untagged": 0.1,
            "collisions": "2%",
            "triage": {"queue": "phone", "handle_time": {"exponential": "1 min"}},
            "misrouted": {"exponential": "2 min"},
        },
        routing=[
            {"severity": "S1", "to": "critical"},
            {"flags": ["fraud"], "to": "critical"},
            {"tier": "vip", "channel": ["phone", "chat"], "vip": "yes", "to": "critical"},
        ],
        paths={
            "long": {
                "first": {"then": {"solved": "75%", "more": "25%"}},
                "more": {
                    "queue": "phone",
                    "handover": {"warm": "3 min"},
                    "conference": "2 min",
                    "wrap_up": "15%",
                    "due": "4 h",
                },
            },
        },
        streams={
            "calls": {
                **_CALLS,
                "causes": {"billing": "30%", "outage": "70%"},
                "tiers": {"small": "90%", "vip": "10%"},
                "flags": {"fraud": "0.5%", "pci": "1%"},
                "path": "long",
                "wrap_up": 0.2,
                "self_service": {
                    "deflects": [
                        {"from": "2026-03-20", "share": "20%"},
                        {"from": "2026-03-28", "share": 0.3},
                    ],
                    "bounces": {"share": "25%", "after": {"exponential": "1 h"}, "handle_time": 1.2},
                    "ease": "60%",
                    "views": 4,
                },
            }
        },
        queues={"phone": _PHONE, "critical": {"patience": {"exponential": "4 min"}}},
        groups={"team": {**_TEAM, "skills": ["phone", "critical"]}},
    ),
    _scenario(  # the life of a case: what comes after, beside, and all at once
        severities={"S1": {"first_response": "2 h"}},
        causes={"outage": {}},
        tiers={"vip": {"accounts": 20, "arr": "60000 EUR"}},
        outcomes={"response": "20%", "csat": {"base": 0.9, "per_contact": "-10 points"}, "qa": {"cv": 0.05}},
        closing={
            "confirms": {"share": "60%", "after": {"exponential": "1 day"}},
            "closes_after": "5 days",
            "reopens": {"share": "5%", "after": {"exponential": "2 days"}},
            "repeats": {"share": 0.08, "after": {"exponential": "3 days"}, "streams": {"calls": "100%"}},
        },
        side_work={
            "duty": {
                "queue": "phone",
                "handle_time": {"exponential": "5 min"},
                "on": "opened",
                "when": {"arr": "50000 EUR"},
                "answered": "10 min",
                "severities": "S1",
            },
            "summary": {
                "queue": "phone",
                "handle_time": {"exponential": "1 h"},
                "on": "incident",
                "once": "incident",
                "clock": "08:00-18:00",
                "due": "90% in 5 business days",
                "after": {"exponential": "1 h"},
                "share": "90%",
            },
        },
        incidents={
            "down": {
                "cause": "outage",
                "severity": "S1",
                "starts": {"at": ["2026-03-26 10:15"]},
                "lasts": {"lognormal": {"mean": "4 h", "cv": 0.8}},
                "surge": {"calls": "60 per h"},
                "detection": {"contacts": 10, "within": "30 min", "delay": "5 min"},
                "mitigation": {"exponential": "1 h"},
                "fades": "30 min",
                "status_page": {"after": "15 min", "cuts": "60%"},
            }
        },
        streams={"calls": {**_CALLS, "causes": {"outage": 1}, "severities": {"S1": 1}, "tiers": {"vip": 1}}},
        queues={
            "phone": {
                **_PHONE,
                "lines": 40,
                "announces": {"balk": {"1 min": "5%", "5 min": 0.4}},
                "call_back": {"over": "2 min", "accepts": "60%", "answers": "90%"},
                "silent": {"share": "30%", "handle_time": {"deterministic": "1 min"}},
                "retry": {"share": "40%", "after": {"exponential": "9 min"}, "switch": {"calls": "30%"}},
                "weight": 2,
                "gains": "1 per 10 min",
            }
        },
        groups={
            "team": {
                **_TEAM,
                "takes": "weighted_wait",
                "idle": "random",
                "handle_times": {"phone": "110%"},
                "ramp": {
                    "hires": {"2026-03-26": 2},
                    "weeks": [{"week": 1, "speed": "60%", "reopens": 1.5}, {"week": 9}],
                },
                "hurry": {"from_waiting": 10, "speeds_up": "10%", "reopens": "20%"},
            },
            "called": {
                "skills": ["phone"],
                "agents": 1,
                "takes": "ageing",
                "on_call": {"answers": {"exponential": "5 min"}, "standby_pay": "8 EUR/h"},
            },
        },
    ),
    _scenario(  # how a team learns and plans
        severities={"S1": {"first_response": "2 h"}},
        causes={
            "billing": {"avoidable": "60%", "owner": "product", "refund": "1.50 EUR"},
            "how_to": {"avoidable": True},
        },
        tagging={"accuracy": "85%", "untagged": "10%"},
        closing={"reopens": {"share": "5%", "after": {"exponential": "2 days"}}},
        outcomes={},
        streams={"calls": {**_CALLS, "causes": {"billing": 0.5, "how_to": 0.5}, "severities": {"S1": 1}}},
        groups={
            "team": {**_TEAM, "pay": "24 EUR/h", "hurry": {"from_waiting": 10, "speeds_up": "10%"}},
            "others": _TEAM | {"pay": "24 EUR/h"},
        },
        owners={"product": {"capacity": "40 h/week", "prevention": "60%"}, "care": {"capacity": "8 h/week"}},
        remedies={
            "invoice": {
                "cause": "billing",
                "kind": "ux_copy",
                "effort": "40 h",
                "lead": "2 days",
                "moves": {
                    "causes.billing.contacts": {"low": "0%", "expected": "-20%", "high": "-40%"},
                    "streams.calls.handle_time": "+2%",
                },
                "works": 0.8,
                "cost": "4000 EUR",
                "ramp": "1 day",
                "halves_in": "180 days",
            },
        },
        loop={
            "owner": "care",
            "information_delay": "12 h",
            "daily": {"backlog": 400, "overdue": 20},
            "detection": {"cusum": {"slack": 0.5, "alarm": 5, "reference": "3 days"}},
            "weekly_review": {"on": "tue", "by": "refunds", "top": 3, "weeks": 6, "opens": 1},
            "validation": {"after": ["2 days", "4 days"], "confidence": "90%", "on_failure": "stop"},
            "monthly_review": {"by": "feedback", "stops_after": 1},
            "quarterly": {"owner": "product", "share": "40%", "top": 2, "by": "cost_to_serve"},
            "articles": {
                "owner": "care",
                "contacts": 30,
                "publish": "48 h",
                "effort": "3 h",
                "deflection": {"low": "0 points", "expected": "5 points", "high": "12.5 points"},
                "handle_time": "-5%",
                "review_every": "4 weeks",
                "review_effort": "30 min",
                "stale": "30%",
            },
            "bonus": {"weight": "20%", "prevention": "+10 points"},
            "balanced": {"hurry": "-50%"},
        },
        roadmap={
            "phases": {
                "first": {"from": "2026-03-25", "to": "2026-03-28"},
                "second": {"from": "2026-03-29", "to": "2026-04-02"},
            },
            "levers": {
                "tags": {
                    "phase": "first",
                    "owner": "care",
                    "start": "2026-03-25",
                    "due": "2026-03-27",
                    "lead": "1 day",
                    "hours": "2 h/week",
                    "moves": {
                        "tagging.accuracy": "+8 points",
                        "tagging.handle_time": "+5 s",
                        "contacts": -0.1,
                    },
                },
                "hire": {"owner": "care", "due": "2026-03-30", "moves": {"groups.others.agents": "+1"}},
            },
            "targets": [
                "phone service level >= 80% by day 3",
                "reopen rate -15% vs baseline by day 9",
                "CSAT >= -3 points vs baseline by day 9",
            ],
            "window": "3 days",
            "status": {"green": "80%", "amber": 0.5},
        },
        overrides={
            "late": {"roadmap.levers.tags.due": "2026-03-28", "remedies.invoice.moves": {"contacts": "-1%"}},
        },
    ),
    _scenario(  # what it costs, and what a change brings
        severities={"S1": {"first_response": "2 h", "resolution": "4 h"}},
        causes={"billing": {"refund": "1.50 EUR"}},
        tiers={"vip": {"accounts": 9, "arr": "60000 EUR"}},
        streams={
            "calls": {
                **_CALLS,
                "causes": {"billing": 1},
                "severities": {"S1": 1},
                "tiers": {"vip": 1},
                "self_service": {"deflects": "20%"},
            }
        },
        groups={
            "team": {**_TEAM, "pay": "46800 EUR per year for 38 h/week"},
            "partner": _TEAM,
        },
        costs={
            "currency": "EUR",
            "exchange": {"USD": 0.9},
            "price_year": 2026,
            "inflation": "2.5%",
            "fiscal_year_starts": "apr",
            "people": {
                "all": {
                    "contract": "38 h/week",
                    "on_costs": "22%",
                    "overtime": {"share": "4%", "premium": 0.5},
                    "attrition": "30%",
                    "hire": "4000 USD per hire",
                    "training": "160 h",
                    "ramp": "120 h",
                    "ledger": [6000, "6010"],
                },
                "team": {"on_costs": 0.3},
            },
            "lines": {
                "desk": {"kind": "tools", "price": "80000 USD per year", "escalates": "3%", "ledger": 6300},
                "seats": {"price": "95 EUR per 10 seats per month", "only": {"group": "team"}},
                "voice": {"price": "0.02 EUR per minute", "only": {"channel": ["phone"]}},
                "late": {"price": "50 EUR per late resolution", "only": {"severity": "S1"}},
                "search": {"price": "0.10 EUR per deflected contact"},
            },
            "vendors": {
                "acme": {
                    "group": "partner",
                    "price": "5.50 EUR per contact",
                    "minimum": "500 EUR per month",
                    "penalty": {"queue": "phone", "below": "80%", "credit": "5%"},
                    "notice": "3 months",
                }
            },
            "none_of": ["training"],
            "ledger": {"csv": "ledger.csv"},
        },
        business_case={
            "period": "2 years",
            "discount_rate": "8%",
            "from": "2026-04-06",
            "ramp": "3 months",
            "holds": "heads",
            "once": {"build": {"amount": "40,000 USD", "on": "2026-03-26"}},
            "running": {"licence": {"price": "1500 EUR per month"}},
            "contract_flex": {"team": 1},
            "planned_hires": {"team": 2},
            "ranges": {
                "effect": {"low": "50%", "expected": 1, "high": "120%"},
                "delay_months": {"low": 3, "expected": 0.5, "high": 0},
            },
            "churn": {"per_point": "0.1%", "expands": "0.05%"},
            "claim": {
                "contacts": 120000,
                "counts": "offered",
                "deflects": "20%",
                "cost_per_contact": "6.00 EUR",
                "reinvested": "40000 EUR",
                "from": "2026-04-06",
                "about": {"share": "30%", "bounces": "25%", "handle_time": "60%", "marginal_cost": "5 EUR"},
            },
        },
        overrides={
            "cheap": {"costs.lines.desk.price": {"multiply": 0.9}, "business_case.claim.about": None},
        },
    ),
    _scenario(  # layers
        extends="base.yaml",
        description="a file over another",
        overrides={
            "hire": {"groups.team.agents": {"add": 2}, "run.seed": 4},
            "grow": {"streams.calls.arrivals.rate": {"multiply": 1.1}, "queues": {"phone": {"capacity": 9}}},
            "shifts": {"groups.team.shifts": [{"agents": 3, "hours": "08:00-18:00"}]},
            "later": {"groups.team.shifts[0].agents": {"multiply": 2}},
        },
    ),
)

FILES: Final = {
    "dated.csv": "Start,Agents,Calls\n2026-03-02 08:00,3,10\n2026-03-02 09:00,4,12\n2026-03-13 08:00,2,9\n",
    "grid.csv": "time;mon-thu;fri;holidays\n08:00;10,5;12;0\n08:30;11;13;0\n09:00;12;14;0\n",
    "staff.csv": "weekday\tfrom\theads\nmon\t08:00\t3\nmon\t08:15\t4\ntue-wed\t08:00\t5\n",
    "ledger.csv": "Account;Period;Amount;Currency\n6000;2026-01;12,5;EUR\n6300;31.01.2026;-3;USD\n",
    "base.yaml": "queues: {phone: {priority: low}}\ngroups: {team: {pay: $20/h}}\n",
    "round.yaml": "extends: round.yaml\n",
    "list.yaml": "[1, 2]\n",
}

ODD_TEXT: Final = (
    *split(
        "0 | -1 | 1e308 | 1e-322 | 9999999999999999999 | 1_000 | 1,000 | nan | inf | null | true | ~ | 0 s"
    ),
    *split("-5 s | 1e308 weeks | 1e308 s 1e308 s | 1e-9 s | 1 m | 100 years | 36500 days | 5 s | 1 day | 0%"),
    *split("100% | 101% | 1e-300% | 1e308% | -3% | 3 per h | 1 per 1e-322 s | 1e300 per 1e-300 s | 0 per h"),
    *split("999999999999% per week | -100% per day | 100% per year | -99.9999% per week | 8% per fortnight"),
    *split(
        "mon-fri | fri-mon | mon, mon | holidays | daily | 08:00-20:00 | 22:00-06:00 | 24:00-24:00 | 24x7"
    ),
    *split(
        "00:00-24:00 | 08:60 | 25:00 | closed | always | auto | base | base.yaml | round.yaml | list.yaml"
    ),
    *split(
        "$3/h | 3 EUR | 1e308 EUR/h | ¤5/h | 24 XXX/h | 80% in 20 s | 1e-322% in 20 s | 80% in 20 s each day"
    ),
    *split("2026-02-29 | 1900-01-01 | 2200-12-31 | 0001-01-01 | 2026-03-29 to 2026-03-29"),
    *split("2026-03-31..2026-03-01 | << | *a | &a b | !!python/object/apply:os.system | {a: b} | [1] | a: b"),
    *split(
        "# x | ' | > | é | ² | １ | İ | ../x.csv | /etc/passwd | . | dated.csv | grid.csv | none.csv | .."
    ),
    *split("CON | =1+1 | <script> | calls | phone | team | all | desk | queue phone | phone ASA <= 5 s | NL"),
    *split("same day | 1 business day | 90% in 4 business hours | solved | S1 | billing | 2026-03-26 10:15"),
    *split("US-CA | XX | Europe | Europe/ | Lord_Howe | Australia/Lord_Howe"),
    *split(
        "$5 per contact | $95 per 10 seats per month | -$5 per year | $5 per 1e99 seats | 1e9 EUR per year"
    ),
    *split("$1 per year for 1e-9 h/week | $46,800/year for 38 h/week | 24 months | 2 years | ledger.csv"),
    "",
    " ",
    "9" * 400,
    '"',
    "\\",
    "|",
    "\u2028",
    "\u202e",
    "\x1b[31m",
    "\x00",
    "\ud800",
    "a" * 300,
)

ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 7, 2**31, 2**63, 10**18, 10**400, 0.0, -0.0, 0.5, 1.5, 1e-300),
    *(
        5e-324,
        1e15,
        1e16,
        1e308,
        math.nan,
        math.inf,
        -math.inf,
        [],
        {},
        [[]],
        [{}],
        [None],
        {"": 1},
        {"csv": 5},
    ),
    *(
        {"csv": "grid.csv"},
        {"csv": "dated.csv"},
        {"csv": "ledger.csv"},
        {"account": 1, "month": "2026-01", "amount": -1e9, "currency": "USD"},
        {"channel": ["phone"], "queue": "phone"},
        {"add": 1},
        {"multiply": 2},
        {"multiply": 1e308, "add": "1 min"},
    ),
    *(
        {"a": {"a": {"a": 1}}},
        [[["a"]]],
        (1, 2),
        {1: 2, "1": 3},
        {"<<": "10%"},
        {"mean": "1 min", "cv": 1e-200},
    ),
    *(
        {"weibull": {"scale": "36500 days", "shape": 0.1}},
        {"gamma": {"mean": "1 min", "cv": 1e-170}},
        b"bytes",
    ),
    *(
        datetime.date(2026, 3, 2),
        datetime.datetime(2026, 3, 2, 8),
        {"mon": 3, "08:00-09:00": 2},
        [1] * 2000,
        {3.5: 1},
    ),
    *(
        {"deterministic": "1 s"},
        {"exponential": "1e-6 s"},
        {"empirical": {"0%": "0 s", "1e-320": "1 s", "1": "1 s"}},
    ),
)
