"""Exact retrial chains: against the cases, plain balance equations, and flows that must balance."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.retrial_chain import retrial_chain
from tests.erlang.cases import agree, cases
from tests.oracles import plain_chain


@pytest.mark.parametrize(("p", "out"), cases("Erlang A with redial after abandonment"))
def test_redial_after_abandonment(p: dict[str, Any], out: dict[str, Any]) -> None:
    """Times of the cases are taken for seconds."""
    found = retrial_chain(
        p["arrival_rate"] * 3600,
        1 / p["service_rate"],
        p["agents"],
        1 / p["redial_rate"],
        p["redial_prob"],
        1 / p["patience_rate"],
    )
    names = {
        "mean_queue": found.queue,
        "mean_orbit": found.orbit,
        "busy_agents": found.busy,
        "total_attempt_rate": found.attempts_per_hour / 3600,
        "prob_all_busy": found.all_busy,
        "prob_wait_redial_attempt": found.all_busy_at_retry,
        "prob_abandon_per_attempt": found.abandoned,
        "prob_lost_per_fresh_call": found.lost,
        "mean_wait_per_attempt": found.mean_wait_s,
    }
    agree(names, out)


NONPERSISTENT = "M/M/c/c retrial with non-persistent callers"


@pytest.mark.parametrize(
    ("p", "out"), cases("M/M/c retrial (classical, infinite persistence)", NONPERSISTENT)
)
def test_retrial_without_waiting(p: dict[str, Any], out: dict[str, Any]) -> None:
    fresh, again = p["arrival_rate"], p.get("persistence", 1.0)
    found = retrial_chain(
        fresh * 3600, 1 / p["service_rate"], p["servers"], 1 / p["retrial_rate"], again, places=0
    )
    names = {
        "mean_busy": found.busy,
        "mean_orbit": found.orbit,
        "prob_all_busy": found.all_busy,
        "mean_time_in_orbit": found.orbit / fresh,
        "prob_empty_system": found.empty,
        "mean_retrials_per_call": found.retries_per_hour / 3600 / fresh,
        "prob_block_fresh": found.full,
        "prob_block_retry": found.full_at_retry,
        "prob_never_served": found.lost,
        "retry_rate": found.retries_per_hour / 3600,
    }
    agree(names, out)


@pytest.mark.parametrize(("used", "again"), [(0.3, 2.0), (0.9, 0.1), (0.97, 5.0)])
def test_one_agent_in_closed_form(used: float, again: float) -> None:
    """M/M/1 retrial: mean orbit used / (1 - used) (used + arrivals / retrial rate)."""
    found = retrial_chain(used * 3600, 1.0, 1, 1 / again, 1.0, places=0)
    assert found.orbit == pytest.approx(used / (1 - used) * (used + used / again), rel=1e-10)
    assert found.all_busy == pytest.approx(used, rel=1e-12)


def test_a_finite_impatient_line_against_plain_balance_equations() -> None:
    """3 agents, 2 places, both losses try again; the orbit is cut at 40, beyond notice."""
    arrive, finish, leave, retry, share = 2.5, 1.0, 0.7, 0.4, 0.45

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        inside, orbit = state
        for rate, after in ((arrive, orbit), (orbit * retry, orbit - 1)):
            if inside < 5:
                yield (inside + 1, after), rate
            else:
                yield (inside, min(after + 1, 40)), rate * share
                yield (inside, after), rate * (1 - share)
        if inside:
            yield (inside - 1, orbit), min(inside, 3) * finish
        if inside > 3:
            yield (inside - 1, min(orbit + 1, 40)), (inside - 3) * leave * share
            yield (inside - 1, orbit), (inside - 3) * leave * (1 - share)

    plain = plain_chain.solved((0, 0), moves)
    found = retrial_chain(arrive * 3600, 1 / finish, 3, 1 / retry, share, 1 / leave, 2)
    orbit = plain_chain.mean(plain, lambda s: s[1])
    queue = plain_chain.mean(plain, lambda s: max(s[0] - 3, 0))
    refused = plain_chain.mean(plain, lambda s: (s[0] == 5) * (arrive + s[1] * retry))
    attempts = arrive + retry * orbit
    assert found.orbit == pytest.approx(orbit, rel=1e-11)
    assert found.queue == pytest.approx(queue, rel=1e-11)
    assert found.blocked == pytest.approx(refused / attempts, rel=1e-11)
    assert found.abandoned == pytest.approx(leave * queue / attempts, rel=1e-11)
    assert found.lost == pytest.approx((1 - share) * (refused + leave * queue) / arrive, rel=1e-11)
    assert found.full_at_retry == pytest.approx(
        plain_chain.mean(plain, lambda s: (s[0] == 5) * s[1]) / orbit, rel=1e-11
    )


@settings(deadline=None, max_examples=60, derandomize=True, phases=[Phase.generate])
@given(
    st.integers(1, 8),
    st.floats(0.0, 2.0),
    st.floats(0.0, 0.7),
    st.floats(0.1, 5.0),
    st.floats(0.02, 5.0),
    st.one_of(st.just(math.inf), st.integers(0, 10)),
)
def test_flows_balance(
    agents: int, used: float, share: float, after: float, patience: float, places: float
) -> None:
    """Who comes is answered or lost, and who is in orbit leaves it as often as it is entered."""
    handle_s = 300.0
    per_hour = used * agents * 3600 / handle_s
    found = retrial_chain(per_hour, handle_s, agents, after * handle_s, share, patience * handle_s, places)
    assert all(math.isfinite(value) and value >= 0.0 for value in found)
    answered = found.busy * 3600 / handle_s
    assert answered + found.lost * per_hour == pytest.approx(per_hour, rel=1e-9, abs=1e-9)
    failed = (found.abandoned + found.blocked) * found.attempts_per_hour
    assert share * failed == pytest.approx(found.retries_per_hour, rel=1e-9, abs=1e-9)
    assert found.mean_wait_s * found.attempts_per_hour / 3600 == pytest.approx(
        found.queue, rel=1e-9, abs=1e-12
    )


def test_all_try_again_however_much_comes() -> None:
    """Overload is an answer: the fresh contacts that agents have time for, and retries without end."""
    blocked = retrial_chain(2400.0, 300.0, 100, 60.0, 1.0, places=0)
    assert (blocked.retries_per_hour, blocked.orbit, blocked.blocked) == (math.inf, math.inf, 1.0)
    assert blocked.lost == pytest.approx(0.5)
    impatient = retrial_chain(2400.0, 300.0, 100, 60.0, 1.0, patience_s=100.0)
    assert (impatient.abandoned, impatient.queue, impatient.busy) == (1.0, math.inf, 100.0)
    patient = retrial_chain(2400.0, 300.0, 100, 60.0, 0.5)
    assert (patient.abandoned, patient.retries_per_hour, patient.mean_wait_s) == (0.0, 0.0, math.inf)
    assert not any(math.isnan(value) for found in (blocked, impatient, patient) for value in found)


def test_nobody_comes_or_nobody_is_lost() -> None:
    silent = retrial_chain(0.0, 300.0, 5, 60.0, 0.5, 60.0)
    assert silent.empty == 1.0
    assert not any(silent[:-1])
    patient = retrial_chain(48.0, 300.0, 5, 60.0, 1.0)
    assert patient.retries_per_hour == 0.0
    assert patient.queue == pytest.approx(2.216450216450216, rel=1e-9), "M/M/5 at a load of 4"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"per_hour": -1.0}, "per_hour: -1"),
        ({"per_hour": [1.0, 2.0]}, "give one number"),
        ({"handle_s": 0.0}, "handle_s: 0"),
        ({"agents": -1}, "agents: -1"),
        ({"agents": 2.5}, "whole numbers"),
        ({"after_s": 0.0}, "after_s: 0"),
        ({"share": 1.5}, "share: 1.5"),
        ({"patience_s": math.nan}, "patience_s: nan"),
        ({"places": 1.5}, "places: 1.5"),
        ({"agents": 30_000, "per_hour": 300_000.0}, "retrials.with_retries"),
        ({"share": 1.0, "per_hour": 59.9999}, "retrials.with_retries"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    good = {
        "per_hour": 60.0,
        "handle_s": 300.0,
        "agents": 5,
        "after_s": 300.0,
        "share": 0.5,
        "patience_s": 60.0,
    }
    with pytest.raises(ValueError, match=message):
        retrial_chain(**(good | changed))


@pytest.mark.parametrize(
    ("patience_s", "places", "queue"), [(100.0, math.inf, 5.0 / 3.0), (math.inf, 3, 3.0), (math.inf, 0, 0.0)]
)
def test_no_agents_answer_nobody(patience_s: float, places: float, queue: float) -> None:
    """Each contact tries twice on average, and gives up or is refused each time."""
    found = retrial_chain(30.0, 300.0, 0, 60.0, 0.5, patience_s, places)
    assert found.busy == 0.0
    assert found.lost == pytest.approx(1.0)
    assert found.attempts_per_hour == pytest.approx(60.0)
    assert found.queue == pytest.approx(queue)
    assert found.abandoned + found.blocked == pytest.approx(1.0)


def test_no_agents_with_endless_lines_or_nobody() -> None:
    assert math.isinf(retrial_chain(30.0, 300.0, 0, 60.0, 0.5).queue)
    assert math.isinf(retrial_chain(30.0, 300.0, 0, 60.0, 1.0, 100.0).retries_per_hour)
    for patience_s, places in ((math.inf, math.inf), (100.0, 3), (math.inf, 0)):
        found = retrial_chain(0.0, 300.0, 0, 60.0, 1.0, patience_s, places)
        assert (found.empty, found.queue, found.lost) == (1.0, 0.0, 0.0)
