"""Figures as ratios: of days, cells, times of day, and over all days."""

import numpy as np
import pytest

from reports.ratios import Ratio

ABOVE = np.array([[1.0, 3.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 4.0]])
BELOW = np.array([[2.0, 4.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 8.0]])


def test_a_share_is_that_of_sums_and_unknown_of_nothing() -> None:
    ratio = Ratio(ABOVE, BELOW)
    assert ratio.by_day() == pytest.approx([4 / 6, np.nan, 6 / 10], nan_ok=True)
    cells = [[0.5, 0.75, np.nan], [np.nan] * 3, [1.0, np.nan, 0.5]]
    assert ratio.by_cell() == pytest.approx(np.array(cells), nan_ok=True)
    some = np.array([True, False, True])
    assert ratio.by_time(some) == pytest.approx([3 / 4, 3 / 4, 4 / 8])
    assert float(ratio.over(some)) == pytest.approx(10 / 16)
    assert np.isnan(float(ratio.over(np.zeros(3, bool))))


def test_a_count_is_a_mean_of_days() -> None:
    ratio = Ratio(ABOVE)
    assert ratio.by_day().tolist() == [4.0, 0.0, 6.0]
    some = np.array([True, False, True])
    assert ratio.by_time(some).tolist() == [1.5, 1.5, 2.0]
    assert float(ratio.over(some)) == 5.0
    assert float(ratio.over(np.zeros(3, bool))) == 0.0


def test_replications_come_first() -> None:
    both = Ratio(np.stack([ABOVE, 2 * ABOVE]), np.stack([BELOW, BELOW]))
    assert both.by_day()[1] == pytest.approx(2 * both.by_day()[0], nan_ok=True)
    assert both.over(np.ones(3, bool)).tolist() == pytest.approx([10 / 16, 20 / 16])
    assert both.by_time(np.ones(3, bool)).shape == (2, 3)
