"""Patience as plots: who still waits after so long, and how fast people give up meanwhile."""

from typing import Final

import numpy as np

from calibration.fits.cells import Floats, Waits
from calibration.fits.fit import Fit, Plot, Trace
from calibration.fits.kaplan_meier import Curve, hazard
from calibration.fits.law_check import Law

_MOST_POINTS: Final = 200
_PERCENT_PER_MINUTE: Final = 100.0 / 60.0  # of a rate by hour


def waiting_plot(what: str, curve: Curve, name: str, law: Law) -> Plot:
    """The product-limit curve with its band, and the law, from zero to the last wait at which one gave up."""
    x, y, low, high = _thinned(curve)
    seen = Trace("observed (Kaplan–Meier)", x, y, low, high, "step")
    times = np.linspace(0.0, x[-1] if x[-1] > 0.0 else 60.0, _MOST_POINTS)
    drawn = Trace(name, _floats(times), _floats(law.survival(times)))
    return Plot(what, "seconds waited", "share still waiting", (seen, drawn))


def hazard_plot(fit: Fit, waits: Waits) -> Plot:
    """How many percent give up by minute of waiting: in bands with 95 % intervals, and by the fitted law."""
    bands = hazard(waits)
    rates = np.array([(b.per_hour, b.low_per_hour, b.high_per_hour) for b in bands]).reshape(-1, 3)
    y, low, high = (tuple(each) for each in (rates.T * _PERCENT_PER_MINUTE).tolist())
    seen = Trace("observed", tuple(each.start_s for each in bands), y, low, high, "step")
    law = fit.plot.traces[-1]
    times, left = np.array(law.x), np.maximum(np.array(law.y), 1e-300)
    rate = -3600.0 * np.diff(np.log(left)) / np.diff(times) * _PERCENT_PER_MINUTE
    drawn = Trace(law.label, _floats(0.5 * (times[1:] + times[:-1])), _floats(rate))
    return Plot(fit.what, "seconds waited", "% giving up per minute", (seen, drawn))


def _thinned(curve: Curve) -> tuple[tuple[float, ...], ...]:
    """Seconds, share, low and high of at most 200 steps, from (0, 1) on."""
    n = len(curve.seconds)
    kept = np.unique(np.linspace(0, n - 1, min(n, _MOST_POINTS)).astype(int)) if n else np.zeros(0, int)
    columns = (curve.seconds, curve.left, curve.low, curve.high)
    starts = (0.0, 1.0, 1.0, 1.0)
    return tuple((start, *each[kept].tolist()) for start, each in zip(starts, columns, strict=True))


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())
