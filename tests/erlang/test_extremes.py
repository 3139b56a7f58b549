"""Numbers at the ends of what floats can say: answers without NaN, without warnings, in no time."""

import math
from fractions import Fraction
from typing import Final

import numpy as np
import pytest
from scipy import special

from sim.erlang import (
    DEFINITIONS,
    Goals,
    Line,
    blocking,
    load_for_blocking,
    required_agents,
    service_level,
    steady,
)
from sim.erlang.dispersed import dispersed_steady, dispersed_within
from sim.erlang.limits import square_root_agents
from sim.erlang.pooling import pooled_agents, pooling
from sim.erlang.required import possible_load
from sim.erlang.waits import wait_quantile
from tests.erlang.cases import same

HOUR_S: Final = 3600.0
pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("load", [1e30, 1e300, 1e305, 1.7e308])
def test_any_finite_load_has_a_blocking(load: float) -> None:
    assert blocking(load, [0, 1, 2.5, 1e6]).tolist() == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("line", [Line(1e305, HOUR_S, 1.0, 100.0, 5.0), Line(1e308, 1e10, 1e6, 1e-10)])
def test_floods_are_numbers(line: Line) -> None:
    found = steady(line)
    assert not np.isnan(found).any()
    assert found.answered < 1e-270
    assert wait_quantile(line, 0.5) > 0.0
    for definition in DEFINITIONS:
        assert 0.0 <= service_level(line, 20.0, definition) <= 1.0


def test_loads_beyond_floats_overflow_in_silence() -> None:
    assert math.isinf(steady(Line(1e308, HOUR_S, 1.0)).queue)
    assert square_root_agents(1e308, HOUR_S, 0.2) > 0.0
    assert math.isinf(required_agents(1e308, HOUR_S, Goals(0.8)))
    assert math.isinf(required_agents(1e308, HOUR_S, Goals(abandonment=0.5), 100.0))
    groups = [1e308, 1e307]
    assert np.isinf(pooled_agents(groups, HOUR_S, Goals(abandonment=0.5), 100.0).separate).all()
    assert np.isinf(pooling(Line(groups, HOUR_S, 1.0)).pooled.queue)


@pytest.mark.parametrize("load", [1.2e4, 1e9, 1e20, 1e280])
@pytest.mark.parametrize("agents", [1e-8, 1.0, 2.5, 4000.0])
@pytest.mark.parametrize("impatience", [1.0, 0.01, 1e-8])
def test_a_flood_of_the_impatient_is_told_by_gamma_functions(
    load: float, agents: float, impatience: float
) -> None:
    patience_s = HOUR_S / impatience
    found = steady(Line(load, HOUR_S, agents, patience_s))
    wait_s = (math.log(load / impatience) - special.digamma(agents / impatience + 1.0)) * patience_s
    if impatience * 1e4 < load:
        same(found.asa_s, wait_s)
    same(found.answered, agents / load)
    same(found.queue, (load - agents) / impatience)
    both = found.answered * found.asa_s + found.abandoned * found.wait_abandoned_s
    same(both, found.mean_wait_s)


def test_the_flood_is_that_of_the_sums() -> None:
    few, many = (steady(Line(load, HOUR_S, 3.0, HOUR_S)) for load in (0.9999e4, 1.0001e4))
    for name in ("asa_s", "wait_abandoned_s", "mean_wait_s"):
        assert getattr(many, name) == pytest.approx(getattr(few, name), rel=1e-4)


@pytest.mark.parametrize("load", [1e3, 1e6, 1e12, 1e20, 1e280])
@pytest.mark.parametrize("impatience", [0.01, 1.0, 100.0])
def test_few_places_in_a_flood(load: float, impatience: float) -> None:
    agents, places = 3, 4
    found = steady(Line(load, HOUR_S, agents, HOUR_S / impatience, places))
    weights = [Fraction(1)]
    for i in range(1, agents + places + 1):
        leave = min(i, agents) + max(i - agents, 0) * Fraction(impatience)
        weights.append(weights[-1] * Fraction(load) / leave)
    total = sum(weights)
    queue = sum(max(i - agents, 0) * each for i, each in enumerate(weights)) / total
    same(found.blocked, float(weights[-1] / total))
    same(found.delayed, float(sum(weights[agents:-1]) / total))
    same(found.mean_wait_s, float(queue / Fraction(load) / (sum(weights[:-1]) / total)) * HOUR_S)


@pytest.mark.parametrize("share", [1e-300, 1e-20, 1e-3, 0.5, 0.999, 0.9999999, 1.0 - 2.0**-53])
def test_the_load_of_one_agent_is_a_ratio(share: float) -> None:
    same(load_for_blocking(1.0, share), float(Fraction(share) / (1 - Fraction(share))), 1e-12)


@pytest.mark.parametrize("agents", [2.0, 2.5, 100.0, 1e6])
@pytest.mark.parametrize("share", [1e-9, 0.01, 0.9, 0.999, 0.9999999])
def test_loads_for_blocking_are_inverse(agents: float, share: float) -> None:
    load = load_for_blocking(agents, share)
    same(blocking(load, agents), share, 2e-9 if agents == 1e6 else 1e-10)


def test_of_many_agents_nearly_all_are_lost() -> None:
    same(load_for_blocking(1e6, 0.999), 999999999.0, 1e-8)  # 1 - B is nearly n / a
    assert load_for_blocking([0.0, 5.0, 5.0], [0.5, 0.0, 1.0]).tolist() == [0.0, 0.0, math.inf]


def test_possible_loads_may_be_tiny() -> None:
    same(possible_load(1.0, HOUR_S, Goals(blocked=[1e-15, 1e-200]), places=0.0), [1e-15, 1e-200])
    same(possible_load(1.0, HOUR_S, Goals(asa_s=HOUR_S * 1e-30)), 1e-30)
    same(possible_load(1.0, HOUR_S, Goals(blocked=0.999999), places=0.0), 999999.0, 1e-5)


def test_days_may_not_differ_without_bound() -> None:
    found = dispersed_steady(Line(120.0, 300.0, 12.0, 120.0), 100.0)
    assert 0.0 < found.answered < 0.01
    with pytest.raises(ValueError, match=r"cv: 1e\+08 is not allowed; .* at most 100"):
        dispersed_steady(Line(120.0, 300.0, 12.0, 120.0), 1e8)


def test_even_the_most_dispersed_days_have_all_digits() -> None:
    index = 1e-4  # of the gamma factor
    share = special.gammainc(index + 1.0, index * 1.2)
    busy = 10.0 * share + 12.0 * special.gammaincc(index, index * 1.2)
    same(dispersed_steady(Line(120.0, 300.0, 12.0), 100.0).busy, busy)


@pytest.mark.parametrize(
    "value",
    ["12", ["12", "13"], b"12", np.array(["1"]), [np.datetime64("2026-01-01")], np.timedelta64(3, "s"), 1j],
)
def test_text_and_dates_are_no_numbers(value: object) -> None:
    line = Line(120.0, 300.0, value)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"agents: .* is not a number or an array of numbers"):
        steady(line)
    with pytest.raises(ValueError, match="is not a number or an array of numbers"):
        dispersed_within(Line(120.0, 300.0, 12.0), value, 0.1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="is not a number or an array of numbers"):
        pooling(Line([1.0, 2.0], 300.0, 12.0, value))  # type: ignore[arg-type]


def test_objects_may_be_numbers() -> None:
    line = Line(np.array([Fraction(120), 60], object), 300.0, 12)
    assert steady(line).occupancy.tolist() == steady(Line([120.0, 60.0], 300.0, 12)).occupancy.tolist()
    with pytest.raises(ValueError, match=r"agents: .* is not a number"):
        steady(Line(120.0, 300.0, np.array([12, "13"], object)))


def test_what_is_masked_is_not_taken() -> None:
    with pytest.raises(ValueError, match="agents: masked values are not allowed"):
        steady(Line(120.0, 300.0, np.ma.masked_array([12.0, 13.0], [False, True])))
    assert steady(Line(120.0, 300.0, np.ma.masked_array([12.0], [False]))).occupancy.shape == (1,)


def test_names_of_other_types_are_refused() -> None:
    line = Line(120.0, 300.0, 12.0)
    with pytest.raises(ValueError, match=r"of: \['all'\] is not allowed; give one of all, answered"):
        wait_quantile(line, 0.5, ["all"])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"definition: .* is not allowed; give one of"):
        service_level(line, 20.0, {"offered": 1})  # type: ignore[arg-type]
