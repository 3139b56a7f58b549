"""Erlang X: the fixed point itself, how far it is from the exact chain, and required agents."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang import required
from sim.erlang.goals import Goals
from sim.erlang.levels import service_level
from sim.erlang.line import Line
from sim.erlang.retrial_chain import retrial_chain
from sim.erlang.retrials import Retry, required_agents, with_retries
from sim.erlang.steady import steady

PATIENT_OR_NOT = st.one_of(st.just(math.inf), st.floats(0.001, 1000.0))
PLACES = st.one_of(st.just(math.inf), st.integers(0, 100))
ATTEMPTS = st.one_of(st.none(), st.integers(0, 20))
OF = st.sampled_from([("abandoned", "blocked"), ("abandoned",), ("blocked",), ()])


@settings(deadline=None, max_examples=300, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 2000), st.floats(0.0, 3.0), PATIENT_OR_NOT, PLACES, st.floats(0.0, 1.0), ATTEMPTS, OF)
def test_the_rate_is_a_fixed_point(
    agents: int,
    used: float,
    patience: float,
    places: float,
    share: float,
    attempts: int | None,
    of: tuple[str, ...],
) -> None:
    """r = fresh (1 + q + ... + q^attempts), with q of the line at r; nothing is NaN, whatever is asked."""
    fresh = used * max(agents, 1) * 12.0
    line = Line(fresh, 300.0, agents, 300.0 * patience, places)
    found = with_retries(line, Retry(share, attempts, of))
    for value in (*found[:4], *found.steady):
        assert not np.isnan(value).any()
    assert found.attempts_per_hour >= fresh * (1 - 1e-12)
    assert 0.0 <= found.lost <= 1.0
    if np.isinf(found.attempts_per_hour):
        assert share == 1.0
        assert attempts is None
        assert fresh >= agents * 12.0 * 0.999
        return
    one = steady(line._replace(per_hour=found.attempts_per_hour))
    again = share * (("abandoned" in of) * one.abandoned + ("blocked" in of) * one.blocked)
    rate = fresh * sum(again**i for i in range((200 if attempts is None else attempts) + 1))
    if again < 0.8 or attempts is not None:
        assert found.attempts_per_hour == pytest.approx(rate, rel=1e-8)
    answered = found.attempts_per_hour * one.answered
    if not math.isinf(one.queue):
        assert answered + found.lost * fresh == pytest.approx(fresh, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(
    ("after", "attempts", "lost"),
    [
        (0.5, 6.2e-3, 1.4e-1),
        (1.0, 4.9e-3, 1.1e-1),
        (5.0, 1.8e-3, 4.0e-2),
        (20.0, 5.2e-4, 1.2e-2),
        (100.0, 1.1e-4, 2.4e-3),
    ],
)
def test_how_far_from_the_exact_chain(after: float, attempts: float, lost: float) -> None:
    """5 agents, a load of 4, patience of 2 handle times, half try again after so many handle times.

    The fixed point loses too few, by 14 % where they try again at once and 0.2 % where they let a hundred
    handle times pass; attempts are off by less than 1 %.
    """
    exact = retrial_chain(4 * 12.0, 300.0, 5, after * 300.0, 0.5, 600.0)
    found = with_retries(Line(4 * 12.0, 300.0, 5, 600.0), Retry(0.5))
    low = found.attempts_per_hour
    assert 0.0 < exact.attempts_per_hour / low - 1.0 < attempts
    assert 0.0 < exact.lost / found.lost - 1.0 < lost


def test_long_delays_are_the_fixed_point() -> None:
    """Errors fall with the time between attempts: blocked calls of 5 agents, 70 % of which try again."""
    found = with_retries(Line(60.0, 300.0, 5, places=0), Retry(0.7))
    errors = [
        retrial_chain(60.0, 300.0, 5, 300.0 * t, 0.7, places=0).lost / found.lost - 1 for t in (1, 10, 50)
    ]
    assert errors[0] > errors[1] > errors[2] > 0.0
    assert errors[2] < 0.01


def test_limits_of_attempts() -> None:
    line = Line(100.0, 300.0, 9, 60.0)
    none, one, many, all_ = (with_retries(line, Retry(0.9, n)) for n in (0, 1, 200, None))
    assert none.retries_per_hour == 0.0
    assert none.lost == pytest.approx(steady(line).abandoned, rel=1e-12)
    assert 1.0 < one.per_contact < many.per_contact
    assert many.attempts_per_hour == pytest.approx(float(all_.attempts_per_hour), rel=1e-12)


def test_overload_is_an_answer() -> None:
    """Patience or places let all try again for ever: rates grow without end; else they are finite."""
    found = with_retries(
        Line([240.0, 240.0, 0.0], 300.0, [10, 10, 0], [60.0, np.inf, 60.0], [np.inf, 0, 3]), Retry(1.0)
    )
    assert found.attempts_per_hour.tolist() == [math.inf, math.inf, 0.0]
    assert found.lost.tolist() == [0.5, 0.5, 0.0]
    assert found.steady.occupancy[:2] == pytest.approx(1.0, abs=1e-3)
    finite = with_retries(Line(240.0, 300.0, 10, 60.0), Retry(0.9))
    assert 240.0 < finite.attempts_per_hour < 2400.0
    endless = with_retries(Line(240.0, 300.0, 10), Retry(1.0))
    assert endless.retries_per_hour == 0.0, "nobody gives up"


@settings(deadline=None, max_examples=30, derandomize=True, phases=[Phase.generate])
@given(st.floats(0.1, 2000.0), st.floats(0.0, 1.0), st.floats(0.1, 5.0), ATTEMPTS)
def test_required_agents_are_the_fewest(
    load: float, share: float, patience: float, attempts: int | None
) -> None:
    goals, retry = Goals(service_level=0.8, abandonment=0.05), Retry(share, attempts)
    need = float(required_agents(load * 12.0, 300.0, goals, retry, 300.0 * patience))
    assert need >= required.required_agents(load * 12.0, 300.0, goals, 300.0 * patience)

    def met(agents: float) -> bool:
        busier = with_retries(Line(load * 12.0, 300.0, agents, 300.0 * patience), retry)
        level = service_level(busier.line, 20.0)
        return bool(level >= 0.8 and busier.steady.abandoned <= 0.05)

    assert met(need)
    assert not met(need - 1.0)


def test_required_agents_of_nothing_and_of_vectors() -> None:
    goals = Goals(asa_s=[[10.0], [60.0]])
    need = required_agents([0.0, 120.0, 1200.0], 300.0, goals, Retry([0.5, 0.5, 1.0]), 120.0)
    assert need.shape == (2, 3)
    assert need[:, 0].tolist() == [0.0, 0.0]
    assert (need[0] >= need[1]).all()


@pytest.mark.parametrize(
    ("retry", "message"),
    [
        (Retry(1.1), "share: 1.1"),
        (Retry(0.5, -1), "attempts: -1"),
        (Retry(0.5, 1.5), "attempts: fractions"),
        (Retry(0.5, None, ("lost",)), "of: 'lost' is not known"),
    ],
)
def test_what_cannot_be_is_refused(retry: Retry, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_retries(Line(100.0, 300.0, 9, 60.0), retry)
    changed: dict[str, Any] = {"per_hour": -1.0}
    with pytest.raises(ValueError, match="per_hour: -1"):
        with_retries(Line(100.0, 300.0, 9, 60.0)._replace(**changed), Retry(0.5))
