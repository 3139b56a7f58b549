"""Families of laws: known parameters come back, and intervals hold them as often as they say."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest
from scipy import optimize, stats

from calibration.fits.cells import Cells, cells_of, waits_of
from calibration.fits.family_fit import KINDS, FamilyFit, fit_censored, fit_family
from scenarios.distributions import read_distribution
from scenarios.fields import Door

from .laws import DURATIONS, PATIENCE, Known, censored

WAIT_S: Final = 30.0  # until the answer, on average
TIMES: Final = {law.family: law.draw(np.random.default_rng(11), 700) for law in DURATIONS}


def share_held(law: Known, fitted: Callable[[int], FamilyFit], repetitions: int) -> dict[str, float]:
    """How often the interval of each parameter holds the truth; where there is no fit it holds nothing."""
    held = Counter[str]()
    for seed in range(repetitions):
        try:
            found = fitted(seed)
        except ValueError:
            continue
        held.update({p.name: p.low <= law.truth[p.name] <= p.high for p in found.parameters})
    assert set(held) == set(law.truth)
    return {name: held[name] / repetitions for name in law.truth}


def whole(law: Known, n: int) -> Callable[[int], FamilyFit]:
    return lambda seed: fit_family(law.family, cells_of(law.draw(np.random.default_rng(seed), n)))


def mostly_answered(law: Known, n: int) -> Callable[[int], FamilyFit]:
    def fitted(seed: int) -> FamilyFit:
        waits = censored(law, np.random.default_rng(seed), n, WAIT_S)
        assert waits.answered.sum() >= 0.9 * n
        return fit_censored(law.family, waits)

    return fitted


def enough(law: Known) -> int:
    """Contacts of whom some fifty give up; two phases need more of them to be told apart."""
    return 4000 if law.family == "hyperexponential" else 1000


@pytest.mark.parametrize("law", DURATIONS, ids=lambda law: law.family)
def test_intervals_hold_the_truth(law: Known) -> None:
    held = share_held(law, whole(law, 250), 200)
    assert all(0.90 <= share <= 0.99 for share in held.values()), held


@pytest.mark.parametrize("law", PATIENCE, ids=lambda law: law.family)
def test_intervals_hold_the_truth_though_nine_in_ten_were_answered_first(law: Known) -> None:
    held = share_held(law, mostly_answered(law, enough(law)), 200)
    assert all(0.90 <= share <= 0.99 for share in held.values()), held


@pytest.mark.verify
@pytest.mark.parametrize("law", DURATIONS, ids=lambda law: law.family)
def test_intervals_hold_the_truth_in_full(law: Known) -> None:
    held = share_held(law, whole(law, 500), 1000)
    assert all(0.925 <= share <= 0.975 for share in held.values()), held


@pytest.mark.verify
@pytest.mark.parametrize("law", PATIENCE, ids=lambda law: law.family)
def test_intervals_of_patience_hold_the_truth_in_full(law: Known) -> None:
    held = share_held(law, mostly_answered(law, 2 * enough(law)), 1000)
    assert all(0.925 <= share <= 0.975 for share in held.values()), held


def scipy_law(found: FamilyFit) -> Any:
    """The same law as SciPy has it."""
    value = {p.name: p.value for p in found.parameters}
    mean = value["mean"]
    if found.name == "lognormal":
        return stats.lognorm(value["log_sd"], scale=mean * math.exp(-(value["log_sd"] ** 2) / 2))
    if found.name == "weibull":
        return stats.weibull_min(value["shape"], scale=mean / math.gamma(1 + 1 / value["shape"]))
    if found.name == "exponential":
        return stats.expon(scale=mean)
    shape = value.get("k", 0) or value["cv"] ** -2
    return stats.gamma(shape, scale=mean / shape)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "hyperexponential"])
def test_law_and_likelihood_are_those_of_scipy(name: str) -> None:
    found = fit_family(name, cells_of(TIMES[name]))
    theirs, at = scipy_law(found), np.array([1.0, 80.0, 300.0, 2000.0])
    assert found.survival(at) == pytest.approx(theirs.sf(at), rel=1e-9)
    assert found.density(at) == pytest.approx(theirs.pdf(at), rel=1e-9)
    assert [found.quantile_s(p) for p in (0.1, 0.9, 0.99)] == pytest.approx(theirs.ppf([0.1, 0.9, 0.99]))
    assert found.log_likelihood == pytest.approx(theirs.logpdf(TIMES[name]).sum(), rel=1e-10)
    assert found.mean_s == pytest.approx(theirs.mean())
    assert found.variance == pytest.approx(theirs.var())


def test_two_phases_are_a_mixture() -> None:
    found = fit_family("hyperexponential", cells_of(TIMES["hyperexponential"]))
    value = {p.name: p.value for p in found.parameters}
    p, short, long = value["short_share"], value["short_mean"], value["long_mean"]
    assert short < long
    at = np.array([1.0, 80.0, 900.0])
    assert found.survival(at) == pytest.approx(p * np.exp(-at / short) + (1 - p) * np.exp(-at / long))
    density = p / short * np.exp(-at / short) + (1 - p) / long * np.exp(-at / long)
    assert found.density(at) == pytest.approx(density)
    variance = 2 * (p * short**2 + (1 - p) * long**2) - found.mean_s**2
    assert found.variance == pytest.approx(variance)


def precise_search(function: Any, start: Any, args: Any = (), disp: int = 0) -> Any:
    """SciPy's own simplex, which stops at 1e-4 of a parameter unless told otherwise."""
    return optimize.fmin(function, start, args, xtol=1e-10, ftol=1e-12, maxiter=5000, maxfun=5000, disp=disp)


def scipy_estimates(name: str, data: Any) -> tuple[float, float]:
    """Mean and coefficient of variation of SciPy's most likely law."""
    laws = {"exponential": stats.expon, "lognormal": stats.lognorm, "gamma": stats.gamma}
    law = laws.get(name, stats.weibull_min)
    found = law(*law.fit(data, floc=0, optimizer=precise_search))
    return found.mean(), found.std() / found.mean()


@pytest.mark.parametrize("name", ["lognormal", "gamma", "weibull"])
def test_estimates_are_those_of_scipy(name: str) -> None:
    found = fit_family(name, cells_of(TIMES[name]))
    theirs = scipy_estimates(name, TIMES[name])
    assert (found.mean_s, found.parameter("cv").value) == pytest.approx(theirs, rel=1e-5)


@pytest.mark.parametrize("name", ["lognormal", "gamma", "weibull"])
def test_estimates_of_patience_are_those_of_scipy(name: str) -> None:
    law = next(each for each in PATIENCE if each.family == name)
    waits = censored(law, np.random.default_rng(3), 2000, WAIT_S)
    found = fit_censored(name, waits)
    ended, cut = (np.repeat(waits.values_s, n) for n in (waits.gave_up, waits.answered))
    theirs = scipy_estimates(name, stats.CensoredData(uncensored=ended, right=cut))
    assert (found.mean_s, found.parameter("cv").value) == pytest.approx(theirs, rel=1e-5)


def test_errors_of_an_exponential_are_known() -> None:
    """Mean over the root of how many gave up (D. R. Cox and D. Oakes, 1984, section 3.3)."""
    waits = censored(PATIENCE[0], np.random.default_rng(5), 3000, WAIT_S)
    found = fit_censored("exponential", waits).parameters[0]
    time = waits.values_s @ (waits.gave_up + waits.answered)
    assert found.value == pytest.approx(time / waits.gave_up.sum())
    assert found.se == pytest.approx(found.value / math.sqrt(waits.gave_up.sum()), rel=1e-5)
    assert found.high == pytest.approx(found.value * math.exp(1.959964 * found.se / found.value), rel=1e-5)


def test_errors_of_a_lognormal_are_known() -> None:
    found = fit_family("lognormal", cells_of(TIMES["lognormal"]))
    logs = np.log(TIMES["lognormal"])
    log_sd = found.parameter("log_sd")
    assert log_sd.value == pytest.approx(logs.std(), rel=1e-6)
    assert log_sd.se == pytest.approx(logs.std() / math.sqrt(2 * len(logs)), rel=1e-5)
    of_log_mean = math.sqrt(logs.var() / len(logs) * (1 + logs.var() / 2))
    assert found.parameter("mean").se == pytest.approx(found.mean_s * of_log_mean, rel=1e-5)


@pytest.mark.parametrize("name", KINDS)
def test_cells_say_the_same_as_single_times(name: str) -> None:
    """Every time three times over is the same law with errors smaller by the root of three."""
    once = fit_family(name, cells_of(TIMES[name]))
    rows = fit_family(name, cells_of(np.repeat(TIMES[name], 3)))
    cells = cells_of(TIMES[name])
    weighted = fit_family(name, Cells(cells.values_s, 3 * cells.counts))
    for a, b, c in zip(once.parameters, rows.parameters, weighted.parameters, strict=True):
        assert b.value == c.value == pytest.approx(a.value, rel=1e-6)
        assert b.se == c.se == pytest.approx(a.se / math.sqrt(3), rel=1e-4)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("factor", [1e-3, 3600.0])
def test_the_unit_of_time_does_not_matter(name: str, factor: float) -> None:
    seconds, other = (fit_family(name, cells_of(TIMES[name] * by)) for by in (1.0, factor))
    for a, b in zip(seconds.parameters, other.parameters, strict=True):
        by = factor if a.unit == "s" else 1.0
        assert (b.value, b.low, b.high) == pytest.approx((by * a.value, by * a.low, by * a.high), rel=1e-6)
    n = len(TIMES[name])
    assert other.log_likelihood == pytest.approx(seconds.log_likelihood - n * math.log(factor), rel=1e-9)


@pytest.mark.parametrize("name", KINDS)
def test_a_scenario_takes_the_law_as_written(name: str) -> None:
    found = fit_family(name, cells_of(TIMES[name]))
    read = read_distribution(found.distribution, Door())
    assert read.kind == name
    assert read.mean_s == pytest.approx(found.mean_s, rel=2e-4)


def test_times_rounded_to_nothing_cut_the_law_off() -> None:
    """Whole seconds of a short exponential: of those that are left, all last longer than half a second."""
    times = np.random.default_rng(2).exponential(2.0, 20_000)
    assert fit_family("exponential", cells_of(times.round())).mean_s == pytest.approx(2.0, rel=0.03)


@pytest.mark.parametrize(
    ("name", "times", "told"),
    [
        ("normal", [1.0, 2.0], "'normal' is not a family"),
        ("lognormal", [5.0, 5.0], "no most likely member"),
        ("gamma", [0.0, 0.0], "no most likely member"),
        ("weibull", [], "no most likely member"),
        ("hyperexponential", list(TIMES["erlang"]), "no most likely member"),
        ("gamma", [-1.0, 2.0], "below zero"),
        ("gamma", [math.nan, 2.0], "below zero or none"),
    ],
)
def test_what_has_no_answer_is_told(name: str, times: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        fit_family(name, cells_of(times))


def test_patience_that_nobody_lost_has_no_answer() -> None:
    with pytest.raises(ValueError, match="no most likely member"):
        fit_censored("exponential", waits_of([1.0, 2.0], [False, False]))
