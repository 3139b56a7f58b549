"""Whether a law is near enough to the times that were seen: mean, tail and distance.

With a hundred thousand observations every family is rejected by a test of significance, so what is asked is
not whether a law is true but whether it is near: bounds on sizes, or what chance does to few
observations if that is more.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Cells, Floats, mean_s, quantiles_s, total
from calibration.fits.family_fit import FamilyFit
from calibration.fits.quantile_points import Points, mean_of, quantile_of, survival_of
from calibration.fits.wording import number_words, seconds_words, share_words

MEAN_WITHIN: Final = 0.01
_MOST_CHANCE: Final = 0.10  # of a mean: work is volume times mean, so more is not left to chance
P90_WITHIN: Final = 0.10
P99_WITHIN: Final = 0.15
DISTANCE_WITHIN: Final = 0.03
_ERRORS: Final = 2.5  # standard errors that are put down to chance
_CHANCE: Final = 1.03  # over the root of n: a distance that chance exceeds once in 100 (Lilliefors 1967)


class Law(NamedTuple):
    """What a scenario would draw from: a survival function of seconds, and figures in seconds."""

    survival: Callable[[Floats], Floats]
    mean_s: float
    quantile_s: Callable[[float], float]


class Check(NamedTuple):
    """A figure of a law beside the one that was seen, and how far apart they may be."""

    name: str
    seen: float
    fitted: float
    allowed: float  # distance, in the unit of the figure
    unit: str

    @property
    def passed(self) -> bool:
        return abs(self.fitted - self.seen) <= self.allowed

    def told(self) -> str:
        """What is wrong, in words."""
        words = share_words if self.unit == "" else seconds_words
        if self.name == "distance":
            return f"the share below some time is {words(self.fitted)} off, more than {words(self.allowed)}"
        return f"its {self.name} is {words(self.fitted)} where {words(self.seen)} was seen"


def of_family(fitted: FamilyFit) -> Law:
    """The law of a fitted family."""
    return Law(fitted.survival, fitted.mean_s, fitted.quantile_s)


def of_points(points: Points) -> Law:
    """The law of quantiles joined by straight lines."""
    return Law(
        lambda times_s: survival_of(points, times_s), mean_of(points), lambda p: quantile_of(points, p)
    )


def distances(law: Law, cells: Cells) -> Floats:
    """By how much more of the seen than of the law is shorter, [cell].

    A cell stands in its middle: half of what is in it counts as shorter. For times rounded to a step that is
    the law at the middle of the step.
    """
    upto = (np.cumsum(cells.counts) - 0.5 * cells.counts) / total(cells)
    away: Floats = upto - (1.0 - law.survival(cells.values_s))
    return away


def checks(law: Law, cells: Cells, fitted: FamilyFit | None = None, step_s: float = 0.0) -> tuple[Check, ...]:
    """The four figures; with the family its own error and density say what chance may do."""
    n = total(cells)
    return (
        _mean(law, cells, fitted),
        _quantile(law, cells, 0.90, P90_WITHIN, step_s),
        _quantile(law, cells, 0.99, P99_WITHIN, step_s),
        Check(
            "distance",
            0.0,
            float(np.abs(distances(law, cells)).max()),
            distance_allowed(n),
            "",
        ),
    )


def distance_allowed(n: int) -> float:
    """How far the distribution functions of a law and of `n` times may be apart.

    H. W. Lilliefors, 1967, "On the Kolmogorov-Smirnov test for normality with mean and variance unknown",
    Journal of the American Statistical Association 62, for what chance does.
    """
    return max(DISTANCE_WITHIN, _CHANCE / math.sqrt(n))


def _mean(law: Law, cells: Cells, fitted: FamilyFit | None) -> Check:
    """One percent, or what chance does to the difference if the family is true, up to ten.

    The mean of the observations varies more than the most likely one, and the difference by the difference
    of the variances (J. A. Hausman, 1978, "Specification tests in econometrics", Econometrica 46).
    """
    seen = mean_s(cells)
    error = fitted.variance / total(cells) - fitted.parameter("mean").se ** 2 if fitted else 0.0
    chance = _ERRORS * math.sqrt(max(error, 0.0))
    return Check("mean", seen, law.mean_s, min(max(MEAN_WITHIN * seen, chance), _MOST_CHANCE * seen), "s")


def _quantile(law: Law, cells: Cells, share: float, within: float, step_s: float) -> Check:
    """A part of the quantile or what chance does to it if the law is true, and half a step of rounding.

    Chance moves the share that an order statistic stands for, on the scale of logits.
    """
    seen = float(quantiles_s(cells, share))
    logit, spread = math.log(share / (1.0 - share)), _ERRORS / math.sqrt(total(cells) * share * (1.0 - share))
    low, high = (law.quantile_s(1.0 / (1.0 + math.exp(sign * spread - logit))) for sign in (1.0, -1.0))
    allowed = max(within * seen, 0.5 * (high - low)) + 0.5 * step_s
    name = f"{number_words(100 * share)}% quantile"
    return Check(name, seen, law.quantile_s(share), allowed, "s")
