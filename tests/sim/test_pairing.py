"""Differences of two versions: the formula against plain statistics, and coverage."""

from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import scenarios
from sim.experiment import run_together
from sim.pairing import Samples, independent, paired, samples_of

Floats = NDArray[np.float64]
KEY: Final = ("measure", "all", "all")
FALSE_ALARM: Final = 4.0  # standard errors: one in 16,000


def of(above: Floats, below: Floats) -> Samples:
    return Samples((KEY,), above[:, None], below[:, None])


def drawn(seed: int, n: int, m: int | None = None) -> tuple[Samples, Samples]:
    """Two ratios with a common cause; the second has m replications."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=max(n, m or n))

    def one(size: int, shift: float) -> Samples:
        below = 50 + 5 * common[:size] + rng.gamma(4.0, size=size)
        return of(below * (shift + 0.05 * common[:size] + 0.02 * rng.normal(size=size)), below)

    return one(n, 0.4), one(m or n, 0.5)


def ratio(samples: Samples) -> float:
    return float(samples.above.sum() / samples.below.sum())


def residuals_one_by_one(samples: Samples) -> list[float]:
    r, mean = ratio(samples), float(samples.below.mean())
    rows = zip(samples.above[:, 0], samples.below[:, 0], strict=True)
    return [(float(a) - r * float(b)) / mean for a, b in rows]


@pytest.mark.parametrize("n", [2, 3, 30])
def test_paired_is_the_formula(n: int) -> None:
    first, second = drawn(n, n)
    gap = paired(first, second)
    one, two = residuals_one_by_one(first), residuals_one_by_one(second)
    squares = sum((b - a) ** 2 for a, b in zip(one, two, strict=True))
    se = (squares / (n - 1) / n) ** 0.5
    assert (gap.first[0], gap.second[0]) == pytest.approx((ratio(first), ratio(second)), rel=1e-12)
    assert gap.se[0] == pytest.approx(se, rel=1e-9)
    assert gap.half[0] == pytest.approx(stats.t.ppf(0.975, n - 1) * se, rel=1e-9)
    apart = [sum(e * e for e in each) / (n - 1) / n for each in (one, two)]
    assert gap.narrower[0] == pytest.approx(sum(apart) ** 0.5 / se, rel=1e-9)


def test_paired_agrees_with_the_jackknife() -> None:
    """An estimate of the same error that knows nothing of the formula."""
    first, second = drawn(7, 200)

    def without(samples: Samples) -> Floats:
        found: Floats = (samples.above.sum() - samples.above) / (samples.below.sum() - samples.below)
        return found

    left = without(second) - without(first)
    jackknife = np.sqrt(199 / 200 * ((left - left.mean()) ** 2).sum())
    assert paired(first, second).se[0] == pytest.approx(jackknife, rel=0.02)


def test_plain_means_are_the_paired_t_test() -> None:
    rng = np.random.default_rng(8)
    a, ones = rng.normal(10.0, 2.0, 25), np.ones(25)
    b = a + rng.normal(1.0, 0.3, 25)
    gap = paired(of(a, ones), of(b, ones))
    expected = stats.ttest_rel(b, a).confidence_interval(0.95)
    middle = float((gap.second - gap.first)[0])
    assert (middle - gap.half[0], middle + gap.half[0]) == pytest.approx((expected.low, expected.high))
    assert gap.narrower[0] > 5


def test_independent_means_are_welchs_test() -> None:
    rng = np.random.default_rng(9)
    a, b = rng.normal(10.0, 2.0, 25), rng.normal(11.0, 5.0, 40)
    gap = independent(of(a, np.ones(25)), of(b, np.ones(40)))
    expected = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    middle = float((gap.second - gap.first)[0])
    assert (middle - gap.half[0], middle + gap.half[0]) == pytest.approx((expected.low, expected.high))
    assert np.isnan(gap.narrower[0])


def test_the_same_is_exactly_nothing() -> None:
    first, _ = drawn(10, 30)
    gap = paired(first, first)
    assert (gap.second - gap.first)[0] == gap.se[0] == gap.half[0] == 0
    assert np.isnan(gap.narrower[0])


def test_what_never_varies_has_no_error() -> None:
    """0.1 and 0.3 are not exact in binary: deviations from a rounded mean would leave a trace."""
    first, second = of(np.full(30, 0.1), np.full(30, 0.3)), of(np.full(30, 0.7), np.full(30, 0.3))
    for gap in (paired(first, second), independent(first, second)):
        assert gap.se[0] == gap.half[0] == 0
        assert (gap.second - gap.first)[0] == pytest.approx(2.0)


def test_a_value_in_one_replication_of_a_version_has_no_error() -> None:
    """However sure the other one is."""
    known, ones = np.array([0.0, 3.0, 0.0, 0.0]), np.ones(4)
    for gap in (
        paired(of(2 * ones, ones), of(6 * known, known)),
        paired(of(6 * known, known), of(2 * ones, ones)),
        independent(of(2 * ones, ones), of(6 * known, known)),
    ):
        assert {float(gap.first[0]), float(gap.second[0])} == {2.0, 6.0}
        assert np.isnan([gap.se[0], gap.half[0], gap.narrower[0]]).all()
    both = np.array([0.0, 3.0, 0.0, 5.0])
    assert paired(of(2 * ones, ones), of(6 * both, both)).half[0] == 0


def test_nothing_below_and_one_replication() -> None:
    zeros = of(np.zeros(5), np.zeros(5))
    assert np.isnan(paired(zeros, zeros)).all()
    one, other = drawn(11, 1)
    gap = paired(one, other)
    assert not np.isnan(gap.first[0])
    assert np.isnan([gap.se[0], gap.half[0]]).all()
    assert np.isnan(independent(*drawn(11, 1, 30)).half[0])


# Coverage: one long experiment, cut into many small ones.

DAY: Final = {
    "careloop": 1,
    "name": "half a day",
    "service_level": "offered",
    "calendar": {"start": "2026-03-02", "days": 1},
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "8 per 30 min", "busyness": {"day": {"cv": "20%"}}},
            "handle_time": {"exponential": "6 min"},
        }
    },
    "queues": {"phone": {"target": "80% in 20 s", "patience": {"exponential": "4 min"}}},
    "groups": {"team": {"skills": ["phone"], "agents": 3}},
}


def versions(replications: int) -> tuple[Samples, Samples]:
    """More calls, each of them shorter."""
    changed = {"queue": "phone", "arrivals": {"rate": "10 per 30 min", "busyness": {"day": {"cv": "20%"}}}}
    other = DAY | {"streams": {"calls": changed | {"handle_time": {"exponential": "4 min"}}}}
    pair = [scenarios.from_dict(each) for each in (DAY, other)]
    one, two = (samples_of(each.samples) for each in run_together(pair, replications, seed=2))
    return one, two


# What the differences are: 2 calls more in each half hour, each 2 minutes shorter.
TRUTH: Final = {("offered", "queue", "phone"): 96.0, ("aht", "queue", "phone"): -120.0}


def covered(one: Samples, two: Samples, size: int, truth: dict[tuple[str, str, str], float]) -> Floats:
    """How many experiments of some replications have the truth in their interval: a share a measure."""
    keys = list(truth)
    one, two = (each.of(keys, len(each.above)) for each in (one, two))
    hits = []
    for start in range(0, len(one.above) - size + 1, size):
        part = slice(start, start + size)
        gap = paired(*(Samples(each.keys, each.above[part], each.below[part]) for each in (one, two)))
        hits.append(np.abs(gap.second - gap.first - np.array(list(truth.values()))) <= gap.half)
    found: Floats = np.mean(hits, axis=0)
    return found


def test_the_known_difference_is_in_nineteen_of_twenty_intervals() -> None:
    one, two = versions(600)
    found = covered(one, two, 10, TRUTH)
    assert np.abs(found - 0.95).max() < FALSE_ALARM * (0.95 * 0.05 / 60) ** 0.5
    whole = paired(*(each.of(list(TRUTH), 600) for each in (one, two)))
    z = (whole.second - whole.first - np.array(list(TRUTH.values()))) / whole.se
    assert np.abs(z).max() < FALSE_ALARM


@pytest.mark.verify
def test_coverage_in_full() -> None:
    """Ratios and waits too; what they truly are is taken from all 6,000 replications together.

    That truth has an error of its own, of a fourteenth (10 replications) or an eighth (30) of an interval,
    and sums of a few skewed days are not quite normal: together they may cost two points.
    """
    one, two = versions(6_000)
    more = [(m, "queue", "phone") for m in ("service_level", "abandonment", "asa", "delayed", "mean_queue")]
    whole = paired(*(each.of(more, 6_000) for each in (one, two)))
    truth = TRUTH | dict(zip(more, (whole.second - whole.first).tolist(), strict=True))
    for size in (10, 30):
        found = covered(one, two, size, truth)
        slack = FALSE_ALARM * (0.95 * 0.05 / (6_000 // size)) ** 0.5
        assert np.abs(found[:2] - 0.95).max() < slack
        assert (found[2:] > 0.95 - slack - 0.02).all()
        assert (found[2:] < 0.95 + slack).all()
