"""Handle times that differ by weekday: each day as if its contacts took so much longer, in all engines."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import careloop
import scenarios
from scenarios.problems import ScenarioError

_FACTORS = {"mon-tue": "80%", "sat": 1.3}
_OF_DAY = (0.8, 0.8, 1.0, 1.0, 1.0, 1.3, 1.0)


def _centre(mean_s: float, factors: Mapping[str, object] | None, agents: int = 12) -> dict[str, Any]:
    stream: dict[str, Any] = {
        "queue": "phone",
        "arrivals": {"rate": "100 per h", "hours": {"daily": "08:00-20:00"}},
        "handle_time": {"exponential": f"{mean_s} s"},
    }
    if factors is not None:
        stream["handle_time_by_weekday"] = factors
    return {
        "careloop": 1,
        "name": "weekdays",
        "service_level": "offered",
        "calendar": {"start": "2026-03-04", "days": 7},  # a Wednesday
        "streams": {"calls": stream},
        "queues": {"phone": {"target": "80% in 20 s", "patience": {"exponential": "2 min"}}},
        "groups": {"team": {"skills": ["phone"], "agents": agents}},
        "run": {"replications": 3, "seed": 5},
    }


def _times(mean_s: float, factors: Mapping[str, object] | None) -> tuple[np.ndarray, np.ndarray]:
    """The day and the handle time of each contact, with people for all of them at once."""
    result = careloop.simulate(scenarios.from_dict(_centre(mean_s, factors, agents=60)), contacts=True)
    assert result.contacts is not None
    rows = result.contacts.sort_values(["replication", "queued_s"])
    return (rows["queued_s"] // 86_400).to_numpy(int), (rows["ended_s"] - rows["started_s"]).to_numpy(float)


def test_each_contact_takes_so_much_longer() -> None:
    day, plain = _times(180, None)
    again, seen = _times(180, _FACTORS)
    assert (day == again).all()
    factor = np.array(_OF_DAY)[(day + 2) % 7]
    assert seen == pytest.approx(plain * factor, abs=2e-6)


def test_the_formula_takes_each_day_as_it_is() -> None:
    names = ["service_level", "asa", "abandonment", "occupancy"]
    found = {
        key: careloop.simulate(scenarios.from_dict(_centre(mean_s, factors)), engine="formula").intervals
        for key, mean_s, factors in ((0, 180, _FACTORS), (0.8, 144, None), (1.0, 180, None), (1.3, 234, None))
    }
    for weekday, factor in enumerate(_OF_DAY):
        date = f"2026-03-{4 + (weekday - 2) % 7:02}"
        for name in names:
            one, other = (
                rows[(rows["interval"].astype(str).str.startswith(date)) & (rows["measure"] == name)]
                for rows in (found[0], found[factor])
            )
            assert len(one)
            assert one["mean"].to_numpy(float) == pytest.approx(
                other["mean"].to_numpy(float), rel=1e-9, nan_ok=True
            )


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        ({}, "is not a map of weekdays; write {sat: 85%}"),
        (0.9, "is not a map of weekdays; write {sat: 85%}"),
        ({"holidays": 0.9}, "is no weekday; holidays have the factor of their weekday"),
        ({"sat": 0}, "0 is outside 0.01 to 100"),
        ({"sat": "a lot"}, "is not a factor; write 0.85, or 85% of what it is otherwise"),
        ({"sat": True}, "is not a factor"),
        ({"sat": 0.9, "sat-sun": 0.8}, "sat is in 'sat' already; name each day once"),
        ({"saturday": 0.9, "mond": 1.0}, "'mond' is not a day"),
    ],
)
def test_what_cannot_be_read(factors: object, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenarios.from_dict(_centre(180, factors))  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert "handle_time_by_weekday" in str(caught.value)
