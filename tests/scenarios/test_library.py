"""The scenarios of the library are without a problem, and the baseline is the playbook's team."""

from pathlib import Path

import pytest

import scenarios
from scenarios.load_check import Horizon, contacts, people_hours

# What the library means to show: one chat at a time is too few for nine people.
MEANT = {"chats_at_once": ["(with override 'one_at_once')"]}
LIBRARY = sorted((Path(scenarios.__file__).parent / "library").glob("*.yaml"))


def test_the_library_is_there() -> None:
    assert {path.stem for path in LIBRARY} >= {
        "care_loop_baseline",
        "chat_beside_phone",
        "chats_at_once",
        "counts_from_history",
        "day_of_shifts",
        "erlang_a_day",
        "two_skills_overflow",
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


def test_the_baseline_has_the_playbooks_volume_and_cost() -> None:
    team = scenarios.load(next(path for path in LIBRARY if path.stem == "care_loop_baseline"))
    horizon = Horizon.of(team.calendar)
    offered = sum(contacts(stream, horizon) for stream in team.streams.values())
    paid = [
        people_hours(group, horizon) * group.shrinkage.gross_up * group.pay.amount_per_hour
        for group in team.groups.values()
        if group.pay is not None
    ]
    assert (team.calendar.days, team.run.replications, len(paid)) == (365, 30, len(team.groups))
    assert {queue.channel for queue in team.queues.values()} == {"phone", "chat", "email"}
    assert offered == pytest.approx(120_000, rel=0.005)
    assert sum(paid) == pytest.approx(600_000, rel=0.02)


def test_weekdays_of_the_horizon_are_counted() -> None:
    team = scenarios.load(next(path for path in LIBRARY if path.stem == "care_loop_baseline"))
    assert Horizon.of(team.calendar).counts == [52, 52, 52, 53, 52, 52, 52, 0]
