"""M/G/c: Poisson arrivals, c agents, handle times that are not exponential, nobody gives up.

Exact: `pollaczek_khinchine` (one agent), `constant_service` and `constant_service_longer` (handle times that
do not vary), and `phase_service` in `sim/erlang/phase_service.py` (Erlang and hyperexponential times).
Approximate, for any handle time by its coefficient of variation: `lee_longton`, `cosmetatos`, `kimura`.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Floats, checked, flat
from sim.erlang.crommelin import Lattice
from sim.erlang.log_erlang_b import fall, log_inverse_b, log_poisson, poisson_beyond

_DIRECT: Final = 2048  # terms of a series that are added one by one
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_NEGLIGIBLE: Final = 42.0  # exp of less than its negative does not count


def pollaczek_khinchine(per_hour: ArrayLike, handle_s: ArrayLike, cv: ArrayLike) -> Floats:
    """Mean wait (s) of M/G/1, exact; inf in overload (Kleinrock 1975, vol. 1, eq. 5.69)."""
    shape, (rate, handle, c) = _line(per_hour, handle_s, checked("cv", cv, NOT_NEGATIVE))
    load = rate * handle
    with np.errstate(divide="ignore"):
        wait = load * handle * (1.0 + c * c) / 2.0 / np.maximum(1.0 - load, 0.0)
    return wait.reshape(shape)


def exponential_service(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike) -> tuple[Floats, Floats]:
    """M/M/c, exact: the share delayed and the mean wait (s) of all; 1 and inf in overload (Erlang 1917)."""
    shape, (rate, handle, c) = _line(per_hour, handle_s, checked("agents", agents, NOT_NEGATIVE))
    use = _use(rate * handle, c)
    some = (use > 0.0) & (use < 1.0)
    log = log_inverse_b(np.where(some, use * c, 1.0), np.where(some, c, 1.0))
    free = np.where(some, 1.0 - use, 1.0)
    near = 1.0 / (use + free * np.exp(np.minimum(log, 700.0)))
    delayed = np.where(log < 700.0, near, np.exp(-log) / free)
    delayed = np.where(use < 1.0, np.where(use > 0.0, delayed, 0.0), 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wait = np.where(delayed > 0.0, delayed * handle / (c * (1.0 - use)), 0.0)
        wait = np.where(use < 1.0, wait, np.inf)
    return delayed.reshape(shape), wait.reshape(shape)


def constant_service(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike) -> tuple[Floats, Floats]:
    """M/D/c, exact: the share delayed and the mean wait (s) of all; 1 and inf in overload.

    Served in turn, each agent has every c-th contact: its queue is a random walk, whose series (Spitzer 1956;
    Crommelin 1934 for this queue) have the terms P(N ≥ kc) / k and E(N - kc)+ / k, N Poisson of mean kλD.
    Agents must be whole numbers.
    """
    shape, (rate, handle, c) = _line(per_hour, handle_s, _whole(agents))
    load = rate * handle
    answers = np.empty((2, c.size))
    for i, pair in enumerate(zip(load, c, strict=True)):
        answers[:, i] = _spitzer(*pair)
    return (-np.expm1(-answers[0])).reshape(shape), (answers[1] * handle).reshape(shape)


def _spitzer(load: float, c: float) -> tuple[float, float]:
    """-log P(not delayed), and the mean wait in handle times."""
    if load == 0.0:
        return 0.0, 0.0
    if load >= c:
        return math.inf, math.inf
    decay = c * float(fall(np.array((load - c) / c)))
    last = 16.0 + _NEGLIGIBLE / decay
    first = np.arange(1.0, min(last, _DIRECT) + 1.0)
    sums = _terms(first, load, c).sum(axis=1)
    if last > _DIRECT:
        sums += _tail(load, c, last)
    return float(sums[0]), float(sums[1])


def _terms(k: Floats, load: float, c: float) -> Floats:
    """The terms of both series, the second in handle times: E(N - m)+ = (a - m) P(N > m) + a P(N = m)."""
    m, short = k * c, k * (c - load)
    more = poisson_beyond(m, short)
    just = np.exp(log_poisson(m, m - short, short)) / k
    return np.array([just * (more + 1.0), just * np.maximum(m - short - short * more, 0.0) / load])


def _tail(load: float, c: float, last: float) -> Floats:
    """The sum of the terms after the first _DIRECT: an integral, corrected as Euler and Maclaurin do."""
    edges = np.geomspace(_DIRECT + 0.5, last, 2 + int(math.log2(last / _DIRECT)))
    half, middle = np.diff(edges)[:, None] / 2.0, (edges[1:, None] + edges[:-1, None]) / 2.0
    terms = _terms((middle + half * _NODES).ravel(), load, c)
    slope = np.diff(_terms(np.array([_DIRECT, _DIRECT + 1.0]), load, c))[:, 0]
    return np.asarray(terms @ (half * _WEIGHTS).ravel() + slope / 24.0)


def constant_service_longer(
    per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, seconds: ArrayLike
) -> Floats:
    """P(wait > seconds) of M/D/c, exact (Franx 2001, Operations Research Letters 29, p. 221); 1 in overload.

    ValueError where the chain behind it is too large: some thousand agents, or less than a thousandth short
    of saturation.
    """
    within = checked("seconds", seconds, NOT_NEGATIVE)
    shape, (rate, handle, c, t) = _line(per_hour, handle_s, _whole(agents), within)
    chains: dict[tuple[float, float], Lattice] = {}
    result = np.where(rate > 0.0, 1.0, 0.0)
    for i, (load, n) in enumerate(zip(rate * handle, c, strict=True)):
        if 0.0 < load < n:
            if (load, n) not in chains:
                chains[load, n] = Lattice(load, int(n))
            chain = chains[load, n]
            result[i] = chain.longer(t[i] / handle[i])
    return result.reshape(shape)


def cosmetatos_constant(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike) -> Floats:
    """Mean wait (s) of M/D/c, approximate (Cosmetatos 1975, eq. 5), at most that of M/M/c."""
    _, wait = exponential_service(per_hour, handle_s, agents)
    shape, (rate, handle, c) = _line(per_hour, handle_s, checked("agents", agents, NOT_NEGATIVE))
    c = np.maximum(c, 1.0)
    use = np.maximum(rate * handle / c, 1e-300)
    more = np.maximum(1.0 - use, 0.0) * (c - 1.0) * (np.sqrt(4.0 + 5.0 * c) - 2.0) / (16.0 * use * c)
    return np.asarray(wait * 0.5 * (1.0 + np.minimum(more.reshape(shape), 1.0)))


def lee_longton(per_hour: ArrayLike, handle_s: ArrayLike, cv: ArrayLike, agents: ArrayLike) -> Floats:
    """Mean wait (s) of M/G/c, approximate: (1 + cv²) / 2 times that of M/M/c (Lee and Longton 1959)."""
    _, wait = exponential_service(per_hour, handle_s, agents)
    return np.asarray(wait * (1.0 + checked("cv", cv, NOT_NEGATIVE) ** 2) / 2.0)


def cosmetatos(per_hour: ArrayLike, handle_s: ArrayLike, cv: ArrayLike, agents: ArrayLike) -> Floats:
    """Mean wait (s) of M/G/c, approximate, between M/M/c and M/D/c by cv² (Cosmetatos 1976).

    M/D/c by his own approximation, 1/2 (1 + (1 - ρ) (c - 1) (√(4 + 5c) - 2) / (16 ρ c)) times M/M/c.
    """
    _, wait = exponential_service(per_hour, handle_s, agents)
    variance = checked("cv", cv, NOT_NEGATIVE) ** 2
    constant = np.where(np.isinf(wait), 0.0, cosmetatos_constant(per_hour, handle_s, agents))
    finite = np.where(np.isinf(wait), 0.0, wait)
    return np.where(np.isinf(wait), np.inf, variance * finite + (1.0 - variance) * constant)


def kimura(per_hour: ArrayLike, handle_s: ArrayLike, cv: ArrayLike, agents: ArrayLike) -> Floats:
    """Mean wait (s) of M/G/c, approximate: M/M/c and M/D/c, both exact, interpolated.

    (1 + cv²) / (2 cv² / W(M/M/c) + (1 - cv²) / W(M/D/c)), exact for one agent, for constant and for
    exponential handle times (Kimura 1994, Queueing Systems 17, p. 347). Agents must be whole numbers.
    """
    _, some = exponential_service(per_hour, handle_s, agents)
    _, none = constant_service(per_hour, handle_s, agents)
    variance = checked("cv", cv, NOT_NEGATIVE) ** 2
    ratio = np.divide(some, none, out=np.ones(some.shape), where=(none > 0.0) & np.isfinite(none))
    return np.asarray(some * (1.0 + variance) / (2.0 * variance + (1.0 - variance) * np.minimum(ratio, 2.0)))


def _line(per_hour: ArrayLike, handle_s: ArrayLike, *more: Floats) -> tuple[tuple[int, ...], list[Floats]]:
    """The common shape; contacts by the second, handle times and what else there is, flat."""
    rate = checked("per_hour", per_hour, NOT_NEGATIVE) / 3600.0
    return flat(rate, checked("handle_s", handle_s, POSITIVE), *more)


def _use(load: Floats, agents: Floats) -> Floats:
    """Load by agents, at most 1; 0 where there is none."""
    with np.errstate(over="ignore"):  # next to no agent: beyond all numbers, and so in overload
        use = np.divide(load, agents, out=np.where(load > 0.0, 1.0, 0.0), where=agents > 0.0)
    return np.minimum(use, 1.0)


def _whole(agents: ArrayLike) -> Floats:
    """Whole numbers of agents, 0 or more."""
    c = checked("agents", agents, NOT_NEGATIVE)
    if (c != np.floor(c)).any():
        raise ValueError(f"agents: {float(c[c != np.floor(c)].flat[0]):g} is not allowed; give whole numbers")
    return c
