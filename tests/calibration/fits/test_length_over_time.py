"""Handle times by weekday and over weeks: what is there is found, and what is not is hardly ever seen."""

import math

import numpy as np
import pytest

from calibration.fits.length_by_day import Days, LongDays, fit_length_by_day
from calibration.fits.length_by_weekday import fit_by_weekday, weekday
from scenarios.weekday_factors import ALIKE

MONDAY = 20_458  # 2026-01-05, in days since 1970
MEAN_S, CV = 300.0, 0.8


def days_of(
    seed: int,
    weeks: int = 12,
    weekdays: tuple[float, ...] = ALIKE,
    day_cv: float = 0.04,
    drift: float = 0.0,
    persistence: float = 1.0,
) -> tuple[Days, np.ndarray]:
    """Days with about 200 contacts (20 on Saturdays, none on Sundays), and the level of each."""
    random = np.random.default_rng(seed)
    day = np.array([d for d in range(7 * weeks) if d % 7 != 6])
    level, at = np.zeros(7 * weeks), 0.0
    for d in range(7 * weeks):
        at = persistence * at + drift * random.normal()
        level[d] = at
    n = np.maximum(random.poisson(np.where(day % 7 == 5, 20, 200)), 5)
    mean = (
        MEAN_S
        * np.array(weekdays)[day % 7]
        * np.exp(level[day])
        * random.gamma(day_cv**-2, day_cv**2, len(day))
    )
    times = [random.gamma(CV**-2, m * CV**2, k) for m, k in zip(mean, n, strict=True)]
    found = Days(
        MONDAY + day,
        n.astype(float),
        np.array([each.mean() for each in times]),
        np.array([each.var(ddof=1) for each in times]),
    )
    return found, level


def fitted(days: Days) -> LongDays:
    return fit_length_by_day({"calls": days})["calls"]


def test_the_weekday_of_a_day() -> None:
    assert weekday(np.array([MONDAY, MONDAY + 5, MONDAY + 6])).tolist() == [0, 5, 6]


def test_factors_of_weekdays_come_back() -> None:
    truth = np.array([1.05, 0.97, 1.0, 1.0, 1.0, 0.75, 1.0])
    found = []
    for seed in range(20):
        days, _ = days_of(seed, weekdays=tuple(truth.tolist()))
        factors = np.array(fitted(days).by_weekday.factors)
        assert float(days.n @ factors[weekday(days.day)]) / days.n.sum() == pytest.approx(1.0, abs=1e-9)
        assert factors[6] == 1.0  # never seen
        found.append(factors / factors[2])
    # The error of a weekday's mean is 2 %, of 20 means a quarter of that; of Saturdays, which have a tenth of
    # the contacts, it is 6 %, so that they are shrunk by a quarter.
    assert np.mean(found, axis=0)[:5] == pytest.approx(truth[:5], abs=0.02)
    assert 0.75 < np.mean(found, axis=0)[5] < 0.85


def test_weekdays_that_are_alike_have_no_factors() -> None:
    seen = sum(fitted(days_of(seed)[0]).by_weekday.factors != ALIKE for seed in range(100))
    assert seen <= 6  # more than 6 of 100 at 1 % are a chance of 1 in 10,000


def test_too_few_days_tell_nothing_of_weekdays() -> None:
    one_week = np.arange(MONDAY, MONDAY + 6)
    means = np.array([100.0, 300.0, 200.0, 100.0, 500.0, 200.0])
    assert fit_by_weekday(one_week, np.full(6, 50.0), means, 100.0, 0.0).factors == ALIKE


def test_days_differ_around_their_weekday() -> None:
    """What weekdays differ by is no scatter of days."""
    weekdays = (1.05, 0.97, 1.0, 1.0, 1.0, 0.75, 1.0)
    cvs = [fitted(days_of(seed, weekdays=weekdays)[0]).cv.value for seed in range(20)]
    assert np.mean(cvs) == pytest.approx(0.04, abs=0.008)


def test_the_next_weeks_lie_in_their_interval() -> None:
    """Levels that wander in either way; without the level's error most weeks would lie outside."""
    inside, naive = [], []
    for seed in range(40):
        days, level = days_of(seed, weeks=14, drift=0.012, persistence=1.0 if seed % 2 else 0.93)
        rows = days.day < MONDAY + 70
        past = Days(days.day[rows], days.n[rows], days.mean_s[rows], days.variance[rows])
        found = fitted(past)
        assert found.level is not None
        ahead = found.level.over(2, 29)
        base = float(past.n @ np.exp(level[past.day - MONDAY])) / past.n.sum()
        truth = np.exp(level[70:98]).mean() / base
        inside.append(abs(math.log(truth / ahead.factor)) <= 1.645 * math.sqrt(math.log1p(ahead.cv**2)))
        naive.append(abs(math.log(truth)) <= 1.645 * found.cv.se)
    # Fewer than 31 of 40 have a chance of 1 in 100 where each lies inside with 90 %.
    assert sum(inside) >= 31
    assert sum(naive) <= 20


def test_where_nothing_wanders_the_level_is_one() -> None:
    found = [fitted(days_of(seed)[0]) for seed in range(20)]
    ahead = [each.level.over(1, 28) for each in found if each.level]
    assert len(ahead) == 20
    assert np.mean([each.factor for each in ahead]) == pytest.approx(1.0, abs=0.01)
    assert np.median([each.cv for each in ahead]) < 0.03


def test_few_weeks_tell_no_level() -> None:
    assert fitted(days_of(1, weeks=2)[0]).level is None
