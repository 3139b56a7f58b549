"""Counts of made-up centres, of which everything is known; drawn without any code of the fits."""

import datetime
from typing import NamedTuple

import numpy as np
from scipy import special

from calibration.fits.count_grid import CountGrid

FIRST = datetime.date(2026, 1, 5)  # a Monday
OF_WEEKDAY = np.array([1.3, 1.0, 0.9, 0.9, 1.0, 0.3, 0.2])


class Stream(NamedTuple):
    """`mean` contacts an interval of a Tuesday, on average; how days and intervals scatter."""

    mean: float
    day_cv: float = 0.0
    interval_cv: float = 0.0
    day_correlation: float = 0.0
    interval_correlation: float = 0.0
    drift: float = 0.0  # standard deviation of a random walk of the log level, a day
    trend: float = 0.0  # of the log level, a day


class World(NamedTuple):
    """The counts, and the truth behind them."""

    grid: CountGrid
    means: np.ndarray  # [stream, weekday, interval] at level 1
    level: np.ndarray  # [stream, day]


def curve(intervals: int) -> np.ndarray:
    """A day of mean 1 with one hump."""
    hump = 0.5 + np.sin(np.linspace(0.1, 3.0, intervals))
    return np.asarray(hump / hump.mean())


def world(
    seed: int,
    streams: tuple[Stream, ...],
    weeks: int = 12,
    weekdays: int = 5,
    intervals: int = 24,
    first: int = 16,
) -> World:
    """Half hours of the first weekdays of each week, from interval `first` on; other days are closed."""
    random = np.random.default_rng(seed)
    days = tuple(FIRST + datetime.timedelta(days=n) for n in range(7 * weeks))
    weekday = np.arange(7 * weeks) % 7
    opened = np.zeros((7 * weeks, 48), bool)
    opened[weekday < weekdays, first : first + intervals] = True
    of_day, of_interval = random.normal(size=7 * weeks), random.normal(size=(7 * weeks, 48))
    counts, means, levels = [], [], []
    for each in streams:
        profile = np.zeros((7, 48))
        profile[:weekdays, first : first + intervals] = each.mean * np.outer(
            OF_WEEKDAY[:weekdays], curve(intervals)
        )
        steps = each.drift * random.normal(size=7 * weeks) + each.trend
        level = np.exp(np.cumsum(steps) - steps[0])
        busy = factors(random, each.day_cv, each.day_correlation, of_day)[:, None]
        busy = busy * factors(random, each.interval_cv, each.interval_correlation, of_interval)
        drawn = random.poisson(profile[weekday] * level[:, None] * busy)
        counts.append(drawn)
        means.append(profile)
        levels.append(level)
    names = tuple(f"s{n}" for n in range(len(streams)))
    return World(CountGrid(1800, days, opened, names, np.array(counts)), np.array(means), np.array(levels))


def factors(random: np.random.Generator, cv: float, correlation: float, common: np.ndarray) -> np.ndarray:
    """Gamma factors of mean 1, whose normal scores share a part with the common ones."""
    if cv == 0:
        return np.ones_like(common)
    own = random.normal(size=common.shape)
    score = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own
    return np.asarray(special.gammaincinv(cv**-2, special.ndtr(score)) * cv**2)


def within(low: float, value: float, high: float) -> bool:
    return bool(low <= value <= high)
