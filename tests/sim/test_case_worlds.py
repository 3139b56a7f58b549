"""Minimally different worlds of cases: a change of one thing changes no draw of what both worlds have.

Two crowded worlds are compared, in which contacts wait for each other: when something happens differs, what
is drawn for a case, a contact or a leg does not.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from sim.compile import Model, compile_scenario
from sim.contacts import BACK, SIDE
from sim.log import ARRIVED, HANDLED
from tests.sim.logs import Log, run

Raw = dict[str, Any]
Change = Callable[[Raw], Any]
Facts = dict[Any, Any]

PATH: Final[Raw] = {
    "first": {"then": {"tier2": "25%", "reply": "15%", "solved": "60%"}},
    "tier2": {
        "queue": "tech",
        "handle_time": {"exponential": "9 min"},
        "then": {"first": "20%", "solved": "80%"},
    },
    "reply": {"after": {"exponential": "2 h"}, "handle_time": {"lognormal": {"mean": "4 min", "cv": 1}}},
}


def world() -> Raw:
    """A team with all that cases may bring, a little too small."""
    calls = {
        "queue": "phone",
        "arrivals": {"rate": "14 per hour"},
        "handle_time": {"lognormal": {"mean": "6 min", "cv": 0.9}},
        "causes": {"billing": "50%", "how_to": "30%", "outage": "20%"},
        "severities": {"S1": "20%", "S3": "80%"},
        "tiers": {"small": "80%", "vip": "20%"},
        "flags": {"fraud": "10%", "pci": "20%"},
        "path": "standard",
        "self_service": {"deflects": "20%", "bounces": {"share": "40%", "after": {"exponential": "1 h"}}},
    }
    return {
        "careloop": 1,
        "name": "world of cases",
        "calendar": {"start": "2026-03-02", "days": 3, "hours": {"desk": {"daily": "08:00-18:00"}}},
        "severities": {
            "S1": {
                "resolution": "4 h",
                "update": {"every": "1 h", "queue": "tech", "handle_time": {"exponential": "3 min"}},
            },
            "S3": {"clock": "desk", "resolution": "2 business days"},
        },
        "causes": {"billing": {}, "how_to": {"handle_time": "70%"}, "outage": {"severities": {"S1": 1}}},
        "tiers": {"small": {"accounts": 900, "arr": "$90"}, "vip": {"accounts": 9, "arr": "$60000"}},
        "flags": {"fraud": "fraud", "pci": "compliance"},
        "tagging": {
            "accuracy": "80%",
            "untagged": "10%",
            "collisions": "5%",
            "triage": {"queue": "phone", "handle_time": {"exponential": "1 min"}},
            "misrouted": {"exponential": "2 min"},
        },
        "routing": [{"flag": "fraud", "to": "tech"}, {"cause": "outage", "to": "tech"}],
        "paths": {"standard": deepcopy(PATH)},
        "closing": {
            "confirms": {"share": "50%", "after": {"exponential": "1 day"}},
            "reopens": {"share": "10%", "after": {"exponential": "3 h"}},
            "repeats": {
                "share": "10%",
                "after": {"exponential": "3 h"},
                "streams": {"calls": 0.5, "mails": 0.5},
            },
        },
        "side_work": {
            "article": {
                "queue": "tech",
                "handle_time": {"exponential": "6 min"},
                "on": "solved",
                "share": "30%",
            },
            "duty": {
                "queue": "tech",
                "handle_time": {"exponential": "6 min"},
                "on": "opened",
                "when": {"arr": "$50000"},
                "after": {"exponential": "5 min"},
            },
        },
        "outcomes": {"response": "60%"},
        "streams": {"calls": calls, "mails": {**deepcopy(calls), "queue": "mail"}},
        "queues": {
            "phone": {
                "patience": {"weibull": {"mean": "6 min", "shape": 1.4}},
                "retry": {"share": "50%", "after": {"exponential": "10 min"}},
            },
            "mail": {"channel": "email"},
            "tech": {},
        },
        "groups": {
            "ones": {"skills": ["phone", "mail"], "agents": 3},
            "twos": {"skills": ["tech", "mail"], "agents": 3},
        },
        "run": {"replications": 1},
    }


def more_of(*place: str, **values: Any) -> Change:
    """More keys at a place of the file."""

    def change(raw: Raw) -> None:
        part = raw
        for key in place:
            part = part.setdefault(key, {})
        part.update(values)

    return change


def of_streams(**values: Any) -> Change:
    return lambda raw: [stream.update(deepcopy(values)) for stream in raw["streams"].values()]


def all_of(*changes: Change) -> Change:
    return lambda raw: [change(raw) for change in changes]


NEW_WORK: Final = {"queue": "tech", "handle_time": {"exponential": "5 min"}}
CHANGES: Final[dict[str, Change]] = {
    "a higher rate": more_of("streams", "calls", "arrivals", multiply=1.2),
    "a contact in the backlog": more_of("streams", "calls", backlog=1),
    "an agent": more_of("groups", "twos", agents=4),
    "a group": more_of("groups", "aaa", skills=["phone", "tech"], agents=1),
    "a stream": more_of(
        "streams", "aaa", queue="tech", arrivals={"rate": "1 per hour"}, handle_time={"exponential": "5 min"}
    ),
    "deflection": lambda raw: raw["streams"]["calls"]["self_service"].update(deflects="45%"),
    "bounces": lambda raw: raw["streams"]["calls"]["self_service"]["bounces"].update(share="80%"),
    "a routing rule": lambda raw: raw["routing"].insert(0, {"tier": "vip", "to": "mail"}),
    "collisions": more_of("tagging", collisions="30%"),
    "side work": more_of("side_work", aaa={**NEW_WORK, "on": "opened", "share": "50%"}),
    "side work of a solution": more_of("side_work", check={**NEW_WORK, "on": "solved"}),
    "a share of side work": more_of("side_work", "article", share="90%"),
    "a cause that nothing has": more_of("causes", aaa={}),
    "a severity that nothing has": all_of(
        more_of("severities", S0={"resolution": "2 h"}), more_of("severities", S2={"resolution": "8 h"})
    ),
    "a tier that nothing has": more_of("tiers", aaa={"accounts": 5, "arr": "$7"}),
    "a flag": all_of(more_of("flags", aaa="other"), more_of("streams", "calls", "flags", aaa="30%")),
    "updates more often": more_of("severities", "S1", "update", every="20 min"),
    "another path": more_of("paths", aaa={"first": {"then": "solved"}}),
    "reopenings": more_of("closing", "reopens", share="25%"),
    "no outcomes": lambda raw: raw.pop("outcomes"),
    "accuracy": more_of("tagging", accuracy="60%"),
    "untagged": more_of("tagging", untagged="40%"),
}
TAGS_DIFFER: Final = ("a cause that nothing has", "accuracy", "untagged")


def played(raw: Raw) -> tuple[Model, Log]:
    model = compile_scenario(scenarios.from_dict(raw))
    return model, run(model)


def attributes(model: Model, log: Log) -> Facts:
    """What was drawn for each case: cause, severity, tier, account, flags (but for a new one)."""
    names = model.names

    # Accounts are numbered through the tiers, so their numbers move where there is one tier more.
    first = np.cumsum([0, *(model.scenario.tiers[name].accounts for name in names.tiers)])

    def called(part: tuple[str, ...], i: int) -> str | None:
        return part[i] if i >= 0 else None

    return {
        int(case["key"]): (
            called(names.streams, case["stream"]),
            called(names.causes, case["cause"]),
            called(names.severities, case["severity"]),
            called(names.tiers, case["tier"]),
            int(case["account"] - first[case["tier"]]),
            {f for i, f in enumerate(names.flags) if case["flags"] >> i & 1} - {"aaa"},
        )
        for case in log.cases
    }


def tags(model: Model, log: Log) -> Facts:
    """The first tag of each case."""
    return {int(c["key"]): model.names.causes[c["tag"]] if c["tag"] >= 0 else None for c in log.cases}


def arrivals(_model: Model, log: Log) -> Facts:
    """When the first contact of each case came, where self-service did not keep it away at first."""
    rows = log.contacts[(log.contacts["row"] == ARRIVED) & (log.contacts["attempt"] == 0)]
    rows = rows[(rows["role"] != BACK) & (rows["orbit"] == 0)]
    return {int(row["key"]): int(row["born"]) for row in rows}


def durations(model: Model, log: Log) -> Facts:
    """How long each leg took that was done, and after which delay it began.

    Legs are counted from the first, whose step is part of the name: a contact that is sorted or sent on first
    has a leg more, and so other draws in those that follow.
    """
    legs = log.legs()
    legs = legs[(legs["outcome"] == HANDLED) | (legs["legs"] == 0)]
    steps = [model.names.steps[step] for step in legs["step"]]
    first = {int(leg["key"]): step for leg, step in zip(legs, steps, strict=True) if leg["legs"] == 0}
    return {
        (int(leg["key"]), first[int(leg["key"])], int(leg["legs"])): (
            step,
            int(leg["touched"]),
            int(leg["orbit"]) if leg["legs"] or leg["role"] == SIDE else 0,
        )
        for leg, step in zip(legs, steps, strict=True)
        if leg["outcome"] == HANDLED and step != "updates"
    }


SEEN: Final[dict[str, Callable[[Model, Log], Facts]]] = {
    "attributes": attributes,
    "tags": tags,
    "arrivals": arrivals,
    "durations": durations,
}


def both(one: Facts, other: Facts) -> list[Any]:
    """What both worlds have, of which they differ."""
    common = one.keys() & other.keys()
    assert len(common) > 500
    return [key for key in common if one[key] != other[key]]


@cache
def before() -> tuple[Model, Log]:
    """The world that nothing has been changed in."""
    return played(world())


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_changes_no_draw_of_what_both_worlds_have(name: str) -> None:
    raw = world()
    CHANGES[name](raw)
    after = played(raw)
    for what, seen in SEEN.items():
        if not (what == "tags" and name in TAGS_DIFFER):
            assert not both(seen(*before()), seen(*after)), what
    logs = [log.contacts.tobytes() + log.cases.tobytes() for log in (before()[1], after[1])]
    assert logs[0] != logs[1] or name == "another path"


def test_a_cause_more_spreads_wrong_tags_anew() -> None:
    """Which wrong tag a contact gets depends on how many causes there are; whether it is wrong does not."""
    raw = world()
    CHANGES["a cause that nothing has"](raw)
    after = played(raw)
    old, now = tags(*before()), tags(*after)
    cause = {key: fact[1] for key, fact in attributes(*before()).items()}
    differ = both(old, now)
    assert differ
    assert all(old[key] != cause[key] != now[key] for key in differ)
