"""Handle times that differ by day: a gamma factor of mean 1, shared by streams as far as they say."""

from typing import Any

import numpy as np
import pytest

import careloop
import scenarios

_DAYS = 28
_Z = 4.0  # false alarms: 1 in 15,000


def _centre(correlation: str, cv: str = "20%") -> dict[str, Any]:
    """Two streams of plenty of contacts and plenty of people, so that each contact is answered at once."""
    stream = {
        "queue": "phone",
        "arrivals": {"rate": "40 per h"},
        "handle_time": {"exponential": "3 min"},
        "handle_time_by_day": {"cv": cv, "correlation": correlation},
    }
    return {
        "careloop": 1,
        "name": "long days",
        "calendar": {"start": "2026-03-02", "days": _DAYS},
        "streams": {"a": stream, "b": stream},
        "queues": {"phone": {}},
        "groups": {"team": {"skills": ["phone"], "agents": 30}},
        "run": {"replications": 12, "seed": 5},
    }


def _daily_means(data: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Mean handle time in seconds by [stream, day], the days of all replications one after the other."""
    result = careloop.simulate(scenarios.from_dict(data), contacts=True)
    assert result.contacts is not None
    rows = result.contacts
    day = rows["replication"] * _DAYS + (rows["queued_s"] // 86_400).astype(int)
    means = (rows["ended_s"] - rows["started_s"]).groupby([rows["stream"], day]).mean()
    return np.asarray(means.unstack(), float)


@pytest.mark.parametrize("correlation", ["0%", "60%", "100%"])
def test_a_day_has_its_factor(correlation: str) -> None:
    means = _daily_means(_centre(correlation)) / 180.0
    days = means.shape[1]
    # The variance of a day's mean: the factor's, and of 960 exponential times (Law 2015, section 4.4).
    variance = 0.04 + (1 + 0.04) / 960
    for of_stream in means:
        assert abs(of_stream.mean() - 1) < _Z * np.sqrt(variance / days)
        fourth = np.mean((of_stream - of_stream.mean()) ** 4)
        assert abs(of_stream.var(ddof=1) - variance) < _Z * np.sqrt((fourth - variance**2) / days)
    rho = float(correlation.strip("%")) / 100 * 0.04 / variance
    together = float(np.asarray(np.corrcoef(means))[0, 1])
    assert abs(np.arctanh(together) - np.arctanh(rho)) < _Z / np.sqrt(days) + 0.02


def test_without_it_days_differ_by_chance_alone() -> None:
    means = _daily_means(_centre("0%", "0%")) / 180.0
    expected = 1 / 960
    assert means[0].var(ddof=1) == pytest.approx(expected, rel=_Z * np.sqrt(2 / means.shape[1]))
