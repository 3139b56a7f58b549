"""Agents seen at work as whole people of a week."""

import datetime

import numpy as np
import pytest

from calibration.staffing import agents_profile, assumed_agents, by_date, usual_week, whole_agents

MONDAY = datetime.date(2026, 3, 2)


def test_hours_are_kept_by_whole_agents() -> None:
    assert whole_agents(np.full(8, 0.5)) == [1, 0, 1, 0, 1, 0, 1, 0]
    assert whole_agents(np.array([2.0, 2.0, 3.0])) == [2, 2, 3]
    assert whole_agents(np.zeros(3)) == [0, 0, 0]
    draw = np.random.default_rng(1)
    for _ in range(50):
        means = draw.uniform(0, 6, 40)
        sums = np.cumsum(whole_agents(means)) - np.cumsum(means)
        assert np.all(np.abs(sums) <= 0.5 + 1e-9)
        assert min(whole_agents(means)) >= 0


def test_a_usual_week_is_the_mean_of_usual_days_with_people() -> None:
    dates = [MONDAY + datetime.timedelta(i) for i in (0, 7, 14, 21, 1)]
    heads = np.array([[2.0, 4.0], [4.0, 0.0], [50.0, 50.0], [0.0, 0.0], [1.0, 1.0]])
    found = usual_week(heads, dates, np.array([True, True, False, True, True]))
    assert {day: each.tolist() for day, each in found.items()} == {0: [3.0, 2.0], 1: [1.0, 1.0]}


def test_a_profile_begins_and_ends_with_people() -> None:
    week = {0: np.zeros(288), 2: np.zeros(288), 6: np.zeros(288)}
    week[0][108:120] = 3.0  # 9:00 to 10:00
    week[2][114:126] = [1.0, 0.0] * 6  # 9:30 to 10:30, half of it
    assert agents_profile(week, 1800) == {
        "from": "09:00", "step": "30 min", "mon": [3, 3], "wed": [0, 1],
    }  # fmt: skip
    fine = agents_profile(week)
    assert (fine["from"], fine["step"], len(fine["mon"])) == ("09:00", "5 min", 17)
    assert sum(fine["wed"]) == 6
    assert agents_profile({0: np.zeros(288)}) == {}
    assert agents_profile({}) == {}


def test_days_by_their_weekday() -> None:
    dates = [MONDAY + datetime.timedelta(i) for i in (3, 4)]
    found = by_date(np.array([[1.0], [2.0]]), dates)
    assert {day: each.tolist() for day, each in found.items()} == {3: [1.0], 4: [2.0]}
    with pytest.raises(ValueError, match="shorter"):
        by_date(np.zeros((1, 1)), dates)


def test_people_that_are_assumed() -> None:
    """12 contacts of 5 min in half an hour are 2 Erlangs: 2.5 people at 80 %, so 3, and one more."""
    contacts = np.zeros((7, 48))
    contacts[4, 20:22] = [12.0, 0.1]
    found = assumed_agents(contacts, 300.0, 1800)
    assert found == {"from": "10:00", "step": "30 min", "fri": [4, 2]}
    assert assumed_agents(np.zeros((7, 48)), 300.0, 1800) == {}
