"""The parts of the engine of formulas, each against sums that are easily made by hand."""

import math

import numpy as np
import pytest

from scenarios.model import Distribution
from sim.almanac import almanac
from sim.draft import names_of
from sim.formula.busyness import CERTAIN, factors_of, variation
from sim.formula.curves import FEW, Curves, State, read
from sim.formula.demand import Limits, together
from sim.formula.flow import modified_rate, with_returns
from sim.formula.grid import Grid, grid_of
from sim.formula.sharing import lines_of
from sim.formula.waiting import Asked
from tests.formula.scenarios import LINE, changed

PHONE = Asked(Distribution(kind="exponential", mean_s=240.0, balk=0.02), math.inf, Limits(20.0, 5.0, ()))


def grid(*pairs: tuple[str, str]) -> Grid:
    scenario = changed(*pairs)
    return grid_of(scenario, names_of(scenario), almanac(scenario.calendar))


@pytest.mark.parametrize("cv", [0.05, 0.3, 1.0, 3.0])
def test_factors_have_the_moments_of_their_gamma_law(cv: float) -> None:
    """Five points are exact for polynomials up to the ninth degree."""
    factors, weights = factors_of(cv)
    moment = 1.0
    for power in range(1, 9):
        moment *= 1.0 + (power - 1) * cv * cv
        assert float(weights @ factors**power) == pytest.approx(moment, rel=1e-9)
    assert factors_of(0.0) == CERTAIN


def test_streams_that_are_busy_together_vary_more() -> None:
    levels = "rate: 60 per 30 min, busyness: {day: {cv: 20%, correlation: 100%}}"
    stream = changed(("rate: 60 per 30 min", levels)).streams["calls"]
    alone = changed(("rate: 60 per 30 min", levels.replace("100%", "0%"))).streams["calls"]
    assert variation([stream], [5.0]) == pytest.approx(0.2)
    assert variation([stream, stream.model_copy()], [5.0, 5.0]) == pytest.approx(0.2)
    assert variation([alone, alone.model_copy()], [5.0, 5.0]) == pytest.approx(0.2 / math.sqrt(2))
    both = stream.model_copy(
        update={
            "arrivals": changed(
                (
                    "rate: 60 per 30 min",
                    "rate: 60 per 30 min, busyness: {day: {cv: 20%}, interval: {cv: 10%}}",
                )
            )
            .streams["calls"]
            .arrivals
        }
    )
    assert variation([both], [1.0]) == pytest.approx(math.sqrt(1.04 * 1.01 - 1))
    assert variation([], []) == 0.0


def test_the_load_follows_the_rate() -> None:
    """From empty it is a (1 - exp(-t / handle time)), averaged over each piece."""
    rate = modified_rate(np.full(20, 60.0), np.full(20, 600.0), 900.0)
    t = 1.5 * np.arange(21)
    assert rate == pytest.approx(60.0 * (1.0 - (np.exp(-t[:-1]) - np.exp(-t[1:])) / 1.5))
    assert modified_rate(np.full(3, 60.0), np.full(3, 1.0), 3600.0) == pytest.approx(60.0, rel=1e-3)


def test_the_load_is_kept_where_handle_times_change() -> None:
    """Load, not rate, goes on: 10 Erlangs of 10 minutes are 10 Erlangs when they take 20 minutes."""
    handle_s = np.array([600.0] * 30 + [1200.0])
    rate = modified_rate(np.where(handle_s == 600.0, 60.0, 30.0), handle_s, 1800.0)
    assert rate[29] == pytest.approx(60.0)
    assert rate[30] == pytest.approx(30.0)


def test_who_is_lost_comes_back_later_and_once() -> None:
    fresh = np.array([100.0, *[0.0] * 199])
    back = with_returns(fresh, (fresh > 0.0).astype(float), 900.0, 900.0, 1) - fresh
    assert back.sum() == pytest.approx(100.0)
    assert back[0] == pytest.approx(100.0 * math.exp(-1.0))
    assert back[1] / back[2] == pytest.approx(math.e)


def test_attempts_follow_each_other() -> None:
    """Three attempts are one, made by those who are lost again; very many are as good as any number."""
    rng = np.random.default_rng(4)
    fresh, lost = rng.uniform(0.0, 50.0, 40), rng.uniform(0.5, 0.9, 40)
    wanted, again = fresh.copy(), fresh
    for _ in range(3):
        again = with_returns(again, lost, 700.0, 900.0, 1) - again
        wanted += again
    assert with_returns(fresh, lost, 700.0, 900.0, 3) == pytest.approx(wanted, rel=1e-12)
    endless = with_returns(fresh, lost, 700.0, 900.0, None)
    assert with_returns(fresh, lost, 700.0, 900.0, 150) == pytest.approx(endless, rel=1e-6)
    assert endless.min() > 0.0
    assert (endless[1:] > with_returns(fresh, lost, 700.0, 900.0, 3)[1:]).all()


def test_curves_are_read_as_well_as_they_are_solved() -> None:
    rates = np.linspace(20.0, 260.0, 40 * FEW)
    state = State(rates, np.full(len(rates), 180.0), np.full(len(rates), 8.0))
    read_off = Curves(PHONE, factors_of(0.1)).at(state)
    some = slice(None, None, 80)
    solved = Curves(PHONE, factors_of(0.1)).at(State(*(each[some] for each in state)))
    assert len(rates[some]) <= FEW
    assert read_off[:, some] == pytest.approx(solved, rel=2e-6, abs=2e-6)


def test_a_cubic_is_read_exactly() -> None:
    nodes = np.linspace(1.0, 3.0, 9)
    at = np.linspace(1.0, 3.0, 101)
    found = np.zeros((1, len(at)))
    read(np.array([nodes**3 - nodes]), nodes[0], nodes[1] - nodes[0], at, np.arange(len(at)), found)
    assert found[0] == pytest.approx(at**3 - at)


def test_a_part_of_one_person_lies_between_the_whole_numbers() -> None:
    two = np.full(1, 100.0), np.full(1, 180.0)
    seven, half, eight = (Curves(PHONE).at(State(*two, np.full(1, n))) for n in (7.0, 7.5, 8.0))
    assert half == pytest.approx((seven + eight) / 2)


def test_pieces_are_as_long_as_anything_lasts() -> None:
    assert grid().piece_s == 1800
    assert grid(("agents: 8", 'agents: {"08:00-10:15": 8}')).piece_s == 900
    assert grid(("agents: 8", 'agents: {"08:00-10:13:07": 8}')).piece_s == 60
    found = grid(("agents: 8", 'agents: {"08:00-10:15": 8, "10:15-12:00": 9}'))
    assert found.heads[0, 4 * 10 : 4 * 10 + 3].tolist() == [8.0, 9.0, 9.0]
    assert found.fresh.sum() == pytest.approx(2 * 48 * 60)


def test_contacts_come_where_the_profile_has_them() -> None:
    profile = 'by_interval: {daily: {"08:00-08:15": 10, "08:15-09:00": 90}}'
    found = grid(("rate: 60 per 30 min", profile))
    day = found.fresh[0, : 24 * 4]
    assert found.piece_s == 900
    assert day[31:37].tolist() == pytest.approx([0.0, 10.0, 30.0, 30.0, 30.0, 0.0])


def test_patience_of_several_is_their_mean_hurry() -> None:
    quick, slow = (Distribution(kind="exponential", mean_s=s) for s in (60.0, 300.0))
    assert together([quick, quick], [1.0, 5.0]) == quick
    both = together([quick, slow, None], [1.0, 1.0, 2.0])
    assert both is not None
    assert both.mean_s == pytest.approx(1.0 / (0.25 / 60 + 0.25 / 300))
    assert together([None, None], [1.0, 1.0]) is None


def test_lines_are_solved_in_the_order_of_their_priority() -> None:
    text = LINE.replace(
        "queues:\n", "queues:\n  low: {priority: low}\n  same: {}\n  other: {channel: chat}\n"
    )
    scenario = changed(("[phone]", "[low, [phone, same], other]"), text=text)
    assert [line.queues for line in lines_of(scenario)] == [("phone", "same"), ("other",), ("low",)]


def test_deferred_work_is_that_of_the_backlog_recursion() -> None:
    """`sim.erlang.backlog` goes through the intervals one by one; here all are done at once."""
    from sim.erlang.backlog import Work, answers
    from sim.formula.columns import AT, SECOND
    from sim.formula.deferred import answer_deferred
    from sim.formula.demand import demand_of
    from sim.formula.realtime import Place

    profile = 'by_interval: {daily: {"00:00-08:00": 30, "08:00-18:00": 120, "18:00-24:00": 40}}'
    found = grid(
        ("days: 2", "days: 9"), ("rate: 60 per 30 min", profile), ("agents: 8", "agents: 2, hours: desk")
    )
    demand = demand_of(found, "phone")._replace(is_open=np.ones(found.pieces), limits=Limits(7200.0, 5.0, ()))
    place = Place(found.heads[0], np.ones(found.pieces), 1800.0)
    mine = answer_deferred(demand, place, 0.0, holds=True, drains=False).counts
    wanted = answers(Work(demand.fresh, found.heads[0] * 10.0, 1800.0), 7200.0)
    assert mine[AT["answered"]].sum() == pytest.approx(wanted.answered.sum(), rel=1e-3)
    assert mine[AT["answered_within"]].sum() == pytest.approx(wanted.within.sum(), rel=0.01)
    assert mine[AT["wait_answered"]].sum() / SECOND == pytest.approx(wanted.waited_s.sum(), rel=0.01)
