"""careloop's own format of contacts: the columns of ``calibration/facts/columns.py``, a row a leg."""

from typing import Any, Final

import ibis
from ibis import _

from calibration.facts.columns import CHANNELS, CONTACTS, OUTCOMES, TONES, Column
from calibration.facts.formats.format import Cell, Format
from calibration.facts.readers import Reader, flag, iso_time, number, seconds, text, whole, word

_READERS: Final[dict[str, Reader]] = {
    "text": text, "id": text, "time": iso_time, "seconds": seconds, "whole": whole, "number": number,
    "share": number, "flag": flag,
}  # fmt: skip
_WORDS: Final = {"channel": word(*CHANNELS), "outcome": word(*OUTCOMES), "sentiment": word(*TONES)}


def cell(column: Column) -> Cell:
    """How a column of a canonical table is read."""
    reader = _WORDS[column.name] if column.kind == "word" else _READERS[column.kind]
    needed = column.need == "needed"
    return Cell(column.name, reader, there=needed, filled=needed)


_OUTCOME: Final[Any] = ibis.coalesce(
    _["outcome"],
    ibis.cases(
        (_["answered_at"].notnull() | _["handle_s"].notnull() | _["resolved_at"].notnull(), "handled"),
        (_["ended_at"].notnull() | _["wait_s"].notnull(), "abandoned"),
        else_="open",
    ),
)
_HANDLED: Final[Any] = _OUTCOME == "handled"
_ANSWERED: Final[Any] = ibis.coalesce(
    _["answered_at"], ibis.ifelse(_HANDLED, _["arrived_at"] + _["wait_s"], ibis.null("int64"))
)
_ENDED: Final[Any] = ibis.coalesce(
    _["ended_at"],
    ibis.cases(
        (_HANDLED, _ANSWERED + _["handle_s"] - _["wrap_s"].fill_null(0)),
        (_OUTCOME.isin(("abandoned", "dropped")), _["arrived_at"] + _["wait_s"]),
    ),
)

FORMAT: Final = Format(
    name="canonical",
    what="the table of contacts that docs/facts.md describes, a row a leg",
    table="contacts",
    clock="utc",
    cells=tuple(map(cell, CONTACTS)),
    facts={
        **{
            each: _[each]
            for each in (
                "contact_id", "case_id", "account_id", "user_id", "agent_id", "queue", "segment", "severity",
                "cause", "cause_confidence", "final_cause", "avoidable", "incident_id", "arr", "queued",
                "transfers", "reopens", "first_response_met", "update_met", "resolution_met", "csat", "nps",
                "effort", "sentiment",
            )
        },
        "leg": _["leg"].fill_null(1),
        "channel": _["channel"].fill_null("phone"),
        "outcome": _OUTCOME,
        "arrived_us": _["arrived_at"],
        "answered_us": _ANSWERED,
        "ended_us": _ENDED,
        "wrap_ended_us": ibis.coalesce(
            _["wrap_ended_at"],
            _ENDED + _["wrap_s"],
            ibis.ifelse(
                _HANDLED & _["handle_s"].notnull(),
                ibis.greatest(_ANSWERED + _["handle_s"], _ENDED),
                ibis.null("int64"),
            ),
        ),
        "left_us": _["left_at"],
        "transferred_us": _["transferred_at"],
        "resolved_us": _["resolved_at"],
        "reopened_us": _["reopened_at"],
        "first_response_us": _["first_response_at"],
        "wait_us": _["wait_s"],
        "handle_us": ibis.ifelse(_HANDLED, _["handle_s"], ibis.null("int64")),
    },
    units="times in ISO 8601 with an offset from UTC, or on the clocks of the zone given; durations in s",
    traps=(
        "where a time and a duration say the same thing, the time counts",
        "without an outcome, what was answered is handled, what ended unanswered is abandoned, the rest open",
    ),
    silent=("whatever has no column in the file",),
)  # fmt: skip
