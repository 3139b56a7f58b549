"""Parts of the month: what months have in common comes out, chance does not, and two months tell nothing."""

import datetime

import numpy as np
import pytest

from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.month_parts import NO_PARTS, STARTS, UNKNOWN, MonthParts, fit_month_parts, part_of
from calibration.fits.stream_fit import fit_stream

_FIRST = datetime.date(2026, 1, 1)


def _dates(days: int) -> tuple[datetime.date, ...]:
    return tuple(_FIRST + datetime.timedelta(i) for i in range(days))


def _counts(days: int, effects: Floats, seed: int, level_sd: float = 0.0) -> Floats:
    """Contacts of days that are 5 % apart beyond chance, with effects of the month's parts."""
    random = np.random.default_rng(seed)
    dates = _dates(days)
    weekday = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.4, 0.2])[[date.weekday() for date in dates]]
    factor = np.exp(effects[[part_of(date) for date in dates]])
    wander = np.exp(np.cumsum(random.normal(0.0, level_sd, days)))
    return random.poisson(1000 * weekday * factor * wander * random.gamma(400, 1 / 400, days)).astype(float)


def _fitted(days: int, effects: Floats, seed: int) -> MonthParts:
    return fit_month_parts(_dates(days), _counts(days, effects, seed), np.ones(days, bool))


def test_effects_that_months_share_come_back() -> None:
    effects = np.array([0.05, -0.05, -0.05, -0.05, 0.0, 0.10])
    found = np.array([_fitted(181, effects, seed).effects for seed in range(60)])
    # Six months of some 28 days: a part has some 28 days, each 5 % apart and 3 % by chance, and is shrunk.
    assert found.mean(axis=0) == pytest.approx(effects, abs=0.012)
    assert np.abs(found - effects).mean() < 0.012


def test_without_effects_next_to_nothing_is_found() -> None:
    found = np.array([_fitted(181, np.zeros(6), seed).effects for seed in range(60)])
    assert np.abs(found).mean() < 0.004
    assert np.median(np.abs(found).max(axis=1)) < 0.01


def test_two_months_tell_nothing() -> None:
    assert _fitted(59, np.array([0.1, 0, 0, 0, 0, -0.1]), 1) == NO_PARTS._replace(error=UNKNOWN)
    assert _fitted(59, np.zeros(6), 1).spans(_FIRST, _FIRST + datetime.timedelta(30), {}) == {}


def test_days_that_do_not_count_are_left_out() -> None:
    totals = _counts(181, np.zeros(6), 3)
    wild, usual = totals.copy(), np.ones(181, bool)
    wild[25:31], usual[25:31] = 9e6, False
    assert np.abs(fit_month_parts(_dates(181), wild, usual).effects).max() < 0.02


def test_spans_are_those_of_the_calendar() -> None:
    parts = MonthParts((0.1, 0.0, 0.0, 0.0, 0.0, -0.1), 0.01, 1.0, 3)
    found = parts.spans(datetime.date(2026, 2, 24), datetime.date(2026, 3, 2), {})
    assert found == {"2026-02-26 to 2026-02-28": 0.905, "2026-03-01 to 2026-03-02": 1.105}
    assert parts.spans(datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), {}) == {"2026-03-01": 1.105}
    assert [part_of(datetime.date(2026, 1, day)) for day in STARTS] == list(range(len(STARTS)))


def test_a_stream_expects_its_months_and_keeps_its_total() -> None:
    effects = np.array([0.1, -0.05, -0.05, -0.1, 0.0, 0.1])
    totals = _counts(181, effects, 5).astype(np.int64)
    grid = CountGrid(86_400, _dates(181), np.ones((181, 1), bool), ("calls",), totals[None, :, None])
    found = fit_stream(grid, "calls")
    expected = found.expected(grid).sum(axis=1)
    assert expected[found.usual].sum() == pytest.approx(totals[found.usual].sum(), rel=1e-6)
    ends = np.array([part_of(date) == 5 for date in grid.days]) & found.usual
    assert expected[ends].sum() == pytest.approx(totals[ends].sum(), rel=0.03)
