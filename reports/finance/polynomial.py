"""Positive roots of a polynomial with exact coefficients: all of them, none twice, none missed.

Sturm's theorem counts the roots in an interval by sign changes in a chain of remainders (Basu, Pollack and
Roy 2006, "Algorithms in Real Algebraic Geometry", theorem 2.50); where Descartes' rule of signs leaves one
root at most, no chain is needed. Coefficients are integers, the lowest power first; the ends of intervals are
fractions of powers of two, so that every sign is exact.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

Coefficients = tuple[int, ...]
_BITS: Final = 110  # to which a root is narrowed down, relative to itself


def sign_changes(values: Sequence[int]) -> int:
    """How often the sign changes along values, zeros left out."""
    signs = [each > 0 for each in values if each]
    return sum(a != b for a, b in pairwise(signs))


def positive_roots(polynomial: Sequence[int]) -> tuple[Fraction, ...]:
    """The different real roots above 0 in order, each to 2^-110 of itself, exact where halving meets it.

    A root that the polynomial touches without a change of sign counts as any other.
    """
    plain = _trimmed(polynomial)
    if not sign_changes(plain):
        return ()
    if sign_changes(plain) == 1:  # Descartes: one root, and a simple one
        return (_narrowed(plain, Fraction(0), _bound(plain)),)
    chain = _once(_sturm(plain))
    return tuple(_narrowed(chain[0], low, high) for low, high in _apart(chain, Fraction(0), _bound(plain)))


def _trimmed(polynomial: Sequence[int]) -> Coefficients:
    """Without roots at 0 and without leading zeros, divided by what all coefficients share."""
    used = [n for n, each in enumerate(polynomial) if each]
    return _primitive(polynomial[used[0] : used[-1] + 1]) if used else ()


def _primitive(polynomial: Sequence[int]) -> Coefficients:
    shared = math.gcd(*polynomial)
    return tuple(each // shared for each in polynomial)


def _bound(polynomial: Coefficients) -> Fraction:
    """A power of two above all roots (Cauchy's bound)."""
    over = max(map(abs, polynomial[:-1])) // abs(polynomial[-1]) + 2
    return Fraction(2 ** over.bit_length())


def _sturm(polynomial: Coefficients) -> list[Coefficients]:
    """The polynomial, its derivative, and minus the remainder of the last two until there is none."""
    chain = [polynomial, _primitive([n * each for n, each in enumerate(polynomial)][1:])]
    while rest := _remainder(chain[-2], chain[-1]):
        chain.append(_primitive([-each for each in rest]))
    return chain


def _once(chain: list[Coefficients]) -> list[Coefficients]:
    """The chain of the same roots, each of them once: what the first two share is the last.

    Without this all of a chain is 0 at a root that stands several times, and nothing can be counted there.
    """
    return chain if len(chain[-1]) == 1 else [_exact_quotient(each, chain[-1]) for each in chain]


def _remainder(polynomial: Coefficients, by: Coefficients) -> list[int]:
    """A positive multiple of the remainder of a division."""
    rest, lead = list(polynomial), by[-1]
    while len(rest) >= len(by):
        factor, last = abs(lead), rest[-1] * (1 if lead > 0 else -1)
        at = len(rest) - len(by)
        for n in range(len(rest)):
            rest[n] = rest[n] * factor - (last * by[n - at] if n >= at else 0)
        while rest and not rest[-1]:
            rest.pop()
    return rest


def _exact_quotient(polynomial: Coefficients, by: Coefficients) -> Coefficients:
    """A positive multiple of the result of a division that leaves nothing."""
    rest = [Fraction(each) for each in polynomial]
    found = [Fraction(0)] * (len(rest) - len(by) + 1)
    for at in range(len(found) - 1, -1, -1):
        found[at] = rest[at + len(by) - 1] / by[-1]
        for n, each in enumerate(by):
            rest[at + n] -= found[at] * each
    below = math.lcm(*(each.denominator for each in found))
    return _primitive([int(each * below) for each in found])


def _value(polynomial: Coefficients, x: Fraction) -> int:
    """A positive multiple of the value at a fraction above or at 0."""
    above, below, power, total = x.numerator, x.denominator, 1, 0
    for each in reversed(polynomial):
        total = total * above + each * power
        power *= below
    return total


def _apart(chain: list[Coefficients], low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Intervals (low, high] with one root each, in order."""

    def changes(x: Fraction) -> int:
        return sign_changes([_value(each, x) for each in chain])

    found, open_ = [], [(low, changes(low), high, changes(high))]
    while open_:
        a, at_a, b, at_b = open_.pop()
        if at_a - at_b == 1:
            found.append((a, b))
        elif at_a - at_b > 1:
            middle = (a + b) / 2
            at_middle = changes(middle)
            open_ += [(middle, at_middle, b, at_b), (a, at_a, middle, at_middle)]
    return found


def _narrowed(polynomial: Coefficients, low: Fraction, high: Fraction) -> Fraction:
    """The one root in (low, high], where the sign changes, by halving; itself where halving meets it."""
    if not _value(polynomial, high):
        return high
    positive = _value(polynomial, high) > 0
    return _halved(lambda x: _value(polynomial, x) * (1 if positive else -1), low, high)


def _halved(value: Callable[[Fraction], int], low: Fraction, high: Fraction) -> Fraction:
    while (high - low) * 2**_BITS > high:
        middle = (low + high) / 2
        here = value(middle)
        if not here:
            return middle
        low, high = (low, middle) if here > 0 else (middle, high)
    return (low + high) / 2
