"""Tiny centres as canonical exports: rows written by hand or at random, in whole seconds of UTC."""

import csv
import datetime
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from calibration.facts.facts import Facts
from calibration.facts.read import read_facts

MONDAY: Final = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Contact(NamedTuple):
    """Seconds since `MONDAY`; answered None: nobody took it."""

    queue: str
    came: int
    answered: int | None = None
    ended: int | None = None
    agent: str = ""
    queued: bool = True
    channel: str = "phone"
    user: str = ""
    severity: str = ""
    cause: str = ""
    outcome: str = ""
    transfers: int | None = None
    reopens: int | None = None
    resolved: int | None = None

    @property
    def is_handled(self) -> bool:
        return self.answered is not None

    @property
    def handle_s(self) -> int:
        return self.ended - self.answered if self.ended is not None and self.answered is not None else 0

    @property
    def left_line(self) -> int:
        return self.answered if self.answered is not None else self.ended or self.came

    def local(self, zone: str = "UTC") -> datetime.datetime:
        """When it came, by the clocks of a zone."""
        return (MONDAY + datetime.timedelta(seconds=self.came)).astimezone(ZoneInfo(zone))


def facts_of(folder: Path, contacts: Sequence[Contact], zone: str = "UTC", threads: int = 2) -> Facts:
    """The facts of an export that has these contacts, names kept."""
    path = folder / "export.csv"
    names = (
        "contact_id", "queue", "arrived_at", "answered_at", "ended_at", "agent_id", "queued", "channel",
        "user_id", "severity", "cause", "outcome", "transfers", "reopens", "resolved_at",
    )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        for i, c in enumerate(contacts):
            times = [_stamp(c.came), _stamp(c.answered), _stamp(c.ended)]
            counts = ["" if each is None else str(each) for each in (c.transfers, c.reopens)]
            words = [c.agent, str(c.queued).lower(), c.channel, c.user, c.severity, c.cause]
            writer.writerow([f"c{i}", c.queue, *times, *words, c.outcome, *counts, _stamp(c.resolved)])
    return read_facts([path], "canonical", time_zone=zone, keep_names=True, threads=threads)


def _stamp(second: int | None) -> str:
    if second is None:
        return ""
    return f"{MONDAY + datetime.timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


def clock(text: str, day: int = 0) -> int:
    """Seconds since `MONDAY` of 09:30 or 09:30:15 on a day."""
    hours, minutes, seconds, *_ = (*map(int, text.split(":")), 0)
    return ((day * 24 + hours) * 60 + minutes) * 60 + seconds


def at_random(
    seed: int, contacts: int = 400, queues: int = 3, agents: int = 5, days: int = 2, long_s: int = 1500
) -> list[Contact]:
    """Contacts round the clock, each agent busy with one at a time; some give up, some never end."""
    draw = random.Random(seed)
    free = dict.fromkeys((f"a{i}" for i in range(agents)), 0)
    found = []
    for came in sorted(draw.randrange(days * 86_400) for _ in range(contacts)):
        queue = f"q{draw.randrange(queues)}"
        channel = draw.choice(("phone", "chat", "email"))
        mine = [each for i, each in enumerate(free) if i % queues <= int(queue[1:])]
        agent = min(mine, key=lambda each: (free[each], draw.random())) if mine else ""
        answered = max(came, free[agent] + draw.randrange(40)) if agent else came
        patience = round(draw.expovariate(1 / 200))
        user = f"u{draw.randrange(60)}"
        if not agent or answered - came > patience:
            found.append(Contact(queue, came, None, came + patience, "", True, channel, user))
            continue
        ended = answered + draw.choice((0, 1, round(draw.expovariate(1 / long_s)), 333))
        free[agent] = ended
        found.append(Contact(queue, came, answered, ended, agent, answered > came, channel, user))
    return found
