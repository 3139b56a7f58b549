"""Blocks of a week: which there are, how long one of their people works, and one person more or less."""

from typing import Any

import pytest

import scenarios
from scenarios.week import Window, week_total
from sim.headcount.blocks import (
    blocks_of,
    costs_of,
    hours_at_work,
    paid_hours,
    planned,
    with_one_more,
    without_one,
)
from tests.headcount.examples import erlang

H = 3600
PROFILE = {"mon-fri": {"08:00-10:00": 3, "10:00-17:00": 4}, "sat": {"09:00-17:00": 2}}
SHIFTS = {"shifts": [{"agents": 2, "days": "mon-fri", "hours": "08:00-16:30", "breaks": ["12:00-12:30"]}]}


def shifts(**more: Any) -> dict[str, Any]:
    return {"groups": {"team": {"skills": ["phone"], **SHIFTS, **more}}}


def test_a_constant_team_is_one_block() -> None:
    (block,) = blocks_of(erlang(days=7))
    assert block == ("team", tuple(range(8)), Window(0, 24 * H), 14, 168.0, -1)


def test_equal_days_in_a_row_are_together() -> None:
    found = blocks_of(erlang(agents=PROFILE, days=14))
    assert [(b.kinds, b.window, b.heads, b.hours) for b in found] == [
        ((0, 1, 2, 3, 4), (8 * H, 10 * H), 3, 20.0),
        ((0, 1, 2, 3, 4), (10 * H, 17 * H), 4, 70.0),
        ((5,), (9 * H, 17 * H), 2, 16.0),
    ]


def test_a_day_that_differs_stands_between() -> None:
    found = blocks_of(erlang(agents={"mon, wed": {"08:00-09:00": 1}, "tue": {"08:00-09:00": 2}}, days=7))
    assert [(b.kinds, b.heads) for b in found] == [((0,), 1), ((1,), 2), ((2,), 1)]


def test_each_shift_is_a_block_without_its_breaks() -> None:
    (block,) = blocks_of(erlang(**shifts()))
    assert (block.heads, block.shift, block.hours) == (2, 0, 2 * 5 * 8.0)


def test_hours_are_those_of_the_calendar() -> None:
    """A holiday on which nobody works, and a night in which the clocks go forward."""
    calendar = {
        "start": "2026-03-23",
        "days": 14,
        "time_zone": "Europe/Amsterdam",
        "holidays": ["2026-04-03"],
    }
    closed = {"mon-fri": {"08:00-10:00": 3}, "holidays": "closed"}
    (block,) = blocks_of(erlang(agents={"mon-fri": closed["mon-fri"]}, calendar=calendar))
    assert block.hours == 9 * 2.0  # holidays are as Sundays, on which nobody works
    (always,) = blocks_of(erlang(calendar=calendar))
    assert always.hours == 14 * 24.0 - 1.0


def test_a_night_shift_counts_what_lies_in_the_horizon() -> None:
    night = [{"agents": 1, "days": "daily", "hours": "22:00-06:00"}]
    scenario = erlang(days=7, **shifts(shifts=night))
    (block,) = blocks_of(scenario)
    assert block.hours == 7 * 8.0  # the last ends outside, and one has begun the day before
    assert hours_at_work(scenario) == {"team": 56.0}


def test_one_person_less_and_one_more() -> None:
    scenario = erlang(agents=PROFILE)
    block = blocks_of(scenario)[1]
    less, more = without_one(scenario, block), with_one_more(scenario, block)
    for changed, heads in ((less, 3), (more, 5)):
        found = blocks_of(changed)
        assert [b.heads for b in found if b.window == block.window] == ([heads] if heads != 3 else [])
        assert hours_at_work(changed)["team"] == hours_at_work(scenario)["team"] + (heads - 4) * block.hours
    assert blocks_of(with_one_more(less, block)) == blocks_of(scenario)
    assert week_total(less.groups["team"].agents or ()) == 3 * 10 + 3 * 35 + 2 * 8


def test_one_person_of_a_shift() -> None:
    scenario = erlang(**shifts())
    (block,) = blocks_of(scenario)
    assert [b.heads for b in blocks_of(without_one(scenario, block))] == [1]
    empty = planned(scenario, [block], (-2,))
    assert (hours_at_work(empty), blocks_of(empty)[0].heads) == ({"team": 0.0}, 0)
    with pytest.raises(ValueError, match="nobody of team"):
        without_one(empty, blocks_of(empty)[0])


def test_costs_are_paid_hours_times_pay() -> None:
    group = {"skills": ["phone"], "agents": 2, "shrinkage": "20%"}
    unpaid, paid = (erlang(days=7, groups={"team": group | pay}) for pay in ({}, {"pay": "$20/h"}))
    assert costs_of(unpaid, blocks_of(unpaid)) == (168.0 / 0.8,)
    assert costs_of(paid, blocks_of(paid)) == (168.0 / 0.8 * 20.0,)
    assert paid_hours(paid, hours_at_work(paid)) == {"team": 2 * 168.0 / 0.8}


def test_blocks_add_up_to_all_hours_of_the_library() -> None:
    scenario = scenarios.load("scenarios/library/care_loop_baseline.yaml")
    found = blocks_of(scenario)
    hours = dict.fromkeys(scenario.groups, 0.0)
    for block in found:
        hours[block.group] += block.heads * block.hours
    assert hours == pytest.approx(hours_at_work(scenario))
    assert {b.group for b in blocks_of(scenario, ["chatters"])} == {"chatters"}


def test_a_group_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match=r"no group 'teem'; did you mean 'team'"):
        blocks_of(erlang(), ["teem"])
