"""The factor of days on which contacts take longer: by hand, its coverage, what streams have in common."""

import math
from typing import Final

import numpy as np
import pytest

from calibration.fits.length_by_day import Days, fit_length_by_day
from tests.seeds import seeds

_MEAN_S: Final = 300.0


def days_of(draw: np.random.Generator, factors: np.ndarray, contacts: np.ndarray, cv: float = 0.8) -> Days:
    """Days with these factors of mean 1, of contacts with gamma times."""
    shape = 1 / cv**2
    times = [draw.gamma(shape, _MEAN_S * f / shape, n) for f, n in zip(factors, contacts, strict=True)]
    return Days(
        np.arange(len(factors)),
        contacts.astype(float),
        np.array([each.mean() for each in times]),
        np.array([each.var(ddof=1) if len(each) > 1 else 0.0 for each in times]),
    )


def factors_of(draw: np.random.Generator, cv: float, days: int) -> np.ndarray:
    return draw.gamma(1 / cv**2, cv**2, days)


@pytest.mark.parametrize("of", seeds(1, 3))
def test_its_interval_holds_the_truth(of: int) -> None:
    cv, days, contacts = [(0.2, 22, 60), (0.1, 30, 200), (0.05, 60, 300)][of]
    """In 90 to 99 % of 200 repetitions; days differ in size by a factor of three.

    The variance around the mean of all is unbiased; of that around a level some is taken for wandering.
    """
    inside, found, around = 0, [], []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        sizes = draw.integers(contacts // 2, contacts * 3 // 2, days)
        told = fit_length_by_day({"a": days_of(draw, factors_of(draw, cv, days), sizes)})["a"]
        inside += told.cv.low <= cv <= told.cv.high
        found.append(told.total_cv)
        around.append(told.cv.value)
    assert 180 <= inside <= 198
    assert float(np.mean(np.square(found))) == pytest.approx(cv**2, rel=0.1)
    assert 0.8 * cv**2 < float(np.mean(np.square(around))) < 1.02 * cv**2


def test_days_that_are_alike_are_told_to_be() -> None:
    """Where nothing differs the interval begins at nothing, in 95 % and more of 200 repetitions."""
    touches = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        told = fit_length_by_day({"a": days_of(draw, np.ones(30), np.full(30, 100))})["a"].cv
        touches += told.low == 0.0
        assert told.value < 0.1
    assert touches >= 190


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_what_streams_have_in_common(correlation: float) -> None:
    """Normal factors of 10 %, with a part in common, over 400 days."""
    draw = np.random.default_rng(7)
    common = draw.normal(0.0, 1.0, 400)
    streams = {}
    for name in ("a", "b", "c"):
        own = draw.normal(0.0, 1.0, 400)
        z = math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own
        streams[name] = days_of(draw, np.maximum(1.0 + 0.1 * z, 0.2), np.full(400, 150))
    found = fit_length_by_day(streams)
    for each in found.values():
        assert each.correlation == pytest.approx(correlation, abs=0.1)
        assert each.cv.value == pytest.approx(0.1, rel=0.15)
        assert each.days == 400


def test_by_hand() -> None:
    """Six days of ten: means 90 and 110 in turn, variance 100. Between: 600 · 1/5 · 20 ... = 110."""
    days = Days(np.arange(6), np.full(6, 10.0), np.array([90.0, 110.0] * 3), np.full(6, 100.0))
    found = fit_length_by_day({"a": days})["a"]
    among = 10 * 6 * 10.0**2 / 5  # mean square between days
    assert found.cv.value == pytest.approx(math.sqrt((among - 100.0) / 10) / 100.0)
    assert 0.0 < found.cv.low < found.cv.value < found.cv.high


@pytest.mark.parametrize(
    "days",
    [
        Days(np.arange(0), np.zeros(0), np.zeros(0), np.zeros(0)),
        Days(np.arange(4), np.full(4, 50.0), np.arange(100.0, 104.0), np.full(4, 9.0)),
        Days(np.arange(40), np.full(40, 4.0), np.arange(100.0, 140.0), np.full(40, 9.0)),  # too few a day
        Days(np.arange(9), np.full(9, 50.0), np.full(9, 100.0), np.zeros(9)),  # all times are the same
    ],
    ids=["nothing", "four days", "four a day", "no variation"],
)
def test_too_little_is_no_factor(days: Days) -> None:
    found = fit_length_by_day({"a": days})["a"]
    assert (found.cv.value, found.correlation, found.days) == (0.0, 0.0, 0)
    assert math.isnan(found.cv.low)


def test_streams_on_different_days_have_nothing_in_common() -> None:
    draw = np.random.default_rng(3)
    one, other = (days_of(draw, factors_of(draw, 0.2, 30), np.full(30, 99)) for _ in range(2))
    found = fit_length_by_day({"a": one, "b": other._replace(day=other.day + 100)})
    assert [each.correlation for each in found.values()] == [0.0, 0.0]
