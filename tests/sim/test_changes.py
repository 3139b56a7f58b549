"""Changed scenarios: only what is meant to change does."""

import datetime
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scenarios
from scenarios.model import Calendar, Group, Scenario, Shift, WeekSteps
from scenarios.related import heads_of
from scenarios.week import DAY_S, HOLIDAY, SUNDAY, Step, Window
from sim.almanac import almanac, means
from sim.experiment import run_scenario
from sim.explain.changes import changed_steps, mean_heads, with_people
from sim.explain.parts import component, linked
from sim.explain.spot import find_spot, read_when
from sim.explain.watch import Chances, horizon_bins, interval_bins, observe

TEN = Window(36_000, 37_800)
SOME = tuple(Step(day, 8 * 3600, 12 * 3600, 3.0) for day in range(7))
SHORT = (Step(0, 36_900, 39_600, 2.0), Step(SUNDAY, 0, DAY_S, 1.0))


def _means(steps: WeekSteps) -> np.ndarray:
    """By quarter of an hour over two weeks, with a holiday on a Wednesday."""
    calendar = Calendar(
        start=datetime.date(2026, 3, 2), days=14, interval=900.0, holidays=(datetime.date(2026, 3, 4),)
    )
    return means(almanac(calendar), steps).reshape(14, -1)


@pytest.mark.parametrize("steps", [SOME, SHORT, ()])
@pytest.mark.parametrize("kinds", [(0,), (SUNDAY,), (HOLIDAY,), tuple(range(8)), ()])
def test_steps_change_within_the_window_alone(steps: WeekSteps, kinds: tuple[int, ...]) -> None:
    before, after = _means(steps), _means(changed_steps(steps, kinds, TEN, lambda value: 2 * value + 1))
    days = [HOLIDAY if day == 2 else day % 7 for day in range(14)]
    inside = np.zeros(before.shape, bool)
    inside[[day in kinds for day in days], 40:42] = True
    np.testing.assert_allclose(after, np.where(inside, 2 * before + 1, before))


def early(*days: int) -> Shift:
    return Shift(agents=3, days=days, start_s=28_800, end_s=43_200)


WEEK = tuple(range(7))
OVERNIGHT = Shift(agents=1, days=WEEK, start_s=80_000, end_s=90_000)


@pytest.mark.parametrize(
    ("group", "days"),
    [
        (Group(skills=(("q",),), agents=SOME), 3),  # two Mondays and a holiday
        (Group(skills=(("q",),), shifts=(early(*WEEK, HOLIDAY),)), 3),
        (Group(skills=(("q",),), shifts=(early(*WEEK), OVERNIGHT)), 5),  # and the Sundays that it is like
    ],
)
def test_people_are_added_or_raised_to_a_number(group: Group, days: int) -> None:
    more = with_people(group, (0, HOLIDAY), TEN, least=0.0, more=2.0)
    raised = with_people(group, (0, HOLIDAY), TEN, least=4.0)
    assert (_totals(more) - _totals(group)).sum() == pytest.approx(days * 2 * 2)
    assert (_totals(raised) - _totals(group)).sum() == pytest.approx(days * 2 * 1)
    assert mean_heads(more, 0, TEN) == 5
    assert mean_heads(more, HOLIDAY, TEN) == 5
    assert mean_heads(more, 1, TEN) == 3


def _totals(group: Group) -> np.ndarray:
    """People at work by quarter of an hour: shifts overlap, and are added up."""
    return _means(heads_of(group))


TWO = """\
careloop: 1
name: Two teams that have nothing to do with each other
service_level: offered
calendar: {start: 2026-03-02, days: 3}
streams:
  calls:
    queue: phone
    arrivals: {rate: 30 per h, busyness: {day: {cv: 20%, correlation: 50%}}}
    handle_time: {exponential: 5 min}
  mails: {queue: mail, arrivals: {rate: 10 per h}, handle_time: {exponential: 9 min}}
  chats:
    queue: chat
    arrivals: {rate: 20 per h, busyness: {day: {cv: 20%, correlation: 50%}}}
    handle_time: {exponential: 5 min}
queues:
  phone:
    target: 80% in 20 s
    patience: {exponential: 4 min}
    retry: {share: 40%, after: {exponential: 15 min}}
  mail: {channel: email, target: 90% in 4 h}
  chat: {channel: chat, target: 90% in 60 s}
groups:
  both: {skills: [phone, mail], agents: 5}
  chatters: {skills: [chat], agents: 2, concurrency: {chats: 2, slowdown: [1.0, 1.2]}}
targets: ["phone asa <= 30 s"]
"""


@pytest.fixture(scope="module")
def two() -> Scenario:
    return scenarios.loads(TWO)


def test_a_component_is_all_that_matters_to_a_queue(two: Scenario) -> None:
    """Its figures are the very same without the rest."""
    assert linked(two, "phone") == {"phone", "mail"}
    alone = component(two, "phone")
    assert set(alone.groups) == {"both"}
    assert set(alone.streams) == {"calls", "mails"}
    seen = [observe(each, horizon_bins(two), Chances(5, 4)) for each in (two, alone)]
    for measure in ("service_level", "offered", "mean_queue", "abandonment"):
        one, other = (each.samples(measure, "queue", ("phone",), 0) for each in seen)
        np.testing.assert_array_equal(one.above, other.above)
        np.testing.assert_array_equal(one.below, other.below)


def test_what_is_observed_is_what_a_run_finds(two: Scenario) -> None:
    """Over the horizon, and in one interval of one day."""
    result = run_scenario(two, replications=4, seed=5)
    whole = observe(two, horizon_bins(two), Chances(5, 4))
    found = {row[:3]: row[3:] for row in _rows(result.measures, "mean", "high")}
    for measure, scope, name in (
        ("service_level", "queue", "phone"),
        ("asa", "queue", "chat"),
        ("on_duty", "group", "both"),
    ):
        seen = whole.estimate(measure, scope, (name,), 0)
        mean, high = found[measure, scope, name]
        assert seen.mean == pytest.approx(mean, rel=1e-12)
        assert seen.half == pytest.approx(high - mean, rel=1e-9, abs=1e-12)
    spot = find_spot(two, "phone", read_when("2026-03-03T10:30"))
    seen_there = observe(two, interval_bins(spot, 2), Chances(5, 4, workers=1))
    at = {row[:4]: row[4] for row in _rows(result.intervals, "interval", "mean")}
    for measure in ("service_level", "offered", "mean_queue"):
        for place, clock in ((1, "10:00"), (2, "10:30")):
            mean = at[measure, "queue", "phone", f"2026-03-03T{clock}:00+00:00"]
            assert seen_there.estimate(measure, "queue", ("phone",), place).mean == pytest.approx(mean)


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Measure, scope and name of each row, and some columns more."""
    return zip(*(frame[c].tolist() for c in ("measure", "scope", "name", *columns)), strict=True)


def test_people_of_two_groups_are_one_staff(two: Scenario) -> None:
    whole = observe(two, horizon_bins(two), Chances(5, 2))
    assert whole.estimate("on_duty", "group", ("both", "chatters"), 0).mean == pytest.approx(7)
    parts = [whole.samples("occupancy", "group", (name,), 0) for name in ("both", "chatters")]
    busy = sum(each.above.sum() for each in parts) / sum(each.below.sum() for each in parts)
    assert whole.estimate("occupancy", "group", ("both", "chatters"), 0).mean == pytest.approx(busy)
