"""A small centre's export in the canonical format, simulated by hand: one line, first come first served."""

import csv
import datetime
import io
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

HEADER: Final = (
    "contact_id", "user_id", "agent_id", "queue", "severity", "cause", "channel", "outcome", "queued",
    "arrived_at", "answered_at", "ended_at",
)  # fmt: skip
MONDAY: Final = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
_OPEN_S: Final = 8 * 3600
_HOURS: Final = 4
_CONTACTS: Final = 90  # a day
_AGENTS: Final = 4
_HANDLE_S: Final = 480
_PATIENCE_S: Final = 240

Row = dict[str, str]


def contacts(
    weeks: int = 5, names: Mapping[str, Mapping[str, str]] | None = None, seed: int = 1
) -> list[Row]:
    """Weekdays of 90 contacts in four hours, four agents, two queues; `names` has other words by column."""
    draw, other = random.Random(seed), names or {}
    rows = list[Row]()
    for day in (d for d in range(7 * weeks) if d % 7 < 5):
        free = [float(_OPEN_S)] * _AGENTS
        for at in sorted(_OPEN_S + draw.random() * _HOURS * 3600 for _ in range(_CONTACTS)):
            who = min(range(_AGENTS), key=free.__getitem__)
            start, patience = max(at, free[who]), draw.expovariate(1 / _PATIENCE_S)
            taken = start - at <= patience
            end = start + draw.lognormvariate(0, 0.7) * _HANDLE_S if taken else at + patience
            if taken:
                free[who] = end + 5.0
            row = {
                "contact_id": f"c{len(rows)}",
                "user_id": f"u{draw.randrange(400)}",
                "agent_id": f"a{who}" if taken else "",
                "queue": "sales" if draw.random() < 0.7 else "service",
                "severity": draw.choice(("low", "high")),
                "cause": draw.choice(("bill", "fault", "other things")),
                "channel": "phone",
                "outcome": "handled" if taken else "abandoned",
                "queued": "true" if start > at else "false",
                "arrived_at": _stamp(day, at),
                "answered_at": _stamp(day, start) if taken else "",
                "ended_at": _stamp(day, end),
            }
            rows.append({name: other.get(name, {}).get(word, word) for name, word in row.items()})
    return rows


def _stamp(day: int, second: float) -> str:
    at = MONDAY + datetime.timedelta(days=day, seconds=round(second))
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def text_of(rows: list[Row]) -> str:
    """As CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def export(folder: Path, rows: list[Row] | None = None, name: str = "export.csv") -> Path:
    """Write an export, that of five weeks if no rows are given."""
    path = folder / name
    path.write_text(text_of(contacts() if rows is None else rows), encoding="utf-8")
    return path
