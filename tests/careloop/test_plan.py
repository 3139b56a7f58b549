"""`careloop plan`: what it prints and writes, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jsonschema
import pandas as pd
import pytest

import careloop
from careloop.planning import USUAL, planned_as
from reports.plan_tables import plan_json
from reports.run_folder import FolderError
from tests.careloop.conftest import Ended
from tests.roadmap.planned import TEAM, roadmap, team

Here = Callable[..., Ended]

KEYS: Final = (
    *("metric", "scope", "name", "day", "direction", "target"),
    *("median", "p10", "p90", "probability", "low", "high", "status"),
)
_NUMBER: Final = {"type": ["number", "null"]}
_SHARE: Final = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
TARGET: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": list(KEYS),
    "properties": {
        **{key: {"type": "string", "minLength": 1} for key in ("metric", "scope", "name")},
        "day": {"type": "integer", "minimum": 1},
        "direction": {"enum": [">=", "<="]},
        **dict.fromkeys(("target", "median", "p10", "p90"), _NUMBER),
        **dict.fromkeys(("probability", "low", "high"), _SHARE),
        "status": {"enum": ["green", "amber", "red", "not measurable yet"]},
    },
}


def written(path: Path, raw: dict[str, Any]) -> Path:
    path.write_text(json.dumps(raw), encoding="utf-8")  # which is YAML too
    return path


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    return written(tmp_path / "plan.yaml", TEAM)


def test_targets_how_probable_they_are_and_one_line_of_verdict(planned: Path, here: Here) -> None:
    ended = here("plan", planned)
    assert (ended.code, ended.err) == (0, "")
    title, verdict, *_ = ended.out.splitlines()
    assert title == "Plan of A team with a plan"
    assert verdict.startswith("The plan is likely to meet ")
    for words in (
        "by day  status     probability  median",
        "phone service level ≥ 80 % in 20 s       7   ",
        "(−15 %)",
        "(+3 points)",
        "Without the plan",
    ):
        assert words in ended.out
    running = " ".join(ended.out.split())  # text is folded to the width of the terminal
    assert "Green from 80 % on, amber from 50 % on" in running
    assert "4 replications of the plan and as many without it" in running


def test_json_is_one_object_of_the_agreed_form(planned: Path, here: Here) -> None:
    ended = here("plan", planned, "--json", "--replications", 3, "--seed", 5)
    found = json.loads(ended.out)
    assert (ended.code, ended.out.count("\n")) == (0, 1)
    assert (found["scenario"], found["seed"], found["replications"]) == ("A team with a plan", 5, 3)
    assert (found["engine"], found["version"]) == ("fast", careloop.__version__)
    assert len(found["targets"]) == 4
    for row in found["targets"]:
        assert tuple(row) == KEYS
        jsonschema.validate(row, TARGET)
    assert [(row["metric"], row["name"], row["day"], row["direction"]) for row in found["targets"]] == [
        ("service_level", "phone", 7, ">="),
        ("avoidable_share", "all", 21, "<="),
        ("csat", "all", 21, ">="),
        ("service_level", "phone", 21, ">="),
    ]
    absolute, factor, points, _ = found["targets"]
    baselines = [row["baseline"] for row in found["baseline"]]
    assert absolute["target"] == 0.8
    assert factor["target"] == pytest.approx(baselines[1] * 0.85)
    assert points["target"] == pytest.approx(baselines[2] + 0.03)
    assert [row["n"] for row in found["baseline"]] == [3] * 4
    assert found["levers"] == []
    assert len(found["trends"]) == 3 * 2 * 3  # measures, plan and baseline, weeks


def test_what_cannot_be_measured_is_null(tmp_path: Path, here: Here) -> None:
    """Of 144 contacts on the first day, one in 10,000 is an S1."""
    rare = {"severities": {"S1": "0.01%", "S2": "99.99%"}}
    causes = {"login": rare, "billing": TEAM["causes"]["billing"]}
    calls = {"calls": {**TEAM["streams"]["calls"], **rare}}
    planned = roadmap(targets=["severity S1 time to resolution <= 1 h by day 1", "CSAT >= 1% by day 21"])
    path = written(tmp_path / "plan.yaml", {**TEAM, "causes": causes, "streams": calls, "roadmap": planned})
    row, other = json.loads(here("plan", path, "--json").out)["targets"]
    assert row["status"] == "not measurable yet"
    assert [row[key] for key in KEYS[6:12]] == [None] * 6
    assert other["status"] == "green"
    ended = here("plan", path, "--fail-on-miss")
    assert ended.code == 0
    assert "Not measurable yet: S1 time to resolution ≤ 1 h by day 1." in " ".join(ended.out.split())


def test_levers_are_told_apart(planned: Path, here: Here) -> None:
    ended = here("plan", planned, "--levers", "--replications", 2)
    assert ended.code == 0
    told = ("CSAT, days 15 to 21", "on top of the others", "macros", "copy", "the learning loop", "overlap")
    for words in told:
        assert words in ended.out
    found = json.loads(here("plan", planned, "--levers", "--replications", 2, "--json").out)["levers"]
    csat = {row["lever"]: row for row in found if row["metric"] == "csat"}
    assert [(name, row["kind"]) for name, row in csat.items()] == [
        *((name, "lever") for name in ("macros", "copy", "(the loop)")),
        *((name, "total") for name in ("sum of separate effects", "all together", "overlap")),
    ]
    alone = {name: row["alone"] for name, row in csat.items()}
    assert alone["sum of separate effects"] - alone["overlap"] == pytest.approx(alone["all together"])
    assert sum(alone[name] for name in ("macros", "copy", "(the loop)")) == pytest.approx(
        alone["sum of separate effects"]
    )


def test_the_folder_says_the_same_and_is_the_same_bytes(planned: Path, here: Here, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    asked = ("plan", planned, "--levers", "--replications", 3)
    printed = here(*asked, "--json", "--out", one, "--workers", 1)
    assert here(*asked, "--out", two, "--workers", 3).code == 0
    names = {"plan.json", "targets.csv", "baseline.csv", "trends.csv", "levers.csv", "scenario.yaml"}
    names |= {"report.html", "register.csv", "letter.md"}
    assert {each.name for each in one.iterdir()} == {*names, "replications.parquet", "manifest.json"}
    assert (one / "plan.json").read_text(encoding="utf-8") == printed.out
    for name in (*names, "replications.parquet"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    table = pd.read_csv(one / "targets.csv")
    assert tuple(table.columns) == KEYS
    assert table["probability"].tolist() == [row["probability"] for row in json.loads(printed.out)["targets"]]
    again = here("plan", one / "scenario.yaml", "--levers", "--json")  # a run's copy repeats it
    assert json.loads(again.out)["targets"] == json.loads(printed.out)["targets"]
    frame = pd.read_parquet(one / "replications.parquet")
    csat = frame[(frame["metric"] == "csat") & (frame["of"] == "plan") & (frame["first_day"] == 15)]
    assert csat["replication"].tolist() == [0, 1, 2]
    median = (csat["above"] / csat["below"]).median()
    assert table.loc[2, "median"] == pytest.approx(median)


def test_any_number_of_workers_and_python_say_the_same(planned: Path, here: Here) -> None:
    first, second = (here("plan", planned, "--json", "--workers", n).out for n in (1, 3))
    assert first == second == plan_json(careloop.plan(planned, workers=2)) + "\n"
    assert plan_json(careloop.plan(careloop.load(planned))) + "\n" == first
    assert here("plan", planned, "--json", "--seed", 4).out != first


def test_python_writes_the_folder_and_tells_levers_apart(planned: Path, tmp_path: Path) -> None:
    found = careloop.plan(planned, replications=2, seed=9, levers=True, out=tmp_path / "out")
    assert isinstance(found, careloop.PlanResult)
    assert (found.seed, found.replications, len(found.extra)) == (9, 2, 2)
    assert [part.name for part in found.contributions[0].parts] == ["macros", "copy", "(the loop)"]
    saved = (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")
    assert saved == plan_json(found) + "\n"
    with pytest.raises(FolderError, match="is the current folder"):
        careloop.plan(planned, out=".")
    with pytest.raises(ValueError, match="replications: 1 is not allowed"):
        careloop.plan(planned, replications=1)


def test_how_often_it_is_simulated() -> None:
    """As often as the file says; where that is auto, often enough for probabilities; in pairs at least."""
    for own, wanted in ((50, 50), ("auto", USUAL), (1, 2)):
        run = planned_as(team(run={"replications": own}), None, None).run
        assert run.replications == wanted
    run = planned_as(team(), 7, 8).run
    assert (run.replications, run.seed) == (7, 8)


# ways without targets by day, and what is to be added
@pytest.mark.parametrize("sections", [{"roadmap": None}, {"roadmap": {"levers": TEAM["roadmap"]["levers"]}}])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_without_targets_by_day_it_is_said_what_to_add(
    sections: dict[str, Any], options: tuple[str, ...], tmp_path: Path, here: Here
) -> None:
    raw = {name: part for name, part in {**TEAM, **sections}.items() if part is not None}
    path = written(tmp_path / "plan.yaml", raw)
    ended = here("plan", path, *options)
    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"error: {path}: A team with a plan has no targets by day: add ")
    assert "'- phone service level >= 80% by day 30'" in line


def test_a_target_is_missed_if_it_is_red(tmp_path: Path, here: Here) -> None:
    for target, code in (("CSAT >= 99.9% by day 21", 3), ("CSAT >= 1% by day 21", 0)):
        path = written(tmp_path / "plan.yaml", {**TEAM, "roadmap": roadmap(targets=[target])})
        out = tmp_path / f"out {code}"
        ended = here("plan", path, "--fail-on-miss", "--out", out)
        assert ended.code == code
        assert (out / "plan.json").exists()
        assert here("plan", path).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--replications", "auto"),
            "replications: 'auto' is not a whole number; write a whole number from 2",
        ),
        (("--replications", "1"), "replications: 1 is not allowed"),
        (("--seed", "-1"), "seed: -1 is not allowed"),
        (("--workers", "0"), "workers: 0 is not allowed"),
        (("--set", "run.seed=1..3"), "--set: one value is needed here, not a range"),
        (("--scenario", "no such"), "no such"),
    ],
)
def test_wrong_options_are_told(arguments: tuple[str, ...], told: str, planned: Path, here: Here) -> None:
    ended = here("plan", planned, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_all_wrong_options_are_told_at_once(planned: Path, here: Here, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").touch()
    ended = here("plan", planned, "--replications", 1, "--seed", "x", "--out", tmp_path / "taken")
    assert ended.code == 2
    assert [line.split(":")[1].strip() for line in ended.err.splitlines()] == [
        *("--replications", "--seed", "--out"),
    ]
    assert (tmp_path / "taken" / "mine.txt").exists()


def test_overrides_and_settings_are_laid_over(tmp_path: Path, here: Here) -> None:
    more = {**TEAM, "overrides": {"hopeful": {"roadmap.status.green": "90%"}}}
    path = written(tmp_path / "plan.yaml", more)
    ended = here("plan", path, "--scenario", "hopeful", "--set", "roadmap.window=14 days")
    assert ended.code == 0
    assert "over the 14 days" in ended.out
    assert "Green from 90 % on" in ended.out


def test_a_file_that_is_not_there_is_told(tmp_path: Path, here: Here) -> None:
    ended = here("plan", tmp_path / "no.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "no.yaml" in ended.err


def test_several_plans_stand_in_columns(planned: Path, tmp_path: Path, here: Here) -> None:
    other = written(tmp_path / "slower.yaml", {**TEAM, "roadmap": roadmap(levers=None)})
    ended = here("plan", planned, other)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == "2 plans against the targets of A team with a plan"
    assert "by day" in ended.out
    assert "slower" in ended.out
    found = json.loads(here("plan", planned, other, "--json").out)
    assert [each["plan"] for each in found["plans"]] == ["plan", "slower"]


def test_what_is_for_one_plan_is_refused_with_several(planned: Path, here: Here) -> None:
    ended = here("plan", planned, planned, "--levers")
    assert ended.code == 2
    assert ended.err == "error: --levers is for one plan; leave the others out, or the option\n"


def test_a_mistake_in_a_second_plan_is_told(planned: Path, tmp_path: Path, here: Here) -> None:
    other = written(tmp_path / "other.yaml", {**TEAM, "queues": {}})
    ended = here("plan", planned, other)
    assert ended.code == 2
    assert f"{other}:" in ended.err
    assert "Traceback" not in ended.err


def test_what_decides_is_told_as_json(planned: Path, here: Here) -> None:
    found = json.loads(here("plan", planned, "--json", "--replications", "30").out)
    names = {each["assumption"] for each in found["decides"]}
    assert names <= {"form", "macros", "copy", "article on billing", "article on login"}
    assert "form" in names
    assert {0 <= each["explained"] <= 1 for each in found["decides"]} == {True}
