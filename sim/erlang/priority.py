"""Priority classes, non-preemptive: nobody's service is interrupted, the next is of the best class waiting.

`priority` is M/M/c with equal handle times (Cobham 1954, Operations Research 2, p. 70; Kella and Yechiali
1985, Operations Research 33, p. 1065), `priority_longer` the law of its waits, `priority_one_agent` M/G/1.
All are exact, and nobody gives up; `sim/erlang/impatient_priority.py` is for two classes that do.

The first axis of `per_hour` (and of results by class) is the class, best first; all further axes broadcast.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Floats, checked, flat
from sim.erlang.general_service import exponential_service
from sim.jit import U64, compiled

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_ABSCISSAE: Final = (_NODES + 1.0) / 2.0
_PANELS: Final = 128  # each shorter than the one before by √2
_LOWEST: Final = -745.0  # exp of less is 0


class Priority(NamedTuple):
    """A line in steady state."""

    delayed: Floats  # share of each class that finds no agent free
    mean_wait_s: Floats  # by class, 0 for who need not wait; inf where it and better classes are too many
    queue: Floats  # by class, the mean number who wait


def priority(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike) -> Priority:
    """Mean waits by class.

    Class k waits C / (nμ (1 - σ(k-1)) (1 - σ(k))), σ(k) the load of classes up to k by agents, C the share
    delayed (Cobham 1954, eq. 3, for several agents).
    """
    rates, use, free, delayed = _classes(per_hour, handle_s, agents)
    before = np.concatenate([np.zeros_like(use[:1]), use[:-1]])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wait = delayed * free / (np.maximum(1.0 - before, 0.0) * np.maximum(1.0 - use, 0.0))
        wait = np.where(use >= 1.0, np.inf, np.where(delayed > 0.0, wait, 0.0))
        queue = np.where(rates > 0.0, rates * wait, 0.0)
    return Priority(delayed, wait, queue)


def priority_longer(
    per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, seconds: ArrayLike
) -> Floats:
    """P(wait > seconds) by class, exact.

    Of those who matter to a delayed contact of class k, all of classes up to k, m are ahead with probability
    (1 - σ(k)) σ(k)^m; it waits until m + 1 agents have become free for it, while better classes keep coming.
    That is the time in which a birth-and-death process falls by m + 1, whose law is an integral (Karlin and
    McGregor 1957); summed over m it is one again, and beside it an exponential where σ(k)² > σ(k-1).
    `seconds` broadcasts with the result: one number, one for each class, or several with a further axis.
    """
    times = checked("seconds", seconds, NOT_NEGATIVE)
    _, use, free, delayed = _classes(per_hour, handle_s, agents)
    before = np.concatenate([np.zeros_like(use[:1]), use[:-1]])
    _refuse_other_classes(times, use)
    shape, (better, up_to, free, share, t) = flat(before, use, free, delayed, times)
    result = np.ones(t.size)
    _longer(better, up_to, t / free, _ABSCISSAE, _WEIGHTS / 2.0, result)
    return (share * result).reshape(shape)


def priority_one_agent(per_hour: ArrayLike, handle_s: ArrayLike, cv: ArrayLike) -> Priority:
    """M/G/1 with handle times (s) and coefficients of variation by class along the first axis, exact.

    Class k waits R / ((1 - σ(k-1)) (1 - σ(k))), R the mean remainder of what is in service, half the sum of
    λ E(S²) (Cobham 1954). In overload the lowest class that is served at all has what is left.
    """
    rate = checked("per_hour", per_hour, NOT_NEGATIVE) / 3600.0
    handle, c = checked("handle_s", handle_s, POSITIVE), checked("cv", cv, NOT_NEGATIVE)
    shape, (rate, handle, c) = flat(rate, handle, c)
    rate, handle, c = _by_class(rate.reshape(shape)), handle.reshape(shape), c.reshape(shape)
    use = np.cumsum(rate * handle, axis=0)
    before = np.concatenate([np.zeros_like(use[:1]), use[:-1]])
    served = np.minimum(rate * handle, np.maximum(1.0 - before, 0.0)) / handle
    remainder = (served * handle**2 * (1.0 + c * c) / 2.0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = remainder / (np.maximum(1.0 - before, 0.0) * np.maximum(1.0 - use, 0.0))
        wait = np.where(use >= 1.0, np.inf, np.where(remainder > 0.0, wait, 0.0))
        queue = np.where(rate > 0.0, rate * wait, 0.0)
    return Priority(np.broadcast_to(np.minimum(use[-1], 1.0), shape).copy(), wait, queue)


def _refuse_other_classes(times: Floats, use: Floats) -> None:
    """Several times mean one for each class, along the first axis, unless there are further axes for them."""
    try:
        fits = np.broadcast_shapes(times.shape, use.shape)[0] == use.shape[0] or use.shape[0] == 1
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"seconds: an array of shape {times.shape} does not fit classes and further axes of {use.shape}; "
            "give one number, one for each class, or several thresholds along a further axis of per_hour: "
            "per_hour[:, None]"
        )


def _by_class(rates: Floats) -> Floats:
    if rates.ndim == 0:
        raise ValueError("per_hour: one number names no classes; give one for each, best class first")
    return rates


def _classes(per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike) -> tuple[Floats, ...]:
    """Of one shape: contacts (1/s), load by agents up to each class, time between free agents, delayed."""
    rates = _by_class(checked("per_hour", per_hour, NOT_NEGATIVE) / 3600.0)
    handle, n = checked("handle_s", handle_s, POSITIVE), checked("agents", agents, NOT_NEGATIVE)
    delayed, _ = exponential_service(rates.sum(axis=0) * 3600.0, handle, n)
    shape, arrays = flat(rates, handle, n, delayed)
    rates, handle, n, delayed = (array.reshape(shape) for array in arrays)
    load = np.cumsum(rates * handle, axis=0)
    with np.errstate(divide="ignore", over="ignore"):  # next to no agent, next to for ever
        use = np.divide(load, n, out=np.where(load > 0.0, np.inf, 0.0), where=n > 0.0)
        return rates, use, handle / n, delayed


@compiled
def _longer(
    better: Floats, up_to: Floats, steps: Floats, nodes: Floats, weights: Floats, result: Floats
) -> None:
    """P(a delayed contact waits more than `steps` mean times between free agents), from σ(k-1) and σ(k)."""
    for i in range(steps.size):
        r, s, t = better[i], up_to[i], steps[i]
        if s >= 1.0 or t == 0.0:
            result[i] = 1.0
        elif r == 0.0:
            result[i] = np.exp(-(1.0 - s) * t)
        else:
            total = 0.0
            if s * s > r:
                fall = (1.0 - s) * (s - r) / s
                total = (s * s - r) / (s * (s - r)) * np.exp(-fall * t)
            result[i] = min(total + _cut(r, s, t, nodes, weights), 1.0)


@compiled
def _cut(r: float, s: float, t: float, nodes: Floats, weights: Floats) -> float:
    """2/π (1 - s) ∫ exp(-ω t) / ω sin² θ / (1 - 2 z cos θ + z²), θ from 0 to π, with z = s / √r and
    ω = 1 + r - 2 √r cos θ; on ever shorter panels towards 0, where a float's digits are needed."""
    root = np.sqrt(r)
    z, slowest = s / root, (1.0 - root) ** 2
    total, high = 0.0, np.pi
    for k in range(_PANELS):
        low = high * np.sqrt(0.5) if k < _PANELS - 1 else 0.0
        before, flat_from_here = total, 2.0 * root * (1.0 - np.cos(high)) * t < 1.0
        for j in range(nodes.size):
            angle = low + (high - low) * nodes[U64(j)]
            half = 2.0 * np.sin(angle / 2.0) ** 2  # 1 - cos θ
            rate = slowest + 2.0 * root * half
            if -rate * t > _LOWEST:
                kernel = np.sin(angle) ** 2 / ((1.0 - z) ** 2 + 2.0 * z * half)
                total += (high - low) * weights[U64(j)] * np.exp(-rate * t) / rate * kernel
        high = low
        if flat_from_here and total - before < 1e-18 * total:
            break
    return 2.0 / np.pi * (1.0 - s) * total
