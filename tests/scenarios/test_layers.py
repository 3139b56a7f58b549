"""Files that extend others, named overrides and settings: what results, and where each value comes from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Loaded, Scenario, check, load, loads, open_scenario
from scenarios.explained import explained
from scenarios.paths import place_of
from scenarios.settings import Setting, combinations, settings_of

BASE = """\
calendar: {start: 2026-03-02, days: 5, hours: {desk: {mon-fri: "08:00-18:00"}}}
streams:
  calls:
    queue: phone
    arrivals: {by_interval: {from: "08:00", step: 60 min, mon-fri: [30, 40, 50]}, multiply: 2}
    handle_time: {exponential: 3 min}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: {"08:00-12:00": 5, "12:00-18:00": 4}, pay: $20/h}
"""
FILE = """\
careloop: 1
name: Layers
service_level: offered
extends: common/base.yaml
run: {seed: 3}
overrides:
  fewer: {streams.calls.arrivals.multiply: 1.6}
  hire: {groups.team.agents: {add: 2}}
  raise: {groups.team.pay: {multiply: 1.1}, queues.phone.patience.exponential: {add: 1 min}}
  shifts:
    groups: {team: {shifts: [{agents: 3, days: mon-fri, hours: "08:00-18:00"}]}}
"""
OpenIt = Callable[..., Loaded]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "base.yaml").write_text(BASE, encoding="utf-8")
    path = tmp_path / "team.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def agents(scenario: Scenario) -> list[float]:
    """People at work on a Monday, in the order of the day."""
    return [step.value for step in scenario.groups["team"].agents or () if step.weekday == 0]


def test_a_file_extends_another(team: Path) -> None:
    scenario = load(team)
    assert scenario.name == "Layers"
    assert scenario.run.seed == 3
    assert agents(scenario) == [5, 4]
    assert [step.value for step in scenario.streams["calls"].arrivals.steps[:3]] == [60, 80, 100]


def test_overrides_are_laid_over_in_order_and_settings_last(team: Path) -> None:
    assert agents(load(team, ["hire"])) == [7, 6]
    assert agents(load(team, ["hire", "hire"])) == [9, 8]
    both = load(team, ["hire", "fewer"], settings_of("groups.team.agents.08:00-12:00=1"))
    assert agents(both) == [1, 6]
    assert both.streams["calls"].arrivals.steps[0].value == pytest.approx(48)
    assert agents(load(team, ["base"])) == [5, 4]


def test_amounts_are_changed_with_their_units(team: Path) -> None:
    scenario = load(team, ["raise"])
    pay, patience = scenario.groups["team"].pay, scenario.queues["phone"].patience
    assert pay is not None
    assert patience is not None
    assert (pay.amount_per_hour, patience.mean_s) == (22.0, 300.0)


def test_one_way_of_saying_it_replaces_another(team: Path) -> None:
    assert load(team, ["shifts"]).groups["team"].agents is None
    rate = load(team, (), settings_of("streams.calls.arrivals.rate=6 per h")).streams["calls"].arrivals
    assert {step.value for step in rate.steps} == {12.0}
    gamma = load(team, (), settings_of("streams.calls.handle_time={gamma: {mean: 5 min, cv: 1}}"))
    assert gamma.streams["calls"].handle_time.kind == "gamma"


@pytest.mark.parametrize(
    ("old", "new", "where", "told"),
    [
        ("hire: {groups.team", "hire: {groups.tem", "team.yaml:8", "did you mean 'team'?"),
        ("hire: {groups.team.agents", "hire: {groups.team.agnts", "team.yaml:8", "cannot|no value here"),
        ("multiply: 1.6}", "multiply: lots}", "team.yaml:7", "is not a number"),
        ("{add: 2}", "{add: two}", "team.yaml:8", "add takes a number"),
        ("{add: 1 min}", "{add: 10 s}", "team.yaml:9", "other units"),
        ("groups.team.pay", "groups..pay", "team.yaml:9", "is not a path"),
        ("  fewer: {", "  base: {", "team.yaml:7", "choose another name"),
        ("common/base.yaml", "common/bas.yaml", "team.yaml:4", "there is no file"),
        ("common/base.yaml", "../base.yaml", "team.yaml:4", "outside the folder"),
        ("common/base.yaml", "team.yaml", "team.yaml:4", "goes round: team.yaml -> team.yaml"),
        ("common/base.yaml", "[a, b]", "team.yaml:4", "is not the name of a file"),
        ("overrides:\n", "overrides: [a]\nx:\n", "team.yaml:6", "is not a map of overrides"),
    ],
)
def test_mistakes_are_told_at_their_line(team: Path, old: str, new: str, where: str, told: str) -> None:
    assert old in FILE
    team.write_text(FILE.replace(old, new), encoding="utf-8")
    found = [str(problem) for problem in check(team) if problem.severity == "error"]
    assert any(where in each and any(word in each for word in told.split("|")) for each in found), found


def test_a_problem_in_a_file_below_is_told_there(team: Path) -> None:
    base = team.parent / "common" / "base.yaml"
    base.write_text(BASE.replace("queue: phone", "queue: fone"), encoding="utf-8")
    (problem, *_) = check(team)
    assert problem.file.endswith("base.yaml")
    assert problem.line == 4
    base.write_text(f"extends: ../team.yaml\n{BASE}", encoding="utf-8")
    assert "goes round: team.yaml -> base.yaml -> team.yaml" in str(check(team)[0])


def test_csv_files_are_looked_for_beside_the_file_that_names_them(team: Path) -> None:
    profile = '{from: "08:00", step: 60 min, mon-fri: [30, 40, 50]}'
    base = team.parent / "common" / "base.yaml"
    base.write_text(BASE.replace(f"by_interval: {profile}", "history: {csv: calls.csv}"), encoding="utf-8")
    rows = [f"2026-03-02 {hour:02d}:00,{hour}\n" for hour in range(8, 12)]
    (team.parent / "common" / "calls.csv").write_text("time,calls\n" + "".join(rows), encoding="utf-8")
    assert [step.value for step in load(team).streams["calls"].arrivals.steps] == [16, 18, 20, 22]
    base.write_text(BASE.replace(f"by_interval: {profile}", "history: {csv: ../../x.csv}"), encoding="utf-8")
    (problem, *_) = check(team)
    assert "outside the folder" in problem.message
    assert problem.line == 5


def test_an_unknown_override_is_told_with_the_nearest(team: Path) -> None:
    opened = open_scenario(team, ["hier"])
    assert opened.scenario is None
    assert str(opened.problems[0]) == (
        "--scenario hier: error: there is no override 'hier'; did you mean 'hire'? "
        "Allowed: fewer, hire, raise, shifts, base"
    )


def test_every_value_tells_where_it_comes_from(team: Path) -> None:
    opened = open_scenario(team, ["fewer", "raise"], settings_of("run.replications=5"))
    assert opened.scenario is not None
    base = str(team.parent / "common" / "base.yaml")
    origin = {line.text.strip(): line.origin for line in explained(opened.scenario, opened.layers)}
    assert origin["seed: 3"] == "line 5"
    assert origin["replications: 5"] == "--set run.replications=5"
    assert origin["end: drain"] == "default"
    assert origin["calendar:"] == ""
    assert origin["days: 5"] == f"{base}:1"
    assert origin["pay: 22 USD/h"] == "override raise (line 9)"
    assert origin["service_level: offered"] == "line 3"
    (rates,) = (text for text in origin if text.startswith("by_interval"))
    assert origin[rates] == f"{base}:5; override fewer (line 7)"
    part = explained(opened.scenario, opened.layers, place_of("groups.team.pay"))
    assert [tuple(line) for line in part] == [("pay: 22 USD/h", "override raise (line 9)")]
    with pytest.raises(ValueError, match="did you mean 'team'"):
        explained(opened.scenario, opened.layers, place_of("groups.tem"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=8", [8]),
        ("a.b=8..10", [8, 9, 10]),
        ("a.b=1..2 by 0.5", [1, 1.5, 2]),
        ("a.b=10%..30% by 10%", ["10%", "20%", "30%"]),
        ("a.b=2 min..4 min by 2 min", ["2 min", "4 min"]),
        ("a.b=10..20 per h by 5", ["10 per h", "15 per h", "20 per h"]),
        ("a.b=$20/h..$21/h", ["$20/h", "$21/h"]),
        ("a.b={x: [1, 2]}", [{"x": [1, 2]}]),
        ("a.b=0.1..0.3 by 0.1", [0.1, 0.2, 0.3]),
    ],
)
def test_settings_and_ranges(text: str, values: list[object]) -> None:
    found = settings_of(text)
    assert [setting.value for setting in found] == values
    assert {setting.place for setting in found} == {("a", "b")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b", "write PATH=VALUE"),
        ("=3", "write PATH=VALUE"),
        ("a.b=", "write PATH=VALUE"),
        ("a..b=3", "is not a path"),
        ("a.b=[1, 2", "is no value"),
        ("a.b=1..1000", "at most 100"),
        ("a.b=5..3", "upwards"),
        ("a.b=1 min..5 h", "more than one unit"),
        ("a.b=!!python/object:os.system x", "is no value"),
    ],
)
def test_settings_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        settings_of(text)


def test_ranges_are_combined() -> None:
    found = combinations(["a=1..2", "b=5", "c=x"])
    assert [[setting.value for setting in each] for each in found] == [[1, 5, "x"], [2, 5, "x"]]
    assert combinations([]) == [()]
    with pytest.raises(ValueError, match="combinations"):
        combinations(["a=1..50", "b=1..50"])


def test_a_setting_cannot_go_below_a_value(team: Path) -> None:
    for text in ("run.seed.x=1", "groups.team.skills[4]=a", "groups.team.skills.x=a", "name.a.b=3"):
        opened = open_scenario(team, (), settings_of(text))
        assert opened.scenario is None
        assert opened.problems[0].file == f"--set {text}"


def test_a_text_has_overrides_too() -> None:
    text = FILE.replace("extends: common/base.yaml\n", BASE)
    assert agents(loads(text, overrides=["hire"], settings=[Setting(("run", "seed"), 9, "run.seed=9")])) == [
        7,
        6,
    ]


def test_of_a_distribution_only_the_times_change(team: Path) -> None:
    weibull = "{weibull: {mean: 5 min, shape: 1.4}, balk: 2%}"
    patience = settings_of(f"queues.phone.patience={weibull}")
    twice = settings_of("queues.phone.patience={multiply: 2}")
    found = load(team, (), [*patience, *twice]).queues["phone"].patience
    assert found is not None
    assert (found.mean_s, found.shape, found.balk) == (600.0, 1.4, 0.02)
    phases = "[{share: 80%, mean: 2 min}, {share: 20%, mean: 9 min}]"
    mixed = settings_of(f"streams.calls.handle_time={{hyperexponential: {phases}}}")
    longer = settings_of("streams.calls.handle_time={multiply: 1.5}")
    handle = load(team, (), [*mixed, *longer]).streams["calls"].handle_time
    assert [(p.share, p.mean_s) for p in handle.phases] == [(0.8, 180.0), (0.2, 810.0)]


def test_amounts_of_several_kinds_are_not_changed_at_once(team: Path) -> None:
    retry = settings_of("queues.phone.retry={share: 30%, after: {exponential: 5 min}}")
    opened = open_scenario(team, (), [*retry, *settings_of("queues.phone.retry={multiply: 2}")])
    assert opened.scenario is None
    assert "has amounts of several kinds; name the one to change: share, after" in str(opened.problems[0])


def test_a_file_changes_what_it_extends(team: Path) -> None:
    text = FILE.replace("run: {seed: 3}\n", "groups: {team: {agents: {add: 1}}}\nrun: {seed: 3}\n")
    team.write_text(text, encoding="utf-8")
    assert agents(load(team)) == [6, 5]
    assert agents(load(team, ["hire"])) == [8, 7]


def test_changes_of_a_file_of_numbers_add_up(team: Path) -> None:
    rows = "time,mon-fri\n08:00,4\n09:00,6\n"
    (team.parent / "staff.csv").write_text(rows, encoding="utf-8")
    changes = ["={csv: staff.csv}", "={multiply: 2}", "={add: 1}", "={multiply: 3}"]
    settings = [s for each in changes for s in settings_of(f"groups.team.agents{each}")]
    assert agents(load(team, (), settings)) == [27, 39]


def test_origins_within_one_value_are_all_told(team: Path) -> None:
    opened = open_scenario(team, (), settings_of("streams.calls.arrivals.by_interval.mon-fri=[1, 2, 3]"))
    assert opened.scenario is not None
    place = place_of("streams.calls.arrivals.by_interval")
    told = {line.origin for line in explained(opened.scenario, opened.layers, place)}
    assert any("--set" in origin for origin in told)
    trend = settings_of("streams.calls.arrivals.trend={growth: 10% per year}")
    opened = open_scenario(team, (), trend)
    assert opened.scenario is not None
    (line,) = explained(opened.scenario, opened.layers, place_of("streams.calls.arrivals.trend"))
    assert line.origin.startswith("--set")


PLAN = """\
careloop: 1
name: A plan
extends: common/base.yaml
service_level: offered
owners: {care: {capacity: 20 h/week}, product: {capacity: 20 h/week}}
causes: {billing: {owner: product}, login: {owner: care, avoidable: 40%}}
remedies: {form: {cause: billing, kind: policy, effort: 8 h}}
roadmap:
  phases: {first: {from: 2026-03-02, to: 2026-03-04}}
  levers:
    copy: {owner: care, due: 2026-03-02, works: 50%, moves: {handle_time: -5%}}
    macros: {phase: first, owner: product, due: 2026-03-03, moves: {handle_time: -5%}}
  targets: [calls ASA <= 40 s by day 3, calls ASA <= 30 s by day 4, calls ASA <= 20 s by day 5]
overrides:
  parts: {roadmap.levers.copy: null, remedies.form: null, causes.login.owner: null}
  one: {"roadmap.targets[1]": null}
  two: {"roadmap.targets[0]": null, "roadmap.targets[2]": calls ASA <= 10 s by day 5}
  all: {roadmap: {levers: {copy: null, macros: null}, phases: {first: null}, targets: null}}
  again: {roadmap.levers.copy: null, roadmap.levers: {copy: {owner: product, due: 2026-03-04}}}
  phase: {roadmap.phases.first: null}
"""


@pytest.fixture
def planned(team: Path) -> Path:
    team.write_text(PLAN, encoding="utf-8")
    return team


def test_null_takes_parts_and_keys_away(planned: Path) -> None:
    scenario = load(planned, ["parts"])
    assert scenario.roadmap is not None
    assert list(scenario.roadmap.levers) == ["macros"]
    assert scenario.remedies == {}  # a section of which nothing is left is gone
    assert (scenario.causes["login"].owner, scenario.causes["login"].avoidable) == (None, 0.4)
    assert load(planned, (), settings_of("roadmap.levers.copy=null")).roadmap != load(planned).roadmap


def test_targets_taken_away_keep_their_places_until_all_is_laid(planned: Path) -> None:
    def days(*names: str) -> list[tuple[int, float]]:
        roadmap = load(planned, names).roadmap
        return [(goal.day, goal.value) for goal in roadmap.targets] if roadmap is not None else []

    assert days("one") == [(3, 40.0), (5, 20.0)]
    assert days("two", "one") == days("one", "two") == [(5, 10.0)]
    opened = open_scenario(planned, ["two"])
    assert opened.layers.source(("roadmap", "targets", 1)).layer == "override two"
    assert opened.layers.source(("roadmap", "targets", 0)).layer == "file"


def test_of_what_is_left_of_a_roadmap_nothing_stays(planned: Path) -> None:
    assert load(planned, ["all"]).roadmap is None


def test_what_was_taken_away_may_be_written_anew(planned: Path) -> None:
    roadmap = load(planned, ["again"]).roadmap
    assert roadmap is not None
    assert (roadmap.levers["copy"].owner, roadmap.levers["copy"].works) == ("product", 1.0)


def test_who_still_names_what_is_gone_is_told(planned: Path) -> None:
    (problem,) = (each for each in open_scenario(planned, ["phase"]).problems if each.severity == "error")
    assert (problem.line, problem.path) == (12, "roadmap.levers.macros.phase")
    assert "there is no phase 'first'" in problem.message


def test_null_in_a_file_that_extends_and_in_one_of_its_overrides(planned: Path) -> None:
    above = planned.parent / "above.yaml"
    above.write_text(
        "extends: team.yaml\nroadmap: {levers: {copy: null}}\n"
        "overrides: {parts: null, less: {roadmap.levers: {macros: ~}}, none: {remedies: null}}\n",
        encoding="utf-8",
    )
    opened = open_scenario(above, ["less", "none"])
    assert opened.scenario is not None
    assert "parts" not in opened.overrides
    assert opened.scenario.remedies == {}
    assert opened.scenario.roadmap is not None
    assert opened.scenario.roadmap.levers == {}
