"""Did a change work? A test on what the team has observed, with its power.

A cause is compared with itself before the change, and with the causes that nothing was done about
(`log_linear.py` has the model). One-sided, in the direction that the ticket expects:

* validated: the effect is there (p below 1 - confidence);
* not validated: it is not, and the expected one would have been seen with a probability of at least 80 %;
* not measurable yet: neither can be said, for want of contacts or of days.

A trend of the cause's own is estimated from the days before and after, and carried on with its error. It is
not tested first: a test that finds no trend at such volumes says little, and what follows it no longer
holds its level (Roth 2022, "Pretest with caution", American Economic Review: Insights 4). This costs power,
three to four times the variance where there are as many days before as after: the more days before, the
less. `own_trend=False` takes all causes to have the same trend, and is wrong far too often where they have
not.

A cause is chosen because much came of it, and part of that was chance, which does not come again
(regression to the mean): of eight causes that are alike, the one with the most contacts in four weeks is
"validated" in one of ten cases though nothing was done. The days it was chosen on are therefore left out of
the comparison; those between the choice and the change, and those before both, are not.

Each verdict holds its confidence. Who takes the better of two, after 14 and after 30 days, is wrong more
often: 6 to 7 % at a confidence of 95 %, 5 % at one of 96 %.

All series have one entry a day, from the same day on, without gaps (the position modulo 7 is the weekday);
the last is the day before the verdict. Days on which nobody works count nothing in cause and control, and
are left out.
"""

from typing import Final, NamedTuple

import numpy as np
from scipy import special

from sim.loop.log_linear import Bools, Fit, Ints, expected_root, fitted, interval, root
from sim.loop.series import (
    RETURN_DAYS,
    Series,
    Spans,
    compared,
    contacts_series,
    days_of,
    dose,
    handle_time_series,
    per_customer_series,
    returns_series,
)

VALIDATED: Final = "validated"
NOT_VALIDATED: Final = "not validated"
NOT_MEASURABLE: Final = "not measurable yet"

POWER: Final = 0.8  # with which an effect must have been visible before its absence says anything
_LEAST: Final = -0.99  # a drop, beyond which its logarithm says nothing any more
_SURE: Final = 30.0  # a root with a power of 1
_FARTHEST: Final = 8.0  # a logarithmic effect, beyond which all is one


class Finding(NamedTuple):
    """What was found; effects are ratios after over before, relative to the control."""

    estimate: float  # NaN where it cannot be had
    low: float  # two-sided interval whose ends each have the confidence of the test
    high: float
    p: float  # one-sided, in the expected direction
    dispersion: float  # variance over mean of a day's count
    days: int  # that counted, before and after
    power: float  # to see the expected effect in these days
    detectable: float  # relative change that could have been seen with a power of 80 % (-0.31), NaN if none
    verdict: str


NOTHING: Final = Finding(*(float("nan"),) * 5, 0, 0.0, float("nan"), NOT_MEASURABLE)


def contacts(
    cause: Ints,
    control: Ints | None,
    day: int,
    *,
    expected: float,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> Finding:
    """Do fewer contacts come? Counts by day of the cause, and summed over causes that nothing was done about.

    `day` is the first one with the change in force, `expected` its relative effect (-0.25), in full after
    `ramp_days`. `used` leaves out days (holidays without a control, days of an outage), and `left_out`
    spans of days: those whose counts made somebody choose this cause.
    """
    series = contacts_series(cause, control, dose(len(cause), day, ramp_days))
    return judged(series, expected, confidence, own_trend, compared(used, left_out, series))


def per_customer(
    cause: Ints,
    customers: Ints,
    day: int,
    *,
    expected: float,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> Finding:
    """Do fewer contacts come from an active customer? Counts by day; no control but the customers."""
    series = per_customer_series(cause, customers, dose(len(cause), day, ramp_days))
    return judged(series, expected, confidence, own_trend, compared(used, left_out, series))


def handle_time(
    agent_ticks: Ints,
    handled: Ints,
    day: int,
    *,
    expected: float,
    control: tuple[Ints, Ints] | None = None,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> Finding:
    """Does a contact take less time (or more)? Time and contacts by day, likewise of the control.

    The estimate is a ratio of sums, its error that of days around it.
    """
    series = handle_time_series(agent_ticks, handled, control, dose(len(handled), day, ramp_days))
    return judged(series, expected, confidence, own_trend, compared(used, left_out, series))


def returns(
    returned: Ints,
    solved: Ints,
    day: int,
    *,
    expected: float,
    control: tuple[Ints, Ints] | None = None,
    within: int = RETURN_DAYS,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> Finding:
    """Do fewer come back? Returns by day, over the cases solved in the `within` days before.

    On the first days after a change most who come back do so about cases solved before it: the dose of a
    day is the share of those cases that were solved with the change in force.
    """
    series = returns_series(returned, solved, control, dose(len(solved), day, ramp_days), within)
    return judged(series, expected, confidence, own_trend, compared(used, left_out, series))


def judged(
    series: Series, expected: float, confidence: float, own_trend: bool, used: Bools | None
) -> Finding:
    """The finding on any series with a dose."""
    days = days_of(series, own_trend, used)
    if days is None:
        return NOTHING
    fit = fitted(days)
    side = 1.0 if expected > 0.0 else -1.0
    p = float(special.stdtr(fit.freedom, -side * root(fit, 0.0)[0]))
    quantile = float(special.stdtrit(fit.freedom, confidence))
    low, high = interval(fit, quantile)
    power, detectable = reach(fit, expected, confidence)
    verdict = VALIDATED if p < 1.0 - confidence else NOT_VALIDATED if power >= POWER else NOT_MEASURABLE
    estimate, low, high = (float(np.exp(np.clip(x, -_FARTHEST, _FARTHEST))) for x in (fit.effect, low, high))
    return Finding(estimate, low, high, p, dispersion(fit), len(days.events), power, detectable, verdict)


def reach(fit: Fit, expected: float, confidence: float) -> tuple[float, float]:
    """Power to see the expected effect, and the smallest relative change that has a power of 80 %.

    The root grows almost in proportion to the (logarithmic) effect: a secant finds the latter.
    """
    quantile = float(special.stdtrit(fit.freedom, confidence))
    effect = float(np.log1p(max(expected, _LEAST))) or -0.1
    found = abs(expected_root(fit, effect))
    likely = min(found * _unbiased(found, quantile, fit.left), _SURE)
    power = 1.0 - float(special.nctdtr(fit.freedom, likely, quantile)) if expected else 0.0
    wanted = float(special.nctdtrinc(fit.freedom, 1.0 - POWER, quantile))
    wanted /= _unbiased(wanted, quantile, fit.left)
    at = effect * wanted / max(found, 1e-9)
    if abs(at) > _FARTHEST:
        return power, float("nan")
    reached = abs(expected_root(fit, at))
    if abs(reached - found) > 1e-6:
        at += (wanted - reached) * (at - effect) / (reached - found)
    return power, float(np.expm1(at)) if at > np.log1p(_LEAST) else float("nan")


def _unbiased(root: float, quantile: float, freedom: int) -> float:
    """What to multiply an expected root by, so that power is right on average over estimates of the scale.

    Power is about F(root / s - quantile), F normal, with s^2 a chi-squared over its degrees of freedom n:
    to first order in 1 / n, s^-1 is 3 / 4n too large on average and has variance 1 / 2n (a Taylor series of
    both).
    """
    return float(np.clip(1.0 - (3.0 - root * (root - quantile)) / (4.0 * freedom), 0.9, 1.1))


def dispersion(fit: Fit) -> float:
    """Variance over mean of a day's count, around what is expected of the day; an average over contacts."""
    m = fit.peak.information
    return fit.scale * float(np.sum(m * (1.0 + fit.own * m)) / np.sum(m))
