"""Random scenarios: small, drawn from a seed, and between them using every word of the language.

Each is written as a person would write it and read by `scenarios.from_dict`, so that what cannot be
written cannot be tested by mistake. Round numbers are common on purpose: they make ties.
"""

from datetime import date, timedelta
from random import Random
from typing import Any, Final

import scenarios
from scenarios import Scenario
from scenarios.definitions import SERVICE_LEVELS
from tests.sim.mended import mended
from tests.sim.random_lives import LifeMaker
from tests.sim.random_waiting import WaitingMaker

Mapping = dict[str, Any]

_PLACES: Final = (
    ("2026-03-02", "UTC"),
    ("2026-03-06", "UTC"),  # a Friday
    ("2026-03-28", "Europe/Amsterdam"),  # the clocks go forward on the 29th
    ("2026-03-29", "Europe/Amsterdam"),
    ("2026-10-24", "Europe/Amsterdam"),  # ... and back on the 25th
    ("2026-10-25", "Europe/Amsterdam"),
    ("2026-11-01", "America/New_York"),
)
_HOURS: Final[Mapping] = {
    "desk": {"daily": "08:00-20:00"},
    "late": {"daily": "18:00-02:00"},
    "split": {"daily": ["00:00-03:00", "09:00-12:00", "13:00-17:30"]},
    "early": {"mon-fri": "06:30-14:00", "sat": "08:00-12:00", "sun": "01:00-11:00"},
}
_QUEUES: Final = ("phone", "vip", "chat", "mail", "desk", "claims")
_GROUPS: Final = ("ants", "bees", "crows", "deer")
_STREAMS: Final = ("calls", "visits", "notes", "orders")


def scenario(seed: int, contacts: int = 300) -> Scenario:
    """The random scenario of this seed, with roughly so many contacts."""
    return scenarios.from_dict(mapping(seed, contacts))


def mapping(seed: int, contacts: int = 300) -> Mapping:
    """The same as it would stand in a file."""
    maker = _Maker(seed, contacts)
    cased = LifeMaker(seed, maker.queues, maker.streams, law).add_to(maker.scenario())
    return mended(WaitingMaker(seed, law).add_to(cased))


def plain(seed: int, contacts: int = 300) -> Scenario:
    """The same without the life of cases."""
    return scenarios.from_dict(_Maker(seed, contacts).scenario())


def law(rng: Random, mean_s: float) -> Mapping:
    """A distribution of about this mean; now and then of whole minutes."""
    mean_s *= rng.uniform(0.6, 1.5)
    if rng.random() < 0.4:
        mean_s = max(60.0 * round(mean_s / 60), 60.0)
    mean = f"{mean_s:.6f} s"
    kinds: tuple[Mapping, ...] = (
        {"deterministic": mean},
        {"exponential": mean},
        {"lognormal": {"mean": mean, "cv": round(rng.uniform(0.2, 2), 2)}},
        {"gamma": {"mean": mean, "cv": round(rng.uniform(0.2, 2), 2)}},
        {"weibull": {"mean": mean, "shape": round(rng.uniform(0.6, 3), 2)}},
        {"erlang": {"mean": mean, "k": rng.randint(1, 6)}},
        {"hyperexponential": {"mean": mean, "cv": round(rng.uniform(1.1, 3), 2)}},
        {"empirical": {"0%": "0 s", "50%": f"{mean_s / 2:.6f} s", "100%": f"{3 * mean_s:.6f} s"}},
    )
    return dict(rng.choice(kinds))


class _Maker:
    """One random scenario in the making."""

    def __init__(self, seed: int, contacts: int) -> None:
        self.rng = Random(f"scenario {seed}")
        self.more = Random(f"days of scenario {seed}")
        self.contacts = contacts
        self.start, self.zone = self.rng.choice(_PLACES)
        self.days = self.rng.choice((1, 1, 2, 3))
        self.queues = self.rng.sample(_QUEUES, self.rng.choice((1, 2, 3, 3, 4, 4, 5)))
        self.groups = list(_GROUPS[: self.rng.randint(1, 4)])
        self.streams = list(_STREAMS[: self.rng.randint(1, 4)])
        self.heads = self.rng.randint(1, 3)  # of a group, more or less
        # What makes the groups about as busy as they can be: half of their time on duty is a guess.
        load = self.rng.uniform(0.5, 2.0)
        per_contact = load * len(self.groups) * self.heads * 0.5 * self.days * 86_400 / contacts
        self.mean_s = min(max(per_contact, 20.0), 7200.0)

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def scenario(self) -> Mapping:
        skills = self.all_skills()
        return {
            "careloop": 1,
            "name": "random",
            "service_level": self.rng.choice(sorted(SERVICE_LEVELS)),
            "calendar": self.calendar(),
            "streams": {name: self.stream() for name in self.streams},
            "queues": {name: self.queue(name, skills) for name in self.queues},
            "groups": {name: self.group(name, skills[name]) for name in self.groups},
            "run": self.run(),
        }

    def calendar(self) -> Mapping:
        return {
            "start": self.start,
            "days": self.days,
            "time_zone": self.zone,
            "interval": self.rng.choice(("15 min", "30 min", "60 min")),
            "hours": self.hours(),
            **({"holidays": [self.a_day()]} if self.more.random() < 0.4 else {}),
        }

    def a_day(self) -> str:
        """One of the days, or the one before the first, whose night may reach into it."""
        day = date.fromisoformat(self.start) + timedelta(days=self.more.randint(-1, self.days))
        return day.isoformat()

    def hours(self) -> Mapping:
        """Named opening hours, of which some speak of holidays."""
        on_holidays = ("closed", "10:00-14:00", ["00:00-02:00", "12:00-24:00"])
        if self.more.random() < 0.5:
            return _HOURS
        return {name: {**each, "holidays": self.more.choice(on_holidays)} for name, each in _HOURS.items()}

    def run(self) -> Mapping:
        found: Mapping = {"replications": 3, "end": self.rng.choice(("drain", "cut"))}
        if self.maybe(0.3):
            found["warm_up"] = self.rng.choice(("1 h", "6 h", "10 h"))
        return found

    # Times.

    def time(self, mean_s: float) -> Mapping:
        return law(self.rng, mean_s)

    def patience(self) -> Mapping:
        found = self.time(self.mean_s * self.rng.choice((0.2, 1.0, 4.0)))
        return found | {"balk": "10%"} if self.maybe(0.3) else found

    # Streams.

    def stream(self) -> Mapping:
        found: Mapping = {
            "queue": self.rng.choice(self.queues),
            "arrivals": self.arrivals(self.contacts / len(self.streams) / self.days),
            "handle_time": self.time(self.mean_s),
        }
        found["arrivals"] |= self.day_factors()
        found |= self.long_days()
        if self.maybe(0.3):
            found["patience"] = self.patience()
        if self.maybe(0.4):
            found["backlog"] = self.rng.randint(1, 30)
        return found

    def day_factors(self) -> Mapping:
        """Now and then, what makes one day differ from another."""
        found: Mapping = {}
        if self.more.random() < 0.2:
            found["special_days"] = {self.a_day(): self.more.choice((0, 0.5, "250%"))}
        if self.more.random() < 0.2:
            found["trend"] = self.more.choice(("400% per year", "-2% per week"))
        if self.more.random() < 0.1:
            found["months"] = {"mar": 0.8, "oct": "120%"}
        return found

    def arrivals(self, a_day: float) -> Mapping:
        hourly = f"{a_day / 24:.6f} per hour"
        profile = [self.rng.randint(0, 9) for _ in range(11)] + [1]
        sources: tuple[Mapping, ...] = (
            {"rate": hourly},
            {"rate": f"{a_day / 12:.6f} per hour", "hours": "desk"},
            {"rate": hourly, "multiply": 1.2},
            {
                "by_interval": {"from": "07:00", "step": "60 min", "daily": profile},
                "volume": f"{7 * a_day:.6f} per week",
            },
            {"sinusoid": {"mean": hourly, "amplitude": hourly, "period": "6 h", "phase": "1 h"}},
        )
        found = dict(self.rng.choice(sources))
        if self.maybe(0.5):
            found["busyness"] = {
                "day": {"cv": "30%", "correlation": self.rng.choice(("0%", "50%", "100%"))},
                "interval": {"cv": "40%", "correlation": self.rng.choice(("0%", "50%"))},
            }
        return found

    def long_days(self) -> Mapping:
        """Handle times that differ by day, now and then."""
        if self.more.random() > 0.3:
            return {}
        level = {"cv": "25%", "correlation": self.more.choice(("0%", "50%", "100%"))}
        weekdays = (
            {} if self.more.random() > 0.5 else {"handle_time_by_weekday": {"mon": 0.7, "tue-sun": 1.2}}
        )
        return {"handle_time_by_day": level, **weekdays}

    # Queues.

    def queue(self, name: str, skills: dict[str, list[Any]]) -> Mapping:
        chat = name == "chat" or self.maybe(0.2)
        found: Mapping = {
            "channel": "chat" if chat else self.rng.choice(("phone", "email", "other")),
            "target": f"80% in {self.rng.choice((0, 20, 60, 600))} s",
            "priority": self.rng.choice((-1, 0, 0, 1, 2, 2, "high", "lowest")),
            "at_closing": self.rng.choice(("serve", "clear", "clear", "hold")),
            "interruptible": self.maybe(0.7),
        }
        if self.maybe(0.6):
            found["patience"] = self.patience()
        if self.maybe(0.25):
            found["capacity"] = self.rng.choice((0, 0, 1, 3, 8))
        if self.maybe(0.5):
            found["retry"] = self.retry()
        if self.maybe(0.6):
            found["hours"] = self.rng.choice((*_HOURS, {"daily": "00:00-24:00"}, {"daily": "22:00-21:00"}))
        later = self.queues[self.queues.index(name) + 1 :]
        if later and self.maybe(0.6):
            after = self.rng.choice((0.0, 60.0, 300.0, round(self.mean_s, 3)))
            found["overflow"] = {"to": self.rng.choice(later), "after": f"{after} s"}
        if self.maybe(0.3):
            found["prefers"] = self.tied([g for g in self.groups if name in _flat(skills[g])])
        return found

    def retry(self) -> Mapping:
        found: Mapping = {
            "share": self.rng.choice(("40%", "60%")),  # without end, but not for ever
            "after": self.time(self.rng.choice((60.0, 900.0))),
        }
        if self.maybe(0.5):
            found |= {"share": self.rng.choice(("80%", "100%")), "attempts": self.rng.randint(1, 3)}
        if self.maybe(0.5):
            found["of"] = self.rng.choice((["abandoned"], ["blocked"], ["abandoned", "blocked"]))
        return found

    # Groups.

    def all_skills(self) -> dict[str, list[Any]]:
        """Skills of each group, such that every queue is served by somebody."""
        most = len(self.queues)
        has = {g: self.rng.sample(self.queues, self.rng.randint((most + 1) // 2, most)) for g in self.groups}
        for queue in self.queues:
            if not any(queue in queues for queues in has.values()):
                has[self.rng.choice(self.groups)].append(queue)
        return {g: self.tied(queues) for g, queues in has.items()}

    def tied(self, names: list[str]) -> list[Any]:
        """The names in random order, some of them tied."""
        left = self.rng.sample(names, len(names))
        found: list[Any] = []
        while left:
            together = self.rng.choice((1, 1, 2, 3))
            found.append(left[0] if together == 1 else left[:together])
            left = left[together:]
        return found

    def group(self, name: str, skills: list[Any]) -> Mapping:
        found: Mapping = {
            "skills": skills,
            "speed": self.rng.choice((1.0, 1.0, 0.7, 1.25, 3.0)),
            "takes": self.rng.choice(("priority_then_skill", "longest_wait")),
            "idle": self.rng.choice(("longest_idle", "fixed_order")),
            "pay": "$20/h",
        }
        if self.maybe(0.6):
            chats = self.rng.choice((1, 2, 3, 4))
            slowdown = [1.0, *sorted(round(self.rng.uniform(1, 2), 3) for _ in range(chats - 1))]
            route = self.rng.choice(("least_loaded", "most_loaded"))
            found["concurrency"] = {"chats": chats, "slowdown": slowdown, "route": route}
        # The first group is always there in some number: else, nothing might ever happen.
        staffing = self.rng.choice((self.constant, self.windows, self.grid, self.shifts))
        return found | (self.windows() if name == self.groups[0] else staffing())

    def constant(self) -> Mapping:
        found: Mapping = {"agents": self.rng.randint(0, 2 * self.heads)}
        return found | {"hours": "desk"} if self.maybe(0.5) else found

    def windows(self) -> Mapping:
        """Staffing that goes up and down at odd times."""
        times = sorted(self.rng.sample(range(0, 48), 5))
        clock = [f"{t // 2:02d}:{t % 2 * 30:02d}" for t in times]
        heads = [self.rng.randint(0, 2 * self.heads) for _ in times]
        heads[0] = max(heads[0], 1)
        spans = zip(clock, [*clock[1:], clock[0]], strict=True)
        return {"agents": {f"{a}-{b}": n for (a, b), n in zip(spans, heads, strict=True)}}

    def grid(self) -> Mapping:
        heads = [self.rng.randint(0, 4) for _ in range(8)]
        return {"agents": {"from": "06:00", "step": "2 h", "daily": heads}}

    def shifts(self) -> Mapping:
        """Shifts that follow each other, overlap, and cross midnight."""
        spans = ("06:00-14:00", "14:00-22:00", "22:00-06:00", "00:00-24:00", "09:30-17:10", "20:00-02:30")
        chosen = self.rng.sample(spans, self.rng.randint(1, 4))
        shifts = [{**self.shift(), "hours": span, **self.breaks(span)} for span in chosen]
        if self.more.random() < 0.2:
            shifts.append({"agents": self.heads, "days": "holidays", "hours": "05:00-21:00"})
        return {"shifts": shifts}

    def breaks(self, span: str) -> Mapping:
        """Now and then breaks, all at once or one after the other, of paid time or not."""
        if self.more.random() < 0.5:
            return {}
        first = (int(span[:2]) + self.more.randint(2, 3)) % 24
        paid = {"paid": self.more.choice(("yes", "no"))}
        fixed = {"at": f"{first:02d}:00", "for": "20 min", **paid}
        after = f"{(first + 1) % 24:02d}:00-{(first + 2) % 24:02d}:30"
        return {"breaks": [fixed, {"between": after, "for": "30 min"}][: self.more.randint(1, 2)]}

    def shift(self) -> Mapping:
        return {"agents": self.rng.randint(0, self.heads), "days": self.rng.choice(("daily", "mon-sat"))}


def _flat(skills: list[Any]) -> list[str]:
    return [name for tie in skills for name in ([tie] if isinstance(tie, str) else tie)]
