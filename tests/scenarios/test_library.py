"""The scenarios of the library are without a problem, and the baseline is the playbook's team."""

from pathlib import Path

import pytest

import scenarios
from scenarios import Scenario
from scenarios.load_check import Horizon, contacts, people_hours

# What the library means to show: one chat at a time is too few for nine people.
MEANT = {"chats_at_once": ["(with override 'one_at_once')"]}
LIBRARY = sorted((Path(scenarios.__file__).parent / "library").glob("*.yaml"))


def test_the_library_is_there() -> None:
    assert {path.stem for path in LIBRARY} >= {
        "care_loop_30_60_90",
        "care_loop_baseline",
        "care_loop_year",
        "chat_beside_phone",
        "chats_at_once",
        "counts_from_history",
        "day_of_shifts",
        "erlang_a_day",
        "in_a_hurry",
        "plain_year",
        "two_skills_overflow",
        "unproven_fixes",
        "weak_taxonomy",
        "wrong_tags",
    }


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_without_a_problem(path: Path) -> None:
    """None but those that it is there to show, each one a warning of an override."""
    found = [str(problem) for problem in scenarios.check(path)]
    meant = MEANT.get(path.stem, [])
    assert len(found) == len(meant)
    assert all(": warning: " in said and said.endswith(end) for said, end in zip(found, meant, strict=True))


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_resolved_stands_alone(path: Path) -> None:
    scenario = scenarios.load(path)
    assert scenarios.loads(scenarios.resolved(scenario), base_dir="/nonexistent") == scenario


def team_of(name: str) -> Scenario:
    return scenarios.load(next(path for path in LIBRARY if path.stem == name))


def paid(team: Scenario) -> float:
    """What people at work cost over the horizon; who is on call is paid otherwise."""
    horizon = Horizon.of(team.calendar)
    return sum(
        people_hours(group, horizon) * group.shrinkage.gross_up * group.pay.amount_per_hour
        for group in team.groups.values()
        if group.pay is not None and group.on_call is None
    )


def test_a_plain_year_has_the_playbooks_volume_and_cost() -> None:
    team = team_of("plain_year")
    horizon = Horizon.of(team.calendar)
    offered = sum(contacts(stream, horizon) for stream in team.streams.values())
    assert (team.calendar.days, team.run.replications) == (365, 30)
    assert {queue.channel for queue in team.queues.values()} == {"phone", "chat", "email"}
    assert offered == pytest.approx(120_000, rel=0.005)
    assert paid(team) == pytest.approx(600_000, rel=0.02)


def test_the_baseline_has_the_playbooks_cost_and_less_than_its_volume() -> None:
    """Some of its 120,000 contacts come again, and some never come, for they help themselves."""
    team = team_of("care_loop_baseline")
    horizon = Horizon.of(team.calendar)
    fresh = sum(contacts(stream, horizon) for stream in team.streams.values())
    assert (team.calendar.days, team.run.replications) == (90, 30)
    assert 0.85 < fresh / (120_000 * 90 / 365) < 0.95
    assert paid(team) == pytest.approx(600_000 * 90 / 365, rel=0.01)


def test_weekdays_of_the_horizon_are_counted() -> None:
    assert Horizon.of(team_of("plain_year").calendar).counts == [52, 52, 52, 53, 52, 52, 52, 0]
