"""The Erlang B formula for any number of agents, whole or not, as a logarithm: it never overflows.

Nobody is blocked by n agents with probability B(n, a), a the load in Erlangs, where (Jagerman 1974, Bell
System Technical Journal 53, p. 525)

    1 / B(n, a) = a ∫ exp(-a y) (1 + y)^n dy, y from 0 to infinity, = Γ(n + 1, a) exp(a) a^-n.
"""

import math
from typing import Final

import numpy as np
from scipy import special

from sim.erlang.arguments import Floats
from sim.jit import compiled

_STEPS: Final = 100_000
_EXACT: Final = 1e-16
_LARGE: Final = 1e5
_LEAST: Final = 2.0**-53 - 1.0  # the float above -1
_TEMME: Final = (-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835, -139 / 777600)
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)


def log_inverse_b(load: Floats, agents: Floats) -> Floats:
    """The logarithm of 1 / B(agents, load), of flat arrays; loads in Erlangs above 0, agents from 0.

    Above the load the gamma function's upper share is no small number, and over a Poisson probability it
    is what is wanted; below it the continued fraction of Γ converges.
    """
    few = agents < load
    result = np.empty(load.shape)
    _fractions(load[few], agents[few], fractions := np.empty(int(few.sum())))
    result[few] = np.log(fractions)
    n, a = agents[~few], load[~few]
    result[~few] = np.log(special.gammaincc(n + 1.0, a)) - log_poisson(n, a)
    return result


def log_poisson(n: Floats, mean: Floats, short: Floats | None = None) -> Floats:
    """The logarithm of mean^n exp(-mean) / Γ(n + 1), n from 0; to 1e-16 of |n - mean| (Loader 2000).

    `short` is n - mean, for who knows it to more digits than the two have.
    """
    whole = np.maximum(n, 1.0)
    away = (mean - whole if short is None else -short) / whole
    distance = whole * fall(np.clip(away, -0.5, 0.5))
    far = special.xlogy(whole, whole / np.maximum(mean, 1e-300)) + mean - whole
    distance = np.where(np.abs(away) < 0.5, distance, far)
    small = special.xlogy(n, mean) - mean - special.gammaln(n + 1.0)
    error = np.polynomial.polynomial.polyval(whole**-2.0, _STIRLING) / whole
    return np.where(n > 16.0, -distance - error - 0.5 * np.log(2.0 * math.pi * whole), small)


@compiled
def _fractions(load: Floats, agents: Floats, result: Floats) -> None:
    """1 / B where agents are fewer than the load (Press et al. 2007, section 6.2, by Lentz's method)."""
    for i in range(load.size):
        a, n = load[i], agents[i]
        b = a - n
        c, d = 1e300, 1.0 / b
        h = d
        for k in range(1, _STEPS):
            turn = -k * (k - n - 1.0)
            b += 2.0
            d = turn * d + b
            d = 1.0 / (d if abs(d) > 1e-300 else 1e-300)
            c = b + turn / c
            c = c if abs(c) > 1e-300 else 1e-300
            h *= d * c
            if abs(d * c - 1.0) < _EXACT or turn == 0.0:
                break
        result[i] = a * h


def poisson_beyond(n: Floats, short: Floats) -> Floats:
    """P(N > n) / P(N = n), N Poisson of mean n - short, short from 0 to below n.

    By its series up to some 100,000; for more, whose series are long, by the uniform expansion of Temme 1979
    (SIAM Journal on Mathematical Analysis 10, p. 757), of which two terms are then exact.
    """
    few = n < _LARGE
    result = np.empty(n.size)
    _series(n[few], n[few] - short[few], sums := np.empty(int(few.sum())))
    result[few] = sums
    s = n[~few] + 1.0
    lack = (short[~few] + 1.0) / s
    eta = -np.sqrt(2.0 * fall(-lack))
    result[~few] = (1.0 - lack) * (1.0 + 1.0 / (12.0 * s) + 1.0 / (288.0 * s * s))
    rest = _correction(eta, -lack) + _second_correction(eta, -lack) / s
    result[~few] *= np.sqrt(0.5 * math.pi * s) * special.erfcx(-eta * np.sqrt(0.5 * s)) - rest
    return result


def fall(x: Floats) -> Floats:
    """x - log(1 + x), with all digits also for small x."""
    small = x * x * (0.5 - x * (1.0 / 3.0 - x * (0.25 - x * (0.2 - x / 6.0))))
    return np.where(
        np.abs(x) < 1e-3, small, x - np.log1p(np.where(np.abs(x) < 1e-3, 0.0, np.maximum(x, _LEAST)))
    )


def _correction(eta: Floats, x: Floats) -> Floats:
    near = np.abs(eta) < 1e-2
    safe, away = np.where(near, 1.0, eta), np.where(near, 1.0, x)
    series = np.polynomial.polynomial.polyval(np.where(near, eta, 0.0), _TEMME)
    return np.where(near, series, 1.0 / away - 1.0 / safe)


def _second_correction(eta: Floats, x: Floats) -> Floats:
    near = np.abs(eta) < 1e-2
    safe, away = np.where(near, 1.0, eta), np.where(near, 1.0, x)
    direct = safe**-3.0 - away**-3.0 - away**-2.0 - 1.0 / (12.0 * away)
    return np.where(near, -1.0 / 540.0 - eta / 288.0, direct)


@compiled
def _series(n: Floats, mean: Floats, result: Floats) -> None:
    """a/(n+1) + a²/((n+1)(n+2)) + ..., all positive."""
    for i in range(n.size):
        term, total, m = 1.0, 0.0, n[i]
        while term > _EXACT * total:
            m += 1.0
            term *= mean[i] / m
            total += term
        result[i] = total
