"""One stream's arrivals, all parts in their order: special days, shapes, intervals, level and days."""

import math
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from calibration.fits.count_grid import Bools, CountGrid, Floats, Ints, some
from calibration.fits.dispersion import UNKNOWN, IntervalSpread, Spread, fit_intervals, tables
from calibration.fits.holidays_ahead import HolidayAhead, holidays_ahead
from calibration.fits.intervals import Z95
from calibration.fits.level_variances import Estimate
from calibration.fits.levels import LevelFit, Totals, fit_levels
from calibration.fits.month_parts import NO_PARTS, MonthParts, fit_month_parts
from calibration.fits.profiles import Shape, fit_shapes
from calibration.fits.special_days import SpecialDay, far_off, holidays_among

_NOTHING = 1e-9  # of a day's share open
_KNOWN_NOTHING = 50.0  # a standard error of a logarithm that no number can be more unsure than


class StreamFit(NamedTuple):
    """What the counts of a stream tell; None for `levels` where no contact came on usual days."""

    stream: str
    width: int  # intervals of a day
    usual: Bools  # [day] of the grid: those that the profile is made of
    special: tuple[SpecialDay, ...]
    gaps: tuple[date, ...]  # days without counts whose weekday has some
    shapes: tuple[Shape, ...]
    intervals: IntervalSpread
    levels: LevelFit | None
    day: Spread  # the day's own factor, around the moving level
    scatter: Spread  # of days around the profile of the whole period: that factor and the level's wandering
    interval: Spread
    month: MonthParts = NO_PARTS
    country: str | None = None  # whose public holidays are special

    def profile(self) -> Floats:
        """Contacts by weekday and interval at the period's mean level, [7, interval]."""
        found = np.zeros((7, self.width))
        for shape, volume in self._weekdays():
            found[shape.weekday] = volume[0] * shape.shares
        return found

    def profile_log_se(self) -> Floats:
        """The standard error of the logarithm of the profile, [7, interval]; 0 where it is 0."""
        found = np.zeros((7, self.width))
        for shape, volume in self._weekdays():
            log_se = np.minimum(np.hypot(shape.log_se, volume[1]), _KNOWN_NOTHING)
            found[shape.weekday] = np.where(shape.shares > 0, log_se, 0.0)
        return found

    def weekday_error(self) -> float:
        """The relative error of a weekday's volume, the root of the mean square over weekdays."""
        errors = [volume.log_se for volume in self.levels.volumes] if self.levels else []
        found = math.sqrt(math.fsum(e * e for e in errors) / len(errors)) if errors else 0.0
        return found if math.isfinite(found) else 0.0

    def profile_interval(self) -> tuple[Floats, Floats]:
        """The ends of the 95 % intervals of the profile, each [7, interval]."""
        middle, se = self.profile(), self.profile_log_se()
        return middle * np.exp(-Z95 * se), middle * np.exp(Z95 * se)

    def expected(self, grid: CountGrid) -> Floats:
        """Contacts expected on each day of the grid by profile, level and month, [day, interval]."""
        level = self.levels.level_on(grid.times) if self.levels else np.zeros(len(grid.days))
        factor = level * np.exp(self.month.log_factor(grid.days))
        return np.asarray(self.profile()[grid.weekdays] * factor[:, None] * grid.open)

    def holidays(self, first: date, last: date) -> tuple[HolidayAhead, ...]:
        """The public holidays of some days ahead on which contacts would come otherwise."""
        served = [each.weekday for each in self.shapes]
        found = holidays_ahead(self.special, self.country, first, last)
        return tuple(each for each in found if each.date.weekday() in served)

    def _weekdays(self) -> list[tuple[Shape, tuple[float, float]]]:
        volumes = {each.weekday: each for each in self.levels.volumes} if self.levels else {}
        return [(s, (volumes[s.weekday].contacts, volumes[s.weekday].log_se)) for s in self.shapes]


def fit_stream(
    grid: CountGrid, stream: str, country: str | None = None, also: Mapping[date, str] | None = None
) -> StreamFit:
    """Fit the arrivals of a stream.

    `country` is a code of public holidays (``NL``, ``US-CA``), `also` names further special days. Raises
    ``KeyError`` for a stream that is not in the grid, ``ValueError`` for a code that is not known.
    """
    counts, weekdays = grid.of(stream), grid.weekdays
    names = holidays_among(grid.days, country, also or {})
    named = np.array([name != "" for name in names])
    seen = some(grid.open, 1)
    off, scores = far_off(_whole_days(grid, counts), weekdays, seen, named)
    usual = seen & ~named & ~off
    common = fit_month_parts(grid.days, _all_streams(grid), usual)
    month = fit_month_parts(grid.days, _whole_days(grid, counts), usual, common)
    found = _fitted(grid, stream, counts, usual, month)
    listed = np.flatnonzero((named | off) & np.isin(weekdays, weekdays[usual & (counts.sum(axis=1) > 0)]))
    expected = found.expected(grid._replace(open=np.where(seen[:, None], grid.open, True))).sum(axis=1)
    special = tuple(
        SpecialDay(grid.days[d], float(counts[d].sum() / expected[d]), names[d], float(scores[d]))
        for d in listed
        if expected[d] > 0
    )
    served = [each.weekday for each in found.shapes]
    gaps = [d for d in np.flatnonzero(~seen & ~named) if weekdays[d] in served]
    gone = tuple(grid.days[d] for d in gaps)
    return found._replace(special=special, gaps=gone, country=country)


def _whole_days(grid: CountGrid, counts: Floats) -> Floats:
    """Each day's total, with what a day that was counted in part would have had in the rest of it."""
    totals: Floats = counts.sum(axis=1)
    for w in range(7):
        rows = grid.weekdays == w
        opened = grid.open[rows].astype(float)
        rate = counts[rows].sum(axis=0) / np.maximum(opened.sum(axis=0), 1.0)
        part = opened @ rate / max(float(rate.sum()), _NOTHING)
        totals[rows] /= np.where(part > _NOTHING, part, 1.0)
    return totals


def _all_streams(grid: CountGrid) -> Floats:
    """The contacts of all streams by day, as those of whole days."""
    return _whole_days(grid, np.where(grid.open, grid.counts.sum(axis=0), 0).astype(float))


def _fitted(grid: CountGrid, stream: str, counts: Floats, usual: Bools, month: MonthParts) -> StreamFit:
    """Everything but the special days, from the usual ones."""
    weekdays = grid.weekdays
    intervals = _intervals(grid, counts, usual)
    variance = max(intervals.squared, 0.0)
    nothing = StreamFit(
        stream, counts.shape[1], usual, (), (), (), intervals, None, UNKNOWN, UNKNOWN, intervals.spread, month
    )
    if counts[usual].sum() == 0:
        return nothing
    shapes = fit_shapes(counts[usual], grid.open[usual], weekdays[usual], variance)
    levels = fit_levels(_totals(grid, counts, usual, shapes, variance, month))
    day, total = (levels.variances.day, levels.variances.total) if levels.variances else (None, None)
    return nothing._replace(shapes=shapes, levels=levels, day=_spread(day), scatter=_spread(total))


def _intervals(grid: CountGrid, counts: Floats, usual: Bools) -> IntervalSpread:
    """The interval's factor from days of one weekday, or of any where no weekday comes twice."""
    found = fit_intervals(tables(counts, grid.open, grid.weekdays, usual), len(grid.days))
    if found.cells:
        return found
    return fit_intervals(tables(counts, grid.open, np.zeros_like(grid.weekdays), usual), len(grid.days))


def _totals(
    grid: CountGrid,
    counts: Floats,
    usual: Bools,
    shapes: tuple[Shape, ...],
    variance: float,
    month: MonthParts,
) -> Totals:
    by_weekday = np.zeros((7, counts.shape[1]))
    for each in shapes:
        by_weekday[each.weekday] = each.shares
    part = by_weekday[grid.weekdays] * grid.open
    share = part.sum(axis=1)
    rows = usual & (share > _NOTHING)
    part, share = part[rows], share[rows]
    weekdays: Ints = grid.weekdays[rows]
    within = np.where(part > 0, counts[rows], 0.0).sum(axis=1)
    factor = np.exp(month.log_factor(grid.days))[rows]
    relative = variance * (part**2).sum(axis=1) / share**2
    return Totals(within, weekdays, grid.times[rows], share * factor, relative)


def _spread(found: Estimate | None) -> Spread:
    if found is None:
        return UNKNOWN
    se = (found.high - found.low) / (2.0 * Z95)
    return Spread(found.sd, se if found.sd > 0 else math.nan, found.low, found.high)
