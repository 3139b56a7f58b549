"""Plots of a fit of arrivals: the profile by weekday with what was counted, and the days over time."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.fit import Plot, Trace
from calibration.fits.intervals import Z95
from calibration.fits.stream_fit import StreamFit
from scenarios.week import DAY_NAMES

_KNOWN: Final = 1.0


def profile_plot(what: str, grid: CountGrid, fit: StreamFit) -> Plot:
    """Contacts by interval of the day: one line a weekday with its band, and the means that were counted."""
    profile, (low, high) = fit.profile(), fit.profile_interval()
    known = fit.profile_log_se() < _KNOWN  # a band of a factor of seven and more would hide the others
    low, high = np.where(known, low, profile), np.where(known, high, profile)
    traces: list[Trace] = []
    for shape in fit.shapes:
        w, at = shape.weekday, np.flatnonzero(shape.shares > 0)
        hours = _numbers((at + 0.5) * grid.interval_s / 3600.0)
        traces.append(
            Trace(DAY_NAMES[w], hours, _numbers(profile[w, at]), _numbers(low[w, at]), _numbers(high[w, at]))
        )
        traces.append(
            Trace(f"{DAY_NAMES[w]}, counted", hours, _numbers(_means(grid, fit, w)[at]), style="points")
        )
    return Plot(f"{what}: contacts by time of day", "hour of the day", "contacts an interval", tuple(traces))


def _means(grid: CountGrid, fit: StreamFit, weekday: int) -> Floats:
    rows = fit.usual & (grid.weekdays == weekday)
    counts, opened = grid.of(fit.stream)[rows].sum(axis=0), grid.open[rows].sum(axis=0)
    return np.asarray(counts / np.maximum(opened, 1))


def days_plot(what: str, grid: CountGrid, fit: StreamFit) -> Plot:
    """Each day's contacts over those that its weekday has on average, and the level with its band."""
    title, y_label = f"{what}: days over time", "contacts over those of the weekday's mean"
    x_label = f"days since {grid.days[0].isoformat()}"
    if fit.levels is None:
        return Plot(title, x_label, y_label, ())
    usual = (fit.profile()[grid.weekdays] * grid.open).sum(axis=1)
    total = np.where(usual > 0, grid.of(fit.stream).sum(axis=1) / np.where(usual > 0, usual, 1.0), np.nan)
    listed = {each.date for each in fit.special}
    special = np.array([day in listed for day in grid.days])
    path, se, times = fit.levels.path, fit.levels.path_log_se, fit.levels.times
    low, high = path * np.exp(-Z95 * se), path * np.exp(Z95 * se)
    traces = [Trace("level", _numbers(times), _numbers(path), _numbers(low), _numbers(high))]
    for label, which in (("usual days", fit.usual), ("special days", special)):
        rows = which & (usual > 0)
        traces.append(Trace(label, _numbers(grid.times[rows]), _numbers(total[rows]), style="points"))
    return Plot(title, x_label, y_label, tuple(traces))


def _numbers(values: NDArray[np.floating[Any]]) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
