"""Levels ahead, averaged over the ways in which a level may wander, by hand."""

import math

import pytest

from calibration.fits.level_ahead import Level, Way, widened

NOTHING = ((0.0, 0.0, 0.0),) * 3


def level(*ways: Way) -> Level:
    return Level(ways, 0.0, 0.0, 0.0, 0.0)


def test_one_way_is_itself() -> None:
    back = Way(1.0, 0.1, 0.4, NOTHING, 0.5, 0.0)
    found = level(back)
    assert found.at(1)[0] == pytest.approx(math.exp(0.1 + 0.4 * 0.5))
    assert found.over(1, 2).factor == pytest.approx((math.exp(0.3) + math.exp(0.2)) / 2)
    assert found.level == pytest.approx(math.exp(0.5))
    assert found.half_life_days == pytest.approx(1.0)


def test_forecasts_are_averaged_and_their_differences_are_errors() -> None:
    stays = Way(0.25, 0.0, 0.4, NOTHING, 1.0, 0.0)
    goes = Way(0.75, 0.0, 0.4, NOTHING, 1e-9, 0.0)
    factor, cv = level(goes, stays).at(3)
    assert math.log(factor) == pytest.approx(0.25 * 0.4)
    assert math.log1p(cv**2) == pytest.approx(0.25 * 0.3**2 + 0.75 * 0.1**2)


def test_a_walk_gathers_and_a_level_that_comes_back_settles() -> None:
    walk, back = (level(Way(1.0, 0.0, 0.0, NOTHING, kept, 0.1)) for kept in (1.0, 0.8))
    assert math.log1p(walk.at(9)[1] ** 2) == pytest.approx(9 * 0.01)
    assert math.log1p(back.at(400)[1] ** 2) == pytest.approx(0.01 / (1 - 0.64))


def test_few_weeks_widen_errors() -> None:
    assert widened(0.1, 365) == pytest.approx(0.1, rel=0.03)
    assert widened(0.1, 91) == pytest.approx(0.1 * 1.796 / 1.645, rel=1e-3)  # Student's t with 11 degrees
    assert widened(0.1, 3) == widened(0.1, 21) == pytest.approx(0.1 * 6.314 / 1.645, rel=1e-3)
