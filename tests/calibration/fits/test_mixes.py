"""Shares: intervals that hold the truth, shares that sum to one, times by category."""

import numpy as np
import pytest

from calibration.fits.cells import cells_of
from calibration.fits.mixes import fit_share, fit_shares, fit_times
from scenarios.problems import ReadingError
from scenarios.units import share


@pytest.mark.parametrize(("truth", "n"), [(0.05, 300), (0.3, 150)])
def test_intervals_hold_the_truth(truth: float, n: int) -> None:
    random, held = np.random.default_rng(1), 0
    for _ in range(1000):
        found = fit_share("transfers", int(random.binomial(n, truth)), n).parameter("share")
        held += int(found.low <= truth <= found.high)
    assert 0.93 <= held / 1000 <= 0.97


def test_shares_of_categories() -> None:
    found = fit_shares("severity", {"S1": 10, "S2": 90, "S3": 300, "S4": 0})
    assert [each.name for each in found.parameters] == ["S1", "S2", "S3", "S4"]
    assert found.parameter("S2").value == 0.225
    assert found.parameter("S4").low == 0.0
    assert found.distribution == {"S1": "2.5%", "S2": "22.5%", "S3": "75%"}
    assert "S3: 75% (95 %: 70.5% to 79%)" in found.summary()


def test_written_shares_sum_to_all() -> None:
    random = np.random.default_rng(2)
    for _ in range(50):
        counts = {f"c{k}": int(n) for k, n in enumerate(random.integers(0, 1000, 7))}
        written = fit_shares("cause", counts).distribution
        assert sum(round(10_000 * share(each)) for each in written.values()) == 10_000


@pytest.mark.parametrize("counts", [{}, {"a": 0}, {"a": 3, "b": -1}])
def test_what_makes_no_shares_is_told(counts: dict[str, int]) -> None:
    with pytest.raises(ReadingError, match="severity: "):
        fit_shares("severity", counts)


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (4, 3), (-1, 3)])
def test_what_is_no_share_is_told(hits: int, of: int) -> None:
    with pytest.raises(ReadingError, match="is no share"):
        fit_share("reopens", hits, of)


def test_few_are_told() -> None:
    assert [each.kind for each in fit_share("reopens", 2, 40).cautions] == ["small_sample"]
    assert fit_share("reopens", 2, 400).cautions == ()


def test_times_by_category() -> None:
    random = np.random.default_rng(3)
    cells = {"S1": cells_of(random.exponential(3600.0, 400)), "S2": cells_of([0.0]), "S3": cells_of([])}
    found = fit_times("time to resolution", cells)
    assert list(found) == ["S1"]
    assert found["S1"].what == "time to resolution, S1"
    assert found["S1"].family == "exponential"
