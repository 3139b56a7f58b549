"""Profiles and staffing kept in CSV files: dated, as a grid of days, or as a list."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import ScenarioError, loads, open_scenario
from scenarios.csv_week import read_week
from scenarios.model import Scenario

H = 3600
TEXT = """\
careloop: 1
name: Files
calendar: {start: 2026-03-02, days: 7, time_zone: Europe/Amsterdam, hours: {desk: {mon-fri: "08:00-20:00"}}}
streams:
  calls: {queue: phone, arrivals: {by_interval: PROFILE}, handle_time: {exponential: 3 min}}
queues: {phone: {patience: {exponential: 3 min}}}
groups: {team: {skills: [phone], agents: STAFF}}
"""
GRID = "time;mon-thu;fri;holidays\n08:00;10,5;12;0\n08:30;11;13;0\n09:00;12;14;0\n"
STAFF = "Interval,Mon,Tue-Fri,Sat\n08:00,3,4,\n09:00,5,6,1\n"
LIST = "weekday\tfrom\theads\nmon\t08:00\t3\nmon\t08:15\t4\ntue-wed\t08:00\t5\n"
DATED = "Start,Agents on phone,Calls\n02/03/2026 08:00,3,10\n02/03/2026 09:00,4,12\n13/03/2026 08:00,2,9\n"
Written = Callable[..., Scenario]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return a function that reads a scenario with these files beside it."""

    def read(profile: str = '{"08:00-20:00": 9}', staff: str = "3", **files: str) -> Scenario:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return loads(TEXT.replace("PROFILE", profile).replace("STAFF", staff), tmp_path)

    return read


def test_a_grid_of_days_is_a_profile(written: Written) -> None:
    steps = written("{csv: p.csv}", p=GRID).streams["calls"].arrivals.steps
    monday = [step[1:] for step in steps if step.weekday == 0]
    assert monday == [(28800, 30600, 21.0), (30600, 32400, 22.0), (32400, 34200, 24.0)]
    assert [step.value for step in steps if step.weekday == 4] == [24, 26, 28]
    assert [step.value for step in steps if step.weekday == 7] == [0, 0, 0]
    hourly = written("{csv: p.csv, per: hour, multiply: 2, add: 1}", p=GRID).streams["calls"].arrivals
    assert hourly.steps[0].value == 22.0


def test_a_grid_is_staffing(written: Written) -> None:
    steps = written(staff="{csv: s.csv}", s=STAFF).groups["team"].agents
    assert steps is not None
    assert [step[1:] for step in steps if step.weekday == 0] == [(8 * H, 9 * H, 3.0), (9 * H, 10 * H, 5.0)]
    assert [step[1:] for step in steps if step.weekday == 5] == [(9 * H, 10 * H, 1.0)]
    more = written(staff="{csv: s.csv, add: 2}", s=STAFF).groups["team"].agents
    assert more is not None
    assert more[0].value == 5.0


def test_a_list_of_days_and_times(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    week = read_week(path)
    assert (week.step_s, week.values) == (
        900,
        {(0, 28800): 3.0, (0, 29700): 4.0, (1, 28800): 5.0, (2, 28800): 5.0},
    )
    assert "tab-separated, decimal point, times down in steps of 15 min, days mon, tue, wed" in week.notes[0]


def test_dated_staffing_takes_its_own_column(written: Written) -> None:
    steps = written(staff="{csv: d.csv}", d=DATED).groups["team"].agents
    assert steps is not None
    assert [(step.weekday, step.value) for step in steps] == [(0, 3.0), (0, 4.0), (4, 2.0)]
    steps = written("{csv: d.csv}", d=DATED).streams["calls"].arrivals.steps
    assert [step.value for step in steps] == [10.0, 12.0, 9.0]


def test_what_was_read_is_told(written: Written, tmp_path: Path) -> None:
    written("{csv: p.csv}", p=GRID)
    path = tmp_path / "s.yaml"
    path.write_text(TEXT.replace("PROFILE", "{csv: p.csv}").replace("STAFF", "3"), encoding="utf-8")
    (note,) = open_scenario(path).notes
    assert note.endswith(
        "p.csv: semicolon-separated, decimal comma, times down in steps of 30 min, "
        "days mon, tue, wed, thu, fri, holidays"
    )


BAD = [
    ("s", "time,mon\n08:00,3\n08:30,x\n", ":3:", "'x' is not a number"),
    ("s", "time,mon\n08:00,3\n08:30,-1\n", ":3:", "is negative"),
    ("s", "time,mon\n08:00,3\n08:00,4\n", ":3:", "has this time already, in line 2"),
    ("s", "time,mon,mon-tue\n08:00,3,4\n09:00,3,4\n", ":2:", "mon has this time already"),
    ("s", "time,mon\n08:00,3\n08:07,4\n", "agents.csv", "times 7 min apart"),
    ("s", "time,mon\n08:00,3\n25:30,4\n", ":3:", "is not a time of day"),
    ("s", "time,mon\n08:00,1.5\n08:30,2\n", "agents.csv", "1.5 people on mon 08:00-08:30"),
    ("s", "time,agents\n08:00,3\n08:30,3\n", "agents.csv", "no column for a day"),
    ("s", "what,mon\na,3\nb,3\n", "agents.csv", "none of times of day"),
    ("s", "day,time,agents\nmon,08:00,3\nmno,08:30,3\n", ":3:", "did you mean 'mon'"),
    ("s", "day,time,a,b\nmon,08:00,3,1\nmon,08:30,3,1\n", "agents.csv", "2 columns that may be the value"),
    (
        "s",
        "time,agents\n2026-03-02 08:00,3\n2026-03-09 08:00,4\n2026-03-09 09:00,4\n",
        "agents.csv",
        "2 dates",
    ),
    ("p", "time,mon\n08:00,1.234\n08:30,2.345\n", "by_interval.csv", "may mean 1234 or 1.234"),
    ("p", "time,mon;x\n08:00,3;y\n08:30,3;z\n", "by_interval.csv", "in two ways"),
    ("p", "time,calls\n2026-03-29 01:30,3\n2026-03-29 02:30,4\n2026-03-29 03:30,1\n", ":3:", "go forward"),
    ("p", "time,calls\n2026-10-25 02:30,3\n2026-10-25 02:30,4\n2026-10-25 03:30,1\n", ":3:", "same time"),
    ("p", "time,mon\n08:00,\n08:30,\n", "by_interval.csv", "no value in any row"),
]


@pytest.mark.parametrize(("kind", "text", "where", "told"), BAD)
def test_mistakes_are_told_with_their_row(
    written: Written, kind: str, text: str, where: str, told: str
) -> None:
    profile, staff = ("{csv: p.csv}", "3") if kind == "p" else ('{"08:00-20:00": 9}', "{csv: s.csv}")
    with pytest.raises(ScenarioError) as caught:
        written(profile, staff, **{kind: text})
    found = [str(problem) for problem in caught.value.problems]
    assert any(where in each and told in each for each in found), found


def test_holes_are_told_and_hours_after_midnight_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "holes.csv"
    path.write_text("time,mon,tue\n08:00,3,4\n08:30,,4\n10:00,5,6\n", encoding="utf-8")
    told = read_week(path).notes
    assert told[1].endswith("mon has no value at 08:30, 09:00, 09:30; nothing counts as zero")
    assert told[2].endswith("tue has no value at 09:00, 09:30; nothing counts as zero")
    path.write_text("time,mon\n22:00,3\n23:00,3\n00:00,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is earlier than the row above"):
        read_week(path)


def test_a_hint_for_spreadsheets_above_the_header_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "hint.csv"
    path.write_text("sep=;\r\ntime;mon\r\n08:00;3\r\n08:30;x\r\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'x' is not a number"):
        read_week(path)
    path.write_text("sep=;\ntime;mon\n08:00;3\n08:30;4\n", encoding="utf-8")
    assert read_week(path).values == {(0, 28800): 3.0, (0, 30600): 4.0}
