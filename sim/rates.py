"""Rates: how many contacts a stream may expect in each interval, and where within it they come."""

from collections.abc import Sequence
from math import ceil, gcd
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.model import Arrivals, Sinusoid, Stream
from sim.almanac import Almanac, means

FloatArray = NDArray[np.float64]

SLICES_A_PERIOD: Final = 256  # of a sine wave: within each the rate is taken as constant


class Rates(NamedTuple):
    """What a stream expects; `shares` is empty where every interval has one rate all through."""

    expected: FloatArray  # [interval] contacts
    slices: int  # equal parts of an interval, each with a rate of its own
    shares: FloatArray  # [interval x slice] share of the interval's contacts up to the end of the slice


def rates(almanac: Almanac, arrivals: Arrivals) -> Rates:
    """The rates of a stream over the horizon."""
    expected, slices = _contacts(almanac, arrivals, 1), _slices(almanac.interval_s, arrivals)
    if slices > 1:
        by_slice = _contacts(almanac, arrivals, slices).reshape(-1, slices)
        if np.any(by_slice != by_slice[:, :1]):
            return Rates(expected, slices, _shares(by_slice))
    return Rates(expected, 1, np.empty(0))


def handle_times(almanac: Almanac, stream: Stream) -> FloatArray:
    """The mean handle time of contacts that are worked on in each interval, s."""
    return weekday_factors(almanac, stream.handle_time_by_weekday) * stream.handle_time.mean_s


def weekday_factors(almanac: Almanac, factors: tuple[float, ...]) -> FloatArray:
    """The factor of the weekday of each interval."""
    return _through_days(almanac, [factors[day.weekday()] for day in almanac.dates])


def _slices(interval_s: int, arrivals: Arrivals) -> int:
    """How many parts an interval needs so that no step, nor much of a wave, begins or ends within one."""
    if arrivals.sinusoid is not None:
        return ceil(SLICES_A_PERIOD * interval_s / arrivals.sinusoid.period_s)
    edges = (edge for step in arrivals.steps for edge in (step.start_s, step.end_s))
    return interval_s // gcd(interval_s, *edges)


def _contacts(almanac: Almanac, arrivals: Arrivals, slices: int) -> FloatArray:
    """Contacts expected in each slice of each interval."""
    if arrivals.sinusoid is not None:
        return _of_wave(almanac, arrivals.sinusoid, slices) * _of_days(almanac, arrivals, slices)
    finer = almanac._replace(interval_s=almanac.interval_s // slices)
    return means(finer, arrivals.steps) * (finer.interval_s / 3600.0) * _of_days(almanac, arrivals, slices)


def _of_days(almanac: Almanac, arrivals: Arrivals, slices: int) -> FloatArray:
    """The factor of the day of each slice: trend, month, special days."""
    by_day = [arrivals.day_factors.on(day, almanac.dates[0]) for day in almanac.dates]
    return _through_days(almanac, by_day, slices)


def _through_days(almanac: Almanac, by_day: Sequence[float], slices: int = 1) -> FloatArray:
    """The value of each day in all slices of its intervals."""
    return np.repeat(by_day, np.diff(almanac.midnights) // almanac.interval_s * slices)


def _of_wave(almanac: Almanac, wave: Sinusoid, slices: int) -> FloatArray:
    """Contacts expected in each slice: the integral of mean + amplitude x sin(2 pi (t + phase) / period)."""
    turn = 2.0 * np.pi / wave.period_s
    length_s = almanac.interval_s / slices
    edges = turn * (np.arange(almanac.intervals * slices + 1) * length_s + wave.phase_s)
    sines = -np.diff(np.cos(edges)) / (turn * length_s)
    hourly: FloatArray = np.maximum(wave.mean_per_hour + wave.amplitude_per_hour * sines, 0.0)
    return hourly * (length_s / 3600.0)


def _shares(by_slice: FloatArray) -> FloatArray:
    """Running shares of each row, the last exactly 1; an even spread where nobody is expected."""
    up_to = np.cumsum(by_slice, axis=1)
    even = np.broadcast_to(np.arange(1.0, up_to.shape[1] + 1), up_to.shape)
    up_to = np.where(up_to[:, -1:] > 0.0, up_to, even)
    return (up_to / up_to[:, -1:]).ravel()
