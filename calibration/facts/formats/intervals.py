"""careloop's own format of intervals: the columns of ``calibration/facts/columns.py``, a row an interval."""

from typing import Any, Final

import ibis
from ibis import _

from calibration.facts.columns import INTERVALS
from calibration.facts.formats.canonical import cell
from calibration.facts.formats.format import Format
from calibration.facts.sql import SECOND_US

_COUNTS: Final = (
    "offered", "handled", "abandoned", "abandoned_short", "abandoned_within_sl", "answered_within_sl",
    "staffed",
)  # fmt: skip
_WORK: Final[Any] = _["talk_s"] + _["hold_s"].fill_null(0) + _["acw_s"].fill_null(0)
_MEAN: Final[Any] = ibis.ifelse(
    _["handled"] > 0, (_WORK / _["handled"]).round().cast("int64"), ibis.null("int64")
)

FORMAT: Final = Format(
    name="intervals",
    what="the table of intervals that docs/facts.md describes, a row an interval of a queue",
    table="intervals",
    clock="utc",
    cells=tuple(map(cell, INTERVALS)),
    one_of=(("talk_s", "aht_s"),),
    facts={
        **{name: _[name] for name in ("queue", *_COUNTS)},
        "channel": _["channel"].fill_null("phone"),
        "start_us": _["interval_start"],
        "length_us": (_["interval_minutes"] * (60 * SECOND_US)).round().cast("int64"),
        "talk_us": _["talk_s"],
        "hold_us": _["hold_s"],
        "acw_us": _["acw_s"],
        "handle_us": ibis.coalesce(_["aht_s"], _MEAN),
        "wait_answered_us": _["wait_answered_s"],
        "wait_abandoned_us": _["wait_abandoned_s"],
    },
    units="times in ISO 8601 with an offset from UTC, or on the clocks of the zone given; totals in s",
    traps=(
        "talk_s, hold_s, acw_s and the waits are totals of the interval; aht_s is the mean of one contact",
        "which interval counts a contact that came in one and was answered in the next, is the system's own",
    ),
    silent=(
        "single contacts: how handle times and patience vary, who came again, who was at work",
    ),
)  # fmt: skip
