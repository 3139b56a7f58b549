"""Both levels of over-dispersion come back, and their 95 % intervals hold them as often as they say."""

from typing import NamedTuple

import numpy as np
import pytest

from calibration.fits.stream_fit import StreamFit, fit_stream
from tests.calibration.fits.arrival_worlds import Stream, within, world

LIMIT = 4.0


class Case(NamedTuple):
    stream: Stream
    weeks: int


CASES = {
    "60 days": Case(Stream(40.0, day_cv=0.12, interval_cv=0.05), 12),
    "20 weeks": Case(Stream(200.0, day_cv=0.06, interval_cv=0.04), 20),
}
MORE = {
    **CASES,
    "very uneven": Case(Stream(40.0, day_cv=0.25, interval_cv=0.2), 12),
    "few contacts": Case(Stream(5.0, day_cv=0.2, interval_cv=0.2), 12),
    "a level that moves": Case(Stream(200.0, day_cv=0.06, interval_cv=0.04, drift=0.01), 20),
}


def fitted(case: Case, seed: int) -> StreamFit:
    return fit_stream(world(seed, (case.stream,), case.weeks, intervals=16).grid, "s0")


def held(case: Case, fits: list[StreamFit]) -> dict[str, float]:
    """The share of intervals with the truth in them."""
    truth = {"day": case.stream.day_cv, "interval": case.stream.interval_cv}
    found = {
        name: [within(getattr(each, name).low, cv, getattr(each, name).high) for each in fits]
        for name, cv in truth.items()
    }
    if case.stream.drift == 0:  # days scatter around the period's profile by their own factor alone
        found["scatter"] = [within(e.scatter.low, case.stream.day_cv, e.scatter.high) for e in fits]
    return {name: float(np.mean(each)) for name, each in found.items()}


@pytest.mark.verify
@pytest.mark.parametrize("name", ["60 days", "20 weeks"])
def test_both_levels_are_recovered(name: str) -> None:
    case = CASES[name]
    fits = [fitted(case, seed) for seed in range(200)]
    for level, share in held(case, fits).items():
        assert 0.90 <= share <= 0.99, level
    intervals = np.array([each.intervals.squared for each in fits]) / case.stream.interval_cv**2
    days = np.array([each.scatter.cv for each in fits]) ** 2 / case.stream.day_cv**2
    for squares, bias in ((intervals, 0.02), (days, 0.05)):
        error = squares.std(ddof=1) / np.sqrt(len(squares))
        assert abs(squares.mean() - 1.0) <= LIMIT * error + bias


@pytest.mark.verify
@pytest.mark.parametrize("name", MORE)
def test_intervals_hold_the_truth_as_often_as_they_say(name: str) -> None:
    case = MORE[name]
    shares = held(case, [fitted(case, 10_000 + seed) for seed in range(1000)])
    for level, share in shares.items():
        assert 0.925 <= share <= 0.975, (level, share)
