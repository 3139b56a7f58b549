"""Holidays to come are like past ones of their name, else like those on which somebody was at work."""

import datetime

import numpy as np
import pytest

from calibration.fits.holidays_ahead import holidays_ahead
from calibration.fits.special_days import SpecialDay
from calibration.fits.stream_fit import fit_stream
from tests.calibration.fits.arrival_worlds import FIRST, Stream, world

EASTER = datetime.date(2026, 4, 6)
KING = datetime.date(2026, 4, 27)
SPRING = (datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))


def past(day: str, factor: float, name: str) -> SpecialDay:
    return SpecialDay(datetime.date.fromisoformat(day), factor, name, 0.0)


def factors(special: tuple[SpecialDay, ...]) -> dict[datetime.date, float | None]:
    return {each.date: each.factor for each in holidays_ahead(special, "NL", *SPRING)}


def test_the_same_name_counts_alone() -> None:
    known = (
        past("2025-04-21", 0.4, "Easter Monday"),
        past("2024-04-01", 0.6, "Easter Monday"),
        past("2025-12-25", 0.1, "Christmas Day"),
    )
    found = factors(known)
    assert found[EASTER] == pytest.approx(0.5)
    assert found[KING] == pytest.approx((0.4 + 0.6 + 0.1) / 3)


def test_a_closed_day_tells_of_its_own_name_alone() -> None:
    known = (past("2025-04-21", 0.0, "Easter Monday"), past("2026-01-30", 0.2, ""))
    found = factors(known)
    assert found[EASTER] == 0.0
    assert found[KING] is None


def test_nothing_is_ahead_without_a_country_or_on_closed_weekdays() -> None:
    assert holidays_ahead((), None, *SPRING) == ()
    sunday = datetime.date(2026, 4, 5)
    assert sunday in factors(())
    weekdays = fit_stream(world(3, (Stream(30.0),), weeks=4).grid, "s0", "NL")
    assert {each.date for each in weekdays.holidays(*SPRING)} == set(factors(())) - {sunday}


def test_a_year_teaches_the_next_ones_holidays() -> None:
    made = world(3, (Stream(30.0, day_cv=0.05, interval_cv=0.0),), weeks=54, weekdays=6)
    counts = made.grid.counts.copy()
    first = datetime.date(FIRST.year, 12, 25)
    at = (first - FIRST).days
    assert 0 < at < counts.shape[1], "the world has a Christmas"
    counts[0, at] = np.round(counts[0, at] * 0.25)
    fit = fit_stream(made.grid._replace(counts=counts), "s0", "NL")
    day = datetime.date(FIRST.year + 1, 12, 25)
    (ahead,) = fit.holidays(day, day)
    assert ahead.factor == pytest.approx(0.25, abs=0.05)
    assert [each.date for each in ahead.like] == [first]
