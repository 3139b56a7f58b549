"""How long contacts wait before they give up, as a table that compiled code reads.

A distribution function G of any kind is cut where it has kinks or jumps, and then until on each piece a
polynomial of degree 15 gives it to 14 digits of its value, however small that is. Its integral, which
formulas need just as often, is then known to as many digits, and no formula asks what kind it was.
"""

import math
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from scenarios.distributions import Distribution
from sim.erlang.arguments import Floats
from sim.jit import U64, compiled
from sim.patience import Law, share_within

DEGREE: Final = 15
_NODES: Final = np.cos((2.0 * np.arange(DEGREE + 1) + 1.0) * math.pi / (2.0 * (DEGREE + 1)))
_TO_CHEBYSHEV: Final = np.linalg.inv(np.polynomial.chebyshev.chebvander(_NODES, DEGREE))
_SIGNS: Final = (-1.0) ** np.arange(DEGREE + 1)  # the polynomials at -1
_ENOUGH: Final = 1e-14
_STEEP: Final = 4.0  # by which log G may grow on a piece: its digits are those of the right end
_NEVER: Final = 1e-100  # shares that are not worth a piece of their own
_ROUNDS: Final = 60
_HALVINGS: Final = 1100  # of an interval of floats, before two are neighbours
_MOST: Final = 4000


class Table(NamedTuple):
    """The share G of those who give up within a time, among those who are ready to wait at all.

    Piece p reaches from edges[p] to edges[p + 1]; beyond the last, all have given up.
    """

    edges: Floats  # s, ascending from 0; one more than pieces
    shares: Floats  # pieces by 16: Chebyshev coefficients of G
    sums: Floats  # pieces by 17: those of the integral of G since the piece's start, in half lengths
    before_s: Floats  # the integral of G until each edge


def table(patience: Distribution, least_s: float) -> Table:
    """The table of a distribution, fine enough for whatever happens within `least_s` and later."""
    starts, ends, shares = PIECES.get(patience.kind, _smooth)(patience, least_s)
    sums = np.array([np.polynomial.chebyshev.chebint(row, lbnd=-1.0) for row in shares])
    edges = np.concatenate([starts, ends[-1:]])
    before = np.concatenate([[0.0], np.cumsum(sums.sum(axis=1) * 0.5 * (ends - starts))])
    return Table(edges, np.ascontiguousarray(shares), np.ascontiguousarray(sums), before)


def _deterministic(patience: Distribution, _: float) -> tuple[Floats, Floats, Floats]:
    """Nobody gives up before the mean, and everybody then."""
    return np.zeros(1), np.array([patience.mean_s]), np.zeros((1, DEGREE + 1))


def _empirical(patience: Distribution, _: float) -> tuple[Floats, Floats, Floats]:
    """Straight lines between quantiles; of several at one time, the last counts from there on."""
    points = sorted(patience.quantiles)
    if points[0].value_s > 0.0:
        points = [points[0]._replace(value_s=0.0), *points]
    pairs = [(a, b) for a, b in pairwise(points) if b.value_s > a.value_s]
    shares = np.zeros((len(pairs), DEGREE + 1))
    shares[:, 0] = [(a.p + b.p) / 2.0 for a, b in pairs]
    shares[:, 1] = [(b.p - a.p) / 2.0 for a, b in pairs]
    return np.array([a.value_s for a, _ in pairs]), np.array([b.value_s for _, b in pairs]), shares


def _smooth(patience: Distribution, least_s: float) -> tuple[Floats, Floats, Floats]:
    """Halve pieces until each polynomial is as good as the function, which is known to be smooth."""
    law = share_within(patience)
    edges = _first_edges(law, patience.mean_s, min(least_s, 1e-3 * patience.mean_s))
    starts, ends = edges[:-1], edges[1:]
    done: list[tuple[Floats, Floats, Floats]] = []
    for turn in range(_ROUNDS):
        middle, half = (starts + ends) / 2.0, (ends - starts) / 2.0
        rows = law(middle[:, None] + half[:, None] * _NODES) @ _TO_CHEBYSHEV.T
        good = _is_good(rows, starts, ends, law)
        if turn == _ROUNDS - 1 or starts.size > _MOST:
            good[:] = True
        done.append((starts[good], ends[good], rows[good]))
        if good.all():
            break
        starts, middle, ends = starts[~good], middle[~good], ends[~good]
        starts, ends = np.concatenate([starts, middle]), np.concatenate([middle, ends])
    starts, ends, shares = (np.concatenate(parts) for parts in zip(*done, strict=True))
    order = np.argsort(starts)
    return starts[order], ends[order], shares[order]


def _is_good(rows: Floats, starts: Floats, ends: Floats, law: Law) -> np.ndarray:
    """Whether the last coefficients are of no weight, and G not so steep that its start loses digits.

    The ends are tried because a rise between an end and the next node would go unseen.
    Where log G changes c times as fast as log t, a rounded t makes c roundings of G: so much is noise.
    """
    at_start, at_end = (np.maximum(law(edges), 1e-300) for edges in (starts, ends))
    growth = np.log(at_end / at_start)
    noise = _ENOUGH * (1.0 + 0.1 * growth * ends / (ends - starts) - 0.25 * np.log(at_end))
    missed = np.maximum(np.abs(rows @ _SIGNS - at_start), np.abs(rows.sum(axis=1) - at_end))
    smooth = np.maximum(np.abs(rows[:, -2:]).sum(axis=1), 0.1 * missed) <= noise * at_end
    good: np.ndarray = (starts == 0.0) | (at_end < _NEVER) | (smooth & (growth < _STEEP))
    return good


def _first_edges(law: Law, mean_s: float, least_s: float) -> Floats:
    """0, and powers of two times the mean from below `least_s` until nobody is left."""
    powers = np.arange(math.floor(math.log2(least_s / mean_s)), 1024)
    with np.errstate(over="ignore"):
        times: Floats = mean_s * np.exp2(powers.astype(np.float64))
        last = int(
            np.argmax(law(times) >= law(np.array([np.inf])))
        )  # shares may sum to a rounding less than 1
    return np.concatenate([[0.0], times[: last + 1]])


PIECES: Final = {"deterministic": _deterministic, "empirical": _empirical}


@compiled
def chebyshev(rows: Floats, p: int, degree: int, u: float) -> float:
    """The sum of a row's coefficients times Chebyshev polynomials at u in -1 to 1 (Clenshaw 1955)."""
    b1, b2 = 0.0, 0.0
    for k in range(degree, 0, -1):
        b1, b2 = 2.0 * u * b1 - b2 + rows[U64(p), U64(k)], b1
    return float(u * b1 - b2 + rows[U64(p), U64(0)])


@compiled
def given_up(law: Table, p: int, t: float) -> float:
    """G at a time t (s) of piece p; 1 beyond the last piece."""
    if p >= law.shares.shape[0]:
        return 1.0
    start, end = law.edges[U64(p)], law.edges[U64(p + 1)]
    share = chebyshev(law.shares, p, DEGREE, (2.0 * t - start - end) / (end - start))
    return min(max(share, 0.0), 1.0)


@compiled
def given_up_before(law: Table, p: int, t: float) -> float:
    """The integral of G from 0 to a time t (s) of piece p."""
    start = law.edges[U64(p)]
    if p >= law.shares.shape[0]:
        return float(law.before_s[U64(p)] + (t - start))
    end = law.edges[U64(p + 1)]
    u = (2.0 * t - start - end) / (end - start)
    return float(law.before_s[U64(p)] + 0.5 * (end - start) * chebyshev(law.sums, p, DEGREE + 1, u))


@compiled
def patience_until(law: Table, shares: Floats, times: Floats, spent: Floats) -> None:
    """The times (s) by which `shares` (0-1) have given up, and the mean of patience cut there."""
    for i in range(shares.size):
        t = time_of(law, shares[U64(i)])
        times[U64(i)] = t
        spent[U64(i)] = t - given_up_before(law, piece_at(law.edges, t), t)


@compiled
def time_of(law: Table, share: float) -> float:
    """The first time (s) by which a share (0-1) have given up; 0 for 0."""
    low, high = 0, law.shares.shape[0]
    if share <= 0.0:
        return 0.0
    while low < high:  # the first piece at whose end enough have given up
        middle = (low + high) // 2
        if given_up(law, middle, law.edges[U64(middle + 1)]) >= share:
            high = middle
        else:
            low = middle + 1
    if low == law.shares.shape[0]:
        return float(law.edges[U64(low)])
    early, late = law.edges[U64(low)], law.edges[U64(low + 1)]
    for _ in range(_HALVINGS):
        t = 0.5 * (early + late)
        if t in (early, late):
            break
        if given_up(law, low, t) >= share:
            late = t
        else:
            early = t
    return float(early)


@compiled
def piece_at(edges: Floats, t: float) -> int:
    """The piece that holds time t, the later one at an edge; the number of pieces beyond the last."""
    low, high = 0, edges.size - 1
    if t >= edges[U64(high)]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if edges[U64(middle)] <= t:
            low = middle
        else:
            high = middle
    return low
