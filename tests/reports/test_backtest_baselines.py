"""What the formulas would have said: which teams are one line, and each interval by hand."""

import numpy as np
import pytest

from reports.backtest_baselines import Asked, erlang, lines_of, ratios
from sim.erlang.line import Line
from sim.erlang.steady import steady
from sim.erlang.waits import within


def test_teams_that_share_a_stream_are_one_line() -> None:
    takes = np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0]], bool)
    assert lines_of(takes) == [([0, 1], [0, 1, 2]), ([2], [3]), ([], [4])]
    assert lines_of(np.zeros((0, 2), bool)) == [([], [0]), ([], [1])]


def asked(contacts: list[float], heads: float, patience_s: tuple[float, float] = (120.0, 240.0)) -> Asked:
    """Two streams with one team, of which one interval of half an hour is asked for."""
    return Asked(
        np.array(contacts).reshape(2, 1, 1),
        np.array([200.0, 400.0]),
        np.array(patience_s),
        np.full((1, 1, 1), heads),
        np.ones((1, 2), bool),
        1800,
        20.0,
    )


def test_an_interval_by_hand() -> None:
    """30 of 200 s and 10 of 400 s: 80 an hour of 250 s; who gives up does so as the mix does."""
    rate = (30 / 120 + 10 / 240) / 40
    line = Line(80.0, 250.0, 6.0, 1 / rate)
    found, close = steady(line), within(line, 20.0)
    said = erlang(asked([30.0, 10.0], 6.0), with_patience=True)
    figures = ratios(said, [0, 1], np.full((1, 1), 6.0))
    assert float(figures["abandonment"].by_day()[0]) == pytest.approx(float(found.abandoned))
    assert float(figures["asa"].by_day()[0]) == pytest.approx(float(found.asa_s))
    assert float(figures["service_level"].by_day()[0]) == pytest.approx(float(close.answered))
    assert float(figures["occupancy"].by_day()[0]) == pytest.approx(float(found.occupancy))
    assert float(figures["offered"].by_day()[0]) == 40.0
    assert said.offered.ravel().tolist() == [30.0, 10.0]
    assert said.abandoned[0] == pytest.approx(3 * said.abandoned[1])


def test_without_patience_it_is_erlang_c() -> None:
    line = Line(80.0, 250.0, 8.0)
    figures = ratios(erlang(asked([30.0, 10.0], 8.0), False), [0, 1], np.full((1, 1), 8.0))
    assert float(figures["abandonment"].by_day()[0]) == 0.0
    assert float(figures["asa"].by_day()[0]) == pytest.approx(float(steady(line).asa_s))
    assert float(figures["service_level"].by_day()[0]) == pytest.approx(float(within(line, 20.0).answered))


def test_where_contacts_outgrow_the_people_all_wait_for_the_interval() -> None:
    said = erlang(asked([30.0, 10.0], 5.0), False)
    figures = ratios(said, [0], np.full((1, 1), 5.0))
    assert float(figures["asa"].by_day()[0]) == 1800.0
    assert float(figures["service_level"].by_day()[0]) == 0.0
    assert float(ratios(said, [0, 1], np.full((1, 1), 5.0))["occupancy"].by_day()[0]) == pytest.approx(1.0)


@pytest.mark.parametrize("with_patience", [True, False])
def test_nobody_at_work_and_nobody_calling(with_patience: bool) -> None:
    alone = ratios(erlang(asked([30.0, 10.0], 0.0), with_patience), [0, 1], np.zeros((1, 1)))
    assert float(alone["service_level"].by_day()[0]) == 0.0
    assert float(alone["abandonment"].by_day()[0]) == (1.0 if with_patience else 0.0)
    assert np.isnan(alone["occupancy"].by_day()[0])
    quiet = erlang(asked([0.0, 0.0], 5.0), with_patience)
    assert all(np.isfinite(each).all() for each in quiet)
    assert not quiet.answered.any()
    figures = ratios(quiet, [0, 1], np.full((1, 1), 5.0))
    assert np.isnan(figures["asa"].by_day()[0])
    assert float(figures["occupancy"].by_day()[0]) == 0.0


def test_who_never_gives_up_waits_on() -> None:
    never = erlang(asked([30.0, 10.0], 8.0, (np.inf, np.inf)), True)
    plain = erlang(asked([30.0, 10.0], 8.0), False)
    assert never.abandoned == pytest.approx(0.0, abs=1e-9)
    assert never.waited_s == pytest.approx(plain.waited_s)


def test_intervals_and_lines_do_not_mix() -> None:
    """Two teams that share nothing, on two days of two intervals: each cell as if it were alone."""
    draw = np.random.default_rng(1)
    contacts, heads = draw.uniform(1, 30, (2, 2, 2)), draw.integers(2, 9, (2, 2, 2)).astype(float)
    handle, patience = np.array([200.0, 300.0]), np.array([100.0, 500.0])
    said = erlang(Asked(contacts, handle, patience, heads, np.eye(2, dtype=bool), 900, 30.0), True)
    for s in range(2):
        line = Line(contacts[s] * 4, float(handle[s]), heads[s], float(patience[s]))
        assert said.abandoned[s] == pytest.approx(contacts[s] * steady(line).abandoned)
        assert said.answered_within[s] == pytest.approx(contacts[s] * within(line, 30.0).answered)
