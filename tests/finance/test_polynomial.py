"""Positive roots, against polynomials that are made of theirs."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.finance.polynomial import positive_roots, sign_changes

Factor = tuple[int, ...]
ROOT = st.fractions(Fraction(1, 8), 8, max_denominator=60)


def linear(root: Fraction) -> Factor:
    return -root.numerator, root.denominator


def without_real_roots(middle: int, above: int) -> Factor:
    """(x - middle/4)^2 + above/16, times 16."""
    return middle**2 + above, -8 * middle, 16


def product(factors: list[Factor]) -> list[int]:
    found = [1]
    for factor in factors:
        longer = [0] * (len(found) + len(factor) - 1)
        for n, a in enumerate(found):
            for m, b in enumerate(factor):
                longer[n + m] += a * b
        found = longer
    return found


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(ROOT, max_size=6),
    st.lists(ROOT, max_size=3),
    st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 40)), max_size=3),
    st.sampled_from([1, -3]),
)
def test_all_roots_and_no_others(
    roots: list[Fraction], below: list[Fraction], pairs: list[tuple[int, int]], times: int
) -> None:
    """Whatever stands several times, is below 0, at 0 or not real."""
    factors = [linear(each) for each in roots] + [linear(-each) for each in below]
    made = product([*factors, *(without_real_roots(*each) for each in pairs), (0, times)])
    found = positive_roots(made)
    wanted = sorted(set(roots))
    assert len(found) == len(wanted)
    assert all(abs(a - b) <= b / 2**108 for a, b in zip(found, wanted, strict=True))


def test_roots_that_are_hardly_apart() -> None:
    close = [Fraction(1), Fraction(1) + Fraction(1, 10**12), Fraction(1) - Fraction(1, 10**12)]
    assert positive_roots(product([linear(each) for each in close]))[1] == 1
    assert len(positive_roots(product([linear(each) for each in close]))) == 3


@pytest.mark.parametrize("degree", [3, 40, 120])
def test_hardly_a_root_is_none(degree: int) -> None:
    """(x - 1)^2 x^degree touches 0; a little above it nothing does, a little below it three do."""
    made = [0] * degree + [10**12, -2 * 10**12, 10**12]
    assert positive_roots(made) == (Fraction(1),)
    assert positive_roots([1, *made[1:]]) == ()
    assert len(positive_roots([-1, *made[1:]])) == 3


@pytest.mark.parametrize("nothing", [[], [0], [5], [0, 0, -2], [1, 2, 3]])
def test_no_roots(nothing: list[int]) -> None:
    assert positive_roots(nothing) == ()


def test_changes_of_sign_leave_out_zeros() -> None:
    assert sign_changes([0, -1, 0, -2, 0, 3, 4, -5]) == 2
