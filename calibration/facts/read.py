"""An export -> checked facts: the order of the work.

Files are looked through, loaded, read cell by cell, mapped to facts and checked; what is wrong is set aside
with its line, or refused if it is too much.
"""

import datetime
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfoNotFoundError

import duckdb

from calibration.facts.cells import bad_cells, bad_counts, clocks_within, read_cells
from calibration.facts.columns import IDS
from calibration.facts.contracts import BROKEN, broken_rows, checked, contracts_of
from calibration.facts.copies import without_copies, without_repeats
from calibration.facts.database import Database
from calibration.facts.facts import Facts
from calibration.facts.files import Source, inspect
from calibration.facts.formats import FORMATS
from calibration.facts.formats.format import Format
from calibration.facts.grid import with_length
from calibration.facts.load import Loaded, Progress, load
from calibration.facts.local_time import Clocks, clocks_of, day_number, day_of
from calibration.facts.notes import (
    duration_notes,
    future_notes,
    gap_notes,
    left_out_notes,
    unused_notes,
    zone_notes,
)
from calibration.facts.privacy import key_of, pseudonym
from calibration.facts.refusals import (
    finding,
    refuse_no_zone,
    refuse_patterns,
    refuse_shares,
    refuse_too_many,
    without_offset,
)
from calibration.facts.rejects import Rejects
from calibration.facts.shape import facts_of, mapped, shaped, span_us
from calibration.facts.sql import DAY_US
from calibration.facts.summary import days_of, summary_of
from scenarios.problems import Finding, ReadingError, nearest

MOST_REJECTED: Final = 0.01
"""Of the rows: more that cannot be used, and the export is refused."""
_FEW: Final = 3  # rows set aside that are named at once
COPIES: Final = "copies of other rows"
OUTSIDE: Final = "rows outside the period"


def _refuse_twice(sources: Sequence[Source]) -> None:
    """Refuse files with the same bytes: all of it would count twice."""
    seen = dict[bytes, Path]()
    for each in sources:
        if each.digest in seen:
            told = f"has the same bytes as {seen[each.digest]}; name each file of an export once"
            raise ReadingError([Finding((), told, file=str(each.path))])
        seen[each.digest] = each.path


class _Job(NamedTuple):
    """What the steps need."""

    database: Database
    form: Format
    loaded: tuple[Loaded, ...]
    rejects: Rejects
    clocks: Clocks | None  # None: no zone is known
    since: datetime.date | None
    until: datetime.date | None
    lies: bool  # the files stay where they are, and are read anew by whoever asks

    @property
    def rows(self) -> int:
        return sum(each.rows + len(each.bad) for each in self.loaded)

    @property
    def zone(self) -> Clocks:
        return self.clocks or clocks_of("UTC")

    @property
    def paths(self) -> list[str]:
        return [str(each.source.path) for each in self.loaded]

    @property
    def there(self) -> set[str]:
        """The columns that any of the files has."""
        columns = (cell.column for cell in self.form.cells)
        return {each for each in columns if any(each not in one.absent for one in self.loaded)}

    def kept(self, name: str, table: Any) -> Any:
        """A step computed once, unless the files stay where they are."""
        return table if self.lies else self.database.kept(name, table)


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
    clocks = _clocks(time_zone or form.time_zone)
    if not paths:
        raise ReadingError([Finding((), "no file is named; give the files of the export")])
    told = progress or _untold
    sources = [inspect(path) for path in paths]
    _refuse_twice(sources)
    database = Database(threads)
    try:
        loaded = tuple(load(database, source, form, i, told) for i, source in enumerate(sources))
        rejects = Rejects(database, [str(source.path) for source in sources])
        lies = not form.drops_copies and form.cases is None and all(_lies(each, form) for each in loaded)
        job = _Job(database, form, loaded, rejects, clocks, since, until, lies)
        key = None if keep_names else key_of((source.digest for source in sources), salt)
        told("checking")
        return _read(job, max_rejected, key)
    except BaseException as error:
        database.close()
        if isinstance(error, duckdb.Error):
            raise _given_up(error, paths) from error
        raise


def _given_up(error: duckdb.Error, paths: Sequence[Path]) -> ReadingError:
    """What is said of a file that breaks off while it is read, or of a disk that is full."""
    why = str(error).splitlines()[0]
    told = f"the database cannot read it: {why}; write the file again, or look for room on the disk"
    return ReadingError([Finding((), told, file=", ".join(map(str, paths)))])


def _untold(_: str) -> None:
    """Progress that nobody wants to hear of."""


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ReadingError([Finding((), f"there is no format {name!r}{nearest(name, FORMATS)}")])
    return FORMATS[name]


def _clocks(zone: str | None) -> Clocks | None:
    if zone is None:
        return None
    try:
        return clocks_of(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = f"there is no time zone {zone!r}; write a name such as Europe/Amsterdam"
        raise ReadingError([Finding((), told)]) from None


def _lies(loaded: Loaded, form: Format) -> bool:
    """Whether a file has types of its own, so that reading it again costs little."""
    if loaded.source.kind != "parquet":
        return False
    types = {cell.column: cell.reader.dtype for cell in form.cells if cell.column in loaded.raw.columns}
    return all(dtype == "string" or not loaded.raw[name].type().is_string() for name, dtype in types.items())


def _read(job: _Job, max_rejected: float, key: str | None) -> Facts:
    missing = _without_offset(job)
    dropped: dict[str, int] = {}
    facts, found = _facts(job, _cells(job, missing, dropped), dropped)
    contracts = contracts_of(job.form)
    facts = job.kept("checked", checked(facts, contracts))
    counts = job.database.row(summary_of(facts, job.form))
    refuse_patterns(job.database, counts, facts, job.form, job.there, job.paths)
    refuse_shares(counts, job.paths[0])
    if counts["kept"] < counts["rows"]:
        job.rejects.add(broken_rows(facts, contracts, job.form, job.there, _told_on(job, sum(missing))))
        facts = facts.filter(facts[BROKEN] == 0)
    once = without_repeats(job.database, facts, job.form, job.there, job.rejects)
    dropped[COPIES] = dropped.get(COPIES, 0) + once.copies
    rejected = refuse_too_many(job.database, job.rejects, job.rows, max_rejected, job.form)
    kept = job.database.number(once.facts.count()) if once.copies or rejected else counts["kept"]
    _refuse_nothing(job, kept, dropped)
    days = [row["day"] for row in job.database.rows(days_of(once.facts))]
    notes = (
        *found,
        *zone_notes(job.zone.zone, job.clocks is not None, sum(missing), counts),
        *left_out_notes(dropped, rejected, job.rows, _first(job) if rejected else ()),
        *_unused(job),
        *gap_notes(days),
        *duration_notes(counts),
        *future_notes(counts["last"], time.time_ns() // 1000),
    )
    return Facts(
        form=job.form,
        database=job.database,
        table=_named(once.facts, job.form, key),
        time_zone=job.zone.zone,
        rows=job.rows,
        kept=kept,
        days=(day_of(days[0]), day_of(days[-1])),
        notes=notes,
        silent=_silent(job),
        rejects=job.rejects,
        dropped={what: count for what, count in dropped.items() if count},
    )


def _told_on(job: _Job, missing: int) -> Clocks | None:
    """The clocks on which times are shown as the files have them; None where they say their offset."""
    return job.zone if job.form.clock == "wall" or missing else None


def _without_offset(job: _Job) -> list[int]:
    """Times without an offset from UTC, by file. Raises ``ReadingError`` if no zone is known."""
    missing = []
    for each in job.loaded:
        counts = without_offset(job.database, each, job.form)
        if counts and job.clocks is None:
            refuse_no_zone(job.database, each, counts)
        missing.append(sum(counts.values()))
    return missing


def _cells(job: _Job, missing: Sequence[int], dropped: dict[str, int]) -> Any:
    """The cells of all files, one row a contact or interval; what cannot be read is among the rejects."""
    parts = []
    for i, each in enumerate(job.loaded):
        job.rejects.add_rows(i, each.bad)
        clocks = clocks_within(job.database, each.raw, job.form, job.clocks) if missing[i] else None
        read = job.kept(f"cells_{i}", read_cells(each.raw, job.form, i, clocks))
        counts = bad_counts(each.raw, read, job.form)
        for cell in job.form.cells:
            if cell.column in counts:
                job.rejects.add(bad_cells(each.raw, cell, i, clocks))
        parts.append(job.database.kept(f"whole_{i}", job.rejects.others(read)) if counts else read)
        job.database.forget(f"raw_{i}")
    cells = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    if job.form.drops_copies:
        once = without_copies(job.database, cells, job.form)
        cells, dropped[COPIES] = once.facts, once.copies
    return cells if job.form.cases is None else job.form.cases(cells)


def _facts(job: _Job, cells: Any, dropped: dict[str, int]) -> tuple[Any, tuple[str, ...]]:
    """The facts of the period, unchecked, and what was found while they were mapped."""
    first = mapped(cells, job.form)
    span = job.database.row(span_us(first, job.form))
    facts = shaped(first, job.form, job.zone.within(span["low"] or 0, span["high"] or 0))
    within = _in_period(job, facts)
    if within is not facts:
        outside = job.database.number(facts.count()) - job.database.number(within.count())
        dropped[OUTSIDE] = outside
    return with_length(job.database, within, job.paths[0]) if job.form.table == "intervals" else (within, ())


def _in_period(job: _Job, facts: Any) -> Any:
    if job.since is not None:
        facts = facts.filter(facts["local_us"] >= day_number(job.since) * DAY_US)
    if job.until is not None:
        facts = facts.filter(facts["local_us"] < (day_number(job.until) + 1) * DAY_US)
    return facts


def _refuse_nothing(job: _Job, kept: int, dropped: dict[str, int]) -> None:
    """Raise ``ReadingError`` if no row is left."""
    if kept:
        return
    asked = f"{job.since or 'the beginning'} to {job.until or 'the end'}"
    told = f"has no row from {asked}" if dropped.get(OUTSIDE) else "has no row that can be used"
    raise ReadingError([Finding((), f"{told}; check the period and the export", file=job.paths[0])])


def _silent(job: _Job) -> tuple[str, ...]:
    """What the export cannot tell: what its format says, and columns that are read where there are any."""
    absent = [name for name in job.loaded[0].absent if all(name in each.absent for each in job.loaded)]
    return (*job.form.silent, *([f"no column {', '.join(absent)}"] if absent else []))


def _named(facts: Any, form: Format, key: str | None) -> Any:
    """The columns of the facts in their order, ids as pseudonyms if there is a key."""
    names = [fact.name for fact in facts_of(form)]
    if key is None:
        return facts.select(*names)
    return facts.select(*(pseudonym(facts[n], key).name(n) if n in IDS else facts[n] for n in names))


def _unused(job: _Job) -> list[str]:
    parts = (unused_notes(each.source.path.name, each.unused, each.absent) for each in job.loaded)
    return [note for notes in parts for note in notes]


def _first(job: _Job) -> tuple[str, ...]:
    """The first rows that were set aside, as lines to go to."""
    found = (finding(job.rejects, each) for each in job.rejects.first(_FEW))
    return tuple(f"{each.file}:{each.line}: {each.message}" for each in found)
