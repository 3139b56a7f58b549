"""Values that no file should have, each of which once was read wrongly or ended in another exception."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenarios import Problem, ScenarioError, from_dict
from scenarios.settings import settings_of
from tests.scenarios.fuzz_material import SCENARIOS
from tests.scenarios.fuzz_mutations import copied

Look = Callable[[str], list[Problem]]


def told(data: Any, folder: Path = Path()) -> list[tuple[str, str]]:
    """What is told of a mapping: place and message."""
    with pytest.raises(ScenarioError) as caught:
        from_dict(data, folder)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def with_value(place: str, value: Any) -> dict[str, Any]:
    """The smallest scenario with one value in it replaced."""
    data: dict[str, Any] = copied(SCENARIOS[0])
    *above, key = place.split("/")
    node = data
    for each in above:
        node = node.setdefault(each, {})
    node[key] = value
    return data


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("streams/calls/..", "phone", "is not a known key"),
        ("targets", [10**5000], "larger than any here"),
        ("streams/calls/handle_time", {"gamma": {"mean": "1 min", "cv": 1e-200}}, "below 0.0001"),
        ("streams/calls/handle_time", {"weibull": {"scale": "36500 days", "shape": 0.1}}, "a mean above"),
        ("streams/calls/handle_time", {"exponential": "1e308 s 1e308 s"}, "is outside 0 s to"),
        ("streams/calls/arrivals/rate", "1 per 1e-322 s", "counts over no time at all"),
        ("streams/calls/arrivals/trend", f"{'9' * 12}% per week", "allowed are 0.01 to 100"),
        ("extends", "x" * 300, "cannot be used as a path"),
    ],
)
def test_odd_values_are_told(place: str, value: Any, words: str) -> None:
    assert [words in message for _, message in told(with_value(place, value))] == [True]


def test_growth_over_centuries_is_a_flood(tmp_path: Path) -> None:
    data = with_value("streams/calls/arrivals/trend", {"factor": 100, "since": "1900-01-01"})
    data["calendar"] = {**data["calendar"], "start": "2199-01-01"}
    path, message = told(data)[0]
    assert path == "streams.calls.arrivals"
    assert "check the unit of the rate" in message


def test_a_profile_of_nothing_cannot_be_scaled() -> None:
    arrivals = {"by_interval": {"daily": 1e-300}, "volume": "9 per week"}
    ((place, message),) = told(with_value("streams/calls/arrivals", arrivals))
    assert place == "streams.calls.arrivals.volume"
    assert "cannot be spread" in message


def test_a_map_that_holds_itself_twice_comes_to_an_end() -> None:
    data: dict[str, Any] = {}
    data.update(a=data, b=data)
    assert ("", "has more than 200000 values") in told(data)


def test_a_quoted_merge_key_is_a_key(problems: Look, valid: str) -> None:
    assert problems(valid.replace("shrinkage: 30%", 'shrinkage: {"<<": 30%}')) == []


def test_many_people_with_the_same_breaks_are_counted_together() -> None:
    shift = {"agents": 100_000, "hours": "08:00-16:00", "breaks": ["12:00-12:30"]}
    scenario = from_dict(with_value("groups/team", {"skills": ["phone"], "shifts": [shift]}))
    from scenarios.shifts import duty_steps

    steps = duty_steps(scenario.groups["team"].shifts or ())
    assert len(steps) == 14
    assert {step.value for step in steps} == {100_000.0}


def test_ranges_are_of_numbers_that_can_be_counted() -> None:
    with pytest.raises(ValueError, match="is no range"):
        settings_of("run.seed=1.." + "9" * 400)
