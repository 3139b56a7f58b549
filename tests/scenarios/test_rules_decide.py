"""Which rules of routing decide, against every contact that there may be, with every set of flags."""

import random
from collections.abc import Iterator
from itertools import chain, combinations, product
from typing import Any, Final

import pytest

from scenarios import Scenario, from_dict
from scenarios.fields import Door
from scenarios.life_parts import LifeParts
from scenarios.parts import Parts
from scenarios.routing import Attributes, Rule, first_match
from scenarios.routing_check import idle_rules
from scenarios.tagging import Tagging

STREAMS: Final = ("calls", "chats")
SEVERITIES: Final = ("S1", "S2", "S3")
CAUSES: Final = ("billing", "outage")
TIERS: Final = ("small", "vip")
FLAGS: Final = ("pci", "fraud", "pii")
CHANNELS: Final = {"calls": "phone", "chats": "chat"}


def some(rng: random.Random, names: tuple[str, ...], chance: float) -> list[str]:
    return [name for name in names if rng.random() < chance]


def mix(rng: random.Random, names: tuple[str, ...]) -> dict[str, float]:
    """An even mix of some of the names; now and then of none, or with one of no share."""
    taken = some(rng, names, 0.6)
    shares = {name: 1 / len(taken) for name in taken}
    return {**shares, **({names[0]: 0.0} if shares and names[0] not in shares else {})}


def rule(rng: random.Random) -> dict[str, Any]:
    asked = {
        "stream": some(rng, STREAMS, 0.2),
        "channel": some(rng, ("phone", "chat"), 0.2),
        "severity": some(rng, SEVERITIES, 0.25),
        "cause": some(rng, CAUSES, 0.25),
        "tier": some(rng, TIERS, 0.2),
        "flag": some(rng, FLAGS, 0.25),
    }
    vip = {"vip": rng.random() < 0.5} if rng.random() < 0.15 else {}
    return {"to": "q", **{key: names for key, names in asked.items() if names}, **vip}


def built(rng: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The parts of a scenario with random mixes, and its rules."""
    streams = {
        name: {
            "queue": CHANNELS[name],
            "arrivals": {"rate": "1 per h"},
            "handle_time": {"exponential": "1 min"},
            "causes": mix(rng, CAUSES),
            "severities": mix(rng, SEVERITIES),
            "tiers": mix(rng, TIERS),
            "flags": {flag: rng.choice((0.0, 0.5, 1.0)) for flag in some(rng, FLAGS, 0.6)},
        }
        for name in STREAMS
    }
    parts = {
        "careloop": 1,
        "name": "x",
        "calendar": {"start": "2026-03-02", "days": 1},
        "severities": {name: {"first_response": "1 h"} for name in SEVERITIES},
        "causes": {name: {"severities": given} if (given := mix(rng, SEVERITIES)) else {} for name in CAUSES},
        "tiers": {
            "small": {"accounts": 1, "arr": "1 EUR"},
            "vip": {"accounts": 1, "arr": "2 EUR", "vip": True},
        },
        "flags": dict.fromkeys(FLAGS, "other"),
        "streams": {
            name: {key: each for key, each in stream.items() if each} for name, stream in streams.items()
        },
        "queues": {name: {"channel": name} for name in ("phone", "chat")} | {"q": {}},
        "groups": {"g": {"skills": ["phone", "chat", "q"], "agents": 1}},
    }
    return parts, [rule(rng) for _ in range(rng.randrange(1, 7))]


def likely(shares: dict[str, float]) -> list[str | None]:
    return [name for name, share in shares.items() if share > 0] or [None]


def contacts(scenario: Scenario, accuracy: float) -> Iterator[Attributes]:
    """Every contact there may be, by plain enumeration."""
    for name, stream in scenario.streams.items():
        certain = {flag for flag, share in stream.flags.items() if share == 1}
        possible = [flag for flag, share in stream.flags.items() if 0 < share < 1]
        sets = chain.from_iterable(combinations(possible, n) for n in range(len(possible) + 1))
        for flags, cause, tier in product(list(sets), likely(stream.causes), likely(stream.tiers)):
            own = scenario.causes[cause].severities if cause is not None else {}
            tags = {cause} | (set(CAUSES) if accuracy < 1 and cause is not None else set())
            for severity, tag in product(likely(own or stream.severities), tags):
                vip = tier is not None and scenario.tiers[tier].vip
                bears = frozenset(certain | set(flags))
                yield Attributes(name, CHANNELS[name], severity, tag, tier, bears, vip)


@pytest.mark.parametrize("seed", range(300))
def test_the_rules_that_are_told_are_those_that_never_decide(seed: int) -> None:
    rng = random.Random(seed)
    given, rules = built(rng)
    accuracy = rng.choice((1.0, 0.9))
    scenario = from_dict(given)
    parsed = [Rule.model_validate(each, context=Door(), by_name=False, by_alias=True) for each in rules]
    life = LifeParts(
        causes=scenario.causes,
        tiers=scenario.tiers,
        rules=dict(enumerate(parsed)),
        tagging=Tagging(accuracy=accuracy) if accuracy < 1 else None,
    )
    parts = Parts(streams=scenario.streams, queues=scenario.queues, life=life)
    deciding = {id(first_match(parsed, contact)) for contact in contacts(scenario, accuracy)}
    never = [i for i, each in enumerate(parsed) if id(each) not in deciding]
    assert [finding.place[1] for finding in idle_rules(parts)] == never
