"""How much longer contacts take on some weekdays than on others: factors around the mean of all contacts.

Means of days are weighed by their chance and by what days differ by anyway. Weekdays whose means are further
apart than those of days would be by an F test at 1 % have factors of their own, shrunk to the mean of all by
what chance leaves (R. C. Paule and J. Mandel, 1982, "Consensus values and weighting factors", Journal of
Research of the National Bureau of Standards 87; C. N. Morris, 1983, "Parametric empirical Bayes inference",
Journal of the American Statistical Association 78).
"""

from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.cells import Floats, Ints
from scenarios.weekday_factors import ALIKE

_FEWEST_DAYS: Final = 2  # of a weekday
_ERROR: Final = 0.01
_MONDAY: Final = 4  # 1970-01-05, in days since 1970-01-01
_HALVINGS: Final = 60


class ByWeekday(NamedTuple):
    """Factors of handle times, Monday first; `freedom` is what they took of the days' degrees of freedom."""

    factors: tuple[float, ...] = ALIKE
    freedom: float = 0.0

    def of(self, days: Ints) -> Floats:
        """The factor of each day, given in days since 1970."""
        return np.array(self.factors)[weekday(days)]


def weekday(days: Ints) -> Ints:
    """The weekday of days since 1970, 0 = Monday."""
    found: Ints = (days - _MONDAY) % 7
    return found


def fit_by_weekday(days: Ints, n: Floats, mean_s: Floats, within: float, between: float) -> ByWeekday:
    """The factors from days with so many contacts and such means.

    `within` is the variance of single contacts, `between` that of the days around the mean of all.
    """
    weekdays = weekday(days)
    told = [w for w in range(7) if (weekdays == w).sum() >= _FEWEST_DAYS]
    rows = np.isin(weekdays, told)
    left = int(rows.sum()) - len(told)
    if len(told) < 2 or left < 1:
        return ByWeekday()
    weights = 1.0 / (max(between, 0.0) + within / n)
    members = [rows & (weekdays == w) for w in told]
    means = np.array([np.average(mean_s[each], weights=weights[each]) for each in members])
    sizes = np.array([weights[each].sum() for each in members])
    inside = sum(float(weights[m] @ (mean_s[m] - mean) ** 2) for m, mean in zip(members, means, strict=True))
    scale = max(inside / left, 1e-300)  # 1 where days differ by as much as they are said to
    errors = scale / sizes
    among = float(sizes @ (means - np.average(means, weights=sizes)) ** 2) / (len(told) - 1)
    if among <= float(special.fdtri(len(told) - 1, left, 1.0 - _ERROR)) * scale:
        return ByWeekday()
    apart = _apart(means, errors)
    kept = apart / (apart + errors)
    middle = float(np.average(means, weights=1.0 / (apart + errors)))
    factors = np.ones(7)
    factors[told] = (middle + kept * (means - middle)) / middle
    factors[told] /= float(n[rows] @ factors[weekdays[rows]]) / float(n[rows].sum())
    return ByWeekday(tuple(factors.tolist()), float(kept.sum()) - 1.0)


def _apart(means: Floats, errors: Floats) -> float:
    """The variance of weekdays with which their weighted squares are as many as their degrees of freedom."""

    def squares(apart: float) -> float:
        weights = 1.0 / (errors + apart)
        return float(weights @ (means - np.average(means, weights=weights)) ** 2)

    low, high = 0.0, float(np.ptp(means)) ** 2 + 1e-12
    if squares(low) <= len(means) - 1:
        return 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if squares(middle) > len(means) - 1 else (low, middle)
    return high
