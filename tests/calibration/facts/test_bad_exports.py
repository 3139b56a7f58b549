"""Rows that are wrong: set aside or refused, with a row number and the likely cause."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calibration.facts.read import read_facts
from tests.calibration.facts.exports import CONTACT_HEADER as HEADER
from tests.calibration.facts.exports import export, good, rows_of, stamp, text, told, written
from tests.calibration.facts.test_formats import VANAD
from tests.seeds import every_other


def test_time_zones_missing(tmp_path: Path) -> None:
    path = export(tmp_path, {3: {"arrived_at": "2026-03-02T08:00:00"}, 4: {"ended_at": "2026-03-02 23:00"}})
    assert told(path, "canonical") == [
        "0: has times without an offset from UTC, and no time zone is given: 1 in arrived_at, 1 in ended_at. "
        "Name the zone whose clocks they are, such as --time-zone Europe/Amsterdam",
        "5: arrived_at: '2026-03-02T08:00:00' has no offset",
    ]
    pq.write_table(
        pa.table({"queue": ["a"], "arrived_at": pa.array([0], pa.timestamp("us"))}), tmp_path / "e.parquet"
    )
    assert "1 in arrived_at" in told(tmp_path / "e.parquet", "canonical")[0]


def test_times_with_and_without_an_offset_are_told(tmp_path: Path) -> None:
    path = export(tmp_path, {0: {"arrived_at": "2026-03-02T01:00:00"}})
    with read_facts([path], "canonical", time_zone="Europe/Amsterdam") as facts:
        assert "1 time without an offset is read on the clocks of Europe/Amsterdam" in facts.notes


def test_an_hour_that_the_clocks_left_out(tmp_path: Path) -> None:
    rows = VANAD.replace("2014-01-02 08:03:00", "2014-03-30 02:03:00")
    said = told(written(tmp_path, rows), "vanad")
    assert "an export of another time zone, or in UTC" in said[0]
    assert said[1].startswith("6: date_received: '2014-03-30 02:03:00' is left out by the clocks")
    said = told(
        export(tmp_path, {1: {"arrived_at": "2026-03-29T02:10:00"}}), "canonical", time_zone="Europe/Paris"
    )
    assert "an hour that the clocks of the time zone left out" in said[0]


CELLS: Final[dict[str, tuple[str, Sequence[str], str, str]]] = {
    "mixed dates": (
        "arrived_at",
        ["02/03/2026 08:00", "03/25/2026 08:00"],
        "mixed or other date formats",
        "2",
    ),
    "dates alone": ("arrived_at", ["2026-03-02"], "dates without a time of day", "2"),
    "seconds since 1970": ("arrived_at", ["1772440200"], "seconds since 1970", "2"),
    "milliseconds since 1970": ("arrived_at", ["1772440200000"], "milliseconds since 1970", "2"),
    "serial days": ("arrived_at", ["46083.354"], "a spreadsheet's numbers of days", "2"),
    "no such day": ("arrived_at", ["2026-02-30T08:00:00Z"], "a day that no calendar has", "2"),
    "empty times": ("arrived_at", [""], "a column that was not exported", "2"),
    "marks": ("answered_at", ["NULL", "n/a"], "a mark for 'unknown'; leave it empty", "2"),
    "h:mm:ss": ("handle_s", ["0:03:10"], "durations written h:mm:ss; write seconds", "2"),
    "decimal comma": ("handle_s", ['"190,5"'], "a decimal comma; write a decimal point", "2"),
    "other outcomes": ("outcome", ["solved"], "words of another system", "2"),
    "free text": ("cause", ["x" * 5000], "", "2"),
    "before 1990": ("arrived_at", ["1970-01-01T00:00:00Z"], "a default of the system", "2"),
    "far ahead": ("arrived_at", ["2999-01-01T00:00:00Z"], "another unit of time", "2"),
    "answered before": ("answered_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "ended before": ("ended_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "wrap before": ("wrap_ended_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "resolved before": ("resolved_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "reopened before": ("reopened_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "transferred before": ("transferred_at", ["2026-03-01T08:00:00Z"], "columns that are swapped", "2"),
    "absurd handle time": ("ended_at", ["2026-03-09T08:00:00Z"], "a contact that nobody closed", "2"),
    "absurd wait": ("answered_at", ["2026-03-03T08:00:00Z"], "a contact that nobody closed", "2"),
    "confidence": ("cause_confidence", ["80"], "per cent taken for a share", "2"),
    "legs from 0": ("leg", ["0"], "legs counted from 0", "2"),
    "negative transfers": ("transfers", ["-1"], "a mark for 'unknown'", "2"),
    "negative revenue": ("arr", ["-1"], "a mark for 'unknown'", "2"),
}


@pytest.mark.parametrize("name", every_other(list(CELLS)))
def test_cells(tmp_path: Path, name: str) -> None:
    column, cells, cause, line = CELLS[name]
    header = HEADER if column in HEADER else (*HEADER, column)
    changed = {i: {column: cell} for i, cell in enumerate(cells)}
    if name == "absurd wait":
        changed[0]["ended_at"] = "2026-03-03T08:01:00Z"
    said = told(export(tmp_path, changed, header), "canonical")
    assert said[0].startswith(f"0: {len(cells)} of 20 rows cannot be used"), said
    assert cause in said[0]
    assert said[1].startswith(f"{line}: "), said
    assert column in said[1] or name.startswith("absurd")


def test_negative_durations(tmp_path: Path) -> None:
    header = ("queue", "outcome", "arrived_at", "wait_s", "handle_s")
    rows = [["a", "handled", stamp(i), "5", "180"] for i in range(20)]
    rows[3][3], rows[4][4] = "-5", "-180"
    said = told(written(tmp_path, text(header, rows)), "canonical")
    assert said[0].startswith("0: 2 of 20 rows cannot be used (10.0%, more than 1%). Likely cause: columns")
    assert said[1].startswith("5: wait_s: '-5' is not a number of s, 0 or more")
    assert said[2].startswith("6: handle_s: '-180' is not a number of s, 0 or more")


def test_an_answer_that_nobody_gave(tmp_path: Path) -> None:
    header = (*HEADER, "outcome")
    rows = [[*good(i), "handled"] for i in range(20)]
    rows[3][5], rows[4][5] = "abandoned", "self_service"
    said = told(written(tmp_path, text(header, rows)), "canonical")
    assert "Likely cause: outcomes of another system" in said[0]
    assert said[1:] == [
        f"{line}: outcome: '{outcome} (answered_at: 2026-03-02 00:0{minute}:05Z)' means that nobody took it, "
        "and an answer is given"
        for line, outcome, minute in ((5, "abandoned", 3), (6, "self_service", 4))
    ]


@pytest.mark.verify
def test_times_are_told_as_the_file_has_them(tmp_path: Path) -> None:
    said = told(written(tmp_path, VANAD.replace("2014-01-02 08:03:00,", "2014-01-02 23:03:00,")), "vanad")
    seen = "2014-01-02 08:03:00 (date_received: 2014-01-02 23:03:00)"
    assert said[1] == f"6: ended_at (of transfer, hangup): '{seen}' is before it arrived"
    local = export(tmp_path, {1: {"answered_at": "2026-03-01T08:00:00"}})
    said = told(local, "canonical", time_zone="Europe/Paris")
    assert said[1].startswith("3: answered_at: '2026-03-01 08:00:00 (arrived_at: 2026-03-02 01:01:00)'")


def test_words_of_another_system(tmp_path: Path) -> None:
    said = told(export(tmp_path, {1: {"outcome": "ABD"}}, (*HEADER, "outcome")), "canonical")
    assert "Likely cause: words of another system, or columns that are swapped" in said[0]


@pytest.mark.parametrize(
    ("column", "cell", "cause"),
    [
        ("handle_s", "250000", "250000 s, look like milliseconds taken for seconds"),
        ("handle_s", "0.0029", "0.0029 s, look like fractions of a day taken for seconds"),
        ("wait_s", "20000", "20000 s, look like milliseconds taken for seconds"),
    ],
)
def test_durations_in_another_unit(tmp_path: Path, column: str, cell: str, cause: str) -> None:
    header = ("queue", "outcome", "arrived_at", "wait_s", "handle_s")
    usual = {"wait_s": "12", "handle_s": "240", "queue": "a", "outcome": "handled"}
    rows = [{**usual, "arrived_at": stamp(i), column: cell} for i in range(20)]
    (said,) = told(written(tmp_path, text(header, rows)), "canonical")
    assert said.startswith(f"2: {column}: 20 of 20 durations, here ")
    assert cause in said


def test_long_mails_are_no_milliseconds(tmp_path: Path) -> None:
    header = ("queue", "channel", "outcome", "arrived_at", "handle_s")
    path = written(tmp_path, text(header, [["a", "email", "handled", stamp(i), "90000"] for i in range(20)]))
    with read_facts([path], "canonical") as facts:
        assert facts.kept == 20


@pytest.mark.parametrize(
    ("wait", "handle", "asked"),
    [
        ("1", "4", "more than half of the handle times are under 10 s: are they minutes?"),
        ("0.00007", "240", "more than half of the waits are under 0.1 s: are they fractions of a day?"),
    ],
)
def test_short_durations_are_asked_about(tmp_path: Path, wait: str, handle: str, asked: str) -> None:
    header = ("queue", "outcome", "arrived_at", "wait_s", "handle_s")
    path = written(tmp_path, text(header, [["a", "handled", stamp(i), wait, handle] for i in range(20)]))
    with read_facts([path], "canonical") as facts:
        assert asked in facts.notes


def test_month_first_among_day_first_dates(tmp_path: Path) -> None:
    header = ("number", "opened_at", "sys_updated_at", "resolved_at", "closed_at", "reopen_count",
              "reassignment_count", "made_sla", "caller_id", "contact_type", "category", "priority",
              "resolved_by")  # fmt: skip
    row = dict.fromkeys(header, "?") | {"reopen_count": "0", "reassignment_count": "0", "made_sla": "true"}
    rows = [row | {"number": f"I{i}", "opened_at": f"{1 + i % 28}/3/2016 10:00"} for i in range(1000)]
    rows[700]["opened_at"] = "3/30/2016 10:00"  # one of a thousand is enough
    said = told(written(tmp_path, text(header, rows)), "uci-incidents")
    assert "Likely cause: mixed date formats" in said[0]
    assert said[1] == (
        "702: opened_at: '3/30/2016 10:00' is not a local time day/month/year such as 29/2/2016 01:16"
    )


def test_rows_of_another_width(tmp_path: Path) -> None:
    lines = text(HEADER, [good(i) for i in range(300)]).splitlines()
    lines[100] += ",more"
    lines[200] = "c,sales"
    path = written(tmp_path, "\n".join(lines))
    with read_facts([path], "canonical") as facts:
        assert (facts.rows, facts.kept) == (300, 298)
        assert facts.write_rejected(tmp_path / "rejected.csv") == 2
        (note,) = (each for each in facts.notes if "CANNOT" in each)
        assert note.startswith("2 of 300 rows (0.67%) CANNOT BE USED and are set aside; the file")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["why"]) for row in csv.DictReader(file)] == [
            ("101", "has 6 cells, and the header has 5; a cell that holds the delimiter needs quotes"),
            ("201", "has 2 cells, and the header has 5; a cell that holds the delimiter needs quotes"),
        ]


def test_copies_and_contradictions(tmp_path: Path) -> None:
    rows = [good(i) for i in range(300)]
    rows[10] = rows[9]  # a copy
    rows[20] = [*rows[19][:1], *good(20)[1:]]  # the id of another contact
    path = written(tmp_path, text(HEADER, rows))
    with read_facts([path], "canonical") as facts:
        assert (facts.kept, facts.dropped) == (298, {"copies of other rows": 1})
        assert facts.rejected == {
            "contact_id: has another row with the same leg, which says something else": 1
        }
        lines = {line for (line,) in rows_of(facts, "line")}
        assert {11, 12, 22} & lines == {11}
    said = told(
        written(tmp_path, text(HEADER, [*rows[:8], *([[*rows[3][:1], *good(30)[1:]]] * 2)])), "canonical"
    )
    assert "give legs their numbers in `leg`" in said[0]


def test_objects_that_are_none(tmp_path: Path) -> None:
    one = '{"queue": "a", "arrived_at": "2026-03-02T08:00:00Z"}\n'
    lines = [one] * 500
    lines[3], lines[4], lines[5] = '{"queue": "a"\n', "[1]\n", '{"queue": {"x": 1}, "arrived_at": "x"}\n'
    path = written(tmp_path, "".join(lines), "e.jsonl")
    with read_facts([path], "canonical") as facts:
        assert facts.kept == 497
        said = facts.rejected
    assert len(said) == 3
    assert any(each.startswith("is no JSON object: ") for each in said)
    assert "queue is a dict, not a text or a number; write one flat object a line" in said


def test_nested_deeply(tmp_path: Path) -> None:
    path = written(tmp_path, '{"queue": "a", "arrived_at": 1}\n{"queue": ' + "[" * 100_000 + "\n", "e.jsonl")
    assert "is nested too deeply" in " ".join(told(path, "canonical"))


def test_no_row_is_left(tmp_path: Path) -> None:
    said = told(export(tmp_path, {i: {"queue": ""} for i in range(20)}), "canonical", max_rejected=1.0)
    assert said == ["0: has no row that can be used; check the period and the export"]


HOSTILE: Final = (
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "a'b;DROP TABLE checked",
    "\u202eabc",
    "{{7*7}}",
)


def test_hostile_texts_arrive_as_they_are(tmp_path: Path) -> None:
    rows: list[Any] = [
        [f"c{i}", '"' + each.replace('"', '""') + '"', stamp(i), "", ""] for i, each in enumerate(HOSTILE)
    ]
    with read_facts([written(tmp_path, text(HEADER, rows))], "canonical") as facts:
        assert [queue for (queue,) in rows_of(facts, "queue")] == list(HOSTILE)


def test_hostile_cells_are_harmless_in_the_file_of_rejects(tmp_path: Path) -> None:
    changed = {1: {"answered_at": '"=HYPERLINK(""http://x"")"'}, 2: {"answered_at": '"@x\n\x1b[2J"'}}
    path = export(tmp_path, changed, rows=300)
    with read_facts([path], "canonical") as facts:
        facts.write_rejected(tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["seen"] for row in rows] == ['\'=HYPERLINK("http://x")', "'@x [2J"]
    assert "\x1b" not in (tmp_path / "rejected.csv").read_text(encoding="utf-8")
