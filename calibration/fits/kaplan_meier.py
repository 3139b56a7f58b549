"""Who is still waiting after so many seconds, from waits that mostly ended with an answer.

Who was answered after 40 s had a patience of more than 40 s: the wait is censored. The product-limit
estimate uses both (E. L. Kaplan and P. Meier, 1958, "Nonparametric estimation from incomplete observations",
Journal of the American Statistical Association 53). Errors are Greenwood's, and bands are made on the scale
of log(-log), so that they stay between 0 and 1 (J. D. Kalbfleisch and R. L. Prentice, 2002, The Statistical
Analysis of Failure Time Data, section 1.4).
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from calibration.fits.cells import Floats, Ints, Waits
from calibration.fits.intervals import Z95, rate_interval

_LEAST_EVENTS: Final = 20  # in a band of the hazard: its interval is then about 45 % either way
_MOST_BANDS: Final = 12


class Curve(NamedTuple):
    """A step for every wait at which somebody gave up, [step]; shares are those with more patience."""

    seconds: Floats
    left: Floats
    se: Floats
    low: Floats
    high: Floats
    at_risk: Ints  # waited at least so long
    gave_up: Ints

    def until(self, steps: int) -> "Curve":
        """The first steps alone."""
        s = slice(steps)
        shares = (self.left[s], self.se[s], self.low[s], self.high[s])
        return Curve(self.seconds[s], *shares, self.at_risk[s], self.gave_up[s])

    def at(self, times_s: ArrayLike) -> Floats:
        """The share with more patience than each time, [time]."""
        steps = np.searchsorted(self.seconds, np.asarray(times_s, float), side="right")
        shares: Floats = np.concatenate([[1.0], self.left])[steps]
        return shares


class Band(NamedTuple):
    """From one wait to another: how many gave up, in how many seconds waited, per hour of waiting."""

    start_s: float
    end_s: float
    gave_up: int
    waited_s: float
    per_hour: float
    low_per_hour: float
    high_per_hour: float


def survival(waits: Waits) -> Curve:
    """The product-limit estimate.

    Who was answered after the very wait at which another gave up counts as still waiting then.
    """
    ended = waits.gave_up + waits.answered
    at_risk = np.cumsum(ended[::-1])[::-1]
    steps = waits.gave_up > 0
    gone, risk = waits.gave_up[steps].astype(float), at_risk[steps].astype(float)
    left = np.cumprod(1.0 - gone / risk)
    se, low, high = _errors(left, gone, risk)
    return Curve(waits.values_s[steps], left, se, low, high, at_risk[steps], waits.gave_up[steps])


def _errors(left: Floats, gone: Floats, risk: Floats) -> tuple[Floats, Floats, Floats]:
    """Standard errors and 95 % bands, pointwise; where nobody is left, the most that may be."""
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(gone / (risk * (risk - gone))))
        spread = Z95 * greenwood / np.abs(np.log(left))
        se, low, high = left * greenwood, left ** np.exp(spread), left ** np.exp(-spread)
    nobody = left <= 0.0
    if nobody.any():
        high[nobody] = high[~nobody][-1] if (~nobody).any() else 1.0
        se[nobody], low[nobody] = 0.5 / np.sqrt(risk[nobody]), 0.0
    return se, low, high


def median_s(curve: Curve) -> tuple[float, float, float]:
    """The median in seconds with a 95 % interval; infinite where too few gave up to tell.

    The interval is that of the times whose band holds one half (R. Brookmeyer and J. Crowley, 1982, "A
    confidence interval for the median survival time", Biometrics 38).
    """
    return _reached(curve, curve.left), _reached(curve, curve.low), _reached(curve, curve.high)


def _reached(curve: Curve, shares: Floats) -> float:
    below = np.flatnonzero(shares <= 0.5)
    return float(curve.seconds[below[0]]) if len(below) else math.inf


def hazard(waits: Waits) -> list[Band]:
    """How fast people give up, by bands of waiting with about equally many who gave up in each.

    Events over time waited, with Garwood's interval (`rate_interval`). Waits of zero are left out.
    """
    keep = waits.values_s > 0
    seconds, gone = waits.values_s[keep], waits.gave_up[keep]
    ended, events = gone + waits.answered[keep], int(gone.sum())
    if events == 0:
        return []
    bands = max(1, min(_MOST_BANDS, events // _LEAST_EVENTS))
    ends = np.unique(seconds[np.searchsorted(np.cumsum(gone), np.arange(1, bands + 1) * events / bands)])
    starts = np.concatenate([[0.0], ends[:-1]])
    found = []
    for start, end in zip(starts, ends, strict=True):
        inside = (seconds > start) & (seconds <= end)
        waited = float(np.clip(seconds - start, 0.0, end - start) @ ended)
        count = int(gone[inside].sum())
        rate, low, high = (3600.0 * each for each in rate_interval(count, waited))
        found.append(Band(float(start), float(end), count, waited, rate, low, high))
    return found
