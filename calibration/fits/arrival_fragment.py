"""What a scenario takes of a fit of arrivals: ``by_interval``, ``special_days`` and ``busyness``."""

import math
from typing import Any, Final

import numpy as np

from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.level_ahead import Ahead
from calibration.fits.loadings import Loading
from calibration.fits.special_days import SpecialDay
from calibration.fits.stream_fit import StreamFit
from scenarios.units import duration_text
from scenarios.week import DAY_NAMES, clock_text

DIGITS: Final = 3
_DUST: Final = 1e-6  # of the busiest interval: less is a number that nobody can read, and no contact
_NOTHING: Final = 5e-4  # a coefficient of variation that is written as none
_LARGEST_FACTOR: Final = 100.0


def arrival_fragment(
    grid: CountGrid, fit: StreamFit, day: Loading | None, interval: Loading | None, ahead: Ahead | None
) -> dict[str, Any]:
    """The ``arrivals`` of a scenario.

    Without `ahead` days scatter around the profile as they did over the whole period, its level's wandering
    included. With it the profile is at the level of the days ahead, and scatters as far as the level may
    wander among them, and as weekdays and parts of the month may be off; the error of the level's mean is for
    whoever draws parameters.
    """
    profile = fit.profile() * (ahead.factor if ahead else 1.0)
    profile = np.where(profile >= _DUST * profile.max(initial=0.0), profile, 0.0)
    if not profile.any():
        return {"rate": "0 per hour"}
    parts = (fit.day.cv, ahead.within, fit.month.error, fit.weekday_error()) if ahead else (fit.scatter.cv,)
    day_cv = math.hypot(*parts)
    found: dict[str, Any] = {"by_interval": _by_interval(grid, profile)}
    if fit.special:
        found["special_days"] = {each.date.isoformat(): _factor(each) for each in fit.special}
    levels = {"day": _level(day_cv, day), "interval": _level(fit.interval.cv, interval)}
    busyness = {name: level for name, level in levels.items() if level}
    return {**found, "busyness": busyness} if busyness else found


def _by_interval(grid: CountGrid, profile: Floats) -> dict[str, Any]:
    used = np.flatnonzero(profile.any(axis=0))
    first, last = int(used[0]), int(used[-1])
    found: dict[str, Any] = {
        "from": clock_text(first * grid.interval_s),
        "step": duration_text(grid.interval_s),
    }
    for name, row in zip(DAY_NAMES, profile, strict=True):
        if row.any():
            found[name] = rounded_keeping_total(row[first : last + 1])
    return found


def rounded_keeping_total(values: Floats, digits: int = DIGITS) -> list[float]:
    """Values to so many significant digits, with the sum that they had, to half a unit of the smallest's
    last.

    What a value loses is carried over to the next smaller one, one unit of its last digit at most; what
    cannot be carried so goes to the largest, with more digits.
    """
    found, carried = [0.0] * len(values), 0.0
    order = [int(i) for i in np.argsort(-values, kind="stable") if values[i] > 0]
    places = digits
    for i in order:
        places = digits - 1 - math.floor(math.log10(values[i]))
        unit = 10.0**-places
        found[i] = round(float(values[i]) + min(max(carried, -unit), unit), places)
        carried += float(values[i]) - found[i]
    if order and abs(carried) > 10.0**-places:
        found[order[0]] = round(found[order[0]] + carried, places)
    return [int(each) if each == int(each) else each for each in found]


def _factor(day: SpecialDay) -> float:
    return min(round(day.factor, 2), _LARGEST_FACTOR)


def _level(cv: float, loading: Loading | None) -> dict[str, str]:
    """One level of ``busyness``; none where it differs by chance alone."""
    if not cv >= _NOTHING:
        return {}
    found = {"cv": f"{100 * cv:.{DIGITS}g}%"}
    if loading is not None and loading.correlation >= _NOTHING:
        found["correlation"] = f"{loading.correlation:.1%}"
    return found
