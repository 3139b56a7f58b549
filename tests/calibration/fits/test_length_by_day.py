"""Days on which contacts take longer: how much longer, and how sure that leaves the mean."""

import numpy as np
import pytest

from calibration.fits.cells import Cells
from calibration.fits.durations import moments
from calibration.fits.fit import Fit, Plot
from calibration.fits.length_by_day import Days, LongDays, fit_length_by_day, with_days
from tests.calibration.fits.arrival_worlds import factors, within

MEAN_S, CV, DAYS = 300.0, 0.8, 60


def fitted(seed: int, cv: float) -> tuple[Fit, Fit, LongDays]:
    """The law of 60 days with about 150 contacts each, before and after, and how days differ."""
    random = np.random.default_rng(seed)
    n = random.poisson(150, DAYS)
    long = factors(random, cv, 0.0, np.zeros(DAYS))
    times = [MEAN_S * f * random.gamma(CV**-2, CV**2, k) for f, k in zip(long, n, strict=True)]
    days = Days(
        np.arange(DAYS),
        n.astype(float),
        np.array([each.mean() for each in times]),
        np.array([each.var(ddof=1) for each in times]),
    )
    found = fit_length_by_day({"calls": days})["calls"]
    values, counts = np.unique(np.round(np.concatenate(times), 3), return_counts=True)
    cells = Cells(values, counts)
    plain = Fit("handle time", "as seen", int(n.sum()), moments(cells), (), (), {}, Plot("", "", "", ()))
    return plain, with_days(plain, days, found.cv.value), found


@pytest.mark.parametrize("cv", [0.0, 0.08])
def test_intervals_hold_the_truth(cv: float) -> None:
    held = {"plain": 0, "mean": 0, "days": 0}
    for seed in range(100):
        plain, wider, found = fitted(seed, cv)
        for name, fit in (("plain", plain), ("mean", wider)):
            mean = fit.parameter("mean")
            held[name] += within(mean.low, MEAN_S, mean.high)
        held["days"] += within(found.cv.low, cv, found.cv.high)
    # Fewer than 87 of 100 have a chance of 1 in 1,000 where each holds with 95 %.
    assert held["mean"] >= 87
    assert held["days"] >= 87
    if cv:
        assert held["plain"] < 87  # what the days have in common matters
    else:
        assert held["mean"] <= held["plain"] + 5


def test_nothing_changes_where_days_do_not_differ() -> None:
    plain, _, _ = fitted(1, 0.0)
    one = Days(np.arange(1), np.ones(1), np.ones(1), np.ones(1))
    assert with_days(plain, one, 0.0) is plain
    mean, wider = (each.parameter("mean") for each in (plain, with_days(plain, one, 0.1)))
    assert wider.se / wider.value == pytest.approx(np.hypot(mean.se / mean.value, 0.1))
    assert wider.value == mean.value
