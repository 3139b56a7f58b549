"""A resolved scenario is complete, readable and reads back to the same scenario."""

import pytest

from scenarios import from_dict, loads, resolved
from scenarios.model import Scenario


def build(**changes: object) -> Scenario:
    """Return a small scenario with some sections or parts of its one stream, queue or group replaced."""
    stream = {"queue": "q", "arrivals": {"rate": "1 per min"}, "handle_time": {"exponential": "1 min"}}
    group = {"skills": ["q"], "agents": 5}
    parts: dict[str, object] = {
        "careloop": 1,
        "name": "x",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {"s": {**stream, **_dict(changes.pop("stream", {}))}},
        "queues": {"q": changes.pop("queue", {})},
        "groups": {"g": changes.pop("group", group)},
        **changes,
    }
    return from_dict(parts)


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def assert_reads_back(scenario: Scenario) -> None:
    text = resolved(scenario)
    assert loads(text) == scenario
    assert resolved(loads(text)) == text


def test_the_whole_scenario_reads_back(valid: str) -> None:
    assert_reads_back(loads(valid))


@pytest.mark.parametrize(
    "handle_time",
    [
        {"exponential": "7.3 s"},
        {"deterministic": "0.001 s"},
        {"lognormal": {"mean": "6.1 min", "cv": "33%"}},
        {"gamma": {"mean": "6 min", "cv": 0.7}},
        {"gamma": {"mean": "6 min", "shape": 1.7}},
        {"gamma": {"mean": "6 min", "shape": 3}},
        {"weibull": {"scale": "77 s", "shape": 0.7}},
        {"weibull": {"mean": "77 s", "shape": 1.3}},
        {"erlang": {"mean": "6 min", "k": 3}},
        {"hyperexponential": {"mean": "6 min", "cv": 2}},
        {"hyperexponential": [{"share": 1 / 3, "mean": "1 s"}, {"share": 2 / 3, "mean": "2 s"}]},
        {"hyperexponential": [{"share": 0.3333333, "mean": "1 s"}] * 3},
        {"empirical": {"0%": "0 s", "33.3%": "7 s", "100%": "1 h"}},
    ],
)
def test_every_distribution_reads_back(handle_time: object) -> None:
    assert_reads_back(build(stream={"handle_time": handle_time}))


@pytest.mark.parametrize(
    "arrivals",
    [
        {"rate": "1 per 7 min", "volume": "1000 per week"},
        {"by_interval": {"from": "23:30", "step": "30 min", "mon": [1, 2], "sun": [3, 4.5]}},
        {"by_interval": {"from": "22:15", "step": "45 min", "mon": [1, 2]}},
        {"by_interval": {"08:00-12:00": 7, "22:00-01:00": 5}, "multiply": 1.1},
        {"sinusoid": {"mean": "100 per 7 min", "amplitude": "3/h", "period": "6 h", "phase": "90 s"}},
        {"rate": "1 per h", "busyness": {"day": {"cv": 0.1234567}, "interval": {"correlation": 1 / 3}}},
    ],
)
def test_every_source_of_arrivals_reads_back(arrivals: object) -> None:
    assert_reads_back(build(stream={"arrivals": arrivals, "backlog": 3, "patience": {"exponential": "2 s"}}))


@pytest.mark.parametrize(
    "queue",
    [
        {"target": "82.5% in 20 s", "service_level": "answered_only", "capacity": 0, "priority": -100},
        {"hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"], "sat": "22:00-02:00"}, "channel": "chat"},
        {"retry": {"share": "1%", "after": {"gamma": {"mean": "1 h", "shape": 0.3}}, "of": "blocked"}},
        {"prefers": ["g"], "interruptible": True, "at_closing": "clear", "short_abandon": "1 ms"},
        {"patience": {"weibull": {"mean": "5 min", "shape": 1.4}, "balk": "2.5%"}},
    ],
)
def test_every_setting_of_a_queue_reads_back(queue: object) -> None:
    assert_reads_back(build(queue=queue))


@pytest.mark.parametrize(
    "group",
    [
        {"skills": [["q"]], "agents": {"mon-fri": {"08:00-12:00": 5}, "sat": 3}, "speed": 1.25},
        {
            "skills": "q",
            "agents": {"from": "08:00", "step": "15 min", "daily": [4, 6, 6]},
            "shrinkage": "31%",
        },
        {"skills": "q", "shifts": [{"agents": 3, "hours": "22:00-06:00"}], "takes": "longest_wait"},
        {
            "skills": "q",
            "agents": 5,
            "concurrency": {"chats": 2, "slowdown": [1, 1.2], "route": "most_loaded"},
        },
        {"skills": "q", "agents": 5, "pay": "£19.99/h", "idle": "fixed_order"},
    ],
)
def test_every_setting_of_a_group_reads_back(group: object) -> None:
    assert_reads_back(build(group=group))


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "null",
        "123",
        "1e3",
        "a: b",
        "#x",
        "'",
        '"',
        "Café ☕",
        "- x",
        "&a",
        "*a",
        "{x}",
        "0.5",
        "2026-03-02",
    ],
)
def test_any_text_reads_back(name: str) -> None:
    scenario = build(name=name, description=f"{name}\n  {name}\n")
    assert scenario.name == name
    assert_reads_back(scenario)


@pytest.mark.parametrize("name", ["yes", "123", "null", "Größe", "a b", "on-call_2"])
def test_any_name_of_a_part_reads_back(name: str) -> None:
    assert_reads_back(
        from_dict(
            {
                "careloop": 1,
                "name": "x",
                "calendar": {"start": "2026-03-02", "days": 1, "hours": {name: "08:00-12:00"}},
                "streams": {
                    name: {"queue": name, "arrivals": {"rate": "1/h"}, "handle_time": {"exponential": "1 s"}}
                },
                "queues": {name: {"hours": name, "at_closing": "hold"}},
                "groups": {name: {"skills": [name], "agents": 1, "hours": name}},
                "run": {"replications": "auto", "half_width": "0.123 points", "end": "cut"},
            }
        )
    )


def test_units_are_written(valid: str) -> None:
    text = resolved(loads(valid))
    for written in (
        "80% in 20 s",
        "mean: 6 min",
        "24 USD/h",
        "0.5 points",
        "warm_up: 1 day",
        "shrinkage: 30%",
    ):
        assert written in text
    assert max(map(len, text.splitlines())) <= 120
