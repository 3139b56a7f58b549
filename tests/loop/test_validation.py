"""Verdicts on a change: figures by hand, what is left out, and which of the three words is said when."""

import math
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.loop.series import dose, lagged
from sim.loop.validation import (
    NOT_MEASURABLE,
    NOT_VALIDATED,
    VALIDATED,
    Finding,
    contacts,
    handle_time,
    per_customer,
    returns,
)

Ints = NDArray[np.int64]
BEFORE: Final = 56
DAYS: Final = 84  # four whole weeks after the change


def counts(seed: int, volume: float, effect: float = 0.0, days: int = DAYS) -> Ints:
    rng = np.random.default_rng(seed)
    return rng.poisson(volume * np.where(np.arange(days) < BEFORE, 1.0, 1.0 + effect))


def test_without_a_trend_contacts_are_a_ratio_of_ratios() -> None:
    """Whole weeks before and after, a control that is the same every day: each weekday's level cancels."""
    cause, control = counts(1, 20.0, -0.3), np.full(DAYS, 10**9)
    found = contacts(cause, control, BEFORE, expected=-0.3, own_trend=False)
    by_hand = cause[BEFORE:].mean() / cause[:BEFORE].mean()
    assert found.estimate == pytest.approx(by_hand, rel=2e-3)  # days are weighted where they differ
    assert found.days == DAYS
    assert found.low < found.estimate < found.high < 1.0
    assert found.verdict == VALIDATED


def test_what_makes_days_busy_for_all_cancels() -> None:
    cause, control = np.tile([5, 9, 7, 8, 6, 3, 2], 12), np.tile([50, 90, 70, 80, 60, 30, 20], 12)
    busy = np.arange(1, DAYS + 1)  # growth, and no two days alike
    calm = contacts(cause, control, BEFORE, expected=-0.2)
    stormy = contacts(cause * busy, control * busy, BEFORE, expected=-0.2)
    assert calm.estimate == pytest.approx(1.0, abs=1e-9)
    assert stormy.estimate == pytest.approx(1.0, abs=1e-9)


def test_a_trend_of_its_own_is_carried_on() -> None:
    """Halved every eight weeks, with or without a change: no effect is seen, nor would one be missed."""
    t = np.arange(DAYS)
    falling = 4000.0 * 0.5 ** (t / 56)
    control = np.full(DAYS, 10**6)
    unchanged = np.rint(falling).astype(np.int64)
    changed = np.rint(falling * np.where(t < BEFORE, 1.0, 0.9)).astype(np.int64)
    assert contacts(unchanged, control, BEFORE, expected=-0.1).estimate == pytest.approx(1.0, abs=1e-3)
    assert contacts(changed, control, BEFORE, expected=-0.1).estimate == pytest.approx(0.9, abs=1e-3)
    assert contacts(unchanged, control, BEFORE, expected=-0.1, own_trend=False).estimate < 0.75


def test_handle_time_is_a_ratio_of_sums() -> None:
    handled = counts(2, 20.0)
    rng = np.random.default_rng(3)
    ticks = np.array([round(3e8 * rng.gamma(n)) for n in handled]) * np.where(np.arange(DAYS) < BEFORE, 5, 4)
    found = handle_time(ticks, handled, BEFORE, expected=-0.2, own_trend=False)
    before, after = slice(None, BEFORE), slice(BEFORE, None)
    by_hand = ticks[after].sum() / handled[after].sum() / (ticks[before].sum() / handled[before].sum())
    assert found.estimate == pytest.approx(by_hand, rel=0.01)  # not of days, but within weekdays
    assert found.verdict == VALIDATED
    assert handle_time(ticks * 1000, handled, BEFORE, expected=-0.2, own_trend=False).p == pytest.approx(
        found.p
    )
    slower = handle_time(ticks, handled, BEFORE, expected=0.2, own_trend=False)
    assert slower.p == pytest.approx(1.0 - found.p)
    assert slower.verdict == NOT_VALIDATED


def test_handle_time_against_a_control() -> None:
    """Everybody becomes a tenth faster, the cause a quarter on top: what is told is the quarter."""
    handled, others = counts(4, 40.0), counts(5, 400.0)
    faster = np.where(np.arange(DAYS) < BEFORE, 10, 9)
    mine = handled * 1000 * faster * np.where(np.arange(DAYS) < BEFORE, 4, 3)
    found = handle_time(mine, handled, BEFORE, expected=-0.2, control=(others * 1500 * faster, others))
    assert found.estimate == pytest.approx(0.75, abs=1e-6)


def test_returns_lag_the_cases_they_are_about() -> None:
    """A tenth come back within two days, later a twentieth; cases come in waves. Known to the last one."""
    solved = 1000 + 600 * (np.arange(DAYS) % 5 == 0)
    rate = np.where(np.arange(DAYS) < BEFORE, 0.10, 0.05)
    returned = np.zeros(DAYS, dtype=np.int64)
    for day in range(2, DAYS):
        returned[day] = round(sum(solved[day - d] * rate[day - d] for d in (1, 2)) / 2)
    found = returns(returned, solved, BEFORE, expected=-0.5, within=2)
    assert found.days == DAYS - 2
    # the day in between has half a dose, which on a logarithm is not quite half an effect
    assert found.estimate == pytest.approx(0.5, abs=0.01)
    assert found.verdict == VALIDATED


def test_doses_and_lags_by_hand() -> None:
    assert dose(6, 4, 0.0).tolist() == [0, 0, 0, 0, 1, 1]
    assert dose(7, 2, 4.0).tolist() == [0, 0, 0.125, 0.375, 0.625, 0.875, 1]
    assert lagged(np.array([1.0, 2, 3, 4, 5]), 2)[2:].tolist() == [1.5, 2.5, 3.5]
    assert np.isnan(lagged(np.array([1.0, 2, 3]), 2)[:2]).all()


def test_contacts_per_customer() -> None:
    """Twice the customers and twice the contacts are no change."""
    customers = np.where(np.arange(DAYS) < BEFORE, 1000, 2000)
    cause = counts(6, 30.0, 1.0)
    found = per_customer(cause, customers, BEFORE, expected=-0.3)
    assert found.low < 1.0 < found.high
    assert per_customer(cause, np.full(DAYS, 1000), BEFORE, expected=0.5).verdict == VALIDATED


def test_a_ramp_is_allowed_for() -> None:
    t = np.arange(DAYS)
    share = np.clip((t + 0.5 - BEFORE) / 20, 0, 1)
    cause = np.rint(10_000 * 0.7**share).astype(np.int64)
    control = np.full(DAYS, 10**6)
    assert contacts(cause, control, BEFORE, expected=-0.3, ramp_days=20.0).estimate == pytest.approx(
        0.7, abs=1e-3
    )
    assert contacts(cause, control, BEFORE, expected=-0.3).estimate > 0.72


def test_days_without_work_change_nothing() -> None:
    """Weekends, and a holiday in the middle of the week."""
    work = np.arange(DAYS) % 7 < 5
    work[[16, 61]] = False
    cause, control = counts(7, 20.0, -0.2) * work, counts(8, 200.0) * work
    found = contacts(cause, control, BEFORE, expected=-0.3)
    assert found.days == work.sum()
    marked = contacts(np.where(work, cause, 7), np.where(work, control, 3), BEFORE, expected=-0.3, used=work)
    assert marked == found


def test_the_days_a_cause_was_chosen_on_are_left_out() -> None:
    cause, control = counts(9, 20.0), counts(10, 200.0)
    wild = cause.copy()
    wild[14:42] += 30
    assert contacts(wild, control, BEFORE, expected=-0.3, left_out=((14, 42),)) == contacts(
        cause, control, BEFORE, expected=-0.3, left_out=((14, 42),)
    )
    assert contacts(cause, control, BEFORE, expected=-0.3, left_out=((14, 42),)).days == DAYS - 28


def test_absence_is_told_only_where_it_would_have_been_seen() -> None:
    """No effect at all. At 300 a day a fifth would have been seen, at 3 a day not: nothing can be said."""
    many, few, control = counts(11, 300.0), counts(12, 3.0), counts(13, 3000.0)
    plenty = contacts(many, control, BEFORE, expected=-0.2)
    assert (plenty.verdict, plenty.power > 0.99) == (NOT_VALIDATED, True)
    assert -0.2 < plenty.detectable < 0.0
    scarce = contacts(few, control, BEFORE, expected=-0.2)
    assert (scarce.verdict, scarce.power < 0.8) == (NOT_MEASURABLE, True)
    assert scarce.detectable < -0.2
    # the rule is one: the expected effect against the smallest that can be seen
    at_the_edge = contacts(many, control, BEFORE, expected=plenty.detectable)
    assert at_the_edge.power == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_interval_and_the_verdict_agree(confidence: float) -> None:
    for seed in range(40):
        found = contacts(
            counts(seed, 8.0, -0.3), counts(99 - seed, 80.0), BEFORE, expected=-0.5, confidence=confidence
        )
        assert (found.verdict == VALIDATED) == (found.high < 1.0) == (found.p < 1.0 - confidence)


def nothing(found: Finding) -> bool:
    return found.verdict == NOT_MEASURABLE and math.isnan(found.p) and found.power == 0.0


def test_too_little_is_not_measurable() -> None:
    control = counts(14, 200.0)
    cause = counts(15, 20.0)
    assert nothing(contacts(cause[:BEFORE], control[:BEFORE], BEFORE, expected=-0.3))  # not a day after it
    assert nothing(contacts(cause[:58], control[:58], BEFORE, expected=-0.3))
    assert nothing(contacts(cause[50:], control[50:], 6, expected=-0.3))
    assert nothing(contacts(counts(16, 0.1), control, BEFORE, expected=-0.3))
    assert nothing(contacts(np.zeros(DAYS, np.int64), np.zeros(DAYS, np.int64), BEFORE, expected=-0.3))
    assert nothing(contacts(np.zeros(0, np.int64), None, 0, expected=-0.3))
    assert nothing(contacts(cause, control, BEFORE, expected=-0.3, left_out=((0, BEFORE),)))
    few = counts(17, 1.0)
    assert nothing(handle_time(few * 10**8, few, BEFORE, expected=-0.3))


def test_nothing_left_is_validated() -> None:
    """A cause that never comes again."""
    cause, control = counts(18, 5.0, -1.0), counts(19, 50.0)
    found = contacts(cause, control, BEFORE, expected=-0.9)
    assert found.verdict == VALIDATED
    assert found.estimate < 0.01
    assert np.isfinite(found[:8]).all()


def test_counts_that_never_differ() -> None:
    found = contacts(np.full(DAYS, 10), np.full(DAYS, 100), BEFORE, expected=-0.2)
    assert found.verdict == NOT_VALIDATED
    assert found.estimate == pytest.approx(1.0)
    assert found.p == pytest.approx(0.5, abs=1e-3)
