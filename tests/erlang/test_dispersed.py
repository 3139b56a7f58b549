"""Lines whose load varies from day to day: against quadrature, closed forms, and over the whole domain."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from sim.erlang import DEFINITIONS, Line, service_level, steady, within
from sim.erlang.dispersed import dispersed_service_level, dispersed_steady, dispersed_within
from tests.erlang.cases import same

LINES: Final = [
    (Line(300.0, 300.0, 27.0, 200.0), 0.1),
    (Line(120.0, 300.0, 12.0), 0.3),
    (Line(60.0, 300.0, 6.0, 120.0, 3.0), 0.5),
    (Line(40.0, 300.0, 5.5, 3600.0), 1.0),
]


def mean(line: Line, cv: float, of: Callable[[Line, float], float]) -> float:
    """The mean over days of a function of the day's line and factor."""
    k = 1.0 / cv**2
    full = float(np.asarray(line.agents) / np.asarray(line.per_hour) * 3600.0 / np.asarray(line.handle_s))

    def weighed(x: float) -> float:
        density = math.exp((k - 1.0) * math.log(x) - k * x - special.gammaln(k) + k * math.log(k))
        return density * of(line._replace(per_hour=np.asarray(line.per_hour) * x), x)

    steps = [1.0 + cv * z for z in (-6, -3, -1.5, 0, 1.5, 3, 6, 10, 16, 24)]
    edges = sorted({x for x in (1e-12, *np.geomspace(1e-4, 0.5, 6), *steps, full) if x > 0.0})
    return math.fsum(
        integrate.quad(weighed, a, b, epsabs=1e-14, epsrel=1e-12, limit=200)[0] for a, b in pairwise(edges)
    )


@pytest.mark.parametrize(("line", "cv"), LINES)
def test_shares_are_ratios_of_means(line: Line, cv: float) -> None:
    found, soon = dispersed_steady(line, cv), dispersed_within(line, 20.0, cv)
    for name in ("delayed", "answered", "abandoned", "blocked"):
        told = mean(line, cv, lambda day, x, name=name: x * float(getattr(steady(day), name)))  # type: ignore[misc]
        assert getattr(found, name) == pytest.approx(told, rel=2e-9, abs=1e-12)
    told = mean(line, cv, lambda day, x: x * float(within(day, 20.0).answered))
    assert soon.answered == pytest.approx(told, rel=2e-9)
    told = mean(line, cv, lambda day, _: float(steady(day).busy))
    assert found.busy == pytest.approx(told, rel=2e-9)


def test_waits_weigh_by_those_who_wait() -> None:
    line, cv = LINES[0]
    found = dispersed_steady(line, cv)

    def product(share: str, wait: str) -> float:
        def of(day: Line, x: float) -> float:
            one = steady(day)
            return x * float(getattr(one, share) * getattr(one, wait))

        return mean(line, cv, of)

    same(found.asa_s * found.answered, product("answered", "asa_s"), 1e-9)
    same(found.wait_abandoned_s * found.abandoned, product("abandoned", "wait_abandoned_s"), 1e-9)
    same(found.queue, mean(line, cv, lambda day, _: float(steady(day).queue)), 1e-9)
    same(found.mean_wait_s * 300.0 / 3600.0, found.queue, 1e-9)


@pytest.mark.parametrize("cv", [0.05, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("load", [0.5, 0.9, 2.0])
def test_delay_of_one_agent_is_a_closed_form(cv: float, load: float) -> None:
    """All wait on days of load 1 or more, else as many as the load: E(B min(aB, 1)) of a gamma factor B."""
    k, full = 1.0 / cv**2, 1.0 / load
    below = special.gammainc(k + 2.0, full * k) * load * (1.0 + cv * cv)
    same(
        dispersed_steady(Line(load * 12.0, 300.0, 1.0), cv).delayed,
        below + special.gammaincc(k + 1.0, full * k),
        1e-9,
    )
    busy = load * special.gammainc(k + 1.0, full * k) + special.gammaincc(k, full * k)
    same(dispersed_steady(Line(load * 12.0, 300.0, 1.0), cv).occupancy, busy, 1e-9)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_service_levels(definition: str) -> None:
    line, cv = LINES[2]
    found = dispersed_service_level(line, 20.0, cv, definition)
    assert 0.0 < found < 1.0
    same(dispersed_service_level(line, 20.0, 0.0, definition), service_level(line, 20.0, definition))
    if definition == "answered_plus_abandoned_within":
        soon = dispersed_within(line, 20.0, cv)
        all_of = dispersed_steady(line, cv)
        same(found, (soon.answered + soon.abandoned) / (all_of.answered + all_of.abandoned))


@pytest.mark.parametrize(("line", "_"), LINES)
def test_without_dispersion_it_is_the_line(line: Line, _: float) -> None:
    for name, value in steady(line)._asdict().items():
        same(getattr(dispersed_steady(line, 0.0), name), value)
        same(getattr(dispersed_steady(line, 1e-6), name), value, 1e-7)


def test_dispersion_costs_service() -> None:
    levels = dispersed_service_level(Line(1200.0, 300.0, 110.0), 20.0, [0.0, 0.05, 0.1, 0.2, 0.5])
    assert (np.diff(levels) < -0.01).all()


def test_days_of_overload_make_waits_endless() -> None:
    found = dispersed_steady(Line([120.0, 120.0, 0.0], 300.0, [12.0, 40.0, 3.0]), [0.3, 0.05, 0.3])
    assert np.isinf(found.asa_s[0])
    assert found.asa_s[1] < 1e-9
    assert (found.delayed[2], found.answered[2], found.occupancy[2]) == (0.0, pytest.approx(1.0), 0.0)


@settings(max_examples=15, derandomize=True, deadline=None)
@given(
    *(st.floats(0.0, 3.0), st.floats(0.0, 300.0), st.floats(1.0, 1e4)),
    *(st.one_of(st.floats(1.0, 1e5), st.just(math.inf)), st.floats(0.0, 5.0), st.floats(0.0, 1e5)),
)
def test_whole_domain(
    use: float, agents: float, handle_s: float, patience_s: float, cv: float, seconds: float
) -> None:
    line = Line(use * max(agents, 1.0) * 3600.0 / handle_s, handle_s, agents, patience_s)
    found, soon = dispersed_steady(line, cv), dispersed_within(line, seconds, cv)
    level = dispersed_service_level(line, seconds, cv)
    assert not any(np.isnan(values).any() for values in (*found, *soon, level))
    assert all(
        0.0 <= share <= 1.0 + 1e-9 for share in (found.delayed, found.answered, found.occupancy, *soon)
    )
    assert soon.answered <= found.answered + 1e-9
    assert 0.0 <= level <= 1.0
    if patience_s < math.inf:
        same(found.answered + found.abandoned, 1.0, 1e-9)


def test_refused() -> None:
    with pytest.raises(ValueError, match="cv: -1 is not allowed; give numbers of at least 0"):
        dispersed_steady(Line(60.0, 300.0, 6.0), -1.0)
    with pytest.raises(ValueError, match="agents: -1 is not allowed"):
        dispersed_within(Line(60.0, 300.0, -1.0), 20.0, 0.2)
    with pytest.raises(ValueError, match="seconds: -1 is not allowed"):
        dispersed_within(Line(60.0, 300.0, 6.0), -1.0, 0.2)
