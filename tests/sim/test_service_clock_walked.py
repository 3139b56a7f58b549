"""Service clocks on random weeks against an oracle that walks from minute to minute."""

import datetime
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.model import Calendar
from scenarios.week import DAY_S, HOLIDAY, Step, WeekSteps
from sim.almanac import almanac
from sim.clock import NEVER
from sim.service_clock import after_open, business_days, end_of_day, open_ticks
from sim.service_hours import spans_of
from tests.oracles import wall_clock

MINUTE = 60_000_000
DAYS = 8
# Three days before clocks change: at 02:00 or 03:00, at midnight (the day begins at 01:00, ends with 23-24
# twice, or begins with 00-01 twice), by half an hour; and where they never do.
PLACES = [
    ("Europe/Amsterdam", datetime.date(2026, 3, 26)),
    ("Europe/Amsterdam", datetime.date(2026, 10, 22)),
    ("America/New_York", datetime.date(2026, 3, 5)),
    ("America/New_York", datetime.date(2026, 10, 29)),
    ("America/Santiago", datetime.date(2026, 9, 3)),
    ("America/Santiago", datetime.date(2026, 4, 1)),
    ("America/Havana", datetime.date(2026, 10, 29)),
    ("Australia/Lord_Howe", datetime.date(2026, 4, 2)),
    ("Australia/Lord_Howe", datetime.date(2026, 10, 1)),
    ("Asia/Kolkata", datetime.date(2026, 6, 1)),
]
EDGES = [0, 15, 45, 60, 75, 90, 120, 135, 150, 165, 180, 210, 240, 360, 720, 780, 1020, 1380, 1410, 1440]


class Week(NamedTuple):
    """Random hours at a place: as spans, and as minutes watched one by one."""

    spans: np.ndarray
    minutes: wall_clock.Minutes


def _windows(edges: list[int]) -> list[tuple[int, int]]:
    """Sorted edges by twos; two windows may touch."""
    inner = sorted(edges)
    return list(zip(inner[::2], inner[1::2], strict=False))


WINDOWS = st.lists(st.sampled_from(EDGES), unique=True, max_size=7).map(_windows)


def _steps(hours: wall_clock.Hours) -> WeekSteps:
    """Hours as weekly steps; holidays that are closed say so."""
    found = [Step(kind, a * 60, b * 60, 1.0) for kind, day in hours.items() for a, b in day]
    if hours.get(HOLIDAY) == []:
        found.append(Step(HOLIDAY, 0, DAY_S, 0.0))
    return tuple(sorted(found))


@st.composite
def weeks(draw: Any) -> Week:
    zone, first = draw(st.sampled_from(PLACES))
    hours = {kind: draw(WINDOWS) for kind in range(7)}
    if draw(st.booleans()):
        hours[HOLIDAY] = draw(WINDOWS)
    off = draw(st.lists(st.integers(0, DAYS - 1), unique=True, max_size=2))
    holidays = tuple(sorted(first + datetime.timedelta(days=n) for n in off))
    calendar = Calendar(start=first, days=DAYS - 3, time_zone=zone, holidays=holidays)
    calendar = calendar.model_copy(update={"holidays": holidays})  # reading leaves out those far beyond
    minutes = wall_clock.watch(zone, first, DAYS, hours, holidays)
    return Week(spans_of(almanac(calendar, beyond=3), _steps(hours)), minutes)


def ticks(minute: int | None) -> int:
    return NEVER if minute is None else minute * MINUTE


START = st.integers(0, DAYS * 1440 - 120)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(week=weeks(), starts=st.lists(START, min_size=4, max_size=4), amount=st.integers(0, 4000))
def test_as_walked_minute_by_minute(week: Week, starts: list[int], amount: int) -> None:
    spans, minutes = week
    known = len(spans)
    for start in starts:
        at = start * MINUTE
        ran = wall_clock.open_minutes(minutes, start, start + amount)
        assert open_ticks(spans, 0, known, at, at + amount * MINUTE) == ran * MINUTE
        assert after_open(spans, 0, known, at, amount * MINUTE) == ticks(
            wall_clock.after_open(minutes, start, amount)
        )
        assert end_of_day(spans, 0, known, at) == ticks(wall_clock.end_of_day(minutes, start))
        for n in range(4):
            found = business_days(spans, 0, known, at, n)
            assert found == ticks(wall_clock.business_days(minutes, start, n))


@settings(derandomize=True, deadline=None, max_examples=400)
@given(week=weeks(), start=st.integers(0, DAYS * 1440 * MINUTE), amount=st.integers(1, 4000 * MINUTE))
def test_time_that_has_run_is_the_amount(week: Week, start: int, amount: int) -> None:
    """To the tick, and a tick earlier it is a tick less; moments lie within opening hours."""
    spans, _ = week
    known = len(spans)
    end = after_open(spans, 0, known, start, amount)
    if end == NEVER:
        assert open_ticks(spans, 0, known, start, NEVER) < amount
    else:
        assert open_ticks(spans, 0, known, start, end) == amount
        assert open_ticks(spans, 0, known, start, end - 1) == amount - 1


@pytest.mark.parametrize(("zone", "first"), PLACES)
def test_the_oracle_sees_every_minute(zone: str, first: datetime.date) -> None:
    """As many minutes as the days have, in order, and each place changes its clocks as is said above."""
    seen = wall_clock.shown(zone, first, DAYS)
    days = almanac(Calendar(start=first, days=DAYS - 3, time_zone=zone), beyond=3)
    assert len(seen) * 60 == days.end
    changes = {end - start for start, end in zip(days.midnights, days.midnights[1:], strict=False)}
    assert (changes == {DAY_S}) == (zone == "Asia/Kolkata")
