"""What a fact is called when a file is told of it: the column that has it, or those that it is made of."""

from collections.abc import Collection
from typing import Any, Final

import ibis
from ibis.expr.operations import Field

from calibration.facts.formats.format import Format

_DURATIONS: Final = {
    "wait_us": "wait_s", "handle_us": "handle_s", "talk_us": "talk_s", "hold_us": "hold_s", "acw_us": "acw_s",
    "wait_answered_us": "wait_answered_s", "wait_abandoned_us": "wait_abandoned_s",
    "length_us": "interval_minutes",
}  # fmt: skip
_TIMES: Final = {"local_us": "arrived_at", "start_us": "interval_start"}
_MEANS: Final = {"handle_us": ("aht_s", "talk_s")}  # of intervals, by the first column that is there
_DIFFERENCES: Final = {
    "wait_us": ("arrived_us", "answered_us", "ended_us"),
    "handle_us": ("answered_us", "ended_us", "wrap_ended_us"),
    "local_us": ("arrived_us", "start_us"),
}


def is_duration(fact: str) -> bool:
    """Whether a fact is how long something took."""
    return fact in _DURATIONS


def external(fact: str) -> str:
    """The name of a fact as canonical files have it: `arrived_at` for `arrived_us`."""
    known = _DURATIONS.get(fact) or _TIMES.get(fact)
    return known or (fact.removesuffix("_us") + "_at" if fact.endswith("_us") else fact)


def told_as(fact: str, form: Format, there: Collection[str]) -> str:
    """The name of a fact for the reader of a file that has some columns.

    Where none of them has its name, it is the one that it is made of, or those follow: `answered_at (of date,
    q_time)`.
    """
    name = external(fact)
    candidates = (name, *(_MEANS.get(fact, ()) if form.table == "intervals" else ()))
    found = next((each for each in candidates if each in there), "")
    if found:
        return found
    made_of = [each for each in _columns(fact, form) if each in there]
    if len(made_of) == 1:
        return made_of[0]
    return f"{name} (of {', '.join(made_of)})" if made_of else name


def _columns(fact: str, form: Format) -> list[str]:
    """The columns that a fact is made of, in the order of the format."""
    facts = (fact, *_DIFFERENCES.get(fact, ()))
    cells = ibis.table({cell.column: cell.reader.dtype for cell in form.cells}, name="cells")
    used = {field.name for each in facts if each in form.facts for field in _fields(form.facts[each], cells)}
    return [cell.column for cell in form.cells if cell.column in used]


def _fields(expression: Any, cells: Any) -> list[Any]:
    value = expression.resolve(cells) if hasattr(expression, "resolve") else expression
    return list(value.op().find(Field))
