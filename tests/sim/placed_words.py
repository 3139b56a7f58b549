"""Little scenarios with customers at given moments (`placed.py`), and their days in words."""

import json
from typing import Any, Final

from sim.log import LEG, OUTCOMES
from tests.sim.placed import Comes, Day, ticks, told

Raw = dict[str, Any]
Leg = tuple[int, str, str, str, str]  # customer, queue, outcome, answered, ended

TEN: Final = {"deterministic": "10 min"}


def stream(queue: str = "phone", **more: Any) -> Raw:
    """A stream of placed customers, whose contacts take ten minutes."""
    return {"queue": queue, "arrivals": {"rate": "0 per hour"}, "handle_time": TEN, **more}


def scenario(queues: Raw, groups: Raw, streams: Raw | None = None, **more: Any) -> str:
    """The text of a little scenario, as JSON, which is YAML too."""
    calendar = {"start": "2026-03-02", "days": 1, "interval": "30 min"}
    raw: Raw = {
        "careloop": 1,
        "name": "a day by hand",
        "calendar": calendar,
        "streams": streams or {"calls": stream()},
        "queues": queues,
        "groups": groups,
        **more,
    }
    return json.dumps(raw)


def one(skills: list[str], **more: Any) -> Raw:
    """A team of one."""
    return {"team": {"skills": skills, "agents": 1, **more}}


def came(*moments: str, stream: str = "calls") -> list[Comes]:
    return [Comes(ticks(f"{moment}:00" if len(moment) < 6 else moment), stream) for moment in moments]


def legs(day: Day, kind: int = LEG) -> list[Leg]:
    """The legs of the day in the order in which they ended."""
    names = day.model.names
    rows = day.log.contacts[day.log.contacts["row"] == kind]
    return [
        (
            day.number.get(int(row["key"]), day.number.get(int(row["parent"]), 0)),
            names.queues[row["queue"]],
            OUTCOMES[row["outcome"]],
            told(int(row["started"])),
            told(int(row["ended"])),
        )
        for row in rows
    ]


def spans(day: Day, group: str) -> list[tuple[str, str]]:
    """When agents of a group worked; spans that touch are one."""
    g = day.model.names.groups.index(group)
    rows = day.log.agents[(day.log.agents["group"] == g) & (day.log.agents["state"] > 1)]
    found: list[list[int]] = []
    for row in sorted(rows, key=lambda row: int(row["start"])):
        if found and found[-1][1] == int(row["start"]):
            found[-1][1] = int(row["end"])
        else:
            found.append([int(row["start"]), int(row["end"])])
    return [(told(start), told(end)) for start, end in found]
