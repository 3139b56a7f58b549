"""What is said before a change: by hand, against what is said after it, and what more days are worth."""

import math
from typing import Final

import numpy as np
import pytest
from scipy import stats

from sim.loop import power, validation
from sim.loop.power import ahead, shrunk

WEEK: Final = np.array([12, 11, 10, 10, 9, 4, 0])


def drawn(seed: int, volume: float, days: int = 56, cv: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(volume * (rng.gamma(cv**-2, cv**2, days) if cv else np.ones(days)))


def test_power_of_two_levels_by_hand() -> None:
    """Days whose variance is their mean, no trend, a control that is known: two rates compared."""
    level, before, after = 36.0, 56, 28
    cause = np.tile([30, 42], before // 2)  # mean 36, variance 36
    (told,) = power.contacts(
        cause, np.full(before, 10**9), expected=-0.1, after_days=(after,), own_trend=False
    )
    drop = 0.9
    pooled = level * (before + drop * after) / (before + after)
    deviance = 2 * level * (before * np.log(level / pooled) + drop * after * np.log(drop * level / pooled))
    # weekdays take 7 degrees of freedom, the effect one; variance is estimated from 56 - 7
    freedom = before + after - 8
    scale = 36.0 * 56 / 49 / 36.0
    by_hand = 1 - stats.nct.cdf(stats.t.ppf(0.95, freedom), freedom, np.sqrt(deviance / scale))
    assert told.days == before + after
    # a bias of at most 3 / (4 x 49) is taken off the root
    assert told.power == pytest.approx(by_hand, abs=0.03)


def test_before_and_after_agree() -> None:
    """On the same days the outlook is what the verdict then says of its own power, but for chance."""
    days, after = 56, 14
    gaps = []
    for seed in range(30):
        cause, control = drawn(seed, 30.0, days + after, 0.2), drawn(seed + 100, 600.0, days + after)
        (told,) = power.contacts(cause[:days], control[:days], expected=-0.3, after_days=(after,))
        found = validation.contacts(cause, control, days, expected=-0.3)
        gaps.append((told.power - found.power, told.detectable - found.detectable))
    assert np.abs(np.mean(gaps, axis=0)).max() < 0.03


def test_the_smallest_effect_has_a_power_of_80_percent() -> None:
    cause, control = drawn(1, 30.0, cv=0.1), drawn(2, 600.0)
    for told in power.contacts(cause, control, expected=-0.15):
        assert -0.5 < told.detectable < 0.0
        (again,) = power.contacts(cause, control, expected=told.detectable, after_days=(told.after_days,))
        assert again.power == pytest.approx(0.8, abs=0.005)


def test_more_days_and_more_contacts_show_more() -> None:
    def detectable(volume: float, **more: object) -> list[float]:
        cause, control = (np.tile((WEEK * x).astype(np.int64), 8) for x in (volume, 30.0))
        noisy = np.maximum(cause + np.tile([1, -1, 2, -2, 0], 12)[:56] * (cause > 0), 0)
        told = power.contacts(noisy, control, expected=-0.2, **more)  # type: ignore[arg-type]
        return [each.detectable for each in told]

    short, long = detectable(1.0)
    assert short < long < 0.0
    assert detectable(10.0)[0] > short
    assert detectable(1.0, own_trend=False)[1] > long
    assert detectable(1.0, lead_days=28)[0] > short  # four more weeks before it
    assert detectable(1.0, ramp_days=14.0)[0] < short
    assert detectable(1.0, left_out=((0, 42),))[0] < short
    assert detectable(1.0, confidence=0.8)[0] > short


def test_other_measures_have_an_outlook() -> None:
    rng = np.random.default_rng(5)
    handled, others = drawn(6, 60.0), drawn(7, 600.0)
    ticks, theirs = (np.array([round(3e8 * rng.gamma(n)) for n in each]) for each in (handled, others))
    (told,) = power.handle_time(ticks, handled, expected=-0.2, control=(theirs, others), after_days=(28,))
    # a mean of n gamma times has a cv of n^-1/2: no control noise to speak of; own trend as in the text
    assert told.power > 0.9
    back, their_back = rng.binomial(handled, 0.1), rng.binomial(others, 0.1)
    (told,) = power.returns(back, handled, expected=-0.5, control=(their_back, others), after_days=(28,))
    assert told.days == 56 - 7 + 28
    assert 0.3 < told.power < 1.0
    (told,) = power.per_customer(handled, np.full(56, 10_000), expected=-0.2, after_days=(14,))
    assert told.power > 0.9


def test_what_comes_is_the_weekday_and_its_trend() -> None:
    used = np.ones(28, dtype=np.bool_)
    assert ahead(np.tile(WEEK, 4), used, 9).tolist() == pytest.approx([*WEEK, *WEEK[:2]])
    growing = np.rint(1e6 * np.exp(0.05 * np.arange(56) / 7)).astype(np.int64)
    told = ahead(growing, np.ones(56, dtype=np.bool_), 14)
    assert told == pytest.approx(1e6 * np.exp(0.05 * np.arange(56, 70) / 7), rel=0.01)
    holiday = np.tile(WEEK, 4)
    holiday[8] = 0
    used[8] = False
    assert ahead(holiday, used, 7).tolist() == pytest.approx([*WEEK], abs=0.5)


def test_chance_is_not_carried_on() -> None:
    assert shrunk(0.1, 0.2) == 0.0
    assert shrunk(0.0, 0.2) == 0.0
    assert shrunk(-0.4, 0.2) == pytest.approx(-0.3)


def test_too_little_has_no_power() -> None:
    none = np.zeros(28, dtype=np.int64)
    for cause, control in ((none, none), (none, drawn(1, 60.0, 28)), (none[:0], none[:0]), (none, None)):
        for told in power.contacts(cause, control, expected=-0.3):
            assert told.power == 0.0
            assert math.isnan(told.detectable)
            assert told.days == 0
    short = drawn(2, 30.0, 8), drawn(3, 300.0, 8)
    assert power.contacts(*short, expected=-0.3)[0].power == 0.0
    chosen = power.contacts(drawn(4, 30.0), drawn(5, 300.0), expected=-0.3, left_out=((0, 56),))
    assert [each.power for each in chosen] == [0.0, 0.0]


def test_a_whole_cause_cannot_be_more_than_gone() -> None:
    """At two contacts a week not even the end of a cause can be seen in 14 days."""
    cause = np.tile([1, 0, 0, 1, 0, 0, 0], 8)
    (told,) = power.contacts(cause, np.full(56, 50), expected=-1.0, after_days=(14,))
    assert told.power < 0.8
