"""Random waiting and working: lines, announcements, calls back, silence, people, handovers, incidents.

They have a random stream of their own, so that the rest of a scenario stays what it was without them. Roughly
half of the scenarios get some of it, whether they have cases or not; incidents come where there are causes.
"""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

Mapping = dict[str, Any]

SHARE: Final = 0.5  # of scenarios that have some of it
_WAITS: Final = ("20 s", "1 min", "5 min", "20 min")
_RULES: Final = ("weighted_wait", "ageing", "ageing", "priority_then_skill")


class WaitingMaker:
    """What one random scenario says of those who wait, of people, and of incidents."""

    def __init__(self, seed: int, times: Any) -> None:
        """`times` draws a duration law of about a mean in seconds from the generator it is given."""
        self.rng = Random(f"waiting of scenario {seed}")
        self.times = times
        self.has_more = self.rng.random() < SHARE

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def time(self, *means_s: float) -> Mapping:
        """A law of about one of these means."""
        found: Mapping = self.times(self.rng, self.rng.choice(means_s))
        return found

    def add_to(self, scenario: Mapping) -> Mapping:
        """The scenario with all that, or as it was."""
        if not self.has_more:
            return scenario
        streams, queues = list(scenario["streams"]), scenario["queues"]
        found = {
            **scenario,
            "queues": {name: self.queue(name, queue, scenario) for name, queue in queues.items()},
            "groups": {name: self.group(group, scenario) for name, group in scenario["groups"].items()},
        }
        if "causes" in scenario and self.maybe(0.85):
            names = ("down", "slow")[: self.rng.randint(1, 2)]
            found["incidents"] = {name: self.incident(scenario, streams) for name in names}
            found["side_work"] = scenario.get("side_work", {}) | self.beside_incidents(scenario)
        if "paths" in scenario:
            paths = {name: self.warm(path) for name, path in scenario["paths"].items()}
            found["paths"] = {
                name: {step: self.wraps_up(each) for step, each in path.items()}
                for name, path in paths.items()
            }
        found["streams"] = {name: self.wraps_up(each) for name, each in scenario["streams"].items()}
        return found

    # Those who wait.

    def queue(self, name: str, queue: Mapping, scenario: Mapping) -> Mapping:
        found: Mapping = {
            "weight": self.rng.choice((1, 0.2, 3)),
            "gains": self.rng.choice(("0 per h", "2 per h")),
        }
        if self.maybe(0.3):
            found["lines"] = self.rng.choice((1, 2, 4, 10))
        if self.maybe(0.5):
            found["announces"] = self.announces(name, scenario["streams"])
        if self.maybe(0.5):
            found["call_back"] = self.call_back()
        if self.maybe(0.5):
            # Without patience nobody gives up, and silence would say nothing.
            found["patience"] = queue.get("patience", {"exponential": self.rng.choice(_WAITS)})
            found["silent"] = {
                "share": self.rng.choice(("40%", 1)),
                "handle_time": self.time(20.0, 200.0),
            }
        if "overflow" in queue and self.maybe(0.5):
            found["overflow"] = {**queue["overflow"], "leaves_message": True}
        if "retry" in queue and self.maybe(0.6):
            others = [each for each in scenario["streams"] if self.maybe(0.6)]
            switch = {each: self.rng.choice((0.1, "25%")) for each in others}
            found["retry"] = {**queue["retry"], **({"switch": switch} if switch else {})}
        return {**queue, **found}

    def announces(self, queue: str, streams: Mapping) -> Mapping:
        found: Mapping = {}
        if self.maybe(0.7):
            waits = sorted(self.rng.sample(range(len(_WAITS)), self.rng.randint(1, 3)))
            found["balk"] = {_WAITS[wait]: f"{5 + 20 * i}%" for i, wait in enumerate(waits)}
        others = [name for name, stream in streams.items() if stream["queue"] != queue]
        if others and self.maybe(0.7):
            found["diverts"] = {
                "over": self.rng.choice(_WAITS),
                "share": self.rng.choice(("30%", 1)),
                "to": self.rng.choice(others),
            }
        return found or {"balk": {"1 min": "50%"}}

    def call_back(self) -> Mapping:
        found: Mapping = {
            "over": self.rng.choice(("1 s", *_WAITS)),
            "accepts": self.rng.choice(("30%", 0.8, 1)),
            "answers": self.rng.choice(("100%", "70%", 0.3, 0.3)),
        }
        return found | {"attempt": self.time(10.0, 60.0)} if self.maybe(0.8) else found

    # People.

    def group(self, group: Mapping, scenario: Mapping) -> Mapping:
        found: Mapping = {**group, "takes": self.rng.choice((*_RULES, group["takes"]))}
        if self.maybe(0.4):
            found["idle"] = "random"
        if self.maybe(0.5):
            skills = [name for tie in group["skills"] for name in ([tie] if isinstance(tie, str) else tie)]
            chosen = self.rng.sample(skills, self.rng.randint(1, len(skills)))
            found["handle_times"] = {name: self.rng.choice(("80%", 1.3, "200%")) for name in chosen}
        if self.maybe(0.5):
            found["hurry"] = {
                "from_waiting": self.rng.choice((1, 1, 3, 10)),
                "speeds_up": self.rng.choice(("5%", 0.3)),
                "reopens": self.rng.choice((0, "50%", "200%")),
            }
        if self.maybe(0.4) and _somebody(group):
            found["ramp"] = self.ramp(scenario["calendar"]["start"])
        if self.maybe(0.35):
            found.pop("concurrency", None)  # who is called has one thing in hand
            found["on_call"] = {"answers": self.time(60.0, 600.0)}
            if self.maybe(0.5):
                found["on_call"] |= {"standby_pay": "$8/h"}
        return found

    def ramp(self, start: str) -> Mapping:
        """Somebody new since the first day, or since just before a week or two are over."""
        days_ago = self.rng.choice((0, 6, 13))
        day = date.fromisoformat(start) - timedelta(days=days_ago)
        weeks = [
            {"week": 1, "speed": "50%", "reopens": self.rng.choice(("100%", "200%"))},
            {"week": 2, "speed": "80%", "reopens": "150%"},
            {"week": 3, "speed": "110%", "reopens": "90%"},
        ]
        return {"hires": {day.isoformat(): 1}, "weeks": weeks[: self.rng.randint(2, 3)]}

    def warm(self, path: Mapping) -> Mapping:
        """The path, with agents who stay until somebody else has answered, at some of its later steps."""
        found = dict(path)
        for name in list(path)[1:]:
            if self.maybe(0.8):
                conference = self.rng.choice(({}, {"conference": "30 s"}, {"conference": "3 min"}))
                stays = self.rng.choice(("warm", {"warm": "20 s"}, {"warm": "3 min"}))
                found[name] = {**path[name], "handover": stays, **conference}
                if self.maybe(0.7):
                    found[name].pop("after", None)  # nobody stays with a customer who is to come again
        return found

    def wraps_up(self, part: Mapping) -> Mapping:
        """The stream or step, with wrap-up as the last part of its work."""
        return {**part, "wrap_up": self.rng.choice(("10%", 0.5, 0))} if self.maybe(0.5) else part

    # Incidents.

    def incident(self, scenario: Mapping, streams: list[str]) -> Mapping:
        start = date.fromisoformat(scenario["calendar"]["start"])
        # Times of day that no change of clocks leaves out.
        moments = sorted(f"{self.rng.choice((5, 9, 11)):02d}:{minute}" for minute in ("00", "10", "37"))
        at = [f"{start} {moment}" for moment in dict.fromkeys(moments)]
        chosen = self.rng.sample(streams, self.rng.randint(1, len(streams)))
        found: Mapping = {
            "cause": self.rng.choice(list(scenario["causes"])),
            "starts": self.rng.choice(({"every": "4 h"}, {"every": "12 h"}, {"at": at})),
            "lasts": self.time(1800.0, 7200.0, 20_000.0),
            "surge": {name: self.rng.choice(("5 per h", "20 per h", "60 per h")) for name in chosen},
            "detection": {
                "contacts": self.rng.choice((1, 2, 3, 8)),
                "within": self.rng.choice(("5 min", "30 min", "2 h")),
                "delay": self.rng.choice(("0 s", "5 min")),
            },
            "mitigation": self.time(600.0, 3600.0),
            "fades": self.rng.choice(("0 s", "30 min", "2 h")),
        }
        if "severities" in scenario and self.maybe(0.6):
            found["severity"] = self.rng.choice(list(scenario["severities"]))
        if self.maybe(0.6):
            found["status_page"] = {
                "after": self.rng.choice(("0 s", "15 min")),
                "cuts": self.rng.choice(("60%", 1)),
            }
        return found

    def beside_incidents(self, scenario: Mapping) -> Mapping:
        """A summary that is owed after an incident, and a word to somebody once in it."""
        queues = list(scenario["queues"])
        summary = {"queue": self.rng.choice(queues), "handle_time": self.time(200.0), "on": "incident"}
        alarm = {
            "queue": self.rng.choice(queues),
            "handle_time": self.time(20.0),
            "on": "opened",
            "once": "incident",
            "due": "10 min",
        }
        if any("tiers" in stream for stream in scenario["streams"].values()):
            alarm["when"] = {"arr": self.rng.choice(("$300", "$20,000"))}  # of all accounts of an incident
        found: Mapping = {"summary": {**summary, **self.rng.choice(({}, {"due": "2 h"}))}}
        return found | {"alarm": alarm} if self.maybe(0.7) else found


def _somebody(group: Mapping) -> bool:
    """Whether the group is sure to have an agent at some time."""
    agents = group.get("agents", 0)
    if isinstance(agents, int):
        return agents > 0
    return "from" not in agents and any(agents.values())
