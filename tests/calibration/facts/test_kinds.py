"""The same facts from every kind of file, on any number of threads."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calibration.facts.facts import Facts
from calibration.facts.read import read_facts
from scenarios.problems import ReadingError
from tests.calibration.facts.exports import rows_of, text, told
from tests.seeds import every_other

HEADER: Final = ("contact_id", "queue", "agent_id", "arrived_at", "answered_at", "ended_at", "arr", "queued")
ROWS: Final = [
    (
        "c1",
        "sales",
        "6935",
        "2026-03-02T08:30:00Z",
        "2026-03-02T08:30:10Z",
        "2026-03-02T08:33:00Z",
        "1200.5",
        "true",
    ),
    ("c2", "sales, late", "", "2026-03-02T08:31:00Z", "", "2026-03-02T08:31:45Z", "", "true"),
    (
        "c3",
        "care",
        "6940",
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:30Z",
        "0",
        "false",
    ),
]
S: Final = 1_000_000


def quoted(mark: str) -> str:
    return text(HEADER, [[f'"{cell}"' if "," in cell else cell for cell in row] for row in ROWS], mark)


def csv_file(folder: Path) -> Path:
    return written(folder / "e.csv", quoted(",").encode())


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def objects(folder: Path) -> Path:
    lines = []
    for row in ROWS:
        cells: dict[str, Any] = {name: cell or None for name, cell in zip(HEADER, row, strict=True)}
        cells["arr"] = float(row[6]) if row[6] else None
        cells["queued"] = row[7] == "true"
        lines.append(json.dumps(cells))
    return written(folder / "e.jsonl", "\n".join(lines).encode())


def parquet(folder: Path) -> Path:
    columns: dict[str, Any] = {name: [row[i] or None for row in ROWS] for i, name in enumerate(HEADER)}
    times = pa.timestamp("us", "UTC")
    for name in ("arrived_at", "answered_at", "ended_at"):
        columns[name] = pa.array(columns[name], pa.string()).cast(times)
    columns["agent_id"] = pa.array([6935.0, None, 6940.0])  # as pandas keeps whole numbers with gaps
    columns["arr"] = pa.array([1200.5, None, 0.0])
    columns["queued"] = pa.array([True, True, False])
    pq.write_table(pa.table(columns), folder / "e.parquet")
    return folder / "e.parquet"


def parquet_of_text(folder: Path) -> Path:
    pq.write_table(
        pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(HEADER)}), folder / "t.parquet"
    )
    return folder / "t.parquet"


FILES: Final[dict[str, Callable[[Path], Path]]] = {
    "csv": csv_file,
    "crlf": lambda folder: written(folder / "e.csv", quoted(",").replace("\n", "\r\n").encode()),
    "mark of byte order": lambda folder: written(folder / "e.csv", b"\xef\xbb\xbf" + quoted(",").encode()),
    "no last line end": lambda folder: written(folder / "e.csv", quoted(",").rstrip("\n").encode()),
    "sep=": lambda folder: written(folder / "e.csv", ("sep=;\n" + quoted(";")).encode()),
    "semicolon": lambda folder: written(folder / "e.txt", quoted(";").encode()),
    "bar": lambda folder: written(folder / "e.psv", quoted("|").encode()),
    "tsv": lambda folder: written(folder / "e.tsv", quoted("\t").encode()),
    "gz": lambda folder: written(folder / "e.csv.gz", gzip.compress(quoted(",").encode())),
    "gz by another name": lambda folder: written(folder / "e.dat", gzip.compress(quoted("\t").encode())),
    "json lines": objects,
    "json lines gz": lambda folder: written(
        folder / "e.json.gz", gzip.compress(objects(folder).read_bytes())
    ),
    "parquet": parquet,
    "parquet of text": parquet_of_text,
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_says_the_same(tmp_path: Path, kind: str) -> None:
    with read_facts([FILES[kind](tmp_path)], "canonical", keep_names=True) as facts:
        start = 1_772_440_200 * S
        assert rows_of(facts, "contact_id", "queue", "agent_id", "arr", "queued", "outcome") == [
            ("c1", "sales", "6935", 1200.5, True, "handled"),
            ("c2", "sales, late", None, None, True, "abandoned"),
            ("c3", "care", "6940", 0.0, False, "handled"),
        ]
        assert rows_of(facts, "arrived_us", "wait_us", "handle_us") == [
            (start, 10 * S, 170 * S),
            (start + 60 * S, 45 * S, None),
            (start + 1800 * S, 0, 30 * S),
        ]
        assert (
            "no time zone is named: days and hours are those of UTC; name one by --time-zone" in facts.notes
        )
        assert any("wrap_ended_at" in each and "contact_id" not in each for each in facts.silent)


def test_lines_are_those_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    lines = 'queue,arrived_at,cause\n\na,2026-03-02T08:00:00Z,"one\ntwo"\n\n,,\n b ,2026-03-02T08:01:00Z,x\n'
    path = written(tmp_path / "e.csv", lines.encode())
    with read_facts([path], "canonical") as facts:
        assert rows_of(facts, "line", "queue", "cause") == [(3, "a", "one two"), (6, "b", "x")]
        assert facts.rows == 2


def test_several_files_are_one_export(tmp_path: Path) -> None:
    more = written(tmp_path / "more.csv", b"queue,arrived_at\nother,2026-03-03T08:00:00Z\n")
    with read_facts([csv_file(tmp_path), more, parquet(tmp_path)], "canonical", keep_names=True) as facts:
        assert [row[:2] for row in rows_of(facts, "file", "queue")] == [
            (0, "sales"),
            (0, "sales, late"),
            (0, "care"),
            (1, "other"),
        ]
        assert facts.dropped == {"copies of other rows": 3}  # the third file repeats the first


def many(folder: Path) -> Path:
    rows = [
        (
            f"c{i}",
            f"q{i % 3}",
            f"a{i % 7}",
            f"2026-03-{1 + i % 28:02}T{i % 24:02}:{i % 60:02}:00Z",
            "",
            "",
            str(i),
            "",
        )
        for i in range(5000)
    ]
    return written(folder / "many.csv", text(HEADER, rows).encode())


@pytest.mark.parametrize("threads", [1, 2])
def test_any_number_of_threads_says_the_same(tmp_path: Path, threads: int) -> None:
    with read_facts([many(tmp_path)], "canonical", threads=threads, time_zone="Asia/Kolkata") as facts:
        names = ("line", "contact_id", "agent_id", "local_us")
        found = rows_of(facts, *names)
    with read_facts([many(tmp_path)], "canonical", threads=1, time_zone="Asia/Kolkata") as facts:
        assert found == rows_of(facts, *names)
    assert [row[0] for row in found] == list(range(2, 5002))


def test_periods_are_local_days(tmp_path: Path) -> None:
    import datetime

    lines = "queue,arrived_at\n" + "".join(f"a,2026-03-{day:02}T23:30:00Z\n" for day in range(1, 6))
    path = written(tmp_path / "e.csv", lines.encode())
    second, third = datetime.date(2026, 3, 2), datetime.date(2026, 3, 3)
    zone = "Europe/Amsterdam"
    with read_facts([path], "canonical", time_zone=zone, since=second, until=third) as facts:
        assert [line for (line,) in rows_of(facts, "line")] == [
            2,
            3,
        ]  # the first of March ends at 23:00 in UTC
        assert (facts.first_day, facts.last_day) == (second, third)
        assert facts.dropped == {"rows outside the period": 3}
    later = datetime.date(2027, 1, 1)
    assert "has no row from 2027-01-01 to the end" in told(path, "canonical", time_zone=zone, since=later)[0]


def test_files_go_when_facts_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = csv_file(tmp_path)
    facts = read_facts([path], "canonical")
    facts.close()
    told(path, "vanad")
    assert [each.name for each in tmp_path.iterdir()] == ["e.csv"]


def test_parquet_stays_where_it_is(tmp_path: Path) -> None:
    with read_facts([parquet(tmp_path)], "canonical") as facts:
        assert tables(facts) == ["rejected"]
    with read_facts([csv_file(tmp_path)], "canonical") as facts:
        assert "checked" in tables(facts)


def tables(facts: Facts) -> list[str]:
    found = facts.con.raw_sql("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
    return [name for (name,) in found]


STRANGE: Final[dict[str, Any]] = {
    "lists": pa.array([["2026-03-02T08:30:00Z"]] * 3),
    "structs": pa.array([{"at": 1}] * 3),
    "dates": pa.array([20_000] * 3, pa.date32()),
    "times of day": pa.array([1] * 3, pa.time64("us")),
    "bytes": pa.array([b"\xff"] * 3),
    "nulls": pa.nulls(3),
    "far times": pa.array([2**62] * 3, pa.timestamp("us", "UTC")),
    "booleans": pa.array([True] * 3),
    "decimals": pa.array([1, 2, 3]).cast(pa.decimal128(30, 2)),
}


@pytest.mark.parametrize("column", every_other(["arrived_at", "queue", "handle_s", "leg"]))
@pytest.mark.parametrize("kind", every_other(list(STRANGE)))
def test_types_that_no_format_has(tmp_path: Path, kind: str, column: str) -> None:
    """Refused with the rows named, or read: never anything else."""
    usual = {
        "arrived_at": pa.array([10**15 + i for i in range(3)], pa.int64()).cast(pa.timestamp("us", "UTC")),
        "queue": pa.array(["a", "b", "c"]),
    }
    pq.write_table(pa.table(usual | {column: STRANGE[kind]}), tmp_path / "e.parquet")
    seen = outcome_of(tmp_path / "e.parquet")
    assert seen in ((), (0, 1, 2, 3))


def outcome_of(path: Path) -> tuple[int, ...]:
    """The lines that an export is refused for; none if it is read."""
    try:
        read_facts([path], "canonical", max_rejected=0.5).close()
    except ReadingError as error:
        return tuple(each.line for each in error.found)
    return ()
