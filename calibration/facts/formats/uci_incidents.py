"""Incidents of an IT company, 2016 (UCI "Incident management process enriched event log"): a row an event."""

from typing import Any, Final

import ibis
from ibis import _

from calibration.facts.formats.format import Cell, Format
from calibration.facts.readers import day_first_time, flag, text, whole, words

_ROWS: Final = 1 << 40  # more than any file has
_UNKNOWN: Final = "?"


def cases(events: Any) -> Any:
    """The events of each incident as one row: its beginning from the first, its end from the last."""
    at = events["file"] * _ROWS + events["line"]
    start = at.min()
    reopened = ibis.least(events["reopen_count"], 4000)
    reopening = at - reopened * (_ROWS << 10)  # least at the first event after the last reopening
    return events.group_by("number").aggregate(
        (start // _ROWS).cast("int64").name("file"),
        (start % _ROWS).cast("int64").name("line"),
        **{
            name: events[name].max()
            for name in ("resolved_at", "closed_at", "reopen_count", "reassignment_count")
        },
        **{name: events[name].argmin(at) for name in ("caller_id", "contact_type")},
        **{name: events[name].argmax(at) for name in ("priority", "category", "made_sla", "resolved_by")},
        opened_at=events["opened_at"].min(),
        sys_updated_at=events["sys_updated_at"].argmin(reopening),
    )


FORMAT: Final = Format(
    name="uci-incidents",
    what="incidents of an IT company in 2016 (UCI): comma-separated, 36 columns, a row an event",
    table="contacts",
    clock="wall",
    cells=(
        Cell("number", text, filled=True),
        Cell("opened_at", day_first_time, filled=True),
        Cell("sys_updated_at", day_first_time.but(_UNKNOWN)),
        Cell("resolved_at", day_first_time.but(_UNKNOWN)),
        Cell("closed_at", day_first_time.but(_UNKNOWN)),
        Cell("reopen_count", whole, filled=True),
        Cell("reassignment_count", whole, filled=True),
        Cell("made_sla", flag),
        Cell("caller_id", text.but(_UNKNOWN)),
        Cell("contact_type", words({"Phone": "phone", "Email": "email"}, otherwise="other").but(_UNKNOWN)),
        Cell("category", text.but(_UNKNOWN)),
        Cell("priority", text.but(_UNKNOWN)),
        Cell("resolved_by", text.but(_UNKNOWN)),
    ),
    cases=cases,
    facts={
        "contact_id": _["number"],
        "case_id": _["number"],
        "leg": ibis.literal(1),
        "user_id": _["caller_id"],
        "agent_id": _["resolved_by"],
        "channel": _["contact_type"],
        "queue": ibis.literal("incidents"),
        "severity": _["priority"],
        "cause": _["category"],
        "outcome": ibis.ifelse(ibis.coalesce(_["resolved_at"], _["closed_at"]).notnull(), "handled", "open"),
        "arrived_us": _["opened_at"],
        "resolved_us": ibis.coalesce(_["resolved_at"], _["closed_at"]),
        "reopened_us": ibis.ifelse(_["reopen_count"] > 0, _["sys_updated_at"], ibis.null("int64")),
        "transfers": _["reassignment_count"],
        "reopens": _["reopen_count"],
        "resolution_met": _["made_sla"],
    },
    units="times d/m/yyyy hh:mm on clocks of a zone that is not named",
    traps=(
        "a row is an event: an incident is resolved at its last `resolved_at`, or closed where none is "
        "given; of its priorities and categories the last ones count",
        "it was opened again, the last time, at the first event that counts that reopening",
        "'?' means that nothing is known",
        "the weeks after May 2016 hold leftovers only: ask for a period",
        "all incidents are in one queue, `incidents`: groups of assignment change within a case",
    ),
    silent=(
        "waits, handle times and who was at work: no time of work is recorded",
        "a first response",
        "the time zone: without one that is named, times are taken as UTC",
        "accounts, segments and revenue",
    ),
)  # fmt: skip
