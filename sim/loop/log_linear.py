"""Daily counts of one cause beside those of others, as a log-linear model with over-dispersion.

On day t there are a contacts of the cause and c of the control. Given a + c, the number a is binomial with
odds exp(offset + nuisance + effect x dose): whatever makes a day busy for both (season, growth, weather)
cancels exactly. Without a control a is Poisson with that mean. The offset is the logarithm of what may be
exposed (customers, contacts, solved cases), of the cause over that of the control.

Nuisance is a level for each weekday and a straight line on the logarithm: the cause's own trend. The dose
is the share of the change that is in force, 0 before it and 1 once it is.

Days differ by more than chance. A day's log ratio has variance 1 / m + T, with m the binomial (Poisson)
information and T that of the days' own factors, estimated by moments; days are weighted by 1 / (1 + T m)
(Williams 1982, "Extra-binomial variation in logistic linear models", Applied Statistics 31, model III). The
scale that is left (Pearson's statistic over its degrees of freedom) is estimated too, and never rounded up
to 1. The effect is tested by the signed root of the fall in quasi-deviance over that scale, against
Student's t with the days' degrees of freedom (McCullagh and Nelder 1989, "Generalized Linear Models",
chapter 9). The root follows the skewness of counts, which estimate over error does not.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.loop import newton

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEK: Final = 7
_RIDGE: Final = 1e-10  # of sums that may be 0
_SMALL: Final = 0.1  # a root, below which its skewness is a ratio of nothings
_STANDS_OUT: Final = 2.0  # standard errors
_MOST_ALIKE: Final = 0.8
_LEAST_SCALE: Final = 0.01  # counts that never differ come from no customers
_CLOSE: Final = 0.03  # one more step of Newton's method from here ends within a thousandth of an error


class Days(NamedTuple):
    """What was observed on the days that count."""

    events: Floats  # [day] of the cause
    control: Floats | None  # [day]
    offset: Floats  # [day]
    columns: Floats  # [day, column] levels of weekdays, the trend if there is one, the dose last
    levels: int  # columns that are levels
    which: Ints  # [day] where each stands in the series


class Peak(NamedTuple):
    """The most likely coefficients."""

    coefficients: Floats  # [column]
    logs: Floats  # [day] of the mean, or of the odds
    mean: Floats  # [day]
    information: Floats  # [day] m
    curvature: Floats  # [column, column]
    rows: Floats  # [day, 7]: see newton.py


class Fit(NamedTuple):
    """A model with an effect."""

    days: Days
    weights: Floats  # [day] 1 / (1 + T m)
    own: float  # T: variance of the logarithm of the days' own factors
    peak: Peak
    scale: float
    freedom: (
        float  # of the test: fewer than the days leave where the scale is less sure than that of normal days
    )
    left: int  # days less coefficients, of the days that the scale is from

    @property
    def effect(self) -> float:
        """The logarithm of the ratio after over before."""
        return float(self.peak.coefficients[-1])

    @property
    def error(self) -> float:
        """Its standard error."""
        k = len(self.peak.curvature) - 1
        unit = np.zeros(k + 1)
        unit[k] = 1.0
        return float(np.sqrt(max(solved(self.peak.curvature, unit)[k], 0.0) * self.scale))


def fitted(days: Days) -> Fit:
    """The model with its weights, scale and degrees of freedom."""
    plain = np.ones(len(days.events))
    peak = highest(days, plain, days.columns, days.offset, _start(days))
    own = _own_variance(days, peak)
    weights = plain
    if own > 0.0:
        weights = 1.0 / (1.0 + own * peak.information)
        peak = highest(days, weights, days.columns, days.offset, peak.coefficients)
    freedom = len(days.events) - days.columns.shape[1]
    residuals = np.sqrt(weights / peak.information) * (days.events - peak.mean)
    squares = residuals**2
    pearson = float(squares.sum())
    tails = len(squares) * float(squares @ squares) / max(pearson, _RIDGE) ** 2 - 3.0
    sure = freedom / (1.0 + max(tails, 0.0) * freedom / (2.0 * len(squares)))
    alike = _likeness(residuals, days.columns.shape[1] - days.levels + 1)
    scale = max(pearson / freedom, _LEAST_SCALE) * (1.0 + alike) / (1.0 - alike)
    return Fit(days, weights, own, peak, scale, sure, freedom)


def _likeness(residuals: Floats, smooth: int) -> float:
    """Correlation of a day with the next where it stands out by two standard errors, and 0 where it does not.

    Residuals of a fit with smooth columns are less alike than the days, by about one over their number for
    each.
    """
    n = len(residuals)
    found = float(residuals[1:] @ residuals[:-1] / max(float(residuals @ residuals), _RIDGE)) + smooth / n
    return min(found, _MOST_ALIKE) if found * np.sqrt(n) > _STANDS_OUT else 0.0


def root(fit: Fit, effect: float, skew: bool = True) -> tuple[float, float]:
    """Signed root of the fall in quasi-deviance against a given effect, over the scale, and its slope."""
    days, k = fit.days, fit.days.columns.shape[1] - 1
    dose = days.columns[:, k]
    # where the ridge of the hill runs, to first order
    pull = solved(fit.peak.curvature[:k, :k], fit.peak.curvature[:k, k])
    start = fit.peak.coefficients[:k] - (effect - fit.effect) * pull
    held = highest(days, fit.weights, days.columns[:, :k], days.offset + effect * dose, start)
    fall = 2.0 * (_height(fit.peak) - _height(held)) / fit.scale
    found = float(np.copysign(np.sqrt(max(fall, 0.0)), fit.effect - effect))
    push = float((fit.weights * (days.events - held.mean)) @ dose) / fit.scale
    slope = -push / found if found else -1.0 / fit.error
    return found + (_skewness(fit, held, effect, found) if skew else 0.0), slope


def _skewness(fit: Fit, held: Peak, effect: float, found: float) -> float:
    """What makes the root normal to the third order; 0 near 0, where it would be a ratio of nothings.

    Barndorff-Nielsen 1986, "Inference on full or partial parameters based on the standardized signed log
    likelihood ratio", Biometrika 73; the effect is a canonical parameter.
    """
    if abs(found) < _SMALL:
        return 0.0
    full, less = _log_determinant(fit.peak.curvature), _log_determinant(held.curvature)
    wald = (fit.effect - effect) * np.exp((full - less) / 2.0) / np.sqrt(fit.scale)
    return float(np.log(wald / found) / found)


def interval(fit: Fit, quantile: float) -> tuple[float, float]:
    """Effects whose root is as far from 0 as the quantile: a start of third order, then Newton's method."""
    bend, error = _bend(fit), fit.error
    ends = []
    for side in (-1.0, 1.0):
        away = side * quantile * error
        at = fit.effect + away * float(np.clip(1.0 - bend * away, 0.5, 2.0))
        for _ in range(4):
            found, slope = root(fit, at)
            miss = found + side * quantile
            at -= float(np.clip(miss / min(slope, -1e-9), -1.0, 1.0))
            if abs(miss) < _CLOSE:
                break
        ends.append(at)
    return ends[0], ends[1]


def _bend(fit: Fit) -> float:
    """b in root = -(z / error) (1 + b z), z an effect less the estimate: third derivative along the ridge."""
    days, peak = fit.days, fit.peak
    k = days.columns.shape[1] - 1
    pull = solved(peak.curvature[:k, :k], peak.curvature[:k, k])
    along = days.columns[:, k] - days.columns[:, :k] @ pull
    third = peak.information
    if days.control is not None:
        third = third * (1.0 - 2.0 * peak.mean / (days.events + days.control))
    second = float(np.sum(fit.weights * peak.information * along**2))
    return float(np.sum(fit.weights * third * along**3)) / max(6.0 * second, 1e-9)


def expected_root(fit: Fit, effect: float) -> float:
    """The root that an effect would give on average: that of days exactly as expected under it.

    Self, Mauritsen and Ohara 1992, "Power calculations for likelihood ratio tests in generalized linear
    models", Biometrics 48. The level is that of the fit, the control as observed.
    """
    days, k = fit.days, fit.days.columns.shape[1] - 1
    coefficients = fit.peak.coefficients.copy()
    coefficients[k] = effect
    without = _at(days, np.ones(len(days.events)), days.columns, coefficients)
    expected = np.exp(without.logs) * (1.0 if days.control is None else days.control)
    as_expected = days._replace(events=expected)
    share = 1.0 if days.control is None else 1.0 / (1.0 + np.exp(without.logs))
    weights = 1.0 / (1.0 + fit.own * expected * share)
    peak = _at(as_expected, weights, days.columns, coefficients)
    return root(fit._replace(days=as_expected, weights=weights, peak=peak), 0.0, False)[0]


def highest(days: Days, weights: Floats, columns: Floats, offset: Floats, start: Floats) -> Peak:
    """The coefficients of the columns with the largest weighted quasi-likelihood, by Newton's method."""
    rows, at = _rows(days, weights, offset), start.astype(np.float64)
    curvature = np.empty((len(at), len(at)))
    newton.climb(rows, np.ascontiguousarray(columns), at, curvature, np.zeros((len(at) + 2, len(at))))
    return _peak_of(rows, at, curvature)


def _at(days: Days, weights: Floats, columns: Floats, at: Floats) -> Peak:
    """The same at coefficients that are given."""
    rows, curvature = _rows(days, weights, days.offset), np.empty((len(at), len(at)))
    newton.fill(rows, columns, at)
    newton.bend(rows, columns, curvature)
    return _peak_of(rows, at, curvature)


def _rows(days: Days, weights: Floats, offset: Floats) -> Floats:
    """Rows of days as `newton` takes them."""
    rows = np.empty((len(days.events), newton.WIDTH))
    rows[:, newton.COUNT] = days.events
    rows[:, newton.TOTAL] = -1.0 if days.control is None else days.events + days.control
    rows[:, newton.WEIGHT] = weights
    rows[:, newton.OFFSET] = offset
    return rows


def _peak_of(rows: Floats, at: Floats, curvature: Floats) -> Peak:
    logs, mean, information = (rows[:, n] for n in (newton.LOGS, newton.MEAN, newton.INFORMATION))
    return Peak(at, logs, mean, information, curvature, rows)


def _height(peak: Peak) -> float:
    """The weighted quasi-likelihood, but for what does not depend on coefficients."""
    return float(newton.height_of(peak.rows))


def solved(matrix: Floats, right: Floats) -> Floats:
    """The solution x of matrix x = right, or of each of several right sides in the rows of `right`."""
    found = np.atleast_2d(right).astype(np.float64)
    newton.solve(np.ascontiguousarray(matrix), found, np.empty_like(matrix))
    return found.reshape(right.shape)


def _log_determinant(matrix: Floats) -> float:
    return float(newton.solve(matrix, np.empty((0, len(matrix))), np.empty_like(matrix)))


def _own_variance(days: Days, peak: Peak) -> float:
    """T by the moments of Pearson's residuals around a fit without weights; 0 if chance explains them."""
    inverse = solved(peak.curvature, days.columns)
    free = 1.0 - peak.information * np.sum(days.columns * inverse, axis=1)
    pearson = float(np.sum((days.events - peak.mean) ** 2 / peak.information))
    return max(pearson - float(free.sum()), 0.0) / float(np.sum(free * peak.information))


def _start(days: Days) -> Floats:
    """Coefficients near enough: one level for all days."""
    below = np.exp(days.offset) if days.control is None else np.exp(days.offset) * days.control
    level = np.log((days.events.sum() + 0.5) / (below.sum() + 0.5))
    found = np.zeros(days.columns.shape[1])
    found[: days.levels] = level
    return found
