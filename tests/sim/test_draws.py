"""Draws: known answers, statistical tests, and every quantile function against SciPy.

The statistical tests are one draw of luck each, made once: keys and counters are fixed. They fail at
p < 1e-6, so that a sound generator with other constants would fail one of the whole file with a
probability below 1e-3.
"""

from itertools import product
from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from scenarios.distributions import Distribution
from scenarios.fields import Door, Model
from scenarios.model import Stream
from sim import draws
from sim.curves import Curves, dist_row, gamma_table, quick_gamma_table
from sim.draws import GOLDEN, counter, mix, name_key, uniform
from sim.jit import U64
from sim.layout import DIST, Tables
from sim.poisson import log_factorial, poisson
from sim.quantiles import gamma_at, normal, seconds, to_grain
from tests.sim.logs import random_model

P_ALARM: Final = 1e-6
RUN: Final = name_key("seed", "1")
KEY: Final = name_key("contact", "somebody")
Floats = NDArray[np.float64]


def child(parent: np.uint64, n: int) -> np.uint64:
    """The key of the n-th child, as compiled code has it: outside, it comes back as a plain integer."""
    return U64(draws.child_key(parent, n))


# Known answers.


def test_known_answers_of_splitmix64() -> None:
    """From seed 1234567; the stream is the mix of seed + n x golden ratio."""
    known = (
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    )
    with np.errstate(over="ignore"):
        assert tuple(int(mix(U64(U64(1234567) + U64(n) * GOLDEN))) for n in range(5)) == known


def test_names_have_known_keys() -> None:
    """Keys are the same on every machine and in every version: results depend on them."""
    assert int(name_key("stream", "calls")) == 5381207184211686426
    assert int(name_key("seed", "1")) == 16858814078029995587
    assert name_key("stream", "calls") != name_key("queue", "calls")


def test_uniform_has_known_answers() -> None:
    """In Python's own integers, of any length."""
    found = [uniform(RUN, KEY, n) for n in range(3)]
    assert found == [0.1679502201258446, 0.5369796339685805, 0.04720684419226229]
    bound = _mixed(int(RUN) ^ int(KEY))
    again = [((_mixed(bound + n * int(GOLDEN)) >> 12) + 0.5) * 2.0**-52 for n in range(3)]
    assert found == again


def _mixed(z: int) -> int:
    z = (z + 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


def test_uniform_never_is_0_or_1() -> None:
    """The least and the greatest number that 52 bits can give lie inside."""
    least, greatest = 0.5 * 2.0**-52, (2.0**52 - 0.5) * 2.0**-52
    assert least > 0.0
    assert greatest < 1.0
    assert np.isfinite([normal(least), normal(greatest), np.log1p(-greatest), np.log(least)]).all()


# Statistical tests of the generator.


def by_entity(n: int) -> Floats:
    return np.array([uniform(RUN, child(KEY, k), 64) for k in range(n)])


def by_counter(n: int) -> Floats:
    return np.array([uniform(RUN, KEY, k) for k in range(n)])


def by_run(n: int) -> Floats:
    seed = name_key("seed", "7")
    return np.array([uniform(child(seed, k), KEY, 64) for k in range(n)])


def by_purpose(n: int) -> Floats:
    """As a simulation draws: a few purposes of one contact after the other."""
    purposes = (draws.POSITION, draws.HANDLE, draws.PATIENCE, draws.RETRY)
    return np.array([uniform(RUN, child(KEY, k), counter(0, p)) for k in range(n // 4) for p in purposes])


def by_close_entities(n: int) -> Floats:
    """Keys that differ in their last bits only."""
    return np.array([uniform(RUN, U64(k), 0) for k in range(n)])


WAYS = pytest.mark.parametrize(
    "way", [by_entity, by_counter, by_run, by_purpose, by_close_entities], ids=lambda way: way.__name__
)


@pytest.fixture(scope="module")
def drawn() -> dict[Any, Floats]:
    return {way: way(200_000) for way in (by_entity, by_counter, by_run, by_purpose, by_close_entities)}


@WAYS
def test_uniform_fills_the_interval_evenly(way: Any, drawn: dict[Any, Floats]) -> None:
    counts = np.bincount((drawn[way] * 1024).astype(int), minlength=1024)
    assert stats.chisquare(counts).pvalue > P_ALARM
    assert stats.kstest(drawn[way], "uniform").pvalue > P_ALARM


@WAYS
@pytest.mark.parametrize("lag", [1, 2, 3, 4, 64])
def test_draws_are_not_correlated(way: Any, lag: int, drawn: dict[Any, Floats]) -> None:
    x = drawn[way] - 0.5
    z = (x[:-lag] * x[lag:]).mean() * 12.0 * np.sqrt(len(x) - lag)
    assert abs(z) < stats.norm.isf(P_ALARM / 2)


@WAYS
def test_pairs_fill_the_square_evenly(way: Any, drawn: dict[Any, Floats]) -> None:
    cells = (drawn[way] * 32).astype(int)
    counts = np.bincount(cells[0::2] * 32 + cells[1::2], minlength=1024)
    assert stats.chisquare(counts).pvalue > P_ALARM


@WAYS
def test_low_bits_are_as_good_as_high_ones(way: Any, drawn: dict[Any, Floats]) -> None:
    low = np.ldexp(drawn[way], 44) % 1.0
    assert stats.chisquare(np.bincount((low * 256).astype(int), minlength=256)).pvalue > P_ALARM


@pytest.mark.parametrize("which", ["run", "entity", "counter"])
def test_avalanche(which: str) -> None:
    """Any bit of the input turned over turns every bit of the output over, half of the time."""
    trials = 1000
    turned = np.zeros((64, 52))
    rng = np.random.default_rng(1)
    for _ in range(trials):
        words = [U64(w) for w in rng.integers(0, 2**63, 3)]
        before = _bits(words)
        for bit in range(64):
            changed = list(words)
            changed[("run", "entity", "counter").index(which)] ^= U64(1 << bit)
            turned[bit] += np.array(list(f"{before ^ _bits(changed):052b}"), int)
    z = (turned - trials / 2) / np.sqrt(trials / 4)
    assert np.abs(z).max() < stats.norm.isf(P_ALARM / 2 / z.size)
    assert stats.chi2.sf((z**2).sum(), z.size) > P_ALARM


def _bits(words: list[np.uint64]) -> int:
    return int(uniform(words[0], words[1], int(words[2].view(np.int64))) * 2.0**52)


def test_keys_of_children_do_not_collide() -> None:
    parents = [name_key("stream", name) for name in ("calls", "chats")]
    keys = {int(child(parent, n)) for parent, n in product(parents, range(200_000))}
    assert len(keys) == 400_000


def test_no_purpose_reaches_into_the_next() -> None:
    """The most phases that a file may ask for fit into the counters set aside for them."""
    most = max(k for k in range(1, 2000) if _is_allowed(k))
    assert 1000 <= most <= draws.PURPOSES_APART
    assert counter(1, 0) > counter(0, draws.BUSYNESS) + most


def _is_allowed(k: int) -> bool:
    try:
        _read({"erlang": {"mean": "1 min", "k": k}})
    except ValueError:
        return False
    return True


# Quantile functions.


def _uniforms(n: int) -> Floats:
    """Spread over the interval and far into both tails."""
    middle = (np.arange(n) + 0.5) / n
    tails = 10.0 ** -np.linspace(1.0, 15.9, 100)
    return np.sort(np.concatenate([middle, tails, 1.0 - tails[tails > 1e-15]]))


@pytest.mark.parametrize("n", [0, 1, 2, 5, 15, 16, 17, 100, 10**4, 10**6])
def test_log_factorial(n: int) -> None:
    assert log_factorial(n) == pytest.approx(special.gammaln(n + 1.0), rel=1e-14, abs=1e-14)


MEANS = [0.001, 0.01, 0.1, 0.5, 1.0, 2.5, 7.0, 15.99, 30.0, 99.5, 700.0, 745.5, 1e3, 1e4, 1e5, 1e6]


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_is_scipys(mean: float) -> None:
    """The same count, except where the uniform is within rounding of a step.

    Sums of thousands of terms agree to 1e-9; so do not ask for uniforms nearer than that to 0 or 1.
    """
    u = _uniforms(1000)
    u = u[(u > 1e-9) & (u < 1.0 - 1e-9)]
    found = np.array([poisson(mean, x) for x in u])
    assert (stats.poisson.cdf(found, mean) >= u - 1e-9).all()
    assert (stats.poisson.cdf(found - 1, mean) < u + 1e-9).all()
    assert (found != stats.poisson.ppf(u, mean)).mean() < 0.02


def test_poisson_of_nothing_is_nothing() -> None:
    assert poisson(0.0, 1.0 - 2.0**-53) == 0


@pytest.mark.parametrize("u", [1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-6])
def test_poisson_never_falls_as_the_mean_rises(u: float) -> None:
    """So a higher rate only adds contacts."""
    for low, high in ((0.0, 40.0), (200.0, 220.0), (9_990.0, 10_010.0)):
        found = [poisson(mean, u) for mean in np.linspace(low, high, 4000)]
        assert found == sorted(found)


def test_poisson_has_its_moments() -> None:
    for mean in (0.3, 4.0, 250.0):
        x = np.array([poisson(mean, u) for u in by_entity(50_000)], float)
        assert abs(x.mean() - mean) < 5 * np.sqrt(mean / len(x))
        assert abs(x.var() - mean) < 5 * np.sqrt((mean + 2 * mean**2) / len(x))


def test_normal_is_scipys() -> None:
    u = _uniforms(20_000)
    found = np.array([normal(x) for x in u])
    exact = special.ndtri(u)
    assert np.abs(found - exact).max() < 1e-14
    assert (np.abs(found - exact) <= 2e-15 * np.abs(exact) + 1e-17).mean() > 0.99
    assert (np.diff(found) > 0).all()


def test_normal_is_symmetric() -> None:
    for u in (0.01, 0.1, 0.25, 2.0**-30):
        assert normal(1.0 - u) == pytest.approx(-normal(u), rel=1e-13)


SHAPES = [0.05, 0.1, 0.3, 0.5, 0.9999, 1.0, 1.0001, 2.0, 5.5, 30.0, 123.4, 1e3, 1e4]


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_table_is_scipys(shape: float) -> None:
    """To a relative error of 1e-8 at normal scores -8 to 8, between the steps of the table."""
    table = np.append(gamma_table(shape), 0.0)
    z = np.random.default_rng(3).uniform(-8.0, 8.0, 4000)
    found = np.array([gamma_at(table, 0, x) for x in z])
    tail = special.ndtr(-np.abs(z))
    exact = np.where(z < 0, special.gammaincinv(shape, tail), special.gammainccinv(shape, tail)) / shape
    usable = exact > 1e-290  # below, SciPy's answer underflows
    assert np.abs(found[usable] / exact[usable] - 1.0).max() <= 1e-8
    assert (found >= 0.0).all()


@pytest.mark.parametrize("shape", [1e-3, 0.0101, *SHAPES, 9e4, 1e6])
def test_a_quick_gamma_table_is_the_other_one(shape: float) -> None:
    """To 1e-8, as that is to SciPy; the slopes, which only bend the curve between two steps, to 1e-4."""
    quick, exact = (each(shape).reshape(-1, 2) for each in (quick_gamma_table, gamma_table))
    np.testing.assert_allclose(quick[:, 0], exact[:, 0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(quick[:, 1], exact[:, 1], rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_table_has_mean_one(shape: float) -> None:
    """By quadrature over the normal score."""
    table = np.append(gamma_table(shape), 0.0)
    z = np.linspace(-8.4, 8.4, 16_801)
    x = np.array([gamma_at(table, 0, s) for s in z])
    assert np.trapezoid(x * stats.norm.pdf(z), z) == pytest.approx(1.0, rel=1e-6)


# Distributions.


class _Times(Model):
    """A distribution as a file gives it."""

    time: Any


CASES: Final[dict[str, tuple[dict[str, Any], Any]]] = {
    "exponential": ({"exponential": "4 min"}, stats.expon(scale=240)),
    "lognormal": (
        {"lognormal": {"mean": "4 min", "cv": 0.5}},
        stats.lognorm(np.sqrt(np.log(1.25)), scale=240 / np.sqrt(1.25)),
    ),
    "gamma": ({"gamma": {"mean": "4 min", "cv": 0.8}}, stats.gamma(1 / 0.64, scale=240 * 0.64)),
    "gamma of a shape below 1": ({"gamma": {"mean": "4 min", "shape": 0.4}}, stats.gamma(0.4, scale=600)),
    "weibull": (
        {"weibull": {"mean": "4 min", "shape": 1.4}},
        stats.weibull_min(1.4, scale=240 / special.gamma(1 + 1 / 1.4)),
    ),
    "erlang": ({"erlang": {"mean": "4 min", "k": 3}}, stats.gamma(3, scale=80)),
    "erlang of many phases": ({"erlang": {"mean": "4 min", "k": 60}}, stats.gamma(60, scale=4)),
}


def _read(raw: dict[str, Any]) -> Distribution:
    stream = {"queue": "q", "arrivals": {"rate": "1 per hour"}, "handle_time": raw}
    return Stream.model_validate(stream, context=Door(), by_name=False, by_alias=True).handle_time


def _tables(*dists: Distribution) -> Tables:
    curves = Curves()
    rows = np.array([dist_row(dist, curves, 1) for dist in dists], DIST)
    return random_model(0).tables._replace(dists=rows, curves=curves.array())


def _sample(raw: dict[str, Any], n: int = 50_000) -> Floats:
    tables = _tables(_read(raw))
    first = counter(0, draws.HANDLE)
    return np.array([seconds(tables, 0, RUN, child(KEY, k), first) for k in range(n)])


@pytest.mark.parametrize("name", CASES)
def test_durations_have_their_distribution(name: str) -> None:
    raw, exact = CASES[name]
    x = _sample(raw)
    assert stats.kstest(x, exact.cdf).pvalue > P_ALARM
    _check_moments(x, exact.mean(), exact.var(), exact.stats(moments="k"))


def _check_moments(x: Floats, mean: float, variance: float, kurtosis: float) -> None:
    """Mean and variance by z-scores; `kurtosis` is the excess over the normal's."""
    limit = stats.norm.isf(P_ALARM / 2)
    assert abs(x.mean() - mean) < limit * np.sqrt(variance / len(x))
    squares = (x - mean) ** 2
    assert abs(squares.mean() - variance) < limit * variance * np.sqrt((kurtosis + 2.0) / len(x))


def test_hyperexponential_has_its_distribution() -> None:
    phases = [{"share": "75%", "mean": "1 min"}, {"share": "25%", "mean": "10 min"}]
    x = _sample({"hyperexponential": phases})
    assert stats.kstest(x, lambda t: 1 - 0.75 * np.exp(-t / 60) - 0.25 * np.exp(-t / 600)).pvalue > P_ALARM
    mean, second, fourth = (
        f * (0.75 * 60.0**n + 0.25 * 600.0**n) for f, n in ((1.0, 1), (2.0, 2), (24.0, 4))
    )
    variance = second - mean**2
    assert abs(x.mean() - mean) < 5 * np.sqrt(variance / len(x))
    assert abs((x**2).mean() - second) < 5 * np.sqrt((fourth - second**2) / len(x))


def test_hyperexponential_by_cv_has_balanced_means() -> None:
    x = _sample({"hyperexponential": {"mean": "4 min", "cv": 2}})
    assert abs(x.mean() - 240) < 5 * 480 / np.sqrt(len(x))
    assert x.std() / x.mean() == pytest.approx(2.0, rel=0.05)


def test_empirical_has_its_distribution() -> None:
    quantiles = {"0%": "10 s", "50%": "2 min", "90%": "5 min", "100%": "20 min"}
    x = _sample({"empirical": quantiles})
    assert stats.kstest(x, lambda t: np.interp(t, [10, 120, 300, 1200], [0, 0.5, 0.9, 1])).pvalue > P_ALARM
    mean = 0.5 * 65 + 0.4 * 210 + 0.1 * 750
    assert abs(x.mean() - mean) < 5 * x.std() / np.sqrt(len(x))


def test_deterministic_is_what_it_says() -> None:
    assert set(_sample({"deterministic": "3 min"}, 100)) == {180.0}


@pytest.mark.parametrize("kind", sorted({next(iter(raw)) for raw, _ in CASES.values()}))
def test_mean_in_the_model_is_the_mean_drawn(kind: str) -> None:
    """The mean that reports print is the mean of what is drawn."""
    raw = next(raw for raw, _ in CASES.values() if kind in raw)
    assert _read(raw).mean_s == pytest.approx(240.0)


@pytest.mark.parametrize(("span_s", "grain", "ticks"), [
    (1.0, 1, 1_000_000),
    (0.0000004, 1, 0),
    (0.0000006, 1, 1),
    (29.0, 60_000_000, 0),
    (30.0, 60_000_000, 60_000_000),
    (1e300, 1, 2**62),
])  # fmt: skip
def test_durations_are_rounded_to_the_clock(span_s: float, grain: int, ticks: int) -> None:
    assert to_grain(span_s, grain) == ticks
