"""Periods as people write them."""

import datetime

import pytest

from careloop.periods import read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-01-02..2014-03-31", (2014, 1, 2), (2014, 3, 31)),
        ("2014-01..2014-03", (2014, 1, 1), (2014, 3, 31)),
        ("2016-02", (2016, 2, 1), (2016, 2, 29)),
        ("2015-02", (2015, 2, 1), (2015, 2, 28)),
        ("2014-05-07", (2014, 5, 7), (2014, 5, 7)),
        ("2014-12..2015-01-05", (2014, 12, 1), (2015, 1, 5)),
        ("  2014-01-02 .. 2014-01-03 ", (2014, 1, 2), (2014, 1, 3)),
        ("2014-01-02 to 2014-01-03", (2014, 1, 2), (2014, 1, 3)),
        ("2014-01-02–2014-01-03", (2014, 1, 2), (2014, 1, 3)),
    ],
)
def test_a_period(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert read_period(text) == (datetime.date(*first), datetime.date(*last))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2014-03..2014-01", "ends before it begins"),
        ("2014-03-02..2014-03-01", "ends before it begins"),
        ("2014-02-30", "is no day or month"),
        ("2014-13", "is no day or month"),
        ("0000-01", "is no day or month"),
        ("March", "is no day or month"),
        ("2026-W02", "is no day or month"),
        ("20260105", "is no day or month"),
        ("01/02/2014..05/02/2014", "is no day or month"),
        ("2014-01..", "period|no day or month"),
        ("..2014-01", "period|no day or month"),
        ("", "is no period"),
        ("a b c", "is no period"),
    ],
)
def test_what_is_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read_period(text)
    assert "2014-01-01..2014-03-31, or 2014-01..2014-03" in str(caught.value)
