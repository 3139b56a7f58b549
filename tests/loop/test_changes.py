"""Changes: how large they turn out, and how they grow and fade."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.compile import run_key
from sim.draws import name_key
from sim.loop.changes import Claim, Made, Part, claim_of, is_steady, level, size_of, triangular
from sim.loop.knobs import ADD, COURSE, DIALS, KEEP_AWAY, MULTIPLY, SWITCH, TOGETHER, Knob

_KNOB = Knob(DIALS, 3, "contacts", MULTIPLY)


def made(**given: object) -> Made:
    usual = {
        "name": "copy", "kind": "ux_copy", "key": name_key("change", "copy"), "works": 1.0, "ramp": 0.0,
        "parts": (Part(_KNOB, -0.1, -0.2, -0.4),), "halves_in": math.inf, "cost": 0.0, "owner": 0, "cause": 2,
        "effort": 8.0, "lead": 0.0, "claim": Claim("contacts", -0.7 / 3),
    }  # fmt: skip
    return Made(**(usual | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "mode", "high"), [(0.0, 0.2, 0.5), (-0.1, -0.2, -0.4), (0.0, 0.0, 1.0), (0, 1, 1)]
)
def test_a_range_is_a_triangular_distribution(low: float, mode: float, high: float) -> None:
    """Also where the hopeful end is the smaller number."""
    law = stats.triang((mode - low) / (high - low), 0.0, 1.0)
    for u in (0.0, 0.05, 0.3, 0.5, 0.77, 1.0):
        assert triangular(low, mode, high, u) == pytest.approx(low + (high - low) * law.ppf(u), abs=1e-12)


def test_without_a_range_a_change_is_what_is_expected() -> None:
    assert triangular(-0.25, -0.25, -0.25, 0.9) == -0.25


def test_a_change_works_as_often_as_it_says() -> None:
    """4,000 replications; false alarms 1 in 16,000 (|z| <= 4)."""
    share, n = 0.7, 4_000
    worked = sum(size_of(made(works=share), run_key(1, r), 0).works for r in range(n))
    assert abs(worked - n * share) <= 4 * math.sqrt(n * share * (1 - share))


def test_what_does_not_work_moves_nothing() -> None:
    found = [size_of(made(works=0.5), run_key(1, r), 0) for r in range(50)]
    assert {size.moved == (0.0,) for size in found if not size.works} == {True}
    assert {-0.4 <= size.moved[0] <= -0.1 for size in found if size.works} == {True}


def test_a_second_attempt_is_drawn_anew_and_other_changes_are_not() -> None:
    run = run_key(5, 0)
    again = size_of(made(), run, 1)
    assert again != size_of(made(), run, 0)
    assert size_of(made(), run, 1) == again
    assert size_of(made(key=name_key("change", "other")), run, 0).moved != size_of(made(), run, 0).moved


def test_a_change_grows_over_its_ramp() -> None:
    """At noon of each day: 1/20, 3/20, ... of ten days; the mean over the ramp is one half."""
    of_days = [level(made(ramp=10.0), day) for day in range(12)]
    assert of_days == pytest.approx([*np.arange(0.05, 1.0, 0.1), 1.0, 1.0])
    assert not is_steady(made(ramp=10.0), 9)
    assert is_steady(made(ramp=10.0), 10)


def test_a_change_fades_by_half() -> None:
    fading = made(halves_in=30.0, ramp=5.5)
    assert level(fading, 5) == 1.0
    assert level(fading, 35) == pytest.approx(0.5)
    assert level(fading, 65) == pytest.approx(0.25)
    assert not is_steady(fading, 1000)


def test_changes_go_together() -> None:
    assert TOGETHER[MULTIPLY](TOGETHER[MULTIPLY](1.0, -0.2), -0.5) == pytest.approx(0.4)
    assert TOGETHER[ADD](0.1, 0.05) == pytest.approx(0.15)
    assert TOGETHER[KEEP_AWAY](TOGETHER[KEEP_AWAY](0.0, 0.2), 0.5) == pytest.approx(0.6)
    assert TOGETHER[SWITCH](0.0, 1.0) == 1.0
    assert TOGETHER[SWITCH](1.0, 0.0) == 1.0


def test_a_knob_stands_neutral_until_something_moves_it() -> None:
    assert Knob(DIALS, 0, "longer", MULTIPLY).neutral == 1.0
    assert Knob(COURSE, 0, "page_cuts", ADD).neutral == 0.0
    assert Knob(COURSE, 0, "routed", SWITCH).neutral == 0.0


def test_a_change_is_judged_by_the_largest_thing_that_it_is_to_do() -> None:
    fewer, longer = made().parts[0], Part(Knob(DIALS, 3, "longer", MULTIPLY), 0.0, 0.06, 0.12)
    answered = Part(Knob(DIALS, 3, "deflects", KEEP_AWAY), 0.0, 0.03, 0.06)
    for parts, measure, expected in (
        ((fewer, longer), "contacts", -0.7 / 3),
        ((answered, longer), "handle time", 0.06),
        ((fewer, answered), "contacts", -0.7 / 3 - 0.03),
    ):
        claim = claim_of(parts)
        assert claim is not None
        assert claim.measure == measure
        assert claim.expected == pytest.approx(expected)


def test_what_moves_no_cause_cannot_be_judged() -> None:
    assert claim_of((Part(Knob(DIALS, 0, "longer", MULTIPLY), -0.1, -0.1, -0.1),)) is None
    assert claim_of((Part(Knob(COURSE, 0, "accuracy", ADD), 0.1, 0.1, 0.1),)) is None
    assert claim_of((Part(_KNOB, 0.0, 0.0, 0.0),)) is None
