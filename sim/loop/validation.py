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
less. `own_trend=False` takes all causes to have the same trend.

All series have one entry a day, from the same day on, without gaps (the position modulo 7 is the weekday);
the last is the day before the verdict. Days on which nobody works count nothing in cause and control, and
are left out.
"""

from typing import Final, NamedTuple

import numpy as np
from scipy import special

from sim.loop.log_linear import WEEK, Bools, Days, Fit, Floats, Ints, expected_root, fitted, interval, root

VALIDATED: Final = "validated"
NOT_VALIDATED: Final = "not validated"
NOT_MEASURABLE: Final = "not measurable yet"

POWER: Final = 0.8  # with which an effect must have been visible before its absence says anything
RETURN_DAYS: Final = 7  # within which customers come back
FEWEST_BEFORE: Final = 7  # days
FEWEST_AFTER: Final = 3
FEWEST_FREEDOM: Final = 6
FEWEST: Final = 10.0  # events of the cause before the change, and expected after it
FEWEST_TIMES: Final = 100.0  # contacts, likewise: a mean time is at the mercy of its longest contacts
_LEAST: Final = -0.99  # a drop, beyond which its logarithm says nothing any more
_FARTHEST: Final = 8.0  # a logarithmic effect, beyond which all is one
_PER_LEVEL: Final = 10.0  # events from which on each weekday has a level of its own


Numbers = Ints | Floats


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


class Series(NamedTuple):
    """Daily numbers of the cause and of the control, and what each is a share of."""

    count: Floats  # [day]
    dose: Floats  # [day] share of the change that is in force
    exposed: Floats | None = None
    control: Floats | None = None
    control_exposed: Floats | None = None
    fewest: float = FEWEST  # events before the change, and expected after it, without which nothing is said


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
) -> Finding:
    """Do fewer contacts come? Counts by day of the cause and, in sum, of the causes that nothing was done about.

    `day` is the first one with the change in force, `expected` its relative effect (-0.25), in full after
    `ramp_days`. `used` leaves out days (holidays without a control, days of an outage).
    """
    series = contacts_series(cause, control, dose(len(cause), day, ramp_days))
    return judged(series, expected, confidence, own_trend, used)


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
) -> Finding:
    """Do fewer contacts come from an active customer? Counts by day; no control but the customers."""
    series = per_customer_series(cause, customers, dose(len(cause), day, ramp_days))
    return judged(series, expected, confidence, own_trend, used)


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
) -> Finding:
    """Does a contact take less time (or more)? Time and contacts by day, likewise of the control.

    The estimate is a ratio of sums, its error that of days around it.
    """
    series = handle_time_series(agent_ticks, handled, control, dose(len(handled), day, ramp_days))
    return judged(series, expected, confidence, own_trend, used)


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
) -> Finding:
    """Do fewer come back? Returns by day, over the cases solved in the `within` days before.

    On the first days after a change most who come back do so about cases solved before it: the dose of a
    day is the share of those cases that were solved with the change in force.
    """
    series = returns_series(returned, solved, control, dose(len(solved), day, ramp_days), within)
    return judged(series, expected, confidence, own_trend, used)


def judged(
    series: Series, expected: float, confidence: float, own_trend: bool, used: Bools | None
) -> Finding:
    """The finding on any series with a dose."""
    days = days_of(series, own_trend, used)
    if days is None:
        return NOTHING
    fit = fitted(days)
    if not fit.scale > 0.0:
        return NOTHING
    side = 1.0 if expected > 0.0 else -1.0
    p = float(special.stdtr(fit.freedom, -side * root(fit, 0.0)[0]))
    quantile = float(special.stdtrit(fit.freedom, confidence))
    low, high = interval(fit, quantile)
    power, detectable = reach(fit, expected, confidence)
    verdict = VALIDATED if p < 1.0 - confidence else NOT_VALIDATED if power >= POWER else NOT_MEASURABLE
    estimate, low, high = (float(np.exp(np.clip(x, -_FARTHEST, _FARTHEST))) for x in (fit.effect, low, high))
    return Finding(estimate, low, high, p, dispersion(fit), len(days.count), power, detectable, verdict)


def reach(fit: Fit, expected: float, confidence: float) -> tuple[float, float]:
    """Power to see the expected effect, and the smallest relative change that has a power of 80 %.

    The root grows almost in proportion to the (logarithmic) effect: a secant finds the latter.
    """
    quantile = float(special.stdtrit(fit.freedom, confidence))
    effect = float(np.log1p(max(expected, _LEAST))) or -0.1
    found = abs(expected_root(fit, effect))
    likely = found * _unbiased(found, quantile, fit.left)
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


def dose(days: int, day: int, ramp_days: float) -> Floats:
    """Share of a change that is in force, by day; a straight line over its ramp, on average over each day."""
    since = np.arange(days, dtype=np.float64) - day
    if ramp_days <= 0.0:
        return (since >= 0.0).astype(np.float64)
    found: Floats = np.clip((since + 0.5) / ramp_days, 0.0, 1.0)
    return found


def lagged(solved: Floats, within: int) -> Floats:
    """Means over the `within` days before each day; NaN where there are fewer."""
    total = np.concatenate(([0.0], np.cumsum(solved)))
    found = np.full(len(solved), np.nan)
    found[within:] = (total[within:-1] - total[: -within - 1]) / within
    return found


def contacts_series(cause: Numbers, control: Numbers | None, doses: Floats) -> Series:
    """Contacts, against those of other causes."""
    return Series(_floats(cause), doses, control=None if control is None else _floats(control))


def per_customer_series(cause: Numbers, customers: Numbers, doses: Floats) -> Series:
    """Contacts over active customers."""
    return Series(_floats(cause), doses, _floats(customers))


def handle_time_series(
    agent_ticks: Numbers, handled: Numbers, control: tuple[Numbers, Numbers] | None, doses: Floats
) -> Series:
    """Time in units of the series' own mean, so that a contact counts as one, as it does elsewhere."""
    count, exposed = _in_means(agent_ticks, handled)
    found = Series(count, doses, exposed, fewest=FEWEST_TIMES)
    if control is None:
        return found
    times, contacts_of = _in_means(*control)
    return found._replace(control=times, control_exposed=contacts_of)


def returns_series(
    returned: Numbers,
    solved: Numbers,
    control: tuple[Numbers, Numbers] | None,
    doses: Floats,
    within: int = RETURN_DAYS,
) -> Series:
    """Returns over the cases that may return, with the share of these that were solved under the change."""
    exposed = lagged(_floats(solved), within)
    shares = lagged(_floats(solved) * doses, within) / np.where(exposed > 0.0, exposed, 1.0)
    found = Series(_floats(returned), shares, exposed)
    if control is None:
        return found
    return found._replace(control=_floats(control[0]), control_exposed=lagged(_floats(control[1]), within))


def days_of(series: Series, own_trend: bool, used: Bools | None) -> Days | None:
    """The days that count, as a model; None where they are too few, or too little happened on them."""
    doses = series.dose
    keep = np.ones(len(series.count), dtype=np.bool_) if used is None else used.copy()
    for below in (series.exposed, series.control_exposed):
        if below is not None:
            keep &= below > 0.0  # NaN: not known yet
    if series.control is not None:
        keep &= series.count + series.control > 0.0
    groups = _groups(series, keep)
    before = keep & (doses <= 0.0)
    if before.sum() < FEWEST_BEFORE or (keep & ~before).sum() < FEWEST_AFTER:
        return None
    if min(_expected_after(series, keep, before), float(series.count[before].sum())) < series.fewest:
        return None
    which = np.flatnonzero(keep)
    weekdays = groups[which]
    columns = [(weekdays == each).astype(np.float64) for each in np.unique(weekdays)]
    levels = len(columns)
    if own_trend:
        columns.append((which - which.mean()) / WEEK)
    columns.append(doses[which])
    if len(which) - len(columns) < FEWEST_FREEDOM:
        return None
    control = None if series.control is None else series.control[which]
    return Days(series.count[which], control, _offset(series, which), np.column_stack(columns), levels, which)


def _groups(series: Series, keep: Bools) -> Ints:
    """The level of each day: its weekday, where there is enough to tell one from another.

    Days of a level on which the cause (or the control) never comes say nothing, and are no longer kept.
    """
    groups = np.arange(len(series.count)) % WEEK
    if series.count[keep].sum() < WEEK * _PER_LEVEL:
        groups = np.zeros_like(groups)
    for counts in (series.count, series.control):
        if counts is not None:
            keep &= np.bincount(groups[keep], counts[keep], minlength=WEEK)[groups] > 0.0
    return groups


def _expected_after(series: Series, keep: Bools, before: Bools) -> float:
    """Events of the cause that would have come after the change, had all gone on as before."""
    after = keep & ~before
    if series.control is not None:
        return float(series.count[before].sum() * series.control[after].sum() / series.control[before].sum())
    if series.exposed is not None:
        return float(series.count[before].sum() * series.exposed[after].sum() / series.exposed[before].sum())
    return float(series.count[before].mean() * after.sum())


def _offset(series: Series, which: Ints) -> Floats:
    found = np.zeros(len(which))
    if series.exposed is not None:
        found += np.log(series.exposed[which])
    if series.control_exposed is not None:
        found -= np.log(series.control_exposed[which])
    return found


def _in_means(ticks: Numbers, handled: Numbers) -> tuple[Floats, Floats]:
    contacts_of = _floats(handled)
    total = float(ticks.sum())
    return _floats(ticks) * (contacts_of.sum() / total if total else 0.0), contacts_of


def _floats(counts: Numbers) -> Floats:
    return np.asarray(counts, dtype=np.float64)
