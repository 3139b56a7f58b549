"""Cells of a format -> the relation of facts: mapped, taken to UTC, with what can be derived."""

from typing import Any, Final

import ibis

from calibration.facts.columns import CONTACT_FACTS, INTERVAL_FACTS, Fact
from calibration.facts.formats.format import Format
from calibration.facts.local_time import Clocks, left_out, shown_twice, to_local, to_utc
from calibration.facts.sql import null

_LATER: Final = (
    "answered_us", "ended_us", "wrap_ended_us", "transferred_us", "resolved_us", "reopened_us",
    "first_response_us", "left_us",
)  # fmt: skip
LEFT_OUT: Final = "left_out"
"""Whether the clocks of the zone never showed what stands for the beginning."""
TWICE: Final = "shown_twice"
"""Whether they showed it twice."""


def facts_of(form: Format) -> tuple[Fact, ...]:
    """The columns of the format's relation."""
    return CONTACT_FACTS if form.table == "contacts" else INTERVAL_FACTS


def begins(form: Format) -> str:
    """The fact that says when a row begins."""
    return "arrived_us" if form.table == "contacts" else "start_us"


def mapped(cells: Any, form: Format) -> Any:
    """The facts that the format gives, the others null; times as the format has them (UTC or wall clock)."""
    given = {"file": ibis._["file"], "line": ibis._["line"], **form.facts}
    columns = {
        fact.name: given[fact.name].cast(fact.dtype) if fact.name in given else null(fact.dtype)
        for fact in facts_of(form)
    }
    return cells.select(**columns)


def span_us(table: Any, form: Format) -> Any:
    """The first and the last time in a relation, as an aggregation of one row."""
    first = table[begins(form)]
    later = [table[name].max() for name in _LATER] if form.table == "contacts" else []
    return table.aggregate(low=first.min(), high=ibis.greatest(first.max(), *later))


def shaped(table: Any, form: Format, clocks: Clocks) -> Any:
    """The facts with times in UTC, what is derived of them, and two columns on the clocks beside them."""
    facts = (
        _derived(_in_utc(table, form, clocks)) if form.table == "contacts" else _in_utc(table, form, clocks)
    )
    return facts.select(*(fact.name for fact in facts_of(form)), LEFT_OUT, TWICE)


def _in_utc(table: Any, form: Format, clocks: Clocks) -> Any:
    first = begins(form)
    if form.clock == "utc":
        never = ibis.literal(False)
        return table.mutate(local_us=to_local(table[first], clocks), left_out=never, shown_twice=never)
    wall = table[first]
    utc = to_utc(wall, clocks)
    later = {name: to_utc(table[name], clocks, utc) for name in _LATER if name in table.columns}
    beside = {LEFT_OUT: left_out(wall, clocks), TWICE: shown_twice(wall, clocks)}
    return table.mutate(**{first: utc, "local_us": wall}, **later, **beside)


def _derived(table: Any) -> Any:
    """The wait, the handle time and whether a contact waited in line."""
    lined = table["outcome"].isin(("handled", "abandoned", "dropped"))
    left = ibis.ifelse(table["outcome"] == "handled", table["answered_us"], table["ended_us"])
    wait = ibis.ifelse(lined, left - table["arrived_us"], null("int64")).coalesce(table["wait_us"])
    done = ibis.coalesce(table["wrap_ended_us"], table["ended_us"])
    handle = ibis.ifelse(table["outcome"] == "handled", done - table["answered_us"], null("int64"))
    told = table.mutate(wait_us=wait, handle_us=handle.coalesce(table["handle_us"]))
    queued = ibis.ifelse(told["outcome"] == "self_service", False, told["wait_us"] > 0)
    return told.mutate(queued=told["queued"].coalesce(queued))
