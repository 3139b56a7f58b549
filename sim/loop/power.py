"""Before a change: what will be visible of it, and how small an effect could be seen.

The days observed so far are carried on: what comes on a weekday, with the trend so far as it is known, and days that
differ as much as they have. On these days, exactly as expected under the effect, the test of `validation` is made;
how far its root lies from 0 is the noncentrality of Student's t (`log_linear.expected_root`).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.loop.log_linear import WEEK, Bools, Days, Fit, Floats, Ints, fitted, highest
from sim.loop.validation import (
    RETURN_DAYS,
    Numbers,
    Series,
    contacts_series,
    days_of,
    dispersion,
    dose,
    handle_time_series,
    per_customer_series,
    reach,
    returns_series,
)

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
) -> tuple[Outlook, ...]:
    """For `validation.contacts`; the last day of the series is yesterday, the change comes `lead_days` from today."""
    series = [cause] if control is None else [cause, control]
    build: Builder = lambda x, doses: contacts_series(x[0], x[1] if len(x) > 1 else None, doses)  # noqa: E731
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used)
    return _outlooks(series, build, plan)


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
) -> tuple[Outlook, ...]:
    """For `validation.per_customer`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used)
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
) -> tuple[Outlook, ...]:
    """For `validation.handle_time`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used)
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
) -> tuple[Outlook, ...]:
    """For `validation.returns`."""
    plan = _Plan(expected, after_days, lead_days, confidence, ramp_days, own_trend, used)
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


def _outlooks(observed: list[Ints], build: Builder, plan: _Plan) -> tuple[Outlook, ...]:
    known = len(observed[0])
    keep = np.ones(known, dtype=np.bool_) if plan.used is None else plan.used
    keep = keep & (sum(observed) > 0)
    more = plan.lead_days + max(plan.after_days, default=0)
    longer: list[Numbers] = [np.concatenate((x, ahead(x, keep, more))) for x in observed]
    used = np.concatenate((keep, np.ones(more, dtype=np.bool_)))
    return tuple(_outlook(longer, build, plan, used, known, after) for after in plan.after_days)


def _outlook(
    longer: list[Numbers], build: Builder, plan: _Plan, used: Bools, known: int, after: int
) -> Outlook:
    day = known + plan.lead_days
    until = day + after
    doses = dose(until, day, plan.ramp_days)
    series = build([x[:until] for x in longer], doses)
    days = days_of(series, plan.own_trend, used[:until])
    if days is None:
        return Outlook(after, plan.expected, 0.0, float("nan"), float("nan"), 0)
    fit = _fit(days, int(np.sum(days.which < known)))
    if fit is None:
        return Outlook(after, plan.expected, 0.0, float("nan"), float("nan"), 0)
    power, detectable = reach(fit, plan.expected, plan.confidence)
    return Outlook(after, plan.expected, power, detectable, dispersion(fit), len(days.count))


def _fit(days: Days, known: int) -> Fit | None:
    """The model of all days, with the scatter of those that are known."""
    control = None if days.control is None else days.control[:known]
    past = Days(
        days.count[:known],
        control,
        days.offset[:known],
        days.columns[:known, :-1],
        days.levels,
        days.which[:known],
    )
    if known - past.columns.shape[1] < 2 or not np.all(past.columns[:, : days.levels].any(axis=0)):
        return None
    seen = fitted(past)
    # the future has been made without the change: its effect is 0 there
    held = highest(days, np.ones(len(days.count)), days.columns[:, :-1], days.offset, seen.peak.coefficients)
    peak = highest(
        days, np.ones(len(days.count)), days.columns, days.offset, np.append(held.coefficients, 0.0)
    )
    weights = 1.0 / (1.0 + seen.own * peak.information)
    curvature = (days.columns.T * (weights * peak.information)) @ days.columns
    return Fit(
        days,
        weights,
        seen.own,
        peak._replace(curvature=curvature),
        seen.scale,
        len(days.count) - days.columns.shape[1],
    )


def ahead(counts: Numbers, used: Bools, more: int) -> Floats:
    """What is to be expected on days to come: the weekday's level, and the trend as far as it stands out.

    The slope is taken times 1 - (error / slope)^2, and as 0 where it is smaller than its error (a positive-part
    estimator of James and Stein 1961): what chance has made is not carried on.
    """
    t = np.arange(len(counts) + more)
    weekdays = t % WEEK
    known = np.flatnonzero(used)
    sums = np.bincount(weekdays[known], np.asarray(counts, dtype=np.float64)[known], minlength=WEEK)
    known = known[sums[weekdays[known]] > 0.0]
    found = np.zeros(more)
    if len(known) == 0:
        return found
    scale = float(counts[known].mean())
    present = np.unique(weekdays[known])
    levels = (weekdays[known][:, None] == present).astype(np.float64)
    slope = (known - known.mean()) / WEEK
    offset = np.zeros(len(known))
    count = counts[known] / scale
    days = Days(count, None, offset, np.column_stack((levels, slope)), len(present), known)
    trend = 0.0
    if len(known) > len(present) + 2:
        fit = fitted(days)
        trend = fit.effect * max(0.0, 1.0 - (fit.error / fit.effect) ** 2) if fit.effect else 0.0
    for w, name in enumerate(present):
        on = weekdays[known] == name
        level = count[on].sum() / np.exp(trend * slope[on]).sum()
        later = np.flatnonzero(weekdays[len(counts) :] == name)
        found[later] = scale * level * np.exp(trend * (len(counts) + later - known.mean()) / WEEK)
        del w
    return found
