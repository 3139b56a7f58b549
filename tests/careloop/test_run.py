"""`careloop run` from the file to the folder: what is printed where, and the same bytes every time."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import careloop
from careloop.commands import app
from tests.careloop.conftest import DAY, Ended, outside, start

Here = Callable[..., Ended]
FILES = {
    "intervals.parquet",
    "manifest.json",
    "measures.parquet",
    "replications.parquet",
    "report.html",
    "scenario.yaml",
    "targets.parquet",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "manifest.json"}


def test_the_scorecard_goes_to_stdout(here: Here, day: Path, tmp_path: Path) -> None:
    ended = here("run", day, "--out", tmp_path / "run")
    assert ended.code == 0
    assert ended.out.startswith("A quick day\nThe target is")
    for part in (
        "Offered",
        "Abandonment",
        "Service level",
        "80 % in 20 s",
        "Speed of answer",
        "Occupancy",
        "$",
    ):
        assert part in ended.out
    assert "answered within T, of answered and abandoned (strict)" in ended.out
    assert "3 replications; ± is half of a 95 % interval" in ended.out
    assert f"Report: {tmp_path / 'run' / 'report.html'}" in ended.out
    assert {each.name for each in (tmp_path / "run").iterdir()} == FILES


def test_json_is_all_there_is_on_stdout(here: Here, day: Path, tmp_path: Path) -> None:
    ended = here("run", day, "--json", "--out", tmp_path / "run")
    assert ended.code == 0
    whole = json.loads(ended.out)
    assert list(whole) == ["scenario", "seed", "replications", "engine", "version", "measures", "targets"]
    assert (whole["scenario"], whole["seed"], whole["replications"]) == ("A quick day", 7, 3)
    levels = [m for m in whole["measures"] if m["measure"] == "service_level" and m["scope"] == "queue"]
    assert levels[0]["interval"] is None
    assert 0 <= levels[0]["low"] < levels[0]["mean"] < levels[0]["high"] <= 1


def test_options_replace_the_scenarios_own(here: Here, day: Path, tmp_path: Path) -> None:
    ended = here("run", day, "--replications", "2", "--seed", "11", "--json", "--out", tmp_path / "run")
    whole = json.loads(ended.out)
    assert (whole["seed"], whole["replications"]) == (11, 2)
    again = json.loads(here("run", tmp_path / "run" / "scenario.yaml", "--json").out)
    assert again == whole


def test_one_replication_has_no_interval(here: Here, day: Path) -> None:
    assert "1 replication, hence no interval" in here("run", day, "--replications", "1").out
    whole = json.loads(here("run", day, "--replications", "1", "--json").out)
    assert {row["low"] for row in whole["measures"]} == {None}


def test_replications_auto(here: Here, day: Path) -> None:
    day.write_text(DAY + "\n", encoding="utf-8")
    text = DAY.replace("replications: 3", "replications: auto, half_width: 20 points, max_replications: 40")
    day.write_text(text, encoding="utf-8")
    assert json.loads(here("run", day, "--json").out)["replications"] == 30


def test_the_same_bytes_whatever_the_workers(here: Here, day: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        arguments = ("--workers", workers, "--csv", "--contacts", "--out", tmp_path / str(workers))
        assert here("run", day, *arguments).code == 0
    one, three = contents(tmp_path / "1"), contents(tmp_path / "3")
    assert set(one) == (FILES - {"manifest.json"}) | {
        "contacts.parquet",
        "measures.csv",
        "intervals.csv",
        "targets.csv",
    }
    assert one == three


def test_the_same_pictures_whatever_the_workers(here: Here, day: Path, tmp_path: Path) -> None:
    for workers in (1, 3):
        assert here("run", day, "--workers", workers, "--png", "--out", tmp_path / str(workers)).code == 0
    one, three = (contents(tmp_path / str(workers) / "charts") for workers in (1, 3))
    assert len(one) == 6, "load, service level, waiting and contacts; load and occupancy"
    assert one == three


def test_both_engines_find_the_same(here: Here, day: Path) -> None:
    fast, reference = (
        json.loads(here("run", day, "--engine", engine, "--json").out) for engine in ("fast", "reference")
    )
    assert fast.pop("engine") == "fast"
    assert reference.pop("engine") == "reference"
    assert fast == reference


def test_tables_agree(here: Here, day: Path, tmp_path: Path) -> None:
    whole = json.loads(here("run", day, "--json", "--csv", "--contacts", "--out", tmp_path / "run").out)
    measures = pd.read_parquet(tmp_path / "run" / "measures.parquet")
    with (tmp_path / "run" / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    in_json = [row["mean"] for row in whole["measures"] if row["interval"] is None]
    assert in_json == measures["mean"].tolist() == [float(row["mean"]) for row in rows]
    contacts = pd.read_parquet(tmp_path / "run" / "contacts.parquet")
    handled = measures.query("measure == 'handled' and scope == 'all'")["mean"].item()
    assert math.isclose((contacts["outcome"] == "handled").sum() / 3, handled)


def test_warnings_do_not_stop_a_run(here: Here, day: Path) -> None:
    day.write_text(DAY.replace(", patience: {exponential: 4 min}", ""), encoding="utf-8")
    ended = here("run", day, "--json")
    assert ended.code == 0
    assert f"{day}:6: warning: " in ended.err
    json.loads(ended.out)


def test_check_tells_problems_and_sums_up(here: Here, day: Path, tmp_path: Path) -> None:
    assert here("check", day) == Ended(0, f"{day}: no errors, no warnings\n", "")
    bad = tmp_path / "bad.yaml"
    bad.write_text(DAY.replace("skills: [phone]", "skills: [fone]"), encoding="utf-8")
    ended = here("check", day, bad)
    assert ended.code == 2
    assert f"{bad}:10: error: " in ended.err
    assert "did you mean 'phone'?" in ended.err
    assert ended.out.splitlines()[0] == f"{day}: no errors, no warnings"


def test_help_and_version(here: Here) -> None:
    assert here("--version") == Ended(0, f"careloop {careloop.__version__}\n", "")
    assert here("run", "--help").code == 0
    assert {command.callback.__name__ for command in app.registered_commands if command.callback} == {
        "backtest",
        "calibrate",
        "check",
        "compare",
        "erlang",
        "explain",
        "finance",
        "new",
        "plan",
        "run",
        "schema",
        "staff",
        "why",
    }


def test_a_reader_that_leaves_early_is_no_failure(day: Path) -> None:
    with start("check", day) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_terminal_without_the_characters_is_no_failure(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.careloop.conftest.ENCODING", "ascii")
    ended = outside("run", day)
    assert ended.code == 0
    assert "Service level" in ended.out


@pytest.mark.parametrize(("agents", "code"), [(1, 3), (9, 0)])
def test_a_missed_target_is_an_exit_code_where_that_is_asked_for(
    here: Here, tmp_path: Path, agents: int, code: int
) -> None:
    """The scorecard is printed and the folder written all the same."""
    file = tmp_path / "day.yaml"
    file.write_text(DAY.replace("agents: 2", f"agents: {agents}"), encoding="utf-8")
    usual = ("run", file, "--replications", 1)
    assert here(*usual).code == 0
    ended = here(*usual, "--fail-on-miss", "--out", tmp_path / "run")
    assert ended.code == code
    verdict = "missed" if code else "met"
    assert f"The target is {verdict}: phone service level" in ended.out
    assert "another seed may differ" in " ".join(ended.out.split())
    assert {each.name for each in (tmp_path / "run").iterdir()} == FILES
    ended = here(*usual, "--fail-on-miss", "--json")
    assert ended.code == code
    (target,) = json.loads(ended.out)["targets"]
    assert (target["period"], target["probability"], target["low"]) == ("week", 0.8, None)
    assert target["attained"] == (0.0 if code else 1.0)


def test_a_target_too_close_to_call_is_no_miss(here: Here, day: Path) -> None:
    """Three days that all hold may still be luck: with three, nothing is sure."""
    ended = here("run", day, "--fail-on-miss")
    assert "too close to call" in ended.out
    assert ended.code == 0


def test_a_range_is_one_table_with_a_row_for_each_value(here: Here, day: Path, tmp_path: Path) -> None:
    set_range = ("--set", "groups.team.agents=1..3", "--set", "run.seed=4")
    ended = here("run", day, *set_range, "--out", tmp_path / "all")
    assert ended.code == 0
    lines = [line.split()[0] for line in ended.out.splitlines() if line.startswith("groups.team")]
    rows = list(dict.fromkeys(lines))  # a wide table comes in parts
    assert rows == [f"groups.team.agents={n}" for n in (1, 2, 3)]
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == rows
    told = json.loads(here("run", day, *set_range, "--json").out)["runs"]
    assert [(run["with"], run["seed"]) for run in told] == [(row, 4) for row in rows]
    alone = json.loads(here("run", day, "--set", "groups.team.agents=2", "--seed", "4", "--json").out)
    assert told[1]["measures"] == alone["measures"]
    assert here("run", day, *set_range, "--fail-on-miss").code == 3
    assert here("run", day, "--set", "groups.team.agents=8..9", "--fail-on-miss").code == 0
    wrong = here("run", day, "--set", "groups.tem.agents=1..3", "--out", tmp_path / "none")
    assert wrong.code == 2
    assert not (tmp_path / "none").exists()


def test_explain_shows_where_a_value_comes_from(here: Here, day: Path) -> None:
    ended = here("explain", day, "groups.team", "--set", "groups.team.agents=4")
    assert ended.code == 0
    assert "--set groups.team.agents=4" in ended.out
    assert "# line" in ended.out
    assert "# default" in ended.out
    assert "did you mean 'team'" in here("explain", day, "groups.tem").err
    assert here("explain", day, "--set", "groups.team.agents=1..2").code == 2


# Why a formula differs


def test_the_shares_of_assumptions_are_printed_written_and_in_json(
    day: Path, here: Callable[..., Ended], tmp_path: Path
) -> None:
    day.write_text(DAY.replace("exponential: 3 min", "lognormal: {mean: 3 min, cv: 2}"), encoding="utf-8")
    ended = here("run", day, "--explain-formula", "--out", tmp_path / "run")
    assert ended.code == 0
    assert "Queue phone: because of" in ended.out
    assert "Queue phone: because of" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    rows = json.loads(here("run", day, "--explain-formula", "--json").out)["formula_shares"]
    assert {row["assumption"] for row in rows} == {"handle_time", "stationary", "gap"}
    assert "formula_shares" not in json.loads(here("run", day, "--json").out)


def test_without_a_formula_there_is_nothing_to_share(day: Path, here: Callable[..., Ended]) -> None:
    day.write_text(DAY.replace("target: 80% in 20 s, ", ""), encoding="utf-8")
    ended = here("run", day, "--explain-formula")
    assert ended.code == 0
    assert "no queue has both a formula and a target" in ended.err


def test_no_formula_is_explained_beside_cases(here: Callable[..., Ended]) -> None:
    ended = here("run", "scenarios/library/care_loop_baseline.yaml", "--explain-formula")
    assert ended.code == 2
    assert ended.err == "error: --explain-formula: no formula stands beside queues of cases\n"


def test_a_range_is_not_explained(day: Path, here: Callable[..., Ended]) -> None:
    ended = here("run", day, "--explain-formula", "--set", "groups.team.agents=2..3")
    assert ended.code == 2
    assert "--explain-formula is for one run" in ended.err
