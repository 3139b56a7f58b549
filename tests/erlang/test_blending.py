"""Calls with e-mail between them: cases, a plain chain, and limits."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.blending import blend
from sim.erlang.line import Line
from sim.erlang.steady import steady
from tests.erlang.cases import agree, cases
from tests.oracles import plain_chain


@pytest.mark.parametrize(
    ("p", "out"), cases("Voice/e-mail blending, threshold policy, unlimited e-mail, equal service rate")
)
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    line = Line(p["arrival_rate_voice"] * 3600, 1 / p["service_rate"], p["agents"])
    found = blend(line, p["agents_kept_free"])
    names = {
        "prob_wait_voice": found.delayed,
        "mean_wait_voice": found.mean_wait_s,
        "email_throughput": found.emails_per_hour / 3600,
        "occupancy": found.occupancy,
    }
    agree(names, out)


def test_calls_and_emails_told_apart() -> None:
    """Six agents of whom two are kept free; the state counts calls and e-mails in hand, and who waits."""
    arrive, leave = 3.0, 0.4

    def moves(state: tuple[int, int, int]) -> Iterator[tuple[tuple[int, int, int], float]]:
        calls, emails, waiting = state
        if calls + emails < 6:
            yield (calls + 1, emails, 0), arrive
        elif waiting < 40:
            yield (calls, emails, waiting + 1), arrive
        for left, rate in (((calls - 1, emails), calls), ((calls, emails - 1), emails)):
            if waiting:
                yield (left[0] + 1, left[1], waiting - 1), rate
            else:
                starts = sum(left) < 4
                yield (left[0], left[1] + starts, 0), rate
        yield (calls, emails, max(waiting - 1, 0)), waiting * leave

    def real(state: tuple[int, int, int]) -> list[tuple[tuple[int, int, int], float]]:
        return [(to, rate) for to, rate in moves(state) if to != state]

    plain = plain_chain.solved((0, 4, 0), real)
    found = blend(Line(arrive * 3600, 1.0, 6, 1 / leave), 2)
    assert found.emails_per_hour / 3600 == pytest.approx(plain_chain.mean(plain, lambda s: s[1]), rel=1e-9)
    assert found.queue == pytest.approx(plain_chain.mean(plain, lambda s: s[2]), rel=1e-9)
    busy = plain_chain.mean(plain, lambda s: s[0] + s[1])
    assert found.occupancy == pytest.approx(busy / 6, rel=1e-9)
    assert found.delayed == pytest.approx(plain_chain.mean(plain, lambda s: s[0] + s[1] == 6), rel=1e-9)


@settings(deadline=None, max_examples=200, derandomize=True, phases=[Phase.generate])
@given(
    st.integers(0, 3000),
    st.floats(1e-6, 3.0),
    st.floats(0.0, 1.0),
    st.one_of(st.just(math.inf), st.floats(0.001, 1000.0)),
)
def test_work_balances(agents: int, used: float, kept: float, patience: float) -> None:
    """Agents are busy with answered calls and e-mail; keeping all free is calls alone."""
    line = Line(used * max(agents, 1) * 12.0, 300.0, agents, 300.0 * patience)
    free = math.floor(kept * agents)
    found, alone = blend(line, free), steady(line)
    assert not any(np.isnan(field).any() for field in found)
    assert found.delayed >= alone.delayed * (1 - 1e-9)
    all_free = blend(line, agents)
    assert all_free.delayed == pytest.approx(float(alone.delayed), rel=1e-9, abs=1e-100)
    if not np.isinf(found.queue) and agents:
        calls = used * agents * (1.0 - found.abandoned)
        work = calls + found.emails_per_hour / 12.0
        assert work == pytest.approx(float(found.occupancy) * agents, rel=1e-8, abs=1e-9)


def test_extremes() -> None:
    found = blend(Line([0.0, 1e4, 1.0], 300.0, [10, 10, 5000]), [3, 0, 0])
    assert found.delayed.tolist() == [0.0, 1.0, 1.0]
    assert found.emails_per_hour[0] == pytest.approx(7 * 12.0)
    assert (found.mean_wait_s[1], found.emails_per_hour[1]) == (math.inf, 0.0)
    assert found.emails_per_hour[2] == pytest.approx(5000 * 12.0 - 1.0)


def test_an_overload_that_no_float_can_say() -> None:
    """Somebody waits for all but 1e-150 of the time, or for all but less than that."""
    for agents, used in ((837, 1.69), (3000, 1.4), (20_000, 2.0)):
        found = blend(Line(used * agents * 12.0, 300.0, agents, 1094.0), [0, 600, agents])
        assert found.delayed.tolist() == [1.0] * 3
        assert (found.emails_per_hour < 1e-30).all()


def test_what_cannot_be_is_refused() -> None:
    line = Line(100.0, 300.0, 10)
    for kept, message in ((-1, "kept_free: -1"), (1.5, "fractions"), (11, "more than there are agents")):
        with pytest.raises(ValueError, match=message):
            blend(line, kept)
    with pytest.raises(ValueError, match="leave it at inf"):
        blend(line._replace(places=5), 1)
    with pytest.raises(ValueError, match="agents: fractions"):
        blend(line._replace(agents=9.5), 1)
