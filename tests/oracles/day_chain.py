"""A small M(t)/M/c(t)/K+M day, by exponentials of its whole generator; states are (busy, waiting).

What becomes of the contacts of an interval is read off a larger chain in which one of them, who came at a
given moment, waits behind those before him; the moment is integrated over by brute force.
"""

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Matrix = NDArray[np.float64]
State = tuple[int, int]  # busy, waiting (or waiting before the one who is followed)
ANSWERED, ABANDONED = (-1, 0), (-2, 0)
NODES = 24  # of Gauss-Legendre, in each part of an interval


class SmallDay(NamedTuple):
    """All times in one unit."""

    rates: list[float]
    staff: list[int]
    length: float  # of an interval
    serve: float
    give_up: float
    places: int
    balk: float


def states(day: SmallDay) -> list[State]:
    """All, those of one followed included."""
    most = max(day.staff)
    return [(b, q) for b in range(most + 1) for q in range(day.places + 1)] + [ANSWERED, ABANDONED]


def generator(day: SmallDay, i: int, *, followed: bool) -> Matrix:
    """Rates from row to column, of the line or of one who waits."""
    known = {state: k for k, state in enumerate(states(day))}
    found = np.zeros((len(known), len(known)))
    servers = day.staff[i]
    for (b, q), k in known.items():
        for target, rate in _moves(day, i, b, q, servers, followed):
            found[k, known[target]] += rate
            found[k, k] -= rate
    return found


def _moves(day: SmallDay, i: int, b: int, q: int, servers: int, followed: bool) -> list[tuple[State, float]]:
    if b < 0 or (b < servers and (q or followed)):
        return []
    moves: list[tuple[State, float]] = []
    if b > servers:
        moves.append(((b - 1, q), b * day.serve))
    elif q:
        moves.append(((b, q - 1), b * day.serve))
    elif followed:
        moves.append((ANSWERED, b * day.serve))
    elif b:
        moves.append(((b - 1, 0), b * day.serve))
    if q:
        moves.append(((b, q - 1), q * day.give_up))
    if followed:
        moves.append((ABANDONED, day.give_up))
    elif b < servers:
        moves.append(((b + 1, 0), day.rates[i]))
    elif q < day.places:
        moves.append(((b, q + 1), day.rates[i] * (1.0 - day.balk)))
    return moves


def change(day: SmallDay, mass: Matrix, servers: int, *, followed: bool) -> Matrix:
    """What new staff does at once."""
    known = states(day)
    found = np.zeros_like(mass)
    for k, (b, q) in enumerate(known):
        free = max(servers - b, 0)
        if b < 0 or not free:
            found[k] += mass[k]
        elif followed and q < free:
            found[known.index(ANSWERED)] += mass[k]
        else:
            found[known.index((b + min(free, q), q - min(free, q)))] += mass[k]
    return found


class Share(NamedTuple):
    """Of the contacts of an interval, as numbers."""

    answered: float
    abandoned: float
    delayed: float
    blocked: float


def of_arrivals(day: SmallDay, i: int, within: float) -> Share:
    """Numbers of the contacts of interval i by what has become of them within a time, by quadrature."""
    known = states(day)
    line = _at_start(day, i)
    step = generator(day, i, followed=False)
    total = np.zeros(4)
    before = [k * day.length - within for k in range(1, len(day.rates))]
    edges = sorted({0.0, day.length, *(each for each in before if 0.0 < each < day.length)})
    for low, high in itertools.pairwise(edges):
        x, w = np.polynomial.legendre.leggauss(NODES)
        for at, weight in zip(low + (high - low) * (x + 1) / 2, w * (high - low) / 2, strict=True):
            now = line @ linalg.expm(step * at)
            total += weight * day.rates[i] * _outcome(day, i, at, within, now, known)
    return Share(*total)


def _outcome(day: SmallDay, i: int, at: float, within: float, now: Matrix, known: list[State]) -> Matrix:
    """Answered and abandoned in time, delayed, blocked: of one who comes so long into the interval."""
    joins, at_once, delayed, blocked = np.zeros(len(known)), 0.0, 0.0, 0.0
    for k, (b, q) in enumerate(known):
        if 0 <= b < day.staff[i]:
            at_once += now[k]
        elif b >= 0 and q < day.places:
            joins[k] = now[k]
            delayed += now[k]
        elif b >= 0:
            blocked += now[k]
    crowd, left, place = joins * (1.0 - day.balk), within, i
    until = day.length - at
    while left > 0.0:
        last = place + 1 >= len(day.staff)
        step = left if last else min(left, until)
        crowd = crowd @ linalg.expm(generator(day, place, followed=True) * step)
        left -= step
        if left > 0.0:
            place, until = place + 1, day.length
            crowd = change(day, crowd, day.staff[place], followed=True)
    answered = at_once + crowd[known.index(ANSWERED)]
    return np.array([answered, crowd[known.index(ABANDONED)] + delayed * day.balk, delayed, blocked])


def _at_start(day: SmallDay, i: int) -> Matrix:
    """Distribution of the line at the start of interval i, its staff in place, from an empty start."""
    line = np.zeros(len(states(day)))
    line[0] = 1.0
    for k in range(i):
        line = line @ linalg.expm(generator(day, k, followed=False) * day.length)
        line = change(day, line, day.staff[k + 1], followed=False)
    return line


def means(day: SmallDay, i: int) -> tuple[float, float]:
    """Mean numbers waiting and busy in interval i, by an integral in the exponential (Van Loan 1978)."""
    step = generator(day, i, followed=False)
    size = len(step)
    block = np.zeros((2 * size, 2 * size))
    block[:size, :size], block[:size, size:] = step, np.eye(size)
    integral = linalg.expm(block * day.length)[:size, size:] / day.length
    mean = _at_start(day, i) @ integral
    known = states(day)
    queue = sum(m * q for m, (b, q) in zip(mean, known, strict=True) if b >= 0)
    busy = sum(m * b for m, (b, _) in zip(mean, known, strict=True) if b >= 0)
    return float(queue), float(busy)
