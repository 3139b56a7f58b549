"""Historical counts from a CSV file: what is detected, what is refused, and the profile that comes out."""

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scenarios import ScenarioError, from_dict, open_scenario
from scenarios.csv_door import History, read_history
from scenarios.problems import Finding, ReadingError
from scenarios.week import Step

Write = Callable[..., Path]
REAL = Path(__file__).parents[3] / "shared" / "data" / "bank_calls_5min_2003-03_to_07.csv.gz"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes lines as a CSV file."""

    def to_file(lines: Iterable[str], name: str = "h.csv", encoding: str = "utf-8") -> Path:
        data = "\n".join(lines).encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return to_file


def refused(path: Path, time: str | None = None, count: str | None = None) -> list[Finding]:
    """Return what reading a file finds wrong."""
    with pytest.raises(ReadingError) as caught:
        read_history(path, time, count)
    return caught.value.found


ISO = ["when,calls", "2026-03-02 08:00,6", "2026-03-02 08:30,8", "2026-03-09 08:00,4", "2026-03-09 08:30,10"]
MEANS = {(0, 28800): 5.0, (0, 30600): 9.0}


def test_the_mean_of_each_weekday_and_interval(write: Write) -> None:
    history = read_history(write([*ISO, "2026-03-03 08:00,7"]))
    assert history.step_s == 1800
    assert history.means == {**MEANS, (1, 28800): 7.0}


def test_an_interval_without_a_row_counts_as_zero(write: Write) -> None:
    history = read_history(write(ISO[:-1]))
    assert history.means == {(0, 28800): 5.0, (0, 30600): 4.0}
    assert "an interval without a row counts as zero" in " ".join(history.notes)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (ISO, "comma-separated, decimal point, dates year-month-day"),
        ([line.replace(",", ";") for line in ISO], "semicolon-separated"),
        ([line.replace(",", "\t") for line in ISO], "tab-separated"),
        ([line.replace(",", "|") for line in ISO], "bar-separated"),
        ([line.replace(",", ";") + (",0" if i else "") for i, line in enumerate(ISO)], "decimal comma"),
        ([f"{line}.00" if i else line for i, line in enumerate(ISO)], "decimal point"),
        (["calls,note,when", *(f"{x[17:]},a,{x[:16]}" for x in ISO[1:])], "time from column 'when'"),
        ([line.replace("when,", "when , ") for line in ISO], "counts from column 'calls'"),
        (["when,offered", *ISO[1:]], "counts from column 'offered'"),
        (["when,Calls_Offered", *ISO[1:]], "counts from column 'Calls_Offered'"),
        ([*ISO, "", ",", "  "], "dates year-month-day"),
        ([line.replace(" 08", "T08").replace("0,", "0:00Z,") for line in ISO], "read as local clock times"),
        ([line.replace("0,", "0:00.000+01:00,") for line in ISO], "read as local clock times"),
        ([line.replace("2026-03-0", "2026/3/") for line in ISO], "dates year-month-day"),
        ([f'"{x[:16]}","{x[17:]}"' if i else x for i, x in enumerate(ISO)], "comma-separated"),
        (ISO, "no tue, wed, thu, fri, sat, sun in it"),
        (ISO, "4 intervals of 30 min on 2 days, 2026-03-02 to 2026-03-09"),
    ],
)
def test_what_is_detected_is_told(write: Write, lines: list[str], told: str) -> None:
    history = read_history(write(lines))
    assert history.means == MEANS
    assert told in " / ".join(history.notes)


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (("02.03.2026", "16.03.2026"), "day-month-year"),
        (("2/3/2026", "16/3/2026"), "day-month-year"),
        (("03/02/2026", "03/16/2026"), "month-day-year"),
        (("3-2-2026", "3-16-2026"), "month-day-year"),
    ],
)
def test_the_order_of_dates_is_detected(write: Write, dates: tuple[str, str], told: str) -> None:
    lines = [f"{day} {time},{n}" for day, n in zip(dates, (6, 4), strict=True) for time in ("8:00", "8:30")]
    history = read_history(write(["when,calls", *lines]))
    assert history.means == {(0, 28800): 5.0, (0, 30600): 5.0}
    assert f"dates {told}" in history.notes[0]


def test_twelve_hour_clocks(write: Write) -> None:
    history = read_history(
        write(["when,calls", "3/16/2026 12:00 AM,1", "3/16/2026 12:30 PM,2", "3/16/2026 1:00 pm,3"])
    )
    assert history.means == {(0, 0): 1.0, (0, 45000): 2.0, (0, 46800): 3.0}


def test_midnight_may_be_written_without_a_time(write: Write) -> None:
    history = read_history(write(["when,calls", "2026-03-02,1", "2026-03-02 00:30,2"]))
    assert history.means == {(0, 0): 1.0, (0, 1800): 2.0}


def test_files_may_be_packed_or_carry_a_byte_order_mark(write: Write) -> None:
    assert read_history(write(ISO, "h.csv.gz")).means == MEANS
    assert read_history(write(ISO, "bom.csv", "utf-8-sig")).means == MEANS


def test_columns_may_be_named(write: Write) -> None:
    lines = ["start,end,calls,contacts"]
    lines += [f"{x[:16]},{x[:16]},1,{x[17:]}" for x in ISO[1:]]
    assert read_history(write(lines), "start", "contacts").means == MEANS


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ([*ISO, "2026-03-02 08:00,3"], 6, "same time as line 2"),
        ([*ISO, "2026-03-16 08:00,-3"], 6, "'-3' is negative"),
        ([*ISO, "2026-03-16 08:00,NaN"], 6, "'NaN' is not a number"),
        ([*ISO, "2026-03-16 08:00,inf"], 6, "'inf' is not a number"),
        ([*ISO, "2026-03-16 08:00,"], 6, "'' is not a number"),
        ([*ISO, "2026-03-16 08:00,=1+1"], 6, "'=1+1' is not a number"),
        ([*ISO, "2026-03-16 08:00,1e99"], 6, "'1e99' is not a number"),
        ([*ISO, "2026-03-16 08:00,9999999999"], 6, "is above"),
        ([*ISO, "2026-03-16 08:00,\u0663"], 6, "is not a number"),
        ([*ISO, "2026-03-16 08:00"], 6, "has 1 cell, and the header has 2"),
        ([*ISO, "2026-03-16 08:00,3,4"], 6, "has 3 cells, and the header has 2"),
        ([*ISO, "2026-02-30 08:00,3"], 6, "not a day of the calendar"),
        ([*ISO, "2026-03-16 24:00,3"], 6, "no such time of day"),
        ([*ISO, "16 March 08:00,3"], 6, "is not a date and time"),
        ([*ISO, "16.03.26 08:00,3"], 6, "is not a date and time"),
        ([*ISO, "Total,28"], 6, "is not a date and time"),
        ([*ISO, "2026-03-16 08:10,3"], 6, "is not on the grid of 30 min"),
        ([*ISO, "", "2026-03-16 13:00 PM,3"], 7, "hours are 1 to 12"),
        ([ISO[0], '"2026-03-02\n08:00",6', *ISO[2:], "x,1"], 7, "is not a date and time"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(write: Write, lines: list[str], line: int, words: str) -> None:
    path = write(lines)
    found = refused(path)
    assert [(each.file, each.line) for each in found] == [(str(path), line)]
    assert words in found[0].message


def test_many_wrong_rows_are_told_up_to_a_limit(write: Write) -> None:
    wrong = [f"2026-03-16 {hour:02d}:{minute},x" for hour in range(15) for minute in ("00", "30")]
    found = refused(write([*ISO, *wrong]), "when", "calls")
    assert len(found) == 21
    assert found[-1].message == "10 more rows like these"


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ([], "csv", "is empty"),
        (["", " "], "csv", "is empty"),
        (["calls", "1", "2"], "csv", "no two columns"),
        (["when,calls"], "csv", "no two rows"),
        (ISO[1:], "csv", "has no header"),
        (["a;b,c", "1;2,3", "1;2,3"], "csv", "in two ways"),
        (["when,x", *ISO[1:]], "csv", "add 'count: COLUMN'. Columns: when, x"),
        (["when,calls", "a,1", "b,2"], "csv", "no column of"),
        (["when,calls,offered", *(f"{x},1" for x in ISO[1:])], "csv", "'calls' and 'offered'"),
        (["from,to,calls", *(f"{x[:16]},{x}" for x in ISO[1:])], "csv", "'from' and 'to'"),
        (
            ["when,calls", "02/03/2026 08:00,1", "03/03/2026 08:30,2"],
            "csv",
            "may be day-first or month-first",
        ),
        (["when,calls", "16/03/2026 08:00,1", "03/17/2026 08:30,2"], "csv", "can only be"),
        (["when,calls", "2026-03-02 08:00,1", "02.03.2026 08:30,2"], "csv", "write all alike"),
        (["when,calls", "2026-03-02,1", "2026-03-03,2"], "csv", "no times of day"),
        (["when,calls", "2026-03-02 08:00,1", "2026-03-02 08:07,2"], "csv", "a row every 7 min"),
        (["when,calls", "2026-03-02 08:00,1", "2026-03-02 10:00,2"], "csv", "a row every 120 min"),
        (["when;calls", "2026-03-02 08:00;1,234", "2026-03-02 08:30;2,345"], "csv", "thousands separator"),
        (["when;calls", "2026-03-02 08:00;1.234", "2026-03-02 08:30;2.345"], "csv", "thousands separator"),
        (["when;calls", "2026-03-02 08:00;1,5", "2026-03-02 08:30;2.5"], "csv", "write all alike"),
    ],
)
def test_a_file_that_does_not_tell_is_refused(write: Write, lines: list[str], place: str, words: str) -> None:
    found = refused(write(lines))
    assert [each.place for each in found] == [(place,)]
    assert words in found[0].message


@pytest.mark.parametrize(
    ("time", "count", "place", "words"),
    [
        ("wen", None, "time", "did you mean 'when'"),
        (None, "cals", "count", "did you mean 'calls'"),
        ("calls", None, "", "is not a date and time"),
    ],
)
def test_a_wrong_column_is_told(
    write: Write, time: str | None, count: str | None, place: str, words: str
) -> None:
    found = refused(write(ISO), time, count)
    assert found[0].place == ((place,) if place else ())
    assert words in found[0].message


def test_a_column_that_is_there_twice_is_refused(write: Write) -> None:
    found = refused(write(["when,calls,calls", *(f"{x},1" for x in ISO[1:])]), None, "calls")
    assert "twice" in found[0].message


def test_files_that_cannot_be_read(write: Write, tmp_path: Path) -> None:
    packed = write(ISO, "h.csv.gz")
    packed.write_bytes(packed.read_bytes()[:30])
    bad = write(["caf\u00e9,calls"], "latin.csv", "latin-1")
    not_packed = tmp_path / "no.csv.gz"
    not_packed.write_text("when,calls\n")
    cases = {
        packed: "cannot be read",
        bad: "is not UTF-8",
        not_packed: "cannot be read",
        tmp_path: "is a folder",
    }
    for path, words in cases.items():
        assert words in refused(path)[0].message
    assert "no file" in refused(tmp_path / "nothing.csv")[0].message


SCENARIO = """\
careloop: 1
name: x
calendar: {start: 2026-03-02, days: 1}
streams:
  calls:
    queue: phone
    arrivals:
      history: {csv: h.csv}
      multiply: 2
    handle_time: {exponential: 3 min}
queues:
  phone: {patience: {exponential: 3 min}}
groups:
  team: {skills: phone, agents: 5}
"""


def test_a_scenario_reads_its_history_from_beside_the_file(write: Write, tmp_path: Path) -> None:
    write(ISO)
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO)
    loaded = open_scenario(path)
    assert loaded.problems == []
    assert loaded.scenario is not None
    expected = (Step(0, 28800, 30600, 20.0), Step(0, 30600, 32400, 36.0))  # per hour, twice the mean
    assert loaded.scenario.streams["calls"].arrivals.steps == expected
    assert [note for note in loaded.notes if "comma-separated" in note]


def test_row_errors_name_the_csv_file_and_others_the_scenario(write: Write, tmp_path: Path) -> None:
    csv = write([*ISO, "2026-03-16 08:00,-3"])
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO)
    told = open_scenario(path).problems
    assert [(p.file, p.line, p.path) for p in told] == [(str(csv), 6, "streams.calls.arrivals.history")]
    path.write_text(SCENARIO.replace("{csv: h.csv}", "{csv: i.csv}"))
    told = open_scenario(path).problems
    assert [(p.file, p.line, p.path) for p in told] == [(str(path), 8, "streams.calls.arrivals.history.csv")]


def test_a_mapping_finds_its_history_in_the_folder_given(write: Write, tmp_path: Path) -> None:
    write(ISO)
    raw: dict[str, object] = {
        "careloop": 1,
        "name": "x",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {
            "s": {"queue": "q", "arrivals": {"history": "h.csv"}, "handle_time": {"exponential": "1 min"}}
        },
        "queues": {"q": {"channel": "other"}},
        "groups": {"g": {"skills": "q", "agents": 5}},
    }
    assert len(from_dict(raw, tmp_path).streams["s"].arrivals.steps) == 2
    with pytest.raises(ScenarioError, match="there is no file"):
        from_dict(raw, tmp_path / "elsewhere")


@pytest.mark.skipif(not REAL.exists(), reason="the bank's counts are not here (they are not ours to copy)")
def test_a_real_history() -> None:
    history: History = read_history(REAL)
    assert history.step_s == 300
    assert {weekday for weekday, _ in history.means} == {0, 1, 2, 3, 4}
    assert {start for _, start in history.means} == set(range(7 * 3600, 21 * 3600 + 300, 300))
    assert "read as local clock times" in " ".join(history.notes)
    assert history.means[0, 10 * 3600] > history.means[0, 20 * 3600] > 0
