"""Why many cells of a file cannot be read: likely causes, told by what was seen, as data."""

from typing import Any, Final, NamedTuple

import ibis

from calibration.facts.columns import CHANNELS, OUTCOMES
from calibration.facts.contracts import Contract
from calibration.facts.database import Database
from calibration.facts.readers import day_first_time, iso_time, wall_time
from calibration.facts.sql import total

_ISO: Final = (iso_time.what, wall_time.what)
_ANY: Final = ("",)


class Cause(NamedTuple):
    """A likely cause, if `seen` of a reject fits the pattern and its `why` has one of these texts."""

    seen: str
    why: tuple[str, ...]
    says: str
    always: bool = False  # one such row is enough to refuse the file


CAUSES: Final = (
    Cause(
        r"^[0-9]{1,2}/(1[3-9]|2[0-9]|3[01])/[0-9]{2,4}",
        (day_first_time.what,),
        "mixed date formats: dates month-first and day-first in one column, so that the others may be "
        "misread too; export it again with one form of dates",
        always=True,
    ),
    Cause(
        r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}",
        _ISO,
        "mixed or other date formats: these do not begin with the year, so that nobody can say which number "
        "is the month; write all of them as 2026-03-02T08:30:00+01:00",
    ),
    Cause(
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:",
        _ISO,
        "an hour that the clocks of the time zone left out, so that the export is of another zone or in UTC; "
        "or a day that no calendar has",
    ),
    Cause(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", _ISO, "dates without a time of day"),
    Cause(r"^[0-9]{9,10}([.][0-9]+)?$", _ISO, "seconds since 1970; write 2026-03-02T08:30:00Z"),
    Cause(r"^[0-9]{13}$", _ISO, "milliseconds since 1970; write 2026-03-02T08:30:00Z"),
    Cause(
        r"^[345][0-9]{4}([.,][0-9]+)?$", _ISO, "a spreadsheet's numbers of days; format the column as time"
    ),
    Cause(r"^-?[0-9]+:[0-9]{2}(:[0-9]{2})?$", ("a number",), "durations written h:mm:ss; write seconds"),
    Cause(r"^-?[0-9]*,[0-9]+$", ("number",), "a decimal comma; write a decimal point"),
    Cause(r"(?i)^(null|none|n/?a|nan|-+|unknown|[?]|#n/a)$", _ANY, "a mark for 'unknown'; leave it empty"),
    Cause("", ("and the header has",), "a text that holds the delimiter and has no quotes around it"),
    Cause(
        "",
        ("another row with the same leg",),
        "a row an event, or parts of two exports in one; give legs their numbers in `leg`",
    ),
    Cause(
        "",
        ("another row with the same",),
        "parts of two exports that overlap, or several rows an interval; add them up to one",
    ),
    Cause(r"^-[0-9.]+$", ("0 or more",), "columns that are swapped, or a mark for 'unknown'"),
    Cause(
        "",
        tuple(f"is not one of {each}" for each in (", ".join(CHANNELS), ", ".join(OUTCOMES))),
        "words of another system, or columns that are swapped",
    ),
    Cause("", ("is empty",), "a column that was not exported, or rows that are no contacts, such as totals"),
)


def likely(database: Database, rejects: Any, contracts: tuple[Contract, ...]) -> str:
    """The cause that explains most of the rejects, or ``""``; of equals the first."""
    found = _counts(database, rejects, [*CAUSES, *_of_contracts(contracts)])
    best = max(found, key=lambda cause: found[cause])
    return best.says if found[best] else ""


def _of_contracts(contracts: tuple[Contract, ...]) -> list[Cause]:
    return [Cause("", (each.says,), each.cause) for each in contracts]


def fatal(database: Database, rejects: Any) -> Cause | None:
    """A cause of which one row is enough to refuse the file."""
    found = _counts(database, rejects, [each for each in CAUSES if each.always])
    return next((cause for cause, count in found.items() if count), None)


def _counts(database: Database, rejects: Any, causes: list[Cause]) -> dict[Cause, int]:
    counts = {f"n{i}": total(matches(rejects, cause)) for i, cause in enumerate(causes)}
    row = database.row(rejects.aggregate(**counts))
    return {cause: row[f"n{i}"] for i, cause in enumerate(causes)}


def matches(rejects: Any, cause: Cause) -> Any:
    """Whether rejects fit a cause."""
    told = ibis.or_(*(rejects["why"].contains(text) for text in cause.why))
    return rejects["seen"].re_search(cause.seen) & told
