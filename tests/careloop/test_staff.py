"""`careloop staff` and `careloop.staff`."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
import scenarios
from tests.careloop.conftest import Ended

Here = Callable[..., Ended]
TEAM = """\
careloop: 1
name: Team <b>
service_level: answered_plus_abandoned_within
calendar: {start: 2026-03-02, days: 14, interval: 60 min, hours: {desk: {mon-fri: "09:00-12:00"}}}
streams:
  calls:
    queue: phone
    arrivals: {by_interval: {from: "09:00", step: 60 min, mon-fri: [12, 25, 18]}}
    handle_time: {exponential: 4 min}
queues:
  phone: {hours: desk, target: 80% in 20 s each day, patience: {exponential: 3 min}}
groups:
  team: {skills: [phone], agents: {mon-fri: {"09:00-12:00": 3}}, pay: 20 EUR/h, shrinkage: 30%}
targets: ["people cost <= 1 EUR over the horizon"]
run: {replications: 8, seed: 3}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A scenario file."""
    path = tmp_path / "team.yaml"
    path.write_text(TEAM, encoding="utf-8")
    return path


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """People planned, as a grid."""
    path = tmp_path / "roster.csv"
    path.write_text("time,mon,tue-fri\n09:00,4,2\n10:00,2,3\n11:00,3,3\n", encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_folder_and_what_is_printed(here: Here, team: Path, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    ended = here("staff", team, "--against", roster, "--out", out)
    assert ended.code == 0, ended.err
    assert "steering" in ended.err
    assert "comma-separated" in ended.err
    for part in (
        "Staffing of Team <b>",
        "The repaired plan costs €",
        "repaired, fresh",
        "paid, at 30 % shrinkage",
        "move: team, mon 09:00 to 10:00",
        "Gap by interval, at work",
        "team, mon 09:00–10:00",
        "one agent fewer in any of",
        "Not steered by, only shown: people cost",
    ):
        assert part in ended.out
    assert {each.name for each in out.iterdir()} == {
        "against.csv", "manifest.json", "report.html", "requirement.csv", "scenario.yaml", "staffing.csv",
        "staffing.yaml", "steps.csv",
    }  # fmt: skip
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Team &lt;b&gt;" in page
    assert "Team <b>" not in page
    rows = _rows(out / "staffing.csv")
    assert len(rows) == 15
    assert all(float(r["repaired_gross"]) == pytest.approx(float(r["repaired_net"]) / 0.7) for r in rows)
    for row in _rows(out / "against.csv"):
        assert float(row["gap_net"]) == float(row["planned_net"]) - float(row["required_net"])
    again = here("staff", team, "--against", roster, "--out", out)  # over its own folder
    assert again.code == 0
    assert (out / "report.html").read_text(encoding="utf-8") == page


def test_the_block_pastes_into_the_scenario(here: Here, team: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    assert here("staff", team, "--out", out).code == 0
    block = (out / "staffing.yaml").read_text(encoding="utf-8")
    (tmp_path / "over.yaml").write_text(f"careloop: 1\nextends: team.yaml\n{block}", encoding="utf-8")
    planned = scenarios.load(out / "scenario.yaml")
    pasted = scenarios.load(tmp_path / "over.yaml")
    assert pasted.groups["team"].agents == planned.groups["team"].agents
    wanted = sum(float(row["repaired_net"]) for row in _rows(out / "staffing.csv"))
    steps = pasted.groups["team"].agents or ()
    assert sum(step.value * (step.end_s - step.start_s) for step in steps) / 3600 == wanted


def test_json_and_python_say_the_same(here: Here, team: Path) -> None:
    ended = here("staff", team, "--json", "--method", "sipp", "--minimum", "2", "--max-occupancy", "85%")
    assert ended.code == 0
    told = json.loads(ended.out)
    found = careloop.staff(team, method="sipp", minimum=2, max_occupancy=0.85)
    assert found.solved is not None
    assert told["samples"][0]["seed"] == found.solved.parts[0].sample.seed
    assert sum(row["repaired_net"] for row in told["staffing"]) == found.solved.plan.sum()
    assert told["fresh"]["targets"][0]["attained"] == found.solved.on_fresh[0].share
    assert (told["method"], told["minimum"], told["max_occupancy"]) == ("sipp", 2, 0.85)


def test_the_formula_alone(here: Here, team: Path) -> None:
    ended = here("staff", team, "--no-repair")
    assert ended.code == 0
    assert "The plan by formula, not verified, costs €" in ended.out
    assert "Sample:" not in ended.out


def test_people_paid_are_fewer_at_work(team: Path, roster: Path) -> None:
    net = careloop.staff(team, repair=False, against=roster)
    gross = careloop.staff(team, repair=False, against={"team": roster}, planned_is_gross=True)
    assert net.against is not None
    assert gross.against is not None
    assert (gross.against.at_work == net.against.at_work * 0.7).all()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--method", "sip"], "--method: 'sip' is not known; did you mean 'sipp'?"),
        (["--minimum", "-1"], "--minimum: -1 is not allowed"),
        (["--max-occupancy", "0%"], "--max-occupancy: '0%' is not allowed"),
        (["--replications", "auto"], "--replications: 'auto' is not a whole number"),
        (["--against", "nowhere.csv"], "--against: nowhere.csv"),
        (["--planned-is-gross"], "name their file too"),
        # Who calls at nine waits until ten, whoever is there then.
        (
            ["--set", "calendar.hours.desk.mon-fri=10:00-12:00", "--set", "queues.phone.at_closing=hold",
             "--set", "queues.phone.target=95% in 20 s each day"],
            "out of reach",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_line(here: Here, team: Path, options: list[str], says: str) -> None:
    ended = here("staff", team, *options)
    assert ended.code == 2
    assert ended.out == ""
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_several_groups_need_a_name_before_the_file(here: Here, team: Path, roster: Path) -> None:
    text = TEAM.replace("targets:", "  other: {skills: [phone], agents: 1, pay: 20 EUR/h}\ntargets:")
    team.write_text(text, encoding="utf-8")
    ended = here("staff", team, "--against", roster)
    assert ended.code == 2
    assert "write GROUP=FILE. Groups: team, other" in ended.err


def test_without_any_target_nothing_is_searched(here: Here, team: Path) -> None:
    only_cost = TEAM.replace(" target: 80% in 20 s each day,", "")
    none = only_cost.replace('targets: ["people cost <= 1 EUR over the horizon"]', "")
    for text, words in (
        (none, "nothing says what service is wanted"),
        (only_cost, "help people cost <= 1 EUR"),
    ):
        team.write_text(text, encoding="utf-8")
        ended = here("staff", team)
        assert ended.code == 2
        assert words in ended.err


def test_of_cases_the_refusal_says_what_to_leave_out(here: Here, team: Path) -> None:
    """Whoever does as it says gets the staffing of the same contacts, each handled once."""
    learning = team.parent / "learning.yaml"
    learning.write_text(
        "extends: team.yaml\ncauses: {billing: {owner: care}, other: {}}\n"
        "owners: {care: {capacity: 9 h/week}}\n"
        "streams: {calls: {causes: {billing: 40%, other: 60%}, self_service: {deflects: 20%}}}\n"
        "loop: {owner: care, weekly_review: {by: volume}}\n",
        encoding="utf-8",
    )
    ended = here("staff", learning)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(
        "null for causes, owners, loop and, in the streams that have them, causes, self_service\n"
    )
    once = team.parent / "once.yaml"
    once.write_text(
        "extends: learning.yaml\ncauses: null\nowners: null\nloop: null\n"
        "streams: {calls: {causes: null, self_service: null}}\n",
        encoding="utf-8",
    )
    assert scenarios.load(once) == scenarios.load(team)
