"""`careloop backtest`: one period against the next; what is wrong is told, and nothing is half written."""

import contextlib
import io
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from careloop.cli import INTERRUPTED, run_command
from reports.backtest_shown import MEASURES
from tests.careloop.conftest import Ended, start
from tests.careloop.exports import contacts, export
from tests.careloop.test_calibrate import CANONICAL, HOSTILE, left
from tests.careloop.test_harmless import cells_of, harmless, runs_nothing, steers

Here = Callable[..., Ended]
TRAIN: Final = ("--train", "2026-01-05..2026-02-01")
TEST: Final = ("--test", "2026-02-02..2026-02-08")
QUICK: Final = (*TRAIN, *TEST, "--replications", "20")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `--json` prints of the usual export, with two workers."""
    out, path = io.StringIO(), export(tmp_path_factory.mktemp("usual"))
    command = ("backtest", path, *CANONICAL, *QUICK, "--json", "--workers", "2")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
        code = run_command([str(each) for each in command])
    assert code == 0, err.getvalue()
    return out.getvalue()


def score(told: dict[str, Any], stream: str, measure: str, mode: int = 0) -> dict[str, Any]:
    (found,) = [
        each
        for each in told["modes"][mode]["scores"]
        if (each["stream"], each["measure"]) == (stream, measure)
    ]
    return dict(found)


def test_json_is_one_object_with_what_happened(said: str) -> None:
    """What happened in the last week is what a loop over its rows counts."""
    rows, told = contacts(), json.loads(said)
    assert [mode["name"] for mode in told["modes"]] == ["volume as forecast", "volume as it came"]
    assert (told["train"], told["test"]) == ("2026-01-05 to 2026-02-01", "2026-02-02 to 2026-02-08")
    assert (told["threshold"], told["service_level"]) == ("20 s", "offered")
    week = [row for row in rows if row["arrived_at"] >= "2026-02-02"]
    for stream in ("all", "sales", "service"):
        own = [row for row in week if stream in ("all", row["queue"])]
        lost = sum(row["outcome"] == "abandoned" for row in own) / len(own)
        assert score(told, stream, "abandonment")["actual"] == pytest.approx(lost)
        assert score(told, stream, "offered")["actual"] == pytest.approx(len(own) / 5)
        assert score(told, stream, "offered")["days"] == 5
    assert set(score(told, "all", "asa")["errors_of"]) == {"last week repeated", "Erlang A", "Erlang C"}
    before = [row for row in rows if "2026-01-26" <= row["arrived_at"] < "2026-02-02"]
    days = range(2, 7)
    sales = [
        [sum(row["queue"] == "sales" and row["arrived_at"][8:10] == f"{at:02}" for row in part) for at in its]
        for part, its in ((week, days), (before, range(26, 31)))
    ]
    off = sum(abs(a - b) for a, b in zip(*sales, strict=True)) / 5
    assert score(told, "sales", "offered")["errors_of"]["last week repeated"] == pytest.approx(off)


def test_who_was_at_work_is_found_again(said: str) -> None:
    """Four agents who work without a pause: a simulation with the contacts that came is as busy as they."""
    occupancy = score(json.loads(said), "all", "occupancy", 1)
    assert occupancy["simulated"] == pytest.approx(occupancy["actual"], abs=0.06)


def test_a_folder_and_the_card(here: Here, tmp_path: Path, small_pictures: None) -> None:
    path, out = export(tmp_path), tmp_path / "report"
    ended = here("backtest", path, *CANONICAL, *QUICK, "--out", out, "--png", "--within", "1 min")
    assert ended.code == 0, ended.err
    assert "Back-test on 2026-02-02 to 2026-02-08" in ended.out
    assert f"Report: {out / 'report.html'}" in ended.out
    for _, (words, _) in MEASURES.items():
        assert f"\n{words}" in ended.out
    page = (out / "report.html").read_text(encoding="utf-8")
    harmless(page)
    assert "1 min" in page.replace("\xa0", " ").replace("&nbsp;", " ")
    again = here("backtest", path, *CANONICAL, *QUICK, "--out", out, "--within", "1 min")
    assert again.out == ended.out


@pytest.mark.verify
def test_workers_change_nothing(here: Here, tmp_path: Path, said: str) -> None:
    path = export(tmp_path)
    one = here("backtest", path, *CANONICAL, *QUICK, "--json", "--workers", "1").out
    assert one == said
    other = here("backtest", path, *CANONICAL, *QUICK, "--json", "--seed", "0").out
    assert "with seed 0" in other
    assert other != one


@pytest.mark.parametrize(
    "kind", ["script", *(pytest.param(each, marks=pytest.mark.verify) for each in ("new line", "reserved"))]
)
def test_text_of_an_export_is_text(here: Here, tmp_path: Path, kind: str) -> None:
    path, out = export(tmp_path, contacts(names=HOSTILE[kind]), "<b>=x.csv"), tmp_path / "report"
    ended = here("backtest", path, *CANONICAL, *QUICK, "--out", out)
    assert ended.code == 0, ended.err
    assert not steers(ended.out + ended.err)
    harmless((out / "report.html").read_text(encoding="utf-8"))
    for each in out.rglob("*.csv"):
        assert all(map(runs_nothing, cells_of(each)))
    told = json.loads(here("backtest", path, *CANONICAL, *QUICK, "--json").out)
    streams = [each["stream"] for each in told["modes"][0]["scores"] if each["measure"] == "offered"]
    assert len(streams) == len(set(streams)) == 3
    whole = score(told, "all", "offered")["simulated"]
    assert whole == pytest.approx(
        sum(score(told, name, "offered")["simulated"] for name in streams if name != "all")
    )


def test_all_wrong_options_are_told_together(here: Here, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    ended = here(
        "backtest", export(tmp_path, contacts(1)), "--format", "vannad", "--by", "colour", "--time-zone",
        "Mars", "--holidays", "XX", "--train", "2026-02", "--test", "2026-01", "--within", "soon",
        "--replications", "3", "--seed", "-1", "--workers", "0", "--out", tmp_path / "full",
    )  # fmt: skip
    assert (ended.code, ended.out) == (2, "")
    for name in ("format", "by", "time-zone", "holidays", "test", "within", "replications", "seed", "workers",
                 "out"):  # fmt: skip
        assert f"error: --{name}: " in ended.err, name
    assert left(tmp_path / "full") == ["mine.txt"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((*TRAIN, "--test", "2026-02-01..2026-02-08"), "must begin after the end of --train"),
        ((*TRAIN, "--test", "2027-01"), "--test: the export has nothing from 2027-01-01 to 2027-01-31"),
        (("--train", "2025-01", *TEST), "--train: the export has nothing from 2025-01-01"),
        ((*TRAIN, *TEST, "--replications", ""), "--replications: '' is not a whole number"),
        ((*TRAIN, *TEST, "--replications", "19"), "at least 20"),
        ((*TRAIN, *TEST, "--seed", "x"), "--seed: 'x' is not a whole number"),
        ((*TRAIN, *TEST, "--within", "20"), "--within: "),
        ((*TRAIN, "--test", "x"), "--test: 'x' is no day or month"),
        (TRAIN, "--test"),
    ],
)
def test_one_wrong_option(here: Here, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    ended = here("backtest", export(tmp_path), *CANONICAL, *options)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_without_agents_there_is_no_back_test(here: Here, tmp_path: Path) -> None:
    ended = here(
        "backtest", export(tmp_path, [{**row, "agent_id": ""} for row in contacts()]), *CANONICAL, *QUICK
    )
    assert (ended.code, ended.out) == (2, "")
    assert "needs to know who was at work" in ended.err


def test_a_stream_that_nobody_takes_in_the_test(here: Here, tmp_path: Path) -> None:
    """Service is given up: its callers are lost, the others are compared all the same."""
    rows = [
        {**row, "agent_id": "", "answered_at": "", "outcome": "abandoned"}
        if row["queue"] == "service" and row["arrived_at"] >= "2026-02-02"
        else row
        for row in contacts()
    ]
    ended = here("backtest", export(tmp_path, rows), *CANONICAL, *QUICK, "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert score(told, "sales", "abandonment")["days"] == 5


@pytest.mark.verify
def test_a_queue_that_is_new_in_the_test(here: Here, tmp_path: Path) -> None:
    rows = [
        {**row, "queue": "brand new"} if i % 9 == 0 and row["arrived_at"] >= "2026-02-02" else row
        for i, row in enumerate(contacts())
    ]
    ended = here("backtest", export(tmp_path, rows), *CANONICAL, *QUICK, "--json")
    assert ended.code == 0, ended.err
    assert score(json.loads(ended.out), "all", "offered")["actual"] == pytest.approx(80.0)


@pytest.mark.verify
def test_a_week_of_the_test_without_anybody(here: Here, tmp_path: Path) -> None:
    """Three weeks of test, of which the second is empty."""
    rows = [row for row in contacts(weeks=7) if not "2026-02-09" <= row["arrived_at"] < "2026-02-16"]
    ended = here(
        "backtest", export(tmp_path, rows), *CANONICAL, *TRAIN, "--test", "2026-02-02..2026-02-22",
        "--replications", "20", "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert score(json.loads(ended.out), "all", "offered")["days"] == 10


def test_one_stream_one_agent_and_no_week_before(here: Here, tmp_path: Path) -> None:
    """The test does not follow the training at once, and nobody knows the week before it."""
    rows = [
        {**row, "queue": "q", "agent_id": row["agent_id"] and "a"}
        for row in contacts(weeks=7)
        if not "2026-02-02" <= row["arrived_at"] < "2026-02-16"
    ]
    ended = here(
        "backtest", export(tmp_path, rows), *CANONICAL, *TRAIN, "--test", "2026-02-16..2026-02-22",
        "--replications", "20", "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert {each["stream"] for each in told["modes"][0]["scores"]} == {"all"}
    assert score(told, "all", "asa")["errors_of"]["last week repeated"] is None


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    process = start(
        "backtest", export(tmp_path), *CANONICAL, *TRAIN, *TEST, "--replications", "100000", "--out",
        tmp_path / "report",
    )  # fmt: skip
    time.sleep(9)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED, err
    assert "Traceback" not in err
    assert not out
    assert left(tmp_path) == ["export.csv"]


def test_rows_set_aside_are_named_and_written(here: Here, tmp_path: Path) -> None:
    rows = contacts()
    rows[4]["ended_at"] = "2026-01-01T00:00:00Z"
    out = tmp_path / "out"
    ended = here("backtest", export(tmp_path, rows), *CANONICAL, *QUICK, "--out", out)
    assert ended.code == 0, ended.err
    assert "export.csv:6: " in ended.err
    assert (out / "rejected.csv").read_text(encoding="utf-8").count("\n") == 2


def test_weekdays_that_training_lacks_are_refused(here: Here, tmp_path: Path) -> None:
    periods = ("--train", "2026-01-05..2026-01-06", "--test", "2026-01-07..2026-01-08")
    ended = here("backtest", export(tmp_path), *CANONICAL, *periods)
    assert (ended.code, ended.out) == (2, "")
    assert "--train: has no wed, thu, which --test has; give it whole weeks" in ended.err


def test_a_test_beyond_the_export_ends_with_it(here: Here, tmp_path: Path) -> None:
    periods = (*TRAIN, "--test", "2026-02-02..2026-03-31", "--replications", "20", "--json")
    ended = here("backtest", export(tmp_path), *CANONICAL, *periods)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["test"] == "2026-02-02 to 2026-02-06"
    assert "--test: the export ends on 2026-02-06" in ended.err


def test_a_file_named_twice_is_refused(here: Here, tmp_path: Path) -> None:
    one, other = export(tmp_path), export(tmp_path, name="copy.csv")
    ended = here("backtest", one, other, *CANONICAL, *QUICK)
    assert (ended.code, ended.out) == (2, "")
    assert "has the same bytes as" in ended.err


def test_a_column_by_another_name_is_told(here: Here, tmp_path: Path) -> None:
    path = export(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("severity", "severitty", 1), encoding="utf-8")
    ended = here("backtest", path, *CANONICAL, *QUICK)
    assert ended.code == 0, ended.err
    assert "export.csv: column 'severitty' is not used; perhaps 'severity' is meant" in ended.err
