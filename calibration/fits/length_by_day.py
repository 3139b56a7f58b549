"""How much longer contacts take on some days than on others: a factor of mean 1 for each day.

Days of one stream are groups of a one-way layout. With n(d) contacts on day d, means m(d) and the pooled
variance s2 within days, the variance between days is

    (sum of n (m - M)^2 - (k - 1) s2) / (N - sum of n^2 / N)

(S. Searle, G. Casella and C. McCulloch, 1992, "Variance Components", section 3.6). Its interval comes from
the F law of the ratio of both mean squares, with the mean size of the days in the place of the common one
(J. Thomas and R. Hultquist, 1978, "Interval estimation for the unbalanced case of the one-way random
effects model", Annals of Statistics 6).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.cells import Floats, Ints
from calibration.fits.fit import Fit, Parameter
from calibration.fits.intervals import Z95
from calibration.fits.length_by_weekday import ByWeekday, fit_by_weekday
from calibration.fits.length_level import fit_length_level
from calibration.fits.level_ahead import Level

FEWEST_A_DAY: Final = 5
"""Contacts of a day: the mean of fewer says more of single contacts than of the day."""
_FEWEST_DAYS: Final = 5
_CONFIDENCE: Final = 0.95


class Days(NamedTuple):
    """Days on which a stream had contacts: which day, how many were handled, mean and variance in seconds."""

    day: Ints
    n: Floats
    mean_s: Floats
    variance: Floats


class LongDays(NamedTuple):
    """The coefficient of variation of the days' factor around level and weekday, and how much streams share.

    `total_cv` is around the mean of all days instead; None for a level where there are too few weeks.
    """

    cv: Parameter
    correlation: float
    days: int
    by_weekday: ByWeekday = ByWeekday()
    total_cv: float = 0.0
    level: Level | None = None


class _Layout(NamedTuple):
    days: Days
    mean_s: float
    within: float  # variance of single contacts
    between: float  # variance of days, may be below 0
    low: float
    high: float


def fit_length_by_day(streams: Mapping[str, Days]) -> dict[str, LongDays]:
    """The day's factor of handle time of each stream; a cv of 0 with NaN where there are too few days."""
    large = {name: _large(days) for name, days in streams.items()}
    weekdays = {name: _by_weekday(days) for name, days in large.items()}
    layouts = {
        name: _layout(_leveled(days, weekdays[name]), weekdays[name].freedom) for name, days in large.items()
    }
    known = [each for each in layouts.values() if each is not None and each.between > 0]
    shared = _in_common(known)
    return {name: _told(each, shared)._replace(by_weekday=weekdays[name]) for name, each in layouts.items()}


def _around_level(found: LongDays, layout: _Layout) -> LongDays:
    """Days around the wandering level, where there are weeks enough to tell it."""
    days = layout.days
    over_time = fit_length_level(days.day, days.n, days.mean_s, layout.within)
    if over_time is None:
        return found
    sd, low, high = over_time.day
    return found._replace(
        cv=Parameter("day_cv", sd, low, high, (high - low) / (2.0 * Z95), ""), level=over_time.level
    )


def _by_weekday(days: Days) -> ByWeekday:
    found = _layout(days)
    if found is None:
        return ByWeekday()
    return fit_by_weekday(days.day, days.n, days.mean_s, found.within, found.between)


def _leveled(days: Days, weekdays: ByWeekday) -> Days:
    """The days as they would be if all weekdays were alike."""
    factor = weekdays.of(days.day)
    return days._replace(mean_s=days.mean_s / factor, variance=days.variance / factor**2)


def with_days(fit: Fit, days: Days, cv: float) -> Fit:
    """The fit with a mean that is as unsure as so few days make it.

    Contacts of a day share its factor: beside their own chance the mean has the relative variance cv^2 times
    the sum of n^2 over the square of the sum of n (that of a weighted mean of the days' factors).
    """
    total = float(days.n.sum())
    if not cv > 0 or total <= 0:
        return fit
    error = cv * math.sqrt(float(days.n @ days.n)) / total
    return fit._replace(parameters=tuple(_wider(p, error) if p.name == "mean" else p for p in fit.parameters))


def _wider(mean: Parameter, error: float) -> Parameter:
    """A parameter with a further relative error; its interval is on the scale of its logarithm."""
    relative = math.hypot(mean.se / mean.value, error)
    low, high = (mean.value * math.exp(sign * Z95 * relative) for sign in (-1.0, 1.0))
    return mean._replace(low=low, high=high, se=mean.value * relative)


def _large(days: Days) -> Days:
    rows = days.n >= FEWEST_A_DAY
    return Days(days.day[rows], days.n[rows], days.mean_s[rows], days.variance[rows])


def _layout(days: Days, spent: float = 0.0) -> _Layout | None:
    """The layout of days of which other effects have taken so many degrees of freedom."""
    k, n = len(days.n), days.n
    if k < _FEWEST_DAYS:
        return None
    total = float(n.sum())
    mean = float(n @ days.mean_s) / total
    within = float((n - 1) @ days.variance) / (total - k)
    size = (total - float(n @ n) / total) / (k - 1)
    freedom = max(k - 1 - spent, 1.0)
    among = float(n @ (days.mean_s - mean) ** 2) / freedom
    if within <= 0:
        return None
    ratio, tail = among / within, (1.0 - _CONFIDENCE) / 2.0
    ends = [
        max((ratio / float(special.fdtri(freedom, total - k, p)) - 1.0) * within / size, 0.0)
        for p in (1.0 - tail, tail)
    ]
    return _Layout(days, mean, within, (among - within) / size, ends[0], ends[1])


def _told(found: _Layout | None, shared: float) -> LongDays:
    if found is None:
        return LongDays(Parameter("day_cv", 0.0, math.nan, math.nan, math.nan, ""), 0.0, 0)
    low, high = (math.sqrt(end) / found.mean_s for end in (found.low, found.high))
    cv = math.sqrt(max(found.between, 0.0)) / found.mean_s
    told = Parameter("day_cv", cv, low, high, (high - low) / (2.0 * Z95), "")
    days = LongDays(told, shared if cv > 0 else 0.0, len(found.days.n), total_cv=cv)
    return _around_level(days, found)


def _in_common(layouts: Sequence[_Layout]) -> float:
    """The correlation of the factors of two streams, over all pairs: covariances over products of deviations.

    A pair counts as its product of deviations times the days that both have.
    """
    above = below = 0.0
    for i, one in enumerate(layouts):
        for other in layouts[i + 1 :]:
            _, a, b = np.intersect1d(one.days.day, other.days.day, return_indices=True)
            if len(a) < _FEWEST_DAYS:
                continue
            together = (one.days.mean_s[a] - one.mean_s) * (other.days.mean_s[b] - other.mean_s)
            above += float(together.sum()) / (one.mean_s * other.mean_s)
            below += len(a) * math.sqrt(one.between * other.between) / (one.mean_s * other.mean_s)
    return min(max(above / below, 0.0), 1.0) if below > 0 else 0.0
