"""Quantile functions: uniforms in, durations out, the same to the bit compiled or not.

Closed forms where they exist; the normal by Wichura's AS 241; the gamma from a table made when
the scenario is compiled (`sim/curves.py`); Erlang-k and hyperexponential by composition, each
phase with a uniform of its own. Only `math.exp`, `math.log` and arithmetic are used, because
those agree between numba and plain Python.
"""

import math
from typing import Final

import numpy as np

from sim.clock import NEVER, TICKS_PER_SECOND
from sim.draws import uniform
from sim.jit import U64, compiled, routine
from sim.layout import Tables

# Kinds of distribution (codes in the table `dists`).
DETERMINISTIC: Final = 0
EXPONENTIAL: Final = 1
LOGNORMAL: Final = 2
GAMMA: Final = 3
WEIBULL: Final = 4
ERLANG: Final = 5
HYPEREXPONENTIAL: Final = 6
EMPIRICAL: Final = 7

GAMMA_LIMIT: Final = 8.5  # the gamma table spans normal scores -8.5 to 8.5: uniforms of 52 bits and more
GAMMA_STEPS: Final = 2176
GAMMA_PER_UNIT: Final = GAMMA_STEPS / (2.0 * GAMMA_LIMIT)

# AS 241's coefficients (highest power first): ratios of polynomials for the centre and two tails.
_CENTRE_ABOVE: Final = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
_CENTRE_BELOW: Final = (
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
_TAIL_ABOVE: Final = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
_TAIL_BELOW: Final = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
_FAR_ABOVE: Final = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
_FAR_BELOW: Final = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip


@compiled
def _ratio(above: tuple[float, ...], below: tuple[float, ...], r: float) -> float:
    """Ratio of two polynomials of degree 7 in r, by Horner's rule."""
    top = 0.0
    bottom = 0.0
    for i in range(8):
        top = top * r + above[i]
        bottom = bottom * r + below[i]
    return top / bottom


@compiled
def normal(u: float) -> float:
    """Standard normal quantile (Wichura 1988, Applied Statistics 37, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_CENTRE_ABOVE, _CENTRE_BELOW, 0.180625 - q * q)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    size = _ratio(_TAIL_ABOVE, _TAIL_BELOW, r - 1.6) if r <= 5.0 else _ratio(_FAR_ABOVE, _FAR_BELOW, r - 5.0)
    return -size if q < 0.0 else size


@compiled
def gamma_at(curves: np.ndarray, at: int, z: float) -> float:
    """The gamma variate of unit mean whose probability is that of the normal score z.

    `curves[at:]` holds (log x, d log x / dz) at equal steps of z; cubic Hermite between them.
    """
    place = (min(max(z, -GAMMA_LIMIT), GAMMA_LIMIT) + GAMMA_LIMIT) * GAMMA_PER_UNIT
    i = min(int(place), GAMMA_STEPS - 1)
    t = place - i
    a = at + 2 * i
    rise = curves[U64(a + 2)] - curves[U64(a)]
    left = curves[U64(a + 1)] / GAMMA_PER_UNIT
    right = curves[U64(a + 3)] / GAMMA_PER_UNIT
    cubic = left + right - 2.0 * rise
    square = 3.0 * rise - 2.0 * left - right
    return math.exp(curves[U64(a)] + t * (left + t * (square + t * cubic)))


@compiled
def _empirical(curves: np.ndarray, at: int, n: int, u: float) -> float:
    """Linear between the n quantiles (share, seconds) at `curves[at:]`."""
    i = 0
    while i < n - 2 and u > curves[U64(at + 2 * i + 2)]:
        i += 1
    a = at + 2 * i
    t = (u - curves[U64(a)]) / (curves[U64(a + 2)] - curves[U64(a)])
    return float(curves[U64(a + 1)] + t * (curves[U64(a + 3)] - curves[U64(a + 1)]))


@compiled
def _erlang(mean: float, k: int, run: np.uint64, entity: np.uint64, first: int) -> float:
    """Sum of k exponential phases: the log of a product, taken apart before it underflows."""
    total = 0.0
    product = 1.0
    for i in range(k):
        product *= 1.0 - uniform(run, entity, first + i)
        if product < 1e-200:
            total -= math.log(product)
            product = 1.0
    return (total - math.log(product)) * (mean / k)


@compiled
def _hyperexponential(curves: np.ndarray, at: int, n: int, u: float, v: float) -> float:
    """Phase by u among n pairs (cumulative share, mean seconds), then an exponential by v."""
    i = 0
    while i < n - 1 and u > curves[U64(at + 2 * i)]:
        i += 1
    return float(-math.log(1.0 - v) * curves[U64(at + 2 * i + 1)])


@compiled
def seconds(tables: Tables, d: int, run: np.uint64, entity: np.uint64, first: int) -> float:
    """A duration (s) from distribution d: draws `first`, `first + 1`, ... of `entity`."""
    dist = tables.dists[U64(d)]
    kind = dist["kind"]
    u = uniform(run, entity, first)
    if kind == EXPONENTIAL:
        return float(-math.log(1.0 - u) * dist["scale"])
    if kind == LOGNORMAL:
        return math.exp(dist["scale"] + dist["shape"] * normal(u))
    if kind == GAMMA:
        return float(dist["scale"] * gamma_at(tables.curves, dist["at"], normal(u)))
    if kind == WEIBULL:
        return float(dist["scale"] * math.exp(math.log(-math.log(1.0 - u)) / dist["shape"]))
    if kind == ERLANG:
        return _erlang(dist["scale"], dist["n"], run, entity, first)
    if kind == HYPEREXPONENTIAL:
        return _hyperexponential(tables.curves, dist["at"], dist["n"], u, uniform(run, entity, first + 1))
    if kind == EMPIRICAL:
        return _empirical(tables.curves, dist["at"], dist["n"], u)
    return float(dist["scale"])


@compiled
def to_grain(span_s: float, grain: int) -> int:
    """Seconds to ticks, to the nearest multiple of the run's grain."""
    ticks = span_s * TICKS_PER_SECOND
    return NEVER if ticks >= NEVER else math.floor(ticks / grain + 0.5) * grain


@compiled
def duration(tables: Tables, d: int, run: np.uint64, entity: np.uint64, first: int) -> int:
    """A duration in ticks from distribution d, a multiple of the run's grain."""
    return to_grain(seconds(tables, d, run, entity, first), tables.dists[U64(d)]["grain"])


@routine
def delay(tables: Tables, d: int, run: np.uint64, entity: np.uint64, first: int) -> int:
    """The same, called instead of inlined: for what is not drawn for every contact."""
    return duration(tables, d, run, entity, first)
