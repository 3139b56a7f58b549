"""Cells of a format -> the relation of facts: mapped, taken to UTC, with what can be derived."""

from typing import Any, Final

import ibis

from calibration.facts.cells import BAD
from calibration.facts.columns import CONTACT_FACTS, INTERVAL_FACTS
from calibration.facts.formats.format import Format
from calibration.facts.local_time import Clocks, left_out, to_local, to_utc
from calibration.facts.sql import null

_LATER: Final = (
    "answered_us", "ended_us", "wrap_ended_us", "transferred_us", "resolved_us", "reopened_us",
)  # fmt: skip
TIMES: Final = ("arrived_us", *_LATER)
LEFT_OUT: Final = "left_out"
"""Whether the clocks of the zone never showed what stands for the arrival."""


def mapped(cells: Any, form: Format) -> Any:
    """The facts that the format gives, the others null; times as the format has them (UTC or wall clock)."""
    facts = CONTACT_FACTS if form.table == "contacts" else INTERVAL_FACTS
    given = {"file": ibis._["file"], "line": ibis._["line"], **form.facts}
    columns = {
        fact.name: given[fact.name].cast(fact.dtype) if fact.name in given else null(fact.dtype)
        for fact in facts
    }
    return cells.filter(cells[BAD] == 0).select(**columns)


def span_us(table: Any, first: str) -> Any:
    """The first and the last time of a relation of facts, as an aggregation of one row."""
    times = [table[name] for name in TIMES if name in table.columns] or [table[first]]
    return table.aggregate(low=table[first].min(), high=ibis.greatest(*(each.max() for each in times)))


def contacts_of(table: Any, form: Format, clocks: Clocks) -> Any:
    """Contacts with times in UTC, the wait, the handle time and the wall-clock time, and `left_out`."""
    return _derived(_in_utc(table, form, clocks)).select(*(fact.name for fact in CONTACT_FACTS), LEFT_OUT)


def _in_utc(table: Any, form: Format, clocks: Clocks) -> Any:
    came = table["arrived_us"]
    if form.clock == "utc":
        return table.mutate(local_us=to_local(came, clocks), left_out=ibis.literal(False))
    arrived = to_utc(came, clocks)
    later = {name: to_utc(table[name], clocks, arrived) for name in _LATER}
    return table.mutate(local_us=came, left_out=left_out(came, clocks), arrived_us=arrived, **later)


def _derived(table: Any) -> Any:
    lined = table["outcome"].isin(("handled", "abandoned", "dropped"))
    left = ibis.ifelse(table["outcome"] == "handled", table["answered_us"], table["ended_us"])
    wait = ibis.ifelse(lined, left - table["arrived_us"], null("int64")).coalesce(table["wait_us"])
    done = ibis.coalesce(table["wrap_ended_us"], table["ended_us"])
    handle = ibis.ifelse(table["outcome"] == "handled", done - table["answered_us"], null("int64"))
    told = table.mutate(wait_us=wait, handle_us=handle.coalesce(table["handle_us"]))
    queued = ibis.ifelse(told["outcome"] == "self_service", False, told["wait_us"] > 0)
    return told.mutate(queued=told["queued"].coalesce(queued))
