"""An export -> checked facts: the order of the work.

Files are looked through, loaded, read cell by cell, mapped to facts and checked; what is wrong is set aside
with its line, or refused if it is too much.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfoNotFoundError

from calibration.facts.cells import Reading, bad_cells, bad_counts, read_cells
from calibration.facts.columns import CONTACT_FACTS, IDS
from calibration.facts.contracts import (
    BROKEN,
    CONTACT_CONTRACTS,
    PATTERNS,
    broken_rows,
    checked,
    pattern_counts,
)
from calibration.facts.database import Database
from calibration.facts.facts import Facts
from calibration.facts.files import inspect
from calibration.facts.formats import FORMATS
from calibration.facts.formats.format import Format
from calibration.facts.load import Loaded, Progress, load
from calibration.facts.local_time import Clocks, clocks_of
from calibration.facts.privacy import key_of, pseudonym
from calibration.facts.rejects import Reject, Rejects
from calibration.facts.shape import contacts_of, mapped, span_us
from calibration.facts.sql import DAY_US, total
from scenarios.problems import Finding, ReadingError, nearest

MOST_REJECTED: Final = 0.01
"""Of the rows: more that cannot be read, and the export is refused."""
_SHOWN: Final = 5
_EPOCH: Final = datetime.date(1970, 1, 1)


class _Period(NamedTuple):
    """The days asked for, both ends included; None is open."""

    since: datetime.date | None
    until: datetime.date | None


def read_facts(
    paths: Sequence[Path],
    format_name: str,
    *,
    time_zone: str | None = None,
    keep_names: bool = False,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    max_rejected: float = MOST_REJECTED,
    salt: str | None = None,
    threads: int = 2,
    progress: Progress | None = None,
) -> Facts:
    """Read an export: all files together are one. Days are those of the time zone, `until` included.

    Up to `max_rejected` (a share of the rows) are set aside if they cannot be read or contradict themselves.
    Ids are pseudonyms unless `keep_names`; a `salt` makes them the same in several exports. Raises
    ``ReadingError`` with lines and likely causes; nothing is left behind then.
    """
    form = _format(format_name)
    clocks = _clocks(form, time_zone)
    sources = [inspect(path) for path in paths]
    if not sources:
        raise ReadingError([Finding((), "no file is named; give the files of the export")])
    database = Database(threads)
    try:
        told = progress or _untold
        loaded = [load(database, source, form, i, told) for i, source in enumerate(sources)]
        key = None if keep_names else key_of((each.digest for each in sources), salt)
        return _read(database, loaded, form, clocks, _Period(since, until), max_rejected, key)
    except BaseException:
        database.close()
        raise


def _untold(_: str) -> None:
    """Progress that nobody wants to hear of."""


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ReadingError([Finding((), f"there is no format {name!r}{nearest(name, FORMATS)}")])
    return FORMATS[name]


def _clocks(form: Format, time_zone: str | None) -> Clocks | None:
    """The clocks of the zone asked for, or of the format; None if neither is known."""
    zone = time_zone or form.time_zone
    if zone is None:
        return None
    try:
        return clocks_of(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = f"there is no time zone {zone!r}; write a name such as Europe/Amsterdam"
        raise ReadingError([Finding((), told)]) from None


def _read(
    database: Database,
    loaded: Sequence[Loaded],
    form: Format,
    clocks: Clocks | None,
    period: _Period,
    max_rejected: float,
    key: str | None,
) -> Facts:
    rejects = Rejects(database, [str(each.source.path) for each in loaded])
    rows = sum(each.rows + len(each.bad) for each in loaded)
    readings = [_reading(database, each, form, i, clocks) for i, each in enumerate(loaded)]
    for i, (each, reading) in enumerate(zip(loaded, readings, strict=True)):
        rejects.add_rows(i, each.bad)
        _add_bad_cells(rejects, reading, form, clocks)
    cells = readings[0].cells
    for reading in readings[1:]:
        cells = cells.union(reading.cells)
    dropped: dict[str, int] = {}
    if form.drops_copies:
        cells = _without_copies(database, cells, form, dropped)
    zone = clocks or clocks_of("UTC")
    first = mapped(cells, form)
    span = database.row(span_us(first, "arrived_us"))
    facts = contacts_of(first, form, zone.within(span["low"] or 0, span["high"] or 0))
    facts = _in_period(facts, period)
    facts = checked(facts, CONTACT_CONTRACTS)
    if loaded[0].source.kind != "parquet":
        facts = database.kept("checked", facts)
    counts = database.row(
        facts.aggregate(
            rows=facts.count(), broken=total(facts[BROKEN] > 0), low=facts["local_us"].min(),
            high=facts["local_us"].max(), **pattern_counts(facts),
        )
    )  # fmt: skip
    if counts["broken"]:
        rejects.add(broken_rows(facts, CONTACT_CONTRACTS))
        facts = facts.filter(facts[BROKEN] == 0)
    _refuse_patterns(counts, loaded)
    _refuse_rejects(rejects, rows, max_rejected, loaded)
    days = (_day(counts["low"]), _day(counts["high"]))
    table = _named(facts, key)
    kept = counts["rows"] - counts["broken"]
    return Facts(form, database, table, zone.zone, rows, kept, days, (), rejects, dropped)


def _reading(database: Database, loaded: Loaded, form: Format, file: int, clocks: Clocks | None) -> Reading:
    cells = read_cells(loaded.raw, form, file, clocks)
    if loaded.source.kind != "parquet":
        cells = database.kept(f"cells_{file}", cells)
    return Reading(file, str(loaded.source.path), loaded.raw, cells)


def _add_bad_cells(rejects: Rejects, reading: Reading, form: Format, clocks: Clocks | None) -> None:
    counts = bad_counts(reading.cells, form)
    for cell in form.cells:
        if counts[cell.column]:
            rejects.add(bad_cells(reading, cell, clocks))


def _without_copies(database: Database, cells: Any, form: Format, dropped: dict[str, int]) -> Any:
    """The rows that repeat no earlier one in every cell."""
    import ibis

    names = [cell.column for cell in form.cells]
    copies = database.number(cells.count()) - database.number(cells.select(*names).distinct().count())
    if not copies:
        return cells
    dropped["copies of other rows"] = copies
    order = ibis.row_number().over(group_by=names, order_by=["file", "line"])
    return cells.mutate(nth=order).filter(ibis._["nth"] == 0).drop("nth").order_by("file", "line")


def _in_period(facts: Any, period: _Period) -> Any:
    if period.since is not None:
        facts = facts.filter(facts["local_us"] >= (period.since - _EPOCH).days * DAY_US)
    if period.until is not None:
        facts = facts.filter(facts["local_us"] < ((period.until - _EPOCH).days + 1) * DAY_US)
    return facts


def _refuse_patterns(counts: dict[str, Any], loaded: Sequence[Loaded]) -> None:
    wrong = [
        each for i, each in enumerate(PATTERNS) if 2 * counts[f"pattern{i}"] > counts["handle_times"] > 0
    ]
    if wrong:
        raise ReadingError([Finding((), each.cause, file=str(loaded[0].source.path)) for each in wrong])


def _refuse_rejects(rejects: Rejects, rows: int, most: float, loaded: Sequence[Loaded]) -> None:
    count = rejects.rows()
    if count <= most * rows:
        return
    told = f"{count:,} of {rows:,} rows cannot be used, more than {most:.0%}"
    found = [Finding((), told, file=str(loaded[0].source.path))]
    raise ReadingError([*found, *(_finding(rejects, each) for each in rejects.first(_SHOWN))])


def _finding(rejects: Rejects, each: Reject) -> Finding:
    seen = f"{each.seen!r} " if each.seen else ""
    column = f"{each.column}: " if each.column else ""
    return Finding((), f"{column}{seen}{each.why}", file=rejects.path(each.file), line=each.line)


def _day(local_us: int | None) -> datetime.date:
    return _EPOCH + datetime.timedelta(days=(local_us or 0) // DAY_US)


def _named(facts: Any, key: str | None) -> Any:
    """The columns of the facts in their order, ids as pseudonyms if there is a key."""
    names = [fact.name for fact in CONTACT_FACTS]
    if key is None:
        return facts.select(*names)
    return facts.select(*(pseudonym(facts[n], key).name(n) if n in IDS else facts[n] for n in names))
