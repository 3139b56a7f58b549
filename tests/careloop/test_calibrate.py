"""`careloop calibrate`: an export in, a scenario that runs and a report out; what is wrong is told, once."""

import datetime
import gzip
import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from careloop.cli import INTERRUPTED
from tests.careloop.conftest import Ended, start
from tests.careloop.exports import Row, contacts, export, text_of
from tests.careloop.test_harmless import cells_of, harmless, runs_nothing, steers

Here = Callable[..., Ended]
CANONICAL: Final = ("--format", "canonical", "--time-zone", "UTC")
TWO_WEEKS: Final = contacts(weeks=2)


def calibrated(here: Here, path: Path, *more: object) -> Ended:
    """Calibrate on an export into `scenario.yaml` beside it."""
    return here("calibrate", path, *CANONICAL, "--out", path.parent / "scenario.yaml", *more)


def plain(text: str) -> dict[str, Any]:
    """YAML text as plain data, as another program reads it."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found


def left(folder: Path) -> list[str]:
    """The files in a folder, hidden ones too."""
    return sorted(each.name for each in folder.iterdir())


def test_from_an_export_to_a_run(here: Here, tmp_path: Path, small_pictures: None) -> None:
    path, report = export(tmp_path), tmp_path / "report"
    ended = calibrated(here, path, "--report", report, "--png")
    assert ended.code == 0, ended.err
    scenario = tmp_path / "scenario.yaml"
    assert f"{scenario}: 2,250 contacts of 2026-01-05 to 2026-02-06, 2 streams" in ended.out
    assert f"The report is {report / 'report.html'}" in ended.out
    assert here("check", scenario).out.endswith("no errors, no warnings\n")
    run = here("run", scenario, "--replications", "2", "--json")
    assert run.code == 0
    assert json.loads(run.out)["scenario"] == "Calibrated on 2026-01-05 to 2026-02-06"
    page = (report / "report.html").read_text(encoding="utf-8")
    harmless(page)
    for words in ("Streams", "Severities, as tagged", "Who came again", "Agents seen at work", "Patience"):
        assert words in page
    assert any(each.suffix == ".png" for each in (report / "charts").iterdir())
    told = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert (told["scenario"], told["source"]["rows_read"]) == ("scenario.yaml", 2250)


def test_what_the_scenario_says_is_what_the_centre_was(here: Here, tmp_path: Path) -> None:
    """90 contacts a weekday, 70 % of them sales; four agents; contacts of 8 min and e^(0.7²/2)."""
    assert calibrated(here, export(tmp_path)).code == 0
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    data = plain(text)
    a_day = {
        name: sum(
            map(sum, (day for day in stream["arrivals"]["by_interval"].values() if isinstance(day, list)))
        )
        / 5
        for name, stream in data["streams"].items()
    }
    assert sum(a_day.values()) == pytest.approx(90, rel=0.06)
    assert a_day["sales"] / sum(a_day.values()) == pytest.approx(0.7, abs=0.04)
    agents = data["groups"]["team"]["agents"]
    assert data["groups"]["team"]["skills"] == [["sales", "service"]]
    for day in ("mon", "tue", "wed", "thu", "fri"):
        assert max(agents[day]) == 4
    assert not {"sat", "sun"} & set(agents)
    assert data["calendar"]["start"] == "2026-02-09"
    for words in ("95 %", "n = ", "ASSUMED", "2026-01-05 to 2026-02-06", "export.csv"):
        assert words in text


def test_the_same_bytes_again_and_pseudonyms(here: Here, tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("one", "other"))
    for folder in (one, other):
        folder.mkdir()
        assert calibrated(here, export(folder), "--report", folder / "report").code == 0
    for name in ("scenario.yaml", "report/report.html"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_compressed_and_in_parts(here: Here, tmp_path: Path) -> None:
    """Two files, one of them packed, are one export; the order of rows changes nothing but the names."""
    whole, half = tmp_path / "whole", len(TWO_WEEKS) // 2
    whole.mkdir()
    assert calibrated(here, export(whole, TWO_WEEKS)).code == 0
    first = tmp_path / "a.csv.gz"
    first.write_bytes(gzip.compress(text_of(TWO_WEEKS[:half]).encode()))
    second = export(tmp_path, TWO_WEEKS[half:], "b.csv")
    out = tmp_path / "parts.yaml"
    assert here("calibrate", second, first, *CANONICAL, "--out", out).code == 0
    data, again = (plain(each.read_text()) for each in (whole / "scenario.yaml", out))
    assert {**data, "description": ""} == {**again, "description": ""}


def test_told_apart_by_severity_over_a_period(here: Here, tmp_path: Path) -> None:
    ended = calibrated(
        here, export(tmp_path, TWO_WEEKS), "--by", "severity", "--period", "2026-01-05..2026-01-11"
    )
    assert ended.code == 0
    assert "450 contacts of 2026-01-05 to 2026-01-09, 2 streams" in ended.out
    assert set(plain((tmp_path / "scenario.yaml").read_text())["streams"]) == {"low", "high"}


def test_chats_without_agents_or_ends(here: Here, tmp_path: Path) -> None:
    """What no export tells is ASSUMED, and said to be."""
    bare = ({**row, "agent_id": "", "answered_at": "", "ended_at": "", "channel": "chat", "outcome": "open",
             "queued": ""} for row in TWO_WEEKS)  # fmt: skip
    path = export(tmp_path, list(bare))
    assert calibrated(here, path, "--report", tmp_path / "report").code == 0
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    assert "ASSUMED: the export has no handle times" in text
    assert "ASSUMED: the export shows nobody at work" in text
    assert "channel: chat" in text
    assert here("check", tmp_path / "scenario.yaml").code == 0
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Handle times of sales: the export has none." in page


def test_a_queue_that_all_only_help_out_with(here: Here, tmp_path: Path) -> None:
    """2 % of the contacts, taken by everybody now and then, or by nobody whose name is known."""
    for known in (True, False):
        rows = [{**row, "queue": "tiny"} if i % 50 == 0 else row for i, row in enumerate(TWO_WEEKS)]
        rows = [row if known or row["queue"] != "tiny" else {**row, "agent_id": ""} for row in rows]
        folder = tmp_path / str(known)
        folder.mkdir()
        ended = calibrated(here, export(folder, rows))
        assert ended.code == 0, ended.err
        groups = plain((folder / "scenario.yaml").read_text(encoding="utf-8"))["groups"]
        assert any("tiny" in str(group["skills"]) for group in groups.values())
        assert ("team tiny" in groups) is not known


def test_short_fridays(here: Here, tmp_path: Path) -> None:
    """Fridays with half of the handle time are found; the scenario and the page say so."""
    rows = [_halved(row) if row["answered_at"] and _is_friday(row) else row for row in contacts(weeks=8)]
    assert calibrated(here, export(tmp_path, rows), "--report", tmp_path / "report").code == 0
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    for stream in plain(text)["streams"].values():
        factors = stream["handle_time_by_weekday"]
        assert factors["fri"] / factors["mon"] == pytest.approx(0.5, abs=0.12)
    assert "Handle times by weekday" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def _is_friday(row: Row) -> bool:
    return datetime.datetime.fromisoformat(row["arrived_at"]).weekday() == 4


def _halved(row: Row) -> Row:
    start, end = (datetime.datetime.fromisoformat(row[name]) for name in ("answered_at", "ended_at"))
    return {**row, "ended_at": (start + (end - start) / 2).isoformat()}


def test_streams_by_what_no_contact_has(here: Here, tmp_path: Path) -> None:
    ended = calibrated(here, export(tmp_path, TWO_WEEKS), "--by", "queue,segment")
    assert ended.code == 2
    assert "--by: no contact has a segment; tell streams apart by what the export has" in ended.err


@pytest.mark.parametrize("rows", [1, 29, 30])
def test_a_few_contacts_are_too_few(here: Here, tmp_path: Path, rows: int) -> None:
    ended = calibrated(here, export(tmp_path, TWO_WEEKS[:rows]))
    if rows >= 30:
        assert ended.code == 0
        assert here("check", tmp_path / "scenario.yaml").code == 0
    else:
        assert ended.code == 2
        assert f"the period has {rows} contacts that wanted an agent, and a calibration takes 30" in ended.err
        assert not (tmp_path / "scenario.yaml").exists()


def test_holidays_ahead_that_nothing_tells_of(here: Here, tmp_path: Path) -> None:
    """The scenario is for four weeks from 2026-02-09; Estonia's holiday in January is before the period."""
    told = "2026-02-24 (Independence Day)"
    ended = calibrated(here, export(tmp_path), "--holidays", "EE", "--report", tmp_path / "report")
    assert ended.code == 0
    assert f"so they are usual days: {told}" in ended.err
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    assert told in " ".join(text.replace("#", " ").split())
    assert "special_days" not in str(plain(text))
    assert "2026-02-24" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_holidays_ahead_are_as_past_ones(here: Here, tmp_path: Path) -> None:
    """Martin Luther King's day, 2026-01-19, had a third of the contacts."""
    rows = contacts(weeks=5)
    few = [row for i, row in enumerate(rows) if not row["arrived_at"].startswith("2026-01-19") or i % 3 == 0]
    assert calibrated(here, export(tmp_path, few), "--holidays", "US").code == 0
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    for stream in plain(text)["streams"].values():
        factor = stream["arrivals"]["special_days"]
        assert {str(day): value for day, value in factor.items()} == {
            "2026-02-16": pytest.approx(1 / 3, abs=0.12)
        }
    assert "2026-02-16 is Washington's Birthday: 0." in text


def test_all_wrong_options_are_told_together(here: Here, tmp_path: Path) -> None:
    path = export(tmp_path, TWO_WEEKS)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    ended = here(
        "calibrate", path, tmp_path / "gone.csv", "--format", "canonicle", "--by", "queue,colour",
        "--time-zone", "Mars/Olympus", "--holidays", "XX", "--period", "yesterday", "--keep-names", "--salt",
        "x", "--out", tmp_path / "full", "--report", tmp_path / "full",
    )  # fmt: skip
    assert (ended.code, ended.out) == (2, "")
    for words in (
        "--format: 'canonicle' is not known; did you mean",
        "--by: 'colour' is not known",
        "--time-zone: there is no time zone 'Mars/Olympus'",
        "--holidays: 'XX' is not a country's code",
        "--period: 'yesterday' is no day or month",
        "--salt:",
        "gone.csv: there is no such file",
        "--out: ",
        "--report: ",
    ):
        assert words in ended.err, words
    assert all(line.startswith("error: ") for line in ended.err.splitlines())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--period", "2026-02..2026-01"), "ends before it begins"),
        (("--period", "2030-01"), "has no row from 2030-01-01 to 2030-01-31"),
        (("--by", ","), "--by: names nothing"),
        (("--time-zone", "/etc/passwd"), "there is no time zone"),
        (("--time-zone", ""), "there is no time zone"),
        (("--holidays", ""), "is not a country's code"),
        (("--format", "interval"), "is not known; did you mean 'intervals'"),
        (("--colour", "red"), "No such option"),
    ],
)
def test_one_wrong_option(here: Here, tmp_path: Path, options: tuple[str, str], words: str) -> None:
    ended = calibrated(here, export(tmp_path, TWO_WEEKS), *options)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert left(tmp_path) == ["export.csv"]


def test_what_is_there_is_kept(here: Here, tmp_path: Path) -> None:
    path, out = export(tmp_path, TWO_WEEKS), tmp_path / "scenario.yaml"
    out.write_text("mine")
    ended = calibrated(here, path, "--report", tmp_path / "report")
    assert ended.code == 2
    assert f"--out: {out} exists" in ended.err
    assert (out.read_text(), left(tmp_path)) == ("mine", ["export.csv", "scenario.yaml"])
    assert calibrated(here, path, "--force").code == 0
    assert out.read_text().startswith("# Calibrated by careloop")
    assert left(tmp_path) == ["export.csv", "scenario.yaml"]


def test_the_export_is_never_replaced(here: Here, tmp_path: Path) -> None:
    path = export(tmp_path, TWO_WEEKS)
    ended = here("calibrate", path, *CANONICAL, "--out", path, "--force")
    assert ended.code == 2
    assert "is the export itself" in ended.err
    assert path.read_text() == text_of(TWO_WEEKS)


def test_a_broken_export_leaves_the_old_scenario(here: Here, tmp_path: Path) -> None:
    path, out = tmp_path / "export.csv", tmp_path / "scenario.yaml"
    path.write_bytes(b"\x00\x01")
    out.write_text("mine")
    assert calibrated(here, path, "--force", "--report", tmp_path / "report").code == 2
    assert (out.read_text(), left(tmp_path)) == ("mine", ["export.csv", "scenario.yaml"])


def test_a_report_replaces_only_a_report(here: Here, tmp_path: Path) -> None:
    path, report = export(tmp_path, TWO_WEEKS), tmp_path / "report"
    assert calibrated(here, path, "--report", report).code == 0
    assert calibrated(here, path, "--report", report, "--force").code == 0
    (report / "mine.txt").write_text("mine")
    ended = calibrated(here, path, "--report", report, "--force")
    assert ended.code == 2
    assert "--report: " in ended.err
    assert (report / "mine.txt").read_text() == "mine"


def test_folders_that_cannot_be_written(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(tmp_path, TWO_WEEKS)
    ended = here("calibrate", path, *CANONICAL, "--out", tmp_path / "nowhere" / "s.yaml")
    assert ended.code == 2
    assert "there is no folder" in ended.err
    # Whoever is root may write anywhere.
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    ended = calibrated(here, path, "--report", tmp_path / "report")
    assert ended.code == 2
    assert "--out: nothing may be written in" in ended.err
    assert "--report: " in ended.err
    assert left(tmp_path) == ["export.csv"]


def test_a_disk_that_is_full(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = export(tmp_path, TWO_WEEKS)
    monkeypatch.setattr(os, "replace", full)
    ended = calibrated(here, path)
    assert ended.code == 2
    assert "No space left on device" in ended.err
    assert left(tmp_path) == ["export.csv"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    path = export(tmp_path, contacts(weeks=200))
    process = start("calibrate", path, *CANONICAL, "--out", tmp_path / "s.yaml", "--report", tmp_path / "r")
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED, err
    assert "Traceback" not in err
    assert "Interrupted." in err
    assert not out
    assert left(tmp_path) == ["export.csv"]


@pytest.mark.parametrize("message", ["Query interrupted", "INTERRUPT Error: Interrupted!"])
def test_what_the_database_makes_of_ctrl_c(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError(message)

    monkeypatch.setattr("calibration.observed.observe", interrupted)
    ended = calibrated(here, export(tmp_path, TWO_WEEKS))
    assert (ended.code, ended.out, ended.err.splitlines()[-1]) == (INTERRUPTED, "", "Interrupted.")
    assert left(tmp_path) == ["export.csv"]


FORMULA: Final = '=HYPERLINK("http://x")'
SCRIPT: Final = "<script>alert(1)</script>"
HOSTILE: Final[dict[str, dict[str, dict[str, str]]]] = {
    "formula": {"queue": {"sales": FORMULA, "service": "@SUM(A1)"}, "cause": {"bill": "+1", "fault": "-2+3"}},
    "script": {"queue": {"sales": SCRIPT, "service": '"><img src=x onerror=1>'}, "cause": {"bill": SCRIPT}},
    "new line": {
        "queue": {"sales": "a\nstreams: {evil: {}}", "service": "b\r\ngroups:\n  evil: {}"},
        "cause": {"bill": "x\n\nrun:\n  seed: 666", "fault": "y\u2028run: {seed: 666}\x85z"},
        "severity": {"low": "- a\n- b", "high": "\n\n"},
    },
    "yaml": {
        "queue": {"sales": "a: b # c", "service": "- {x: [1"},
        "cause": {"bill": "--- !!python/object:os.system", "fault": "*alias", "other things": "&anchor"},
        "severity": {"low": "null", "high": "..."},
    },
    "long": {"queue": {"sales": "q" * 200, "service": "q" * 199 + "z"}, "cause": {"bill": "w " * 100}},
    "emoji": {"queue": {"sales": "😀", "service": "🙂"}, "cause": {"bill": "🎉 Ünïcode ﷽"}},
    "quotes": {
        "queue": {"sales": "it's", "service": 'say "a"'},
        "cause": {"bill": "`$(id)`", "fault": "%s{0}"},
    },
    "steering": {
        "queue": {"sales": "a\u202eb", "service": "a\x1b[31mb"},
        "cause": {"bill": "\x07", "fault": "\x9b"},
    },
    "reserved": {"queue": {"sales": "all", "service": "ALL"}, "cause": {"bill": "other", "fault": "untold"}},
}
QUICK: Final = ("script", "reserved")  # of them, those of `make test`


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        *(pytest.param(kind, "queue", marks=() if kind in QUICK else pytest.mark.verify) for kind in HOSTILE),
        ("new line", "queue,cause"),
    ],
)
def test_text_of_an_export_is_text(here: Here, tmp_path: Path, kind: str, by: str) -> None:
    path = export(tmp_path, contacts(2, HOSTILE[kind]), "=x<b> # a.csv")
    report = tmp_path / "report"
    ended = calibrated(here, path, "--by", by, "--report", report, "--keep-names")
    assert ended.code == 0, ended.err
    assert not steers(ended.out + ended.err)
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    assert not steers(text)
    data = plain(text)
    assert list(data) == ["careloop", "name", "description", "service_level", "calendar", "streams", "queues",
                          "groups", "uncertainty", "run"]  # fmt: skip
    assert data["run"]["seed"] == 1
    assert set(data["streams"]) == set(data["queues"])
    assert len(data["streams"]) == (2 if by == "queue" else 6)
    for name in (*data["streams"], *data["groups"]):
        assert re.fullmatch(r"[A-Za-z0-9_ -]{1,60}", name)
    assert here("check", tmp_path / "scenario.yaml").code == 0
    harmless((report / "report.html").read_text(encoding="utf-8"))
    for each in report.rglob("*.csv"):
        assert all(map(runs_nothing, cells_of(each)))
    json.loads((report / "manifest.json").read_text(encoding="utf-8"))


def test_names_of_files_cannot_break_out(here: Here, tmp_path: Path) -> None:
    path = export(tmp_path, TWO_WEEKS, "a\nrun: {seed: 666}\n\x1b[31m\u202e.csv")
    assert calibrated(here, path, "--report", tmp_path / "report").code == 0
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    assert not steers(text)
    assert plain(text)["run"]["seed"] == 1
    assert here("check", tmp_path / "scenario.yaml").code == 0


def changed(rows: list[Row], column: str, words: Callable[[int, str], str]) -> list[Row]:
    return [{**row, column: words(i, row[column])} for i, row in enumerate(rows)]


def _shifted(text: str, seconds: float) -> str:
    if not text:
        return ""
    return f"{datetime.datetime.fromisoformat(text) + datetime.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def _us(text: str) -> str:
    """07/31/2026 09:00:00 of an ISO time."""
    return f"{text[5:7]}/{text[8:10]}/{text[:4]} {text[11:19]}" if text else ""


def spoilt(column: str, words: Callable[[int, str], str]) -> Callable[[list[Row]], bytes]:
    """The export with other words in a column."""
    return lambda rows: text_of(changed(rows, column, words)).encode()


def some(other: Callable[[str], str]) -> Callable[[int, str], str]:
    """In every fifth row, from line 4 on."""
    return lambda i, was: other(was) if i % 5 == 2 else was


VANAD: Final = b"date_received,queue_name,agent_number,answered,consult,transfer,hangup\n2014-01-02,a,1,,,,\n"
BAD: Final[dict[str, tuple[Callable[[list[Row]], bytes], str, str]]] = {
    "another encoding": (
        lambda rows: text_of(changed(rows, "queue", some(lambda _: "Zürich"))).encode("cp1252"),
        ":4: error: is not UTF-8 text",
        "Windows-1252",
    ),
    "truncated": (lambda rows: gzip.compress(text_of(rows).encode())[:-200], "error: ", "cut off"),
    "empty": (lambda _: b"", "is empty", "export it again"),
    "mixed dates": (spoilt("arrived_at", some(_us)), ":4: error: ", "arrived_at"),
    "negative": (spoilt("ended_at", some(lambda was: _shifted(was, -90_000))), ":4: error: ", "before"),
    "absurd": (spoilt("ended_at", some(lambda was: _shifted(was, 90_000))), ":4: error: ", "day"),
    "twice": (spoilt("contact_id", lambda i, _: f"c{i // 2}"), ":3: error: ", "contact_id"),
    "no time zone": (spoilt("arrived_at", lambda _, was: was.rstrip("Z")), "error: ", "time.zone"),
    "renamed": (
        lambda rows: text_of(rows).replace("arrived_at", "arived_at", 1).encode(),
        ":1: error: ",
        "arived_at",
    ),
    "another vendor": (lambda _: VANAD, ":1: error: ", "vanad"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_exports_are_told_with_rows_and_causes(here: Here, tmp_path: Path, kind: str) -> None:
    make, row, cause = BAD[kind]
    path, out = tmp_path / "export.csv", tmp_path / "scenario.yaml"
    path.write_bytes(make(TWO_WEEKS))
    zone = () if kind == "no time zone" else ("--time-zone", "UTC")
    ended = here(
        "calibrate", path, "--format", "canonical", *zone, "--out", out, "--report", tmp_path / "report"
    )
    assert (ended.code, ended.out) == (2, ""), ended.out
    assert "Traceback" not in ended.err
    assert re.search(row, ended.err), ended.err
    assert re.search(cause, ended.err), ended.err
    assert len(ended.err.splitlines()) <= 7
    assert left(tmp_path) == ["export.csv"]


@pytest.mark.parametrize(("factor", "cause"), [(1000.0, "milliseconds"), (1 / 86_400, "fractions of a day")])
def test_durations_in_another_unit(here: Here, tmp_path: Path, factor: float, cause: str) -> None:
    rows = [f"q,2026-01-05T08:{i // 60:02}:{i % 60:02}Z,{(200 + i) * factor},handled" for i in range(300)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join(["queue,arrived_at,handle_s,outcome", *rows]) + "\n")
    ended = calibrated(here, path)
    assert (ended.code, ended.out) == (2, "")
    assert cause in ended.err
    assert left(tmp_path) == ["export.csv"]


def test_rows_that_are_set_aside_are_in_a_file(here: Here, tmp_path: Path) -> None:
    """A few bad rows of many: the rest is used, and the file says which are not."""
    rows = changed(TWO_WEEKS, "arrived_at", lambda i, was: "soon" if i in (7, 70) else was)
    ended = calibrated(here, export(tmp_path, rows), "--report", tmp_path / "report")
    assert ended.code == 0, ended.err
    text = (tmp_path / "report" / "rejected.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 3
    assert ",9," in text
    assert ",72," in text
    assert "898 contacts" in ended.out
    assert ", 2 set aside" in (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
