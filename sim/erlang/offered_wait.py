"""The wait that a line offers, M/M/n+G: integrals over its density, wherever that lives.

Above 0 the time V that a contact of endless patience would wait has a density proportional to exp(f(x)),

    f(x) = (λ (1 - b) - nμ) x - λ (1 - b) K(x),    K the integral of G from 0,

b being the share that balks, G the distribution of the others' patience (Zeltyn and Mandelbaum 2005, section
4: λ H(x) - nμ x). f is concave, so the density has one hill: integrals are taken in steps outward from its
top, each so short that f moves little, until nothing is left that a float can hold. f is found along the way,
from the top too: where it is a difference of huge numbers, only the difference is ever formed.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import Floats
from sim.erlang.patience import Table, given_up, given_up_before, piece_at, time_of
from sim.jit import U64, compiled

ORDER: Final = 16
_FALL: Final = 10.0  # by which f may fall in a step
_BEND: Final = 8.0  # and its slope times the step's length
_LOWEST: Final = -745.0  # exp of less is 0

# What is integrated over the density: 1, G, 1 - G, x, x (1 - G), the mean of min(x, patience), and that of
# patience where it is up by x. Columns of the sums, first those below the threshold, then those above.
MASS: Final = 0
GONE: Final = 1
LEFT: Final = 2
OFFERED: Final = 3
SERVED: Final = 4
SPENT: Final = 5
GIVEN: Final = 6
COLUMNS: Final = 7
TOP: Final = 2 * COLUMNS  # f at the top
GONE_AT: Final = TOP + 1  # G at the threshold


class Rule(NamedTuple):
    """Gauss and Legendre on 0 to 1, and integrals from 0 to each node of what is known at all nodes."""

    nodes: Floats
    weights: Floats
    until: Floats


def _rule() -> Rule:
    nodes, weights = np.polynomial.legendre.leggauss(ORDER)
    values = np.polynomial.legendre.legvander(nodes, ORDER - 1)
    analysis = (values * weights[:, None]).T * (np.arange(ORDER)[:, None] + 0.5)
    whole = np.array([np.polynomial.legendre.legint(row, lbnd=-1.0) for row in np.eye(ORDER)])
    until = np.polynomial.legendre.legvander(nodes, ORDER) @ whole.T @ analysis
    return Rule((nodes + 1.0) / 2.0, weights / 2.0, np.ascontiguousarray(until / 2.0))


RULE: Final = _rule()


class _Side(NamedTuple):
    """One line, and the side of the top of its density: later than it (sign 1) or earlier (-1)."""

    drift: float
    patient: float
    split: float
    sign: float


class _Room(NamedTuple):
    """Where the integrals of a line are added up, and room for G at the nodes."""

    row: Floats
    gone: Floats


@compiled
def integrals(law: Table, rule: Rule, drift: Floats, patient: Floats, split_s: Floats, work: Floats) -> None:
    """Fill rows of `work` (lines by 16): the sums relative to exp(f) at the top, f there, and G at the split.

    `drift` is λ (1 - b) - nμ and `patient` λ (1 - b), both by the second; nμ is above 0.
    """
    for i in range(drift.size):
        top = time_of(law, drift[i] / patient[i]) if drift[i] > 0.0 else 0.0  # where f is level
        p = piece_at(law.edges, top)
        work[U64(i), U64(TOP)] = drift[i] * top - patient[i] * given_up_before(law, p, top)
        split = split_s[i]
        work[U64(i), U64(GONE_AT)] = given_up(law, piece_at(law.edges, split), split)
        room = _Room(work[U64(i)], work[U64(work.shape[0] - 1)])
        _outward(law, rule, _Side(drift[i], patient[i], split, 1.0), top, p, room)
        _outward(law, rule, _Side(drift[i], patient[i], split, -1.0), top, p, room)


@compiled
def _outward(law: Table, rule: Rule, side: _Side, top: float, p: int, room: _Room) -> None:
    """Add everything on one side of the top."""
    last, sign, split = law.shares.shape[0], side.sign, side.split
    x, f, step = top, 0.0, np.inf
    while f > _LOWEST:
        end = np.inf
        if sign > 0.0:
            if p < last:
                end = law.edges[U64(p + 1)]
            if x < split:
                end = min(end, split)
        else:
            end = law.edges[U64(p)]
            if x > split:
                end = max(end, split)
        if x != end:
            step = _step(law, side, p, x, min(2.0 * step, abs(end - x)))
            to = x + sign * step
            if step == abs(end - x):
                to = end
            f += _add(law, rule, side, p, (min(x, to), max(x, to)), f, room)
            x = to
        if sign > 0.0 and p < last and x == law.edges[U64(p + 1)]:
            p += 1
        elif sign < 0.0 and x == law.edges[U64(p)]:
            p -= 1
            if p < 0:
                break


@compiled
def _step(law: Table, side: _Side, p: int, x: float, step: float) -> float:
    """At most `step`, and so short that f falls and bends little; f's slope falls with x."""
    here = side.drift - side.patient * given_up(law, p, x)
    if abs(here) > 0.0:
        step = min(step, _FALL / abs(here))
    while True:
        there = side.drift - side.patient * given_up(law, p, x + side.sign * step)
        if step * max(abs(here), abs(there)) <= _FALL * 1.0000001 and step * abs(here - there) <= _BEND:
            return step
        step *= 0.5


@compiled
def _add(
    law: Table, rule: Rule, side: _Side, p: int, span: tuple[float, float], f: float, room: _Room
) -> float:
    """Add the integrals over a span, `f` being f where one comes from; return how much f changes."""
    start, length = span[0], span[1] - span[0]
    drift, patient, row, gone = side.drift, side.patient, room.row, room.gone
    column = COLUMNS if start >= side.split else 0
    area = 0.0
    for j in range(ORDER):
        gone[U64(j)] = given_up(law, p, start + length * rule.nodes[U64(j)])
        area += rule.weights[U64(j)] * gone[U64(j)]
    rise = length * (drift - patient * area)
    if side.sign < 0.0:
        f -= rise
    before = given_up_before(law, p, start)
    for j in range(ORDER):
        part = 0.0
        for k in range(ORDER):
            part += rule.until[U64(j), U64(k)] * gone[U64(k)]
        x = start + length * rule.nodes[U64(j)]
        share = gone[U64(j)]
        k_x = before + length * part
        weight = length * rule.weights[U64(j)]
        weight *= np.exp(f + length * (drift * rule.nodes[U64(j)] - patient * part))
        row[U64(column + MASS)] += weight
        row[U64(column + GONE)] += weight * share
        row[U64(column + LEFT)] += weight * (1.0 - share)
        row[U64(column + OFFERED)] += weight * x
        row[U64(column + SERVED)] += weight * x * (1.0 - share)
        row[U64(column + SPENT)] += weight * max(x - k_x, 0.0)
        row[U64(column + GIVEN)] += weight * max(x * share - k_x, 0.0)
    return side.sign * rise
