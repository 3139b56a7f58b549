"""Rows that say the same twice: exact copies are dropped, rows that contradict each other are set aside."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import ibis

from calibration.facts.database import Database
from calibration.facts.formats.format import Format
from calibration.facts.names import told_as
from calibration.facts.rejects import Rejects
from calibration.facts.shape import facts_of
from calibration.facts.sql import hash_of, total

_KEYS: Final = {"contacts": ("contact_id", "leg"), "intervals": ("start_us", "queue", "channel")}
_ORDER: Final = ("file", "line")


class Repeats(NamedTuple):
    """Facts of which each row is there once, and how many copies were dropped."""

    facts: Any
    copies: int


def without_copies(database: Database, cells: Any, form: Format) -> Repeats:
    """Cells of which no row repeats an earlier one in every cell."""
    names = [cell.column for cell in form.cells]
    copies = database.number(cells.count()) - database.number(cells.select(*names).distinct().count())
    if not copies:
        return Repeats(cells, 0)
    nth = ibis.row_number().over(group_by=names, order_by=_ORDER)
    return Repeats(cells.mutate(nth=nth).filter(ibis._["nth"] == 0).drop("nth"), copies)


def without_repeats(
    database: Database, facts: Any, form: Format, there: Collection[str], rejects: Rejects
) -> Repeats:
    """Facts in which an id and leg (or a start, queue and channel) is in one row only.

    A later row that says the same is a copy, and dropped; one that says something else is set aside.
    """
    keys = _KEYS[form.table]
    known = facts[keys[0]].notnull()
    texts = [facts[key].cast("string").fill_null("") for key in keys]
    hashed = ibis.ifelse(known, hash_of(texts[0].concat("\n", *_between(texts[1:]))), ibis.null("uint64"))
    counts = database.row(facts.aggregate(rows=total(known), once=hashed.nunique()))
    if counts["rows"] == counts["once"]:
        return Repeats(facts, 0)
    numbered = database.kept("numbered", _numbered(facts, form, keys))
    again = numbered.filter(numbered["nth"] > 0)
    differs = again["said"] != again["said_first"]
    copies = database.number(again.filter(~differs).count())
    names = [told_as(key, form, there) for key in keys]
    rejects.add(_contradictions(again.filter(differs), names))
    return Repeats(numbered.filter(numbered["nth"] == 0).select(*facts.columns), copies)


def _between(texts: list[Any]) -> list[Any]:
    """Texts with a line end between them, so that no two rows run together to the same text."""
    return [part for text in texts for part in (text, "\n")]


def _numbered(facts: Any, form: Format, keys: tuple[str, ...]) -> Any:
    """The facts with: which of its key a row is, what it says, what the first of them says, and its line."""
    said = [facts[f.name].cast("string").fill_null("\0") for f in facts_of(form) if f.name not in _ORDER]
    told = facts.mutate(said=hash_of(said[0].concat("\n", *_between(said[1:]))))
    window = ibis.window(group_by=keys, order_by=_ORDER)
    return told.mutate(
        nth=ibis.ifelse(told[keys[0]].isnull(), 0, ibis.row_number().over(window)),
        said_first=told["said"].first().over(window),
        line_first=told["line"].first().over(window),
    )


def _contradictions(again: Any, names: Sequence[str]) -> Any:
    return again.select(
        "file",
        "line",
        column=ibis.literal(names[0]),
        seen=ibis.literal("first on line ").concat(again["line_first"].cast("string")),
        why=ibis.literal(f"has another row with the same {', '.join(names[1:])}, which says something else"),
    )
