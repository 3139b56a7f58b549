"""Uniformisation: where the probability of a Markov chain of a waiting line goes, compiled.

A chain that is left at rates of at most Λ is a chain of steps taken at the events of a Poisson process of
rate Λ (Jensen 1953; Grassmann 1977, "Transient solutions in Markovian queueing systems", Computers and
Operations Research 4, p. 47). With π(k) the distribution after k steps,

    p(t) = Σ P(N = k) π(k),    ∫ p over (0, t) = 1/Λ Σ P(N > k) π(k),    N Poisson of mean Λt:

sums of terms that are never negative, so that small figures are as exact as large ones.

The mass of a chain is an array [excess, number]. Row 0 is a line whose `servers` take all that they can: so
many contacts are with it, waiting or not. Row e has e agents more busy than `servers`: they were sent home,
and finish the contact in hand; of number - servers contacts that wait, none is taken before row 0 is
reached.
"""

import math
from typing import Final, NamedTuple

from sim.erlang.arguments import Floats
from sim.jit import compiled

TINY: Final = 1e-30  # mass that is let go at the ends of what is followed
_NO_WEIGHT: Final = 1e-32

# Rows of the rates of a chain, each by number, as probabilities of a step.
UP: Final = 0  # one more comes and stays
DOWN: Final = 1  # one fewer: from row 0, at the end of a service, or as someone gives up
STAY: Final = 2  # nothing happens, in row 0
LEAVE: Final = 3  # one fewer since someone gives up


@compiled
def fill_poisson(mean: float, weights: Floats, tails: Floats) -> int:
    """P(N = k), P(N > k) of a Poisson number, outwards from the mode (Fox and Glynn 1988); the last k."""
    mode = int(mean)
    weights[:] = 0.0
    weights[mode] = 1.0
    k = mode
    while k > 0 and weights[k] > _NO_WEIGHT:
        weights[k - 1] = weights[k] * k / mean
        k -= 1
    k = mode
    while k < len(weights) - 1 and weights[k] > _NO_WEIGHT:
        weights[k + 1] = weights[k] * mean / (k + 1)
        k += 1
    last, beyond = k, 0.0
    for k in range(last, -1, -1):
        tails[k] = beyond
        beyond += weights[k]
    for k in range(last + 1):
        weights[k] /= beyond
        tails[k] /= beyond
    return last


def poisson_room(mean: float) -> int:
    """How many weights `fill_poisson` may need."""
    return int(mean + 13.0 * math.sqrt(mean)) + 60


@compiled
def _flow(mass: Floats, window: Floats, rates: Floats, servers: int, one: float) -> None:
    """One step, in place; `one` is the probability that a given busy agent finishes."""
    low, high, top = int(window[0]), int(window[1]), int(window[2])
    if low > high:
        return
    carry, start = 0.0, max(low - 1, 0)
    for n in range(start, high + 2):
        old = mass[0, n]
        mass[0, n] = rates[STAY, n] * old + carry + rates[DOWN, n + 1] * mass[0, n + 1]
        carry = rates[UP, n] * old
    start, peak = max(start, servers), 1.0
    for e in range(1, top + 1):
        peak, carry = 0.0, 0.0
        for n in range(start, high + 2):
            old = mass[e, n]
            mass[e - 1, n] += (servers + e) * one * old
            mass[e, n] = (rates[STAY, n] - e * one) * old + carry + rates[LEAVE, n + 1] * mass[e, n + 1]
            carry = rates[UP, n] * old
            peak = max(peak, mass[e, n])
    if peak < TINY:
        mass[top, start : high + 2] = 0.0
        top -= 1
    window[2] = top
    _trim(mass, window, max(low - 1, 0), high + 1, top)


@compiled
def _trim(mass: Floats, window: Floats, low: int, high: int, top: int) -> None:
    """Let go of what weighs nothing at both ends."""
    while high >= low and _lightest(mass, high, top):
        high -= 1
    while low <= high and _lightest(mass, low, top):
        low += 1
    window[0], window[1] = low, high


@compiled
def _lightest(mass: Floats, n: int, top: int) -> bool:
    """Whether a number weighs nothing in any row; it then has no mass at all."""
    for e in range(top + 1):
        if mass[e, n] >= TINY:
            return False
    for e in range(top + 1):
        mass[e, n] = 0.0
    return True


@compiled
def _feed(tagged: Floats, seen: Floats, mass: Floats, window: Floats, rates: Floats, servers: int) -> None:
    """Contacts that come in this step and wait are followed from now on; they wait behind those they find."""
    start, high, top = max(int(window[0]), servers), int(window[1]), int(window[2])
    if start > high:
        return
    for e in range(top + 1):
        for n in range(start, high + 1):
            tagged[e, n + 1] += rates[UP, n] * mass[e, n]
    if seen[0] > seen[1]:
        seen[0], seen[1] = start + 1, high + 1
    seen[0] = min(seen[0], start + 1)
    seen[1] = max(seen[1], high + 1)
    seen[2] = max(seen[2], top)


@compiled
def _collect(found: Floats, mass: Floats, window: Floats, weight: float) -> None:
    low, high = int(window[0]), int(window[1])
    for e in range(int(window[2]) + 1):
        for n in range(low, high + 1):
            found[e, n] += weight * mass[e, n]


class Moving(NamedTuple):
    """Contacts that move from state to state, and what is collected of them."""

    mass: Floats  # [excess, number]
    window: Floats  # lowest and highest number, and highest row, with any mass
    rates: Floats  # as the constants above say
    found: Floats  # [2, excess, number]: at the end, and in the integral


@compiled
def run(steps: Floats, servers: int, one: float, line: Moving, followed: Moving) -> bool:
    """A chain and the contacts that are followed, through a time; False if the arrays are too small for it.

    `steps` [2, k] are the weights of the distribution after k steps, at the end and in the integral. All
    arrays of numbers must be as long; mass within four of their end is refused.
    """
    last = steps.shape[1] - 1
    for k in range(last + 1):
        _collect(line.found[0], line.mass, line.window, steps[0, k])
        _collect(line.found[1], line.mass, line.window, steps[1, k])
        _collect(followed.found[0], followed.mass, followed.window, steps[0, k])
        _collect(followed.found[1], followed.mass, followed.window, steps[1, k])
        if k < last:
            if line.window[1] > line.mass.shape[1] - 5:
                return False
            _flow(followed.mass, followed.window, followed.rates, servers, one)
            _feed(followed.mass, followed.window, line.mass, line.window, line.rates, servers)
            _flow(line.mass, line.window, line.rates, servers, one)
    return True
