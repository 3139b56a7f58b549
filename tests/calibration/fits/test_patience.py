"""Patience: curve and bands by hand, laws under heavy censoring, those who leave at once, few who leave."""

import math
from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from scipy import stats

from calibration.fits.cells import Waits, waits_of
from calibration.fits.fit import Fit
from calibration.fits.intervals import rate_interval, share_interval
from calibration.fits.kaplan_meier import hazard, median_s, survival
from calibration.fits.patience import fit_patience
from calibration.fits.patience_plot import hazard_plot
from scenarios.distributions import Distribution, read_patience
from scenarios.fields import Door

from .laws import DURATIONS, PATIENCE, Known, censored

HAND: Final = waits_of([5, 10, 10, 20, 30], [True, False, True, False, True])


def kinds(found: Fit) -> set[str]:
    return {each.kind for each in found.cautions}


def read(found: Fit) -> Distribution:
    return read_patience(found.distribution, Door())


def of(*seen: tuple[float, int, int]) -> Waits:
    """A table of (wait, gave up, answered)."""
    values, left, answered = np.array(seen or np.zeros((0, 3)), float).T
    return Waits(values, left.astype(np.int64), answered.astype(np.int64))


def test_curve_and_errors_by_hand() -> None:
    """Five wait: one gives up at 5, one of four at 10, where the answered counts, the last at 30."""
    curve = survival(HAND)
    assert list(curve.left) == pytest.approx([4 / 5, 3 / 5, 0.0])
    greenwood = [1 / (5 * 4), 1 / (5 * 4) + 1 / (4 * 3)]
    assert list(curve.se[:2]) == pytest.approx(
        [s * math.sqrt(g) for s, g in zip((0.8, 0.6), greenwood, strict=True)]
    )
    spread = 1.959964 * math.sqrt(greenwood[1]) / abs(math.log(0.6))
    assert curve.low[1] == pytest.approx(0.6 ** math.exp(spread), rel=1e-6)
    assert curve.high[1] == pytest.approx(0.6 ** math.exp(-spread), rel=1e-6)
    assert list(curve.at([0, 5, 9.9, 10, 29, 30, 99])) == pytest.approx([1, 0.8, 0.8, 0.6, 0.6, 0, 0])
    assert median_s(curve)[0] == 30.0


def test_curve_is_that_of_scipy() -> None:
    waits = censored(PATIENCE[3], np.random.default_rng(1), 2000, 60.0)
    curve = survival(waits)
    ended, cut = (np.repeat(waits.values_s, n) for n in (waits.gave_up, waits.answered))
    theirs = stats.ecdf(stats.CensoredData(uncensored=ended, right=cut)).sf
    assert curve.at(theirs.quantiles) == pytest.approx(theirs.probabilities)
    with pytest.warns(RuntimeWarning, match="undefined"):  # before the first one gives up
        band = theirs.confidence_interval(method="log-log")
    at = np.searchsorted(theirs.quantiles, curve.seconds)
    inner = curve.left > 0
    assert curve.low[inner] == pytest.approx(band.low.probabilities[at][inner])
    assert curve.high[inner] == pytest.approx(band.high.probabilities[at][inner])


def test_bands_hold_the_truth_nineteen_times_in_twenty() -> None:
    law, held = PATIENCE[0], 0
    for seed in range(400):
        curve = survival(censored(law, np.random.default_rng(seed), 400, 120.0))
        at = np.searchsorted(curve.seconds, 150.0, side="right") - 1
        held += int(curve.low[at] <= math.exp(-150.0 / 480.0) <= curve.high[at])
    assert 0.92 <= held / 400 <= 0.98


def test_median_interval_holds_the_truth() -> None:
    truth, held = 480.0 * math.log(2), 0
    for seed in range(300):
        _, low, high = median_s(survival(censored(PATIENCE[0], np.random.default_rng(seed), 300, 600.0)))
        held += int(low <= truth <= high)
    assert 0.92 <= held / 300 <= 0.98


def test_hazard_by_hand() -> None:
    """One band: three gave up in 75 s waited; the rate is by hour."""
    (band,) = hazard(HAND)
    assert (band.start_s, band.end_s, band.gave_up, band.waited_s) == (0.0, 30.0, 3, 75.0)
    assert band.per_hour == pytest.approx(3 / 75 * 3600)
    assert band.low_per_hour == pytest.approx(stats.chi2.ppf(0.025, 6) / 2 / 75 * 3600)
    assert band.high_per_hour == pytest.approx(stats.chi2.ppf(0.975, 8) / 2 / 75 * 3600)


def test_bands_of_the_hazard_make_up_all_of_it() -> None:
    waits = censored(PATIENCE[4], np.random.default_rng(2), 5000, 60.0)
    bands = hazard(waits)
    assert len(bands) == 12
    assert sum(each.gave_up for each in bands) == waits.gave_up.sum()
    until = np.minimum(waits.values_s, bands[-1].end_s)
    assert sum(each.waited_s for each in bands) == pytest.approx(until @ (waits.gave_up + waits.answered))
    assert all(a.end_s == b.start_s for a, b in pairwise(bands))
    assert bands[0].per_hour > 2 * bands[-1].per_hour  # the impatient go first


def test_intervals_of_shares_and_rates_are_known() -> None:
    assert share_interval(3, 10) == pytest.approx(
        (0.3, *stats.binomtest(3, 10).proportion_ci(method="wilson"))
    )
    assert share_interval(0, 10)[:2] == (0.0, 0.0)
    assert share_interval(10, 10)[2] == 1.0
    assert math.isnan(share_interval(0, 0)[0])
    assert rate_interval(0, 2.0) == pytest.approx((0.0, 0.0, -math.log(0.025) / 2.0))


@pytest.mark.parametrize("law", PATIENCE, ids=lambda law: law.family)
def test_the_chosen_law_is_near_to_the_truth_where_it_is_seen(law: Known) -> None:
    """Which family it is cannot be told from the first tenth of patience; how many give up by when can."""
    truth = np.sort(law.draw(np.random.default_rng(0), 400_000))
    for seed in range(3):
        found = fit_patience("x", censored(law, np.random.default_rng(seed), 20_000, 30.0))
        assert {"heavy_censoring", "tail_guessed", "naive_mean"} <= kinds(found)
        line = found.plot.traces[1]
        at = np.array(line.x) < 90.0
        left = 1.0 - np.searchsorted(truth, np.array(line.x)[at]) / len(truth)
        assert np.abs(np.array(line.y)[at] - left).max() < 0.015


CLEAR: Final = (PATIENCE[0], *(law for law in DURATIONS if law.family not in ("exponential", "erlang")))


@pytest.mark.parametrize("law", CLEAR, ids=lambda law: law.family)
def test_the_family_is_found_where_most_of_it_is_seen(law: Known) -> None:
    waits = [censored(law, np.random.default_rng(seed), 5000, 900.0) for seed in range(4)]
    names = Counter(fit_patience("x", each).family for each in waits)
    assert names[law.family] >= 3, names


def test_naive_mean_is_shown_and_wrong() -> None:
    found = fit_patience("patience of calls", censored(PATIENCE[0], np.random.default_rng(1), 20_000, 30.0))
    good = dict(found.goodness)
    assert good["naive_mean_s"] == pytest.approx(1 / (1 / 480 + 1 / 30), rel=0.1)  # the shorter of the two
    assert found.parameter("mean").low < 480.0 < found.parameter("mean").high
    assert "the patient are missing" in found.summary()
    assert good["censored"] > 0.9


@pytest.mark.parametrize("rounded", [False, True], ids=["exact", "whole seconds"])
def test_who_leaves_at_once_is_a_share_of_its_own(rounded: bool) -> None:
    held = 0
    for seed in range(80):
        random = np.random.default_rng(seed)
        patience = np.where(random.random(600) < 0.04, 0.0, random.exponential(200.0, 600))
        answer = random.exponential(60.0, 600)
        waits = np.round(np.minimum(patience, answer), 0 if rounded else 1)
        found = fit_patience("x", waits_of(waits, patience < answer))
        balk = found.parameter("balk")
        held += int(balk.low <= 0.04 <= balk.high)
        assert read(found).balk == pytest.approx(balk.value, abs=1e-5)
    assert 0.88 <= held / 80 <= 1.0


def test_half_a_second_is_not_leaving_at_once() -> None:
    """In whole seconds a few waits are zero though nobody balks; the law says so of half a second."""
    random = np.random.default_rng(3)
    patience, answer = random.exponential(60.0, 30_000), random.exponential(60.0, 30_000)
    waits = waits_of(np.minimum(patience, answer).round(), patience < answer)
    assert waits.gave_up[0] > 100
    found = fit_patience("x", waits)
    assert read(found).balk < 0.002
    assert found.parameter("balk").low == 0.0


def test_who_was_answered_at_once_tells_nothing() -> None:
    waits = censored(PATIENCE[1], np.random.default_rng(4), 3000, 60.0)
    more = Waits(
        np.append(0.0, waits.values_s),
        np.append(0, waits.gave_up).astype(np.int64),
        np.append(10**6, waits.answered).astype(np.int64),
    )
    assert fit_patience("x", more) == fit_patience("x", waits)


def test_a_curve_that_no_family_follows_is_kept() -> None:
    """Half leave when told the wait, after twenty seconds; the others with a mean of ten minutes."""
    random = np.random.default_rng(5)
    patience = np.where(
        random.random(9000) < 0.5, random.normal(20.0, 1.0, 9000), random.exponential(600.0, 9000)
    )
    answer = random.exponential(80.0, 9000)
    found = fit_patience("x", waits_of(np.minimum(patience, answer), patience < answer))
    assert found.family == "empirical"
    assert {"no_family", "tail_guessed", "naive_mean"} <= kinds(found)
    law = read(found)
    shares, seconds = np.array(law.quantiles).T
    at = np.array([10.0, 19.0, 21.0, 60.0, 200.0])
    truth = 0.5 * stats.norm.cdf(at, 20.0, 1.0) + 0.5 * (1.0 - np.exp(-at / 600.0))
    assert np.interp(at, seconds, shares) == pytest.approx(truth, abs=0.03)
    assert found.parameter("tail_mean").low < 600.0 < found.parameter("tail_mean").high
    assert found.parameter("median").value == pytest.approx(21.0, abs=2.0)
    assert dict(found.goodness)["distance"] < 0.03


def test_the_last_who_waited_does_not_end_the_patience_of_all() -> None:
    """Who waited longest gave up, so the curve ends at zero; the quantiles go on at the late rate."""
    random = np.random.default_rng(5)
    patience = np.where(
        random.random(9000) < 0.5, random.normal(20.0, 1.0, 9000), random.exponential(600.0, 9000)
    )
    answer = random.exponential(80.0, 9000)
    waits = waits_of(np.append(np.minimum(patience, answer), 700.0), np.append(patience < answer, True))
    assert survival(waits).left[-1] == 0.0
    found = fit_patience("x", waits)
    assert (found.family, dict(found.goodness)["seen"] < 0.9) == ("empirical", True)
    shares, seconds = np.array(read(found).quantiles).T
    assert np.interp(1200.0, seconds, shares) == pytest.approx(1.0 - 0.5 * math.exp(-2.0), abs=0.05)


def test_a_curve_of_a_small_share_has_steps_within_it() -> None:
    """A jump within the first tenth of patience is not lost between 5 % and 10 %."""
    random = np.random.default_rng(6)
    patience = np.where(random.random(60_000) < 0.08, random.normal(20.0, 0.5, 60_000), 1e9)
    found = fit_patience("x", waits_of(np.minimum(patience, 25.0), patience < 25.0))
    assert found.family == "empirical"
    shares, seconds = np.array(read(found).quantiles).T
    assert np.interp([18.0, 22.0], seconds, shares) == pytest.approx([0.0, 0.08], abs=0.01)


def test_nobody_gave_up() -> None:
    """A rate of zero, at most 3.69 in all the time waited; without patience in a scenario nobody gives up."""
    found = fit_patience("x", of((50.0, 0, 10)))
    assert (found.family, found.distribution, kinds(found)) == ("none", {}, {"nobody_gave_up"})
    mean = found.parameter("mean")
    assert (mean.value, mean.high) == (math.inf, math.inf)
    assert mean.low == pytest.approx(500.0 / -math.log(0.025))


def test_some_left_at_once_and_nobody_later() -> None:
    found = fit_patience("x", of((0.0, 3, 0), (50.0, 0, 10)))
    assert read(found).balk == pytest.approx(3 / 13, abs=0.02)
    assert {"nobody_gave_up", "tail_guessed"} <= kinds(found)
    assert read(found).mean_s == pytest.approx(500.0 / math.log(2), rel=1e-4)


@pytest.mark.parametrize("waits", [of(), of((0.0, 0, 3)), of((0.0, 3, 5))])
def test_nobody_waited(waits: Waits) -> None:
    found = fit_patience("x", waits)
    assert (found.family, found.distribution, kinds(found)) == ("none", {}, {"nothing_seen"})
    assert "nobody waited" in found.summary()


def test_a_handful_is_a_rate_with_its_exact_interval() -> None:
    found = fit_patience("x", of((7.5, 2, 0), (40.0, 2, 96)))
    assert found.family == "exponential"
    assert "few_events" in kinds(found)
    mean, time = found.parameter("mean"), 15.0 + 98 * 40.0
    assert mean.value == pytest.approx(time / 4)
    assert mean.low == pytest.approx(2 * time / stats.chi2.ppf(0.975, 10))
    assert mean.high == pytest.approx(2 * time / stats.chi2.ppf(0.025, 8))
    assert read(found).mean_s == pytest.approx(time / 4, rel=1e-4)


def test_interval_of_a_handful_holds_the_truth() -> None:
    held = few = 0
    for seed in range(300):
        found = fit_patience("x", censored(PATIENCE[0], np.random.default_rng(seed), 60, 40.0))
        few += found.family in ("exponential", "none")
        held += int(found.parameter("mean").low <= 480.0 <= found.parameter("mean").high)
    assert few >= 290
    assert 0.93 <= held / 300 <= 1.0


@pytest.mark.parametrize(
    "waits", [of((5.0, 30, 0)), of((4.0, 0, 400), (5.0, 12, 0)), of((5.0, 12, 0), (9.0, 0, 1))]
)
def test_odd_tables_have_an_answer(waits: Waits) -> None:
    found = fit_patience("x", waits)
    assert read(found).mean_s > 0
    assert "small_sample" in kinds(found)
    assert found.summary().startswith("x: ")


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        (of((5.0, -1, 3)), "below zero"),
        (of((5.0, 1, 1), (5.0, 1, 1)), "twice"),
        (of((-1.0, 1, 1)), "below zero"),
    ],
)
def test_what_is_no_table_is_told(waits: Waits, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fit_patience("x", waits)


def test_plots_have_curve_band_and_law() -> None:
    waits = censored(PATIENCE[3], np.random.default_rng(8), 3000, 60.0)
    found = fit_patience("x", waits)
    seen, law = found.plot.traces
    assert (seen.x[0], seen.y[0]) == (0.0, 1.0)
    assert law.y[0] == pytest.approx(1.0)
    assert len(seen.x) == len(seen.low) == len(seen.high) <= 201
    assert all(a <= b <= c for a, b, c in zip(seen.low, seen.y, seen.high, strict=True))
    assert all(a >= b for a, b in pairwise(law.y))


def test_hazard_of_an_exponential_is_flat() -> None:
    waits = censored(PATIENCE[0], np.random.default_rng(8), 3000, 60.0)
    found = fit_patience("x", waits)
    rates, by_law = hazard_plot(found, waits).traces
    assert found.family == by_law.label == "exponential"
    assert by_law.y == pytest.approx([100.0 * 60.0 / found.parameter("mean").value] * len(by_law.y))
    assert all(a <= b <= c for a, b, c in zip(rates.low, rates.y, rates.high, strict=True))
    empty = hazard_plot(fit_patience("x", of()), of())
    assert empty.traces[0].x == ()
    assert set(empty.traces[1].y) == {0.0}


ROUNDED: Final = [law for law in PATIENCE if law.family in ("gamma", "weibull", "exponential")]


@pytest.mark.parametrize("zeros", [True, False], ids=["zeros kept", "zeros cleared"])
@pytest.mark.parametrize("law", ROUNDED, ids=lambda law: law.family)
def test_whole_seconds_do_not_make_a_lognormal(law: Known, zeros: bool) -> None:
    """Who gives up within half a second is written as zero or not at all: no sign of a slow start."""
    for seed in range(3):
        random = np.random.default_rng(seed)
        patience, answer = law.draw(random, 15_000).round(), random.exponential(40.0, 15_000).round()
        waits = waits_of(np.minimum(patience, answer), patience < answer)
        kept = waits.values_s >= (0.0 if zeros else 1.0)
        found = fit_patience("x", Waits(waits.values_s[kept], waits.gave_up[kept], waits.answered[kept]))
        assert found.family != "lognormal"
        assert found.parameter("balk").low == 0.0
        assert 0.6 * law.truth["mean"] < found.parameter("mean").value < 1.7 * law.truth["mean"]


def test_a_law_may_not_lose_people_whom_nobody_saw_leave() -> None:
    """All who give up do so between one and three seconds; none left at once, so none may by the law."""
    found = fit_patience("x", of((0.0, 0, 50), (1.0, 20, 3000), (2.0, 15, 900), (3.0, 5, 200), (9.0, 0, 60)))
    line = found.plot.traces[1]
    assert np.interp(0.5, line.x, line.y) > 0.99
