"""Deferred work: the recursion, the law of answer times against small parcels, agents, extremes."""

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.erlang.backlog import Work, answers, backlog, capacity, required_agents, wait_quantile
from tests.erlang.cases import agree, cases
from tests.oracles.parcels import parcels

HOUR = 3600.0


@pytest.mark.parametrize(("p", "out"), cases("Deterministic e-mail backlog"))
def test_cases(p: dict[str, Any], out: dict[str, Any]) -> None:
    found = backlog(Work(p["arrivals"], p["capacity"], 24 * HOUR, p["start"]))
    agree({"backlog_end_of_day": found.waiting.tolist()}, out)


def test_two_days_by_hand() -> None:
    """Open in hours 2 and 3 of four; 10 an hour come, 40 an hour are done.

    At opening 20 wait: after 40 min of the third hour they and 6.7 more are done. What came at the
    beginning has waited two hours, what came at opening 30 min, all by the calendar.
    """
    found = answers(Work([10.0] * 4, [0, 0, 40, 40], HOUR), HOUR)
    assert found.answered == pytest.approx([10.0] * 4)
    assert found.within == pytest.approx([0.0, 10.0 * 2 / 3, 10.0, 10.0])
    assert found.waited_s[0] == pytest.approx(10.0 * (2 * HOUR + 1.25 * HOUR) / 2)
    assert found.share_within == pytest.approx((20.0 + 20.0 / 3) / 40.0)
    assert found.left == 0.0
    business = answers(Work([10.0] * 4, [0, 0, 40, 40], HOUR, open=[0, 0, 1, 1]), 15 * 60.0)
    assert business.within == pytest.approx([10.0, 0.0, 20.0 / 3, 10.0]), "who came first is answered first"


def test_what_is_left_and_how_old() -> None:
    """5 wait from before, for an hour already; nobody works in the second hour."""
    found = answers(Work([8.0, 4.0], [6.0, 0.0], HOUR, 5.0, HOUR), 1.5 * HOUR)
    assert found.answered == pytest.approx([1.0, 0.0])
    assert found.left == pytest.approx(11.0)
    assert found.oldest_s == pytest.approx((2 - 1 / 8) * HOUR)
    assert found.left_age_s == pytest.approx((7 * (1 + (2 - 1 / 8)) / 2 + 4 * 0.5) / 11 * HOUR)
    assert found.late == pytest.approx([8 * (0.5 - 1 / 8), 0.0])
    untouched = answers(Work([0.0], [2.0], HOUR, 5.0, HOUR), HOUR)
    assert [float(x) for x in untouched[-3:]] == [3.0, 2 * HOUR, 2 * HOUR]


hours = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 30), min_size=n, max_size=n),
        st.lists(st.one_of(st.just(0), st.integers(1, 60)), min_size=n, max_size=n),
        st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=n, max_size=n),
        st.integers(0, 20),
    )
)


@settings(deadline=None, max_examples=40, derandomize=True, phases=[Phase.generate])
@given(hours, st.floats(0.0, 12.0))
def test_against_small_parcels(some: tuple[list[int], list[int], list[float], int], allowed: float) -> None:
    """Amounts within the time, waits and ages of parcels of a fiftieth of a contact."""
    arrivals, can, counted, start = some
    work = Work(arrivals, can, HOUR, start, open=counted)
    found, edges = answers(work, allowed * HOUR), np.concatenate([[0.0], np.cumsum(counted)])
    units = [p for p in parcels(arrivals, can, start, 0.02) if p.interval >= 0]

    def clock(at: float) -> float:
        return float(np.interp(at, np.arange(len(edges)), edges))

    waits = [clock(p.done) - clock(p.came) for p in units if p.done < math.inf]
    near = 0.12 * len(arrivals) + 1e-6
    assert found.answered.sum() == pytest.approx(len(waits) / 50, abs=near)
    assert found.waited_s.sum() / HOUR == pytest.approx(sum(waits) / 50, abs=near * 2)
    if not any(abs(w - allowed) < 0.02 for w in waits):
        assert found.within.sum() == pytest.approx(sum(w <= allowed for w in waits) / 50, abs=near)
    assert backlog(work).waiting[-1] == pytest.approx(float(found.left), abs=1e-9)
    assert (found.within + found.late <= np.array(arrivals) + 1e-9).all()


@settings(deadline=None, max_examples=100, derandomize=True, phases=[Phase.generate])
@given(hours, st.floats(0.01, 1.0))
def test_a_quantile_is_reached_and_not_before(
    some: tuple[list[int], list[int], list[float], int], share: float
) -> None:
    arrivals, can, counted, start = some
    work = Work(arrivals, can, HOUR, start, open=counted)
    found, total = float(wait_quantile(work, share)), sum(arrivals)
    if math.isinf(found):
        assert answers(work, 1e9).within.sum() < share * total
        return
    assert answers(work, found * (1 + 1e-9) + 1e-6).within.sum() >= share * total * (1 - 1e-9)
    if found > 1.0:
        assert answers(work, found - 0.5).within.sum() < share * total


@settings(deadline=None, max_examples=40, derandomize=True, phases=[Phase.generate])
@given(hours, st.floats(0.1, 1.0), st.floats(0.0, 6.0))
def test_required_agents_are_the_fewest(
    some: tuple[list[int], list[int], list[float], int], share: float, allowed: float
) -> None:
    arrivals, can, _, start = some
    shifts = np.sign(can)
    need = float(required_agents(Work(arrivals, shifts, HOUR, start), 600.0, share, allowed * HOUR))

    def reached(agents: float) -> float:
        able = capacity(agents * shifts, 600.0, HOUR)
        return float(answers(Work(arrivals, able, HOUR, start), allowed * HOUR).share_within)

    if math.isinf(need):
        assert reached(1e7) < share
        return
    assert reached(need) >= share * (1 - 1e-9)
    assert need == 0.0 or reached(need - 1.0) < share


def test_many_series_at_once() -> None:
    """Series do not touch each other; 10,000 days of 48 intervals take tens of milliseconds."""
    rng = np.random.default_rng(4)
    comes, open_ = rng.poisson(20.0, (10_000, 48)), np.arange(48) % 48 >= 16
    work = Work(comes, np.where(open_, 40.0, 0.0), 1800.0, rng.poisson(9.0, 10_000), open=open_ * 1.0)
    answers(work, HOUR)  # compiled
    began = time.process_time()
    found = answers(work, HOUR)
    spent = time.process_time() - began
    assert spent < 0.5, "some ten times what it takes on an idle machine"
    one = answers(work._replace(arrivals=comes[77], start=float(np.asarray(work.start)[77])), HOUR)
    assert (one.within == found.within[77]).all()
    assert one.oldest_s == found.oldest_s[77]


def test_extremes() -> None:
    silent = answers(Work(np.zeros((2, 3)), 0.0, HOUR), 0.0)
    assert silent.share_within.tolist() == [1.0, 1.0]
    assert silent.mean_wait_s.tolist() == [0.0, 0.0]
    assert wait_quantile(Work([0.0, 0.0], 0.0, HOUR), 0.9) == 0.0
    assert required_agents(Work([0.0, 0.0], 1.0, HOUR), 300.0, 0.9, HOUR) == 0.0
    nobody = answers(Work([1e12, 1e12], 0.0, HOUR), HOUR)
    assert nobody.share_within == 0.0
    assert nobody.left == 2e12
    assert answers(Work(np.zeros((0, 3)), 1.0, HOUR), 0.0).left.shape == (0,)
    at_once = answers(Work([1e9, 1.0], [1e9, 2.0], HOUR), 0.0)
    assert at_once.share_within == 1.0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"arrivals": [-1.0, 2.0]}, "arrivals: -1"),
        ({"arrivals": 3.0, "capacity": 1.0}, r"give \[..., intervals\]"),
        ({"capacity": [math.inf, 1.0]}, "capacity: inf"),
        ({"capacity": [1.0, 1.0, 1.0]}, "do not broadcast"),
        ({"interval_s": 0.0}, "interval_s: 0"),
        ({"start": -1.0}, "start: -1"),
        ({"open": [1.0]}, "open: an array of shape"),
        ({"open": [1.0, 2.0]}, "open: 2"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    work = Work([10.0, 12.0], [11.0, 11.0], HOUR)
    with pytest.raises(ValueError, match=message):
        answers(work._replace(**changed), HOUR)
    with pytest.raises(ValueError, match="within_s: an array of shape"):
        answers(work, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"share: 1\.5"):
        wait_quantile(work, 1.5)
