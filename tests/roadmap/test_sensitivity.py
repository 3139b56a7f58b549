"""Which assumption decides: lines by hand, and what a plan's replications are known to hang on."""

import numpy as np
import pytest
from scipy import stats

from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.roadmap.follow import follow
from sim.roadmap.sensitivity import sensitivity, swing
from tests.loop.small import scenario, written


def test_a_straight_line_is_found_exactly() -> None:
    assumed = np.linspace(-0.4, 0.0, 21)
    found = swing("copy", assumed, 100.0 + 50.0 * assumed)
    assert (found.low, found.high) == pytest.approx((-0.36, -0.04))
    assert found.effect.mean == pytest.approx(50.0 * 0.32)
    assert found.effect.half == pytest.approx(0.0, abs=1e-6)
    assert found.explained == pytest.approx(1.0)


def test_the_interval_is_that_of_the_slope() -> None:
    rng = np.random.default_rng(5)
    assumed = rng.uniform(0.0, 1.0, 60)
    values = 3.0 * assumed + rng.normal(0.0, 1.0, 60)
    known = stats.linregress(assumed, values)
    found = swing("copy", assumed, values)
    width = found.high - found.low
    assert found.effect.mean == pytest.approx(known.slope * width)
    assert found.effect.half == pytest.approx(stats.t.ppf(0.975, 58) * known.stderr * width)
    assert found.explained == pytest.approx(known.rvalue**2)


def test_the_largest_cause_with_the_widest_range_decides() -> None:
    """Half of all contacts are about copy, whose remedy may take away none or three quarters of them; those
    of the two others are certain, so nothing hangs on them."""
    remedies = written()["remedies"]
    moves = {"causes.copy.contacts": {"low": "0%", "expected": "-30%", "high": "-75%"}}
    remedies["fix_copy"] |= {"moves": moves}
    roadmap = {"targets": ["avoidable volume <= 5000 by day 28"], "window": "14 days"}
    followed = follow(
        scenario(28, remedies=remedies, roadmap=roadmap),
        [("avoidable_volume", "all", "all")],
        [Window(15, 28)],
        Chances(1, 60, 2),
    )
    found = sensitivity(followed, 1, ("avoidable_volume", "all", "all"), Window(15, 28))
    assert [each.assumption for each in found.swings] == ["fix_copy"]
    only = found.swings[0]
    # 14 days of 120 contacts: a range from P10 to P90 of the triangle moves that share of 1,680 contacts.
    assert only.effect.mean == pytest.approx(1680 * (only.high - only.low), abs=4 * only.effect.half)
    assert only.explained > 0.8
