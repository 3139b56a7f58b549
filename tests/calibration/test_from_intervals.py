"""Counts by interval as fits: what was put in comes out, and what such an export cannot tell is said."""

import datetime
from pathlib import Path

import numpy as np
import pytest

import scenarios
from calibration.facts.read import read_facts
from calibration.from_intervals import fit_intervals
from calibration.observed import Period
from calibration.scenario import Meant, usual_scenario

_FIRST = datetime.date(2026, 1, 5)
_WEEKS = 8
_HEAD = (
    "interval_start,interval_minutes,queue,offered,handled,abandoned,aht_s,wait_answered_s,wait_abandoned_s"
)


def _export(path: Path, staffed: bool = True, minutes: int = 30) -> Path:
    """Two queues from 08:00 to 12:00 on weekdays; of those who wait 400 s in all, one gives up."""
    random = np.random.default_rng(11)
    lines = [_HEAD + (",staffed" if staffed else "")]
    for day in range(7 * _WEEKS):
        date = _FIRST + datetime.timedelta(day)
        if date.weekday() > 4:
            continue
        for at in range(8 * 60, 12 * 60, minutes):
            for queue, mean, heads in (("sales", 20, 5), ("help", 40, 8)):
                came = int(random.poisson(mean))
                lost = int(random.binomial(came, 0.05))
                handled = came - lost
                waited = 400 * lost
                row = [f"{date}T{at // 60:02}:{at % 60:02}:00", minutes, queue, came, handled, lost, 240]
                row += [waited - 30 * lost, 30 * lost, *([heads] if staffed else [])]
                lines.append(",".join(map(str, row)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _period() -> Period:
    return Period(_FIRST, _FIRST + datetime.timedelta(7 * _WEEKS - 3))


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    with read_facts([_export(tmp_path / "a.csv")], "intervals", time_zone="Europe/Amsterdam") as facts:
        found = fit_intervals(facts, ("queue",), _period(), (3, 30))
        data = usual_scenario(found, Meant(datetime.date(2026, 3, 2), 28, "Europe/Amsterdam"), "x", "y")
    assert [each.stream.name for each in found.streams] == ["help", "sales"]
    for each, heads in zip(found.streams, (8, 5), strict=True):
        assert each.handle_time is not None
        assert each.patience is not None
        assert each.handle_time.parameter("mean").value == pytest.approx(240.0, rel=1e-3)
        mean = each.patience.parameter("mean")
        assert mean.low < 400.0 < mean.high
        assert mean.value == pytest.approx(400.0, rel=1e-6)
        group = next(group for group in data["groups"].values() if group["skills"] == [[each.stream.name]])
        assert group["agents"]["mon"] == [heads] * 8
    assert scenarios.from_dict(data).streams["help"].handle_time.mean_s == pytest.approx(240.0, rel=1e-3)


def test_without_people_they_are_assumed(tmp_path: Path) -> None:
    with read_facts([_export(tmp_path / "a.csv", staffed=False)], "intervals", time_zone="UTC") as facts:
        found = fit_intervals(facts, ("queue",), _period(), (3, 30))
        data = usual_scenario(found, Meant(datetime.date(2026, 3, 2), 28, "UTC"), "x", "y")
    assert found.observed.staff is None
    assert set(data["groups"]) == {"team help", "team sales"}


def test_other_facts_are_not_told(tmp_path: Path) -> None:
    with (
        read_facts([_export(tmp_path / "a.csv")], "intervals", time_zone="UTC") as facts,
        pytest.raises(ValueError, match="do not tell 'severity'; allowed: queue, channel"),
    ):
        fit_intervals(facts, ("severity",), _period(), (3, 30))


def test_a_period_without_contacts_is_refused(tmp_path: Path) -> None:
    empty = Period(datetime.date(2030, 1, 1), datetime.date(2030, 1, 31))
    with (
        read_facts([_export(tmp_path / "a.csv")], "intervals", time_zone="UTC") as facts,
        pytest.raises(ValueError, match="no contact came in this period"),
    ):
        fit_intervals(facts, ("queue",), empty, (3, 30))
