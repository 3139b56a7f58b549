"""The offered load of a day: how many would be busy if there were always a free agent, M(t)/G/infinity.

The load that matters at a moment is that of the contacts who came some time ago and are still in hand. With
λ the rate of arrival and S the handle time, it is m(t) = E(λ(t - Sₑ)) E(S), where P(Sₑ > t) = ∫ P(S > u) du
over u > t, divided by E(S) (Eick, Massey and Whitt 1993, Operations Research 41, p. 731, theorem 1). For
exponential times it obeys m' = λ - m / E(S), which is solved here exactly, interval by interval, for
constant and for linear rates.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Floats, checked

_SERIES: Final = 1.0  # below, by a power series
_TERMS: Final = 18
_NODES: Final = 16  # of Gauss-Legendre, in each of ...
_PARTS: Final = 16  # ... so many parts of an interval


class Load(NamedTuple):
    """Offered load in Erlangs, [..., intervals]."""

    mean: Floats
    end: Floats
    most: Floats  # at any moment of the interval


def step_load(
    per_hour: ArrayLike, handle_s: ArrayLike, interval_s: float = 1800.0, start: ArrayLike = 0.0
) -> Load:
    """Exponential handle times, rates [..., intervals] constant in each interval; `start` Erlangs at first.

    A mean handle time that changes with the interval is felt by contacts in hand too.
    """
    rates = _rates(per_hour)
    return _exponential(rates, None, handle_s, interval_s, start)


def linear_load(
    edge_per_hour: ArrayLike, handle_s: ArrayLike, interval_s: float = 1800.0, start: ArrayLike = 0.0
) -> Load:
    """The same for rates [..., intervals + 1] at the edges of the intervals, linear between them."""
    edges = _rates(edge_per_hour)
    if edges.shape[-1] < 2:
        raise ValueError("edge_per_hour: give the rates at both ends of at least one interval")
    return _exponential(edges[..., :-1], np.diff(edges), handle_s, interval_s, start)


def general_load(per_hour: ArrayLike, handle_s: float, excess: "Excess", interval_s: float = 1800.0) -> Load:
    """Any law of handle times, rates [..., intervals] constant in each interval, from an empty start.

    `excess` is one of this file, or P(Sₑ <= t) as a function of t / E(S). Exact at the ends; the mean is by
    Gauss-Legendre with many nodes, and the largest load is that of 17 moments.
    """
    rates = _rates(per_hour)
    handle = float(checked("handle_s", handle_s, POSITIVE))
    length = float(checked("interval_s", interval_s, POSITIVE)) / handle
    count = rates.shape[-1]
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    parts = (np.arange(_PARTS)[:, np.newaxis] + (nodes + 1.0) / 2.0).reshape(-1) / _PARTS
    mean = _adds(excess, count, length, parts) @ np.tile(weights, _PARTS) / (2.0 * _PARTS)
    moments = _adds(excess, count, length, np.linspace(0.0, 1.0, _PARTS + 1))
    loads = (rates @ moments.reshape(count, -1)).reshape(*rates.shape, _PARTS + 1) * (handle / 3600.0)
    return Load(rates @ mean * (handle / 3600.0), loads[..., -1], loads.max(axis=-1))


def _adds(excess: "Excess", count: int, length: float, at: Floats) -> Floats:
    """What a rate in one interval adds at moments of another: [from, to, moments]."""
    felt = np.diff(excess((np.arange(count)[:, np.newaxis] + at) * length), axis=0, prepend=0.0)
    ago = np.arange(count) - np.arange(count)[:, np.newaxis]
    return np.where(ago[..., np.newaxis] >= 0, felt[np.maximum(ago, 0)], 0.0)


def wave_load(
    mean_per_hour: ArrayLike,
    amplitude_per_hour: ArrayLike,
    period_s: ArrayLike,
    handle_s: ArrayLike,
    at_s: ArrayLike,
) -> Floats:
    """Load in Erlangs at times `at_s` under a rate mean + amplitude sin(2πt / period), long after its start.

    Exponential handle times: Eick, Massey and Whitt 1993, Management Science 39, p. 241.
    """
    mean, amplitude = (
        checked("mean_per_hour", mean_per_hour, NOT_NEGATIVE),
        np.asarray(amplitude_per_hour, float),
    )
    handle = checked("handle_s", handle_s, POSITIVE)
    turn = 2.0 * math.pi / checked("period_s", period_s, POSITIVE)
    lag = np.arctan(turn * handle)  # the wave of the load comes later, and is flatter
    wave = np.cos(lag) * np.sin(turn * np.asarray(at_s, float) - lag)
    return np.asarray(handle / 3600.0 * (mean + amplitude * wave))


Excess = Callable[[Floats], Floats]


def exponential_excess(t: Floats) -> Floats:
    """P(Sₑ <= t) of an exponential time of mean 1."""
    return -np.expm1(-t)


def constant_excess(t: Floats) -> Floats:
    """The same of a constant time."""
    return np.minimum(t, 1.0)


def gamma_excess(cv: float) -> Excess:
    """The same of a gamma time with a coefficient of variation."""
    shape = float(checked("cv", cv, POSITIVE)) ** -2

    def excess(t: Floats) -> Floats:
        later = special.gammaincc(shape, shape * t)
        return np.asarray(t * later + special.gammainc(shape + 1.0, shape * t))

    return excess


def lognormal_excess(cv: float) -> Excess:
    """The same of a lognormal time with a coefficient of variation."""
    sd = math.sqrt(math.log1p(float(checked("cv", cv, POSITIVE)) ** 2))

    def excess(t: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            z = np.log(t) / sd
        return np.asarray(t * special.ndtr(-z - sd / 2.0) + special.ndtr(z - sd / 2.0))

    return excess


def _rates(per_hour: ArrayLike) -> Floats:
    rates = checked("per_hour", per_hour, NOT_NEGATIVE)
    if rates.ndim == 0 or not rates.shape[-1]:
        raise ValueError("per_hour: give an array with at least one interval")
    return rates


def _exponential(
    first: Floats, rise: Floats | None, handle_s: ArrayLike, interval_s: float, start: ArrayLike
) -> Load:
    """Rates that begin each interval at `first` per hour and rise by `rise` in it."""
    checked("interval_s", interval_s, POSITIVE)
    handled = interval_s / checked("handle_s", handle_s, POSITIVE)  # handle times to an interval
    keep, one, two, three = (np.broadcast_to(_phi(k, handled), first.shape) for k in range(4))
    flat = first * (interval_s / 3600.0)  # contacts of an interval at the rate of its start
    slope = np.zeros_like(flat) if rise is None else rise * (interval_s / 3600.0)
    gain = flat * one if rise is None else flat * one + slope * two
    now = np.broadcast_to(checked("start", start, NOT_NEGATIVE), first.shape[:-1])
    loads = np.empty((*first.shape[:-1], first.shape[-1] + 1))
    loads[..., 0] = now
    for i in range(first.shape[-1]):
        now = now * keep[..., i] + gain[..., i]
        loads[..., i + 1] = now
    before, after = loads[..., :-1], loads[..., 1:]
    mean, most = before * one + flat * two, np.maximum(before, after)
    if rise is None:
        return Load(mean, after, most)
    return Load(mean + slope * three, after, np.maximum(most, _peak(before, flat, slope, handled)))


def _peak(start: Floats, a: Floats, b: Floats, handled: Floats) -> Floats:
    """The load where it turns inside an interval, 0 where it does not.

    With x in intervals and k handle times to an interval, m = (a - b/k + b x) / k + C exp(-k x).
    """
    c = start - (a - b / handled) / handled
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.log(handled**2 * c / b) / handled
    inside = (x > 0.0) & (x < 1.0)
    x = np.where(inside, x, 0.0)
    return np.where(inside, (a - b / handled + b * x) / handled + c * np.exp(-handled * x), 0.0)


def _phi(k: int, x: Floats) -> Floats:
    """Σ (-x)^n / (n + k)!: exp(-x), and what is left of it after its first terms."""
    small = np.minimum(x, _SERIES)
    series = np.zeros_like(small)
    for n in range(_TERMS, -1, -1):
        series = 1.0 / math.factorial(n + k) - small * series
    rest = np.exp(-x)
    for j in range(k):
        rest = (1.0 / math.factorial(j) - rest) / x
    return np.where(x < _SERIES, series, rest)
