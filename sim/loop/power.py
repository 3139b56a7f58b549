"""Before a change: what will be visible of it, and how small an effect could be seen.

The days observed so far are carried on: what comes on a weekday, with the trend so far as it is known, and
days that differ as much as they have. On these days, exactly as expected under the effect, the test of
`validation` is made; how far its root lies from 0 is the noncentrality of Student's t
(`log_linear.expected_root`).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.loop.log_linear import WEEK, Bools, Days, Fit, Floats, Ints, fitted
from sim.loop.series import (
    FEWEST_BEFORE,
    FEWEST_FREEDOM,
    RETURN_DAYS,
    Numbers,
    Series,
    Spans,
    contacts_series,
    days_of,
    dose,
    handle_time_series,
    per_customer_series,
    returns_series,
)
from sim.loop.validation import dispersion, reach

AFTER_DAYS: Final = (14, 30)


class Outlook(NamedTuple):
    """What a verdict some days after the change will be able to say."""

    after_days: int
    expected: float  # relative effect that is hoped for (-0.15)
    power: float  # probability that it is seen
    detectable: float  # relative change seen with a probability of 80 % (-0.31); NaN if none can be had
    dispersion: float  # variance over mean of a day's count; NaN if unknown
    days: int  # that will count, before and after


Pair = tuple[Ints, Ints]
Builder = Callable[[list[Numbers], Floats], Series]


def contacts(
    cause: Ints,
    control: Ints | None,
    *,
    expected: float,
    after_days: tuple[int, ...] = AFTER_DAYS,
    lead_days: int = 0,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> tuple[Outlook, ...]:
    """For `validation.contacts`; series end with yesterday, the change comes `lead_days` from today."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used, left_out)
    return _outlooks(
        [cause] if control is None else [cause, control],
        lambda x, doses: contacts_series(x[0], x[1] if len(x) > 1 else None, doses),
        plan,
    )


def per_customer(
    cause: Ints,
    customers: Ints,
    *,
    expected: float,
    after_days: tuple[int, ...] = AFTER_DAYS,
    lead_days: int = 0,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> tuple[Outlook, ...]:
    """For `validation.per_customer`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used, left_out)
    return _outlooks([cause, customers], lambda x, doses: per_customer_series(x[0], x[1], doses), plan)


def handle_time(
    agent_ticks: Ints,
    handled: Ints,
    *,
    expected: float,
    control: Pair | None = None,
    after_days: tuple[int, ...] = AFTER_DAYS,
    lead_days: int = 0,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> tuple[Outlook, ...]:
    """For `validation.handle_time`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used, left_out)
    return _outlooks(
        [agent_ticks, handled, *(control or ())],
        lambda x, doses: handle_time_series(x[0], x[1], (x[2], x[3]) if len(x) > 2 else None, doses),
        plan,
    )


def returns(
    returned: Ints,
    solved: Ints,
    *,
    expected: float,
    control: Pair | None = None,
    within: int = RETURN_DAYS,
    after_days: tuple[int, ...] = AFTER_DAYS,
    lead_days: int = 0,
    confidence: float = 0.95,
    ramp_days: float = 0.0,
    own_trend: bool = True,
    used: Bools | None = None,
    left_out: Spans = (),
) -> tuple[Outlook, ...]:
    """For `validation.returns`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used, left_out)
    return _outlooks(
        [returned, solved, *(control or ())],
        lambda x, doses: returns_series(x[0], x[1], (x[2], x[3]) if len(x) > 2 else None, doses, within),
        plan,
    )


class _Plan(NamedTuple):
    expected: float
    after_days: tuple[int, ...]
    lead_days: int
    confidence: float
    ramp_days: float
    own_trend: bool
    used: Bools | None
    left_out: Spans


def _outlooks(observed: list[Ints], build: Builder, plan: _Plan) -> tuple[Outlook, ...]:
    known = len(observed[0])
    keep = np.ones(known, dtype=np.bool_) if plan.used is None else plan.used
    if len(observed) > 1:  # a day without any is one on which nobody works
        keep = keep & (np.sum(observed, axis=0) > 0)
    more = plan.lead_days + max(plan.after_days, default=0)
    longer: list[Numbers] = [np.concatenate((x.astype(np.float64), ahead(x, keep, more))) for x in observed]
    used = np.concatenate((keep, np.ones(more, dtype=np.bool_)))
    return tuple(_outlook(longer, build, plan, used, known, after) for after in plan.after_days)


def _outlook(
    longer: list[Numbers], build: Builder, plan: _Plan, used: Bools, known: int, after: int
) -> Outlook:
    day = known + plan.lead_days
    until = day + after
    series = build([x[:until] for x in longer], dose(until, day, plan.ramp_days))
    # two standard errors to spare: if only about as many come as are needed, it may be fewer
    series = series._replace(fewest=series.fewest + 2.0 * series.fewest**0.5)
    days = days_of(series, plan.own_trend, used[:until])
    fit = None if days is None else _fit(days, int(np.sum(days.which < known)), plan.left_out)
    if fit is None:
        return Outlook(after, plan.expected, 0.0, float("nan"), float("nan"), 0)
    power, detectable = reach(fit, plan.expected, plan.confidence)
    return Outlook(after, plan.expected, power, detectable, dispersion(fit), len(fit.days.events))


def _fit(days: Days, known: int, left_out: Spans) -> Fit | None:
    """The days to be compared, with levels, trend and scatter of the first ones, which are known."""
    control = None if days.control is None else days.control[:known]
    columns = days.columns[:known, :-1]  # no day had any dose
    if known - columns.shape[1] < FEWEST_FREEDOM or not columns[:, : days.levels].any(axis=0).all():
        return None
    past = fitted(
        Days(days.events[:known], control, days.offset[:known], columns, days.levels, days.which[:known])
    )
    coefficients = np.append(past.peak.coefficients, 0.0)
    if columns.shape[1] > days.levels:
        trend = shrunk(past.effect, past.error)
        coefficients[: days.levels] += (past.effect - trend) * columns[:, -1].mean()
        coefficients[days.levels] = trend
    if left_out:
        days = _without(days, left_out)
    freedom = len(days.events) - days.columns.shape[1]
    if freedom < FEWEST_FREEDOM or np.sum(days.columns[:, -1] <= 0.0) < FEWEST_BEFORE:
        return None
    peak = past.peak._replace(coefficients=coefficients)
    return past._replace(days=days, peak=peak, freedom=freedom * past.freedom / past.left)


def _without(days: Days, left_out: Spans) -> Days:
    kept = np.ones(len(days.which), dtype=np.bool_)
    for first, last in left_out:
        kept &= (days.which < first) | (days.which >= last)
    control = None if days.control is None else days.control[kept]
    return Days(
        days.events[kept], control, days.offset[kept], days.columns[kept], days.levels, days.which[kept]
    )


def shrunk(slope: float, error: float) -> float:
    """A slope as far as it stands out from its error; 0 if it does not.

    It is taken times 1 - (error / slope)^2 (the positive part of the estimator of James and Stein 1961), so
    that what chance has made is not carried on.
    """
    return slope * max(0.0, 1.0 - (error / slope) ** 2) if slope else 0.0


def ahead(counts: Numbers, used: Bools, more: int) -> Floats:
    """What is to be expected on the days to come: the weekday's mean, with the trend of all days (`shrunk`).

    The trend is that of the days over their weekday's mean, weighted by it; scatter about it is its error.
    """
    known = np.flatnonzero(used)
    weekdays, later = known % WEEK, len(counts) + np.arange(more)
    values = np.asarray(counts, dtype=np.float64)[known]
    days = np.maximum(np.bincount(weekdays, minlength=WEEK), 1)
    means = np.bincount(weekdays, values, minlength=WEEK) / days
    if len(known) <= WEEK + 2 or not means.any():
        return means[later % WEEK]
    middle = np.bincount(weekdays, known, minlength=WEEK) / days  # the day that a mean is of
    usual, away = means[weekdays], known - middle[weekdays]
    spread = max(float(np.sum(usual * away**2)), 1.0)
    slope = float(np.sum((values - usual) * away)) / spread
    scatter = values - usual * (1.0 + slope * away)
    error = float(np.sqrt(np.sum(scatter**2 * away**2))) / spread
    found: Floats = means[later % WEEK] * np.exp(shrunk(slope, error) * (later - middle[later % WEEK]))
    return found
