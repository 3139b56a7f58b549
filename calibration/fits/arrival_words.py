"""Fits of arrivals for people: their numbers with names, and what to beware of."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from calibration.fits.count_grid import CountGrid
from calibration.fits.dispersion import Spread
from calibration.fits.fit import Caution, Parameter
from calibration.fits.intervals import Z95
from calibration.fits.level_ahead import Level
from calibration.fits.loadings import Loading
from calibration.fits.stream_fit import StreamFit
from scenarios.week import DAY_NAMES

_FEW_DAYS: Final = 28  # usual days, below which scatter and level are hardly told apart
_SHOWN: Final = 5
_UNSTEADY: Final = 0.5  # a coefficient of variation of days that no plan can rest on


def parameters(fit: StreamFit, day: Loading | None, interval: Loading | None) -> tuple[Parameter, ...]:
    """The numbers of a fit with their intervals."""
    return tuple(_parameters(fit, day, interval))


def _parameters(fit: StreamFit, day: Loading | None, interval: Loading | None) -> Iterator[Parameter]:
    if fit.levels is None:
        return
    for each in fit.levels.volumes:
        low, high = (each.contacts * math.exp(sign * Z95 * each.log_se) for sign in (-1, 1))
        name = f"contacts on {DAY_NAMES[each.weekday]}"
        yield Parameter(name, each.contacts, low, high, each.contacts * each.log_se, "")
    yield from _level(fit.levels.level)
    yield _spread("cv of days", fit.scatter)
    yield _spread("cv of days around the level", fit.day)
    yield _spread("cv of intervals", fit.interval)
    for name, loading in (("days", day), ("intervals", interval)):
        if loading is not None:
            yield Parameter(
                f"correlation of {name}", loading.correlation, loading.low, loading.high, loading.se, "share"
            )


def _level(level: Level) -> Iterator[Parameter]:
    half = Z95 * level.se / level.level
    low, high = level.level * math.exp(-half), level.level * math.exp(half)
    yield Parameter("level at the end", level.level, low, high, level.se, "")
    drift_se = (level.drift_high - level.drift_low) / (2.0 * Z95)
    yield Parameter(
        "drift in a day", level.drift_sd_per_day, level.drift_low, level.drift_high, drift_se, "share"
    )
    if level.trend_per_day:
        half = Z95 * level.trend_se
        low, high = level.trend_per_day - half, level.trend_per_day + half
        yield Parameter("trend in a day", level.trend_per_day, low, high, level.trend_se, "share")


def _spread(name: str, spread: Spread) -> Parameter:
    return Parameter(name, spread.cv, spread.low, spread.high, spread.se, "share")


def cautions(grid: CountGrid, fit: StreamFit) -> tuple[Caution, ...]:
    """What to know before these arrivals are used."""
    return tuple(_cautions(grid, fit))


def _cautions(grid: CountGrid, fit: StreamFit) -> Iterator[Caution]:
    if fit.levels is None:
        yield Caution("nothing_seen", "no contacts on usual days: none will come")
        return
    days = len(fit.levels.times)
    if math.isnan(fit.day.low):
        yield Caution(
            "small_sample", f"{days} days tell nothing of how much days differ: taken as not at all"
        )
    elif days < _FEW_DAYS:
        yield Caution("small_sample", f"only {days} usual days: how much days differ is rough")
    if math.isnan(fit.interval.low):
        yield Caution(
            "small_sample", "no two days, or intervals, to compare: intervals are taken not to differ"
        )
    served = {each.weekday for each in fit.levels.volumes}
    absent = [name for w, name in enumerate(DAY_NAMES) if w not in served and (grid.weekdays != w).all()]
    if absent:
        yield Caution("nothing_seen", f"no {', '.join(absent)} in the period: none will come on these days")
    if fit.gaps:
        yield Caution("nothing_seen", f"no counts on {_dates(fit.gaps)}, whose weekdays have some otherwise")
    if fit.special:
        listed = [each.date for each in fit.special]
        yield Caution("far_out", f"left out of the profile as unlike their weekday: {_dates(listed)}")
    if fit.scatter.cv > _UNSTEADY:
        yield Caution(
            "far_out",
            f"days differ by {fit.scatter.cv:.0%}: the stream comes and goes, look at it over time",
        )
    if not np.isfinite(fit.levels.level.half_life_days) and fit.levels.level.drift_low > 0:
        yield Caution(
            "uneven", "the level wanders and does not come back: use recent days, plan for both directions"
        )


def _dates(days: Sequence[date]) -> str:
    more = f" and {len(days) - _SHOWN} more" if len(days) > _SHOWN else ""
    return ", ".join(day.isoformat() for day in days[:_SHOWN]) + more
