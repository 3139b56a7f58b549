"""`careloop why`: what it prints, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
from reports.why_card import why_json
from tests.careloop.conftest import Ended

Here = Callable[..., Ended]

PEAK = """\
careloop: 1
name: A day with a peak
service_level: offered
calendar: {start: 2026-03-02, days: 2, hours: {desk: {daily: "08:00-12:00"}}}
streams:
  calls:
    queue: phone
    arrivals: {by_interval: {from: "08:00", daily: [12, 12, 12, 12, 12, 40, 12, 12]}}
    handle_time: {exponential: 5 min}
queues:
  phone: {hours: desk, target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: 4, hours: desk}
run: {replications: 20, seed: 7}
overrides:
  seven: {groups.team.agents: 9}
"""


@pytest.fixture
def peak(tmp_path: Path) -> Path:
    path = tmp_path / "peak.yaml"
    path.write_text(PEAK, encoding="utf-8")
    return path


def test_the_interval_its_causes_and_what_to_do(peak: Path, here: Here) -> None:
    ended = here("why", peak, "10:30")
    assert (ended.code, ended.err) == (0, "")
    first, second, *_ = ended.out.splitlines()
    assert first == "A day with a peak: queue phone, 10:30-11:00, mean of 2 days"
    assert second.startswith("Service level ")
    assert "it misses the target by" in second
    assert "1. 40.0 contacts are expected here, 15.5 in an average interval: with as many" in ended.out
    assert "2. One agent more would help: with one in team, 10:00-11:00, +" in ended.out
    for words in (
        "Interval from   ",
        "08:30",
        "10:30",
        "Agents at work",
        "a peak of contacts",
        "20 replications",
    ):
        assert words in ended.out


def test_a_saved_run_says_the_same_as_its_file(peak: Path, here: Here, tmp_path: Path) -> None:
    """Its seed and its replications are taken from the folder, whatever the file says by now."""
    assert here("run", peak, "--out", tmp_path / "run", "--seed", 3, "--replications", 12).code == 0
    saved = json.loads(here("why", tmp_path / "run", "10:30", "--json").out)
    assert (saved["seed"], saved["replications"]) == (3, 12)
    text = PEAK.replace("replications: 20, seed: 7", "replications: 12, seed: 3")
    peak.write_text(text, encoding="utf-8")
    assert json.loads(here("why", peak, "10:30", "--json").out) == saved


def test_json_says_all_of_it(peak: Path, here: Here) -> None:
    ended = here("why", peak, "mon", "10:40", "--json", "--queue", "phone", "--replications", 5)
    found = json.loads(ended.out)
    assert (found["queue"], found["interval"], found["days"]) == ("phone", "Mon 10:30-11:00", 1)
    assert found["replications"] == 5
    assert found["standing"] == "missed"
    assert found["target"] == 0.8
    assert found["told"][0] == "peak"
    level = next(
        each
        for each in found["measures"]
        if (each["measure"], each["interval"]) == ("service_level", "10:30")
    )
    for each in found["causes"]:
        gain = each["service_level"]["mean"] - level["mean"]
        assert each["effect"]["mean"] == pytest.approx(gain)


def test_overrides_and_settings_are_laid_over_the_file(peak: Path, here: Here) -> None:
    ended = here("why", peak, "10:30", "--scenario", "seven", "--set", "streams.calls.arrivals.multiply=0.5")
    assert "it meets the target" in ended.out
    assert "Nothing that was tried" in ended.out or "Without" in ended.out


@pytest.mark.parametrize("queue", ["phone", "critical", "duty"])
def test_cases_are_refused_in_one_line(here: Here, queue: str) -> None:
    ended = here("why", "scenarios/library/care_loop_baseline.yaml", "mon", "10:00", "--queue", queue)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("error: why takes causes away from contacts that are handled once")
    assert ended.err.count("\n") == 1


def test_nothing_is_missed_where_the_target_is_met(peak: Path, here: Here) -> None:
    """What takes most is told all the same, without advice; as text and as JSON."""
    many = ("why", peak, "09:30", "--set", "groups.team.agents=5")
    text, found = here(*many).out, json.loads(here(*many, "--json").out)
    assert "it meets the target, with" in text
    assert " (80 % in 20 s). What takes most from it all the same: 1. " in " ".join(text.split())
    assert "1. One agent more would help: with one in team, 09:00-10:00, +" in text
    assert found["standing"] == "met"
    told = " ".join(found["reasons"])
    assert told.startswith("What takes most from it all the same: 1. ")
    for words in ("miss", "unexplained", "Add one", "short"):
        assert words not in told
        assert words not in text.partition("Interval from")[0]


def test_too_few_people_all_day(peak: Path, here: Here) -> None:
    ended = here("why", peak, "10:00", "--set", "groups.team.agents=2")
    first = " ".join(ended.out.split())
    assert (
        " 1. From 08:00 on, 2 agents are missing of the 4 that the usual work requires by formula " in first
    )
    assert "by formula (2 are at work): with 2 more all this time, +" in first
    assert "Roster more people for these hours" in first
    assert "understaffing for hours" in ended.out
    days = 'agents: {mon: {"08:00-12:00": 1}, tue: {"08:00-12:00": 9}}'
    peak.write_text(PEAK.replace("agents: 4, hours: desk", days), encoding="utf-8")
    out = " ".join(here("why", peak, "10:00").out.split())
    assert "1. From 08:00 on (Mon), 3 agents are missing of the 4 that the usual work requires" in out
    assert "by formula (1 is at work): with 3 more all this time, +" in out


def test_the_people_told_of_are_those_of_the_re_run(peak: Path, here: Here) -> None:
    """In a peak, and in the interval itself, more are missing than hours share: they are not spoken for."""

    def told(before: int, then: int) -> str:
        people = f'agents: {{daily: {{"08:00-11:00": {before}, "11:00-11:30": {then}, "11:30-12:00": 3}}}}'
        early = PEAK.replace("[12, 12, 12, 12, 12, 40,", "[12, 12, 12, 24, 12, 12,")
        peak.write_text(early.replace("agents: 4, hours: desk", people), encoding="utf-8")
        return " ".join(here("why", peak, "11:00").out.split())

    short, with_one_more = told(3, 1), told(4, 2)
    assert "1. 1 of team are at work, 3 in the interval next to it" in short
    assert "2. From 08:00 on, at least 1 agent is missing of the 4 to 6 that the usual work" in short
    assert "requires by formula (1 to 3 are at work): with 1 more all this time, +" in short
    level = with_one_more.partition("Service level ")[2].partition(" ±")[0]
    assert f"(to {level})" in short.partition("2. From")[2].partition("Without")[0]


def test_days_on_which_the_clocks_change(peak: Path, here: Here) -> None:
    """An hour that a date does not have is refused; one that comes twice is told to be the mean of both."""

    def change(start: str, *when: str) -> Ended:
        calendar = f"{{start: {start}, days: 2, time_zone: Europe/Amsterdam, interval: 60 min}}"
        text = PEAK.replace('{start: 2026-03-02, days: 2, hours: {desk: {daily: "08:00-12:00"}}}', calendar)
        text = text.replace(
            '{by_interval: {from: "08:00", daily: [12, 12, 12, 12, 12, 40, 12, 12]}}', "{rate: 12 per h}"
        )
        peak.write_text(text.replace("hours: desk, ", "").replace(", hours: desk", ""), encoding="utf-8")
        return here("why", peak, *when)

    ended = change("2026-03-28", "2026-03-29T02:00")
    assert (ended.code, ended.out) == (2, "")
    says = "error: 2026-03-29 has no 02:00-03:00: the clocks of Europe/Amsterdam go forward then"
    assert ended.err.splitlines() == [says]
    ended = change("2026-03-28", "02:00")
    assert "queue phone, 02:00-03:00, mean of 1 day Service" in " ".join(ended.out.split())
    ended = change("2026-10-24", "2026-10-25T02:00")
    assert "02:00-03:00, mean of both: the clocks go back and show it twice" in " ".join(ended.out.split())
    ended = change("2026-10-24", "02:00")
    assert "mean of 2 days (twice on 2026-10-25: the clocks go back)" in " ".join(ended.out.split())
    assert json.loads(change("2026-10-24", "02:00", "--json").out)["shown_twice_on"] == ["2026-10-25"]


def test_one_replication_or_auto_becomes_thirty(peak: Path, here: Here) -> None:
    for written in ("1", "auto"):
        peak.write_text(PEAK.replace("replications: 20", f"replications: {written}"), encoding="utf-8")
        assert json.loads(here("why", peak, "10:30", "--json").out)["replications"] == 30


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("19:00",), "error: queue phone is closed at 19:00-19:30"),
        (("wed 10:30",), "error: no wed is simulated; the days are 2026-03-02 to 2026-03-03"),
        (("2027-03-02T10:30",), "error: 2027-03-02 is not simulated; the days are 2026-03-02 to 2026-03-03"),
        (("half past ten",), "error: 'half past ten' is not a time; write a time such as 10:30"),
        (("10:30", "--queue", "fone"), "error: there is no queue 'fone'; there are phone"),
        (("10:30", "--replications", "1"), "write a whole number from 2 to 1000000"),
        (("10:30", "--replications", "auto"), "write a whole number from 2 to 1000000"),
        (("10:30", "--workers", "0"), "error: --workers: 0 is not allowed"),
        (("10:30", "--set", "groups.team.agents=3..5"), "one value is needed here, not a range"),
        (("10:30", "--scenario", "none"), "none"),
    ],
)
def test_what_cannot_be_explained_is_one_message(
    peak: Path, here: Here, arguments: tuple[str, ...], says: str
) -> None:
    ended = here("why", peak, *arguments)
    assert ended.code == 2
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1
    assert ended.out == ""


def test_folders_that_are_no_run(tmp_path: Path, here: Here, peak: Path) -> None:
    ended = here("why", tmp_path, "10:30")
    assert ended.code == 2
    assert "not the folder of a run" in ended.err
    assert here("run", peak, "--out", tmp_path / "run", "--replications", 2).code == 0
    ended = here("why", tmp_path / "run", "10:30", "--set", "groups.team.agents=3")
    assert ended.code == 2
    assert "a saved run is explained as it is" in ended.err
    assert here("why", tmp_path / "nowhere.yaml", "10:30").code == 2


def test_python_says_the_same(peak: Path, here: Here, tmp_path: Path) -> None:
    """Of a path, of a scenario and of the folder of a run."""
    by_command = json.loads(here("why", peak, "10:30", "--json").out)
    careloop.simulate(peak, out=tmp_path / "run")
    for source in (peak, careloop.load(peak), tmp_path / "run"):
        found = careloop.why(source, "10:30", workers=1)
        assert json.loads(why_json(found)) == by_command
    with pytest.raises(ValueError, match="closed"):
        careloop.why(peak, "20:00", replications=2)
