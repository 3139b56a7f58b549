"""When an export is refused, and what is said then: how many rows, the likely cause, the first of them."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final, NoReturn

from calibration.facts.causes import Cause, fatal, likely, matches
from calibration.facts.contracts import Contract, contracts_of
from calibration.facts.database import Database
from calibration.facts.formats.format import Format
from calibration.facts.load import Loaded
from calibration.facts.names import told_as
from calibration.facts.readers import has_offset, iso_time
from calibration.facts.rejects import Reject, Rejects
from calibration.facts.sql import SECOND_US, total
from calibration.facts.summary import Pattern, patterns_of
from scenarios.problems import Finding, ReadingError

_SHOWN: Final = 5
_CARRIED: Final = Decimal("0.01")  # of the offered: what was in line at the beginning, and counted twice
_NO_ZONE: Final = (
    "has times without an offset from UTC, and no time zone is given: {}. Name the zone whose clocks they "
    "are, such as --time-zone Europe/Amsterdam"
)


def without_offset(database: Database, loaded: Loaded, form: Format) -> dict[str, int]:
    """The columns of ISO times in which an offset from UTC is missing, and how often."""
    columns = [
        cell.column for cell in form.cells if cell.reader is iso_time and cell.column in loaded.raw.columns
    ]
    if not columns:
        return {}
    counts = {f"n{i}": total(~has_offset(loaded.raw[name])) for i, name in enumerate(columns)}
    row = database.row(loaded.raw.aggregate(**counts))
    return {name: row[f"n{i}"] for i, name in enumerate(columns) if row[f"n{i}"]}


def refuse_no_zone(database: Database, loaded: Loaded, missing: dict[str, int]) -> NoReturn:
    """Raise ``ReadingError`` with the first rows whose times have no offset."""
    name = next(iter(missing))
    raw = loaded.raw
    first = (
        raw.filter(~has_offset(raw[name]))
        .order_by("line")
        .limit(_SHOWN)
        .select("line", seen=raw[name].cast("string"))
    )
    counts = ", ".join(f"{count:,} in {column}" for column, count in missing.items())
    file = str(loaded.source.path)
    found = [Finding((), _NO_ZONE.format(counts), file=file)]
    rows = database.rows(first)
    raise ReadingError(
        [
            *found,
            *(
                Finding((), f"{name}: {row['seen']!r} has no offset", file=file, line=row["line"])
                for row in rows
            ),
        ]
    )


def refuse_patterns(
    database: Database,
    counts: dict[str, Any],
    facts: Any,
    form: Format,
    there: Collection[str],
    paths: Sequence[str],
) -> None:
    """Raise ``ReadingError`` where most durations are too long or too short to be seconds."""
    wrong = [each for each in patterns_of(form) if 2 * counts[each.name] > counts[f"of_{each.name}"] > 0]
    if wrong:
        names = [told_as(each.column, form, there) for each in wrong]
        found = zip(wrong, names, strict=True)
        raise ReadingError([_pattern(database, counts, facts, each, name, paths) for each, name in found])


def refuse_shares(counts: dict[str, Any], path: str) -> None:
    """Raise ``ReadingError`` where more contacts end than are offered, all intervals together."""
    offered, ended = (Decimal(counts.get(name) or 0) for name in ("offered", "ended"))
    if ended <= offered + 10 + _CARRIED * offered:
        return
    told = (
        f"{ended:,.0f} contacts are handled or abandoned and only {offered:,.0f} offered: a share over 100 "
        "%. Likely cause: `offered` leaves out the abandoned, or columns that are swapped"
    )
    raise ReadingError([Finding((), told, file=path)])


def _pattern(
    database: Database,
    counts: dict[str, Any],
    facts: Any,
    pattern: Pattern,
    column: str,
    paths: Sequence[str],
) -> Finding:
    """What is said of a pattern, at the first row that fits it."""
    fits = (
        facts.filter(pattern.of.resolve(facts) & pattern.holds.resolve(facts))
        .order_by("file", "line")
        .limit(1)
    )
    first = database.row(fits.select("file", "line", seen=facts[pattern.column]))
    told = (
        f"{column}: {counts[pattern.name]:,} of {counts[f'of_{pattern.name}']:,} durations, here "
        f"{first['seen'] / SECOND_US:g} s, look like {pattern.cause}"
    )
    return Finding((), told, file=paths[first["file"]], line=first["line"])


def refuse_too_many(database: Database, rejects: Rejects, rows: int, most: float, form: Format) -> int:
    """The rows that are set aside. Raises ``ReadingError`` if they are more than a share of all."""
    count = rejects.rows()
    if not count:
        return 0
    cause = fatal(database, rejects.table)
    if cause is None and count <= most * rows:
        return count
    raise ReadingError(_refusal(database, rejects, rows, most, contracts_of(form), cause))


def _refusal(
    database: Database,
    rejects: Rejects,
    rows: int,
    most: float,
    contracts: tuple[Contract, ...],
    cause: Cause | None,
) -> list[Finding]:
    count = rejects.rows()
    table = rejects.table if cause is None else rejects.table.filter(matches(rejects.table, cause))
    why = cause.says if cause is not None else likely(database, rejects.table, contracts)
    limit = f"more than {most:.0%}" if cause is None else "which is enough here"
    told = f"{count:,} of {rows:,} rows cannot be used ({count / rows:.1%}, {limit})"
    if why:
        told = f"{told}. Likely cause: {why}"
    first = rejects.first(_SHOWN, table)
    return [Finding((), told, file=rejects.path(first[0].file)), *(finding(rejects, each) for each in first)]


def finding(rejects: Rejects, each: Reject) -> Finding:
    """A reject as what is told of its row."""
    seen = f"{each.seen!r} " if each.seen else ""
    column = f"{each.column}: " if each.column else ""
    return Finding((), f"{column}{seen}{each.why}", file=rejects.path(each.file), line=each.line)
