"""Where replications stand against a target: how they spread, how many meet it, and how sure that is."""

import math
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scenarios.targets import AT_LEAST
from sim.attainment import EQUAL, FEW, clopper_pearson
from sim.experiment import CONFIDENCE, student
from sim.measure import Floats

GREEN: Final = "green"
AMBER: Final = "amber"
RED: Final = "red"
NOT_YET: Final = "not measurable yet"
Status = Literal["green", "amber", "red", "not measurable yet"]

WITHOUT_AT_MOST: Final = 0.5  # share of replications without a value from above which nothing is said
_TENTHS: Final = (0.1, 0.5, 0.9)


class Spread(NamedTuple):
    """How the values of replications spread: of ten, one lies below `p10`, and one above `p90`."""

    p10: float
    median: float
    p90: float


class Standing(NamedTuple):
    """Replications against a target; NaN, and "not measurable yet", where too few have a value.

    `probability` is the share of those with a value that meet the target, [low, high] its 95 % interval.
    """

    replications: int
    known: int  # of these have a value
    met: int  # of those meet the target
    spread: Spread
    probability: float
    low: float
    high: float
    status: Status


class Effect(NamedTuple):
    """A mean difference between versions that meet the same chances, and half of its 95 % interval.

    Student's t over the `n` replications in which both have a value; NaN with fewer than two.
    """

    mean: float
    half: float
    n: int

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half


def spread(values: Floats) -> Spread:
    """Median, P10 and P90 of the values that there are; NaN where too few are there.

    Interpolated between the k-th of n at k / (n + 1): type 6 of Hyndman and Fan (1996), The American
    Statistician 50. So what is to come lies between P10 and P90 with a probability of 80 %, however many
    replications there are (from 9 on); the usual type 7 would hold 77 % of it with 60.
    """
    known = values[~np.isnan(values)]
    if not is_enough(len(known), len(values)):
        return Spread(math.nan, math.nan, math.nan)
    p10, median, p90 = np.quantile(known, _TENTHS, method="weibull")
    return Spread(float(p10), float(median), float(p90))


def is_enough(known: int, replications: int) -> bool:
    """Whether so many replications have a value that something can be said of it."""
    return known > 0 and replications - known <= WITHOUT_AT_MOST * replications


def standing(values: Floats, comparison: str, target: float, green: float, amber: float) -> Standing:
    """Where the values of replications stand against a target; whoever stands on it has met it."""
    known = values[~np.isnan(values)]
    n, found = len(known), spread(values)
    if math.isnan(target) or not is_enough(n, len(values)):
        return Standing(len(values), n, 0, found, math.nan, math.nan, math.nan, NOT_YET)
    met = int(meets(known, comparison, target).sum())
    low, high = interval(met, n)
    share = met / n
    status: Status = GREEN if share >= green else AMBER if share >= amber else RED
    return Standing(len(values), n, met, found, share, low, high, status)


def meets(values: Floats, comparison: str, target: float) -> NDArray[np.bool_]:
    """Which values meet a target, up to rounding."""
    slack = EQUAL * abs(target)
    return values >= target - slack if comparison == AT_LEAST else values <= target + slack


def interval(successes: int, n: int) -> tuple[float, float]:
    """A 95 % interval of a share: Wilson's; where fewer than 5 succeed or fail that of Clopper and Pearson.

    Near 0 and 1 Wilson's covers less than it says (Brown, Cai and DasGupta 2001, Statistical Science 16).
    """
    few = min(successes, n - successes) < FEW
    return clopper_pearson(successes, n) if few else wilson(successes, n)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927, Journal of the American Statistical Association 22)."""
    z = float(special.ndtri(0.5 + CONFIDENCE / 2))
    share, part = successes / n, z * z / n
    middle = share + part / 2
    half = z * math.sqrt(share * (1.0 - share) / n + part / n / 4)
    return (middle - half) / (1.0 + part), (middle + half) / (1.0 + part)


def effect(first: Floats, second: Floats) -> Effect:
    """How much more the second is than the first, replication by replication."""
    return mean_effect(second - first)


def mean_effect(differences: Floats) -> Effect:
    """The mean of differences, of those that there are; exactly 0 where nothing differs."""
    known = differences[~np.isnan(differences)]
    n = len(known)
    if n == 0:
        return Effect(math.nan, math.nan, 0)
    if n == 1:
        return Effect(float(known[0]), math.nan, 1)
    return Effect(float(known.mean()), student(n) * float(known.std(ddof=1)) / math.sqrt(n), n)
