"""Random lives of cases: what random scenarios say of severities, paths, tags, rules and side work.

They have a random stream of their own, so that the rest of a scenario stays what it was without them. Roughly
half of the scenarios get cases.
"""

from random import Random
from typing import Any, Final

Mapping = dict[str, Any]

SHARE: Final = 0.5  # of scenarios that have cases
_SEVERITIES: Final = ("S1", "S2", "S3")
_CAUSES: Final = ("billing", "outage", "how_to")
_TIERS: Final = ("small", "mid", "vip")
_FLAGS: Final = {"pci": "compliance", "fraud": "fraud", "press": "other"}
_LATER_STEPS: Final = ("tier2", "reply", "engineering", "wrap_up")


class LifeMaker:
    """The life of the cases of one random scenario in the making."""

    def __init__(self, seed: int, queues: list[str], streams: list[str], times: Any) -> None:
        """`times` draws a duration law of about a mean in seconds from the generator it is given."""
        self.rng = Random(f"lives of scenario {seed}")
        self.queues = queues
        self.streams = streams
        self.times = times
        self.has_cases = self.rng.random() < SHARE
        self.severities = self.some(_SEVERITIES, 0.8)
        self.causes = self.some(_CAUSES, 0.85)
        self.tiers = self.some(_TIERS, 0.6)
        self.flags = self.some(tuple(_FLAGS), 0.6)
        self.paths = self.some(("standard", "long"), 0.85)

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, names: tuple[str, ...], share: float) -> list[str]:
        """Some of the names in their order, or none."""
        count = self.rng.randint(1, len(names))
        chosen = sorted(self.rng.sample(names, count), key=names.index)
        return chosen if self.maybe(share) else []

    def mix(self, names: list[str]) -> Mapping:
        """Shares of all names; the least of them is not small, so that all of them happen."""
        parts = [self.rng.randint(1, 6) for _ in names]
        return {name: part / sum(parts) for name, part in zip(names, parts, strict=True)}

    def queue(self) -> str:
        return self.rng.choice(self.queues)

    def time(self, mean_s: float) -> Mapping:
        found: Mapping = self.times(self.rng, mean_s)
        return found

    def add_to(self, scenario: Mapping) -> Mapping:
        """The scenario with the life of its cases, or as it was."""
        if not self.has_cases:
            return scenario
        streams = {name: {**each, **self.stream()} for name, each in scenario["streams"].items()}
        sections = {
            "severities": {name: self.severity() for name in self.severities},
            "causes": {name: self.cause() for name in self.causes},
            "tiers": {name: self.tier(i) for i, name in enumerate(self.tiers)},
            "flags": {name: _FLAGS[name] for name in self.flags},
            "tagging": self.tagging() if self.causes and self.maybe(0.85) else None,
            "routing": [self.rule() for _ in range(self.rng.randint(0, 4))],
            "paths": {name: self.path() for name in self.paths},
            "closing": self.closing() if self.maybe(0.8) else None,
            "side_work": self.side_works(),
            "outcomes": {"response": "40%"} if self.maybe(0.4) else None,
        }
        given = {name: part for name, part in sections.items() if part}
        return {**scenario, "streams": streams, **(given or {"closing": self.closing()})}

    # What a case is.

    def stream(self) -> Mapping:
        found: Mapping = {}
        for part in ("causes", "severities", "tiers"):
            names = getattr(self, part)
            if names and self.maybe(0.85):
                found[part] = self.mix(names)
        if self.flags and self.maybe(0.8):
            found["flags"] = {name: self.rng.choice((0.02, "15%", 0.4)) for name in self.flags}
        if self.paths and self.maybe(0.8):
            found["path"] = self.rng.choice(self.paths)
        if self.maybe(0.4):
            found["self_service"] = self.self_service()
        return found

    def self_service(self) -> Mapping:
        found: Mapping = {"deflects": self.rng.choice(("10%", "30%", 0.6)), "ease": self.rng.choice((1, 0.6))}
        if self.maybe(0.7):
            found["bounces"] = {
                "share": self.rng.choice(("30%", "80%", 1)),
                "after": self.time(self.rng.choice((120.0, 3600.0))),
                "handle_time": self.rng.choice(("120%", 0.5)),
            }
        return found | {"views": 3.5} if self.maybe(0.5) else found

    def severity(self) -> Mapping:
        """Promises of a severity, some of them by opening hours, some with updates owed often."""
        clock = self.rng.choice(("always", "desk", "early"))
        limits = ["15 min", "95% in 4 h", "same day"]
        limits += [] if clock == "always" else ["90% in 2 business days", "4 business hours"]
        found: Mapping = {"clock": clock}
        for promise in ("first_response", "resolution"):
            if self.maybe(0.7):
                found[promise] = self.rng.choice(limits)
        if self.maybe(0.7):
            found["update"] = {
                "every": self.rng.choice(("1 min", "20 min", "1 h", "1 h", "4 h")),
                "queue": self.queue(),
                "handle_time": self.time(self.rng.choice((10.0, 120.0))),
            }
        return found

    def cause(self) -> Mapping:
        found: Mapping = {"avoidable": self.maybe(0.5), "handle_time": self.rng.choice(("80%", 1, 1.5))}
        if self.severities and self.maybe(0.4):
            found["severities"] = self.mix(self.severities)
        if self.paths and self.maybe(0.4):
            found["path"] = self.rng.choice(self.paths)
        return found

    def tier(self, i: int) -> Mapping:
        return {"accounts": 10 ** (3 - i), "arr": f"${(100, 9_000, 60_000)[i]}", "vip": i == 2}

    # Where it goes.

    def tagging(self) -> Mapping:
        found: Mapping = {
            "accuracy": self.rng.choice(("100%", "80%", 0.5)),
            "collisions": self.rng.choice((0, "5%", "30%")),
        }
        if self.maybe(0.7):
            found["untagged"] = self.rng.choice(("10%", "50%"))
            found["triage"] = {"queue": self.queue(), "handle_time": self.time(30.0)}
        if self.maybe(0.7):
            found["misrouted"] = self.time(60.0)
        return found

    def rule(self) -> Mapping:
        """A rule of one or two conditions, mostly about causes, which tags can get wrong."""
        conditions: list[Mapping] = [
            {"stream": self.rng.choice(self.streams)},
            {"channel": ["phone", "chat"]},
        ]
        if self.causes:
            conditions += 4 * [{"cause": self.rng.choice(self.causes)}]
        if self.severities:
            conditions.append({"severity": self.rng.choice(self.severities)})
        if self.tiers:
            conditions += [{"tier": self.rng.choice(self.tiers)}, {"vip": self.maybe(0.5)}]
        if self.flags:
            conditions.append({"flag": self.rng.choice(self.flags)})
        found: Mapping = {}
        for condition in self.rng.sample(conditions, self.rng.choice((1, 1, 2))):
            found |= condition
        return {**found, "to": self.queue()}

    def path(self) -> Mapping:
        """Steps of which any may lead to any, itself included, but in the end to the solution."""
        names = ["first", *self.rng.sample(_LATER_STEPS, self.rng.randint(0, 3))]
        return {name: self.step(names, name == "first") for name in names}

    def step(self, names: list[str], first: bool) -> Mapping:
        found: Mapping = {}
        if self.maybe(0.3 if first else 0.6):
            found["queue"] = self.queue()
        if self.maybe(0.3 if first else 0.7):
            found["handle_time"] = self.time(self.rng.choice((60.0, 600.0)))
        if not first and self.maybe(0.5):
            found["after"] = self.time(self.rng.choice((60.0, 3600.0, 20_000.0)))
        if self.maybe(0.3):
            found["patient"] = self.maybe(0.5)
        if self.maybe(0.2):
            found["due"] = "4 h"
        on = self.rng.sample(names, self.rng.randint(1, min(2, len(names))))
        goes_on = self.rng.choice((0.2, 0.4, 0.65))
        shares = {name: share * goes_on for name, share in self.mix(on).items()}
        return found | {"then": {**shares, "solved": 1.0 - goes_on}}

    # What comes after, and beside.

    def closing(self) -> Mapping:
        found: Mapping = {"closes_after": self.rng.choice(("1 h", "5 days"))}
        if self.maybe(0.7):
            found["confirms"] = {"share": self.rng.choice(("60%", 1)), "after": self.time(7200.0)}
        if self.maybe(0.7):
            found["reopens"] = {"share": self.rng.choice(("10%", "30%")), "after": self.back_after()}
        if self.maybe(0.6):
            found["repeats"] = {
                "share": self.rng.choice(("10%", "30%")),
                "after": self.back_after(),
                "streams": self.mix(self.rng.sample(self.streams, self.rng.randint(1, len(self.streams)))),
            }
        return found

    def back_after(self) -> Mapping:
        return self.time(self.rng.choice((60.0, 1800.0, 20_000.0)))

    def side_works(self) -> Mapping:
        names = ("article", "duty", "security", "check")
        return {name: self.side_work() for name in self.rng.sample(names, self.rng.choice((0, 1, 2, 4)))}

    def side_work(self) -> Mapping:
        found: Mapping = {
            "queue": self.queue(),
            "handle_time": self.time(self.rng.choice((20.0, 200.0))),
            "on": self.rng.choice(("opened", "solved")),
            "share": self.rng.choice(("20%", 0.5, 1)),
        }
        if self.maybe(0.4):
            found["after"] = self.time(self.rng.choice((60.0, 7200.0)))
        if self.maybe(0.5):
            found |= self.rng.choice(({"due": "10 min"}, {"answered": "95% in 2 h"}))
        if self.maybe(0.2):
            found = {k: v for k, v in found.items() if k != "answered"}
            found |= {"due": "1 business day", "clock": "desk"}
        if self.maybe(0.5) and (when := self.when()):
            found["when"] = when
        for part in ("severities", "causes", "tiers"):
            if getattr(self, part) and self.maybe(0.15):
                found[part] = [self.rng.choice(getattr(self, part))]
        return found

    def when(self) -> Mapping:
        found: Mapping = {}
        if self.tiers and self.maybe(0.7):
            found["arr"] = self.rng.choice(("$5000", "$50,000"))
        if self.flags and self.maybe(0.7):
            found["flags"] = [self.rng.choice(self.flags)]
        return found
