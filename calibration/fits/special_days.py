"""Days unlike the others of their weekday: holidays by name, and what is far off by its number of contacts.

A day is far off where its total would be too rare under the law of the usual days: gamma-Poisson, about the
median of its weekday times the median level of the weeks around. Medians and the median distance tell that
law, so that the special days themselves do not (Hampel 1974, "The influence curve and its role in robust
estimation", Journal of the American Statistical Association 69; square roots make the spread of counts the
same at all levels: Anscombe 1948, Biometrika 35). The rarity is told as a normal score, and the limit is that
of Student's law, at 1 % for all days together. As the median distance has 37 % of the efficiency of the
standard deviation, the degrees of freedom are 37 % of what the weekdays' medians leave. Levels that move and
skewed factors add to it: in simulations of 4 to 52 weeks one to four series without special days in a hundred
have one named.
"""

import datetime
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import Bools, Floats, Ints

ERROR_RATE: Final = 0.01  # nominal chance of a false alarm in a series without special days
_EFFICIENCY: Final = 0.37
_LANGUAGE: Final = "en_US"  # of names; without it they are in that of the machine
_FEWEST: Final = 3  # days of a weekday, to tell what is usual
_AROUND: Final = 10  # usual days to each side that tell the level
_LONG: Final = 28  # days of a series long enough to have a changing level
_ROUNDS: Final = 4
_HALVINGS: Final = 36
_NORMAL_MEDIAN: Final = 0.6744897501960817
_FARTHEST: Final = 38.0  # normal scores beyond are not told apart
_LARGEST_SQUARED: Final = 4.0  # of a day's coefficient of variation


class SpecialDay(NamedTuple):
    """A day that is left out of the profile: its contacts over those expected, and why."""

    date: datetime.date
    factor: float
    name: str  # of the holiday, or ""
    score: float  # of its total among usual days, a normal law's; NaN where that cannot be told


def named_holidays(country: str, days: tuple[datetime.date, ...]) -> dict[datetime.date, str]:
    """Public holidays among some days, by the package holidays; `country` is as ``NL`` or ``US-CA``.

    Raises ``ValueError`` for a code that is not known.
    """
    import holidays

    land, _, part = country.upper().partition("-")
    known = holidays.list_supported_countries()
    if land not in known or (part and part not in known[land]):
        raise ValueError(f"{country!r} is not a country's code such as NL or US-CA")
    years = sorted({day.year for day in days})
    named = holidays.country_holidays(land, subdiv=part or None, years=years, language=_LANGUAGE)
    return {day: named[day] for day in days if day in named}


def scores(totals: Floats, weekdays: Ints, seen: Bools) -> Floats:
    """How far each day's total is from usual, as a normal score; NaN where that cannot be told."""
    found = np.full(len(totals), np.nan)
    enough = [w for w in range(7) if (seen & (weekdays == w)).sum() >= _FEWEST]
    rows = np.flatnonzero(seen & np.isin(weekdays, enough))
    if len(rows) == 0:
        return found
    n, w = totals[rows], weekdays[rows]
    usual = _usual(n, w)
    squared = _spread(n, usual, len(rows) / max(len(rows) - len(enough), 1))
    found[rows] = _rarity(n, usual, squared)
    return found


def _usual(n: Floats, weekdays: Ints) -> Floats:
    """The usual total of each day: its weekday's median times the median level of the days around."""
    roots, level = np.sqrt(n), np.ones(len(n))
    of_day = np.ones(len(n))
    for _ in range(_ROUNDS):
        for w in set(weekdays.tolist()):
            of_day[weekdays == w] = np.median((roots / level)[weekdays == w])
        if len(n) < _LONG or not of_day.all():
            break
        level = _running_median(roots / of_day)
    usual: Floats = np.maximum(of_day * level, 0.0) ** 2
    return usual


def _running_median(values: Floats) -> Floats:
    """The median of the values around each, of equally many everywhere; 1 where that is 0."""
    width = min(2 * _AROUND + 1, len(values))
    first = np.clip(np.arange(len(values)) - _AROUND, 0, len(values) - width)
    level = np.median(values[first[:, None] + np.arange(width)], axis=1)
    return np.where(level > 0, level, 1.0)


def _spread(n: Floats, usual: Floats, correction: float) -> float:
    """The squared cv of usual days with which the median distance is that of a normal law."""
    off = 2.0 * np.abs(np.sqrt(n + 0.375) - np.sqrt(usual + 0.375)) * np.sqrt(correction)
    low, high = 0.0, _LARGEST_SQUARED
    if np.median(off) <= _NORMAL_MEDIAN:
        return 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if np.median(off / np.sqrt(1.0 + middle * usual)) > _NORMAL_MEDIAN:
            low = middle
        else:
            high = middle
    return high


def _rarity(n: Floats, usual: Floats, squared: float) -> Floats:
    """The normal score of the middle of P(N < n) and P(N <= n), N gamma-Poisson."""
    mean = np.maximum(usual, 1e-9)
    up_to, before = _tails(n, mean, squared), _tails(n - 1, mean, squared)
    low, high = 0.5 * (up_to[0] + before[0]), 0.5 * (up_to[1] + before[1])
    with np.errstate(divide="ignore"):
        score = np.where(low < high, special.ndtri(low), -special.ndtri(high))
    return np.asarray(np.clip(score, -_FARTHEST, _FARTHEST))


def _tails(n: Floats, mean: Floats, squared: float) -> tuple[Floats, Floats]:
    """P(N <= n) and P(N > n)."""
    whole = np.maximum(n, 0.0)
    if squared > 0:
        shape = 1.0 / squared
        p = shape / (shape + mean)
        at_most, beyond = special.betainc(shape, whole + 1, p), special.betaincc(shape, whole + 1, p)
    else:
        at_most, beyond = special.pdtr(whole, mean), special.pdtrc(whole, mean)
    return np.where(n < 0, 0.0, at_most), np.where(n < 0, 1.0, beyond)


def limit(days: int, weekdays: int) -> float:
    """The score beyond which one of so many days is special."""
    freedom = max(_EFFICIENCY * (days - weekdays), 1.0)
    return float(special.stdtrit(freedom, 1.0 - 0.5 * ERROR_RATE / max(days, 1)))


def far_off(totals: Floats, weekdays: Ints, seen: Bools, named: Bools) -> tuple[Bools, Floats]:
    """Which days are far from usual, beside those that have a name, and the scores of all."""
    found = scores(totals, weekdays, seen & ~named)
    told = np.isfinite(found)
    if named.any():
        found = np.where(told, found, scores(totals, weekdays, seen))
    if not told.any():
        return np.zeros(len(totals), bool), found
    edge = limit(int(told.sum()), len(set(weekdays[told].tolist())))
    off: Bools = told & (np.abs(np.nan_to_num(found)) > edge)
    return off, found


def holidays_among(
    days: tuple[datetime.date, ...], country: str | None, also: Mapping[datetime.date, str]
) -> list[str]:
    """The name of each day's holiday, "" where it has none; `also` names further ones."""
    named = named_holidays(country, days) if country else {}
    return [also.get(day) or named.get(day) or "" for day in days]
