"""Random waits: what random scenarios say of announced waits, call-backs, lines, and of how people work.

They have a random stream of their own, as random lives have. What does not fit with the rest is mended
(`mended.py`). Not all who use random scenarios know of these: seeds from `WAITS_FROM` on have them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, Final

Mapping = dict[str, Any]
Law = Callable[[Random, float], Mapping]

_LIVE: Final = ("phone", "chat")


class WaitMaker:
    """What is added to the queues, groups, paths and incidents of one random scenario."""

    def __init__(self, seed: int, law: Law) -> None:
        """`law` draws a duration law of about a mean in seconds."""
        self.rng = Random(f"waits of scenario {seed}")
        self.law = law

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def time(self, mean_s: float) -> Mapping:
        return self.law(self.rng, mean_s)

    def add_to(self, scenario: Mapping) -> Mapping:
        """The scenario with more said of waiting and of people."""
        comes_to = {name: stream["queue"] for name, stream in scenario["streams"].items()}
        queues = {name: self.queue(name, each, comes_to) for name, each in scenario["queues"].items()}
        groups = {name: self.group(each, scenario) for name, each in scenario["groups"].items()}
        paths = {name: self.path(each) for name, each in scenario.get("paths", {}).items()}
        found = {**scenario, "queues": queues, "groups": groups, **({"paths": paths} if paths else {})}
        if scenario.get("causes") and self.maybe(0.6):
            found["incidents"] = {"crash": self.incident(scenario), "glitch": self.incident(scenario)}
        return found

    # Queues.

    def queue(self, name: str, queue: Mapping, comes_to: Mapping) -> Mapping:
        found = dict(queue)
        streams = list(comes_to)
        others = [stream for stream in streams if comes_to[stream] != name]
        if self.maybe(0.2):
            found["lines"] = self.rng.choice((1, 4, 12))
        if queue["channel"] in _LIVE and self.maybe(0.4):
            found["announces"] = self.announces(others)
        if queue["channel"] == "phone" and self.maybe(0.6):
            found["call_back"] = self.call_back()
        if queue["channel"] == "chat" and self.maybe(0.5):
            found["silent"] = {"share": self.rng.choice(("40%", 1)), "handle_time": self.time(60.0)}
        if self.maybe(0.4):
            found |= {"weight": self.rng.choice((0.5, 2, 3))}
        if self.maybe(0.4):
            found |= {"gains": self.rng.choice(("1 per 10 min", "2 per h"))}
        if "retry" in found and self.maybe(0.4):
            found["retry"] = {
                **found["retry"],
                "switch": {self.rng.choice(streams): self.rng.choice((0.3, 0.9))},
            }
        if "overflow" in found and self.maybe(0.4):
            found["overflow"] = {**found["overflow"], "leaves_message": True}
        return found

    def announces(self, streams: list[str]) -> Mapping:
        found: Mapping = {"balk": {"30 s": "5%", "5 min": "30%", "30 min": "60%"}}
        if streams and self.maybe(0.7):
            to = self.rng.choice(streams)
            found["diverts"] = {"over": self.rng.choice(("30 s", "5 min")), "share": "40%", "to": to}
        return found

    def call_back(self) -> Mapping:
        found: Mapping = {
            "over": self.rng.choice(("30 s", "4 min")),
            "accepts": self.rng.choice(("50%", 1)),
            "answers": self.rng.choice(("60%", 1)),
        }
        return found | {"attempt": self.time(30.0)} if self.maybe(0.6) else found

    # People.

    def group(self, group: Mapping, scenario: Mapping) -> Mapping:
        found = dict(group)
        if self.maybe(0.5):
            found["takes"] = self.rng.choice(("weighted_wait", "ageing"))
        if self.maybe(0.3):
            found["idle"] = "random"
        if self.maybe(0.4):
            skills = [name for tie in group["skills"] for name in ([tie] if isinstance(tie, str) else tie)]
            found["handle_times"] = {self.rng.choice(skills): self.rng.choice(("70%", 1.3))}
        if "concurrency" not in group and self.maybe(0.4):
            found["on_call"] = {"answers": self.time(120.0)}
        if self.maybe(0.25):
            found["hurry"] = {"from_waiting": self.rng.choice((1, 4)), "speeds_up": "20%", "reopens": "30%"}
        if self.maybe(0.25):
            start = date.fromisoformat(scenario["calendar"]["start"])
            first = (start - timedelta(days=self.rng.choice((0, 3, 9)))).isoformat()
            found["ramp"] = {"hires": {first: 1}, "weeks": self.weeks()}
        return found

    def weeks(self) -> list[Mapping]:
        return [
            {"week": 1, "speed": "60%", "reopens": 1.5},
            {"week": 2, "speed": "80%", "reopens": 1.2},
            {"week": 3, "speed": "100%", "reopens": 1},
        ]

    # Paths and incidents.

    def path(self, path: Mapping) -> Mapping:
        """Some steps are handed over warm, with a talk of three or without."""
        first = next(iter(path))
        return {
            name: {**step, **({} if name == first else self.handover(step))} for name, step in path.items()
        }

    def handover(self, step: Mapping) -> Mapping:
        if "after" in step or not self.maybe(0.5):
            return {}
        return {"handover": "warm", **({"conference": "90 s"} if self.maybe(0.6) else {})}

    def incident(self, scenario: Mapping) -> Mapping:
        streams, start = list(scenario["streams"]), scenario["calendar"]["start"]
        at = [f"{start} {self.rng.choice(('02:30', '10:15', '16:40'))}"]
        found: Mapping = {
            "cause": self.rng.choice(list(scenario["causes"])),
            "starts": self.rng.choice(({"every": "6 h"}, {"at": at})),
            "lasts": self.time(9000.0),
            "surge": dict.fromkeys(self.rng.sample(streams, self.rng.randint(1, len(streams))), "20 per h"),
            "detection": {"contacts": self.rng.choice((2, 5)), "within": "1 h", "delay": "5 min"},
            "mitigation": self.time(1800.0),
            "fades": self.rng.choice(("0 s", "20 min")),
        }
        if self.maybe(0.5):
            found["status_page"] = {"after": "10 min", "cuts": "60%"}
        if scenario.get("severities") and self.maybe(0.5):
            found["severity"] = self.rng.choice(list(scenario["severities"]))
        return found
