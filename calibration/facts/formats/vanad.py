"""VANAD Laboratories, Rotterdam, 2014: a row a call, 7 columns."""

from typing import Any, Final

import ibis
from ibis import _

from calibration.facts.formats.format import Cell, Format
from calibration.facts.readers import text, wall_time

_HANDLED: Final[Any] = _["answered"].notnull()
_LEFT: Final[Any] = ibis.coalesce(_["transfer"], _["hangup"])

FORMAT: Final = Format(
    name="vanad",
    what="calls of VANAD Laboratories, Rotterdam, in 2014: comma-separated, 7 columns, a row a call",
    table="contacts",
    clock="wall",
    time_zone="Europe/Amsterdam",
    drops_copies=True,
    cells=(
        Cell("date_received", wall_time, filled=True),
        Cell("queue_name", text, filled=True),
        Cell("agent_number", text),
        Cell("answered", wall_time),
        Cell("consult", wall_time),
        Cell("transfer", wall_time),
        Cell("hangup", wall_time),
    ),
    facts={
        "leg": ibis.literal(1),
        "channel": ibis.literal("phone"),
        "agent_id": ibis.ifelse(_HANDLED, _["agent_number"], ibis.null("string")),
        "queue": _["queue_name"],
        "outcome": ibis.cases((_HANDLED, "handled"), (_LEFT.notnull(), "abandoned"), else_="open"),
        "queued": ibis.ifelse(~_HANDLED, True, ibis.null("boolean")),
        "arrived_us": _["date_received"],
        "answered_us": _["answered"],
        "ended_us": _LEFT,
        "transferred_us": _["transfer"],
        "transfers": ibis.ifelse(_["transfer"].notnull(), 1, ibis.literal(0, type="int64")),
    },
    units="times yyyy-mm-dd hh:mm:ss on the clocks of the Netherlands, to the second",
    traps=(
        "an empty `answered` is a caller who gave up, at `hangup`; the agent named there did not answer",
        "an agent's work ends at `transfer`, where there is one: `hangup` is when the caller's call ends",
        "rows that repeat another in every cell are one call, exported twice",
        "the switch takes about a second: most waits of 1 s are callers who did not wait",
    ),
    silent=(
        "work after the call",
        "who called: repeats and retries cannot be linked",
        "whether a call waited in line: a wait above 0 counts as one",
        "who was at work: agents are seen only while they talk",
        "cases, causes, severity, segments and clocks of an SLA",
    ),
)
