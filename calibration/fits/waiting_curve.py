"""Patience as quantiles: the product-limit estimate as far as it reaches, and a told tail beyond it.

The estimate (`kaplan_meier.py`) ends at the longest wait, with callers left who would have waited on; from
there the curve goes on with a constant rate of giving up, the one observed among long waits: events over time
waited beyond some wait (the exponential law's maximum-likelihood estimate).
"""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Waits
from calibration.fits.intervals import rate_interval
from calibration.fits.kaplan_meier import Curve, survival

TAIL_FROM_S: Final = 60.0
_SHARES: Final = tuple(i / 20 for i in range(1, 20))
_TAIL_SHARES: Final = (0.25, 0.5, 0.75, 0.9, 0.99)


class Tail(NamedTuple):
    """Beyond `from_s`, one in `mean_s` seconds of waiting gives up, with a 95 % interval."""

    from_s: float
    mean_s: float
    low_s: float
    high_s: float


class Patience(NamedTuple):
    """Quantiles (share, seconds) of those who wait at all, and the share that does not (`balk`).

    `seen` is the share of callers whose patience the observations tell; beyond, the rate of giving up
    is constant, with mean `tail_s`.
    """

    balk: float
    quantiles: tuple[tuple[float, float], ...]
    seen: float
    tail_s: float


def patience(
    waits: Waits, tail_from_s: float = TAIL_FROM_S, steps: int = 0, known: Curve | None = None
) -> Patience:
    """The estimate as quantiles, at every 5 % or in so many equal steps of what is seen.

    `known` is the part of the curve that is to be trusted; without it, that is all of it.
    Raises ``ValueError`` where nobody gave up after having waited.
    """
    curve = survival(waits) if known is None else known
    later = curve.seconds > 0
    if not later.any():
        raise ValueError("nobody gave up after having waited: there is no patience to be seen")
    balk = 0.0 if later[0] else 1.0 - float(curve.left[0])
    reached, seconds = 1.0 - curve.left[later] / (1.0 - balk), curve.seconds[later]
    seen, last_s = float(reached[-1]), float(seconds[-1])
    shares = [seen * k / steps for k in range(1, steps)] if steps else [p for p in _SHARES if p < seen - 0.01]
    within = seconds[np.searchsorted(reached, shares)]
    points = [(0.0, 0.0), *zip(shares, within.tolist(), strict=True), (seen, last_s)]
    tail_s = tail_of(waits, tail_from_s).mean_s
    if seen < 1.0 - 1e-9:
        points += [(seen + (1.0 - seen) * p, last_s - tail_s * math.log1p(-p)) for p in _TAIL_SHARES]
        points.append((1.0, last_s + tail_s * (math.log(100.0) + 2.0)))  # keeps the exponential's mean
    digits = 6 if steps else 4
    quantiles = {p if p == 1.0 else round(p, digits): round(s, 1) for p, s in points}
    return Patience(balk, tuple(quantiles.items()), seen, tail_s)


def tail_of(waits: Waits, from_s: float) -> Tail:
    """Time waited beyond `from_s` by one who gave up then; all waits where nobody did."""
    start = from_s if waits.gave_up[waits.values_s > from_s].any() else 0.0
    waited = float(np.maximum(waits.values_s - start, 0.0) @ (waits.gave_up + waits.answered))
    rate, low, high = rate_interval(int(waits.gave_up[waits.values_s > start].sum()), waited)
    return Tail(start, 1.0 / rate, 1.0 / high, 1.0 / low)
