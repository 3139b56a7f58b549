"""Durations: the family that made them is found, defects are told, and the rest keeps mean and tail."""

import math
from collections import Counter
from typing import Any, Final

import numpy as np
import pytest

from calibration.fits.cells import Cells, Floats, cells_of
from calibration.fits.durations import families_by_merit, fit_duration, moments
from calibration.fits.fit import Fit
from calibration.fits.steps import step_s
from scenarios.distributions import Distribution, read_distribution
from scenarios.fields import Door
from scenarios.problems import ReadingError

from .laws import DURATIONS, Known

MANY: Final = 20_000


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def kinds(found: Fit) -> set[str]:
    return {each.kind for each in found.cautions}


def read(found: Fit) -> Distribution:
    """The distribution as a scenario has it."""
    return read_distribution(found.distribution, Door())


def quantile(law: Distribution, share: float) -> float:
    """A quantile of observed quantiles joined by straight lines."""
    shares, seconds = np.array(law.quantiles).T
    return float(np.interp(share, shares, seconds))


def bank_like(n: int = MANY, spike: float = 0.06) -> Floats:
    """Service times of whole seconds: a few below ten seconds, the rest lognormal with log-sd 0.93."""
    draw = random(1)
    short = draw.random(n) < spike
    return np.where(short, draw.uniform(0.0, 10.0, n), draw.lognormal(4.85, 0.93, n)).round()


@pytest.mark.parametrize("law", DURATIONS, ids=lambda law: law.family)
def test_the_family_that_made_the_times_is_found(law: Known) -> None:
    found = [fit_duration("x", cells_of(law.draw(random(seed), 3000))) for seed in range(6)]
    names = Counter(each.family for each in found)
    assert names[law.family] >= 5, names
    assert not any("spike" in kinds(each) for each in found)
    named = next(each for each in found if each.family == law.family)
    assert read(named).mean_s == pytest.approx(law.truth["mean"], rel=0.15)
    assert not kinds(named)


@pytest.mark.parametrize("law", DURATIONS, ids=lambda law: law.family)
def test_small_samples_have_a_family_as_a_rule(law: Known) -> None:
    """Bounds on sizes leave room for chance: few small samples are refused all families."""
    found = [fit_duration("x", cells_of(law.draw(random(seed), 60))) for seed in range(40)]
    assert sum(each.family == "empirical" for each in found) <= 6
    assert all("small_sample" in kinds(each) for each in found)


def test_a_spike_is_found_and_the_rest_is_told() -> None:
    times = bank_like()
    found = fit_duration("service", cells_of(times))
    assert found.family == "empirical"
    assert "spike" in kinds(found)
    assert found.parameter("log_sd").low < 0.93 < found.parameter("log_sd").high
    assert found.parameter("spike_share").low < 0.06 < found.parameter("spike_share").high
    assert found.parameter("rest_mean").value == pytest.approx(math.exp(4.85 + 0.93**2 / 2), rel=0.03)
    law = read(found)
    assert law.mean_s == pytest.approx(times.mean(), rel=1e-4)
    for share in (0.05, 0.5, 0.9, 0.99):
        assert quantile(law, share) == pytest.approx(np.quantile(times, share), rel=0.02)


def test_the_spike_may_have_any_length_and_share() -> None:
    for scale, spike in ((1.0, 0.03), (10.0, 0.15)):
        found = fit_duration("service", cells_of(scale * bank_like(spike=spike)))
        assert found.parameter("spike_share").value == pytest.approx(spike, rel=0.15)
        assert found.parameter("log_sd").value == pytest.approx(0.93, abs=0.02)


@pytest.mark.parametrize("law", DURATIONS, ids=lambda law: law.family)
def test_laws_that_begin_high_have_no_spike(law: Known) -> None:
    """An exponential has most of its times near zero; that is no defect. Whole seconds do not make one."""
    for seed in range(3):
        assert "spike" not in kinds(fit_duration("x", cells_of(law.draw(random(seed), MANY).round())))


def test_what_no_family_fits_keeps_mean_and_tail() -> None:
    """Two humps far apart."""
    draw = random(2)
    times = np.where(draw.random(MANY) < 0.5, draw.normal(60, 8, MANY), draw.normal(600, 60, MANY))
    found = fit_duration("x", cells_of(times))
    assert found.family == "empirical"
    assert kinds(found) == {"no_family"}
    law, good = read(found), dict(found.goodness)
    assert law.mean_s == pytest.approx(times.mean(), rel=1e-4)
    assert quantile(law, 0.9) == pytest.approx(np.quantile(times, 0.9), rel=0.01)
    assert quantile(law, 0.99) == pytest.approx(np.quantile(times, 0.99), rel=0.01)
    assert good["mean_fitted_s"] == pytest.approx(good["mean_observed_s"], rel=1e-4)
    assert good["distance"] < 0.01
    assert law.quantiles[-1].value_s == pytest.approx(times.max(), rel=0.005)


def test_the_whole_of_quantiles_is_near_to_the_times() -> None:
    """Not the mean alone: the coefficient of variation too."""
    times = bank_like()
    law = read(fit_duration("x", cells_of(times)))
    shares = (np.arange(200_000) + 0.5) / 200_000
    drawn = np.interp(shares, *np.array(law.quantiles).T)
    assert drawn.mean() == pytest.approx(times.mean(), rel=1e-4)
    assert drawn.std() / drawn.mean() == pytest.approx(times.std() / times.mean(), rel=0.01)


def test_intervals_of_mean_and_variation_hold_the_truth() -> None:
    """Of observed quantiles, by the central limit theorem alone."""
    law = DURATIONS[2]
    held = Counter[str]()
    for seed in range(200):
        for each in moments(cells_of(law.draw(random(seed), 500))):
            held[each.name] += each.low <= law.truth[each.name] <= each.high
    assert all(0.90 <= held[name] / 200 <= 0.99 for name in ("mean", "cv")), held


def test_zeros_steps_and_absurd_lengths_are_told() -> None:
    times = random(3).exponential(300.0, 5000)
    assert not kinds(fit_duration("x", cells_of(times)))
    zeros = fit_duration("x", cells_of(np.concatenate([times, np.zeros(20)])))
    assert "zeros" in kinds(zeros)
    assert "20 of 5,020" in zeros.summary()
    minutes = np.ceil(times / 60.0) * 60.0
    coarse = fit_duration("x", cells_of(minutes))
    assert "rounded" in kinds(coarse)
    assert read(coarse).mean_s == pytest.approx(minutes.mean(), rel=0.01)
    absurd = fit_duration("x", cells_of(np.concatenate([times, [9e6]])))
    assert "far_out" in kinds(absurd)
    assert "104 days" in absurd.summary()
    assert read(absurd).mean_s == pytest.approx(times.mean(), rel=1e-3)


def test_steps_are_those_of_most_times() -> None:
    whole = random(4).exponential(100.0, 1000).round()
    assert step_s(cells_of(whole)) == 1.0
    assert step_s(cells_of(whole * 60.0)) == 60.0
    assert step_s(cells_of(whole + 0.25)) == 0.0
    assert step_s(cells_of([1e-4, 2e-4])) == 0.0
    joined = np.concatenate([whole, 1000.3 + np.arange(50) * 7.7])  # cells above a hundred steps are means
    assert step_s(cells_of(joined)) == 1.0


def test_all_alike_is_deterministic() -> None:
    found = fit_duration("x", cells_of(np.full(300, 90.0)))
    assert (found.family, found.distribution) == ("deterministic", {"deterministic": "1.5 min"})
    assert kinds(found) == {"no_variation"}


@pytest.mark.parametrize("times", [[7.0], [3.0, 9.0], [1.0, 2.0, 2.0], [0.0, 5.0]])
def test_a_handful_of_times_is_a_law_with_a_caution(times: list[float]) -> None:
    found = fit_duration("x", cells_of(times))
    assert "small_sample" in kinds(found)
    assert read(found).mean_s > 0
    assert found.summary().startswith("x: ")


@pytest.mark.parametrize("times", [[], [0.0, 0.0]])
def test_nothing_to_fit_is_told(times: list[float]) -> None:
    with pytest.raises(ReadingError, match="talk time: no duration above zero"):
        fit_duration("talk time", cells_of(times))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (Cells(np.array([1.0, 2.0]), np.array([1])), "2 durations and 1 counts"),
        (Cells(np.array([-1.0]), np.array([1])), "below zero"),
        (Cells(np.array([1.0]), np.array([-1])), "counts below zero"),
    ],
)
def test_what_is_no_table_is_told(cells: Cells, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fit_duration("x", cells)


def test_cells_in_any_order_and_empty_ones_change_nothing() -> None:
    cells = cells_of(random(5).gamma(2.0, 100.0, 800).round())
    mixed = random(6).permutation(len(cells.values_s))
    other = Cells(
        np.append(cells.values_s[mixed], 12345.0), np.append(cells.counts[mixed], 0).astype(np.int64)
    )
    assert fit_duration("x", other) == fit_duration("x", cells)


def test_joined_cells_say_nearly_the_same() -> None:
    """Cells 0.5 % wide, as they come from millions of rows."""
    times = random(7).lognormal(5.0, 0.8, MANY)
    joined = np.exp(np.round(np.log(times) * 200.0) / 200.0)
    a, b = (families_by_merit(cells_of(each))[0] for each in (times, joined))
    assert a.name == b.name == "lognormal"
    assert [p.value for p in b.parameters] == pytest.approx([p.value for p in a.parameters], rel=1e-3)


@pytest.mark.parametrize(
    "times", [bank_like(), random(8).exponential(100.0, 500), np.array([0.0] * 5 + [9.0])]
)
def test_the_plot_has_all_times_up_to_its_end(times: Any) -> None:
    found = fit_duration("x", cells_of(times))
    observed, fitted = found.plot.traces
    assert sum(observed.y) == pytest.approx(np.mean(times <= np.quantile(times, 0.99)))
    assert sum(fitted.y) == pytest.approx(sum(observed.y), abs=0.1)
    assert len(observed.x) == len(fitted.x) == 40


def test_the_summary_is_for_people() -> None:
    text = fit_duration("handle time of calls", cells_of(DURATIONS[1].draw(random(9), 3000))).summary()
    first, *others = text.splitlines()
    assert first == "handle time of calls: lognormal, n = 3,000"
    assert others[0].startswith("  mean: 2")
    assert "(95 %: " in others[0]


def test_a_mean_that_a_family_misses_by_far_is_kept() -> None:
    """A tail so long that chance may explain half the mean: work is volume times mean, so it is kept."""
    times = random(137).lognormal(0.0, 2.6, 400)
    off = families_by_merit(cells_of(times))[0].mean_s / times.mean() - 1.0
    found = fit_duration("x", cells_of(times))
    assert abs(off) > 0.1
    assert read(found).mean_s == pytest.approx(times.mean(), rel=1e-3)
