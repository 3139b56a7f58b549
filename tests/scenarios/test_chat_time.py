"""Chat handle times by the clock: divided by the slow-down, and refused where nobody knows it."""

import json
from pathlib import Path
from typing import Any

import pytest

import scenarios
from scenarios.chat_time import slowdown_at
from scenarios.model import Concurrency
from scenarios.resolved import resolved

CHATTERS: dict[str, Any] = {
    "skills": ["chat"],
    "agents": 4,
    "concurrency": {"chats": 3, "slowdown": [1.0, 1.25, 2.0]},
}
BY_CLOCK: dict[str, Any] = {"measured_as": "wall clock", "at_concurrency": 2}


def world(handle_time: dict[str, Any], **groups: Any) -> dict[str, Any]:
    """A chat stream with this handle time."""
    arrivals = {"rate": "20 per hour"}
    return {
        "careloop": 1,
        "name": "chat",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {"web": {"queue": "chat", "arrivals": arrivals, "handle_time": handle_time}},
        "queues": {"chat": {"channel": "chat"}},
        "groups": {"chatters": CHATTERS, **groups},
    }


def in_focus(handle_time: dict[str, Any], **groups: Any) -> Any:
    return scenarios.from_dict(world(handle_time, **groups)).streams["web"].handle_time


@pytest.mark.parametrize(
    ("written", "alone"),
    [
        ({"lognormal": {"mean": "10 min", "cv": 0.7}}, {"lognormal": {"mean": "8 min", "cv": 0.7}}),
        ({"exponential": "10 min"}, {"exponential": "8 min"}),
        (
            {"empirical": {"0%": "50 s", "50%": "2 min 5 s", "100%": "10 min"}},
            {"empirical": {"0%": "40 s", "50%": "100 s", "100%": "8 min"}},
        ),
        (
            {"hyperexponential": [{"share": "60%", "mean": "5 min"}, {"share": "40%", "mean": "10 min"}]},
            {"hyperexponential": [{"share": "60%", "mean": "4 min"}, {"share": "40%", "mean": "8 min"}]},
        ),
    ],
)
def test_divided_by_the_slowdown(written: dict[str, Any], alone: dict[str, Any]) -> None:
    found, expected = in_focus(written | BY_CLOCK), in_focus(alone)
    assert found.mean_s == pytest.approx(expected.mean_s, rel=1e-12)
    assert [tuple(p) for p in found.phases] == [pytest.approx(tuple(p)) for p in expected.phases]
    assert [tuple(q) for q in found.quantiles] == [pytest.approx(tuple(q)) for q in expected.quantiles]
    assert (found.kind, found.cv, found.at_concurrency) == (expected.kind, expected.cv, None)


def test_focus_time_stays() -> None:
    plain = {"exponential": "10 min"}
    assert in_focus(plain | {"measured_as": "focus time"}) == in_focus(plain)


def test_between_whole_numbers_of_chats() -> None:
    table = Concurrency(chats=3, slowdown=(1.0, 1.25, 2.0))
    found = [slowdown_at(table, n) for n in (1, 1.5, 2, 2.4, 3)]
    assert found == pytest.approx([1.0, 1.125, 1.25, 1.55, 2.0])


def test_what_was_divided_is_told_and_written_out(tmp_path: Path) -> None:
    scenario = scenarios.from_dict(world({"exponential": "10 min"} | BY_CLOCK))
    assert scenarios.loads(resolved(scenario)) == scenario
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(world({"exponential": "10 min"} | BY_CLOCK)))  # JSON is YAML
    loaded = scenarios.open_scenario(file)
    assert loaded.scenario == scenario
    assert [note for note in loaded.notes if "divided by 1.25" in note and "480.0 s" in note]


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"measured_as": "wall clock"}, "measured_as: 'wall clock' needs at_concurrency"),
        ({"measured_as": "wallclock"}, "measured_as: 'wallclock' is not known; did you mean 'wall clock'?"),
        ({"at_concurrency": 2}, "at_concurrency: is for times by the clock only"),
        (BY_CLOCK | {"at_concurrency": 0.5}, "at_concurrency: 0.5 is outside 1 to 50"),
        (BY_CLOCK | {"at_concurrency": 4}, "no group that serves queue 'chat' has 4 chats at once"),
    ],
)
def test_refused(beside: dict[str, Any], told: str) -> None:
    with pytest.raises(scenarios.ScenarioError, match=r"streams\.web\.handle_time\.") as caught:
        in_focus({"exponential": "10 min"} | beside)
    assert told in str(caught.value)


def test_groups_must_agree() -> None:
    other = CHATTERS | {"concurrency": {"chats": 2, "slowdown": [1.0, 1.5]}}
    with pytest.raises(scenarios.ScenarioError, match=r"differs by group \(chatters 1\.25, others 1\.5\)"):
        in_focus({"exponential": "10 min"} | BY_CLOCK, others=other)
    one_at_a_time = {"skills": ["chat"], "agents": 1}
    assert in_focus({"exponential": "10 min"} | BY_CLOCK, more=one_at_a_time).mean_s == 480.0
