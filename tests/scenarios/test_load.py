"""What a file means: the values of the model, in its units."""

import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

import scenarios
from scenarios import ScenarioError, from_dict, loads, open_scenario
from scenarios.model import Distribution, Overflow, Queue, Retry, Scenario, Shift, Sinusoid, Step, Target

H = 3600


@pytest.fixture
def team(valid: str) -> Scenario:
    """The valid scenario, read."""
    return loads(valid)


def test_public_names() -> None:
    assert scenarios.__all__ == [
        "Loaded",
        "Problem",
        "Scenario",
        "ScenarioError",
        "check",
        "check_with_notes",
        "from_dict",
        "load",
        "loads",
        "notes",
        "open_scenario",
        "resolved",
    ]
    assert all(hasattr(scenarios, name) for name in scenarios.__all__)


def test_calendar_and_run(team: Scenario) -> None:
    assert team.calendar.start == datetime.date(2026, 3, 2)
    assert (team.calendar.days, team.calendar.time_zone, team.calendar.interval) == (
        7,
        "Europe/Amsterdam",
        1800.0,
    )
    assert team.calendar.hours["desk"][-1] == Step(5, 9 * H, 17 * H, 1.0)
    assert (team.run.replications, team.run.seed, team.run.warm_up_s, team.run.half_width) == (
        30,
        1,
        86400.0,
        0.005,
    )


def test_a_rate_in_hours(team: Scenario) -> None:
    arrivals = team.streams["calls"].arrivals
    assert arrivals.steps == tuple(step._replace(value=24.0) for step in team.calendar.hours["desk"])
    assert (arrivals.busyness.day.cv, arrivals.busyness.day.correlation) == (0.12, 1.0)
    assert (arrivals.busyness.interval.cv, arrivals.busyness.interval.correlation) == (0.05, 0.0)


def test_a_volume_scales_the_week(team: Scenario) -> None:
    steps = team.streams["mails"].arrivals.steps
    assert len(steps) == 16
    assert sum(step.value for step in steps) == pytest.approx(300.0)
    assert steps[1].value / steps[0].value == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("arrivals", "per_hour"),
    [
        ({"rate": "120 per 30 min"}, 240.0),
        ({"rate": "120 per 30 min", "multiply": 1.5}, 360.0),
        ({"rate": "1 per h", "volume": "8760 per year"}, 1.0),
        ({"rate": "1 per h", "volume": "24 per day", "multiply": 2}, 2.0),
        ({"by_interval": {"daily": [3] * 48}}, 6.0),
        ({"by_interval": {"step": "15 min", "daily": [3] * 96}}, 12.0),
        ({"by_interval": {"per": "hour", "daily": [3] * 48}}, 3.0),
        ({"by_interval": {"per": "day", "daily": [48] * 48}}, 2.0),
        ({"by_interval": {"00:00-12:00": 12, "12:00-24:00": 12}}, 1.0),
    ],
)
def test_what_numbers_of_arrivals_count(arrivals: dict[str, object], per_hour: float) -> None:
    stream = {"queue": "q", "arrivals": arrivals, "handle_time": {"exponential": "1 min"}}
    team = from_dict(
        {
            "careloop": 1,
            "name": "x",
            "calendar": {"start": datetime.date(2026, 3, 2), "days": 1},
            "streams": {"s": stream},
            "queues": {"q": {}},
            "groups": {"g": {"skills": "q", "agents": 99}},
        }
    )
    steps = team.streams["s"].arrivals.steps
    assert {round(step.value, 9) for step in steps} == {per_hour}
    assert sum(step.end_s - step.start_s for step in steps) == 7 * 86400


def test_a_sinusoid_is_scaled_too(valid: str) -> None:
    wave = (
        "sinusoid: {mean: 100 per hour, amplitude: 20 per hour, period: 6 h, phase: 1 h}\n      multiply: 2"
    )
    team = loads(valid.replace("rate: 12 per 30 min\n      hours: desk", wave))
    assert team.streams["calls"].arrivals.steps == ()
    assert team.streams["calls"].arrivals.sinusoid == Sinusoid(
        mean_per_hour=200.0, amplitude_per_hour=40.0, period_s=21600.0, phase_s=3600.0
    )


def test_queues(team: Scenario) -> None:
    phone, mail = team.queues["phone"], team.queues["mail"]
    assert phone.target == Target(0.8, 20.0, "week", 0.8)
    assert phone.service_level == "offered"
    assert (phone.priority, phone.capacity, phone.short_abandon_s, phone.at_closing) == (1, 50, 5.0, "serve")
    assert phone.overflow == Overflow(to="backup", after_s=60.0)
    assert phone.retry == Retry(share=0.4, after=Distribution(kind="exponential", mean_s=900.0), attempts=5)
    assert phone.retry is not None
    assert phone.retry.of == ("abandoned", "blocked")
    assert phone.hours == team.calendar.hours["desk"]
    assert (mail.target, mail.service_level, mail.interruptible, mail.at_closing) == (
        None,
        None,
        True,
        "hold",
    )


def test_a_queue_is_always_open_unless_it_says_otherwise(valid: str) -> None:
    for hours in ("always", "24x7", '{daily: "00:00-24:00"}'):
        team = loads(valid.replace("hours: desk\n    at_closing", f"hours: {hours}\n    at_closing"))
        assert team.queues["mail"].hours is None
    assert Queue().hours is None


def test_groups(team: Scenario) -> None:
    generalists, chatters, nights = (team.groups[n] for n in ("generalists", "chatters", "nights"))
    assert generalists.skills == (("phone",), ("mail", "backup"))
    assert generalists.agents is not None
    assert generalists.agents[:2] == (Step(0, 8 * H, 12 * H, 6.0), Step(0, 12 * H, 20 * H, 5.0))
    assert generalists.pay is not None
    assert (generalists.pay.amount_per_hour, generalists.pay.currency, generalists.shrinkage.total) == (
        24.0,
        "USD",
        0.3,
    )
    assert chatters.agents == tuple(step._replace(value=2.0) for step in team.calendar.hours["desk"])
    assert chatters.concurrency is not None
    assert (chatters.concurrency.chats, chatters.concurrency.slowdown) == (3, (1.0, 1.15, 1.4))
    assert nights.agents is None
    assert nights.shifts == (Shift(agents=1, days=(0, 2, 3, 4), start_s=22 * H, end_s=30 * H),)


def test_a_scenario_cannot_be_changed(team: Scenario) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        team.queues["phone"].capacity = 3


def test_python_builds_parts_with_numbers_in_the_unit_of_the_name() -> None:
    queue = Queue(short_abandon_s=5.0, overflow=Overflow(to="b", after_s=60.0))
    assert (queue.short_abandon_s, queue.overflow and queue.overflow.after_s) == (5.0, 60.0)


def test_a_file_may_not_use_the_names_of_python(valid: str) -> None:
    with pytest.raises(ScenarioError, match="after_s: is not a known key; did you mean 'after'"):
        loads(valid.replace("after: 60 s", "after_s: 60 s"))


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), None, object(), {1, 2}, b"x", "\x1b[2J", "\ud800"]
)
def test_a_mapping_may_hold_only_what_a_file_can(bad: object) -> None:
    with pytest.raises(ScenarioError):
        from_dict({"careloop": 1, "name": bad})


@pytest.mark.parametrize("mapping", [{"\x1b": 1}, {1: 2, "1": 3}, {" ": 1}])
def test_keys_of_a_mapping_are_those_of_a_file(mapping: dict[str, object]) -> None:
    with pytest.raises(ScenarioError, match="a key must be one line of plain text"):
        from_dict(mapping)


def test_opening_never_raises(tmp_path: Path) -> None:
    loaded = open_scenario(tmp_path / "nothing.yaml")
    assert loaded.scenario is None
    assert [p.severity for p in loaded.problems] == ["error"]
    assert loaded.notes == []


def test_people_round_the_clock_at_queues_with_hours_are_a_warning(valid: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(valid.replace("    agents: 2\n    hours: desk\n", "    agents: 2\n"), encoding="utf-8")
    (warning,) = [each for each in scenarios.check(path) if each.path == "groups.chatters.agents"]
    assert warning.severity == "warning"
    assert "are at work 336 hours, of which 200 while their queues are closed" in warning.message
