"""What happened to those who wait, to agents who stay with a contact, and in incidents, by name."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.log import HANDLED, HELD, HOLDER, INCIDENT, SILENT, UNREACHED, WRAPPING
from tests.sim.case_events import times
from tests.sim.logs import Log

WAITING_EVENTS: Final = (
    *("held", "let go", "wrapped up", "wrapped up after a handover", "wrapped up beside a chat"),
    *("incident", "silent worked on", "unreached after a try"),
    *("alarm", "mended in time", "status page", "contacts of an incident"),
)


def _let_go(log: Log) -> int:
    """How many agents have let go of a contact that they had handed over before anybody answered it."""
    legs, rows = log.legs(), log.contacts
    waited = np.where(legs["started"] >= 0, legs["started"], legs["ended"])
    until = dict(zip(zip(legs["key"], legs["queued"], strict=True), waited, strict=True))
    stays = rows[(rows["role"] == HOLDER) & (rows["outcome"] == HANDLED)]
    return sum(until.get((row["parent"], row["started"]), -1) > row["ended"] for row in stays)


def waiting_events(log: Log) -> Iterator[str]:
    """What happened, each as often as it did."""
    legs, rows = log.legs(), log.contacts
    yield from times("held", rows["role"] == HOLDER)
    wraps = rows[rows["role"] == WRAPPING]
    yield from times("wrapped up", wraps["row"] == HELD)
    holders = rows[rows["role"] == HOLDER]["key"]
    yield from times("wrapped up after a handover", np.isin(wraps["parent"], holders))
    yield from times("wrapped up beside a chat", wraps["touched"] > wraps["agent_time"])
    yield from ("let go" for _ in range(_let_go(log)))
    yield from times("silent worked on", (legs["outcome"] == SILENT) & (legs["touched"] > 0))
    yield from times("unreached after a try", (legs["outcome"] == UNREACHED) & (legs["touched"] > 0))
    incidents = rows[rows["row"] == INCIDENT]
    yield from times("incident", incidents["row"] == INCIDENT)
    yield from times("alarm", incidents["orbit"] >= 0)
    yield from times("mended in time", incidents["started"] == incidents["ended"])
    yield from times("status page", incidents["queued"] >= 0)
    yield from ("contacts of an incident" for _ in range(int(incidents["found"].sum())))
