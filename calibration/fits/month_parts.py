"""Parts of the month that are busier than others, such as its end: what months have in common.

The logarithm of a day's contacts over those of its weekday, less the mean of its month, is averaged over
each part of each month. Parts of different months that agree more than they would by chance (F test at 1 %)
are an effect; it is shrunk by what chance alone would leave (C. N. Morris, 1983, "Parametric empirical Bayes
inference: theory and applications", Journal of the American Statistical Association 78, section 2). The
effects of a stream are shrunk towards those of all streams together.
"""

import datetime
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Bools, Floats, Ints

STARTS: Final = (1, 6, 11, 16, 21, 26)
"""Days of the month on which a part begins."""
_FEWEST_DAYS: Final = 15  # usual days of a month
_ERROR: Final = 0.01  # chance of an effect where there is none; it would take scatter from the days
UNKNOWN: Final = 0.1
"""The standard error of parts of which too few months tell: about as far as parts of a month are apart."""
_FEWEST_MONTHS: Final = 3  # a level that falls all through two months looks like parts of them


class MonthParts(NamedTuple):
    """Logarithms of the factors of the parts, shrunk; all 0 where months have nothing in common."""

    effects: tuple[float, ...]
    error: float  # standard error of each
    kept: float  # share of the raw effects that is left
    months: int

    def log_factor(self, dates: Sequence[datetime.date]) -> Floats:
        """The logarithm of each date's factor."""
        return np.array([self.effects[part_of(date)] for date in dates])

    def spans(
        self, first: datetime.date, last: datetime.date, also: Mapping[datetime.date, float]
    ) -> dict[str, float]:
        """The factors of days from `first` to `last`, as the ``special_days`` of a scenario has them.

        `also` are further factors of single days.
        """
        days = [first + datetime.timedelta(i) for i in range((last - first).days + 1)]
        found = {}
        for _, group in groupby(days, lambda day: (day.year, day.month, part_of(day), also.get(day))):
            span = list(group)
            factor = round(also.get(span[0], 1.0) * float(np.exp(self.effects[part_of(span[0])])), 3)
            if factor != 1.0:
                ends = dict.fromkeys(day.isoformat() for day in (span[0], span[-1]))
                found[" to ".join(ends)] = factor
        return found


NO_PARTS: Final = MonthParts((0.0,) * len(STARTS), 0.0, 0.0, 0)


def part_of(date: datetime.date) -> int:
    """Which part of the month a date is in, from 0."""
    return sum(date.day >= start for start in STARTS) - 1


def fit_month_parts(
    dates: Sequence[datetime.date], totals: Floats, usual: Bools, towards: MonthParts = NO_PARTS
) -> MonthParts:
    """Effects from contacts by day, shrunk towards others; `usual` are the days that count."""
    rows = usual & (totals > 0)
    log_total = np.log(np.where(rows, totals, 1.0))
    apart = _around(log_total, np.array([date.weekday() for date in dates]), rows)
    months = np.array([date.year * 12 + date.month for date in dates])
    part = np.array([part_of(date) for date in dates])
    means = np.array(
        [_part_means(apart, part, rows & (months == month)) for month in sorted(set(months[rows].tolist()))]
    )
    whole = means[np.isfinite(means).all(axis=1)] if len(means) else means
    if len(whole) < _FEWEST_MONTHS:
        return towards._replace(error=UNKNOWN)
    whole -= whole.mean(axis=1, keepdims=True)
    effect = whole.mean(axis=0)
    freedom = (len(whole) - 1) * (len(STARTS) - 1)
    chance = float(((whole - effect) ** 2).sum()) / freedom / len(whole)
    apart_from = effect - np.array(towards.effects)
    squares = float((apart_from**2).sum()) / (len(STARTS) - 1)
    seen = squares > chance * float(special.fdtri(len(STARTS) - 1, freedom, 1.0 - _ERROR))
    kept = 1.0 - chance / squares if seen else 0.0
    shrunk = tuple(float(each) for each in effect - (1.0 - kept) * apart_from)
    return MonthParts(shrunk, float(np.hypot(np.sqrt(kept * chance), towards.error)), kept, len(whole))


def _around(values: Floats, kinds: Ints, rows: Bools) -> Floats:
    """Values less the median of their kind."""
    found = values.copy()
    for kind in set(kinds[rows].tolist()):
        found[kinds == kind] -= np.median(values[rows & (kinds == kind)])
    return found


def _part_means(values: Floats, part: Ints, rows: Bools) -> Floats:
    """The mean of each part of a month; NaN for a part, or a month, with too few days."""
    enough = int(rows.sum()) >= _FEWEST_DAYS
    own = [rows & (part == i) for i in range(len(STARTS))]
    return np.array([values[each].mean() if enough and each.any() else np.nan for each in own])
