"""A change in a rate beside a control, written plainly: every day has a level of its own.

The model of `sim.loop.log_linear` is conditional on each day's total. Here both series are Poisson, day t has
a free level for both, and the cause differs by weekday, trend and effect: the same likelihood, but for
constants, by another way. Solved by iterated weighted least squares on all 2 x days rows; roots by bisection.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Plain(NamedTuple):
    """A fitted model."""

    effect: float
    deviance: float  # weighted
    pearson: float  # of the cause given the day's total, weighted
    information: Floats  # [day] a c / (a + c) as fitted
    leverage: Floats  # [day]


def both(cause: Floats, control: Floats, own: Floats, weights: Floats, shift: Floats | None = None) -> Plain:
    """Two Poisson rows a day; `own` [day, column] is what the cause has for itself, `shift` a known part."""
    n, k = own.shape
    rows = np.zeros((2 * n, n + k))
    rows[:n, :n] = rows[n:, :n] = np.eye(n)
    rows[:n, n:] = own
    counts = np.concatenate((cause, control))
    offset = np.concatenate((np.zeros(n) if shift is None else shift, np.zeros(n)))
    weigh = np.concatenate((weights, weights))
    mean = counts + 0.5
    beta = np.zeros(n + k)
    for _ in range(200):
        working = np.log(mean) - offset + (counts - mean) / mean
        root = np.sqrt(weigh * mean)
        new = np.linalg.lstsq(rows * root[:, None], working * root, rcond=None)[0]
        mean = np.exp(rows @ new + offset)
        if np.max(np.abs(new - beta)) < 1e-11:
            break
        beta = new
    deviance = 0.0
    for y, m, w in zip(counts, mean, weigh, strict=True):
        deviance += 2.0 * w * ((y * np.log(y / m) if y > 0 else 0.0) - (y - m))
    a, c = mean[:n], mean[n:]
    information = a * c / (a + c)
    pearson = float(np.sum(weights * (cause - a) ** 2 / information))
    root = np.sqrt(weights * information)[:, None] * own
    leverage = np.diag(root @ np.linalg.pinv(root))
    return Plain(float(new[-1]), deviance, pearson, information, leverage)


class Tested(NamedTuple):
    """The test of an effect."""

    effect: float
    variance: float  # T, of the logarithm of a day's own factor
    scale: float
    freedom: int
    root: float


def tested(cause: Floats, control: Floats, own: Floats) -> Tested:
    """Signed root of the fall in deviance by the last column, over the scale."""
    n, k = own.shape
    first = both(cause, control, own, np.ones(n))
    excess = first.pearson - (n - k)
    variance = max(excess, 0.0) / float(np.sum((1.0 - first.leverage) * first.information))
    weights = 1.0 / (1.0 + variance * first.information)
    full = both(cause, control, own, weights)
    scale = full.pearson / (n - k)
    return Tested(full.effect, variance, scale, n - k, signed(cause, control, own, weights, full, scale, 0.0))


def signed(
    cause: Floats, control: Floats, own: Floats, weights: Floats, full: Plain, scale: float, effect: float
) -> float:
    """The signed root against a given effect."""
    held = both(cause, control, own[:, :-1], weights, own[:, -1] * effect)
    fall = max(held.deviance - full.deviance, 0.0)
    return float(np.sign(full.effect - effect) * np.sqrt(fall / scale))


def ends(cause: Floats, control: Floats, own: Floats, quantile: float) -> tuple[float, float]:
    """Effects at which the root is the quantile, by bisection."""
    n, k = own.shape
    variance = tested(cause, control, own).variance
    weights = 1.0 / (1.0 + variance * both(cause, control, own, np.ones(n)).information)
    full = both(cause, control, own, weights)
    scale = full.pearson / (n - k)
    found = []
    for side in (-1.0, 1.0):
        near, far = full.effect, full.effect + side * 5.0
        for _ in range(40):
            middle = (near + far) / 2.0
            inside = abs(signed(cause, control, own, weights, full, scale, middle)) < quantile
            near, far = (middle, far) if inside else (near, middle)
        found.append(near)
    return found[0], found[1]
