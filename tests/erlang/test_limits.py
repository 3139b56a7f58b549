"""Limits of large lines: exact values, the large lines themselves, and inverses."""

from typing import Final

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.distributions import Distribution, Quantile
from sim.erlang.general_patience import general_patience
from sim.erlang.general_service import exponential_service
from sim.erlang.limits import (
    fluid,
    garnett,
    garnett_beta,
    halfin_whitt,
    halfin_whitt_beta,
    square_root_agents,
)
from tests.erlang.cases import same

GARNETT: Final = [  # β, patience / handle time, share delayed, √n share abandoned
    (-1.0, 0.1, 0.44232306094605867, 1.2928558333987021),
    (-1.0, 0.5, 0.7251872661878677, 1.1443138608629884),
    (-1.0, 1.0, 0.8413447460685429, 1.0833154705876864),
    (-1.0, 2.0, 0.9312262652316261, 1.036115514200212),
    (-1.0, 10.0, 0.9994425227243523, 1.0002927509831008),
    (0.0, 0.1, 0.24025307335204216, 0.6061903428898326),
    (0.0, 1.0, 0.5, 0.3989422804014327),
    (1.0, 0.1, 0.08264566138950936, 0.18118541973579694),
    (1.0, 0.5, 0.13564081011681658, 0.11294886777459873),
    (1.0, 2.0, 0.17895767713793567, 0.05717407105702954),
]
HALFIN_WHITT: Final = [
    (0.01, 0.9875238494543964),
    (0.25, 0.7209321134030546),
    (0.5, 0.504538640997945),
    (1.0, 0.22336127479826073),
    (1.5, 0.08469039449385773),
    (2.0, 0.026881362429432263),
]
INVERSE: Final = [(0.05, 1.7398362717905034), (0.1, 1.420186888100441), (0.8, 0.1728065077965553)]
FLUID: Final = [  # share abandoned, offered wait, queue; 120 contacts per second of handle time to 100 agents
    (Distribution(kind="erlang", mean_s=1.0, k=2), 1 / 6, 0.3655246656630283, 41.115785613285844),
    (Distribution(kind="exponential", mean_s=1.0), 1 / 6, 0.18232155679395462, 20.0),
    (
        Distribution(kind="empirical", mean_s=1.0, quantiles=(Quantile(0.0, 0.0), Quantile(1.0, 2.0))),
        *(1 / 6, 1 / 3, 36.666666666666664),
    ),
]


@pytest.mark.parametrize(("beta", "ratio", "delayed", "abandoned"), GARNETT)
def test_garnett(beta: float, ratio: float, delayed: float, abandoned: float) -> None:
    limit = garnett(beta, ratio)
    same(limit.delayed, delayed)
    same(limit.abandoned_root_n, abandoned)


@pytest.mark.parametrize(
    ("beta", "ratio"), [(-6.0, 3.0), (-2.0, 40.0), (0.3, 1e-4), (7.0, 5.0), (4.0, 900.0)]
)
def test_garnett_in_many_digits(beta: float, ratio: float) -> None:
    with mp.workdps(60):
        root = mp.sqrt(mp.mpf(ratio))

        def hazard(x: mp.mpf) -> mp.mpf:
            return mp.npdf(x) / mp.ncdf(-x)

        delayed = 1 / (1 + hazard(beta * root) / (root * hazard(-mp.mpf(beta))))
        abandoned = (hazard(beta * root) - beta * root) / root * delayed
        limit = garnett(beta, ratio)
        same(limit.delayed, float(delayed))
        same(limit.abandoned_root_n, float(abandoned))


@pytest.mark.parametrize(("beta", "delayed"), HALFIN_WHITT)
def test_halfin_whitt(beta: float, delayed: float) -> None:
    same(halfin_whitt(beta), delayed)
    same(halfin_whitt_beta(delayed), beta)


@pytest.mark.parametrize(("delayed", "beta"), INVERSE)
def test_halfin_whitt_beta(delayed: float, beta: float) -> None:
    same(halfin_whitt_beta(delayed), beta)


def test_no_margin_delays_everybody() -> None:
    assert (halfin_whitt([0.0, -1.0, -1e300]) == 1.0).all()
    assert halfin_whitt_beta(1.0) == 0.0


@pytest.mark.parametrize(("patience", "abandoned", "wait", "queue"), FLUID)
def test_fluid(patience: Distribution, abandoned: float, wait: float, queue: float) -> None:
    found = fluid(120.0 * 3600.0, 1.0, 100, patience)
    same(found.abandoned, abandoned)
    same(found.offered_wait_s, wait)
    same(found.queue, queue)


def test_fluid_of_constant_patience_and_of_those_who_balk() -> None:
    constant = fluid(120.0 * 3600.0, 1.0, 100, Distribution(kind="deterministic", mean_s=0.5))
    same(constant.offered_wait_s, 0.5)
    same(constant.queue, 60.0)
    balking = fluid(120.0 * 3600.0, 1.0, 100, Distribution(kind="exponential", mean_s=1.0, balk=0.3))
    same(balking.abandoned, 1 / 6)
    assert balking.offered_wait_s == 0.0
    assert balking.queue == 0.0


def test_fluid_without_overload_or_without_agents() -> None:
    patience = Distribution(kind="exponential", mean_s=2.0)
    found = fluid([0.0, 90.0 * 3600.0, 1.0 * 3600.0], 1.0, [0.0, 100.0, 0.0], patience)
    same(found.abandoned, [0.0, 0.0, 1.0])
    same(found.offered_wait_s, [0.0, 0.0, np.inf])
    same(found.queue, [0.0, 0.0, 2.0])


def test_large_lines_come_near_their_limits() -> None:
    n = 1_000_000.0
    for beta in (0.2, 1.0, 2.0):
        delayed, _ = exponential_service((n - beta * n**0.5) * 3600.0, 1.0, n)
        assert delayed == pytest.approx(halfin_whitt(beta), rel=5e-3)
    n = 100_000.0
    for beta in (-1.0, 0.0, 1.0):
        patience = Distribution(kind="exponential", mean_s=3.0)
        line = general_patience((n - beta * n**0.5) * 3600.0, 1.0, n, patience)
        limit = garnett(beta, 3.0)
        assert line.delayed == pytest.approx(limit.delayed, rel=1e-2)
        assert line.abandoned * n**0.5 == pytest.approx(limit.abandoned_root_n, rel=1e-2)
    patience = Distribution(kind="lognormal", mean_s=3.0, cv=0.7)
    large, stream = (solve(1.3 * n * 3600.0, 1.0, n, patience) for solve in (general_patience, fluid))
    for name in ("abandoned", "offered_wait_s", "queue"):
        assert getattr(large, name) == pytest.approx(getattr(stream, name), rel=1e-3)


def test_square_root_agents() -> None:
    same(square_root_agents(1200.0, 300.0, 0.22336127479826073), 110.0)
    same(square_root_agents(1200.0, 300.0, 0.5, patience_s=300.0), 100.0)
    assert square_root_agents(0.0, 300.0, 0.5) == 0.0


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e6))
def test_whole_domain(beta: float, ratio: float) -> None:
    limit = garnett(beta, ratio)
    assert 0.0 <= limit.delayed <= 1.0
    assert 0.0 <= limit.abandoned_root_n < np.inf
    assert limit.abandoned_root_n >= -beta * (1.0 - 1e-12)
    assert limit.delayed <= halfin_whitt(beta) * (1.0 + 1e-12)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.floats(1e-12, 0.999), st.floats(1e-3, 1e3))
def test_inverses(delayed: float, ratio: float) -> None:
    same(halfin_whitt(halfin_whitt_beta(delayed)), delayed)
    same(garnett(garnett_beta(delayed, ratio), ratio).delayed, delayed)


def test_refused() -> None:
    with pytest.raises(ValueError, match="delayed: 0 is not allowed; give numbers above 0 and of at most 1"):
        halfin_whitt_beta(0.0)
    with pytest.raises(ValueError, match="delayed: 1 is not allowed; give numbers above 0 and below 1"):
        garnett_beta(1.0, 1.0)
    with pytest.raises(ValueError, match="patience_ratio: 0 is not allowed"):
        garnett(0.0, 0.0)
    with pytest.raises(ValueError, match="beta: inf is not allowed"):
        halfin_whitt(np.inf)
